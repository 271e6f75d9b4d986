"""Whom words stand for: pronouns, posts, nationalities, groups. The casts are small and made by hand."""

from __future__ import annotations

import pytest

from kg_build.model import Span
from kg_build.reader.actors import Cast, MinistryContext, add_ministries
from kg_build.reader.groups import GROUP_FEATURES, GroupChoice, Told
from kg_build.reader.layout import lay_out
from kg_build.reader.linking import Linker, LinkingWeights
from kg_build.reader.persons import FEATURES, Use
from kg_build.reader.phrases import take_apart
from kg_build.reader.tables import tables
from tests.support.reading import at, cast_of, entitle, every, tags, weights

PERSONS = ("Petra Kolar", "Lars Eide", "Anna Moreau", "Omar Haddad", "Kolar", "Eide", "Moreau", "Haddad")
WEIGHTS = LinkingWeights(
    weights(
        FEATURES,
        nearest=1,
        first_in_sentence=0.5,
        previous_sentence=0.5,
        last_speaker=1,
        gender_conflicts=-5,
        title_fits=4,
        title_conflicts=-2,
        country_fits=3,
        country_conflicts=-3,
        follows=-2,
    ),
    weights(
        GROUP_FEATURES,
        met_last=2,
        last_two=1,
        by_title=0.5,
        named_by_country=2,
        count_fits=2,
        count_differs=-2,
        titles_fit=2,
        titles_conflict=-3,
        countries_wanted=5,
        persons=3,
    ),
)


def linker_of(cast: Cast, *issuer: str) -> Linker:
    return Linker(cast, lay_out(cast.text), WEIGHTS, issuer)


def meant(linker: Linker, span: Span, exclude: tuple[str, ...] = (), *, use: Use = Use.OTHER) -> list[str]:
    """The names of those whom a span means."""
    found = linker.resolve(span, exclude=exclude, use=use)
    assert 0 <= found.confidence <= 1
    return [linker.cast.by_key[k].name for k in found.keys]


def read(text: str, words: str, *, nth: int = 0, use: Use = Use.OTHER) -> list[str]:
    """Whom ``words`` mean where persons are untitled and countries are named as such."""
    cast = cast_of(text, persons=PERSONS, countries=["Slovenia", "Norway"], places=["Oslo"])
    return meant(linker_of(cast), at(text, words, nth), use=use)


class TestNames:
    def test_a_name_is_its_person(self) -> None:
        assert read("Petra Kolar met Lars Eide. Kolar spoke.", "Kolar", nth=1) == ["Petra Kolar"]

    def test_all_names_within_the_words(self) -> None:
        assert read("Petra Kolar and Lars Eide spoke.", "Petra Kolar and Lars Eide") == ["Petra Kolar", "Lars Eide"]

    def test_a_country(self) -> None:
        assert read("Slovenia agreed.", "Slovenia") == ["Slovenia"]

    def test_a_capital_that_speaks_is_its_country(self) -> None:
        assert read("Oslo agreed.", "Oslo", use=Use.SOURCE) == ["Norway"]
        assert read("They met in Oslo.", "Oslo") == []

    def test_nobody(self) -> None:
        assert read("Petra Kolar saw the harbour.", "the harbour") == []


class TestOne:
    def test_a_pronoun_is_the_person_before_it(self) -> None:
        assert read("Petra Kolar spoke. Lars Eide left. He was late.", "He") == ["Lars Eide"]

    def test_a_gender_that_the_name_tells_decides(self) -> None:
        assert read("Lars Eide met Anna Moreau. He spoke.", "He") == ["Lars Eide"]
        assert read("Anna Moreau met Anna Moreau. She spoke.", "She") == ["Anna Moreau"]

    def test_without_anybody_named_it_is_nobody(self) -> None:
        assert read("He spoke of the harbour.", "He") == []

    def test_never_one_of_those_excluded(self) -> None:
        text = "Lars Eide met Omar Haddad. He spoke."
        cast = cast_of(text, persons=PERSONS)
        keys = [a.key for a in cast.persons()]
        linker = linker_of(cast)
        assert meant(linker, at(text, "He"), (keys[0],)) == ["Omar Haddad"]
        assert meant(linker, at(text, "He"), tuple(keys)) == []

    @pytest.mark.parametrize(
        ("words", "name"),
        [
            ("The foreign minister", "Petra Kolar"),
            ("The prime minister", "Lars Eide"),
            ("The Slovenian minister", "Petra Kolar"),
        ],
    )
    def test_a_post_is_whoever_holds_it(self, words: str, name: str) -> None:
        text = f"Petra Kolar met Lars Eide and Omar Haddad in the harbour. {words} spoke."
        cast = cast_of(text, persons=PERSONS)
        entitle(cast, "Petra Kolar", "Foreign Minister", "SI")
        entitle(cast, "Lars Eide", "Prime Minister", "NO")
        assert meant(linker_of(cast), at(text, words)) == [name]

    def test_who_and_the_latter_are_named_right_before(self) -> None:
        assert read("Petra Kolar met Lars Eide, who spoke.", "who") == ["Lars Eide"]
        assert read("Petra Kolar met Lars Eide. The latter spoke.", "The latter") == ["Lars Eide"]

    def test_i_is_who_spoke(self) -> None:
        text = "Petra Kolar and Lars Eide met. “It is late,” Kolar said. “I go.”"
        cast = cast_of(text, persons=PERSONS)
        linker = linker_of(cast)
        linker.discourse.speakers.append((at(text, "said").start, (cast.persons()[0].key,)))
        assert meant(linker, at(text, "I go.").__class__(at(text, "I go").start, at(text, "I go").start + 1)) == [
            "Petra Kolar"
        ]

    def test_we_of_a_release_are_its_issuer(self) -> None:
        text = "We welcome the news from Slovenia."
        cast = cast_of(text, countries=["Slovenia"])
        assert meant(linker_of(cast, cast.country("NO").key), at(text, "We")) == ["Norway"]


