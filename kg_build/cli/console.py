"""What the commands print, and where: results on standard output, everything else on standard error."""

from __future__ import annotations

import time
from types import TracebackType
from typing import Final, Self

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

from kg_build.errors import CommuniqueError
from kg_build.quarantine import Refusal
from kg_build.sources import Note
from kg_build.watching import Step

_MOST_REFUSALS: Final = 20
_SECONDS_BETWEEN_LINES: Final = 10.0


def output() -> Console:
    """The console of results."""
    return Console(markup=False, highlight=False, soft_wrap=True)


def messages() -> Console:
    """The console of messages."""
    return Console(stderr=True, markup=False, highlight=False, soft_wrap=True)


def print_error(error: CommuniqueError) -> None:
    """Prints an error as one line on standard error."""
    messages().print(f"communique: {' '.join(str(error).split())}")


class Reporter:
    """Shows how long work goes on: a bar on a terminal, else a line now and then. Use it as a context manager.

    It is the watcher of a build.
    """

    def __init__(self) -> None:
        self._console = messages()
        self._bar: Progress | None = None
        self._task: TaskID | None = None
        self._what = ""
        self._total = 0
        self._done = 0
        self._spoke = time.monotonic()
        self._refused = 0

    def __enter__(self) -> Self:
        if self._console.is_terminal:
            columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
            self._bar = Progress(*columns, console=self._console, transient=True)
            self._bar.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        if self._bar:
            self._bar.stop()
        if self._refused > _MOST_REFUSALS:
            self._console.print(f"… and {self._refused - _MOST_REFUSALS} more set aside")

    def begin(self, what: str, total: int) -> None:
        """A piece of work of ``total`` parts begins."""
        self._what, self._total, self._done = what, total, 0
        if self._bar:
            if self._task is not None:
                self._bar.remove_task(self._task)
            self._task = self._bar.add_task(what, total=total)
        else:
            self._say(f"{what} …")

    def done(self) -> None:
        """One part of it is done."""
        self._done += 1
        if self._bar and self._task is not None:
            self._bar.advance(self._task)
        elif time.monotonic() - self._spoke > _SECONDS_BETWEEN_LINES:
            self._say(f"{self._what}: {self._done} of {max(self._total, self._done)}")

    def step(self, step: Step, documents: int) -> None:
        """A step of a build begins."""
        if step is Step.READING:
            self.begin("reading documents", documents)
        elif step is Step.MAKING:
            self.begin(step, documents)
        elif self._bar:
            self.begin(step, 0)

    def refused(self, refusal: Refusal) -> None:
        """A build set something aside."""
        self._refused += 1
        if self._refused <= _MOST_REFUSALS:
            self._console.print(f"set aside: {refusal.record}")

    def noted(self, note: Note) -> None:
        """There is something to know of an input that a build uses."""
        self._console.print(f"note: {note}")

    def _say(self, line: str) -> None:
        self._console.print(line)
        self._spoke = time.monotonic()


__all__ = ["Reporter", "messages", "output", "print_error"]
