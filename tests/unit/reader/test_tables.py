"""Names of countries, bodies and outlets in a text."""

from __future__ import annotations

import time
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg_build.reader.tables import NameKind, plain, tables
from kg_build.reference import COUNTRIES_FILE
from tests.support.reading import reported

TABLES = tables()
BITS = (
    "Guinea",
    "Bissau",
    "Papua",
    "New",
    "South",
    "Korea",
    "US",
    "U.S.",
    "us",
    "the",
    "and",
    "Danish",
    ".",
    "-",
    "\n",
)


def found(text: str) -> list[tuple[str, str]]:
    """Each name with its kind's first letter and its keys: "Danish" gives ("Danish", "d:DK")."""
    return [(m.span.of(text), f"{m.kind[0]}:{'|'.join(m.keys)}") for m in TABLES.matches(text)]


def names(text: str) -> list[str]:
    return [words for words, _ in found(text)]


class TestNames:
    @pytest.mark.parametrize(
        ("text", "expected"),
        [
            ("Slovenia and Chad agreed.", [("Slovenia", "n:SI"), ("Chad", "n:TD")]),
            ("Danish and Swedish envoys", [("Danish", "d:DK"), ("Swedish", "d:SE")]),
            ("Poles, Danes and Turks", [("Poles", "d:PL"), ("Danes", "d:DK"), ("Turks", "d:TR")]),
            ("He flew from Oslo to Ljubljana.", [("Oslo", "c:NO"), ("Ljubljana", "c:SI")]),
            ("The Kremlin was silent.", [("The Kremlin", "m:RU")]),
            ("NATO and the World Health Organization", [("NATO", "b:NATO"), ("World Health Organization", "b:WHO")]),
            ("Reuters reported it.", [("Reuters", "o:Reuters")]),
            ("Korean firms", [("Korean", "d:KP|KR")]),
            ("DENMARK REOPENS PORT", [("DENMARK", "n:DK")]),
            ("Côte d’Ivoire, Cote d'Ivoire", [("Côte d’Ivoire", "n:CI"), ("Cote d'Ivoire", "n:CI")]),
            ("Türkiye and Turkiye", [("Türkiye", "n:TR"), ("Turkiye", "n:TR")]),
            ("Slovenia’s ports, Slovenia's roads", [("Slovenia", "n:SI")] * 2),
            ("German-Danish talks", [("German", "d:DE"), ("Danish", "d:DK")]),
        ],
    )
    def test_of_every_kind(self, text: str, expected: list[tuple[str, str]]) -> None:
        assert found(text) == expected

    @pytest.mark.parametrize(
        ("text", "expected"),
        [
            ("Papua New Guinea", ["Papua New Guinea"]),
            ("Guinea and Guinea-Bissau", ["Guinea", "Guinea-Bissau"]),
            ("the Washington Post", ["Washington Post"]),
            ("South Korea", ["South Korea"]),
            ("the Democratic Republic of Congo", ["Democratic Republic of Congo"]),
            ("São Tomé and Príncipe", ["São Tomé and Príncipe"]),
            ("Niger, Nigeria", ["Niger", "Nigeria"]),
        ],
    )
    def test_the_longest_name_wins(self, text: str, expected: list[str]) -> None:
        assert [n.removeprefix("the ") for n in names(text)] == expected

    @pytest.mark.parametrize(
        ("text", "expected"),
        [
            ("He told us that it was for us.", []),
            ("US and UK officials", ["US", "UK"]),
            ("U.S. and U.K. officials", ["U.S.", "U.K."]),
            ("a U.S.-led force", ["U.S."]),
            ("He left the U.S.", ["U.S."]),
            ("who would come?", []),
            ("Who would come?", []),
            ("roast turkey on fine china", []),
            ("danish pastry", []),
        ],
    )
    def test_capitals_and_dots_tell_names_from_words(self, text: str, expected: list[str]) -> None:
        assert names(text) == expected

    def test_a_line_end_may_stand_within_a_name_but_no_paragraph_end(self) -> None:
        assert names("the United\nStates") == ["United\nStates"]
        assert names("He likes United\n\nStates may differ.") == []

    @pytest.mark.parametrize("text", ["He flew to Guinea. Bissau was not named.", "They went South. Africa is large."])
    @reported
    def test_no_name_goes_over_the_end_of_a_sentence(self, text: str) -> None:
        assert all("." not in name for name in names(text))


class TestWhole:
    @pytest.mark.parametrize(
        ("name", "key"),
        [
            ("Slovenia", "SI"),
            ("the United States", "US"),
            ("The U.S.", "US"),
            ("Republic of Korea", "KR"),
            ("Danish", "DK"),
            ("NATO", "NATO"),
        ],
    )
    def test_knows_exact_names(self, name: str, key: str) -> None:
        match = TABLES.whole(name)
        assert match is not None
        assert match.keys == (key,)

    @pytest.mark.parametrize("name", ["", "the", "Slovenia Street", "northern Slovenia", "Atlantis"])
    def test_knows_no_others(self, name: str) -> None:
        assert TABLES.whole(name) is None


def test_each_country_is_found_by_its_own_name() -> None:
    for iso, country in TABLES.countries.items():
        match = TABLES.whole(country.name)
        assert match is not None, country
        assert iso in match.keys, country
        assert TABLES.name(iso, NameKind.NAME) == country.name


def test_each_body_is_found_by_its_full_name() -> None:
    plainly = [b for b in TABLES.bodies.values() if "(" not in b.full_name and not b.full_name.startswith("The ")]
    assert len(plainly) > 100
    assert [b.full_name for b in plainly if (m := TABLES.whole(b.full_name)) is None or b.name not in m.keys] == []


@reported
def test_an_article_may_be_part_of_a_name() -> None:
    articled = [b for b in TABLES.bodies.values() if b.full_name.startswith("The ") and "(" not in b.full_name]
    assert [b.full_name for b in articled if TABLES.whole(b.full_name) is None] == []


def test_no_name_has_pieces_of_markup() -> None:
    table = COUNTRIES_FILE.read_text(encoding="utf-8")
    assert table.count("&") == table.count(" & ")
    assert TABLES.countries["BR"].capital == "Brasília"


def test_most_countries_have_a_demonym_and_a_capital() -> None:
    for kind in (NameKind.DEMONYM, NameKind.CAPITAL):
        known = [iso for iso in TABLES.countries if TABLES.name(iso, kind)]
        assert len(known) > 0.9 * len(TABLES.countries)


@given(st.text(st.characters(max_codepoint=0x24F), max_size=100))
def test_plain_has_neither_capitals_nor_marks_and_changes_nothing_twice(text: str) -> None:
    once = plain(text)
    assert plain(once) == once == once.lower()


@given(
    st.lists(
        st.sampled_from(
            [
                "Guinea",
                "Bissau",
                "Papua",
                "New",
                "South",
                "North",
                "Korea",
                "US",
                "U.S.",
                "us",
                "the",
                "and",
                "Danish",
                ".",
                "-",
                "\n",
            ]
        )
    )
)
def test_matches_lie_in_the_text_apart_and_in_order(words: list[str]) -> None:
    text = " ".join(words)
    spans = [m.span for m in TABLES.matches(text)]
    assert all(a.end <= b.start for a, b in pairwise(spans))
    assert all(s.end <= len(text) for s in spans)


def test_time_grows_with_the_text() -> None:
    text = "The envoys of Guinea, Papua New Guinea and South Korea met in Oslo, and the UN was told. "
    start = time.process_time()
    assert len(list(TABLES.matches(text * 1000))) == 5000
    assert time.process_time() - start < 5
