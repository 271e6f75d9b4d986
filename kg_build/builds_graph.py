"""The graph of builds: with what, and from which documents, the store was made.

The time is kept apart from the rest: it stands in the store and in the manifest, but not in ``data.nq``, whose bytes
are the same for the same input.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from kg_build import __version__
from kg_build.iris import Iris, encode
from kg_build.model import ReaderVersion
from kg_build.nquads import Term, iri, line, text, typed
from kg_build.resolve.decisions import NO_DECISIONS, Decision, Decisions
from kg_build.triples import Triples
from kg_build.vocabulary import prov, rdf, rdfs, schema
from ontology import XSD


def builds_graph(
    iris: Iris, name: str, documents: Iterable[str], reader: ReaderVersion, decisions: Decisions = NO_DECISIONS
) -> Triples:
    """The build called ``name`` of ``documents``, given by their IRIs, by this program and ``reader``.

    With all ``decisions`` of people, those that were undone too.
    """
    graph = Triples()
    build = iri(iris.build(name))
    graph.add(build, rdf.type, prov.Activity)
    for document in documents:
        graph.add(build, prov.used, iri(document))
    program = _software(graph, iris, "communique", __version__)
    model = _software(graph, iris, reader.name, reader.version)
    if reader.sha256:
        graph.add(model, schema.sha256, text(reader.sha256))
    graph.add(build, prov.wasAssociatedWith, program)
    graph.add(build, prov.wasAssociatedWith, model)
    for decision in decisions.all:
        _add_decision(graph, iris, decision, build)
    return graph


def ended_at(iris: Iris, name: str, moment: datetime) -> str:
    """The line of N-Quads that says when the build called ``name`` ended; ``moment`` is in UTC."""
    time = typed(moment.strftime("%Y-%m-%dT%H:%M:%SZ"), XSD.dateTime)
    return line(iri(iris.build(name)), prov.endedAtTime, time, iri(iris.builds_graph))


def _add_decision(graph: Triples, iris: Iris, decision: Decision, build: Term) -> None:
    node = iri(f"{iris.base}decision/{decision.number}")
    who = iri(f"{iris.base}curator/{encode(decision.who)}")
    graph.add(who, rdf.type, prov.Agent)
    graph.add(who, rdfs.label, text(decision.who))
    graph.add(build, prov.wasInformedBy, node)
    graph.add(node, rdf.type, prov.Activity)
    graph.add(node, rdfs.label, text(decision.described))
    graph.add(node, prov.wasAssociatedWith, who)
    graph.add(node, prov.endedAtTime, typed(decision.when.strftime("%Y-%m-%dT%H:%M:%SZ"), XSD.dateTime))
    for used in filter(None, (decision.node, *decision.others)):
        graph.add(node, prov.used, iri(used))
    if decision.undoes:
        graph.add(node, prov.wasInformedBy, iri(f"{iris.base}decision/{decision.undoes}"))
    if decision.reason:
        graph.add(node, rdfs.comment, text(decision.reason))


def _software(graph: Triples, iris: Iris, name: str, version: str) -> Term:
    node = iri(iris.software(f"{encode(name)}-{encode(version)}"))
    graph.add(node, rdf.type, prov.SoftwareAgent)
    graph.add(node, rdfs.label, text(f"{name} {version}"))
    graph.add(node, schema.softwareVersion, text(version))
    return node


__all__ = ["builds_graph", "ended_at"]
