"""Requests of the SPARQL 1.1 Protocol, by its section 2.1."""

from __future__ import annotations

from contextlib import suppress
from http import HTTPStatus
from urllib.parse import quote, urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.errors import RequestError
from server.protocol import FORM, QUERY, UPDATE, ProtocolRequest, read_request

IRIS = st.builds(lambda path: "http://example.org/" + quote(path), st.text(st.characters(codec="utf-8")))
QUERIES = st.text(st.characters(codec="utf-8"), min_size=1).filter(str.strip)
REQUESTS = st.builds(
    ProtocolRequest,
    query=QUERIES,
    default_graphs=st.lists(IRIS, max_size=3).map(tuple),
    named_graphs=st.lists(IRIS, max_size=3).map(tuple),
    format=st.none() | st.sampled_from(["json", "text/csv"]),
)


def graphs_and_format(asked: ProtocolRequest) -> list[tuple[str, str]]:
    parameters = [("default-graph-uri", iri) for iri in asked.default_graphs]
    parameters += [("named-graph-uri", iri) for iri in asked.named_graphs]
    return [*parameters, ("format", asked.format)] if asked.format else parameters


@given(REQUESTS)
def test_the_three_ways_to_ask_say_the_same(asked: ProtocolRequest) -> None:
    others = graphs_and_format(asked)
    encoded = urlencode([("query", asked.query), *others]).encode()
    assert read_request("GET", None, encoded, b"") == asked
    assert read_request("POST", FORM, b"", encoded) == asked
    assert read_request("POST", QUERY, urlencode(others).encode(), asked.query.encode()) == asked


@given(st.binary(), st.binary(), st.sampled_from([FORM, QUERY, None, "text/plain", "a/b;charset=x"]))
def test_whatever_is_sent_is_read_or_refused(query_string: bytes, body: bytes, content_type: str | None) -> None:
    for method in ("GET", "POST"):
        with suppress(RequestError):
            assert read_request(method, content_type, query_string, body).query.strip()


def test_the_graphs_may_stand_in_the_address_and_in_the_form() -> None:
    asked = read_request("POST", FORM, b"default-graph-uri=http://x/1", b"query=ASK{}&default-graph-uri=http://x/2")
    assert asked.default_graphs == ("http://x/1", "http://x/2")


def test_of_two_formats_the_first_counts() -> None:
    assert read_request("GET", None, b"query=ASK{}&format=json-ld&format=a/b,c/d", b"").format == "json-ld"


@pytest.mark.parametrize("charset", ["", "; charset=utf-8", '; charset="UTF-8"', ";charset=utf8"])
def test_utf8_may_be_named(charset: str) -> None:
    assert read_request("POST", QUERY + charset, b"", "ASK { ?s ?p 'é' }".encode()).query == "ASK { ?s ?p 'é' }"


@pytest.mark.parametrize(
    ("method", "content_type", "query_string", "body", "status", "says"),
    [
        ("GET", None, b"default-graph-uri=http://x/", b"", 400, "'query' is missing"),
        ("GET", None, b"query=", b"", 400, "is empty"),
        ("GET", None, b"query=%20%0A", b"", 400, "is empty"),
        ("GET", None, b"query=ASK{}&query=ASK{}", b"", 400, "more than one query"),
        ("GET", None, b"query=%FF", b"", 400, "the address is not UTF-8"),
        ("GET", None, b"update=CLEAR%20ALL", b"", 400, "takes no updates"),
        ("GET", None, b"query=ASK{}&default-graph-uri=here", b"", 400, "'here' is not an absolute IRI"),
        ("GET", None, b"query=ASK{}&named-graph-uri=http://x/%3E", b"", 400, "not an absolute IRI"),
        ("GET", None, b"a=1&" * 1001, b"", 400, "parameters"),
        ("PUT", None, b"query=ASK{}", b"", 405, "PUT"),
        ("POST", None, b"", b"query=ASK{}", 415, "no named type"),
        ("POST", "text/plain", b"", b"ASK {}", 415, "text/plain"),
        ("POST", f"{QUERY}; charset=UTF-16", b"", "ASK {}".encode("utf-16"), 415, "UTF-16"),
        ("POST", QUERY, b"", b"ASK { '\xff' }", 400, "not UTF-8 (byte 7)"),
        ("POST", QUERY, b"query=ASK{}", b"ASK {}", 400, "more than one query"),
        ("POST", QUERY, b"", b"", 400, "is empty"),
        ("POST", FORM, b"", b"update=CLEAR+ALL", 400, "takes no updates"),
        ("POST", UPDATE, b"", b"CLEAR ALL", 415, "takes no updates"),
    ],
)
def test_what_the_protocol_does_not_allow_is_refused(
    method: str, content_type: str | None, query_string: bytes, body: bytes, status: int, says: str
) -> None:
    with pytest.raises(RequestError) as raised:
        read_request(method, content_type, query_string, body)
    assert raised.value.http_status == HTTPStatus(status)
    assert says in raised.value.what
