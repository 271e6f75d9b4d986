"""Generated requests of somebody who means harm, as bytes on a socket; the same seed gives the same ones."""

from __future__ import annotations

import random
import socket
from collections.abc import Callable, Iterator
from urllib.parse import quote

_HOSTS = (
    "127.0.0.1", "localhost", "127.1", "0", "0.0.0.0", "2130706433",  # noqa: S104 - to call, not to listen on
    "0x7f000001", "0177.0.0.1", "[::1]",
    "[::ffff:127.0.0.1]", "127.0.0.1.", "LOCALHOST", "user@127.0.0.1", "localhost.localdomain",
)  # fmt: skip
_KEYWORDS = ("SERVICE", "service", "SeRvIcE", "SERVICE SILENT", "SERVICE#\n", "SERVICE\t", "service\r\n silent")
_ADDRESSES = ("/sparql", "/update", "/graphs", "/graphs/a", "/", "/healthz", "/metrics", "/queries/x", "/../etc/passwd")
_METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "TRACE", "BREW", "CONNECT")
_HEADERS = (
    "Accept", "Content-Type", "Content-Length", "Authorization", "If-Match", "If-None-Match", "Range", "Host",
    "Transfer-Encoding", "Accept-Encoding", "X-Forwarded-For", "Cookie", "Expect", "Connection", "Origin",
)  # fmt: skip
_VALUES = (
    "", "*", "*/*;q=", "text/html;q=1.5,", ";;;", "\x7f", "a" * 5_000, "-1", "99999999999999999999", "chunked", "é",
    "Bearer ", "Bearer " + "x" * 2_000, "0", '"', 'W/"', "multipart/form-data", "text/turtle; charset=utf-16",
    "application/sparql-query", "bytes=0-,0-,0-", "%00", "100-continue", "../../etc/passwd",
)  # fmt: skip


def _post(query: str, kind: str = "application/sparql-query", address: str = "/sparql") -> bytes:
    body = query.encode("utf-8", "surrogatepass")
    return (
        f"POST {address} HTTP/1.1\r\nHost: a\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}\r\n\r\n".encode()
        + body
    )


def _nested(pick: random.Random, _: int) -> bytes:
    opening, closing = pick.choice(
        [("{", "}"), ("(", ")"), ("[", "]"), ("!(", ")"), ("<<", ">>"), ("{ SELECT * {", "} }")]
    )
    depth = pick.choice([50, 150, 1_000, 5_000, 20_000])
    if opening in ("{", "{ SELECT * {"):
        return _post(f"SELECT * {{ {opening * depth} ?s ?p ?o {closing * depth} }}")
    return _post(f"ASK {{ FILTER ({opening * depth} 1 {closing * depth}) }}")


def _long(pick: random.Random, _: int) -> bytes:
    return _post(
        pick.choice(
            [
                "ASK { FILTER (" + "true || " * 3_000 + "true) }",
                "SELECT * { " + " UNION ".join(["{ ?s ?p ?o }"] * 2_000) + " }",
                "SELECT * { ?s ?p ?o " + "OPTIONAL { ?s ?p ?o } " * 1_500 + " }",
                "ASK { VALUES ?x { " + "1 " * 100_000 + "} }",
            ]
        )
    )


def _literal(pick: random.Random, _: int) -> bytes:
    size = pick.choice([10_000, 400_000, 1_900_000])
    character = pick.choice(["a", "\\n", "é", "\U0001f600", "\x00"])
    return _post(f'SELECT ("{character * (size // len(character.encode()))}" AS ?x) {{}}')


def _product(pick: random.Random, _: int) -> bytes:
    number = pick.randint(3, 8)
    pattern = " ".join(f"?a{n} ?b{n} ?c{n} ." for n in range(number))
    return _post(pick.choice([
        f"SELECT (COUNT(*) AS ?n) {{ {pattern} }}",
        f"SELECT * {{ {pattern} }}",
        f"SELECT * {{ {pattern} }} ORDER BY ?c0 ?c1 LIMIT 1",
        f"CONSTRUCT {{ ?a0 ?b1 ?c2 }} {{ {pattern} }}",
        "SELECT * { ?a (!<x:a>)* ?b . ?c (!<x:b>)+ ?d . ?e (!<x:c>)* ?f }",
        'ASK { ?a ?b ?c . ?d ?e ?f FILTER regex(concat(str(?c), str(?f)), "(a+)+(b+)+$") }',
    ]))  # fmt: skip


