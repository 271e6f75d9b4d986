"""A store that is written to, with its default graph kept as the union of the named graphs."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pyoxigraph as ox

from kg_build.errors import InputError, StoreError
from kg_build.locks import use
from kg_build.search.index import INDEX_NAME
from kg_build.search.writing import apply_delta, copy_index
from kg_build.store.reading import _GRAPHS, GraphFormat
from kg_build.writes.delta import Delta, Line


@dataclass(frozen=True, slots=True)
class Payload:
    """A graph that was sent: bytes in a format."""

    content: bytes
    format: GraphFormat


class LiveStore:
    """The store in a folder, opened for writing; by one process alone.

    ``own`` is the IRI of the graph that takes what is written to the default graph: since that one is a union, its own
    triples need a place.
    """

    def __init__(self, inner: ox.Store, own: str, folder: Path | None = None) -> None:
        self.inner = inner
        self.own = own
        self._folder = folder
        self._mark = use(folder) if folder else None

    @classmethod
    def copy_of(cls, source: Path, folder: Path, own: str) -> LiveStore:
        """Opens a copy, made in the new ``folder``, of the store in ``source``. Raises StoreError.

        Files that never change are shared between the two, so that the copy takes neither time nor space.
        """
        try:
            shutil.rmtree(folder, ignore_errors=True)
            ox.Store.read_only(str(source)).backup(str(folder))
            copy_index(source, folder)
            return cls(ox.Store(str(folder)), own, folder)
        except OSError as error:
            raise StoreError(f"the store cannot be copied: {error}", where=str(source)) from error

    def snapshot(self, folder: Path) -> None:
        """Makes a copy of the store, and of its index, as they are now in the new ``folder``. Raises StoreError."""
        try:
            self.inner.backup(str(folder))
            if self._folder:
                copy_index(self._folder, folder)
        except OSError as error:
            raise StoreError(f"the store cannot be copied: {error}", where=str(folder)) from error

    def apply(self, delta: Delta) -> None:
        """Makes a change, or as much of it as is not made yet."""
        self._clear(delta.cleared)
        for quad in _quads(delta.removed):
            if quad in self.inner:
                self.inner.remove(quad)
                self._leave_union(quad)
        added = list(_quads(delta.added))
        self.inner.extend(added)
        self.inner.extend(ox.Quad(*quad.triple) for quad in added)
        for graph in delta.created:
            self.inner.add_graph(ox.NamedNode(graph))
        for gone in map(ox.NamedNode, delta.dropped):
            if next(self.inner.quads_for_pattern(None, None, None, gone), None) is None:
                self.inner.remove_graph(gone)

    def index(self, delta: Delta) -> None:
        """Makes a change in the index for cq:search, where there is one. Raises StoreError."""
        if self._folder and (self._folder / INDEX_NAME).is_file():
            apply_delta(self._folder / INDEX_NAME, delta)

    def graphs(self) -> list[str]:
        """The IRIs of the named graphs, empty ones too."""
        return [graph.value for graph in self.inner.named_graphs() if isinstance(graph, ox.NamedNode)]

    def has_graph(self, graph: str) -> bool:
        """Whether there is a graph of that name, be it an empty one."""
        return self.inner.contains_named_graph(ox.NamedNode(graph))

    def lines(self, graph: str) -> Iterator[Line]:
        """The quads of a graph."""
        for quad in self.inner.quads_for_pattern(None, None, None, ox.NamedNode(graph)):
            yield Line(graph, str(quad.triple))

    def holds(self, line: Line) -> bool:
        """Whether the store has this quad."""
        return next(_quads((line,))) in self.inner

    def close(self) -> None:
        """Closes the store, which is not to be used again."""
        del self.inner
        if self._mark is not None:
            os.close(self._mark)

    def _clear(self, graphs: Sequence[str]) -> None:
        if len(graphs) > 1 and set(graphs) >= set(self.graphs()):
            kept = self.graphs()
            self.inner.clear()
            for graph in kept:
                self.inner.add_graph(ox.NamedNode(graph))
            return
        for emptied in map(ox.NamedNode, graphs):
            quads = list(self.inner.quads_for_pattern(None, None, None, emptied))
            if quads:
                self.inner.clear_graph(emptied)
            for quad in quads:
                self._leave_union(quad)

    def _leave_union(self, quad: ox.Quad) -> None:
        """Takes the triple of a quad that is gone from the default graph, unless another graph still has it."""
        holders = self.inner.quads_for_pattern(quad.subject, quad.predicate, quad.object, None)
        if all(isinstance(holder.graph_name, ox.DefaultGraph) for holder in holders):
            self.inner.remove(ox.Quad(*quad.triple))


def parse_payloads(payloads: Iterable[Payload], graph: str) -> tuple[Line, ...]:
    """The triples of what was sent, as quads of ``graph``, against which relative IRIs are resolved.

    Raises InputError for what is not in its format, and for quads in named graphs.
    """
    lines: dict[Line, None] = {}
    for payload in payloads:
        rdf_format = _GRAPHS[payload.format]
        try:
            quads = ox.parse(payload.content, format=rdf_format, base_iri=graph, rename_blank_nodes=True)
            for quad in quads:
                if not isinstance(quad.graph_name, ox.DefaultGraph):
                    hint = "send the triples of one graph, and name it in the address"
                    raise InputError("there are named graphs in what was sent", hint=hint)
                lines[Line(graph, str(quad.triple))] = None
        except SyntaxError as error:
            raise InputError(f"not valid {rdf_format.name}: {error}") from error
    return tuple(lines)


def _quads(lines: Iterable[Line]) -> Iterator[ox.Quad]:
    text = "\n".join(map(str, lines))
    return iter(ox.parse(text, format=ox.RdfFormat.N_QUADS, lenient=True))


__all__ = ["LiveStore", "Payload", "parse_payloads"]
