"""Which group "they", "the two ministers" or "both sides" stands for: a learned choice among groups told of before.

A conditional logit over ``GROUP_FEATURES``; the candidates are those who met or spoke together last, those whom the
sentences before name, those whose posts fit the phrase, and the countries of each.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Protocol

import numpy as np
import numpy.typing as npt

from kg_build.model import EntityType, Span
from kg_build.reader.actors import Actor, Cast
from kg_build.reader.layout import Layout
from kg_build.reader.persons import SPOKES, TITLED
from kg_build.reader.phrases import Phrase

GROUP_FEATURES = (
    "met_last", "met_before_that", "met_earlier", "spoke_last", "spoke_before_that", "in_this_sentence", "in_sentence_before",
    "in_paragraph", "last_two", "last_three", "by_title", "all_by_title", "named_by_country", "countries", "persons",
    "count_fits", "count_differs", "pair", "titles_fit", "titles_partly", "titles_conflict", "countries_wanted", "persons_for_countries",
    "pronoun_met_last", "pronoun_spoke_last", "pronoun_last_two", "definite_met_last", "definite_by_title", "near", "far", "isos_fit", "size_over_four",
    "coordinated", "coordinated_before", "subjects", "exact_title", "exact_title_anywhere", "with_spokesperson", "party_met_last",
    "party_spoke_last", "party_coordinated", "party_subjects",
)  # fmt: skip
_COORDINATED = re.compile(
    r"(?:[’']s)?(?:,?\s+(?:and|&|as well as)\s+|,\s+)(?:(?:[A-Z][\w’'.-]*|of|for|the|his|her|its|[a-z]+ minister|minister|president|premier|counterpart),?\s+){0,7}"
)
"""What stands between two names that "and" or a comma joins: titles and countries, but no verb."""
_PRONOUN = frozenset({"they", "them", "their", "theirs", "both", "each", "neither", "all", "either"})
_LEADERS = frozenset("president king queen emir amir premier chancellor sultan prime chairman leader head".split())
_SMALL = frozenset(
    """
    two three four five six both all either neither each top chief foreign senior latter former other
    """.split()
)


@dataclass(frozen=True, slots=True)
class Told:
    """A group told of before: where, and which actors."""

    at: int
    keys: tuple[str, ...]


@dataclass(slots=True)
class GroupCandidate:
    """A group that a phrase may stand for, with the names of the features that hold for it."""

    keys: tuple[str, ...]
    marks: set[str]
    at: int


class _Adder(Protocol):
    """Takes a group in: its keys, the feature that found it, and where it was told."""

    def __call__(self, keys: Iterable[str], mark: str, at: int) -> None: ...


class GroupChoice:
    """Finds and ranks the groups for the phrases of one document."""

    def __init__(self, cast: Cast, layout: Layout, weights: npt.NDArray[np.float64]) -> None:
        self.cast = cast
        self.layout = layout
        self.weights = weights

    def choose(
        self,
        span: Span,
        phrase: Phrase,
        met: Sequence[Told],
        spoke: Sequence[Told],
        exclude: Sequence[str],
        *,
        party: bool = False,
    ) -> tuple[tuple[str, ...], float]:
        """The keys of the likeliest group and its probability; no keys where there is no candidate.

        A phrase that says how many it means gets a group of that size where there is one. ``party`` says that the words
        name parties to an encounter.
        """
        found = self.candidates(span, phrase, met, spoke, exclude, party=party)
        if not found:
            return (), 0.3
        found = [c for c in found if phrase.count and len(c.keys) == phrase.count] or found
        scores = np.array([self.values(c, span, phrase, party=party) for c in found]) @ self.weights
        shares = np.exp(scores - scores.max())
        shares /= shares.sum()
        best = int(shares.argmax())
        return found[best].keys, float(shares[best])

    def candidates(
        self,
        span: Span,
        phrase: Phrase,
        met: Sequence[Told],
        spoke: Sequence[Told],
        exclude: Sequence[str],
        *,
        party: bool = False,  # noqa: ARG002 - whoever learns from the candidates wants to know it
    ) -> list[GroupCandidate]:
        """Every group that ``phrase`` at ``span`` may stand for, each once."""
        found: dict[frozenset[str], GroupCandidate] = {}

        def add(keys: Iterable[str], mark: str, at: int) -> None:
            kept = tuple(dict.fromkeys(k for k in keys if k not in exclude))
            if len(kept) < 2:
                return
            candidate = found.setdefault(frozenset(kept), GroupCandidate(kept, set(), at))
            candidate.marks.add(mark)
            candidate.at = max(candidate.at, at)

        for told, mark in zip(
            reversed([m for m in met if m.at < span.start and len(m.keys) > 1]),
            ("met_last", "met_before_that", "met_earlier"),
            strict=False,
        ):
            add(told.keys, mark, told.at)
            add(self._countries(told.keys), mark, told.at)
        speaking = [s for s in spoke if s.at < span.start]
        for told, mark in zip(reversed(speaking), ("spoke_last", "spoke_before_that"), strict=False):
            add(told.keys, mark, told.at)
        if len(speaking) > 1:
            add((*speaking[-2].keys, *speaking[-1].keys), "spoke_last", speaking[-1].at)
        self._by_place(span, add)
        self._by_title(span, phrase, add)
        self._by_grammar(span, add)
        if len(phrase.isos) > 1:
            add((self.cast.country(iso).key for iso in phrase.isos), "named_by_country", span.start)
            add(self._of_countries(phrase), "named_by_country", span.start)
        return list(found.values())

    def _by_place(self, span: Span, add: _Adder) -> None:
        sentence = self.layout.sentence_at(span.start)
        paragraph = self.layout.paragraphs[self.layout.paragraph_at(span.start)]
        here = self.layout.sentences[sentence]
        before = self.layout.sentences[sentence - 1] if sentence else None
        recent: list[tuple[Span, Actor]] = []
        for place, actor in self.cast.before(span.start):
            if span.start - place.end > 1500 or len(recent) > 60:
                break
            recent.append((place, actor))
        for person in (True, False):
            named = [(p, a) for p, a in recent if (a.is_person if person else a.type is EntityType.COUNTRY)]
            distinct = list(dict.fromkeys(a.key for _, a in named))
            at = named[0][0].start if named else 0
            add(reversed(distinct[:2]), "last_two", at)
            add(reversed(distinct[:3]), "last_three", at)
            add((a.key for p, a in reversed(named) if here.holds(p)), "in_this_sentence", at)
            if before is not None:
                add((a.key for p, a in reversed(named) if before.holds(p)), "in_sentence_before", before.start)
            add((a.key for p, a in reversed(named) if paragraph.holds(p)), "in_paragraph", at)

    def _by_title(self, span: Span, phrase: Phrase, add: _Adder) -> None:
        wanted = _wanted(phrase)
        if not wanted:
            return
        fitting: dict[str, int] = {}
        for place, actor in self.cast.before(span.start):
            if actor.is_person and actor.key not in fitting and _holds(actor, wanted):
                fitting[actor.key] = place.start
            if len(fitting) > 6:
                break
        keys = list(fitting)
        if len(keys) > 1:
            add(reversed(keys[: phrase.count or 2]), "by_title", fitting[keys[0]])
            add(reversed(keys), "all_by_title", fitting[keys[0]])
        exact = [k for k in fitting if _holds_exactly(self.cast.by_key[k], wanted)]
        if len(exact) > 1:
            add(reversed(exact[: phrase.count or 2]), "exact_title", fitting[exact[0]])
        anywhere = [
            a for a in self.cast.persons()[-TITLED:] if a.key in fitting or _holds_exactly(a, wanted, present=True)
        ]
        exact = [a.key for a in anywhere if _holds_exactly(a, wanted, present=True)]
        if len(exact) == (phrase.count or 2):
            add(exact, "exact_title_anywhere", span.start)

    def _by_grammar(self, span: Span, add: _Adder) -> None:
        """Names that "and" or commas join, and the first names of this sentence and of the one before."""
        here = self.layout.sentence_at(span.start)
        start = self.layout.sentences[max(0, here - 2)].start
        named: list[tuple[Span, str]] = []
        for place, actor in self.cast.before(span.start):
            if place.start < start or len(named) > 40:
                break
            if actor.is_person:
                named.append((place, actor.key))
        named.reverse()
        runs: list[list[tuple[Span, str]]] = []
        for place, key in named:
            last = runs[-1][-1][0] if runs else None
            if (
                last is not None
                and last.end < place.start
                and _COORDINATED.fullmatch(self.cast.text, last.end, place.start)
            ):
                runs[-1].append((place, key))
            else:
                runs.append([(place, key)])
        for run, mark in zip(
            reversed([r for r in runs if len(r) > 1]), ("coordinated", "coordinated_before"), strict=False
        ):
            add((k for _, k in run), mark, run[-1][0].start)
        firsts = [
            next(((p, k) for p, k in named if sentence.holds(p)), None)
            for sentence in self.layout.sentences[max(0, here - 1) : here + 1]
        ]
        add((f[1] for f in firsts if f is not None), "subjects", span.start)

    def _of_countries(self, phrase: Phrase) -> list[str]:
        """For each country of the phrase the one person who holds such a post there, else the country."""
        wanted = _wanted(phrase)
        found = []
        for iso in phrase.isos:
            holders = [
                a.key
                for a in self.cast.persons()
                if any(t.iso == iso and not t.former and wanted & _title(t.words) for t in a.posts)
            ]
            found.append(holders[0] if len(holders) == 1 else self.cast.country(iso).key)
        return found

    def _countries(self, keys: Sequence[str]) -> tuple[str, ...]:
        isos = [self.cast.by_key[k].iso for k in keys]
        return tuple(self.cast.country(i).key for i in isos if i) if all(isos) else ()

    def values(
        self, candidate: GroupCandidate, span: Span, phrase: Phrase, *, party: bool = False
    ) -> npt.NDArray[np.float64]:
        """The values of ``GROUP_FEATURES`` for a candidate."""
        actors = [self.cast.by_key[k] for k in candidate.keys]
        persons = all(a.is_person for a in actors)
        countries = all(a.type is EntityType.COUNTRY for a in actors)
        wanted = _wanted(phrase)
        fits = [_holds(a, wanted) for a in actors if a.is_person and a.posts] if wanted else []
        pronoun = phrase.words.lower() in _PRONOUN
        gap = self.layout.sentence_at(span.start) - self.layout.sentence_at(candidate.at)
        isos = {a.iso for a in actors if a.iso}
        marks = set(candidate.marks)
        marks |= {"countries"} if countries else set()
        marks |= {"persons"} if persons else set()
        if phrase.count:
            marks.add("count_fits" if len(actors) == phrase.count else "count_differs")
        marks |= {"pair"} if len(actors) == 2 else set()
        marks |= {"size_over_four"} if len(actors) > 4 else set()
        if fits:
            marks.add("titles_fit" if all(fits) else "titles_partly" if any(fits) else "titles_conflict")
        if phrase.countries:
            marks.add("countries_wanted" if countries else "persons_for_countries")
        for name in ("met_last", "spoke_last", "last_two"):
            if pronoun and name in marks:
                marks.add(f"pronoun_{name}")
        for name in ("met_last", "by_title"):
            if not pronoun and name in marks:
                marks.add(f"definite_{name}")
        for name in ("met_last", "spoke_last", "coordinated", "subjects"):
            if party and name in marks:
                marks.add(f"party_{name}")
        marks |= {"with_spokesperson"} if any(SPOKES.search(t.words) for a in actors for t in a.posts) else set()
        marks |= {"near"} if gap <= 1 else {"far"} if gap > 4 else set()
        marks |= {"isos_fit"} if phrase.isos and isos == set(phrase.isos) else set()
        return np.array([float(name in marks) for name in GROUP_FEATURES])


@lru_cache(maxsize=4096)
def _title(words: str) -> frozenset[str]:
    return frozenset(re.findall(r"[a-z]+", words.lower().replace("premier", "prime minister")))


def _wanted(phrase: Phrase) -> set[str]:
    """The words of the post that a plural phrase names, in the singular."""
    if phrase.words.lower() in _PRONOUN:
        return set()
    words = {w.removesuffix("s") for w in phrase.title} - _SMALL
    if words & {"leader", "head"}:
        words |= _LEADERS
    if words & {"diplomat"}:
        words |= {"minister", "ambassador", "envoy"}
    return words - {"side", "countrie", "men", "man", "official", "state", "government", "women"}


def _holds_exactly(actor: Actor, wanted: set[str], *, present: bool = False) -> bool:
    """Whether a post of ``actor`` has all the words: a foreign minister is no "prime minister"."""
    return any(wanted <= _title(t.words) and not (present and t.former) for t in actor.posts)


def _holds(actor: Actor, wanted: set[str]) -> bool:
    return any(wanted & _title(t.words) for t in actor.posts)


__all__ = ["GROUP_FEATURES", "GroupCandidate", "GroupChoice", "Told"]
