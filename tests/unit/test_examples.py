"""The examples, and what is written down about them, fit each other."""

from __future__ import annotations

import json
import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from kg_build.model import Document
from kg_build.sources import SourceFormat, gather, read_documents

ROOT = Path(__file__).resolve().parents[2]
GOLD = {file.stem: file for file in sorted((ROOT / "tests" / "data" / "examples").glob("*.json"))}
SOURCES = gather([ROOT / "examples"]).files
KINDS = {"meeting", "call", "video-call", "visit", "consultations", "summit"}
STATUSES = {"held", "planned", "proposed", "postponed", "cancelled", "denied"}
FORMS = {"direct", "indirect", "mixed"}


def accepted(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


@pytest.fixture(scope="module")
def documents() -> dict[str, Document]:
    found = list(read_documents(SOURCES))
    assert all(isinstance(document, Document) for document in found), found
    return {document.id: document for document in found if isinstance(document, Document)}


def test_every_document_is_described(documents: dict[str, Document]) -> None:
    assert set(documents) == set(GOLD)
    assert len(documents) == 8
    assert {source.format for source in SOURCES} == {SourceFormat.TEXT, SourceFormat.MARKDOWN, SourceFormat.JSON_LINES}
    listed = re.findall(
        r"^\| `([^`]+)` \|", (ROOT / "examples" / "README.md").read_text(encoding="utf-8"), re.MULTILINE
    )
    assert listed == sorted(documents)


@pytest.mark.parametrize("identifier", GOLD)
def test_articles_are_short_dated_and_marked_as_invented(identifier: str, documents: dict[str, Document]) -> None:
    document = documents[identifier]
    assert 200 <= len(document.text.split()) <= 400
    assert document.published_on is not None
    assert identifier.startswith(document.published_on.isoformat())
    assert document.title
    assert (document.publisher or "").endswith("(invented)")
    assert (document.url or "").startswith("https://example.org/")


@pytest.mark.parametrize("identifier", GOLD)
def test_what_is_written_down_stands_in_the_text(identifier: str, documents: dict[str, Document]) -> None:
    gold, document = json.loads(GOLD[identifier].read_text(encoding="utf-8")), documents[identifier]
    assert (gold["text"], gold["title"]) == (f"{identifier}.txt", document.title)
    assert (gold["publisher"], gold["url"]) == (document.publisher, document.url)
    assert date.fromisoformat(gold["published"]) == document.published_on
    for person in gold["persons"]:
        for name in (person["name"], *person["aliases"]):
            assert name in document.text
    for ministry in gold["ministries"]:
        for words in ministry["mentions"]:
            assert words in document.text
    for statement in gold["statements"]:
        assert document.text.count(statement["anchor"]) == 1, statement["anchor"]
        assert set(accepted(statement["form"])) <= FORMS


@pytest.mark.parametrize("identifier", GOLD)
def test_meetings_and_statements_are_of_those_who_are_listed(identifier: str) -> None:
    gold = json.loads(GOLD[identifier].read_text(encoding="utf-8"))
    listed = {entry["id"] for entry in (*gold["persons"], *gold["ministries"])}
    for meeting in gold["meetings"]:
        assert set(accepted(meeting["kind"])) <= KINDS
        assert set(accepted(meeting["status"])) <= STATUSES
        assert all(who in listed or re.fullmatch("[A-Z]{2}", who) for who in meeting["participants"])
        for day in accepted(meeting["date"]):
            assert day is None or re.fullmatch(r"\d{4}(-\d{2}){0,2}", day)
    for statement in gold["statements"]:
        if not statement.get("optional"):
            assert listed & set(statement["speakers"]) or statement["speakers"][0][0].isupper()


def test_the_same_person_has_the_same_name_everywhere() -> None:
    names: dict[str, set[str]] = {}
    for file in GOLD.values():
        for person in json.loads(file.read_text(encoding="utf-8"))["persons"]:
            names.setdefault(person["id"], set()).add(person["name"])
    assert all(len(forms) == 1 for forms in names.values()), names
