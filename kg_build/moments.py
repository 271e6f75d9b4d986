"""Dates and times of publication in one order, whichever of the two a document gives."""

from __future__ import annotations

from datetime import date, datetime


def sortable(published: date | datetime | None) -> str:
    """A text that sorts as the moments do; a day counts as its first moment, none as before all others.

    >>> sortable(date(2025, 3, 24)) < sortable(datetime.fromisoformat("2025-03-24T10:00:00+02:00"))
    True
    """
    if published is None:
        return ""
    if not isinstance(published, datetime):
        return f"{published.isoformat()}T00:00:00"
    utc = published - (published.utcoffset() or datetime.min - datetime.min)
    return utc.replace(tzinfo=None).isoformat()


__all__ = ["sortable"]
