"""Meetings, their participations and what is said of their status, as triples of the document's graph."""

from __future__ import annotations

from collections.abc import Iterable

from kg_build.assemble.graph import DocumentGraph, day, label
from kg_build.assemble.identity import Identity
from kg_build.contribution import MeetingNote, Party
from kg_build.model import Meeting, Participation, StatusReport
from kg_build.nquads import Term, decimal, iri
from kg_build.vocabulary import cq, rdf


def add_meetings(graph: DocumentGraph, identity: Identity, meetings: Iterable[Meeting]) -> tuple[MeetingNote, ...]:
    """Adds every meeting; returns what they add to the graph of all documents."""
    notes: list[MeetingNote] = []
    reports = 0
    for meeting in meetings:
        notes.append(_add_meeting(graph, identity, meeting))
        for report in meeting.reports:
            reports += 1
            _add_report(graph, identity, meeting, report, reports)
    return tuple(notes)


def _add_meeting(graph: DocumentGraph, identity: Identity, meeting: Meeting) -> MeetingNote:
    node = identity.meetings[meeting.key]
    subject = iri(node)
    graph.add(subject, rdf.type, cq.Meeting)
    graph.add(subject, rdf.type, cq[meeting.kind])
    graph.add(subject, cq.confidence, decimal(meeting.confidence))
    graph.add_when(subject, meeting.when)
    graph.add(subject, cq.place, _entity(identity, meeting.place))
    graph.add(subject, cq.partOf, _entity(identity, meeting.event))
    graph.add(subject, cq.topic, label(meeting.topic) if meeting.topic else None)
    for mention in meeting.mentions:
        graph.mention(node, mention.span, mention.confidence)
    parties: dict[str, Party] = {}
    for participation in meeting.participations:
        agent = identity.entities[participation.agent]
        if agent not in parties:
            behalf = participation.on_behalf_of
            parties[agent] = Party(agent, identity.entities[behalf] if behalf else None)
            _add_participation(graph, identity, node, participation)
        for mention in participation.mentions:
            graph.mention(identity.participation(node, agent), mention.span, mention.confidence)
    place = identity.entities[meeting.place] if meeting.place else None
    return MeetingNote(node, meeting.kind, meeting.status, tuple(parties.values()), meeting.when, place)


def _add_participation(graph: DocumentGraph, identity: Identity, meeting: str, participation: Participation) -> None:
    agent = identity.entities[participation.agent]
    node = iri(identity.participation(meeting, agent))
    graph.add(iri(meeting), cq.participation, node)
    graph.add(iri(meeting), cq.participant, iri(agent))
    graph.add(node, rdf.type, cq.Participation)
    graph.add(node, cq.agent, iri(agent))
    if participation.tenure:
        graph.add(node, cq.inCapacity, iri(identity.tenures[participation.tenure]))
    graph.add(node, cq.onBehalfOf, _entity(identity, participation.on_behalf_of))
    graph.add(node, cq.role, cq[participation.role] if participation.role else None)


def _add_report(graph: DocumentGraph, identity: Identity, meeting: Meeting, report: StatusReport, number: int) -> None:
    node = f"{identity.document_iri}#status-{number}"
    subject = iri(node)
    graph.add(subject, rdf.type, cq.StatusReport)
    graph.add(subject, cq.of, iri(identity.meetings[meeting.key]))
    graph.add(subject, cq.status, cq[report.status])
    graph.add(subject, cq.accordingTo, _entity(identity, report.according_to) or graph.node)
    if published := graph.document.published_on:
        graph.add(subject, cq.asOf, day(published))
    for mention in report.mentions:
        graph.mention(node, mention.span, mention.confidence)


def _entity(identity: Identity, key: str | None) -> Term | None:
    return iri(identity.entities[key]) if key else None


__all__ = ["add_meetings"]
