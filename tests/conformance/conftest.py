"""One server for all of the W3C's tests: on a graph that holds nothing, and which who knows the token may write to."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.support.serving import WritableServer


@pytest.fixture(scope="session")
def server(make_a_build: object, tmp_path_factory: pytest.TempPathFactory) -> Iterator[WritableServer]:
    folder = make_a_build(tmp_path_factory.mktemp("suite"), [])  # type: ignore[operator]
    server = WritableServer(folder, "--workers", "1", COMMUNIQUE_QUEUE_SECONDS="60")
    yield server
    server.stop()
