"""The two steps that a document takes: read, and, once its links are known, made into a graph and checked."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kg_build.assemble import Assembled, assemble, check
from kg_build.combine import Combination
from kg_build.documents import Made, Read
from kg_build.iris import Iris
from kg_build.links import DocumentLinks
from kg_build.model import Document, Reader, ReaderVersion, Reading
from kg_build.nquads import iri
from kg_build.records import decode, encode
from kg_build.resolve.notes import take_notes
from kg_build.triples import Triples

if TYPE_CHECKING:
    from kg_build.validate import Validator

ReaderFactory = Callable[[], Reader]
"""Makes a reader. It is called once in each worker process, so it must be a function that can be imported."""


@dataclass(frozen=True, slots=True)
class ReadTask:
    """Read a document."""

    document: Document


@dataclass(frozen=True, slots=True)
class NotesTask:
    """Take the notes of a document that was read before; ``reading`` is a ``Reading`` as JSON."""

    document: Document
    reading: bytes


@dataclass(frozen=True, slots=True)
class MakeTask:
    """Make and check a document's graph; ``reading`` and ``links`` (``DocumentLinks``) are JSON."""

    document: Document
    reading: bytes
    links: bytes


Task = ReadTask | NotesTask | MakeTask
Done = Read | Made


class DocumentReader:
    """Carries out tasks, with one reader and one set of shapes, each of them loaded when it is first needed."""

    def __init__(self, make_reader: ReaderFactory, base: str) -> None:
        self._make_reader = make_reader
        self._reader: Reader | None = None
        self._validator: Validator | None = None
        self._iris = Iris(base)

    @property
    def reader(self) -> Reader:
        """The reader. Raises what making it raises."""
        if self._reader is None:
            self._reader = self._make_reader()
        return self._reader

    @property
    def version(self) -> ReaderVersion:
        """The reader's."""
        return self.reader.version

    def do(self, task: Task) -> Done:
        """The outcome of ``task``. Raises whatever the reader raises, ReadingError for an unsound reading."""
        match task:
            case ReadTask(document):
                reading = self.reader.read(document)
                check(document, reading)
                return Read(document, encode(reading), encode(take_notes(document, reading, self._iris)))
            case NotesTask(document, raw):
                reading = decode(Reading, raw)
                return Read(document, raw, encode(take_notes(document, reading, self._iris)))
            case MakeTask(document, raw, links):
                return self._make(document, decode(Reading, raw), decode(DocumentLinks, links))

    def _make(self, document: Document, reading: Reading, links: DocumentLinks) -> Made:
        if self._validator is None:
            from kg_build.validate import Validator  # loading the shapes takes longer than reading a document

            self._validator = Validator()
        assembled = assemble(document, reading, self._iris, links)
        report = self._validator.validate(_with_consequences(assembled, self._iris).to_rdflib())
        return Made(
            document=document,
            graph=assembled.graph_iri,
            lines="".join(assembled.triples.lines(iri(assembled.graph_iri))).encode(),
            contribution=encode(assembled.contribution),
            findings=report.findings,
        )


def _with_consequences(assembled: Assembled, iris: Iris) -> Triples:
    """A document's graph with what would follow from it, were it the only document."""
    alone = Combination(iris)
    alone.add(assembled.contribution)
    return Triples([*assembled.triples, *alone.entities_graph(), *alone.inferred_graph()])


__all__ = ["DocumentReader", "Done", "MakeTask", "NotesTask", "ReadTask", "ReaderFactory", "Task"]
