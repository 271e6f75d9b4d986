"""Puts the nodes that a search finds into a query, in the place of the statement that asks for them.

``?x cq:search "cable"`` becomes ``VALUES ?x { … }`` before its statement, and the engine joins that with the rest. The
text is changed token by token; what only looks like a search, in a string, a comment or an IRI, is left alone.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Final, Protocol
from urllib.parse import urljoin

from kg_build.errors import QueryError
from kg_build.query_guard import Token, tokens
from kg_build.search.index import Hit
from kg_build.search.scan import HINT, Predicate, Scanner, Statement
from ontology import CQ

MOST_SEARCHES: Final = 20
"""Searches that one query may hold."""

_SEARCH: Final = CQ.search
# IRIs may be written with escapes, so that a quick look sees only that something may be escaped.
_MAY_SEARCH: Final = re.compile(r"search|\\")
_ESCAPE: Final = re.compile(r"\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|(.))", re.DOTALL)
_ABSOLUTE: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")
_NAMED: Final = {"t": "\t", "n": "\n", "r": "\r", "b": "\b", "f": "\f"}


class Finder(Protocol):
    """Finds nodes by words: ``SearchIndex.find``."""

    def __call__(self, words: str, *, limit: int | None = None, node: str | None = None) -> list[Hit]:
        """The nodes that have ``words``, the best first."""


def expand(query: str, find: Finder, *, prefixes: Mapping[str, str], base: str | None = None) -> str:
    """``query`` with what its searches find. ``prefixes`` are known without being declared, ``base`` is the base IRI.

    Raises QueryError, with the place, where cq:search stands where it cannot or its words cannot be understood.
    """
    if not _MAY_SEARCH.search(query):
        return query
    found = list(tokens(query))
    names = _Names(prefixes, base)
    searching = frozenset(place for place, token in enumerate(found) if names.take(token) == _SEARCH)
    if not searching:
        return query
    scanner = Scanner(query, found, searching)
    if len(searching) > MOST_SEARCHES:
        raise scanner.error(max(searching), f"there are more than {MOST_SEARCHES} searches", "join queries with fewer")
    expansion = _Expansion(scanner, find, names.resolve)
    for statement in scanner.run():
        expansion.add(statement)
    return expansion.text()


def refuse(update: str, *, prefixes: Mapping[str, str], base: str | None = None) -> None:
    """Raises QueryError where the pattern of an update searches."""

    def find(*_: object, **__: object) -> list[Hit]:
        hint = "ask for the nodes with a query, and name them in the update"
        raise QueryError("cq:search cannot stand in an update", hint=hint)

    expand(update, find, prefixes=prefixes, base=base)


class _Names:
    """The prefixes and the base that hold at a token; tokens are to be shown to it in their order."""

    def __init__(self, prefixes: Mapping[str, str], base: str | None) -> None:
        self._prefixes = dict(prefixes)
        self._base = base
        self._declares = ""
        self._declared = ""

    def take(self, token: Token) -> str | None:
        """The IRI that a token names where it is a term; notes what it declares."""
        if self._declares == "PREFIX" and token.kind == "name":
            self._declared = token.text.rstrip(":")
            self._declares = "NAMESPACE"
            return None
        if self._declares in ("NAMESPACE", "BASE") and token.kind == "iri":
            if self._declares == "BASE":
                self._base = self.resolve(token)
            else:
                self._prefixes[self._declared] = self.resolve(token) or ""
            self._declares = ""
            return None
        word = token.text.upper() if token.kind == "word" else ""
        self._declares = word if word in ("PREFIX", "BASE") else ""
        return self.resolve(token)

    def resolve(self, token: Token) -> str | None:
        """The IRI that a token names; None where it names none."""
        if token.kind == "iri":
            written = _unescaped(token.text[1:-1])
            if self._base is None or _ABSOLUTE.match(written):
                return written
            return urljoin(self._base, written) + (
                "#" if written.endswith("#") else ""
            )  # urljoin drops an empty fragment
        if token.kind == "name":
            prefix, _, local = token.text.partition(":")
            if prefix in self._prefixes:
                return self._prefixes[prefix] + re.sub(r"\\(.)", r"\1", local)
        return None


class _Expansion:
    def __init__(self, scanner: Scanner, find: Finder, resolve: Callable[[Token], str | None]) -> None:
        self._scanner = scanner
        self._tokens = scanner.tokens
        self._find = find
        self._resolve = resolve
        self._pieces: list[str] = []
        self._at = 0

    def text(self) -> str:
        """The whole query."""
        return "".join(self._pieces) + self._scanner.query[self._at :]

    def add(self, statement: Statement) -> None:
        """Puts the hits before a statement, and leaves of it what is no search."""
        searches = [predicate for predicate in statement.predicates if predicate.searches]
        blocks = [block for predicate in searches for block in self._blocks(statement, predicate)]
        self._keep_until(self._start(statement.subject[0]))
        self._pieces.append(" ".join(blocks) + " ")
        if len(searches) == len(statement.predicates):
            self._skip_until(self._end(searches[-1].end))
            return
        only_searches_so_far = True
        for number, predicate in enumerate(statement.predicates):
            if not predicate.searches:
                only_searches_so_far = False
                continue
            self._keep_until(self._start(predicate.verb[0]))
            if only_searches_so_far:
                # No property list begins with a semicolon.
                self._skip_until(self._start(statement.predicates[number + 1].verb[0]))
            else:
                self._skip_until(self._end(predicate.end))

    def _blocks(self, statement: Statement, predicate: Predicate) -> list[str]:
        error = self._scanner.error
        subject = self._tokens[slice(*statement.subject)]
        verb = predicate.verb[0]
        if not predicate.objects:
            raise error(verb, "cq:search lacks the words")
        names = subject[1:-1] if subject[0].text == "(" else subject
        with_score = subject[0].text == "("
        if with_score and (len(names) not in (1, 2) or any(name.kind != "variable" for name in names)):
            raise error(verb, "before cq:search there is one variable, or two in brackets")
        if with_score and (len(statement.predicates) > 1 or len(predicate.objects) > 1):
            raise error(verb, "a search with a score is a statement of its own")
        constant = self._resolve(names[0]) if len(names) == 1 and names[0].kind in ("iri", "name") else None
        if names[0].kind != "variable" and constant is None:
            raise error(verb, "cq:search needs a variable or an IRI before it")
        return [self._block(names, constant, *self._words(verb, place)) for place in predicate.objects]

    def _block(self, names: list[Token], constant: str | None, words: str, limit: int | None) -> str:
        if constant is not None:
            hits = self._find(words, limit=1, node=constant)
            return f"FILTER({str(bool(hits)).lower()})"
        hits = self._find(words, limit=limit)
        if len(names) == 1:
            return f"VALUES {names[0].text} {{ {' '.join(f'<{hit.iri}>' for hit in hits)} }}"
        rows = " ".join(f"(<{hit.iri}> {hit.score:.4f})" for hit in hits)
        return f"VALUES ({names[0].text} {names[1].text}) {{ {rows} }}"

    def _words(self, verb: int, place: tuple[int, int]) -> tuple[str, int | None]:
        """The words and the limit that an object gives."""
        given = self._tokens[slice(*place)]
        if given[0].text == "(":
            given = given[1:-1]
        if not given or given[0].kind != "string":
            raise self._scanner.error(verb, "the words of cq:search are to be written in the query, in quotation marks")
        if len(given) == 1:
            return _string(given[0]), None
        if len(given) > 2 or not given[1].text.isdigit():
            raise self._scanner.error(verb, "after the words of cq:search there may be a number", HINT)
        return _string(given[0]), int(given[1].text)

    def _start(self, place: int) -> int:
        return self._tokens[place].start

    def _end(self, place: int) -> int:
        """Where the token before ``place`` ends."""
        return self._tokens[place - 1].start + len(self._tokens[place - 1].text)

    def _keep_until(self, offset: int) -> None:
        self._pieces.append(self._scanner.query[self._at : offset])
        self._at = offset

    def _skip_until(self, offset: int) -> None:
        self._at = offset


def _string(token: Token) -> str:
    quotes = 3 if token.text[:3] in ('"""', "'''") and len(token.text) >= 6 else 1
    return _unescaped(token.text[quotes:-quotes])


def _unescaped(text: str) -> str:
    return _ESCAPE.sub(_character, text)


def _character(match: re.Match[str]) -> str:
    short, long, named = match.groups()
    if named:
        return _NAMED.get(named, named)
    code = int(short or long, 16)
    return chr(code) if code < 0x110000 and not 0xD800 <= code < 0xE000 else "�"


__all__ = ["MOST_SEARCHES", "Finder", "expand", "refuse"]
