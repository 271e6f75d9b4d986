"""The journal: every acknowledged write, in the order in which they were made.

A record is a line with its number, length and checksum, and then the lines of a ``Delta``. A record that was only half
written when the machine stopped is told by these, and cut off: nobody was told that it had been made.
"""

from __future__ import annotations

import os
import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final

from kg_build.errors import StoreError
from kg_build.writes.delta import Delta, decode, encode

_HEAD: Final = re.compile(rb"write (\d+) (\d+) ([0-9a-f]{8})\n")
_LONGEST_HEAD: Final = 100


@dataclass(frozen=True, slots=True)
class Record:
    """A write: its number (from 1, rising), what it changed, and where in the file its record ends."""

    number: int
    delta: Delta
    end: int


class Journal:
    """The journal in a file, which need not be there yet. One process at a time may append to it."""

    def __init__(self, file: Path) -> None:
        self.file = file

    def read(self, start: int = 0) -> Iterator[Record]:
        """The whole records from the byte ``start`` on, which is 0 or the end of a record."""
        try:
            stream = self.file.open("rb")
        except FileNotFoundError:
            return
        with stream:
            stream.seek(start)
            while (record := _read(stream)) is not None:
                yield record

    def append(self, number: int, delta: Delta, start: int) -> int:
        """Writes a record at the byte ``start``, where the last one ends, and returns where this one ends.

        It is on the disk when this returns. What a killed process left behind ``start`` is cut off. Raises StoreError
        where the disk does not take it; the journal is then what it was.
        """
        body = encode(delta)
        record = b"write %d %d %08x\n" % (number, len(body), zlib.crc32(body)) + body
        new = not self.file.exists()
        try:
            with self.file.open("r+b" if not new else "xb") as stream:
                try:
                    stream.truncate(start)
                    stream.seek(start)
                    stream.write(record)
                    stream.flush()
                    os.fsync(stream.fileno())
                except OSError:
                    stream.truncate(start)
                    raise
            if new:
                _sync_folder(self.file.parent)
        except OSError as error:
            raise StoreError(f"the journal cannot be written: {error.strerror}", where=str(self.file)) from error
        return start + len(record)


def _read(stream: BinaryIO) -> Record | None:
    head = _HEAD.fullmatch(stream.readline(_LONGEST_HEAD))
    if head is None:
        return None
    body = stream.read(int(head[2]))
    if len(body) != int(head[2]) or zlib.crc32(body) != int(head[3], 16):
        return None
    return Record(int(head[1]), decode(body), stream.tell())


def _sync_folder(folder: Path) -> None:
    if os.name != "posix":
        return  # Windows keeps no such thing
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


__all__ = ["Journal", "Record"]
