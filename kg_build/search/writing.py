"""Writes the index: a row for each literal that can be searched, by the graph that states it.

Its rows are replaced graph by graph, so that one more document costs what that document has. Which rows there are
depends on the graphs alone, not on the way to them.
"""

from __future__ import annotations

import os
import re
import shutil
import sqlite3
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from hashlib import sha256
from itertools import groupby
from pathlib import Path
from typing import Final

from kg_build.errors import StoreError
from kg_build.nquads import Term, lexical
from kg_build.search.index import INDEX_NAME
from kg_build.writes.delta import Delta
from ontology import CQ, DCTERMS, FOAF, RDFS, SKOS

PROPERTIES: Final = (
    RDFS.label,
    SKOS.prefLabel,
    SKOS.altLabel,
    FOAF.name,
    CQ.misspelling,
    DCTERMS["title"],
    CQ.topic,
    CQ.content,
    CQ.quotation,
    CQ.text,
)
"""What is searched: labels and names, titles, topics, the words of statements, the texts of documents."""

_PREDICATES: Final = {f"<{iri}>": number for number, iri in enumerate(PROPERTIES)}
_PREDICATES_IN_BYTES: Final = frozenset(predicate.encode() for predicate in _PREDICATES)
_NO_IRI: Final = re.compile(r"[\x00-\x20<>\"{}|^`\\]")
_VERSION: Final = 1
# "remove_diacritics 2": Erdogan finds Erdoğan. "porter": ministers finds minister.
_SCHEMA: Final = f"""
CREATE TABLE graph (id INTEGER PRIMARY KEY, iri TEXT NOT NULL UNIQUE, digest TEXT NOT NULL);
CREATE TABLE entry (id INTEGER PRIMARY KEY, graph INTEGER NOT NULL, node TEXT NOT NULL, property INTEGER NOT NULL);
CREATE INDEX entry_graph ON entry (graph);
CREATE INDEX entry_node ON entry (node);
CREATE VIRTUAL TABLE words USING fts5 (text, tokenize = "porter unicode61 remove_diacritics 2");
PRAGMA user_version = {_VERSION};
"""


@dataclass(frozen=True, slots=True)
class GraphLines:
    """A named graph: its IRI, a digest of its content, and its lines of N-Quads when they are called for."""

    iri: str
    digest: str
    lines: Callable[[], Iterable[str]]


def update_index(file: Path, graphs: Iterable[GraphLines]) -> int:
    """Makes the index in ``file``, which need not be there, that of ``graphs``, each given once.

    Graphs whose digest is the one that the index knows are left as they are, unread; those that it has and that are not
    given are withdrawn. Returns how many graphs were read. It is on the disk when this returns. Raises StoreError where
    SQLite was built without FTS5, or the disk does not take it.
    """
    read = 0
    with _opened(file) as connection:
        known = {iri: (number, digest) for number, iri, digest in connection.execute("SELECT * FROM graph")}
        gone = dict(known)
        for graph in graphs:
            number, digest = known.get(graph.iri, (0, None))
            gone.pop(graph.iri, None)
            if digest != graph.digest:
                if not number:
                    number = _graph(connection, graph.iri)
                _replace(connection, number, graph.lines())
                connection.execute("UPDATE graph SET digest = ? WHERE id = ?", (graph.digest, number))
                read += 1
        for number, _ in gone.values():
            _clear(connection, number)
            connection.execute("DELETE FROM graph WHERE id = ?", (number,))
        if read > len(known) // 2:
            connection.execute("INSERT INTO words (words) VALUES ('optimize')")
        connection.commit()
    return read


def write_index(file: Path, data: Path) -> None:
    """Makes the index in ``file`` that of ``data``, sorted N-Quads as a build writes them. Raises as update_index."""
    update_index(file, _graphs_in(data))


def _graphs_in(data: Path) -> Iterator[GraphLines]:
    with data.open("rb") as stream:
        searched = (line for line in stream if line.split(b" ", 2)[1] in _PREDICATES_IN_BYTES)
        for graph, found in groupby(searched, key=lambda line: line.rsplit(b" ", 2)[1]):
            lines = [line.decode().rstrip("\n") for line in found]
            digest = sha256("\n".join(lines).encode()).hexdigest()
            yield GraphLines(graph.decode()[1:-1], digest, lambda lines=lines: lines)  # type: ignore[misc] # of a lambda


