"""RDF/XML, written as the triples come."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Final
from xml.sax.saxutils import escape, quoteattr

from kg_build.errors import UsageError
from kg_build.nquads import Term, lexical, value_of
from kg_build.vocabulary import rdf
from kg_build.writers.blocks import Block, Row, blocks

_NOT_XML: Final = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_LOCAL_NAME: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_.\-]*\Z")


def rdfxml(rows: Iterable[Row], prefixes: Mapping[str, str]) -> Iterator[str]:
    """``rows``, sorted by subject and predicate, as RDF/XML.

    Raises UsageError at a text that XML cannot hold: most control characters have no place in it.
    """
    namespaces = {namespace: prefix for prefix, namespace in prefixes.items()}
    yield '<?xml version="1.0" encoding="UTF-8"?>\n<rdf:RDF'
    for prefix, namespace in sorted(prefixes.items()):
        yield f"\n    xmlns:{prefix}={quoteattr(namespace)}"
    yield ">\n"
    for block in blocks(rows):
        yield _description(block, namespaces)
    yield "</rdf:RDF>\n"


def _description(block: Block, namespaces: Mapping[str, str]) -> str:
    lines = [f"  <rdf:Description rdf:about={quoteattr(value_of(block.subject))}>\n"]
    for predicate, objects in ((rdf.type, block.types), *block.properties):
        name, declaration = _qualified(value_of(predicate), namespaces)
        lines += [_property(block, name, declaration, object_) for object_ in objects]
    lines.append("  </rdf:Description>\n")
    return "".join(lines)


def _property(block: Block, name: str, declaration: str, object_: Term) -> str:
    if object_[0] == "<":
        return f"    <{name}{declaration} rdf:resource={quoteattr(value_of(object_))}/>\n"
    literal = lexical(object_)
    if found := _NOT_XML.search(literal.value):
        raise UsageError(
            f"a text about {value_of(block.subject)} holds the character U+{ord(found.group()):04X}, which XML cannot",
            hint="choose another format" + (", or --no-text" if name == "cq:text" else ""),
        )
    kind = f" rdf:datatype={quoteattr(literal.datatype)}" if literal.datatype else ""
    kind += f" xml:lang={quoteattr(literal.language)}" if literal.language else ""
    return f"    <{name}{declaration}{kind}>{escape(literal.value, {chr(13): '&#13;'})}</{name}>\n"


def _qualified(predicate: str, namespaces: Mapping[str, str]) -> tuple[str, str]:
    """A predicate as an element's name, and the declaration that it needs where its namespace has no prefix."""
    found = _LOCAL_NAME.search(predicate)
    if found is None:
        raise UsageError(f"the property {predicate} cannot be an XML name", hint="choose another format")
    namespace, local = predicate[: found.start()], found.group()
    if namespace in namespaces:
        return f"{namespaces[namespace]}:{local}", ""
    return f"ns:{local}", f" xmlns:ns={quoteattr(namespace)}"


__all__ = ["rdfxml"]
