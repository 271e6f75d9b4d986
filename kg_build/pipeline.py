"""The one place where the stages of a build meet: sources, readers, graphs, shapes, store."""

from __future__ import annotations

import os
import platform
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path
from typing import Final, Protocol

from kg_build import __version__
from kg_build.build_directory import BuildDirectory, is_build
from kg_build.builds_graph import builds_graph, ended_at
from kg_build.combine import Combination
from kg_build.errors import InputError, UsageError
from kg_build.iris import Iris, is_iri
from kg_build.manifest import Manifest, SetAsideCounts, Versions
from kg_build.model import Document, Reader
from kg_build.nquads import iri
from kg_build.quarantine import Quarantine, Refusal, Stage
from kg_build.reading import DocumentGraphRecord, ReaderFactory
from kg_build.replace import replacing
from kg_build.sources import (
    Inputs,
    Limits,
    Metadata,
    SetAside,
    count_documents,
    fingerprint,
    gather,
    read_documents,
)
from kg_build.spool import Spool
from kg_build.store import create_store
from kg_build.triples import Triples
from kg_build.validate import Finding, Severity, report_turtle
from kg_build.workers import Failure, Outcome, Workers
from ontology import DEFAULT_BASE

_NAME_LENGTH: Final = 16


class Step(StrEnum):
    """What a build is at, in this order."""

    STARTING = "starting the readers"
    READING = "reading"
    WRITING = "writing the graph"
    LOADING = "filling the store"
    REPLACING = "putting the new graph in place"


class Watcher(Protocol):
    """Is told how a build goes on."""

    def step(self, step: Step, documents: int) -> None:
        """A step begins; ``documents`` is how many there seem to be."""

    def done(self) -> None:
        """One more document has been dealt with."""

    def refused(self, refusal: Refusal) -> None:
        """Something was set aside."""


class NobodyWatches:
    """A watcher that does nothing."""

    def step(self, step: Step, documents: int) -> None:
        """Does nothing."""

    def done(self) -> None:
        """Does nothing."""

    def refused(self, refusal: Refusal) -> None:
        """Does nothing."""


@dataclass(frozen=True, slots=True)
class BuildSettings:
    """What to build, where to, and how."""

    inputs: tuple[Path, ...]
    out: Path
    base: str = DEFAULT_BASE
    """Base IRI of the graph's resources; ends in / and has no #."""
    defaults: Metadata = field(default_factory=Metadata)
    """Metadata for documents that do not give their own."""
    limits: Limits = field(default_factory=Limits)
    jobs: int = field(default_factory=lambda: available_cores())
    """Processes that read documents."""
    timeout: float = 900.0
    """Seconds that reading one document may take."""

    def __post_init__(self) -> None:
        if not is_iri(self.base) or not self.base.endswith("/") or "#" in self.base:
            hint = "give an absolute IRI that ends in / and has no #, which separates parts of documents"
            raise UsageError("this cannot be the base of IRIs", where=self.base, hint=hint)
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
    """Builds the graph in ``settings.out``, which is replaced in one step at the end, and returns its manifest.

    Raises InputError where no input can be used, StoreError where the folder cannot be written or replaced, and
    UnavailableError where the reader cannot be loaded. ``settings.out`` is then what it was before.
    """
    return _Build(settings, watcher or NobodyWatches()).run(make_reader)


