"""What a build keeps of each document, so that none is read twice: ``documents.sqlite`` in its folder.

Of each document: its source (text and what is known of it), what the reader found, the notes for linking, its links,
and what its graph adds to the others. The lines of the graph themselves stand in ``data.nq``; here is only where.
"""

from __future__ import annotations

import shutil
import sqlite3
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self

from kg_build.contribution import Contribution
from kg_build.errors import StoreError
from kg_build.findings import Finding, Severity
from kg_build.model import Document
from kg_build.records import decode, encode
from kg_build.resolve.notes import DocumentNotes
from kg_build.sources import InputFile, SetAside

_SCHEMA: Final = """
CREATE TABLE facts(name TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE documents(
    id TEXT PRIMARY KEY,
    source BLOB NOT NULL,
    file TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    read_by TEXT,
    failure BLOB,
    reading BLOB,
    notes BLOB,
    links BLOB,
    graph TEXT,
    lines_sha256 TEXT,
    contribution BLOB,
    findings BLOB,
    refused BLOB
) WITHOUT ROWID;
CREATE TABLE pieces(
    graph TEXT PRIMARY KEY,
    start INTEGER NOT NULL,
    size INTEGER NOT NULL,
    triples INTEGER NOT NULL,
    sha256 TEXT NOT NULL
);
CREATE TABLE inputs(path TEXT PRIMARY KEY, file TEXT NOT NULL, record BLOB NOT NULL);
CREATE TABLE set_aside(number INTEGER PRIMARY KEY, file TEXT NOT NULL, record BLOB NOT NULL);
"""


@dataclass(frozen=True, slots=True)
class Read:
    """What the reader found in a document, and the notes for linking, both as JSON (see ``kg_build.records``)."""

    document: Document
    reading: bytes
    notes: bytes


@dataclass(frozen=True, slots=True)
class Made:
    """A document's graph: its IRI, sorted lines of N-Quads, and what follows from it."""

    document: Document
    graph: str
    lines: bytes
    contribution: bytes
    """A ``Contribution`` as JSON."""
    findings: tuple[Finding, ...]

    @property
    def conforms(self) -> bool:
        """Whether the graph breaks no shape; warnings do not count."""
        return all(finding.severity is not Severity.VIOLATION for finding in self.findings)


@dataclass(frozen=True, slots=True)
class Failure:
    """A document that could not be read, and why."""

    document: Document
    reason: str
    hint: str | None = None


@dataclass(frozen=True, slots=True)
class Piece:
    """Where the lines of a graph lie in ``data.nq``, in bytes, how many they are, and their SHA-256."""

    graph: str
    start: int
    size: int
    triples: int
    sha256: str


@dataclass(frozen=True, slots=True)
class _Why:
    reason: str
    hint: str | None


