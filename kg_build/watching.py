"""How a build says how it goes on."""

from __future__ import annotations

from enum import StrEnum
from typing import Protocol

from kg_build.quarantine import Refusal
from kg_build.sources import Note


class Step(StrEnum):
    """What a build is at, in this order."""

    STARTING = "looking at the documents"
    READING = "reading"
    LINKING = "linking"
    MAKING = "making the graphs of documents"
    WRITING = "writing the graph"
    LOADING = "filling the store"
    REPLACING = "putting the new graph in place"


class Watcher(Protocol):
    """Is told how a build goes on."""

    def step(self, step: Step, documents: int) -> None:
        """A step begins; ``documents`` is how many there are to be dealt with."""

    def done(self) -> None:
        """One more document has been dealt with."""

    def refused(self, refusal: Refusal) -> None:
        """Something was set aside."""

    def noted(self, note: Note) -> None:
        """There is something to know of an input that can be used."""


class NobodyWatches:
    """A watcher that does nothing."""

    def step(self, step: Step, documents: int) -> None:
        """Does nothing."""

    def done(self) -> None:
        """Does nothing."""

    def refused(self, refusal: Refusal) -> None:
        """Does nothing."""

    def noted(self, note: Note) -> None:
        """Does nothing."""


__all__ = ["NobodyWatches", "Step", "Watcher"]
