"""The W3C's tests of SPARQL queries and updates, 1.0 and 1.1, over HTTP: what is loaded, asked and expected.

The suite lies beside the checkout, as for the protocol's own tests. Every file of triples is a graph on the server,
under its address; a query says by ``default-graph-uri`` and ``named-graph-uri`` which of them it is about.
"""

from __future__ import annotations

import re
from urllib.parse import quote

import pytest
from pyoxigraph import Dataset, QueryResultsFormat, RdfFormat, parse

from ontology import DEFAULT_BASE
from tests.support.evaluations import ADDRESS, SUITE, Evaluation, file_at, read_evaluations
from tests.support.serving import BEARER, Reply, WritableServer
from tests.support.solutions import expected_result, parsed, same_csv, same_graph, same_rows

# What this server does not take part in: entailment, federation; other tests are about the protocols.
ELSEWHERE = {
    "entailment",
    "service",
    "service-description",
    "protocol",
    "graph-store-protocol",
    "http-rdf-update",
    "syntax-fed",
}
KINDS = ("QueryEvaluationTest", "CSVResultFormatTest", "UpdateEvaluationTest")
NOTHING = f"{ADDRESS}nothing"
"""A graph that there is not."""
TYPES = {
    ".ttl": "text/turtle", ".rdf": "application/rdf+xml", ".nt": "application/n-triples", ".n3": "text/turtle"
}  # fmt: skip
CAUSES = {
    "the engine stores typed literals in their canonical form: 01 is 1": """
        sparql10/distinct/distinct-1 sparql10/distinct/distinct-9 sparql10/expr-builtin/dawg-str-1
        sparql10/expr-builtin/dawg-str-2 sparql10/expr-builtin/sameTerm-simple sparql10/expr-builtin/sameTerm-eq
        sparql10/expr-builtin/sameTerm-not-eq sparql10/expr-equals/eq-graph-1 sparql10/expr-equals/eq-graph-2
        sparql10/open-world/open-eq-01 sparql11/csv-tsv-res/csv03 sparql11/csv-tsv-res/tsv03""",
    "the engine compares dates with and without a time zone": """
        sparql10/open-world/date-2 sparql10/open-world/date-3""",
    "the engine takes true and false in small letters alone": "sparql10/expr-builtin/case-insensitive-booleans",
    "the engine binds the variable of GRAPH after what stands in its braces": """
        sparql10/graph/graph-variable-scope sparql10/graph/graph-optional sparql11/bindings/graph
        sparql11/aggregates/agg-empty-group-count-graph sparql11/negation/graph-minus""",
    "the engine's GROUP_CONCAT keeps the language that all texts share": """
        sparql11/aggregates/agg-groupconcat-04 sparql11/aggregates/agg-groupconcat-06""",
    "the engine's BNODE gives one node for one text in all rows": "sparql11/functions/bnode01",
    "the engine finds no path of no steps for a node that is not in the graph": """
        sparql11/property-path/zero_or_more_set_start sparql11/property-path/zero_or_more_set_end
        sparql11/property-path/zero_or_one_set_start sparql11/property-path/zero_or_one_set_end""",
    "the engine refuses functions that it does not know before it runs a query": """
        sparql10/syntax-sparql1/syntax-expr-05 sparql10/syntax-sparql1/syntax-order-05
        sparql10/syntax-sparql1/syntax-order-06 sparql10/syntax-sparql2/syntax-function-01
        sparql10/syntax-sparql2/syntax-function-02 sparql10/syntax-sparql2/syntax-function-03
        sparql10/syntax-sparql2/syntax-function-04 sparql11/syntax-query/test_4""",
    "the engine reads two comparisons in ?x<?a&&?b>?y, where there is an IRI": "sparql10/syntax-sparql3/syn-bad-26",
    "an update with one name for blank nodes of two operations is refused by this server": """
        sparql11/basic-update/insert-where-same-bnode sparql11/basic-update/insert-where-same-bnode2""",
    "LOAD is refused by this server, SILENT or not": """
        sparql11/update-silent/load-silent sparql11/update-silent/load-into-silent""",
}
FAILURES = {name: cause for cause, names in CAUSES.items() for name in names.split()}
"""The tests that fail, nearly all by the engine itself, with their causes."""

FOLDERS = sorted(path.parent for path in SUITE.glob("*/*/manifest.ttl") if path.parent.name not in ELSEWHERE)
CASES = [case for folder in FOLDERS for case in read_evaluations(folder) if case.kind in KINDS]
SYNTAX = [
    case for folder in FOLDERS for case in read_evaluations(folder) if "SyntaxTest" in case.kind and not case.is_update
]
pytestmark = pytest.mark.skipif(not CASES, reason=f"the W3C's tests are not at {SUITE}")


