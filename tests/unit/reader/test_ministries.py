"""Ministries: portfolio, country, and the names that a text has in full."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg_build.model import Portfolio
from kg_build.reader.actors import MinistryContext, add_ministries
from kg_build.reader.ministries import country_by_name, is_bare, named_ministries, portfolio_of
from kg_build.reader.tagging import Tagged
from tests.support.reading import at, cast_of

P = Portfolio


@pytest.mark.parametrize(
    ("name", "portfolio"),
    [
        ("Ministry of Foreign Affairs", P.FOREIGN_AFFAIRS),
        ("Foreign Ministry", P.FOREIGN_AFFAIRS),
        ("foreign minister", P.FOREIGN_AFFAIRS),
        ("MFA", P.FOREIGN_AFFAIRS),
        ("State Department", P.FOREIGN_AFFAIRS),
        ("Foreign Office", P.FOREIGN_AFFAIRS),
        ("Ministry of External Affairs", P.FOREIGN_AFFAIRS),
        ("Ministry of Trade and Foreign Affairs", P.FOREIGN_AFFAIRS),
        ("Ministry for Europe and Foreign Affairs", P.FOREIGN_AFFAIRS),
        ("Pentagon", P.DEFENCE),
        ("Defense Ministry", P.DEFENCE),
        ("Ministry of the Interior", P.INTERIOR),
        ("Home Office", P.INTERIOR),
        ("Treasury", P.FINANCE),
        ("Ministry of Economic Development", P.ECONOMY),
        ("Ministry of Commerce", P.TRADE),
        ("Ministry of Energy", P.ENERGY),
        ("Justice Ministry", P.JUSTICE),
        ("Ministry of Health", P.HEALTH),
        ("Ministry of Culture", P.CULTURE),
        ("Ministry of Education", P.EDUCATION),
        ("Ministry of the Environment", P.ENVIRONMENT),
        ("Ministry of Agriculture", P.AGRICULTURE),
        ("Ministry of Transport", P.TRANSPORT),
        ("the ministry", None),
        ("Ministry of Magic", None),
        ("Ministry of Foreign Trade", P.TRADE),
        ("Ministry of Foreign Affairs and Foreign Trade", P.FOREIGN_AFFAIRS),
    ],
)
def test_portfolio(name: str, portfolio: Portfolio | None) -> None:
    assert portfolio_of(name) is portfolio


@pytest.mark.parametrize(
    "name",
    ["the ministry", "His ministry", "the Danish ministry", "Denmark’s ministry", "The department", "its own ministry"],
)
def test_bare(name: str) -> None:
    assert is_bare(name)


@pytest.mark.parametrize(
    "name",
    ["Foreign Ministry", "the Danish foreign ministry", "Ministry of Magic", "Pentagon", "the ministry spokesman"],
)
def test_not_bare(name: str) -> None:
    assert not is_bare(name)


@pytest.mark.parametrize(
    ("name", "iso"),
    [
        ("State Department", "US"),
        ("the U.S. Department of State", "US"),
        ("Pentagon", "US"),
        ("FCDO", "GB"),
        ("Quai d’Orsay", "FR"),
        ("Farnesina", "IT"),
        ("Foreign Ministry", None),
        ("Ministry of Defence", None),
        ("DFAT", "AU"),
        ("the Unification Ministry", "KR"),
    ],
)
def test_names_that_only_one_country_has(name: str, iso: str | None) -> None:
    assert country_by_name(name) == iso


@pytest.mark.parametrize(("words", "iso"), [("Unification Ministry", "KR"), ("Foreign Ministry", "CN"), ("DFAT", "CN")])
def test_an_unmistakable_name_counts_before_who_stands_beside_it(words: str, iso: str) -> None:
    text = f"China’s minister said that the {words} had no comment."
    cast = cast_of(text, countries=["China"])
    span = at(text, words)
    add_ministries(cast, [Tagged(span, "ministry")], MinistryContext({span: "CN"}, {}))
    assert [ministry.iso for ministry in cast.ministries()] == [iso]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("The Ministry of Foreign Affairs said so.", ["Ministry of Foreign Affairs"]),
        (
            "The Ministry of Labour, Migration and Social Affairs agreed.",
            ["Ministry of Labour, Migration and Social Affairs"],
        ),
        ("the Russian defence ministry and the Foreign Ministry", ["defence ministry", "Foreign Ministry"]),
        ("a State Department spokesman", ["State Department"]),
        ("The Department of Foreign Affairs and Trade", ["Department of Foreign Affairs and Trade"]),
        ("the Foreign Office and the Quai d’Orsay", ["Foreign Office", "Quai d’Orsay"]),
        ("a ministry of wonders", []),
        ("the department of the minister", []),
        ("No body is named.", []),
        ("The Ministry of Health of Chad and the Danish envoy", ["Ministry of Health"]),
        ("the Ministry of\nForeign Affairs", ["Ministry of\nForeign Affairs"]),
    ],
)
def test_named_in_full(text: str, names: list[str]) -> None:
    assert [s.of(text) for s in named_ministries(text)] == names


@given(
    st.lists(
        st.sampled_from(
            (
                "Ministry",
                "ministry",
                "of",
                "for",
                "and",
                "the",
                "Foreign",
                "Affairs",
                "Health",
                ",",
                "State",
                "Department",
                "\n",
            )
        )
    )
)
def test_spans_lie_in_the_text(words: list[str]) -> None:
    text = " ".join(words)
    assert all(s.of(text).strip() and s.end <= len(text) for s in named_ministries(text))
