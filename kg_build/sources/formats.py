"""The formats that documents come in, and how a file's content tells which it is, whatever the file is called."""

from __future__ import annotations

import re
import zlib
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from kg_build.sources.html.encoding import decode_page

HEAD: Final = 64 * 1024  # bytes of a file's beginning that are looked at


class SourceFormat(StrEnum):
    """A format that documents come in; the value is how its files' names end."""

    TEXT = ".txt"
    MARKDOWN = ".md"
    JSON_LINES = ".jsonl"
    HTML = ".html"
    PDF = ".pdf"
    WORD = ".docx"
    FEED = ".xml"
    MESSAGE = ".eml"
    MAILBOX = ".mbox"
    ZIP = ".zip"

    @property
    def is_plain(self) -> bool:
        """Whether its files hold the documents' texts as they are."""
        return self in (SourceFormat.TEXT, SourceFormat.MARKDOWN, SourceFormat.JSON_LINES)


OTHER_ENDINGS: Final = {
    ".htm": SourceFormat.HTML, ".xhtml": SourceFormat.HTML, ".rss": SourceFormat.FEED, ".atom": SourceFormat.FEED,
    ".mbx": SourceFormat.MAILBOX,
}  # fmt: skip
GZIP: Final = ".gz"

NAMES: Final = {
    SourceFormat.TEXT: "plain text", SourceFormat.MARKDOWN: "Markdown", SourceFormat.JSON_LINES: "JSON Lines",
    SourceFormat.HTML: "a web page", SourceFormat.PDF: "a PDF", SourceFormat.WORD: "a Word file",
    SourceFormat.FEED: "a feed", SourceFormat.MESSAGE: "an e-mail", SourceFormat.MAILBOX: "a mailbox",
    SourceFormat.ZIP: "a ZIP archive",
}  # fmt: skip

_OTHERS: Final = (
    (b"\xd0\xcf\x11\xe0", "an older Office file (.doc, .xls, .ppt)", "save it as .docx or PDF"),
    (b"{\\rtf", "a rich text file (RTF)", "save it as .docx or PDF"),
    (b"\x89PNG", "a picture (PNG)", None),
    (b"\xff\xd8\xff", "a picture (JPEG)", None),
    (b"GIF8", "a picture (GIF)", None),
    (b"%!PS", "PostScript", "convert it to PDF"),
    (b"BZh", "a bzip2 file", "unpack it"),
    (b"\xfd7zXZ", "an xz file", "unpack it"),
    (b"7z\xbc\xaf", "a 7-Zip archive", "unpack it"),
    (b"Rar!", "a RAR archive", "unpack it"),
    (b"SQLite format 3", "a database (SQLite)", None),
    (b"\x7fELF", "a program", None),
)
_ZIPPED: Final = (
    (b"word/", None, None),
    (b"mimetypeapplication/vnd.oasis.opendocument", "an OpenDocument file (.odt)", "save it as .docx or PDF"),
    (b"mimetypeapplication/epub", "an e-book (EPUB)", None),
    (b"xl/", "a spreadsheet (.xlsx)", None),
    (b"ppt/", "a presentation (.pptx)", "save it as PDF"),
)
_HTML: Final = re.compile(
    r"(?:<!--.*?-->|<\?.*?\?>|\s)*<(?:!doctype\s+html|html|head|body)\b", re.IGNORECASE | re.DOTALL
)
_XML: Final = re.compile(
    r"\s*<\?xml\b|(?:<!--.*?-->|<\?.*?\?>|<!DOCTYPE[^>]*>|\s)*<(?:rss|feed|rdf:RDF)\b", re.IGNORECASE | re.DOTALL
)
_FEED: Final = re.compile(r"<(?:\w+:)?(?:rss|feed|RDF)\b", re.IGNORECASE)
_XHTML: Final = re.compile(r"<(?:\w+:)?html\b", re.IGNORECASE)
_MAILBOX: Final = re.compile(r"From \S[^\n]*\d\d:\d\d[^\n]*\d{4}\s*\r?\n[A-Za-z][A-Za-z0-9-]*:")
_HEADER: Final = re.compile(r"(?:[!-9;-~]+:[^\n]*\r?\n(?:[ \t][^\n]*\r?\n)*)+")
_OF_MAIL: Final = re.compile(
    r"^(?:MIME-Version|Message-ID|Received|Return-Path|Delivered-To):", re.IGNORECASE | re.MULTILINE
)


@dataclass(frozen=True, slots=True)
class Unread:
    """A format that is not read, in words, and what to do about it."""

    name: str
    hint: str | None


def ending_format(name: str) -> SourceFormat | None:
    """The format that the ending of a file's name speaks of; an ending ``.gz`` is looked past."""
    name = name.lower().removesuffix(GZIP)
    dot = name.rfind(".")
    ending = name[dot:] if dot > 0 else ""
    return OTHER_ENDINGS.get(ending) or (SourceFormat(ending) if ending in set(SourceFormat) else None)


def content_format(head: bytes, said: SourceFormat | None) -> SourceFormat | Unread | None:
    """The format of a file that begins with ``head`` and whose ending says ``said``; None where nothing tells.

    >>> content_format(b"%PDF-1.7", SourceFormat.HTML)
    <SourceFormat.PDF: '.pdf'>
    """
    if b"%PDF-" in head[:1024]:
        return SourceFormat.PDF
    for magic, name, hint in _OTHERS:
        if head.startswith(magic):
            return Unread(name, hint)
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _zipped(head, said)
    start = decode_page(head[: HEAD // 4])
    if _HTML.match(start):
        return SourceFormat.HTML
    if said is not SourceFormat.JSON_LINES and _XML.match(start):
        return _of_xml(start)
    if said is SourceFormat.MARKDOWN:
        return None
    if _MAILBOX.match(start):
        return SourceFormat.MAILBOX
    if (header := _HEADER.match(start)) and _OF_MAIL.search(header[0]):
        return SourceFormat.MESSAGE
    return None


def unpack_head(head: bytes) -> bytes | None:
    """The beginning of what a gzip file holds, given its own beginning; None where it is no gzip file."""
    if not head.startswith(b"\x1f\x8b"):
        return None
    try:
        return zlib.decompressobj(wbits=31).decompress(head, HEAD)
    except zlib.error:
        return b""


def _zipped(head: bytes, said: SourceFormat | None) -> SourceFormat | Unread:
    for name, other, hint in _ZIPPED:
        if name in head[:4096] or (b"\n" not in name and name in head):
            if other is None:
                return SourceFormat.WORD
            return Unread(other, hint)
    return SourceFormat.WORD if said is SourceFormat.WORD else SourceFormat.ZIP


def _of_xml(start: str) -> SourceFormat | Unread:
    if _FEED.search(start):
        return SourceFormat.FEED
    if _XHTML.search(start):
        return SourceFormat.HTML
    return Unread("XML that is neither a feed nor a web page", None)


__all__ = ["GZIP", "HEAD", "NAMES", "SourceFormat", "Unread", "content_format", "ending_format", "unpack_head"]
