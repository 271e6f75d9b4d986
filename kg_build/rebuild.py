"""How a graph is changed: documents come, are replaced or go, decisions are made, and the rest stays as it is.

What was there before is copied, not made again. A graph that was changed in many steps is the same, byte for byte, as
one that was built from all its documents at once.
"""

from __future__ import annotations

import platform
import shutil
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path
from typing import Final

from kg_build import __version__, fingerprint
from kg_build.build_directory import BuildDirectory, is_build
from kg_build.builds_graph import builds_graph, ended_at
from kg_build.combine import Combination
from kg_build.documents import Documents, Failure, Made, Piece, Read
from kg_build.errors import InputError, StoreError
from kg_build.iris import Iris
from kg_build.linked import add_resolution
from kg_build.manifest import Manifest, Versions
from kg_build.model import ReaderVersion
from kg_build.nquads import iri
from kg_build.quarantine import Refusal, Stage
from kg_build.reading import MakeTask, NotesTask, ReaderFactory, ReadTask
from kg_build.records import encode
from kg_build.replace import replacing
from kg_build.reporting import count_findings, count_set_aside, refusal, write_reports
from kg_build.resolve import Resolution, resolve
from kg_build.resolve.decision_file import read_decisions, write_decisions
from kg_build.resolve.decisions import Decision, Decisions
from kg_build.search import GraphLines, update_index
from kg_build.sources import Limits, Metadata, SetAside, gather, read_documents
from kg_build.sources import fingerprint as file_fingerprint
from kg_build.spool import Spool
from kg_build.store import change_store, create_store
from kg_build.watching import Step, Watcher
from kg_build.workers import Workers
from kg_build.writes.writer import carried_over
from ontology import DEFAULT_BASE

_NAME_LENGTH: Final = 16
_MADE_BY: Final = "graphs made by"
_ENDED: Final = "ended"
_MOST_CHANGED: Final = 0.25
"""Share of the data up to which changing a copy of the store is quicker than filling a new one."""


@dataclass(frozen=True, slots=True)
class Change:
    """What is to be different in the graph in ``out``, and how to go about it."""

    out: Path
    jobs: int
    inputs: tuple[Path, ...] | None = None
    """Files and folders to take documents from; None where none are to come."""
    base: str | None = None
    """Base IRI of the graph's resources; None leaves it as it is."""
    defaults: Metadata = field(default_factory=Metadata)
    limits: Limits = field(default_factory=Limits)
    timeout: float = 900.0
    fresh: bool = False
    """Whether nothing is to be left of what stands there."""
    withdrawn: tuple[str, ...] = ()
    """Identifiers of documents that are to go."""
    decisions: Path | None = None
    """File of decisions that count from now on; None leaves those that are in ``out``, with ``fresh`` too."""
    decision: Decision | None = None
    """One more decision, whose number is given to it."""