class _Build:
    def __init__(self, settings: BuildSettings, watcher: Watcher) -> None:
        self._settings = settings
        self._watcher = watcher
        self._iris = Iris(settings.base)
        self._combination = Combination(self._iris)
        self._findings: list[tuple[str, Finding]] = []
        self._set_aside: Counter[Stage] = Counter()
        self._clock = time.monotonic()
        self._started = datetime.now(UTC)

    def run(self, make_reader: ReaderFactory) -> Manifest:
        settings = self._settings
        inputs = gather(settings.inputs)
        if not inputs.files:
            for record in inputs.set_aside:
                self._set_aside[Stage.INPUT] += 1
                self._watcher.refused(Refusal(Stage.INPUT, record))
            self._require_documents()
        documents = sum(count_documents(file) for file in inputs.files)
        with replacing(settings.out, is_build) as folder:
            directory = BuildDirectory(folder)
            quarantine = Quarantine(directory.quarantine)
            with Spool(folder / "spool.nq") as spool:
                self._watcher.step(Step.STARTING, documents)
                with Workers(
                    make_reader, settings.base, jobs=min(settings.jobs, max(documents, 1)), timeout=settings.timeout
                ) as workers:
                    self._watcher.step(Step.READING, documents)
                    for outcome in workers.run(self._inputs(inputs)):
                        self._take(outcome, spool, quarantine)
                        self._watcher.done()
                    reader = workers.version
                self._require_documents()
                self._watcher.step(Step.WRITING, documents)
                name = self._name(spool, f"{reader.name} {reader.version} {reader.sha256}")
                self._add_derived(spool, builds_graph(self._iris, name, spool.graphs(), reader))
                triples = _write_data(directory.data, spool)
            self._watcher.step(Step.LOADING, documents)
            ended = datetime.now(UTC)
            create_store(directory.store, directory.data, ended_at(self._iris, name, ended))
            directory.report.write_text(report_turtle(self._findings), encoding="utf-8")
            manifest = Manifest(
                base=settings.base,
                started=self._started.isoformat(timespec="seconds"),
                ended=ended.isoformat(timespec="seconds"),
                seconds=round(time.monotonic() - self._clock, 3),
                versions=_versions(),
                reader=reader,
                counts=self._combination.counts(),
                triples=triples,
                set_aside=SetAsideCounts(*(self._set_aside[stage] for stage in Stage)),
                findings=self._findings_by_severity(),
                inputs=tuple(fingerprint(part) for file in inputs.files for part in file.parts),
            )
            manifest.write(directory.manifest)
            self._watcher.step(Step.REPLACING, documents)
        return manifest

    def _inputs(self, inputs: Inputs) -> Iterator[Document | SetAside]:
        yield from inputs.set_aside
        yield from read_documents(inputs.files, self._settings.defaults, self._settings.limits)

    def _take(self, outcome: Outcome, spool: Spool, quarantine: Quarantine) -> None:
        if isinstance(outcome, DocumentGraphRecord):
            self._findings += [(outcome.graph_iri, finding) for finding in outcome.findings]
            if outcome.conforms:
                spool.add(outcome.graph_iri, outcome.lines)
                self._combination.add(outcome.contribution)
                return
        refusal = _refusal(outcome)
        self._set_aside[refusal.stage] += 1
        quarantine.add(refusal)
        self._watcher.refused(refusal)

    def _require_documents(self) -> None:
        if not self._combination.counts().documents:
            number = sum(self._set_aside.values())
            raise InputError(
                f"no document could be used: {number} set aside" if number else "there are no documents",
                hint="nothing was built",
            )

    def _name(self, spool: Spool, reader: str) -> str:
        """A name for the build that depends on its content alone."""
        content = sha256(f"{__version__} {reader} {self._settings.base}".encode())
        for lines in spool.in_order():
            content.update(lines)
        return content.hexdigest()[:_NAME_LENGTH]

    def _add_derived(self, spool: Spool, builds: Triples) -> None:
        for graph, triples in (
            (self._iris.entities_graph, self._combination.entities_graph()),
            (self._iris.inferred_graph, self._combination.inferred_graph()),
            (self._iris.builds_graph, builds),
        ):
            spool.add(graph, "".join(triples.lines(iri(graph))).encode())

    def _findings_by_severity(self) -> dict[str, int]:
        counts = Counter(finding.severity for _, finding in self._findings)
        return {severity: counts[severity] for severity in Severity}


def _refusal(outcome: Outcome) -> Refusal:
    if isinstance(outcome, SetAside):
        return Refusal(Stage.INPUT, outcome)
    document = outcome.document
    file = document.file or Path(document.id)
    if isinstance(outcome, Failure):
        record = SetAside(file, outcome.reason, outcome.hint, document.line, document.id)
        return Refusal(Stage.READING, record)
    violations = [finding for finding in outcome.findings if finding.severity is Severity.VIOLATION]
    messages = list(dict.fromkeys(finding.message for finding in violations))
    more = f" (and {len(messages) - 1} more)" if len(messages) > 1 else ""
    reason = f"its graph breaks a shape: {messages[0].rstrip('.')}{more}"
    hint = "the graph stands beside this file; please report it"
    record = SetAside(file, reason, hint, document.line, document.id)
    return Refusal(Stage.SHAPES, record, outcome.findings, outcome.lines)


def _write_data(file: Path, spool: Spool) -> int:
    """Writes all lines in order and returns how many there are."""
    number = 0
    with file.open("wb") as stream:
        for lines in spool.in_order():
            stream.write(lines)
            number += lines.count(b"\n")
    return number


def _versions() -> Versions:
    return Versions(
        communique=__version__,
        python=platform.python_version(),
        pyoxigraph=version("pyoxigraph"),
        pyshacl=version("pyshacl"),
        rdflib=version("rdflib"),
    )


__all__ = [
    "BuildSettings",
    "NobodyWatches",
    "Step",
    "Watcher",
    "available_cores",
    "build",
    "load_installed_reader",
]
