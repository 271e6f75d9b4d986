"""Which files the inputs of a command stand for, in an order that does not depend on the file system."""

from __future__ import annotations

import os
import stat
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from hashlib import file_digest
from pathlib import Path

from kg_build.sources.formats import HEAD, NAMES, SourceFormat, Unread, content_format, ending_format, unpack_head
from kg_build.sources.records import Note, SetAside
from kg_build.sources.sidecar import stem
from kg_build.sources.source_file import SourceFile

_MOST_ENDINGS = 5


@dataclass(frozen=True, slots=True)
class InputFile:
    """A file's record in the manifest. ``sha256`` is None where it could not be read."""

    path: str
    size: int
    sha256: str | None


@dataclass(slots=True)
class Inputs:
    """The files to read, what cannot be read at all, and what the user should know of both."""

    files: list[SourceFile] = field(default_factory=list)
    set_aside: list[SetAside] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)


def gather(paths: Iterable[Path]) -> Inputs:
    """The files that ``paths`` name: each path in turn, a folder's files by their names, each file once.

    In a folder, files with other endings than those of documents are passed over, with a note of how many. What a file
    with such an ending is, its content decides.
    """
    inputs = Inputs()
    seen: set[Path] = set()
    for path in paths:
        for found in _expanded(path):
            if isinstance(found, SetAside):
                inputs.set_aside.append(found)
            elif isinstance(found, Note):
                inputs.notes.append(found)
            elif (resolved := found.path.resolve()) not in seen:
                seen.add(resolved)
                inputs.files.append(found)
                said = ending_format(found.path.name)
                if said is not None and said is not found.format:
                    inputs.notes.append(Note(found.path, f"this is {NAMES[found.format]}, and is read as one"))
    return inputs


def fingerprint(file: Path) -> InputFile:
    """Size and SHA-256 of ``file``, for the record of what a build was made from."""
    try:
        with file.open("rb") as stream:
            return InputFile(str(file), file.stat().st_size, file_digest(stream, "sha256").hexdigest())
    except OSError:
        return InputFile(str(file), 0, None)


def _expanded(path: Path) -> Iterator[SourceFile | SetAside | Note]:
    try:
        yield from _expand(path)
    except OSError as error:
        yield SetAside(path, f"cannot be read: {error.strerror or error}", "check its permissions")


def _expand(path: Path) -> Iterator[SourceFile | SetAside | Note]:
    if path.is_dir():
        yield from _folder(path)
    elif not path.exists():
        yield SetAside(path, "there is no such file or folder", "check the spelling")
    else:
        yield _file(path)


def _folder(folder: Path) -> Iterator[SourceFile | SetAside | Note]:
    found = False
    unreadable: list[SetAside] = []
    passed_over: Counter[str] = Counter()

    def note(error: OSError) -> None:
        where = Path(error.filename or folder)
        unreadable.append(
            SetAside(where, f"cannot be read: {error.strerror or error}", "check the folder's permissions")
        )

    for here, folders, names in os.walk(folder, onerror=note):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        documents = {stem(Path(name)) for name in names if ending_format(name)}
        for name in sorted(names):
            path = Path(here, name)
            if name.startswith(".") or path.stem.upper() == "README":
                continue
            if ending_format(name) is not None:
                found = True
                yield _file(path)
            elif not (path.suffix == ".json" and path.stem in documents):
                passed_over[path.suffix.lower() or "no ending"] += 1
    yield from unreadable
    if not found and not unreadable:
        yield SetAside(folder, "the folder holds no documents", "docs/files.md lists the endings that are read")
    elif passed_over:
        yield Note(folder, _passed_over(passed_over))


def _passed_over(endings: Counter[str]) -> str:
    """How many files were passed over, by ending, most frequent first."""
    number = endings.total()
    most = sorted(endings.items(), key=lambda item: (-item[1], item[0]))
    listed = ", ".join(f"{count:,} {ending}" for ending, count in most[:_MOST_ENDINGS])
    more = ", …" if len(most) > _MOST_ENDINGS else ""
    return f"{number:,} {'file' if number == 1 else 'files'} of other kinds passed over ({listed}{more})"


def _file(path: Path) -> SourceFile | SetAside:
    """The file as what its content shows it to be, or why it is not read."""
    if any("\ud800" <= char <= "\udfff" for char in path.name):
        return SetAside(path, "the file's name is not valid UTF-8", "rename the file")
    said = ending_format(path.name)
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            return SetAside(path, "not a file but a pipe, a socket or a device", "give files and folders")
        with path.open("rb") as stream:
            head = stream.read(HEAD)
    except OSError as error:
        reason = f"cannot be read: {error.strerror or error}"
        return SetAside(path, reason, "check that it exists and its permissions", id=stem(path))
    inner = unpack_head(head)
    packed = inner is not None
    kind = content_format(head if inner is None else inner, said) or said
    if isinstance(kind, Unread):
        return SetAside(path, f"it is {kind.name}, which is not read", kind.hint, id=stem(path))
    if kind is None:
        return SetAside(
            path, "not a format that documents come in", "docs/files.md lists them; a text needs the ending .txt or .md"
        )
    if packed and kind is SourceFormat.ZIP:
        return SetAside(path, "an archive within an archive", "unpack it", id=stem(path))
    return SourceFile(path, kind, packed)


__all__ = ["InputFile", "Inputs", "fingerprint", "gather"]
