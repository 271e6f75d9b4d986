"""Calibrated confidence: of what is said to be 0.9 sure, about nine in ten are right.

A raw score says how sure the network was of the words; how often a mention, statement or meeting with such a score is
right was measured on documents that the network had not seen. Between the measured points the curve is straight
(isotonic regression, Zadrozny and Elkan 2002).
"""

from __future__ import annotations

import json
from bisect import bisect_left
from dataclasses import dataclass, replace
from pathlib import Path

from kg_build.model import EntityType, Meeting, Mention, Participation, Reading, Statement, StatusReport


@dataclass(frozen=True, slots=True)
class Curve:
    """Points (raw score, share that is right), both rising.

    >>> Curve((0.5, 1.0), (0.4, 0.9)).at(0.75)
    0.65
    """

    raw: tuple[float, ...]
    right: tuple[float, ...]

    def at(self, score: float) -> float:
        """The share that is right at ``score``, to two decimals."""
        if score <= self.raw[0]:
            return round(self.right[0], 2)
        if score >= self.raw[-1]:
            return round(self.right[-1], 2)
        i = bisect_left(self.raw, score)
        x0, x1, y0, y1 = self.raw[i - 1], self.raw[i], self.right[i - 1], self.right[i]
        return round(y0 + (y1 - y0) * (score - x0) / (x1 - x0), 2)


IDENTITY = Curve((0.0, 1.0), (0.0, 1.0))


@dataclass(frozen=True, slots=True)
class Calibration:
    """A curve for each kind of thing that has a confidence: entity types, ``Tenure``, ``Meeting``, ``Statement``."""

    curves: dict[str, Curve]

    @classmethod
    def load(cls, file: Path) -> Calibration:
        """Read the curves that were measured in training."""
        record = json.loads(file.read_text(encoding="utf-8"))
        return cls({name: Curve(tuple(c["raw"]), tuple(c["right"])) for name, c in record.items()})

    def of(self, kind: str, score: float) -> float:
        """The calibrated confidence of a thing of ``kind`` with a raw ``score``."""
        return self.curves.get(kind, IDENTITY).at(score)

    def applied(self, reading: Reading) -> Reading:
        """``reading`` with all its confidences calibrated."""
        return Reading(
            entities=tuple(replace(e, mentions=self._mentions(_kind(e.type), e.mentions)) for e in reading.entities),
            tenures=tuple(replace(t, mentions=self._mentions("Tenure", t.mentions)) for t in reading.tenures),
            meetings=tuple(self._meeting(m) for m in reading.meetings),
            statements=tuple(self._statement(s) for s in reading.statements),
        )

    def _mentions(self, kind: str, mentions: tuple[Mention, ...]) -> tuple[Mention, ...]:
        return tuple(replace(m, confidence=self.of(kind, m.confidence)) for m in mentions)

    def _meeting(self, meeting: Meeting) -> Meeting:
        confidence = self.of("Meeting", meeting.confidence)

        def participation(p: Participation) -> Participation:
            return replace(p, mentions=self._mentions("Participation", p.mentions))

        def report(r: StatusReport) -> StatusReport:
            return replace(r, mentions=self._mentions("StatusReport", r.mentions))

        return replace(
            meeting,
            confidence=confidence,
            mentions=tuple(replace(m, confidence=confidence) for m in meeting.mentions),
            participations=tuple(participation(p) for p in meeting.participations),
            reports=tuple(report(r) for r in meeting.reports),
        )

    def _statement(self, statement: Statement) -> Statement:
        return replace(statement, confidence=self.of("Statement", statement.confidence))


def _kind(type_: EntityType) -> str:
    return "Person" if type_ is EntityType.PERSON else "Ministry" if type_ is EntityType.MINISTRY else "Entity"


__all__ = ["IDENTITY", "Calibration", "Curve"]
