"""Finds the statements with ``cq:search`` in a query: a reading of its tokens as far as that needs.

It knows groups, statements, property lists and paths; all else is passed over in balanced brackets. What is not SPARQL
is left for the engine to refuse.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from kg_build.errors import QueryError
from kg_build.query_guard import Token, position

_TERMS: Final = frozenset({"iri", "name", "variable", "string", "number"})
HINT: Final = 'write ?x cq:search "words", or (?x ?score) cq:search ("words" 20)'


@dataclass(frozen=True, slots=True)
class Predicate:
    """A predicate with its objects, by the places of their tokens (the second of a pair is exclusive)."""

    verb: tuple[int, int]
    objects: tuple[tuple[int, int], ...]
    searches: bool

    @property
    def end(self) -> int:
        """The place after the last object."""
        return self.objects[-1][1] if self.objects else self.verb[1]


@dataclass(frozen=True, slots=True)
class Statement:
    """A subject with its predicates, one of which searches at least."""

    subject: tuple[int, int]
    predicates: tuple[Predicate, ...]


@dataclass(slots=True)
class Scanner:
    """Reads the tokens of ``query``; ``searching`` are the places of those that name cq:search."""

    query: str
    tokens: list[Token]
    searching: frozenset[int]
    found: list[Statement] = field(default_factory=list)

    def run(self) -> list[Statement]:
        """The statements that search, in order. Raises QueryError where cq:search stands where it cannot."""
        self._outside(0, closing=None)
        return self.found

    # What stands around groups: the forms of queries, and of sub-selects

    def _outside(self, at: int, closing: str | None) -> int:
        short = False
        while at < len(self.tokens) and self._text(at) != closing:
            word = self._word(at)
            if word in ("CONSTRUCT", "INSERT", "DELETE", "DATA"):
                short = self._text(at + 1) != "{"
                at = self._over(at + 1) if not short else at + 1
            elif word == "VALUES":
                at = self._values(at)
            elif self._text(at) == "{":
                before = len(self.found)
                at = self._group(at + 1)
                if short and len(self.found) > before:
                    where = self.found[before].predicates[0].verb[0]
                    raise self.error(where, "cq:search cannot stand in a pattern that is a template too")
            elif self._is_opening(at):
                at = self._brackets(at)
            else:
                at += 1
        return at + 1

    def _group(self, at: int) -> int:
        """Reads the group that begins at ``at``, after its bracket; the place after its end."""
        if self._word(at) == "SELECT":
            return self._outside(at + 1, closing="}")
        while at < len(self.tokens):
            text, word = self._text(at), self._word(at)
            if text == "}":
                return at + 1
            if text == "{":
                at = self._group(at + 1)
            elif word == "FILTER":
                at = self._constraint(at + 1)
            elif word == "VALUES":
                at = self._values(at)
            elif word in ("GRAPH", "SERVICE"):
                at += 3 if self._word(at + 1) == "SILENT" else 2
            elif word or text == ".":
                at += 1
            elif self._is_opening(at) and self._word(at - 1) == "BIND":
                at = self._brackets(at)
            else:
                at = max(self._statement(at), at + 1)
        return at

    def _constraint(self, at: int) -> int:
        while self._word(at) and self._text(at) != "{":
            at += 1
        if self._text(at) == "{":
            return self._group(at + 1)
        return self._brackets(at if self._is_opening(at) else at + 1)

    def _values(self, at: int) -> int:
        while at < len(self.tokens) and self._text(at) != "{":
            at += 1
        return self._over(at)

    def _brackets(self, at: int) -> int:
        """Passes over an expression in brackets, and reads the groups in it."""
        if not self._is_opening(at):
            return at + 1
        at += 1
        while at < len(self.tokens) and self.tokens[at].kind != "closing":
            if self._text(at) == "{":
                at = self._group(at + 1)
            elif self._is_opening(at):
                at = self._brackets(at)
            else:
                at += 1
        return at + 1

    def _over(self, at: int) -> int:
        """Passes over what a bracket at ``at`` encloses, unread."""
        depth = 0
        while at < len(self.tokens):
            depth += (self.tokens[at].kind == "opening") - (self.tokens[at].kind == "closing")
            at += 1
            if depth <= 0:
                break
        return at

    # Statements

    def _statement(self, at: int) -> int:
        start = at
        at = self._term(at)
        subject = (start, at)
        if at == start:
            return at
        at, predicates = self._predicates(at)
        if any(predicate.searches for predicate in predicates):
            self.found.append(Statement(subject, predicates))
        return at

    def _predicates(self, at: int) -> tuple[int, tuple[Predicate, ...]]:
        found: list[Predicate] = []
        while True:
            start = at
            at = self._path(at)
            if at == start:
                return at, tuple(found)
            verb = (start, at)
            searching = self.searching.intersection(range(*verb))
            if searching and at - start > 1:
                raise self.error(min(searching), "cq:search cannot be part of a path")
            objects = []
            while (end := self._term(at)) > at:
                objects.append((at, end))
                at = end
                if self._text(at) != ",":
                    break
                at += 1
            found.append(Predicate(verb, tuple(objects), bool(searching)))
            if self._text(at) != ";":
                return at, tuple(found)
            while self._text(at) == ";":
                at += 1

    def _path(self, at: int) -> int:
        start = at
        while True:
            while self._text(at) in ("^", "!"):
                at += 1
            if self._text(at) == "(":
                at = self._over(at)
                found = self.searching.intersection(range(start, at))
                if found:
                    raise self.error(min(found), "cq:search cannot be part of a path")
            elif self._kind(at) in ("iri", "name", "variable") or self._text(at) == "a":
                at += 1
            else:
                return start
            if self._text(at) in ("*", "+", "?"):
                at += 1
            if self._text(at) not in ("/", "|"):
                return at
            at += 1

    def _term(self, at: int) -> int:
        """The place after the term at ``at``; ``at`` where there is none."""
        kind, text = self._kind(at), self._text(at)
        if kind == "string":
            return self._after_string(at + 1)
        if kind in _TERMS or self._word(at) in ("TRUE", "FALSE"):
            at += 1
        elif text in ("-", "+") and self._kind(at + 1) == "number":
            at += 2
        elif text == "[":
            inner, predicates = self._predicates(at + 1)
            for predicate in predicates:
                if predicate.searches:
                    raise self.error(predicate.verb[0], "cq:search needs a name for what it finds")
            return inner + 1 if self._text(inner) == "]" else self._over(at)
        elif text == "(":
            at += 1
            while self._text(at) != ")" and (end := self._term(at)) > at:
                at = end
            return at + 1
        elif text == "<<":
            return self._over(at)
        else:
            return at
        if self._text(at) == "{" and self._text(at + 1).startswith("|"):  # an annotation
            at = self._over(at)
        return at

    def _after_string(self, at: int) -> int:
        if self._kind(at) == "datatype":
            return at + 2
        if self._text(at) == "@":
            at += 1
            while at < len(self.tokens) and self._adjoins(at):
                at += 1
        return at

    def _adjoins(self, at: int) -> bool:
        before = self.tokens[at - 1]
        follows = before.start + len(before.text) == self.tokens[at].start
        return follows and (self.tokens[at].kind in ("word", "number") or self._text(at) == "-")

    def _text(self, at: int) -> str:
        return self.tokens[at].text if 0 <= at < len(self.tokens) else ""

    def _kind(self, at: int) -> str:
        return self.tokens[at].kind if 0 <= at < len(self.tokens) else ""

    def _word(self, at: int) -> str:
        """The keyword at ``at``; empty where there is none, and for ``a``, which is a predicate."""
        text = self._text(at)
        return text.upper() if self._kind(at) == "word" and text != "a" else ""

    def _is_opening(self, at: int) -> bool:
        return self._kind(at) == "opening"

    def error(self, at: int, what: str, hint: str = HINT) -> QueryError:
        """An error that names the place of the token at ``at``."""
        return QueryError(what, where=position(self.query, self.tokens[at].start), hint=hint)


__all__ = ["HINT", "Predicate", "Scanner", "Statement"]
