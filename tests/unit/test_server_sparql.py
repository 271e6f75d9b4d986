"""The endpoint: what comes back for which request."""

from __future__ import annotations

import csv
import io
import json
from urllib.parse import urlencode
from xml.etree import ElementTree

import pytest
from flask.testing import FlaskClient
from rdflib import RDF, Graph, Literal, Namespace, URIRef
from werkzeug.test import TestResponse

from ontology import CQ

SD = Namespace("http://www.w3.org/ns/sparql-service-description#")
VOID = Namespace("http://rdfs.org/ns/void#")
SAMPLE_1 = "https://w3id.org/communique/id/document/sample-1"
PERSONS = "SELECT ?person WHERE { ?person a cq:Person } ORDER BY ?person"
DESCRIBE = "DESCRIBE <https://w3id.org/communique/id/person/carmelo-vassallo>"
# rdflib's own reader of JSON-LD calls what rdflib has deprecated.
lenient_with_rdflib = pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated:DeprecationWarning")
CHROME = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8"


def ask(client: FlaskClient, query: str, accept: str = "*/*", **more: str) -> TestResponse:
    return client.get("/sparql", query_string={"query": query, **more}, headers={"Accept": accept})


def test_select_in_its_four_formats(client: FlaskClient) -> None:
    rows = json.loads(ask(client, PERSONS, "application/sparql-results+json").data)["results"]["bindings"]
    persons = [row["person"]["value"] for row in rows]
    assert len(persons) == 4
    xml = ElementTree.fromstring(ask(client, PERSONS, "application/sparql-results+xml").data)  # noqa: S314 - ours
    assert [uri.text for uri in xml.iter("{http://www.w3.org/2005/sparql-results#}uri")] == persons
    table = ask(client, PERSONS, "text/csv")
    assert table.content_type == "text/csv; charset=utf-8"
    assert list(csv.reader(io.StringIO(table.text))) == [["person"], *([person] for person in persons)]
    assert ask(client, PERSONS, "text/tab-separated-values").text.split() == ["?person", *(f"<{p}>" for p in persons)]


@lenient_with_rdflib
@pytest.mark.parametrize(
    ("media_type", "parser"),
    [
        ("text/turtle", "turtle"),
        ("application/n-triples", "nt"),
        ("application/rdf+xml", "xml"),
        ("application/ld+json", "json-ld"),
    ],
)
def test_describe_in_its_four_formats(client: FlaskClient, media_type: str, parser: str) -> None:
    response = ask(client, DESCRIBE, media_type)
    assert response.mimetype == media_type
    graph = Graph().parse(data=response.data, format=parser)
    assert (None, RDF.type, URIRef(CQ.Person)) in graph


def test_ask_answers_yes_or_no(client: FlaskClient) -> None:
    assert ask(client, "ASK { ?s a cq:Person }").json["boolean"] is True
    assert ask(client, "ASK { ?s a cq:Nothing }", "text/csv").text.strip() == "false"


def test_the_format_parameter_comes_before_the_accept_header(client: FlaskClient) -> None:
    response = ask(client, PERSONS, CHROME, format="csv")
    assert response.mimetype == "text/csv"
    assert response.headers["Content-Disposition"] == 'inline; filename="result.csv"'
    assert ask(client, DESCRIBE, format="json").mimetype == "application/ld+json"


@pytest.mark.parametrize(
    ("query", "has"), [(PERSONS, "text/csv (format=csv)"), (DESCRIBE, "text/turtle (format=turtle)")]
)
def test_what_there_is_not_is_answered_with_what_there_is(client: FlaskClient, query: str, has: str) -> None:
    for response in (ask(client, query, "image/png"), ask(client, query, format="pdf")):
        assert response.status_code == 406
        assert has in response.text


def test_a_syntax_error_is_shown_where_it_is(client: FlaskClient) -> None:
    response = ask(client, "SELECT * {\n ?s a cq:Person\n} ORDR BY ?s")
    assert response.status_code == 400
    assert response.content_type == "text/plain; charset=utf-8"
    assert response.text.splitlines() == [
        "Not SPARQL: line 3, column 3: “ORDR” is not expected here",
        "3 | } ORDR BY ?s",
        "  |   ^",
        "did you mean ORDER?",
    ]
    problem = json.loads(ask(client, "SELECT *", "application/problem+json").data)
    assert (problem["status"], problem["line"], problem["column"]) == (400, 1, 9)


@pytest.mark.parametrize(
    ("query", "says"),
    [
        ("SELECT * { SERVICE <http://localhost/> { ?s ?p ?o } }", "SERVICE is not allowed"),
        ("SELECT * " + "{" * 3000 + "}" * 3000, "brackets are nested more than"),
        ("INSERT DATA { <a> <b> <c> }", "this is an update"),
        ("SELECT (<http://x/f>(1) AS ?x) {}", "not supported"),
    ],
)
def test_what_a_query_may_not_do_is_refused(client: FlaskClient, query: str, says: str) -> None:
    response = client.post("/sparql", data={"query": query})
    assert response.status_code == 400
    assert says in response.text


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH"])
def test_other_methods_are_not_allowed(client: FlaskClient, method: str) -> None:
    response = client.open("/sparql?query=ASK{}", method=method)
    assert response.status_code == 405
    assert {"GET", "POST"} <= set(response.headers["Allow"].split(", "))


