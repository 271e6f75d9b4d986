"""Content negotiation (RFC 9110, section 12): which of several media types a client likes best.

>>> best(["text/turtle", "application/ld+json"], "application/ld+json, text/turtle;q=0.5")
'application/ld+json'
>>> best(["text/turtle"], "text/html") is None
True
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from server.formats import FORMATS, OFFERS, Format, ResultKind, named

HTML: Final = "text/html"
_RANGE: Final = re.compile(r"\s*([\w!#$&^.+*-]+)/([\w!#$&^.+*-]+)\s*")
_WEIGHT: Final = re.compile(r"\s*q\s*=\s*(0(?:\.\d{0,3})?|1(?:\.0{0,3})?)\s*", re.IGNORECASE)
_ANYTHING: Final = "*"
_BY_NAME: Final = 3


@dataclass(frozen=True, slots=True)
class MediaRange:
    """One item of an Accept header. Parameters other than the weight (charset, profile) are not told apart."""

    type: str
    subtype: str
    weight: float

    def specificity(self, media_type: str) -> int:
        """How exactly it names ``media_type``: 0 not at all, 1 ``*/*``, 2 ``type/*``, 3 by its name."""
        if f"{self.type}/{self.subtype}" == media_type:
            return _BY_NAME
        if self.subtype != _ANYTHING:
            return 0
        if self.type == _ANYTHING:
            return 1
        return 2 if media_type.startswith(f"{self.type}/") else 0


def parse_accept(header: str | None) -> tuple[MediaRange, ...]:
    """The media ranges of an Accept header. Without a header, or where nothing in it can be read, all are welcome."""
    ranges = tuple(filter(None, map(_media_range, (header or "").split(","))))
    return ranges or (MediaRange(_ANYTHING, _ANYTHING, 1.0),)


def _media_range(item: str) -> MediaRange | None:
    name, *parameters = item.split(";")
    match = _RANGE.fullmatch(name)
    if match is None:
        return None
    weight = 1.0
    for parameter in parameters:
        if parameter.strip().lower().startswith(("q=", "q ")):
            weighed = _WEIGHT.fullmatch(parameter)
            if weighed is None:
                return None
            weight = float(weighed[1])
    return MediaRange(match[1].lower(), match[2].lower(), weight)


def quality(media_type: str, ranges: Sequence[MediaRange]) -> float:
    """The weight that the most specific of ``ranges`` gives ``media_type``; 0 where none names it."""
    found = [(range_.specificity(media_type), range_.weight) for range_ in ranges]
    specificity, weight = max(found, default=(0, 0.0))
    return weight if specificity else 0.0


def best(offers: Sequence[str], header: str | None) -> str | None:
    """The one of ``offers`` that the client likes best, the first of equals; None where it accepts none of them."""
    ranges = parse_accept(header)
    weights = [quality(offer, ranges) for offer in offers]
    highest = max(weights, default=0.0)
    return offers[weights.index(highest)] if highest > 0 else None


@dataclass(frozen=True, slots=True)
class Choice:
    """A format, and the media type under which the client asked for it."""

    format: Format
    media_type: str


@lru_cache(maxsize=256)
def choose(kind: ResultKind, accept: str | None, name: str | None = None) -> Choice | None:
    """How to send a result of ``kind``: as ``name`` says where it is given, else as the Accept header does.

    None where there is no such format for that kind.
    """
    if name is not None:
        format_ = named(name, kind)
        return Choice(format_, FORMATS[format_].media_types[0]) if format_ else None
    # Registered names come before the looser ones, so that "*/*" never picks "application/json".
    offers = [
        (FORMATS[offer].media_types[place], offer)
        for place in range(max(len(FORMATS[offer].media_types) for offer in OFFERS[kind]))
        for offer in OFFERS[kind]
        if place < len(FORMATS[offer].media_types)
    ]
    media_type = best([offered for offered, _ in offers], accept)
    return Choice(dict(offers)[media_type], media_type) if media_type else None


@lru_cache(maxsize=256)
def prefers_html(accept: str | None) -> bool:
    """Whether the client asks for HTML by name and likes nothing better: a browser, as opposed to curl's ``*/*``."""
    ranges = parse_accept(accept)
    weight = quality(HTML, [range_ for range_ in ranges if range_.specificity(HTML) == _BY_NAME])
    rivals = max(quality(media_type, ranges) for info in FORMATS.values() for media_type in info.media_types)
    return 0 < weight >= rivals


def describe(kind: ResultKind) -> str:
    """What there is for results of ``kind``, for people whose Accept header or ``format`` fits nothing."""
    return ", ".join(f"{FORMATS[offer].media_types[0]} (format={offer.value})" for offer in OFFERS[kind])


__all__ = ["HTML", "Choice", "MediaRange", "best", "choose", "describe", "parse_accept", "prefers_html", "quality"]
