"""Dates as news gives them, resolved to days, months, years or stretches of days.

A phrase is resolved against the day of publication, with the tense of its verb as a guide, and, for phrases such as "the
following day", against the day that the text named last. What these do not give is not guessed: "soon" is None.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import Enum, auto

from kg_build.model import When


class Tense(Enum):
    """Where the verb puts what is dated, seen from the day of publication."""

    PAST = auto()
    FUTURE = auto()
    OPEN = auto()


@dataclass(frozen=True, slots=True)
class Moment:
    """What a phrase is resolved against: the day of publication, the day last named in the text, and the tense."""

    published: date | None
    named: date | None = None
    tense: Tense = Tense.OPEN


_MONTHS = {
    name: i
    for i, name in enumerate(["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"], 1)
}
_DAYS = {name: i for i, name in enumerate(["mon", "tue", "wed", "thu", "fri", "sat", "sun"])}
_NUMBERS = {
    name: i
    for i, name in enumerate(
        ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"], 1
    )
}
_NUMBERS |= {"a": 1, "an": 1, "couple of": 2, "a couple of": 2, "fifteen": 15, "twenty": 20, "thirty": 30}

MONTH = (
    r"(?P<month>jan(?:uary|\.)?|feb(?:ruary|\.)?|mar(?:ch|\.)?|apr(?:il|\.)?|may|june?\.?|july?\.?|aug(?:ust|\.)?"
    r"|sept?(?:ember|\.)?|oct(?:ober|\.)?|nov(?:ember|\.)?|dec(?:ember|\.)?)(?![a-z])"
)
_ORDINAL = r"(?:st|nd|rd|th)?"
_DAY = rf"(?P<day>\d{{1,2}}){_ORDINAL}"
_TO = r"\s*(?:-|–|—|/|to|and|until|through|till)\s*"
_YEAR = r"(?P<year>(?:19|20)\d\d)"
WEEKDAY = r"(?P<weekday>mon|tues|wednes|thurs|fri|satur|sun)(?:day)s?(?:'s)?"
_NUMBER = r"(?P<number>\d{1,3}|a couple of|couple of|an?|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|fifteen|twenty|thirty)"
_UNIT = r"(?P<unit>day|night|week|fortnight|month|year)s?"
_PART = r"(?:morning|afternoon|evening|night|noon|lunchtime|midnight|dawn|midday)"

Rule = Callable[[re.Match[str], Moment], When | None]


def _clamp(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _month(m: re.Match[str], group: str = "month") -> int:
    return _MONTHS[m[group][:3]]


def _year_for(month: int, day: int, at: Moment) -> int | None:
    """The year of a month (and day) named without one: the nearest that the tense allows."""
    if at.published is None:
        return None
    year = at.published.year
    candidates = [d for y in (year - 1, year, year + 1) if (d := _clamp(y, month, day))]
    if not candidates:
        return None
    distance = {d.year: (d - at.published).days for d in candidates}
    if at.tense is Tense.PAST:
        past = [y for y, n in distance.items() if n <= 0 or (n < 28 and day == 1)]
        return max(past, default=None) if past else None
    if at.tense is Tense.FUTURE:
        ahead = [y for y, n in distance.items() if n >= -3]
        return min(ahead, default=None) if ahead else None
    return min(distance, key=lambda y: (abs(distance[y]), distance[y] > 0))


def _day_month(m: re.Match[str], at: Moment) -> When | None:
    month, day = _month(m), int(m["day"])
    groups = m.groupdict()
    year = int(groups["year"]) if groups.get("year") else _year_for(month, day, at)
    first = _clamp(year, month, day) if year else None
    if first is None or year is None:
        return None
    if groups.get("day2"):
        month2 = _MONTHS.get(groups["month2"][:3]) if groups.get("month2") else month
        if month2 is None:
            return When.day(first)
        last = _clamp(year + (month2 < month), month2, int(groups["day2"]))
        if last and first < last:
            return When(first, last, lasting=True)
    return When.day(first)


def _month_alone(m: re.Match[str], at: Moment) -> When | None:
    month = _month(m)
    groups = m.groupdict()
    if groups.get("year"):
        return When.month(int(groups["year"]), month)
    if at.published is None:
        return None
    year = at.published.year
    which = groups.get("which")
    if which in {"last", "past"} or (at.tense is Tense.PAST and which is None):
        year -= month > at.published.month or (which == "last" and month == at.published.month)
    elif which == "next" or (at.tense is Tense.FUTURE and which is None):
        year += month < at.published.month or (which == "next" and month == at.published.month)
    elif which is None:
        gap = month - at.published.month
        year += -1 if gap > 6 else 1 if gap < -6 else 0
    return When.month(year, month)


def _year_alone(m: re.Match[str], at: Moment) -> When | None:  # noqa: ARG001 - all rules take the moment
    return When.year(int(m["year"]))


def _iso(m: re.Match[str], at: Moment) -> When | None:  # noqa: ARG001 - all rules take the moment
    day = _clamp(int(m["year"]), int(m["iso_month"]), int(m["iso_day"]))
    return When.day(day) if day else None


def _day_only(m: re.Match[str], at: Moment) -> When | None:
    """For "on the 14th": of the month of publication, or of the one before or after it, as the tense says."""
    if at.published is None:
        return None
    p, day = at.published, int(m["day"])
    year, month = p.year, p.month
    if m.groupdict().get("own"):
        at = replace(at, tense=Tense.OPEN)
    if at.tense is Tense.PAST and day > p.day:
        year, month = (year, month - 1) if month > 1 else (year - 1, 12)
    elif at.tense is Tense.FUTURE and day < p.day:
        year, month = (year, month + 1) if month < 12 else (year + 1, 1)
    found = _clamp(year, month, day)
    return When.day(found) if found else None


def _weekday(m: re.Match[str], at: Moment) -> When | None:
    if at.published is None:
        return None
    back = (at.published.weekday() - _DAYS[m["weekday"][:3]]) % 7
    which = m.groupdict().get("which")
    if which in {"last", "past"}:
        day = at.published - timedelta(back or 7)
    elif (which in {"next", "coming", "this"} and at.tense is not Tense.PAST) or (
        at.tense is Tense.FUTURE and which != "previous"
    ):
        day = at.published + timedelta((7 - back) % 7 or (7 if which == "next" else 0))
    else:
        day = at.published - timedelta(back)
    if m.groupdict().get("week"):
        week = {"last": -7, "next": 7}.get(m["week"], 0)
        monday = at.published - timedelta(at.published.weekday()) + timedelta(week)
        day = monday + timedelta(_DAYS[m["weekday"][:3]])
    return When.day(day)


def _named_day(offset: int) -> Rule:
    def rule(m: re.Match[str], at: Moment) -> When | None:  # noqa: ARG001 - all rules take the match
        return When.day(at.published + timedelta(offset)) if at.published else None

    return rule


def _after_named(offset: int) -> Rule:
    """A phrase that counts from the day named last."""

    def rule(m: re.Match[str], at: Moment) -> When | None:  # noqa: ARG001 - all rules take the match
        return When.day(at.named + timedelta(offset)) if at.named else None

    return rule


def _period(m: re.Match[str], at: Moment) -> When | None:
    which = m["which"]
    p = at.named if which == "following" and at.named else at.published
    if p is None:
        return None
    step = {"last": -1, "past": -1, "previous": -1, "next": 1, "coming": 1, "following": 1}.get(which, 0)
    unit = m["period"]
    if unit == "week":
        monday = p - timedelta(p.weekday()) + timedelta(7 * step)
        return When(monday, monday + timedelta(6))
    if unit == "weekend":
        saturday = p - timedelta(p.weekday()) + timedelta(5)
        if which not in {"next", "this", "coming"} and at.tense is not Tense.FUTURE and (p.weekday() < 5 or step < 0):
            saturday -= timedelta(7)
        return When(saturday, saturday + timedelta(1))
    if unit == "month":
        months = p.year * 12 + p.month - 1 + step
        return When.month(months // 12, months % 12 + 1)
    return When.year(p.year + step + (which == "new" and at.tense is Tense.FUTURE))


_SEASON_ENDS = {"spring": 6, "summer": 9, "autumn": 12, "fall": 12, "winter": 3}


def _season(m: re.Match[str], at: Moment) -> When | None:
    """A season is given as its year: which months it means depends on the hemisphere."""
    if m.groupdict().get("year"):
        return When.year(int(m["year"]))
    if at.published is None:
        return None
    step = {"last": -1, "next": 1}.get(m["which"] or "", 0)
    over = at.published.month >= _SEASON_ENDS[m["season"]]
    if not step and at.tense is Tense.FUTURE and over:
        step = 1
    if not step and at.tense is Tense.PAST and at.published.month < _SEASON_ENDS[m["season"]] - 3:
        step = -1
    return When.year(at.published.year + step)


def _christmas(m: re.Match[str], at: Moment) -> When | None:  # noqa: ARG001 - all rules take the match
    if at.published is None:
        return None
    return When.month(at.published.year - (at.tense is Tense.PAST and at.published.month < 12), 12)


def _time_of_day(m: re.Match[str], at: Moment) -> When | None:  # noqa: ARG001 - all rules take the match
    """A time without a day: of the day named last where that is near the publication, else of the publication's own."""
    if at.named and at.published and abs((at.named - at.published).days) <= 3:
        return When.day(at.named)
    return When.day(at.published) if at.published else None


