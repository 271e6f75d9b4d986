"""What reading a file that is no text file gives, before it is known which file it was."""

from __future__ import annotations

from dataclasses import dataclass, field

from kg_build.sources.records import Metadata


@dataclass(frozen=True, slots=True)
class Extract:
    """A document's text as it is taken from a file of another kind, with what the file says of it."""

    text: str
    media_type: str
    metadata: Metadata = field(default_factory=Metadata)
    pages: tuple[int, ...] = ()
    """Where in the text each page begins."""
    sha256: str | None = None
    """Of the bytes of the part of the file that holds it, where it is not the whole file."""
    part: str | None = None
    """Which part that is, as in “message 3”."""
    line: int | None = None
    """The line of the file on which it begins, 1-based, where the file has lines."""


__all__ = ["Extract"]
