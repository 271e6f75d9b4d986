"""Attributions: for each cue whose words it brings, through whom, to whom, and in which form."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from kg_build.model import EntityType, Form, Span
from kg_build.reader import attributions
from kg_build.reader.actors import Actor
from kg_build.reader.casting import Casting, Seen
from kg_build.reader.linking import Linker
from kg_build.reader.persons import SPOKES, Use
from kg_build.reader.phrases import PhraseKind
from kg_build.reader.tables import plain
from kg_build.reader.tagging import CueTag, Tagged

_NESTING = 6
"""How many attributions before and after one are looked at for nesting: what bounds the time that a long text takes."""
_JOINING = re.compile(
    r"[\s\u00a0]*(?:,|and|&|as well as|along with|,\s*and)?[\s\u00a0]*(?:(?:[A-Z][\w.’'-]*|of|the|for)[\s\u00a0]+){0,5}"
)
_FARTHEST = 60
"""Characters between two sources that "and" joins."""
_GOES_ON = re.compile(r"[,;]?\s+(?:and|but)\s+(?:also\s+|then\s+)?$", re.IGNORECASE)
_CITING = re.compile(r"(?:cit|quot)(?:ed|es|ing|e)\b", re.IGNORECASE)
_CITED = re.compile(r"[^,;.“\"]{2,90}?\s+(?P<as>as)\s+(?:saying\s+(?:that\s+)?)?", re.IGNORECASE)
_VAGUE = frozenset(
    {
        PhraseKind.INDEFINITE,
        PhraseKind.OTHER,
        PhraseKind.TITLE,
        PhraseKind.SEVERAL,
        PhraseKind.DOCUMENT,
        PhraseKind.NATION,
    }
)


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


class Saying:
    """What the cues of one document attribute, in the order of the text."""

    def __init__(self, seen: Seen, casting: Casting, linker: Linker) -> None:
        self._text = seen.document.text
        self._layout = seen.layout
        self._casting = casting
        self._cast = casting.cast
        self._linker = linker
        self._relay = self._relay_of_document()
        self.said: list[Said] = []

    def add(self, cue: CueTag, *, turn: bool) -> None:
        """Find out what ``cue`` attributes; ``turn`` says that it is a speaker's label in a transcript."""
        others = [cue.span, *(s.span for s in cue.sources)]
        content = attributions.completed([c.span for c in cue.contents], others, self._layout, self._text)
        if not content:
            return
        sources = self._coordinated(cue)
        keys: list[str] = []
        confidence = cue.probability
        for source in sources:
            found = self._linker.resolve(source.span, use=Use.SOURCE)
            keys += [k for k in found.keys if k not in keys]
            confidence *= found.confidence if found.keys else 0.6
        if sources and not keys:
            keys = list(self._unnamed(sources[0].span))
        if not sources:
            keys, confidence = self._understood(cue, content), confidence * 0.6
        said = Said(cue, content, tuple(keys), confidence, sources[0].span if sources else None)
        first_person = any(self._is_first_person(s.span) for s in sources)
        said.form = Form.DIRECT if first_person or turn else attributions.form_of(content, self._layout, self._text)
        self._cited(said)
        said.addressees = tuple(a.key for a in attributions.addressees(cue.span, self._cast) if a.key not in keys)
        self._carry(said, cue)
        if keys:
            self._linker.discourse.speakers.append((cue.span.start, said.speakers))
        if turn:
            self._linker.discourse.turns.append((cue.span.start, said.speakers))
        self.said.append(said)

    def _coordinated(self, cue: CueTag) -> list[Tagged]:
        """The sources of a cue: the likeliest, and those joined to it by "and" or a comma."""
        if len(cue.sources) < 2:
            return list(cue.sources)
        best = max(cue.sources, key=lambda s: s.probability)
        kept = [best]
        for source in cue.sources:
            if source is not best and any(self._are_joined(source.span, k.span) for k in kept):
                kept.append(source)
        return sorted(kept, key=lambda s: s.span)

    def _are_joined(self, a: Span, b: Span) -> bool:
        first, second = sorted((a, b))
        gap = self._text[first.end : second.start]
        return 0 < len(gap) < _FARTHEST and _JOINING.fullmatch(gap) is not None

    def _cited(self, said: Said) -> None:
        """For "the ministry cited Lavrov as praising …": the words are Lavrov's, the ministry passes them on."""
        if said.cue is None or not _CITING.match(said.cue.span.of(self._text)):
            return
        first = said.content[0]
        cited = _CITED.match(first.of(self._text))
        persons = (
            [a for a in self._cast.within(Span(first.start, first.start + cited.start("as"))) if a.is_person]
            if cited
            else []
        )
        if cited and persons:
            said.via = list(said.speakers)
            said.speakers = (persons[-1].key,)
            said.source = Span(first.start, first.start + cited.start("as"))
            said.content = (Span(first.start + cited.end(), first.end), *said.content[1:])

    def _is_first_person(self, source: Span) -> bool:
        words = source.of(self._text).lower()
        return words in {"i", "we", "us", "my", "our"} and self._layout.quotation_at(source.start) is None

    def _understood(self, cue: CueTag, content: Sequence[Span]) -> list[str]:
        """The speaker of a cue without a source: "…, adding that …" goes on with the one before it in the sentence."""
        sentence = self._layout.sentences[self._layout.sentence_at(cue.span.start)]
        before = [s for s in self.said[-8:] if s.cue and sentence.start <= s.cue.span.start < cue.span.start]
        if before:
            return list(before[-1].speakers)
        persons = [
            a for a in self._cast.within(Span(sentence.start, max(cue.span.start, sentence.start + 1))) if a.is_person
        ]
        if persons:
            return [persons[0].key]
        if self._linker.discourse.speakers and content[0].start - self._linker.discourse.speakers[-1][0] < 600:
            return list(self._linker.discourse.speakers[-1][1])
        return list(self._casting.issuer)

    def _carry(self, said: Said, cue: CueTag) -> None:
        carriers = [a for via in cue.vias for a in attributions.carriers(via.span, self._cast)]
        for via in cue.vias:
            if not attributions.carriers(via.span, self._cast):
                carriers += self._body_in(via.span)
        carriers += attributions.outlets_beside(cue.span, said.content, self._layout, self._cast)
        carriers += [
            self._cast.by_key[k] for k in said.addressees if self._cast.by_key[k].type is EntityType.MEDIA_OUTLET
        ]
        said.via = [k for k in dict.fromkeys([*said.via, *(a.key for a in carriers)]) if k not in said.speakers]
        if not said.via and self._relay and self._relay not in said.speakers:
            said.via = [self._relay]

    def _body_in(self, via: Span) -> list[Actor]:
        """The body that "his office said" or "the statement added" in a stretch of report stands for."""
        m = re.search(r"\b(?:the|his|her|its|their|a)\s+[\w-]+(?:\s+[\w-]+)?", via.of(self._text), re.IGNORECASE)
        if m is None:
            return []
        found = self._linker.resolve(Span(via.start + m.start(), via.start + m.end()), use=Use.SOURCE)
        return [self._cast.by_key[k] for k in found.keys]

    def _relay_of_document(self) -> str | None:
        """Who a release is "attributable to", as its first lines say."""
        m = re.search(r"attributable to (?:the )?", self._text[:600])
        if m is None:
            return None
        line = Span(m.end(), min(len(self._text), m.end() + 120))
        end = re.search(r"[:\n]", line.of(self._text))
        near = Span(line.start, line.start + end.start()) if end and end.start() > 0 else line
        persons = [a for a in self._cast.within(near) if a.is_person and any(near.holds(s) for s, _ in a.mentions)]
        return persons[0].key if persons else None

    def _unnamed(self, source: Span) -> tuple[str, ...]:
        """A source whom the text does not name, as an actor of its own."""
        words = re.sub(r"[\s\u00a0]+", " ", source.of(self._text)).strip(" ,.;:")
        phrase = self._linker.phrase(source)
        if phrase.kind not in _VAGUE or not re.search(r"[A-Za-z]{3}", words):
            return ()
        actor = self._cast.add(Actor(f"unnamed:{plain(words)}", EntityType.UNNAMED_SOURCE, words))
        actor.iso = actor.iso or (phrase.isos[0] if phrase.isos else None)
        if not any(s == source for s, _ in actor.mentions):
            actor.mentions.append((source, 0.8))
        return (actor.key,)

    def settle(self) -> None:
        """After the last cue: statements within others' contents, and cues that tell of one attribution."""
        self._cut()
        self._nest()
        self._merge()

    def _cut(self) -> None:
        """A content ends where its sentence goes on with the speaker's next act: "voiced concern … and urged …"."""
        for i, said in enumerate(self.said):
            for later in self.said[max(0, i - _NESTING) : i + _NESTING]:
                if said.cue and later.cue and later is not said and set(later.speakers) == set(said.speakers):
                    said.content = tuple(self._until(later.cue.span, c) for c in said.content)

    def _until(self, cue: Span, content: Span) -> Span:
        goes_on = _GOES_ON.search(self._text, content.start + 1, cue.start) if content.holds(cue) else None
        if goes_on is None or self._layout.quotation_at(cue.start) is not None:
            return content
        return Span(content.start, goes_on.start())

    def _nest(self) -> None:
        """A statement within another's content came through the other's speaker, where that is a body or speaks for one.

        Where there is nothing in the outer content but the inner statement ("the ministry said that X told Y that …"),
        the two are one: the inner one, through the outer's speaker.
        """
        every = self.said
        folded: list[Said] = []
        for i, inner in enumerate(every):
            if inner.cue is None:
                continue
            for outer in every[max(0, i - _NESTING) : i + _NESTING]:
                if outer is inner or outer.cue is None or not any(c.holds(inner.cue.span) for c in outer.content):
                    continue
                carriers = [k for k in outer.speakers if self._carries(k) and k not in inner.speakers]
                inner.via = [*carriers, *(k for k in inner.via if k not in carriers)] if carriers else inner.via
                if carriers and _is_all(inner, outer):
                    inner.via += [k for k in outer.via if k not in inner.via]
                    folded.append(outer)
        self.said = [s for s in every if not any(s is f for f in folded)]

    def _merge(self) -> None:
        """Two cues of one attribution ("…," X added, according to Y) give one statement, with the carriers of both."""
        kept: list[Said] = []
        for said in self.said:
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
        self.said = kept

    def _carries(self, key: str) -> bool:
        """Whether an actor passes on what others say: a body, an outlet, or a person with a spokesperson's post."""
        actor = self._cast.by_key[key]
        if actor.is_person:
            return any(SPOKES.search(t.words) for t in actor.posts)
        return actor.type is not EntityType.COUNTRY


def _is_all(inner: Said, outer: Said) -> bool:
    """Whether the inner statement, with its source and cue, fills nearly all of the outer's content."""
    if inner.cue is None or inner.source is None:
        return False
    parts = [*inner.content, inner.cue.span, inner.source]
    first, last = min(p.start for p in parts), max(p.end for p in parts)
    size = sum(c.end - c.start for c in outer.content)
    covered = sum(max(0, min(last, c.end) - max(first, c.start)) for c in outer.content)
    return bool(inner.speakers) and covered >= 0.7 * size


def _overlap(a: Sequence[Span], b: Sequence[Span]) -> float:
    """The share of characters that two contents have in common, of all that either has."""
    shared = sum(max(0, min(x.end, y.end) - max(x.start, y.start)) for x in a for y in b)
    every = sum(x.end - x.start for x in (*a, *b)) - shared
    return shared / every


__all__ = ["Said", "Saying"]
