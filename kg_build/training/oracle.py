"""What a perfect network would see in an annotated document, and which actors its annotations mean."""

from __future__ import annotations

from collections.abc import Iterable

from kg_build.model import Document, EntityType, Span
from kg_build.reader.actors import Cast
from kg_build.reader.casting import Seen
from kg_build.reader.layout import lay_out
from kg_build.reader.tables import Tables
from kg_build.reader.tagging import CueTag, Tagged, Tagging, TriggerTag
from kg_build.training.annotations import AnnotatedDocument, MeetingMark, StatementMark

_FAR = 600


def document_of(annotated: AnnotatedDocument) -> Document:
    """The document without its annotations."""
    a = annotated
    return Document(a.id, a.text, a.title, a.published, a.publisher, a.url)


def tagging_of(annotated: AnnotatedDocument) -> Tagging:
    """The annotations as tags, each with a probability of 1."""
    cues: dict[Span, list[StatementMark]] = {}
    for s in annotated.statements:
        if s.cue is not None:
            cues.setdefault(s.cue, []).append(s)
    triggers: dict[Span, list[MeetingMark]] = {}
    for m in annotated.meetings:
        triggers.setdefault(m.trigger, []).append(m)
    return Tagging(
        entities=tuple(Tagged(e.span, e.type) for e in annotated.entities),
        posts=_tagged({p.span for p in annotated.posts}, "POST"),
        cues=tuple(_cue(span, marks) for span, marks in sorted(cues.items())),
        triggers=tuple(_trigger(span, marks) for span, marks in sorted(triggers.items())),
        loose=_tagged({c for s in annotated.statements if s.cue is None for c in s.content}, "CONTENT"),
    )


def _tagged(spans: Iterable[Span | None], label: str) -> tuple[Tagged, ...]:
    return tuple(Tagged(s, label) for s in sorted({s for s in spans if s is not None}))


def _cue(span: Span, marks: list[StatementMark]) -> CueTag:
    return CueTag(
        span=span,
        sources=_tagged((m.source for m in marks), "SOURCE"),
        contents=_tagged((c for m in marks for c in m.content), "CONTENT"),
        vias=_tagged((m.via for m in marks if m.via and abs(m.via.start - span.start) < _FAR), "VIA"),
        negated=float(any(m.negated for m in marks)),
    )


def _trigger(span: Span, marks: list[MeetingMark]) -> TriggerTag:
    return TriggerTag(
        span=span,
        kind=marks[0].kind,
        status=marks[0].status,
        parties=_tagged((p.span for m in marks for p in m.parties), "PARTY"),
        dates=_tagged((m.date_span for m in marks), "DATE"),
        places=_tagged((m.place_span for m in marks), "PLACE"),
        events=_tagged((m.event_span for m in marks), "EVENT"),
    )


def seen_by_oracle(annotated: AnnotatedDocument, tables: Tables) -> Seen:
    """``annotated`` as a perfect network sees it."""
    names = tuple(tables.matches(annotated.text))
    return Seen(document_of(annotated), lay_out(annotated.text), names, tagging_of(annotated))


def meanings(annotated: AnnotatedDocument, cast: Cast) -> dict[str, frozenset[str]]:
    """For each actor's key, the annotators' keys of the entities that it stands for; for a country its code too."""
    by_span = {e.span: e.key for e in annotated.entities}
    found = {}
    for actor in cast.by_key.values():
        keys = {by_span[s] for s, _ in actor.mentions if s in by_span}
        if actor.type is EntityType.COUNTRY and actor.iso:
            keys.add(actor.iso)
        found[actor.key] = frozenset(keys)
    return found


__all__ = ["document_of", "meanings", "seen_by_oracle", "tagging_of"]
