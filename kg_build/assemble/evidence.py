"""The check that a reading is sound: every key names something, and every fact has a place in the text.

A reading that fails it comes from a fault of the reader. Its document is set aside whole, because a graph that has lost
some of its evidence looks like any other.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from kg_build.errors import CommuniqueError, ExitCode
from kg_build.model import Document, EntityType, Meeting, Mention, Reading, Span, Statement


class ReadingError(CommuniqueError):
    """A reading names what is not there, or claims what the text does not show."""

    exit_code = ExitCode.INPUT


def check(document: Document, reading: Reading) -> None:
    """Raises ReadingError, with every fault that was found, where ``reading`` has one."""
    faults = list(_faults(document, reading))
    if faults:
        shown = "; ".join(faults[:5]) + (f"; and {len(faults) - 5} more" if len(faults) > 5 else "")
        raise ReadingError(f"the reader's result is unsound: {shown}", where=document.id)


def _faults(document: Document, reading: Reading) -> Iterator[str]:
    length = len(document.text)
    yield from _repeated("entity", (e.key for e in reading.entities))
    yield from _repeated("tenure", (t.key for t in reading.tenures))
    yield from _repeated("meeting", (m.key for m in reading.meetings))
    entities = {e.key for e in reading.entities}
    tenures = {t.key for t in reading.tenures}
    meetings = {m.key for m in reading.meetings}
    for entity in reading.entities:
        yield from _places(f"{entity.type} {entity.name!r}", entity.mentions, length, need=entity.type != "Country")
        if not entity.name.strip():
            yield f"entity {entity.key!r} has no name"
    people = {e.key for e in reading.entities if e.type is EntityType.PERSON}
    for tenure in reading.tenures:
        yield from _places(f"tenure {tenure.title!r}", tenure.mentions, length, need=True)
        yield from _unknown("person", people, (tenure.person,))
        yield from _unknown("entity", entities, (tenure.of, tenure.ministry))
    for meeting in reading.meetings:
        yield from _meeting_faults(meeting, length)
        yield from _unknown("entity", entities, _keys_of_meeting(meeting))
        yield from _unknown("tenure", tenures, (p.tenure for p in meeting.participations))
    for statement in reading.statements:
        yield from _statement_faults(statement, length)
        agents = (*statement.speakers, *statement.addressees, *statement.via)
        yield from _unknown("entity", entities, agents)
        yield from _unknown("tenure", tenures, (statement.tenure,))
        yield from _unknown("meeting", meetings, (statement.made_at,))


def _keys_of_meeting(meeting: Meeting) -> Iterator[str | None]:
    yield meeting.place
    yield meeting.event
    for participation in meeting.participations:
        yield participation.agent
        yield participation.on_behalf_of
    for report in meeting.reports:
        yield report.according_to


def _meeting_faults(meeting: Meeting, length: int) -> Iterator[str]:
    what = f"meeting {meeting.key!r}"
    yield from _places(what, meeting.mentions, length, need=True)
    if not 0 <= meeting.confidence <= 1:
        yield f"{what} has the confidence {meeting.confidence}"
    for participation in meeting.participations:
        yield from _places(f"a participation in {what}", participation.mentions, length, need=False)
    for report in meeting.reports:
        yield from _places(f"a status report of {what}", report.mentions, length, need=True)


def _statement_faults(statement: Statement, length: int) -> Iterator[str]:
    what = f"statement {statement.key!r}"
    spans = [*statement.content, *statement.quotations, *filter(None, (statement.source, statement.cue_span))]
    marks = [Mention(span, statement.confidence) for span in spans]
    yield from _places(what, marks, length, need=False)
    if not statement.content:
        yield f"{what} has no content"
    for quotation in statement.quotations:
        if not any(stretch.meets(quotation) for stretch in statement.content):
            yield f"{what} quotes {_shown(quotation)}, outside its content"


def _places(what: str, mentions: Iterable[Mention], length: int, *, need: bool) -> Iterator[str]:
    found = False
    for mention in mentions:
        found = True
        if mention.span.end > length:
            yield f"{what} is marked at {_shown(mention.span)}, beyond the text's {length} characters"
        if not 0 <= mention.confidence <= 1:
            yield f"{what} has the confidence {mention.confidence}"
    if need and not found:
        yield f"{what} has no mention"


def _unknown(what: str, known: set[str], keys: Iterable[str | None]) -> Iterator[str]:
    return (f"there is no {what} {key!r}" for key in keys if key is not None and key not in known)


def _repeated(what: str, keys: Iterable[str]) -> Iterator[str]:
    seen: set[str] = set()
    for key in keys:
        if key in seen:
            yield f"two of the kind {what} have the key {key!r}"
        seen.add(key)


def _shown(span: Span) -> str:
    return f"{span.start}–{span.end}"


__all__ = ["ReadingError", "check"]
