"""What linking says of the graph as a whole."""

from __future__ import annotations

from kg_build.iris import Iris
from kg_build.linked import add_resolution, candidate_iri
from kg_build.nquads import iri
from kg_build.resolve import Candidate, Resolution
from kg_build.triples import Triples
from kg_build.validate import Validator
from kg_build.vocabulary import cq, dcterms, rdf
from ontology import DEFAULT_BASE

IRIS = Iris(DEFAULT_BASE)
ONE, OTHER = IRIS.person("anna-berg"), IRIS.person("ana-berg")


def test_aliases_copies_and_candidates() -> None:
    graph = Triples()
    candidate = Candidate(ONE, OTHER, 0.4, "one letter less", ("a", "b"))
    add_resolution(graph, Resolution(aliases={OTHER: ONE}, copies={"b": "a"}, candidates=(candidate,)), IRIS)
    node = iri(candidate_iri(candidate, IRIS))
    assert (iri(OTHER), dcterms.isReplacedBy, iri(ONE)) in graph
    assert (iri(IRIS.document("b")), cq.copyOf, iri(IRIS.document("a"))) in graph
    assert (node, rdf.type, cq.LinkCandidate) in graph
    assert {row[2] for row in graph if row[1] == cq.candidate} == {iri(ONE), iri(OTHER)}
    assert {row[2] for row in graph if row[1] == dcterms.source} == {iri(IRIS.document(d)) for d in "ab"}
    assert Validator().validate(graph.to_rdflib()).conforms


def test_a_doubtful_link_is_the_same_node_whichever_comes_first() -> None:
    assert candidate_iri(Candidate(ONE, OTHER, 1, ""), IRIS) == candidate_iri(Candidate(OTHER, ONE, 0, "x"), IRIS)