def _outward(pick: random.Random, port: int) -> bytes:
    address = f"http{pick.choice(['', 's'])}://{pick.choice(_HOSTS)}:{port}/{pick.choice(['', 'sparql', 'a.ttl'])}"
    escaped = "".join(f"\\u{ord(c):04X}" if pick.random() < 0.2 else c for c in address)
    keyword = pick.choice(_KEYWORDS)
    return pick.choice([
        _post(f"SELECT * {{ {keyword} <{address}> {{ ?s ?p ?o }} }}"),
        _post(f"SELECT * {{ {keyword} <{escaped}> {{ ?s ?p ?o }} }}"),
        _post(f"SELECT * {{ VALUES ?x {{ <{address}> }} {keyword} ?x {{ ?s ?p ?o }} }}"),
        _post(f"PREFIX a: <{address}> ASK {{ {{ {keyword} a: {{ ?s ?p ?o }} }} UNION {{}} }}"),
        _post(f"BASE <{address}> ASK {{ FILTER EXISTS {{ {keyword} <> {{ ?s ?p ?o }} }} }}"),
        _post(f"SELECT * FROM <{address}> FROM NAMED <{address}> {{ ?s ?p ?o }}"),  # noqa: S608 - it is SPARQL
        _post(f"LOAD <{address}>", "application/sparql-update", "/update"),
        _post(f"LOAD SILENT <file:///etc/passwd> INTO GRAPH <{address}>", "application/sparql-update", "/update"),
        f"GET /sparql?query=ASK%7B%7D&default-graph-uri={quote(address)} HTTP/1.1\r\nHost: a\r\n\r\n".encode(),
        f"GET /graphs?graph={quote(address)} HTTP/1.1\r\nHost: {address}\r\n\r\n".encode(),
    ])  # fmt: skip


def _headers(pick: random.Random, _: int) -> bytes:
    lines = [f"{pick.choice(_METHODS)} {pick.choice(_ADDRESSES)} HTTP/1.{pick.choice('0192')}"]
    lines += [f"{pick.choice(_HEADERS)}: {pick.choice(_VALUES)}" for _ in range(pick.randint(1, 12))]
    return "\r\n".join(lines).encode("latin-1") + b"\r\n\r\n" + pick.randbytes(pick.choice([0, 10, 500]))


def _truncated(pick: random.Random, _: int) -> bytes:
    whole = _post("SELECT * { ?s ?p ?o } LIMIT 3")
    return whole[: pick.randrange(len(whole))]


def _noise(pick: random.Random, _: int) -> bytes:
    return pick.randbytes(pick.choice([1, 100, 5_000])) + b"\r\n\r\n"


def _parameters(pick: random.Random, _: int) -> bytes:
    names = ("query", "update", "format", "default-graph-uri", "named-graph-uri", "graph", "default", "x")
    values = ("", "ASK {}", "%FF%FE", "%00", "<script>alert(1)</script>", "a" * 9_000, "rel/ative", "http://a/ b", "%")
    asked = "&".join(f"{pick.choice(names)}={pick.choice(values)}" for _ in range(pick.choice([1, 3, 40, 2_000])))
    return f"GET /sparql?{asked.replace(' ', '+')} HTTP/1.1\r\nHost: a\r\n\r\n".encode()


KINDS: dict[str, Callable[[random.Random, int], bytes]] = {
    "nested": _nested, "long": _long, "literal": _literal, "product": _product, "outward": _outward,
    "headers": _headers, "truncated": _truncated, "noise": _noise, "parameters": _parameters,
}  # fmt: skip
_SHARES = {
    "outward": 24,
    "headers": 24,
    "parameters": 12,
    "truncated": 12,
    "noise": 10,
    "nested": 8,
    "literal": 4,
    "long": 3,
    "product": 3,
}


def hostile_requests(number: int, port: int, seed: int = 1) -> Iterator[tuple[str, bytes]]:
    """``number`` requests with their kinds; ``port`` is that of a listener on loopback whom nobody shall call."""
    pick = random.Random(seed)  # noqa: S311 - it is to be repeated
    kinds = pick.choices(list(_SHARES), weights=list(_SHARES.values()), k=number)
    for kind in kinds:
        yield kind, KINDS[kind](pick, port)


def attack(host: str, port: int, request: bytes, pick: random.Random) -> bytes:
    """Sends ``request``, at times in two pieces or without waiting long; returns the beginning of the answer."""
    with socket.socket() as connection:
        connection.settimeout(20 if pick.random() < 0.9 else 0.3)
        try:
            connection.bind(("127.0.0.2", 0))  # another client than the good ones
            connection.connect((host, port))
            half = pick.randrange(len(request) + 1) if pick.random() < 0.1 else 0
            connection.sendall(request[:half])
            connection.sendall(request[half:])
            connection.shutdown(socket.SHUT_WR)
            answer = b""
            while chunk := connection.recv(65_536):
                answer = (answer + chunk)[:100_000]
            return answer
        except OSError:
            return b""
