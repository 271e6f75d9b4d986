"""The posts that a text gives its persons, as tenures."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg_build.model import Tenure
from kg_build.reader.actors import Cast, MinistryContext, Title, add_ministries
from kg_build.reader.belonging import OWNER_FEATURES, OwnerChoice, Setting
from kg_build.reader.layout import lay_out
from kg_build.reader.posts import Owners, Placing
from kg_build.reader.tables import tables
from kg_build.reader.tenures import TitleBook, is_post, pruned, same_post, singular, tenures, title_words
from tests.support.reading import at, cast_of, entitle, every, tags, weights

SIMPLE = weights(OWNER_FEATURES, before=5, after=4, inside=4, beside_name=4, other_title=3, none=1)
PERSONS = ("Petra Kolar", "Lars Eide", "Kolar", "Eide")


def entered(text: str, posts: Sequence[str], persons: Sequence[str] = PERSONS) -> tuple[Cast, TitleBook]:
    """A cast whose persons have the posts that stand beside their names."""
    cast, layout, names = cast_of(text, persons=persons), lay_out(text), tuple(tables().matches(text))
    choice = OwnerChoice(cast, layout, Owners(text, layout, names, []), names, Setting(None, None, 2031), SIMPLE)
    book = TitleBook(cast, choice)
    spans = sorted(s for p in posts for s in every(text, p))
    mentions = [(s, i) for i, a in enumerate(cast.persons()) for s, _ in a.mentions]
    book.enter(Placing(text, layout, mentions).place(spans), cast.persons(), dict.fromkeys(spans, 0.9))
    book.find_owners()
    return cast, book


def read(text: str, *posts: str) -> list[tuple[str, str, str | None, bool]]:
    """Each tenure: the person's name, the post, its country or body, and whether it is former."""
    cast, _ = entered(text, posts)
    return [(cast.by_key[t.person].name, t.title, t.of, t.former) for t in tenures(cast)]


def single(found: list[Tenure]) -> Tenure:
    (one,) = found
    return one


class TestTitles:
    @pytest.mark.parametrize(
        ("one", "other"),
        [
            ("Minister of Foreign Affairs", "foreign minister"),
            ("Minister for Foreign and European Affairs", "Foreign Minister"),
            ("FM", "Foreign Minister"),
            ("PM", "Prime Minister"),
            ("Premier", "Prime Minister"),
            ("Defense Minister", "Defence Minister"),
            ("Minister of Health", "health minister"),
            ("spokesman", "spokeswoman"),
            ("chairman", "chair"),
            ("Secretary-General", "secretary general"),
            ("advisor", "adviser"),
            ("Foreign Ministers", "foreign minister"),
        ],
    )
    def test_synonyms_have_the_same_words(self, one: str, other: str) -> None:
        assert title_words(one) == title_words(other)

    @pytest.mark.parametrize(
        ("one", "other"),
        [
            ("President", "Vice President"),
            ("Foreign Minister", "Deputy Foreign Minister"),
            ("Foreign Minister", "Prime Minister"),
        ],
    )
    def test_other_posts_have_others(self, one: str, other: str) -> None:
        assert title_words(one) != title_words(other)

    @pytest.mark.parametrize(
        ("words", "bare"),
        [
            ("Foreign Ministry spokesman", "spokesman"),
            ("Kremlin spokeswoman", "spokeswoman"),
            ("President of Chad", "President"),
            ("Mayor of Oslo", "Mayor"),
            ("Secretary General of NATO", "Secretary General"),
            ("Prime Minister of the", "Prime Minister"),
            ("Minister of Foreign Affairs", "Minister of Foreign Affairs"),
            ("Head of the Harbour Board", "Head of the Harbour Board"),
            ("Ambassador to Chad", "Ambassador to Chad"),
            ("Special Envoy for Syria", "Special Envoy for Syria"),
        ],
    )
    def test_pruning_takes_the_owner_away_and_leaves_the_field(self, words: str, bare: str) -> None:
        assert pruned(words, tables()) == bare

    @pytest.mark.parametrize(
        ("plural", "one"),
        [
            ("foreign ministers", "foreign minister"),
            ("Presidents", "President"),
            ("Ministers of Defence", "Minister of Defence"),
            ("FMs", "FM"),
        ],
    )
    def test_singular(self, plural: str, one: str) -> None:
        assert singular(plural) == one

    @pytest.mark.parametrize(
        ("words", "post"),
        [
            ("Foreign Secretary", True),
            ("envoy", True),
            ("First", False),
            ("Department of", False),
            ("the harbour", False),
        ],
    )
    def test_what_is_a_post_at_all(self, words: str, post: bool) -> None:
        assert is_post(words) is post

    @given(st.text(max_size=50))
    def test_any_words(self, words: str) -> None:
        assert title_words(singular(words)) is not None
        assert pruned(words, tables()) in words


