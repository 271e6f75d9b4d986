"""Triples gathered by subject and predicate, as formats that are read by people show them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import Final

from kg_build.nquads import Term, value_of
from kg_build.vocabulary import rdf

Row = tuple[Term, Term, Term]
"""Subject, predicate, object."""

_PLAIN_LOCAL: Final = re.compile(
    r"(?:[A-Za-z0-9_]|%[0-9A-F]{2})(?:(?:[A-Za-z0-9_.\-]|%[0-9A-F]{2})*(?:[A-Za-z0-9_\-]|%[0-9A-F]{2}))?"
)
_NAMESPACE_END: Final = re.compile(r"[/#][^/#]*\Z")


@dataclass(frozen=True, slots=True)
class Block:
    """All that is said of one subject: its types, and the objects of each other predicate."""

    subject: Term
    types: tuple[Term, ...]
    properties: tuple[tuple[Term, tuple[Term, ...]], ...]


def blocks(rows: Iterable[Row]) -> Iterator[Block]:
    """The blocks of ``rows``, in which equal subjects stand together, and equal predicates of one subject too."""
    for subject, same_subject in groupby(rows, key=lambda row: row[0]):
        types: tuple[Term, ...] = ()
        properties: list[tuple[Term, tuple[Term, ...]]] = []
        for predicate, same in groupby(same_subject, key=lambda row: row[1]):
            objects = tuple(row[2] for row in same)
            if predicate == rdf.type:
                types = objects
            else:
                properties.append((predicate, objects))
        yield Block(subject, types, tuple(properties))


class Abbreviator:
    """Writes IRIs with prefixes where that needs no escapes.

    >>> Abbreviator({"ex": "http://example.org/"}).shorten(Term("<http://example.org/a-1>"))
    'ex:a-1'
    """

    def __init__(self, prefixes: Mapping[str, str]) -> None:
        self._prefixes = {namespace: prefix for prefix, namespace in prefixes.items()}
        self._known: dict[Term, str | None] = {}

    def shorten(self, iri: Term) -> str | None:
        """``iri`` with a prefix, or None where there is none for it."""
        # The vocabularies' few hundred terms come back in every block; the graph's own nodes would fill the memory.
        if iri in self._known:
            return self._known[iri]
        name = self._shorten(value_of(iri))
        if len(self._known) < 4096:
            self._known[iri] = name
        return name

    def _shorten(self, iri: str) -> str | None:
        found = _NAMESPACE_END.search(iri)
        if found is None:
            return None
        split = found.start() + 1
        prefix, local = self._prefixes.get(iri[:split]), iri[split:]
        return f"{prefix}:{local}" if prefix is not None and _PLAIN_LOCAL.fullmatch(local) else None


__all__ = ["Abbreviator", "Block", "Row", "blocks"]
