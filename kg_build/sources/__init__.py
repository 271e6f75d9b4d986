"""Reads documents from files. What cannot be used is named and set aside, and costs nothing else.

>>> from pathlib import Path
>>> inputs = gather([Path("no-such-folder")])
>>> print(*inputs.set_aside)
no-such-folder: there is no such file or folder; check the spelling
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from kg_build.model import Document
from kg_build.sources.fields import parse_published
from kg_build.sources.formats import SourceFormat
from kg_build.sources.gather import InputFile, Inputs, fingerprint, gather
from kg_build.sources.isolated import Converters
from kg_build.sources.json_lines import read_json_lines
from kg_build.sources.records import Limits, Metadata, Note, SetAside
from kg_build.sources.source_file import SourceFile
from kg_build.sources.text_files import read_text_file


def read_documents(
    files: Sequence[SourceFile], defaults: Metadata | None = None, limits: Limits | None = None, *, jobs: int = 1
) -> Iterator[Document | SetAside]:
    """The documents in ``files``, one at a time, in order. The second document of an identifier is set aside.

    What is no plain text is read by ``jobs`` processes, which end with the iteration.
    """
    seen: dict[str, str] = {}
    defaults, limits = defaults or Metadata(), limits or Limits()
    others = [file for file in files if not _is_read_here(file)]
    with Converters(others, defaults, limits, jobs=jobs) as converters:
        for file in files:
            for found in _read(file, defaults, limits) if _is_read_here(file) else converters.next_file():
                if isinstance(found, Document):
                    where = f"{found.file}:{found.line}" if found.line else str(found.file)
                    if (first := seen.setdefault(found.id, where)) != where:
                        yield _duplicate(found, file, first)
                        continue
                yield found


def _is_read_here(file: SourceFile) -> bool:
    return file.format.is_plain and not file.packed


def _read(file: SourceFile, defaults: Metadata, limits: Limits) -> Iterator[Document | SetAside]:
    if file.format is SourceFormat.JSON_LINES:
        yield from read_json_lines(file.path, defaults, limits)
    else:
        yield read_text_file(file.path, defaults, limits)


def _duplicate(document: Document, file: SourceFile, first: str) -> SetAside:
    return SetAside(
        file.path,
        f"the identifier {document.id!r} is taken by {first}",
        "give one of the two another id, or rename its file",
        document.line,
        document.id,
    )


__all__ = [
    "InputFile",
    "Inputs",
    "Limits",
    "Metadata",
    "Note",
    "SetAside",
    "SourceFile",
    "SourceFormat",
    "fingerprint",
    "gather",
    "parse_published",
    "read_documents",
]
