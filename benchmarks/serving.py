"""What the server delivers: ``python benchmarks/serving.py DIR [--clients N] [--seconds S] [--workers N]``.

Serves the build in DIR by the installed command on the loopback, asks it two queries from several connections that stay
open, and prints for each the requests per second and the latency, beside the time that the engine alone takes for it.
The clients run on the same machine and share its cores with the server.
"""

from __future__ import annotations

import argparse
import re
import subprocess
import sys
import threading
import time
from http.client import HTTPConnection
from pathlib import Path
from statistics import quantiles
from urllib.parse import urlencode

from kg_build.build_directory import BuildDirectory, open_build
from kg_build.store import Select
from ontology import PREFIXES
from server.engine import DirectEngine
from server.formats import Format, ResultKind
from server.jobs import Job
from server.negotiate import Choice
from server.settings import Settings

JSON = {ResultKind.SOLUTIONS: Choice(Format.JSON, "application/sparql-results+json")}
POINT = "SELECT ?p ?o WHERE { <%s> ?p ?o }"
# Some milliseconds of joining and grouping, however large the graph is.
GROUPING = """SELECT ?p (COUNT(DISTINCT ?o) AS ?n) WHERE {
  { SELECT ?s WHERE { ?s a cq:Mention } LIMIT 400 }
  ?s ?p ?o
} GROUP BY ?p ORDER BY DESC(?n)"""


def some_document(build: BuildDirectory) -> str:
    """The IRI of one of the documents."""
    found = build.open_store().query("SELECT ?d WHERE { ?d a cq:Document } LIMIT 1", prefixes=PREFIXES)
    for row in found.rows() if isinstance(found, Select) else ():
        for value in row:
            if value is not None:
                return value.text
    raise SystemExit("the graph has no document")


def engine_milliseconds(build: BuildDirectory, query: str, rounds: int = 200) -> float:
    """The median time of ``query`` in this process, serialization included."""
    engine = DirectEngine(build, Settings(result_bytes=2**30))
    job = Job(query, build.read_manifest().base, JSON)
    times = []
    for _ in range(rounds):
        start = time.perf_counter()
        engine.run(job)
        times.append(time.perf_counter() - start)
    return 1000 * quantiles(times, n=2)[0]


def ask(host: str, port: int, query: str, until: float, times: list[float]) -> None:
    """Asks over one connection until the time is up, and notes how long each answer took, in seconds."""
    connection = HTTPConnection(host, port)
    path = f"/sparql?{urlencode({'query': query})}"
    while (start := time.perf_counter()) < until:
        connection.request("GET", path)
        response = connection.getresponse()
        body = response.read()
        if response.status != 200:
            raise SystemExit(body.decode())
        times.append(time.perf_counter() - start)
    connection.close()


def measure(host: str, port: int, query: str, clients: int, seconds: float) -> tuple[float, float, float]:
    """Requests per second, and the median and the 95th percentile of the latency in milliseconds."""
    times: list[float] = []
    until = time.perf_counter() + seconds
    threads = [threading.Thread(target=ask, args=(host, port, query, until, times)) for _ in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    percentiles = quantiles(times, n=100)
    return len(times) / seconds, 1000 * percentiles[49], 1000 * percentiles[94]


def main() -> None:
    """Prints a line for each query and number of clients."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("directory", type=Path, metavar="DIR")
    parser.add_argument("--clients", type=int, default=4)
    parser.add_argument("--seconds", type=float, default=5.0)
    parser.add_argument("--workers", type=int, default=2)
    arguments = parser.parse_args()
    build = open_build(arguments.directory)
    command = [Path(sys.executable).with_name("communique"), "serve", arguments.directory, "--port", "0"]
    command += ["--workers", str(arguments.workers)]
    server = subprocess.Popen(command, stdout=subprocess.PIPE, encoding="utf-8")
    try:
        found = re.search(r"http://([\d.]+):(\d+)", server.stdout.readline() if server.stdout else "")
        if found is None:
            raise SystemExit("the server did not start")
        host, port = found[1], int(found[2])
        prologue = "".join(f"PREFIX {prefix}: <{namespace}>\n" for prefix, namespace in PREFIXES.items())
        queries = {"point": POINT % some_document(build), "grouping": prologue + GROUPING}
        print(f"{build.read_manifest().triples:,} triples, {arguments.workers} workers")
        print(f"{'query':10}{'clients':>8}{'engine ms':>11}{'requests/s':>12}{'p50 ms':>8}{'p95 ms':>8}")
        for name, query in queries.items():
            alone = engine_milliseconds(build, query)
            for clients in sorted({1, arguments.clients}):
                rate, median, late = measure(host, port, query, clients, arguments.seconds)
                print(f"{name:10}{clients:>8}{alone:>11.2f}{rate:>12.0f}{median:>8.2f}{late:>8.2f}", flush=True)
    finally:
        server.terminate()
        server.wait()


if __name__ == "__main__":
    main()
