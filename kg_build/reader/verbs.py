"""Dictionary forms of the verbs that attribute words to somebody."""

from __future__ import annotations

import re
from typing import Final

VERBS: Final = frozenset(
    """
    accept accuse acknowledge add address admit advance advise advocate affirm agree allege allow announce answer
    apologise apologize appeal applaud appreciate apprise argue ask assail assert assess assure attack attribute
    avow back backtrack ban bar beg believe bemoan blame blast boast brag brief bring brush call caution celebrate
    challenge charge cheer chide circulate cite claim clarify come command comment commit commend compare complain
    concede conclude concur condemn condole confess confide confirm congratulate consider contain contend continue
    contradict convey counsel count counter credit criticise criticize cry decide declare decline decry deem
    defend demand demur denounce deny deplore depict describe detail direct disagree disclose discuss dismiss
    dispute divulge doubt draw echo elaborate emphasise emphasize encourage endorse enquire envisage estimate
    exclaim exclude exhort expand expect explain express extend fear find flag forecast foresee forward frame fume
    give go grant greet grieve grumble guarantee guess hail hear highlight hint hold honor honour hope ignore
    implore imply indicate inform inquire insist instruct introduce invite issue joke judge justify lament lash
    laud laugh launch leak learn left let liken list lodge lower maintain make mark mention message mock mourn
    move muse name narrate note nod notify object observe offer open oppose opine order outline outrule overstate
    pan pay pick plead pledge point pose post praise predict prefer present press presume proclaim profess project
    promise pronounce propose protest publish push put query question quip quote raise rally ratify read reaffirm
    reason reassert reassure rebuff rebuke rebut recall recite reckon recognise recognize recommend recommit
    recount refer reflect refuse refute regard register regret reiterate reject rejoin relate relay release remain
    remark remember remind renew renounce repeat reply report reprimand reproach request rescind resolve respond
    restate retort retract reveal ridicule rule salute say scoff scold scorn see seek send settle share shoot
    shout show sigh signal slam smile snap sound speak specify speculate spell stand state stipulate stress submit
    suggest sum support surmise suspect swear sympathise sympathize table take talk task tell testify thank think
    threaten tout trumpet turn tweet uncover underline underscore undertake unveil update uphold urge use utter
    value vent verify view voice volunteer vow warn weigh welcome whisper wish withdraw wonder worry write yell
    """.split()
)

IRREGULAR: Final = {
    "said": "say", "told": "tell", "wrote": "write", "written": "write", "spoke": "speak", "spoken": "speak", "thought": "think",
    "held": "hold", "made": "make", "gave": "give", "given": "give", "went": "go", "swore": "swear", "sworn": "swear", "shot": "shoot",
    "took": "take", "taken": "take", "saw": "see", "seen": "see", "sent": "send", "sought": "seek", "stood": "stand", "found": "find",
    "came": "come", "brought": "bring", "drew": "draw", "drawn": "draw", "foresaw": "foresee", "heard": "hear", "laid": "lay",
    "understood": "understand", "undertook": "undertake", "undertaken": "undertake", "broke": "break", "begged": "beg",
    "paid": "pay", "led": "lead", "met": "meet", "won": "win", "read": "read", "let": "let", "put": "put", "does": "do", "did": "do",
}  # fmt: skip


def lemma(cue: str) -> str:
    """The dictionary form of a cue's verb, the rest of the cue as it stands; what is no known verb stays itself.

    >>> [lemma(c) for c in ("stressed", "reiterated", "According to", "denied", "quipped", "warned against")]
    ['stress', 'reiterate', 'according to', 'deny', 'quip', 'warn against']
    """
    words = re.sub(r"[\s\u00a0]+", " ", cue.lower()).strip(' ,.*"“”')
    first, _, rest = words.partition(" ")
    base = IRREGULAR.get(first) or next((b for b in _bases(first) if b in VERBS), first)
    return f"{base} {rest}" if rest else base


def _bases(form: str) -> list[str]:
    """What an inflected form may come from, likelier ones first."""
    bases = [form]
    for ending in ("ing", "ed", "es", "s"):
        if form.endswith(ending):
            stem = form.removesuffix(ending)
            bases += [stem, stem + "e"]
            if stem.endswith("i"):
                bases.append(stem[:-1] + "y")
            if len(stem) > 2 and stem[-1] == stem[-2]:
                bases.append(stem[:-1])
    return bases


__all__ = ["IRREGULAR", "VERBS", "lemma"]
