"""Curves that are measured on judgements."""

from __future__ import annotations

import random
from itertools import pairwise

import pytest

pytest.importorskip("sklearn", reason="calibrating needs sklearn (the extra train)")

from kg_build.training.calibrating import calibrate
from kg_build.training.judging import Judgement

CHANCE = random.Random(6)  # noqa: S311 - a repeatable choice, and no secret


def judgements(kind: str, count: int, share: float = 1.0) -> list[Judgement]:
    """Judgements with scores all over, of which a score times ``share`` is the chance to be right."""
    scores = [CHANCE.random() for _ in range(count)]
    return [Judgement(kind, s, CHANCE.random() < s * share) for s in scores]


def test_a_reader_that_is_too_sure_is_corrected() -> None:
    found = calibrate(judgements("Tenure", 4000, share=0.5))
    for score in (0.3, 0.6, 0.9):
        assert found.of("Tenure", score) == pytest.approx(score / 2, abs=0.08)


def test_one_that_is_right_about_itself_stays() -> None:
    found = calibrate(judgements("Tenure", 4000))
    for score in (0.2, 0.5, 0.8):
        assert found.of("Tenure", score) == pytest.approx(score, abs=0.08)


def test_each_kind_has_its_own_curve_if_it_has_enough_judgements() -> None:
    found = calibrate([*judgements("Meeting", 200), *judgements("Statement", 59), *judgements("Tenure", 60)])
    assert set(found.curves) == {"Meeting", "Tenure"}


def test_curves_rise_and_nothing_is_certain() -> None:
    every = [Judgement("Tenure", i / 100, right=True) for i in range(100)]
    some = [Judgement("Meeting", i / 100, right=i > 70) for i in range(100)]
    for curve in calibrate([*every, *some]).curves.values():
        assert all(a < b for a, b in pairwise(curve.raw))
        assert all(a <= b for a, b in pairwise(curve.right))
        assert all(0 < r < 1 for r in curve.right)


def test_scores_that_are_all_the_same_give_their_share() -> None:
    found = calibrate([Judgement("Tenure", 0.5, right=i < 75) for i in range(100)])
    assert found.of("Tenure", 0.5) == pytest.approx(0.75, abs=0.01)


def test_without_judgements_there_is_no_curve() -> None:
    assert calibrate([]).curves == {}
