"""What helps the reader: trains variants of its network on part of the annotations and scores them on the rest.

    python -m benchmarks.experiments --releases FILE --variant baseline --variant no-swaps …

Needs the extra ``train``. Each variant is trained on five sixths of the corpus and read with on the last sixth
(``--folds`` says how many of the six are gone through); what is scored is the whole reader, by the gold set's own
scorer, against the annotations in gold form. Prints a table; ``--json`` adds each row to a file.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import random
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from types import ModuleType
from typing import Any

from kg_build.model import Document, EntityType, Reading
from kg_build.reader.interpret import Weights, interpret
from kg_build.reader.network import Network
from kg_build.reader.tables import tables
from kg_build.reader.tokens import Tokenization
from kg_build.training import corpus, linkers
from kg_build.training.__main__ import fit
from kg_build.training.annotations import AnnotatedDocument
from kg_build.training.goldform import gold_of
from kg_build.training.learning import Recipe
from kg_build.training.oracle import seen_by_oracle
from kg_build.training.silver import silver

FOLDS = 6
_LONGEST = 12_000
"""Characters of a release that is read for silver annotations: speeches would outweigh everything else."""


@dataclass(frozen=True, slots=True)
class Variant:
    """A recipe, the share of the training documents that it may use, and which it may use at all.

    ``silver`` is the number of further releases that a network trained on these documents annotates, to be learned
    from with them.
    """

    recipe: Recipe
    share: float = 1.0
    silver: int = 0
    keep: Callable[[AnnotatedDocument], bool] = lambda _: True


def _weighted(**changes: float) -> tuple[tuple[str, float], ...]:
    return tuple((name, changes.get(name, value)) for name, value in Recipe().weights)


def _of_first_corpus(document: AnnotatedDocument) -> bool:
    return document.id.startswith("train-") or not document.id.startswith("wire-")


VARIANTS: dict[str, Variant] = {
    "baseline": Variant(Recipe()),
    "no-swaps": Variant(Recipe(swapped=0.0)),
    "no-masks": Variant(Recipe(masked=0.0, features_dropped=0.0)),
    "no-features": Variant(Recipe(features_dropped=1.0)),
    "window-256": Variant(Recipe(window=256, overlap=96)),
    "window-500": Variant(Recipe(window=500, overlap=128)),
    "even-weights": Variant(
        Recipe(weights=_weighted(post=1, loose=1, statement=1, meeting=1, negated=1, kind=1, status=1))
    ),
    "arguments-first": Variant(Recipe(weights=_weighted(statement=3, meeting=3))),
    "slower": Variant(Recipe(encoder_rate=1e-4)),
    "quarter": Variant(Recipe(), share=0.25),
    "half": Variant(Recipe(), share=0.5),
    "three-quarters": Variant(Recipe(), share=0.75),
    "without-new-articles": Variant(Recipe(), keep=_of_first_corpus),
    "silver": Variant(Recipe(), silver=150),
}


@dataclass(frozen=True, slots=True)
class Trial:
    """What all variants share: the documents, the further releases for silver annotations, the scorer, and the size."""

    documents: Sequence[AnnotatedDocument]
    unread: Sequence[Document]
    scorer: ModuleType
    folds: int
    epochs: int
    share: float


def _scorer(file: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location("gold_scorer", file)
    if spec is None or spec.loader is None:
        sys.exit(f"{file}: no scorer there; give the gold set's score.py with --scorer")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def found_in(reading: Reading, text: str, scorer: ModuleType) -> dict[str, Any]:
    """A reading in the form in which the scorer loads a document from a graph."""
    names = {
        e.key: [e.name, *e.aliases, *e.misspellings, *(m.span.of(text) for m in e.mentions)] for e in reading.entities
    }
    country = {e.key: e.iso for e in reading.entities if e.iso}
    meetings = []
    for m in reading.meetings:
        days: set[str] = set()
        bounds: list[str | None] = [None, None]
        if m.when is not None:
            first, last = m.when.earliest.isoformat(), m.when.latest.isoformat()
            size = {"day": 10, "month": 7, "year": 4}.get(m.when.granularity)
            days = {first[:size]} if size or m.when.lasting else set()
            bounds = [None, None] if size else [first, last]
        meetings.append(
            {
                "node": m.key,
                "kinds": {scorer.KINDS[m.kind.value]},
                "who": {p.agent for p in m.participations},
                "dates": days,
                "range": bounds,
                "status": {m.status.value.lower()},
                "places": {scorer.norm(n) for n in names[m.place]} if m.place else set(),
            }
        )
    return {
        "persons": {e.key: names[e.key] for e in reading.entities if e.type is EntityType.PERSON and e.mentions},
        "ministries": {
            e.key: (e.iso, scorer.PORTFOLIOS.get(e.portfolio.value, e.portfolio.value.lower()))
            for e in reading.entities
            if e.type is EntityType.MINISTRY and e.portfolio
        },
        "here": {e.key for e in reading.entities if e.mentions},
        "posts": [
            {
                "node": t.key,
                "person": t.person,
                "titles": [t.title],
                "of": {country.get(t.of), *(scorer.norm(n) for n in names.get(t.of, []))} - {None} if t.of else set(),
            }
            for t in reading.tenures
        ],
        "meetings": meetings,
        "statements": [
            {
                "node": s.key,
                "speakers": set(s.speakers),
                "form": s.form.value.lower(),
                "via": set(s.via),
                "spans": [(c.start, c.end) for c in s.content],
            }
            for s in reading.statements
        ],
        "names": names,
        "country": country,
    }


def _score(
    documents: Sequence[AnnotatedDocument], folder: Path, weights: Weights, scorer: ModuleType, tally: Any
) -> None:
    network = Network(folder)
    tokenization = Tokenization(folder / "tokenizer.json")
    for document in documents:
        seen = seen_by_oracle(document, tables())
        seen = replace(seen, tagging=network.tag(tokenization.tokens(document.text, seen.layout, seen.names)))
        reading = interpret(seen, tables(), weights)
        found = found_in(reading, document.text, scorer)
        scorer.score_document(gold_of(document), document.text, found, tally, lambda *_: None)


def _run(variant: Variant, trial: Trial) -> tuple[dict[str, float], int]:
    """F1 by class of a variant over the folds, and the number of documents that it was trained on."""
    tally = trial.scorer.Tally()
    size = 0
    recipe = replace(variant.recipe, epochs=trial.epochs)
    for fold in range(trial.folds):
        # Every variant is measured on the same documents.
        test = trial.documents[fold::FOLDS]
        held = {d.id for d in test}
        train = [d for d in trial.documents if d.id not in held and variant.keep(d)]
        random.Random(0).shuffle(train)  # noqa: S311 - the same documents for every variant
        train = train[: round(len(train) * variant.share * trial.share)]
        with tempfile.TemporaryDirectory() as scratch:
            folder = Path(scratch)
            fit(train, recipe, folder)
            weights = linkers.weights_of(linkers.learn(train))
            if variant.silver:
                network, tokenization = Network(folder), Tokenization(folder / "tokenizer.json")
                read = [silver(d, network, tokenization) for d in trial.unread[: variant.silver]]
                fit([*train, *read], recipe, folder)
                train += read
            _score(test, folder, weights, trial.scorer, tally)
        size = len(train)
    return {name: row["f1"] for name, row in tally.table().items()}, size


def _unread(releases: Path | None, documents: Sequence[AnnotatedDocument]) -> list[Document]:
    """The releases of the file that nobody annotated, in an order drawn once."""
    if releases is None:
        return []
    known = {d.id for d in documents}
    records = [json.loads(line) for line in releases.read_text(encoding="utf-8").splitlines()]
    found = [
        Document(r["id"], r["text"], r["title"], date.fromisoformat(r["published"]), r.get("publisher"), r.get("url"))
        for r in records
        if r["id"] not in known and len(r["text"]) < _LONGEST
    ]
    random.Random(0).shuffle(found)  # noqa: S311 - the same releases on every run
    return found


def main() -> None:
    """Parse the command line and run."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--scorer", type=Path, default=Path("../shared/gold/score.py"))
    parser.add_argument("--releases", type=Path, help="texts of the releases (JSON lines)")
    parser.add_argument(
        "--variant", action="append", choices=sorted(VARIANTS), help="may be given several times; all if not given"
    )
    parser.add_argument("--folds", type=int, default=1, choices=range(1, FOLDS + 1))
    parser.add_argument("--epochs", type=int, default=Recipe().epochs, help="of every variant")
    parser.add_argument("--share", type=float, default=1.0, help="of the training documents that every variant may use")
    parser.add_argument("--json", type=Path, help="file to which each row is added")
    arguments = parser.parse_args()
    scorer = _scorer(arguments.scorer)
    documents = corpus.load(releases=arguments.releases).documents
    trial = Trial(
        documents, _unread(arguments.releases, documents), scorer, arguments.folds, arguments.epochs, arguments.share
    )
    names: list[str] = []
    for variant in arguments.variant or list(VARIANTS):
        begun = time.monotonic()
        row, size = _run(VARIANTS[variant], trial)
        if not names:
            names = list(row)
            print(f"{'variant':22}{'docs':>6}" + "".join(f"{n[:12]:>13}" for n in names) + f"{'minutes':>9}")
        minutes = (time.monotonic() - begun) / 60
        print(f"{variant:22}{size:6}" + "".join(f"{row[n]:13.3f}" for n in names) + f"{minutes:9.0f}", flush=True)
        if arguments.json:
            with arguments.json.open("a", encoding="utf-8") as file:
                file.write(json.dumps({"variant": variant, "documents": size, **row}) + "\n")


if __name__ == "__main__":
    main()
