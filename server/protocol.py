"""SPARQL 1.1 Protocol, section 2.1: from the parts of an HTTP request to the query that it asks for.

Pure functions of bytes and strings; nothing here knows Flask or the store.

>>> read_request("GET", None, b"query=ASK%20%7B%7D&format=xml", b"")
ProtocolRequest(query='ASK {}', default_graphs=(), named_graphs=(), format='xml')
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Final
from urllib.parse import parse_qsl

from server.errors import RequestError

FORM: Final = "application/x-www-form-urlencoded"
QUERY: Final = "application/sparql-query"
UPDATE: Final = "application/sparql-update"
METHODS: Final = ("GET", "HEAD", "POST")

_MOST_PARAMETERS: Final = 1_000
_ABSOLUTE_IRI: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\x00-\x20<>\"{}|\\^`]*")
_READ_ONLY: Final = "this endpoint is read-only: it answers queries and takes no updates"


@dataclass(frozen=True, slots=True)
class ProtocolRequest:
    """A query operation. The graph IRIs stand in the order of the request; ``format`` is this server's ``?format=``."""

    query: str
    default_graphs: tuple[str, ...] = ()
    named_graphs: tuple[str, ...] = ()
    format: str | None = None


def read_request(method: str, content_type: str | None, query_string: bytes, body: bytes) -> ProtocolRequest:
    """The query operation that a request asks for. Raises RequestError (400, 405 or 415) where it asks for none."""
    parameters = _parameters(query_string, "the address")
    if method == "POST":
        media_type = _media_type(content_type)
        if media_type == FORM:
            parameters += _parameters(body, "the form")
        elif media_type == QUERY:
            parameters.append(("query", _text(body)))
        elif media_type == UPDATE:
            raise RequestError(_READ_ONLY, status=HTTPStatus.UNSUPPORTED_MEDIA_TYPE, hint="build the graph anew")
        else:
            raise RequestError(
                f"a POST has a body of {FORM} or {QUERY}, not {media_type or 'of no named type'}",
                status=HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
                hint="set Content-Type",
            )
    elif method not in METHODS:
        raise RequestError(f"{method} is not a method of a SPARQL endpoint", status=HTTPStatus.METHOD_NOT_ALLOWED)
    return _operation(parameters)


def _operation(parameters: Sequence[tuple[str, str]]) -> ProtocolRequest:
    def given(name: str) -> tuple[str, ...]:
        return tuple(value for key, value in parameters if key == name)

    if given("update"):
        raise RequestError(_READ_ONLY, hint="build the graph anew")
    queries = given("query")
    if not queries:
        raise RequestError("the parameter 'query' is missing")
    if len(queries) > 1:
        raise RequestError("more than one query", hint="send one request for each")
    if not queries[0].strip():
        raise RequestError("the query is empty")
    formats = tuple(filter(None, given("format")))
    return ProtocolRequest(
        query=queries[0],
        default_graphs=_graphs("default-graph-uri", given("default-graph-uri")),
        named_graphs=_graphs("named-graph-uri", given("named-graph-uri")),
        # The first: SPARQLWrapper adds a second one that lists media types.
        format=formats[0] if formats else None,
    )


def _graphs(parameter: str, iris: tuple[str, ...]) -> tuple[str, ...]:
    for iri in iris:
        if not _ABSOLUTE_IRI.fullmatch(iri):
            raise RequestError(f"{parameter}: {iri!r} is not an absolute IRI")
    return iris


def _media_type(content_type: str | None) -> str:
    """The type and subtype in lower case; refuses a charset other than UTF-8, which the protocol prescribes."""
    media_type, *parameters = (content_type or "").split(";")
    for parameter in parameters:
        name, _, value = parameter.partition("=")
        if name.strip().lower() == "charset" and value.strip().strip('"').lower() not in {"utf-8", "utf8"}:
            raise RequestError(
                f"the body is in {value.strip()}", status=HTTPStatus.UNSUPPORTED_MEDIA_TYPE, hint="send it as UTF-8"
            )
    return media_type.strip().lower()


def _parameters(encoded: bytes, where: str) -> list[tuple[str, str]]:
    try:
        return parse_qsl(
            encoded.decode("utf-8"), keep_blank_values=True, errors="strict", max_num_fields=_MOST_PARAMETERS
        )
    except UnicodeDecodeError:
        raise RequestError(f"{where} is not UTF-8") from None
    except ValueError:
        raise RequestError(f"{where} has more than {_MOST_PARAMETERS:,} parameters") from None


def _text(body: bytes) -> str:
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError as error:
        raise RequestError(f"the query is not UTF-8 (byte {error.start})", hint="send it as UTF-8") from None


__all__ = ["FORM", "METHODS", "QUERY", "UPDATE", "ProtocolRequest", "read_request"]
