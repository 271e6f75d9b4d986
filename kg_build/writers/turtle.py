"""Turtle and TriG, written as the triples come, so that a graph of any size needs little memory."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from kg_build.nquads import Term
from kg_build.writers.blocks import Abbreviator, Block, Row, blocks
from ontology import XSD

_BARE: Final = {
    f"<{XSD.integer}>": re.compile(r"[+-]?[0-9]+"),
    f"<{XSD.decimal}>": re.compile(r"[+-]?[0-9]*\.[0-9]+"),
    f"<{XSD.boolean}>": re.compile(r"true|false"),
}


def turtle(rows: Iterable[Row], prefixes: Mapping[str, str]) -> Iterator[str]:
    """``rows``, sorted by subject and predicate, as Turtle."""
    writer = _Writer(prefixes)
    yield writer.head()
    for block in blocks(rows):
        yield writer.block(block, indent="")


def trig(graphs: Iterable[tuple[Term, Iterable[Row]]], prefixes: Mapping[str, str]) -> Iterator[str]:
    """Named graphs, each with its rows sorted by subject and predicate, as TriG."""
    writer = _Writer(prefixes)
    yield writer.head()
    for name, rows in graphs:
        yield f"\n{writer.term(name)} {{\n"
        for block in blocks(rows):
            yield writer.block(block, indent="    ")
        yield "}\n"


class _Writer:
    def __init__(self, prefixes: Mapping[str, str]) -> None:
        self._prefixes = prefixes
        self._abbreviator = Abbreviator(prefixes)

    def head(self) -> str:
        return "".join(f"@prefix {prefix}: <{namespace}> .\n" for prefix, namespace in sorted(self._prefixes.items()))

    def block(self, block: Block, indent: str) -> str:
        lines = [f"a {', '.join(map(self.term, block.types))}"] if block.types else []
        lines += [f"{self.term(predicate)} {self._objects(objects, indent)}" for predicate, objects in block.properties]
        return f"\n{indent}{self.term(block.subject)} " + f" ;\n{indent}    ".join(lines) + " .\n"

    def term(self, term: Term) -> str:
        """A term in Turtle; a string's escapes are those that it has in N-Quads."""
        if term[0] == "<":
            return self._abbreviator.shorten(term) or term
        string, mark, datatype = term.rpartition("^^")
        if not mark or not string.endswith('"'):
            return term
        bare = _BARE.get(datatype)
        if bare and bare.fullmatch(string, 1, len(string) - 1):
            return string[1:-1]
        return f"{string}^^{self._abbreviator.shorten(Term(datatype)) or datatype}"

    def _objects(self, objects: tuple[Term, ...], indent: str) -> str:
        return f",\n{indent}        ".join(self.term(term) for term in objects)


__all__ = ["trig", "turtle"]
