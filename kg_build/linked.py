"""What linking says of the graph as a whole, in RDF: aliases, copies and links that are doubtful."""

from __future__ import annotations

from kg_build.iris import Iris, digest
from kg_build.nquads import decimal, iri, text
from kg_build.resolve import Candidate, Resolution
from kg_build.triples import Triples
from kg_build.vocabulary import cq, dcterms, rdf, rdfs


def add_resolution(graph: Triples, resolution: Resolution, iris: Iris) -> None:
    """Adds to the entities graph what ``resolution`` found out."""
    for alias, node in resolution.aliases.items():
        graph.add(iri(alias), dcterms.isReplacedBy, iri(node))
    for copy, original in resolution.copies.items():
        graph.add(iri(iris.document(copy)), cq.copyOf, iri(iris.document(original)))
    for candidate in resolution.candidates:
        node = iri(candidate_iri(candidate, iris))
        graph.add(node, rdf.type, cq.LinkCandidate)
        graph.add(node, cq.candidate, iri(candidate.one))
        graph.add(node, cq.candidate, iri(candidate.other))
        graph.add(node, cq.confidence, decimal(candidate.score))
        graph.add(node, rdfs.comment, text(candidate.reason))
        for document in candidate.documents:
            graph.add(node, dcterms.source, iri(iris.document(document)))


def candidate_iri(candidate: Candidate, iris: Iris) -> str:
    """The node of a doubtful link: the same for the same two nodes, in whatever order."""
    return f"{iris.base}candidate/{digest(*sorted((candidate.one, candidate.other)))}"


__all__ = ["add_resolution", "candidate_iri"]
