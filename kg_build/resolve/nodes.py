"""The nodes of all documents while they are being linked: which IRI each key of each document has by now."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from kg_build.assemble.identity import meeting_iris
from kg_build.iris import Iris
from kg_build.links import DocumentLinks
from kg_build.resolve.decisions import Action, Decisions
from kg_build.resolve.notes import DocumentNotes

Place = tuple[str, str]
"""A document's identifier and a key of its reading."""


@dataclass(slots=True)
class Nodes:
    """IRIs by document and key. Links set them anew; ``aliases`` lead from an IRI that went to the one that took over.

    ``entities`` begin as the documents alone would have them. ``meetings`` follow from these: see ``name_meetings``.
    """

    notes: Sequence[DocumentNotes]
    iris: Iris
    entities: dict[Place, str] = field(init=False)
    meetings: dict[Place, str] = field(default_factory=dict)
    aliases: dict[str, str] = field(default_factory=dict)
    _named: dict[Place, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.entities = {(n.document, entity.key): entity.iri for n in self.notes for entity in n.entities}

    def name_meetings(self) -> None:
        """Gives each meeting the IRI that its participants and its date give it, once the entities are known."""
        for notes in self.notes:
            told = (
                (m.key, m.kind, [self.entities[notes.document, agent] for agent in m.agents], m.when)
                for m in notes.meetings
            )
            for key, node in meeting_iris(self.iris, notes.document, told).items():
                self.meetings[notes.document, key] = node
        self._named = dict(self.meetings)

    def current(self, node: str) -> str:
        """``node``, or what it has become."""
        seen = {node}
        while (node := self.aliases.get(node, node)) not in seen:
            seen.add(node)
        return node

    def links(self) -> dict[str, DocumentLinks]:
        """What the documents have to be told: the IRIs that they alone would not have given, by document."""
        found: dict[str, DocumentLinks] = {}
        for notes in self.notes:
            entities = {e.key: node for e in notes.entities if (node := self.entities[notes.document, e.key]) != e.iri}
            meetings = {
                m.key: node
                for m in notes.meetings
                if (node := self.meetings[notes.document, m.key]) != self._named[notes.document, m.key]
            }
            if entities or meetings:
                found[notes.document] = DocumentLinks(entities, meetings)
        return found


def decide(nodes: Nodes, places: dict[Place, str], decisions: Decisions) -> set[int]:
    """Carries out the merges and splits on ``places``, one of the two parts of ``nodes``, in their order.

    Returns the numbers of those that concern something there. One whose node is not there changes nothing.
    """
    where: dict[str, set[Place]] = {}
    for place, node in places.items():
        where.setdefault(node, set()).add(place)
    carried_out: set[int] = set()
    for decision in decisions.of(Action.MERGE, Action.SPLIT):
        node = nodes.current(decision.node or "")
        if node not in where:
            continue
        if decision.action is Action.SPLIT:
            moved = {place for place in where[node] if nodes.iris.document(place[0]) in decision.others}
            own = f"{node}-split-{decision.number}"
            # A node that is split off whole would only change its name.
            gone = () if moved == where[node] else moved
        else:
            other = nodes.current(decision.others[0])
            if other == node:
                carried_out.add(decision.number)
                continue
            gone, own = where.pop(other, set()), node
            if gone:
                nodes.aliases[other] = node
        if gone:
            carried_out.add(decision.number)
            _move(gone, own, places, where)
    return carried_out


def _move(gone: Iterable[Place], target: str, places: dict[Place, str], where: dict[str, set[Place]]) -> None:
    for place in gone:
        where.get(places[place], set()).discard(place)
        places[place] = target
        where.setdefault(target, set()).add(place)


def stale(decisions: Decisions, carried_out: set[int], known: Mapping[str, object]) -> tuple[int, ...]:
    """The numbers of the merges and splits, and of the names, that concern nothing in the graph."""
    links = (d.number for d in decisions.of(Action.MERGE, Action.SPLIT) if d.number not in carried_out)
    names = (d.number for d in decisions.of(Action.RENAME) if d.node not in known)
    return tuple(sorted({*links, *names}))


__all__ = ["Nodes", "Place", "decide", "stale"]
