"""The served graph: the engine that answers queries, and what is known of the graph from the start."""

from __future__ import annotations

from asyncio import AbstractEventLoop
from dataclasses import dataclass, field, replace
from typing import Final

from flask import current_app
from flask import request as asking

from kg_build.build_directory import open_build
from kg_build.manifest import Manifest
from kg_build.store import Value
from ontology import DEFAULT_BASE
from server.engine import QueryEngine, open_engine
from server.formats import ResultKind
from server.jobs import Answer, Job, Table
from server.negotiate import choose
from server.protocol import ProtocolRequest
from server.settings import Settings

EXTENSION: Final = "communique"
"""The endpoint's key in ``app.extensions``."""
LIFECYCLE: Final = "communique.lifecycle"
"""Likewise that of the server's Lifecycle."""

_LISTED: Final = 100
# A date and a dateTime do not compare; their texts do, well enough for a list.
_DOCUMENTS: Final = f"""
SELECT ?document ?title ?issued ?publisher WHERE {{
  GRAPH ?document {{
    ?document a cq:Document .
    OPTIONAL {{ ?document dcterms:title ?title }}
    OPTIONAL {{ ?document dcterms:issued ?issued }}
    OPTIONAL {{ ?document dcterms:publisher ?publisher }}
  }}
}} ORDER BY DESC(STR(?issued)) ?document LIMIT {_LISTED}"""


@dataclass(frozen=True, slots=True)
class ListedDocument:
    """A document as the page lists it."""

    iri: str
    title: str
    issued: str | None
    publisher: str | None


@dataclass(frozen=True, slots=True)
class Endpoint:
    """A graph and the way to ask it."""

    settings: Settings
    engine: QueryEngine
    _listed: dict[str, tuple[ListedDocument, ...]] = field(default_factory=dict)

    @classmethod
    def open(cls, settings: Settings, loop: AbstractEventLoop | None = None) -> Endpoint:
        """The graph in ``settings.directory``. Raises StoreError where there is none that can be served.

        ``loop``: where the engine is to work, which another thread runs.
        """
        return cls(settings, open_engine(open_build(settings.directory), settings, loop))

    @property
    def manifest(self) -> Manifest:
        """The record of the build that is served now."""
        return self.engine.generation.manifest

    @property
    def documents(self) -> tuple[ListedDocument, ...]:
        """The latest documents of the graph. Raises CommuniqueError where the engine cannot say."""
        name = self.engine.generation.name
        if name not in self._listed:
            listed = _documents(self.engine)
            self._listed.clear()
            self._listed[name] = listed
        return self._listed[name]

    def answer(self, request: ProtocolRequest, accept: str | None) -> Answer:
        """The result of ``request`` in the format that it names or that ``accept`` likes best."""
        choices = {kind: choose(kind, accept, request.format) for kind in ResultKind}
        reply = self.engine.run(
            replace(self._job(request), choices={kind: choice for kind, choice in choices.items() if choice}),
            client=asking.remote_addr or "",
        )
        assert isinstance(reply, Answer)  # noqa: S101 - no rows were asked for
        return reply

    def table(self, request: ProtocolRequest) -> Table:
        """The beginning of the result of ``request``, for the page."""
        job = replace(self._job(request), rows=self.settings.page_rows)
        reply = self.engine.run(job, client=asking.remote_addr or "")
        assert isinstance(reply, Table)  # noqa: S101 - rows were asked for
        return reply

    def rows(self, query: str, most: int) -> tuple[tuple[Value | None, ...], ...]:
        """The first ``most`` rows of a SELECT of our own. Raises CommuniqueError where the engine cannot say."""
        reply = self.engine.run(Job(query, self.manifest.base, rows=most))
        assert isinstance(reply, Table)  # noqa: S101 - rows were asked for
        return reply.rows

    def _job(self, request: ProtocolRequest) -> Job:
        return Job(
            request.query,
            self.manifest.base,
            default_graphs=request.default_graphs,
            named_graphs=request.named_graphs,
        )


def endpoint() -> Endpoint:
    """The endpoint of the application that answers the present request."""
    found = current_app.extensions[EXTENSION]
    assert isinstance(found, Endpoint)  # noqa: S101 - for the type checker
    return found


def _documents(engine: QueryEngine) -> tuple[ListedDocument, ...]:
    reply = engine.run(Job(_DOCUMENTS, DEFAULT_BASE, rows=_LISTED))
    assert isinstance(reply, Table)  # noqa: S101 - rows were asked for
    texts = [[None if value is None else value.text for value in row] for row in reply.rows]
    return tuple(
        ListedDocument(iri or "", title or iri or "", issued, publisher) for iri, title, issued, publisher in texts
    )


__all__ = ["EXTENSION", "LIFECYCLE", "Endpoint", "ListedDocument", "endpoint"]
