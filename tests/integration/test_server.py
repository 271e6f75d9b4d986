"""The server as users run it: the installed command, HTTP, and other people's clients."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import Request, urlopen

import pytest
from rdflib import Graph, URIRef
from rdflib.plugins.stores.sparqlstore import SPARQLStore

from ontology import CQ
from tests.support.serving import children, start

ENDLESS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"


class Served:
    """A running ``communique serve``."""

    def __init__(self, build: Path, *arguments: str, **settings: str) -> None:
        self.process, self.address = start(build, *arguments, errors=subprocess.PIPE, **settings)

    def get(self, path: str, accept: str = "*/*", **parameters: str) -> tuple[int, str]:
        query = f"?{urlencode(parameters)}" if parameters else ""
        try:
            with urlopen(Request(f"{self.address}{path}{query}", headers={"Accept": accept}), timeout=30) as response:  # noqa: S310
                return response.status, response.read().decode()
        except HTTPError as error:
            with error:
                return error.code, error.read().decode()

    def stop(self) -> tuple[int, str]:
        self.process.send_signal(signal.SIGINT)
        _, errors = self.process.communicate(timeout=20)
        return self.process.returncode, errors

    def workers(self) -> list[int]:
        """The processes that run queries: those that the server's own child forks."""
        return [worker for nursery in children(self.process.pid) for worker in children(nursery)]


@pytest.fixture(scope="module")
def served(sample_build: Path) -> Iterator[Served]:
    served = Served(sample_build, "--workers", "2", COMMUNIQUE_QUERY_SECONDS="2", COMMUNIQUE_QUEUE_LENGTH="4")
    yield served
    _, errors = served.stop()
    assert "Traceback" not in errors


def test_it_is_healthy_and_has_a_page(served: Served) -> None:
    status, health = served.get("/healthz")
    assert (status, json.loads(health)["workers"]["total"]) == (200, 2)
    status, page = served.get("/", accept="text/html")
    assert status == 200
    assert "Sample queries" in page
    assert served.get("/static/page.css")[0] == 200


def test_rdflib_reads_tables_and_graphs(served: Served) -> None:
    graph = Graph(store=SPARQLStore(f"{served.address}/sparql"))
    rows = list(graph.query("SELECT ?name WHERE { ?person a cq:Person ; skos:prefLabel ?name }"))
    assert len(rows) == 4
    person = URIRef("https://w3id.org/communique/id/person/carmelo-vassallo")
    assert (person, None, URIRef(CQ.Person)) in graph


def test_a_slow_query_is_ended_and_holds_up_no_one(served: Served) -> None:
    with ThreadPoolExecutor(4) as threads:
        slow = threads.submit(served.get, "/sparql", query=ENDLESS)
        quick = [served.get("/sparql", query=f"SELECT ({number} AS ?n) {{}}")[0] for number in range(5)]
        assert not slow.done()
        assert quick == [200] * 5
        status, text = slow.result()
    assert status == 504
    assert text.startswith("Time limit reached: the query was ended after 2 s")
    assert served.get("/sparql", query="ASK {}")[0] == 200


def test_pages_are_there_while_all_workers_are_busy(served: Served) -> None:
    with ThreadPoolExecutor(20) as threads:
        slow = [threads.submit(served.get, "/sparql", query=ENDLESS) for _ in range(20)]
        while True:
            status, health = served.get("/healthz")
            assert status == 200
            if json.loads(health)["workers"]["busy"] == 2:
                break
        assert served.get("/", accept="text/html")[0] == 200
        statuses = [future.result()[0] for future in slow]
    # Two ran at a time, four waited and ran after them, for the others there was no room.
    assert sorted(statuses) == [503] * 14 + [504] * 6


def ended(process: int) -> bool:
    """Whether a process is gone, or dead and not yet buried by its parent."""
    try:
        return "State:\tZ" in Path(f"/proc/{process}/status").read_text(encoding="ascii")
    except OSError:
        return True


def wait_for_the_end_of(processes: list[int]) -> None:
    deadline = time.monotonic() + 10
    while not all(map(ended, processes)):
        assert time.monotonic() < deadline
        time.sleep(0.02)


@pytest.mark.skipif(sys.platform != "linux", reason="it looks for processes as Linux shows them")
def test_a_killed_worker_is_replaced_and_a_killed_server_leaves_none_behind(sample_build: Path) -> None:
    served = Served(sample_build)
    try:
        killed = served.workers()
        for worker in killed:
            os.kill(worker, signal.SIGKILL)
        wait_for_the_end_of(killed)
        # A query that a worker had just taken may be lost with it; the ones after it are not.
        answers = [served.get("/sparql", query="ASK {}")[0] for _ in range(2 * len(killed) + 4)]
        assert set(answers) <= {200, 503}
        assert answers[-4:] == [200] * 4
        workers = served.workers()
        assert workers
    finally:
        served.process.kill()
        served.process.communicate()
    wait_for_the_end_of(workers)


def test_a_server_that_is_told_to_stop_finishes_what_runs_and_turns_away_what_comes(sample_build: Path) -> None:
    served = Served(sample_build, COMMUNIQUE_QUERY_SECONDS="3", COMMUNIQUE_ACCESS_LOG="-")
    with ThreadPoolExecutor(1) as threads:
        slow = threads.submit(served.get, "/sparql", query=ENDLESS)
        while json.loads(served.get("/healthz")[1])["workers"]["busy"] == 0:
            assert not slow.done()
        served.process.send_signal(signal.SIGTERM)
        while served.get("/readyz")[0] == 200:
            assert not slow.done()
        assert served.get("/sparql", query="ASK {}")[0] == 503
        assert slow.result()[0] == 504  # by its own limit: the answer is whole
    _, errors = served.process.communicate(timeout=20)
    assert served.process.returncode == 0
    log = [json.loads(line) for line in errors.splitlines()[1:] if line.startswith("{")]
    assert {(entry["path"], entry["status"]) for entry in log} >= {("/sparql", 503), ("/sparql", 504)}


def test_without_a_graph_the_command_says_so(tmp_path: Path) -> None:
    command = [Path(sys.executable).with_name("communique"), "serve", tmp_path]
    finished = subprocess.run(command, capture_output=True, encoding="utf-8", check=False, timeout=60)
    assert finished.returncode == 4
    assert "this is not a graph of communique" in finished.stderr
