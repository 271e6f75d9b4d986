"""The lines of a PDF's pages, with where they stand: all that is asked of PDFium, the PDF engine of Chromium.

PDFium is written in C++ and reads what anybody sends: it is to be called in a process that may be lost.
"""

from __future__ import annotations

import ctypes
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from typing import Final

import pypdfium2
import pypdfium2.raw as pdfium

from kg_build.sources.records import DefectError

MOST_PAGES: Final = 5_000
_PASSWORD: Final = "password"  # noqa: S105 -- the word in PDFium's message
_HYPHEN: Final = 0xFFFE  # what PDFium gives for the hyphen of a word that is divided at the end of a line
_NO_CHARACTER: Final = frozenset({0, 0xFFFF, *range(0xD800, 0xE000)})


@dataclass(frozen=True, slots=True)
class Line:
    """A line of print. Places are in points from the page's lower left corner."""

    text: str
    """A hyphen at its end that divides a word is U+FFFE."""
    left: float
    right: float
    bottom: float
    top: float
    size: float
    """Of the type that most of it is set in."""


@dataclass(frozen=True, slots=True)
class PrintedPage:
    """A page: its lines in the order of the file, and its height."""

    lines: tuple[Line, ...]
    height: float


class PdfFile:
    """An open PDF file. Raises DefectError where it cannot be opened or has too many pages."""

    def __init__(self, raw: bytes) -> None:
        try:
            self._pdf = pypdfium2.PdfDocument(raw)
        except pypdfium2.PdfiumError as error:
            if _PASSWORD in str(error).lower():
                raise DefectError("the PDF is encrypted", hint="save it without a password") from error
            raise DefectError("not a PDF that can be opened: it is damaged or cut off", hint="get it again") from error
        count = len(self._pdf)
        if count > MOST_PAGES:
            raise DefectError(f"the PDF has {count:,} pages, more than {MOST_PAGES:,}", hint="divide it")
        if not count:
            raise DefectError("the PDF has no pages", hint="get it again")

    @property
    def title(self) -> str | None:
        """The title in its properties; often that of a template."""
        return self._pdf.get_metadata_value("Title") or None

    def pages(self) -> Iterator[PrintedPage]:
        """Its pages, one at a time; one that is damaged has no lines."""
        for number in range(len(self._pdf)):
            try:
                with closing(self._pdf[number]) as page, closing(page.get_textpage()) as text:
                    yield PrintedPage(tuple(_lines(text.raw)), page.get_height())
            except pypdfium2.PdfiumError:
                yield PrintedPage((), 0.0)


def _lines(text: pdfium.FPDF_TEXTPAGE) -> Iterator[Line]:
    left, right, bottom, top = (ctypes.c_double() for _ in range(4))
    pieces: list[str] = []
    box = [float("inf"), float("-inf"), float("inf"), float("-inf")]
    sizes: dict[float, int] = {}

    def line() -> Line | None:
        if not "".join(pieces).strip():
            return None
        size = max(sizes, key=lambda size: (sizes[size], size), default=0.0)
        return Line("".join(pieces).strip(" \t\u00a0"), box[0], box[1], box[2], box[3], size)

    count = pdfium.FPDFText_CountChars(text)
    high = 0
    for index in range(count):
        code = pdfium.FPDFText_GetUnicode(text, index)
        if 0xD800 <= code < 0xDC00:
            high = code
            continue
        if 0xDC00 <= code < 0xE000 and high:
            code = 0x10000 + ((high - 0xD800) << 10) + (code - 0xDC00)
        high = 0
        if code in (2, _HYPHEN) or (code == 0xAD and pdfium.FPDFText_IsHyphen(text, index) == 1):
            pieces.append("\ufffe")
            ends = True
        else:
            ends = code in (10, 13)
            if not ends and code not in _NO_CHARACTER:
                pieces.append(chr(code) if code >= 32 or code == 9 else " ")
                if code > 32 and pdfium.FPDFText_GetCharBox(text, index, left, right, bottom, top):
                    box = [
                        min(box[0], left.value),
                        max(box[1], right.value),
                        min(box[2], bottom.value),
                        max(box[3], top.value),
                    ]
                    size = round(pdfium.FPDFText_GetFontSize(text, index), 1)
                    sizes[size] = sizes.get(size, 0) + 1
        if ends:
            if found := line():
                yield found
            pieces, sizes = [], {}
            box = [float("inf"), float("-inf"), float("inf"), float("-inf")]
    if found := line():
        yield found


__all__ = ["MOST_PAGES", "Line", "PdfFile", "PrintedPage"]
