"""Validates a whole build, or any RDF file: each document's graph on its own, with what follows from it."""

from __future__ import annotations

from collections import Counter, defaultdict, deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, field
from itertools import groupby
from multiprocessing import get_context
from pathlib import Path
from typing import Final

from kg_build.build_directory import BuildDirectory
from kg_build.errors import StoreError
from kg_build.iris import Iris
from kg_build.nquads import Term, iri, split, value_of
from kg_build.store import read_rdf
from kg_build.triples import Triples
from kg_build.validate import Finding, Report, Severity, Validator
from kg_build.vocabulary import cq, rdf
from kg_build.writers import Row

_AHEAD: Final = 4
"""Graphs a process that wait to be validated."""


@dataclass(slots=True)
class Group:
    """The findings of one shape and severity: how many, and one of them as an example."""

    severity: Severity
    shape: str
    example: Finding
    graph: str
    count: int = 0


@dataclass(slots=True)
class Summary:
    """What the validation of many graphs found, without keeping every finding."""

    graphs: int = 0
    groups: dict[tuple[Severity, str], Group] = field(default_factory=dict)

    def add(self, graph: str, report: Report) -> None:
        """Takes in what was found about one graph, given by its IRI or its file."""
        self.graphs += 1
        for finding in report.findings:
            key = finding.severity, finding.shape
            self.groups.setdefault(key, Group(*key, finding, graph)).count += 1

    @property
    def conforms(self) -> bool:
        """Whether there is no violation; warnings and remarks do not count."""
        return all(severity is not Severity.VIOLATION for severity, _ in self.groups)

    def by_severity(self) -> Counter[Severity]:
        """How many findings there are of each severity."""
        counts: Counter[Severity] = Counter()
        for group in self.groups.values():
            counts[group.severity] += group.count
        return counts

    def sorted_groups(self) -> list[Group]:
        """The groups, the gravest first, then the largest."""
        order = list(Severity)
        return sorted(self.groups.values(), key=lambda g: (order.index(g.severity), -g.count, g.shape))


def validate_build(
    build: BuildDirectory, *, jobs: int, begin: Callable[[str, int], None], done: Callable[[], None]
) -> Summary:
    """Validates every document's graph in ``build`` with ``jobs`` processes.

    ``begin`` is told how many documents there are, ``done`` is called after each. Raises StoreError where ``data.nq``
    cannot be read.
    """
    manifest = build.read_manifest()
    iris = Iris(manifest.base)
    begin("validating documents", manifest.counts.documents)
    derived = {iri(name) for name in (iris.entities_graph, iris.inferred_graph, iris.builds_graph)}
    entities = _Consequences()
    for subject, predicate, object_, name in _quads(build.data):
        if name == iri(iris.entities_graph):
            entities.add((subject, predicate, object_))
    graphs = groupby(_quads(build.data), key=lambda quad: quad[3])
    documents = ((name, [quad[:3] for quad in quads]) for name, quads in graphs if name not in derived)
    joined = ((value_of(name), entities.joined_to(rows)) for name, rows in documents)
    summary = Summary()
    for document, report in _in_parallel(joined, jobs):
        summary.add(document, report)
        done()
    return summary


def validate_file(file: Path) -> Summary:
    """Validates an RDF file: each document's graph in it, or where there is none, each graph.

    Raises InputError where it cannot be read, UsageError if it is not RDF.
    """
    graphs: dict[Term | None, list[Row]] = defaultdict(list)
    for subject, predicate, object_, name in read_rdf(file):
        graphs[name].append((subject, predicate, object_))
    documents = {name for name, rows in graphs.items() if name and (name, rdf.type, cq.Document) in rows}
    consequences = _Consequences()
    if documents:
        for name in graphs.keys() - documents:
            for row in graphs[name]:
                consequences.add(row)
    validator = Validator()
    summary = Summary()
    for name in sorted(documents or graphs, key=str):
        rows = consequences.joined_to(graphs[name])
        summary.add(value_of(name) if name else str(file), validator.validate(Triples(rows).to_rdflib()))
    return summary


class _Consequences:
    """What other graphs say of the nodes of a document, such as a name or a meeting's current status."""

    def __init__(self) -> None:
        self._by_subject: dict[Term, list[Row]] = defaultdict(list)

    def add(self, row: Row) -> None:
        # That two have met may follow from a meeting that this document knows nothing of.
        if row[1] != cq.metWith:
            self._by_subject[row[0]].append(row)

    def joined_to(self, rows: list[Row]) -> list[Row]:
        """``rows``, with what is known of their subjects."""
        return [*rows, *(row for subject in {row[0] for row in rows} for row in self._by_subject.get(subject, ()))]


def _quads(data: Path) -> Iterator[tuple[Term, Term, Term, Term]]:
    number = 0
    try:
        with data.open(encoding="utf-8", newline="\n") as stream:
            for quad in stream:
                number += 1
                yield split(quad)
    except (OSError, ValueError, IndexError) as error:
        raise StoreError(f"cannot be read: {error}", where=f"{data}:{number or 1}", hint="build it again") from error


_validators: list[Validator] = []


def _make_validator() -> None:
    _validators.append(Validator())


def _validate(rows: list[Row]) -> Report:
    return _validators[0].validate(Triples(rows).to_rdflib())


def _in_parallel(graphs: Iterable[tuple[str, list[Row]]], jobs: int) -> Iterator[tuple[str, Report]]:
    waiting: deque[tuple[str, Future[Report]]] = deque()
    try:
        with ProcessPoolExecutor(jobs, mp_context=get_context("spawn"), initializer=_make_validator) as pool:
            for name, rows in graphs:
                waiting.append((name, pool.submit(_validate, rows)))
                if len(waiting) >= jobs * _AHEAD:
                    first, report = waiting.popleft()
                    yield first, report.result()
            for name, report in waiting:
                yield name, report.result()
    except BrokenProcessPool as error:
        raise StoreError("a validating process ended", hint="is there enough memory? give a smaller --jobs") from error


__all__ = ["Group", "Summary", "validate_build", "validate_file"]
