"""The labels that training and reading share, and how distances fall into buckets."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg_build.model import MeetingKind, Status
from kg_build.reader.labels import (
    ANCHOR_HEADS,
    ARGUMENT_HEADS,
    DISTANCE_BUCKETS,
    FLAT_HEADS,
    SENTENCE_BUCKETS,
    distance_buckets,
    sentence_buckets,
)
from kg_build.training.annotations import ENTITY_TYPES

ANCHOR = 400


@pytest.mark.parametrize("labels", [*FLAT_HEADS.values(), *ARGUMENT_HEADS.values()])
def test_labels_are_o_and_then_b_and_i_of_each_type(labels: tuple[str, ...]) -> None:
    assert labels[0] == "O"
    assert len(set(labels)) == len(labels)
    for begin, inside in zip(labels[1::2], labels[2::2], strict=True):
        assert begin == f"B-{inside.removeprefix('I-')}"


def test_every_type_that_is_annotated_has_its_labels() -> None:
    assert {label[2:] for label in FLAT_HEADS["entity"][1:]} == set(ENTITY_TYPES)


def test_every_kind_and_status_is_a_class() -> None:
    assert {MeetingKind(k) for k in ANCHOR_HEADS["kind"]} == set(MeetingKind)
    assert {Status(s) for s in ANCHOR_HEADS["status"]} == set(Status)


class TestDistances:
    ROW = distance_buckets(np.array([ANCHOR]), 2 * ANCHOR + 1)[0].tolist()

    def test_the_first_four_on_each_side_have_a_bucket_each(self) -> None:
        near = self.ROW[ANCHOR - 4 : ANCHOR + 5]
        assert len(set(near)) == len(near)

    def test_each_side_has_its_own_half(self) -> None:
        half = DISTANCE_BUCKETS // 2
        assert set(self.ROW[:ANCHOR]) == set(range(1, half))
        assert set(self.ROW[ANCHOR:]) == set(range(half, DISTANCE_BUCKETS))

    def test_what_is_farther_is_in_no_nearer_bucket(self) -> None:
        assert all(a >= b for a, b in pairwise(self.ROW[:ANCHOR]))
        assert all(a <= b for a, b in pairwise(self.ROW[ANCHOR:]))

    @given(st.lists(st.integers(0, 49), max_size=4))
    def test_each_anchor_has_its_row(self, anchors: list[int]) -> None:
        found = distance_buckets(np.array(anchors, dtype=np.int64), 50)
        assert found.shape == (len(anchors), 50)
        for row, anchor in zip(found, anchors, strict=True):
            assert row.tolist() == self.ROW[ANCHOR - anchor : ANCHOR - anchor + 50]


def test_sentences_more_than_four_away_are_as_four_away() -> None:
    sentences = np.arange(12)
    row = sentence_buckets(np.array([5]), sentences)[0].tolist()
    assert row == [0, 0, 1, 2, 3, 4, 5, 6, 7, 8, 8, 8]
    assert max(row) == SENTENCE_BUCKETS - 1


def test_words_of_one_sentence_are_in_one_bucket() -> None:
    found = sentence_buckets(np.array([0, 3]), np.array([7, 7, 7, 8, 8]))
    assert found.tolist() == [[4, 4, 4, 5, 5], [3, 3, 3, 4, 4]]
