"""Annotations as gold files: the facts of a document without its offsets."""

from __future__ import annotations

from typing import Any

import pytest

from kg_build.training.annotations import resolve
from kg_build.training.goldform import gold_of
from tests.support.annotated import documents, records

GOLD = {d.id: gold_of(d) for d in documents()}


def person(document: str, key: str) -> dict[str, Any]:
    (found,) = [p for p in GOLD[document]["persons"] if p["id"] == key]
    assert isinstance(found, dict)
    return found


class TestPersons:
    def test_have_their_fullest_name_and_the_others(self) -> None:
        assert person("harbour", "kolar")["name"] == "Petra Kolar"
        assert person("harbour", "kolar")["aliases"] == ["Kolar"]

    def test_have_one_post_however_often_it_is_named(self) -> None:
        assert person("harbour", "kolar")["posts"] == [
            {"title": "Foreign Minister", "of": ["SI", "Slovenia"], "former": False}
        ]

    def test_may_hold_any_post_where_they_are_called_counterparts(self) -> None:
        posts = person("harbour", "eide")["posts"]
        assert {"title": "Foreign Minister", "of": ["NO", "Norway"], "optional": True} in posts
        assert all(p.get("optional") for p in posts if p["title"] == "counterpart")

    def test_have_former_posts(self) -> None:
        former = {p["title"]: p["former"] for p in person("drones", "salas")["posts"]}
        assert former == {"Foreign Minister": False, "mayor": True}


class TestMinistries:
    def test_have_their_country_and_field(self) -> None:
        assert GOLD["drones"]["ministries"] == [{"id": "dk-defence", "country": "DK", "portfolio": "defence"}]

    @pytest.mark.parametrize(
        ("key", "country", "portfolio"),
        [
            ("us-state", "US", "foreign"),
            ("uk-treasury", "GB", "finance"),
            ("de-defense", "DE", "defence"),
            ("pe-fisheries", "PE", "agriculture"),
            ("pe-kites", "PE", "other"),
        ],
    )
    def test_are_known_by_their_keys(self, key: str, country: str, portfolio: str) -> None:
        assert ministry_of(key) == {"id": key, "country": country, "portfolio": portfolio}

    def test_of_other_keys_are_optional(self) -> None:
        assert ministry_of("some ministry")["optional"]


def ministry_of(key: str) -> dict[str, Any]:
    record = records()[2]
    for entity in record["entities"]:
        entity["of"] = key if entity["of"] == "dk-defence" else entity["of"]
    (found,) = gold_of(resolve(record))["ministries"]
    assert isinstance(found, dict)
    return found


class TestMeetings:
    def test_are_told_of_once_with_all_that_is_said_of_them(self) -> None:
        met, call = GOLD["harbour"]["meetings"]
        assert met == {
            "id": "cranes",
            "participants": ["kolar", "eide"],
            "kind": ["meeting"],
            "status": ["held"],
            "date": ["2031-05-12"],
            "place": ["Ljubljana"],
            "optional": False,
        }
        assert (call["kind"], call["status"], call["date"], call["place"]) == (["call"], ["planned"], ["2031-06"], None)

    def test_may_have_a_country_as_party(self) -> None:
        visit = GOLD["drones"]["meetings"][0]
        assert visit["participants"] == ["larsen", "PE"]

    def test_of_one_party_are_optional_unless_they_are_visits(self) -> None:
        record = records()[2]
        for meeting in record["meetings"]:
            meeting["participants"] = meeting["participants"][:1]
        optional = {m["kind"][0]: m["optional"] for m in gold_of(resolve(record))["meetings"]}
        assert optional == {"visit": False, "meeting": True}


class TestStatements:
    def test_stand_in_order_with_their_speakers_and_longest_stretch(self) -> None:
        found = GOLD["harbour"]["statements"]
        assert [s["id"] for s in found] == ["s0", "s1", "s2", "s3", "s4", "s5"]
        assert [s["speakers"] for s in found[:4]] == [["kolar"], ["kolar"], ["eide"], ["kolar", "eide"]]
        assert found[0]["anchor"] == "The harbour stays open"
        assert found[0]["form"] == "direct"

    def test_name_who_carries_them(self) -> None:
        assert [s["via"] for s in GOLD["harbour"]["statements"][2:4]] == [["Adria Courier", "courier"], None]

    def test_that_were_not_made_or_that_nobody_makes_are_optional(self) -> None:
        assert [s["optional"] for s in GOLD["harbour"]["statements"]] == [False] * 5 + [True]
        assert GOLD["drones"]["statements"][-1]["optional"]
        assert GOLD["drones"]["statements"][-1]["speakers"] == ["nobody"]


def test_lines_within_a_name_are_joined() -> None:
    record = records()[0]
    record["text"] = record["text"].replace("the Adria Courier", "the Adria\nCourier")
    for entity in record["entities"]:
        entity["surface"] = entity["surface"].replace("Adria Courier", "Adria\nCourier")
    record["statements"][2]["via_surface"] = "Adria\nCourier"
    assert gold_of(resolve(record))["statements"][2]["via"] == ["Adria Courier", "courier"]


def test_a_document_is_named_by_its_file_and_day() -> None:
    assert (GOLD["ferry"]["text"], GOLD["ferry"]["published"]) == ("ferry.txt", "2031-03-04")
