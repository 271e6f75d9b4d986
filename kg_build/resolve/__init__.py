"""Who is who across documents: from the notes of all documents to one IRI for each entity and meeting."""

from __future__ import annotations

from collections.abc import Sequence

from kg_build.resolve.notes import DocumentNotes, take_notes
from kg_build.resolve.resolution import Candidate, Resolution


def resolve(notes: Sequence[DocumentNotes]) -> Resolution:  # noqa: ARG001 - nothing is linked yet
    """The resolution for the documents of a graph, given by their notes in any order."""
    return Resolution()


__all__ = [
    "Candidate",
    "DocumentNotes",
    "Resolution",
    "resolve",
    "take_notes",
]
