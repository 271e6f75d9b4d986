"""The W3C's tests of the SPARQL 1.1 Protocol, as far as their manifest says what to send and what to expect.

The suite lies beside the checkout: ``../shared/suites/rdf-tests`` of https://github.com/w3c/rdf-tests. Without it the
tests are skipped. Those of updates expect an endpoint that takes them; this one refuses, which is tested instead.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pyoxigraph
import pytest
from flask.testing import FlaskClient
from rdflib import RDF, RDFS, Graph, Namespace, Node
from rdflib.collection import Collection
from werkzeug.test import TestResponse

from server.app import create_app
from server.settings import Settings

SUITE = Path(__file__).resolve().parents[3] / "shared/suites/rdf-tests/sparql/sparql11/protocol"
MANIFEST = SUITE / "manifest.ttl"

MF = Namespace("http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#")
HT = Namespace("http://www.w3.org/2011/http#")
CNT = Namespace("http://www.w3.org/2011/content#")
UT = Namespace("http://www.w3.org/2009/sparql/tests/test-update#")

FORMATS = {
    "boolean": {"application/sparql-results+json", "application/sparql-results+xml"},
    "tabular": {
        "application/sparql-results+json",
        "application/sparql-results+xml",
        "text/csv",
        "text/tab-separated-values",
    },
    "RDF": {"text/turtle", "application/n-triples", "application/ld+json", "application/rdf+xml"},
}


@dataclass(frozen=True, slots=True)
class Exchange:
    """A request of a test, and what is expected of the response."""

    method: str
    path: str
    headers: tuple[tuple[str, str], ...]
    body: bytes | None
    statuses: frozenset[str]
    boolean: bool | None
    format: str | None


@dataclass(frozen=True, slots=True)
class Case:
    """A test of the manifest."""

    name: str
    exchanges: tuple[Exchange, ...]

    @property
    def updates(self) -> bool:
        """Whether it wants an update to succeed."""
        return self.name.startswith("update_")


def read_manifest() -> Iterator[Case]:
    graph = Graph().parse(MANIFEST)
    [manifest] = graph.subjects(RDF.type, MF.Manifest)
    for entry in Collection(graph, graph.value(manifest, MF.entries)):
        requests = Collection(graph, graph.value(graph.value(entry, MF.action), HT.requests))
        yield Case(str(entry).rpartition("#")[2], tuple(read_exchange(graph, request) for request in requests))


def read_exchange(graph: Graph, request: Node) -> Exchange:
    headers = graph.value(request, HT.headers)
    body = graph.value(request, HT.body)
    response = graph.value(request, HT.resp)
    boolean = graph.value(response, MF.expectedBoolean)
    expected = graph.value(response, MF.expectedFormat)
    return Exchange(
        method=str(graph.value(request, HT.methodName)),
        path=str(graph.value(request, HT.absolutePath)),
        headers=tuple(
            (str(graph.value(header, HT.fieldName)), str(graph.value(header, HT.fieldValue)))
            for header in (Collection(graph, headers) if headers else ())
        ),
        body=str(graph.value(body, CNT.chars)).encode(str(graph.value(body, CNT.characterEncoding))) if body else None,
        statuses=frozenset(re.findall(r"(\d)xx", " ".join(graph.objects(response, MF.expectedStatus)))),
        boolean=None if boolean is None else bool(boolean.toPython()),  # type: ignore[attr-defined]
        format=None if expected is None else str(expected),
    )


CASES = list(read_manifest()) if MANIFEST.is_file() else []
pytestmark = pytest.mark.skipif(not CASES, reason=f"the W3C's tests are not at {SUITE}")


@pytest.fixture(scope="module")
def suite_client(make_a_build: object, tmp_path_factory: pytest.TempPathFactory) -> FlaskClient:
    """A client of a server with the suite's data, each file in the graph that the manifest calls it by."""
    manifest = Graph().parse(MANIFEST)
    quads = [
        pyoxigraph.Quad(*quad.triple, pyoxigraph.NamedNode(str(manifest.value(data, RDFS.label))))
        for data in set(manifest.objects(None, UT.graphData))
        for quad in pyoxigraph.parse(path=SUITE / Path(str(manifest.value(data, UT.graph))).name)
    ]
    folder = make_a_build(tmp_path_factory.mktemp("suite"), quads)  # type: ignore[operator]
    return create_app(Settings(directory=folder, workers=0)).test_client()


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_protocol(case: Case, suite_client: FlaskClient) -> None:
    if case.updates:
        pytest.skip("the endpoint is read-only")
    for exchange in case.exchanges:
        response = send(suite_client, exchange)
        assert str(response.status_code)[0] in exchange.statuses
        if exchange.format is not None:
            assert response.mimetype in FORMATS[exchange.format]
        if exchange.boolean is not None:
            assert response.get_json()["boolean"] is exchange.boolean


@pytest.mark.parametrize("case", [case for case in CASES if case.updates], ids=lambda case: case.name)
def test_updates_are_refused(case: Case, suite_client: FlaskClient) -> None:
    response = send(suite_client, case.exchanges[0])
    assert response.status_code in (400, 415)
    assert "read-only" in response.text


def send(client: FlaskClient, exchange: Exchange) -> TestResponse:
    return client.open(exchange.path, method=exchange.method, headers=list(exchange.headers), data=exchange.body)
