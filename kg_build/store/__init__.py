"""The triple store: the only package that uses pyoxigraph.

A store holds the named graphs of a build and, as its default graph, the union of them. The union is stored because the
engine's own (``use_default_graph_as_union``) repeats a triple for each graph that holds it, so that a person whom fifty
documents name would be counted fifty times.
"""

from kg_build.store.changing import change_store
from kg_build.store.reading import (
    Ask,
    Dataset,
    GraphFormat,
    GraphResult,
    Kind,
    Quad,
    QuerySyntaxError,
    Result,
    ResultFormat,
    Select,
    Store,
    Value,
    create_store,
    read_rdf,
)

__all__ = [
    "Ask",
    "Dataset",
    "GraphFormat",
    "GraphResult",
    "Kind",
    "Quad",
    "QuerySyntaxError",
    "Result",
    "ResultFormat",
    "Select",
    "Store",
    "Value",
    "change_store",
    "create_store",
    "read_rdf",
]
