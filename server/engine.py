"""Runs queries where they can do no harm: in child processes that are ended when a query takes too long or too much.

The store's engine can neither be cancelled nor kept from using up the memory, and it can be crashed. So each worker
process has one query at a time (``server.worker``). It is forked from a process that has loaded the graph
(``server.nursery``, ``server.pool``). A worker that is lost costs its own client an error, and the next query gets a
new one.

The seam for others:

- ``run(job, client=…)`` from any thread, ``ask(job, client=…)`` within the engine's loop. A caller of ``ask`` that is
  cancelled, because its client has gone, ends its query.
- ``refresh()`` after a write or a new build: queries that run finish on the old state, all that come after it see the
  new one. (What others write is noticed within ``WATCH_SECONDS``.) ``generation`` is the present state.
- ``statistics()`` for metrics; ``close()``.
"""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import Coroutine
from dataclasses import dataclass
from typing import Any, Final, Protocol, TypeVar

from kg_build.build_directory import BuildDirectory
from kg_build.errors import CommuniqueError, StoreError
from server.brood import Brood
from server.cache import ResultCache
from server.errors import WorkerLostError
from server.generations import Generation, generation_of
from server.jobs import Answer, Job, Reply
from server.pool import Outcome, ResultStream
from server.settings import Settings
from server.turns import Turns
from server.worker import Answerer

LOG: Final = logging.getLogger("communique.server")
SETTLED_SECONDS: Final = 20.0
"""How long a generation must have been there before it is loaded into memory: writes come in series."""
WATCH_SECONDS: Final = 0.5
"""How often the build's folder is looked at."""
_ATTEMPTS: Final = 5
_PAUSE_SECONDS: Final = 0.05
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Statistics:
    """What goes on in an engine, for metrics. ``lost`` counts workers that a query brought down or a limit ended."""

    busy: int = 0
    waiting: int = 0
    workers: int = 0
    lost: int = 0
    switches: int = 0
    in_memory: bool = False
    cache_hits: int = 0
    cache_misses: int = 0
    cache_bytes: int = 0


class QueryEngine(Protocol):
    """Answers queries. Safe to call from several threads."""

    @property
    def generation(self) -> Generation:
        """The state of the graph that new queries see."""

    def run(self, job: Job, *, client: str = "") -> Reply:
        """The whole result. Raises CommuniqueError with the reason where there is none."""

    def refresh(self) -> None:
        """Has all queries that come after it see what stands in the build's folder now."""

    def busy(self) -> int:
        """How many queries run at the moment."""

    def statistics(self) -> Statistics:
        """Counts since the start, and what goes on now."""

    def close(self) -> None:
        """Ends what runs."""


class DirectEngine:
    """Runs queries in this process, one at a time, with no limit on their time and memory: for tests."""

    def __init__(self, build: BuildDirectory, settings: Settings) -> None:
        self._build = build
        self._settings = settings
        self._lock = threading.Lock()
        self._generation = generation_of(build)
        self._answerer = Answerer.of(build.open_store(), settings)

    @property
    def generation(self) -> Generation:
        """The state of the graph that was asked last."""
        return self._generation

    def run(self, job: Job, *, client: str = "") -> Reply:  # noqa: ARG002 - there is but one client
        """The whole result, from the graph as it is now."""
        with self._lock:
            found = generation_of(self._build)
            if found.name != self._generation.name:
                self._answerer = Answerer.of(self._build.open_store(), self._settings)
                self._generation = found
            return self._answerer.answer(job)

    def refresh(self) -> None:
        """Nothing to do: it looks each time."""

    def busy(self) -> int:
        """1 while a query runs."""
        return int(self._lock.locked())

    def statistics(self) -> Statistics:
        """Whether a query runs."""
        return Statistics(busy=self.busy())

    def close(self) -> None:
        """Nothing to end."""


