"""A set of triples under construction: what one named graph will hold."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from kg_build.nquads import Term, line, to_rdflib

if TYPE_CHECKING:
    from rdflib import Graph
    from rdflib.term import Identifier


class Triples:
    r"""A set of triples of encoded terms.

    >>> from kg_build.nquads import iri, text
    >>> triples = Triples()
    >>> triples.add(iri("a:s"), iri("a:p"), text("o"))
    >>> triples.lines(iri("a:g"))
    ['<a:s> <a:p> "o" <a:g> .\n']
    """

    __slots__ = ("_rows",)

    def __init__(self, rows: Iterable[tuple[Term, Term, Term]] = ()) -> None:
        self._rows = set(rows)

    def add(self, subject: Term, predicate: Term, object_: Term) -> None:
        """Adds one triple; adding it again changes nothing."""
        self._rows.add((subject, predicate, object_))

    def __len__(self) -> int:
        return len(self._rows)

    def __iter__(self) -> Iterator[tuple[Term, Term, Term]]:
        return iter(self._rows)

    def __contains__(self, triple: tuple[Term, Term, Term]) -> bool:
        return triple in self._rows

    def lines(self, graph: Term) -> list[str]:
        """The triples as lines of N-Quads in ``graph``, in the order of their code points."""
        return sorted(line(*row, graph) for row in self._rows)

    def to_rdflib(self) -> Graph:
        """The triples as a plain rdflib graph, which is what SHACL is checked on."""
        from rdflib import Graph  # only checking needs it, and it takes a while to load

        known: dict[Term, Identifier] = {}

        def node(term: Term) -> Identifier:
            found = known.get(term)
            if found is None:
                found = known[term] = to_rdflib(term)
            return found

        graph = Graph(store="SimpleMemory", bind_namespaces="none")
        for subject, predicate, object_ in sorted(self._rows):
            graph.add((node(subject), node(predicate), node(object_)))
        return graph


__all__ = ["Triples"]
