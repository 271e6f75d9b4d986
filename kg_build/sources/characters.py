r"""From bytes to a document's text: UTF-8, without a byte-order mark, with ``\n`` as the only line end.

These two changes are all: no other character is added, dropped or replaced, because every offset counts them.
"""

from __future__ import annotations

import re
from typing import Final

from kg_build.sources.records import DefectError, Limits

_UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")
_MOST_CONTROLS = 0.01  # share of control characters beyond which a file is taken for binary
_CONTROL: Final = re.compile(r"[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f]")
_SURROGATE: Final = re.compile(r"[\ud800-\udfff]")


def decode(raw: bytes, *, line: int = 1) -> str:
    """``raw`` as text. Raises DefectError where it is not UTF-8; ``line`` is the number of its first line."""
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError as error:
        hint = "save the file as UTF-8"
        if raw.startswith(_UTF16_MARKS):
            hint = "it looks like UTF-16; save the file as UTF-8"
        at = line + raw.count(b"\n", 0, error.start)
        raise DefectError(f"not valid UTF-8 (byte {error.start + 1})", hint=hint, line=at) from error


def normalize(text: str) -> str:
    r"""``text`` without a byte-order mark at its start, every line end as ``\n``, as Python's universal newlines do.

    >>> normalize("\ufeffone\r\ntwo\rthree")
    'one\ntwo\nthree'
    """
    return text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")


def check_text(text: str, limits: Limits, *, first_line: int = 1) -> None:
    """Raises DefectError where ``text``, which begins on ``first_line`` of its file, is empty, too long or no text."""
    if not text.strip():
        raise DefectError("the document has no text", hint="remove it or give it a text")
    if len(text) > limits.characters:
        raise DefectError(
            f"the text has {len(text):,} characters, more than the {limits.characters:,} allowed",
            hint="divide it, or raise --max-characters",
        )
    if (at := text.find("\x00")) >= 0:
        line = first_line + text.count("\n", 0, at)
        raise DefectError("the text holds NUL characters", hint="it looks like a binary file", line=line)
    if surrogate := _SURROGATE.search(text):
        code = f"\\u{ord(surrogate.group()):04x}"
        raise DefectError(f"the text holds half of a surrogate pair ({code})", hint="write the whole character")
    controls = len(_CONTROL.findall(text))
    if controls > _MOST_CONTROLS * len(text):
        reason = f"{controls:,} of {len(text):,} characters are control characters"
        raise DefectError(reason, hint="it looks like a binary file")


__all__ = ["check_text", "decode", "normalize"]
