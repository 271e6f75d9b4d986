"""Curves from raw scores to the share that is right, by isotonic regression (Zadrozny and Elkan 2002)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

import numpy as np
from sklearn.isotonic import IsotonicRegression

from kg_build.reader.confidence import Calibration, Curve
from kg_build.training.judging import Judgement

_FEWEST = 60
"""Judgements that a kind must have for a curve of its own."""
_KNOTS = 12
_PRIOR = 4.0
"""Weight of one right and one wrong example added at each end, so that nothing is ever said to be certain."""


def calibrate(judgements: Iterable[Judgement]) -> Calibration:
    """A curve for each kind that enough judgements were passed on."""
    by_kind: dict[str, list[Judgement]] = defaultdict(list)
    for judgement in judgements:
        by_kind[judgement.kind].append(judgement)
    return Calibration({kind: _curve(found) for kind, found in sorted(by_kind.items()) if len(found) >= _FEWEST})


def _curve(judgements: list[Judgement]) -> Curve:
    scores = np.array([j.score for j in judgements])
    right = np.array([float(j.right) for j in judgements])
    mean = right.mean()
    ends = np.array([scores.min(), scores.max()])
    model = IsotonicRegression(y_min=0.01, y_max=0.99, out_of_bounds="clip")
    model.fit(
        np.concatenate([scores, ends]),
        np.concatenate([right, [mean, mean]]),
        sample_weight=np.concatenate([np.ones(len(scores)), np.full(2, _PRIOR)]),
    )
    knots = np.unique(np.quantile(scores, np.linspace(0, 1, _KNOTS)).round(4))
    return Curve(tuple(float(k) for k in knots), tuple(round(float(v), 4) for v in model.predict(knots)))


__all__ = ["calibrate"]
