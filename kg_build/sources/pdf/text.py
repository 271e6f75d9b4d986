"""From the lines of a PDF's pages to paragraphs: running heads and page numbers go, divided words are joined."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise
from statistics import median_low
from typing import Final

from kg_build.sources.extract import Extract
from kg_build.sources.pdf.pages import Line, PdfFile, PrintedPage
from kg_build.sources.records import DefectError, Limits, Metadata

HYPHEN: Final = "\ufffe"
_DIGITS: Final = re.compile(r"\d+")
_PAGE_NUMBER: Final = re.compile(
    r"[\W_]*(?:page|p\.|seite)?\s*(?:\d{1,4}|[ivxl]{1,7})(?:\s*(?:/|of)\s*\d{1,4})?[\W_]*", re.IGNORECASE
)
_BULLET: Final = re.compile(r"(?:[•●▪■◦‣·*–—-]|\(?(?:\d{1,3}|[a-z]|[ivx]{1,5})[.)])\s", re.IGNORECASE)
_SENTENCE_END: Final = re.compile(r"[.!?:;…][\"'”’»)\]]*$")
_DIVIDED: Final = re.compile(rf"(\w+){HYPHEN}\s*(\w+)")
_EDGE_LINES: Final = 3  # lines from the top and from the bottom of a page among which a running head may be
_EDGE: Final = 0.15  # share of the page's height in which it must stand
_GAP: Final = 1.35  # times the usual distance of two lines; what is further apart are two paragraphs
_SHORT: Final = 0.88  # share of the width of the text; a line that ends before it was not broken for want of room
_INDENT: Final = 0.8  # of the size of the type


def read_pdf(raw: bytes, limits: Limits) -> Extract:
    """The text of the PDF file in ``raw``. Raises DefectError where it cannot be opened, or holds no text."""
    file = PdfFile(raw)
    pages: list[PrintedPage] = []
    length = 0
    for page in file.pages():
        pages.append(page)
        length += sum(len(line.text) for line in page.lines)
        if length > 2 * limits.characters:
            raise DefectError(
                f"its text is longer than {limits.characters:,} characters", hint="divide it, or raise --max-characters"
            )
    if not length:
        raise DefectError(
            "this PDF is a scan or holds pictures alone: it has no text", hint="run a text recognition on it"
        )
    text, starts = join_pages(pages)
    return Extract(text, "application/pdf", Metadata(title=_believed(file.title, text)), starts)


def join_pages(pages: Sequence[PrintedPage]) -> tuple[str, tuple[int, ...]]:
    """The text of ``pages``, an empty line between two paragraphs, and where in it each page begins."""
    kept = _without_running_heads(pages)
    whole = " ".join(line.text for lines in kept for line in lines)
    hyphenated = set(re.findall(r"\w+-\w+", whole))
    text = ""
    starts: list[int] = []
    for lines in kept:
        part = _joined("\n\n".join(_paragraphs(lines)), hyphenated)
        if text and part:
            text = _continue(text, part)
        starts.append(len(text))
        text += part
    return text, tuple(starts)


def _continue(text: str, part: str) -> str:
    """``text`` with what separates it from ``part`` on the next page, which may go on with its last sentence."""
    if text.endswith(HYPHEN):
        return text[:-1] if part[0].islower() else text[:-1] + "-"
    if part[0].islower() and not _SENTENCE_END.search(text):
        return text + " "
    return text + "\n\n"


def _without_running_heads(pages: Sequence[PrintedPage]) -> list[list[Line]]:
    seen: Counter[str] = Counter()
    for page in pages:
        seen.update({_pattern(line) for line in _edges(page)})
    enough = max(2, min(3, len(pages)))
    kept = []
    for page in pages:
        edges = _edges(page)
        kept.append(
            [
                line
                for line in page.lines
                if line not in edges
                or not (_PAGE_NUMBER.fullmatch(line.text) or (len(pages) > 1 and seen[_pattern(line)] >= enough))
            ]
        )
    return kept


def _edges(page: PrintedPage) -> set[Line]:
    """The lines at the top and at the bottom of a page."""
    by_place = sorted(page.lines, key=lambda line: line.bottom)
    low = [line for line in by_place[:_EDGE_LINES] if line.bottom < _EDGE * page.height]
    high = [line for line in by_place[-_EDGE_LINES:] if line.top > (1 - _EDGE) * page.height]
    return {*low, *high}


def _pattern(line: Line) -> str:
    return _DIGITS.sub("#", line.text).casefold()


def _paragraphs(lines: Sequence[Line]) -> list[str]:
    if not lines:
        return []
    steps = [a.bottom - b.bottom for a, b in pairwise(lines) if 0 < a.bottom - b.bottom < 4 * max(a.size, 1.0)]
    step = median_low(steps) if steps else 0.0
    left, right = min(line.left for line in lines), max(line.right for line in lines)
    paragraphs = [lines[0].text]
    for before, line in pairwise(lines):
        separator = _separator(before, line, step, left, right)
        paragraphs[-1:] = (
            [paragraphs[-1], line.text] if separator == "\n\n" else [paragraphs[-1] + separator + line.text]
        )
    return paragraphs


def _separator(before: Line, line: Line, step: float, left: float, right: float) -> str:
    """What stands between two lines: a space within a paragraph, a line's end, or the end of the paragraph."""
    distance = before.bottom - line.bottom
    same_row = abs(distance) < 0.3 * max(line.size, 1.0)
    if same_row:
        return " "
    if before.text.endswith(HYPHEN):
        return ""
    if (
        distance < 0
        or distance > _GAP * max(step, 1.0)
        or abs(before.size - line.size) > 0.1 * max(before.size, line.size)
    ):
        return "\n\n"
    if _BULLET.match(line.text):
        return "\n"
    ended = _SENTENCE_END.search(before.text) is not None
    short = before.right < left + _SHORT * (right - left)
    indented = line.left > before.left + _INDENT * line.size
    if ended and (short or indented):
        return "\n\n"
    if short and not line.text[:1].islower() and before.right - before.left < 0.6 * (right - left):
        return "\n"  # a heading, an address, an item of a list
    return " "


def _joined(text: str, hyphenated: set[str]) -> str:
    """``text`` with its divided words joined; a hyphen that the word has elsewhere, or before a capital, is kept."""

    def join(match: re.Match[str]) -> str:
        with_hyphen = f"{match[1]}-{match[2]}"
        keeps = with_hyphen in hyphenated or not match[2][0].islower() or match[1][-1].isdigit()
        return with_hyphen if keeps else match[1] + match[2]

    ends = text.endswith(HYPHEN)
    joined = _DIVIDED.sub(join, text).replace(HYPHEN, "-")
    return joined[:-1] + HYPHEN if ends else joined


def _believed(title: str | None, text: str) -> str | None:
    """``title`` where the text begins with it or soon has it: many files carry the title of another one."""
    line = " ".join((title or "").split())
    beginning = " ".join(text[:3_000].split()).casefold()
    return line if 8 <= len(line) <= 500 and line.casefold() in beginning else None


__all__ = ["join_pages", "read_pdf"]
