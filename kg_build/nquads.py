r"""RDF terms as N-Quads writes them, and lines of them.

A build makes its triples as text, because sorting, storing and comparing bytes is then all that is left to do. The
type ``Term`` keeps text that is already encoded apart from text that is not.

>>> line(iri("http://example.org/a"), iri("http://example.org/b"), text('a "b"'), iri("http://example.org/g"))
'<http://example.org/a> <http://example.org/b> "a \\"b\\"" <http://example.org/g> .\n'
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NewType

from ontology import XSD

if TYPE_CHECKING:
    from rdflib.term import Identifier

Term = NewType("Term", str)
"""An IRI, literal or blank node in N-Quads syntax."""

_NAMED_ESCAPES: Final = {"\b": "\\b", "\t": "\\t", "\n": "\\n", "\f": "\\f", "\r": "\\r", '"': '\\"', "\\": "\\\\"}
_CONTROLS: Final = [*range(0x20), 0x7F, 0xFFFE, 0xFFFF]
_ESCAPES: Final = {**{code: f"\\u{code:04X}" for code in _CONTROLS}, **{ord(c): e for c, e in _NAMED_ESCAPES.items()}}
_UNESCAPES: Final = {escape[1]: char for char, escape in _NAMED_ESCAPES.items()}
_ESCAPE: Final = re.compile(r"\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|(.))", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Lexical:
    """A literal taken apart: its characters and, where it has one, its language or its datatype's IRI."""

    value: str
    datatype: str | None = None
    language: str | None = None


def iri(value: str) -> Term:
    """``value``, an absolute IRI, as a term. It is not checked: see ``kg_build.iris.is_iri``."""
    return Term(f"<{value}>")


def text(value: str) -> Term:
    """A plain string as a term, with what N-Quads cannot hold escaped as canonical N-Triples does."""
    return Term(f'"{value.translate(_ESCAPES)}"')


def typed(value: str, datatype: str) -> Term:
    """A literal of ``datatype`` (an IRI). ``value`` is in that type's canonical form, as the store would make it."""
    return Term(f"{text(value)}^^<{datatype}>")


def integer(value: int) -> Term:
    """An xsd:integer."""
    return typed(str(value), XSD.integer)


def decimal(value: float) -> Term:
    """An xsd:decimal of at most three digits after the point.

    >>> decimal(0.87), decimal(1.0)
    ('"0.87"^^<http://www.w3.org/2001/XMLSchema#decimal>', '"1"^^<http://www.w3.org/2001/XMLSchema#decimal>')
    """
    return typed(f"{value:.3f}".rstrip("0").rstrip("."), XSD.decimal)


def boolean(value: bool) -> Term:
    """An xsd:boolean."""
    return typed("true" if value else "false", XSD.boolean)


def line(subject: Term, predicate: Term, object_: Term, graph: Term) -> str:
    """One line of N-Quads, with its line end."""
    return f"{subject} {predicate} {object_} {graph} .\n"


def split(quad: str) -> tuple[Term, Term, Term, Term]:
    """Subject, predicate, object and graph of a line as ``line`` writes it. Raises ValueError for any other line.

    >>> split('<a:s> <a:p> "1 2" <a:g> .')
    ('<a:s>', '<a:p>', '"1 2"', '<a:g>')
    """
    subject, predicate, rest = quad.split(" ", 2)
    object_, graph, stop = rest.rstrip("\n").rsplit(" ", 2)
    if stop != "." or not (subject[0] == predicate[0] == graph[0] == "<"):
        raise ValueError("not a line of N-Quads that a build wrote")
    return Term(subject), Term(predicate), Term(object_), Term(graph)


def value_of(term: Term) -> str:
    """The IRI within an IRI term.

    >>> value_of(iri("http://example.org/a"))
    'http://example.org/a'
    """
    return term[1:-1]


def lexical(literal: Term) -> Lexical:
    """A literal term taken apart, with its escapes resolved.

    >>> lexical(decimal(0.5)).value
    '0.5'
    """
    close = literal.rindex('"')
    value, tail = literal[1:close], literal[close + 1 :]
    if "\\" in value:
        value = _ESCAPE.sub(_unescape, value)
    if tail.startswith("^^"):
        return Lexical(value, datatype=tail[3:-1])
    return Lexical(value, language=tail[1:] or None)


def to_rdflib(term: Term) -> Identifier:
    """The term as rdflib has it, its characters as they stand."""
    from rdflib import BNode, Literal, URIRef  # most commands do without it, and it takes a while to load

    if term[0] == "<":
        return URIRef(value_of(term))
    if term.startswith("_:"):
        return BNode(term[2:])
    parts = lexical(term)
    datatype = URIRef(parts.datatype) if parts.datatype else None
    return Literal(parts.value, datatype=datatype, lang=parts.language, normalize=False)


def _unescape(match: re.Match[str]) -> str:
    short, long, named = match.groups()
    return _UNESCAPES[named] if named else chr(int(short or long, 16))


__all__ = [
    "Lexical",
    "Term",
    "boolean",
    "decimal",
    "integer",
    "iri",
    "lexical",
    "line",
    "split",
    "text",
    "to_rdflib",
    "typed",
    "value_of",
]
