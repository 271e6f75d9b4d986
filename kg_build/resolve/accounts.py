"""Accounts of meetings: what one document tells of one encounter, with its parties by the side that they stand on."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Final

from kg_build.model import EntityType, MeetingKind, Status, When
from kg_build.moments import sortable
from kg_build.resolve.nodes import Nodes, Place
from kg_build.resolve.notes import DocumentNotes, EntityFacts, MeetingFacts

_NAME_PART: Final = 3  # letters of a name that says anything
_BESIDE: Final = 0.5


@dataclass(slots=True)
class Side:
    """Those of an encounter who belong to one country or body: ``persons`` by IRI with their names, ``bodies``.

    ``weight`` is how much it matters to another account that does not have this side, from 0 to 1.
    """

    persons: dict[str, frozenset[str]] = field(default_factory=dict)
    bodies: set[str] = field(default_factory=set)
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class Account:
    """What a document tells of an encounter. ``sides`` are by the country's code or the body's IRI.

    ``country`` is the code of the country where it is said to take place; a visit has its host's side from there.
    """

    place: Place
    node: str
    kind: MeetingKind
    status: Status
    published: date | None
    age: str
    sides: Mapping[str, Side]
    when: When | None
    where: str | None = None
    country: str | None = None
    event: str | None = None

    @property
    def certain(self) -> bool:
        """Whether it gives the day, or all the days."""
        return self.when is not None and (self.when.lasting or self.when.granularity == "day")

    @property
    def persons(self) -> set[str]:
        """The IRIs of all persons on all sides."""
        return {person for side in self.sides.values() for person in side.persons}


def accounts(nodes: Nodes) -> list[Account]:
    """The accounts of all documents, in the order of the notes."""
    homes = _homes(nodes)
    return [
        _account(nodes, notes, meeting, {entity.key: entity for entity in notes.entities}, homes)
        for notes in nodes.notes
        for meeting in notes.meetings
    ]


def _account(
    nodes: Nodes,
    notes: DocumentNotes,
    meeting: MeetingFacts,
    entities: Mapping[str, EntityFacts],
    homes: dict[str, str],
) -> Account:
    sides: dict[str, Side] = {}
    for key in meeting.agents:
        entity, node = entities[key], nodes.entities[notes.document, key]
        home = _own_home(entity) or homes.get(node)
        side = sides.setdefault(home or node, Side(weight=1.0 if home else _weight(entity, meeting.kind)))
        if entity.type is EntityType.PERSON:
            names = (entity.name, *entity.aliases)
            side.persons[node] = frozenset(p for n in names for p in n.lower().split() if len(p) >= _NAME_PART)
        else:
            side.bodies.add(node)
    where = entities[meeting.place] if meeting.place else None
    country = where.iso if where else None
    if meeting.kind is MeetingKind.VISIT and country:
        sides.setdefault(country, Side())
    published = notes.published.date() if isinstance(notes.published, datetime) else notes.published
    return Account(
        place=(notes.document, meeting.key),
        node=nodes.meetings[notes.document, meeting.key],
        kind=meeting.kind,
        status=meeting.status,
        published=published,
        age=sortable(notes.published),
        sides=sides,
        when=meeting.when,
        where=nodes.entities[notes.document, where.key] if where else None,
        country=country,
        event=nodes.entities[notes.document, meeting.event] if meeting.event else None,
    )


def _weight(entity: EntityFacts, kind: MeetingKind) -> float:
    """How much somebody matters of whom nothing says whose they are: little if they go along or name the format."""
    beside = entity.type is EntityType.ORGANIZATION or kind is MeetingKind.VISIT
    return _BESIDE if beside else 1.0


def _own_home(entity: EntityFacts) -> str | None:
    """The country or body for which somebody stands, as the document itself has it; a country stands for itself."""
    for post in sorted(entity.posts, key=lambda p: p.former):
        if home := post.iso or post.of:
            return home
    return entity.iso


def _homes(nodes: Nodes) -> dict[str, str]:
    """For each entity the country or body that most documents give it."""
    found: dict[str, Counter[str]] = {}
    for notes in nodes.notes:
        for entity in notes.entities:
            if home := _own_home(entity):
                found.setdefault(nodes.entities[notes.document, entity.key], Counter())[home] += 1
    return {node: max(homes, key=lambda h: (homes[h], h)) for node, homes in found.items()}


def by_node(all_accounts: Iterable[Account]) -> dict[str, list[Account]]:
    """Accounts by the IRI of their meeting."""
    found: dict[str, list[Account]] = {}
    for account in all_accounts:
        found.setdefault(account.node, []).append(account)
    return found


__all__ = ["Account", "Side", "accounts", "by_node"]
