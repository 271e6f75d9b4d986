"""From label scores to spans: the best path through BIO labels, where no I stands without its B."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Scores = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Piece:
    """A span of word pieces, both ends included, with its label and the mean probability of its pieces' labels."""

    first: int
    last: int
    label: str
    probability: float


def log_softmax(scores: Scores) -> Scores:
    """Log probabilities over the last axis."""
    shifted = scores - scores.max(axis=-1, keepdims=True)
    normal: Scores = shifted - np.log(np.exp(shifted).sum(axis=-1, keepdims=True))
    return normal


_SURELY_OUTSIDE = float(np.log(0.9995))


def best_paths(log_probabilities: Scores) -> npt.NDArray[np.int64]:
    """The likeliest BIO labels of each of A rows of L pieces over C labels (O, then B and I of each type); A by L.

    Viterbi's algorithm with the one constraint that I follows B or I of its type; linear in L. Pieces that are outside
    for every row with a probability of 0.9995 are not gone through.
    """
    rows, length, labels = log_probabilities.shape
    inside = np.arange(2, labels, 2)
    begin = inside - 1
    each = np.arange(rows)
    paths = np.zeros((rows, length), dtype=np.int64)
    active = np.flatnonzero((log_probabilities[:, :, 0] < _SURELY_OUTSIDE).any(axis=0))
    for run in np.split(active, np.flatnonzero(np.diff(active) > 1) + 1):
        if len(run) == 0:
            continue
        scores = log_probabilities[:, run[0]].copy()
        scores[:, inside] = -1e9
        back = np.zeros((len(run), rows, labels), dtype=np.int8)
        for k in range(1, len(run)):
            best = scores.argmax(axis=1)
            arrived = np.repeat(scores[each, best][:, None], labels, axis=1)
            back[k] = best[:, None]
            goes_on = scores[:, inside] >= scores[:, begin]
            arrived[:, inside] = np.where(goes_on, scores[:, inside], scores[:, begin])
            back[k][:, inside] = np.where(goes_on, inside, begin)
            scores = arrived + log_probabilities[:, run[k]]
        paths[:, run[-1]] = scores.argmax(axis=1)
        for k in range(len(run) - 1, 0, -1):
            paths[:, run[k - 1]] = back[k, each, paths[:, run[k]]]
    return paths


def pieces(path: npt.NDArray[np.int64], log_probabilities: Scores, labels: Sequence[str]) -> list[Piece]:
    """The spans of one row's path."""
    found: list[Piece] = []
    begins = np.flatnonzero(path % 2 == 1)
    for first in begins.tolist():
        label = int(path[first])
        last = first
        while last + 1 < len(path) and path[last + 1] == label + 1:
            last += 1
        run = log_probabilities[np.arange(first, last + 1), path[first : last + 1]]
        found.append(Piece(first, last, labels[label][2:], float(np.exp(run).mean())))
    return found


__all__ = ["Piece", "Scores", "best_paths", "log_softmax", "pieces"]
