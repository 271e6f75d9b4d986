"""What can go wrong between a client and the graph, with the HTTP status of each.

The tree is that of ``kg_build.errors``: a query that cannot be parsed is a ``QueryError`` here as well.
"""

from __future__ import annotations

from http import HTTPStatus

from kg_build.errors import CommuniqueError


class RequestError(CommuniqueError):
    """A request that the protocol does not allow; ``status`` says in which way."""

    def __init__(self, what: str, *, status: HTTPStatus = HTTPStatus.BAD_REQUEST, hint: str | None = None) -> None:
        super().__init__(what, hint=hint)
        self.http_status = status


class NotAcceptableError(CommuniqueError):
    """There is no format for the result among those that the client takes."""

    http_status = HTTPStatus.NOT_ACCEPTABLE


class UnauthorizedError(CommuniqueError):
    """A write without the token, or with another one."""

    http_status = HTTPStatus.UNAUTHORIZED


class WritesOffError(CommuniqueError):
    """A write to a server that has no token set."""

    http_status = HTTPStatus.FORBIDDEN


class WriteLostError(CommuniqueError):
    """The process that writes ended, or was ended, before it said whether the write was made."""

    http_status = HTTPStatus.SERVICE_UNAVAILABLE


class ResultTooLargeError(CommuniqueError):
    """The result is larger than the server sends; it is not sent in part."""

    http_status = HTTPStatus.UNPROCESSABLE_ENTITY


class TimeLimitError(CommuniqueError):
    """The query ran longer than the server lets it."""

    http_status = HTTPStatus.GATEWAY_TIMEOUT


class WorkerLostError(CommuniqueError):
    """The process that ran the query ended, by a crash of the engine or for want of memory."""

    http_status = HTTPStatus.SERVICE_UNAVAILABLE


class BusyError(CommuniqueError):
    """All workers were busy for as long as a query may wait, or too many queries waited."""

    http_status = HTTPStatus.SERVICE_UNAVAILABLE


class ClientLimitError(CommuniqueError):
    """The client asks for more at a time than it may."""

    http_status = HTTPStatus.TOO_MANY_REQUESTS


__all__ = [
    "BusyError",
    "ClientLimitError",
    "NotAcceptableError",
    "RequestError",
    "ResultTooLargeError",
    "TimeLimitError",
    "UnauthorizedError",
    "WorkerLostError",
    "WriteLostError",
    "WritesOffError",
]
