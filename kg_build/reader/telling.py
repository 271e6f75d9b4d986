"""Goes through a document's cues and triggers in the order of the text and finds out whom and what each tells of."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

from kg_build.model import EntityType, MeetingKind, Span
from kg_build.reader.actors import Actor
from kg_build.reader.casting import Casting, Seen
from kg_build.reader.encounters import Party, Told, context
from kg_build.reader.genres import Transcript, passages
from kg_build.reader.linking import Linker, Resolution
from kg_build.reader.parties import Kept
from kg_build.reader.persons import Use
from kg_build.reader.phrases import PhraseKind
from kg_build.reader.saying import Said, Saying
from kg_build.reader.tables import plain
from kg_build.reader.tagging import CueTag, Tagged, TriggerTag
from kg_build.reader.tenures import singular
from kg_build.reader.timing import Timing

_SEPARATE = re.compile(r"\bseparate(?:ly)?\b|\bin turn\b|\brespectively\b", re.IGNORECASE)
_TOGETHER = re.compile(r"\b(?:joint|together|three-way|four-way|trilateral|quadrilateral|conference)\b", re.IGNORECASE)
_RINGS = re.compile(r"\b(?:telephon|phon|rang|ring|call(?:ed|s|ing)?\b|dial)", re.IGNORECASE)
_AND_WITH = re.compile(r"\b(?:and|then|,)\s+(?:with|to)\b", re.IGNORECASE)
_SEVERAL_TALKS = re.compile(r"\b(?:meetings|conversations|calls|encounters|sessions|visits)\b", re.IGNORECASE)
_TO_EACH = re.compile(r"\s*(?:with|to|by|on)?\s*(?:both|neither|each of)\b", re.IGNORECASE)
_THEN = re.compile(r"\s*,?\s*(?:and\s+)?(?:then|later|afterwards|also)\b", re.IGNORECASE)
_NOUN = re.compile(
    r"(?:\b(?:a|an|the|this|that|no|any|his|her|its|their|such|first|second|third|last|next)|’s|'s)\s+(?:[\w-]+\s+){0,2}$"
    r"|\b(?:of|for|from|at|in|on|after|before|during|with)\s+$",
    re.IGNORECASE,
)
_INDEFINITE = re.compile(r"\b(?:a|an|no|another|any)\s+(?:[\w-]+\s+){0,3}$", re.IGNORECASE)
_UNDERSTOOD = 0.6
"""How sure a party is that no words beside the trigger name."""
_POSTS = r"(?:\bthe\s+)?(?:[a-z-]+\s+){0,2}\b(?:ministers|leaders|presidents|premiers|chiefs|envoys|diplomats|heads of (?:state|government))\s+(?:of|from)\s+(?:the\s+)?"
_POSTS_OF = re.compile(_POSTS + "$", re.IGNORECASE)
_BEGINS_WITH_POSTS = re.compile(_POSTS, re.IGNORECASE)
_OF_LIST = re.compile(
    r"\s+(?:of|from)\s+(?:the\s+)?[A-Z][\w’'.-]*(?:\s+[A-Z][\w’'.-]*)*"
    r"(?:(?:,\s*|,?\s+and\s+)(?:the\s+)?[A-Z][\w’'.-]*(?:\s+[A-Z][\w’'.-]*)*)+"
)
_AND = re.compile(r"\s*(?:,|,?\s*and|&)\s*(?:the\s+)?", re.IGNORECASE)
_OF_COUNTRIES = frozenset({PhraseKind.TITLE, PhraseKind.NATION, PhraseKind.SEVERAL, PhraseKind.INDEFINITE})


@dataclass(slots=True)
class Account:
    """All that a document tells: attributions and encounters, each in the order of the text."""

    said: list[Said] = field(default_factory=list)
    told: list[Told] = field(default_factory=list)


class Telling:
    """The walk through one document."""

    def __init__(self, seen: Seen, casting: Casting, linker: Linker) -> None:
        self._seen = seen
        self._text = seen.document.text
        self._layout = seen.layout
        self._casting = casting
        self._cast = casting.cast
        self._linker = linker
        self._timing = Timing(seen)
        self._transcript = Transcript(seen, casting.cast)
        self._saying = Saying(seen, casting, linker)
        self._triggers = _joined(seen.tagging.triggers, self._text)
        self._kept = Kept(self._text, self._layout, seen.tagging, self._triggers)
        self._told: list[Told] = []

    def account(self) -> Account:
        """Go through everything once."""
        tagging, transcript = self._seen.tagging, self._transcript
        steps: list[tuple[int, int, CueTag | TriggerTag]] = []
        steps += [(t.span.start, 0, t) for t in self._triggers]
        steps += [(c.span.start, 1, c) for c in tagging.cues if not transcript.is_label(c.span)]
        steps += [(c.span.start, 2, c) for c in transcript.turns]
        alone = sorted(self._casting.alone)
        for at, order, step in sorted(steps, key=lambda s: s[:2]):
            while alone and alone[0].start < at:
                self._bare_post(alone.pop(0))
            if isinstance(step, TriggerTag):
                self._tell(step)
            else:
                self._saying.add(step, turn=order == 2)
        for span in alone:
            self._bare_post(span)
        self._saying.settle()
        said = [*self._saying.said, *self._own_words()]
        transcript.stage(said, self._told)
        return Account(sorted(said, key=lambda s: s.content[0]), self._told)

    def _own_words(self) -> list[Said]:
        return [] if self._transcript.turns else passages(self._seen, self._casting, self._saying.said)

    def _bare_post(self, span: Span) -> None:
        words = span.of(self._text)
        listed = _OF_LIST.match(self._text, span.end) if singular(words) != words else None
        if listed is not None:
            self._post_of_several(span, Span(span.start, listed.end()))
            return
        phrase = self._linker.phrase(span)
        if phrase.kind is not PhraseKind.TITLE or not phrase.title:
            return
        found = self._linker.resolve(span)
        if len(found.keys) == 1 and found.confidence >= 0.5:
            actor = self._cast.by_key[found.keys[0]]
            if actor.is_person:
                self._casting.book.give_bare(actor, span, found.confidence)

    def _post_of_several(self, span: Span, phrase: Span) -> None:
        """Give the post of "the foreign ministers of Armenia and Azerbaijan" to its holder in each country."""
        isos = self._linker.phrase(phrase).isos
        keys = self._linker.resolve(phrase).keys
        actors = [self._cast.by_key[k] for k in keys]
        if len(actors) == len(isos) and all(a.is_person for a in actors):
            for actor, iso in zip(actors, isos, strict=True):
                self._casting.book.give_bare(actor, span, 0.8, iso)

    def _tell(self, trigger: TriggerTag) -> None:
        trigger = self._timing.placed(trigger)
        parties = self._parties(trigger)
        definite, again = context(self._text, self._layout, trigger.span)
        place = self._place(trigger)
        event = next(
            (a.key for t in trigger.events for a in self._cast.within(t.span) if a.type is EntityType.EVENT), None
        )
        when = self._timing.when(trigger)
        if trigger.kind is not MeetingKind.VISIT and len(parties) > 1:
            self._linker.discourse.parties.append((trigger.span.start, tuple(p.key for p in parties)))
        self._told += [
            Told(trigger, group, when, place, event, definite, again, self._countries(group))
            for group in self._apart(trigger, parties)
        ]

    def _countries(self, parties: Sequence[Party]) -> frozenset[str]:
        isos = [self._cast.by_key[p.key].iso for p in parties]
        return frozenset(i for i in isos if i) if all(isos) else frozenset()

    def _parties(self, trigger: TriggerTag) -> list[Party]:
        """The actors whom the party words stand for: names first, so that "the minister" is none of those named."""
        tags = _with_posts(self._kept.parties(trigger), self._text)
        found: dict[Tagged, Resolution] = {}
        for by_name in (True, False):
            for tag in tags:
                if self._linker.is_name(tag.span) is not by_name:
                    continue
                taken = [] if self._owns(trigger, tag) else [k for r in found.values() for k in r.keys]
                found[tag] = self._linker.resolve(tag.span, exclude=taken, use=Use.PARTY)
        parties: list[Party] = []
        for tag in tags:
            for key in found[tag].keys or self._country_of_phrase(tag.span):
                if key not in [p.key for p in parties]:
                    parties.append(Party(key, tag.span, found[tag].confidence * tag.probability))
        return [*self._subject(trigger, parties), *parties]

    def _owns(self, trigger: TriggerTag, tag: Tagged) -> bool:
        """Whether a party is the "her" of "her call", which may well be somebody whom the sentence names as a party."""
        between = self._text[tag.span.end : trigger.span.start] if tag.span.end <= trigger.span.start else ""
        return tag.span.of(self._text).lower() in {"his", "her"} and len(between.split()) <= 3

    def _subject(self, trigger: TriggerTag, parties: Sequence[Party]) -> list[Party]:
        """The party that a verb or an indefinite noun shares with what stands before it.

        "Amorim, who travelled to Caracas and met Maduro", "… met Kallas. A meeting with Alfano fell through": the first
        party of the encounter told before it, else the person with whom the sentence begins.
        """
        here = self._layout.sentence_at(trigger.span.start)
        sentence = self._layout.sentences[here]
        if len(parties) != (0 if trigger.kind is MeetingKind.VISIT else 1) or sentence.start == trigger.span.start:
            return []
        before = Span(sentence.start, trigger.span.start)
        words = before.of(self._text)
        indefinite = _INDEFINITE.search(words) is not None
        if (_NOUN.search(words) and not indefinite) or self._layout.quotation_at(trigger.span.start) is not None:
            return []
        known = {p.key for p in parties}
        reach = self._layout.sentences[here - 1].start if indefinite and here else sentence.start
        shared = [t.parties[0].key for t in self._told[-2:] if t.parties and t.trigger.span.start >= reach]
        named = sorted(
            (s, a.key) for a in self._cast.within(before) if a.is_person for s, _ in a.mentions if before.holds(s)
        )
        first = [k for _, k in named[:1]]
        keys = [
            k for k in ((*first, *reversed(shared)) if indefinite else (*reversed(shared), *first)) if k not in known
        ]
        return [Party(keys[0], None, _UNDERSTOOD)] if keys else []

    def _country_of_phrase(self, span: Span) -> tuple[str, ...]:
        phrase = self._linker.phrase(span)
        if phrase.kind in _OF_COUNTRIES and phrase.isos:
            return tuple(self._cast.country(iso).key for iso in phrase.isos)
        return ()

    def _apart(self, trigger: TriggerTag, parties: list[Party]) -> list[list[Party]]:
        """One party's separate encounters with each of the others, where the words say that they were separate.

        Somebody who telephones two people makes two calls, unless the words speak of one for all.
        """
        if len(parties) < 3:
            return [parties]
        sentence = self._layout.sentences[self._layout.sentence_at(trigger.span.start)]
        near = self._text[max(sentence.start, trigger.span.start - 60) : min(sentence.end, trigger.span.end + 160)]
        places = [p.span for p in parties if p.span is not None and p.span.start >= trigger.span.end]
        words = trigger.span.of(self._text)
        one_to_each = len(places) == len(parties) - 1 and (
            (trigger.kind is MeetingKind.CALL and self._calls_each(trigger, places) and not _TOGETHER.search(near))
            or _SEVERAL_TALKS.search(words) is not None
            or _TO_EACH.match(self._text, trigger.span.end) is not None
            or any(_THEN.search(self._text, a.end, b.start) is not None for a, b in pairwise(places))
        )
        return [[parties[0], other] for other in parties[1:]] if one_to_each or _SEPARATE.search(near) else [parties]

    def _calls_each(self, trigger: TriggerTag, places: Sequence[Span]) -> bool:
        """Whether a call's words make it one for each: "telephoned A and B", "spoke with A and with B"."""
        gaps = [self._text[a.end : b.start] for a, b in pairwise(places) if a.end < b.start]
        words = trigger.span.of(self._text)
        return _RINGS.search(words) is not None or any(_AND_WITH.search(g) for g in gaps)

    def _place(self, trigger: TriggerTag) -> str | None:
        for tag in trigger.places:
            for actor in self._cast.within(tag.span):
                if actor.type in {EntityType.PLACE, EntityType.COUNTRY}:
                    return actor.key
            capital = self._capital(tag.span)
            if capital is not None:
                return capital
        return None

    def _capital(self, span: Span) -> str | None:
        """For "the Turkish capital" the place that the table has for it."""
        words = span.of(self._text)
        phrase = self._linker.phrase(span)
        if re.search(r"\bcapital\b", words, re.IGNORECASE) and phrase.isos:
            name = self._cast.tables.countries[phrase.isos[0]].capital
            actor = self._cast.add(Actor(f"place:{plain(name)}", EntityType.PLACE, name, iso=phrase.isos[0]))
            self._cast.mention(actor, span, 0.9)
            return actor.key
        return None


