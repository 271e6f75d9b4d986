"""Which mentions, tenures, statements and meetings of a reading are right, by the annotations of the document."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from kg_build.model import EntityType, Meeting, Reading, Span, Statement
from kg_build.training.annotations import AnnotatedDocument, MeetingMark

_PASSAGE = 40
"""Characters from which a part of an annotated statement is a statement too: a release's sentences, one by one."""


@dataclass(frozen=True, slots=True)
class Judgement:
    """A thing of a ``kind`` that the reader gave a raw ``score``, and whether it is right."""

    kind: str
    score: float
    right: bool


def judge(reading: Reading, annotated: AnnotatedDocument) -> Iterator[Judgement]:
    """A judgement on everything in ``reading`` that has a confidence of its own.

    A mention is right where an entity of its sort stands; a tenure where the post is that person's; a statement where
    it covers half of an annotated one, or is a passage at least half of which is in one, and a speaker agrees; a
    meeting where its parties and its status agree.
    """
    keys = _meanings(reading, annotated)
    sorts = {e.span: e.type for e in annotated.entities}
    for entity in reading.entities:
        kind = {EntityType.PERSON: "Person", EntityType.MINISTRY: "Ministry"}.get(entity.type, "Entity")
        wanted = {"Person": {"person"}, "Ministry": {"ministry", "government"}}.get(kind)
        for mention in entity.mentions:
            met = {sorts[s] for s in sorts if s.meets(mention.span)}
            yield Judgement(kind, mention.confidence, bool(met & wanted) if wanted else bool(met - {"person"}))
    for tenure in reading.tenures:
        for mention in tenure.mentions:
            right = any(p.span.meets(mention.span) and p.person in keys[tenure.person] for p in annotated.posts)
            yield Judgement("Tenure", mention.confidence, right)
    for statement in reading.statements:
        yield Judgement("Statement", statement.confidence, _statement_is_right(statement, annotated, keys))
    encounters = _encounters(annotated)
    for meeting in reading.meetings:
        yield Judgement("Meeting", meeting.confidence, any(_meeting_is_right(meeting, e, keys) for e in encounters))
        for report in meeting.reports:
            for mention in report.mentions:
                marks = [m for m in annotated.meetings if m.trigger.meets(mention.span)]
                yield Judgement("StatusReport", mention.confidence, any(m.status is report.status for m in marks))
        for party in meeting.participations:
            for mention in party.mentions:
                told = [p for m in annotated.meetings for p in m.parties if p.span and p.span.meets(mention.span)]
                yield Judgement("Participation", mention.confidence, any(p.key in keys[party.agent] for p in told))


def _meanings(reading: Reading, annotated: AnnotatedDocument) -> dict[str, set[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    for entity in reading.entities:
        for mention in entity.mentions:
            found[entity.key] |= {e.key for e in annotated.entities if e.span.meets(mention.span)}
        if entity.type is EntityType.COUNTRY and entity.iso:
            found[entity.key].add(entity.iso)
    return found


def _statement_is_right(statement: Statement, annotated: AnnotatedDocument, keys: dict[str, set[str]]) -> bool:
    said = set().union(*(keys[k] for k in statement.speakers)) if statement.speakers else set()
    own = sum(c.end - c.start for c in statement.content)
    for mark in annotated.statements:
        size = sum(c.end - c.start for c in mark.content)
        size = min(own, size) if own >= _PASSAGE else size
        shared = sum(_shared(c, p) for c in mark.content for p in statement.content)
        if shared >= size / 2 and (bool(said & set(mark.speakers)) or not mark.speakers):
            return True
    return False


def _shared(a: Span, b: Span) -> int:
    return max(0, min(a.end, b.end) - max(a.start, b.start))


def _encounters(annotated: AnnotatedDocument) -> list[list[MeetingMark]]:
    groups: dict[str, list[MeetingMark]] = defaultdict(list)
    for n, mark in enumerate(annotated.meetings):
        groups[mark.same or f"#{n}"].append(mark)
    return list(groups.values())


def _meeting_is_right(meeting: Meeting, encounter: list[MeetingMark], keys: dict[str, set[str]]) -> bool:
    wanted = {p.key for m in encounter for p in m.parties}
    parties = [keys[p.agent] for p in meeting.participations]
    return (
        len(parties) == len(wanted)
        and all(p & wanted for p in parties)
        and set().union(*parties) >= wanted
        and meeting.status in {m.status for m in encounter}
    )


__all__ = ["Judgement", "judge"]
