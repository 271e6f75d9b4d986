"""Goes through a document's cues and triggers in the order of the text and finds out whom and what each tells of."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from kg_build.model import EntityType, Form, MeetingKind, Span, Status, When
from kg_build.reader import attributions, dates
from kg_build.reader.actors import Actor, Cast
from kg_build.reader.casting import Casting, Seen
from kg_build.reader.encounters import Party, Told, context
from kg_build.reader.layout import Layout
from kg_build.reader.linking import Linker
from kg_build.reader.phrases import PhraseKind
from kg_build.reader.tables import plain
from kg_build.reader.tagging import CueTag, Tagged, TriggerTag
from kg_build.reader.tenures import COUNTERPART

_TENSE = {Status.HELD: dates.Tense.PAST, Status.PLANNED: dates.Tense.FUTURE, Status.PROPOSED: dates.Tense.FUTURE}
_SEPARATE = re.compile(r"\bseparate(?:ly)?\b|\bseparate\b|\bin turn\b|\brespectively\b", re.IGNORECASE)
_AHEAD = re.compile(r"\b(?:for|until|to|till|by)\s", re.IGNORECASE)


@dataclass(slots=True)
class Said:
    """What one cue attributes: whose words, through whom, to whom."""

    cue: CueTag | None
    content: tuple[Span, ...]
    speakers: tuple[str, ...]
    confidence: float
    source: Span | None = None
    via: list[str] = field(default_factory=list)
    addressees: tuple[str, ...] = ()
    first_person: bool = False
    form: Form = Form.INDIRECT


@dataclass(slots=True)
class Account:
    """All that a document tells: attributions and encounters, each in the order of the text."""

    said: list[Said] = field(default_factory=list)
    told: list[Told] = field(default_factory=list)


class Telling:
    """The walk through one document."""

    def __init__(self, seen: Seen, casting: Casting, linker: Linker) -> None:
        self.text = seen.document.text
        self.published = seen.document.published_on
        self.layout: Layout = seen.layout
        self.tagging = seen.tagging
        self.casting = casting
        self.cast: Cast = casting.cast
        self.linker = linker
        self.account = Account()
        self._days = dates.named_days(self.text, self.published)
        self._relayed = self._relay_of_document()

    def account_for(self) -> Account:
        """Go through everything once."""
        steps: list[tuple[int, int, CueTag | TriggerTag | Tagged]] = []
        steps += [(t.span.start, 0, t) for t in self.tagging.triggers]
        steps += [(c.span.start, 1, c) for c in self.tagging.cues]
        steps += [(t.span.start, 2, t) for t in self.tagging.loose]
        alone = sorted(self.casting.alone)
        for at, _, step in sorted(steps, key=lambda s: s[:2]):
            while alone and alone[0].start < at:
                self._bare_post(alone.pop(0))
            if isinstance(step, TriggerTag):
                self.account.told += self._told(step)
            elif isinstance(step, CueTag):
                said = self._said(step)
                if said is not None:
                    self.account.said.append(said)
            else:
                self._loose(step)
        for span in alone:
            self._bare_post(span)
        self._nest()
        return self.account

    def _bare_post(self, span: Span) -> None:
        phrase = self.linker.phrase(span)
        if phrase.kind is not PhraseKind.TITLE or not phrase.title:
            return
        found = self.linker.resolve(span)
        if len(found.keys) == 1 and found.confidence >= 0.5:
            actor = self.cast.by_key[found.keys[0]]
            if actor.is_person:
                self.casting.book.give_bare(actor, span, found.confidence)

    # Attributions

    def _said(self, cue: CueTag) -> Said | None:
        content = tuple(s for s in (attributions.trimmed(c.span, self.text) for c in cue.contents) if s)
        if not content:
            return None
        keys: list[str] = []
        confidence = cue.probability
        first_person = False
        for source in cue.sources:
            found = self.linker.resolve(source.span, speaking=True)
            named = found.keys or self._unnamed(source.span)
            keys += [k for k in named if k not in keys]
            confidence *= found.confidence if found.keys else 0.6
            first_person = first_person or self._is_first_person(source.span)
        if not cue.sources:
            keys, confidence = self._understood(cue, content), confidence * 0.6
        said = Said(cue, content, tuple(keys), confidence, cue.sources[0].span if cue.sources else None)
        said.first_person = first_person
        said.form = Form.DIRECT if first_person else attributions.form_of(content, self.layout, self.text)
        if cue.span.of(self.text).strip() == ":":
            said.form = Form.DIRECT
        said.addressees = tuple(a.key for a in attributions.addressees(cue.span, self.cast) if a.key not in keys)
        self._carry(said, cue)
        if keys:
            self.linker.discourse.speakers.append((cue.span.start, tuple(keys)))
        return said

    def _is_first_person(self, source: Span) -> bool:
        words = source.of(self.text).lower()
        return words in {"i", "we", "us", "my", "our"} and not any(q.holds(source) for q in self.layout.quotations)

    def _understood(self, cue: CueTag, content: Sequence[Span]) -> list[str]:
        """The speaker of a cue without a source: "…, adding that …" goes on with the one before it in the sentence."""
        sentence = self.layout.sentences[self.layout.sentence_at(cue.span.start)]
        before = [s for s in self.account.said if s.cue and sentence.start <= s.cue.span.start < cue.span.start]
        if before:
            return list(before[-1].speakers)
        persons = [a for a in self.cast.within(Span(sentence.start, max(cue.span.start, sentence.start + 1))) if a.is_person]
        if persons:
            return [persons[0].key]
        if self.linker.discourse.speakers and content[0].start - self.linker.discourse.speakers[-1][0] < 600:
            return list(self.linker.discourse.speakers[-1][1])
        return list(self.casting.issuer)

    def _carry(self, said: Said, cue: CueTag) -> None:
        carriers = [a for via in cue.vias for a in attributions.carriers(via.span, self.cast)]
        for via in cue.vias:
            if not attributions.carriers(via.span, self.cast):
                carriers += self._body_in(via.span)
        carriers += attributions.outlets_beside(cue.span, said.content, self.layout, self.cast)
        carriers += [self.cast.by_key[k] for k in said.addressees if self.cast.by_key[k].type is EntityType.MEDIA_OUTLET]
        said.via = [k for k in dict.fromkeys(a.key for a in carriers) if k not in said.speakers]
        if not said.via and self._relayed and self._relayed not in said.speakers:
            said.via = [self._relayed]

    def _body_in(self, via: Span) -> list[Actor]:
        """The body that "his office said" or "the statement added" in a stretch of report stands for."""
        m = re.search(r"\b(?:the|his|her|its|their|a)\s+[\w-]+(?:\s+[\w-]+)?", via.of(self.text), re.IGNORECASE)
        if m is None:
            return []
        found = self.linker.resolve(Span(via.start + m.start(), via.start + m.end()), speaking=True)
        return [self.cast.by_key[k] for k in found.keys]

    def _relay_of_document(self) -> str | None:
        """Who a release is "attributable to", as its first lines say."""
        m = re.search(r"attributable to (?:the )?", self.text[:600])
        if m is None:
            return None
        line = Span(m.end(), min(len(self.text), m.end() + 120))
        end = re.search(r"[:\n]", line.of(self.text))
        near = Span(line.start, line.start + end.start()) if end and end.start() > 0 else line
        persons = [a for a in self.cast.within(near) if a.is_person and any(near.holds(s) for s, _ in a.mentions)]
        return persons[0].key if persons else None

    def _unnamed(self, source: Span) -> tuple[str, ...]:
        """A source whom the text does not name, as an actor of its own."""
        words = re.sub(r"[\s\u00a0]+", " ", source.of(self.text)).strip(" ,.;:")
        phrase = self.linker.phrase(source)
        vague = {PhraseKind.INDEFINITE, PhraseKind.OTHER, PhraseKind.TITLE, PhraseKind.SEVERAL, PhraseKind.DOCUMENT, PhraseKind.NATION}
        if phrase.kind not in vague or not re.search(r"[A-Za-z]{3}", words):
            return ()
        actor = self.cast.add(Actor(f"unnamed:{plain(words)}", EntityType.UNNAMED_SOURCE, words))
        actor.iso = actor.iso or (phrase.isos[0] if phrase.isos else None)
        if not any(s == source for s, _ in actor.mentions):
            actor.mentions.append((source, 0.8))
        return (actor.key,)

    def _loose(self, content: Tagged) -> None:
        span = attributions.trimmed(content.span, self.text)
        if span is None:
            return
        speakers = self.casting.issuer
        quoted = attributions.form_of((span,), self.layout, self.text) is not Form.INDIRECT
        if quoted or not speakers:
            speakers = self.linker.discourse.speakers[-1][1] if self.linker.discourse.speakers else speakers
        said = Said(None, (span,), tuple(speakers), content.probability * 0.8, form=Form.DIRECT)
        self.account.said.append(said)

    def _nest(self) -> None:
        """A statement wholly within another's content came through the other's speaker, where that is a body."""
        for inner in self.account.said:
            if inner.cue is None:
                continue
            for outer in self.account.said:
                if outer is inner or outer.cue is None or not any(c.holds(inner.cue.span) for c in outer.content):
                    continue
                carriers = [k for k in outer.speakers if not self.cast.by_key[k].is_person and k not in inner.speakers]
                bodies = [k for k in carriers if self.cast.by_key[k].type is not EntityType.COUNTRY]
                inner.via += [k for k in bodies if k not in inner.via]

    # Encounters

    def _told(self, trigger: TriggerTag) -> list[Told]:
        parties: list[Party] = []
        for tag in trigger.parties:
            phrase = self.linker.phrase(tag.span)
            taken = [p.key for p in parties]
            found = self.linker.resolve(tag.span, exclude=() if phrase.kind is PhraseKind.SEVERAL else taken)
            for key in found.keys or self._country_of_phrase(tag.span):
                if key not in taken:
                    parties.append(Party(key, tag.span, found.confidence * tag.probability))
        definite, again = context(self.text, self.layout, trigger.span)
        place = self._place(trigger)
        event = next((a.key for t in trigger.events for a in self.cast.within(t.span) if a.type is EntityType.EVENT), None)
        when = self._when(trigger)
        if trigger.kind is not MeetingKind.VISIT and len(parties) > 1:
            self.linker.discourse.parties.append((trigger.span.start, tuple(p.key for p in parties)))
        groups = self._apart(trigger, parties)
        return [Told(trigger, group, when, place, event, definite, again) for group in groups]

    def _country_of_phrase(self, span: Span) -> tuple[str, ...]:
        phrase = self.linker.phrase(span)
        if phrase.kind in {PhraseKind.TITLE, PhraseKind.NATION, PhraseKind.SEVERAL, PhraseKind.INDEFINITE} and phrase.isos:
            return tuple(self.cast.country(iso).key for iso in phrase.isos)
        return ()

    def _apart(self, trigger: TriggerTag, parties: list[Party]) -> list[list[Party]]:
        """One party's separate encounters with each of the others, where the words say that they were separate."""
        sentence = self.layout.sentences[self.layout.sentence_at(trigger.span.start)]
        near = self.text[max(sentence.start, trigger.span.start - 60) : min(sentence.end, trigger.span.end + 160)]
        if len(parties) > 2 and _SEPARATE.search(near):
            return [[parties[0], other] for other in parties[1:]]
        return [parties]

    def _when(self, trigger: TriggerTag) -> When | None:
        for tag in trigger.dates:
            named = [day for at, day in self._days if at < tag.span.start]
            tense = _TENSE.get(trigger.status, dates.Tense.OPEN)
            words = tag.span.of(self.text)
            if tense is not dates.Tense.PAST and _AHEAD.match(words):
                tense = dates.Tense.FUTURE
            near: date | None = named[-1] if named else self.published
            when = dates.resolve(words, dates.Moment(self.published, near, tense))
            if when is not None:
                return when
        return None

    def _place(self, trigger: TriggerTag) -> str | None:
        for tag in trigger.places:
            for actor in self.cast.within(tag.span):
                if actor.type in {EntityType.PLACE, EntityType.COUNTRY}:
                    return actor.key
            capital = self._capital(tag.span)
            if capital is not None:
                return capital
        return None

    def _capital(self, span: Span) -> str | None:
        """"The Turkish capital" is the place that the table has for it."""
        words = span.of(self.text)
        phrase = self.linker.phrase(span)
        if re.search(r"\bcapital\b", words, re.IGNORECASE) and phrase.isos:
            name = self.cast.tables.countries[phrase.isos[0]].capital
            actor = self.cast.add(Actor(f"place:{plain(name)}", EntityType.PLACE, name, iso=phrase.isos[0]))
            self.cast.mention(actor, span, 0.9)
            return actor.key
        return None


__all__ = ["Account", "Said", "Telling"]
