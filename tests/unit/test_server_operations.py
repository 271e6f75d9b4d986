"""What those who run the server need: its log, metrics, health, headers, its place behind a proxy, its end."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from prometheus_client.parser import text_string_to_metric_families

from kg_build.errors import UsageError
from server.access_log import line
from server.app import create_app
from server.endpoint import EXTENSION, LIFECYCLE
from server.errors import BusyError
from server.front import front
from server.lifecycle import Lifecycle
from server.metrics import part_of
from server.observation import Observation
from server.settings import Settings

QUERY = "SELECT ?name { ?person a cq:Person ; skos:prefLabel ?name }"


@contextmanager
def serving(settings: Settings) -> Iterator[FlaskClient]:
    app = create_app(settings)
    try:
        yield app.test_client()
    finally:
        app.extensions[EXTENSION].engine.close()


def entries(log: Path) -> list[dict[str, object]]:
    return [json.loads(text) for text in log.read_text(encoding="ascii").splitlines()]


def test_each_request_is_a_line_of_json_with_the_hash_of_its_query(sample_build: Path, tmp_path: Path) -> None:
    log = tmp_path / "access.jsonl"
    with serving(Settings(directory=sample_build, workers=0, access_log=str(log))) as client:
        size = len(client.get("/sparql", query_string={"query": QUERY}, headers={"User-Agent": "a\u001b[31mb"}).data)
        client.post(
            "/sparql?token=tokenish",
            data={"query": "SELEC"},
            headers={"Authorization": "Bearer secretish"},
            buffered=True,
        )
        client.get("/nowhere/é", environ_base={"REMOTE_ADDR": "192.0.2.7"}, buffered=True)
        client.get("/", query_string={"query": QUERY}, buffered=True)
    good, bad, missing, page = entries(log)
    assert (
        good.items() >= {"method": "GET", "path": "/sparql", "status": 200, "bytes": size, "kind": "solutions"}.items()
    )
    assert good["query"] == page["query"] == sha256(QUERY.encode()).hexdigest()[:16]
    assert isinstance(good["ms"], float)
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", str(good["time"]))
    assert bad["status"] == 400
    assert missing.items() >= {"status": 404, "path": "/nowhere/é", "client": "192.0.2.7"}.items()
    assert (page["rows"], page["kind"]) == (4, "solutions")
    text = log.read_text(encoding="ascii")
    assert "ish" not in text
    assert "SELEC" not in text
    assert "\u001b" not in text


def test_the_text_of_queries_is_logged_where_that_is_asked_for(sample_build: Path, tmp_path: Path) -> None:
    log = tmp_path / "access.jsonl"
    settings = Settings(directory=sample_build, workers=0, access_log=str(log), access_log_queries=True)
    with serving(settings) as client:
        client.get("/sparql", query_string={"query": QUERY}, buffered=True)
    assert entries(log)[0]["text"] == QUERY


def test_a_log_that_cannot_be_written_is_refused_at_the_start(sample_build: Path, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="cannot be written"):
        create_app(Settings(directory=sample_build, workers=0, access_log=str(tmp_path / "none" / "log")))


def test_what_is_not_known_is_left_out_of_the_log() -> None:
    noted = line(Observation("GET", "/", status=200, size=3, seconds=0.0012), now=datetime(2025, 3, 1, tzinfo=UTC))
    assert json.loads(noted) == {
        "time": "2025-03-01T00:00:00.000Z", "method": "GET", "path": "/", "status": 200, "bytes": 3, "ms": 1.2,
    }  # fmt: skip


def counted(client: FlaskClient) -> dict[tuple[str, ...], float]:
    response = client.get("/metrics")
    assert response.status_code == 200
    return {
        (sample.name, *(value for _, value in sorted(sample.labels.items()))): sample.value
        for family in text_string_to_metric_families(response.text)
        for sample in family.samples
    }


def test_metrics_count_requests_by_part_method_and_status(client: FlaskClient) -> None:
    before = counted(client)
    client.get("/sparql", query_string={"query": QUERY}, buffered=True)
    client.get("/sparql", query_string={"query": "SELEC"}, buffered=True)
    client.open("/x", method="BREW", buffered=True)
    after = counted(client)

    def more(*key: str) -> float:
        return after.get(key, 0) - before.get(key, 0)

    assert more("communique_requests_total", "GET", "sparql", "200") == 1
    assert more("communique_requests_total", "GET", "sparql", "400") == 1
    assert more("communique_requests_total", "other", "other", "404") == 1
    assert more("communique_request_seconds_count", "sparql") == 2
    assert more("communique_response_bytes_total", "sparql") > 100
    assert more("communique_requests_running") == 0  # but for the one that asks, both times
    assert after["communique_documents",] == 2
    assert after["communique_workers_busy",] == 0


def test_clients_cannot_invent_parts_for_the_metrics() -> None:
    assert {part_of(f"/{n}") for n in range(100)} == {"other"}


def test_ready_means_that_a_query_is_answered(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    assert client.get("/readyz").get_json() == {"status": "ready"}
    engine = client.application.extensions[EXTENSION].engine

    def busy(_job: object) -> object:
        raise BusyError("too many queries are waiting already")

    monkeypatch.setattr(type(engine), "run", lambda _self, job: busy(job))
    response = client.get("/readyz")
    assert response.status_code == 503
    assert response.get_json() == {"status": "not ready", "reason": "too many queries are waiting already"}
    assert client.get("/healthz").status_code == 200


def test_a_server_that_stops_turns_requests_away_and_says_that_it_lives(sample_build: Path) -> None:
    with serving(Settings(directory=sample_build, workers=0)) as client:
        lifecycle: Lifecycle = client.application.extensions[LIFECYCLE]
        lifecycle.stop()
        refused = client.get("/sparql", query_string={"query": "ASK {}"}, buffered=True)
        assert refused.status_code == 503
        assert refused.headers["Retry-After"] == "5"
        assert "sandbox" in refused.headers["Content-Security-Policy"]
        assert client.get("/readyz", buffered=True).status_code == 503
        for path in ("/healthz", "/metrics"):
            assert client.get(path, buffered=True).status_code == 200
        assert lifecycle.wait_until_idle(0)


def test_what_runs_is_waited_for() -> None:
    lifecycle = Lifecycle()
    lifecycle.begin()
    assert not lifecycle.wait_until_idle(0)
    lifecycle.end()
    assert lifecycle.wait_until_idle(0)


def test_a_response_that_is_given_up_and_one_that_fails_are_logged_as_incomplete(tmp_path: Path) -> None:
    log = tmp_path / "access.jsonl"
    lifecycle = Lifecycle()

    def endless(_environ: dict[str, object], start_response: object) -> Iterator[bytes]:
        start_response("200 OK", [])  # type: ignore[operator]
        while True:
            yield b"12345"

    def failing(_environ: dict[str, object], _start: object) -> Iterator[bytes]:
        raise OSError("the disk is gone")

    def run(application: object) -> Iterator[bytes]:
        wrapped = front(application, Settings(access_log=str(log)), lifecycle)  # type: ignore[arg-type]
        return wrapped({"REQUEST_METHOD": "GET", "PATH_INFO": "/"}, lambda *_: None)  # type: ignore[return-value]

    body = run(endless)
    for _ in zip(range(3), body, strict=False):
        pass
    body.close()  # type: ignore[attr-defined]
    with pytest.raises(OSError, match="the disk is gone"):
        run(failing)
    assert [(entry["status"], entry["bytes"], entry["complete"]) for entry in entries(log)] == [
        (200, 15, False), (500, 0, False),
    ]  # fmt: skip
    assert lifecycle.wait_until_idle(0)


@pytest.mark.parametrize(
    ("path", "accept"),
    [("/", "text/html"), ("/sparql?query=ASK%7B%7D", "*/*"), ("/nowhere", "*/*"), ("/nowhere", "text/html"),
     ("/static/page.css", "*/*"), ("/healthz", "*/*"), ("/metrics", "*/*"),
     ("/sparql?query=%3Cscript%3E", "text/html")],
)  # fmt: skip
def test_every_response_has_the_headers_that_protect_its_reader(client: FlaskClient, path: str, accept: str) -> None:
    response = client.get(path, headers={"Accept": accept})
    policy = response.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["X-Frame-Options"] == "DENY"
    assert response.headers["Referrer-Policy"] == "no-referrer"
    assert "<script>" not in response.text
    response.close()


@pytest.mark.parametrize("path", ["/graph/queries/meetings", "/queries/meetings"])
def test_below_a_prefix_all_addresses_have_it(sample_build: Path, path: str) -> None:
    with serving(Settings(directory=sample_build, workers=0, prefix="/graph/")) as client:
        html = client.get(path, headers={"Accept": "text/html"}).text
        assert client.get("/graphite").status_code == 404
        assert client.get("/graph").status_code == 200
        turtle = client.get("/graph/sparql", headers={"Accept": "text/turtle"}).text
    assert 'href="/graph/static/page.css"' in html
    assert not re.search(r'(?:href|src|action)="/(?!graph/)', html)
    assert "<http://localhost/graph/sparql>" in turtle


FORWARDED = {
    "X-Forwarded-For": "203.0.113.9",
    "X-Forwarded-Proto": "https",
    "X-Forwarded-Host": "data.example",
    "X-Forwarded-Prefix": "/graph",
}


def test_a_proxy_is_believed_as_far_as_the_settings_trust_it(sample_build: Path, tmp_path: Path) -> None:
    log = tmp_path / "access.jsonl"
    with serving(Settings(directory=sample_build, workers=0, trusted_proxies=1, access_log=str(log))) as client:
        turtle = client.get("/sparql", headers={"Accept": "text/turtle", **FORWARDED}).text
    assert "<https://data.example/graph/sparql>" in turtle
    assert entries(log)[0]["client"] == "203.0.113.9"
    with serving(Settings(directory=sample_build, workers=0)) as client:
        assert "data.example" not in client.get("/sparql", headers={"Accept": "text/turtle", **FORWARDED}).text
