"""The training loop: windows in batches of like length, one loss over all heads, AdamW with warm-up and decay."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional

from kg_build.reader.labels import ARGUMENT_HEADS, FLAT_HEADS
from kg_build.reader.tokens import CLS, PAD, SEP, Feature
from kg_build.training.examples import Example
from kg_build.training.network import Network

IGNORED = -100
MASK = 103
"""The vocabulary's [MASK]."""
_FIRST_WORD = 1000
"""Ids below are the vocabulary's special pieces and single characters."""

FLAT_SCALE, ARGUMENT_SCALE = 10.0, 0.05
"""Losses of flat heads are means over pieces, those of argument heads sums over a window's pieces for each anchor."""


@dataclass(frozen=True, slots=True)
class Recipe:
    """How the network is trained.

    Rates are AdamW's; ``masked`` is the share of word pieces hidden, ``swapped`` of documents with their names swapped
    in each epoch. ``weights`` weigh the heads' losses.
    """

    epochs: int = 8
    batch: int = 8
    encoder_rate: float = 2e-4
    head_rate: float = 1e-3
    bias_rate: float = 2e-2
    decay: float = 0.01
    warm_up: float = 0.06
    masked: float = 0.08
    features_dropped: float = 0.1
    swapped: float = 0.5
    seed: int = 1
    window: int = 384
    overlap: int = 128
    weights: tuple[tuple[str, float], ...] = (
        ("entity", 1.0),
        ("post", 0.5),
        ("cue", 1.0),
        ("trigger", 1.0),
        ("loose", 0.5),
        ("statement", 1.5),
        ("meeting", 1.5),
        ("negated", 0.1),
        ("kind", 0.3),
        ("status", 0.5),
    )


@dataclass(frozen=True, slots=True)
class _Batch:
    examples: tuple[Example, ...]
    ids: Tensor
    features: Tensor
    attended: Tensor
    flat: dict[str, Tensor]


def _collate(examples: Sequence[Example]) -> _Batch:
    length = max(len(e.ids) for e in examples) + 2
    ids = torch.full((len(examples), length), PAD)
    features = torch.zeros(len(examples), length, len(Feature))
    attended = torch.zeros(len(examples), length)
    flat = {head: torch.full((len(examples), length), IGNORED) for head in FLAT_HEADS}
    for i, e in enumerate(examples):
        n = len(e.ids)
        ids[i, 0], ids[i, n + 1] = CLS, SEP
        ids[i, 1 : n + 1] = torch.from_numpy(e.ids)
        features[i, 1 : n + 1] = torch.from_numpy(e.features)
        attended[i, : n + 2] = 1
        for head, row in e.flat.items():
            flat[head][i, 1 : n + 1] = torch.from_numpy(row)
    return _Batch(tuple(examples), ids, features, attended, flat)


def _loss(network: Network, batch: _Batch, recipe: Recipe, device: torch.device) -> Tensor:
    ids, features = batch.ids, batch.features
    hidden = (torch.rand(ids.shape) < recipe.masked) & (ids >= _FIRST_WORD)
    ids = ids.masked_fill(hidden, MASK)
    features = features * (torch.rand(len(ids), 1, 1) >= recipe.features_dropped)
    with torch.autocast(device.type, dtype=torch.bfloat16):
        vectors = network.encode(ids.to(device), features.to(device), batch.attended.to(device))
    vectors = vectors.float()
    weights = dict(recipe.weights)
    total = torch.zeros((), device=device)
    for head in FLAT_HEADS:
        scores = network.flat[head](vectors).flatten(0, 1)
        labels = batch.flat[head].to(device).flatten()
        total = total + weights[head] * FLAT_SCALE * functional.cross_entropy(scores, labels, ignore_index=IGNORED)
    for head in ARGUMENT_HEADS:
        total = total + _argument_loss(network, head, batch, vectors, weights, device)
    return total


