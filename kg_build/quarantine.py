"""What a build sets aside: a JSON file for each with its reason and, where there is one, the graph that was refused."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from hashlib import sha256
from pathlib import Path

from kg_build.findings import Finding
from kg_build.iris import encode
from kg_build.sources import SetAside


class Stage(StrEnum):
    """Where a document's way ended."""

    INPUT = "input"
    READING = "reading"
    SHAPES = "shapes"


@dataclass(frozen=True, slots=True)
class Refusal:
    """Something set aside, and the findings and the graph (lines of N-Quads) that go with it, if any."""

    stage: Stage
    record: SetAside
    findings: Sequence[Finding] = ()
    graph: bytes | None = None


class Quarantine:
    """Writes refusals into a folder; the same build gives the same files."""

    _LONGEST_NAME = 100

    def __init__(self, folder: Path) -> None:
        folder.mkdir()
        self._folder = folder
        self._names: set[str] = set()

    def add(self, refusal: Refusal) -> None:
        """Writes ``refusal`` as one JSON file and, if it has a graph, one ``.nq`` file of the same stem."""
        name = self._name(refusal.record)
        record = refusal.record
        content = {
            "stage": refusal.stage,
            "id": record.id,
            "file": str(record.file),
            "line": record.line,
            "reason": record.reason,
            "hint": record.hint,
            "findings": [asdict(finding) for finding in refusal.findings],
        }
        (self._folder / f"{name}.json").write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")
        if refusal.graph is not None:
            (self._folder / f"{name}.nq").write_bytes(refusal.graph)

    def _name(self, record: SetAside) -> str:
        """A file name that no other refusal has: the document's identifier, or its file and line."""
        wanted = record.id or "-".join(filter(None, (record.file.name, str(record.line or ""))))
        # On some file systems names that differ in case alone are the same.
        name = encode(wanted.encode("utf-8", "replace").decode())
        if len(name) > self._LONGEST_NAME:
            name = f"{name[: self._LONGEST_NAME]}-{sha256(name.encode()).hexdigest()[:8]}"
        number, stem = 2, name
        while name.lower() in self._names:
            name, number = f"{stem}-{number}", number + 1
        self._names.add(name.lower())
        return name


__all__ = ["Quarantine", "Refusal", "Stage"]
