"""What is noted of each request: for the access log and for the metrics.

Whoever knows something of a request that its status and its size don't tell adds it by ``note_query``. The outermost
layer (``server.front``) opens the record and hands it on when the response has been sent.
"""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from typing import Any, Final

_KEY: Final = "communique.observation"


@dataclass(slots=True)
class Observation:
    """One request. ``seconds`` run from its arrival to the last byte handed on; ``size`` is that of the body, bytes.

    ``complete`` is false where the client went away or the server failed before the end. ``query`` is what was asked;
    ``kind`` what sort of result it has, ``rows`` how many rows or triples, where that is known, and ``cached`` whether
    the result was at hand already.
    """

    method: str = ""
    path: str = ""
    client: str = ""
    agent: str = ""
    status: int = 0
    size: int = 0
    seconds: float = 0.0
    complete: bool = True
    query: str | None = None
    kind: str | None = None
    rows: int | None = None
    cached: bool | None = None

    @property
    def query_hash(self) -> str | None:
        """The first 16 hexadecimal digits of the query's SHA-256: equal for equal queries, and tells nothing else."""
        return None if self.query is None else sha256(self.query.encode("utf-8", "replace")).hexdigest()[:16]


def observe(environ: dict[str, Any]) -> Observation:
    """A new record for the request in ``environ``."""
    environ[_KEY] = observation = Observation()
    return observation


def note_query(
    environ: dict[str, Any],
    query: str,
    *,
    kind: str | None = None,
    rows: int | None = None,
    cached: bool | None = None,
) -> None:
    """Notes what is known of the query that the request in ``environ`` asks; what is None is left as it was."""
    observation = environ.get(_KEY)
    if isinstance(observation, Observation):
        observation.query = query
        observation.kind = kind if kind is not None else observation.kind
        observation.rows = rows if rows is not None else observation.rows
        observation.cached = cached if cached is not None else observation.cached


__all__ = ["Observation", "note_query", "observe"]
