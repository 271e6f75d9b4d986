"""The one place where errors become responses: as text for SPARQL clients, as HTML for browsers, or as problem+json."""

from __future__ import annotations

import json
import logging
from dataclasses import dataclass, field, replace
from http import HTTPStatus
from typing import Final

from flask import Flask, Response, render_template, request
from werkzeug.exceptions import HTTPException

from kg_build.errors import CommuniqueError, InputError, QueryError, StoreError
from kg_build.store import QuerySyntaxError
from kg_build.store.updating import OtherGraphError
from kg_build.writes.writer import ConditionError, MissingGraphError
from server.errors import (
    BusyError,
    ClientLimitError,
    NotAcceptableError,
    RequestError,
    ResultTooLargeError,
    TimeLimitError,
    UnauthorizedError,
    WorkerLostError,
    WriteLostError,
    WritesOffError,
)
from server.negotiate import HTML, best

LOG: Final = logging.getLogger("communique.server")
TEXT: Final = "text/plain"
PROBLEM: Final = "application/problem+json"

TITLES: Final[dict[type[CommuniqueError], str]] = {
    QuerySyntaxError: "Not SPARQL",
    QueryError: "Query refused",
    RequestError: "Not a request of the SPARQL protocol",
    OtherGraphError: "More than one graph",
    InputError: "Graph not readable",
    MissingGraphError: "No such graph",
    ConditionError: "Precondition failed",
    UnauthorizedError: "Token needed",
    WritesOffError: "Writes are off",
    WriteLostError: "Write ended",
    NotAcceptableError: "No such format",
    ResultTooLargeError: "Result too large",
    TimeLimitError: "Time limit reached",
    WorkerLostError: "Query ended",
    BusyError: "Server busy",
    ClientLimitError: "Too many queries",
    StoreError: "Graph not available",
    CommuniqueError: "Error",
}
"""What each kind of error is called; the status stands with the error itself."""

RETRY: Final[dict[type[CommuniqueError], int]] = {BusyError: 5, ClientLimitError: 1, WorkerLostError: 1}
"""Seconds after which it is worth another try."""

_WINDOW: Final = 60
"""Characters of a long line that are shown on each side of a fault."""


@dataclass(frozen=True, slots=True)
class Failure:
    """An error as a client sees it."""

    status: int
    title: str
    detail: str
    hint: str | None = None
    line: int | None = None
    column: int | None = None
    excerpt: str | None = None
    headers: dict[str, str] = field(default_factory=dict)

    def as_text(self) -> str:
        """Title and detail, the line at fault with a mark below it, the hint."""
        parts = [f"{self.title}: {self.detail}", self.excerpt, self.hint]
        return "\n".join(part for part in parts if part) + "\n"

    def as_problem(self) -> str:
        """The members of RFC 9457, with ``line``, ``column``, ``excerpt`` and ``hint`` where there are such."""
        members = {
            "type": "about:blank",
            "title": self.title,
            "status": self.status,
            "detail": self.detail,
            "hint": self.hint,
            "line": self.line,
            "column": self.column,
            "excerpt": self.excerpt,
        }
        return json.dumps({name: value for name, value in members.items() if value is not None}, ensure_ascii=False)


def failure_of(error: CommuniqueError, query: str | None = None) -> Failure:
    """What a client is told of ``error``; ``query`` is the text that a syntax error points into."""
    kind = next(kind for kind in type(error).__mro__ if kind in TITLES)
    retry = RETRY.get(kind)
    detail, hint = f"{error.where}: {error.what}" if error.where else error.what, error.hint
    if isinstance(error, StoreError):  # it names files
        detail, hint = "the graph cannot be read", "see the server's log"
    headers = {"Retry-After": str(retry)} if retry else {}
    if isinstance(error, UnauthorizedError):
        headers["WWW-Authenticate"] = 'Bearer realm="communique"'
    failure = Failure(status=int(error.http_status), title=TITLES[kind], detail=detail, hint=hint, headers=headers)
    if not isinstance(error, QuerySyntaxError):
        return failure
    shown = excerpt(query, error.line, error.column) if query else None
    return replace(failure, line=error.line, column=error.column, excerpt=shown)


def excerpt(query: str, line: int, column: int) -> str | None:
    r"""The line at fault with a mark below the column, both from 1; None where there is nothing on it.

    >>> print(excerpt("SELECT *\n{ ?s ?p }", 2, 9))
    2 | { ?s ?p }
      |         ^
    """
    lines = query.split("\n")
    text = lines[line - 1].rstrip("\r") if 0 < line <= len(lines) else ""
    if not text.strip():
        return None
    start, end = max(0, column - 1 - _WINDOW), column - 1 + _WINDOW
    shown = ("…" if start else "") + text[start:end] + ("…" if end < len(text) else "")
    before = ("…" if start else "") + text[start : column - 1]
    # A tab stays a tab, so that the mark stands below its character whatever the width of a tab is.
    mark = "".join("\t" if character == "\t" else " " for character in before) + "^"
    margin = " " * len(str(line))
    return f"{line} | {shown}\n{margin} | {mark}"


def respond(failure: Failure) -> Response:
    """The response in the form that the present request's Accept header likes best, text where it likes none."""
    form = best([TEXT, HTML, PROBLEM], request.headers.get("Accept")) or TEXT
    if form == HTML:
        response = Response(render_template("error.html", failure=failure), mimetype=HTML)
    elif form == TEXT:
        response = Response(failure.as_text(), mimetype=TEXT)
    else:
        response = Response(failure.as_problem(), mimetype=PROBLEM)
    response.status_code = failure.status
    response.headers.extend(failure.headers)
    response.vary.add("Accept")
    return response


def register(app: Flask) -> None:
    """Makes ``app`` answer every error by ``respond``. No client ever sees a stack trace."""

    @app.errorhandler(CommuniqueError)
    def _known(error: CommuniqueError) -> Response:
        if error.http_status >= HTTPStatus.INTERNAL_SERVER_ERROR:
            LOG.warning("%s %s: %s", request.method, request.path, error)
        return respond(failure_of(error))

    @app.errorhandler(HTTPException)
    def _http(error: HTTPException) -> Response:
        headers = {name: value for name, value in error.get_headers() if name != "Content-Type"}
        status = error.code or HTTPStatus.INTERNAL_SERVER_ERROR
        return respond(Failure(status, error.name, error.description or error.name, headers=headers))

    @app.errorhandler(Exception)
    def _unknown(error: Exception) -> Response:
        LOG.error("%s %s", request.method, request.path, exc_info=error)
        status = HTTPStatus.INTERNAL_SERVER_ERROR
        return respond(Failure(status, "Internal error", "something went wrong here", "see the server's log"))


__all__ = ["RETRY", "TITLES", "Failure", "excerpt", "failure_of", "register", "respond"]
