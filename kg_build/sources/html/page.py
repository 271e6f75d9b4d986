"""A web page's article as plain text, with what the page says of it."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Final

from lxml.etree import ParserError
from lxml.html import HtmlElement, HTMLParser, document_fromstring

from kg_build.sources.html.encoding import decode_page
from kg_build.sources.html.main_text import find_article
from kg_build.sources.html.metadata import read_metadata, shown_date
from kg_build.sources.html.paragraphs import to_text
from kg_build.sources.records import DefectError, Metadata

_MOST_TAGS: Final = 1_000_000
_DEEPEST: Final = 1_000  # elements within elements; old pages forget to close some, but not so many
_NO_CHARACTER: Final = re.compile("[\x00-\x08\x0b\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


@dataclass(frozen=True, slots=True)
class Page:
    """What a page gives."""

    text: str
    metadata: Metadata


def read_page(raw: bytes) -> Page:
    """The article in ``raw`` and its metadata. Raises DefectError where there is none or the page is built to harm."""
    page = _parse(decode_page(raw))
    metadata = read_metadata(page)  # before scripts are cut away, which hold some of it
    article = find_article(page)
    text = to_text(article, leave_out=metadata.title)
    if not text:
        raise DefectError("the page has no text", hint="pages that scripts fill in have to be saved from a browser")
    if metadata.published is None:
        metadata = replace(metadata, published=shown_date(article))
    return Page(text, metadata)


def fragment_to_text(source: str) -> str:
    r"""The text of a piece of HTML, such as a feed's entry or a message: all of it is taken to be meant.

    >>> fragment_to_text("<p>They met.</p><p>They left.</p>")
    'They met.\n\nThey left.'
    """
    return to_text(_parse(source), keep_links=True) if source.strip() else ""


def _parse(source: str) -> HtmlElement:
    tags = source.count("<")
    if tags > _MOST_TAGS:
        raise DefectError(f"the page has {tags:,} tags, more than {_MOST_TAGS:,}", hint="divide it")
    cleaned = _NO_CHARACTER.sub("", source)
    parser = HTMLParser(encoding="utf-8", huge_tree=True, no_network=True)
    try:
        page = document_fromstring(cleaned.encode(), parser=parser, ensure_head_body=False)
    except (ParserError, ValueError, AssertionError) as error:
        raise DefectError("the page holds no elements", hint="is it a web page?") from error
    _check_depth(page)
    return page


def _check_depth(page: HtmlElement) -> None:
    depths: dict[HtmlElement, int] = {page: 0}
    for element in page.iter("*"):
        parent = element.getparent()
        depth = depths[parent] + 1 if parent is not None else 0
        if depth > _DEEPEST:
            raise DefectError(
                f"its elements are nested more than {_DEEPEST} deep",
                hint="no page that is meant to be read is built so",
            )
        depths[element] = depth


__all__ = ["Page", "fragment_to_text", "read_page"]
