"""The worker processes: their limits, and that a lost one costs no one but its own client."""

from __future__ import annotations

import asyncio
import gc
import os
import shutil
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from kg_build.build_directory import BuildDirectory
from kg_build.errors import CommuniqueError, StoreError
from kg_build.replace import replacing
from kg_build.store import QuerySyntaxError, create_store
from ontology import CQ, DEFAULT_BASE, RDF
from server.engine import DirectEngine, PooledEngine, QueryEngine, open_engine
from server.errors import (
    BusyError,
    ClientLimitError,
    NotAcceptableError,
    ResultTooLargeError,
    TimeLimitError,
    WorkerLostError,
)
from server.formats import ResultKind
from server.jobs import Answer, Job, Table
from server.negotiate import choose
from server.pool import ResultStream
from server.settings import Settings

CHOICES = {kind: choice for kind in ResultKind if (choice := choose(kind, "text/csv, text/turtle"))}
ENDLESS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"
GREEDY = "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i } ORDER BY ?a"


def job(query: str) -> Job:
    return Job(query, DEFAULT_BASE, CHOICES)


def body(engine: QueryEngine, query: str = "ASK {}") -> bytes:
    answer = engine.run(job(query))
    assert isinstance(answer, Answer)
    return answer.body


@pytest.fixture(autouse=True)
def _no_results_are_left_to_other_threads() -> Iterator[None]:
    """An error's traceback keeps the engine's results alive, and these may be dropped in their own thread alone."""
    gc.collect()
    yield
    gc.collect()


@pytest.fixture(scope="module", params=[0, 1], ids=["direct", "pooled"])
def engine(request: pytest.FixtureRequest, sample_build: Path) -> Iterator[QueryEngine]:
    settings = Settings(directory=sample_build, workers=request.param, result_bytes=20_000)
    engine = open_engine(BuildDirectory(sample_build), settings)
    assert isinstance(engine, PooledEngine if request.param else DirectEngine)
    yield engine
    engine.close()


# The time limit where a test waits for it: on a busy machine even a small query can take a second or two.
SECONDS = 4


def open_pool(
    folder: Path, *, query_seconds: float = 300, queue_seconds: float = 60, queue_length: int = 1, mebibytes: int = 0
) -> PooledEngine:
    """One worker, with as much time as a test can want unless it says otherwise."""
    settings = Settings(
        directory=folder,
        workers=1,
        query_seconds=query_seconds,
        queue_seconds=queue_seconds,
        queue_length=queue_length,
        worker_mebibytes=mebibytes,
    )
    return PooledEngine(BuildDirectory(folder), settings)


@contextmanager
def held(pool: PooledEngine) -> Iterator[None]:
    """The pool's only worker is at work, until its time limit."""

    def hold() -> None:
        with pytest.raises(TimeLimitError):
            pool.run(job(ENDLESS))

    thread = threading.Thread(target=hold)
    thread.start()
    while not pool.busy():
        time.sleep(0.01)
    yield
    thread.join()


def test_both_ways_give_the_same_answers(engine: QueryEngine) -> None:
    assert body(engine) == b"true"
    answer = engine.run(job("SELECT ('é' AS ?x) {}"))
    assert isinstance(answer, Answer)
    assert (answer.kind, answer.body) == (ResultKind.SOLUTIONS, "x\r\né\r\n".encode())
    table = engine.run(Job("SELECT ?s { ?s ?p ?o } ORDER BY ?s", DEFAULT_BASE, rows=3))
    assert isinstance(table, Table)
    assert (len(table.rows), table.more, table.columns) == (3, True, ("s",))
    assert engine.busy() == 0


@pytest.mark.parametrize(
    ("query", "kind"),
    [
        ("SELECT", QuerySyntaxError),
        ("SELECT * { ?s ?p ?o }", ResultTooLargeError),
        ("DESCRIBE <x>", NotAcceptableError),
    ],
)
def test_both_ways_give_the_same_errors(engine: QueryEngine, query: str, kind: type[CommuniqueError]) -> None:
    choices = {ResultKind.SOLUTIONS: CHOICES[ResultKind.SOLUTIONS]}
    with pytest.raises(kind) as raised:
        engine.run(Job(query, DEFAULT_BASE, choices))
    assert raised.value.what
    assert body(engine) == b"true"


