"""The lie of a text: paragraphs, sentences and quotations, as spans.

Paragraph ends are sentence ends, always: a caption without a full stop must not run into the next line. Whether a
single line break ends a paragraph depends on the text: agency copy and the State Department's releases put a paragraph
on a line, the White House's Markdown wraps its lines at about 72 characters.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field
from statistics import median

from kg_build.model import Span

_ABBREVIATIONS = frozenset(
    [
        "mr",
        "mrs",
        "ms",
        "mx",
        "dr",
        "prof",
        "rev",
        "hon",
        "gen",
        "lt",
        "col",
        "maj",
        "capt",
        "cmdr",
        "adm",
        "brig",
        "sgt",
        "sen",
        "rep",
        "gov",
        "amb",
        "st",
        "sr",
        "jr",
        "messrs",
        "no",
        "nos",
        "vs",
        "etc",
        "jan",
        "feb",
        "mar",
        "apr",
        "jun",
        "jul",
        "aug",
        "sep",
        "sept",
        "oct",
        "nov",
        "dec",
        "mon",
        "tue",
        "tues",
        "wed",
        "thu",
        "thurs",
        "fri",
        "sat",
        "sun",
        "inc",
        "ltd",
        "co",
        "corp",
        "dept",
        "fig",
        "art",
        "approx",
        "ca",
        "cf",
        "al",
        "ed",
        "eds",
        "vol",
        "pp",
        "para",
        "ft",
        "mt",
        "h.e",
        "e.g",
        "i.e",
        "a.m",
        "p.m",
        "u.s",
        "u.k",
        "u.n",
        "e.u",
        "u.a.e",
        "d.c",
        "ph.d",
        "s.e.m",
        "u.s.a",
        "lt.gen",
        "maj.gen",
    ]
)
_BULLET = re.compile(r"(?:[-*•–—▪●]|\d{1,2}[.)])\s+")
_LINE = re.compile(r"[^\n]*\n?")
_SENTENCE_END = re.compile(r"(?:(?<![.!?…])[.!?…]+|:(?=\s+[“\"«]))[\"”’»)\]*_]*(?=\s)")
_OPENING = {"“": "”", "«": "»", "„": "“”", "‘": "’"}


@dataclass(frozen=True, slots=True)
class Layout:
    """Paragraphs and sentences in order, without the white space around them; ``quotations`` include their marks."""

    paragraphs: tuple[Span, ...]
    sentences: tuple[Span, ...]
    quotations: tuple[Span, ...]
    _starts: tuple[tuple[int, ...], ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        starts = tuple(tuple(s.start for s in spans) for spans in (self.paragraphs, self.sentences, self.quotations))
        object.__setattr__(self, "_starts", starts)

    def sentence_at(self, offset: int) -> int:
        """Index of the sentence that holds ``offset``, or of the last one before it (0 if none is)."""
        return max(0, bisect_right(self._starts[1], offset) - 1)

    def paragraph_at(self, offset: int) -> int:
        """Index of the paragraph that holds ``offset``, or of the last one before it (0 if none is)."""
        return max(0, bisect_right(self._starts[0], offset) - 1)

    def quotation_at(self, offset: int) -> Span | None:
        """The quotation that holds ``offset``, its marks included, or None."""
        i = bisect_right(self._starts[2], offset) - 1
        return self.quotations[i] if i >= 0 and offset < self.quotations[i].end else None

    def quotations_within(self, span: Span) -> tuple[Span, ...]:
        """The quotations that share a character with ``span``."""
        first = max(0, bisect_right(self._starts[2], span.start) - 1)
        last = bisect_right(self._starts[2], span.end)
        return tuple(q for q in self.quotations[first:last] if q.meets(span))


def lay_out(text: str) -> Layout:
    r"""Divide ``text``; linear in its length.

    >>> text = 'Fidan met Lavrov on Nov. 3. "We agreed," he said.\n\nFILE — Fidan in Ankara\n\nTalks go on'
    >>> [s.of(text) for s in lay_out(text).sentences]
    ['Fidan met Lavrov on Nov. 3.', '"We agreed," he said.', 'FILE — Fidan in Ankara', 'Talks go on']
    """
    paragraphs = tuple(_paragraphs(text))
    sentences = tuple(s for p in paragraphs for s in _sentences(text, p))
    return Layout(paragraphs, sentences, tuple(_quotations(text, paragraphs)))


def _paragraphs(text: str) -> Iterator[Span]:
    lines = [(m.start(), m.end()) for m in _LINE.finditer(text) if m.end() > m.start()]
    bodies = [text[b:e].strip() for b, e in lines]
    followed = [len(bodies[i].rstrip()) for i in range(len(lines) - 1) if bodies[i] and bodies[i + 1]]
    wrapped = len(followed) >= 2 and 50 <= median(followed) <= 90 and max(followed) <= 100
    start: int | None = None
    for i, (b, e) in enumerate(lines):
        if not bodies[i]:
            if start is not None:
                yield from _trimmed(text, start, b)
            start = None
            continue
        fresh = start is None or not wrapped or bool(_BULLET.match(bodies[i])) or len(bodies[i - 1]) < 45
        if fresh and start is not None:
            yield from _trimmed(text, start, b)
        if fresh:
            start = b
        if i == len(lines) - 1 and start is not None:
            yield from _trimmed(text, start, e)


def _trimmed(text: str, start: int, end: int) -> Iterator[Span]:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    if start < end:
        yield Span(start, end)


def _sentences(text: str, paragraph: Span) -> Iterator[Span]:
    start = paragraph.start
    for m in _SENTENCE_END.finditer(text, paragraph.start, paragraph.end):
        if m.group()[0] == ":" or not _ends_sentence(text, start, m):
            continue
        yield from _trimmed(text, start, m.end())
        start = m.end()
    yield from _trimmed(text, start, paragraph.end)


def _ends_sentence(text: str, start: int, stop: re.Match[str]) -> bool:
    after = text[stop.end() : stop.end() + 60].lstrip()
    if not after:
        return True
    first = after[0]
    if first.islower():
        return False
    if stop.group()[0] != ".":
        # "Who knows?" Lavrov asked: a mark before a closing quotation ends no sentence when a name and a verb follow.
        return len(stop.group()) == 1 or not _attribution_follows(after)
    words = text[max(start, stop.start() - 24) : stop.start()].split()
    before = words[-1].strip("(“\"‘'[*_").lower() if words else ""
    if len(stop.group()) == 1:
        if before in _ABBREVIATIONS and not (
            before in {"u.s", "u.k", "u.n", "a.m", "p.m", "d.c"} and _starts_plainly(after)
        ):
            return False
        if re.fullmatch(r"(?:\w\.)*\w", before) and not before.isdigit() and before != "i":
            return before in {"u.s", "u.k", "u.n", "a.m", "p.m", "d.c"}
    return True


_PLAIN_STARTS = frozenset(
    [
        "the",
        "a",
        "an",
        "he",
        "she",
        "it",
        "they",
        "we",
        "this",
        "that",
        "these",
        "those",
        "in",
        "on",
        "at",
        "after",
        "before",
        "but",
        "and",
        "for",
        "from",
        "his",
        "her",
        "its",
        "their",
        "both",
        "as",
        "during",
        "while",
        "when",
        "since",
        "however",
        "meanwhile",
        "earlier",
        "later",
        "also",
        "according",
        "speaking",
    ]
)


def _starts_plainly(after: str) -> bool:
    word = re.match(r"\w+", after)
    return word is not None and word.group()[0].isupper() and word.group().lower() in _PLAIN_STARTS


def _attribution_follows(after: str) -> bool:
    return (
        re.match(r"(?:[\w.’'-]+ ){1,3}(?:said|asked|added|told|wrote|says|asks|quipped|replied)\b", after) is not None
    )


def _quotations(text: str, paragraphs: tuple[Span, ...]) -> Iterator[Span]:
    for paragraph in paragraphs:
        opened: int | None = None
        closing = ""
        for i in range(paragraph.start, paragraph.end):
            c = text[i]
            if opened is None:
                if c in _OPENING and (c != "‘" or _opens(text, i)):
                    opened, closing = i, _OPENING[c]
                elif c == '"' or (c == "'" and _opens(text, i)):
                    opened, closing = i, c
            elif c in closing and (c not in "’'" or _closes(text, i)):
                yield Span(opened, i + 1)
                opened = None
        # A quotation that goes on in the next paragraph is left open at the end of this one.
        if opened is not None and closing not in {"’", "'"} and paragraph.end - opened > 1:
            yield Span(opened, paragraph.end)


def _opens(text: str, i: int) -> bool:
    return (i == 0 or text[i - 1] in ' \n\t(—–-[“"') and i + 1 < len(text) and text[i + 1].isalnum()


def _closes(text: str, i: int) -> bool:
    return i + 1 >= len(text) or not text[i + 1].isalnum()


__all__ = ["Layout", "lay_out"]
