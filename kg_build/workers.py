"""Processes that do the work on documents, so that all cores work and one that ends its process costs only itself.

Each worker loads what it needs once and has one document at a time, so it is known which it was when one ends.
"""

from __future__ import annotations

import multiprocessing
import signal
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from types import TracebackType
from typing import Final, Self

from kg_build.documents import Failure, Made, Read
from kg_build.errors import CommuniqueError, UnavailableError
from kg_build.model import ReaderVersion
from kg_build.reading import DocumentReader, Done, ReaderFactory, Task

_STARTUP_SECONDS: Final = 300
_KILLED: Final = -9  # by SIGKILL, which not every system names
_AHEAD: Final = 64  # documents that may be done before one that comes earlier in the input: bounds the memory


Outcome = Done | Failure
"""What becomes of one task, in the order of the tasks."""


@dataclass(frozen=True, slots=True)
class _Unready:
    """A worker's word that it could not load the reader."""

    reason: str
    hint: str | None = None


class Workers:
    """A set of processes. Use it as a context manager; they end with the block.

    ``make_reader`` must be a function that can be imported, because new processes import it. ``timeout`` is the time
    in seconds that one document may take. The first process begins to load the reader at once where ``read`` is true;
    the others, ``jobs`` in all, are started when there is work for them.
    """

    def __init__(self, make_reader: ReaderFactory, base: str, *, jobs: int, timeout: float, read: bool = True) -> None:
        self._make_reader = make_reader
        self._base = base
        self._jobs = jobs
        self._timeout = timeout
        self._read = read
        self._workers: list[_Worker] = []
        if read:
            self._start()

    @property
    def version(self) -> ReaderVersion:
        """The reader's version. Waits until it is loaded; raises UnavailableError where it cannot be."""
        found = self._workers[0].wait_until_ready()
        if found is None:
            raise LookupError("these workers read nothing")
        return found

    def _start(self) -> _Worker:
        worker = _Worker(self._make_reader, self._base, read=self._read)
        self._workers.append(worker)
        return worker

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._stop()

    def run(self, tasks: Iterator[Task], number: int) -> Iterator[Outcome]:
        """What becomes of each of ``tasks``, of which there are ``number``, in their order.

        They are taken only as workers become free. Raises UnavailableError where a worker cannot load the reader.
        """
        while len(self._workers) < min(self._jobs, number):
            self._start()
        done: dict[int, Outcome] = {}
        taken = given = 0
        more = number > 0
        while True:
            while more and taken - given < _AHEAD and (idle := self._idle()):
                task = next(tasks, None)
                if task is None:
                    more = False
                else:
                    idle.wait_until_ready()
                    idle.give(taken, task)
                    taken += 1
            while given in done:
                yield done.pop(given)
                given += 1
            if given == taken and not more:
                return
            if any(worker.busy for worker in self._workers):
                self._collect(done)

    def _idle(self) -> _Worker | None:
        return next((worker for worker in self._workers if not worker.busy), None)

    def _collect(self, done: dict[int, Outcome]) -> None:
        """Waits until some worker has an answer, is dead, or is out of time."""
        busy = [worker for worker in self._workers if worker.busy]
        first_deadline = min(worker.since for worker in busy) + self._timeout
        ready = wait([worker.connection for worker in busy], max(0.0, first_deadline - time.monotonic()))
        for worker in busy:
            number, task = worker.task
            document = task.document
            if worker.connection in ready:
                answer = worker.receive()
                if answer is None:
                    hint = "it may need more memory than there is" if worker.exit_code() == _KILLED else None
                    answer = Failure(document, f"reading it ended the process ({worker.ending()})", hint)
                    self._renew(worker)
                done[number] = answer
            elif time.monotonic() - worker.since > self._timeout:
                reason = f"reading it took longer than {self._timeout:g} seconds"
                self._renew(worker)
                done[number] = Failure(document, reason, "divide the document, or raise --timeout")

    def _renew(self, worker: _Worker) -> None:
        worker.stop()
        fresh = _Worker(self._make_reader, self._base, read=self._read)
        self._workers[self._workers.index(worker)] = fresh
        fresh.wait_until_ready()

    def _stop(self) -> None:
        for worker in self._workers:
            worker.stop()


