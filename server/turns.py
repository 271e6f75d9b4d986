"""Whose query runs next: as many at a time as there are workers, of one client no more than its share.

In the order of their coming; but a client whose share is in use lets the others pass.
"""

from __future__ import annotations

import asyncio
from collections import Counter, deque
from dataclasses import dataclass

from server.errors import BusyError, ClientLimitError
from server.settings import Settings


@dataclass(eq=False, slots=True)
class _Waiting:
    client: str
    turn: asyncio.Future[None]


class Turns:
    """Turns to run a query. For use in one event loop."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._queue: deque[_Waiting] = deque()
        self._running: Counter[str] = Counter()
        self._free = settings.workers

    @property
    def waiting(self) -> int:
        """How many queries wait for their turn."""
        return len(self._queue)

    async def take(self, client: str) -> None:
        """Waits for a turn of ``client``, to be given back. Raises BusyError or ClientLimitError."""
        settings = self._settings
        if self._free and self._running[client] < settings.client_workers:
            self._start(client)
            return
        waiting = sum(other.client == client for other in self._queue)
        if self._running[client] + waiting >= settings.client_queries:
            what = f"{settings.client_queries} queries of yours run or wait already"
            raise ClientLimitError(what, hint="wait for their answers before you ask more")
        if len(self._queue) >= settings.queue_length:
            raise BusyError("too many queries are waiting already", hint="try again later")
        entry = _Waiting(client, asyncio.get_running_loop().create_future())
        self._queue.append(entry)
        try:
            async with asyncio.timeout(settings.queue_seconds):
                await entry.turn
        except BaseException as error:
            if entry.turn.done() and not entry.turn.cancelled():
                self.give_back(client)
            else:
                self._queue.remove(entry)
            if isinstance(error, TimeoutError):
                what = f"all {settings.workers} workers have been busy for {settings.queue_seconds:g} s"
                raise BusyError(what, hint="try again later") from None
            raise

    def give_back(self, client: str) -> None:
        """Ends a turn; the next one begins."""
        self._free += 1
        self._running[client] -= 1
        if not self._running[client]:
            del self._running[client]
        for entry in list(self._queue):
            if not self._free:
                return
            if not entry.turn.done() and self._running[entry.client] < self._settings.client_workers:
                self._queue.remove(entry)
                self._start(entry.client)
                entry.turn.set_result(None)

    def _start(self, client: str) -> None:
        self._free -= 1
        self._running[client] += 1


__all__ = ["Turns"]
