"""Who is who across documents: from the notes of all documents to one IRI for each entity and meeting."""

from __future__ import annotations

from collections.abc import Iterable

from kg_build.iris import Iris
from kg_build.resolve.copies import find_copies
from kg_build.resolve.decisions import NO_DECISIONS, Decisions
from kg_build.resolve.meetings import link_meetings
from kg_build.resolve.nodes import Nodes, decide, stale
from kg_build.resolve.notes import DocumentNotes, take_notes
from kg_build.resolve.resolution import Candidate, Resolution


def resolve(notes: Iterable[DocumentNotes], iris: Iris, decisions: Decisions = NO_DECISIONS) -> Resolution:
    """The resolution for the documents of a graph, given by their notes in any order.

    It is made anew whenever a document comes, changes or goes, so it has to be quick: for thousands of documents it
    may take a second at most.
    """
    nodes = Nodes(sorted(notes, key=lambda n: n.document), iris)
    carried_out = decide(nodes, nodes.entities, decisions)
    nodes.name_meetings()
    candidates = link_meetings(nodes, decisions.apart)
    carried_out |= decide(nodes, nodes.meetings, decisions)
    known = dict.fromkeys([*nodes.entities.values(), *nodes.meetings.values()])
    return Resolution(
        documents=nodes.links(),
        aliases={alias: nodes.current(alias) for alias in nodes.aliases if alias not in known},
        candidates=tuple(sorted(candidates)),
        copies=find_copies(nodes.notes),
        stale=stale(decisions, carried_out, known),
    )


__all__ = [
    "Candidate",
    "DocumentNotes",
    "Resolution",
    "resolve",
    "take_notes",
]
