"""What the network sees in a text: labelled stretches, cues with their arguments, triggers with theirs."""

from __future__ import annotations

from dataclasses import dataclass

from kg_build.model import MeetingKind, Span, Status


@dataclass(frozen=True, slots=True)
class Tagged:
    """A stretch with its label and the network's probability for it."""

    span: Span
    label: str
    probability: float = 1.0


@dataclass(frozen=True, slots=True)
class CueTag:
    """A cue and what it attributes to whom. ``negated`` is the probability that the text says it was not said."""

    span: Span
    sources: tuple[Tagged, ...]
    contents: tuple[Tagged, ...]
    vias: tuple[Tagged, ...] = ()
    negated: float = 0.0
    probability: float = 1.0


@dataclass(frozen=True, slots=True)
class TriggerTag:
    """A trigger and the words beside it that name the parties, the date, the place and the larger event."""

    span: Span
    kind: MeetingKind
    status: Status
    parties: tuple[Tagged, ...]
    dates: tuple[Tagged, ...] = ()
    places: tuple[Tagged, ...] = ()
    events: tuple[Tagged, ...] = ()
    kind_probability: float = 1.0
    status_probability: float = 1.0
    probability: float = 1.0


@dataclass(frozen=True, slots=True)
class Tagging:
    """All that the network sees in one text, each part in the order of the text."""

    entities: tuple[Tagged, ...] = ()
    posts: tuple[Tagged, ...] = ()
    cues: tuple[CueTag, ...] = ()
    triggers: tuple[TriggerTag, ...] = ()
    loose: tuple[Tagged, ...] = ()


__all__ = ["CueTag", "Tagged", "Tagging", "TriggerTag"]
