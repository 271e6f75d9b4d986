"""What is learned over the network: choices and pairs."""

from __future__ import annotations

import numpy as np
import pytest

from kg_build.training import linkers
from kg_build.training.linkers import NAMES, STARTING, Vector, accuracy, fit_choice, fit_pairs, lessons_from
from tests.support.annotated import documents


def choices(weights: Vector, count: int = 60) -> list[tuple[Vector, Vector]]:
    """Choices among two to five options, of which the one with the highest score by ``weights`` is right."""
    rng = np.random.default_rng(4)
    found = []
    for _ in range(count):
        options = rng.normal(size=(rng.integers(2, 6), len(weights)))
        found.append((options, np.eye(len(options))[int((options @ weights).argmax())]))
    return found


class TestChoice:
    def test_learns_whom_to_choose(self) -> None:
        truth = np.array([2.0, -1.0, 0.0])
        learned = fit_choice(choices(truth))
        assert accuracy(choices(truth), learned) == 1
        assert accuracy(choices(truth), -learned) < 0.2
        assert learned[0] > 0 > learned[1]
        assert abs(learned[2]) < 0.2 * learned[0]

    def test_any_of_several_right_options_will_do(self) -> None:
        options = np.array([[1.0, 0.0], [1.0, 0.0], [0.0, 1.0]])
        learned = fit_choice([(options, np.array([1.0, 1.0, 0.0]))])
        assert learned[0] > learned[1]

    def test_what_is_the_same_for_all_options_weighs_nothing(self) -> None:
        options = np.array([[1.0, 1.0], [1.0, 0.0]])
        learned = fit_choice([(options, np.array([0.0, 1.0]))])
        assert learned[0] == pytest.approx(0, abs=1e-6)
        assert learned[1] < 0

    def test_a_penalty_keeps_weights_small(self) -> None:
        lessons = choices(np.array([2.0, -1.0, 0.0]))
        assert np.abs(fit_choice(lessons, penalty=1.0)).max() < np.abs(fit_choice(lessons)).max()


class TestPairs:
    def test_learns_which_are_one(self) -> None:
        rng = np.random.default_rng(5)
        lessons = [(np.array([1.0, x, y]), float(x > 0.2)) for x, y in rng.normal(size=(80, 2))]
        learned = fit_pairs(lessons)
        right = [(x @ learned > 0) == bool(label) for x, label in lessons]
        assert np.mean(right) > 0.95
        assert learned[1] > 0 > learned[0]

    def test_a_share_comes_out_as_that_share(self) -> None:
        learned = fit_pairs([(np.array([1.0]), float(i < 3)) for i in range(4)], penalty=0)
        assert 1 / (1 + np.exp(-learned[0])) == pytest.approx(0.75, abs=0.01)


def test_weights_set_by_hand_are_of_features_that_there_are() -> None:
    assert set(STARTING) == set(NAMES)
    for part, values in STARTING.items():
        assert set(values) <= set(NAMES[part]), part


class TestLessons:
    LESSONS = lessons_from(documents(), linkers.weights_of(linkers.starting_vectors()))

    @pytest.mark.parametrize("part", ["ranking", "grouping", "owning"])
    def test_each_choice_has_a_right_option_and_a_value_for_each_feature(self, part: str) -> None:
        lessons = getattr(self.LESSONS, part)
        assert lessons
        for options, right in lessons:
            assert options.shape == (len(right), len(NAMES[part]))
            assert set(right) <= {0.0, 1.0}
            assert right.any()

    def test_pairs_are_of_both_sorts(self) -> None:
        assert {label for _, label in self.LESSONS.joining} == {0.0, 1.0}
        assert all(x.shape == (len(NAMES["joining"]),) for x, _ in self.LESSONS.joining)

    def test_what_was_learned_fits_them_better_than_chance_and_no_worse_than_by_hand(self) -> None:
        learned, start = linkers.learn(documents()), linkers.starting_vectors()
        for part in ("ranking", "grouping", "owning"):
            lessons = getattr(self.LESSONS, part)
            chance = np.mean([right.mean() for _, right in lessons])
            assert accuracy(lessons, learned[part]) >= accuracy(lessons, start[part])
            assert accuracy(lessons, learned[part]) > chance

    def test_learning_gives_the_same_twice(self) -> None:
        one, two = linkers.learn(documents()), linkers.learn(documents())
        assert all(np.array_equal(one[part], two[part]) for part in NAMES)


def test_what_no_document_gives_an_example_of_stays_as_it_starts() -> None:
    learned, start = linkers.learn(()), linkers.starting_vectors()
    assert all(np.array_equal(learned[part], start[part]) for part in NAMES)
