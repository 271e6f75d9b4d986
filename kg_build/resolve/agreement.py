"""How well two accounts agree that they tell of the same encounter: parties, date, kind, place and event.

Each part gives a factor from 0 to 1, and the product is the score. 0 is a contradiction: the two cannot be the same.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final

from kg_build.model import MeetingKind, Status, When
from kg_build.resolve.accounts import Account, Side

# Reports differ in how they call an encounter; but a call is no meeting, and a meeting within a visit is not the visit.
_KINDS: Final = {
    frozenset({MeetingKind.CALL, MeetingKind.VIDEO_CALL}): 0.85,
    frozenset({MeetingKind.MEETING, MeetingKind.CONSULTATIONS}): 0.85,
    frozenset({MeetingKind.MEETING, MeetingKind.SUMMIT}): 0.8,
    frozenset({MeetingKind.MEETING, MeetingKind.VIDEO_CALL}): 0.6,
    frozenset({MeetingKind.SUMMIT, MeetingKind.CONSULTATIONS}): 0.5,
    frozenset({MeetingKind.SUMMIT, MeetingKind.VIDEO_CALL}): 0.6,
    frozenset({MeetingKind.MEETING, MeetingKind.CALL}): 0.4,
    frozenset({MeetingKind.CONSULTATIONS, MeetingKind.VIDEO_CALL}): 0.6,
}
_AHEAD: Final = (Status.PROPOSED, Status.PLANNED)
_OFF: Final = (Status.POSTPONED, Status.CANCELLED, Status.DENIED)
_LONGEST: Final = 92  # days: what is vaguer than a quarter of a year says nothing of the day
_POSTPONED_BY: Final = 200  # days at most
_ON_A_VISIT: Final = 2  # days between what two documents take for the day of one visit


def agree(one: Account, other: Account) -> float:
    """How well two accounts of different documents agree, from 0 to 1."""
    score = _kinds(one, other)
    if score:
        score *= _parties(one, other)
    if score:
        score *= _dates(one, other)
    if score:
        score *= _places(one, other) * _events(one, other)
    return min(1.0, score)


def contradict(one: Account, other: Account, *, postponed: bool) -> bool:
    """Whether two accounts cannot be of one meeting; where it was ``postponed``, it may have two dates."""
    if not _kinds(one, other) or not _parties(one, other) or not _places(one, other):
        return True
    return not postponed and not _dates(one, other)


def _kinds(one: Account, other: Account) -> float:
    return 1.0 if one.kind is other.kind else _KINDS.get(frozenset({one.kind, other.kind}), 0.0)


def _parties(one: Account, other: Account) -> float:
    shared = one.sides.keys() & other.sides.keys()
    total = 0.0
    for name in shared:
        alike = _side(one.sides[name], other.sides[name])
        if not alike:
            return 0.0  # two delegations of one country
        total += alike
    # Somebody may be given a country in one document only.
    strays = (one.persons & other.persons) - {p for n in shared for p in one.sides[n].persons}
    matched = len(shared) + len(strays)
    if not matched:
        return 0.0
    total += len(strays)
    if matched == 1:
        return _single(one, other, total)
    # Two of three parties may have met apart from the third; that somebody is left out is likelier among many.
    extra = sum(account.sides[name].weight for account in (one, other) for name in account.sides.keys() - shared)
    covered = matched / (matched + max(extra - 2 * len(strays), 0))
    return total / matched * covered * covered


def _single(one: Account, other: Account, alike: float) -> float:
    """One side alone is shared, which says little unless it is the only one, and where and at what it was is known."""
    if max(len(one.sides), len(other.sides)) > 1:
        return 0.3 * alike
    if one.persons and other.persons:
        alike *= len(one.persons & other.persons) / len(one.persons | other.persons)
    placed = one.where is not None and one.where == other.where
    named = one.event is not None and one.event == other.event
    return alike * (0.9 if placed or named else 0.4)


def _side(one: Side, other: Side) -> float:
    """How well those agree who stand on one side: persons, those whom they represent, or nobody named."""
    if one.persons and other.persons:
        if one.persons.keys() & other.persons.keys():
            return 1.0
        alike = any(a <= b or b <= a for a in one.persons.values() for b in other.persons.values())
        return 0.85 if alike else 0.0
    if not one.persons and not other.persons and bool(one.bodies) is bool(other.bodies):
        return 1.0 if one.bodies == other.bodies else 0.8 if one.bodies & other.bodies else 0.5
    return 0.65  # a minister for a country, or a country that is only the place of a visit


def _dates(one: Account, other: Account) -> float:
    if one.certain and other.certain and one.when and other.when:
        return _days(one, other, one.when, other.when)
    first, second = _window(one), _window(other)
    if first is None or second is None or first.earliest > second.latest or second.earliest > first.latest:
        return 0.0
    if one.when and other.when:
        longest = max(_length(one.when), _length(other.when))
        sure = 0.85 if longest <= 7 else 0.65 if longest <= 31 else 0.4
        return sure if one.certain or other.certain else sure * 0.8
    if one.when or other.when:
        return _undated(one, other) if other.when else _undated(other, one)
    return _both_undated(one, other)


def _days(one: Account, other: Account, first: When, second: When) -> float:
    if first.earliest <= second.latest and second.earliest <= first.latest:
        return 1.0 if first == second else 0.9
    apart = max((second.earliest - first.latest).days, (first.earliest - second.latest).days)
    if _put_off(one, other) or _put_off(other, one):
        return 0.7
    if one.kind is MeetingKind.VISIT and apart <= _ON_A_VISIT:
        return 0.7  # of a visit of some days, one document gives the arrival, another a day of it
    return 0.0


def _put_off(one: Account, other: Account) -> bool:
    """Whether ``one`` tells that it was postponed, and ``other`` gives the day on which it was to be before."""
    if one.status is not Status.POSTPONED or other.status not in _AHEAD or not one.when or not other.when:
        return False
    if one.published is None or other.published is None or other.published > one.published:
        return False
    return abs((one.when.earliest - other.when.earliest).days) <= _POSTPONED_BY


def _window(account: Account) -> When | None:
    """The days among which it was or is to be; without a date, those that the day of publication makes likely."""
    if account.when is not None:
        return account.when if account.when.lasting or _length(account.when) <= _LONGEST else None
    if account.published is None:
        return None
    before, after = 10, 0
    if account.status in _AHEAD:
        before, after = 0, 60
    elif account.status in _OFF:
        before, after = 30, 60
    return When(account.published - timedelta(before), account.published + timedelta(after))


def reach(account: Account) -> When | None:
    """The days within which another account may tell of the same encounter; None for one that is too vague."""
    days = _window(account)
    if days is None:
        return None
    slack = (
        _POSTPONED_BY if account.status is Status.POSTPONED else _ON_A_VISIT if account.kind is MeetingKind.VISIT else 0
    )
    return When(days.earliest - timedelta(slack), days.latest + timedelta(slack))


def _undated(vague: Account, dated: Account) -> float:
    """``dated`` lies within the window of an account without a date: the nearer to its publication, the better."""
    if vague.published is None or dated.when is None:
        return 0.0
    away = _distance(vague.published, dated.when)
    if vague.status is Status.HELD:
        return 0.65 if away <= 1 else 0.5 if away <= 4 else 0.4
    return 0.65 if away <= 14 else 0.5 if away <= 31 else 0.35


def _both_undated(one: Account, other: Account) -> float:
    if one.published is None or other.published is None:
        return 0.0
    away = abs((one.published - other.published).days)
    if not away and (one.status in _AHEAD) != (other.status in _AHEAD):
        return 0.3  # on one day, what was held is told as past, and what is planned is to come
    near = (1, 4) if one.status is other.status is Status.HELD else (7, 21)
    return 0.6 if away <= near[0] else 0.45 if away <= near[1] else 0.3


def _places(one: Account, other: Account) -> float:
    if one.where is None or other.where is None:
        return 1.0
    if one.where == other.where:
        return 1.0 if one.certain and other.certain else 1.25  # it makes up for what is vague about the date
    if one.country is None or other.country is None:
        return 0.6
    if one.country != other.country:
        return 0.0 if one.kind is other.kind is MeetingKind.VISIT else 0.4
    return 0.95


def _events(one: Account, other: Account) -> float:
    if one.event is None or other.event is None:
        return 1.0
    return 1.1 if one.event == other.event else 0.7


def _length(when: When) -> int:
    return (when.latest - when.earliest).days + 1


def _distance(day: date, when: When) -> int:
    return max((when.earliest - day).days, (day - when.latest).days, 0)


__all__ = ["agree", "contradict", "reach"]
