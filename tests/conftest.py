"""What all tests share. The strategy of the fixtures:

- A build is made once for a session and only read; who changes one copies it first.
- ``sample_build`` (here) is ``data/sample.trig`` as a store: a small graph made by hand, for the server and the shapes.
- ``built`` (``integration/conftest.py``) is a whole build of three short documents by the fake reader of
  ``support/fake_reader.py``, which is handed to ``pipeline.build(make_reader=…)`` and is no part of the product. It
  knows a few fixed patterns and fails on demand: the way of the data is tested apart from the reading of language.
- What the installed reader makes of documents is tested through the installed command, in a process of its own.
- Unit tests make what they need in the test or beside it; nothing reaches the network.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import pyoxigraph
import pytest
from flask.testing import FlaskClient
from hypothesis import settings

from kg_build.build_directory import BuildDirectory
from kg_build.combine import Counts
from kg_build.manifest import Manifest, SetAsideCounts, Versions
from kg_build.model import ReaderVersion, Status
from kg_build.search import write_index
from kg_build.store import create_store
from ontology import DEFAULT_BASE
from server.app import create_app
from server.endpoint import EXTENSION, Endpoint
from server.settings import Settings

# How long an example takes depends on what else the machine does; whether the code is right does not.
settings.register_profile("calm", deadline=None)
settings.load_profile("calm")

SAMPLE = Path(__file__).resolve().parent / "data" / "sample.trig"

MakeBuild = Callable[[Path, Iterable[pyoxigraph.Quad]], Path]


def make_build(folder: Path, quads: Iterable[pyoxigraph.Quad]) -> Path:
    """Makes of ``folder`` what a build with these quads would leave, as far as the server reads it."""
    build = BuildDirectory(folder)
    lines = pyoxigraph.serialize(quads, format=pyoxigraph.RdfFormat.N_QUADS) or b""
    build.data.write_bytes(lines)
    create_store(build.store, build.data)
    write_index(build.search, build.data)
    Manifest(
        base=DEFAULT_BASE,
        started="2025-04-09T08:00:00Z",
        ended="2025-04-09T08:00:02Z",
        seconds=2.0,
        versions=Versions(communique="0.1.0", python="3.11", pyoxigraph="0.5", pyshacl="0.40", rdflib="7.6"),
        reader=ReaderVersion("hand", "1"),
        counts=Counts(
            documents=2,
            persons=4,
            ministries=2,
            organizations=5,
            countries=3,
            meetings={Status.HELD: 2, Status.POSTPONED: 1, Status.DENIED: 1},
            statements=10,
            mentions=60,
        ),
        triples=lines.count(b"\n"),
        set_aside=SetAsideCounts(),
        findings={},
        inputs=(),
    ).write(build.manifest)
    return folder


@pytest.fixture(scope="session")
def sample_build(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample graph as a build's folder."""
    quads = pyoxigraph.parse(path=SAMPLE, format=pyoxigraph.RdfFormat.TRIG)
    return make_build(tmp_path_factory.mktemp("sample"), quads)


@pytest.fixture(scope="session")
def client(sample_build: Path) -> Iterator[FlaskClient]:
    """A client of the sample graph's server, which runs queries in this process."""
    app = create_app(Settings(directory=sample_build, workers=0))
    yield app.test_client()
    served = app.extensions[EXTENSION]
    assert isinstance(served, Endpoint)
    served.engine.close()


@pytest.fixture(scope="session")
def make_a_build() -> MakeBuild:
    """``make_build``, for tests that need another graph."""
    return make_build
