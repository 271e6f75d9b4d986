"""What the guard lets through to the engine."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg_build.errors import QueryError
from kg_build.query_guard import QueryLimits, check_query, tokens

DEEP = {
    "groups": lambda n: "SELECT * " + "{" * n + "}" * n,
    "brackets": lambda n: f"SELECT * {{ FILTER({'(' * n}1{')' * n}) }}",
    "calls": lambda n: f"SELECT * {{ FILTER({'STR(' * n}1{')' * n}) }}",
    "blank nodes": lambda n: f"SELECT * {{ ?a ?b {'[ ?p ' * n}1{']' * n} }}",
    "comparisons": lambda n: f"SELECT * {{ ?a ?b ?c FILTER(?c<{'(' * n}1{')' * n}&&?c>0) }}",
    "subqueries": lambda n: "SELECT * {" * n + "}" * n,
}
LONG = {
    "or": lambda n: f"SELECT * {{ FILTER(1{'||1' * n}) }}",
    "and": lambda n: f"SELECT * {{ ?s ?p ?o FILTER(?o<1{'&&1' * n}>0) }}",
    "not": lambda n: f"SELECT * {{ FILTER({'!' * n}1) }}",
    "union": lambda n: "SELECT * { {}" + " UNION {}" * n + " }",
    "optional": lambda n: "SELECT * {" + " optional {?a ?b ?c}" * n + " }",
    "bind": lambda n: "SELECT * {" + " BIND(1 AS ?x)" * n + " }",
    "paths": lambda n: f"SELECT * {{ ?a <a:a>{'/<a:a>' * n} ?b }}",
}


@pytest.mark.parametrize("kind", DEEP)
def test_depth_is_bounded(kind: str) -> None:
    check_query(DEEP[kind](90))
    with pytest.raises(QueryError, match="nested") as caught:
        check_query(DEEP[kind](1000))
    assert "line 1, column" in str(caught.value)


@pytest.mark.parametrize("kind", LONG)
def test_operators_and_clauses_are_bounded(kind: str) -> None:
    check_query(LONG[kind](400))
    with pytest.raises(QueryError, match="operators"):
        check_query(LONG[kind](5000))


def test_length_is_bounded() -> None:
    with pytest.raises(QueryError, match="characters"):
        check_query("SELECT * { ?s ?p ?o }" + " " * QueryLimits().characters)
    check_query("#" * 100, QueryLimits(characters=100))


@pytest.mark.parametrize(
    "query",
    [
        'SELECT * { ?s ?p "(((((((((((((((((" }',
        "SELECT * { ?s ?p '''it's {{{{ \\''' {{{''' }",
        'SELECT * { ?s ?p """a "" {{{{{{{{{{{{""" }',
        "SELECT * { ?s ?p ?o } # ((((((((((((((((((((",
        "SELECT * { ?s <http://example.org/((((((((((> ?o }",
        r"SELECT * { ?s ex:a\(\(\(\(\(\(\(\(\(\(\(\( ?o }",
        "SELECT * { VALUES ?d {" + ' "2025-01-01"^^xsd:date' * 2000 + " } }",
        "SELECT * { VALUES (?a ?b) {" + ' (<http://a/b> "x")' * 2000 + " } }",
        "SELECT * { ?s ?p ?o FILTER(?o IN (" + "-1, " * 2000 + "2)) }",
    ],
)
def test_brackets_in_texts_iris_and_comments_do_not_count(query: str) -> None:
    check_query(query, QueryLimits(depth=10))


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * { SERVICE <http://example.org/> { ?s ?p ?o } }",
        "select * { service silent ?x { ?s ?p ?o } }",
        "SELECT * { ?s ?p ?o FILTER(?o<'>') SERVICE <http://evil/'> {} }",
        "SELECT * { ?s ?p <a:'\\u0041> . SERVICE <http://evil/'> {} }",
        "SELECT * { ?s ?p 1SERVICE?x{} }",
        "SELECT * { SERVICE#x\n#y\nSILENT#<\n<http://a#b>#c\n{ } }",
        "SELECT * { SERVICE ex:a\\{b { } }",
        "SELECT * { SERVICE :a{ } }",
        "SELECT * { SERVICE ex: { } }",
        "SELECT * { ?a ?b ?c FILTER(?c<1)SERVICE?x#>\n{} }",
        "SELECT * { SERVICE\t$x\t{ } }",
    ],
)
def test_service_is_refused_wherever_it_hides(query: str) -> None:
    with pytest.raises(QueryError, match="SERVICE is not allowed"):
        check_query(query)


@pytest.mark.parametrize(
    "query",
    [
        'SELECT * { ?s rdfs:label "service" . FILTER(CONTAINS(?t, "The Service { of")) }',
        "SELECT ?service { ?service ?p ?o }",
        "SELECT * { ?s schema:service ?o . OPTIONAL { ?o ?p ?q } }",
        "# about the service\nSELECT * {}",
        "SELECT * { ?s <http://example.org/service> ?o }",
    ],
)
def test_the_word_alone_is_no_service(query: str) -> None:
    check_query(query)


@given(st.text())
def test_any_text_is_either_passed_or_refused(query: str) -> None:
    try:
        check_query(query)
    except QueryError as error:
        assert error.where or "characters" in error.what  # noqa: PT017 -- most texts raise nothing


@given(st.text())
def test_tokens_are_pieces_of_the_query_in_order(query: str) -> None:
    at = 0
    for token in tokens(query):
        assert token.start >= at
        assert query[token.start : token.start + len(token.text)] == token.text
        at = token.start + len(token.text)


@given(st.lists(st.sampled_from(["<a>", "?x", "'s'", '"""t"""', "#c\n", "ex:a", "12", "WORD", "&&", " ", "."])))
def test_balanced_brackets_never_exceed_their_depth(words: list[str]) -> None:
    inner = " ".join(words)
    check_query("{ ( " + inner + " ) }", QueryLimits(depth=2))
