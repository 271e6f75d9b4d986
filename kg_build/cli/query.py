"""``communique query``."""

from __future__ import annotations

import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from itertools import islice
from pathlib import Path
from typing import Annotated, Final

import typer
from rich.table import Table

from kg_build.build_directory import open_build
from kg_build.cli.console import messages, output
from kg_build.errors import UsageError
from kg_build.export import resource_prefixes
from kg_build.nquads import iri
from kg_build.store import Ask, GraphFormat, GraphResult, Kind, Result, ResultFormat, Select, Value
from kg_build.writers.blocks import Abbreviator
from ontology import PREFIXES

_MOST_ROWS: Final = 1000


class QueryFormat(StrEnum):
    """How the result of a query can be had."""

    TABLE = "table"
    JSON = "json"
    CSV = "csv"
    TSV = "tsv"
    XML = "xml"
    TURTLE = "turtle"
    NTRIPLES = "ntriples"
    JSONLD = "jsonld"
    RDFXML = "rdfxml"


def query(
    directory: Annotated[Path, typer.Argument(metavar="DIR", help="Folder that communique build wrote.")],
    sparql: Annotated[str | None, typer.Argument(metavar="SPARQL", help="The query.", show_default=False)] = None,
    file: Annotated[
        Path | None, typer.Option("--file", "-f", help="File that holds the query; - is standard input.")
    ] = None,
    result_format: Annotated[
        QueryFormat | None,
        typer.Option(
            "--format",
            help="table, json, csv, tsv or xml for SELECT and ASK; turtle, ntriples, jsonld or rdfxml for CONSTRUCT "
            "and DESCRIBE.",
            show_default="table on a terminal, else csv; turtle",
        ),
    ] = None,
) -> None:
    """Ask a graph in SPARQL 1.1.

    The default graph is the union of all named graphs. The prefixes cq, dcterms, foaf, oa, org, owl, prov, rdf, rdfs,
    schema, sem, sh, skos, time, wd and xsd need no PREFIX line, and relative IRIs are taken from the graph's base.

    For example:

        communique query graph 'SELECT ?name { ?person a cq:Person ; skos:prefLabel ?name } ORDER BY ?name'

        communique query graph --file meetings.rq --format csv > meetings.csv

        communique query graph 'DESCRIBE <country/am>' --format turtle
    """
    build = open_build(directory)
    base = build.read_manifest().base
    text = _query_text(sparql, file)
    with _ending_at_once():
        result = build.open_store().query(text, prefixes=PREFIXES, base_iri=base)
        if isinstance(result, GraphResult):
            result.serialize(_graph_format(result_format), sys.stdout.buffer, PREFIXES)
        else:
            chosen = _result_format(result_format, result)
            if chosen is None:
                _print_table(result, resource_prefixes(base))
            else:
                result.serialize(chosen, sys.stdout.buffer)
                sys.stdout.buffer.write(b"" if isinstance(result, Select) and chosen in _END_IN_NEWLINE else b"\n")
        sys.stdout.buffer.flush()


_END_IN_NEWLINE: Final = (ResultFormat.CSV, ResultFormat.TSV)


def _query_text(sparql: str | None, file: Path | None) -> str:
    if (sparql is None) == (file is None):
        raise UsageError("there must be one query", hint="give it after DIR, or its file with --file")
    if sparql is not None:
        return sparql
    try:
        return sys.stdin.read() if str(file) == "-" else Path(str(file)).read_text(encoding="utf-8")
    except OSError as error:
        raise UsageError(f"cannot be read: {error.strerror or error}", where=str(file)) from error
    except UnicodeDecodeError as error:
        raise UsageError("not valid UTF-8", where=str(file)) from error


@contextmanager
def _ending_at_once() -> Iterator[None]:
    """Lets Ctrl-C end the process in the midst of a query, which Python alone would notice only at its end."""
    before = signal.signal(signal.SIGINT, signal.SIG_DFL)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def _graph_format(wanted: QueryFormat | None) -> GraphFormat:
    if wanted is None:
        return GraphFormat.TURTLE
    try:
        return GraphFormat(wanted.value)
    except ValueError:
        hint = "choose turtle, ntriples, jsonld or rdfxml"
        raise UsageError(f"the result is a graph, which cannot be had as {wanted}", hint=hint) from None


def _result_format(wanted: QueryFormat | None, result: Select | Ask) -> ResultFormat | None:
    """The format to write, None for a table."""
    if wanted is QueryFormat.TABLE or (wanted is None and (output().is_terminal or isinstance(result, Ask))):
        return None
    if wanted is None:
        return ResultFormat.CSV
    try:
        return ResultFormat(wanted.value)
    except ValueError:
        hint = "choose table, json, csv, tsv or xml"
        raise UsageError(f"the result is no graph and cannot be had as {wanted}", hint=hint) from None


def _print_table(result: Result, own_prefixes: dict[str, str]) -> None:
    console = output()
    if isinstance(result, Ask):
        console.print("yes" if result else "no")
        return
    if not isinstance(result, Select):
        raise TypeError("a graph is not shown as a table")
    abbreviator = Abbreviator({**PREFIXES, **own_prefixes})
    table = Table(*result.variables)
    rows = result.rows()
    for row in islice(rows, _MOST_ROWS):
        table.add_row(*(_shown(value, abbreviator) for value in row))
    console.print(table)
    more = " or more" if next(rows, None) is not None else ""
    noun = "row" if table.row_count == 1 and not more else "rows"
    messages().print(f"{table.row_count:,}{more} {noun}" + ("; --format csv gives all" if more else ""))


def _shown(value: Value | None, abbreviator: Abbreviator) -> str:
    if value is None:
        return ""
    if value.kind is Kind.IRI:
        return abbreviator.shorten(iri(value.text)) or f"<{value.text}>"
    if value.kind is Kind.LITERAL and value.language:
        return f"{value.text} @{value.language}"
    return f"_:{value.text}" if value.kind is Kind.BLANK else value.text


__all__ = ["QueryFormat", "query"]
