"""The W3C's tests of the SPARQL 1.1 Graph Store HTTP Protocol, over HTTP. Without the suite they are skipped."""

from __future__ import annotations

from urllib.parse import quote

import pytest
from rdflib import Graph
from rdflib.compare import isomorphic

from tests.support.exchanges import SUITE, Case, read_cases
from tests.support.serving import BEARER, WritableServer

MANIFESTS = [SUITE / "graph-store-protocol/manifest-direct.ttl", SUITE / "graph-store-protocol/manifest-indirect.ttl"]
NUMBER = 13

CASES = [case for manifest in MANIFESTS if manifest.is_file() for case in read_cases(manifest)]
pytestmark = pytest.mark.skipif(not CASES, reason=f"the W3C's tests are not at {SUITE}")


def test_none_is_left_out() -> None:
    assert len(CASES) == NUMBER


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_graph_store(case: Case, server: WritableServer) -> None:
    assert server.update("DROP ALL").status == 204
    variables: dict[str, str] = {}
    for exchange in case.exchanges:
        path = exchange.path.replace("/gsp", "/graphs", 1)
        for variable, value in variables.items():
            path = path.replace(variable, quote(value, safe=""))
        token = {} if exchange.method in ("GET", "HEAD") else BEARER
        response = server.send(exchange.method, path, exchange.body, exchange.headers | token)
        assert str(response.status) in exchange.statuses
        if exchange.location is not None:
            variables[exchange.location] = response.headers["location"]
        if exchange.content_type is not None:
            assert response.headers["content-type"] == exchange.content_type
        if exchange.content is not None:
            expected = Graph().parse(data=exchange.content, format="turtle")
            assert isomorphic(Graph().parse(data=response.body, format="turtle"), expected)
