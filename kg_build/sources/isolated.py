"""Processes that take the text out of files, so that a file that is built to harm costs nothing but itself.

Each has a bounded memory and one file at a time. They work ahead of who reads their results, who gets them in the order
of the files; how far ahead, the pipes bound.
"""

from __future__ import annotations

import multiprocessing
import signal
from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import suppress
from multiprocessing.connection import Connection
from types import TracebackType
from typing import Final, Self

from kg_build.model import Document
from kg_build.sources.records import Limits, Metadata, SetAside
from kg_build.sources.sidecar import stem
from kg_build.sources.source_file import SourceFile

_MEMORY: Final = 3 << 30  # bytes of address space that a process may have
_STARTUP_SECONDS: Final = 120.0
_READY: Final = "ready"
_END: Final = "end"


class Converters:
    """A set of such processes, started when the first file needs them. Use it as a context manager."""

    def __init__(self, files: Sequence[SourceFile], defaults: Metadata, limits: Limits, *, jobs: int) -> None:
        self._ahead = deque(files)
        self._defaults = defaults
        self._limits = limits
        self._number = max(1, min(jobs, len(files)))
        self._working: deque[_Process] = deque()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        for process in self._working:
            process.stop()
        self._working.clear()

    def next_file(self) -> Iterator[Document | SetAside]:
        """What the next of the files gives, to its end."""
        while len(self._working) < self._number and self._ahead:
            self._working.append(self._give(_Process(self._defaults, self._limits)))
        process = self._working.popleft()
        yield from process.results(self._limits.seconds)
        if self._ahead:
            self._working.append(self._give(process if process.alive else _Process(self._defaults, self._limits)))
        else:
            process.stop()

    def _give(self, process: _Process) -> _Process:
        process.give(self._ahead.popleft())
        return process


class _Process:
    def __init__(self, defaults: Metadata, limits: Limits) -> None:
        context = multiprocessing.get_context("spawn")
        self._connection, theirs = context.Pipe()
        self._process = context.Process(target=_work, args=(theirs, defaults, limits), daemon=True)
        self._process.start()
        theirs.close()
        self._file: SourceFile | None = None
        self._starting = True
        self.alive = True

    def give(self, file: SourceFile) -> None:
        """Hands over a file. That the process is dead shows when its results are waited for."""
        self._file = file
        with suppress(OSError):
            self._connection.send(file)

    def results(self, seconds: float) -> Iterator[Document | SetAside]:
        """The results of the file that it was given; after its end or a failure, that of the process included."""
        assert self._file is not None  # noqa: S101 -- next_file() gives one before it asks
        while True:
            limit = _STARTUP_SECONDS if self._starting else seconds
            try:
                found = self._connection.recv() if self._connection.poll(limit) else None
            except (EOFError, OSError):
                yield self._failed(
                    f"taking its text out ended the process ({self._ending()})", "it may be built to harm"
                )
                return
            if found == _READY:
                self._starting = False
            elif found == _END:
                return
            elif isinstance(found, Document | SetAside):
                yield found
            else:
                reason = f"taking its text out took longer than {seconds:g} seconds"
                yield self._failed(reason, "it may be built to harm; else convert it to text")
                return

    def _failed(self, reason: str, hint: str) -> SetAside:
        assert self._file is not None  # noqa: S101 -- see results()
        self.stop()
        return SetAside(self._file.path, reason, hint, id=stem(self._file.path))

    def _ending(self) -> str:
        self._process.join(timeout=5)
        code = self._process.exitcode
        if code is not None and code < 0:
            return signal.strsignal(-code) or f"signal {-code}"
        return f"exit code {code}"

    def stop(self) -> None:
        """Ends the process."""
        if self.alive:
            self.alive = False
            self._connection.close()
            self._process.kill()
            self._process.join()
            self._process.close()


def _work(connection: Connection, defaults: Metadata, limits: Limits) -> None:
    """The process's life: a file at a time until the pipe is closed."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the main process's to handle
    from kg_build.sources.convert import convert  # what it needs is loaded in these processes alone

    _limit_resources()
    with suppress(EOFError, OSError):  # the main process has ended
        connection.send(_READY)
        while True:
            file: SourceFile = connection.recv()
            try:
                for found in convert(file, defaults, limits):
                    connection.send(found)
            except MemoryError:
                reason = "taking its text out needs more memory than a document may have"
                connection.send(SetAside(file.path, reason, "it may be built to harm", id=stem(file.path)))
            except (EOFError, BrokenPipeError, ConnectionError):
                raise
            except Exception as error:  # noqa: BLE001 -- the edge of the process: one file's failure must not end the build
                reason = f"taking its text out failed: {type(error).__name__}: {' '.join(str(error).split())[:200]}"
                connection.send(SetAside(file.path, reason, "please report it", id=stem(file.path)))
            connection.send(_END)


def _limit_resources() -> None:
    """Bounds the memory of this process and forbids it to write files, where the system can."""
    try:
        import resource
    except ImportError:  # Windows has no such limits; the one on time holds there too
        return
    for kind, most in ((resource.RLIMIT_AS, _MEMORY), (resource.RLIMIT_FSIZE, 0), (resource.RLIMIT_CORE, 0)):
        with suppress(ValueError, OSError):
            resource.setrlimit(kind, (most, resource.getrlimit(kind)[1]))


__all__ = ["Converters"]
