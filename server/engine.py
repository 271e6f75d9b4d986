"""Runs queries where they can do no harm: in child processes that are ended when a query takes too long or too much.

The store's engine can neither be cancelled nor kept from using up the memory, and it can be crashed. So each worker
process opens the store read-only and answers one query at a time over its pipes (``server.worker``); the result comes
back whole or not at all. A worker that is lost costs its own client an error, and the next query gets a new one.
"""

from __future__ import annotations

import contextlib
import hashlib
import math
import pickle
import queue
import subprocess
import sys
import threading
import time
from typing import Final, Protocol

from kg_build.build_directory import BuildDirectory
from kg_build.errors import CommuniqueError, StoreError
from server.errors import BusyError, StaleStoreError, TimeLimitError, WorkerLostError
from server.jobs import Job, Opened, Reply
from server.settings import Settings
from server.worker import Answerer

START_SECONDS: Final = 30.0
"""How long a worker may take to open the store."""
TICK_SECONDS: Final = 0.05
"""How often the time limit is looked at. (A timer for each query would cost more than most queries do.)"""


class QueryEngine(Protocol):
    """Answers queries. Safe to call from several threads."""

    def run(self, job: Job) -> Reply:
        """The whole result. Raises CommuniqueError with the reason where there is none."""

    def busy(self) -> int:
        """How many queries run at the moment."""

    def close(self) -> None:
        """Ends what runs."""


class DirectEngine:
    """Runs queries in this process, one at a time, with no limit on their time and memory: for tests."""

    def __init__(self, build: BuildDirectory, settings: Settings) -> None:
        self._build = build
        self._result_bytes = settings.result_bytes
        self._opened = build.current_store
        self._answerer = Answerer(build.open_store(), settings.result_bytes)
        self._lock = threading.Lock()

    def run(self, job: Job) -> Reply:
        """The whole result, from the graph as it is after the latest write."""
        with self._lock:
            if self._opened != self._build.current_store:
                self._opened = self._build.current_store
                self._answerer = Answerer(self._build.open_store(), self._result_bytes)
            return self._answerer.answer(job)

    def busy(self) -> int:
        """1 while a query runs."""
        return int(self._lock.locked())

    def close(self) -> None:
        """Nothing to end."""


class PooledEngine:
    """Runs queries in ``settings.workers`` child processes. Raises StoreError where they cannot open the store."""

    def __init__(self, build: BuildDirectory, settings: Settings) -> None:
        self._settings = settings
        self._idle: queue.LifoQueue[_Worker] = queue.LifoQueue()
        # Without a bound, waiting queries would take up all of the server's threads.
        self._places = threading.BoundedSemaphore(settings.workers + settings.queue_length)
        self._closed = threading.Event()
        stamp = _stamp(build)
        self._workers = [_Worker(build, stamp, settings) for _ in range(settings.workers)]
        threading.Thread(target=self._watch, name="time limit", daemon=True).start()
        try:
            for worker in self._workers:
                worker.start()
            for worker in self._workers:
                worker.wait_until_open()
        except BaseException:
            self.close()
            raise
        for worker in self._workers:
            self._idle.put(worker)

    def run(self, job: Job) -> Reply:
        """The whole result. Raises BusyError, TimeLimitError, WorkerLostError, or what the query itself deserves."""
        if not self._places.acquire(blocking=False):
            raise BusyError("too many queries are waiting already", hint="try again later")
        try:
            worker = self._idle.get(timeout=self._settings.queue_seconds)
            try:
                return worker.ask(job)
            finally:
                self._idle.put(worker)
        except queue.Empty:
            raise BusyError(
                f"all {self._settings.workers} workers have been busy for {self._settings.queue_seconds:g} s",
                hint="try again later",
            ) from None
        finally:
            self._places.release()

    def busy(self) -> int:
        """How many workers run a query."""
        return len(self._workers) - self._idle.qsize()

    def close(self) -> None:
        """Ends the workers, and what they run."""
        self._closed.set()
        for worker in self._workers:
            worker.close()

    def _watch(self) -> None:
        while not self._closed.wait(TICK_SECONDS):
            for worker in self._workers:
                worker.end_if_late()


