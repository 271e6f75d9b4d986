"""The W3C's tests of SPARQL 1.1 Service Description. Their manifest names them; what they want is in its words."""

from __future__ import annotations

import pytest
from rdflib import OWL, RDF, Graph, Namespace, Node, URIRef

from tests.support.exchanges import MF, SUITE
from tests.support.serving import WritableServer

MANIFEST = SUITE / "service-description/manifest.ttl"
SD = Namespace("http://www.w3.org/ns/sparql-service-description#")
NAMES = {"returns-rdf", "has-endpoint-triple", "conforms-to-schema"}
# https://www.w3.org/TR/sparql11-service-description/, sections 3.3 and 3.4: what each property may stand between.
PROPERTIES = {
    SD.endpoint: (SD.Service, None),
    SD.feature: (SD.Service, SD.Feature),
    SD.defaultEntailmentRegime: (SD.Service, SD.EntailmentRegime),
    SD.entailmentRegime: (SD.NamedGraph, SD.EntailmentRegime),
    SD.extensionFunction: (SD.Service, SD.Function),
    SD.extensionAggregate: (SD.Service, SD.Aggregate),
    SD.languageExtension: (SD.Service, SD.Feature),
    SD.supportedLanguage: (SD.Service, SD.Language),
    SD.propertyFeature: (SD.Service, SD.Feature),
    SD.defaultDataset: (SD.Service, SD.Dataset),
    SD.availableGraphs: (SD.Service, SD.GraphCollection),
    SD.resultFormat: (SD.Service, None),
    SD.inputFormat: (SD.Service, None),
    SD.defaultGraph: (SD.Dataset, SD.Graph),
    SD.namedGraph: (SD.GraphCollection, SD.NamedGraph),
    SD.name: (SD.NamedGraph, None),
    SD.graph: (SD.NamedGraph, SD.Graph),
}
INSTANCES = {
    SD.Language: {SD.SPARQL10Query, SD.SPARQL11Query, SD.SPARQL11Update},
    SD.Feature: {SD.DereferencesURIs, SD.UnionDefaultGraph, SD.RequiresDataset, SD.EmptyGraphs, SD.BasicFederatedQuery},
}

pytestmark = pytest.mark.skipif(not MANIFEST.is_file(), reason=f"the W3C's tests are not at {SUITE}")


@pytest.fixture(scope="module")
def description(server: WritableServer) -> Graph:
    response = server.send("GET", "/sparql", headers={"Accept": "text/turtle"})
    assert (response.status, response.media_type) == (200, "text/turtle")
    return Graph().parse(data=response.body, format="turtle")


def test_these_are_the_tests_of_the_manifest() -> None:
    found = Graph().parse(MANIFEST).subjects(RDF.type, MF.ServiceDescriptionTest)
    assert {str(test).rpartition("#")[2] for test in found} == NAMES


def test_returns_rdf(description: Graph) -> None:
    assert len(description) > 0


def test_has_endpoint_triple(description: Graph, server: WritableServer) -> None:
    assert (None, SD.endpoint, URIRef(f"{server.address}/sparql")) in description


def test_conforms_to_schema(description: Graph) -> None:
    for subject, property_, object_ in description:
        if not str(property_).startswith(SD):
            continue
        domain, range_ = PROPERTIES[property_]
        assert is_a(description, subject, domain), (subject, property_)
        assert range_ is None or is_a(description, object_, range_), (property_, object_)
    for service in description.subjects(RDF.type, SD.Service):
        assert len(list(description.objects(service, SD.endpoint))) >= 1
        assert OWL.Nothing not in description.objects(service, RDF.type)


def is_a(graph: Graph, node: Node, kind: URIRef) -> bool:
    # A dataset is a collection of graphs, too.
    kinds = {kind, SD.Dataset} if kind == SD.GraphCollection else {kind}
    return node in INSTANCES.get(kind, ()) or any((node, RDF.type, one) in graph for one in kinds)
