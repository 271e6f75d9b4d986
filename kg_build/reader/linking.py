"""Whom words stand for: names, pronouns, bare posts, nationalities and groups to actors.

One person is chosen by a ranking model over the persons mentioned nearby (a conditional logit over the features of
``kg_build.reader.persons``, its weights learned from annotations); groups, bodies and countries by rules over what was told last.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from kg_build.model import EntityType, Span
from kg_build.reader.actors import Cast
from kg_build.reader.groups import GroupChoice, Told
from kg_build.reader.holders import holders, office
from kg_build.reader.layout import Layout
from kg_build.reader.persons import RECENT, Candidate, Discourse, PersonRanking, Use
from kg_build.reader.phrases import Phrase, PhraseKind, take_apart

SPEAKING = frozenset(EntityType) - {EntityType.PERSON, EntityType.PLACE, EntityType.EVENT, EntityType.UNNAMED_SOURCE}
_LEADING = frozenset({"president", "king", "emir", "premier", "chancellor", "prime", "sultan", "chairman"})
_LOOSE = frozenset({"of", "for", "and", "the", "minister", "deputy"})
_LISTED = re.compile(r"\s*(?:,|,?\s*and|&)\s*")


@dataclass(frozen=True, slots=True)
class LinkingWeights:
    """What was learned about linking: the ranking of persons and the choice of groups."""

    ranking: npt.NDArray[np.float64]
    grouping: npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Resolution:
    """Actor keys that words stand for, and how sure that is; no key where they stand for nobody named."""

    keys: tuple[str, ...]
    confidence: float


class Linker:
    """Resolves the phrases of one document, in the order of the text."""

    def __init__(self, cast: Cast, layout: Layout, weights: LinkingWeights, issuer: tuple[str, ...]) -> None:
        self.cast = cast
        self.layout = layout
        self.weights = weights.ranking
        self.groups = GroupChoice(cast, layout, weights.grouping)
        self.issuer = issuer
        self.discourse = Discourse()
        self._ranking = PersonRanking(cast, layout, self.discourse)

    def phrase(self, span: Span) -> Phrase:
        """The words of ``span`` taken apart."""
        return take_apart(span.of(self.cast.text), self.cast.tables)

    def is_name(self, span: Span) -> bool:
        """Whether the words name somebody, rather than stand for somebody named elsewhere."""
        return any(a.is_person for a in self.cast.within(span))

    def resolve(self, span: Span, *, exclude: Sequence[str] = (), use: Use = Use.OTHER) -> Resolution:
        """Whom the words of ``span`` stand for; ``exclude`` are actors that they cannot mean.

        ``use`` says what the words are there for: a place that speaks is its country, a spokesperson is seldom a party.
        """
        named = self._named(span, use)
        if named is not None:
            return named
        phrase = self.phrase(span)
        match phrase.kind:
            case PhraseKind.HE_OR_SHE | PhraseKind.TITLE:
                return self._person(span, phrase, exclude, use)
            case PhraseKind.I:
                return self._speaker_of_quotation(span)
            case PhraseKind.WE:
                return self._we(span)
            case PhraseKind.IT | PhraseKind.DOCUMENT:
                return self._body(span, phrase)
            case PhraseKind.SEVERAL:
                return self._several(span, phrase, exclude, use)
            case PhraseKind.NATION:
                return Resolution(tuple(self.cast.country(iso).key for iso in phrase.isos), 0.8)
            case PhraseKind.RELATIVE:
                return self._antecedent(span)
            case _:
                return Resolution((), 0.5)

    def _named(self, span: Span, use: Use) -> Resolution | None:
        actors = self.cast.within(span)
        persons = [a for a in actors if a.is_person]
        if persons:
            return Resolution(tuple(a.key for a in persons), 0.95)
        bodies = [a for a in actors if a.type in SPEAKING and a.type is not EntityType.COUNTRY]
        countries = [a for a in actors if a.type is EntityType.COUNTRY]
        phrase = self.phrase(span)
        if len(countries) > 1 and (phrase.kind is PhraseKind.SEVERAL or not bodies):
            holders = self._holders(span, phrase, [a.iso for a in countries if a.iso])
            return Resolution(holders or tuple(a.key for a in countries), 0.85)
        if bodies:
            return Resolution(tuple(a.key for a in bodies), 0.9)
        if countries:
            if phrase.kind is PhraseKind.TITLE:
                person = self._person(span, phrase, (), use)
                if person.keys:
                    return person
            return Resolution((countries[0].key,), 0.85)
        places = [a for a in actors if a.type is EntityType.PLACE and a.iso]
        if places and use is Use.SOURCE and phrase.kind is PhraseKind.OTHER:
            return Resolution((self.cast.country(places[0].iso or "").key,), 0.8)
        return None

    def _holders(self, span: Span, phrase: Phrase, isos: Sequence[str]) -> tuple[str, ...]:
        """Persons who hold the post that a plural phrase names in each of the countries, if all are known.

        Where not all are, those whom the next sentences list, as many as the countries, if none of the known is missing.
        """
        wanted = {w.removesuffix("s") for w in phrase.title}
        wanted |= _LEADING if wanted & {"leader", "head", "state"} else set()
        kind = office(" ".join(sorted(wanted)).replace("foreign minister", "minister foreign"))
        found: list[str] = []
        for iso in isos:
            fits = [
                a.key
                for a in self.cast.persons()
                if any(
                    t.iso == iso and not t.former and wanted & set(t.words.lower().split()) - _LOOSE for t in a.posts
                )
            ] or [
                a.key
                for a in self.cast.persons()
                if all(t.iso in {iso, None} for t in a.posts) and self._known_holder(a.name, iso, kind)
            ]
            found += fits[:1] if len(fits) == 1 else ()
        if len(found) == len(isos):
            return tuple(found)
        listed = self._listed_after(span, len(isos)) if wanted else ()
        return listed if set(found) <= set(listed) else ()

    def _listed_after(self, span: Span, count: int) -> tuple[str, ...]:
        """The ``count`` persons whom the sentence or one of the two after it lists: "Vieira, Murillo and Bárcena"."""
        last = min(self.layout.sentence_at(span.end) + 2, len(self.layout.sentences) - 1)
        reach = Span(span.end, self.layout.sentences[last].end)
        named = sorted(
            (s, a.key) for a in self.cast.within(reach) if a.is_person for s, _ in a.mentions if reach.holds(s)
        )
        run: list[str] = []
        end = None
        for place, key in named:
            joined = end is not None and _LISTED.fullmatch(self.cast.text, end, place.start)
            if not joined and len(run) == count:
                break
            run = [*run, key] if joined else [key]
            end = place.end
        return tuple(run) if len(run) == len(set(run)) == count else ()

    @staticmethod
    def _known_holder(name: str, iso: str, kind: str) -> bool:
        """Whether the tables know somebody of this full name in such an office of the country."""
        return " " in name and kind != "other" and any(h.iso == iso and h.office == kind for h in holders().named(name))

    def candidates(
        self, span: Span, phrase: Phrase, exclude: Sequence[str] = (), use: Use = Use.OTHER
    ) -> list[Candidate]:
        """The persons whom ``phrase`` at ``span`` may stand for, with their features."""
        return self._ranking.candidates(span, phrase, exclude, use)

    def _person(self, span: Span, phrase: Phrase, exclude: Sequence[str], use: Use) -> Resolution:
        found = self.candidates(span, phrase, exclude, use)
        if not found:
            return Resolution((), 0.5)
        scores = np.array([c.values @ self.weights for c in found])
        shares = np.exp(scores - scores.max())
        shares /= shares.sum()
        best = int(shares.argmax())
        return Resolution((found[best].key,), float(shares[best]))

    def _speaker_of_quotation(self, span: Span) -> Resolution:
        speakers = self.discourse.speakers_before(span.start + 400)
        if speakers:
            return Resolution(speakers[-1][:1], 0.7)
        return Resolution(self.issuer[:1], 0.5)

    def _we(self, span: Span) -> Resolution:
        if self.layout.quotation_at(span.start) is not None or not self.issuer:
            return self._speaker_of_quotation(span)
        return Resolution(self.issuer, 0.7)

    def _body(self, span: Span, phrase: Phrase) -> Resolution:
        """The body that "it" or "the statement" stands for: the last that spoke, else the last named nearby."""
        if phrase.isos:
            ministry = [a for a in self.cast.ministries() if a.iso in phrase.isos]
            return Resolution((ministry[0].key if ministry else self.cast.country(phrase.isos[0]).key,), 0.7)
        if phrase.kind is PhraseKind.DOCUMENT:
            named = self._issuing_body(span)
            if named is not None:
                return named
        recent = [keys for at, keys in self.discourse.speakers[-RECENT:] if at < span.start and span.start - at < 1200]
        for keys in reversed(recent[-3:]):
            bodies = [k for k in keys if self.cast.by_key[k].type in SPEAKING]
            if bodies:
                return Resolution(tuple(bodies), 0.75)
        for place, actor in self.cast.before(span.start):
            if span.start - place.end > 500:
                break
            if actor.type in SPEAKING and not (phrase.kind is PhraseKind.DOCUMENT and actor.type is EntityType.COUNTRY):
                return Resolution((actor.key,), 0.6)
        if phrase.kind is PhraseKind.DOCUMENT and recent:
            return Resolution(recent[-1], 0.5)
        return Resolution((), 0.3)

    def _issuing_body(self, span: Span) -> Resolution | None:
        """The body right after "a readout of the call" or "a statement" in its clause: "publicized by the ministry"."""
        sentence = self.layout.sentences[self.layout.sentence_at(span.start)]
        reach = min(sentence.end, span.end + 90)
        comma = self.cast.text.find(",", span.end, reach)
        clause = Span(span.end, comma if comma > span.end else reach) if reach > span.end else None
        bodies = (
            [a for a in self.cast.within(clause) if a.type in SPEAKING and a.type is not EntityType.COUNTRY]
            if clause
            else []
        )
        beside = clause is not None and re.match(
            r"\s+(?:of|from|by|issued|published|publici[sz]ed|released|posted|on|about|,)\b", clause.of(self.cast.text)
        )
        return Resolution((bodies[0].key,), 0.75) if bodies and beside else None

    def _several(self, span: Span, phrase: Phrase, exclude: Sequence[str], use: Use) -> Resolution:
        """The group that "they" or "the two ministers" stands for."""
        met = [Told(at, keys) for at, keys in self.discourse.parties[-RECENT:]]
        spoke = [Told(at, keys) for at, keys in self.discourse.speakers[-RECENT:]]
        return Resolution(*self.groups.choose(span, phrase, met, spoke, exclude, party=use is Use.PARTY))

    def _antecedent(self, span: Span) -> Resolution:
        for place, actor in self.cast.before(span.start):
            if span.start - place.end > 200:
                break
            if actor.is_person or actor.type in SPEAKING:
                return Resolution((actor.key,), 0.8)
        return Resolution((), 0.3)


__all__ = ["SPEAKING", "Linker", "LinkingWeights", "Resolution"]
