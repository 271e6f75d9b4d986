"""Word-level annotations, and their resolution to character offsets.

The format quotes the words of a document (``surface``, ``cue``, ``content`` …) and says near which words they stand
(``in``), so that people and scripts can write it without counting characters. Documents whose text may not be shipped
are stored resolved, without their text: see ``kg_build.training.corpus``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from kg_build.errors import InputError
from kg_build.model import Form, MeetingKind, Span, Status

KINDS = {
    "meeting": MeetingKind.MEETING,
    "call": MeetingKind.CALL,
    "video-call": MeetingKind.VIDEO_CALL,
    "visit": MeetingKind.VISIT,
    "consultations": MeetingKind.CONSULTATIONS,
    "summit": MeetingKind.SUMMIT,
}
STATUSES = {s.value.lower(): s for s in Status}
FORMS = {f.value.lower(): f for f in Form}
ENTITY_TYPES = ("person", "ministry", "government", "organization", "media", "country", "place", "event")


@dataclass(frozen=True, slots=True)
class EntityMark:
    """An occurrence of an entity's name. ``key`` is the annotator's own for the entity."""

    span: Span
    type: str
    key: str


@dataclass(frozen=True, slots=True)
class PostMark:
    """A place where a post stands for or beside a person. ``of`` is an ISO code or a body's name."""

    span: Span
    person: str
    of: str | None
    former: bool


@dataclass(frozen=True, slots=True)
class StatementMark:
    """An attribution: its words and whom the source stands for (entity keys)."""

    content: tuple[Span, ...]
    cue: Span | None
    source: Span | None
    via: Span | None
    speakers: tuple[str, ...]
    form: Form
    via_name: str | None
    addressee: str | None
    negated: bool


@dataclass(frozen=True, slots=True)
class PartyMark:
    """A party of an encounter: the words beside the trigger, if any, and the entity that they stand for."""

    span: Span | None
    key: str


@dataclass(frozen=True, slots=True)
class MeetingMark:
    """A place where the text tells of an encounter. ``same`` ties the places that tell of the same one."""

    trigger: Span
    kind: MeetingKind
    status: Status
    parties: tuple[PartyMark, ...]
    dates: tuple[str, ...]
    date_span: Span | None
    place_span: Span | None
    event_span: Span | None
    same: str | None


@dataclass(frozen=True, slots=True)
class AnnotatedDocument:
    """A document with its resolved annotations."""

    id: str
    text: str
    title: str | None
    published: date | None
    publisher: str | None
    url: str | None
    entities: tuple[EntityMark, ...]
    posts: tuple[PostMark, ...]
    statements: tuple[StatementMark, ...]
    meetings: tuple[MeetingMark, ...]
    surfaces: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """Every surface form of each entity key."""


