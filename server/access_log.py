"""The access log: a JSON object a line.

It holds no header but the User-Agent and nothing of the address after the path, hence no token, and of the query the
hash alone unless the settings ask for its text.
"""

from __future__ import annotations

import json
import logging
import weakref
from datetime import UTC, datetime
from logging.handlers import WatchedFileHandler
from pathlib import Path
from typing import Final

from kg_build.errors import UsageError
from server.observation import Observation
from server.settings import Settings

STANDARD_ERROR: Final = "-"
_LONGEST: Final = 500
"""Characters of a path or a User-Agent that are kept."""
_LONGEST_QUERY: Final = 10_000


class AccessLog:
    """Writes a line for each request to the file that the settings name; nothing where they name none."""

    def __init__(self, settings: Settings) -> None:
        self._queries = settings.access_log_queries
        self._handler = _handler(settings.access_log) if settings.access_log else None
        if self._handler is not None:
            weakref.finalize(self, self._handler.close)

    def write(self, observation: Observation) -> None:
        """Writes the line of a request that has ended."""
        if self._handler is not None:
            text = line(observation, with_query=self._queries)
            self._handler.handle(logging.LogRecord("communique.access", logging.INFO, "", 0, text, None, None))


def line(observation: Observation, *, with_query: bool = False, now: datetime | None = None) -> str:
    """The JSON object of a request, without its line end. What is not known is left out."""
    ended = (now or datetime.now(UTC)).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    members = {
        "time": ended,
        "client": observation.client or None,
        "method": observation.method[:_LONGEST],
        "path": observation.path[:_LONGEST],
        "status": observation.status,
        "bytes": observation.size,
        "ms": round(observation.seconds * 1000, 2),
        "query": observation.query_hash,
        "text": observation.query[:_LONGEST_QUERY] if with_query and observation.query is not None else None,
        "kind": observation.kind,
        "rows": observation.rows,
        "cached": observation.cached,
        "complete": None if observation.complete else False,
        "agent": observation.agent[:_LONGEST] or None,
    }
    # ASCII alone: no terminal and no log viewer is led astray by what a client calls itself.
    return json.dumps({name: value for name, value in members.items() if value is not None})


def _handler(target: str) -> logging.Handler:
    if target == STANDARD_ERROR:
        return logging.StreamHandler()
    try:
        # "Watched": it opens the file anew when logrotate has moved it away.
        return WatchedFileHandler(Path(target), encoding="ascii")
    except OSError as error:
        raise UsageError(f"cannot be written: {error.strerror or error}", where=f"access_log {target}") from error


__all__ = ["AccessLog", "line"]
