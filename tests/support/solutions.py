"""Whether two results of queries are the same, but for the names of blank nodes and the spelling of numbers."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from pyoxigraph import (
    BlankNode,
    CanonicalizationAlgorithm,
    Dataset,
    Literal,
    QueryBoolean,
    QueryResultsFormat,
    RdfFormat,
    Store,
    Triple,
    parse,
    parse_query_results,
)

_XSD = "http://www.w3.org/2001/XMLSchema#"
_RS = "http://www.w3.org/2001/sw/DataAccess/tests/result-set#"
_NUMBERS = {f"{_XSD}{name}" for name in ("integer", "decimal", "double", "float")}
_BOOLEANS = {
    f'"{name}"^^<{_XSD}boolean>': f'"{value}"^^<{_XSD}boolean>' for name, value in (("1", "true"), ("0", "false"))
}
_RESULTS = {
    ".srx": QueryResultsFormat.XML,
    ".srj": QueryResultsFormat.JSON,
    ".tsv": QueryResultsFormat.TSV,
}
_GRAPHS = {".ttl": RdfFormat.TURTLE, ".rdf": RdfFormat.RDF_XML, ".nt": RdfFormat.N_TRIPLES}
Row = Mapping[str, Any]


def expected_result(file: Path, base: str) -> bool | list[Row] | Dataset:
    """What a file of expectations holds: a truth value, rows, or a graph."""
    if file.suffix in _RESULTS:
        return parsed(file.read_bytes(), _RESULTS[file.suffix])
    triples = Dataset(parse(path=file, format=_GRAPHS[file.suffix], base_iri=base))
    return _of_result_set(triples) if f"{_RS}ResultSet" in str(triples) else triples


def parsed(body: bytes, results_format: QueryResultsFormat) -> bool | list[Row]:
    found = parse_query_results(body, format=results_format)
    if isinstance(found, QueryBoolean):
        return bool(found)
    names = [variable.value for variable in found.variables]
    return [{name: row[name] for name in names if row[name] is not None} for row in found]


def _of_result_set(triples: Dataset) -> bool | list[Row]:
    store = Store()
    store.extend(triples)
    prefix = f"PREFIX rs: <{_RS}>"
    for solution in store.query(f"{prefix} SELECT ?b {{ ?r rs:boolean ?b }}"):
        return solution["b"].value == "true"
    rows: dict[Any, dict[str, Any]] = {}
    bindings = "?r rs:solution ?s OPTIONAL { ?s rs:binding [ rs:variable ?n ; rs:value ?v ] }"
    for solution in store.query(f"{prefix} SELECT ?s ?n ?v {{ {bindings} }}"):
        row = rows.setdefault(solution["s"], {})
        if solution["n"] is not None:
            row[solution["n"].value] = solution["v"]
    return list(rows.values())


def same_graph(found: Dataset, expected: Dataset) -> bool:
    """Isomorphism, numbers by value."""
    return _canonical(found) == _canonical(expected)


def _canonical(graph: Dataset) -> set[str]:
    copy = Dataset(graph)
    copy.canonicalize(CanonicalizationAlgorithm.UNSTABLE)
    return {f"{quad.subject} {quad.predicate} {_spelled(quad.object)} {quad.graph_name}" for quad in copy}


def same_rows(found: Sequence[Row], expected: Sequence[Row], *, lax: bool = False) -> bool:
    """Whether the rows are the same in any order, with one blank node of the one for one of the other.

    ``lax``: however often they come.
    """
    if lax:
        found, expected = ([row for n, row in enumerate(rows) if row not in rows[:n]] for rows in (found, expected))
    return len(found) == len(expected) and _matched(list(found), list(expected), {})


def _matched(found: list[Row], expected: list[Row], renamed: dict[str, str]) -> bool:
    if not expected:
        return True
    first, *rest = expected
    for number, row in enumerate(found):
        together = _with_row(row, first, renamed)
        if together is not None and _matched(found[:number] + found[number + 1 :], rest, together):
            return True
        if together is not None and together == renamed:
            return False  # any other row that fits is the same one
    return False


def _with_row(found: Row, expected: Row, renamed: dict[str, str]) -> dict[str, str] | None:
    if found.keys() != expected.keys():
        return None
    together = dict(renamed)
    for name, term in expected.items():
        if not _with_term(found[name], term, together):
            return None
    return together


def _with_term(found: Any, expected: Any, renamed: dict[str, str]) -> bool:
    if isinstance(expected, BlankNode):
        if not isinstance(found, BlankNode):
            return False
        if expected.value not in renamed and found.value in renamed.values():
            return False
        return renamed.setdefault(expected.value, found.value) == found.value
    if isinstance(expected, Triple):
        pairs = zip(_parts(found), _parts(expected), strict=True) if isinstance(found, Triple) else ()
        return isinstance(found, Triple) and all(_with_term(one, other, renamed) for one, other in pairs)
    return not isinstance(found, BlankNode | Triple) and _spelled(found) == _spelled(expected)


def _parts(triple: Triple) -> tuple[Any, Any, Any]:
    return triple.subject, triple.predicate, triple.object


def _spelled(term: Any) -> str:
    if not isinstance(term, Literal) or term.datatype.value not in _NUMBERS:
        return _BOOLEANS.get(str(term), str(term))
    try:
        number = Decimal(term.value)
    except InvalidOperation:
        return str(term)
    if term.datatype.value.endswith(("double", "float")):
        return f"{float(number):.12g} {term.datatype}"
    return f"{number.normalize():f} {term.datatype}"


def same_csv(found: bytes, expected: bytes) -> bool:
    """The same columns and rows; a blank node, which CSV gives a name of its own, for any other."""
    heads, bodies = zip(*((table[0], table[1:]) for table in map(_table, (found, expected))), strict=True)
    return heads[0] == heads[1] and sorted(map(_blanked, bodies[0])) == sorted(map(_blanked, bodies[1]))


def _table(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8"), newline="")))


def _blanked(row: list[str]) -> list[str]:
    return ["_:" if cell.startswith("_:") else cell for cell in row]
