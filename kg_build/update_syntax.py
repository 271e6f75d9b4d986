"""A SPARQL update taken apart: its operations, and the clauses of each (SPARQL 1.1 Update, section 4.1).

What an operation changes has to be known to the quad, and the engine does not tell. So its clauses are run one by one,
each as a query or an update of its own. Here they are found, as slices of the text; what is in them stays unread.

>>> [operation.kind.value for operation in split("CLEAR ALL ; INSERT DATA { <x:a> <x:b> 'c;d' }")]
['CLEAR', 'INSERT DATA']
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from kg_build.errors import QueryError
from kg_build.query_guard import Token, position, tokens


class OperationKind(StrEnum):
    """What an operation does."""

    INSERT_DATA = "INSERT DATA"
    DELETE_DATA = "DELETE DATA"
    MODIFY = "MODIFY"
    """DELETE and INSERT with templates and a WHERE, and DELETE WHERE."""
    LOAD = "LOAD"
    CLEAR = "CLEAR"
    DROP = "DROP"
    CREATE = "CREATE"
    ADD = "ADD"
    MOVE = "MOVE"
    COPY = "COPY"
    NOTHING = ""
    """Declarations alone, or not even these."""


@dataclass(frozen=True, slots=True)
class Operation:
    """An operation: what declares its prefixes and base, and slices of the text.

    It stands with its own declarations between ``start`` and ``end``; ``before`` are those of the operations before it,
    which hold as well, and ``prologue`` is both. (The engine knows of none but the first operation's.)
    ``where`` and the templates have their braces. ``using`` are the IRIs after USING, those of USING NAMED with
    the word NAMED. ``words`` are the tokens of an operation on graphs.
    """

    kind: OperationKind
    before: str
    prologue: str
    start: int
    end: int
    data: str = ""
    graph: str = ""
    """The IRI after WITH."""
    delete: str = ""
    insert: str = ""
    using: tuple[str, ...] = ()
    where: str = ""
    words: tuple[str, ...] = ()

    @property
    def names_its_dataset(self) -> bool:
        """Whether it says WITH or USING."""
        return bool(self.graph or self.using)

    def variables(self) -> tuple[str, ...]:
        """The variables in its templates, without their signs, each once."""
        found = (
            token.text[1:] for token in tokens(self.delete + self.insert, prefer_iris=True) if token.kind == "variable"
        )
        return tuple(dict.fromkeys(found))

    def makes_blank_nodes(self) -> bool:
        """Whether the template of what is inserted may make blank nodes, new ones for each row."""
        return any(
            token.text[:2] in ("_:", "[", "(", "<<", "|", "~") for token in tokens(self.insert, prefer_iris=True)
        )


def split(update: str) -> tuple[Operation, ...]:
    """The operations of ``update``. What they are is told by their first words; the engine is to say if they are valid.

    Raises QueryError where they cannot be told.
    """
    operations: list[Operation] = []
    prologue = ""
    labels: set[str] = set()
    start = 0
    for piece, end in _pieces(update):
        beginning = _length_of_prologue(piece)
        before = prologue
        prologue += "".join(f"{declaration.text} " for declaration in piece[:beginning])
        operations.append(
            _operation(update, Operation(OperationKind.NOTHING, before, prologue, start, end), piece[beginning:])
        )
        own = {token.text: token for token in piece if token.text.startswith("_:")}
        if shared := sorted(labels & own.keys()):
            where = position(update, own[shared[0]].start)
            raise QueryError(f"the blank node {shared[0]} stands in two operations", where=where, hint="rename the one")
        labels |= own.keys()
        start = end + 1
    return tuple(operations)


def _pieces(update: str) -> Iterator[tuple[list[Token], int]]:
    """The tokens between semicolons that stand in no brackets, and where the piece ends."""
    piece: list[Token] = []
    depth = 0
    for token in tokens(update, prefer_iris=True):
        depth += (token.kind == "opening") - (token.kind == "closing")
        if token.text != ";" or depth:
            piece.append(token)
        elif not piece:
            raise QueryError("there is no operation before this semicolon", where=position(update, token.start))
        else:
            yield piece, token.start
            piece = []
    yield piece, len(update)


def _length_of_prologue(piece: Sequence[Token]) -> int:
    lengths = {"BASE": 2, "PREFIX": 3, "VERSION": 2}
    at = 0
    while at < len(piece) and (length := lengths.get(_word(piece[at]), 0)):
        at += length
    return at


def only_declares(text: str) -> bool:
    """Whether there is nothing in ``text`` but prefixes and a base."""
    found = list(tokens(text, prefer_iris=True))
    return _length_of_prologue(found) >= len(found)


def _operation(update: str, empty: Operation, piece: Sequence[Token]) -> Operation:
    if not piece:
        return empty
    first, second = _word(piece[0]), _word(piece[1]) if len(piece) > 1 else ""
    if first in ("INSERT", "DELETE") and second == "DATA" and len(piece) > len("{}"):
        data = update[piece[2].start : _end(piece[-1])]
        return replace(empty, kind=OperationKind(f"{first} DATA"), data=data)
    try:
        if first in ("WITH", "INSERT", "DELETE"):
            return _modification(update, empty, piece)
        return replace(empty, kind=OperationKind(first), words=tuple(token.text for token in piece[1:]))
    except (IndexError, ValueError):
        # The engine says better what is wrong.
        return empty


def _modification(update: str, empty: Operation, piece: Sequence[Token]) -> Operation:
    graph = delete = insert = where = ""
    using: list[str] = []
    at = 0
    while at < len(piece):
        word = _word(piece[at])
        if piece[at].text == "{":
            word, start = "WHERE", at
        elif word == "USING" and _word(piece[at + 1]) == "NAMED":
            start = at + 2
        else:
            start = at + 1
        if word in ("INSERT", "DELETE", "WHERE") and _word(piece[start]) != "WHERE":
            end = _closing(piece, start)
            clause = update[piece[start].start : _end(piece[end])]
            insert, delete, where = (
                clause if word == name else old
                for name, old in (("INSERT", insert), ("DELETE", delete), ("WHERE", where))
            )
            at = end + 1
        elif word == "DELETE":  # DELETE WHERE: the pattern is the template too
            where = delete = update[piece[start + 1].start : _end(piece[_closing(piece, start + 1)])]
            break
        elif word == "WITH":
            graph, at = piece[start].text, start + 1
        elif word == "USING":
            using.append(update[piece[at + 1].start : _end(piece[start])])
            at = start + 1
        else:
            raise ValueError(word)
    return replace(
        empty,
        kind=OperationKind.MODIFY,
        graph=graph,
        delete=delete,
        insert=insert,
        using=tuple(using),
        where=where,
    )


def _closing(piece: Sequence[Token], start: int) -> int:
    """The place of the bracket that closes the one at ``start``. Raises ValueError where there is none."""
    depth = 0
    for at in range(start, len(piece)):
        depth += (piece[at].kind == "opening") - (piece[at].kind == "closing")
        if not depth:
            return at
    raise ValueError(piece[start].text)


def _word(token: Token) -> str:
    return token.text.upper() if token.kind == "word" else ""


def _end(token: Token) -> int:
    return token.start + len(token.text)


__all__ = ["Operation", "OperationKind", "only_declares", "split"]
