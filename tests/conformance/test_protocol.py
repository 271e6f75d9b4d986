"""The W3C's tests of the SPARQL 1.1 Protocol, over HTTP, as their manifest says what to send and what to expect.

The suite lies beside the checkout: ``../shared/suites/rdf-tests`` of https://github.com/w3c/rdf-tests. Without it the
tests are skipped.
"""

from __future__ import annotations

import json

import pytest

from tests.support.exchanges import SUITE, Case, Exchange, read_cases
from tests.support.serving import BEARER, Reply, WritableServer

MANIFEST = SUITE / "protocol/manifest.ttl"
NUMBER = 34
TABLES = {
    "application/sparql-results+json",
    "application/sparql-results+xml",
    "text/csv",
    "text/tab-separated-values",
}
FORMATS = {
    "boolean": TABLES,
    "tabular": TABLES,
    "RDF": {"text/turtle", "application/n-triples", "application/ld+json", "application/rdf+xml"},
}

CASES = list(read_cases(MANIFEST)) if MANIFEST.is_file() else []
pytestmark = pytest.mark.skipif(not CASES, reason=f"the W3C's tests are not at {SUITE}")


def test_none_is_left_out() -> None:
    assert len(CASES) == NUMBER


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_protocol(case: Case, server: WritableServer) -> None:
    for file, graph in case.data:
        triples = file.read_text(encoding="utf-8")
        assert server.update(f"INSERT DATA {{ GRAPH <{graph}> {{ {triples} }} }}").status == 204
    for number, exchange in enumerate(case.exchanges):
        response = send(server, exchange, update="update_" in case.name and number == 0)
        assert str(response.status)[0] in exchange.statuses
        if exchange.format is not None:
            assert response.media_type in FORMATS[exchange.format]
        if exchange.boolean is not None:
            assert json.loads(response.body)["boolean"] is exchange.boolean


def send(server: WritableServer, exchange: Exchange, *, update: bool) -> Reply:
    """Sends the request where this server takes such: the manifest's one address stands for two."""
    address = "/update" if update and exchange.method == "POST" else "/sparql"
    path = exchange.path.replace("/sparql/", address, 1)
    return server.send(exchange.method, path, exchange.body, exchange.headers | (BEARER if update else {}))
