"""SPARQL 1.1 Protocol, section 2: from the parts of an HTTP request to the query or update that it asks for.

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
_ELSEWHERE: Final = "this address answers queries and takes no updates"
_UPDATES: Final = "send updates to /update"


@dataclass(frozen=True, slots=True)
class ProtocolRequest:
    """A query operation. The graph IRIs stand in the order of the request; ``format`` is this server's ``?format=``."""

    query: str
    default_graphs: tuple[str, ...] = ()
    named_graphs: tuple[str, ...] = ()
    format: str | None = None


@dataclass(frozen=True, slots=True)
class UpdateRequest:
    """An update operation. The graph IRIs stand in the order of the request."""

    update: str
    using_graphs: tuple[str, ...] = ()
    using_named_graphs: tuple[str, ...] = ()


def read_update(content_type: str | None, query_string: bytes, body: bytes) -> UpdateRequest:
    """The update operation that a POST asks for. Raises RequestError (400 or 415) where it asks for none.

    >>> read_update("application/sparql-update", b"using-graph-uri=http://example.org/g", b"CLEAR ALL").using_graphs
    ('http://example.org/g',)
    """
    parameters = _parameters(query_string, "the address")
    media_type = media_type_of(content_type)
    if _given(parameters, "update"):
        raise RequestError("an update stands in the body of a POST, not in the address")
    if media_type == FORM:
        parameters += _parameters(body, "the form")
    elif media_type == UPDATE:
        parameters.append(("update", _text(body, "update")))
    else:
        raise _wrong_media_type(media_type, UPDATE)
    if _given(parameters, "query"):
        raise RequestError("this address takes updates and answers no queries", hint="send queries to /sparql")
    return UpdateRequest(
        update=_only("update", _given(parameters, "update")),
        using_graphs=_graphs("using-graph-uri", _given(parameters, "using-graph-uri")),
        using_named_graphs=_graphs("using-named-graph-uri", _given(parameters, "using-named-graph-uri")),
    )


def read_request(method: str, content_type: str | None, query_string: bytes, body: bytes) -> ProtocolRequest:
    """The query operation that a request asks for. Raises RequestError (400, 405 or 415) where it asks for none."""
    parameters = _parameters(query_string, "the address")
    if method == "POST":
        media_type = media_type_of(content_type)
        if media_type == FORM:
            parameters += _parameters(body, "the form")
        elif media_type == QUERY:
            parameters.append(("query", _text(body, "query")))
        elif media_type == UPDATE:
            raise RequestError(_ELSEWHERE, status=HTTPStatus.UNSUPPORTED_MEDIA_TYPE, hint=_UPDATES)
        else:
            raise _wrong_media_type(media_type, QUERY)
    elif method not in METHODS:
        raise RequestError(f"{method} is not a method of a SPARQL endpoint", status=HTTPStatus.METHOD_NOT_ALLOWED)
    return _operation(parameters)


def _operation(parameters: Sequence[tuple[str, str]]) -> ProtocolRequest:
    if _given(parameters, "update"):
        raise RequestError(_ELSEWHERE, hint=_UPDATES)
    query = _only("query", _given(parameters, "query"))
    if not query.strip():
        raise RequestError("the query is empty")
    formats = tuple(filter(None, _given(parameters, "format")))
    return ProtocolRequest(
        query=query,
        default_graphs=_graphs("default-graph-uri", _given(parameters, "default-graph-uri")),
        named_graphs=_graphs("named-graph-uri", _given(parameters, "named-graph-uri")),
        # The first: SPARQLWrapper adds a second one that lists media types.
        format=formats[0] if formats else None,
    )


def _given(parameters: Sequence[tuple[str, str]], name: str) -> tuple[str, ...]:
    return tuple(value for key, value in parameters if key == name)


def _only(parameter: str, values: tuple[str, ...]) -> str:
    if not values:
        raise RequestError(f"the parameter '{parameter}' is missing")
    if len(values) > 1:
        raise RequestError(f"more than one {parameter}", hint="send one request for each")
    return values[0]


def _wrong_media_type(media_type: str, wanted: str) -> RequestError:
    return RequestError(
        f"a POST has a body of {FORM} or {wanted}, not {media_type or 'of no named type'}",
        status=HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
        hint="set Content-Type",
    )


def _graphs(parameter: str, iris: tuple[str, ...]) -> tuple[str, ...]:
    for iri in iris:
        check_graph(parameter, iri)
    return iris


def check_graph(parameter: str, iri: str) -> None:
    """Raises RequestError where ``iri``, which ``parameter`` gives, is not absolute."""
    if not _ABSOLUTE_IRI.fullmatch(iri):
        raise RequestError(f"{parameter}: {iri!r} is not an absolute IRI")


def media_type_of(content_type: str | None) -> str:
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


def _text(body: bytes, what: str) -> str:
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError as error:
        raise RequestError(f"the {what} is not UTF-8 (byte {error.start})", hint="send it as UTF-8") from None


__all__ = [
    "FORM",
    "METHODS",
    "QUERY",
    "UPDATE",
    "ProtocolRequest",
    "UpdateRequest",
    "check_graph",
    "read_request",
    "read_update",
]
