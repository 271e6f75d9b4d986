"""A fault in a query is found where a person would point at it."""

from __future__ import annotations

import pytest

from kg_build.errors import QueryError
from kg_build.store import QuerySyntaxError, Store


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    quads = tmp_path_factory.mktemp("data") / "data.nq"
    quads.write_text('<http://x/s> <http://x/p> "1" <http://x/g> .\n', encoding="utf-8")
    return Store.in_memory(quads)


@pytest.mark.parametrize(
    ("query", "what", "line", "column", "hint"),
    [
        ("SELEC * WHERE { ?s ?p ?o }", "“SELEC” is not expected here", 1, 1, "did you mean SELECT?"),
        ("SELECT * { ?s ?p ?o  FILTR(?o > 3) }", "“FILTR” is not expected here", 1, 22, "did you mean FILTER?"),
        ("ASK { ?s ?p ?o }}", "“}” is not expected here", 1, 17, None),
        ("ASK {} ASK {}", "“ASK” is not expected here", 1, 8, None),
        ("SELECT ?s\nWHERE { # a comment (\n ?s ?p ?é . foo bar }", "“foo” is not expected here", 3, 13, None),
        ("SELECT * {\n ?s ?p ?o .\n FILTER(?o > ) }", "“)” is not expected here", 3, 14, None),
        ("SELECT * { ?s ?p ?o } LIMIT x", "“x” is not expected here", 1, 29, None),
        ("SELECT (COUNT(?s) ?n) { ?s ?p ?o }", "“?n” is not expected here", 1, 19, None),
        ("SELECT * { ?s ?p 'open }", "“'” is not expected here", 1, 18, None),
        ("SELECT * WHERE { ?s ?p ?o", "the query ends too soon", 1, 26, None),
        ("", "the query ends too soon", 1, 1, None),
        ("# nothing else", "the query ends too soon", 1, 15, None),
        ("SELECT ?s { ?s ?p ?o } GROUP BY ?o", "The SELECT contains a variable that is unbound", 1, 35, None),
        ("SELECT * { ?s a cq:Person }", "the prefix cq: is not declared", 1, 17, "begin the query with PREFIX cq: <…>"),
        ("CLEAR ALL", "this is an update, not a query", 1, 1, None),
    ],
)
def test_a_fault_is_found_at_the_word_that_is_wrong(
    store: Store, query: str, what: str, line: int, column: int, hint: str | None
) -> None:
    with pytest.raises(QuerySyntaxError) as raised:
        store.query(query)
    assert (raised.value.what, raised.value.line, raised.value.column, raised.value.hint) == (what, line, column, hint)


def test_an_unknown_function_is_an_error_of_the_query(store: Store) -> None:
    with pytest.raises(QueryError, match="http://x/function"):
        store.query("SELECT (<http://x/function>(1) AS ?x) {}")


def test_relative_iris_are_resolved_against_the_base(store: Store) -> None:
    assert bool(store.query("ASK { <s> <p> ?o }", base_iri="http://x/"))
    assert not bool(store.query("ASK { <s> <p> ?o }", base_iri="http://y/"))
