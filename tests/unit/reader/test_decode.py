"""The best path through BIO labels."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from kg_build.reader.decode import best_paths, log_softmax, pieces
from kg_build.reader.labels import bio

LABELS = bio("A", "B")
SCORES = arrays.arrays(
    np.float32,
    st.tuples(st.integers(1, 3), st.integers(1, 5), st.just(len(LABELS))),
    elements=st.floats(-4, 4, width=32),
)


def allowed(path: tuple[int, ...]) -> bool:
    """Whether each I stands after the B or the I of its type."""
    return all(b % 2 or not b or a in {b, b - 1} for a, b in itertools.pairwise((0, *path)))


@given(SCORES)
def test_the_likeliest_allowed_path(scores: np.ndarray) -> None:
    found = log_softmax(scores)
    for row, path in zip(found, best_paths(found), strict=True):
        every = itertools.product(range(len(LABELS)), repeat=len(row))
        best = max(float(row[np.arange(len(row)), p].sum()) for p in every if allowed(p))
        assert allowed(tuple(path.tolist()))
        assert float(row[np.arange(len(row)), path].sum()) == pytest.approx(best, abs=1e-3)


@given(
    arrays.arrays(
        np.float32,
        st.tuples(st.just(1), st.integers(0, 40), st.just(len(LABELS))),
        elements=st.floats(-30, 30, width=32),
    )
)
def test_certain_scores_give_allowed_paths_too(scores: np.ndarray) -> None:
    found = log_softmax(scores)
    (path,) = best_paths(found)
    assert len(path) == scores.shape[1]
    assert allowed(tuple(path.tolist()))


@given(
    arrays.arrays(np.float32, st.tuples(st.integers(1, 4), st.integers(1, 6)), elements=st.floats(-50, 50, width=32))
)
def test_probabilities_sum_to_one(scores: np.ndarray) -> None:
    assert np.exp(log_softmax(scores)).sum(axis=-1) == pytest.approx(1, abs=1e-4)


def scored(*labels: str, sure: float = 0.9) -> np.ndarray:
    """Log probabilities of a row in which each piece has its label with this probability."""
    row = np.full((len(labels), len(LABELS)), (1 - sure) / (len(LABELS) - 1), dtype=np.float32)
    row[np.arange(len(labels)), [LABELS.index(name) for name in labels]] = sure
    return np.log(row)


@pytest.mark.parametrize(
    ("labels", "spans"),
    [
        (("O", "O"), []),
        (("B-A", "I-A", "O", "B-B"), [(0, 1, "A"), (3, 3, "B")]),
        (("B-A", "B-A", "I-A"), [(0, 0, "A"), (1, 2, "A")]),
        (("B-A", "I-A", "I-A"), [(0, 2, "A")]),
        (("B-B", "B-A"), [(0, 0, "B"), (1, 1, "A")]),
    ],
)
def test_pieces(labels: tuple[str, ...], spans: list[tuple[int, int, str]]) -> None:
    row = scored(*labels)
    found = pieces(best_paths(row[None])[0], row, LABELS)
    assert [(p.first, p.last, p.label) for p in found] == spans
    assert all(p.probability == pytest.approx(0.9) for p in found)


def test_an_inside_without_its_beginning_is_mended() -> None:
    row = scored("O", "I-A", "I-A", "O", sure=0.7)
    (piece,) = pieces(best_paths(row[None])[0], row, LABELS)
    assert (piece.last, piece.label) == (2, "A")


def test_each_row_is_on_its_own() -> None:
    rows = np.stack([scored("B-A", "I-A", "O"), scored("O", "O", "O"), scored("O", "B-B", "I-B")])
    together = best_paths(rows)
    assert all((together[i] == best_paths(rows[i : i + 1])[0]).all() for i in range(3))
