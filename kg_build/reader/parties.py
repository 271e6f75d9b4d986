"""Which of the words that the network marked as parties of a trigger are kept: what is barely seen and out of the way goes.

The network marks parties for each trigger by itself. Where one sentence tells of several encounters, some words are
marked for two of them, weakly for the one and strongly for the other; and now and then it marks one word of a name. The
limits below were set on documents that the network had not seen (docs/reader.md).
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence

from kg_build.model import Span
from kg_build.reader.layout import Layout
from kg_build.reader.tagging import CueTag, Tagged, Tagging, TriggerTag

_WEAK = 0.7
"""The probability below which a party has to stand in plain sight of its trigger."""
_WEAKEST = 0.6
"""The probability below which the third party of an encounter is none, nor one word of a longer name any party."""
_PAIR = 2
_AROUND = 12
"""Triggers, cues and names before and after one that are looked at: what bounds the time that a long text takes."""


class Kept:
    """Tells which parties of the triggers of one text to keep."""

    def __init__(self, text: str, layout: Layout, tagging: Tagging, triggers: Sequence[TriggerTag]) -> None:
        self._text = text
        self._layout = layout
        self._triggers = sorted(triggers, key=lambda t: t.span)
        self._cues = sorted(tagging.cues, key=lambda c: c.span)
        self._names = sorted(e.span for e in tagging.entities if e.label == "person")

    def parties(self, trigger: TriggerTag) -> list[Tagged]:
        """The party tags of ``trigger`` that are worth keeping, in the order of the text."""
        tags = sorted(trigger.parties, key=lambda t: t.span)
        kept = [t for t in tags if not self._out_of_sight(trigger, t)]
        if len(kept) > _PAIR:
            surest = sorted(kept, key=lambda t: -t.probability)[:_PAIR]
            kept = [t for t in kept if t in surest or not self._is_strays(trigger, t)]
        return kept

    def _out_of_sight(self, trigger: TriggerTag, tag: Tagged) -> bool:
        """Whether somebody else's clause lies between a weak party and its trigger, or it is one word of a name."""
        if tag.probability < _WEAKEST and any(n.holds(tag.span) and n != tag.span for n in self._near_names(tag.span)):
            return True
        between = _between(trigger.span, tag.span)
        if tag.probability >= _WEAK or between is None:
            return False
        return ";" in between.of(self._text) or any(between.holds(c.span) for c in self._near_cues(between))

    def _is_strays(self, trigger: TriggerTag, tag: Tagged) -> bool:
        """Whether a third party is barely seen, or stands nearer to another trigger that has it more surely."""
        if tag.probability < _WEAKEST:
            return True
        between = _between(trigger.span, tag.span)
        return (
            tag.probability < _WEAK
            and between is not None
            and any(
                between.holds(other.span)
                and any(p.span == tag.span and p.probability > tag.probability for p in other.parties)
                for other in self._near_triggers(trigger)
            )
        )

    def _near_triggers(self, trigger: TriggerTag) -> Sequence[TriggerTag]:
        i = bisect_left(self._triggers, trigger.span, key=lambda t: t.span)
        return self._triggers[max(0, i - _AROUND) : i + _AROUND]

    def _near_cues(self, span: Span) -> Sequence[CueTag]:
        i = bisect_left(self._cues, span, key=lambda c: c.span)
        return self._cues[i : i + _AROUND]

    def _near_names(self, span: Span) -> Sequence[Span]:
        i = bisect_left(self._names, span)
        return self._names[max(0, i - 2) : i + 1]


def _between(a: Span, b: Span) -> Span | None:
    """What stands between two stretches, None where nothing does."""
    first, second = sorted((a, b))
    return Span(first.end, second.start) if first.end < second.start else None


__all__ = ["Kept"]
