"""What reading an input gives: a document, or the record of something that cannot be used."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path


@dataclass(frozen=True, slots=True)
class SetAside:
    """An input that cannot be used: where it stands, why, and what to do about it."""

    file: Path
    reason: str
    hint: str | None = None
    line: int | None = None
    """The line of the file, 1-based, where the reason lies in one."""
    id: str | None = None
    """The document's identifier, where it is known."""

    @property
    def where(self) -> str:
        """File and line, as editors take them."""
        return f"{self.file}:{self.line}" if self.line else str(self.file)

    def __str__(self) -> str:
        return f"{self.where}: {self.reason}" + (f"; {self.hint}" if self.hint else "")


@dataclass(frozen=True, slots=True)
class Note:
    """Something that a user should know of an input that can be used."""

    file: Path
    text: str

    def __str__(self) -> str:
        return f"{self.file}: {self.text}"


class DefectError(Exception):
    """What is wrong with an input, raised where it is found and turned into a ``SetAside`` where the file is known."""

    def __init__(self, reason: str, *, hint: str | None = None, line: int | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.hint = hint
        self.line = line

    def set_aside(self, file: Path, identifier: str | None = None) -> SetAside:
        """The record of this defect in ``file``."""
        return SetAside(file, self.reason, self.hint, self.line, identifier)


@dataclass(frozen=True, slots=True)
class Metadata:
    """What is known about a document besides its text."""

    id: str | None = None
    title: str | None = None
    published: date | datetime | None = None
    publisher: str | None = None
    url: str | None = None

    def over(self, other: Metadata) -> Metadata:
        """This metadata, with ``other`` for what it leaves open."""
        return Metadata(
            id=self.id or other.id,
            title=self.title or other.title,
            published=self.published or other.published,
            publisher=self.publisher or other.publisher,
            url=self.url or other.url,
        )


@dataclass(frozen=True, slots=True)
class Limits:
    """What a single document may be at most."""

    characters: int = 2_000_000
    """Characters of text: about 330,000 words."""
    bytes: int = 100_000_000
    """Bytes of a file that is no text file, or of what a compressed one unpacks to; of a mailbox: of one message."""
    seconds: float = 120.0
    """Seconds that taking the text out of such a file may take, for each of its documents."""

    @property
    def line_bytes(self) -> int:
        """Bytes of a line of JSON Lines: every character escaped, and a mebibyte for everything else."""
        return 6 * self.characters + (1 << 20)

    @property
    def file_bytes(self) -> int:
        """Bytes of a text file: every character at its longest in UTF-8, and the front matter."""
        return 4 * self.characters + (1 << 20)


__all__ = ["DefectError", "Limits", "Metadata", "Note", "SetAside"]
