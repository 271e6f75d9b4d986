"""JSON-LD, a node a line, written as the triples come."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping

from kg_build.nquads import Term, iri, lexical, value_of
from kg_build.writers.blocks import Abbreviator, Block, Row, blocks


def jsonld(graphs: Iterable[tuple[Term, Iterable[Row]]], prefixes: Mapping[str, str]) -> Iterator[str]:
    """Named graphs, each with its rows sorted by subject and predicate, as one JSON-LD document."""
    writer = _Writer(prefixes)
    context = ",\n".join(f"    {_json(prefix)}: {_json(namespace)}" for prefix, namespace in sorted(prefixes.items()))
    yield f'{{\n  "@context": {{\n{context}\n  }},\n  "@graph": ['
    separator = "\n"
    for name, rows in graphs:
        yield f'{separator}    {{"@id": {_json(writer.name(name))}, "@graph": ['
        between = "\n"
        for block in blocks(rows):
            yield f"{between}      {_json(writer.node(block))}"
            between = ",\n"
        yield "\n    ]}"
        separator = ",\n"
    yield "\n  ]\n}\n"


class _Writer:
    def __init__(self, prefixes: Mapping[str, str]) -> None:
        self._abbreviator = Abbreviator(prefixes)

    def name(self, term: Term) -> str:
        return self._abbreviator.shorten(term) or value_of(term)

    def node(self, block: Block) -> dict[str, object]:
        node: dict[str, object] = {"@id": self.name(block.subject)}
        if block.types:
            node["@type"] = [self.name(term) for term in block.types]
        for predicate, objects in block.properties:
            values = [self._value(term) for term in objects]
            node[self.name(predicate)] = values if len(values) > 1 else values[0]
        return node

    def _value(self, term: Term) -> object:
        if term[0] == "<":
            return {"@id": self.name(term)}
        literal = lexical(term)
        if literal.datatype:
            return {"@value": literal.value, "@type": self.name(iri(literal.datatype))}
        if literal.language:
            return {"@value": literal.value, "@language": literal.language}
        return literal.value


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


__all__ = ["jsonld"]
