"""Who speaks in a release's first person: the author whom its title or its byline names."""

from __future__ import annotations

import re

from kg_build.reader.actors import Actor, Cast
from kg_build.reader.people import tokens
from kg_build.reader.tenures import is_post

TITLED: re.Pattern[str] = re.compile(
    r"(?:joint )?(?:statement|remarks|message|letter)\b[^,]{0,40}?\b(?:by|from|of)\s+(?P<who>.+?)(?:\s+(?:on|at|for|regarding|about|to|before|after|in)\b|,|$)",
    re.IGNORECASE,
)
"""A title that says by whom a release is."""
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


__all__ = ["TITLED", "author"]
