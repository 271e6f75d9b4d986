"""Opens stores and asks them; makes them from N-Quads."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import IO, BinaryIO, Final

import pyoxigraph as ox

from kg_build.errors import InputError, QueryError, StoreError, UsageError
from kg_build.locks import use
from kg_build.nquads import Term
from kg_build.query_guard import QueryLimits, check_query
from kg_build.query_syntax import find_fault
from kg_build.search.expand import expand
from kg_build.search.index import Hit, SearchIndex
from kg_build.store.columns import ordered

_PORTION: Final = 50_000_000
"""Bytes of N-Quads that are loaded at once."""


class ResultFormat(StrEnum):
    """A format for the rows of a SELECT and the answer of an ASK."""

    JSON = "json"
    XML = "xml"
    CSV = "csv"
    TSV = "tsv"


class GraphFormat(StrEnum):
    """A format for triples or quads."""

    TURTLE = "turtle"
    NTRIPLES = "ntriples"
    NQUADS = "nquads"
    TRIG = "trig"
    JSONLD = "jsonld"
    RDFXML = "rdfxml"


_RESULTS: Final = {
    ResultFormat.JSON: ox.QueryResultsFormat.JSON,
    ResultFormat.XML: ox.QueryResultsFormat.XML,
    ResultFormat.CSV: ox.QueryResultsFormat.CSV,
    ResultFormat.TSV: ox.QueryResultsFormat.TSV,
}
_GRAPHS: Final = {
    GraphFormat.TURTLE: ox.RdfFormat.TURTLE,
    GraphFormat.NTRIPLES: ox.RdfFormat.N_TRIPLES,
    GraphFormat.NQUADS: ox.RdfFormat.N_QUADS,
    GraphFormat.TRIG: ox.RdfFormat.TRIG,
    GraphFormat.JSONLD: ox.RdfFormat.JSON_LD,
    GraphFormat.RDFXML: ox.RdfFormat.RDF_XML,
}


class QuerySyntaxError(QueryError):
    """A query that is not SPARQL. ``line`` and ``column`` count from 1."""

    def __init__(self, what: str, *, line: int = 1, column: int = 1, hint: str | None = None) -> None:
        super().__init__(what, where=f"line {line}, column {column}", hint=hint)
        self.line = line
        self.column = column


class Kind(StrEnum):
    """What a value in a result is."""

    IRI = "iri"
    LITERAL = "literal"
    BLANK = "blank"
    TRIPLE = "triple"


@dataclass(frozen=True, slots=True)
class Value:
    """A term in a row of a result. ``datatype`` is an IRI, given for literals alone."""

    kind: Kind
    text: str
    datatype: str | None = None
    language: str | None = None


class Select:
    """The rows of a SELECT query, computed as they are read; read or serialize them once."""

    def __init__(self, solutions: ox.QuerySolutions) -> None:
        self._solutions = solutions
        self.variables: tuple[str, ...] = tuple(variable.value for variable in solutions.variables)

    def rows(self) -> Iterator[tuple[Value | None, ...]]:
        """The rows, a value for each variable, None where it is unbound. Raises StoreError when reading fails."""
        try:
            for solution in self._solutions:
                yield tuple(None if term is None else _value(term) for term in solution)
        except OSError as error:
            raise _unreadable(error) from error

    def serialize(self, result_format: ResultFormat, writer: BinaryIO | IO[bytes]) -> None:
        """Writes the rows to ``writer`` as they are computed; an exception that ``writer`` raises ends the query."""
        self._solutions.serialize(writer, format=_RESULTS[result_format])


class Ask:
    """The answer of an ASK query."""

    def __init__(self, answer: ox.QueryBoolean) -> None:
        self._answer = answer

    def __bool__(self) -> bool:
        return bool(self._answer)

    def serialize(self, result_format: ResultFormat, writer: BinaryIO | IO[bytes]) -> None:
        """Writes the answer to ``writer``."""
        self._answer.serialize(writer, format=_RESULTS[result_format])


class GraphResult:
    """The triples of a CONSTRUCT or DESCRIBE query, computed as they are written; write them once."""

    def __init__(self, triples: ox.QueryTriples) -> None:
        self._triples = triples

    def serialize(
        self, graph_format: GraphFormat, writer: BinaryIO | IO[bytes], prefixes: Mapping[str, str] | None = None
    ) -> None:
        """Writes the triples to ``writer``, with ``prefixes`` where the format has such."""
        ox.serialize(self._triples, writer, format=_GRAPHS[graph_format], prefixes=dict(prefixes or {}))

    def rows(self) -> Iterator[tuple[Value, Value, Value]]:
        """The triples: subject, predicate and object. Raises StoreError when reading fails."""
        try:
            for triple in self._triples:
                yield _value(triple.subject), _value(triple.predicate), _value(triple.object)
        except OSError as error:
            raise _unreadable(error) from error


Result = Select | Ask | GraphResult


@dataclass(frozen=True, slots=True)
class Dataset:
    """Which graphs a query may see, by their IRIs: as its default graph, their union, and by name."""

    default: tuple[str, ...] = ()
    named: tuple[str, ...] = ()


class Store:
    """A store of a build, opened for reading. ``search`` is the index for ``cq:search``, where there is one."""

    def __init__(self, inner: ox.Store, mark: int | None = None, search: SearchIndex | None = None) -> None:
        self._inner = inner
        self._mark = mark
        self._search = search

    def __del__(self) -> None:
        if self._mark is not None:
            os.close(self._mark)

    @classmethod
    def open(cls, path: Path) -> Store:
        """Opens the store in the folder ``path``. Raises StoreError where there is none or it is damaged."""
        if not path.is_dir():
            raise StoreError("there is no store", where=str(path), hint="build one with: communique build")
        try:
            return cls(ox.Store.read_only(str(path)), use(path), SearchIndex.of(path))
        except OSError as error:
            raise StoreError(f"the store cannot be opened: {error}", where=str(path), hint="build it again") from error

    @classmethod
    def in_memory(cls, data: Path) -> Store:
        """A store in memory with the content of ``data``, a file of N-Quads. Raises StoreError."""
        return cls(_filled(ox.Store(), data))

    @classmethod
    def loaded_from(cls, path: Path) -> Store:
        """A store in memory with all that the store in the folder ``path`` holds. Raises StoreError.

        It takes some 10 s and 600 MB for a million triples, and answers in a fraction of the time.
        """
        store = ox.Store()
        try:
            store.bulk_extend(cls.open(path)._inner)
        except OSError as error:
            raise _unreadable(error) from error
        return cls(store, search=SearchIndex.of(path))

    def query(
        self,
        sparql: str,
        *,
        prefixes: Mapping[str, str] | None = None,
        dataset: Dataset | None = None,
        limits: QueryLimits | None = None,
        base_iri: str | None = None,
    ) -> Result:
        """Runs a query over all graphs, or over ``dataset``; ``prefixes`` are known to it without being declared.

        Relative IRIs in it are resolved against ``base_iri``; ``cq:search`` finds nodes by words. Raises
        QuerySyntaxError for what is not SPARQL, QueryError for what ``check_query`` refuses, for functions that there
        are not and for searches that cannot be understood, StoreError when the store cannot be read.
        """
        check_query(sparql, limits)
        known = dict(prefixes or {})
        graphs: dict[str, list[ox.NamedNode]] = {}
        if dataset is not None:
            graphs = {"default_graph": _graph_names(dataset.default), "named_graphs": _graph_names(dataset.named)}

        def engine(text: str) -> ox.QuerySolutions | ox.QueryBoolean | ox.QueryTriples:
            return self._inner.query(text, prefixes=known, base_iri=base_iri, **graphs)  # type: ignore[arg-type]

        try:
            expanded = expand(sparql, self._found, prefixes=known, base=base_iri)
            found = engine(expanded)
            if isinstance(found, ox.QuerySolutions):  # nothing of it has been computed yet
                names = [variable.value for variable in found.variables]
                in_order = ordered(expanded, names, sparql)
                found = found if in_order is None else engine(in_order)
        except SyntaxError as error:
            raise _syntax_error(sparql, str(error), frozenset(known), engine) from error
        except RuntimeError as error:
            raise QueryError(str(error)) from error
        except OSError as error:
            raise _unreadable(error) from error
        if isinstance(found, ox.QuerySolutions):
            return Select(found)
        if isinstance(found, ox.QueryBoolean):
            return Ask(found)
        return GraphResult(found)

    def _found(self, words: str, *, limit: int | None = None, node: str | None = None) -> list[Hit]:
        if self._search is None:
            raise QueryError("this graph has no index for cq:search", hint="build it again")
        return self._search.find(words, limit=limit, node=node)

    def count(self) -> int:
        """How many quads the named graphs hold. Takes time in proportion to it."""
        everything = self._inner.query("SELECT (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } }")
        assert isinstance(everything, ox.QuerySolutions)  # noqa: S101 -- it is a SELECT
        return int(next(everything)["n"].value)


def create_store(path: Path, data: Path, also: str = "") -> None:
    """Makes a store in the new folder ``path`` from ``data`` and the lines in ``also``, both N-Quads.

    It is on the disk when this returns. Raises StoreError where ``data`` is not N-Quads, OSError for a full disk.
    """
    store = _filled(ox.Store(str(path)), data)
    if also:
        store.load(also, format=ox.RdfFormat.N_QUADS)
        store.load(_without_graph(also.encode()), format=ox.RdfFormat.N_TRIPLES)
    store.flush()


def _filled(store: ox.Store, data: Path) -> ox.Store:
    """Loads ``data`` in portions: the engine needs memory for several times what it is given at once."""
    try:
        with data.open("rb") as stream:
            while lines := stream.readlines(_PORTION):
                portion = b"".join(lines)
                store.bulk_load(portion, format=ox.RdfFormat.N_QUADS)
                # Just checked, hence lenient. The store itself drops the triples that it already has.
                store.bulk_load(_without_graph(portion), format=ox.RdfFormat.N_TRIPLES, lenient=True)
    except SyntaxError as error:
        raise StoreError(f"not N-Quads: {error}", where=str(data)) from error
    return store


Quad = tuple[Term, Term, Term, Term | None]
"""Subject, predicate, object and graph; the graph is None for the default graph."""


def read_rdf(file: Path) -> Iterator[Quad]:
    """The statements in ``file``, whose format its name's ending tells.

    Raises UsageError for an ending that is no RDF format's, InputError where the file cannot be read or is broken.
    """
    ending = file.suffix.lower().removeprefix(".")
    rdf_format = ox.RdfFormat.from_extension("jsonld" if ending == "json" else ending)
    if rdf_format is None:
        hint = "there are .ttl, .nt, .nq, .trig, .rdf and .jsonld"
        raise UsageError("not the ending of an RDF format", where=str(file), hint=hint)
    try:
        for quad in ox.parse(path=str(file), format=rdf_format, base_iri=file.resolve().as_uri()):
            graph = None if isinstance(quad.graph_name, ox.DefaultGraph) else Term(str(quad.graph_name))
            yield Term(str(quad.subject)), Term(str(quad.predicate)), Term(str(quad.object)), graph
    except SyntaxError as error:
        raise InputError(f"not valid {rdf_format.name}: {error}", where=str(file)) from error
    except OSError as error:
        raise InputError(f"cannot be read: {error.strerror or error}", where=str(file)) from error


_GRAPH_NAME: Final = re.compile(rb" <[^<>\n]*> \.$", re.MULTILINE)


def _without_graph(quads: bytes) -> bytes:
    return _GRAPH_NAME.sub(b" .", quads)


def _value(term: ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple) -> Value:
    if isinstance(term, ox.NamedNode):
        return Value(Kind.IRI, term.value)
    if isinstance(term, ox.Literal):
        return Value(Kind.LITERAL, term.value, term.datatype.value, term.language)
    if isinstance(term, ox.BlankNode):
        return Value(Kind.BLANK, term.value)
    return Value(Kind.TRIPLE, str(term))


def _unreadable(error: OSError) -> StoreError:
    return StoreError(f"the store cannot be read: {error}", hint="build it again")


def _graph_names(iris: Iterable[str]) -> list[ox.NamedNode]:
    try:
        return [ox.NamedNode(iri) for iri in iris]
    except ValueError as error:
        raise QueryError(f"not the IRI of a graph: {error}") from error


def _syntax_error(
    query: str, message: str, known: frozenset[str], engine: Callable[[str], object], *, update: bool = False
) -> QuerySyntaxError:
    def parse(text: str) -> str | None:
        try:
            engine(text)
        except SyntaxError as error:
            return str(error)
        return None

    # What the engine was given may hold more than the query: its own place is that in the query alone.
    fault = find_fault(query, parse(query) or message, known, parse, update=update)
    return QuerySyntaxError(fault.what, line=fault.line, column=fault.column, hint=fault.hint)


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
    "create_store",
    "read_rdf",
]