def apply_delta(file: Path, delta: Delta) -> None:
    """Makes in the index in ``file`` what a write made in the graph; doing it twice is the same as doing it once.

    The file belongs to a copy of the store that is thrown away when the machine stops, so nothing waits for the disk.
    """
    with _opened(file) as connection:
        connection.execute("PRAGMA synchronous = OFF")
        for iri in delta.cleared:
            _clear(connection, _graph(connection, iri))
        for line in delta.removed:
            _remove(connection, _graph(connection, line.graph), str(line))
        for line in delta.added:
            number = _graph(connection, line.graph)
            _remove(connection, number, str(line))  # a graph is a set
            _add(connection, number, _searchable(str(line)))
        connection.commit()


def copy_index(source: Path, target: Path) -> None:
    """Copies the index in the folder ``source``, or else the one beside it, if there is one, into ``target``.

    It is on the disk when this returns. Raises OSError.
    """
    for folder in (source, source.parent):
        if (folder / INDEX_NAME).is_file():
            shutil.copyfile(folder / INDEX_NAME, target / INDEX_NAME)
            with (target / INDEX_NAME).open("rb") as copied:
                os.fsync(copied.fileno())
            return


@contextmanager
def _opened(file: Path) -> Iterator[sqlite3.Connection]:
    """The index in ``file``, made where there is none. SQLite's errors come out as StoreError."""
    try:
        with closing(sqlite3.connect(file, timeout=30)) as connection:
            if connection.execute("PRAGMA user_version").fetchone()[0] != _VERSION:
                connection.executescript(_SCHEMA)
            yield connection
    except sqlite3.Error as error:
        hint = "it needs an SQLite with FTS5, and room on the disk; if it is damaged, remove it and build again"
        raise StoreError(f"the index for searching cannot be written: {error}", where=str(file), hint=hint) from error


def _graph(connection: sqlite3.Connection, iri: str) -> int:
    found = connection.execute("SELECT id FROM graph WHERE iri = ?", (iri,)).fetchone()
    if found is not None:
        return int(found[0])
    # No digest: whoever builds the graph anew reads it again.
    return connection.execute("INSERT INTO graph (iri, digest) VALUES (?, '')", (iri,)).lastrowid or 0


def _clear(connection: sqlite3.Connection, graph: int) -> None:
    connection.execute("DELETE FROM words WHERE rowid IN (SELECT id FROM entry WHERE graph = ?)", (graph,))
    connection.execute("DELETE FROM entry WHERE graph = ?", (graph,))


def _replace(connection: sqlite3.Connection, graph: int, lines: Iterable[str]) -> None:
    """Gives a graph the rows that its lines make, and touches those alone that are others than before."""
    query = "SELECT id, node, property, text FROM entry JOIN words ON words.rowid = id WHERE graph = ?"
    before = {(node, number, text): entry for entry, node, number, text in connection.execute(query, (graph,))}
    now = dict.fromkeys(found for line in lines if (found := _searchable(line)) is not None)
    for found, entry in before.items():
        if found not in now:
            _drop(connection, entry)
    for found in now:
        if found not in before:
            _add(connection, graph, found)


def _add(connection: sqlite3.Connection, graph: int, found: tuple[str, int, str] | None) -> None:
    if found is not None:
        node, number, text = found
        row = (graph, node, number)
        entry = connection.execute("INSERT INTO entry (graph, node, property) VALUES (?, ?, ?)", row).lastrowid
        connection.execute("INSERT INTO words (rowid, text) VALUES (?, ?)", (entry, text))


def _remove(connection: sqlite3.Connection, graph: int, line: str) -> None:
    found = _searchable(line)
    if found is None:
        return
    node, number, text = found
    query = "SELECT id, text FROM entry JOIN words ON words.rowid = id WHERE node = ? AND graph = ? AND property = ?"
    for entry, words in connection.execute(query, (node, graph, number)).fetchall():
        if words == text:
            _drop(connection, entry)


def _drop(connection: sqlite3.Connection, entry: int) -> None:
    connection.execute("DELETE FROM words WHERE rowid = ?", (entry,))
    connection.execute("DELETE FROM entry WHERE id = ?", (entry,))


def _searchable(line: str) -> tuple[str, int, str] | None:
    """Node, number of the property and text of a line of N-Quads; None for one that is not searched."""
    subject, predicate, rest = line.split(" ", 2)
    number = _PREDICATES.get(predicate)
    if number is None or not subject.startswith("<") or not rest.startswith('"'):
        return None
    literal, _, _ = rest.rsplit(" ", 2)
    if _NO_IRI.search(subject, 1, len(subject) - 1):
        return None  # it could not be written in a query
    return subject[1:-1], number, lexical(Term(literal)).value


__all__ = ["PROPERTIES", "GraphLines", "apply_delta", "copy_index", "update_index", "write_index"]
