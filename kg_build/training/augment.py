"""More training texts from those there are: names, countries and weekdays swapped for others of their kind.

What a text says stays as it was, so its annotations stay right; only their offsets move.
"""

from __future__ import annotations

import csv
import random
import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache

from kg_build.model import Span
from kg_build.reader.people import PARTICLES, tokens
from kg_build.reader.tables import NameKind, Tables
from kg_build.reference import OFFICE_HOLDERS_FILE
from kg_build.training.annotations import AnnotatedDocument

_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_WEEKDAY = re.compile(r"\b(?:" + "|".join(_WEEKDAYS) + r")\b")


@dataclass(frozen=True, slots=True)
class _Swap:
    span: Span
    words: str


class _Shift:
    """Moves offsets of a text to where they lie after its swaps."""

    def __init__(self, swaps: Sequence[_Swap]) -> None:
        self.swaps = swaps
        self._starts = [s.span.start for s in swaps]
        self._sums = [0]
        for s in swaps:
            self._sums.append(self._sums[-1] + len(s.words) - (s.span.end - s.span.start))

    def start(self, offset: int) -> int:
        """Where a span's first character goes; within a swapped name, to the name's start."""
        i = bisect_right(self._starts, offset) - 1
        if i >= 0 and offset < self.swaps[i].span.end:
            return self.swaps[i].span.start + self._sums[i]
        return offset + self._sums[i + 1]

    def end(self, offset: int) -> int:
        """Where a span's end goes; within a swapped name, to the name's end."""
        i = bisect_right(self._starts, offset - 1) - 1
        if i >= 0 and offset <= self.swaps[i].span.end:
            return self.swaps[i].span.start + self._sums[i] + len(self.swaps[i].words)
        return offset + self._sums[i + 1]

    def span(self, span: Span) -> Span:
        """``span`` after the swaps."""
        return Span(self.start(span.start), self.end(span.end))

    def maybe(self, span: Span | None) -> Span | None:
        """``span`` after the swaps, None as it is."""
        return None if span is None else self.span(span)


_PART = re.compile(r"[^\W\d_][\w’'.-]*")
_NO_SURNAME = re.compile(r"[JS]r\.?|[IVX]+")
"""What may stand last in a name and is no surname."""


@cache
def _names() -> tuple[tuple[str, ...], ...]:
    """Names of office-holders, in parts; the last one is a surname."""
    with OFFICE_HOLDERS_FILE.open(encoding="utf-8", newline="") as file:
        every = {tuple(row["name"].split()) for row in csv.DictReader(file)}
    return tuple(
        sorted(
            n
            for n in every
            if 2 <= len(n) <= 4 and all(_PART.fullmatch(p) for p in n) and not _NO_SURNAME.fullmatch(n[-1])
        )
    )


def augmented(document: AnnotatedDocument, tables: Tables, rng: random.Random, share: float = 0.7) -> AnnotatedDocument:
    """``document`` with about ``share`` of its persons, all of its countries and its weekdays swapped."""
    swaps = [
        *_person_swaps(document, rng, share),
        *_country_swaps(document, tables, rng),
        *_weekday_swaps(document, rng),
    ]
    kept: list[_Swap] = []
    for swap in sorted(swaps, key=lambda s: (s.span.start, -s.span.end)):
        if not kept or swap.span.start >= kept[-1].span.end:
            kept.append(swap)
    return _apply(document, kept)


def _person_swaps(document: AnnotatedDocument, rng: random.Random, share: float) -> list[_Swap]:
    by_key: dict[str, list[Span]] = defaultdict(list)
    for mark in document.entities:
        if mark.type == "person":
            by_key[mark.key].append(mark.span)
    swaps = []
    for key in sorted(by_key):
        if rng.random() > share:
            continue
        new = rng.choice(_names())
        for span in by_key[key]:
            words = _renamed(span.of(document.text), new)
            if words is not None:
                swaps.append(_Swap(span, words))
    return swaps


def _renamed(surface: str, new: tuple[str, ...]) -> str | None:
    """A surface form in the new name: a full name for a full name, a surname for a surname."""
    parts = [p for p in tokens(surface) if p not in PARTICLES]
    if not parts:
        return None
    words = " ".join(new) if len(parts) > 1 else new[-1]
    return words.upper() if surface.isupper() and len(surface) > 3 else words


def _country_swaps(document: AnnotatedDocument, tables: Tables, rng: random.Random) -> list[_Swap]:
    """Countries for countries, all forms of a name together; bodies' names and metonyms stay."""
    isos = [iso for iso in tables.countries if tables.countries[iso].foreign_ministry]
    new: dict[str, str] = {}
    swaps = []
    marked = [m.span for m in document.entities if m.type in {"person", "event", "organization", "media"}]
    for match in tables.matches(document.text):
        if match.kind not in {NameKind.NAME, NameKind.DEMONYM, NameKind.CAPITAL} or any(
            s.meets(match.span) for s in marked
        ):
            continue
        old = match.keys[0]
        if old not in new:
            new[old] = old if old == "US" or rng.random() < 0.4 else rng.choice(isos)
        name = tables.name(new[old], match.kind)
        surface = match.span.of(document.text)
        if new[old] != old and name is not None:
            words = name.partition(",")[0]  # a text that has "Washington, D.C." would have a comma too many
            swaps.append(_Swap(match.span, words.upper() if surface.isupper() and len(surface) > 3 else words))
    return swaps


def _weekday_swaps(document: AnnotatedDocument, rng: random.Random) -> list[_Swap]:
    by = rng.randrange(7)
    return [
        _Swap(Span(m.start(), m.end()), _WEEKDAYS[(_WEEKDAYS.index(m.group()) + by) % 7])
        for m in _WEEKDAY.finditer(document.text)
    ]


def _apply(document: AnnotatedDocument, swaps: Sequence[_Swap]) -> AnnotatedDocument:
    parts, at = [], 0
    for swap in swaps:
        parts += [document.text[at : swap.span.start], swap.words]
        at = swap.span.end
    shift = _Shift(swaps)
    return replace(
        document,
        text="".join([*parts, document.text[at:]]),
        entities=tuple(replace(e, span=shift.span(e.span)) for e in document.entities),
        posts=tuple(replace(p, span=shift.span(p.span)) for p in document.posts),
        statements=tuple(
            replace(
                s,
                content=tuple(shift.span(c) for c in s.content),
                cue=shift.maybe(s.cue),
                source=shift.maybe(s.source),
                via=shift.maybe(s.via),
            )
            for s in document.statements
        ),
        meetings=tuple(
            replace(
                m,
                trigger=shift.span(m.trigger),
                parties=tuple(replace(p, span=shift.maybe(p.span)) for p in m.parties),
                date_span=shift.maybe(m.date_span),
                place_span=shift.maybe(m.place_span),
                event_span=shift.maybe(m.event_span),
            )
            for m in document.meetings
        ),
    )


__all__ = ["augmented"]
