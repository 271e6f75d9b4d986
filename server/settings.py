"""The server's settings: one table of names, defaults and help, read from arguments or from ``COMMUNIQUE_*`` variables.

>>> settings = Settings.from_environment({"COMMUNIQUE_WORKERS": "4"}, page_rows=50)
>>> settings.workers, settings.page_rows, settings.query_seconds
(4, 50, 30.0)
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any, Final

from kg_build.errors import UsageError

PREFIX: Final = "COMMUNIQUE_"


@dataclass(frozen=True, slots=True)
class Settings:
    """What a served graph is and what a query may cost. Raises UsageError for a value out of range."""

    directory: Path = field(
        default=Path("graph"),
        metadata={"help": "Folder that `communique build` wrote; the command's DIR comes before it."},
    )
    workers: int = field(
        default=2,
        metadata={
            "help": "Processes that run queries: as many queries run at a time. 0 runs them in the server's own "
            "process, one at a time and without the limits on time and memory: for tests alone.",
            "least": 0,
        },
    )
    query_seconds: float = field(
        default=30.0,
        metadata={"help": "Time limit of a query; one that runs longer is ended and answered with 504.", "least": 0.1},
    )
    queue_seconds: float = field(
        default=10.0,
        metadata={"help": "How long a query waits for a free worker before it is answered with 503.", "least": 0},
    )
    queue_length: int = field(
        default=4,
        metadata={"help": "Queries that may wait for a worker; one more is answered with 503 at once.", "least": 0},
    )
    worker_mebibytes: int = field(
        default=2048,
        metadata={
            "help": "Memory that a query may take (as address space), in MiB, on Linux; one that needs more is "
            "answered with 503. 0 sets no limit.",
            "least": 0,
        },
    )
    result_bytes: int = field(
        default=64 * 2**20,
        metadata={"help": "Largest result, in bytes; a query with a larger one is answered with 422.", "least": 1},
    )
    request_bytes: int = field(
        default=2 * 2**20,
        metadata={"help": "Largest body of a request, in bytes; a larger one is answered with 413.", "least": 1},
    )
    page_rows: int = field(
        default=500,
        metadata={"help": "Rows of a result that the page shows; a download has them all.", "least": 1},
    )
    cors_origin: str = field(
        default="*",
        metadata={
            "help": "Origin whose scripts may read the endpoint's answers (`Access-Control-Allow-Origin`). Empty: none "
            "but the server's own page."
        },
    )

    def __post_init__(self) -> None:
        for entry in fields(self):
            least = entry.metadata.get("least")
            value = getattr(self, entry.name)
            if least is not None and value < least:
                raise UsageError(f"{value} is less than {least}", where=f"setting {entry.name}")

    @classmethod
    def from_environment(cls, environ: Mapping[str, str] | None = None, **given: Any) -> Settings:
        """The settings in ``environ`` (the process's by default); what is ``given`` and not None comes before them."""
        environ = os.environ if environ is None else environ
        values = {name: value for name, value in given.items() if value is not None}
        for entry in fields(cls):
            variable = f"{PREFIX}{entry.name.upper()}"
            if entry.name not in values and variable in environ:
                values[entry.name] = _read(variable, environ[variable], type(entry.default))
        return cls(**values)


def _read(variable: str, text: str, kind: type) -> Any:
    try:
        return kind(text)
    except ValueError:
        raise UsageError(f"{text!r} is not a number", where=variable) from None


def table() -> list[tuple[str, str, str]]:
    """Name, default and help of each setting, as the documentation shows them."""
    return [(entry.name, str(entry.default), entry.metadata["help"]) for entry in fields(Settings)]


__all__ = ["PREFIX", "Settings", "table"]
