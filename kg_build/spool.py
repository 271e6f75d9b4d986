"""Keeps the lines of each graph on the disk until all are known and can be written in order."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Self


@dataclass(frozen=True, slots=True, order=True)
class _Piece:
    graph: str
    start: int
    size: int


class Spool:
    """A file of pieces, each the lines of one graph; memory holds only where each piece lies.

    Use it as a context manager: the file is removed with the block.
    """

    def __init__(self, file: Path) -> None:
        self._file = file
        self._stream: BinaryIO = file.open("w+b")
        self._pieces: list[_Piece] = []
        self._end = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        try:
            self._stream.close()
        finally:
            self._file.unlink(missing_ok=True)

    def add(self, graph: str, lines: bytes) -> None:
        """Keeps the lines of a graph, given by its IRI."""
        self._stream.seek(self._end)
        self._stream.write(lines)
        self._pieces.append(_Piece(graph, self._end, len(lines)))
        self._end += len(lines)

    def in_order(self) -> Iterator[bytes]:
        """The lines of every graph, in the order of the graphs' IRIs."""
        for piece in sorted(self._pieces):
            self._stream.seek(piece.start)
            yield self._stream.read(piece.size)

    def graphs(self) -> list[str]:
        """The IRIs of the graphs, sorted."""
        return sorted(piece.graph for piece in self._pieces)


__all__ = ["Spool"]
