"""A file that holds documents, with the format that it is to be read as."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from kg_build.sources.formats import SourceFormat
from kg_build.sources.sidecar import is_there, sidecar


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A file that holds documents."""

    path: Path
    format: SourceFormat
    packed: bool = False
    """Whether it is a gzip file around one of that format."""

    @property
    def sidecar(self) -> Path:
        """The file that may describe it."""
        return sidecar(self.path)

    @property
    def parts(self) -> tuple[Path, ...]:
        """The file, and the one that describes it where there is one."""
        described = self.format is not SourceFormat.JSON_LINES and is_there(self.sidecar)
        return (self.path, self.sidecar) if described else (self.path,)


__all__ = ["SourceFile"]
