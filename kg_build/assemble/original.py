"""The way back from a document to the file that its text was taken from, and to the pages of that."""

from __future__ import annotations

from itertools import pairwise

from kg_build.assemble.graph import DocumentGraph, label
from kg_build.iris import Iris
from kg_build.model import Original, Span
from kg_build.nquads import integer, iri, text
from kg_build.vocabulary import cq, dcterms, oa, prov, rdf, rdfs, schema


def add_original(graph: DocumentGraph, original: Original, iris: Iris) -> None:
    """Adds the file and, where it has pages, each page that has text."""
    file = iri(iris.file(original.sha256))
    graph.add(graph.node, prov.wasDerivedFrom, file)
    graph.add(file, rdf.type, prov.Entity)
    graph.add(file, rdf.type, schema.MediaObject)
    graph.add(file, dcterms["format"], text(original.media_type))
    graph.add(file, rdfs.label, label(original.name))
    graph.add(file, schema.sha256, text(original.sha256))
    for number, (start, end) in enumerate(pairwise((*original.pages, len(graph.document.text))), 1):
        if start < end:
            page = graph.part(f"page={number}")
            graph.add(page, rdf.type, cq.Page)
            graph.add(page, dcterms.isPartOf, graph.node)
            graph.add(page, cq.pageNumber, integer(number))
            graph.add(page, oa.hasSelector, graph.position(Span(start, end)))


__all__ = ["add_original"]
