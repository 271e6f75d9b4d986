"""Writes a build's graph in another format, in an order that is always the same and with little memory.

It is written from ``data.nq``, which is sorted, not from the store, which keeps its own order.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from itertools import groupby
from pathlib import Path
from typing import BinaryIO, Final

from kg_build.build_directory import BuildDirectory
from kg_build.errors import StoreError, UsageError
from kg_build.line_sort import sort_lines
from kg_build.nquads import Term, iri
from kg_build.store import GraphFormat
from kg_build.vocabulary import cq
from kg_build.writers import Row, jsonld, rdfxml, trig, turtle
from ontology import PREFIXES

_RESOURCE_PREFIXES: Final = (
    "agent", "build", "candidate", "country", "decision", "document", "event", "graph", "meeting", "ministry",
    "organization", "person", "place", "post", "software", "statement", "tenure",
)  # fmt: skip
_TEXT: Final = f" {cq.text} ".encode()


def export(
    build: BuildDirectory,
    graph_format: GraphFormat,
    writer: BinaryIO,
    *,
    graph: str | None = None,
    with_text: bool = True,
) -> None:
    """Writes all graphs, or the one named ``graph``, to ``writer``.

    Formats without named graphs hold the union of all. Without ``with_text``, the documents' full texts are left out.
    Raises UsageError where there is no graph of that name or the format cannot hold a text, StoreError where
    ``data.nq`` cannot be read.
    """
    lines = _lines(build.data, graph, with_text=with_text)
    if graph is not None:
        lines = _not_empty(lines, graph)
    prefixes = {**PREFIXES, **resource_prefixes(build.read_manifest().base)}
    match graph_format:
        case GraphFormat.NQUADS:
            writer.writelines(lines)
        case GraphFormat.NTRIPLES:
            writer.writelines(_restored(line) for line in _sorted_triples(lines))
        case GraphFormat.TURTLE:
            _write(turtle(_rows(_sorted_triples(lines)), prefixes), writer)
        case GraphFormat.RDFXML:
            _write(rdfxml(_rows(_sorted_triples(lines)), PREFIXES), writer)
        case GraphFormat.TRIG:
            _write(trig(_graphs(lines), prefixes), writer)
        case GraphFormat.JSONLD:
            _write(jsonld(_graphs(lines), prefixes), writer)


@contextmanager
def whole_file(target: Path) -> Iterator[BinaryIO]:
    """A file to write to that takes the place of ``target`` at the end of the block, and only if that goes well.

    Raises StoreError where it cannot be written.
    """
    temporary = target.with_name(f".{target.name}.{os.getpid()}.part")
    try:
        try:
            with temporary.open("wb") as stream:
                yield stream
                stream.flush()
                os.fsync(stream.fileno())
            temporary.replace(target)
        finally:
            temporary.unlink(missing_ok=True)
    except OSError as error:
        raise StoreError(f"cannot be written: {error.strerror or error}", where=str(target)) from error


def _lines(data: Path, graph: str | None, *, with_text: bool) -> Iterator[bytes]:
    end = f" {iri(graph)} .\n".encode() if graph else b" .\n"
    try:
        with data.open("rb") as stream:
            for line in stream:
                if line.endswith(end) and (with_text or _TEXT not in line or not _says_text(line)):
                    yield line
    except OSError as error:
        raise StoreError(
            f"cannot be read: {error.strerror or error}", where=str(data), hint="build it again"
        ) from error


def _says_text(line: bytes) -> bool:
    """Whether cq:text is the predicate, and not just among the words of some text."""
    return line.split(b" ", 2)[1] == _TEXT.strip()


def _not_empty(lines: Iterator[bytes], graph: str) -> Iterator[bytes]:
    first = next(lines, None)
    if first is None:
        hint = "communique query DIR 'SELECT DISTINCT ?g { GRAPH ?g { } }' lists them"
        raise UsageError("there is no graph of that name", where=graph, hint=hint)
    yield first
    yield from lines


def _sorted_triples(quads: Iterable[bytes]) -> Iterator[bytes]:
    """The different triples of ``quads``, sorted by their subject's IRI without its closing bracket.

    So a node comes before those whose IRIs begin with its own. ``_restored`` puts the bracket back.
    """
    return sort_lines(line[: line.rindex(b" <")].replace(b"> ", b" ", 1) + b" .\n" for line in quads)


def _restored(line: bytes) -> bytes:
    return line.replace(b" ", b"> ", 1)


def _rows(triples: Iterable[bytes]) -> Iterator[Row]:
    for line in triples:
        subject, predicate, rest = line.decode().split(" ", 2)
        yield Term(f"{subject}>"), Term(predicate), Term(rest[:-3])


def _graphs(quads: Iterable[bytes]) -> Iterator[tuple[Term, Iterator[Row]]]:
    for name, lines in groupby(quads, key=lambda line: line[line.rindex(b" <") + 1 : -3]):
        yield Term(name.decode()), _rows(_sorted_triples(lines))


def resource_prefixes(base: str) -> dict[str, str]:
    """A prefix for each kind of node that lives under ``base``.

    >>> resource_prefixes("https://example.org/")["person"]
    'https://example.org/person/'
    """
    return {name: f"{base}{name}/" for name in _RESOURCE_PREFIXES}


def _write(portions: Iterable[str], writer: BinaryIO) -> None:
    writer.writelines(portion.encode() for portion in portions)


__all__ = ["export", "resource_prefixes", "whole_file"]
