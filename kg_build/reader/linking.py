"""Whom words stand for: names, pronouns, bare posts, nationalities and groups to actors.

One person is chosen by a ranking model over the persons mentioned nearby (a conditional logit over ``FEATURES``, its
weights learned from annotations); groups, bodies and countries by rules over what was told last.
"""

from __future__ import annotations

import math
import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from kg_build.model import EntityType, Span
from kg_build.reader.actors import Actor, Cast
from kg_build.reader.groups import GroupChoice, Told
from kg_build.reader.holders import holders, office
from kg_build.reader.layout import Layout
from kg_build.reader.people import tokens
from kg_build.reader.phrases import Gender, Phrase, PhraseKind, gender_of_name, take_apart

FEATURES = (
    "same_sentence", "previous_sentence", "two_sentences_back", "further_back", "log_distance", "nearest", "second_nearest",
    "beyond_third", "first_in_sentence", "first_in_paragraph", "last_speaker", "speaker_before_that", "in_last_meeting",
    "log_mentions", "gender_fits", "gender_conflicts", "follows", "title_fits", "title_head_fits", "title_conflicts",
    "title_unknown", "country_fits", "country_conflicts", "same_paragraph", "in_quotation", "pronoun_and_first",
    "pronoun_and_speaker", "title_and_nearest", "possessive", "first_of_document",
)  # fmt: skip
SPEAKING = frozenset(EntityType) - {EntityType.PERSON, EntityType.PLACE, EntityType.EVENT, EntityType.UNNAMED_SOURCE}
_REACH = 12
_RECENT = 8
_LISTED = re.compile(r"\s*(?:,|,?\s*and|&)\s*")
_TITLED = 80
_LOOK_BACK = 3000


@dataclass(slots=True)
class Discourse:
    """What has been told so far, the latest last: who spoke where, and who met."""

    speakers: list[tuple[int, tuple[str, ...]]] = field(default_factory=list)
    parties: list[tuple[int, tuple[str, ...]]] = field(default_factory=list)

    def speakers_before(self, offset: int) -> list[tuple[str, ...]]:
        """Those who spoke before ``offset``, the latest few, last one last."""
        return [keys for at, keys in self.speakers[-_RECENT:] if at < offset]

    def parties_before(self, offset: int) -> list[tuple[str, ...]]:
        """Those who met before ``offset``, the latest few, last one last."""
        return [keys for at, keys in self.parties[-_RECENT:] if at < offset]


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


@dataclass(frozen=True, slots=True)
class Candidate:
    """A person whom a phrase may stand for, with the values of ``FEATURES``."""

    key: str
    values: npt.NDArray[np.float64]