def test_the_failures_are_tests() -> None:
    assert {case.name for case in CASES + SYNTAX} >= FAILURES.keys()


def marked(cases: list[Evaluation]) -> list[object]:
    return [
        pytest.param(
            case,
            id=case.name,
            marks=[pytest.mark.xfail(reason=FAILURES[case.name], strict=True)] if case.name in FAILURES else [],
        )
        for case in cases
    ]


@pytest.fixture(scope="module")
def loaded() -> set[str]:
    """The files that stand on the server."""
    return set()


def put(server: WritableServer, file: str, graph: str) -> None:
    headers = {"Content-Type": TYPES[file_at(file).suffix], **BEARER}
    reply = server.send("PUT", f"/graphs?graph={graph}", file_at(file).read_bytes(), headers)
    assert reply.status in (201, 204), reply.text


def ask(server: WritableServer, case: Evaluation, accept: str) -> Reply:
    query = f"BASE <{case.request}>\n{case.text}"
    if re.search(r"\bFROM\b", case.text):
        return server.query(query, accept)
    named = [file for file, _ in case.before.named]
    parameters = {"default-graph-uri": list(case.before.default) or [NOTHING], "named-graph-uri": named}
    return server.query(query, accept, **parameters)


QUERIES = [case for case in CASES if not case.is_update]
UPDATES = [case for case in CASES if case.is_update]


@pytest.mark.parametrize("case", marked(QUERIES))
def test_query(case: Evaluation, server: WritableServer, loaded: set[str]) -> None:
    mentioned = [f"{case.request.rpartition('/')[0]}/{name}" for name in re.findall(r"<([\w.-]+\.ttl)>", case.text)]
    for file in {*case.before.default, *(file for file, _ in case.before.named), *mentioned} - loaded:
        if file_at(file).is_file():
            put(server, file, file)
            loaded.add(file)
    assert case.result is not None
    result = file_at(case.result)
    if result.suffix == ".csv":
        assert same_csv(ask(server, case, "text/csv").body, result.read_bytes())
        return
    expected = expected_result(result, case.result)
    if isinstance(expected, Dataset):
        reply = ask(server, case, "application/n-triples")
        assert reply.status == 200, reply.text
        assert same_graph(Dataset(parse(reply.body, format=RdfFormat.N_TRIPLES)), expected)
        return
    reply = ask(server, case, "application/sparql-results+json")
    assert reply.status == 200, reply.text
    found = parsed(reply.body, QueryResultsFormat.JSON)
    if isinstance(expected, bool) or isinstance(found, bool):
        assert found is expected
    else:
        assert same_rows(found, expected, lax=case.lax), (found, expected)


@pytest.mark.parametrize("case", marked(SYNTAX))
def test_syntax_of_a_query(case: Evaluation, server: WritableServer) -> None:
    status = ask(server, case, "*/*").status
    assert status == (400 if "Negative" in case.kind else 200)


OWN = f"{DEFAULT_BASE}graph/default"
"""Where the triples stand that are written without the name of a graph."""


@pytest.mark.parametrize("case", marked(UPDATES))
def test_update(case: Evaluation, server: WritableServer, loaded: set[str]) -> None:
    loaded.clear()
    assert server.update("DROP ALL").status == 204
    for file in case.before.default:
        put(server, file, OWN)
    for file, name in case.before.named:
        put(server, file, name)
    named = {*(name for _, name in case.before.named), *(f"http://example.org/g{number}" for number in (1, 2, 3))}
    dataset = {"using-graph-uri": [OWN], "using-named-graph-uri": sorted(named)}
    says_itself = re.search(r"\b(WITH|USING)\b", case.text, re.IGNORECASE)
    reply = server.update(f"BASE <{case.request}>\n{case.text}", **({} if says_itself else dataset))
    assert reply.status == 204, reply.text
    expected: dict[str, Dataset] = {}
    for file, name in [*((file, OWN) for file in case.after.default), *case.after.named]:
        for quad in parse(path=file_at(file), base_iri=name):
            expected.setdefault(name, Dataset()).add(quad)
    found = server.query("SELECT DISTINCT ?g { GRAPH ?g { ?s ?p ?o } }", "text/csv").text.split()[1:]
    assert set(found) == {name for name, triples in expected.items() if len(triples)}
    for name in found:
        graph = server.send("GET", f"/graphs?graph={quote(name)}", headers={"Accept": "application/n-triples"})
        assert same_graph(Dataset(parse(graph.body, format=RdfFormat.N_TRIPLES)), expected[name]), graph.text
