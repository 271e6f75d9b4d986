"""From files that are no plain text to documents: each format's text, what is known of it, and the way back.

It parses what anybody sends, with libraries in C and C++, so it runs in processes that may be lost
(``kg_build.sources.isolated``).
"""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import file_digest, sha256
from io import BytesIO
from pathlib import Path, PurePosixPath
from typing import BinaryIO

from kg_build.model import Document, Original
from kg_build.sources.characters import check_text, decode, normalize
from kg_build.sources.extract import Extract
from kg_build.sources.feeds import read_feed
from kg_build.sources.fields import read_fields
from kg_build.sources.formats import HEAD, SourceFormat, Unread, content_format, ending_format
from kg_build.sources.front_matter import split_front_matter
from kg_build.sources.html.page import read_page
from kg_build.sources.json_lines import read_json_stream
from kg_build.sources.mail import read_mailbox, read_message
from kg_build.sources.packed import archived, open_gzip, read_at_most
from kg_build.sources.pdf.text import read_pdf
from kg_build.sources.records import DefectError, Limits, Metadata, SetAside
from kg_build.sources.sidecar import read_sidecar, stem
from kg_build.sources.source_file import SourceFile
from kg_build.sources.word import read_word


def convert(file: SourceFile, defaults: Metadata, limits: Limits) -> Iterator[Document | SetAside]:
    """The documents in ``file``. What is wrong with one of several concerns that one alone."""
    try:
        described = read_sidecar(file.path)
    except DefectError as defect:
        yield defect.set_aside(file.sidecar, stem(file.path))
        return
    try:
        with _opened(file) as stream:
            if file.format is SourceFormat.JSON_LINES:
                yield from read_json_stream(stream, file.path, defaults, limits)
            elif file.format is SourceFormat.ZIP:
                yield from _archive(file, defaults, limits)
            else:
                yield from _documents(file, stream, described, defaults, limits)
    except DefectError as defect:
        yield defect.set_aside(file.path, stem(file.path))
    except OSError as error:
        yield SetAside(
            file.path, f"cannot be read: {error.strerror or error}", "check that it exists and its permissions"
        )


def _opened(file: SourceFile) -> BinaryIO:
    return open_gzip(file.path) if file.packed else file.path.open("rb")


def _documents(
    file: SourceFile, stream: BinaryIO, described: Metadata, defaults: Metadata, limits: Limits
) -> Iterator[Document | SetAside]:
    digest: str | None = None
    number = 0
    for found in _extracts(file.format, stream, limits):
        if isinstance(found, DefectError):
            yield found.set_aside(file.path)
            continue
        number += 1
        digest = found.sha256 or digest or _digest(file.path)
        name = stem(file.path) if found.part is None else f"{stem(file.path)}-{found.part.rpartition(' ')[2]}"
        known = described.over(found.metadata) if found.part is None else found.metadata
        original = Original(found.media_type, file.path.name, digest, found.pages)
        yield _document(found, name, known.over(defaults), file.path, original, limits)


def _extracts(kind: SourceFormat, stream: BinaryIO, limits: Limits) -> Iterator[Extract | DefectError]:
    match kind:
        case SourceFormat.MAILBOX:
            yield from read_mailbox(stream, limits)
        case SourceFormat.FEED:
            yield from read_feed(read_at_most(stream, limits))
        case SourceFormat.HTML:
            page = read_page(read_at_most(stream, limits))
            yield Extract(page.text, "text/html", page.metadata)
        case SourceFormat.PDF:
            yield read_pdf(read_at_most(stream, limits), limits)
        case SourceFormat.WORD:
            yield read_word(read_at_most(stream, limits), limits)
        case SourceFormat.MESSAGE:
            yield read_message(read_at_most(stream, limits))
        case _:
            content = split_front_matter(normalize(decode(read_at_most(stream, limits))))
            media_type = "text/markdown" if kind is SourceFormat.MARKDOWN else "text/plain"
            yield Extract(content.text, media_type, read_fields(content.fields))


def _archive(file: SourceFile, defaults: Metadata, limits: Limits) -> Iterator[Document | SetAside]:
    """The documents of a ZIP archive's files; those with other endings are passed over, archives in it refused."""
    found_one = False
    for name, content in archived(file.path, limits):
        said = ending_format(name)
        if said is None:
            continue
        found_one = True
        try:
            yield from _member(file, name, content, said, defaults, limits)
        except DefectError as defect:
            yield _of_member(file.path, name, defect)
    if not found_one:
        raise DefectError("the archive holds no documents", hint="it is searched for the endings that a folder is")


def _member(
    file: SourceFile, name: str, content: bytes | DefectError, said: SourceFormat, defaults: Metadata, limits: Limits
) -> Iterator[Document | SetAside]:
    if isinstance(content, DefectError):
        raise content
    kind = content_format(content[:HEAD], said) or said
    if isinstance(kind, Unread):
        raise DefectError(f"it is {kind.name}, which is not read", hint=kind.hint)
    if kind is SourceFormat.ZIP or content.startswith(b"\x1f\x8b"):
        raise DefectError("an archive within an archive", hint="unpack it")
    inside = Path(PurePosixPath(name).name)
    if kind is SourceFormat.JSON_LINES:
        for found in read_json_stream(BytesIO(content), file.path, defaults, limits, name=inside.stem):
            yield _of_member(file.path, name, found) if isinstance(found, SetAside) else found
        return
    for extract in _extracts(kind, BytesIO(content), limits):
        if isinstance(extract, DefectError):
            yield _of_member(file.path, name, extract)
            continue
        identifier = inside.stem if extract.part is None else f"{inside.stem}-{extract.part.rpartition(' ')[2]}"
        digest = extract.sha256 or sha256(content).hexdigest()
        original = Original(extract.media_type, inside.name, digest, extract.pages)
        found = _document(extract, identifier, extract.metadata.over(defaults), file.path, original, limits)
        yield _of_member(file.path, name, found) if isinstance(found, SetAside) else found


def _document(
    found: Extract, name: str, metadata: Metadata, file: Path, original: Original, limits: Limits
) -> Document | SetAside:
    try:
        check_text(found.text, limits)
    except DefectError as defect:
        reason = f"{found.part}: {defect.reason}" if found.part else defect.reason
        return SetAside(file, reason, defect.hint, found.line, metadata.id or name)
    return Document(
        id=metadata.id or name,
        text=found.text,
        title=metadata.title,
        published=metadata.published,
        publisher=metadata.publisher,
        url=metadata.url,
        file=file,
        line=found.line,
        original=original,
    )


def _of_member(file: Path, name: str, defect: DefectError | SetAside) -> SetAside:
    identifier = defect.id if isinstance(defect, SetAside) else PurePosixPath(name).stem
    return SetAside(file, f"{name} in it: {defect.reason}", defect.hint, id=identifier)


def _digest(file: Path) -> str:
    with file.open("rb") as stream:
        return file_digest(stream, "sha256").hexdigest()


__all__ = ["convert"]
