"""Hands writes to the process that makes them (``server.writer``), one after the other.

Like queries, writes run where they can do no harm: the process is ended when one takes too long. What it had not yet
noted in its journal has then not happened, and the next process goes on from there.
"""

from __future__ import annotations

import contextlib
import pickle
import subprocess
import sys
import threading
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, Protocol

from flask import current_app

from kg_build.build_directory import BuildDirectory
from kg_build.errors import CommuniqueError
from kg_build.store.live import Payload
from kg_build.store.updating import Update
from kg_build.writes.writer import Condition, Versions, Writer, Written, stamp
from server.errors import BusyError, TimeLimitError, WriteLostError
from server.settings import Settings

EXTENSION: Final = "communique.writing"
"""The writing's key in ``app.extensions``."""


@dataclass(frozen=True, slots=True)
class UpdateWrite:
    """A SPARQL update. ``condition`` is about the one graph that it changes, where it is bound to one."""

    update: Update
    condition: Condition | None = None


class GraphChange(StrEnum):
    """What is done to a graph."""

    PUT = "put"
    ADD = "add"
    DROP = "drop"


@dataclass(frozen=True, slots=True)
class GraphWrite:
    """A change of one graph as a whole; ``graph`` is None for the default graph."""

    change: GraphChange
    graph: str | None
    payloads: tuple[Payload, ...] = ()
    condition: Condition | None = None


Write = UpdateWrite | GraphWrite


def perform(writer: Writer, write: Write) -> Written:
    """Makes ``write``. Raises CommuniqueError where it cannot be made; nothing has changed then."""
    if isinstance(write, UpdateWrite):
        return writer.update(write.update, write.condition)
    match write.change:
        case GraphChange.PUT:
            return writer.put(write.graph, write.payloads, write.condition)
        case GraphChange.ADD:
            return writer.add(write.graph, write.payloads, write.condition)
        case GraphChange.DROP:
            return writer.drop(write.graph, write.condition)


class Writing(Protocol):
    """Makes writes, one at a time. Safe to call from several threads."""

    def write(self, write: Write) -> Written:
        """Makes a write, which is never lost when this returns. Raises CommuniqueError with the reason."""

    def close(self) -> None:
        """Ends what runs."""


class DirectWriting:
    """Makes writes in this process, with no limit on their time: for tests."""

    def __init__(self, build: BuildDirectory) -> None:
        self._writer = Writer(build)
        self._lock = threading.Lock()

    def write(self, write: Write) -> Written:
        """Makes a write."""
        with self._lock:
            return perform(self._writer, write)

    def close(self) -> None:
        """Lets go of the store."""
        self._writer.close()


class ProcessWriting:
    """Makes writes in a child process, which is started for the first one and again after it was lost."""

    def __init__(self, build: BuildDirectory, settings: Settings) -> None:
        self._build = build
        self._settings = settings
        self._turn = threading.Lock()
        self._places = threading.BoundedSemaphore(1 + settings.queue_length)
        self._process: subprocess.Popen[bytes] | None = None
        self._late = False

    def write(self, write: Write) -> Written:
        """Makes a write. Raises BusyError, TimeLimitError, WriteLostError, or what the write itself deserves."""
        if not self._places.acquire(blocking=False):
            raise BusyError("too many writes are waiting already", hint="try again later")
        try:
            if not self._turn.acquire(timeout=self._settings.queue_seconds):
                waited = f"{self._settings.queue_seconds:g} s"
                raise BusyError(f"another write has been going on for {waited}", hint="try again later")
            try:
                return self._exchange(write)
            finally:
                self._turn.release()
        finally:
            self._places.release()

    def close(self) -> None:
        """Ends the process when it has made the write that it is at."""
        with self._turn:
            process, self._process = self._process, None
            if process is not None:
                with contextlib.suppress(OSError), process:
                    pass  # it ends with its input

    def _exchange(self, write: Write) -> Written:
        if self._process is not None and self._process.poll() is not None:
            self._kill()
        if self._process is None:
            # "-P": the folder that the server was started in is no place to import modules from.
            command = [sys.executable, "-P", "-m", "server.writer", str(self._build.path.absolute())]
            self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)  # noqa: S603
        process = self._process
        assert process.stdin is not None and process.stdout is not None  # noqa: S101, PT018
        self._late = False
        timer = threading.Timer(self._settings.update_seconds, self._end_late, [process])
        timer.start()
        reply: Written | CommuniqueError | None = None
        try:
            with contextlib.suppress(EOFError, OSError, pickle.UnpicklingError):
                pickle.dump(write, process.stdin)
                process.stdin.flush()
                reply = pickle.load(process.stdout)  # noqa: S301 - what our own child has written
        finally:
            timer.cancel()
            if reply is None:
                self._kill()
        if reply is None and self._late:
            raise TimeLimitError(
                f"the write was ended after {self._settings.update_seconds:g} s",
                hint="look whether it was made before you send it again",
            )
        if reply is None:
            raise WriteLostError(
                "the process that writes was lost", hint="look whether it was made before you send it again"
            )
        if isinstance(reply, CommuniqueError):
            raise reply
        return reply

    def _end_late(self, process: subprocess.Popen[bytes]) -> None:
        self._late = True
        process.kill()

    def _kill(self) -> None:
        process, self._process = self._process, None
        if process is not None:
            process.kill()
            with contextlib.suppress(OSError), process:
                pass


class States:
    """In which state each graph is, for entity tags. Safe to call from several threads."""

    def __init__(self, build: BuildDirectory) -> None:
        self._build = build
        self._lock = threading.Lock()
        self._stamp = ""
        self._versions: Versions | None = None

    def of(self, graph: str) -> str:
        """The state of ``graph``: what stands there is at least as new."""
        with self._lock:
            if self._versions is None or self._stamp != stamp(self._build):
                self._stamp = stamp(self._build)
                self._versions = Versions(self._build)
            self._versions.refresh()
            return self._versions.state(graph)


@dataclass(frozen=True, slots=True)
class Writes:
    """How the application writes: ``writing`` is None where writes are off."""

    writing: Writing | None
    states: States

    @classmethod
    def open(cls, build: BuildDirectory, settings: Settings) -> Writes:
        """As ``settings`` say."""
        writing: Writing | None = None
        if settings.token:
            writing = ProcessWriting(build, settings) if settings.workers else DirectWriting(build)
        return cls(writing, States(build))


def writes() -> Writes:
    """The writes of the application that answers the present request."""
    found = current_app.extensions[EXTENSION]
    assert isinstance(found, Writes)  # noqa: S101 - for the type checker
    return found


__all__ = [
    "EXTENSION",
    "DirectWriting",
    "GraphChange",
    "GraphWrite",
    "ProcessWriting",
    "States",
    "UpdateWrite",
    "Write",
    "Writes",
    "Writing",
    "perform",
    "writes",
]
