"""The labels that the network predicts, shared by training and reading.

Flat heads tag each word piece in the BIO scheme. Argument heads tag each word piece once for each anchor: a statement's
cue, an encounter's trigger. Nesting and overlap come out because every anchor has a tagging of its own.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

from kg_build.model import MeetingKind, Status


def bio(*types: str) -> tuple[str, ...]:
    """The BIO labels of ``types``: O first, then B and I of each.

    >>> bio("CUE")
    ('O', 'B-CUE', 'I-CUE')
    """
    return ("O", *(f"{place}-{t}" for t in types for place in "BI"))


FLAT_HEADS: Final[dict[str, tuple[str, ...]]] = {
    "entity": bio("person", "ministry", "government", "organization", "media", "country", "place", "event"),
    "post": bio("POST"),
    "cue": bio("CUE"),
    "trigger": bio("TRIGGER"),
    "loose": bio("CONTENT"),
}
"""Heads that tag the text once. ``loose`` is content that no cue introduces, as in a release in the first person."""

ARGUMENT_HEADS: Final[dict[str, tuple[str, ...]]] = {
    "statement": bio("SOURCE", "CONTENT", "VIA"),
    "meeting": bio("PARTY", "DATE", "PLACE", "EVENT"),
}
"""Heads that tag the text for each cue (statement) or trigger (meeting)."""

ANCHOR_HEADS: Final[dict[str, tuple[str, ...]]] = {
    "negated": ("no", "yes"),
    "kind": tuple(k.value for k in MeetingKind),
    "status": tuple(s.value for s in Status),
}
"""Heads that classify an anchor: whether a statement is negated, an encounter's kind and status."""

DISTANCE_BUCKETS: Final = 32
"""Signed distances between an anchor and a word piece fall into this many buckets, finer near the anchor."""
SENTENCE_BUCKETS: Final = 9
"""Signed distances in sentences, from at most -4 to at least 4."""


def distance_buckets(anchors: npt.NDArray[np.int64], length: int) -> npt.NDArray[np.int64]:
    """Buckets of the signed distances from each anchor (its word piece) to each of ``length`` word pieces, A by length.

    Single steps up to 4, then logarithmic (as T5's relative positions, Raffel et al. 2020); half of the buckets lie on
    each side.

    >>> distance_buckets(np.array([1]), 4).tolist()
    [[1, 16, 17, 18]]
    """
    half = DISTANCE_BUCKETS // 2
    difference = np.arange(length)[None, :] - anchors[:, None]
    size = np.abs(difference)
    coarse = 4 + (np.log(np.maximum(size, 4) / 4) / np.log(256 / 4) * (half - 5)).astype(np.int64)
    bucket = np.minimum(np.where(size < 4, size, coarse), half - 1)
    signed: npt.NDArray[np.int64] = np.where(difference >= 0, half + bucket, bucket)
    return signed


def sentence_buckets(anchors: npt.NDArray[np.int64], sentences: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """Buckets of the signed distances in sentences, A by length; ``sentences`` is the sentence of each word piece."""
    difference = sentences[None, :] - sentences[anchors][:, None]
    half = SENTENCE_BUCKETS // 2
    bucket: npt.NDArray[np.int64] = np.clip(difference, -half, half) + half
    return bucket


__all__ = [
    "ANCHOR_HEADS",
    "ARGUMENT_HEADS",
    "DISTANCE_BUCKETS",
    "FLAT_HEADS",
    "SENTENCE_BUCKETS",
    "bio",
    "distance_buckets",
    "sentence_buckets",
]
