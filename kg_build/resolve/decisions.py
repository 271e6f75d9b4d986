"""What people have decided about the graph: which nodes are one, which are two, what is wrong.

Decisions are a numbered list that only grows: one is taken back by another that undoes it. Linking honours those that
count, and assembly leaves out what they reject. They name nodes by their IRIs.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class Action(StrEnum):
    """What a decision does."""

    MERGE = "merge"
    """``others[0]`` is the same as ``node``, whose IRI both have from now on."""
    SPLIT = "split"
    """What the documents ``others`` call ``node`` is something else, a node of its own."""
    RENAME = "rename"
    """``node`` is called ``name``."""
    REJECT = "reject"
    """``others`` are two nodes that are not the same."""
    UNDO = "undo"
    """The decision ``undoes`` does not count."""


@dataclass(frozen=True, slots=True)
class Decision:
    """One decision, who made it and when (in UTC, to the second). Which fields it has is said in :class:`Action`."""

    number: int
    when: datetime
    who: str
    action: Action
    node: str | None = None
    others: tuple[str, ...] = ()
    name: str | None = None
    undoes: int | None = None
    reason: str | None = None

    @property
    def described(self) -> str:
        """What was decided, in words."""
        others = " ".join(self.others)
        match self.action:
            case Action.MERGE:
                return f"merge {self.node} with {others}"
            case Action.SPLIT:
                return f"split {self.node} in {others}"
            case Action.RENAME:
                return f"rename {self.node} to {self.name}"
            case Action.REJECT:
                return f"reject that these are the same: {others}"
            case Action.UNDO:
                return f"undo {self.undoes}"


@dataclass(frozen=True, slots=True)
class Decisions:
    """All decisions on a graph in the order of their numbers, those that were undone too."""

    all: tuple[Decision, ...] = ()
    undone: frozenset[int] = field(init=False)
    """The numbers of those that do not count."""

    def __post_init__(self) -> None:
        undone: set[int] = set()
        for decision in reversed(self.all):
            if decision.undoes is not None and decision.number not in undone:
                undone.add(decision.undoes)
        object.__setattr__(self, "undone", frozenset(undone))

    def of(self, *actions: Action) -> Iterable[Decision]:
        """Those with one of ``actions`` that count, in the order of their numbers."""
        return (d for d in self.all if d.action in actions and d.number not in self.undone)

    @property
    def names(self) -> Mapping[str, str]:
        """The preferred names that were decided, by the node's IRI; of several for one node the last."""
        return {d.node: d.name for d in self.of(Action.RENAME) if d.node and d.name}

    @property
    def apart(self) -> frozenset[tuple[str, str]]:
        """Pairs of nodes that were decided not to be the same, each with the lesser IRI first."""
        pairs = (sorted(d.others) for d in self.of(Action.REJECT) if len(d.others) == 2)
        return frozenset((one, other) for one, other in pairs)


NO_DECISIONS = Decisions()


__all__ = ["NO_DECISIONS", "Action", "Decision", "Decisions"]
