"""Goes through a document's cues and triggers in the order of the text and finds out whom and what each tells of."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from kg_build.model import EntityType, Form, MeetingKind, Span, Status, When
from kg_build.reader import attributions, dates
from kg_build.reader.actors import Actor, Cast
from kg_build.reader.casting import Casting, Seen
from kg_build.reader.encounters import Party, Told, context
from kg_build.reader.layout import Layout
from kg_build.reader.linking import Linker, Resolution
from kg_build.reader.people import tokens
from kg_build.reader.phrases import PhraseKind
from kg_build.reader.tables import plain
from kg_build.reader.tagging import CueTag, Tagged, TriggerTag

_TENSE = {Status.HELD: dates.Tense.PAST, Status.PLANNED: dates.Tense.FUTURE, Status.PROPOSED: dates.Tense.FUTURE}
_NESTING = 6
_JOINING = re.compile(
    r"[\s\u00a0]*(?:,|and|&|as well as|along with|,\s*and)?[\s\u00a0]*(?:(?:[A-Z][\w.’'-]*|of|the|for)[\s\u00a0]+){0,5}"
)
_CITING = re.compile(r"(?:cit|quot)(?:ed|es|ing|e)\b", re.IGNORECASE)
_CITED = re.compile(r"[^,;.“\"]{2,90}?\s+(?P<as>as)\s+(?:saying\s+(?:that\s+)?)?", re.IGNORECASE)
_BEFORE_MEETING = re.compile(
    r"\bbefore (?:their|the|a|virtual) ?(?:bilateral |virtual )?(?:meeting|talks|lunch|dinner|working)", re.IGNORECASE
)
_WELCOMING = re.compile(
    r"\b(?:our|this) (?:meeting|conversation|discussions?|talks|visit)\b|\b(?:meet|be|sit down|talk|speak) with (?:you|the|him|her)\b|\bhave (?:you|the|with us)\b"
    r"|\b(?:pleas(?:ure|ed)|good|great|wonderful|honou?r(?:ed)?|delighted) to be\b"
    r"|\bwelcom(?:e|ing)\b|\b(?:see|seeing|host|hosting|receive|receiving) (?:you|the|my)\b", re.IGNORECASE,
)  # fmt: skip
_SPOKES = re.compile(r"\bspokes|\bpress (?:secretary|officer)", re.IGNORECASE)
_FIRST_PERSON = re.compile(r"\b(?:[Ww]e|I)\b")
_TURN = re.compile(
    r"^[ \t*]*(?P<who>[^\W\d_a-z][^\Wa-z]+(?:[ \t-]+[^\W\d_a-z.’'][^\Wa-z]*){0,6}|Q|A|Question|Answer)(?:[ \t]*\([^)\n]{1,40}\))?[ \t*]*:",
    re.MULTILINE,
)
_ROLE = re.compile(
    r"\b(?:QUESTION|ANSWER|Q|A|Question|Answer|MODERATOR|OPERATOR|STAFF|REPORTER|SPEAKER|INTERPRETER|PARTICIPANT|MINISTER|PRESIDENT|SECRETARY|CHANCELLOR|AMBASSADOR|SPOKES\w+|MR|MS|MRS|DR|KING|PREMIER|GENERAL|HOST)\b"
)
_SHORTEST_TURN = 3
_BY = re.compile(
    r"(?:joint )?(?:statement|remarks|message|letter)\b[^,]{0,40}?\b(?:by|from|of)\s+(?P<who>.+?)(?:\s+(?:on|at|for|regarding|about|to|before|after|in)\b|,|$)",
    re.IGNORECASE,
)
_PASSAGE = re.compile(r"(?:\S+\s+){5,}\S*[.!?…][”\"]?$")
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
        self.title = seen.document.title or ""
        self.published = seen.document.published_on
        self.layout: Layout = seen.layout
        self.tagging = seen.tagging
        self.casting = casting
        self.cast: Cast = casting.cast
        self.linker = linker
        self.account = Account()
        self._days = dates.named_days(self.text, self.published)
        self._relayed = self._relay_of_document()
        self._turns = self._speaker_turns()

    def account_for(self) -> Account:
        """Go through everything once."""
        steps: list[tuple[int, int, CueTag | TriggerTag]] = []
        steps += [(t.span.start, 0, t) for t in _joined(self.tagging.triggers, self.text)]
        steps += [(c.span.start, 1, c) for c in self.tagging.cues if not self._is_label(c.span)]
        steps += [(c.span.start, 1, c) for c in self._turns]
        alone = sorted(self.casting.alone)
        for at, _, step in sorted(steps, key=lambda s: s[:2]):
            while alone and alone[0].start < at:
                self._bare_post(alone.pop(0))
            if isinstance(step, TriggerTag):
                self.account.told += self._told(step)
            else:
                said = self._said(step)
                if said is not None:
                    self.account.said.append(said)
        for span in alone:
            self._bare_post(span)
        self._nest()
        self._merge()
        self._passages()
        self._stage()
        self.account.said.sort(key=lambda s: s.content[0])
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
        others = [cue.span, *(s.span for s in cue.sources)]
        content = attributions.completed([c.span for c in cue.contents], others, self.layout, self.text)
        if not content:
            return None
        sources = self._coordinated(cue)
        turn = any(cue is t for t in self._turns)
        keys: list[str] = []
        confidence = cue.probability
        for source in sources:
            found = self.linker.resolve(source.span, speaking=True)
            keys += [k for k in found.keys if k not in keys]
            confidence *= found.confidence if found.keys else 0.6
        if sources and not keys:
            keys = list(self._unnamed(sources[0].span))
        if not sources:
            keys, confidence = self._understood(cue, content), confidence * 0.6
        said = Said(cue, content, tuple(keys), confidence, sources[0].span if sources else None)
        first_person = any(self._is_first_person(s.span) for s in sources)
        said.form = Form.DIRECT if first_person or turn else attributions.form_of(content, self.layout, self.text)
        self._cited(said)
        said.addressees = tuple(a.key for a in attributions.addressees(cue.span, self.cast) if a.key not in keys)
        self._carry(said, cue)
        if keys:
            self.linker.discourse.speakers.append((cue.span.start, said.speakers))
        return said

    def _coordinated(self, cue: CueTag) -> list[Tagged]:
        """The sources of a cue: the likeliest, and those joined to it by "and" or a comma."""
        if len(cue.sources) < 2:
            return list(cue.sources)
        best = max(cue.sources, key=lambda s: s.probability)
        kept = [best]
        for source in cue.sources:
            between = [
                Span(min(source.span.end, k.span.end), max(source.span.start, k.span.start))
                for k in kept
                if not source.span.meets(k.span)
            ]
            if source is not best and any(_JOINING.fullmatch(b.of(self.text)) for b in between if b.end - b.start < 60):
                kept.append(source)
        return sorted(kept, key=lambda s: s.span)

    def _speaker_turns(self) -> list[CueTag]:
        """The turns of a transcript: each label's colon as the cue, the label as the source, the words to the next label.

        A label is a name in capitals, a post, or Q and A; with fewer than two of them the text is no transcript.
        """
        labels = [m for m in _TURN.finditer(self.text) if self._can_speak(Span(m.start("who"), m.end("who")))]
        if len(labels) < 2:
            return []
        turns = []
        for label, following in zip(labels, [*labels[1:], None], strict=True):
            end = following.start() if following else len(self.text)
            words = attributions.trimmed(Span(label.end(), end), self.text) if label.end() < end else None
            if words is not None and len(words.of(self.text).split()) >= _SHORTEST_TURN:
                source = Tagged(Span(label.start("who"), label.end("who")), "SOURCE", 0.98)
                turns.append(
                    CueTag(Span(label.end() - 1, label.end()), (source,), (Tagged(words, "CONTENT"),), probability=0.97)
                )
        return turns

    def _can_speak(self, who: Span) -> bool:
        words = who.of(self.text)
        return bool(_ROLE.search(words)) or any(a.is_person for a in self.cast.within(who))

    def _is_label(self, cue: Span) -> bool:
        """Whether a cue is the colon of a speaker's label: the turns are told of already."""
        return cue.of(self.text).strip() == ":" and any(t.span.meets(cue) for t in self._turns)

    def _cited(self, said: Said) -> None:
        """ "The ministry cited Lavrov as praising …": the words are Lavrov's, the ministry passes them on."""
        if said.cue is None or not _CITING.match(said.cue.span.of(self.text)):
            return
        first = said.content[0]
        cited = _CITED.match(first.of(self.text))
        persons = (
            [a for a in self.cast.within(Span(first.start, first.start + cited.start("as"))) if a.is_person]
            if cited
            else []
        )
        if cited and persons:
            said.via = list(said.speakers)
            said.speakers = (persons[-1].key,)
            said.source = Span(first.start, first.start + cited.start("as"))
            said.content = (Span(first.start + cited.end(), first.end), *said.content[1:])

    def _is_first_person(self, source: Span) -> bool:
        words = source.of(self.text).lower()
        return words in {"i", "we", "us", "my", "our"} and self.layout.quotation_at(source.start) is None

    def _understood(self, cue: CueTag, content: Sequence[Span]) -> list[str]:
        """The speaker of a cue without a source: "…, adding that …" goes on with the one before it in the sentence."""
        sentence = self.layout.sentences[self.layout.sentence_at(cue.span.start)]
        before = [s for s in self.account.said[-8:] if s.cue and sentence.start <= s.cue.span.start < cue.span.start]
        if before:
            return list(before[-1].speakers)
        persons = [
            a for a in self.cast.within(Span(sentence.start, max(cue.span.start, sentence.start + 1))) if a.is_person
        ]
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
        carriers += [
            self.cast.by_key[k] for k in said.addressees if self.cast.by_key[k].type is EntityType.MEDIA_OUTLET
        ]
        said.via = [k for k in dict.fromkeys([*said.via, *(a.key for a in carriers)]) if k not in said.speakers]
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
        vague = {
            PhraseKind.INDEFINITE,
            PhraseKind.OTHER,
            PhraseKind.TITLE,
            PhraseKind.SEVERAL,
            PhraseKind.DOCUMENT,
            PhraseKind.NATION,
        }
        if phrase.kind not in vague or not re.search(r"[A-Za-z]{3}", words):
            return ()
        actor = self.cast.add(Actor(f"unnamed:{plain(words)}", EntityType.UNNAMED_SOURCE, words))
        actor.iso = actor.iso or (phrase.isos[0] if phrase.isos else None)
        if not any(s == source for s, _ in actor.mentions):
            actor.mentions.append((source, 0.8))
        return (actor.key,)

    def _passages(self) -> None:
        """In a release in the first person, what no cue attributes is said by its issuer, sentence by sentence."""
        if self.casting.home is None or not self._speaks_itself():
            return
        speakers = self._author()
        taken = sorted(
            [c for s in self.account.said for c in s.content] + [s.cue.span for s in self.account.said if s.cue]
        )
        starts = [t.start for t in taken]
        for sentence in self.layout.sentences:
            i = bisect_left(starts, sentence.end)
            if any(t.meets(sentence) for t in taken[max(0, i - _NESTING) : i]) or not _PASSAGE.search(
                sentence.of(self.text)
            ):
                continue
            self.account.said.append(Said(None, (sentence,), speakers, 0.6, form=Form.DIRECT))

    def _speaks_itself(self) -> bool:
        """Whether a text speaks of its author as "we" or "I" in a fifth of its sentences, quotations left out."""
        own = {
            self.layout.sentence_at(m.start())
            for m in _FIRST_PERSON.finditer(self.text)
            if self.layout.quotation_at(m.start()) is None
        }
        least = 1 if _BY.match(self.title) else max(2, len(self.layout.sentences) / 5)
        return not self._turns and len(own) >= least

    def _author(self) -> tuple[str, ...]:
        """The person by whom the document's title says that it is, where the text names them, else the issuer."""
        by = _BY.match(self.title)
        if by is not None:
            words = set(tokens(by["who"]))
            named = [a.key for a in self.cast.persons() if tokens(a.name)[-1] in words]
            if named:
                return tuple(named[:1])
        return self.casting.issuer

    def _nest(self) -> None:
        """A statement within another's content came through the other's speaker, where that is a body or speaks for one.

        Where there is nothing in the outer content but the inner statement ("the ministry said that X told Y that …"),
        the two are one: the inner one, through the outer's speaker.
        """
        every = self.account.said
        folded: list[Said] = []
        for i, inner in enumerate(every):
            if inner.cue is None:
                continue
            for outer in every[max(0, i - _NESTING) : i + _NESTING]:
                if outer is inner or outer.cue is None or not any(c.holds(inner.cue.span) for c in outer.content):
                    continue
                carriers = [k for k in outer.speakers if self._carries(k) and k not in inner.speakers]
                inner.via = [*carriers, *(k for k in inner.via if k not in carriers)] if carriers else inner.via
                if carriers and self._is_all(inner, outer):
                    inner.via += [k for k in outer.via if k not in inner.via]
                    folded.append(outer)
        self.account.said = [s for s in every if not any(s is f for f in folded)]

    def _merge(self) -> None:
        """Two cues of one attribution ("…," X added, according to Y) give one statement, with the carriers of both."""
        kept: list[Said] = []
        for said in self.account.said:
            twin = next(
                (
                    k
                    for k in kept[-_NESTING:]
                    if k.cue
                    and said.cue
                    and set(k.speakers) == set(said.speakers)
                    and _overlap(k.content, said.content) > 0.8
                ),
                None,
            )
            if twin is None:
                kept.append(said)
            else:
                twin.via += [v for v in said.via if v not in twin.via]
                twin.addressees = twin.addressees or said.addressees
        self.account.said = kept

    def _carries(self, key: str) -> bool:
        """Whether an actor passes on what others say: a body, an outlet, or a person with a spokesperson's post."""
        actor = self.cast.by_key[key]
        if actor.is_person:
            return any(_SPOKES.search(t.words) for t in actor.posts)
        return actor.type is not EntityType.COUNTRY

    @staticmethod
    def _is_all(inner: Said, outer: Said) -> bool:
        """Whether the inner statement, with its source and cue, fills nearly all of the outer's content."""
        assert inner.cue is not None
        parts = [*inner.content, inner.cue.span, *([inner.source] if inner.source else [])]
        first, last = min(p.start for p in parts), max(p.end for p in parts)
        size = sum(c.end - c.start for c in outer.content)
        covered = sum(max(0, min(last, c.end) - max(first, c.start)) for c in outer.content)
        return bool(inner.speakers) and covered >= 0.7 * size and inner.source is not None

    # Encounters

    def _stage(self) -> None:
        """Remarks "before their meeting": the speakers whom the document's title names meet that day, where the header says.

        The words that show it are the first in which one speaks of it or welcomes the other.
        """
        if not _BEFORE_MEETING.search(self.title) or not self._turns:
            return
        words = set(tokens(self.title))
        speaking = {k for s in self.account.said for k in s.speakers}
        parties = [a for a in self.cast.persons() if a.key in speaking and tokens(a.name)[-1] in words]
        shown = _WELCOMING.search(self.text, self._turns[0].span.end)
        if len(parties) < 2 or shown is None:
            return
        header = Span(0, self._turns[0].span.end)
        place = next((a.key for a in self.cast.within(header) if a.type is EntityType.PLACE), None)
        keys = frozenset(a.key for a in parties)
        told = next((t for t in self.account.told if keys <= t.keys or (t.keys and t.keys < keys and t.definite)), None)
        when = When.day(self.published) if self.published else None
        if told is not None:
            told.when, told.place = told.when or when, told.place or place
            told.parties += [Party(a.key, a.mentions[0][0], 0.8) for a in parties if a.key not in told.keys]
            return
        trigger = TriggerTag(Span(shown.start(), shown.end()), MeetingKind.MEETING, Status.HELD, (), probability=0.8)
        members = [Party(a.key, a.mentions[0][0], 0.8) for a in parties]
        self.account.told.append(
            Told(trigger, members, when, place, None, definite=False, again=False, countries=self._countries(members))
        )

    def _told(self, trigger: TriggerTag) -> list[Told]:
        parties = self._parties(trigger)
        definite, again = context(self.text, self.layout, trigger.span)
        place = self._place(trigger)
        event = next(
            (a.key for t in trigger.events for a in self.cast.within(t.span) if a.type is EntityType.EVENT), None
        )
        when = self._when(trigger)
        if trigger.kind is not MeetingKind.VISIT and len(parties) > 1:
            self.linker.discourse.parties.append((trigger.span.start, tuple(p.key for p in parties)))
        groups = self._apart(trigger, parties)
        return [Told(trigger, group, when, place, event, definite, again, self._countries(group)) for group in groups]

    def _countries(self, parties: Sequence[Party]) -> frozenset[str]:
        isos = [self.cast.by_key[p.key].iso for p in parties]
        return frozenset(i for i in isos if i) if all(isos) else frozenset()

    def _parties(self, trigger: TriggerTag) -> list[Party]:
        """The actors whom the party words stand for: names first, so that "the minister" is none of those named."""
        found: dict[Tagged, Resolution] = {}
        for by_name in (True, False):
            for tag in trigger.parties:
                if self.linker.is_name(tag.span) is not by_name:
                    continue
                taken = [k for r in found.values() for k in r.keys]
                found[tag] = self.linker.resolve(tag.span, exclude=taken)
        parties: list[Party] = []
        for tag in trigger.parties:
            for key in found[tag].keys or self._country_of_phrase(tag.span):
                if key not in [p.key for p in parties]:
                    parties.append(Party(key, tag.span, found[tag].confidence * tag.probability))
        return parties

    def _country_of_phrase(self, span: Span) -> tuple[str, ...]:
        phrase = self.linker.phrase(span)
        if (
            phrase.kind in {PhraseKind.TITLE, PhraseKind.NATION, PhraseKind.SEVERAL, PhraseKind.INDEFINITE}
            and phrase.isos
        ):
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
            i = bisect_left(self._days, tag.span.start, key=lambda d: d[0])
            tense = _TENSE.get(trigger.status, dates.Tense.OPEN)
            words = tag.span.of(self.text)
            if tense is not dates.Tense.PAST and _AHEAD.match(words):
                tense = dates.Tense.FUTURE
            near: date | None = self._days[i - 1][1] if i else self.published
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
        """ "The Turkish capital" is the place that the table has for it."""
        words = span.of(self.text)
        phrase = self.linker.phrase(span)
        if re.search(r"\bcapital\b", words, re.IGNORECASE) and phrase.isos:
            name = self.cast.tables.countries[phrase.isos[0]].capital
            actor = self.cast.add(Actor(f"place:{plain(name)}", EntityType.PLACE, name, iso=phrase.isos[0]))
            self.cast.mention(actor, span, 0.9)
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
        both = {
            name: tuple(dict.fromkeys((*getattr(last, name), *getattr(tag, name))))
            for name in ("parties", "dates", "places", "events")
        }
        found[-1] = replace(surer, span=Span(last.span.start, tag.span.end), **both)
    return found


def _overlap(a: Sequence[Span], b: Sequence[Span]) -> float:
    """The share of characters that two contents have in common, of all that either has."""
    shared = sum(max(0, min(x.end, y.end) - max(x.start, y.start)) for x in a for y in b)
    every = sum(x.end - x.start for x in (*a, *b)) - shared
    return shared / every


__all__ = ["Account", "Said", "Telling"]
