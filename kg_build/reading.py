"""One document's way through a build: read, assemble, check against the shapes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from kg_build.assemble import Assembled, assemble
from kg_build.combine import Combination
from kg_build.contribution import Contribution
from kg_build.iris import Iris
from kg_build.model import Document, Reader, ReaderVersion
from kg_build.nquads import iri
from kg_build.triples import Triples
from kg_build.validate import Finding, Validator

ReaderFactory = Callable[[], Reader]
"""Makes a reader. It is called once in each worker process, so it must be a function that can be imported."""


@dataclass(frozen=True, slots=True)
class DocumentGraphRecord:
    """A document's graph as a build stores it: its IRI, sorted lines of N-Quads, and what follows from it."""

    document: Document
    graph_iri: str
    lines: bytes
    triples: int
    contribution: Contribution
    findings: tuple[Finding, ...]
    conforms: bool


class DocumentReader:
    """Takes documents to their graphs with one reader and one set of shapes."""

    def __init__(self, make_reader: ReaderFactory, base: str) -> None:
        self._reader = make_reader()
        self._validator = Validator()
        self._iris = Iris(base)

    @property
    def version(self) -> ReaderVersion:
        """The reader's."""
        return self._reader.version

    def process(self, document: Document) -> DocumentGraphRecord:
        """The graph of ``document``, with the findings of the shapes. Raises whatever the reader raises."""
        assembled = assemble(document, self._reader.read(document), self._iris)
        report = self._validator.validate(_with_consequences(assembled, self._iris).to_rdflib())
        lines = assembled.triples.lines(iri(assembled.graph_iri))
        return DocumentGraphRecord(
            document=document,
            graph_iri=assembled.graph_iri,
            lines="".join(lines).encode(),
            triples=len(lines),
            contribution=assembled.contribution,
            findings=report.findings,
            conforms=report.conforms,
        )


def _with_consequences(assembled: Assembled, iris: Iris) -> Triples:
    """A document's graph with what would follow from it, were it the only document."""
    alone = Combination(iris)
    alone.add(assembled.contribution)
    return Triples([*assembled.triples, *alone.entities_graph(), *alone.inferred_graph()])


__all__ = ["DocumentGraphRecord", "DocumentReader", "ReaderFactory"]
