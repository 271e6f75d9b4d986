"""The one place where the stages of a build meet: sources, readers, links, graphs, shapes, store."""

from __future__ import annotations

import os
import platform
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path
from typing import Final

from kg_build import __version__, fingerprint
from kg_build.build_directory import BuildDirectory, is_build
from kg_build.builds_graph import builds_graph, ended_at
from kg_build.combine import Combination
from kg_build.documents import Documents, Failure, Made, Read
from kg_build.errors import InputError, UsageError
from kg_build.findings import Severity, report_turtle
from kg_build.iris import Iris, is_iri
from kg_build.linked import add_resolution
from kg_build.manifest import Manifest, SetAsideCounts, Versions
from kg_build.model import Reader, ReaderVersion
from kg_build.nquads import iri
from kg_build.quarantine import Quarantine, Refusal, Stage
from kg_build.reading import MakeTask, ReaderFactory, ReadTask
from kg_build.records import encode
from kg_build.replace import replacing
from kg_build.resolve import Resolution, resolve
from kg_build.resolve.decisions import Decisions
from kg_build.sources import (
    Limits,
    Metadata,
    SetAside,
    gather,
    read_documents,
)
from kg_build.sources import (
    fingerprint as file_fingerprint,
)
from kg_build.spool import Spool
from kg_build.store import create_store
from kg_build.watching import NobodyWatches, Step, Watcher
from kg_build.workers import Workers
from ontology import DEFAULT_BASE

