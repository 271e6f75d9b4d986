"""Posts: whose they are, and of which country or body."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg_build.model import Span
from kg_build.reader.layout import lay_out
from kg_build.reader.posts import Owners, Placing, Position, is_plural
from kg_build.reader.tables import tables
from tests.support.reading import at, every, reported

BEFORE, AFTER, ALONE = Position.BEFORE, Position.AFTER, Position.ALONE
PERSONS = ("Petra Kolar", "Lars Eide", "Ana Moreau", "Kolar", "Eide", "Moreau")


def placed(text: str, *posts: str) -> list[tuple[str, str | None]]:
    """Each of ``posts`` with its holder's name as it stands in the text."""
    return [(words, holder) for words, holder, _ in placed_where(text, *posts)]


def placed_where(text: str, *posts: str) -> list[tuple[str, str | None, Position]]:
    names: list[Span] = []
    for name in PERSONS:
        names += [s for s in every(text, name) if not any(s.meets(n) for n in names)]
    known = list(dict.fromkeys(s.of(text) for s in sorted(names)))
    spans = sorted(s for p in dict.fromkeys(posts) for s in every(text, p))
    places = Placing(text, lay_out(text), [(s, known.index(s.of(text))) for s in names]).place(spans)
    return [(p.span.of(text), None if p.holder is None else known[p.holder], p.position) for p in places]


class TestPlacing:
    @pytest.mark.parametrize(
        ("text", "post", "holder", "position"),
        [
            ("Foreign Minister Petra Kolar spoke.", "Foreign Minister", "Petra Kolar", BEFORE),
            ("The Slovenian foreign minister, Petra Kolar, spoke.", "foreign minister", "Petra Kolar", BEFORE),
            ("Foreign Minister of Slovenia Petra Kolar spoke.", "Foreign Minister", "Petra Kolar", BEFORE),
            ("Ambassador H.E. Dr. Petra Kolar spoke.", "Ambassador", "Petra Kolar", BEFORE),
            ("Petra Kolar, the foreign minister, spoke.", "foreign minister", "Petra Kolar", AFTER),
            ("Petra Kolar, Slovenia’s foreign minister, spoke.", "foreign minister", "Petra Kolar", AFTER),
            ("Petra Kolar, then foreign minister, spoke.", "foreign minister", "Petra Kolar", AFTER),
            ("Petra Kolar, who is the foreign minister, spoke.", "foreign minister", "Petra Kolar", AFTER),
            ("Petra Kolar is the foreign minister.", "foreign minister", "Petra Kolar", AFTER),
            ("Petra Kolar – foreign minister – spoke.", "foreign minister", "Petra Kolar", AFTER),
            ("Petra Kolar arrived. The minister spoke.", "minister", None, ALONE),
            ("Petra Kolar said the minister would come.", "minister", None, ALONE),
            ("“Thank you, Mr. Minister,” said Kolar.", "Minister", None, ALONE),
            ("The minister", "minister", None, ALONE),
            ("Petra Kolar (foreign minister of Slovenia) spoke.", "foreign minister", "Petra Kolar", AFTER),
            pytest.param(
                "The foreign minister of Norway met Petra Kolar.", "foreign minister", None, ALONE, marks=reported
            ),
            pytest.param("The president in Oslo received Petra Kolar.", "president", None, ALONE, marks=reported),
            pytest.param("The ambassador to Chile thanked Petra Kolar.", "ambassador", None, ALONE, marks=reported),
        ],
    )
    def test_one_post(self, text: str, post: str, holder: str | None, position: Position) -> None:
        assert placed_where(text, post) == [(post, holder, position)]

    def test_not_over_the_end_of_a_paragraph(self) -> None:
        assert placed("The talks of the president\n\nPetra Kolar spoke.", "president") == [("president", None)]

    def test_each_of_several_titled_persons_has_their_own(self) -> None:
        text = "Prime Minister Lars Eide, President Ana Moreau and Foreign Minister Petra Kolar signed."
        assert placed(text, "Prime Minister", "President", "Foreign Minister") == [
            ("Prime Minister", "Lars Eide"),
            ("President", "Ana Moreau"),
            ("Foreign Minister", "Petra Kolar"),
        ]

    def test_in_a_list_of_persons_each_with_a_title_after_the_name(self) -> None:
        text = "Lars Eide, the prime minister, and Ana Moreau, the president, signed."
        assert placed(text, "prime minister", "president") == [
            ("prime minister", "Lars Eide"),
            ("president", "Ana Moreau"),
        ]

    def test_two_posts_of_one_person(self) -> None:
        text = "Petra Kolar, Slovenia's foreign minister and deputy premier, spoke."
        assert placed(text, "foreign minister", "deputy premier") == [
            ("foreign minister", "Petra Kolar"),
            ("deputy premier", "Petra Kolar"),
        ]

    @reported
    def test_another_person_in_a_list_has_an_article(self) -> None:
        text = "Kolar met Lars Eide, the prime minister of Norway, and the ambassador."
        assert placed(text, "prime minister", "ambassador") == [("prime minister", "Lars Eide"), ("ambassador", None)]

    @pytest.mark.parametrize(
        "text",
        [
            "Kolar and her Norwegian counterpart, Lars Eide, spoke.",
            "Kolar met her counterpart Lars Eide.",
            "Kolar's counterpart, Lars Eide, spoke.",
        ],
    )
    def test_a_possessive_makes_it_another_persons(self, text: str) -> None:
        assert placed(text, "counterpart") == [("counterpart", "Lars Eide")]

    def test_a_plural_is_everybodys_in_the_list(self) -> None:
        text = "Foreign Ministers Petra Kolar of Slovenia, Lars Eide of Norway and Ana Moreau met. Eide spoke."
        assert placed(text, "Foreign Ministers") == [("Foreign Ministers", p) for p in PERSONS[:3]]

    def test_a_plural_alone_is_nobodys(self) -> None:
        assert placed("The two ministers met. Kolar left.", "ministers") == [("ministers", None)]

    @pytest.mark.parametrize(
        ("title", "plural"),
        [("foreign ministers", True), ("FMs", True), ("Foreign Minister", False), ("spokesmen", True)],
    )
    def test_plurals(self, title: str, plural: bool) -> None:
        assert is_plural(title) is plural

    @given(
        st.lists(
            st.sampled_from(
                (
                    "Petra Kolar",
                    "Lars Eide",
                    "minister",
                    "ministers",
                    ",",
                    "the",
                    "of Norway",
                    "and",
                    "met",
                    ".",
                    "\n\n",
                )
            )
        )
    )
    def test_each_post_has_a_place(self, words: list[str]) -> None:
        text = " ".join(words)
        found = placed_where(text, "minister ", "ministers ")
        assert {w for w, _, _ in found} == {p for p in ("minister ", "ministers ") if p in text}
        assert all((holder is None) is (position is ALONE) for _, holder, position in found)


