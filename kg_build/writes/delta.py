r"""What a write changed: quads that came and went, and graphs as a whole.

>>> delta = Delta(added=(Line("http://example.org/g", "<http://example.org/s> <http://example.org/p> \"o\""),))
>>> print(encode(delta).decode(), end="")
+ <http://example.org/s> <http://example.org/p> "o" <http://example.org/g> .
>>> decode(encode(delta)) == delta
True
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final, NamedTuple

_CLEARED: Final = "clear"
_REMOVED: Final = "-"
_ADDED: Final = "+"
_CREATED: Final = "create"
_DROPPED: Final = "drop"


class Line(NamedTuple):
    """A quad: its graph's IRI and its triple as N-Triples has it, without the final dot."""

    graph: str
    triple: str

    def __str__(self) -> str:
        return f"{self.triple} <{self.graph}> ."


@dataclass(frozen=True, slots=True)
class Delta:
    """A change of the store. It holds in this order, and doing it twice is the same as doing it once.

    A graph that is ``cleared`` loses whatever it holds at that moment: one that was emptied is empty too after the
    change is made again on a store that was built anew.
    """

    cleared: tuple[str, ...] = ()
    removed: tuple[Line, ...] = ()
    added: tuple[Line, ...] = ()
    created: tuple[str, ...] = ()
    """Graphs that are there from now on, with or without quads."""
    dropped: tuple[str, ...] = ()
    """Graphs that are gone, provided that they are empty."""

    def __bool__(self) -> bool:
        return any((self.cleared, self.removed, self.added, self.created, self.dropped))

    def graphs(self) -> frozenset[str]:
        """The graphs that it touches."""
        lines = {line.graph for lines in (self.removed, self.added) for line in lines}
        return frozenset(lines).union(self.cleared, self.created, self.dropped)


def merge(deltas: Iterable[Delta]) -> Delta:
    """One change that does what ``deltas`` do one after the other."""
    cleared: dict[str, None] = {}
    removed: dict[Line, None] = {}
    added: dict[Line, None] = {}
    existing: dict[str, bool] = {}
    for delta in deltas:
        if delta.cleared:
            gone = set(delta.cleared)
            cleared |= dict.fromkeys(delta.cleared)
            removed = {line: None for line in removed if line.graph not in gone}
            added = {line: None for line in added if line.graph not in gone}
        for line in delta.removed:
            added.pop(line, None)
            removed[line] = None
        for line in delta.added:
            removed.pop(line, None)
            added[line] = None
        existing |= dict.fromkeys(delta.created, True) | dict.fromkeys(delta.dropped, False)
    return Delta(
        cleared=tuple(cleared),
        removed=tuple(removed),
        added=tuple(added),
        created=tuple(graph for graph, exists in existing.items() if exists),
        dropped=tuple(graph for graph, exists in existing.items() if not exists),
    )


def encode(delta: Delta) -> bytes:
    """The change as lines of text: a sign or a word, and a quad or a graph."""
    return "".join(f"{line}\n" for line in _lines(delta)).encode()


def _lines(delta: Delta) -> Iterator[str]:
    yield from (f"{_CLEARED} <{graph}>" for graph in delta.cleared)
    yield from (f"{_REMOVED} {line}" for line in delta.removed)
    yield from (f"{_ADDED} {line}" for line in delta.added)
    yield from (f"{_CREATED} <{graph}>" for graph in delta.created)
    yield from (f"{_DROPPED} <{graph}>" for graph in delta.dropped)


def decode(text: bytes) -> Delta:
    """The change that ``encode`` wrote as ``text``."""
    found: dict[str, list[str]] = {}
    for entry in text.decode().split("\n")[:-1]:
        sign, _, rest = entry.partition(" ")
        found.setdefault(sign, []).append(rest)
    return Delta(
        cleared=tuple(graph[1:-1] for graph in found.get(_CLEARED, ())),
        removed=tuple(map(_line, found.get(_REMOVED, ()))),
        added=tuple(map(_line, found.get(_ADDED, ()))),
        created=tuple(graph[1:-1] for graph in found.get(_CREATED, ())),
        dropped=tuple(graph[1:-1] for graph in found.get(_DROPPED, ())),
    )


def _line(quad: str) -> Line:
    triple, _, graph = quad[: -len("> .")].rpartition(" <")
    return Line(graph, triple)


__all__ = ["Delta", "Line", "decode", "encode", "merge"]
