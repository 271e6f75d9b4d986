"""SPARQL 1.1 Graph Store HTTP Protocol: which graph a request is about, and what was sent.

Pure functions; nothing here knows Flask or the store.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from http import HTTPStatus
from typing import Final

from kg_build.store import GraphFormat
from kg_build.store.live import Payload
from kg_build.writes.writer import Condition
from server.errors import RequestError
from server.formats import FORMATS, Format, ResultKind, named
from server.protocol import check_graph, media_type_of

MULTIPART: Final = "multipart/form-data"
_UNNAMED: Final = Format.RDFXML
"""What a body without a Content-Type is in, as section 5.1 says."""


@dataclass(frozen=True, slots=True)
class Target:
    """The graph that a request is about: an IRI, or None for the default graph."""

    graph: str | None


def read_target(graphs: list[str], *, default: bool, address: str | None) -> Target | None:
    """The graph of a request; None where it is about the graph store itself.

    ``graphs`` and ``default`` are the parameters of that name; ``address`` is the request's own where it lies below
    that of the store, and is then the IRI of the graph (section 4.1). Raises RequestError (400).
    """
    ways = len(graphs) + default + (address is not None)
    if ways > 1:
        raise RequestError("more than one graph", hint="name it in one way: by its address, by graph=, or by default")
    if graphs:
        check_graph("graph", graphs[0])
        return Target(graphs[0])
    if address is not None:
        check_graph("the address", address)
        return Target(address)
    return Target(None) if default else None


def read_payload(content_type: str | None, content: bytes) -> Payload:
    """What was sent, with its format. Raises RequestError (415) for one that is not a format of graphs."""
    media_type = media_type_of(content_type)
    found = named(media_type, ResultKind.GRAPH) if media_type else _UNNAMED
    # Not by the looser types and names that are understood in requests for results.
    if found is None or media_type not in ("", *FORMATS[found].media_types):
        offers = ", ".join(FORMATS[Format(graph_format.value)].media_types[0] for graph_format in GraphFormat)
        raise RequestError(
            f"{media_type} is no format of graphs", status=HTTPStatus.UNSUPPORTED_MEDIA_TYPE, hint=f"send {offers}"
        )
    return Payload(content, GraphFormat(found.value))


def entity_tag(state: str, representation: str) -> str:
    """The tag of a graph in one format, without its quotation marks."""
    return f"{state}-{representation}"


def condition(if_match: Iterable[str] | None, if_none_match: Iterable[str] | None) -> Condition | None:
    """The condition of headers with these tags, or ``*``; None stands for a header that is not there.

    >>> condition(["a.1-turtle"], None).any_of
    frozenset({'a.1'})
    """
    if if_match is None and if_none_match is None:
        return None
    return Condition(any_of=_states(if_match), none_of=_states(if_none_match))


def _states(tags: Iterable[str] | None) -> frozenset[str] | None:
    return None if tags is None else frozenset(tag.partition("-")[0] for tag in tags)


__all__ = ["MULTIPART", "Target", "condition", "entity_tag", "read_payload", "read_target"]
