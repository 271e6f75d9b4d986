"""A text as the network sees it: word pieces with their offsets, what is known of each beforehand, and windows.

The encoder's vocabulary is uncased and drops line breaks, so case, layout, quotation and the tables' names are given to
it as features beside the word pieces.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntEnum, auto
from itertools import pairwise
from pathlib import Path

import numpy as np
import numpy.typing as npt
from tokenizers import Tokenizer

from kg_build.model import Span
from kg_build.reader.layout import Layout
from kg_build.reader.tables import NameKind, NameMatch

CLS, SEP, PAD = 101, 102, 0

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float32]


class Feature(IntEnum):
    """What is known of a word piece before it is read: one column of the feature matrix each."""

    CAPITALIZED = 0
    CAPITALS = auto()
    MIXED_CASE = auto()
    DIGITS = auto()
    PUNCTUATION = auto()
    CONTINUES_WORD = auto()
    STARTS_LINE = auto()
    STARTS_PARAGRAPH = auto()
    STARTS_SENTENCE = auto()
    IN_QUOTATION = auto()
    IN_SHORT_PARAGRAPH = auto()
    COUNTRY_NAME = auto()
    DEMONYM = auto()
    CAPITAL_OR_METONYM = auto()
    BODY = auto()
    OUTLET = auto()
    TIME_WORD = auto()
    TITLE_WORD = auto()


_TIME_WORD = re.compile(
    r"(?:mon|tues|wednes|thurs|fri|satur|sun)day|january|february|march|april|may|june|july|august|september|october|november"
    r"|december|jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec|today|yesterday|tomorrow|week|month|year|morning|evening|weekend"
)
_TITLE_WORD = re.compile(
    r"minister|president|secretary|ambassador|premier|chancellor|king|queen|prince|princess|emir|sultan|sheikh|envoy|chair(?:man|woman)?"
    r"|spokes(?:man|woman|person)|commissioner|director|general|representative|speaker|governor|senator|advisor|adviser|counterpart|chief|head"
    r"|deputy|vice|undersecretary|pm|fm|mr|mrs|ms|dr|foreign|defen[cs]e|leader|diplomat|official|coordinator|attache|consul"
)
_KIND_FEATURE = {
    NameKind.NAME: Feature.COUNTRY_NAME,
    NameKind.DEMONYM: Feature.DEMONYM,
    NameKind.CAPITAL: Feature.CAPITAL_OR_METONYM,
    NameKind.METONYM: Feature.CAPITAL_OR_METONYM,
    NameKind.BODY: Feature.BODY,
    NameKind.OUTLET: Feature.OUTLET,
}
_SHORT_PARAGRAPH = 90


@dataclass(frozen=True, slots=True)
class Tokens:
    """The word pieces of a whole text, of length n: ids, offsets, features (n by ``len(Feature)``), sentence, paragraph."""

    ids: Ints
    starts: Ints
    ends: Ints
    features: Floats
    sentences: Ints
    paragraphs: Ints

    def __len__(self) -> int:
        return len(self.ids)

    def span(self, first: int, last: int) -> Span:
        """The characters from word piece ``first`` to ``last``, both included, and the rest of the words that they cut."""
        while first > 0 and self.features[first, Feature.CONTINUES_WORD]:
            first -= 1
        while last + 1 < len(self) and self.features[last + 1, Feature.CONTINUES_WORD]:
            last += 1
        return Span(int(self.starts[first]), int(self.ends[last]))

    def covering(self, span: Span) -> tuple[int, int] | None:
        """The first and last word piece that share a character with ``span``, or None."""
        first = int(np.searchsorted(self.ends, span.start, side="right"))
        last = int(np.searchsorted(self.starts, span.end, side="left")) - 1
        return (first, last) if first <= last else None


@dataclass(frozen=True, slots=True)
class Window:
    """Word pieces ``start`` to ``end`` (exclusive) that are read together.

    Neighbouring windows overlap; what begins at a piece is taken from the window that owns it (``core`` bounds).
    """

    start: int
    end: int
    core_start: int
    core_end: int


class Tokenization:
    """Turns texts into ``Tokens`` with a WordPiece tokenizer file."""

    def __init__(self, tokenizer_file: Path) -> None:
        self._tokenizer = Tokenizer.from_file(str(tokenizer_file))
        self._tokenizer.no_truncation()
        self._tokenizer.no_padding()

    def tokens(self, text: str, layout: Layout, names: tuple[NameMatch, ...]) -> Tokens:
        """The word pieces of ``text``, paragraph by paragraph."""
        ids: list[int] = []
        starts: list[int] = []
        ends: list[int] = []
        paragraph_of: list[int] = []
        for k, paragraph in enumerate(layout.paragraphs):
            encoding = self._tokenizer.encode(paragraph.of(text), add_special_tokens=False)
            for piece, (b, e) in zip(encoding.ids, encoding.offsets, strict=True):
                if e > b:
                    ids.append(piece)
                    starts.append(paragraph.start + b)
                    ends.append(paragraph.start + e)
                    paragraph_of.append(k)
        begin = np.array(starts, dtype=np.int64)
        end = np.array(ends, dtype=np.int64)
        sentence_starts = np.array([s.start for s in layout.sentences], dtype=np.int64)
        sentence_of = np.maximum(0, np.searchsorted(sentence_starts, begin, side="right") - 1).astype(np.int64)
        features = _features(text, begin, end, layout, names)
        paragraphs = np.array(paragraph_of, dtype=np.int64)
        return Tokens(np.array(ids, dtype=np.int64), begin, end, features, sentence_of, paragraphs)


def _features(text: str, starts: Ints, ends: Ints, layout: Layout, names: tuple[NameMatch, ...]) -> Floats:
    matrix = np.zeros((len(starts), len(Feature)), dtype=np.float32)

    def mark(span: Span, feature: Feature) -> None:
        first = int(np.searchsorted(ends, span.start, side="right"))
        last = int(np.searchsorted(starts, span.end, side="left"))
        matrix[first:last, feature] = 1

    for m in re.finditer(r"\w+", text):
        word = m.group()
        span = Span(m.start(), m.end())
        for feature in _word_features(word):
            mark(span, feature)
    for i in range(len(starts)):
        b = int(starts[i])
        if not (text[b].isalnum() or text[b] == "_"):
            matrix[i, Feature.PUNCTUATION] = 1
        elif i and int(ends[i - 1]) == b and text[b - 1].isalnum():
            matrix[i, Feature.CONTINUES_WORD] = 1
        if b == 0 or text[b - 1] == "\n":
            matrix[i, Feature.STARTS_LINE] = 1
    for spans, feature in ((layout.paragraphs, Feature.STARTS_PARAGRAPH), (layout.sentences, Feature.STARTS_SENTENCE)):
        for s in spans:
            mark(Span(s.start, s.start + 1), feature)
    for q in layout.quotations:
        mark(q, Feature.IN_QUOTATION)
    for p in layout.paragraphs:
        if p.end - p.start <= _SHORT_PARAGRAPH:
            mark(p, Feature.IN_SHORT_PARAGRAPH)
    for name in names:
        mark(name.span, _KIND_FEATURE[name.kind])
    return matrix


def _word_features(word: str) -> Iterator[Feature]:
    lower = word.lower()
    if word[0].isupper() and len(word) > 1 and word.isupper():
        yield Feature.CAPITALS
    elif word[0].isupper():
        yield Feature.CAPITALIZED
    if not word.isupper() and any(c.isupper() for c in word[1:]):
        yield Feature.MIXED_CASE
    if any(c.isdigit() for c in word):
        yield Feature.DIGITS
    if _TIME_WORD.fullmatch(lower) and (lower not in {"may", "march", "mar"} or word[0].isupper()):
        yield Feature.TIME_WORD
    if _TITLE_WORD.fullmatch(lower.removesuffix("s")):
        yield Feature.TITLE_WORD


def windows(tokens: Tokens, size: int, overlap: int) -> list[Window]:
    """Divide a text into windows of at most ``size`` word pieces that share about ``overlap``; linear in its length.

    Windows begin at sentence starts where one lies within reach.
    """
    n = len(tokens)
    if n == 0:
        return []
    if n <= size:
        return [Window(0, n, 0, n)]
    bounds = [(0, size)]
    while bounds[-1][1] < n:
        start = bounds[-1][1] - overlap
        for k in range(start, max(bounds[-1][0] + 1, start - overlap // 2), -1):
            if tokens.sentences[k] != tokens.sentences[k - 1]:
                start = k
                break
        bounds.append((start, min(n, start + size)))
    cuts = [0, *((a_end + b_start) // 2 for (_, a_end), (b_start, _) in pairwise(bounds)), n]
    return [Window(s, e, cuts[i], cuts[i + 1]) for i, (s, e) in enumerate(bounds)]


__all__ = ["CLS", "PAD", "SEP", "Feature", "Floats", "Ints", "Tokenization", "Tokens", "Window", "windows"]