class Documents:
    """The file of documents, open for a build that works on its own copy. Use it as a context manager.

    Nothing is safe on the disk before the block ends: what a killed build leaves is thrown away whole.
    """

    def __init__(self, file: Path, previous: Path | None = None) -> None:
        if previous is not None:
            shutil.copyfile(previous, file)
        self._file = file
        self._connection = _open(file)
        with _translated(file):
            self._connection.executescript("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;")
            if previous is None:
                self._connection.executescript(_SCHEMA)
            self._connection.execute("BEGIN")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        try:
            if kind is None:
                with _translated(self._file):
                    self._connection.execute("COMMIT")
        finally:
            self._connection.close()

    # What came in

    def take(self, document: Document) -> bool:
        """Keeps ``document``, in the place of the one with its identifier. Whether it has to be read is returned."""
        key = _hash(document)
        found = self._row("SELECT sha256, reading IS NULL, source FROM documents WHERE id = ?", document.id)
        source, file = zlib.compress(encode(document), 1), _shown(document.file or Path(document.id))
        if found is not None and found[0] == key:
            if found[2] != source:
                self._do("UPDATE documents SET source = ?, file = ? WHERE id = ?", source, file, document.id)
            return bool(found[1])  # one that could not be read is tried again
        self._do("DELETE FROM documents WHERE id = ?", document.id)
        self._do("INSERT INTO documents(id, source, file, sha256) VALUES (?, ?, ?, ?)", document.id, source, file, key)
        return True

    def withdraw(self, identifier: str) -> bool:
        """Drops a document; False where there is none of that identifier."""
        return self._do("DELETE FROM documents WHERE id = ?", identifier) > 0

    def document(self, identifier: str) -> Document:
        """A document as it came in. Raises LookupError where there is none of that identifier."""
        row = self._row("SELECT source FROM documents WHERE id = ?", identifier)
        if row is None:
            raise LookupError(identifier)
        return decode(Document, zlib.decompress(row[0]))

    def identifiers(self) -> list[str]:
        """The identifiers of all documents, those that could not be read too, sorted."""
        return sorted(row[0] for row in self._rows("SELECT id FROM documents"))

    # Readings

    def unread_by(self, reader: str) -> list[str]:
        """The documents that ``reader`` has not read yet, sorted."""
        return sorted(row[0] for row in self._rows("SELECT id FROM documents WHERE read_by IS NOT ?", reader))

    def keep_reading(self, found: Read, reader: str) -> None:
        """Keeps what was found in a document."""
        reading = zlib.compress(found.reading, 1)
        self._do(
            "UPDATE documents SET read_by = ?, reading = ?, notes = ?, failure = NULL, links = NULL WHERE id = ?",
            reader, reading, found.notes, found.document.id,
        )  # fmt: skip

    def keep_notes(self, identifier: str, notes: bytes) -> None:
        """Keeps other notes of a document that was read before."""
        self._do("UPDATE documents SET notes = ?, links = NULL WHERE id = ?", notes, identifier)

    def keep_failure(self, failure: Failure, reader: str) -> None:
        """Keeps why a document could not be read."""
        self._do(
            "UPDATE documents SET read_by = ?, failure = ?, reading = NULL, notes = NULL, links = NULL, graph = NULL, "
            "lines_sha256 = NULL, contribution = NULL, findings = NULL, refused = NULL WHERE id = ?",
            reader, encode(_Why(failure.reason, failure.hint)), failure.document.id,
        )  # fmt: skip

    def reading(self, identifier: str) -> bytes:
        """What was found in a document, as JSON."""
        row = self._row("SELECT reading FROM documents WHERE id = ?", identifier)
        if row is None or row[0] is None:
            raise LookupError(identifier)
        return zlib.decompress(row[0])

    def notes(self) -> Iterator[DocumentNotes]:
        """The notes of all documents that could be read, in the order of their identifiers."""
        for (notes,) in self._rows("SELECT notes FROM documents WHERE notes IS NOT NULL ORDER BY id"):
            yield decode(DocumentNotes, notes)

    # Graphs

    def links(self) -> dict[str, bytes | None]:
        """The links, as JSON, that the graph of each document that could be read was made with; None before it is."""
        return dict(self._rows("SELECT id, links FROM documents WHERE reading IS NOT NULL ORDER BY id"))

    def keep_graph(self, made: Made, links: bytes) -> None:
        """Keeps what follows from a document's graph, and, where it broke a shape, the graph."""
        self._do(
            "UPDATE documents SET links = ?, failure = NULL, graph = ?, lines_sha256 = ?, contribution = ?, "
            "findings = ?, refused = ? WHERE id = ?",
            links,
            made.graph,
            sha256(made.lines).hexdigest() if made.conforms else None,
            made.contribution if made.conforms else None,
            encode(made.findings),
            None if made.conforms else zlib.compress(made.lines),
            made.document.id,
        )

    def keep_unmade(self, failure: Failure, links: bytes) -> None:
        """Keeps why the graph of a document could not be made, although it could be read."""
        self._do(
            "UPDATE documents SET links = ?, failure = ?, graph = NULL, lines_sha256 = NULL, contribution = NULL, "
            "findings = NULL, refused = NULL WHERE id = ?",
            links, encode(_Why(failure.reason, failure.hint)), failure.document.id,
        )  # fmt: skip

    def graphs(self) -> list[tuple[str, str]]:
        """The graphs that are part of the whole, by IRI, each with the SHA-256 of its lines."""
        return sorted(self._rows("SELECT graph, lines_sha256 FROM documents WHERE lines_sha256 IS NOT NULL"))

    def contributions(self) -> Iterator[Contribution]:
        """What these graphs add to the others, in the order of the documents' identifiers."""
        for (row,) in self._rows("SELECT contribution FROM documents WHERE contribution IS NOT NULL ORDER BY id"):
            yield decode(Contribution, row)

    def findings(self) -> Iterator[tuple[str, Finding]]:
        """The findings of the shapes, each with the graph's IRI, those in graphs that were refused too."""
        for graph, row in self._rows("SELECT graph, findings FROM documents WHERE findings IS NOT NULL ORDER BY id"):
            for finding in decode(tuple[Finding, ...], row):
                yield graph, finding

    # What was set aside

    def failures(self) -> Iterator[Failure | Made]:
        """The documents that could not be read and those whose graphs broke a shape, by identifier."""
        for identifier, failure, graph, refused, findings in self._rows(
            "SELECT id, failure, graph, refused, findings FROM documents "
            "WHERE failure IS NOT NULL OR refused IS NOT NULL ORDER BY id"
        ):
            document = self.document(identifier)
            if failure is not None:
                why = decode(_Why, failure)
                yield Failure(document, why.reason, why.hint)
            else:
                yield Made(document, graph, zlib.decompress(refused), b"", decode(tuple[Finding, ...], findings))

    def begin_inputs(self, files: Iterable[Path]) -> None:
        """Forgets what earlier builds set aside of these files, which are about to be read again."""
        for file in files:
            self._do("DELETE FROM set_aside WHERE file = ?", _shown(file))

    def set_aside(self, record: SetAside) -> None:
        """Keeps the record of an input that could not be used."""
        self._do("INSERT INTO set_aside(file, record) VALUES (?, ?)", _shown(record.file), encode(record))

    def all_set_aside(self) -> list[SetAside]:
        """All inputs that could not be used, by file and line."""
        found = [decode(SetAside, row) for (row,) in self._rows("SELECT record FROM set_aside")]
        return sorted(found, key=lambda record: (str(record.file), record.line or 0, record.reason))

    def keep_input(self, file: Path, part: InputFile) -> None:
        """Keeps the record of a file that documents came from; ``part`` is it or what stands beside it."""
        record = replace(part, path=_shown(Path(part.path)))
        self._do("INSERT OR REPLACE INTO inputs VALUES (?, ?, ?)", record.path, _shown(file), encode(record))

    def inputs(self) -> tuple[InputFile, ...]:
        """The files that anything in the build came from, by path; each before what stands beside it."""
        used = {_shown(record.file) for record in self.all_set_aside()}
        used |= {row[0] for row in self._rows("SELECT DISTINCT file FROM documents")}
        rows = self._rows("SELECT file, record FROM inputs ORDER BY file, path != file, path")
        return tuple(decode(InputFile, record) for file, record in rows if file in used)

    # What the whole was made with and where it lies

    def fact(self, name: str) -> str | None:
        """Something about the build as a whole that was kept under ``name``."""
        row = self._row("SELECT value FROM facts WHERE name = ?", name)
        return str(row[0]) if row else None

    def keep_fact(self, name: str, value: str) -> None:
        """Keeps something about the build as a whole."""
        self._do("INSERT OR REPLACE INTO facts VALUES (?, ?)", name, value)

    def pieces(self) -> dict[str, Piece]:
        """Where the lines of each graph lie in ``data.nq``, by the graph's IRI."""
        return {row[0]: Piece(*row) for row in self._rows("SELECT graph, start, size, triples, sha256 FROM pieces")}

    def keep_pieces(self, pieces: Iterable[Piece]) -> None:
        """Keeps where the lines of all graphs lie."""
        self._do("DELETE FROM pieces")
        with _translated(self._file):
            self._connection.executemany(
                "INSERT INTO pieces VALUES (?, ?, ?, ?, ?)",
                ((p.graph, p.start, p.size, p.triples, p.sha256) for p in pieces),
            )

    def _do(self, sql: str, *values: object) -> int:
        with _translated(self._file):
            return self._connection.execute(sql, values).rowcount

    def _row(self, sql: str, *values: object) -> tuple[Any, ...] | None:
        with _translated(self._file):
            found: tuple[Any, ...] | None = self._connection.execute(sql, values).fetchone()
            return found

    def _rows(self, sql: str, *values: object) -> Iterator[tuple[Any, ...]]:
        with _translated(self._file):
            yield from self._connection.execute(sql, values)


