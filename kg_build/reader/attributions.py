"""Attributions: the words of a statement, its form, what is done by saying it, and through whom it came."""

from __future__ import annotations

import re
from collections.abc import Sequence

from kg_build.model import EntityType, Form, Span, SpeechAct
from kg_build.reader.actors import Actor, Cast
from kg_build.reader.layout import Layout

_WORD = re.compile(r"\w+")
_MARKS = "“”\"«»„‘’'"

_ACTS: tuple[tuple[SpeechAct, str], ...] = (
    (SpeechAct.DENY, r"den(?:y|ies|ied|ying)|dismiss|refut|reject|rebuff|disput|contradict|rul(?:e|es|ed|ing) out"),
    (SpeechAct.CONGRATULATE, r"congratulat|felicitat"),
    (SpeechAct.CONDOLE, r"condolence|mourn|sympath|griev"),
    (SpeechAct.THANK, r"thank|gratitude|appreciat|grateful"),
    (SpeechAct.CONDEMN, r"condemn|denounc|deplor"),
    (SpeechAct.CRITICIZE, r"critici|accus|blam|slam|blast|rebuk|scold|lament|complain|attack|protest|ridicul|jeer|mock"),
    (SpeechAct.PRAISE, r"prais|commend|laud|hail|applaud|salut|honou?r|credit"),
    (SpeechAct.WELCOME, r"welcom"),
    (SpeechAct.WARN, r"warn|caution|threat"),
    (SpeechAct.DEMAND, r"demand|insist on|order"),
    (SpeechAct.REQUEST, r"urg|call(?:s|ed|ing)? (?:for|on|upon)|request|appeal|press(?:ed|es)? for|ask(?:s|ed)? for|invit|encourag"),
    (SpeechAct.PROPOSE, r"propos|suggest|offer|recommend|float"),
    (SpeechAct.PROMISE, r"pledg|vow|promis|commit|assur|guarantee|undert(?:ake|ook)|swor"),
    (SpeechAct.EXPRESS_CONCERN, r"concern|alarm|worr|regret|dismay"),
    (SpeechAct.EXPRESS_HOPE, r"hope|optimis|confiden|expect"),
    (SpeechAct.EXPRESS_SUPPORT, r"support|solidarity|back(?:ed|s|ing)|endors"),
    (SpeechAct.REAFFIRM, r"reaffirm|reiterat|restat|repeat|renew"),
    (SpeechAct.EMPHASIZE, r"stress|emphasi|underscor|underlin|highlight|point(?:s|ed)? (?:out|to)"),
    (SpeechAct.CONFIRM, r"confirm|acknowledg|admit|conced|recogni"),
    (SpeechAct.ANNOUNCE, r"announc|declar|proclaim|unveil|disclos|reveal"),
    (SpeechAct.AGREE, r"agree|concur|accept"),
    (SpeechAct.DECLINE, r"declin|refus"),
    (SpeechAct.ASK, r"ask|question|inquir|wonder"),
)  # fmt: skip
_COMPILED = tuple((act, re.compile(rf"\b(?:{pattern})", re.IGNORECASE)) for act, pattern in _ACTS)
_CONVEYS = re.compile(r"(?:express|convey|voic|offer|extend|shar)", re.IGNORECASE)


def act_of(cue: str, content: str) -> SpeechAct:
    """What is done by saying it, as the cue shows, or for "expressed" the content's first words.

    >>> act_of("expressed", "concern about the arrests").value, act_of("said", "talks go on").value
    ('ExpressConcern', 'Assert')
    """
    words = f"{cue} {' '.join(content.split()[:5])}" if _CONVEYS.match(cue) else cue
    return next((act for act, pattern in _COMPILED if pattern.search(words)), SpeechAct.ASSERT)


def trimmed(span: Span, text: str) -> Span | None:
    """``span`` without the white space, commas and dashes at its ends, or None where no word is left."""
    words = span.of(text)
    start = span.start + len(words) - len(words.lstrip(" \n\t\u00a0,;:—–"))
    end = span.end - (len(words) - len(words.rstrip(" \n\t\u00a0,;:—–")))
    return Span(start, end) if start < end and _WORD.search(text, start, end) else None


def completed(stretches: Sequence[Span], others: Sequence[Span], layout: Layout, text: str) -> tuple[Span, ...]:
    """The stretches of a content, each to the end of its clause and neighbouring ones as one.

    A stretch that breaks off within a clause goes on to the next mark of punctuation, the end of its sentence, or
    one of ``others`` (the cue and the sources), which no content holds.
    """
    whole: list[Span] = []
    for stretch in sorted(stretches):
        end = stretch.end
        sentence = layout.sentences[layout.sentence_at(max(stretch.start, end - 1))]
        if end < sentence.end and not _STOP.match(text, end) and text[end - 1] not in ".!?…":
            stops = [m.start() for m in [_STOP.search(text, end, sentence.end)] if m] + [
                o.start for o in others if o.start >= end
            ]
            end = min([sentence.end, *stops])
        found = trimmed(Span(stretch.start, max(end, stretch.start + 1)), text)
        if found is None:
            continue
        if whole and _close(whole[-1], found, others, text):
            whole[-1] = Span(whole[-1].start, max(whole[-1].end, found.end))
        else:
            whole.append(found)
    return tuple(whole)


