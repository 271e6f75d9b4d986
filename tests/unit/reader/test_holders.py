"""The table of those who held office."""

from __future__ import annotations

import csv

import pytest

from kg_build.reader.holders import Holder, holders, office
from kg_build.reference import OFFICE_HOLDERS_FILE
from tests.support.reading import reported

TABLE = holders()


def sample(count: int) -> list[dict[str, str]]:
    """Some of the table's rows with a name of several parts, from all over it."""
    with OFFICE_HOLDERS_FILE.open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if " " in row["name"]]
    return rows[:: len(rows) // count]


@pytest.mark.parametrize(
    ("title", "kind"),
    [
        ("President", "head-of-state"),
        ("King", "head-of-state"),
        ("Prime Minister", "head-of-government"),
        ("Chancellor", "head-of-government"),
        ("Deputy Prime Minister", "deputy-head"),
        ("Vice President", "deputy-head"),
        ("Foreign Minister", "foreign"),
        ("Minister of Foreign Affairs", "foreign"),
        ("Foreign Secretary", "foreign"),
        ("Defence Minister", "defence"),
        ("Minister of Health", "health"),
        ("spokeswoman", "spokesperson"),
        ("Deputy Foreign Minister", "other"),
        ("Minister of State", "other"),
        ("ambassador", "other"),
        ("Minister", "other"),
        pytest.param("Secretary of State", "foreign", marks=reported),
    ],
)
def test_office(title: str, kind: str) -> None:
    assert office(title) == kind


def test_each_kind_that_titles_give_is_in_the_table() -> None:
    with OFFICE_HOLDERS_FILE.open(encoding="utf-8", newline="") as file:
        kinds = {row["portfolio"] for row in csv.DictReader(file)}
    assert {
        office(t) for t in ("King", "Prime Minister", "Foreign Minister", "Defence Minister", "ambassador")
    } <= kinds


def test_everybody_is_found_by_their_full_name() -> None:
    for row in sample(200):
        assert any(h.iso == row["country"] and h.office == row["portfolio"] for h in TABLE.named(row["name"])), row


def test_nobody_is_found_by_a_name_that_the_table_does_not_have() -> None:
    assert TABLE.named("Zyxwvut Qponmlk") == TABLE.named("") == TABLE.named("—") == []


def test_a_persons_identity_needs_full_name_country_and_office() -> None:
    row = next(r for r in sample(200) if r["qid"] and r["portfolio"] == "foreign" and len(TABLE.named(r["name"])) == 1)
    title = "Foreign Minister"
    assert TABLE.identity(row["name"], row["country"], [title]) == row["qid"]
    assert TABLE.identity(row["name"].split()[-1], row["country"], [title]) is None
    assert TABLE.identity(row["name"], "XX", [title]) is None
    assert TABLE.identity(row["name"], row["country"], ["King"]) is None


class TestYears:
    def holder(self, first: int | None, last: int | None) -> Holder:
        return Holder((("ann", "eide"),), "NO", "foreign", first, last, None)

    @pytest.mark.parametrize(
        ("year", "possible"), [(2010, True), (2015, True), (2020, True), (1990, False), (2060, False)]
    )
    def test_a_term_of_known_years(self, year: int, possible: bool) -> None:
        assert self.holder(2010, 2020).around(year) is possible

    def test_an_open_term_goes_on(self) -> None:
        assert self.holder(2010, None).around(2050)
        assert not self.holder(2010, None).around(1990)

    def test_any_year_is_possible_where_none_is_known(self) -> None:
        assert self.holder(2010, 2020).around(None)
        assert self.holder(None, None).around(2000)