def test_a_body_without_end_is_refused(client: FlaskClient) -> None:
    body = b"SELECT * {} #" + b"x" * (2 * 2**20)
    response = client.post("/sparql", data=body, content_type="application/sparql-query")
    assert response.status_code == 413


def test_a_long_query_is_refused_by_the_guard(client: FlaskClient) -> None:
    body = b"SELECT * {} #" + b"x" * 600_000
    response = client.post("/sparql", data=body, content_type="application/sparql-query")
    assert response.status_code == 413
    assert "characters" in response.text


def test_without_dataset_parameters_the_default_graph_is_the_union_of_all_graphs(client: FlaskClient) -> None:
    everywhere = "SELECT (COUNT(*) AS ?n) WHERE { %s }"
    merged = "SELECT DISTINCT ?s ?p ?o WHERE { GRAPH ?g { ?s ?p ?o } }"
    union = ask(client, everywhere % "?s ?p ?o", "text/csv").text
    assert union == ask(client, everywhere % f"{{ {merged} }}", "text/csv").text


def test_the_dataset_of_the_request_replaces_that_of_the_query(client: FlaskClient) -> None:
    titles = "SELECT ?title FROM <http://elsewhere/> WHERE { ?d dcterms:title ?title }"
    assert ask(client, titles, "text/csv").text.split("\r\n")[1:] == [""]
    response = ask(client, titles, "text/csv", **{"default-graph-uri": SAMPLE_1})
    assert response.text.split("\r\n")[1:] == ["Icelandic and Maltese ministers speak by phone", ""]
    named = "SELECT DISTINCT ?g WHERE { GRAPH ?g { ?s ?p ?o } }"
    assert ask(client, named, "text/csv", **{"named-graph-uri": SAMPLE_1}).text.split() == ["g", SAMPLE_1]
    default = "ASK { ?s ?p ?o }"
    assert ask(client, default, **{"named-graph-uri": SAMPLE_1}).json["boolean"] is False


def test_relative_iris_are_those_of_the_graph(client: FlaskClient) -> None:
    assert ask(client, "ASK { <person/carmelo-vassallo> a cq:Person }").json["boolean"] is True


@lenient_with_rdflib
@pytest.mark.parametrize("accept", ["*/*", "text/turtle", "application/rdf+xml", "application/ld+json"])
def test_without_a_query_the_endpoint_describes_itself(client: FlaskClient, accept: str) -> None:
    response = client.get("/sparql", headers={"Accept": accept})
    form = {"application/rdf+xml": "xml", "application/ld+json": "json-ld"}.get(accept, "turtle")
    graph = Graph().parse(data=response.data, format=form)
    service = graph.value(predicate=RDF.type, object=SD.Service)
    assert graph.value(service, SD.endpoint) == URIRef("http://localhost/sparql")
    assert (service, SD.feature, SD.UnionDefaultGraph) in graph
    assert (service, SD.supportedLanguage, SD.SPARQL11Query) in graph
    triples = next(graph.objects(None, VOID.triples))
    assert isinstance(triples, Literal)
    assert int(triples) > 1000


def test_a_host_header_of_nonsense_does_no_harm(client: FlaskClient) -> None:
    response = client.get("/sparql", headers={"Host": 'x> a <y> . "{'})
    assert response.status_code in (200, 400)


def test_without_a_query_a_browser_gets_the_page(client: FlaskClient) -> None:
    response = client.get("/sparql", headers={"Accept": CHROME})
    assert response.mimetype == "text/html"
    assert "<textarea" in response.text


def test_other_sites_may_read_answers_and_errors(client: FlaskClient) -> None:
    for response in (ask(client, PERSONS), ask(client, "SELECT"), client.options("/sparql")):
        assert response.headers["Access-Control-Allow-Origin"] == "*"
        assert "Accept" in response.headers["Vary"]
    preflight = client.options("/sparql", headers={"Access-Control-Request-Method": "POST"})
    assert "Content-Type" in preflight.headers["Access-Control-Allow-Headers"]
    assert "Access-Control-Allow-Origin" not in client.get("/").headers


def test_a_result_cannot_run_scripts(client: FlaskClient) -> None:
    for path in (f"/sparql?{urlencode({'query': DESCRIBE})}", "/healthz", "/queries/meetings"):
        response = client.get(path)
        assert "sandbox" in response.headers["Content-Security-Policy"]
        assert response.headers["X-Content-Type-Options"] == "nosniff"
        assert response.headers["Referrer-Policy"] == "no-referrer"


def test_head_has_the_headers_alone(client: FlaskClient) -> None:
    response = client.head("/sparql", query_string={"query": PERSONS})
    assert (response.status_code, response.data) == (200, b"")
    assert response.mimetype == "application/sparql-results+json"


def test_health_says_what_is_served(client: FlaskClient) -> None:
    health = client.get("/healthz").json
    assert health["status"] == "ok"
    assert health["built"] == "2025-04-09T08:00:02Z"
    assert health["triples"] > 1000
    assert health["workers"] == {"total": 0, "busy": 0}
