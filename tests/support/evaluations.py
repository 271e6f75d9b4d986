"""The W3C's tests of queries and updates: what to load, what to ask, what to expect, as their manifests say."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, Store

SUITE = Path(__file__).resolve().parents[3] / "shared/suites/rdf-tests/sparql"
ADDRESS = "https://w3c.github.io/rdf-tests/sparql/"
"""Where the suite stands on the web: the names of its files in the tests."""

_RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_RDFS = "http://www.w3.org/2000/01/rdf-schema#"
_MF = "http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#"
_QT = "http://www.w3.org/2001/sw/DataAccess/tests/test-query#"
_UT = "http://www.w3.org/2009/sparql/tests/test-update#"
Node = NamedNode | BlankNode | Literal


@dataclass(frozen=True, slots=True)
class Dataset:
    """Files of triples: those of the default graph, and those of named graphs with the graphs' names."""

    default: tuple[str, ...]
    named: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Evaluation:
    """A test. ``request`` and the files of the datasets are addresses below ``ADDRESS``; see ``file_at``."""

    name: str
    kind: str
    request: str
    before: Dataset
    result: str | None
    after: Dataset
    lax: bool
    """Whether it does not matter how often a row comes."""

    @property
    def is_update(self) -> bool:
        return "Update" in self.kind

    @property
    def text(self) -> str:
        return file_at(self.request).read_bytes().decode("utf-8")


def file_at(address: str) -> Path:
    return SUITE / address.removeprefix(ADDRESS)


def read_evaluations(folder: Path) -> Iterator[Evaluation]:
    """The tests of the manifest in ``folder``, in its order."""
    address = f"{ADDRESS}{folder.relative_to(SUITE).as_posix()}/"
    store = Store()
    store.load(path=folder / "manifest.ttl", format=RdfFormat.TURTLE, base_iri=f"{address}manifest.ttl")

    def values(subject: Node | None, property_: str) -> list[Node]:
        found = store.quads_for_pattern(subject, NamedNode(property_), None) if subject is not None else ()
        return [quad.object for quad in found]

    def value(subject: Node | None, property_: str) -> Node | None:
        return next(iter(values(subject, property_)), None)

    def dataset(node: Node | None, vocabulary: str) -> Dataset:
        named = []
        for graph in values(node, f"{vocabulary}graphData"):
            file = value(graph, f"{vocabulary}graph") or graph
            label = value(graph, f"{_RDFS}label")
            named.append((file.value, label.value if label else file.value))
        return Dataset(tuple(file.value for file in values(node, f"{vocabulary}data")), tuple(sorted(named)))

    def entries() -> Iterator[Node]:
        [quad] = store.quads_for_pattern(None, NamedNode(f"{_MF}entries"), None)
        item: Node | None = quad.object
        while item is not None and item.value != f"{_RDF}nil":
            first = value(item, f"{_RDF}first")
            assert first is not None
            yield first
            item = value(item, f"{_RDF}rest")

    for entry in entries():
        kinds = [kind.value.removeprefix(_MF) for kind in values(entry, f"{_RDF}type")]
        action, result = value(entry, f"{_MF}action"), value(entry, f"{_MF}result")
        request = value(action, f"{_QT}query") or value(action, f"{_UT}request") or action
        vocabulary = _UT if "Update" in kinds[0] else _QT
        assert request is not None
        yield Evaluation(
            name=f"{folder.relative_to(SUITE).as_posix()}/{entry.value.rpartition('#')[2]}",
            kind=kinds[0],
            request=request.value,
            before=dataset(action, vocabulary),
            result=result.value if isinstance(result, NamedNode) else None,
            after=dataset(result if vocabulary == _UT else None, _UT),
            lax=value(entry, f"{_MF}resultCardinality") == NamedNode(f"{_MF}LaxCardinality"),
        )
