"""What linking looks at: the facts of one document's reading by which its entities and meetings can be known again.

Notes are small beside a reading, so that those of all documents of a graph fit into memory. They are made when a
document is read and kept with it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from kg_build.assemble.identity import Identity
from kg_build.iris import Iris
from kg_build.model import Document, Entity, EntityType, Meeting, MeetingKind, Portfolio, Reading, Span, Status, When
from kg_build.resolve.copies import Fingerprint, fingerprint


@dataclass(frozen=True, slots=True)
class PostFacts:
    """A post that a document gives a person. ``of`` is the IRI of its country or body, ``iso`` that one's country."""

    title: str
    of: str | None = None
    iso: str | None = None
    portfolio: Portfolio | None = None
    former: bool = False


@dataclass(frozen=True, slots=True)
class EntityFacts:
    """An entity as one document knows it. ``iri`` is the one that it has if no other document says more of it.

    ``span`` is its first mention, the evidence to show; None for a country that the document does not name.
    """

    key: str
    iri: str
    type: EntityType
    name: str
    aliases: tuple[str, ...] = ()
    misspellings: tuple[str, ...] = ()
    iso: str | None = None
    portfolio: Portfolio | None = None
    wikidata: str | None = None
    posts: tuple[PostFacts, ...] = ()
    span: Span | None = None


@dataclass(frozen=True, slots=True)
class MeetingFacts:
    """A meeting as one document knows it; ``agents`` are keys of entities, ``place`` and ``event`` too."""

    key: str
    iri: str
    kind: MeetingKind
    status: Status
    agents: tuple[str, ...]
    confidence: float
    when: When | None = None
    place: str | None = None
    event: str | None = None
    span: Span | None = None


@dataclass(frozen=True, slots=True)
class DocumentNotes:
    """What linking needs of one document."""

    document: str
    """Its identifier."""
    published: date | datetime | None
    publisher: str | None
    title: str | None
    entities: tuple[EntityFacts, ...] = ()
    meetings: tuple[MeetingFacts, ...] = ()
    fingerprint: Fingerprint | None = None
    """By which a copy of its text is known."""


def take_notes(document: Document, reading: Reading, iris: Iris) -> DocumentNotes:
    """The notes of a document, in the order of its reading."""
    identity = Identity(document, reading, iris)
    entities = {entity.key: entity for entity in reading.entities}
    posts: dict[str, list[PostFacts]] = {}
    for tenure in reading.tenures:
        of, ministry = entities.get(tenure.of or ""), entities.get(tenure.ministry or "")
        body = of or ministry
        facts = PostFacts(
            title=tenure.title,
            of=identity.entities[body.key] if body else None,
            iso=next((b.iso for b in (of, ministry) if b and b.iso), None),
            portfolio=ministry.portfolio if ministry else None,
            former=tenure.former,
        )
        posts.setdefault(tenure.person, []).append(facts)
    return DocumentNotes(
        document=document.id,
        published=document.published,
        publisher=document.publisher,
        title=document.title,
        entities=tuple(_entity(e, identity, tuple(posts.get(e.key, ()))) for e in reading.entities),
        meetings=tuple(_meeting(m, identity) for m in reading.meetings),
        fingerprint=fingerprint(document.text),
    )


def _entity(entity: Entity, identity: Identity, posts: tuple[PostFacts, ...]) -> EntityFacts:
    return EntityFacts(
        key=entity.key,
        iri=identity.entities[entity.key],
        type=entity.type,
        name=entity.name,
        aliases=entity.aliases,
        misspellings=entity.misspellings,
        iso=entity.iso,
        portfolio=entity.portfolio,
        wikidata=entity.wikidata,
        posts=posts,
        span=min((mention.span for mention in entity.mentions), default=None),
    )


def _meeting(meeting: Meeting, identity: Identity) -> MeetingFacts:
    return MeetingFacts(
        key=meeting.key,
        iri=identity.meetings[meeting.key],
        kind=meeting.kind,
        status=meeting.status,
        agents=tuple(dict.fromkeys(p.agent for p in meeting.participations)),
        confidence=meeting.confidence,
        when=meeting.when,
        place=meeting.place,
        event=meeting.event,
        span=min((mention.span for mention in meeting.mentions), default=None),
    )


__all__ = ["DocumentNotes", "EntityFacts", "MeetingFacts", "PostFacts", "take_notes"]
