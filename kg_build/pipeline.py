"""The ways in which a graph is made and changed. What happens on the way is said in ``kg_build.rebuild``."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path

from kg_build.build_directory import open_build
from kg_build.documents import identifiers_in
from kg_build.errors import UsageError
from kg_build.iris import is_iri
from kg_build.manifest import Manifest
from kg_build.model import Reader
from kg_build.reading import ReaderFactory
from kg_build.rebuild import Change, Rebuild
from kg_build.sources import Limits, Metadata
from kg_build.watching import NobodyWatches, Step, Watcher


@dataclass(frozen=True, slots=True)
class BuildSettings:
    """What to build, where to, and how."""

    inputs: tuple[Path, ...]
    out: Path
    base: str | None = None
    """Base IRI of the graph's resources; ends in / and has no #. None: that of the graph in ``out``, or our own."""
    defaults: Metadata = field(default_factory=Metadata)
    """Metadata for documents that do not give their own."""
    limits: Limits = field(default_factory=Limits)
    jobs: int = field(default_factory=lambda: available_cores())
    """Processes that read documents."""
    timeout: float = 900.0
    """Seconds that reading one document may take."""
    fresh: bool = False
    """Whether the graph in ``out`` is to hold these inputs alone, whatever it held; decisions on it are kept."""
    decisions: Path | None = None
    """File of people's decisions to honour; None: those that are in ``out``."""

    def __post_init__(self) -> None:
        base = self.base
        if base is not None and (not is_iri(base) or not base.endswith("/") or "#" in base):
            hint = "give an absolute IRI that ends in / and has no #, which separates parts of documents"
            raise UsageError("this cannot be the base of IRIs", where=base, hint=hint)
        if self.jobs < 1:
            raise UsageError("there must be at least one job", where=str(self.jobs))


def available_cores() -> int:
    """How many cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def load_installed_reader() -> Reader:
    """The reader that is installed with this package. Raises UnavailableError where something of it is missing."""
    from kg_build.reader import load_reader  # the other commands do without the reader and what it needs

    return load_reader()


def build(
    settings: BuildSettings, *, make_reader: ReaderFactory = load_installed_reader, watcher: Watcher | None = None
) -> Manifest:
    """Builds the graph in ``settings.out``, or adds to the one there, and returns its manifest.

    Documents that it has already and that have not changed are left as they are. The folder is replaced in one step at
    the end. Raises InputError where no input can be used, StoreError where the folder cannot be written or replaced,
    and UnavailableError where the reader cannot be loaded. ``settings.out`` is then what it was before.
    """
    change = Change(
        out=settings.out,
        jobs=settings.jobs,
        inputs=settings.inputs,
        base=settings.base,
        defaults=settings.defaults,
        limits=settings.limits,
        timeout=settings.timeout,
        fresh=settings.fresh,
        decisions=settings.decisions,
    )
    return Rebuild(change, watcher or NobodyWatches()).run(make_reader)


def withdraw(out: Path, identifiers: Sequence[str], *, watcher: Watcher | None = None) -> Manifest:
    """Removes documents, by their identifiers, from the graph in ``out``, and all that they alone supported.

    Raises UsageError where there is no such document or none would be left, StoreError as ``build`` does.
    """
    known = identifiers_in(open_build(out).documents)
    for identifier in identifiers:
        if identifier not in known:
            near = get_close_matches(identifier, known, 3, 0.5)
            hint = f"do you mean {' or '.join(near)}?" if near else "dcterms:identifier in the graph names them"
            raise UsageError("there is no document of that identifier", where=identifier, hint=hint)
    if not set(known) - set(identifiers):
        raise UsageError("these are all documents of the graph", where=str(out), hint="remove the folder instead")
    change = Change(out=out, jobs=available_cores(), withdrawn=tuple(identifiers))
    return Rebuild(change, watcher or NobodyWatches()).run(load_installed_reader)


__all__ = [
    "BuildSettings",
    "NobodyWatches",
    "Step",
    "Watcher",
    "available_cores",
    "build",
    "load_installed_reader",
    "withdraw",
]
