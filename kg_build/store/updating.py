"""Runs SPARQL updates and tells what each changed, to the quad.

The engine runs an update without saying what it changed. So of each operation the WHERE is run as a query, and its
templates are filled in from the rows by the engine again, in an empty store, where all that then stands is what they
make. What they make is the change; it is applied before the next operation, which sees it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import islice
from typing import Final

import pyoxigraph as ox

from kg_build.errors import QueryError
from kg_build.query_guard import QueryLimits, check_query, line_and_column, offset
from kg_build.search.expand import refuse
from kg_build.store.live import LiveStore
from kg_build.store.reading import Dataset, QuerySyntaxError, _graph_names, _syntax_error
from kg_build.update_syntax import Operation, OperationKind, only_declares, split
from kg_build.writes.delta import Delta, Line, merge

_ROWS: Final = 5_000
"""Rows that are filled into templates at once."""
_BLANK: Final = "urn:communique:blank:"
"""Stands before the name of a blank node where the syntax allows IRIs alone."""
_NODE: Final = ox.NamedNode("urn:communique:node")

Node = ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple


@dataclass(frozen=True, slots=True)
class Update:
    """A request for an update.

    ``using`` is the dataset of the protocol's parameters; it goes with no operation that says WITH or USING. ``graph``
    takes the place of the default graph where a single graph is to be changed, and then no other may be.
    """

    text: str
    base_iri: str
    prefixes: Mapping[str, str] = field(default_factory=dict)
    using: Dataset | None = None
    graph: str | None = None
    limits: QueryLimits | None = None


class OtherGraphError(QueryError):
    """An update of one graph would change another."""

    http_status = 422


def run_update(store: LiveStore, update: Update) -> Delta:
    """Makes the change and returns it.

    Raises QuerySyntaxError for what is not an update, QueryError for one that is refused or fails. The store may then
    have been changed by the operations before the one that failed: whoever calls throws it away.
    """
    check_query(update.text, update.limits)
    refuse(update.text, prefixes=update.prefixes, base=update.base_iri)
    operations = split(update.text)
    for operation in operations:
        _check(update, operation)
    if update.using is not None and any(operation.names_its_dataset for operation in operations):
        raise QueryError(
            "the update says WITH or USING, and the request names graphs with using-graph-uri or using-named-graph-uri",
            hint="use the one or the other",
        )
    return merge([_Run(store, update, operation).run() for operation in operations])


def _check(update: Update, operation: Operation) -> None:
    """Raises QuerySyntaxError where the operation is none, and QueryError where it is not allowed."""
    if operation.kind is OperationKind.LOAD:
        raise QueryError("LOAD is not allowed", hint="send the graph itself, to /graphs")

    def engine(text: str) -> None:
        with suppress(RuntimeError):  # operations on graphs fail here, since there are none
            ox.Store().update(text, base_iri=update.base_iri, prefixes=dict(update.prefixes))

    text = operation.before + update.text[operation.start : operation.end]
    try:
        engine(text)
    except SyntaxError as error:
        found = _syntax_error(text, str(error), frozenset(update.prefixes), engine, update=True)
        shift = operation.start - len(operation.before)
        line, column = line_and_column(update.text, max(0, offset(text, found.line, found.column) + shift))
        raise QuerySyntaxError(found.what, line=line, column=column, hint=found.hint) from error
    if operation.kind is OperationKind.NOTHING and text.strip() and not only_declares(text):
        raise QueryError("this update cannot be taken apart", hint="put blanks around < and >")


class _Run:
    def __init__(self, store: LiveStore, update: Update, operation: Operation) -> None:
        self._store = store
        self._update = update
        self._operation = operation
        self._own = update.graph or store.own

    def run(self) -> Delta:
        operation = self._operation
        match operation.kind:
            case OperationKind.INSERT_DATA:
                delta = self._change((), self._made(f"INSERT DATA {operation.data}"))
            case OperationKind.DELETE_DATA:
                delta = self._change(self._made(f"INSERT DATA {operation.data}"), ())
            case OperationKind.MODIFY:
                delta = self._modify()
            case OperationKind.CREATE:
                delta = self._create()
            case OperationKind.CLEAR | OperationKind.DROP:
                delta = self._clear()
            case OperationKind.ADD | OperationKind.COPY | OperationKind.MOVE:
                delta = self._transfer()
            case _:
                delta = Delta()
        if self._update.graph is not None and delta.graphs() - {self._update.graph}:
            other = min(delta.graphs() - {self._update.graph})
            raise OtherGraphError(f"the update would change another graph too: {other}", hint="send it to /update")
        self._store.apply(delta)
        return delta

    def _modify(self) -> Delta:
        removed: dict[Line, None] = {}
        added: dict[Line, None] = {}
        variables = self._operation.variables()
        rows = self._rows(variables)
        while portion := list(islice(rows, _ROWS)):
            values = _values(variables, portion)
            removed |= dict.fromkeys(self._filled(self._operation.delete, values))
            added |= dict.fromkeys(self._filled(self._operation.insert, values))
        return self._change(removed, added)

    def _rows(self, variables: tuple[str, ...]) -> Iterator[tuple[Node | None, ...]]:
        """The rows of the WHERE, as far as the templates need them."""
        operation = self._operation
        columns = " ".join(f"?{name}" for name in variables) or "(1 AS ?communique)"
        distinct = "" if operation.makes_blank_nodes() else "DISTINCT "
        dataset = "".join(f" FROM {iri}" for iri in operation.using)
        graphs: dict[str, list[ox.NamedNode]] = {}
        if self._update.using is not None:
            using = self._update.using
            graphs = {"default_graph": _graph_names(using.default), "named_graphs": _graph_names(using.named)}
        elif operation.graph and not operation.using:
            graphs = {"default_graph": [ox.NamedNode(self._resolved(operation.graph))]}
        elif self._update.graph is not None and not operation.using:
            graphs = {"default_graph": [ox.NamedNode(self._update.graph)]}
        found = self._store.inner.query(
            f"{operation.prologue}SELECT {distinct}{columns}{dataset} WHERE {operation.where}",
            base_iri=self._update.base_iri,
            prefixes=dict(self._update.prefixes),
            **graphs,  # type: ignore[arg-type]
        )
        assert isinstance(found, ox.QuerySolutions)  # noqa: S101 - it is a SELECT
        for solution in found:
            yield tuple(solution[name] for name in variables)

    def _filled(self, template: str, values: str) -> Iterator[Line]:
        """What ``template`` makes of the rows in ``values``."""
        if not template:
            return iter(())
        with_ = f"WITH {self._operation.graph} " if self._operation.graph else ""
        return self._made(f"{with_}INSERT {template} WHERE {{ {values} }}")

    def _made(self, text: str) -> Iterator[Line]:
        """What stands in an empty store after ``text``."""
        scratch = ox.Store()
        scratch.update(
            self._operation.prologue + text, base_iri=self._update.base_iri, prefixes=dict(self._update.prefixes)
        )
        for quad in scratch:
            line = _line(quad, self._own)
            if line is not None:
                yield line

    def _change(self, removed: Iterable[Line], added: Iterable[Line]) -> Delta:
        """The change that takes away and then adds, without what is so already."""
        coming = dict.fromkeys(added)
        return Delta(
            removed=tuple(line for line in removed if line not in coming and self._store.holds(line)),
            added=tuple(line for line in coming if not self._store.holds(line)),
        )

    def _create(self) -> Delta:
        words = list(self._operation.words)
        graph = self._resolved(words[-1])
        if not self._store.has_graph(graph):
            return Delta(created=(graph,))
        if words[0].upper() == "SILENT":
            return Delta()
        raise QueryError(f"there is a graph {graph} already", hint="CREATE SILENT minds none")

    def _clear(self) -> Delta:
        words = list(self._operation.words)
        silent = words[0].upper() == "SILENT"
        target = words[-1].upper()
        named = [graph for graph in self._store.graphs() if graph != self._store.own]
        if target == "ALL":
            graphs = self._store.graphs()
        elif target == "NAMED":
            graphs = named
        elif target == "DEFAULT":
            graphs = [self._own]
        else:
            graphs = self._present(words[-1], silent=silent)
        dropped = graphs if self._operation.kind is OperationKind.DROP else [g for g in graphs if g == self._store.own]
        return Delta(cleared=tuple(graphs), dropped=tuple(dropped))

    def _transfer(self) -> Delta:
        words = [word for word in self._operation.words if word.upper() != "GRAPH"]
        silent = words[0].upper() == "SILENT"
        source_word, _, target_word = words[silent:]
        target = self._own if target_word.upper() == "DEFAULT" else self._resolved(target_word)
        if source_word.upper() == "DEFAULT":
            source = self._own
        elif found := self._present(source_word, silent=silent):
            [source] = found
        else:
            return Delta()
        if source == target:
            return Delta()
        lines = tuple(Line(target, line.triple) for line in self._store.lines(source))
        if self._operation.kind is OperationKind.ADD:
            return self._change((), lines)
        moved = (source,) if self._operation.kind is OperationKind.MOVE else ()
        return Delta(cleared=(target, *moved), added=lines, created=(target,), dropped=moved)

    def _present(self, word: str, *, silent: bool) -> list[str]:
        graph = self._resolved(word)
        if self._store.has_graph(graph):
            return [graph]
        if silent:
            return []
        raise QueryError(f"there is no graph {graph}", hint=f"{self._operation.kind.value} SILENT minds none")

    def _resolved(self, iri: str) -> str:
        """The IRI that is written as ``iri``, relative or with a prefix."""
        [line] = self._made(f"INSERT DATA {{ GRAPH {iri} {{ {_NODE} {_NODE} {_NODE} }} }}")
        return line.graph


def _values(variables: tuple[str, ...], rows: Iterable[tuple[Node | None, ...]]) -> str:
    columns = " ".join(f"?{name}" for name in variables)
    return f"VALUES ({columns}) {{ {' '.join(f'({_row(row)})' for row in rows)} }}"


def _row(row: tuple[Node | None, ...]) -> str:
    return " ".join("UNDEF" if term is None else str(_without_blanks(term)) for term in row)


def _without_blanks(term: Node) -> Node:
    if isinstance(term, ox.BlankNode):
        return ox.NamedNode(_BLANK + term.value)
    if isinstance(term, ox.Triple):
        subject, predicate, object_ = term
        return ox.Triple(_without_blanks(subject), predicate, _without_blanks(object_))  # type: ignore[arg-type]
    return term


def _with_blanks(term: Node) -> Node:
    if isinstance(term, ox.NamedNode) and term.value.startswith(_BLANK):
        return ox.BlankNode(term.value.removeprefix(_BLANK))
    if isinstance(term, ox.Triple):
        subject, predicate, object_ = term
        return ox.Triple(_with_blanks(subject), predicate, _with_blanks(object_))  # type: ignore[arg-type]
    return term


def _line(quad: ox.Quad, own: str) -> Line | None:
    """A quad that a template made; None where a blank node stands in it where none may."""
    graph = quad.graph_name
    name = own if isinstance(graph, ox.DefaultGraph) else graph.value
    if isinstance(graph, ox.BlankNode) or name.startswith(_BLANK) or quad.predicate.value.startswith(_BLANK):
        return None
    triple = ox.Triple(_with_blanks(quad.subject), quad.predicate, _with_blanks(quad.object))  # type: ignore[arg-type]
    return Line(name, str(triple))


__all__ = ["OtherGraphError", "QuerySyntaxError", "Update", "run_update"]
