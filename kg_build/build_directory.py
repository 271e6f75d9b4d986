"""What stands where in the folder that a build makes."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from kg_build.errors import StoreError
from kg_build.manifest import Manifest, has_format
from kg_build.replace import recover
from kg_build.search import INDEX_NAME
from kg_build.store import Store
from kg_build.writes.folder import WritesFolder


@dataclass(frozen=True, slots=True)
class BuildDirectory:
    """The paths within a build's folder."""

    path: Path

    @property
    def store(self) -> Path:
        """The triple store's own files."""
        return self.path / "store"

    @property
    def search(self) -> Path:
        """The index for full-text search, an SQLite file."""
        return self.path / INDEX_NAME

    @property
    def data(self) -> Path:
        """All named graphs as sorted N-Quads: the same bytes for the same input."""
        return self.path / "data.nq"

    @property
    def report(self) -> Path:
        """The findings of the SHACL shapes, in Turtle."""
        return self.path / "report.ttl"

    @property
    def manifest(self) -> Path:
        """Counts, versions and input hashes, in JSON."""
        return self.path / "manifest.json"

    @property
    def quarantine(self) -> Path:
        """What was set aside, a JSON file for each with its reason."""
        return self.path / "quarantine"

    @property
    def writes(self) -> WritesFolder:
        """What was written to the graph since it was built."""
        return WritesFolder(self.path / "writes")

    @property
    def current_store(self) -> Path:
        """The store's files with all that was written to it; others take their place after the next write."""
        snapshot = self.writes.latest()
        return snapshot.path if snapshot else self.store

    @property
    def documents(self) -> Path:
        """What is kept of each document, so that none is read twice: an SQLite file."""
        return self.path / "documents.sqlite"

    @property
    def decisions(self) -> Path:
        """What people decided about the graph, in CSV; there may be none."""
        return self.path / "decisions.csv"

    def read_manifest(self) -> Manifest:
        """The build's record of itself. Raises StoreError where there is none."""
        return Manifest.read(self.manifest)

    def open_store(self) -> Store:
        """The store, for reading, with all that was written to it so far. Raises StoreError."""
        while True:
            folder = self.current_store
            try:
                return Store.open(folder)
            except StoreError:
                if folder == self.current_store:
                    raise  # else a write took it away in this moment


def open_build(path: Path) -> BuildDirectory:
    """The build in the folder ``path``. Raises StoreError where there is none, or one of another version."""
    recover(path)
    build = BuildDirectory(path)
    if not path.exists():
        hint = f"make it with: communique build INPUT --out {path}"
        raise StoreError("there is no such folder", where=str(path), hint=hint)
    if not is_build(path):
        hint = "give the folder that communique build wrote with --out"
        raise StoreError("this is not a graph of communique", where=str(path), hint=hint)
    build.read_manifest()
    return build


def is_build(path: Path) -> bool:
    """Whether a build, of whatever version, made the folder ``path``."""
    return has_format(BuildDirectory(path).manifest)


__all__ = ["BuildDirectory", "is_build", "open_build"]
