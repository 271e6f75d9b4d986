"""A running ``communique serve`` that can be written to, and plain HTTP requests to it."""

from __future__ import annotations

import http.client
import os
import re
import signal
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

TOKEN = "a token for tests"  # noqa: S105 - it opens nothing but servers that tests start
BEARER = {"Authorization": f"Bearer {TOKEN}"}


@dataclass(frozen=True, slots=True)
class Reply:
    """A response; the names of its headers are in lower case."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def media_type(self) -> str:
        return self.headers.get("content-type", "").partition(";")[0]

    @property
    def text(self) -> str:
        return self.body.decode()


def start(
    folder: Path, *arguments: str, errors: int = subprocess.DEVNULL, **settings: str
) -> tuple[subprocess.Popen[str], str]:
    """The installed command, serving the build in ``folder``, and its address once it listens."""
    command = [Path(sys.executable).with_name("communique"), "serve", folder, "--port", "0", *arguments]
    environment = {**os.environ, "PYTHONUNBUFFERED": "1", "COLUMNS": "200", **settings}
    process = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=errors, encoding="utf-8")
    assert process.stdout is not None
    line = process.stdout.readline()
    found = re.search(r"http://[\d.]+:\d+", line)
    assert found is not None, line
    return process, found[0]


def children(process: int) -> list[int]:
    """The processes that any of a process's threads has started (Linux)."""
    files = Path(f"/proc/{process}/task").glob("*/children")
    return [int(child) for file in files for child in file.read_text(encoding="ascii").split()]


class WritableServer:
    """The installed command, serving the build in ``folder`` to who knows ``TOKEN``."""

    def __init__(self, folder: Path, *arguments: str, **settings: str) -> None:
        self.process, self.address = start(folder, *arguments, COMMUNIQUE_TOKEN=TOKEN, **settings)
        host, _, port = self.address.removeprefix("http://").partition(":")
        self.host, self.port = host, int(port)

    def send(self, method: str, path: str, body: bytes | None = None, headers: dict[str, str] | None = None) -> Reply:
        connection = http.client.HTTPConnection(self.host, self.port, timeout=60)
        try:
            connection.request(method, path, body, headers or {})
            response = connection.getresponse()
            return Reply(response.status, {k.lower(): v for k, v in response.getheaders()}, response.read())
        finally:
            connection.close()

    def query(self, query: str, accept: str = "application/sparql-results+json", **parameters: list[str]) -> Reply:
        form = urlencode({"query": query, **parameters}, doseq=True).encode()
        headers = {"Accept": accept, "Content-Type": "application/x-www-form-urlencoded"}
        return self.send("POST", "/sparql", form, headers)

    def update(self, update: str, **parameters: list[str]) -> Reply:
        form = urlencode({"update": update, **parameters}, doseq=True).encode()
        headers = {"Accept": "application/problem+json", "Content-Type": "application/x-www-form-urlencoded", **BEARER}
        return self.send("POST", "/update", form, headers)

    def stop(self) -> None:
        self.process.send_signal(signal.SIGINT)
        self.process.communicate(timeout=30)

    def kill(self) -> None:
        """Ends the server in the midst of whatever it does."""
        self.process.kill()
        self.process.communicate()

    def children(self) -> list[int]:
        """The processes that it has started (Linux)."""
        return children(self.process.pid)
