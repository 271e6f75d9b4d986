"""Persons of a document, and what its title tells of their names."""

from __future__ import annotations

import pytest

from kg_build.reader.actors import Cast, add_persons
from kg_build.reader.tables import tables
from tests.support.reading import cast_of, tags


def persons(text: str, title: str | None, *surfaces: str) -> list[str]:
    """The names of the persons who are tagged wherever these words stand."""
    cast = Cast(text, tables())
    add_persons(cast, tags(text, "person", *surfaces), title)
    return [a.name for a in cast.persons()]


@pytest.mark.parametrize(
    "title",
    [
        "Petra Kolar and Lars Eide before the press",
        "Petra Kolar meets Lars Eide",
        "Petra Kolar, Lars Eide talk of ships",
        "Lars Eide: Petra Kolar is welcome",
        "Petra Kolar – Lars Eide",
    ],
)
def test_two_persons_whom_a_title_names_stay_two(title: str) -> None:
    text = f"{title}\n\nPetra Kolar came. Lars Eide left."
    assert sorted(persons(text, title, "Petra Kolar", "Lars Eide")) == ["Lars Eide", "Petra Kolar"]


@pytest.mark.parametrize("title", ["Kolar meets Eide", "Kolar, Eide talk", "Kolar and Eide"])
def test_two_surnames_stay_two(title: str) -> None:
    assert len(persons(f"{title}\n\nKolar came. Eide left.", title, "Kolar", "Eide")) == 2


@pytest.mark.parametrize("title", ["Remarks by Petra Kolar", "Remarks by Petra M. Kolar", "Petra van Kolar speaks"])
def test_a_given_name_and_a_surname_side_by_side_are_one(title: str) -> None:
    text = "PETRA: The harbour is open.\n\nMinister Kolar thanked the pilots."
    assert len(persons(text, title, "PETRA", "Kolar")) == 1


def test_without_a_title_names_are_apart() -> None:
    text = "PETRA: The harbour is open.\n\nMinister Kolar thanked the pilots."
    assert len(persons(text, None, "PETRA", "Kolar")) == 2


def test_a_name_in_capitals_is_written_as_names_are() -> None:
    assert persons("PETRA KOLAR: It is open.", None, "PETRA KOLAR") == ["Petra Kolar"]


@pytest.mark.parametrize(
    ("dateline", "name"),
    [
        ("LJUBLJANA", "Ljubljana"),
        ("PORT-AU-PRINCE", "Port-au-Prince"),
        ("SAN DE LIMA", "San de Lima"),
        ("WESTHAVEN, D.C.", "Westhaven, D.C"),
        ("NYC", "NYC"),
        ("Ljubljana", "Ljubljana"),
    ],
)
def test_a_place_of_a_dateline_is_written_as_elsewhere(dateline: str, name: str) -> None:
    text = f"{dateline} — Petra Kolar came."
    (place,) = cast_of(text, places=[dateline]).by_key.values()
    assert place.name == name


def test_an_abbreviation_that_the_tables_know_stays() -> None:
    (place,) = cast_of("NATO — Petra Kolar came.", places=["NATO"]).by_key.values()
    assert place.name == "NATO"
