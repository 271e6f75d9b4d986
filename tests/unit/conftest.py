"""What unit tests share: the sample graph. It is read once and copied by whoever changes it."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path

import pyoxigraph
import pytest
from rdflib import Graph

from kg_build.nquads import Term, to_rdflib
from ontology import DEFAULT_BASE

SAMPLE = Path(__file__).resolve().parent.parent / "data" / "sample.trig"


@pytest.fixture(scope="session")
def sample() -> dict[str, Graph]:
    """The named graphs of the sample by the part of their IRI after the base, for example ``document/sample-1``.

    They are read by pyoxigraph because rdflib's own reader of TriG calls what rdflib has deprecated.
    """
    graphs: dict[str, Graph] = defaultdict(Graph)
    for quad in pyoxigraph.parse(path=SAMPLE, format=pyoxigraph.RdfFormat.TRIG):
        name = str(quad.graph_name).strip("<>").removeprefix(DEFAULT_BASE)
        graphs[name].add(tuple(to_rdflib(Term(str(term))) for term in quad.triple))
    return dict(graphs)


@pytest.fixture(scope="session")
def sample_union(sample: dict[str, Graph]) -> Graph:
    """All triples of the sample in one graph."""
    union = Graph()
    for graph in sample.values():
        union += graph
    return union
