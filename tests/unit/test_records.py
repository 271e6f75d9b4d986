"""Dataclasses as JSON and back: nothing is lost, and what is damaged is an error."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path

import pytest

from kg_build.errors import StoreError
from kg_build.iris import Iris
from kg_build.links import DocumentLinks
from kg_build.model import Document, Reading, Span, When
from kg_build.records import decode, encode
from kg_build.resolve.notes import DocumentNotes, take_notes
from ontology import DEFAULT_BASE
from tests.support.fake_reader import FakeReader

DOCUMENT = Document(
    "note",
    "Foreign Minister Ararat Mirzoyan of Armenia went. Ararat Mirzoyan met Sergey Lavrov in Moscow. "
    "“Yes,” said Sergey Lavrov.",
    "A title",
    date(2025, 3, 24),
    "Wire",
    "https://example.org/",
    Path("news/note.txt"),
    7,
)


@pytest.mark.parametrize(
    "published",
    [
        None,
        date(2025, 3, 24),
        datetime(2025, 3, 24, 0, 0),
        datetime(2025, 3, 24, 10, 0, 0, 500, tzinfo=UTC),
        datetime(2025, 3, 24, 10, tzinfo=timezone(timedelta(hours=-3, minutes=-30))),
    ],
)
def test_a_document_comes_back_with_its_date_or_time(published: date | datetime | None) -> None:
    document = replace(DOCUMENT, published=published)
    found = decode(Document, encode(document))
    assert found == document
    assert type(found.published) is type(published)


def test_readings_notes_and_links_come_back() -> None:
    reading = FakeReader().read(DOCUMENT)
    assert reading.meetings
    assert decode(Reading, encode(reading)) == reading
    notes = take_notes(DOCUMENT, reading, Iris(DEFAULT_BASE))
    assert decode(DocumentNotes, encode(notes)) == notes
    links = DocumentLinks({"b": "x:1", "a": "x:2"}, {"m": "x:3"})
    assert decode(DocumentLinks, encode(links)) == links
    assert encode(links) == encode(DocumentLinks({"a": "x:2", "b": "x:1"}, {"m": "x:3"}))


def test_names_of_files_that_are_not_text_can_be_kept() -> None:
    assert decode(Document, encode(replace(DOCUMENT, file=Path("caf\udce9.txt")))).file == Path("caf\ufffd.txt")


@pytest.mark.parametrize("raw", [b"", b"{", b'{"start":"x","end":2}', b'{"start":3,"end":2}', b"[]"])
def test_what_is_damaged_is_an_error(raw: bytes) -> None:
    with pytest.raises(StoreError, match="damaged"):
        decode(Span, raw)
    with pytest.raises(StoreError, match="damaged"):
        decode(When, b'{"earliest":"2025-02-31","latest":"2025-03-01","lasting":false}')
