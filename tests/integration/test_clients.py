"""Other people's clients talk to the running server as to any endpoint."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlencode

import pytest
from rdflib import Graph, Literal, URIRef
from rdflib.plugins.stores.sparqlstore import SPARQLUpdateStore
from SPARQLWrapper import CSV, JSON, POST, TURTLE, XML, SPARQLWrapper

from ontology import SKOS
from tests.support.serving import BEARER, TOKEN, WritableServer

PERSONS = "SELECT ?name { ?p a cq:Person ; skos:prefLabel ?name } ORDER BY ?name"
FIRST = "Astrid Fjeld"
PERSON = URIRef("https://w3id.org/communique/id/person/astrid-fjeld")
# What Jena's RemoteEndpoint and RDFConnection send (jena-arq: QueryExecHTTP, WebContent).
JENA_SELECT = (
    "application/sparql-results+json, application/sparql-results+xml;q=0.9, text/tab-separated-values;q=0.7, "
    "text/csv;q=0.5, application/json;q=0.2, application/xml;q=0.2, */*;q=0.1"
)
JENA_GRAPH = "text/turtle, application/n-triples;q=0.9, application/ld+json;q=0.8, application/rdf+xml;q=0.7, */*;q=0.3"
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


@pytest.fixture(scope="module")
def served(sample_build: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[WritableServer]:
    folder = tmp_path_factory.mktemp("clients") / "graph"
    shutil.copytree(sample_build, folder)
    server = WritableServer(folder, "--workers", "2")
    yield server
    server.stop()


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_sparqlwrapper_reads_every_kind_of_result(served: WritableServer, method: str) -> None:
    client = SPARQLWrapper(f"{served.address}/sparql")
    client.setMethod(method)
    client.setQuery(PERSONS)
    client.setReturnFormat(JSON)
    assert client.query().convert()["results"]["bindings"][0]["name"]["value"] == FIRST
    client.setReturnFormat(XML)
    assert client.query().convert().getElementsByTagName("literal")[0].firstChild.data == FIRST
    client.setReturnFormat(CSV)
    assert client.query().convert().decode().splitlines()[1] == FIRST
    client.setQuery(f"DESCRIBE <{PERSON}>")
    client.setReturnFormat(TURTLE)
    described = Graph().parse(data=client.query().convert(), format="turtle")
    assert (PERSON, URIRef(SKOS.prefLabel), Literal(FIRST)) in described


def test_sparqlwrapper_writes_with_the_token(served: WritableServer) -> None:
    client = SPARQLWrapper(f"{served.address}/update")
    client.addCustomHttpHeader("Authorization", f"Bearer {TOKEN}")
    client.setMethod(POST)
    client.setQuery('INSERT DATA { GRAPH <urn:g:wrapper> { <urn:a> <urn:b> "wrapped" } }')
    assert client.query().response.status == 204
    assert (URIRef("urn:a"), URIRef("urn:b"), Literal("wrapped")) in graph_of(served, "urn:g:wrapper")


def test_rdflibs_store_reads_and_writes(served: WritableServer) -> None:
    store = SPARQLUpdateStore(
        f"{served.address}/sparql", f"{served.address}/update", headers=BEARER, context_aware=True, autocommit=True
    )
    graph = Graph(store, URIRef("urn:g:rdflib"))
    triple = (URIRef("urn:a"), URIRef("urn:b"), Literal("stored"))
    graph.add(triple)
    assert triple in graph
    assert triple in graph_of(served, "urn:g:rdflib")
    graph.remove(triple)
    assert triple not in graph
    names = [str(row[0]) for row in store.query(PERSONS)]
    assert names[0] == FIRST


def test_jenas_requests(served: WritableServer) -> None:
    query = urlencode({"query": PERSONS})
    for reply in (
        served.send("GET", f"/sparql?{query}", headers={"Accept": JENA_SELECT}),
        served.send("POST", "/sparql", query.encode(), {"Accept": JENA_SELECT, **FORM}),
        served.send(
            "POST", "/sparql", PERSONS.encode(), {"Accept": JENA_SELECT, "Content-Type": "application/sparql-query"}
        ),
    ):
        assert (reply.status, reply.media_type) == (200, "application/sparql-results+json")
        assert json.loads(reply.text)["results"]["bindings"][0]["name"]["value"] == FIRST
    described = served.send(
        "GET", f"/sparql?{urlencode({'query': f'DESCRIBE <{PERSON}>'})}", headers={"Accept": JENA_GRAPH}
    )
    assert (described.status, described.media_type) == (200, "text/turtle")
    update = b'INSERT DATA { GRAPH <urn:g:jena> { <urn:a> <urn:b> "jena" } }'
    headers = {**BEARER, "Content-Type": "application/sparql-update"}
    assert served.send("POST", "/update", update, headers).status == 204
    turtle = b'<urn:c> <urn:d> "put" .'
    headers = {**BEARER, "Content-Type": "text/turtle; charset=UTF-8"}
    assert served.send("PUT", "/graphs?graph=urn:g:jena", turtle, headers).status in (200, 204)
    assert set(graph_of(served, "urn:g:jena")) == {(URIRef("urn:c"), URIRef("urn:d"), Literal("put"))}


@pytest.mark.skipif(shutil.which("curl") is None, reason="there is no curl here")
def test_curl(served: WritableServer) -> None:
    def curl(*arguments: str) -> str:
        command = ["curl", "-sS", "--fail-with-body", *arguments]
        return subprocess.run(command, capture_output=True, text=True, check=True, timeout=60).stdout

    address = f"{served.address}/sparql"
    query = f"query={PERSONS}"
    assert curl("-G", address, "--data-urlencode", query, "-H", "Accept: text/csv").splitlines()[1] == FIRST
    assert FIRST in curl(address, "--data-urlencode", query, "--compressed")
    assert "astrid-fjeld" in curl("-H", "Accept: text/turtle", f"{served.address}/id/person/astrid-fjeld")


def test_what_a_client_writes_can_be_searched_for(served: WritableServer) -> None:
    line = f'<urn:s> <{SKOS.prefLabel}> "Zanzibar Conference"'
    headers = {**BEARER, "Content-Type": "application/sparql-update"}
    assert served.send("POST", "/update", f"INSERT DATA {{ {line} }}".encode(), headers).status == 204
    query = urlencode({"query": 'SELECT ?x { ?x cq:search "zanzibar" }', "format": "csv"})
    assert served.send("GET", f"/sparql?{query}").text.split() == ["x", "urn:s"]


def graph_of(served: WritableServer, iri: str) -> Graph:
    reply = served.send("GET", f"/graphs?{urlencode({'graph': iri})}", headers={"Accept": "text/turtle"})
    assert reply.status == 200
    return Graph().parse(data=reply.text, format="turtle")