class Linker:
    """Resolves the phrases of one document, in the order of the text."""

    def __init__(self, cast: Cast, layout: Layout, weights: LinkingWeights, issuer: tuple[str, ...]) -> None:
        self.cast = cast
        self.layout = layout
        self.weights = weights.ranking
        self.groups = GroupChoice(cast, layout, weights.grouping)
        self.issuer = issuer
        self.discourse = Discourse()
        self._firsts = self._first_mentions()
        self._foremost = min((a.mentions[0][0].start for a in cast.persons() if a.mentions), default=-1)

    def _first_mentions(self) -> set[tuple[str, int]]:
        seen_sentence: set[int] = set()
        firsts: set[tuple[str, int]] = set()
        every = sorted((span.start, actor.key) for actor in self.cast.persons() for span, _ in actor.mentions)
        for start, key in every:
            sentence = self.layout.sentence_at(start)
            if sentence not in seen_sentence:
                seen_sentence.add(sentence)
                firsts.add((key, start))
        return firsts

    def phrase(self, span: Span) -> Phrase:
        """The words of ``span`` taken apart."""
        return take_apart(span.of(self.cast.text), self.cast.tables)

    def is_name(self, span: Span) -> bool:
        """Whether the words name somebody, rather than stand for somebody named elsewhere."""
        return any(a.is_person for a in self.cast.within(span))

    def resolve(self, span: Span, *, exclude: Sequence[str] = (), speaking: bool = False) -> Resolution:
        """Whom the words of ``span`` stand for; ``exclude`` are actors that they cannot mean.

        ``speaking`` says that the words name a speaker, so a place among them is its country.
        """
        named = self._named(span, speaking=speaking)
        if named is not None:
            return named
        phrase = self.phrase(span)
        match phrase.kind:
            case PhraseKind.HE_OR_SHE | PhraseKind.TITLE:
                return self._person(span, phrase, exclude)
            case PhraseKind.I:
                return self._speaker_of_quotation(span)
            case PhraseKind.WE:
                return self._we(span)
            case PhraseKind.IT | PhraseKind.DOCUMENT:
                return self._body(span, phrase)
            case PhraseKind.SEVERAL:
                return self._several(span, phrase, exclude)
            case PhraseKind.NATION:
                return Resolution(tuple(self.cast.country(iso).key for iso in phrase.isos), 0.8)
            case PhraseKind.RELATIVE:
                return self._antecedent(span)
            case _:
                return Resolution((), 0.5)

    def _named(self, span: Span, *, speaking: bool) -> Resolution | None:
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
                person = self._person(span, phrase, ())
                if person.keys:
                    return person
            return Resolution((countries[0].key,), 0.85)
        places = [a for a in actors if a.type is EntityType.PLACE and a.iso]
        if places and speaking and phrase.kind is PhraseKind.OTHER:
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

    def candidates(self, span: Span, phrase: Phrase, exclude: Sequence[str] = ()) -> list[Candidate]:
        """The persons whom ``phrase`` at ``span`` may stand for, with their features."""
        nearest: dict[str, Span] = {}
        for place, actor in self.cast.before(span.start):
            if span.start - place.end > _LOOK_BACK or len(nearest) >= _REACH:
                break
            if actor.is_person and actor.key not in nearest and actor.key not in exclude:
                nearest[actor.key] = place
        sentence = self.layout.sentences[self.layout.sentence_at(span.start)]
        for actor in self.cast.within(Span(span.end, sentence.end)) if span.end < sentence.end else ():
            if actor.is_person and actor.key not in nearest and actor.key not in exclude:
                later = next((s for s, _ in actor.mentions if span.end <= s.start < sentence.end), None)
                if later:
                    nearest[actor.key] = later
        if phrase.kind is PhraseKind.TITLE:
            for actor in self.cast.persons()[-_TITLED:]:
                i = bisect_left(actor.mentions, span.start, key=lambda m: m[0].start) - 1
                if actor.key not in nearest and actor.key not in exclude and i >= 0:
                    nearest[actor.key] = actor.mentions[i][0]
        return [
            Candidate(key, self._values(key, place, rank, span, phrase))
            for rank, (key, place) in enumerate(nearest.items())
        ]

    def _values(self, key: str, place: Span, rank: int, span: Span, phrase: Phrase) -> npt.NDArray[np.float64]:
        actor = self.cast.by_key[key]
        follows = place.start >= span.end
        gap = self.layout.sentence_at(span.start) - self.layout.sentence_at(place.start)
        first = (key, place.start) in self._firsts
        speakers = self.discourse.speakers_before(span.start)
        parties = self.discourse.parties_before(span.start)
        pronoun = phrase.kind is PhraseKind.HE_OR_SHE
        gender = _gender(actor)
        fits, head_fits, knows = _title_fit(actor, phrase)
        isos = {t.iso for t in actor.posts if t.iso} | ({actor.iso} if actor.iso else set())
        spoke = bool(speakers) and key in speakers[-1]
        values = {
            "same_sentence": gap == 0 and not follows,
            "previous_sentence": gap == 1,
            "two_sentences_back": gap == 2,
            "further_back": gap > 2,
            "log_distance": math.log1p(abs(span.start - place.end)),
            "nearest": rank == 0,
            "second_nearest": rank == 1,
            "beyond_third": rank > 2,
            "first_in_sentence": first,
            "first_in_paragraph": first and self._starts_paragraph(place),
            "last_speaker": spoke,
            "speaker_before_that": len(speakers) > 1 and key in speakers[-2],
            "in_last_meeting": bool(parties) and key in parties[-1],
            "log_mentions": math.log1p(bisect_left(actor.mentions, span.start, key=lambda m: m[0].start)),
            "gender_fits": gender is not None and gender is phrase.gender,
            "gender_conflicts": gender is not None and phrase.gender is not None and gender is not phrase.gender,
            "follows": follows,
            "title_fits": fits,
            "title_head_fits": head_fits,
            "title_conflicts": phrase.kind is PhraseKind.TITLE and knows and not head_fits,
            "title_unknown": phrase.kind is PhraseKind.TITLE and not knows,
            "country_fits": bool(isos & set(phrase.isos)),
            "country_conflicts": bool(phrase.isos) and bool(isos) and not isos & set(phrase.isos),
            "same_paragraph": self.layout.paragraph_at(place.start) == self.layout.paragraph_at(span.start),
            "in_quotation": self.layout.quotation_at(place.start) is not None,
            "pronoun_and_first": pronoun and first and gap <= 1,
            "pronoun_and_speaker": pronoun and spoke,
            "title_and_nearest": not pronoun and rank == 0,
            "possessive": self.cast.text[place.end : place.end + 2] in {"’s", "'s"},
            "first_of_document": actor.mentions[0][0].start == self._foremost,
        }
        return np.array([float(values[name]) for name in FEATURES])

    def _starts_paragraph(self, place: Span) -> bool:
        sentence = self.layout.sentences[self.layout.sentence_at(place.start)]
        paragraph = self.layout.paragraphs[self.layout.paragraph_at(place.start)]
        return sentence.start == paragraph.start

    def _person(self, span: Span, phrase: Phrase, exclude: Sequence[str]) -> Resolution:
        found = self.candidates(span, phrase, exclude)
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
        recent = [keys for at, keys in self.discourse.speakers[-_RECENT:] if at < span.start and span.start - at < 1200]
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

    def _several(self, span: Span, phrase: Phrase, exclude: Sequence[str]) -> Resolution:
        """The group that "they" or "the two ministers" stands for."""
        met = [Told(at, keys) for at, keys in self.discourse.parties[-_RECENT:]]
        spoke = [Told(at, keys) for at, keys in self.discourse.speakers[-_RECENT:]]
        return Resolution(*self.groups.choose(span, phrase, met, spoke, exclude))

    def _antecedent(self, span: Span) -> Resolution:
        for place, actor in self.cast.before(span.start):
            if span.start - place.end > 200:
                break
            if actor.is_person or actor.type in SPEAKING:
                return Resolution((actor.key,), 0.8)
        return Resolution((), 0.3)


