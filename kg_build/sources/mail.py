"""E-mail (RFC 5322 and MIME), a message a file or many in an mbox: the body, the subject, the date, the sender.

Attachments are not read, nor is a message that is forwarded as an attachment.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from email.errors import HeaderParseError
from email.header import decode_header
from email.message import Message
from email.parser import BytesParser
from email.policy import compat32
from email.utils import parseaddr
from hashlib import sha256
from typing import BinaryIO, Final

from kg_build.sources.characters import normalize
from kg_build.sources.dates import parse_date
from kg_build.sources.extract import Extract
from kg_build.sources.html.encoding import codec, decode_page
from kg_build.sources.html.page import fragment_to_text
from kg_build.sources.records import DefectError, Limits, Metadata

MEDIA_TYPE: Final = "message/rfc822"
_SEPARATOR: Final = re.compile(rb"From \S.*\d\d:\d\d.*\d{4}\s*$")
_QUOTED_FROM: Final = re.compile(rb"^>(>*From )", re.MULTILINE)
_MOST_PARTS: Final = 1_000
_STUB: Final = 0.3  # share of the HTML's length under which the plain text is taken for “view this in your browser”


def read_message(raw: bytes) -> Extract:
    """The message in ``raw``. Raises DefectError where it cannot be read."""
    try:
        message = BytesParser(policy=compat32).parsebytes(raw)
        text = _body(message)
    except RecursionError as error:
        raise DefectError("its parts are nested too deep", hint="it may be built to harm") from error
    return Extract(text, MEDIA_TYPE, _metadata(message))


def read_mailbox(stream: BinaryIO, limits: Limits) -> Iterator[Extract | DefectError]:
    """The messages of the mbox in ``stream``, one at a time, in its order."""
    for number, (line, raw) in enumerate(_messages(stream, limits), 1):
        part = f"message {number}"
        try:
            if raw is None:
                raise DefectError(f"larger than {limits.bytes:,} bytes", hint="raise --max-bytes if it is sound")
            found = read_message(raw)
        except DefectError as defect:
            yield DefectError(f"{part}: {defect.reason}", hint=defect.hint, line=line)
            continue
        digest = sha256(raw).hexdigest()
        identifier = _line(_header(BytesParser(policy=compat32).parsebytes(raw, headersonly=True), "Message-ID"))
        metadata = Metadata(id=(identifier or "").strip("<> ") or None).over(found.metadata)
        yield Extract(found.text, MEDIA_TYPE, metadata, sha256=digest, part=part, line=line)


def _messages(stream: BinaryIO, limits: Limits) -> Iterator[tuple[int, bytes | None]]:
    """Each message with the line on which it begins; None for one that is too large."""
    lines: list[bytes] = []
    size = first = number = 0
    after_empty = True
    while line := stream.readline(1 << 20):
        number += 1
        if after_empty and _SEPARATOR.match(line):
            if first:
                yield first, _message(lines, size, limits)
            lines, size, first = [], 0, number
        elif first:
            size += len(line)
            if size <= limits.bytes:
                lines.append(line)
            else:
                lines = []
        after_empty = not line.strip()
    if first:
        yield first, _message(lines, size, limits)


def _message(lines: list[bytes], size: int, limits: Limits) -> bytes | None:
    return _QUOTED_FROM.sub(rb"\1", b"".join(lines)) if size <= limits.bytes else None


def _body(message: Message) -> str:
    plain: list[str] = []
    marked: list[str] = []
    for number, part in enumerate(message.walk()):
        if number > _MOST_PARTS:
            raise DefectError(f"the message has more than {_MOST_PARTS:,} parts", hint="it may be built to harm")
        if part.is_multipart() or _is_attached(part, message):
            continue
        payload = part.get_payload(decode=True)
        if not isinstance(payload, bytes):
            continue
        declared = part.get_content_charset()
        if part.get_content_type() == "text/plain":
            plain.append(_unwrapped(normalize(decode_page(payload, declared)), part))
        elif part.get_content_type() == "text/html":
            marked.append(fragment_to_text(decode_page(payload, declared)))
    text, from_html = "\n\n".join(plain).strip("\n"), "\n\n".join(filter(None, marked))
    return from_html if len(text.strip()) <= _STUB * len(from_html) else text


def _is_attached(part: Message, message: Message) -> bool:
    if part is message:
        return False
    return part.get_content_disposition() == "attachment" or part.get_filename() is not None


def _unwrapped(text: str, part: Message) -> str:
    """``text`` with the lines joined that the sender's program broke (format=flowed, RFC 3676)."""
    if str(part.get_param("format", "")).lower() != "flowed":
        return text
    joined: list[str] = []
    delete_space = str(part.get_param("delsp", "")).lower() == "yes"
    flows = False
    for line in text.split("\n"):
        line = line.removeprefix(" ")
        if flows and not line.startswith(">"):
            joined[-1] += line
        else:
            joined.append(line)
        flows = line.endswith(" ") and line != "-- "
        if flows and delete_space:
            joined[-1] = joined[-1][:-1]
    return "\n".join(joined)


def _metadata(message: Message) -> Metadata:
    sender, address = parseaddr(_header(message, "From") or "")
    return Metadata(
        title=_line(_header(message, "Subject")),
        published=parse_date(" ".join((_header(message, "Date") or "").split("(")[0].split())),
        publisher=_line(sender) if sender != address else None,
    )


def _header(message: Message, name: str) -> str | None:
    """A header's value with its encoded words decoded."""
    value = message.get(name)
    if value is None:
        return None
    try:
        parts = decode_header(value)
    except (HeaderParseError, ValueError, AssertionError):
        return str(value)
    decoded = ""
    for words, charset in parts:
        decoded += words if isinstance(words, str) else words.decode(codec(charset) or "utf-8", "replace")
    return decoded


def _line(value: str | None) -> str | None:
    line = " ".join("".join(c if c.isprintable() else " " for c in value or "").split())
    return line[:500] or None


__all__ = ["MEDIA_TYPE", "read_mailbox", "read_message"]
