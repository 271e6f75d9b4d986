"""RSS and Atom: each entry is a document, with its full text where the feed has it, else its summary."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from io import BytesIO
from typing import Any, Final

import feedparser

from kg_build.iris import iri_from_url
from kg_build.sources.characters import normalize
from kg_build.sources.dates import parse_date
from kg_build.sources.extract import Extract
from kg_build.sources.html.page import fragment_to_text
from kg_build.sources.records import DefectError, Metadata
from kg_build.sources.xml import refuse_entities

_MOST_ENTRIES: Final = 10_000
_MARKUP: Final = ("text/html", "application/xhtml+xml")
_MEDIA_TYPES: Final = {"atom": "application/atom+xml", "rss": "application/rss+xml"}


def read_feed(raw: bytes) -> Iterator[Extract | DefectError]:
    """The entries of the feed in ``raw``, in its order. Raises DefectError where it is none."""
    refuse_entities(raw)
    # A stream, because feedparser would fetch a string that looks like an address.
    feed = feedparser.parse(BytesIO(raw), resolve_relative_uris=False, sanitize_html=False)
    kind = (feed.get("version") or "")[:4].rstrip("0123456789")
    if not kind:
        raise DefectError("not an RSS or Atom feed", hint="other XML is not read")
    if len(feed.entries) > _MOST_ENTRIES:
        raise DefectError(f"the feed has {len(feed.entries):,} entries, more than {_MOST_ENTRIES:,}", hint="divide it")
    if not feed.entries:
        raise DefectError("the feed has no entries, or it is cut off before the first", hint="get it again")
    publisher = _line(feed.feed.get("publisher")) or _line(_plain(feed.feed.get("title")))
    media_type = _MEDIA_TYPES.get(kind, "application/rss+xml")
    for number, entry in enumerate(feed.entries, 1):
        part = f"entry {number}"
        try:
            yield Extract(_text(entry), media_type, _metadata(entry, publisher), part=part)
        except DefectError as defect:
            yield DefectError(f"{part}: {defect.reason}", hint=defect.hint)


def _text(entry: Any) -> str:
    contents = [*entry.get("content", ()), *([entry["summary_detail"]] if "summary_detail" in entry else ())]
    for content in contents:
        value = content.get("value") or ""
        is_markup = content.get("type") in _MARKUP or "</" in value or "<br" in value
        text = fragment_to_text(value) if is_markup else normalize(value).strip()
        if text:
            return text
    return ""


def _metadata(entry: Any, publisher: str | None) -> Metadata:
    link = entry.get("link") or ""
    source = entry.get("source") or {}
    return Metadata(
        id=_line(entry.get("id")) or _line(link),
        title=_line(_plain(entry.get("title"))),
        published=_published(entry),
        publisher=_line(entry.get("publisher")) or _line(_plain(source.get("title"))) or publisher,
        url=iri_from_url(link) if link.lower().startswith(("http://", "https://")) else None,
    )


def _published(entry: Any) -> date | datetime | None:
    for name in ("published", "updated"):
        if found := parse_date(entry.get(name) or ""):
            return found
        if parsed := entry.get(f"{name}_parsed"):
            try:
                return datetime(*parsed[:6]).replace(tzinfo=UTC)
            except ValueError:
                continue
    return None


def _plain(value: str | None) -> str | None:
    return fragment_to_text(value) if value and ("<" in value or "&" in value) else value


def _line(value: str | None) -> str | None:
    line = " ".join((value or "").split())
    return line if 0 < len(line) <= 500 else None


__all__ = ["read_feed"]
