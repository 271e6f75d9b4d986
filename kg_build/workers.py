"""Processes that read documents, so that all cores work and a document that ends its process costs only itself.

Each worker loads the reader once and has one document at a time, so it is known which document it was when one ends.
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

from kg_build.errors import CommuniqueError, UnavailableError
from kg_build.model import Document, ReaderVersion
from kg_build.reading import DocumentGraphRecord, DocumentReader, ReaderFactory
from kg_build.sources import SetAside

_STARTUP_SECONDS: Final = 300
_KILLED: Final = -9  # by SIGKILL, which not every system names
_AHEAD: Final = 64  # documents that may be done before one that comes earlier in the input: bounds the memory


@dataclass(frozen=True, slots=True)
class Failure:
    """A document that could not be read, and why."""

    document: Document
    reason: str
    hint: str | None = None


Outcome = DocumentGraphRecord | Failure | SetAside
"""What becomes of one input, in the order of the inputs."""


@dataclass(frozen=True, slots=True)
class _Unready:
    """A worker's word that it could not load the reader."""

    reason: str
    hint: str | None


class Workers:
    """A set of reading processes. Use it as a context manager; they end with the block.

    ``make_reader`` must be a function that can be imported, because new processes import it. ``timeout`` is the time
    in seconds that one document may take. Raises UnavailableError where the reader cannot be loaded.
    """

    def __init__(self, make_reader: ReaderFactory, base: str, *, jobs: int, timeout: float) -> None:
        self._make_reader = make_reader
        self._base = base
        self._timeout = timeout
        self._workers: list[_Worker] = []
        try:
            self._workers += [_Worker(make_reader, base) for _ in range(jobs)]
            versions = [worker.wait_until_ready() for worker in self._workers]
        except BaseException:
            self._stop()
            raise
        self.version: ReaderVersion = versions[0]

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._stop()

    def run(self, inputs: Iterator[Document | SetAside]) -> Iterator[Outcome]:
        """What becomes of each of ``inputs``, in their order; they are taken only as workers become free."""
        done: dict[int, Outcome] = {}
        taken = given = 0
        more = True
        while True:
            while more and taken - given < _AHEAD and (idle := self._idle()):
                item = next(inputs, None)
                if item is None:
                    more = False
                elif isinstance(item, SetAside):
                    done[taken] = item
                    taken += 1
                else:
                    idle.give(taken, item)
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
            number, document = worker.task
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
        fresh = _Worker(self._make_reader, self._base)
        self._workers[self._workers.index(worker)] = fresh
        fresh.wait_until_ready()

    def _stop(self) -> None:
        for worker in self._workers:
            worker.stop()


class _Worker:
    """One process and the pipe to it."""

    def __init__(self, make_reader: ReaderFactory, base: str) -> None:
        context = multiprocessing.get_context("spawn")
        self.connection, theirs = context.Pipe()
        self._process = context.Process(target=_work, args=(theirs, make_reader, base), daemon=True)
        self._process.start()
        theirs.close()
        self._task: tuple[int, Document] | None = None
        self.since = 0.0

    @property
    def busy(self) -> bool:
        return self._task is not None

    @property
    def task(self) -> tuple[int, Document]:
        if self._task is None:
            raise LookupError("this worker has nothing to do")
        return self._task

    def wait_until_ready(self) -> ReaderVersion:
        """Waits until the reader is loaded and returns its version. Raises UnavailableError."""
        try:
            answer = self.connection.recv() if self.connection.poll(_STARTUP_SECONDS) else None
        except (EOFError, OSError):
            answer = None
        if isinstance(answer, ReaderVersion):
            return answer
        if isinstance(answer, _Unready):
            raise UnavailableError(f"the reader cannot be loaded: {answer.reason}", hint=answer.hint)
        raise UnavailableError("the reader cannot be loaded: its process ended", hint="is there enough memory?")

    def give(self, number: int, document: Document) -> None:
        """Hands over a document. That the process is dead shows when its answer is waited for."""
        self._task = number, document
        self.since = time.monotonic()
        with suppress(OSError):
            self.connection.send(document)

    def receive(self) -> DocumentGraphRecord | Failure | None:
        """The answer, or None where the process ended without one."""
        try:
            answer = self.connection.recv()
        except (EOFError, OSError):
            return None
        self._task = None
        return answer if isinstance(answer, DocumentGraphRecord | Failure) else None

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


def _work(connection: Connection, make_reader: ReaderFactory, base: str) -> None:
    """The worker's life: load the reader, then a document at a time until the pipe is closed."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the main process's to handle
    try:
        reader = DocumentReader(make_reader, base)
        connection.send(reader.version)
    except CommuniqueError as error:
        connection.send(_Unready(str(error.what), error.hint))
        return
    except Exception as error:  # noqa: BLE001 -- the edge of the process: whatever it is, the main one reports it
        connection.send(_Unready(_described(error), None))
        return
    with suppress(EOFError, OSError):  # the main process has ended
        while True:
            document = connection.recv()
            connection.send(_outcome(reader, document))


def _outcome(reader: DocumentReader, document: Document) -> DocumentGraphRecord | Failure:
    try:
        return reader.process(document)
    except CommuniqueError as error:
        return Failure(document, error.what, error.hint)
    except Exception as error:  # noqa: BLE001 -- one document's failure must not end the build
        return Failure(document, f"reading it failed: {_described(error)}")


def _described(error: Exception) -> str:
    """An error and the place that raised it, in one line."""
    at = error.__traceback__
    while at and at.tb_next:
        at = at.tb_next
    where = f" ({at.tb_frame.f_code.co_filename.rpartition('/')[2]}:{at.tb_lineno})" if at else ""
    return f"{type(error).__name__}: {' '.join(str(error).split())}{where}"


__all__ = ["Failure", "Outcome", "Workers"]
