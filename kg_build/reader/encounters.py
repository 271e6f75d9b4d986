"""Encounters: what each trigger tells, and which triggers tell of the same one.

Two mentions are held against each other by a logistic model over ``PAIR_FEATURES`` (weights learned from annotations);
each mention joins the encounter that it fits best, or begins one.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from kg_build.model import MeetingKind, Span, Status, When
from kg_build.reader.layout import Layout
from kg_build.reader.tagging import TriggerTag

PAIR_FEATURES = (
    "bias", "same_parties", "subset", "share_some", "disjoint", "one_without_parties", "both_without_parties", "same_kind",
    "kinds_clash", "visit_and_other", "same_date", "dates_clash", "one_date", "within_date", "same_status", "held_then_ahead",
    "ahead_then_held", "called_off", "definite", "same_sentence", "next_sentence", "near", "far", "same_place", "places_clash",
    "same_countries", "countries_clash", "same_event", "same_trigger", "again", "same_and_definite", "same_and_date", "same_no_dates", "subset_definite", "headline",
)  # fmt: skip
_DEFINITE = re.compile(
    r"\b(?:the|this|that|these|those|their|his|her|its|such|same|’s|'s)\s+(?:[\w-]+\s+){0,3}$", re.IGNORECASE
)
_AGAIN = re.compile(
    r"\b(?:again|another|next|second|third|further|new|also|separate(?:ly)?|other|earlier|previous(?:ly)?|last)\b",
    re.IGNORECASE,
)
_REACH = 40
"""How many encounters back a mention is held against: what bounds the time that a long text takes."""
_JOINS_FROM = 0.0
"""The log-odds from which a mention joins an encounter."""
_OFF = frozenset({Status.CANCELLED, Status.POSTPONED, Status.DENIED})
_AHEAD = frozenset({Status.PLANNED, Status.PROPOSED})
_CALLS = frozenset({MeetingKind.CALL, MeetingKind.VIDEO_CALL})


@dataclass(frozen=True, slots=True)
class Party:
    """An actor who takes part, the words that say so (None where only another mention does), and how sure that is."""

    key: str
    span: Span | None
    confidence: float


@dataclass(slots=True)
class Told:
    """What one trigger tells of an encounter."""

    trigger: TriggerTag
    parties: list[Party]
    when: When | None
    place: str | None
    event: str | None
    definite: bool
    again: bool
    countries: frozenset[str] = frozenset()
    """The codes of the countries for which the parties act, where every party's is known."""

    @property
    def keys(self) -> frozenset[str]:
        """The parties' actor keys."""
        return frozenset(p.key for p in self.parties)


@dataclass(slots=True)
class Encounter:
    """An encounter and every mention of it, in the order of the text."""

    told: list[Told] = field(default_factory=list)

    @property
    def keys(self) -> frozenset[str]:
        """The actor keys of all parties."""
        return frozenset(k for t in self.told for k in t.keys)


def context(text: str, layout: Layout, trigger: Span) -> tuple[bool, bool]:
    """Whether the words before a trigger make it a known one ("the meeting"), or yet another ("met again")."""
    sentence = layout.sentences[layout.sentence_at(trigger.start)]
    left = text[max(sentence.start, trigger.start - 50) : trigger.start]
    around = text[max(sentence.start, trigger.start - 40) : min(sentence.end, trigger.end + 25)]
    return _DEFINITE.search(left) is not None, _AGAIN.search(around) is not None


