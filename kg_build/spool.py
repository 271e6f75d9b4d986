"""Writes ``data.nq``, the lines of all graphs in order: new ones from here, unchanged ones from the old file.

New lines wait on the disk until all graphs are known; memory holds only where each graph lies.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from hashlib import sha256
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Final, Self

from kg_build.documents import Piece

_CHUNK: Final = 1 << 20


class Spool:
    """A file of new graphs beside the old data. Use it as a context manager: the file is removed with the block.

    ``old`` is the data file that ``kept`` says the places in; where there is none, every graph has to be added.
    """

    def __init__(self, file: Path, old: Path | None = None, kept: Mapping[str, Piece] | None = None) -> None:
        self._file = file
        self._stream: BinaryIO = file.open("w+b")
        self._old: BinaryIO | None = old.open("rb") if old else None
        self._kept = dict(kept or {})
        self._new: dict[str, Piece] = {}
        self._end = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        try:
            self._stream.close()
            if self._old:
                self._old.close()
        finally:
            self._file.unlink(missing_ok=True)

    def add(self, graph: str, lines: bytes) -> None:
        """Takes the lines of a graph, given by its IRI, in the place of those that it had."""
        digest = sha256(lines).hexdigest()
        if graph in self._kept and self._kept[graph].sha256 == digest:
            self._new.pop(graph, None)
            return
        self._stream.seek(self._end)
        self._stream.write(lines)
        self._new[graph] = Piece(graph, self._end, len(lines), lines.count(b"\n"), digest)
        self._end += len(lines)

    def changed(self, graphs: Iterable[str]) -> list[str]:
        """Those graphs that are new, other than they were or, because they are not among ``graphs``, gone; sorted."""
        return sorted({*self._new, *(self._kept.keys() - set(graphs))})

    def size(self, graph: str) -> int:
        """The bytes that a graph has and had, together."""
        return sum(pieces[graph].size for pieces in (self._new, self._kept) if graph in pieces)

    def before(self, graph: str) -> bytes:
        """The lines that a graph had."""
        return _read(self._old, self._kept.get(graph))

    def now(self, graph: str) -> bytes:
        """The lines that a changed graph has; none where it is gone."""
        self._stream.flush()
        return _read(self._stream, self._new.get(graph))

    def write(self, target: Path, graphs: Iterable[str]) -> list[Piece]:
        """Writes the lines of ``graphs`` in the order of their IRIs and returns where each lies."""
        pieces: list[Piece] = []
        end = 0
        self._stream.flush()
        with target.open("wb") as stream:
            run: tuple[BinaryIO, int, int] | None = None  # what can be copied at one go
            for graph in sorted(graphs):
                piece = self._new.get(graph) or self._kept[graph]
                source = self._stream if graph in self._new or self._old is None else self._old
                if run and run[0] is source and run[2] == piece.start:
                    run = source, run[1], piece.start + piece.size
                else:
                    _copy(run, stream)
                    run = source, piece.start, piece.start + piece.size
                pieces.append(Piece(graph, end, piece.size, piece.triples, piece.sha256))
                end += piece.size
            _copy(run, stream)
        return pieces


def _read(stream: BinaryIO | None, piece: Piece | None) -> bytes:
    if stream is None or piece is None:
        return b""
    return os.pread(stream.fileno(), piece.size, piece.start) if hasattr(os, "pread") else _sought(stream, piece)


def _sought(stream: BinaryIO, piece: Piece) -> bytes:
    stream.seek(piece.start)
    return stream.read(piece.size)


def _copy(run: tuple[BinaryIO, int, int] | None, target: BinaryIO) -> None:
    """Copies bytes of one file to the end of another, within the system where it can."""
    if run is None:
        return
    source, start, end = run
    if hasattr(os, "copy_file_range"):
        target.flush()
        try:
            while start < end:
                copied = os.copy_file_range(source.fileno(), target.fileno(), end - start, start)
                if not copied:
                    raise OSError(f"{source.name} ends too early")
                start += copied
        except OSError as error:
            if error.errno is None or start != run[1]:
                raise  # what was copied stays; only a system that cannot do it at all is done without
        else:
            return
    source.seek(start)
    while start < end:
        chunk = source.read(min(_CHUNK, end - start))
        if not chunk:
            raise OSError(f"{source.name} ends too early")
        target.write(chunk)
        start += len(chunk)


__all__ = ["Spool"]
