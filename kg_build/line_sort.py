"""Sorts lines that may be more than fit into memory."""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import BinaryIO, Final

_RUN_BYTES: Final = 64 << 20
_READ_BYTES: Final = 256 << 10


def sort_lines(lines: Iterable[bytes], run_bytes: int = _RUN_BYTES) -> Iterator[bytes]:
    r"""The different ones among ``lines`` in the order of their bytes; each ends with a line end.

    No more than about ``run_bytes`` of them are held in memory; what exceeds it is kept in temporary files.

    >>> list(sort_lines([b"b\n", b"a\n", b"b\n"]))
    [b'a\n', b'b\n']
    """
    with ExitStack() as stack:
        files: list[BinaryIO] = []
        folder: Path | None = None
        run: list[bytes] = []
        size = 0
        for line in lines:
            run.append(line)
            size += len(line)
            if size > run_bytes:
                folder = folder or Path(stack.enter_context(TemporaryDirectory(prefix="communique-sort-")))
                files.append(stack.enter_context(_written(folder / str(len(files)), run)))
                run, size = [], 0
        run.sort()
        last = b""
        for line in heapq.merge(*files, run) if files else run:
            if line != last:
                yield line
                last = line


def _written(file: Path, run: list[bytes]) -> BinaryIO:
    run.sort()
    with file.open("wb") as stream:
        stream.writelines(run)
    return file.open("rb", buffering=_READ_BYTES)


__all__ = ["sort_lines"]
