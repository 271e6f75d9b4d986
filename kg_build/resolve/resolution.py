"""What linking decides: which node each document's entities and meetings are, and what it was not sure of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from kg_build.links import NO_LINKS, DocumentLinks


@dataclass(frozen=True, slots=True, order=True)
class Candidate:
    """Two nodes that may be the same and were kept apart, or a link that is doubtful. ``score`` is from 0 to 1."""

    one: str
    other: str
    score: float
    reason: str
    documents: tuple[str, ...] = ()
    """Identifiers of documents that show it."""


@dataclass(frozen=True, slots=True)
class Resolution:
    """The outcome for all documents of a graph. The same documents give the same one, in whatever order they come."""

    documents: Mapping[str, DocumentLinks] = field(default_factory=dict)
    """By document identifier; one without links is missing."""
    aliases: Mapping[str, str] = field(default_factory=dict)
    """From an IRI that a document alone would give to the node's own: it redirects there."""
    wikidata: Mapping[str, str] = field(default_factory=dict)
    """Wikidata identifiers of nodes that the gazetteer's facts agree upon, by IRI."""
    copies: Mapping[str, str] = field(default_factory=dict)
    """From the identifier of a document to that of the one whose text it repeats."""
    candidates: tuple[Candidate, ...] = ()
    stale: tuple[int, ...] = ()
    """The numbers of decisions that concern nothing in the graph."""

    def of(self, document: str) -> DocumentLinks:
        """The links of a document, given by its identifier."""
        return self.documents.get(document, NO_LINKS)


__all__ = ["Candidate", "Resolution"]
