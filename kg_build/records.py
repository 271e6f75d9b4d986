"""Dataclasses as JSON and back, for what a build keeps of each document.

The same value gives the same bytes. What is read is checked against the types, so that a damaged file is an error and
never a wrong object, let alone code that runs.

>>> from kg_build.model import Span
>>> encode(Span(0, 4)), decode(Span, b'{"start":0,"end":4}')
(b'{"start":0,"end":4}', Span(start=0, end=4))
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any, Final, TypeVar, get_args, get_type_hints

import msgspec

from kg_build.errors import StoreError

T = TypeVar("T")


def encode(record: object) -> bytes:
    """``record``, a dataclass or a tuple of such, as JSON."""
    return _ENCODER.encode(record)


def decode(kind: type[T], raw: bytes) -> T:
    """The ``kind`` that ``raw`` holds. Raises StoreError where it holds something else."""
    try:
        return _decoder(kind)(raw)  # type: ignore[arg-type, no-any-return]
    except (msgspec.MsgspecError, ValueError) as error:
        hint = "build the graph again from its documents"
        raise StoreError(f"a record of the graph is damaged: {error}", where=kind.__name__, hint=hint) from error


@cache
def _decoder(kind: type[Any]) -> Callable[[bytes], Any]:
    """What decodes a ``kind``. Dates that may have a time are the one thing that msgspec cannot tell by the type."""
    hints = get_type_hints(kind) if dataclasses.is_dataclass(kind) else {}
    moments = [name for name, hint in hints.items() if {date, datetime} <= set(get_args(hint))]
    if not moments:
        return msgspec.json.Decoder(kind, dec_hook=_read).decode
    fields = [(f.name, str | None if f.name in moments else hints[f.name]) for f in dataclasses.fields(kind) if f.init]
    mirror = msgspec.defstruct(kind.__name__, fields, gc=False)
    decoder = msgspec.json.Decoder(mirror, dec_hook=_read)
    names = [name for name, _ in fields]

    def decode_moments(raw: bytes) -> Any:
        found = decoder.decode(raw)
        values = {name: getattr(found, name) for name in names}
        return kind(**values | {name: _moment(values[name]) for name in moments})

    return decode_moments


def _moment(written: str | None) -> date | datetime | None:
    if written is None:
        return None
    return datetime.fromisoformat(written) if "T" in written else date.fromisoformat(written)


def _write(value: object) -> str:
    if isinstance(value, Path):
        return str(value).encode("utf-8", "surrogateescape").decode("utf-8", "replace")  # to be shown, not to be opened
    raise TypeError(f"cannot be kept: {type(value)}")


def _read(kind: type, value: object) -> object:
    if kind is Path or (isinstance(kind, type) and issubclass(kind, Path)):
        return Path(str(value))
    raise TypeError(f"cannot be read: {kind}")


_ENCODER: Final = msgspec.json.Encoder(enc_hook=_write, order="deterministic")


__all__ = ["decode", "encode"]