def compare(a: Told, b: Told, layout: Layout, text: str) -> npt.NDArray[np.float64]:
    """The values of ``PAIR_FEATURES`` for two mentions, ``a`` before ``b``."""
    x, y = a.keys, b.keys
    same = bool(x) and x == y
    subset = bool(x) and bool(y) and not same and (x <= y or y <= x)
    gap = layout.sentence_at(b.trigger.span.start) - layout.sentence_at(a.trigger.span.start)
    call_clash = (a.trigger.kind in _CALLS) != (b.trigger.kind in _CALLS)
    visit_clash = (a.trigger.kind is MeetingKind.VISIT) != (b.trigger.kind is MeetingKind.VISIT)
    same_date = a.when is not None and a.when == b.when
    within = (
        a.when is not None
        and b.when is not None
        and not same_date
        and a.when.earliest <= b.when.latest
        and b.when.earliest <= a.when.latest
    )
    clash = a.when is not None and b.when is not None and not same_date and not within
    s, t = a.trigger.status, b.trigger.status
    values = {
        "bias": True,
        "same_parties": same,
        "subset": subset,
        "share_some": bool(x & y) and not same and not subset,
        "disjoint": bool(x) and bool(y) and not x & y,
        "one_without_parties": bool(x) != bool(y),
        "both_without_parties": not x and not y,
        "same_kind": a.trigger.kind is b.trigger.kind,
        "kinds_clash": call_clash,
        "visit_and_other": visit_clash,
        "same_date": same_date,
        "dates_clash": clash,
        "one_date": (a.when is None) != (b.when is None),
        "within_date": within,
        "same_status": s is t,
        "held_then_ahead": s is Status.HELD and t in _AHEAD,
        "ahead_then_held": s in _AHEAD and t is Status.HELD,
        "called_off": (s in _OFF) != (t in _OFF),
        "definite": b.definite,
        "same_sentence": gap == 0,
        "next_sentence": gap == 1,
        "near": 1 < gap <= 4,
        "far": gap > 10,
        "same_place": a.place is not None and a.place == b.place,
        "places_clash": a.place is not None and b.place is not None and a.place != b.place,
        "same_countries": not same and len(a.countries) > 1 and a.countries == b.countries,
        "countries_clash": bool(a.countries) and bool(b.countries) and not a.countries & b.countries,
        "same_event": a.event is not None and a.event == b.event,
        "same_trigger": a.trigger.span.of(text).lower() == b.trigger.span.of(text).lower(),
        "again": b.again,
        "same_and_definite": same and b.definite,
        "same_and_date": same and same_date,
        "same_no_dates": same and a.when is None and b.when is None,
        "subset_definite": subset and b.definite,
        "headline": layout.sentence_at(a.trigger.span.start) == 0,
    }
    return np.array([float(values[name]) for name in PAIR_FEATURES])


def join(told: Sequence[Told], weights: npt.NDArray[np.float64], layout: Layout, text: str) -> list[Encounter]:
    """Put the mentions (in the order of the text) that tell of one encounter together."""
    found: list[Encounter] = []
    for t in _without_sums(told):
        best, score = None, _JOINS_FROM
        for encounter in found[-_REACH:]:
            logits = [float(compare(other, t, layout, text) @ weights) for other in encounter.told[-_REACH:]]
            fit = (max(logits) + sum(logits) / len(logits)) / 2
            if fit > score and not _contradicts(encounter, t):
                best, score = encounter, fit
        if best is None:
            found.append(Encounter([t]))
        else:
            best.told.append(t)
    return found


def _without_sums(told: Sequence[Told]) -> list[Told]:
    """The mentions without those that only sum up others: "X meets Y, Z" before two separate meetings."""
    kept = []
    for i, t in enumerate(told):
        near = told[max(0, i - _REACH) : i + _REACH]
        parts = [o.keys for o in near if len(o.keys) == 2 and o.keys < t.keys and not _days_apart(o, t)]
        shared = frozenset.intersection(*parts) if parts else frozenset()
        if len(t.keys) > 2 and len(set(parts)) > 1 and frozenset.union(*parts) == t.keys and len(shared) == 1:
            continue
        kept.append(t)
    return kept


def _contradicts(encounter: Encounter, t: Told) -> bool:
    """Two days that cannot be one, said of an encounter that has neither been moved nor called off."""
    moved = any(o.trigger.status in _OFF for o in (*encounter.told, t))
    return not moved and any(_days_apart(o, t) for o in encounter.told)