class PooledEngine:
    """Runs queries in ``settings.workers`` child processes. Raises StoreError where they cannot open the store.

    ``loop`` is the event loop to work in, which another thread runs; without one it runs its own.
    """

    def __init__(
        self, build: BuildDirectory, settings: Settings, loop: asyncio.AbstractEventLoop | None = None
    ) -> None:
        self._settings = settings
        self._build = build
        self._thread: threading.Thread | None = None
        self.loop = loop or asyncio.new_event_loop()
        if loop is None:
            self._thread = threading.Thread(target=self.loop.run_forever, name="engine", daemon=True)
            self._thread.start()
        self.cache = ResultCache(settings.cache_bytes)
        self._turns = Turns(settings)
        self._broods: list[Brood] = []
        self._tasks: set[asyncio.Task[None]] = set()
        self._lost = self._switches = 0
        self._closed = False
        self._following = asyncio.Lock()
        try:
            self._in_loop(self._start())
        except BaseException:
            self.close()
            raise

    @property
    def generation(self) -> Generation:
        """The state of the graph that new queries see."""
        return self._broods[-1].generation

    def run(self, job: Job, *, client: str = "") -> Reply:
        """The whole result. Raises BusyError, TimeLimitError, WorkerLostError, or what the query itself deserves."""
        return self._in_loop(self._ask_whole(job, client))

    def refresh(self) -> None:
        """Opens what stands in the build's folder, if it is another state, and has it take over."""
        self._in_loop(self._follow())

    def busy(self) -> int:
        """How many workers run a query."""
        return sum(brood.busy for brood in self._broods)

    def statistics(self) -> Statistics:
        """Counts since the start, and what goes on now."""
        return Statistics(
            busy=self.busy(),
            waiting=self._turns.waiting,
            workers=self._settings.workers,
            lost=self._lost,
            switches=self._switches,
            in_memory=bool(self._broods) and self._broods[-1].in_memory,
            cache_hits=self.cache.hits,
            cache_misses=self.cache.misses,
            cache_bytes=self.cache.bytes,
        )

    def close(self) -> None:
        """Ends the workers, and what they run."""
        if self._closed:
            return
        self._in_loop(self._close())
        if self._thread is not None:
            self.loop.call_soon_threadsafe(self.loop.stop)
            self._thread.join()
            self.loop.close()

    async def ask(self, job: Job, *, client: str = "") -> Outcome:
        """The result, or a stream of it where it is large. To be called in the engine's loop; raises like ``run``."""
        if job.rows is None and (kept := self.cached(job)) is not None:
            return kept
        if self._closed:
            raise _ending()
        await self._turns.take(client)
        try:
            brood = self._broods[-1]
            try:
                worker = await brood.take()
            except StoreError:  # another state has just taken its place
                await self._follow()
                brood = self._broods[-1]
                worker = await brood.take()
        except BaseException:
            self._turns.give_back(client)
            raise

        def freed() -> None:
            self._lost += worker.lost
            brood.give_back(worker)
            self._turns.give_back(client)

        outcome = await worker.ask(job, freed)
        if isinstance(outcome, Answer):
            self.cache.put(brood.generation.name, job, outcome)
        return outcome

    def cached(self, job: Job) -> Answer | None:
        """The result of ``job`` on the present generation, if it is kept."""
        return self.cache.get(self.generation.name, job)

    async def _ask_whole(self, job: Job, client: str) -> Reply:
        outcome = await self.ask(job, client=client)
        if not isinstance(outcome, ResultStream):
            return outcome
        try:
            pieces = [piece async for piece in outcome]
        finally:
            outcome.close()
        return Answer(outcome.answer.kind, outcome.answer.choice, b"".join(pieces))

    def _in_loop(self, coroutine: Coroutine[Any, Any, T]) -> T:
        if self._closed:
            coroutine.close()
            raise _ending()
        return asyncio.run_coroutine_threadsafe(coroutine, self.loop).result()

    async def _start(self) -> None:
        await self._open(generation_of(self._build))
        self._spawn(self._watch())

    async def _open(self, generation: Generation) -> None:
        """Has the workers of a new brood take over, once one of them has opened the store."""
        self._take_over(await self._opened(generation, in_memory=False))

    async def _opened(self, generation: Generation, *, in_memory: bool) -> Brood:
        brood = Brood(generation, self._settings, in_memory=in_memory)
        try:
            await brood.open()
        except BaseException:
            brood.retire()
            raise
        return brood

    def _take_over(self, brood: Brood) -> None:
        replaced = self._broods[-1] if self._broods else None
        self._broods.append(brood)
        if replaced is None:
            return
        if replaced.generation.name != brood.generation.name:
            self._switches += 1
            self.cache.clear()
        self._spawn(self._retire(replaced))

    async def _retire(self, brood: Brood) -> None:
        brood.retire()
        await brood.ended.wait()
        self._broods.remove(brood)

    async def _watch(self) -> None:
        """Follows the build's folder, and loads into memory what has stood for a while."""
        while True:
            await asyncio.sleep(WATCH_SECONDS)
            try:
                await self._follow()
                await self._load()
            except CommuniqueError as error:
                LOG.warning("the graph that was served goes on being served: %s", error)

    async def _follow(self) -> None:
        """Switches to what stands in the build's folder. Raises StoreError where that cannot be opened."""
        async with self._following:
            for attempt in range(_ATTEMPTS):
                try:
                    found = generation_of(self._build)
                    if found.name != self.generation.name:
                        await self._open(found)
                    return
                except StoreError:  # it is being replaced
                    if attempt == _ATTEMPTS - 1:
                        raise
                    await asyncio.sleep(_PAUSE_SECONDS)

    async def _load(self) -> None:
        current = self._broods[-1]
        settled = self.loop.time() - current.began >= (SETTLED_SECONDS if self._switches else 0)
        if current.in_memory or not settled or current.generation.manifest.triples > self._settings.memory_triples:
            return
        brood = await self._opened(current.generation, in_memory=True)
        async with self._following:
            if self._broods[-1] is current:
                self._take_over(brood)
            else:  # a write came in the meantime
                brood.retire()

    def _spawn(self, coroutine: Coroutine[Any, Any, None]) -> None:
        task = self.loop.create_task(coroutine)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _close(self) -> None:
        self._closed = True
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        for brood in self._broods:
            brood.close()


def _ending() -> WorkerLostError:
    return WorkerLostError("the server is ending", hint="ask again when it is back")


def open_engine(
    build: BuildDirectory, settings: Settings, loop: asyncio.AbstractEventLoop | None = None
) -> QueryEngine:
    """The engine that ``settings`` ask for. Raises StoreError where the store cannot be opened."""
    if settings.workers:
        return PooledEngine(build, settings, loop)
    return DirectEngine(build, settings)


__all__ = ["DirectEngine", "Generation", "PooledEngine", "QueryEngine", "Statistics", "open_engine"]
