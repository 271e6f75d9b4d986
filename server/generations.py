"""States of the graph, one after another, and which of them stands in a build's folder."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

from kg_build.build_directory import BuildDirectory
from kg_build.errors import StoreError
from kg_build.manifest import Manifest


@dataclass(frozen=True, slots=True)
class Generation:
    """A state of the graph: readers see the whole of one.

    ``name`` tells it from all others; results are cached under it. ``store`` is a folder that does not change as long
    as it is marked as in use (``kg_build.locks.use``).
    """

    name: str
    store: Path
    manifest: Manifest


def generation_of(build: BuildDirectory) -> Generation:
    """The build that stands in a folder now, with all that was written to it. Raises StoreError where there is none."""
    store = build.current_store
    try:
        manifest = hashlib.sha256(build.manifest.read_bytes()).hexdigest()
    except OSError as error:
        raise StoreError(f"cannot be read: {error.strerror or error}", where=str(build.manifest)) from error
    return Generation(f"{manifest}/{store.name}", store, build.read_manifest())


__all__ = ["Generation", "generation_of"]
