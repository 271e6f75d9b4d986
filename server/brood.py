"""The workers of one generation: those that rest, those that work, and how it ends."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path

from kg_build.errors import StoreError
from kg_build.locks import use
from server.generations import Generation
from server.pool import Nursery, Worker
from server.settings import Settings


class Brood:
    """Workers that share a nursery. They are forked as they are needed, and used again. For use in one event loop."""

    def __init__(self, generation: Generation, settings: Settings, *, in_memory: bool) -> None:
        self.generation = generation
        self.in_memory = in_memory
        self.began = asyncio.get_running_loop().time()
        self.ended = asyncio.Event()
        """Set once it was told to end and no worker has a query any more."""
        self._mark = _use(generation.store)
        self._nursery = Nursery(generation, settings, in_memory=in_memory)
        self._settings = settings
        self._idle: list[Worker] = []
        self._taken: set[Worker] = set()
        self._starting = 0
        self._mending = asyncio.Lock()
        self._retiring = False

    @property
    def busy(self) -> int:
        """How many workers have a query."""
        return len(self._taken)

    async def open(self) -> None:
        """Waits for its first worker. Raises StoreError where the store cannot be opened."""
        await self._nursery.wait_until_open()
        self._idle.append(await self._nursery.fork())

    async def take(self) -> Worker:
        """A worker without a query, to be given back. Raises StoreError where none can be started."""
        while self._idle:
            worker = self._idle.pop()
            if not worker.lost:
                self._taken.add(worker)
                return worker
        self._starting += 1
        try:
            async with self._mending:
                if not self._nursery.alive:
                    await self._replace_nursery()
            worker = await self._nursery.fork()
            self._taken.add(worker)
            return worker
        finally:
            self._starting -= 1
            self._end_if_done()

    def give_back(self, worker: Worker) -> None:
        """Takes a worker back. One that is lost, or that had to give way to others, is not used again."""
        self._taken.discard(worker)
        if worker.lost or worker.slow or self._retiring:
            worker.kill()
        else:
            self._idle.append(worker)
        self._end_if_done()

    def retire(self) -> None:
        """Ends it once the queries that run have ended."""
        self._retiring = True
        while self._idle:
            self._idle.pop().kill()
        self._end_if_done()

    def close(self) -> None:
        """Ends it, and what runs."""
        for worker in [*self._idle, *self._taken]:
            worker.kill()
        self._end()

    async def _replace_nursery(self) -> None:
        """Starts another where something has killed it; its workers are gone with it."""
        self._nursery.close()
        self._nursery = Nursery(self.generation, self._settings, in_memory=False)
        self.in_memory = False
        await self._nursery.wait_until_open()

    def _end_if_done(self) -> None:
        if self._retiring and not self._taken and not self._starting and not self.ended.is_set():
            self._end()
            self.ended.set()

    def _end(self) -> None:
        self._nursery.close()
        mark, self._mark = self._mark, None
        if mark is not None:
            os.close(mark)


def _use(store: Path) -> int | None:
    """Keeps the store's folder from being removed; StoreError where it has been already."""
    try:
        return use(store)
    except OSError as error:
        raise StoreError("there is no store", where=str(store), hint="build one with: communique build") from error


__all__ = ["Brood"]
