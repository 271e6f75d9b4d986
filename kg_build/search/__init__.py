"""Full-text search over labels, statements and the texts of documents: the index, and ``cq:search`` in queries."""

from kg_build.search.expand import expand, refuse
from kg_build.search.index import INDEX_NAME, SearchIndex
from kg_build.search.words import to_expression
from kg_build.search.writing import GraphLines, apply_delta, copy_index, update_index, write_index

__all__ = [
    "INDEX_NAME",
    "GraphLines",
    "SearchIndex",
    "apply_delta",
    "copy_index",
    "expand",
    "refuse",
    "to_expression",
    "update_index",
    "write_index",
]
