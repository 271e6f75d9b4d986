"""The formats in which results leave the server: their names, media types and which kinds of result they can hold.

>>> named("ttl", ResultKind.GRAPH)
<Format.TURTLE: 'turtle'>
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class ResultKind(StrEnum):
    """What a query gives."""

    SOLUTIONS = "solutions"
    """A table: SELECT."""
    BOOLEAN = "boolean"
    """Yes or no: ASK."""
    GRAPH = "graph"
    """Triples: CONSTRUCT and DESCRIBE."""


class Format(StrEnum):
    """A syntax for results; the value is its name in ``?format=``."""

    JSON = "json"
    XML = "xml"
    CSV = "csv"
    TSV = "tsv"
    TURTLE = "turtle"
    NTRIPLES = "ntriples"
    NQUADS = "nquads"
    TRIG = "trig"
    JSONLD = "jsonld"
    RDFXML = "rdfxml"


@dataclass(frozen=True, slots=True)
class FormatInfo:
    """``media_types``: the registered one first, then others that clients ask for. ``names``: more for ``?format=``."""

    label: str
    media_types: tuple[str, ...]
    names: tuple[str, ...]
    suffix: str


FORMATS: Final[dict[Format, FormatInfo]] = {
    Format.JSON: FormatInfo("JSON", ("application/sparql-results+json", "application/json"), (), "srj"),
    Format.XML: FormatInfo("XML", ("application/sparql-results+xml", "application/xml", "text/xml"), (), "srx"),
    Format.CSV: FormatInfo("CSV", ("text/csv",), (), "csv"),
    Format.TSV: FormatInfo("TSV", ("text/tab-separated-values",), (), "tsv"),
    Format.TURTLE: FormatInfo("Turtle", ("text/turtle", "application/x-turtle"), ("ttl", "n3"), "ttl"),
    Format.NTRIPLES: FormatInfo("N-Triples", ("application/n-triples",), ("nt", "n-triples"), "nt"),
    Format.NQUADS: FormatInfo("N-Quads", ("application/n-quads",), ("nq", "n-quads"), "nq"),
    Format.TRIG: FormatInfo("TriG", ("application/trig",), (), "trig"),
    # SPARQLWrapper asks for "json" and "xml" whatever the query's form is.
    Format.JSONLD: FormatInfo("JSON-LD", ("application/ld+json", "application/json"), ("json-ld", "json"), "jsonld"),
    Format.RDFXML: FormatInfo(
        "RDF/XML", ("application/rdf+xml", "application/xml", "text/xml"), ("rdf", "rdf+xml", "rdf-xml", "xml"), "rdf"
    ),
}

_TABLE: Final = (Format.JSON, Format.XML, Format.CSV, Format.TSV)
OFFERS: Final[dict[ResultKind, tuple[Format, ...]]] = {
    ResultKind.SOLUTIONS: _TABLE,
    ResultKind.BOOLEAN: _TABLE,
    ResultKind.GRAPH: (
        Format.TURTLE,
        Format.NTRIPLES,
        Format.JSONLD,
        Format.RDFXML,
        Format.NQUADS,
        Format.TRIG,
    ),
}
"""The formats for each kind of result, the server's preference first."""

_UTF8: Final = frozenset({"text/csv", "text/tab-separated-values", "text/turtle"})


def named(name: str, kind: ResultKind) -> Format | None:
    """The format for ``kind`` that ``?format=`` calls ``name``, a name or a media type in any case; None if none is."""
    wanted = name.strip().lower()
    for offer in OFFERS[kind]:
        info = FORMATS[offer]
        if wanted == offer.value or wanted in info.names or wanted in info.media_types:
            return offer
    return None


def content_type(media_type: str) -> str:
    """The Content-Type header for a body of ``media_type``: text says that it is UTF-8.

    >>> content_type("text/csv")
    'text/csv; charset=utf-8'
    """
    return f"{media_type}; charset=utf-8" if media_type in _UTF8 else media_type


__all__ = ["FORMATS", "OFFERS", "Format", "FormatInfo", "ResultKind", "content_type", "named"]
