r"""What is written between the quotation marks of ``cq:search``, as an expression of SQLite's FTS5.

Every word goes to FTS5 as a quoted string, so that nothing in it can be read as an operator of FTS5's own.

>>> to_expression("power cabl* NOT gas")
'("power" AND "cabl" *) NOT "gas"'
>>> to_expression('"power cable" NEAR years')
'NEAR("power cable" "years", 10)'
"""

from __future__ import annotations

import re
from typing import Final

from kg_build.errors import QueryError

MOST_CHARACTERS: Final = 1_000
MOST_WORDS: Final = 50
MOST_DEPTH: Final = 10
NEARNESS: Final = 10
"""Words that may stand between two that are NEAR each other, where no number is given."""
_FARTHEST: Final = 1_000

_TOKEN: Final = re.compile(r'\s*(?:(?P<bracket>[()])|"(?P<phrase>[^"]*)"(?P<open>\*?)|(?P<word>[^\s()"]+))')
_NEAR: Final = re.compile(r"NEAR(?:/(\d{1,4}))?")
_PIECES: Final = re.compile(r"\w+")
_HINT: Final = 'such as: power cable, "power cable", cabl*, cable OR pipeline, cable NOT gas, cable NEAR/5 years'


def to_expression(words: str) -> str:
    """FTS5's expression for ``words``. Raises QueryError where they cannot be understood or are too many."""
    if len(words) > MOST_CHARACTERS:
        raise _error(f"there are more than {MOST_CHARACTERS:,} characters")
    reader = _Reader(_tokens(words))
    expression = reader.alternatives(0)
    if reader.ahead is not None:
        raise _error("a closing bracket has no opening one")
    if expression is None:
        raise _error("there are no words")
    return expression


def _error(what: str) -> QueryError:
    return QueryError(f"cq:search: {what}", hint=_HINT)


def _tokens(words: str) -> list[str]:
    """Brackets, operators as they stand, and FTS5's phrases, which begin with a quotation mark."""
    found: list[str] = []
    at = 0
    while words[at:].strip():
        match = _TOKEN.match(words, at)
        if match is None:
            raise _error("a quotation mark is not closed")
        at = match.end()
        if match["bracket"]:
            found.append(match["bracket"])
        elif match["phrase"] is not None:
            found += _phrase(match["phrase"], begins=bool(match["open"]))
        elif match["word"] in ("AND", "OR", "NOT") or _NEAR.fullmatch(match["word"]):
            found.append(match["word"])
        else:
            found += _phrase(match["word"], begins=match["word"].endswith("*"))
    if sum(token.startswith('"') for token in found) > MOST_WORDS:
        raise _error(f"there are more than {MOST_WORDS} words")
    return found


def _phrase(text: str, *, begins: bool) -> list[str]:
    """The phrase of what stands together (``start-up`` is two words side by side); nothing where it has no word."""
    pieces = _PIECES.findall(text)
    return [f'"{" ".join(pieces)}"' + (" *" if begins else "")] if pieces else []


class _Reader:
    def __init__(self, tokens: list[str]) -> None:
        self._tokens = tokens
        self._at = 0

    @property
    def ahead(self) -> str | None:
        return self._tokens[self._at] if self._at < len(self._tokens) else None

    def _take(self) -> str:
        self._at += 1
        return self._tokens[self._at - 1]

    def alternatives(self, depth: int) -> str | None:
        if depth > MOST_DEPTH:
            raise _error(f"brackets are nested more than {MOST_DEPTH} deep")
        found = [self._together(depth)]
        while self.ahead == "OR":
            self._take()
            found.append(self._together(depth))
        if len(found) > 1 and None in found:
            raise _error("OR has nothing on one side")
        return _joined([each for each in found if each], "OR")

    def _together(self, depth: int) -> str | None:
        wanted: list[str] = []
        unwanted: list[str] = []
        while self.ahead not in (None, ")", "OR"):
            if self.ahead == "AND":
                self._take()
                if not wanted or self.ahead in (None, ")", "OR", "AND", "NOT"):
                    raise _error("AND has nothing on one side")
            elif self.ahead == "NOT":
                self._take()
                unwanted.append(self._one(depth, "NOT"))
            else:
                wanted.append(self._one(depth, ""))
        if unwanted and not wanted:
            raise _error("NOT needs something beside it that is to be found")
        expression = _joined(wanted, "AND")
        return f"{expression} NOT {_joined(unwanted, 'OR')}" if unwanted else expression

    def _one(self, depth: int, after: str) -> str:
        if self.ahead == "(":
            self._take()
            inner = self.alternatives(depth + 1)
            if self.ahead != ")":
                raise _error("a bracket is not closed")
            self._take()
            if inner is None:
                raise _error("there is nothing between two brackets")
            return f"({inner})" if " " in inner else inner
        if self.ahead is None or not self.ahead.startswith('"'):
            raise _error(f"{after or self.ahead} has nothing on one side")
        phrases = [self._take()]
        distance = NEARNESS
        while self.ahead is not None and (near := _NEAR.fullmatch(self.ahead)):
            self._take()
            distance = min(int(near[1] or NEARNESS), _FARTHEST)
            if self.ahead is None or not self.ahead.startswith('"'):
                raise _error("NEAR stands between words or phrases")
            phrases.append(self._take())
        return f"NEAR({' '.join(phrases)}, {distance})" if len(phrases) > 1 else phrases[0]


def _joined(parts: list[str], operator: str) -> str | None:
    if len(parts) > 1:
        return f"({f' {operator} '.join(parts)})"
    return parts[0] if parts else None


__all__ = ["MOST_CHARACTERS", "MOST_DEPTH", "MOST_WORDS", "NEARNESS", "to_expression"]
