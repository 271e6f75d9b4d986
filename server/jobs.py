"""What goes between the server and the processes that run its queries."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from kg_build.store import Value
from server.formats import ResultKind
from server.negotiate import Choice


@dataclass(frozen=True, slots=True)
class Job:
    """A query to run.

    Which kind of result a query gives is known when it is parsed, so ``choices`` says for each kind how to send it; a
    kind that is missing cannot be sent to this client. With ``rows`` the reply is a Table of that many at most, and
    ``choices`` are not looked at. Without ``default_graphs`` and ``named_graphs`` the dataset is the query's own
    (FROM), or else the whole store.
    """

    query: str
    base_iri: str
    choices: Mapping[ResultKind, Choice] = field(default_factory=dict)
    rows: int | None = None
    default_graphs: tuple[str, ...] = ()
    named_graphs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Answer:
    """The whole result of a query, in the syntax of ``choice``."""

    kind: ResultKind
    choice: Choice
    body: bytes


@dataclass(frozen=True, slots=True)
class Table:
    """The beginning of a result, for the page. ``more`` is whether there are rows that are not here.

    A graph has the columns subject, predicate and object; an ASK has neither columns nor rows but ``boolean``.
    """

    kind: ResultKind
    columns: tuple[str, ...] = ()
    rows: tuple[tuple[Value | None, ...], ...] = ()
    more: bool = False
    boolean: bool | None = None


Reply = Answer | Table


@dataclass(frozen=True, slots=True)
class Opened:
    """A worker's first word: it has opened the store."""


__all__ = ["Answer", "Job", "Opened", "Reply", "Table"]
