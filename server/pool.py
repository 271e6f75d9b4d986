"""Worker processes of one generation of the graph: the nursery that forks them, and the way to ask one.

All of it runs in one event loop and is touched from nowhere else.
"""

from __future__ import annotations

import asyncio
import os
import pickle
import signal
import socket
import subprocess
import sys
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from typing import Final

from kg_build.errors import CommuniqueError, StoreError
from server.errors import TimeLimitError, WorkerLostError
from server.generations import Generation
from server.jobs import Answer, Job, Table
from server.settings import Settings
from server.wire import HEADER, KINDS, Brief, Frame, pack_job, unpack_object

START_SECONDS: Final = 30.0
"""How long a worker may take to open the store."""
LOAD_SECONDS: Final = 600.0
"""How long a nursery may take to load the graph into memory."""
NICE_SECONDS: Final = 1.0
"""A query that has run for so long gives way to others; its worker is not used again."""
_NICENESS: Final = 10
_READ: Final = 256 * 1024
_MOST_PIECES: Final = 8
"""Pieces of a result that wait for a slow client before the worker is left to wait too."""


class ResultStream:
    """A large result as it is computed: an iterator of its pieces, to be read to its end or closed.

    Raises CommuniqueError in mid-way where a limit is hit: what was sent of it so far must not pass for the whole.
    """

    def __init__(self, worker: Worker, answer: Answer) -> None:
        self.answer = answer
        """Kind and format; its body is the first piece alone."""
        self._worker = worker
        self._pieces: deque[bytes | CommuniqueError | None] = deque([answer.body])
        self._ready = asyncio.Event()
        self._ready.set()

    def __aiter__(self) -> ResultStream:
        return self

    async def __anext__(self) -> bytes:
        await self._ready.wait()
        piece = self._pieces.popleft()
        if len(self._pieces) < _MOST_PIECES:
            self._worker.resume()
        if not self._pieces:
            self._ready.clear()
        if piece is None:
            raise StopAsyncIteration
        if isinstance(piece, CommuniqueError):
            raise piece
        return piece

    def put(self, piece: bytes | CommuniqueError | None) -> None:
        """Adds a piece, the error that ends the result, or None for its end."""
        self._pieces.append(piece)
        self._ready.set()
        if len(self._pieces) >= _MOST_PIECES:
            self._worker.pause()

    def close(self) -> None:
        """Gives the rest up: its query is ended."""
        if self._worker.stream is self:
            self._worker.kill()


Outcome = Answer | Table | ResultStream