class TestBodies:
    TEXT = (
        "The Foreign Ministry of Slovenia spoke. It was late. The Slovenian side left. The ministry’s note was short."
    )

    def cast(self) -> Cast:
        cast = cast_of(self.TEXT, persons=PERSONS, countries=["Slovenia"])
        context = MinistryContext({at(self.TEXT, "Foreign Ministry"): "SI"}, {})
        add_ministries(cast, tags(self.TEXT, "ministry", "Foreign Ministry", "ministry"), context)
        return cast

    def test_it_is_the_body_that_spoke_last(self) -> None:
        cast = self.cast()
        linker = linker_of(cast)
        linker.discourse.speakers.append((at(self.TEXT, "spoke").start, (cast.ministries()[0].key,)))
        assert meant(linker, at(self.TEXT, "It")) == ["Foreign Ministry"]

    def test_a_ministry_is_the_same_under_its_short_name(self) -> None:
        assert len(self.cast().ministries()) == 1
        assert meant(linker_of(self.cast()), at(self.TEXT, "The ministry’s")) == ["Foreign Ministry"]

    def test_a_nations_side_is_the_country(self) -> None:
        assert meant(linker_of(self.cast()), at(self.TEXT, "The Slovenian side")) == ["Slovenia"]

    def test_a_government_is_no_person(self) -> None:
        text = "Lars Eide left. The government of Slovenia spoke."
        assert read(text, "The government of Slovenia") == ["Slovenia"]


class TestSeveral:
    TEXT = (
        "Slovenia’s Foreign Minister Petra Kolar met Norway’s Foreign Minister Lars Eide. Omar Haddad saw it. "
        "They spoke. The two ministers left. Both countries are small. The Slovenian and Norwegian ministers slept."
    )

    def linker(self) -> Linker:
        cast = cast_of(self.TEXT, persons=PERSONS, countries=["Slovenia", "Norway"])
        entitle(cast, "Petra Kolar", "Foreign Minister", "SI")
        entitle(cast, "Lars Eide", "Foreign Minister", "NO")
        linker = linker_of(cast)
        keys = [a.key for a in cast.persons() if a.name != "Omar Haddad"]
        linker.discourse.parties.append((at(self.TEXT, "met").start, tuple(keys)))
        return linker

    @pytest.mark.parametrize(
        ("words", "names"),
        [
            ("They", {"Petra Kolar", "Lars Eide"}),
            ("The two ministers", {"Petra Kolar", "Lars Eide"}),
            ("Both countries", {"Slovenia", "Norway"}),
            ("The Slovenian and Norwegian ministers", {"Petra Kolar", "Lars Eide"}),
        ],
    )
    def test_a_group(self, words: str, names: set[str]) -> None:
        assert set(meant(self.linker(), at(self.TEXT, words))) == names

    def test_alone_nobody_is_a_group(self) -> None:
        assert read("Petra Kolar came. They spoke.", "They") == []


class TestGroupCandidates:
    TEXT = "Petra Kolar met Lars Eide. Anna Moreau and Omar Haddad watched the ships. They left."

    def candidates(self, told: list[Told], exclude: tuple[str, ...] = ()) -> list[set[str]]:
        cast = cast_of(self.TEXT, persons=PERSONS)
        choice = GroupChoice(cast, lay_out(self.TEXT), WEIGHTS.grouping)
        span = at(self.TEXT, "They")
        found = choice.candidates(span, take_apart("They", tables()), told, [], exclude)
        return [{cast.by_key[k].name for k in c.keys} for c in found]

    def test_each_group_once_and_never_of_one(self) -> None:
        keys = ("person:petra-kolar", "person:lars-eide")
        found = self.candidates([Told(5, keys), Told(20, keys[::-1])])
        assert {"Petra Kolar", "Lars Eide"} in found
        assert all(len(g) > 1 for g in found)
        assert len(found) == len({frozenset(g) for g in found})

    def test_without_those_excluded(self) -> None:
        assert all("Omar Haddad" not in g for g in self.candidates([], ("person:omar-haddad",)))

    def test_nothing_told_later(self) -> None:
        later = Told(len(self.TEXT), ("person:petra-kolar", "person:omar-haddad"))
        assert {"Petra Kolar", "Omar Haddad"} not in self.candidates([later])


def test_every_phrase_of_a_text_can_be_resolved() -> None:
    text = (
        "Petra Kolar of Slovenia met Lars Eide. "
        "He said that she, they, the two sides, it, we, I, who and the minister left."
    )
    cast = cast_of(text, persons=PERSONS, countries=["Slovenia"])
    linker = linker_of(cast)
    for words in ("He", "she", "they", "the two sides", "it", "we", "I", "who", "the minister", "Slovenia", "left."):
        assert all(
            name in {a.name for a in cast.by_key.values()} for s in every(text, words) for name in meant(linker, s)
        )