def identifiers_in(file: Path) -> list[str]:
    """The identifiers of all documents kept in ``file``, sorted. Raises StoreError."""
    with _reading(file) as connection:
        return [row[0] for row in connection.execute("SELECT id FROM documents ORDER BY id")]


@contextmanager
def _reading(file: Path) -> Iterator[sqlite3.Connection]:
    with _translated(file):
        connection = sqlite3.connect(f"{file.resolve().as_uri()}?mode=ro", uri=True)
        try:
            yield connection
        finally:
            connection.close()


def _open(file: Path) -> sqlite3.Connection:
    with _translated(file):
        return sqlite3.connect(file, isolation_level=None)


@contextmanager
def _translated(file: Path) -> Iterator[None]:
    try:
        yield
    except (sqlite3.Error, zlib.error) as error:
        raise StoreError(f"what is kept of the documents: {error}", where=str(file)) from error


def _hash(document: Document) -> str:
    """A hash of all that a reading can depend on: not of where the document came from."""
    return sha256(encode(replace(document, file=None, line=None))).hexdigest()


def _shown(file: Path) -> str:
    return str(file).encode("utf-8", "surrogateescape").decode("utf-8", "replace")


__all__ = ["Documents", "Failure", "Made", "Piece", "Read", "identifiers_in"]