_NAME_LENGTH: Final = 16


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
        self._decisions = Decisions()
        self._clock = time.monotonic()
        self._started = datetime.now(UTC)

    def run(self, make_reader: ReaderFactory) -> Manifest:
        settings = self._settings
        with replacing(settings.out, is_build) as folder:
            directory = BuildDirectory(folder)
            with (
                Documents(directory.documents) as documents,
                Spool(folder / "spool.nq") as spool,
                Workers(make_reader, settings.base, jobs=settings.jobs, timeout=settings.timeout) as workers,
            ):
                self._watcher.step(Step.STARTING, 0)
                wanted = self._take_inputs(documents)
                self._require_documents(documents.identifiers(), documents)
                reader = workers.version
                self._read(documents, workers, wanted, reader)
                self._watcher.step(Step.LINKING, len(wanted))
                resolution = resolve(documents.notes(), self._iris, self._decisions)
                self._make(documents, workers, resolution, spool)
                self._require_documents(documents.graphs(), documents)
                self._watcher.step(Step.WRITING, len(wanted))
                combination = self._combine(documents, resolution)
                name = self._name(documents, reader)
                derived = self._derived(documents, combination, resolution, name, reader)
                for graph, lines in derived.items():
                    spool.add(graph, lines)
                graphs = [*(graph for graph, _ in documents.graphs()), *derived]
                pieces = spool.write(directory.data, graphs)
                documents.keep_pieces(pieces)
                self._watcher.step(Step.LOADING, len(wanted))
                ended = datetime.now(UTC)
                create_store(directory.store, directory.data, ended_at(self._iris, name, ended))
                self._report(directory, documents)
                manifest = Manifest(
                    base=settings.base,
                    started=self._started.isoformat(timespec="seconds"),
                    ended=ended.isoformat(timespec="seconds"),
                    seconds=round(time.monotonic() - self._clock, 3),
                    versions=_versions(),
                    reader=reader,
                    counts=combination.counts(),
                    triples=sum(piece.triples for piece in pieces),
                    set_aside=self._set_aside_counts(documents),
                    findings=_by_severity(documents),
                    inputs=documents.inputs(),
                )
            manifest.write(directory.manifest)
            self._watcher.step(Step.REPLACING, len(wanted))
        return manifest

    # What comes in

    def _take_inputs(self, documents: Documents) -> list[str]:
        """Keeps the documents of the inputs and returns the identifiers of those to be read, in their order."""
        inputs = gather(self._settings.inputs)
        documents.begin_inputs([*(file.path for file in inputs.files), *(record.file for record in inputs.set_aside)])
        wanted: list[str] = []
        for record in inputs.set_aside:
            self._set_aside(documents, record)
        for found in read_documents(inputs.files, self._settings.defaults, self._settings.limits):
            if isinstance(found, SetAside):
                self._set_aside(documents, found)
            elif documents.take(found):
                wanted.append(found.id)
        for file in inputs.files:
            for part in file.parts:
                documents.keep_input(file.path, file_fingerprint(part))
        return wanted

    def _set_aside(self, documents: Documents, record: SetAside) -> None:
        documents.set_aside(record)
        self._watcher.refused(Refusal(Stage.INPUT, record))
        self._watcher.done()

    def _require_documents(self, found: Sequence[object], documents: Documents) -> None:
        if not found:
            number = self._set_aside_counts(documents).total
            raise InputError(
                f"no document could be used: {number} set aside" if number else "there are no documents",
                hint="nothing was built",
            )

    # What becomes of each document

    def _read(self, documents: Documents, workers: Workers, wanted: list[str], reader: ReaderVersion) -> None:
        key = f"{reader.name} {reader.version} {reader.sha256} {fingerprint.of_reader()}"
        self._watcher.step(Step.READING, len(wanted))
        tasks = (ReadTask(documents.document(identifier)) for identifier in wanted)
        for outcome in workers.run(tasks, len(wanted)):
            if isinstance(outcome, Read):
                documents.keep_reading(outcome, key)
            elif isinstance(outcome, Failure):
                documents.keep_failure(outcome, key)
                self._watcher.refused(_refusal(outcome))
            self._watcher.done()

    def _make(self, documents: Documents, workers: Workers, resolution: Resolution, spool: Spool) -> None:
        """Makes the graphs of the documents whose reading or links have changed."""
        links = {
            identifier: now
            for identifier, before in documents.links().items()
            if (now := encode(resolution.of(identifier))) != before
        }
        self._watcher.step(Step.MAKING, len(links))
        tasks = (
            MakeTask(documents.document(identifier), documents.reading(identifier), now)
            for identifier, now in links.items()
        )
        for outcome in workers.run(tasks, len(links)):
            if isinstance(outcome, Made):
                documents.keep_graph(outcome, links[outcome.document.id])
                if outcome.conforms:
                    spool.add(outcome.graph, outcome.lines)
                else:
                    self._watcher.refused(_refusal(outcome))
            elif isinstance(outcome, Failure):
                documents.keep_unmade(outcome, links[outcome.document.id])
                self._watcher.refused(_refusal(outcome))
            self._watcher.done()

    # What follows from all of them

    def _combine(self, documents: Documents, resolution: Resolution) -> Combination:
        combination = Combination(self._iris, self._decisions.names, resolution.wikidata)
        for contribution in documents.contributions():
            combination.add(contribution)
        return combination

    def _name(self, documents: Documents, reader: ReaderVersion) -> str:
        """A name for the build that depends on its content alone."""
        content = sha256(f"{__version__} {reader.name} {reader.version} {reader.sha256} {self._iris.base}".encode())
        for graph, digest in documents.graphs():
            content.update(f"{graph} {digest}\n".encode())
        return content.hexdigest()[:_NAME_LENGTH]

    def _derived(
        self,
        documents: Documents,
        combination: Combination,
        resolution: Resolution,
        name: str,
        reader: ReaderVersion,
    ) -> Mapping[str, bytes]:
        """The lines of the graphs that follow from those of the documents."""
        entities = combination.entities_graph()
        add_resolution(entities, resolution, self._iris)
        builds = builds_graph(self._iris, name, [graph for graph, _ in documents.graphs()], reader)
        graphs = (
            (self._iris.entities_graph, entities),
            (self._iris.inferred_graph, combination.inferred_graph()),
            (self._iris.builds_graph, builds),
        )
        return {graph: "".join(triples.lines(iri(graph))).encode() for graph, triples in graphs}

    # What is reported

    def _report(self, directory: BuildDirectory, documents: Documents) -> None:
        directory.report.write_text(report_turtle(documents.findings()), encoding="utf-8")
        quarantine = Quarantine(directory.quarantine)
        for record in documents.all_set_aside():
            quarantine.add(Refusal(Stage.INPUT, record))
        for failure in documents.failures():
            quarantine.add(_refusal(failure))

    def _set_aside_counts(self, documents: Documents) -> SetAsideCounts:
        failures = list(documents.failures())
        refused = sum(isinstance(failure, Made) for failure in failures)
        return SetAsideCounts(len(documents.all_set_aside()), len(failures) - refused, refused)


def _refusal(outcome: Failure | Made) -> Refusal:
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


def _by_severity(documents: Documents) -> dict[str, int]:
    counts = Counter(finding.severity for _, finding in documents.findings())
    return {severity: counts[severity] for severity in Severity}


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
