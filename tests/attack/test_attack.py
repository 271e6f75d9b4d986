"""Hostile requests while others ask good questions: the good get right answers, and nobody gets out of the server."""

from __future__ import annotations

import random
import socket
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event

import pytest

from tests.support.hostile import KINDS, attack, hostile_requests
from tests.support.serving import TOKEN, WritableServer

NUMBER = 300
GOOD = 8
QUESTION = "SELECT (COUNT(*) AS ?n) { ?p a cq:Person }"


@pytest.fixture(scope="module")
def server(sample_build: Path) -> Iterator[WritableServer]:
    limits = {"COMMUNIQUE_QUERY_SECONDS": "2", "COMMUNIQUE_QUEUE_SECONDS": "60", "COMMUNIQUE_CLIENT_WORKERS": "1"}
    server = WritableServer(sample_build, "--workers", "3", **limits)
    yield server
    server.stop()


def test_hostile_requests_harm_nobody(server: WritableServer) -> None:
    expected = server.query(QUESTION, "text/csv")
    assert expected.status == 200
    over = Event()

    def ask_on() -> set[tuple[int, bytes]]:
        answers = {(reply.status, reply.body) for reply in [server.query(QUESTION, "text/csv")]}
        while not over.is_set():
            reply = server.query(QUESTION, "text/csv")
            answers.add((reply.status, reply.body))
        return answers

    with socket.create_server(("127.0.0.1", 0)) as listener, ThreadPoolExecutor(GOOD + 4) as threads:
        listener.settimeout(0)
        good = [threads.submit(ask_on) for _ in range(GOOD)]
        requests = list(hostile_requests(NUMBER, listener.getsockname()[1]))
        sent = [
            threads.submit(attack, server.host, server.port, request, random.Random(number))  # noqa: S311
            for number, (_, request) in enumerate(requests)
        ]
        answers = [future.result() for future in sent]
        over.set()
        assert {answer for future in good for answer in future.result()} == {(200, expected.body)}
        with pytest.raises(BlockingIOError):
            listener.accept()
    assert {kind for kind, _ in requests} == set(KINDS)
    for answer in answers:
        assert b"Traceback" not in answer
        assert TOKEN.encode() not in answer
        assert not answer.startswith((b"HTTP/1.1 500", b"HTTP/1.0 500")), answer
