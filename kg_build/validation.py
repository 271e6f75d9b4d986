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
from kg_build.nquads import Term, iri, split
from kg_build.store import read_rdf
from kg_build.triples import Triples
from kg_build.validate import Finding, Report, Severity, Validator

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
    summary = Summary()
    entities = _by_subject(build.data, iri(iris.entities_graph))
    for graph, report in _in_parallel(_documents(build.data, iris, entities), jobs):
        summary.add(graph, report)
        done()
    return summary


def validate_file(file: Path) -> Summary:
    """Validates an RDF file: each of its graphs. Raises InputError where it cannot be read, UsageError if not RDF."""
    graphs: dict[str, Triples] = defaultdict(Triples)
    for subject, predicate, object_, name in read_rdf(file):
        graphs[name.strip("<>") if name else str(file)].add(subject, predicate, object_)
    validator = Validator()
    summary = Summary()
    for graph, triples in sorted(graphs.items()):
        summary.add(graph, validator.validate(triples.to_rdflib()))
    return summary


def _quads(data: Path) -> Iterator[tuple[Term, Term, Term, Term]]:
    number = 0
    try:
        with data.open(encoding="utf-8", newline="\n") as stream:
            for quad in stream:
                number += 1
                yield split(quad)
    except (OSError, ValueError, IndexError) as error:
        raise StoreError(f"cannot be read: {error}", where=f"{data}:{number or 1}", hint="build it again") from error


def _by_subject(data: Path, graph: Term) -> dict[Term, list[tuple[Term, Term]]]:
    found: dict[Term, list[tuple[Term, Term]]] = defaultdict(list)
    for subject, predicate, object_, name in _quads(data):
        if name == graph:
            found[subject].append((predicate, object_))
    return found


def _documents(
    data: Path, iris: Iris, entities: dict[Term, list[tuple[Term, Term]]]
) -> Iterator[tuple[str, list[tuple[Term, Term, Term]]]]:
    """Each document's graph, with what the entities graph says of its subjects."""
    derived = {iri(name) for name in (iris.entities_graph, iris.inferred_graph, iris.builds_graph)}
    for name, quads in groupby(_quads(data), key=lambda quad: quad[3]):
        if name in derived:
            continue
        rows = [quad[:3] for quad in quads]
        subjects = {row[0] for row in rows}
        rows += [(subject, *pair) for subject in subjects for pair in entities.get(subject, ())]
        yield name[1:-1], rows


_validators: list[Validator] = []


def _make_validator() -> None:
    _validators.append(Validator())


def _validate(rows: list[tuple[Term, Term, Term]]) -> Report:
    return _validators[0].validate(Triples(rows).to_rdflib())


def _in_parallel(
    graphs: Iterable[tuple[str, list[tuple[Term, Term, Term]]]], jobs: int
) -> Iterator[tuple[str, Report]]:
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
