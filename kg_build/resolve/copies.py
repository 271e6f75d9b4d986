"""Which documents repeat another one’s text: one agency’s text in five outlets, cut, edited, with another headline.

A document’s fingerprint is small and kept with its notes, so that no text has to be read again. Two documents are
compared only where their fingerprints share a band (locality-sensitive hashing), so the work does not grow with the
number of pairs.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final, Protocol
from zlib import crc32

from rensa import RMinHash

from kg_build.moments import sortable

_WORD: Final = re.compile(r"[^\W_]+")
_SHINGLE: Final = 3  # words
_FEWEST_SHINGLES: Final = 30  # of a shorter text, a likeness says nothing
_BANDS: Final = 40
_ROWS: Final = 3
_SEED: Final = 1
_MOST_NAMES: Final = 96
# Measured by benchmarks/copies.py: what the same text in other dress reaches, and releases of one template do not.
_SHARED: Final = 0.75
_SHARED_NAMES: Final = 0.85
_LIKENESS: Final = 0.3
_WITHIN_DAYS: Final = 7


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """What is kept of a text in order to know it again.

    ``shingles`` is how many different runs of three words it has, ``signature`` a MinHash of them, and ``names`` hashes
    of words in capitals and of numbers (of many the smallest): two releases of one template differ in just these.
    """

    shingles: int
    signature: tuple[int, ...]
    names: tuple[int, ...]


class Printed(Protocol):
    """What is looked at of a document; its notes are such a thing."""

    @property
    def document(self) -> str:
        """Its identifier."""

    @property
    def published(self) -> date | datetime | None:
        """When it was published."""

    @property
    def fingerprint(self) -> Fingerprint | None:
        """Its text’s fingerprint; None for a text that is too short to be known again."""


def fingerprint(text: str) -> Fingerprint | None:
    """The fingerprint of a text, the same on every machine; None where the text has too few words.

    >>> fingerprint("Ministers met in Oslo.") is None
    True
    """
    words = _WORD.findall(text)
    lower = [word.lower() for word in words]
    shingles = {" ".join(lower[i : i + _SHINGLE]) for i in range(len(lower) - _SHINGLE + 1)}
    if len(shingles) < _FEWEST_SHINGLES:
        return None
    sketch = RMinHash(_BANDS * _ROWS, _SEED)
    sketch.update(sorted(shingles))
    names = {crc32(word.lower().encode()) for word in words if word[0].isupper() or word[0].isdigit()}
    return Fingerprint(len(shingles), tuple(sketch.digest()), tuple(sorted(names)[:_MOST_NAMES]))


def find_copies(documents: Iterable[Printed]) -> dict[str, str]:
    """For each document that repeats another one’s text, the one that had it first, by identifiers.

    The first is the one published earliest, of several the one whose identifier comes first; a document without a date
    comes after all that have one. The order of ``documents`` does not matter.
    """
    by_age = sorted(documents, key=lambda d: (d.published is None, sortable(d.published), d.document))
    age = {document.document: number for number, document in enumerate(by_age)}
    first: dict[str, str] = {}

    def origin(of: str) -> str:
        while of in first:
            of = first[of]
        return of

    for one, other in _likely(by_age):
        if _is_copy(one, other):
            earlier, later = sorted((origin(one.document), origin(other.document)), key=age.__getitem__)
            if earlier != later:
                first[later] = earlier
    return {later: origin(later) for later in sorted(first)}


def _likely(by_age: Iterable[Printed]) -> Iterator[tuple[Printed, Printed]]:
    """Pairs of documents near in time that share a band of their signatures, each once."""
    bands: dict[tuple[int, ...], list[Printed]] = defaultdict(list)
    for document in by_age:
        if document.fingerprint is not None:
            signature = document.fingerprint.signature
            for band in range(_BANDS):
                bands[(band, *signature[band * _ROWS : (band + 1) * _ROWS])].append(document)
    seen: set[tuple[str, str]] = set()
    for same in bands.values():
        for number, one in enumerate(same):
            for other in same[number + 1 :]:
                if not _near(one.published, other.published):
                    break  # nor are those after it, which are younger still
                if (pair := (one.document, other.document)) not in seen:
                    seen.add(pair)
                    yield one, other


def _is_copy(one: Printed, other: Printed) -> bool:
    if one.fingerprint is None or other.fingerprint is None:
        return False
    likeness, shared = compare(one.fingerprint, other.fingerprint)
    return (
        likeness >= _LIKENESS
        and shared >= _SHARED
        and shared_names(one.fingerprint, other.fingerprint) >= _SHARED_NAMES
    )


def _near(one: date | datetime | None, other: date | datetime | None) -> bool:
    """Whether they came out within days of each other; where a date is missing, that is not held against them."""
    if one is None or other is None:
        return True
    days = [moment.date() if isinstance(moment, datetime) else moment for moment in (one, other)]
    return abs((days[0] - days[1]).days) <= _WITHIN_DAYS


def compare(one: Fingerprint, other: Fingerprint) -> tuple[float, float]:
    """Estimates of how alike two texts are: the Jaccard index, and how much of the shorter one stands in the other."""
    equal = sum(a == b for a, b in zip(one.signature, other.signature, strict=True))
    likeness = equal / len(one.signature)
    together = likeness / (1 + likeness) * (one.shingles + other.shingles)
    return likeness, min(1.0, together / min(one.shingles, other.shingles))


def shared_names(one: Fingerprint, other: Fingerprint) -> float:
    """How many of the names and numbers of the text that has fewer stand in the other one, from 0 to 1."""
    # Beyond its largest hash, a list that was cut says nothing of what the text has.
    ends = [names[-1] for names in (one.names, other.names) if len(names) == _MOST_NAMES]
    end = min(ends, default=None)
    first, second = ({n for n in names if end is None or n <= end} for names in (one.names, other.names))
    fewer = min(len(first), len(second))
    return len(first & second) / fewer if fewer else 1.0


__all__ = ["Fingerprint", "Printed", "compare", "find_copies", "fingerprint", "shared_names"]