class Worker:
    """A child process that has the graph."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._on_free: Callable[[], None] | None = None
        self._loop = asyncio.get_running_loop()
        self._socket, self.child_end = socket.socketpair()
        self._socket.setblocking(False)
        self._buffer = bytearray()
        self._pidfd: int | None = None
        self.pid = 0
        self.opened: asyncio.Future[None] = self._loop.create_future()
        self.lost = False
        self.slow = False
        """Whether it has been made to give way to others."""
        self.stream: ResultStream | None = None
        self._job: Job | None = None
        self._reply: asyncio.Future[Outcome] | None = None
        self._timers: list[asyncio.TimerHandle] = []
        self._late = False
        self._reading = True
        self._loop.add_reader(self._socket.fileno(), self._readable)

    async def ask(self, job: Job, on_free: Callable[[], None]) -> Outcome:
        """What the process says to ``job``. Raises its errors, TimeLimitError or WorkerLostError.

        ``on_free`` is called once the query has ended, in whatever way; a ResultStream's after its last piece was
        computed. Where the caller is cancelled, the query is ended, and the process with it.
        """
        self._on_free = on_free
        if self.lost:  # while it was idle
            self._free()
            raise WorkerLostError("the worker was ended before it had the query", hint="ask again")
        self._job = job
        self._reply = reply = self._loop.create_future()
        self._late = False
        seconds = self._settings.query_seconds
        self._timers = [self._loop.call_later(seconds, self._time_out)]
        if seconds > NICE_SECONDS:
            self._timers.append(self._loop.call_later(NICE_SECONDS, self._give_way))
        try:
            packed = pack_job(job)
            try:
                sent = self._socket.send(packed)
            except BlockingIOError:
                sent = 0
            except OSError:
                sent = len(packed)  # that it is gone is noticed in reading
            if sent < len(packed):
                with suppress(OSError):
                    await self._loop.sock_sendall(self._socket, memoryview(packed)[sent:])
            outcome: Outcome = await reply
        except asyncio.CancelledError:
            self.kill()
            raise
        return outcome

    def kill(self) -> None:
        """Ends the process, whatever it does; nobody waits for its last words."""
        if self.lost:
            return
        if self._pidfd is not None:
            with suppress(ProcessLookupError):
                signal.pidfd_send_signal(self._pidfd, signal.SIGKILL)
        elif self.pid:
            with suppress(ProcessLookupError):
                os.kill(self.pid, signal.SIGKILL)
        self._end()

    def pause(self) -> None:
        """Reads no more for now, so that the process waits."""
        if self._reading and not self.lost:
            self._reading = False
            self._loop.remove_reader(self._socket.fileno())

    def resume(self) -> None:
        """Reads again."""
        if not self._reading and not self.lost:
            self._reading = True
            self._loop.add_reader(self._socket.fileno(), self._readable)

    def _readable(self) -> None:
        try:
            read = self._socket.recv(_READ)
        except (BlockingIOError, InterruptedError):
            return
        except OSError:
            read = b""
        if not read:
            self._end()
            return
        self._buffer += read
        while len(self._buffer) >= HEADER.size:
            kind, length = HEADER.unpack_from(self._buffer)
            end = HEADER.size + length
            if len(self._buffer) < end:
                return
            payload = bytes(memoryview(self._buffer)[HEADER.size : end])
            del self._buffer[:end]
            self._take(kind, payload)

    def _take(self, kind: int, payload: bytes) -> None:
        if kind in (Frame.WHOLE, Frame.BEGUN):
            assert self._job is not None  # noqa: S101 - frames answer jobs
            result_kind = KINDS[payload[0]]
            answer = Answer(result_kind, self._job.choices[result_kind], payload[1:])
            if kind == Frame.WHOLE:
                self._reply_with(answer)
            elif self._reply is not None and not self._reply.done():
                self.stream = ResultStream(self, answer)
                self._reply.set_result(self.stream)
        elif kind in (Frame.MORE, Frame.ENDED):
            if self.stream is not None:
                self.stream.put(payload if kind == Frame.MORE else None)
            if kind == Frame.ENDED:
                self._free()
        elif kind == Frame.OPENED:
            self.pid = int(payload)
            if hasattr(os, "pidfd_open"):
                with suppress(OSError):
                    self._pidfd = os.pidfd_open(self.pid)
            if not self.opened.done():
                self.opened.set_result(None)
        else:
            said = unpack_object(payload)
            if isinstance(said, CommuniqueError):
                self._fail_with(said)
            else:
                self._reply_with(said)

    def _reply_with(self, outcome: Outcome) -> None:
        if self._reply is not None and not self._reply.done():
            self._reply.set_result(outcome)
        self._free()

    def _fail_with(self, error: CommuniqueError) -> None:
        if not self.opened.done():
            self.opened.set_exception(error)
        elif self.stream is not None:
            self.stream.put(error)
        elif self._reply is not None and not self._reply.done():
            self._reply.set_exception(error)
        self._free()

    def _free(self) -> None:
        for timer in self._timers:
            timer.cancel()
        self._timers, self._job, self._reply, self.stream = [], None, None, None
        on_free, self._on_free = self._on_free, None
        if on_free is not None:
            on_free()

    def _end(self) -> None:
        """The process is gone, or as good as gone."""
        if self.lost:
            return
        self.lost = True
        if self._reading:
            self._loop.remove_reader(self._socket.fileno())
        self._socket.close()
        self.child_end.close()
        if self._pidfd is not None:
            os.close(self._pidfd)
            self._pidfd = None
        seconds = self._settings.query_seconds
        if self._late:
            hint = "narrow it down, or put a LIMIT into a sub-select"
            error: CommuniqueError = TimeLimitError(f"the query was ended after {seconds:g} s", hint=hint)
        else:
            what = "the query brought its worker down, most likely for want of memory"
            error = WorkerLostError(what, hint="narrow it down")
        self._fail_with(error)

    def _time_out(self) -> None:
        self._late = True
        self.kill()

    def _give_way(self) -> None:
        self.slow = True
        with suppress(OSError):
            os.setpriority(os.PRIO_PROCESS, self.pid, _NICENESS)


class Nursery:
    """The process that forks the workers of a generation."""

    def __init__(self, generation: Generation, settings: Settings, *, in_memory: bool) -> None:
        self.generation = generation
        self.in_memory = in_memory
        self._settings = settings
        self._control, child_end = socket.socketpair()
        # "-P": the folder that the server was started in is no place to import modules from.
        command = [sys.executable, "-P", "-m", "server.nursery"]
        with child_end:
            self._process = subprocess.Popen(command, stdin=child_end.fileno())  # noqa: S603
        brief = pickle.dumps(Brief(generation.store.absolute(), in_memory, settings))
        self._control.sendall(brief)
        self._control.setblocking(False)

    @property
    def alive(self) -> bool:
        """Whether the process runs."""
        return self._process.poll() is None

    async def wait_until_open(self) -> None:
        """Waits until it can fork workers. Raises StoreError where the store cannot be loaded."""
        loop = asyncio.get_running_loop()
        seconds = LOAD_SECONDS if self.in_memory else START_SECONDS
        read = bytearray()
        try:
            async with asyncio.timeout(seconds):
                while len(read) < HEADER.size or len(read) < HEADER.size + HEADER.unpack_from(read)[1]:
                    more = await loop.sock_recv(self._control, _READ)
                    if not more:
                        raise OSError
                    read += more
        except OSError as error:  # TimeoutError among them
            self.close()
            raise self._cannot_open() from error
        kind, _ = HEADER.unpack_from(read)
        if kind != Frame.OPENED:
            self.close()
            said = unpack_object(bytes(read[HEADER.size :]))
            raise said if isinstance(said, CommuniqueError) else self._cannot_open()

    async def fork(self) -> Worker:
        """A new worker, which has opened the store. Raises StoreError."""
        worker = Worker(self._settings)
        try:
            socket.send_fds(self._control, [b"f"], [worker.child_end.fileno()])
            worker.child_end.close()
            async with asyncio.timeout(START_SECONDS):
                await asyncio.shield(worker.opened)
        except StoreError:
            raise
        except (OSError, WorkerLostError) as error:
            worker.kill()
            worker.opened.exception()  # that it is lost is told here
            raise self._cannot_open() from error
        return worker

    def close(self) -> None:
        """Ends the process and its workers, whatever they do."""
        self._control.close()
        self._process.kill()
        self._process.wait()

    def _cannot_open(self) -> StoreError:
        where = str(self.generation.store)
        return StoreError("a worker could not open the store", where=where, hint="see the server's log")


__all__ = ["Nursery", "Outcome", "ResultStream", "Worker"]
