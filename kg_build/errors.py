"""The errors of Communiqué: each says what is wrong, where, and what to do about it.

>>> print(InputError("not valid UTF-8 (byte 12)", where="news/a.txt", hint="save the file as UTF-8"))
news/a.txt: not valid UTF-8 (byte 12); save the file as UTF-8
"""

from __future__ import annotations

from enum import IntEnum
from typing import Any


class ExitCode(IntEnum):
    """Exit codes of the command ``communique``."""

    OK = 0
    DOES_NOT_CONFORM = 1
    USAGE = 2
    INPUT = 3
    STORE = 4
    QUERY = 5
    UNAVAILABLE = 6


class CommuniqueError(Exception):
    """Base of all errors that a user can meet. ``where`` is a file, a line or a setting; ``hint`` says what to do."""

    exit_code: ExitCode = ExitCode.USAGE
    http_status: int = 500

    def __init__(self, what: str, *, where: str | None = None, hint: str | None = None) -> None:
        super().__init__(what)
        self.what = what
        self.where = where
        self.hint = hint

    def __str__(self) -> str:
        message = f"{self.where}: {self.what}" if self.where else self.what
        return f"{message}; {self.hint}" if self.hint else message

    def __reduce__(self) -> tuple[Any, ...]:
        # Errors go from worker processes to their parents; by default only what stands in ``args`` would.
        return _restore, (type(self), self.args, self.__dict__)


def _restore(kind: type[CommuniqueError], args: tuple[Any, ...], attributes: dict[str, Any]) -> CommuniqueError:
    error = kind.__new__(kind, *args)
    error.__dict__.update(attributes)
    return error


class UsageError(CommuniqueError):
    """The command or the settings make no sense."""


class InputError(CommuniqueError):
    """A source document cannot be used."""

    exit_code = ExitCode.INPUT
    http_status = 400


class StoreError(CommuniqueError):
    """The store cannot be opened, written or replaced."""

    exit_code = ExitCode.STORE
    http_status = 503


class QueryError(CommuniqueError):
    """A SPARQL query cannot be parsed or is not allowed."""

    exit_code = ExitCode.QUERY
    http_status = 400


class QueryTooLongError(QueryError):
    """A query has more characters than are read."""

    http_status: int = 413


class UnavailableError(CommuniqueError):
    """Something that the command needs is missing: a package, a model, a port."""

    exit_code = ExitCode.UNAVAILABLE
    http_status = 503


__all__ = [
    "CommuniqueError",
    "ExitCode",
    "InputError",
    "QueryError",
    "QueryTooLongError",
    "StoreError",
    "UnavailableError",
    "UsageError",
]