def test_a_query_is_ended_at_the_time_limit_and_the_next_one_is_answered(sample_build: Path) -> None:
    with closing(open_pool(sample_build, query_seconds=SECONDS)) as pool:
        started = time.monotonic()
        with pytest.raises(TimeLimitError, match=f"{SECONDS} s"):
            pool.run(job(ENDLESS))
        assert SECONDS - 0.1 < time.monotonic() - started < SECONDS + 20
        assert body(pool) == b"true"


@pytest.mark.skipif(sys.platform != "linux", reason="the address space is limited on Linux alone")
def test_a_query_that_wants_too_much_memory_costs_its_own_client_alone(sample_build: Path) -> None:
    with closing(open_pool(sample_build, mebibytes=256)) as pool:
        with pytest.raises(WorkerLostError):
            pool.run(job(GREEDY))
        assert body(pool) == b"true"


def test_who_finds_all_workers_busy_waits_no_longer_than_set(sample_build: Path) -> None:
    with closing(open_pool(sample_build, query_seconds=SECONDS, queue_seconds=0.1)) as pool:
        with held(pool), pytest.raises(BusyError, match="have been busy"):
            pool.run(job("ASK {}"))
        assert body(pool) == b"true"


def test_who_would_make_the_queue_too_long_is_sent_away_at_once(sample_build: Path) -> None:
    pool = open_pool(sample_build, query_seconds=SECONDS, queue_length=0)
    with closing(pool), held(pool), pytest.raises(BusyError, match="waiting already"):
        pool.run(job("ASK {}"))


def test_a_closed_engine_starts_no_worker_again(sample_build: Path) -> None:
    pool = open_pool(sample_build)
    pool.close()
    with pytest.raises(WorkerLostError, match="ending"):
        pool.run(job("ASK {}"))


def test_who_waits_is_answered_when_a_worker_is_free(sample_build: Path) -> None:
    with closing(open_pool(sample_build, query_seconds=SECONDS)) as pool, held(pool):
        assert body(pool) == b"true"


def test_many_ask_at_a_time(sample_build: Path) -> None:
    pool = PooledEngine(BuildDirectory(sample_build), Settings(directory=sample_build, workers=2, queue_length=6))
    answers: list[bytes] = []

    def ask(number: int) -> None:
        answers.extend(body(pool, f"SELECT ({number} AS ?n) {{}}") for _ in range(20))

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    pool.close()
    assert sorted(answers) == sorted(f"n\r\n{number}\r\n".encode() for number in range(6) for _ in range(20))


def wait_for(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.02)


COUNT = "SELECT (COUNT(*) AS ?n) { ?s a cq:Person }"
PERSON = f"<{DEFAULT_BASE}person/new> <{RDF.type}> <{CQ.Person}> <{DEFAULT_BASE}document/new> .\n"


def build_beside(folder: Path, also: str) -> None:
    """Another build takes the place of the one in ``folder``, as ``communique build`` does it."""
    with replacing(folder, lambda _: True) as new:
        for name in ("manifest.json", "data.nq"):
            shutil.copy(folder / name, new / name)
        (new / "manifest.json").write_text((new / "manifest.json").read_text(encoding="utf-8") + " ", encoding="utf-8")
        create_store(new / "store", new / "data.nq", also)


@pytest.mark.parametrize("memory_triples", [0, 10**6], ids=["disk", "memory"])
def test_a_new_build_is_served_without_a_break(sample_build: Path, tmp_path: Path, memory_triples: int) -> None:
    folder = Path(shutil.copytree(sample_build, tmp_path / "graph"))
    settings = Settings(directory=folder, workers=2, memory_triples=memory_triples, cache_bytes=0)
    with closing(PooledEngine(BuildDirectory(folder), settings)) as pool, ThreadPoolExecutor(2) as threads:
        first = body(pool, COUNT)
        assert first == b"n\r\n4\r\n"
        wait_for(lambda: pool.statistics().in_memory is bool(memory_triples))
        answers: list[bytes] = []
        ended = threading.Event()

        def ask() -> None:
            while not ended.is_set():
                answers.append(body(pool, COUNT))

        asking = [threads.submit(ask) for _ in range(2)]
        build_beside(folder, PERSON)
        wait_for(lambda: pool.statistics().switches == 1)
        wait_for(lambda: answers[-1] != first)
        ended.set()
        for done in asking:
            done.result()
        assert sorted(set(answers)) == [first, b"n\r\n5\r\n"]
        wait_for(lambda: len(pool._broods) == 1)


