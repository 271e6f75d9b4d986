"""Dates as web pages, feeds and messages write them. What can be read in two ways (03/04/2025) is no date."""

from __future__ import annotations

import re
from datetime import date, datetime
from email.utils import parsedate_to_datetime
from typing import Final

_MONTHS: Final = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH: Final = (
    r"(?P<month>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|"
    r"oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.?"
)
_DAY: Final = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?"
_YEAR: Final = r"(?P<year>(?:19|20)\d\d)"
_WRITTEN: Final = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"\b{_DAY}\s+(?:of\s+)?{_MONTH},?\s+{_YEAR}\b",
        rf"\b{_MONTH}\s+{_DAY},?\s+{_YEAR}\b",
        rf"\b{_YEAR}-(?P<month>\d\d)-(?P<day>\d\d)\b",
        rf"\b(?P<day>\d{{1,2}})\.(?P<month>\d{{1,2}})\.{_YEAR}\b",
    )
)
_ISO: Final = re.compile(
    r"(\d{4})-?(\d\d)-?(\d\d)(?:[T ](\d\d):?(\d\d)(?::?(\d\d)(?:[.,](\d{1,9}))?)?\s*(Z|UTC|GMT|[+-]\d\d(?::?\d\d)?)?)?",
    re.IGNORECASE,
)


def parse_date(value: str) -> date | datetime | None:
    """The day or moment that ``value`` is: ISO 8601, the form of e-mail (RFC 5322), or written with the month's name.

    >>> parse_date("2025-07-08T09:15+0200").isoformat(), parse_date("8 July 2025"), parse_date("07/08/2025")
    ('2025-07-08T09:15:00+02:00', datetime.date(2025, 7, 8), None)
    """
    value = value.strip()
    if len(value) > 100:
        return None
    try:
        if match := _ISO.fullmatch(value):
            return _from_iso(match)
        if re.match(r"(?:[A-Za-z]{3},\s*)?\d{1,2}\s+[A-Za-z]{3}\s+\d{2,4}\s+\d\d?:\d\d", value):
            return parsedate_to_datetime(value)
    except (ValueError, OverflowError, TypeError, IndexError):
        return None
    days = written_days(value)
    return days.pop() if len(days) == 1 else None


def written_days(text: str) -> set[date]:
    """The days that stand in ``text`` in a form that can be read in one way only."""
    found: set[date] = set()
    for pattern in _WRITTEN:
        for match in pattern.finditer(text):
            month = match["month"]
            number = int(month) if month.isdigit() else _MONTHS.index(month[:3].lower()) + 1
            try:
                found.add(date(int(match["year"]), number, int(match["day"])))
            except ValueError:
                continue
    return found


def _from_iso(match: re.Match[str]) -> date | datetime:
    year, month, day, hour, minute, second, fraction, zone = match.groups()
    if hour is None:
        return date(int(year), int(month), int(day))
    offset = ""
    if zone:
        offset = "+00:00" if zone.upper() in ("Z", "UTC", "GMT") else f"{zone[:3]}:{zone[3:].lstrip(':') or '00'}"
    parts = f"{year}-{month}-{day}T{hour}:{minute}:{second or '00'}.{(fraction or '0')[:6]:0<6}{offset}"
    return datetime.fromisoformat(parts)


__all__ = ["parse_date", "written_days"]
