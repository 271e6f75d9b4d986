"""What one document adds to the graphs that follow from several: names, and what became of meetings.

These records travel from the process that reads a document to the one that merges all of them.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from kg_build.model import EntityType, MeetingKind, Status, When


@dataclass(frozen=True, slots=True)
class EntityNote:
    """A document's names for an entity. ``name`` is None where the document gives a country's code and no name."""

    iri: str
    types: tuple[EntityType, ...]
    name: str | None
    other_names: tuple[str, ...] = ()
    wikidata: str | None = None


@dataclass(frozen=True, slots=True)
class PostNote:
    """A document's title of a post."""

    iri: str
    title: str


@dataclass(frozen=True, slots=True)
class Party:
    """A participant, and the one whom it represents, as IRIs."""

    iri: str
    on_behalf_of: str | None = None


@dataclass(frozen=True, slots=True)
class MeetingNote:
    """What a document says of a meeting: the parties in the order of the text, the status that it ends on."""

    iri: str
    kind: MeetingKind
    status: Status
    parties: tuple[Party, ...]
    when: When | None = None
    place: str | None = None


@dataclass(frozen=True, slots=True)
class Contribution:
    """All that one document adds, with its counts of what stands in its own graph alone."""

    document: str
    identifier: str
    published: date | datetime | None
    entities: tuple[EntityNote, ...]
    posts: tuple[PostNote, ...]
    meetings: tuple[MeetingNote, ...]
    statements: int
    mentions: int


__all__ = ["Contribution", "EntityNote", "MeetingNote", "Party", "PostNote"]
