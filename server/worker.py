"""Answers queries, one at a time: within the server's process for tests, else in a child that the nursery forks.

A child reads jobs from its socket and writes frames (``server.wire``); it ends when its socket does.
"""

from __future__ import annotations

import os
import signal
import socket
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import BinaryIO, Final, cast

from kg_build.errors import CommuniqueError
from kg_build.query_guard import QueryLimits
from kg_build.store import Ask, Dataset, GraphFormat, GraphResult, Result, ResultFormat, Select, Store, Value
from ontology import PREFIXES
from server.errors import NotAcceptableError, ResultTooLargeError
from server.formats import Format, ResultKind
from server.jobs import Answer, Job, Reply, Table
from server.negotiate import Choice, describe
from server.settings import Settings
from server.wire import HEADER, KINDS, Frame, frame, pack_object, unpack_job

_KINDS: Final = {Select: ResultKind.SOLUTIONS, Ask: ResultKind.BOOLEAN, GraphResult: ResultKind.GRAPH}
_ROW_ENDS: Final = {
    Format.JSON: b"}},{",
    Format.XML: b"</result>",
    Format.CSV: b"\r\n",
    Format.TSV: b"\n",
    Format.NTRIPLES: b"\n",
}
"""What ends a row in each format that is written row by row. Texts can hold it too, in JSON and in CSV: a row may be
counted twice then, and no row is missed."""
_PIECE: Final = 128 * 1024
"""Bytes of a result in each frame, once it is sent as it is computed."""


@dataclass(frozen=True, slots=True)
class ResultLimits:
    """Bounds of a result: its bytes and rows, and the bytes up to which it is held back to be sent whole."""

    bytes: int
    rows: int
    whole_bytes: int


class ResultWriter:
    """Takes a result as it is written; raises ResultTooLargeError, which ends the query, where it is too large.

    With ``send`` it passes the result on in pieces once it has more than ``whole_bytes``; without, it keeps it all.
    """

    def __init__(self, limits: ResultLimits, row_end: bytes | None, send: Callable[[bytes], None] | None) -> None:
        self._limits = limits
        self._row_end = row_end
        self._send = send
        self._pieces: list[bytes] = []
        self._held = 0
        self._total = 0
        self._rows = 0
        self._hold = limits.whole_bytes

    def write(self, chunk: bytes) -> int:
        """Adds ``chunk``."""
        size = len(chunk)
        self._total += size
        if self._total > self._limits.bytes:
            raise _too_large(f"{self._limits.bytes:,} bytes")
        if self._row_end is not None:
            self._rows += chunk.count(self._row_end)
            if self._rows > self._limits.rows:
                raise _too_large(f"{self._limits.rows:,} rows")
        self._pieces.append(chunk)
        self._held += size
        if self._send is not None and self._held > self._hold:
            self._send(self.take())
            self._hold = _PIECE
        return size

    def flush(self) -> None:
        """Nothing to do: pieces are sent when there is enough of them."""

    def take(self) -> bytes:
        """What was written and not taken yet."""
        taken = b"".join(self._pieces)
        self._pieces.clear()
        self._held = 0
        return taken


def _too_large(most: str) -> ResultTooLargeError:
    return ResultTooLargeError(
        f"the result has more than {most}, the most that is sent",
        hint="divide the query with LIMIT and OFFSET, or ask for fewer columns",
    )


class Answerer:
    """Runs jobs on a store."""

    def __init__(self, store: Store, limits: ResultLimits, query_limits: QueryLimits | None = None) -> None:
        self._store = store
        self._limits = limits
        self._query_limits = query_limits

    @classmethod
    def of(cls, store: Store, settings: Settings) -> Answerer:
        """One that keeps to the settings."""
        return cls(
            store,
            ResultLimits(settings.result_bytes, settings.result_rows, settings.whole_bytes),
            QueryLimits(settings.query_characters, settings.query_depth, settings.query_steps),
        )

    def answer(self, job: Job) -> Reply:
        """The whole result or its beginning, as ``job`` asks. Raises CommuniqueError where there is none."""
        result, kind, choice = self._run(job)
        if choice is None:
            return _table(result, kind, job.rows or 0)
        body = self._write(result, choice, None)
        return Answer(kind, choice, body.take())

    def answer_frames(self, job: Job, send: Callable[[bytes], None]) -> None:
        """Likewise, passed to ``send`` as frames; a result that is large as it is computed. Raises likewise."""
        result, kind, choice = self._run(job)
        if choice is None:
            send(pack_object(Frame.TABLE, _table(result, kind, job.rows or 0)))
            return
        place = KINDS.index(kind).to_bytes(1, "big")
        begun = False

        def send_piece(piece: bytes) -> None:
            nonlocal begun
            send(frame(Frame.MORE, piece) if begun else frame(Frame.BEGUN, place + piece))
            begun = True

        rest = self._write(result, choice, send_piece).take()
        if begun:
            send(frame(Frame.MORE, rest) + frame(Frame.ENDED))
        else:
            send(frame(Frame.WHOLE, place + rest))

    def _run(self, job: Job) -> tuple[Result, ResultKind, Choice | None]:
        """The result, its kind, and how to send it: None where the job asks for rows."""
        dataset = None
        if job.default_graphs or job.named_graphs:
            dataset = Dataset(default=job.default_graphs, named=job.named_graphs)
        result = self._store.query(
            job.query, prefixes=PREFIXES, dataset=dataset, limits=self._query_limits, base_iri=job.base_iri
        )
        kind = _KINDS[type(result)]
        if job.rows is not None:
            return result, kind, None
        choice = job.choices.get(kind)
        if choice is None:
            raise NotAcceptableError("this result is not to be had in that format", hint=f"there is {describe(kind)}")
        return result, kind, choice

    def _write(self, result: Result, choice: Choice, send: Callable[[bytes], None] | None) -> ResultWriter:
        writer = ResultWriter(self._limits, _ROW_ENDS.get(choice.format), send)
        sink = cast("BinaryIO", writer)  # all that is asked of it is write and flush
        if isinstance(result, GraphResult):
            result.serialize(GraphFormat(choice.format.value), sink, PREFIXES)
        else:
            result.serialize(ResultFormat(choice.format.value), sink)
        return writer


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


def work(connection: socket.socket, answerer: Answerer, mebibytes: int) -> None:
    """Answers the jobs that come over ``connection`` until it ends; ``mebibytes``: memory for a query, or 0."""
    # The terminal sends Ctrl-C to the server's whole process group; the server decides when its workers end.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if mebibytes:
        _limit_address_space(mebibytes << 20)
    connection.sendall(frame(Frame.OPENED, str(os.getpid()).encode()))
    jobs = connection.makefile("rb", buffering=1 << 16)
    while len(header := jobs.read(HEADER.size)) == HEADER.size:
        job = unpack_job(jobs.read(HEADER.unpack(header)[1]))
        try:
            answerer.answer_frames(job, connection.sendall)
        except CommuniqueError as error:
            connection.sendall(pack_object(Frame.ERROR, error))


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


__all__ = ["Answerer", "ResultLimits", "ResultWriter", "work"]
