"""What goes over the socket between the server and a process that runs queries: frames of a kind, a length and bytes.

Jobs and results are packed with ``marshal`` and tables and errors with ``pickle``: both ends are this program.
"""

from __future__ import annotations

import marshal
import pickle
import struct
from dataclasses import dataclass
from enum import IntEnum
from pathlib import Path
from typing import Final

from kg_build.errors import CommuniqueError
from server.formats import Format, ResultKind
from server.jobs import Job, Table
from server.negotiate import Choice
from server.settings import Settings

HEADER: Final = struct.Struct("!BI")
"""Before each frame's bytes: its kind and their number."""


class Frame(IntEnum):
    """What a frame holds."""

    JOB = 1
    """A query, to the process; all others come from it."""
    OPENED = 2
    """The first word of a process: it has the graph. Its id, in decimal digits."""
    WHOLE = 3
    """A whole result: its kind in one byte, then its bytes."""
    BEGUN = 4
    """The beginning of a result, likewise."""
    MORE = 5
    """More bytes of a result that has begun."""
    ENDED = 6
    """A result that had begun is complete."""
    TABLE = 7
    """The beginning of a result as rows."""
    ERROR = 8
    """Why there is no result, or why one that had begun is not complete."""


KINDS: Final = tuple(ResultKind)
"""The kinds of result; a frame names one by its place in here."""


@dataclass(frozen=True, slots=True)
class Brief:
    """What a nursery is told first, pickled: the store, whether to load it into memory, and the limits."""

    store: Path
    in_memory: bool
    settings: Settings


def frame(kind: Frame, payload: bytes = b"") -> bytes:
    """A frame as it is sent."""
    return HEADER.pack(kind, len(payload)) + payload


def pack_job(job: Job) -> bytes:
    """The frame of ``job``."""
    choices = [(kind.value, choice.format.value, choice.media_type) for kind, choice in job.choices.items()]
    return frame(
        Frame.JOB,
        marshal.dumps((job.query, job.base_iri, choices, job.rows, job.default_graphs, job.named_graphs)),
    )


def unpack_job(payload: bytes) -> Job:
    """The job in a frame's bytes."""
    query, base_iri, choices, rows, default_graphs, named_graphs = marshal.loads(payload)  # noqa: S302 - our own
    return Job(
        query,
        base_iri,
        {ResultKind(kind): Choice(Format(format_), media_type) for kind, format_, media_type in choices},
        rows,
        default_graphs,
        named_graphs,
    )


def pack_object(kind: Frame, value: Table | CommuniqueError) -> bytes:
    """The frame of a table or an error."""
    return frame(kind, pickle.dumps(value, protocol=pickle.HIGHEST_PROTOCOL))


def unpack_object(payload: bytes) -> Table | CommuniqueError:
    """The table or the error in a frame's bytes."""
    found = pickle.loads(payload)  # noqa: S301 - what our own process has written
    assert isinstance(found, Table | CommuniqueError)  # noqa: S101 - for the type checker
    return found


__all__ = ["HEADER", "KINDS", "Brief", "Frame", "frame", "pack_job", "pack_object", "unpack_job", "unpack_object"]