def _joined(triggers: Sequence[TriggerTag], text: str) -> list[TriggerTag]:
    """The triggers, those with nothing between them ("to" and "see") as one, with what either has beside it."""
    found: list[TriggerTag] = []
    for tag in triggers:
        last = found[-1] if found else None
        if last is None or last.span.end > tag.span.start or text[last.span.end : tag.span.start].strip():
            found.append(tag)
            continue
        surer = max(last, tag, key=lambda t: t.probability)
        found[-1] = replace(
            surer,
            span=Span(last.span.start, tag.span.end),
            parties=_either(last.parties, tag.parties),
            dates=_either(last.dates, tag.dates),
            places=_either(last.places, tag.places),
            events=_either(last.events, tag.events),
        )
    return found


def _with_posts(tags: Sequence[Tagged], text: str) -> list[Tagged]:
    """Party words; a list of countries after "the foreign ministers of" makes one phrase with these words."""
    found: list[Tagged] = []
    plural = False
    for tag in sorted(tags, key=lambda t: t.span):
        last = found[-1].span if found else None
        if last is None or last.end >= tag.span.start or not _AND.fullmatch(text, last.end, tag.span.start):
            plural = False
        else:
            posts = None if plural else _POSTS_OF.search(text, max(0, last.start - 60), last.start)
            plural = plural or _BEGINS_WITH_POSTS.match(text, last.start, last.end) is not None
            if plural or posts is not None:
                start = last.start if posts is None else posts.start()
                found[-1] = replace(found[-1], span=Span(start, tag.span.end))
                plural = True
                continue
        found.append(tag)
    return found


def _either(a: Sequence[Tagged], b: Sequence[Tagged]) -> tuple[Tagged, ...]:
    """The tags of both, words that both have once, as the surer has them."""
    best: dict[Span, Tagged] = {}
    for tag in (*a, *b):
        if tag.span not in best or best[tag.span].probability < tag.probability:
            best[tag.span] = tag
    return tuple(best.values())


__all__ = ["Account", "Telling"]