class _Resolver:
    def __init__(self, record: dict[str, Any]) -> None:
        self.record = record
        self.text: str = record["text"]

    def fail(self, what: str, words: str) -> InputError:
        return InputError(
            f"{what} not found in the text: {words[:60]!r}",
            where=str(self.record.get("id")),
            hint="copy the words exactly as they stand",
        )

    def occurrences(self, words: str) -> list[Span]:
        left = r"(?<!\w)" if words[0].isalnum() else ""
        right = r"(?!\w)" if words[-1].isalnum() else ""
        return [Span(m.start(), m.end()) for m in re.finditer(left + re.escape(words) + right, self.text)]

    def near(self, words: str, at: int, reach: int, what: str) -> Span:
        """The occurrence nearest to ``at``; one before it counts half as far again as one after it."""
        hits = [s for s in self.occurrences(words) if abs(s.start - at) <= reach]
        if not hits:
            raise self.fail(what, words)
        return min(hits, key=lambda s: s.start - at if s.start >= at else 1.5 * (at - s.start))

    def maybe_near(self, words: str | None, at: int, reach: int, what: str) -> Span | None:
        return self.near(words, at, reach, what) if words else None

    def place(self, record: dict[str, Any]) -> int:
        at = self.text.find(record["in"])
        if at < 0:
            raise self.fail("“in”", record["in"])
        return at

    def entities(self) -> Iterator[EntityMark]:
        taken = bytearray(len(self.text))
        for entity in sorted(self.record["entities"], key=lambda e: -len(e["surface"])):
            for span in self.occurrences(entity["surface"]):
                if any(taken[span.start : span.end]):
                    continue
                taken[span.start : span.end] = b"\x01" * (span.end - span.start)
                yield EntityMark(span, self._type_at(entity, span), entity["of"])

    def _type_at(self, entity: dict[str, Any], span: Span) -> str:
        for exception in entity.get("except") or ():
            at = self.text.find(exception["in"])
            if at >= 0 and at <= span.start <= at + len(exception["in"]) + 40:
                return str(exception["type"])
        return str(entity["type"])

    def post(self, record: dict[str, Any]) -> PostMark:
        span = self.near(record["surface"], self.place(record), 900, "post")
        return PostMark(span, record["person"], record.get("of"), bool(record.get("former")))

    def statement(self, record: dict[str, Any]) -> StatementMark:
        at = self.place(record)
        content = tuple(self.near(words, at, 6000, "content") for words in record["content"])
        cue = self.maybe_near(record.get("cue"), at, 1500, "cue")
        middle = cue.start if cue else content[0].start
        via = record.get("via_surface")
        spans = [s for s in self.occurrences(via) if abs(s.start - middle) <= 6000] if via else []
        return StatementMark(
            content=content,
            cue=cue,
            source=self.maybe_near(record.get("source"), middle, 1500, "source"),
            via=min(spans, key=lambda s: abs(s.start - middle)) if spans else None,
            speakers=tuple(record.get("speakers") or ()),
            form=FORMS[record["form"]],
            via_name=record.get("via"),
            addressee=record.get("addressee"),
            negated=bool(record.get("negated")),
        )

    def meeting(self, record: dict[str, Any]) -> MeetingMark:
        trigger = self.near(record["trigger"], self.place(record), 900, "trigger")
        at = trigger.start
        when = record.get("date")
        return MeetingMark(
            trigger=trigger,
            kind=KINDS[record["kind"]],
            status=STATUSES[record["status"]],
            parties=tuple(
                PartyMark(self.maybe_near(p.get("surface"), at, 900, "participant"), p["who"])
                for p in record["participants"]
            ),
            dates=tuple(str(d) for d in when) if isinstance(when, list) else (str(when),) if when else (),
            date_span=self.maybe_near(record.get("date_surface"), at, 900, "date"),
            place_span=self.maybe_near(record.get("place_surface"), at, 900, "place"),
            event_span=self.maybe_near(record.get("event_surface"), at, 900, "event"),
            same=record.get("same"),
        )


def resolve(record: dict[str, Any]) -> AnnotatedDocument:
    """``record``, a JSON object of the annotation format, with its words resolved to offsets.

    Raises InputError where words that it quotes are not in the text.
    """
    r = _Resolver(record)
    surfaces: dict[str, list[str]] = {}
    for entity in record["entities"]:
        surfaces.setdefault(entity["of"], []).append(entity["surface"])
    published = record.get("published")
    return AnnotatedDocument(
        id=record["id"],
        text=record["text"],
        title=record.get("title"),
        published=date.fromisoformat(published[:10]) if published else None,
        publisher=record.get("publisher"),
        url=record.get("url"),
        entities=tuple(sorted(r.entities(), key=lambda e: e.span)),
        posts=tuple(r.post(p) for p in record["posts"]),
        statements=tuple(r.statement(s) for s in record["statements"]),
        meetings=tuple(r.meeting(m) for m in record["meetings"]),
        surfaces={k: tuple(v) for k, v in surfaces.items()},
    )


def resolve_all(records: Iterable[dict[str, Any]]) -> list[AnnotatedDocument]:
    """Every one of ``records``, resolved."""
    return [resolve(r) for r in records]


__all__ = [
    "ENTITY_TYPES",
    "AnnotatedDocument",
    "EntityMark",
    "MeetingMark",
    "PartyMark",
    "PostMark",
    "StatementMark",
    "resolve",
    "resolve_all",
]
