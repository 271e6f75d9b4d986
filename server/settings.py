"""The server's settings: one table of names, defaults and help.

Where their values come from (a file, the environment, the command's flags) is the business of
``server.settings_sources``.

>>> settings = Settings(workers=4)
>>> settings.workers, settings.query_seconds
(4, 30.0)
"""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from pathlib import Path

from kg_build.errors import UsageError


@dataclass(frozen=True, slots=True)
class Settings:
    """What a served graph is and what a query may cost. Raises UsageError for a value out of range.

    A field's metadata: ``help``, for the documentation and the command; ``least`` and ``most``, the bounds of a number;
    ``secret``, for what is never shown: give such a field ``repr=False`` too.
    """

    directory: Path = field(
        default=Path("graph"),
        metadata={"help": "Folder that `communique build` wrote; the command's DIR comes before it."},
    )
    host: str = field(
        default="127.0.0.1",
        metadata={"help": "Address to listen on; 0.0.0.0 lets other machines in."},
    )
    port: int = field(
        default=8000,
        metadata={"help": "Port to listen on; 0 takes any free one.", "least": 0, "most": 65_535},
    )
    workers: int = field(
        default=4,
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
    token: str = field(
        default="",
        repr=False,
        metadata={
            "help": "What who writes must send, as `Authorization: Bearer`. Empty: nobody can write.",
            "secret": True,
        },
    )
    update_seconds: float = field(
        default=60.0,
        metadata={"help": "Time limit of a write; one that takes longer is ended and answered with 504.", "least": 0.1},
    )
    queue_seconds: float = field(
        default=10.0,
        metadata={"help": "How long a query waits for a free worker before it is answered with 503.", "least": 0},
    )
    queue_length: int = field(
        default=200,
        metadata={"help": "Queries that may wait for a worker; one more is answered with 503 at once.", "least": 0},
    )
    client_workers: int = field(
        default=3,
        metadata={
            "help": "Queries of one client that run at a time; its others wait, and let those of other clients pass.",
            "least": 1,
        },
    )
    client_queries: int = field(
        default=100,
        metadata={
            "help": "Queries of one client that run or wait; one more is answered with 429 at once.",
            "least": 1,
        },
    )
    memory_triples: int = field(
        default=1_200_000,
        metadata={
            "help": "Largest graph, in triples, that is held in memory: some 600 MB for a million, and up to as much "
            "again in each worker. A larger one is read from the disk.",
            "least": 0,
        },
    )
    cache_bytes: int = field(
        default=64 * 2**20,
        metadata={"help": "Results that are kept to be sent again, in bytes. 0 keeps none.", "least": 0},
    )
    query_characters: int = field(
        default=500_000,
        metadata={"help": "Longest query, in characters; a longer one is answered with 413.", "least": 1},
    )
    query_depth: int = field(
        default=100,
        metadata={
            "help": "Deepest nesting of brackets in a query; more can crash the engine.",
            "least": 1,
            "most": 400,
        },
    )
    query_steps: int = field(
        default=1_000,
        metadata={
            "help": "Operators and clauses in a query; more can crash the engine.",
            "least": 1,
            "most": 2_000,
        },
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
    result_rows: int = field(
        default=1_000_000,
        metadata={"help": "Largest result, in rows; a query with more is answered with 422.", "least": 1},
    )
    whole_bytes: int = field(
        default=4 * 2**20,
        metadata={
            "help": "Results up to this size, in bytes, are sent when they are complete; larger ones as they are "
            "computed, and if such a one hits a limit its connection is broken off.",
            "least": 0,
        },
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
    prefix: str = field(
        default="",
        metadata={"help": "Path below which a reverse proxy shows the server, such as /graph. Empty: the root."},
    )
    trusted_proxies: int = field(
        default=0,
        metadata={
            "help": "Reverse proxies in front, whose X-Forwarded-For, -Proto, -Host, -Port and -Prefix are believed. "
            "0: none, and these headers are passed over.",
            "least": 0,
        },
    )
    access_log: str = field(
        default="",
        metadata={"help": "File of the access log, a JSON object a line; - is standard error. Empty: none."},
    )
    access_log_queries: bool = field(
        default=False,
        metadata={"help": "Whether the access log holds the text of queries, not their hash alone."},
    )
    stop_seconds: float = field(
        default=30.0,
        metadata={
            "help": "How long requests that run may go on once the server is told to stop (SIGTERM).",
            "least": 0,
        },
    )

    def __post_init__(self) -> None:
        for entry in fields(self):
            least, most = entry.metadata.get("least"), entry.metadata.get("most")
            value = getattr(self, entry.name)
            if least is not None and value < least:
                raise UsageError(f"{value} is less than {least}", where=f"setting {entry.name}")
            if most is not None and value > most:
                raise UsageError(f"{value} is more than {most}", where=f"setting {entry.name}")


def table() -> list[tuple[str, str, str]]:
    """Name, default and help of each setting, as the documentation shows them."""
    return [(entry.name, _shown(entry.default), entry.metadata["help"]) for entry in fields(Settings)]


def _shown(default: object) -> str:
    if isinstance(default, bool):
        return str(default).lower()
    return (", ".join(map(str, default)) if isinstance(default, tuple) else str(default)) or '""'


__all__ = ["Settings", "table"]