class _Worker:
    """A child process, started again for the next query after it was lost. Used by one thread at a time."""

    def __init__(self, build: BuildDirectory, stamp: str, settings: Settings) -> None:
        self._build = build
        self._stamp = stamp
        self._opened = build.current_store
        self._settings = settings
        self._process: subprocess.Popen[bytes] | None = None
        self._lock = threading.Lock()
        self._deadline = math.inf
        self._late = False
        self._closed = False

    def start(self) -> None:
        """Starts the process, without waiting for it to open the store."""
        # "-P": the folder that the server was started in is no place to import modules from.
        command = [sys.executable, "-P", "-m", "server.worker", str(self._build.path.absolute())]
        command += [str(self._settings.result_bytes), str(self._settings.worker_mebibytes)]
        with self._lock:
            if self._closed:
                raise WorkerLostError("the server is ending", hint="ask again when it is back")
            self._opened = self._build.current_store
            self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)  # noqa: S603

    def wait_until_open(self) -> None:
        """Waits until the process can take jobs. Raises StoreError where the store cannot be opened or is another."""
        try:
            self._exchange(None, START_SECONDS)
        except (TimeLimitError, WorkerLostError) as error:
            raise StoreError(
                "a worker could not open the store", where=str(self._build.store), hint="see the server's log"
            ) from error
        if _stamp(self._build) != self._stamp:
            self.stop()
            raise StaleStoreError("the graph was built anew while the server ran", hint="restart the server")

    def ask(self, job: Job) -> Reply:
        """The process's reply; where there is no process, one is started first."""
        written = self._opened != self._build.current_store
        if self._process is not None and (written or self._process.poll() is not None):
            self.stop()
        if self._process is None:
            self.start()
            self.wait_until_open()
        reply = self._exchange(job, self._settings.query_seconds)
        assert not isinstance(reply, Opened)  # noqa: S101 - the first word alone
        return reply

    def stop(self) -> None:
        """Ends the process, whatever it does."""
        process, self._process = self._process, None
        if process is not None:
            process.kill()
            # Closes the pipes and waits; what a lost process has not read is of no interest.
            with contextlib.suppress(OSError), process:
                pass

    def close(self) -> None:
        """Ends the process for good. Called by another thread than the one that asks."""
        with self._lock:
            self._closed = True
        self.stop()

    def end_if_late(self) -> None:
        """Kills the process where it has worked past its deadline. Called by another thread than the one that asks."""
        with self._lock:
            if time.monotonic() > self._deadline and self._process is not None:
                self._late = True
                self._process.kill()

    def _exchange(self, job: Job | None, seconds: float) -> Reply | Opened:
        """What the process says, to ``job`` if there is one. Raises its errors, TimeLimitError or WorkerLostError."""
        process = self._process
        if process is None:  # ended by ``close`` since
            raise WorkerLostError("the server is ending", hint="ask again when it is back")
        assert process.stdin is not None and process.stdout is not None  # noqa: S101, PT018
        with self._lock:
            self._deadline, self._late = time.monotonic() + seconds, False
        reply: Reply | Opened | CommuniqueError | None = None
        # ValueError: the pipe was closed by ``stop``, as the server ends, between two reads.
        with contextlib.suppress(EOFError, OSError, ValueError, pickle.UnpicklingError):
            if job is not None:
                pickle.dump(job, process.stdin)
                process.stdin.flush()
            reply = pickle.load(process.stdout)  # noqa: S301 - what our own child has written
        with self._lock:
            late, self._deadline = self._late, math.inf
        if late or reply is None:
            self.stop()
        if reply is None and late:
            raise TimeLimitError(
                f"the query was ended after {seconds:g} s", hint="narrow it down, or put a LIMIT into a sub-select"
            )
        if reply is None:
            raise WorkerLostError(
                "the query brought its worker down, most likely for want of memory", hint="narrow it down"
            )
        if isinstance(reply, CommuniqueError):
            raise reply
        return reply


def _stamp(build: BuildDirectory) -> str:
    """What tells a build from one that takes its place."""
    return hashlib.sha256(build.manifest.read_bytes()).hexdigest()


def open_engine(build: BuildDirectory, settings: Settings) -> QueryEngine:
    """The engine that ``settings`` ask for. Raises StoreError where the store cannot be opened."""
    if settings.workers:
        return PooledEngine(build, settings)
    return DirectEngine(build, settings)


__all__ = ["DirectEngine", "PooledEngine", "QueryEngine", "open_engine"]