class TestSamePost:
    SPAN = at("x", "x")

    def title(self, words: str, iso: str | None = None, *, former: bool = False) -> Title:
        return Title(words, iso, None, former, self.SPAN, 1.0)

    def test_a_shorter_form(self) -> None:
        assert same_post(self.title("Minister"), self.title("Foreign Minister", "SI"))

    @pytest.mark.parametrize(
        ("words", "iso", "former"),
        [("Foreign Minister", "NO", False), ("Foreign Minister", "SI", True), ("Prime Minister", "SI", False)],
    )
    def test_not_of_another_country_nor_former_nor_another(self, words: str, iso: str, former: bool) -> None:
        assert not same_post(self.title("Foreign Minister", "SI"), self.title(words, iso, former=former))


class TestTenures:
    def test_beside_the_name(self) -> None:
        text = "Slovenian Foreign Minister Petra Kolar met Lars Eide, the prime minister of Norway."
        assert read(text, "Foreign Minister", "prime minister") == [
            ("Petra Kolar", "Foreign Minister", "country:SI", False),
            ("Lars Eide", "prime minister", "country:NO", False),
        ]

    def test_forms_of_one_post_are_one_tenure_with_all_its_places(self) -> None:
        text = "Foreign Minister Petra Kolar of Slovenia spoke. The Slovenian minister, Kolar, left."
        cast, _ = entered(text, ["Foreign Minister", "minister"])
        tenure = single(tenures(cast))
        assert (tenure.title, tenure.of) == ("Foreign Minister", "country:SI")
        assert [m.span.of(text) for m in tenure.mentions] == ["Foreign Minister", "minister"]

    def test_two_posts_are_two_tenures(self) -> None:
        text = "Foreign Minister Petra Kolar of Slovenia spoke. Kolar, the deputy premier, left."
        assert [t[1] for t in read(text, "Foreign Minister", "deputy premier")] == [
            "Foreign Minister",
            "deputy premier",
        ]

    @pytest.mark.parametrize("word", ["former", "then", "late"])
    def test_former(self, word: str) -> None:
        assert read(f"The {word} foreign minister Petra Kolar spoke.", "foreign minister") == [
            ("Petra Kolar", "foreign minister", None, True)
        ]

    def test_a_counterpart_has_the_other_ones_post(self) -> None:
        text = "Foreign Minister Petra Kolar met her Norwegian counterpart Lars Eide."
        assert ("Lars Eide", "Foreign Minister", "country:NO", False) in read(text, "Foreign Minister", "counterpart")

    def test_a_counterpart_of_somebody_untitled_has_none(self) -> None:
        assert read("Petra Kolar met her counterpart Lars Eide.", "counterpart") == []

    @pytest.mark.parametrize("word", ["predecessor", "successor"])
    def test_a_predecessor_or_successor_is_no_post(self, word: str) -> None:
        assert read(f"Petra Kolar met her {word}, Lars Eide.", word) == []

    def test_a_bare_post_is_one_more_place_of_it(self) -> None:
        text = "Foreign Minister Petra Kolar of Slovenia spoke. The minister left."
        cast, book = entered(text, ["Foreign Minister"])
        book.give_bare(cast.persons()[0], at(text, "minister"), 0.8)
        tenure = single(tenures(cast))
        assert [m.span.of(text) for m in tenure.mentions] == ["Foreign Minister", "minister"]

    def test_a_bare_post_of_another_country_is_not_added(self) -> None:
        text = "Foreign Minister Petra Kolar of Slovenia spoke. The Norwegian minister left."
        cast, book = entered(text, ["Foreign Minister"])
        book.give_bare(cast.persons()[0], at(text, "minister"), 0.8)
        assert len(single(tenures(cast)).mentions) == 1

    def test_the_ministry_of_the_same_country_and_field(self) -> None:
        text = "Slovenia’s Foreign Ministry praised Petra Kolar."
        cast = cast_of(text, persons=["Petra Kolar"])
        add_ministries(
            cast, tags(text, "ministry", "Foreign Ministry"), MinistryContext({at(text, "Foreign Ministry"): "SI"}, {})
        )
        entitle(cast, "Petra Kolar", "Foreign Minister", "SI")
        tenure = single(tenures(cast))
        assert tenure.ministry is not None
        assert cast.by_key[tenure.ministry].name == "Foreign Ministry"
        assert tenure.of == "country:SI"