def owner(text: str, post: str, *bodies: str) -> str | None:
    """The key of the country or the words of the body that the post belongs to by the words beside it."""
    layout, names = lay_out(text), tuple(tables().matches(text))
    found = Owners(text, layout, names, [at(text, b) for b in bodies]).of(at(text, post))
    if found is None:
        return None
    if found.body is not None:
        return found.body.of(text)
    return found.match.keys[0] if found.match else None


class TestOwners:
    @pytest.mark.parametrize(
        ("text", "post", "iso"),
        [
            ("Slovenian Foreign Minister Petra Kolar", "Foreign Minister", "SI"),
            ("Slovenia's Foreign Minister", "Foreign Minister", "SI"),
            ("Slovenia’s former Foreign Minister", "Foreign Minister", "SI"),
            ("the then Slovenian Foreign Minister", "Foreign Minister", "SI"),
            ("the Foreign Minister of Slovenia", "Foreign Minister", "SI"),
            ("the Foreign Minister of the Republic of Slovenia", "Foreign Minister", "SI"),
            ("Kremlin spokesman", "Kremlin spokesman", "RU"),
            ("U.S. Secretary of State", "Secretary of State", "US"),
        ],
    )
    def test_a_country(self, text: str, post: str, iso: str) -> None:
        assert owner(text, post) == iso

    @pytest.mark.parametrize("text", ["Secretary General of the Harbour Union", "Harbour Union Secretary General"])
    def test_a_body(self, text: str) -> None:
        assert owner(text, "Secretary General", "Harbour Union") == "Harbour Union"

    @pytest.mark.parametrize(
        ("text", "post"),
        [
            ("the Foreign Minister", "Foreign Minister"),
            ("He left Slovenia. Foreign Minister Eide spoke.", "Foreign Minister"),
            ("talks in Slovenia\n\nForeign Minister Eide", "Foreign Minister"),
            ("the ambassador to Slovenia", "ambassador"),
            ("the ambassador to Slovenia", "ambassador to Slovenia"),
            ("the envoy for Slovenia", "envoy"),
        ],
    )
    def test_none(self, text: str, post: str) -> None:
        assert owner(text, post) is None
