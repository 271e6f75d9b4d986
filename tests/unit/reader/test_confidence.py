"""Calibrated confidences."""

from __future__ import annotations

import json
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg_build.model import (
    Entity,
    EntityType,
    Form,
    Meeting,
    MeetingKind,
    Mention,
    Participation,
    Reading,
    Span,
    Statement,
    Status,
    StatusReport,
    Tenure,
)
from kg_build.reader.confidence import IDENTITY, Calibration, Curve

CURVE = Curve((0.4, 0.8, 0.9), (0.2, 0.6, 0.95))


class TestCurve:
    @pytest.mark.parametrize(
        ("score", "right"), [(0.4, 0.2), (0.6, 0.4), (0.8, 0.6), (0.9, 0.95), (0.0, 0.2), (0.1, 0.2), (1.0, 0.95)]
    )
    def test_is_straight_between_its_points_and_level_beyond_them(self, score: float, right: float) -> None:
        assert CURVE.at(score) == right

    def test_of_one_point_is_level(self) -> None:
        assert {Curve((0.5,), (0.7,)).at(s) for s in (0.0, 0.5, 1.0)} == {0.7}

    @given(st.lists(st.floats(0, 1), min_size=2, max_size=20))
    def test_never_falls(self, scores: list[float]) -> None:
        assert all(a <= b for a, b in pairwise(CURVE.at(s) for s in sorted(scores)))

    @given(st.floats(0, 1))
    def test_without_measurements_a_score_is_itself_to_two_decimals(self, score: float) -> None:
        assert IDENTITY.at(score) == pytest.approx(score, abs=0.0051)


KINDS = ("Person", "Ministry", "Entity", "Tenure", "Meeting", "StatusReport", "Participation", "Statement")
LEVEL = {kind: round(0.1 * (i + 1), 2) for i, kind in enumerate(KINDS)}
READING = Reading(
    entities=tuple(
        Entity(kind.value, kind, kind.value, (Mention(Span(i, i + 1), 0.5),))
        for i, kind in enumerate((EntityType.PERSON, EntityType.MINISTRY, EntityType.PLACE))
    ),
    tenures=(Tenure("t", "Person", "mayor", (Mention(Span(3, 4), 0.5),)),),
    meetings=(
        Meeting(
            "m",
            MeetingKind.CALL,
            (Participation("Person", (Mention(Span(4, 5), 0.5),)),),
            Status.HELD,
            (StatusReport(Status.HELD, (Mention(Span(5, 6), 0.5),)),),
            (Mention(Span(5, 6), 0.5),),
            0.5,
        ),
    ),
    statements=(Statement("s", (Span(6, 7),), Form.DIRECT, 0.5),),
)


def confidences(reading: Reading) -> dict[str, float]:
    person, ministry, place = reading.entities
    (meeting,) = reading.meetings
    return {
        "Person": person.mentions[0].confidence,
        "Ministry": ministry.mentions[0].confidence,
        "Entity": place.mentions[0].confidence,
        "Tenure": reading.tenures[0].mentions[0].confidence,
        "Meeting": meeting.confidence,
        "StatusReport": meeting.reports[0].mentions[0].confidence,
        "Participation": meeting.participations[0].mentions[0].confidence,
        "Statement": reading.statements[0].confidence,
    }


class TestCalibration:
    CALIBRATION = Calibration({kind: Curve((0.0, 1.0), (level, level)) for kind, level in LEVEL.items()})

    def test_each_confidence_goes_by_the_curve_of_its_kind(self) -> None:
        assert confidences(self.CALIBRATION.applied(READING)) == LEVEL

    def test_a_meetings_mentions_are_as_sure_as_the_meeting(self) -> None:
        (meeting,) = self.CALIBRATION.applied(READING).meetings
        assert [m.confidence for m in meeting.mentions] == [meeting.confidence]

    def test_nothing_else_changes(self) -> None:
        assert Calibration({}).applied(READING) == READING
        assert Calibration({}).applied(self.CALIBRATION.applied(READING)) == self.CALIBRATION.applied(READING)

    def test_kinds_without_a_curve_keep_their_score(self) -> None:
        assert Calibration({"Tenure": CURVE}).of("Meeting", 0.77) == 0.77

    def test_is_read_from_the_file_that_training_writes(self, tmp_path: Path) -> None:
        file = tmp_path / "calibration.json"
        file.write_text(json.dumps({"Tenure": {"raw": CURVE.raw, "right": CURVE.right}}), encoding="utf-8")
        assert Calibration.load(file) == Calibration({"Tenure": CURVE})
