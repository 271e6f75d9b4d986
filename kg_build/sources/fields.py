"""The fields that describe a document, checked and typed: identifier, title, publication date, publisher, address."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from kg_build.iris import iri_from_url
from kg_build.sources.records import DefectError, Metadata

_DAY: Final = re.compile(r"\d{4}-\d{2}-\d{2}")
_MOMENT: Final = re.compile(r"\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2}(\.\d{1,6})?)?(Z|[+-]\d{2}:?\d{2})?")
_LONGEST: Final = {"id": 500, "title": 5_000, "publisher": 1_000, "url": 5_000}


@dataclass(frozen=True, slots=True)
class Field:
    """A field as the source has it; ``line`` is where, 1-based, if the format tells."""

    value: object
    line: int | None = None


def read_fields(fields: Mapping[str, Field]) -> Metadata:
    """The metadata that ``fields`` give; others than the five are not looked at. Raises DefectError for a wrong one."""
    return Metadata(
        id=_read_id(fields.get("id")),
        title=_read_text("title", fields.get("title")),
        published=_read_published(fields.get("published")),
        publisher=_read_text("publisher", fields.get("publisher")),
        url=_read_url(fields.get("url")),
    )


def parse_published(value: str) -> date | datetime:
    """A day (``2025-03-24``) or a time (``2025-03-24T10:00Z``). Raises ValueError, saying what is wrong.

    >>> parse_published("2025-03-24")
    datetime.date(2025, 3, 24)
    """
    if _DAY.fullmatch(value):
        return date.fromisoformat(value)
    if _MOMENT.fullmatch(value):
        return datetime.fromisoformat(value)
    raise ValueError("not a date such as 2025-03-24 or 2025-03-24T10:00:00Z")


def _read_published(field: Field | None) -> date | datetime | None:
    if (text := _read_text("published", field)) is None:
        return None
    try:
        return parse_published(text)
    except ValueError as error:
        raise DefectError(
            f"published is {_shown(text)}: {error}",
            hint="write it as YYYY-MM-DD or leave it out",
            line=field.line if field else None,
        ) from error


def _read_id(field: Field | None) -> str | None:
    if field and isinstance(field.value, int) and not isinstance(field.value, bool):
        return str(field.value)
    text = _read_text("id", field)
    if text in (".", ".."):
        raise DefectError(f"id is {text!r}, which cannot be part of an IRI", hint="give the document another id")
    return text


def _read_url(field: Field | None) -> str | None:
    if (text := _read_text("url", field)) is None:
        return None
    if (iri := iri_from_url(text)) is None:
        line = field.line if field else None
        raise DefectError(f"url is {_shown(text)}, not an absolute address", hint="begin it with https://", line=line)
    return iri


def _read_text(name: str, field: Field | None) -> str | None:
    if field is None or field.value is None:
        return None
    if not isinstance(field.value, str):
        raise DefectError(
            f"{name} is a {_kind(field.value)}, not a text", hint="put it in quotation marks", line=field.line
        )
    text = field.value.strip()
    if any((c < " " and c not in "\t\n\r") or "\ud800" <= c <= "\udfff" for c in text):
        raise DefectError(f"{name} holds characters that are not text", line=field.line)
    if len(text) > _LONGEST.get(name, 100):
        raise DefectError(
            f"{name} has {len(text):,} characters, more than {_LONGEST.get(name, 100):,}", line=field.line
        )
    return text or None


def _kind(value: object) -> str:
    return {bool: "truth value", int: "number", float: "number", list: "list", dict: "mapping"}.get(
        type(value), "value"
    )


def _shown(text: str) -> str:
    return repr(text if len(text) <= 60 else text[:59] + "…")


__all__ = ["Field", "parse_published", "read_fields"]
