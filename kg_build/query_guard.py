"""What a SPARQL query may be before it reaches the engine.

The engine's parser and planner recurse on the native stack: a few thousand nested brackets or chained operators end the
process, and nothing in Python can catch that. SERVICE would open a network connection. Depth and length are measured in
the query's tokens, where strings, IRIs and comments are told apart from what surrounds them. SERVICE is looked for in
the bare characters, because a reader of tokens that errs once can be led past it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from kg_build.errors import QueryError, QueryTooLongError

_IRI: Final = r"(?P<iri><(?:[^<>\"{}|^`\\\x00-\x20]|\\[uU][0-9A-Fa-f]+)*>)|"
_REST: Final = r"""
      (?P<skip>[ \t\r\n]+|\#[^\r\n]*)
    | (?P<string>\"{3}(?:[^"\\]|\\.|\"(?!\"\"))*\"{3} | '{3}(?:[^'\\]|\\.|'(?!''))*'{3}
                | "(?:[^"\\\r\n]|\\.)*" | '(?:[^'\\\r\n]|\\.)*')
    | (?P<variable>[?$][\w\x80-\U0010ffff]+)
    | (?P<name>[\w.\-\x80-\U0010ffff]*:(?:[\w.:%\-\x80-\U0010ffff]|\\.)*)
    | (?P<number>[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)
    | (?P<word>[^\W\d]\w*)
    | (?P<datatype>\^\^)
    | (?P<opening>[{(\[]|<<) | (?P<closing>[})\]]|>>)
    | (?P<step>\|\||&&|!=|<=|>=|[|/^!+*=<>?-])
    | (?P<other>.)
"""
_TOKEN: Final = re.compile(_IRI + _REST, re.VERBOSE | re.DOTALL)
_TOKEN_AFTER_OPERAND: Final = re.compile(_REST, re.VERBOSE | re.DOTALL)
_OPERANDS: Final = frozenset({"iri", "string", "variable", "name", "number", "word"})
_STEPS: Final = frozenset({
    "AS", "BIND", "EXISTS", "FILTER", "GRAPH", "HAVING", "IN", "MINUS", "NOT", "OPTIONAL", "SELECT", "UNION", "VALUES",
})  # fmt: skip

_GAP: Final = r"(?:[ \t\r\n]|\#[^\r\n]*(?:[\r\n]|\Z))*+"
_SERVICE: Final = re.compile(
    rf"SERVICE{_GAP}(?:SILENT{_GAP})?(?:<[^>]*>|[?$][^\s{{#]+|[^\s{{#:<>\"'()]*:(?:\\.|[^\s{{#])*){_GAP}\{{",
    re.IGNORECASE | re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class QueryLimits:
    """Bounds of a query, well below what the engine was seen to survive on a stack of 8 MiB.

    It died of 1,000 nested calls, 2,200 ``{``, 4,700 ``(``, 5,000 OPTIONALs or BINDs and 6,500 UNIONs.
    """

    characters: int = 500_000
    """Length of the query."""
    depth: int = 100
    """Brackets of any kind within each other."""
    steps: int = 1_000
    """Operators and keywords that make the engine's plan deeper."""


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of a query: its kind (a group of the expressions above), its characters and where it starts."""

    kind: str
    text: str
    start: int


def check_query(query: str, limits: QueryLimits | None = None) -> None:
    """Raises QueryError where ``query`` is too long or too deep for the engine, or would call another endpoint.

    >>> check_query("SELECT * { SERVICE <http://example.org/sparql> { ?s ?p ?o } }")
    Traceback (most recent call last):
    kg_build.errors.QueryError: line 1, column 12: SERVICE is not allowed; only this graph can be asked
    """
    limits = limits or QueryLimits()
    if len(query) > limits.characters:
        what = f"the query has {len(query):,} characters, more than {limits.characters:,}"
        raise QueryTooLongError(what, hint="shorten it")
    if found := _SERVICE.search(query):
        where = position(query, found.start())
        raise QueryError("SERVICE is not allowed", where=where, hint="only this graph can be asked")
    if len(query) <= limits.steps and sum(map(query.count, "{([<")) <= limits.depth:
        return  # it has no more steps than characters, and is no deeper than it has brackets
    depth = steps = 0
    for token in tokens(query):
        depth += (token.kind == "opening") - (token.kind == "closing")
        steps += token.kind == "step" or (token.kind == "word" and token.text.upper() in _STEPS)
        if depth > limits.depth:
            what, hint = f"brackets are nested more than {limits.depth} deep", "divide the query"
            raise QueryError(what, where=position(query, token.start), hint=hint)
        if steps > limits.steps:
            what = f"the query has more than {limits.steps:,} operators and clauses"
            hint = "divide the query, or put alternatives into VALUES"
            raise QueryError(what, where=position(query, token.start), hint=hint)


@dataclass(frozen=True, slots=True)
class UndeclaredPrefix:
    """A prefix that a query uses without declaring it, and where; line and column count from 1."""

    name: str
    line: int
    column: int


def undeclared_prefix(query: str, known: frozenset[str] = frozenset()) -> UndeclaredPrefix | None:
    """The first prefix in ``query`` that is neither declared in it nor among ``known``: what a syntax error hides.

    >>> undeclared_prefix("SELECT * { ?s a cq:Person }")
    UndeclaredPrefix(name='cq', line=1, column=17)
    """
    declared = set(known)
    declares = False
    for token in tokens(query):
        if token.kind == "name":
            prefix = token.text.partition(":")[0]
            if declares:
                declared.add(prefix)
            elif prefix not in declared and prefix != "_":
                line, column = line_and_column(query, token.start)
                return UndeclaredPrefix(prefix, line, column)
        declares = token.kind == "word" and token.text.upper() == "PREFIX"
    return None


def position(query: str, offset: int) -> str:
    r"""Where ``offset`` lies in ``query``, for people: line and column, from 1.

    >>> position("SELECT *\n{ ?s }", 11)
    'line 2, column 3'
    """
    line, column = line_and_column(query, offset)
    return f"line {line}, column {column}"


def line_and_column(query: str, offset: int) -> tuple[int, int]:
    """Line and column of ``offset`` in ``query``, from 1."""
    return query.count("\n", 0, offset) + 1, offset - query.rfind("\n", 0, offset)


def offset(query: str, line: int, column: int) -> int:
    """Where line and column, both from 1, lie in ``query``."""
    start = 0
    for _ in range(line - 1):
        start = query.index("\n", start) + 1
    return start + column - 1


def tokens(query: str, *, prefer_iris: bool = False) -> Iterator[Token]:
    """The tokens of ``query``, without blanks and comments.

    Where "<" may compare or begin an IRI, it compares, which hides no bracket from whoever counts them. With
    ``prefer_iris`` it begins an IRI where one would fit, as SPARQL's grammar says.
    """
    open_brackets: list[str] = []
    operand = False
    at = 0
    while at < len(query):
        # "?a <b> ?c" holds an IRI, "(?a <b && c> ?d)" two comparisons: within round brackets, after an operand,
        # "<" compares. (A collection is taken for an expression then, which does no harm.)
        compares = operand and open_brackets[-1:] == ["("] and not prefer_iris
        match = (_TOKEN_AFTER_OPERAND if compares else _TOKEN).match(query, at)
        if match is None or match.lastgroup is None:
            return
        token = Token(match.lastgroup, match.group(), at)
        at = match.end()
        if token.kind == "skip":
            continue
        if token.kind == "opening":
            open_brackets.append(token.text)
        elif token.kind == "closing" and open_brackets:
            open_brackets.pop()
        operand = token.kind in _OPERANDS or token.text in (")", "]")
        yield token


__all__ = [
    "QueryLimits",
    "Token",
    "UndeclaredPrefix",
    "check_query",
    "line_and_column",
    "offset",
    "position",
    "tokens",
    "undeclared_prefix",
]
