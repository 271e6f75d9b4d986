"""How right a reader is on a gold folder: its graph, built in memory, scored by the folder's own ``score.py``."""

from __future__ import annotations

import importlib.util
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType
from typing import Any

import pyoxigraph

from benchmarks.articles import Article
from kg_build.assemble import ReadingError
from kg_build.combine import Combination
from kg_build.contribution import Contribution
from kg_build.documents import Made, Read
from kg_build.iris import Iris
from kg_build.linked import add_resolution
from kg_build.model import Reader
from kg_build.nquads import iri
from kg_build.reading import DocumentReader, MakeTask, ReadTask
from kg_build.records import decode, encode
from kg_build.resolve import DocumentNotes, resolve
from ontology import DEFAULT_BASE

JUDGED = {
    "persons": "person mentions",
    "statements": "statements",
    "statement spans": "statements (span alone)",
    "meetings": "meetings",
    "meetings (lenient)": "meetings (lenient)",
}
"""The scorer's classes whose members have a confidence, and what the calibration calls them."""
CONFIDENCES = """PREFIX cq: <https://w3id.org/communique/ontology#>
PREFIX oa: <http://www.w3.org/ns/oa#>
SELECT ?node ?confidence { GRAPH <%s> {
  { ?node cq:confidence ?confidence . FILTER NOT EXISTS { ?node oa:hasBody ?body } }
  UNION
  { ?mention oa:hasBody ?node ; cq:confidence ?confidence . ?node a cq:Person }
} }"""


@dataclass(slots=True)
class Bin:
    """The predictions with a confidence in one tenth: how many, how many of them right, and the confidences' sum."""

    number: int = 0
    right: int = 0
    confidence: float = 0.0

    def add(self, confidence: float, *, right: bool) -> None:
        """Counts one prediction."""
        self.number += 1
        self.right += right
        self.confidence += confidence


@dataclass(slots=True)
class Quality:
    """``scores`` is the scorer's table; ``set_aside`` are documents that a build would have refused, with reasons."""

    scores: dict[str, dict[str, float]]
    set_aside: dict[str, str] = field(default_factory=dict)
    calibration: dict[str, list[Bin]] = field(default_factory=dict)
    """Ten bins for each class that has confidences, from [0, 0.1) to [0.9, 1]."""


def load_scorer(folder: Path) -> ModuleType:
    """A gold folder's ``score.py``, in it or beside it, as a module. Ends the program where there is none."""
    for file in (folder / "score.py", folder.parent / "score.py"):
        if file.is_file():
            spec = importlib.util.spec_from_file_location("gold_score", file)
            assert spec is not None  # noqa: S101 -- it is a Python file
            assert spec.loader is not None  # noqa: S101 -- likewise
            module = importlib.util.module_from_spec(spec)
            spec.loader.exec_module(module)
            return module
    raise SystemExit(f"there is no score.py in {folder} or beside it")


def score(reader: Reader, articles: Sequence[Article], scorer: ModuleType) -> Quality:
    """What ``scorer`` says of the graph that a build by ``reader`` would have of ``articles``."""
    store, set_aside = _build(reader, articles)
    graph = scorer.Graph(store)
    documents = graph.documents()
    tally = scorer.Tally()
    quality = Quality({}, set_aside)
    nothing: dict[str, Any] = {"persons": {}, "ministries": {}, "names": {}, "country": {}, "here": set()}
    nothing |= {"posts": [], "meetings": [], "statements": []}
    for article in articles:
        node = documents.get(article.document.id)
        found = graph.load(node) if node else nothing
        with _Judge(scorer) as judge:
            scorer.score_document(article.gold, article.document.text, found, tally, lambda *_: None)
        if node:
            _note(judge, _confidences(store, node), quality.calibration)
    quality.scores = tally.table()
    return quality


