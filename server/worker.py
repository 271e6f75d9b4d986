"""Answers queries, one at a time: within the server's process for tests, else as a process of its own.

As a process (``python -m server.worker``) it reads pickled jobs from its standard input and writes pickled replies to
its standard output, the first of which says that it has opened the store. It ends when its input does.
"""

from __future__ import annotations

import contextlib
import io
import os
import pickle
import queue
import signal
import sys
import threading
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import BinaryIO

from kg_build.build_directory import BuildDirectory
from kg_build.errors import CommuniqueError
from kg_build.store import Ask, Dataset, GraphFormat, GraphResult, Result, ResultFormat, Select, Store, Value
from ontology import PREFIXES
from server.errors import NotAcceptableError, ResultTooLargeError
from server.formats import ResultKind
from server.jobs import Answer, Job, Opened, Reply, Table
from server.negotiate import describe

_KINDS = {Select: ResultKind.SOLUTIONS, Ask: ResultKind.BOOLEAN, GraphResult: ResultKind.GRAPH}


class BoundedBuffer(io.BytesIO):
    """Collects what is written; raises ResultTooLargeError, which ends the query, at more than ``most`` bytes."""

    def __init__(self, most: int) -> None:
        super().__init__()
        self._most = most

    def write(self, chunk: bytes) -> int:  # type: ignore[override] # pyoxigraph writes bytes
        """Adds ``chunk``."""
        if self.tell() + len(chunk) > self._most:
            raise ResultTooLargeError(
                f"the result has more than {self._most:,} bytes, the most that is sent",
                hint="divide the query with LIMIT and OFFSET, or ask for fewer columns",
            )
        return super().write(chunk)


class Answerer:
    """Runs jobs on a store."""

    def __init__(self, store: Store, result_bytes: int) -> None:
        self._store = store
        self._result_bytes = result_bytes

    def answer(self, job: Job) -> Reply:
        """The whole result or its beginning, as ``job`` asks. Raises CommuniqueError where there is none."""
        dataset = None
        if job.default_graphs or job.named_graphs:
            dataset = Dataset(default=job.default_graphs, named=job.named_graphs)
        result = self._store.query(job.query, prefixes=PREFIXES, dataset=dataset, base_iri=job.base_iri)
        kind = _KINDS[type(result)]
        if job.rows is not None:
            return _table(result, kind, job.rows)
        choice = job.choices.get(kind)
        if choice is None:
            raise NotAcceptableError("this result is not to be had in that format", hint=f"there is {describe(kind)}")
        body = BoundedBuffer(self._result_bytes)
        if isinstance(result, GraphResult):
            result.serialize(GraphFormat(choice.format.value), body, PREFIXES)
        else:
            result.serialize(ResultFormat(choice.format.value), body)
        return Answer(kind, choice, body.getvalue())


def _table(result: Result, kind: ResultKind, most: int) -> Table:
    if isinstance(result, Ask):
        return Table(kind, boolean=bool(result))
    columns: tuple[str, ...] = ("subject", "predicate", "object")
    rows: Iterator[tuple[Value | None, ...]]
    if isinstance(result, Select):
        columns, rows = result.variables, result.rows()
    else:
        rows = result.rows()
    shown = tuple(islice(rows, most))
    return Table(kind, columns, shown, more=next(rows, None) is not None)


def main(arguments: list[str]) -> None:
    """Runs the process. ``arguments``: the build's folder, the most bytes of a result, MiB for a query or 0."""
    folder, result_bytes, mebibytes = Path(arguments[0]), int(arguments[1]), int(arguments[2])
    # The terminal sends Ctrl-C to the server's whole process group; the server decides when its workers end.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # What anything else in here prints must not get in between the replies.
    replies = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    try:
        answerer = Answerer(BuildDirectory(folder).open_store(), result_bytes)
    except CommuniqueError as error:
        _send(replies, error)
        return
    if mebibytes:
        _limit_address_space(mebibytes << 20)
    _send(replies, Opened())
    jobs: queue.SimpleQueue[Job] = queue.SimpleQueue()
    threading.Thread(target=_read_jobs, args=(sys.stdin.buffer, jobs), daemon=True).start()
    while True:
        job = jobs.get()
        try:
            _send(replies, answerer.answer(job))
        except CommuniqueError as error:
            _send(replies, error)


def _read_jobs(stream: BinaryIO, jobs: queue.SimpleQueue[Job]) -> None:
    """Passes the jobs on; ends the process with its input, in the midst of a query too: it outlives no server."""
    with contextlib.suppress(EOFError):
        while True:
            jobs.put(pickle.load(stream))  # noqa: S301 - what our own parent has written
    os._exit(0)


def _send(stream: BinaryIO, message: Reply | Opened | CommuniqueError) -> None:
    pickle.dump(message, stream, protocol=pickle.HIGHEST_PROTOCOL)
    stream.flush()


def _limit_address_space(more: int) -> None:
    """Lets the process take ``more`` bytes of address space than it has now.

    How much it has depends on the machine: the engine starts threads for each core, and each sets some aside.
    """
    try:
        import resource

        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
    except (ImportError, OSError):  # neither is there on every system
        return
    most = pages * resource.getpagesize() + more
    resource.setrlimit(resource.RLIMIT_AS, (most, most))


if __name__ == "__main__":
    main(sys.argv[1:])