def _argument_loss(
    network: Network, name: str, batch: _Batch, vectors: Tensor, weights: dict[str, float], device: torch.device
) -> Tensor:
    head = network.argument_head(name)
    total = torch.zeros((), device=device)
    count = 0
    classes: dict[str, tuple[list[Tensor], list[int]]] = {}
    for i, example in enumerate(batch.examples):
        anchors = [a for a in example.anchors if a.head == name]
        if not anchors:
            continue
        pieces = vectors[i, 1 : len(example.ids) + 1]
        own = (pieces[[a.first for a in anchors]] + pieces[[a.last for a in anchors]]) / 2
        distance, sentence = (torch.from_numpy(b).to(device) for b in example.buckets(name))
        scores = head(own, pieces, distance, sentence)
        labels = torch.stack([torch.from_numpy(a.labels) for a in anchors]).to(device)
        total = total + functional.cross_entropy(scores.flatten(0, 1), labels.flatten(), reduction="sum")
        count += len(anchors)
        for kind in anchors[0].classes:
            seen = classes.setdefault(kind, ([], []))
            seen[0].append(network.anchors[kind](own))
            seen[1].extend(a.classes[kind] for a in anchors)
    if not count:
        return total
    total = weights[name] * ARGUMENT_SCALE * total / count
    for kind, (scored, truth) in classes.items():
        total = total + weights[kind] * functional.cross_entropy(torch.cat(scored), torch.tensor(truth, device=device))
    return total


def _batches(examples: Sequence[Example], size: int, rng: random.Random) -> Iterator[Sequence[Example]]:
    """Batches of windows of like length, in random order."""
    order = sorted(examples, key=lambda e: len(e.ids) + rng.random() * 80)
    batches = [order[i : i + size] for i in range(0, len(order), size)]
    rng.shuffle(batches)
    return iter(batches)


def train(
    network: Network,
    examples: Callable[[int], Sequence[Example]],
    recipe: Recipe,
    device: torch.device,
    say: Callable[[str], None],
) -> None:
    """Train ``network`` in place. ``examples`` gives the windows of an epoch; ``say`` takes a line for each epoch.

    The embeddings of words stay as they are: with so little text they would only be forgotten.
    """
    torch.manual_seed(recipe.seed)
    rng = random.Random(recipe.seed)  # noqa: S311 - training is repeatable, and no secret
    network.to(device).train()
    network.encoder.words.weight.requires_grad_(requires_grad=False)
    optimizer = _optimizer(network, recipe)
    first = examples(0)
    steps = recipe.epochs * -(-len(first) // recipe.batch)
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimizer, lambda step: min(1.0, (step + 1) / (recipe.warm_up * steps)) * max(0.02, 1 - step / steps)
    )
    for epoch in range(recipe.epochs):
        total, count = 0.0, 0
        for batch in _batches(first if epoch == 0 else examples(epoch), recipe.batch, rng):
            loss = _loss(network, _collate(batch), recipe, device)
            optimizer.zero_grad()
            loss.backward()
            torch.nn.utils.clip_grad_norm_(network.parameters(), 1.0)
            optimizer.step()
            schedule.step()
            total, count = total + float(loss.detach()), count + 1
        say(f"epoch {epoch + 1} of {recipe.epochs}: loss {total / max(1, count):.3f}")
    network.eval()


def _optimizer(network: Network, recipe: Recipe) -> torch.optim.Optimizer:
    groups: dict[str, list[torch.nn.Parameter]] = {"encoder": [], "heads": [], "biases": []}
    for name, parameter in network.named_parameters():
        if not parameter.requires_grad:
            continue
        if name.endswith((".distance", ".sentence")):
            groups["biases"].append(parameter)
        elif name.startswith("encoder") and "features" not in name:
            groups["encoder"].append(parameter)
        else:
            groups["heads"].append(parameter)
    return torch.optim.AdamW(
        [
            {"params": groups["encoder"], "lr": recipe.encoder_rate},
            {"params": groups["heads"], "lr": recipe.head_rate},
            {"params": groups["biases"], "lr": recipe.bias_rate, "weight_decay": 0.0},
        ],
        weight_decay=recipe.decay,
    )


__all__ = ["Recipe", "train"]