class _Worker:
    """One process and the pipe to it."""

    def __init__(self, make_reader: ReaderFactory, base: str, *, read: bool) -> None:
        context = multiprocessing.get_context("spawn")
        self.connection, theirs = context.Pipe()
        self._process = context.Process(target=_work, args=(theirs, make_reader, base, read), daemon=True)
        self._process.start()
        theirs.close()
        self._task: tuple[int, Task] | None = None
        self._ready = False
        self._version: ReaderVersion | None = None
        self.since = 0.0

    @property
    def busy(self) -> bool:
        return self._task is not None

    @property
    def task(self) -> tuple[int, Task]:
        if self._task is None:
            raise LookupError("this worker has nothing to do")
        return self._task

    def wait_until_ready(self) -> ReaderVersion | None:
        """Waits until the process has begun and returns the version of the reader, if it loads one.

        Raises UnavailableError.
        """
        if self._ready:
            return self._version
        try:
            answer = self.connection.recv() if self.connection.poll(_STARTUP_SECONDS) else _Unready("it takes too long")
        except (EOFError, OSError):
            raise UnavailableError(
                "the reader cannot be loaded: its process ended", hint="is there enough memory?"
            ) from None
        if isinstance(answer, _Unready):
            raise UnavailableError(f"the reader cannot be loaded: {answer.reason}", hint=answer.hint)
        self._ready, self._version = True, answer
        return self._version

    def give(self, number: int, task: Task) -> None:
        """Hands over a task. That the process is dead shows when its answer is waited for."""
        self._task = number, task
        self.since = time.monotonic()
        with suppress(OSError):
            self.connection.send(task)

    def receive(self) -> Outcome | None:
        """The answer, or None where the process ended without one."""
        try:
            answer = self.connection.recv()
        except (EOFError, OSError):
            return None
        self._task = None
        return answer if isinstance(answer, Read | Made | Failure) else None

    def exit_code(self) -> int | None:
        """The process's exit code, negative for a signal."""
        self._process.join(timeout=5)
        return self._process.exitcode

    def ending(self) -> str:
        """How the process ended, in words."""
        code = self.exit_code()
        if code is not None and code < 0:
            return signal.strsignal(-code) or f"signal {-code}"
        return f"exit code {code}"

    def stop(self) -> None:
        """Ends the process."""
        self.connection.close()
        self._process.kill()
        self._process.join()
        self._process.close()


def _work(connection: Connection, make_reader: ReaderFactory, base: str, read: bool) -> None:
    """The worker's life: load the reader, then a task at a time until the pipe is closed."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the main process's to handle
    with suppress(EOFError, OSError):  # the main process has ended
        reader = DocumentReader(make_reader, base)
        try:
            connection.send(reader.version if read else None)
        except CommuniqueError as error:
            connection.send(_Unready(str(error.what), error.hint))
            return
        except Exception as error:  # noqa: BLE001 -- the edge of the process: whatever it is, the main one reports it
            connection.send(_Unready(_described(error), None))
            return
        while True:
            connection.send(_outcome(reader, connection.recv()))


def _outcome(reader: DocumentReader, task: Task) -> Outcome:
    try:
        return reader.do(task)
    except CommuniqueError as error:
        return Failure(task.document, error.what, error.hint)
    except Exception as error:  # noqa: BLE001 -- one document's failure must not end the build
        return Failure(task.document, f"reading it failed: {_described(error)}")


def _described(error: Exception) -> str:
    """An error and the place that raised it, in one line."""
    at = error.__traceback__
    while at and at.tb_next:
        at = at.tb_next
    where = f" ({at.tb_frame.f_code.co_filename.rpartition('/')[2]}:{at.tb_lineno})" if at else ""
    return f"{type(error).__name__}: {' '.join(str(error).split())}{where}"


__all__ = ["Outcome", "Workers"]