def _days_apart(a: Told, b: Told) -> bool:
    x, y = a.when, b.when
    return x is not None and y is not None and (x.latest < y.earliest or y.latest < x.earliest)


_SPECIFIC = (
    MeetingKind.VIDEO_CALL,
    MeetingKind.CALL,
    MeetingKind.SUMMIT,
    MeetingKind.CONSULTATIONS,
    MeetingKind.VISIT,
    MeetingKind.MEETING,
)


def kind_of(encounter: Encounter) -> MeetingKind:
    """The kind that its mentions support most, by probability; a plain meeting gives way to a more specific kind."""
    votes: dict[MeetingKind, float] = {}
    for t in encounter.told:
        weight = t.trigger.kind_probability * (0.6 if t.trigger.kind is MeetingKind.MEETING else 1.0)
        votes[t.trigger.kind] = votes.get(t.trigger.kind, 0.0) + weight
    return max(votes, key=lambda k: (votes[k], -_SPECIFIC.index(k)))


def status_of(encounter: Encounter) -> Status:
    """What has become of it by the document: what was called off stays so, what was held was held.

    Put off to a day that the document names is planned again.
    """
    reports = [(t.trigger.status, t) for t in encounter.told]
    statuses = {s for s, _ in reports}
    surer = {s: sum(t.trigger.status_probability for r, t in reports if r is s) for s in statuses}
    if Status.CANCELLED in statuses and surer[Status.CANCELLED] >= surer.get(Status.POSTPONED, 0.0):
        return Status.CANCELLED
    if Status.POSTPONED in statuses:
        put_off = [t.when for s, t in reports if s is Status.POSTPONED]
        anew = any(s is Status.PLANNED and t.when is not None and t.when not in put_off for s, t in reports)
        return Status.PLANNED if anew else Status.POSTPONED
    for status in (Status.DENIED, Status.HELD, Status.PLANNED):
        if status in statuses:
            return status
    return Status.PROPOSED


def when_of(encounter: Encounter) -> When | None:
    """Its date: the finest that a mention gives, of mentions that agree with its status first."""
    status = status_of(encounter)
    dated = [(t.when, t.trigger.status is status) for t in encounter.told if t.when is not None]
    if not dated:
        return None
    return min(dated, key=lambda d: (not d[1], (d[0].latest - d[0].earliest).days))[0]


def setting_of(encounter: Encounter, earlier: Sequence[Encounter], layout: Layout) -> tuple[When | None, str | None]:
    """Date and place: its own, else those of the encounter told just before it that it clearly goes with.

    That is one of the same status, told in the same paragraph or the sentence before, with a party in common: "… met
    X in Skopje on Thursday. He also spoke with Y."
    """
    when, place = when_of(encounter), next((t.place for t in encounter.told if t.place), None)
    status = status_of(encounter)
    first = encounter.told[0].trigger.span
    for other in reversed(earlier[-_FRAME:]):
        if (when is not None and place is not None) or status_of(other) is not status:
            continue
        gaps = [layout.sentence_at(first.start) - layout.sentence_at(t.trigger.span.start) for t in other.told]
        together = any(
            layout.paragraph_at(t.trigger.span.start) == layout.paragraph_at(first.start) for t in other.told
        )
        if not other.keys & encounter.keys or not ({0, 1} & set(gaps) or together):
            continue
        other_when = when_of(other)
        if when is None and encounter.told[0].trigger.kind not in _CALLS:
            when = other_when
        if place is None and (other_when is None or other_when == when) and kind_of(encounter) not in _CALLS:
            place = next((t.place for t in other.told if t.place), None)
    return when, place


_FRAME = 4

__all__ = [
    "PAIR_FEATURES",
    "Encounter",
    "Party",
    "Told",
    "compare",
    "context",
    "join",
    "kind_of",
    "setting_of",
    "status_of",
    "when_of",
]
