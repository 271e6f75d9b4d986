"""Which files the inputs of a command stand for, in an order that does not depend on the file system."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from hashlib import file_digest
from pathlib import Path

from kg_build.sources.records import SetAside
from kg_build.sources.text_files import is_there, sidecar


class SourceFormat(StrEnum):
    """A format that documents come in; the value is how its files' names end."""

    TEXT = ".txt"
    MARKDOWN = ".md"
    JSON_LINES = ".jsonl"


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A file that holds documents."""

    path: Path
    format: SourceFormat

    @property
    def parts(self) -> tuple[Path, ...]:
        """The file, and the one that describes it where there is one."""
        described = sidecar(self.path)
        return (self.path, described) if self.format != ".jsonl" and is_there(described) else (self.path,)


@dataclass(frozen=True, slots=True)
class InputFile:
    """A file's record in the manifest. ``sha256`` is None where it could not be read."""

    path: str
    size: int
    sha256: str | None


@dataclass(slots=True)
class Inputs:
    """The files to read, and what cannot be read at all."""

    files: list[SourceFile] = field(default_factory=list)
    set_aside: list[SetAside] = field(default_factory=list)


def gather(paths: Iterable[Path]) -> Inputs:
    """The files that ``paths`` name: each path in turn, a folder's files by their names, each file once."""
    inputs = Inputs()
    seen: set[Path] = set()
    for path in paths:
        for found in _expanded(path):
            if isinstance(found, SetAside):
                inputs.set_aside.append(found)
            elif (resolved := found.path.resolve()) not in seen:
                seen.add(resolved)
                inputs.files.append(found)
    return inputs


def count_documents(file: SourceFile) -> int:
    """How many documents ``file`` seems to hold; 0 where it cannot be read. For progress alone."""
    if file.format is not SourceFormat.JSON_LINES:
        return 1
    try:
        with file.path.open("rb") as stream:
            return sum(chunk.count(b"\n") for chunk in iter(lambda: stream.read(1 << 20), b""))
    except OSError:
        return 0


def fingerprint(file: Path) -> InputFile:
    """Size and SHA-256 of ``file``, for the record of what a build was made from."""
    try:
        with file.open("rb") as stream:
            return InputFile(str(file), file.stat().st_size, file_digest(stream, "sha256").hexdigest())
    except OSError:
        return InputFile(str(file), 0, None)


def _expanded(path: Path) -> Iterator[SourceFile | SetAside]:
    try:
        yield from _expand(path)
    except OSError as error:
        yield SetAside(path, f"cannot be read: {error.strerror or error}", "check its permissions")


def _expand(path: Path) -> Iterator[SourceFile | SetAside]:
    if path.is_dir():
        yield from _folder(path)
    elif not path.exists():
        yield SetAside(path, "there is no such file or folder", "check the spelling")
    elif (source_format := _format(path)) is None:
        yield SetAside(
            path, "not a format that documents come in", "give .txt, .md or .jsonl files, or a folder of them"
        )
    else:
        yield SourceFile(path, source_format)


def _folder(folder: Path) -> Iterator[SourceFile | SetAside]:
    found = False
    unreadable: list[SetAside] = []

    def note(error: OSError) -> None:
        where = Path(error.filename or folder)
        unreadable.append(
            SetAside(where, f"cannot be read: {error.strerror or error}", "check the folder's permissions")
        )

    for here, folders, names in os.walk(folder, onerror=note):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            path = Path(here, name)
            source_format = _format(path)
            if source_format and not name.startswith(".") and path.stem.upper() != "README":
                found = True
                yield SourceFile(path, source_format)
    yield from unreadable
    if not found and not unreadable:
        yield SetAside(folder, "the folder holds no documents", "put .txt, .md or .jsonl files into it")


def _format(path: Path) -> SourceFormat | None:
    suffix = path.suffix.lower()
    return SourceFormat(suffix) if suffix in set(SourceFormat) else None


__all__ = ["InputFile", "Inputs", "SourceFile", "SourceFormat", "count_documents", "fingerprint", "gather"]
