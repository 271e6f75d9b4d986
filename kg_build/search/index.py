"""Reads the index: which nodes have literals with certain words, the best first."""

from __future__ import annotations

import os
import sqlite3
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from kg_build.errors import QueryError, StoreError
from kg_build.search.words import to_expression

INDEX_NAME: Final = "search.sqlite"
MOST_HITS: Final = 10_000
"""Nodes that one search may find."""

# A node counts by the best of its literals. BM25 is the lower the better; people expect the contrary. Of equal hits the
# order of the IRIs decides, so that a limit cuts at the same place everywhere.
_FIND: Final = """
WITH hit AS MATERIALIZED (SELECT rowid AS entry, -bm25(words) AS score FROM words WHERE words MATCH :expression)
SELECT node, round(max(score), 4) AS score FROM hit JOIN entry ON entry.id = hit.entry {where}
GROUP BY node ORDER BY score DESC, node LIMIT :limit
"""


@dataclass(frozen=True, slots=True)
class Hit:
    """A node that has the words in one of its literals. The score (BM25) is the higher the better."""

    iri: str
    score: float


class SearchIndex:
    """The index in ``file``. Safe to use from several threads, and after a fork."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._is = _identity(file)
        self._lock = threading.Lock()
        self._connection: sqlite3.Connection | None = None
        self._process = 0

    @classmethod
    def of(cls, store: Path) -> SearchIndex | None:
        """The index that lies in a store's folder, as with snapshots, or beside it; None where there is none."""
        folder = store.absolute()
        for file in (folder / INDEX_NAME, folder.parent / INDEX_NAME):
            if file.is_file():
                return cls(file)
        return None

    def find(self, words: str, *, limit: int | None = None, node: str | None = None) -> list[Hit]:
        """The nodes that have ``words`` in one literal, the best first, ``limit`` at most; ``node`` alone if given.

        Raises QueryError where the words cannot be understood, and where more than MOST_HITS are found or asked for;
        StoreError where the index cannot be read.
        """
        expression = to_expression(words)
        if limit is not None and not 0 < limit <= MOST_HITS:
            raise QueryError(f"cq:search: a limit is between 1 and {MOST_HITS:,}")
        query = _FIND.format(where="WHERE node = :node" if node else "")
        parameters = {"expression": expression, "limit": limit or MOST_HITS + 1, "node": node}
        try:
            with self._lock:
                rows = self._connected().execute(query, parameters).fetchall()
        except sqlite3.Error as error:
            hint = "build the graph again"
            raise StoreError(f"the index cannot be read: {error}", where=str(self._file), hint=hint) from error
        if len(rows) > MOST_HITS:
            hint = 'search for rarer words, or set a limit: ?x cq:search ("words" 100)'
            raise QueryError(f"cq:search finds more than {MOST_HITS:,} nodes with {words!r}", hint=hint)
        return [Hit(iri, score) for iri, score in rows]

    def close(self) -> None:
        """Closes the file, which is opened again where it is needed."""
        with self._lock:
            if self._connection is not None and self._process == os.getpid():
                self._connection.close()
            self._connection = None

    def _connected(self) -> sqlite3.Connection:
        # A connection must not be used on the other side of a fork.
        if self._connection is None or self._process != os.getpid():
            if _identity(self._file) != self._is:
                raise StoreError("the graph was built anew since", where=str(self._file), hint="open it again")
            self._connection = sqlite3.connect(f"{self._file.as_uri()}?mode=ro", uri=True, check_same_thread=False)
            self._process = os.getpid()
        return self._connection


def _identity(file: Path) -> tuple[int, int] | None:
    try:
        found = file.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino


__all__ = ["INDEX_NAME", "MOST_HITS", "Hit", "SearchIndex"]
