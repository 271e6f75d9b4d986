"""A build's record of itself: what went in, what came out, and with which versions."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final, Self

from kg_build.combine import Counts
from kg_build.errors import StoreError
from kg_build.model import ReaderVersion, Status
from kg_build.sources import InputFile

FORMAT: Final = "communique-build"
FORMAT_VERSION: Final = 1


@dataclass(frozen=True, slots=True)
class Versions:
    """The versions that a build was made with; for the engines behind it too, because their results may differ."""

    communique: str
    python: str
    pyoxigraph: str
    pyshacl: str
    rdflib: str


@dataclass(frozen=True, slots=True)
class SetAsideCounts:
    """How many were set aside: inputs that could not be used, readings that failed, graphs that broke a shape."""

    inputs: int = 0
    readings: int = 0
    shapes: int = 0

    @property
    def total(self) -> int:
        """All of them."""
        return self.inputs + self.readings + self.shapes


@dataclass(frozen=True, slots=True)
class Manifest:
    """What ``manifest.json`` holds. Times are ISO 8601 in UTC; ``triples`` counts the lines of ``data.nq``."""

    base: str
    started: str
    ended: str
    seconds: float
    versions: Versions
    reader: ReaderVersion
    counts: Counts
    triples: int
    set_aside: SetAsideCounts
    findings: Mapping[str, int]
    """Findings of the shapes by severity, over what was stored and what was not."""
    inputs: tuple[InputFile, ...]

    def write(self, file: Path) -> None:
        """Writes the manifest as JSON."""
        record = {"format": FORMAT, "format_version": FORMAT_VERSION, **asdict(self)}
        file.write_text(json.dumps(record, indent=2) + "\n", encoding="utf-8")

    @classmethod
    def read(cls, file: Path) -> Self:
        """The manifest in ``file``. Raises StoreError where it is none, or one of another version."""
        if not has_format(file):
            raise StoreError("this is not the manifest of a build", where=str(file))
        record = json.loads(file.read_text(encoding="utf-8"))
        del record["format"]
        if record.pop("format_version", None) != FORMAT_VERSION:
            raise StoreError(
                "the graph was built by another version of communique", where=str(file), hint="build it again"
            )
        try:
            return cls._from_record(record)
        except (LookupError, TypeError, ValueError) as error:
            raise StoreError("the manifest is damaged", where=str(file), hint="build the graph again") from error

    @classmethod
    def _from_record(cls, record: dict[str, Any]) -> Self:
        counts = record.pop("counts")
        meetings = {Status(status): int(number) for status, number in counts.pop("meetings").items()}
        return cls(
            versions=Versions(**record.pop("versions")),
            reader=ReaderVersion(**record.pop("reader")),
            counts=Counts(meetings=meetings, **counts),
            set_aside=SetAsideCounts(**record.pop("set_aside")),
            inputs=tuple(InputFile(**entry) for entry in record.pop("inputs")),
            **record,
        )


def has_format(file: Path) -> bool:
    """Whether ``file`` is the manifest of a build, of whatever version."""
    try:
        record = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    return isinstance(record, dict) and record.get("format") == FORMAT


__all__ = ["FORMAT", "FORMAT_VERSION", "Manifest", "SetAsideCounts", "Versions", "has_format"]
