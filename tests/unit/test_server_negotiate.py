"""Content negotiation, by RFC 9110, section 12."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.formats import FORMATS, OFFERS, Format, ResultKind, named
from server.negotiate import best, choose, describe, parse_accept, prefers_html, quality

CHROME = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8"
JSON, XML, CSV = "application/sparql-results+json", "application/sparql-results+xml", "text/csv"
MEDIA_TYPES = sorted({media_type for info in FORMATS.values() for media_type in info.media_types})
WEIGHTS = st.integers(0, 1000).map(lambda thousandths: f"{thousandths / 1000:.3f}")


@pytest.mark.parametrize(
    ("accept", "expected"),
    [
        (None, JSON),
        ("", JSON),
        ("*/*", JSON),
        (XML, XML),
        ("text/*", CSV),
        (f"{JSON};q=0.5, {XML};q=0.6", XML),
        (f"{JSON};q=0, */*", XML),
        (f"{CSV}, */*;q=0.1", CSV),
        (f"{CSV}; charset=utf-8", CSV),
        (f"{CSV} ; q=1.0 , {XML}; q=0.999", CSV),
        (XML.upper(), XML),
        ("application/json", "application/json"),
        (f"application/json, {JSON}", JSON),
        ("text/html", None),
        ("*/*;q=0", None),
        ("nonsense", JSON),
        (f"nonsense, {XML}", XML),
        (f"{CSV};q=2, {XML}", XML),
    ],
)
def test_a_table_is_sent_as_the_client_likes_best(accept: str | None, expected: str | None) -> None:
    choice = choose(ResultKind.SOLUTIONS, accept)
    assert (choice.media_type if choice else None) == expected


@pytest.mark.parametrize(
    ("name", "kind", "expected"),
    [
        ("json", ResultKind.SOLUTIONS, Format.JSON),
        ("json", ResultKind.GRAPH, Format.JSONLD),
        ("XML", ResultKind.BOOLEAN, Format.XML),
        ("xml", ResultKind.GRAPH, Format.RDFXML),
        ("ttl", ResultKind.GRAPH, Format.TURTLE),
        ("text/turtle", ResultKind.GRAPH, Format.TURTLE),
        ("csv", ResultKind.GRAPH, None),
        ("turtle", ResultKind.SOLUTIONS, None),
        ("pdf", ResultKind.SOLUTIONS, None),
    ],
)
def test_the_format_parameter_names_formats(name: str, kind: ResultKind, expected: Format | None) -> None:
    assert named(name, kind) is expected
    choice = choose(kind, "image/png", name)
    assert (choice.format if choice else None) is expected


@given(st.permutations(MEDIA_TYPES), st.lists(WEIGHTS, min_size=len(MEDIA_TYPES), max_size=len(MEDIA_TYPES)))
def test_the_heaviest_offer_wins_and_the_first_of_equals(offers: list[str], weights: list[str]) -> None:
    header = ", ".join(f"{offer};q={weight}" for offer, weight in zip(offers, weights, strict=True))
    heaviest = max(weights, key=float)
    expected = offers[weights.index(heaviest)] if float(heaviest) > 0 else None
    assert best(offers, header) == expected


@given(st.text())
def test_any_header_can_be_read(header: str) -> None:
    ranges = parse_accept(header)
    assert ranges
    assert all(0 <= quality(media_type, ranges) <= 1 for media_type in MEDIA_TYPES)
    for kind in ResultKind:
        choice = choose(kind, header)
        assert choice is None or choice.format in OFFERS[kind]


@pytest.mark.parametrize(
    ("accept", "expected"),
    [
        (CHROME, True),
        ("text/html", True),
        ("text/html, */*", True),
        ("*/*", False),
        (None, False),
        ("text/*", False),
        ("text/html;q=0.1, */*", False),
        (f"{JSON}, text/html;q=0.9", False),
        ("text/html;q=0", False),
    ],
)
def test_browsers_are_told_from_programs(accept: str | None, expected: bool) -> None:
    assert prefers_html(accept) is expected


def test_every_format_can_be_named_and_is_listed() -> None:
    for kind, offers in OFFERS.items():
        for offer in offers:
            assert named(offer.value, kind) is offer
            assert FORMATS[offer].media_types[0] in describe(kind)
