"""Whose a release is: the country whose government speaks in it, and the author whom title or byline names."""

from __future__ import annotations

import re

from kg_build.model import Document
from kg_build.reader.actors import Actor, Cast
from kg_build.reader.holders import holders
from kg_build.reader.ministries import country_by_name
from kg_build.reader.people import tokens
from kg_build.reader.tables import NameKind, Tables
from kg_build.reader.tenures import is_post

TITLED: re.Pattern[str] = re.compile(
    r"(?:joint )?(?:statement|remarks|message|letter)\b[^,]{0,40}?\b(?:by|from|of)\s+(?P<who>.+?)(?:\s+(?:on|at|for|regarding|about|to|before|after|in)\b|,|$)",
    re.IGNORECASE,
)
"""A title that says by whom a release is."""
_GOVERNMENT = re.compile(
    r"ministry|department|white house|kremlin|government|embassy|chancellery|cabinet|prime minister|president|palace|elysée|foreign office|fcdo|mission",
    re.IGNORECASE,
)
_ANNOUNCED = re.compile(
    r"^(?:a\s)?(?:joint\s)?(?:readout|statement|remarks|press statement|message)\s+(?:of|by|from)\s+(?:the\s)?",
    re.IGNORECASE,
)
_DOINGS = re.compile(
    r".{0,80}?[’']s?\s(?:call|meeting|travel|visit|trip|participation|remarks|statement|engagements?)\b|.{0,120}\bbefore their meeting",
    re.IGNORECASE,
)
_AMERICAN = re.compile(
    r"(?:(?:deputy|assistant|under|acting)\s)*secretary\b(?![\s-](?:general|of foreign|for))|vice president\b|national security advisor\b"
    r"|counselor\b|press secretary\b|special (?:presidential )?envoy\b|(?:nsc|white house|state department|department of)\b",
    re.IGNORECASE,
)
_AMERICAN_TOP = re.compile(
    r"\battributable to (?:department )?(?:deputy )?spokesperson\b|^office of the spokesperson\b",
    re.IGNORECASE | re.MULTILINE,
)
_POSSESSIVE = re.compile(r"[’']s?$")
_TITLED_NAME = re.compile(
    r"(?:[A-Z][\w-]*\s){0,4}?(?:President|Minister|Chancellor|Premier|King|Emir|Representative|Commissioner)\s"
    r"(?P<name>[A-Z][\w’'-]+(?:\s(?:[A-Z]\.\s)?[A-Z][\w’'-]+)?)"
)
_LETTERHEAD = 400
_HEAD = 400
_LONGEST_BYLINE = 140


def author(cast: Cast, title: str) -> Actor | None:
    """The one person by whom the document's title or a byline in its first lines says that it is, or None.

    Whom the title alone names is no author: a person has a mention in the text, which is the evidence.
    """
    by = TITLED.match(title)
    words = set(tokens(by["who"])) if by else set()
    named = [a for a in cast.persons() if tokens(a.name)[-1] in words]
    return named[0] if named else _by_line(cast)


def _by_line(cast: Cast) -> Actor | None:
    """The person whose name and post are a line of their own before the text: "Petra Kolar, Foreign Minister"."""
    for actor in cast.persons():
        span, _ = actor.mentions[0]
        if span.start > _HEAD:
            continue
        start = cast.text.rfind("\n", 0, span.start) + 1
        end = cast.text.find("\n", span.end)
        line = cast.text[start : end if end >= 0 else len(cast.text)]
        after = cast.text[span.end : start + len(line)].strip()
        alone = not cast.text[start : span.start].strip() and len(line) < _LONGEST_BYLINE and end >= 0
        if alone and after.startswith(",") and is_post(after) and not after.endswith((".", ":")):
            return actor
    return None


def home_of(document: Document, tables: Tables) -> str | None:
    """The country whose government published the document: its publisher's, else that of the officials in its head.

    None where neither shows one, as in an agency's report.
    """
    publisher = document.publisher or ""
    if _GOVERNMENT.search(publisher):
        iso = country_by_name(publisher)
        for match in tables.matches(publisher):
            if iso is None and match.kind not in {NameKind.BODY, NameKind.OUTLET}:
                iso = match.keys[0]
        return iso
    return None if publisher else _by_officials(document)


def _by_officials(document: Document) -> str | None:
    """The country of the official whose doings title or letterhead announce: "Readout of President Kolar's call …".

    American ones go by posts without a country ("Secretary Eide's travel", "attributable to Spokesperson …"); of others
    the table of office-holders must know the full name in one country alone.
    """
    lead = _ANNOUNCED.sub("", document.title or "")
    announced = lead != document.title or _DOINGS.match(lead) is not None
    if (announced and _AMERICAN.match(lead)) or _AMERICAN_TOP.search(document.text[:_LETTERHEAD]):
        return "US"
    if not announced:
        return None
    year = document.published_on.year if document.published_on else None
    named = _TITLED_NAME.match(lead)
    if named is None:
        return None
    heads = {"head-of-state", "head-of-government"} if " " not in named["name"].strip() else None
    found = {
        h.iso
        for h in holders().named(_POSSESSIVE.sub("", named["name"]))
        if h.around(year) and (heads is None or h.office in heads)
    }
    return found.pop() if len(found) == 1 else None


__all__ = ["TITLED", "author", "home_of"]
