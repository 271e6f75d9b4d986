"""When an encounter takes place, by the date words beside its trigger, and whether its verb puts it ahead."""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import replace
from datetime import date

from kg_build.model import Span, Status, When
from kg_build.reader import dates
from kg_build.reader.casting import Seen
from kg_build.reader.tagging import Tagged, TriggerTag

_TENSE = {Status.HELD: dates.Tense.PAST, Status.PLANNED: dates.Tense.FUTURE, Status.PROPOSED: dates.Tense.FUTURE}
_AHEAD = re.compile(r"\b(?:for|until|to|till|by)\s", re.IGNORECASE)
_FOR = re.compile(r"for\s", re.IGNORECASE)
_GOES_ON = re.compile(r"\s+(?:ago|earlier|later|after(?:wards)?|before|previously)\b", re.IGNORECASE)
_DAYS_AFTER = re.compile(
    r"\b(?P<number>a|one|two|three|four|five|six|seven) (?P<unit>days?|weeks?|months?) (?P<which>after|before)\s+(?:[\w’'-]+\s+){0,2}$",
    re.IGNORECASE,
)
_TO_COME = re.compile(
    r"\b(?:will(?: also| then)?|(?:is|are)(?: also| then)?(?: due| set| expected| scheduled)? to)\s*$"
)
_TO_COME_WITHIN = re.compile(r"(?:will|(?:is|are) (?:due |set |expected |scheduled )?to)\b")


class Timing:
    """The days that one document names, and what its triggers' date words make of them."""

    def __init__(self, seen: Seen) -> None:
        self._text = seen.document.text
        self._published = seen.document.published_on
        self._days = dates.named_days(self._text, self._published)

    def placed(self, trigger: TriggerTag) -> TriggerTag:
        """``trigger``, planned where "is to" or "will" stands before it though it was taken for held."""
        left = self._text[max(0, trigger.span.start - 30) : trigger.span.start]
        ahead = _TO_COME.search(left) or _TO_COME_WITHIN.match(trigger.span.of(self._text))
        return replace(trigger, status=Status.PLANNED) if ahead and trigger.status is Status.HELD else trigger

    def when(self, trigger: TriggerTag) -> When | None:
        """The finest date that the words beside ``trigger`` give, or None."""
        shifted = self._shifted(trigger)
        if shifted is not None:
            return shifted
        found = [w for w in (self._resolved(tag, trigger.status) for tag in trigger.dates) if w is not None]
        return min(found, key=lambda w: w.latest - w.earliest, default=None)

    def _resolved(self, tag: Tagged, status: Status) -> When | None:
        more = _GOES_ON.match(self._text, tag.span.end)
        words = Span(tag.span.start, more.end() if more else tag.span.end).of(self._text)
        tense = _TENSE.get(status, dates.Tense.OPEN)
        if _FOR.match(words) or (tense is not dates.Tense.PAST and _AHEAD.match(words)):
            tense = dates.Tense.FUTURE
        return dates.resolve(words, dates.Moment(self._published, self._near(tag.span), tense))

    def _near(self, span: Span) -> date | None:
        i = bisect_left(self._days, span.start, key=lambda d: d[0])
        return self._days[i - 1][1] if i else self._published

    def _shifted(self, trigger: TriggerTag) -> When | None:
        """The date of "a day after talks with X": so long before the day that the words before it name."""
        start = max(0, trigger.span.start - 60)
        m = _DAYS_AFTER.search(self._text[start : trigger.span.start])
        if m is None:
            return None
        words = f"{m['number']} {m['unit']} {'earlier' if m['which'].lower() == 'after' else 'later'}"
        near = self._near(Span(start + m.start(), trigger.span.start))
        return dates.resolve(words, dates.Moment(self._published, near, dates.Tense.OPEN))


__all__ = ["Timing"]
