"""The one who writes: one write at a time, durable when it returns, seen by readers whole or not at all.

A write is made on a copy of the store that no reader sees, noted in the journal, and shown as a new snapshot. Until it
stands in the journal it has not happened; from then on it is never lost, since whoever writes next makes it again from
there. Several processes may each have a writer: they take turns, and each first makes the others' writes in its copy.
"""

from __future__ import annotations

import contextlib
import hashlib
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

from kg_build.build_directory import BuildDirectory
from kg_build.errors import CommuniqueError, StoreError
from kg_build.locks import LockedError
from kg_build.store.live import LiveStore, Payload, parse_payloads
from kg_build.store.updating import Update, run_update
from kg_build.writes.delta import Delta, Line

OWN: Final = "graph/default"
"""What the IRI of the graph that holds the default graph's own triples has after the base."""
PATIENCE: Final = 60.0
"""Seconds that a write waits for others."""


class ConditionError(CommuniqueError):
    """A graph is not in the state in which alone it was to be changed."""

    http_status = 412


class MissingGraphError(CommuniqueError):
    """There is no graph of that name."""

    http_status = 404


@dataclass(frozen=True, slots=True)
class Condition:
    """In which state a graph must be to be changed (RFC 9110, section 13.1).

    ``any_of`` are states of which it must have one, ``none_of`` those that it must not have; there, ``*`` is any state
    of a graph that is there. None sets no condition.
    """

    any_of: frozenset[str] | None = None
    none_of: frozenset[str] | None = None


@dataclass(frozen=True, slots=True)
class Written:
    """A write that was made: its number, and whether there was no such graph before."""

    number: int
    created: bool = False


class Versions:
    """In which state each graph is: a text that is another one after each change."""

    def __init__(self, build: BuildDirectory) -> None:
        self._stamp = stamp(build)
        self._journal = build.writes.journal
        self._numbers: dict[str, int] = {}
        self._end = 0

    def refresh(self) -> None:
        """Takes in what was written since."""
        for record in self._journal.read(self._end):
            self.note(record.number, record.delta)
            self._end = record.end

    def note(self, number: int, delta: Delta) -> None:
        """Takes in one write."""
        self._numbers |= dict.fromkeys(delta.graphs(), number)

    def state(self, graph: str) -> str:
        """The state of ``graph``."""
        return f"{self._stamp[:12]}.{self._numbers.get(graph, 0)}"


class Writer:
    """Writes to a build. For one thread at a time. Each write raises StoreError where the disk does not take it."""

    def __init__(self, build: BuildDirectory) -> None:
        self._build = build
        self._open: _Open | None = None

    def recover(self) -> None:
        """Shows what stands in the journal and in no snapshot, because a writer was killed in between."""
        with self._turn():
            pass

    def update(self, update: Update, condition: Condition | None = None) -> Written:
        """Runs a SPARQL update; ``condition`` is about ``update.graph``. Raises QueryError, ConditionError."""
        with self._turn() as opened:
            if update.graph is not None and condition is not None:
                opened.check(update.graph, condition)
            created = update.graph is not None and not opened.live.has_graph(update.graph)
            return opened.commit(run_update(opened.live, update), created=created)

    def put(self, graph: str | None, payloads: tuple[Payload, ...], condition: Condition | None = None) -> Written:
        """Puts what was sent in the place of a graph (None: the default graph). Raises InputError, ConditionError."""

        def change(_: LiveStore, name: str) -> Delta:
            return Delta(cleared=(name,), added=parse_payloads(payloads, name), created=(name,))

        return self._write(graph, change, condition)

    def add(self, graph: str | None, payloads: tuple[Payload, ...], condition: Condition | None = None) -> Written:
        """Adds what was sent to a graph (None: to the default graph). Raises InputError, ConditionError."""

        def change(live: LiveStore, name: str) -> Delta:
            lines: tuple[Line, ...] = parse_payloads(payloads, name)
            created = () if live.has_graph(name) else (name,)
            return Delta(added=tuple(line for line in lines if not live.holds(line)), created=created)

        return self._write(graph, change, condition)

    def drop(self, graph: str | None, condition: Condition | None = None) -> Written:
        """Removes a graph (None: empties the default graph). Raises MissingGraphError, ConditionError."""

        def change(live: LiveStore, name: str) -> Delta:
            if graph is not None and not live.has_graph(name):
                raise MissingGraphError(f"there is no graph {name}")
            return Delta(cleared=(name,), dropped=(name,))

        return self._write(graph, change, condition)

    def close(self) -> None:
        """Lets go of the store."""
        if self._open is not None:
            self._open.close()
        self._open = None

    def _write(
        self, graph: str | None, change: Callable[[LiveStore, str], Delta], condition: Condition | None
    ) -> Written:
        with self._turn() as opened:
            name = graph or opened.live.own
            if condition is not None:
                opened.check(name, condition)
            created = graph is not None and not opened.live.has_graph(name)
            delta = change(opened.live, name)
            opened.live.apply(delta)
            return opened.commit(delta, created=created)

    @contextlib.contextmanager
    def _turn(self) -> Iterator[_Open]:
        """The store, with all writes so far; it is thrown away if something is raised."""
        try:
            with self._build.writes.turn(PATIENCE):
                if self._open is not None and self._open.stamp != stamp(self._build):
                    self.close()  # the graph was built anew
                try:
                    if self._open is None:
                        self._open = _Open(self._build)
                    self._open.catch_up()
                    yield self._open
                except BaseException:
                    self.close()
                    raise
        except LockedError as error:
            raise StoreError("somebody else is writing", where=str(self._build.path), hint="try again later") from error
        except OSError as error:
            raise StoreError(f"cannot be written: {error.strerror}", where=str(self._build.path)) from error


