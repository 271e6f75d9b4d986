"""Where and why a query is not SPARQL, in words that help the one who wrote it.

The engine's parser names the farthest character that it looked at. As it reads ahead by the length of each keyword that
would fit, that is somewhere after the fault: for ``FILTR`` eight characters after it, the length of OPTIONAL. So the
query is parsed a second time with wide gaps between its words; the word where the farthest character lies is the fault.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Final

from kg_build.query_guard import Token, line_and_column, offset, tokens, undeclared_prefix

_MESSAGE: Final = re.compile(r"error at (\d+):(\d+): expected (?:one of )?(.*)", re.DOTALL)
_SENTENCE: Final = re.compile(r"(?:^|, )([A-Z][a-z]*(?: [\w']+){2,})")
_UPDATE: Final = re.compile(
    r"\s*(?:(?:PREFIX\s+\S*\s*|BASE\s*)<[^>]*>\s*)*(?:INSERT|DELETE|LOAD|CLEAR|DROP|CREATE|ADD|MOVE|COPY|WITH)\b",
    re.IGNORECASE,
)
_GAP: Final = " " * 40
"""Longer than any keyword that the parser may look for."""
_KEYWORDS: Final = (
    "ASC", "ASK", "BASE", "BIND", "CONSTRUCT", "DESC", "DESCRIBE", "DISTINCT", "EXISTS", "FILTER", "FROM", "GRAPH",
    "GROUP", "HAVING", "LIMIT", "MINUS", "NAMED", "NOT", "OFFSET", "OPTIONAL", "ORDER", "PREFIX", "REDUCED", "SELECT",
    "UNION", "VALUES", "WHERE",
)  # fmt: skip
_LONGEST_SHOWN: Final = 40


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a query, and where; line and column count from 1."""

    what: str
    line: int
    column: int
    hint: str | None = None


def find_fault(
    query: str, message: str, known: frozenset[str], parse: Callable[[str], str | None], *, update: bool = False
) -> Fault:
    """The fault in ``query``, of which the engine said ``message``. ``known`` are the prefixes declared elsewhere.

    ``parse`` gives the engine's message for another text, None where it is SPARQL. With ``update`` it is meant to be an
    update, else a query.
    """
    if not update and _UPDATE.match(query):
        return Fault("this is an update, not a query", 1, 1)
    if missing := undeclared_prefix(query, known):
        hint = f"begin the query with PREFIX {missing.name}: <…>"
        return Fault(f"the prefix {missing.name}: is not declared", missing.line, missing.column, hint)
    wide, starts = _widened(query)
    found = _MESSAGE.match(parse(wide) or "")
    if found is None:
        return Fault(message, 1, 1)
    farthest = offset(wide, int(found[1]), int(found[2]))
    sentence = _SENTENCE.search(found[3])
    if farthest >= len(wide) or not starts:
        what = sentence[1] if sentence else "the query ends too soon"
        return Fault(what, *line_and_column(query, len(query.rstrip())))
    fault = next((token for start, token in reversed(starts) if start <= farthest), starts[0][1])
    shown = fault.text if len(fault.text) <= _LONGEST_SHOWN else f"{fault.text[:_LONGEST_SHOWN]}…"
    what = sentence[1] if sentence else f"“{shown}” is not expected here"
    return Fault(what, *line_and_column(query, fault.start), _advice(fault.text))


def _widened(query: str) -> tuple[str, list[tuple[int, Token]]]:
    """``query`` with wide gaps at blanks and brackets, and the tokens that follow a gap with where they start in it."""
    pieces: list[str] = []
    starts: list[tuple[int, Token]] = []
    length = end = 0
    after_bracket = False
    for token in tokens(query):
        bracket = token.kind in ("opening", "closing")
        if token.start > end or bracket or after_bracket or not starts:
            pieces.append(query[end : token.start] + "\n" + _GAP)
            length += len(pieces[-1])
            starts.append((length, token))
        pieces.append(token.text)
        length += len(token.text)
        end = token.start + len(token.text)
        after_bracket = bracket
    return "".join(pieces) + query[end:] + "\n" + _GAP, starts


def _advice(word: str) -> str | None:
    if word.upper() in _KEYWORDS:
        return None
    likely = get_close_matches(word.upper(), _KEYWORDS, n=1, cutoff=0.75)
    return f"did you mean {likely[0]}?" if likely else None


__all__ = ["Fault", "find_fault"]