class Rebuild:
    """One change of a graph, from the old folder to the new one in its place."""

    def __init__(self, change: Change, watcher: Watcher) -> None:
        self._change = change
        self._watcher = watcher
        self._clock = time.monotonic()
        self._started = datetime.now(UTC)
        self._decisions = Decisions()
        self._iris = Iris(DEFAULT_BASE)

    def run(self, make_reader: ReaderFactory) -> Manifest:
        """Makes the change and returns the new graph's manifest. Raises InputError, StoreError, UnavailableError."""
        change = self._change
        with ExitStack() as until_replaced, replacing(change.out, is_build) as folder:
            directory = BuildDirectory(folder)
            previous = self._previous()
            before = previous.read_manifest() if previous else None
            self._decisions = self._decided()
            self._iris = Iris(change.base or (before.base if before else DEFAULT_BASE))
            reads = change.inputs is not None
            with (
                Workers(make_reader, self._iris.base, jobs=change.jobs, timeout=change.timeout, read=reads) as workers,
                Documents(directory.documents, previous.documents if previous else None) as documents,
                Spool(folder / "spool.nq", previous.data if previous else None, documents.pieces()) as spool,
            ):
                self._watcher.step(Step.STARTING, 0)
                wanted = self._take_inputs(documents) if reads else []
                for identifier in change.withdrawn:
                    documents.withdraw(identifier)
                reader = workers.version if reads or before is None else before.reader
                self._read(documents, workers, wanted, reader)
                self._watcher.step(Step.LINKING, 0)
                resolution = resolve(documents.notes(), self._iris, self._decisions)
                self._make(documents, workers, resolution, spool)
                self._require(documents.graphs(), documents)
                self._watcher.step(Step.WRITING, 0)
                combination = self._combine(documents, resolution)
                name = self._name(documents, reader)
                derived = self._derived(documents, combination, resolution, name, reader)
                for graph, lines in derived.items():
                    spool.add(graph, lines)
                ended = datetime.now(UTC)
                graphs = [*(graph for graph, _ in documents.graphs()), *derived]
                triples = self._write(directory, previous, documents, spool, graphs, ended_at(self._iris, name, ended))
                write_reports(directory, documents)
                manifest = Manifest(
                    base=self._iris.base,
                    started=self._started.isoformat(timespec="seconds"),
                    ended=ended.isoformat(timespec="seconds"),
                    seconds=round(time.monotonic() - self._clock, 3),
                    versions=_versions(),
                    reader=reader,
                    counts=combination.counts(),
                    triples=triples,
                    set_aside=count_set_aside(documents),
                    findings=count_findings(documents),
                    inputs=documents.inputs(),
                )
            manifest.write(directory.manifest)
            if self._decisions.all:
                write_decisions(directory.decisions, self._decisions)
            self._watcher.step(Step.REPLACING, 0)
            if previous:
                until_replaced.enter_context(carried_over(previous, directory))
        return manifest

    def _previous(self) -> BuildDirectory | None:
        """The graph that is to be changed; None where a new one is to be made."""
        previous = BuildDirectory(self._change.out.resolve())
        if self._change.fresh or not is_build(previous.path):
            return None
        previous.read_manifest()
        if not previous.documents.is_file():
            hint = "build it anew from all its documents with --fresh"
            raise StoreError(
                "this graph cannot be added to: it has no documents.sqlite", where=str(previous.path), hint=hint
            )
        return previous

    def _decided(self) -> Decisions:
        change = self._change
        found = read_decisions(change.decisions or BuildDirectory(change.out.resolve()).decisions)
        if change.decision is None:
            return found
        return Decisions((*found.all, replace(change.decision, number=len(found.all) + 1)))

    # What comes in

    def _take_inputs(self, documents: Documents) -> list[str]:
        """Keeps the documents of the inputs and returns the identifiers of those to be read, in their order."""
        change = self._change
        inputs = gather(change.inputs or ())
        for note in inputs.notes:
            self._watcher.noted(note)
        documents.begin_inputs([*(file.path for file in inputs.files), *(record.file for record in inputs.set_aside)])
        taken = 0
        wanted: list[str] = []
        for record in inputs.set_aside:
            self._set_aside(documents, record)
        for found in read_documents(inputs.files, change.defaults, change.limits, jobs=change.jobs):
            if isinstance(found, SetAside):
                self._set_aside(documents, found)
                continue
            taken += 1
            if documents.take(found):
                wanted.append(found.id)
        self._require(range(taken), documents)
        for file in inputs.files:
            for part in file.parts:
                documents.keep_input(file.path, file_fingerprint(part))
        return wanted

    def _set_aside(self, documents: Documents, record: SetAside) -> None:
        documents.set_aside(record)
        self._watcher.refused(Refusal(Stage.INPUT, record))
        self._watcher.done()

    def _require(self, found: Sequence[object], documents: Documents) -> None:
        if not found:
            number = count_set_aside(documents).total
            raise InputError(
                f"no document could be used: {number} set aside" if number else "there are no documents",
                hint="nothing was built",
            )

    # What becomes of each document

    def _read(self, documents: Documents, workers: Workers, wanted: list[str], reader: ReaderVersion) -> None:
        """Reads what is ``wanted`` and what another reader has read; takes notes anew where they are out of date."""
        key = f"{reader.name} {reader.version} {reader.sha256} {fingerprint.of_reader()}"
        if self._change.inputs is not None:
            seen = set(wanted)
            wanted = [*wanted, *(identifier for identifier in documents.unread_by(key) if identifier not in seen)]
        made_by = f"{self._iris.base} {fingerprint.of_graphs()}"
        noted = [] if documents.fact(_MADE_BY) == made_by else sorted(documents.links().keys() - set(wanted))
        documents.keep_fact(_MADE_BY, made_by)
        self._watcher.step(Step.READING, len(wanted))
        tasks = (ReadTask(documents.document(identifier)) for identifier in wanted)
        for outcome in workers.run(tasks, len(wanted)):
            if isinstance(outcome, Read):
                documents.keep_reading(outcome, key)
            elif isinstance(outcome, Failure):
                documents.keep_failure(outcome, key)
                self._watcher.refused(refusal(outcome))
            self._watcher.done()
        notes = (NotesTask(documents.document(identifier), documents.reading(identifier)) for identifier in noted)
        for outcome in workers.run(notes, len(noted)):
            if isinstance(outcome, Read):
                documents.keep_notes(outcome.document.id, outcome.notes)
            elif isinstance(outcome, Failure):
                documents.keep_failure(outcome, key)
                self._watcher.refused(refusal(outcome))

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
                    self._watcher.refused(refusal(outcome))
            elif isinstance(outcome, Failure):
                documents.keep_unmade(outcome, links[outcome.document.id])
                self._watcher.refused(refusal(outcome))
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
        builds = builds_graph(self._iris, name, [graph for graph, _ in documents.graphs()], reader, self._decisions)
        graphs = (
            (self._iris.entities_graph, entities),
            (self._iris.inferred_graph, combination.inferred_graph()),
            (self._iris.builds_graph, builds),
        )
        return {graph: "".join(triples.lines(iri(graph))).encode() for graph, triples in graphs}

    # What is written

    def _write(
        self,
        directory: BuildDirectory,
        previous: BuildDirectory | None,
        documents: Documents,
        spool: Spool,
        graphs: list[str],
        ended: str,
    ) -> int:
        """Writes ``data.nq`` and the store, and returns how many triples there are."""
        changed = spool.changed(graphs)
        total = previous.data.stat().st_size if previous else 0
        if previous and sum(spool.size(graph) for graph in changed) <= _MOST_CHANGED * total:
            removed, added = _differences(spool, changed)
            before = documents.fact(_ENDED)
            with ThreadPoolExecutor(1) as beside:
                writing = beside.submit(spool.write, directory.data, graphs)
                self._watcher.step(Step.LOADING, 0)
                change_store(
                    directory.store,
                    previous.store,
                    [*removed, *([before.encode()] if before else [])],
                    [*added, ended.encode()],
                )
                pieces = writing.result()
        else:
            pieces = spool.write(directory.data, graphs)
            self._watcher.step(Step.LOADING, 0)
            create_store(directory.store, directory.data, ended)
        if previous and previous.search.is_file():
            shutil.copyfile(previous.search, directory.search)
        update_index(directory.search, [_lines_of(piece, directory.data) for piece in pieces])
        documents.keep_fact(_ENDED, ended)
        documents.keep_pieces(pieces)
        return sum(piece.triples for piece in pieces)


def _differences(spool: Spool, changed: list[str]) -> tuple[list[bytes], list[bytes]]:
    """The lines that the changed graphs no longer have, and those that they have now."""
    removed: list[bytes] = []
    added: list[bytes] = []
    for graph in changed:
        before, now = (set(lines.splitlines(keepends=True)) for lines in (spool.before(graph), spool.now(graph)))
        removed += before - now
        added += now - before
    return removed, added


def _lines_of(piece: Piece, data: Path) -> GraphLines:
    def lines() -> list[str]:
        with data.open("rb") as stream:
            stream.seek(piece.start)
            return stream.read(piece.size).decode().split("\n")[:-1]

    return GraphLines(piece.graph, piece.sha256, lines)


def _versions() -> Versions:
    return Versions(
        communique=__version__,
        python=platform.python_version(),
        pyoxigraph=version("pyoxigraph"),
        pyshacl=version("pyshacl"),
        rdflib=version("rdflib"),
    )


__all__ = ["Change", "Rebuild"]
