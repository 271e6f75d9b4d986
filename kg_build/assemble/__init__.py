"""From what a reader found in a document to the document's named graph, with evidence for every node.

The rules about the graph live here: which node a name stands for, which triples say what. ``docs/graph.md`` lists them.
Rules about language are the reader's.
"""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256

from kg_build.assemble.entities import add_entities, add_tenures
from kg_build.assemble.evidence import ReadingError, check
from kg_build.assemble.graph import DocumentGraph, label, moment
from kg_build.assemble.identity import Identity
from kg_build.assemble.meetings import add_meetings
from kg_build.assemble.original import add_original
from kg_build.assemble.statements import add_statements
from kg_build.contribution import Contribution
from kg_build.iris import Iris
from kg_build.links import NO_LINKS, DocumentLinks
from kg_build.model import Document, Reading
from kg_build.nquads import iri, text
from kg_build.triples import Triples
from kg_build.vocabulary import cq, dcterms, rdf


@dataclass(frozen=True, slots=True)
class Assembled:
    """A document's graph, the graph's IRI, and what the document adds to the graphs that follow from several."""

    graph_iri: str
    triples: Triples
    contribution: Contribution


def assemble(document: Document, reading: Reading, iris: Iris, links: DocumentLinks = NO_LINKS) -> Assembled:
    """The graph of ``document``; the same arguments give the same triples. Raises ReadingError for unsound readings."""
    check(document, reading)
    identity = Identity(document, reading, iris, links)
    graph = DocumentGraph(document, identity.document_iri)
    _add_document(graph, iris)
    entities = add_entities(graph, identity, reading.entities)
    posts = add_tenures(graph, identity, reading.tenures)
    meetings = add_meetings(graph, identity, reading.meetings)
    statements = add_statements(graph, identity, reading.statements, reading.entities)
    mentions = graph.close()
    contribution = Contribution(
        document=identity.document_iri,
        identifier=document.id,
        published=document.published,
        entities=entities,
        posts=posts,
        meetings=meetings,
        statements=statements,
        mentions=mentions,
    )
    return Assembled(identity.document_iri, graph.triples, contribution)


def _add_document(graph: DocumentGraph, iris: Iris) -> None:
    document, node = graph.document, graph.node
    graph.add(node, rdf.type, cq.Document)
    graph.add(node, dcterms.identifier, text(document.id))
    graph.add(node, dcterms.title, label(document.title) if document.title else None)
    graph.add(node, dcterms.issued, moment(document.published) if document.published else None)
    graph.add(node, dcterms.publisher, label(document.publisher) if document.publisher else None)
    graph.add(node, dcterms.source, iri(document.url) if document.url else None)
    graph.add(node, cq.sha256, text(sha256(document.text.encode()).hexdigest()))
    graph.add(node, cq.text, text(document.text))
    if document.original:
        add_original(graph, document.original, iris)


__all__ = ["Assembled", "ReadingError", "assemble", "check"]