_STOP = re.compile(r"[,.;:!?”\"»)]|\s[—–-]\s|\n\s*\n")


def _close(a: Span, b: Span, others: Sequence[Span], text: str) -> bool:
    """Whether two stretches have nothing between them but a word or a mark: pieces of one, not split by its cue."""
    between = Span(a.end, b.start) if a.end < b.start else None
    if between is None:
        return True
    return (
        not any(o.meets(between) for o in others)
        and len(between.of(text).split()) <= 2
        and "\n\n" not in between.of(text)
    )


def quotations_in(content: Sequence[Span], layout: Layout, text: str) -> tuple[Span, ...]:
    """The verbatim stretches of ``content``, without their marks."""
    found: list[Span] = []
    for c in content:
        # Wholly quoted content has its marks outside.
        for q in layout.quotations_within(Span(max(0, c.start - 1), c.end + 1)):
            closed = q.end - q.start > 2 and text[q.end - 1] in _MARKS
            inner = Span(q.start + 1, q.end - 1 if closed else q.end)
            start, end = max(inner.start, c.start), min(inner.end, c.end)
            if end - start > 1 and Span(start, end) not in found:
                found.append(Span(start, end))
    return tuple(found)


def form_of(content: Sequence[Span], layout: Layout, text: str) -> Form:
    """Direct where the quotations cover all words of the content, mixed where some, indirect where none."""
    words = quoted = 0
    for c in content:
        for m in _WORD.finditer(text, c.start, c.end):
            words += 1
            quoted += layout.quotation_at(m.start()) is not None
    if quoted == 0 or words == 0:
        return Form.INDIRECT
    return Form.DIRECT if quoted >= words - max(1, words // 12) else Form.MIXED


def carriers(via: Span, cast: Cast) -> list[Actor]:
    """The actors whom a stretch such as "according to the TASS news agency" names."""
    return [a for a in cast.within(via) if a.type not in {EntityType.PLACE, EntityType.EVENT}]


_CARRYING = re.compile(
    r"\b(?:told|to|on|in|with|by|via|through|for|citing|quoted by|cited by|carried by|according to|reported|reports|wrote on|posted on|interview|channel|agency|broadcaster|network|radio|television|tv|daily|newspaper|website|platform)\b",
    re.IGNORECASE,
)


def outlets_beside(cue: Span, content: Sequence[Span], layout: Layout, cast: Cast) -> list[Actor]:
    """Outlets and platforms in the cue's sentence that carried the statement: "told RTS", "wrote on X"."""
    sentence = layout.sentences[layout.sentence_at(cue.start)]
    found = []
    for actor in cast.within(sentence):
        if actor.type is not EntityType.MEDIA_OUTLET:
            continue
        for span, _ in actor.mentions:
            if not sentence.holds(span) or any(c.holds(span) for c in content):
                continue
            left = cast.text[max(sentence.start, span.start - 45) : span.start]
            right = cast.text[span.end : min(sentence.end, span.end + 30)]
            if _CARRYING.search(left) or re.match(r"[^.;]{0,20}\b(?:report|said|quoted|cited)", right):
                found.append(actor)
    return list({a.key: a for a in found}.values())


_TOLD = re.compile(
    r"(?:told|tells|tell|telling|informed|assured|reminded|asked|urged|warned|thanked|congratulated|advised|briefed|invited|called on|appealed to)$",
    re.IGNORECASE,
)


def addressees(cue: Span, cast: Cast) -> list[Actor]:
    """Whom a telling cue addresses: the actors named right after it."""
    if not _TOLD.search(cue.of(cast.text).strip()) or cue.end >= len(cast.text):
        return []
    reach = Span(cue.end, min(len(cast.text), cue.end + 90))
    stop = re.search(r"[,;:.“\"]|\bthat\b|\bto\b", reach.of(cast.text))
    near = Span(reach.start, reach.start + stop.start()) if stop and stop.start() > 0 else reach
    return [
        a
        for a in cast.within(near)
        if a.type not in {EntityType.PLACE, EntityType.EVENT} and any(near.holds(s) for s, _ in a.mentions)
    ]


__all__ = [
    "act_of",
    "addressees",
    "carriers",
    "form_of",
    "outlets_beside",
    "quotations_in",
    "trimmed",
]
