"""Compressed files: gzip around any format, and ZIP archives of documents. How much they unpack to is bounded."""

from __future__ import annotations

import gzip
import zipfile
import zlib
from collections.abc import Iterator
from io import BufferedReader, RawIOBase
from pathlib import Path, PurePosixPath
from typing import BinaryIO, Final

from kg_build.sources.records import DefectError, Limits

_FREE: Final = 64 << 20  # bytes that a stream may unpack to, whatever its ratio
_RATIO: Final = (
    200  # times its size that it may unpack to beyond that; text shrinks to a tenth, repetitive to a fiftieth
)
_MOST_FILES: Final = 20_000
CUT_OFF: Final = "the compressed file is damaged or cut off"


class _Bounded(RawIOBase):
    """A stream that raises DefectError where it gives more than the file that it is unpacked from can rightly hold."""

    def __init__(self, stream: BinaryIO, size: int) -> None:
        self._stream = stream
        self._left = max(_FREE, _RATIO * size)
        self._most = self._left

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        try:
            piece = self._stream.read(len(buffer))
        except (EOFError, zlib.error, gzip.BadGzipFile) as error:
            raise DefectError(CUT_OFF, hint="get it again") from error
        buffer[: len(piece)] = piece
        self._left -= len(piece)
        if self._left < 0:
            raise DefectError(f"it unpacks to more than {self._most:,} bytes", hint="it may be built to harm")
        return len(piece)


def open_gzip(file: Path) -> BufferedReader:
    """What the gzip file holds, as a stream whose length is bounded. Raises OSError where it cannot be opened."""
    return BufferedReader(_Bounded(gzip.open(file), file.stat().st_size), 1 << 20)  # type: ignore[arg-type]


def read_at_most(stream: BinaryIO, limits: Limits) -> bytes:
    """All of ``stream``. Raises DefectError where it is longer than a document's file may be."""
    content = stream.read(limits.bytes + 1)
    if len(content) > limits.bytes:
        raise DefectError(f"larger than {limits.bytes:,} bytes", hint="divide it, or raise --max-bytes")
    return content


def archived(file: Path, limits: Limits) -> Iterator[tuple[str, bytes | DefectError]]:
    """The names and contents of the files in a ZIP archive, sorted by name; hidden ones are passed over."""
    try:
        with zipfile.ZipFile(file) as archive:
            entries = [e for e in archive.infolist() if not e.is_dir() and not _is_hidden(e.filename)]
            if len(entries) > _MOST_FILES:
                raise DefectError(
                    f"the archive holds {len(entries):,} files, more than {_MOST_FILES:,}", hint="divide it"
                )
            left = max(_FREE, _RATIO * file.stat().st_size)
            for entry in sorted(entries, key=lambda entry: entry.filename):
                content = _read_entry(archive, entry, limits)
                left -= len(content) if isinstance(content, bytes) else 0
                if left < 0:
                    raise DefectError("the archive unpacks to far more than its size", hint="it may be built to harm")
                yield entry.filename, content
    except zipfile.BadZipFile as error:
        raise DefectError("the ZIP archive is damaged or cut off", hint="get it again") from error


def _read_entry(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, limits: Limits) -> bytes | DefectError:
    if entry.flag_bits & 1:
        return DefectError("it is encrypted", hint="pack it without a password")
    try:
        with archive.open(entry) as stream:
            return read_at_most(stream, limits)  # type: ignore[arg-type]
    except DefectError as defect:
        return defect
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, RuntimeError) as error:
        return DefectError(f"it cannot be unpacked ({error})", hint="get the archive again")


def _is_hidden(name: str) -> bool:
    path = PurePosixPath(name)
    return any(part.startswith(".") or part == "__MACOSX" for part in path.parts) or path.stem.upper() == "README"


__all__ = ["CUT_OFF", "archived", "open_gzip", "read_at_most"]
