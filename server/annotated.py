"""A document's text in pieces, each with what is mentioned and what is said there.

>>> [(piece.text, piece.node) for piece in annotate("Fjeld spoke", [Span(0, 5, "a:fjeld", False)])]
[('Fjeld', 'a:fjeld'), (' spoke', None)]
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple


class Span(NamedTuple):
    """Characters of the text, ``end`` exclusive, that mention ``node``; ``statement`` tells a statement's parts."""

    start: int
    end: int
    node: str
    statement: bool


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of the text, where it starts, the node that it mentions, and the statement that it is part of."""

    start: int
    text: str
    node: str | None
    statement: str | None


def annotate(text: str, spans: Iterable[Span]) -> list[Piece]:
    """The whole of ``text`` in pieces. Where spans lie within each other, the shortest counts, of equals the first.

    Spans that do not lie within the text are passed over.
    """
    sound = [span for span in spans if 0 <= span.start < span.end <= len(text)]
    edges = sorted({0, len(text), *(edge for span in sound for edge in (span.start, span.end))})
    starting = sorted(sound, key=lambda span: span.start)
    active: list[Span] = []
    upcoming = 0
    pieces: list[Piece] = []
    for start, end in pairwise(edges):
        active = [span for span in active if span.end > start]
        while upcoming < len(starting) and starting[upcoming].start == start:
            active.append(starting[upcoming])
            upcoming += 1
        shortest: dict[bool, Span] = {}
        for span in active:
            known = shortest.get(span.statement)
            if known is None or span.end - span.start < known.end - known.start:
                shortest[span.statement] = span
        node, statement = shortest.get(False), shortest.get(True)
        pieces.append(Piece(start, text[start:end], node and node.node, statement and statement.node))
    return pieces


__all__ = ["Piece", "Span", "annotate"]
