"""Attributed statements, as triples of the document's graph."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from kg_build.assemble.graph import DocumentGraph
from kg_build.assemble.identity import Identity
from kg_build.model import Entity, Span, Statement
from kg_build.nquads import boolean, decimal, integer, iri, text
from kg_build.vocabulary import cq, rdf

_BETWEEN_STRETCHES: Final = " … "


@dataclass(frozen=True, slots=True)
class _Named:
    """A place in the text where an entity is named."""

    span: Span
    iri: str


def add_statements(
    graph: DocumentGraph, identity: Identity, statements: Iterable[Statement], entities: Iterable[Entity]
) -> int:
    """Adds every statement, numbered from 1 in the order of the reading; returns how many there are."""
    named = sorted(
        (_Named(mention.span, identity.entities[entity.key]) for entity in entities for mention in entity.mentions),
        key=lambda n: (n.span, n.iri),
    )
    number = 0
    for number, statement in enumerate(statements, start=1):
        _add_statement(graph, identity, statement, number, named)
    return number


def _add_statement(
    graph: DocumentGraph, identity: Identity, statement: Statement, number: int, named: list[_Named]
) -> None:
    whole = graph.document.text
    node = identity.iris.statement(graph.document.id, number)
    subject = iri(node)
    graph.add(subject, rdf.type, cq.Statement)
    graph.add(subject, cq.content, text(_BETWEEN_STRETCHES.join(span.of(whole) for span in statement.content)))
    graph.add(subject, cq.form, cq[statement.form])
    graph.add(subject, cq.confidence, decimal(statement.confidence))
    graph.add_when(subject, statement.when)
    for quotation in statement.quotations:
        graph.add(subject, cq.quotation, text(quotation.of(whole)))
    for speaker in statement.speakers:
        graph.add(subject, cq.speaker, iri(identity.entities[speaker]))
    for addressee in statement.addressees:
        graph.add(subject, cq.addressee, iri(identity.entities[addressee]))
    for entity in _mentioned(statement.content, named):
        graph.add(subject, cq.mentions, iri(entity))
    if statement.tenure:
        graph.add(subject, cq.inCapacity, iri(identity.tenures[statement.tenure]))
    if statement.cue:
        graph.add(subject, cq.cue, text(statement.cue))
    if statement.speech_act:
        graph.add(subject, cq.speechAct, cq[statement.speech_act])
    if statement.made_at:
        graph.add(subject, cq.madeAt, iri(identity.meetings[statement.made_at]))
    if statement.negated:
        graph.add(subject, cq.negated, boolean(True))
    _add_chain(graph, identity, node, statement)
    for span in statement.content:
        graph.mention(node, span, statement.confidence, cq.ContentMention)
    if statement.source:
        graph.mention(node, statement.source, statement.confidence, cq.SourceMention)
    if statement.cue_span:
        graph.mention(node, statement.cue_span, statement.confidence, cq.CueMention)


def _add_chain(graph: DocumentGraph, identity: Identity, node: str, statement: Statement) -> None:
    """Adds through whom the statement came; the order of several is told by relay nodes."""
    for body in statement.via:
        graph.add(iri(node), cq.via, iri(identity.entities[body]))
    if len(statement.via) < 2:
        return
    for position, body in enumerate(statement.via, start=1):
        relay = iri(f"{node}/relay/{position}")
        graph.add(iri(node), cq.relay, relay)
        graph.add(relay, rdf.type, cq.Relay)
        graph.add(relay, cq.agent, iri(identity.entities[body]))
        graph.add(relay, cq.position, integer(position))


def _mentioned(content: tuple[Span, ...], named: list[_Named]) -> Iterator[str]:
    """The entities named within ``content``; ``named`` is in the order of the text."""
    for stretch in content:
        for place in named[bisect_left(named, stretch.start, key=lambda n: n.span.start) :]:
            if place.span.start >= stretch.end:
                break
            if stretch.holds(place.span):
                yield place.iri


__all__ = ["add_statements"]