class _Open:
    """A copy of the store, opened for writing, and how far it has come in the journal."""

    def __init__(self, build: BuildDirectory) -> None:
        self.stamp = stamp(build)
        self._folder = build.writes
        self._folder.tidy()
        self._versions = Versions(build)
        latest = self._folder.latest()
        self._shown = latest.number if latest else 0
        self._number = 0
        self._end = 0
        base = build.read_manifest().base
        self._live = self._folder.live()
        self.live = LiveStore.copy_of(build.current_store, self._live, base + OWN)

    def catch_up(self) -> None:
        """Makes the writes of others, and shows those that no snapshot shows."""
        for record in self._folder.journal.read(self._end):
            if record.number > self._shown:
                self.live.apply(record.delta)
                self.live.index(record.delta)
            self._versions.note(record.number, record.delta)
            self._number, self._end = record.number, record.end
        latest = self._folder.latest()
        if self._number > (latest.number if latest else 0):
            self._show()

    def check(self, graph: str, condition: Condition) -> None:
        """Raises ConditionError where ``graph`` is not as ``condition`` wants it."""
        state = self._versions.state(graph)
        held = {state, "*"} if graph == self.live.own or self.live.has_graph(graph) else set()
        wanted, unwanted = condition.any_of, condition.none_of
        if (wanted is not None and not held & wanted) or (unwanted is not None and held & unwanted):
            raise ConditionError(f"the graph {graph} has changed or is not there", hint="get it again")

    def commit(self, delta: Delta, *, created: bool) -> Written:
        """Makes a change that was applied one that is never lost, and shows it."""
        if delta:
            number = self._number + 1
            self._end = self._folder.journal.append(number, delta, self._end)
            self._number = number
            self._versions.note(number, delta)
            self.live.index(delta)
            self._show()
        return Written(self._number, created=created)

    def close(self) -> None:
        """Lets go of the copy and removes it."""
        self.live.close()
        shutil.rmtree(self._live, ignore_errors=True)

    def _show(self) -> None:
        self.live.snapshot(self._folder.unfinished(self._number))
        self._folder.publish(self._number)


@contextlib.contextmanager
def carried_over(previous: BuildDirectory, build: BuildDirectory) -> Iterator[None]:
    """Makes all writes to ``previous`` in ``build`` too, and keeps others from writing until the block ends.

    ``build`` is to be put in the place of ``previous`` within the block: from then on it is written to. Raises
    StoreError.
    """
    try:
        with previous.writes.turn(PATIENCE):
            if previous.writes.journal.file.exists():
                build.writes.path.mkdir()
                shutil.copyfile(previous.writes.journal.file, build.writes.journal.file)
                opened = _Open(build)
                try:
                    opened.catch_up()
                finally:
                    opened.close()
            yield
    except LockedError as error:
        raise StoreError("somebody is writing", where=str(previous.path), hint="try again later") from error


def stamp(build: BuildDirectory) -> str:
    """What tells a build from one that takes its place."""
    return hashlib.sha256(build.manifest.read_bytes()).hexdigest()


__all__ = [
    "OWN",
    "Condition",
    "ConditionError",
    "MissingGraphError",
    "Versions",
    "Writer",
    "Written",
    "carried_over",
    "stamp",
]