@pytest.fixture
def unwatched(monkeypatch: pytest.MonkeyPatch) -> None:
    """The engine does not look at the build's folder by itself."""
    monkeypatch.setattr("server.engine.WATCH_SECONDS", 3600.0)


def switch(pool: PooledEngine, store: Path) -> None:
    """What a write does, with a store that lies anywhere."""
    generation = replace(pool.generation, name=str(store), store=store)
    asyncio.run_coroutine_threadsafe(pool._open(generation), pool.loop).result()


@pytest.mark.usefixtures("unwatched")
def test_a_query_that_runs_finishes_on_the_generation_that_it_began_with(sample_build: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    create_store(other / "store", sample_build / "data.nq", PERSON)
    slow = f"{COUNT[:-1]} {{ SELECT (COUNT(*) AS ?m) {{ ?a ?b ?c . ?d ?e ?f }} }} }}"
    with closing(open_pool(sample_build)) as pool, ThreadPoolExecutor(1) as threads:
        running = threads.submit(body, pool, slow)
        wait_for(lambda: pool.busy() == 1)
        switch(pool, other / "store")
        assert pool.generation.name == str(other / "store")
        assert running.result() == b"n\r\n4\r\n"
        assert body(pool, COUNT) == b"n\r\n5\r\n"
        wait_for(lambda: len(pool._broods) == 1)


@pytest.mark.usefixtures("unwatched")
def test_a_generation_that_cannot_be_opened_changes_nothing(sample_build: Path, tmp_path: Path) -> None:
    with closing(open_pool(sample_build)) as pool:
        with pytest.raises(StoreError):
            switch(pool, tmp_path / "none")
        assert body(pool, COUNT) == b"n\r\n4\r\n"


def test_a_killed_worker_costs_its_own_client_alone(sample_build: Path) -> None:
    settings = Settings(directory=sample_build, workers=2, query_seconds=300)
    with closing(PooledEngine(BuildDirectory(sample_build), settings)) as pool, ThreadPoolExecutor(2) as threads:
        running = threads.submit(body, pool, ENDLESS)
        wait_for(lambda: pool.busy() == 1)
        (worker,) = pool._broods[-1]._taken
        os.kill(worker.pid, signal.SIGKILL)
        with pytest.raises(WorkerLostError):
            running.result()
        assert body(pool) == b"true"
        assert pool.statistics().lost == 1


def test_workers_come_back_after_the_process_that_forks_them_was_killed(sample_build: Path) -> None:
    with closing(open_pool(sample_build)) as pool:
        assert body(pool, "ASK { ?s ?p 97 }") == b"false"
        nursery = pool._broods[-1]._nursery._process
        nursery.kill()
        nursery.wait()
        wait_for(lambda: all(worker.lost for worker in pool._broods[-1]._idle))
        assert body(pool, "ASK { ?s ?p 98 }") == b"false"


def test_who_no_longer_waits_for_an_answer_has_its_query_ended(sample_build: Path) -> None:
    with closing(open_pool(sample_build)) as pool:
        asking = asyncio.run_coroutine_threadsafe(pool.ask(job(ENDLESS)), pool.loop)
        wait_for(lambda: pool.busy() == 1)
        asking.cancel()
        wait_for(lambda: pool.busy() == 0)
        assert body(pool) == b"true"


def test_a_client_has_no_more_than_its_share(sample_build: Path) -> None:
    settings = Settings(directory=sample_build, workers=2, client_workers=1, client_queries=2, query_seconds=SECONDS)
    with closing(PooledEngine(BuildDirectory(sample_build), settings)) as pool, ThreadPoolExecutor(2) as threads:
        slow = [threads.submit(pool.run, job(ENDLESS + " " * n), client="greedy") for n in range(2)]
        wait_for(lambda: pool.busy() == 1 and pool.statistics().waiting == 1)
        with pytest.raises(ClientLimitError, match="2 queries of yours"):
            pool.run(job("ASK {}"), client="greedy")
        other = pool.run(job("ASK {}"), client="modest")
        assert isinstance(other, Answer)
        assert other.body == b"true"
        for done in slow:
            with pytest.raises(TimeLimitError):
                done.result()


def test_a_large_result_comes_in_pieces_and_is_the_same(sample_build: Path) -> None:
    query = "SELECT * { ?a ?b ?c . ?d ?e ?f } LIMIT 20000"
    settings = Settings(directory=sample_build, workers=1, whole_bytes=1000, cache_bytes=0, memory_triples=0)
    with closing(PooledEngine(BuildDirectory(sample_build), settings)) as pool:

        async def pieces() -> list[bytes]:
            stream = await pool.ask(job(query))
            assert isinstance(stream, ResultStream)
            return [piece async for piece in stream]

        found = asyncio.run_coroutine_threadsafe(pieces(), pool.loop).result()
        assert len(found) > 10
        assert pool.busy() == 0
        assert b"".join(found) == DirectEngine(BuildDirectory(sample_build), Settings()).run(job(query)).body  # type: ignore[union-attr]
        assert body(pool, query) == b"".join(found)


@pytest.mark.parametrize("limit", [{"result_bytes": 100_000}, {"result_rows": 500}])
def test_a_stream_that_hits_a_limit_ends_with_the_error(sample_build: Path, limit: dict[str, int]) -> None:
    settings = Settings(directory=sample_build, workers=1, whole_bytes=1000, **limit)
    with closing(PooledEngine(BuildDirectory(sample_build), settings)) as pool:

        async def pieces() -> None:
            stream = await pool.ask(job("SELECT * { ?a ?b ?c . ?d ?e ?f }"))
            assert isinstance(stream, ResultStream)
            async for _ in stream:
                pass

        with pytest.raises(ResultTooLargeError):
            asyncio.run_coroutine_threadsafe(pieces(), pool.loop).result()
        assert body(pool) == b"true"


@pytest.mark.parametrize(
    "media_type", ["application/sparql-results+json", "application/sparql-results+xml", "text/csv"]
)
def test_rows_are_limited_in_each_format(sample_build: Path, media_type: str) -> None:
    choices = {ResultKind.SOLUTIONS: choose(ResultKind.SOLUTIONS, media_type)}
    engine = DirectEngine(BuildDirectory(sample_build), Settings(result_rows=10))
    few, many = (Job(f"SELECT ?s ?p {{ ?s ?p ?o }} LIMIT {n}", DEFAULT_BASE, choices) for n in (9, 13))  # type: ignore[arg-type]
    assert isinstance(engine.run(few), Answer)
    with pytest.raises(ResultTooLargeError, match="10 rows"):
        engine.run(many)


@pytest.mark.usefixtures("unwatched")
def test_repeated_queries_are_answered_from_memory_until_the_graph_changes(sample_build: Path, tmp_path: Path) -> None:
    create_store(tmp_path / "store", sample_build / "data.nq", PERSON)
    with closing(open_pool(sample_build)) as pool:
        answers = [body(pool, COUNT) for _ in range(3)]
        assert (pool.statistics().cache_hits, pool.statistics().cache_misses) == (2, 1)
        switch(pool, tmp_path / "store")
        assert body(pool, COUNT) not in answers
        for _ in range(2):
            body(pool, "SELECT (RAND() AS ?r) {}")
        assert pool.statistics().cache_hits == 2


def test_workers_have_no_network(sample_build: Path) -> None:
    with closing(open_pool(sample_build)) as pool:
        body(pool)
        worker = pool._broods[-1]._idle[0].pid
        devices = Path(f"/proc/{worker}/net/dev").read_text(encoding="ascii").splitlines()[2:]
        assert [line.split(":")[0].strip() for line in devices] in (["lo"], [])


def test_without_a_store_there_is_no_engine(sample_build: Path, tmp_path: Path) -> None:
    shutil.copy(sample_build / "manifest.json", tmp_path)
    with pytest.raises(StoreError, match="there is no store"):
        PooledEngine(BuildDirectory(tmp_path), Settings(directory=tmp_path, workers=1))