def _build(reader: Reader, articles: Sequence[Article]) -> tuple[pyoxigraph.Store, dict[str, str]]:
    """The graph as a build makes it, linking and shapes and all; and what was set aside, and why."""
    iris = Iris(DEFAULT_BASE)
    documents = DocumentReader(lambda: reader, DEFAULT_BASE)
    store = pyoxigraph.Store()
    read: dict[str, Read] = {}
    set_aside: dict[str, str] = {}

    def load(lines: bytes) -> None:
        store.load(lines, format=pyoxigraph.RdfFormat.N_QUADS)

    for article in articles:
        try:
            outcome = documents.do(ReadTask(article.document))
        except ReadingError as error:
            set_aside[article.document.id] = str(error)
        else:
            assert isinstance(outcome, Read)  # noqa: S101 -- that is what such a task gives
            read[article.document.id] = outcome
    notes = (decode(DocumentNotes, outcome.notes) for outcome in read.values())
    resolution = resolve(notes, iris)
    combination = Combination(iris, wikidata=resolution.wikidata)
    for name, outcome in read.items():
        made = documents.do(MakeTask(outcome.document, outcome.reading, encode(resolution.of(name))))
        assert isinstance(made, Made)  # noqa: S101 -- likewise
        if made.conforms:
            load(made.lines)
            combination.add(decode(Contribution, made.contribution))
        else:
            set_aside[name] = "; ".join(sorted({finding.message for finding in made.findings}))
    entities = combination.entities_graph()
    add_resolution(entities, resolution, iris)
    for name, triples in ((iris.entities_graph, entities), (iris.inferred_graph, combination.inferred_graph())):
        load("".join(triples.lines(iri(name))).encode())
    return store, set_aside


class _Judge:
    """Notes which predictions the scorer pairs with something in the gold file, by standing in for its ``count``.

    All classes go through that function, with the pairs that the scorer made. A prediction is right where it has a
    partner, an optional one too; where the gold file is not complete, those without a partner are not judged.
    """

    def __init__(self, scorer: ModuleType) -> None:
        self._scorer = scorer
        self._count: Callable[..., None] = scorer.count
        self.verdicts: list[tuple[str, str, bool]] = []

    def __enter__(self) -> _Judge:
        self._scorer.count = self._counting  # type: ignore[attr-defined]
        return self

    def __exit__(self, *_: object) -> None:
        self._scorer.count = self._count  # type: ignore[attr-defined]

    def _counting(
        self,
        tally: Any,
        name: str,
        gold: list[Any],
        pred: list[dict[str, Any]],
        pairs: list[tuple[int, int]],
        **options: Any,
    ) -> None:
        self._count(tally, name, gold, pred, pairs, **options)
        if name in JUDGED:
            hits = {j for _, j in pairs}
            for j, prediction in enumerate(pred):
                if j in hits or options.get("fp_counts", True):
                    self.verdicts.append((JUDGED[name], prediction.get("node") or prediction["iri"], j in hits))


def _confidences(store: pyoxigraph.Store, document: str) -> dict[str, list[float]]:
    """The confidences of statements and meetings, and of all mentions of each person, by node."""
    found: dict[str, list[float]] = defaultdict(list)
    solutions = store.query(CONFIDENCES % document)
    assert isinstance(solutions, pyoxigraph.QuerySolutions)  # noqa: S101 -- it is a SELECT
    for row in solutions:
        found[row["node"].value].append(float(row["confidence"].value))
    return found


def _note(judge: _Judge, confidences: dict[str, list[float]], calibration: dict[str, list[Bin]]) -> None:
    for name, node, right in judge.verdicts:
        bins = calibration.setdefault(name, [Bin() for _ in range(10)])
        for confidence in confidences[node]:
            # Decimal fractions such as 0.3 * 10 are a hair below the whole number.
            bins[min(int(confidence * 10 + 1e-9), 9)].add(confidence, right=right)


def calibration_error(bins: Sequence[Bin]) -> float:
    """The mean gap between confidence and share that is right, over all predictions (expected calibration error)."""
    number = sum(b.number for b in bins)
    return sum(abs(b.confidence - b.right) for b in bins) / number if number else 0.0