def _shifted(start: date, number: int, unit: str) -> When | None:
    if unit in {"day", "night"}:
        return When.day(start + timedelta(number))
    if unit in {"week", "fortnight"}:
        middle = start + timedelta(7 * number * (2 if unit == "fortnight" else 1))
        monday = middle - timedelta(middle.weekday())
        return When(monday, monday + timedelta(6))
    months = start.year * 12 + start.month - 1 + number * (12 if unit == "year" else 1)
    return When.year(months // 12) if unit == "year" else When.month(months // 12, months % 12 + 1)


def _count(m: re.Match[str]) -> int:
    return _NUMBERS.get(m["number"]) or int(m["number"]) if m["number"] in _NUMBERS or m["number"].isdigit() else 1


def _ago(sign: int, *, from_named: bool) -> Rule:
    def rule(m: re.Match[str], at: Moment) -> When | None:
        start = at.named if from_named else at.published
        return _shifted(start, sign * _count(m), m["unit"]) if start else None

    return rule


def _within(m: re.Match[str], at: Moment) -> When | None:
    """Any day from the publication to the end of the stretch that is counted."""
    end = _shifted(at.published, _count(m), m["unit"]) if at.published else None
    return When(at.published, end.latest) if at.published and end else None


def _month_of_year(m: re.Match[str], at: Moment) -> When | None:
    if at.published is None:
        return None
    return When.month(at.published.year + {"last": -1, "next": 1}.get(m["which"], 0), _month(m))


_RULES: tuple[tuple[re.Pattern[str], Rule], ...] = tuple(
    (re.compile(pattern), rule)
    for pattern, rule in (
        (rf"\b{_YEAR}-(?P<iso_month>\d\d)-(?P<iso_day>\d\d)\b", _iso),
        (rf"\b{_DAY}\s+(?:of\s+)?{MONTH}{_TO}(?P<day2>\d{{1,2}}){_ORDINAL}\s+(?P<month2>[a-z]{{3,9}})(?:,?\s+{_YEAR})?\b", _day_month),
        (rf"\b{_DAY}{_TO}(?P<day2>\d{{1,2}}){_ORDINAL}\s+(?:of\s+)?{MONTH}(?:,?\s+{_YEAR})?", _day_month),
        (rf"\b{MONTH}\s+{_DAY}{_TO}(?P<month2>jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?\s+(?P<day2>\d{{1,2}}){_ORDINAL}(?:,?\s+{_YEAR})?\b", _day_month),
        (rf"\b{MONTH}\s+{_DAY}{_TO}(?P<day2>\d{{1,2}}){_ORDINAL}(?!\d)(?:,?\s+{_YEAR})?", _day_month),
        (rf"\b{MONTH}\s+{_DAY}(?!\d)(?:,?\s+{_YEAR})?", _day_month),
        (rf"\b{_DAY}(?:\s+of)?\s+{MONTH}(?:,?\s+{_YEAR})?", _day_month),
        (r"\bday before yesterday\b", _named_day(-2)),
        (r"\bafter tomorrow\b", _named_day(2)),
        (r"\bthe (?P<day>\d{1,2})(?:st|nd|rd|th)? of (?P<own>this|the) month\b", _day_only),
        (rf"\b{MONTH} (?:of )?(?P<which>last|next|this) year\b", _month_of_year),
        (rf"\b(?:(?P<which>last|next|this|coming|past|previous)\s+)?{WEEKDAY}(?:\s+(?:of\s+)?(?P<week>last|next|this)\s+week)?\b", _weekday),
        (rf"\b(?P<which>last|next|this|past|of last|of this)?\s*{MONTH}(?:,?\s+(?:of\s+)?{_YEAR})?", _month_alone),
        (r"\b(?:today|tonight)\b", _named_day(0)),
        (rf"\bthis\s+{_PART}\b|\bearlier in the day\b|\blater in the day\b", _named_day(0)),
        (r"\b(?:yesterday|last (?:night|evening))\b", _named_day(-1)),
        (r"\btomorrow\b", _named_day(1)),
        (rf"\b{_NUMBER}\s+{_UNIT}\s+(?:ago|back)\b", _ago(-1, from_named=False)),
        (rf"\bwithin\s+{_NUMBER}\s+{_UNIT}\b", _within),
        (rf"\b(?:in|after)\s+{_NUMBER}\s+{_UNIT}(?:'\s*time)?\b(?!\s+of\b)", _ago(1, from_named=False)),
        (rf"\b{_NUMBER}\s+{_UNIT}\s+(?:earlier|before|previously|prior)\b", _ago(-1, from_named=True)),
        (rf"\b{_NUMBER}\s+{_UNIT}\s+(?:later|after|afterwards)\b", _ago(1, from_named=True)),
        (r"\b(?:following|next) (?:day|morning|evening)\b|\bday after\b", _after_named(1)),
        (r"\b(?:previous|preceding) (?:day|evening|night)\b|\b(?:day|evening|night) before\b|\beve of\b", _after_named(-1)),
        (rf"\b(?:same|that|that same|the) (?:day|{_PART})\b|\bin the (?:morning|afternoon|evening)\b|\bovernight\b|\b(?:at|for) (?:noon|midday|midnight)\b", _after_named(0)),
        (r"\b(?P<which>last|past|previous|next|coming|this|the|following|new)\s+(?:calendar\s+)?(?P<period>weekend|week|month|year)\b", _period),
        (rf"\b(?P<which>last|next|this|the)?\s*(?:early |late |mid-?)?(?P<season>spring|summer|autumn|fall|winter)(?:\s+(?:of\s+)?{_YEAR})?\b", _season),
        (rf"\b(?:quarter|half|year|beginning|end|start|middle)?(?:\s+of)?\s*\b{_YEAR}\b", _year_alone),
        (r"\bthe (?P<day>\d{1,2})(?:st|nd|rd|th)\b", _day_only),
        (r"\bchristmas\b", _christmas),
        (r"\bthat (?:date|occasion|day)\b", _after_named(0)),
        (rf"\b(?:at|for|around|until|by) (?:night|dawn|{_NUMBER} o'clock|\d{{1,2}}(?:[:.]\d\d)? ?(?:[ap]\.?m\b|local|hours)|\d{{1,2}}[:.]\d\d)", _time_of_day),
        (r"\b(?:hours?|minutes) (?:earlier|later)\b", _time_of_day),
    )
)  # fmt: skip
_CLEAN = re.compile(r"[\s\u00a0]+")


def resolve(phrase: str, at: Moment) -> When | None:
    """When ``phrase`` puts something, or None where neither it nor ``at`` gives a date.

    >>> monday = Moment(date(2025, 3, 24), tense=Tense.PAST)
    >>> resolve("on Thursday", monday).earliest.isoformat()
    '2025-03-20'
    >>> resolve("on May 9", Moment(date(2025, 3, 24), tense=Tense.FUTURE)).earliest.isoformat()
    '2025-05-09'
    >>> resolve("Earlier this month", monday).granularity
    'month'
    """
    text = _CLEAN.sub(" ", phrase).strip().lower().replace("’", "'")
    if text.startswith("before "):
        return None
    for pattern, rule in _RULES:
        m = pattern.search(text)
        if m is not None:
            try:
                found = rule(m, at)
            except (OverflowError, ValueError):  # a day before the first of the calendar or after its last
                found = None
            if found is not None:
                return found
    return None


_FINDER = re.compile(
    rf"\b(?:\d{{1,2}}(?:st|nd|rd|th)?\s+(?:of\s+)?)?(?:{MONTH.replace('?P<month>', '?:')})(?:\s+\d{{1,2}}(?!\d))?(?:,?\s+(?:19|20)\d\d)?"
    rf"|\b(?:{WEEKDAY.replace('?P<weekday>', '?:')})\b|\b(?:today|yesterday|tomorrow)\b",
    re.IGNORECASE,
)


def named_days(text: str, published: date | None) -> list[tuple[int, date]]:
    """Where ``text`` names a day, and which: what "the following day" later counts from."""
    found: list[tuple[int, date]] = []
    for m in _FINDER.finditer(text):
        word = m.group()
        if word[0].isalpha() and not word[0].isupper() and not word.lower().startswith(("to", "ye")):
            continue
        when = resolve(word, Moment(published, found[-1][1] if found else None, Tense.PAST))
        if when is not None and when.earliest == when.latest:
            found.append((m.start(), when.earliest))
    return found


__all__ = ["Moment", "Tense", "named_days", "resolve"]
