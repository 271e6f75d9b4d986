"""Documents in JSON Lines: an object a line, with id, title, published, publisher, url and text."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from kg_build.model import Document
from kg_build.sources.characters import check_text, decode, normalize
from kg_build.sources.fields import Field, read_fields
from kg_build.sources.records import DefectError, Limits, Metadata, SetAside
from kg_build.sources.sidecar import parse_object, stem

_CHUNK = 1 << 20


def read_json_lines(file: Path, defaults: Metadata, limits: Limits) -> Iterator[Document | SetAside]:
    """The documents in ``file``, one after the other: what is wrong with a line concerns that line alone."""
    try:
        stream = file.open("rb")
    except OSError as error:
        yield SetAside(file, f"cannot be read: {error.strerror or error}", "check that it exists and its permissions")
        return
    with stream:
        yield from read_json_stream(stream, file, defaults, limits)


def read_json_stream(
    stream: BinaryIO, file: Path, defaults: Metadata, limits: Limits, name: str | None = None
) -> Iterator[Document | SetAside]:
    """The documents in ``stream``, whose lines are those of ``file``; ``name`` is the stem of their identifiers."""
    number = 0
    name = name or stem(file)
    try:
        while line := stream.readline(limits.line_bytes):
            number += 1
            if not line.endswith(b"\n") and len(line) == limits.line_bytes and _skip_line(stream):
                hint = "divide the document, or raise --max-characters"
                yield SetAside(file, f"the line is longer than {limits.line_bytes:,} bytes", hint, number)
            elif line.strip():
                yield _read_line(file, name, number, line, defaults, limits)
    except OSError as error:
        reason = f"cannot be read any further: {error.strerror or error}"
        yield SetAside(file, reason, "what stands before this line was read", number + 1)


def _read_line(
    file: Path, name: str, number: int, line: bytes, defaults: Metadata, limits: Limits
) -> Document | SetAside:
    identifier: str | None = None
    try:
        record = parse_object(decode(line, line=number).removeprefix("\ufeff"), line=number)
        metadata = read_fields({name: Field(value, number) for name, value in record.items()}).over(defaults)
        identifier = metadata.id or f"{name}-{number}"
        text = record.get("text")
        if not isinstance(text, str):
            raise DefectError("there is no text", hint='give the document a field "text"', line=number)
        text = normalize(text)
        check_text(text, limits)
    except DefectError as defect:
        # Within a line of JSON the text's own line numbers mean nothing.
        return SetAside(file, defect.reason, defect.hint, number, identifier)
    return Document(
        id=identifier,
        text=text,
        title=metadata.title,
        published=metadata.published,
        publisher=metadata.publisher,
        url=metadata.url,
        file=file,
        line=number,
    )


def _skip_line(stream: BinaryIO) -> bool:
    """Reads to the end of the line and says whether there was more of it."""
    more = False
    while chunk := stream.readline(_CHUNK):
        more = True
        if chunk.endswith(b"\n"):
            break
    return more


__all__ = ["read_json_lines", "read_json_stream"]
