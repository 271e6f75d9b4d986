"""The worker processes: their limits, and that a lost one costs no one but its own client."""

from __future__ import annotations

import gc
import shutil
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from kg_build.build_directory import BuildDirectory
from kg_build.errors import CommuniqueError, StoreError
from kg_build.store import QuerySyntaxError
from ontology import DEFAULT_BASE
from server.engine import DirectEngine, PooledEngine, QueryEngine, open_engine
from server.errors import (
    BusyError,
    NotAcceptableError,
    ResultTooLargeError,
    StaleStoreError,
    TimeLimitError,
    WorkerLostError,
)
from server.formats import ResultKind
from server.jobs import Answer, Job, Table
from server.negotiate import choose
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


def test_the_graph_served_is_the_one_of_the_start(sample_build: Path, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(sample_build, tmp_path / "graph"))
    pool = open_pool(folder, query_seconds=SECONDS)
    manifest = BuildDirectory(folder).manifest
    manifest.write_text(manifest.read_text(encoding="utf-8") + " ", encoding="utf-8")
    assert body(pool) == b"true"
    with pytest.raises(TimeLimitError):
        pool.run(job(ENDLESS))
    with pytest.raises(StaleStoreError, match="built anew"):
        pool.run(job("ASK {}"))
    pool.close()


def test_without_a_store_there_is_no_engine(tmp_path: Path) -> None:
    BuildDirectory(tmp_path).manifest.write_text("{}", encoding="utf-8")
    with pytest.raises(StoreError, match="there is no store"):
        PooledEngine(BuildDirectory(tmp_path), Settings(directory=tmp_path, workers=1))
