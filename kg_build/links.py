"""Which node each entity and meeting of one document is, where what other documents say decides it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class DocumentLinks:
    """The IRIs of one document's entities and meetings, by their keys in its reading.

    Only those are named whose IRI is another than the one that the document alone would give them.
    """

    entities: Mapping[str, str] = field(default_factory=dict)
    meetings: Mapping[str, str] = field(default_factory=dict)


NO_LINKS = DocumentLinks()


__all__ = ["NO_LINKS", "DocumentLinks"]
