"""How the page writes RDF terms.

>>> shorten("https://w3id.org/communique/ontology#Person")
'cq:Person'
"""

from __future__ import annotations

import re
from typing import Final

from kg_build.store import Kind, Value
from ontology import PREFIXES, XSD

_LOCAL: Final = re.compile(r"[\w-]+")
_NUMBERS: Final = frozenset(XSD[name] for name in ("integer", "decimal", "double", "float"))
_PLAIN: Final = XSD.string


def shorten(iri: str) -> str:
    """``iri`` with one of the usual prefixes where there is one, else the IRI itself."""
    for prefix, namespace in PREFIXES.items():
        if iri.startswith(namespace) and _LOCAL.fullmatch(iri, len(namespace)):
            return f"{prefix}:{iri[len(namespace) :]}"
    return iri


def label(value: Value, base: str) -> str:
    """The term for people: IRIs shortened, those of the graph's own to what follows ``base``, literals unquoted.

    >>> label(Value(Kind.IRI, "https://w3id.org/communique/id/country/am"), "https://w3id.org/communique/id/")
    'country/am'
    """
    if value.kind is Kind.IRI:
        return shorten(value.text.removeprefix(base) or base)
    return f"_:{value.text}" if value.kind is Kind.BLANK else value.text


def note(value: Value) -> str | None:
    """A literal's language, or its datatype in short; None where that says nothing more.

    >>> note(Value(Kind.LITERAL, "2025-03-24", datatype=XSD.date))
    'xsd:date'
    """
    if value.language or value.datatype is None or value.datatype == _PLAIN or value.datatype in _NUMBERS:
        return value.language
    return shorten(value.datatype)


def is_number(value: Value) -> bool:
    """Whether the term is a number, to be set in a column of numbers."""
    return value.datatype in _NUMBERS


__all__ = ["is_number", "label", "note", "shorten"]
