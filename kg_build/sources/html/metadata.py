"""What a page says of itself: title, publication date, publisher, address. Nothing is guessed."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any, Final

from lxml.html import HtmlElement

from kg_build.iris import iri_from_url
from kg_build.sources.dates import parse_date, written_days
from kg_build.sources.records import Metadata

_TITLES: Final = ("og:title", "dc.title", "dcterms.title", "citation_title", "twitter:title")
_PUBLISHERS: Final = ("og:site_name", "dc.publisher", "dcterms.publisher", "citation_publisher", "publisher")
_DATES: Final = (
    "article:published_time", "og:article:published_time", "datepublished", "dc.date.issued", "dcterms.issued",
    "dcterms.date", "dc.date", "dc.date.created", "dcterms.created", "citation_publication_date", "parsely-pub-date",
    "sailthru.date", "publish-date", "publish_date", "publication_date", "pubdate", "date",
)  # fmt: skip
_ARTICLE_TYPES: Final = re.compile(r"(?:Article|BlogPosting|Report|PressRelease|WebPage|CreativeWork)$")
_DATE_NAMES: Final = re.compile(
    r"(?:^|[\s_-])(?:date\w*|published\w*|posted\w*|pubdate|publish-date)(?=$|[\s_-])", re.IGNORECASE
)
_SAVED_FROM: Final = re.compile(r"saved from url=\(\d+\)(https?://\S+)")
_LONGEST_JSON: Final = 500_000
_MOST_NODES: Final = 10_000
_LONGEST_DATE_LINE: Final = 60


def read_metadata(page: HtmlElement) -> Metadata:
    """What is told by the head of ``page``, by its scripts of data (JSON-LD) and by elements that are marked for it."""
    metas = _metas(page)
    nodes = list(_json_ld(page))
    return Metadata(
        title=_title(page, metas, nodes),
        published=_published(page, metas, nodes),
        publisher=_publisher(metas, nodes),
        url=_url(page, metas),
    )


def _metas(page: HtmlElement) -> dict[str, str]:
    found: dict[str, str] = {}
    for meta in page.iter("meta"):
        name = meta.get("property") or meta.get("name") or meta.get("itemprop")
        content = (meta.get("content") or "").strip()
        if name and content and len(content) < 5_000:
            found.setdefault(name.strip().lower(), content)
    return found


def _json_ld(page: HtmlElement) -> Iterator[dict[str, Any]]:
    """The objects of the page's JSON-LD, outer ones first."""
    ahead: list[Any] = []
    for script in page.iter("script"):
        source = script.text or ""
        if "ld+json" in (script.get("type") or "") and len(source) <= _LONGEST_JSON:
            try:
                ahead.append(json.loads(source, strict=False))
            except (ValueError, RecursionError):
                continue
    for _ in range(_MOST_NODES):
        if not ahead:
            return
        value = ahead.pop(0)
        if isinstance(value, list):
            ahead += value
        elif isinstance(value, dict):
            yield value
            ahead += [part for part in value.values() if isinstance(part, list | dict)]


def _articles(nodes: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    for node in nodes:
        types = node.get("@type")
        if any(
            isinstance(t, str) and _ARTICLE_TYPES.search(t) for t in (types if isinstance(types, list) else [types])
        ):
            yield node


def _title(page: HtmlElement, metas: dict[str, str], nodes: list[dict[str, Any]]) -> str | None:
    whole = _text(page.find(".//title"))
    given = next((metas[name] for name in _TITLES if name in metas), None)
    headlines = [text for h in page.iter("h1") if (text := _text(h))]
    if len(headlines) == 1 and any(headlines[0] in other for other in (given, whole) if other):
        return headlines[0]  # the others often add the name of the site
    headline = next((n["headline"] for n in _articles(nodes) if isinstance(n.get("headline"), str)), None)
    return _line(given or headline) or (headlines[0] if len(headlines) == 1 else None) or whole


def _published(page: HtmlElement, metas: dict[str, str], nodes: list[dict[str, Any]]) -> date | datetime | None:
    values = [metas[name] for name in _DATES[:3] if name in metas]
    values += [node["datePublished"] for node in _articles(nodes) if isinstance(node.get("datePublished"), str)]
    values += [metas[name] for name in _DATES[3:] if name in metas]
    values += [
        e.get("datetime") or e.get("content") or e.text_content() for e in page.xpath("//*[@itemprop='datePublished']")
    ]
    values += [e.get("datetime") or "" for e in page.xpath("//time[@pubdate or contains(@class, 'published')]")]
    return next((found for value in values if (found := parse_date(value))), None)


def shown_date(article: HtmlElement) -> date | datetime | None:
    """The date in the article's own date line: the only one that ``time`` elements and lines called dates give."""
    times = {found for e in article.iter("time") if (found := parse_date(e.get("datetime") or e.text_content()))}
    if len(times) == 1:
        return times.pop()
    days: set[date] = set()
    for element in article.iter("*"):
        names = f"{element.get('class') or ''} {element.get('id') or ''}"
        if names != " " and _DATE_NAMES.search(names):
            line = element.text_content()
            if len(line) <= _LONGEST_DATE_LINE:
                days |= written_days(line)
    return days.pop() if len(days) == 1 and not times else None


def _publisher(metas: dict[str, str], nodes: list[dict[str, Any]]) -> str | None:
    known = {node["@id"]: node for node in nodes if isinstance(node.get("@id"), str) and "name" in node}
    for node in _articles(nodes):
        publisher = node.get("publisher")
        if isinstance(publisher, list):
            publisher = publisher[0] if publisher else None
        if isinstance(publisher, dict):
            publisher = publisher.get("name") or known.get(str(publisher.get("@id")), {}).get("name")
        if isinstance(publisher, str) and (name := _line(publisher)):
            return name
    return next((_line(metas[name]) for name in _PUBLISHERS if name in metas and "://" not in metas[name]), None)


def _url(page: HtmlElement, metas: dict[str, str]) -> str | None:
    links = [link.get("href") or "" for link in page.iter("link") if (link.get("rel") or "").lower() == "canonical"]
    saved = [match[1] for c in page.xpath("//comment()") if (match := _SAVED_FROM.search(str(c.text)))]
    for value in (*links, metas.get("og:url", ""), *saved):
        if value.strip().lower().startswith(("http://", "https://")) and len(value) <= 5_000:
            return iri_from_url(value)
    return None


def _text(element: HtmlElement | None) -> str | None:
    return None if element is None else _line(element.text_content())


def _line(value: str | None) -> str | None:
    line = " ".join((value or "").split())
    return line if 0 < len(line) <= 1_000 else None


__all__ = ["read_metadata", "shown_date"]