def _gender(actor: Actor) -> Gender | None:
    for title in actor.posts:
        low = title.words.lower()
        if low.endswith(("woman", "lady", "queen", "princess")):
            return Gender.FEMALE
        if low.endswith(("man", "king", "prince", "emir", "sultan", "sheikh")) and not low.endswith("woman"):
            return Gender.MALE
    return gender_of_name(tokens(actor.name))


_LEADING = frozenset({"president", "king", "emir", "premier", "chancellor", "prime", "sultan", "chairman"})
_LOOSE = frozenset({"of", "for", "and", "the", "minister", "deputy"})
_SAME_HEAD = {"premier": "minister", "pm": "minister", "fm": "minister"}


def _title_fit(actor: Actor, phrase: Phrase) -> tuple[bool, bool, bool]:
    """Whether a title of ``actor`` holds all words of the phrase, has its head, and whether it has a title at all."""
    if phrase.kind is not PhraseKind.TITLE or not actor.posts:
        return False, False, bool(actor.posts)
    isoless = {w for w in phrase.title if len(w) > 1}
    fits = head = False
    for title in actor.posts:
        words = {w.strip(".,’'").lower() for w in title.words.replace("-", " ").split()}
        words |= {_SAME_HEAD[w] for w in words & _SAME_HEAD.keys()} | ({"prime"} if "premier" in words else set())
        shared = isoless & words
        head = head or bool(shared)
        fits = fits or (bool(shared) and len(isoless - words) <= len(phrase.isos))
    return fits, head, True


__all__ = ["FEATURES", "SPEAKING", "Candidate", "Discourse", "Linker", "LinkingWeights", "Resolution"]
