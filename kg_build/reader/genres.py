"""Kinds of text with conventions of their own: transcripts with speakers' labels, and releases in the first person."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence

from kg_build.model import EntityType, Form, MeetingKind, Span, Status, When
from kg_build.reader import attributions
from kg_build.reader.actors import Cast
from kg_build.reader.authors import TITLED
from kg_build.reader.casting import Casting, Seen
from kg_build.reader.encounters import Party, Told
from kg_build.reader.people import tokens
from kg_build.reader.saying import Said
from kg_build.reader.tagging import CueTag, Tagged, TriggerTag

_OVERLAPPING = 6
"""How many stretches before a sentence can reach into it."""
_BEFORE_MEETING = re.compile(
    r"\bbefore (?:their|the|a|virtual) ?(?:bilateral |virtual )?(?:meeting|talks|lunch|dinner|working)", re.IGNORECASE
)
_WELCOMING = re.compile(
    r"\b(?:our|this) (?:meeting|conversation|discussions?|talks|visit)\b|\b(?:meet|be|sit down|talk|speak) with (?:you|the|him|her)\b|\bhave (?:you|the|with us)\b"
    r"|\b(?:pleas(?:ure|ed)|good|great|wonderful|honou?r(?:ed)?|delighted) to be\b"
    r"|\bwelcom(?:e|ing)\b|\b(?:see|seeing|host|hosting|receive|receiving) (?:you|the|my)\b", re.IGNORECASE,
)  # fmt: skip
_FIRST_PERSON = re.compile(r"\b(?:[Ww]e|I)\b")
_TURN = re.compile(
    r"^[ \t*]*(?P<who>[^\W\d_a-z][^\Wa-z]+(?:[ \t-]+[^\W\d_a-z.’'][^\Wa-z]*){0,6}|Q|A|Question|Answer)(?:[ \t]*\([^)\n]{1,40}\))?[ \t*]*:",
    re.MULTILINE,
)
_ROLE = re.compile(
    r"\b(?:QUESTION|ANSWER|Q|A|Question|Answer|MODERATOR|OPERATOR|STAFF|REPORTER|SPEAKER|INTERPRETER|PARTICIPANT|MINISTER|PRESIDENT|SECRETARY|CHANCELLOR|AMBASSADOR|SPOKES\w+|MR|MS|MRS|DR|KING|PREMIER|GENERAL|HOST)\b"
)
_SHORTEST_TURN = 3
_PASSAGE = re.compile(r"(?:\S+\s+){5,}\S*[.!?…][”\"]?$")


class Transcript:
    """The turns of a transcript, none where a text is no transcript.

    Each label's colon is the cue, the label the source, the words to the next label the content. A label is a name in
    capitals, a post, or Q and A; with fewer than two of them the text is no transcript.
    """

    def __init__(self, seen: Seen, cast: Cast) -> None:
        self._text = seen.document.text
        self._title = seen.document.title or ""
        self._published = seen.document.published_on
        self._cast = cast
        self.turns = self._speaker_turns()

    def is_label(self, cue: Span) -> bool:
        """Whether a cue is the colon of a speaker's label: the turns are told of already."""
        return cue.of(self._text).strip() == ":" and any(t.span.meets(cue) for t in self.turns)

    def _speaker_turns(self) -> tuple[CueTag, ...]:
        labels = [m for m in _TURN.finditer(self._text) if self._can_speak(Span(m.start("who"), m.end("who")))]
        if len(labels) < 2:
            return ()
        turns = []
        for label, following in zip(labels, [*labels[1:], None], strict=True):
            end = following.start() if following else len(self._text)
            words = attributions.trimmed(Span(label.end(), end), self._text) if label.end() < end else None
            if words is not None and len(words.of(self._text).split()) >= _SHORTEST_TURN:
                source = Tagged(Span(label.start("who"), label.end("who")), "SOURCE", 0.98)
                cue = Span(label.end() - 1, label.end())
                turns.append(CueTag(cue, (source,), (Tagged(words, "CONTENT"),), probability=0.97))
        return tuple(turns)

    def _can_speak(self, who: Span) -> bool:
        words = who.of(self._text)
        return bool(_ROLE.search(words)) or any(a.is_person for a in self._cast.within(who))

    def stage(self, said: Sequence[Said], told: list[Told]) -> None:
        """Remarks "before their meeting": the speakers whom the title names meet that day, where the header says.

        The words that show it are the first in which one speaks of it or welcomes the other. Adds to ``told``.
        """
        if not _BEFORE_MEETING.search(self._title) or not self.turns:
            return
        words = set(tokens(self._title))
        speaking = {k for s in said for k in s.speakers}
        parties = [a for a in self._cast.persons() if a.key in speaking and tokens(a.name)[-1] in words]
        shown = _WELCOMING.search(self._text, self.turns[0].span.end)
        if len(parties) < 2 or shown is None:
            return
        header = Span(0, self.turns[0].span.end)
        place = next((a.key for a in self._cast.within(header) if a.type is EntityType.PLACE), None)
        when = When.day(self._published) if self._published else None
        members = [Party(a.key, a.mentions[0][0], 0.8) for a in parties]
        keys = frozenset(a.key for a in parties)
        known = next((t for t in told if keys <= t.keys or (t.keys and t.keys < keys and t.definite)), None)
        if known is not None:
            known.when, known.place = known.when or when, known.place or place
            known.parties += [p for p in members if p.key not in known.keys]
            return
        trigger = TriggerTag(Span(shown.start(), shown.end()), MeetingKind.MEETING, Status.HELD, (), probability=0.8)
        isos = {a.iso for a in parties}
        countries = frozenset(i for i in isos if i) if None not in isos else frozenset()
        told.append(Told(trigger, members, when, place, None, definite=False, again=False, countries=countries))


def passages(seen: Seen, casting: Casting, said: Sequence[Said]) -> list[Said]:
    """What no cue attributes in a release in the first person: its author says it, sentence by sentence."""
    if not casting.issuer or not _speaks_itself(seen):
        return []
    taken = sorted([c for s in said for c in s.content] + [s.cue.span for s in said if s.cue])
    starts = [t.start for t in taken]
    found = []
    for sentence in seen.layout.sentences:
        i = bisect_left(starts, sentence.end)
        free = not any(t.meets(sentence) for t in taken[max(0, i - _OVERLAPPING) : i])
        if free and _PASSAGE.search(sentence.of(seen.document.text)):
            found.append(Said(None, (sentence,), casting.issuer, 0.6, form=Form.DIRECT))
    return found


def _speaks_itself(seen: Seen) -> bool:
    """Whether a text speaks of its author as "we" or "I" in a fifth of its sentences, quotations left out."""
    own = {
        seen.layout.sentence_at(m.start())
        for m in _FIRST_PERSON.finditer(seen.document.text)
        if seen.layout.quotation_at(m.start()) is None
    }
    return len(own) >= (1 if TITLED.match(seen.document.title or "") else max(2, len(seen.layout.sentences) / 5))


__all__ = ["Transcript", "passages"]
