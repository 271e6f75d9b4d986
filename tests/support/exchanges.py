"""The W3C's tests of HTTP protocols: what to send and what to expect, as their manifests say."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from rdflib import RDF, RDFS, Graph, Namespace, Node
from rdflib.collection import Collection

SUITE = Path(__file__).resolve().parents[3] / "shared/suites/rdf-tests/sparql/sparql11"

MF = Namespace("http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#")
HT = Namespace("http://www.w3.org/2011/http#")
CNT = Namespace("http://www.w3.org/2011/content#")
UT = Namespace("http://www.w3.org/2009/sparql/tests/test-update#")

CODES = {"OK": 200, "Created": 201, "NoContent": 204, "NotFound": 404}


@dataclass(frozen=True, slots=True)
class Exchange:
    """A request of a test, and what is expected of the response; ``statuses`` are codes or their first digits."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes | None
    statuses: frozenset[str]
    boolean: bool | None
    format: str | None
    location: str | None
    content_type: str | None
    content: str | None


@dataclass(frozen=True, slots=True)
class Case:
    """A test. ``data`` are the files that it wants to find, with the names of their graphs."""

    name: str
    exchanges: tuple[Exchange, ...]
    data: tuple[tuple[Path, str], ...]


def read_cases(manifest: Path) -> Iterator[Case]:
    graph = Graph().parse(manifest)
    [node] = graph.subjects(RDF.type, MF.Manifest)
    for entry in Collection(graph, graph.value(node, MF.entries)):
        requests = Collection(graph, graph.value(graph.value(entry, MF.action), HT.requests))
        data = tuple(
            (manifest.parent / Path(str(graph.value(file, UT.graph))).name, str(graph.value(file, RDFS.label)))
            for file in graph.objects(entry, UT.graphData)
        )
        yield Case(str(entry).rpartition("#")[2], tuple(_exchange(graph, request) for request in requests), data)


def _exchange(graph: Graph, request: Node) -> Exchange:
    response = graph.value(request, HT.resp)
    assert response is not None
    boolean = graph.value(response, MF.expectedBoolean)
    headers = _headers(graph, response)
    return Exchange(
        method=str(graph.value(request, HT.methodName)),
        path=str(graph.value(request, HT.absolutePath)),
        headers=_headers(graph, request),
        body=_body(graph, request),
        statuses=frozenset(_status(str(status)) for status in graph.objects(response, MF.expectedStatus)),
        boolean=None if boolean is None else str(boolean) == "true",
        format=_text(graph.value(response, MF.expectedFormat)),
        location=_text(graph.value(response, MF.expectedLocation)),
        content_type=headers.get("content-type"),
        content=content.decode() if (content := _body(graph, response)) else None,
    )


def _headers(graph: Graph, message: Node) -> dict[str, str]:
    headers = graph.value(message, HT.headers)
    return {
        str(graph.value(header, HT.fieldName)): str(graph.value(header, HT.fieldValue))
        for header in (Collection(graph, headers) if headers else ())
    }


def _body(graph: Graph, message: Node) -> bytes | None:
    body = graph.value(message, HT.body)
    if body is None:
        return None
    return str(graph.value(body, CNT.chars)).encode(str(graph.value(body, CNT.characterEncoding)))


def _status(status: str) -> str:
    name = status.rpartition("#")[2]
    return str(CODES[name]) if name in CODES else name.removeprefix("StatusCode").rstrip("x")


def _text(node: Node | None) -> str | None:
    return None if node is None else str(node)
