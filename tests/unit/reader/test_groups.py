"""Which group "they" or "the two ministers" stands for. The casts are small and made by hand."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg_build.reader.actors import Cast
from kg_build.reader.groups import GROUP_FEATURES, GroupCandidate, GroupChoice, Told
from kg_build.reader.layout import lay_out
from kg_build.reader.phrases import take_apart
from kg_build.reader.tables import tables
from tests.support.reading import at, cast_of, entitle, every, person, weights

TEXT = (
    "Petra Kolar met Lars Eide. Anna Moreau and Omar Haddad watched the ships near Slovenia and Norway. They left. "
    "The two foreign ministers ate. The Slovenian and Norwegian presidents slept. The three leaders sang. "
    "The countries agreed."
)
PERSONS = ("Petra Kolar", "Lars Eide", "Anna Moreau", "Omar Haddad")
KOLAR, EIDE, MOREAU, HADDAD = (f"person:{n.lower().replace(' ', '-')}" for n in PERSONS)
NOTHING = weights(GROUP_FEATURES)


def cast() -> Cast:
    """Two foreign ministers, two presidents, two countries."""
    found = cast_of(TEXT, persons=PERSONS, countries=["Slovenia", "Norway"])
    entitle(found, "Petra Kolar", "Foreign Minister", "SI")
    entitle(found, "Lars Eide", "Foreign Minister", "NO")
    entitle(found, "Anna Moreau", "President", "SI")
    entitle(found, "Omar Haddad", "President", "NO")
    return found


class Choice:
    """The choice for the words of one phrase in the text."""

    def __init__(self, words: str, **values: float) -> None:
        self.words = words
        self.span = at(TEXT, words)
        self.phrase = take_apart(words, tables())
        self.choice = GroupChoice(cast(), lay_out(TEXT), weights(GROUP_FEATURES, **values))

    def candidates(
        self, *met: Told, spoke: tuple[Told, ...] = (), exclude: tuple[str, ...] = ()
    ) -> list[GroupCandidate]:
        return self.choice.candidates(self.span, self.phrase, met, spoke, exclude)

    def marks(self, keys: set[str], *met: Told, spoke: tuple[Told, ...] = ()) -> set[str]:
        """By what the group of ``keys`` was found; nothing if it was not."""
        return {m for c in self.candidates(*met, spoke=spoke) if set(c.keys) == keys for m in c.marks}

    def features(self, *keys: str) -> set[str]:
        values = self.choice.values(GroupCandidate(keys, set(), self.span.start), self.span, self.phrase)
        return {name for name, value in zip(GROUP_FEATURES, values, strict=True) if value}

    def chosen(self, *met: Told, spoke: tuple[Told, ...] = ()) -> set[str]:
        keys, share = self.choice.choose(self.span, self.phrase, met, spoke, ())
        assert 0 < share <= 1
        return set(keys)


class TestCandidates:
    def test_those_who_met_last_and_before(self) -> None:
        told = [Told(1, (KOLAR, HADDAD)), Told(2, (EIDE, MOREAU)), Told(3, (KOLAR, MOREAU))]
        choice = Choice("They")
        assert "met_last" in choice.marks({KOLAR, MOREAU}, *told)
        assert "met_before_that" in choice.marks({EIDE, MOREAU}, *told)
        assert "met_earlier" in choice.marks({KOLAR, HADDAD}, *told)

    def test_the_countries_of_those_who_met(self) -> None:
        assert "met_last" in Choice("They").marks({"country:SI", "country:NO"}, Told(1, (KOLAR, EIDE)))

    def test_those_who_spoke_last_alone_and_with_the_ones_before(self) -> None:
        spoke = (Told(1, (KOLAR, MOREAU)), Told(2, (HADDAD,)))
        choice = Choice("They")
        assert "spoke_last" in choice.marks({KOLAR, MOREAU, HADDAD}, spoke=spoke)
        assert "spoke_before_that" in choice.marks({KOLAR, MOREAU}, spoke=spoke)

    def test_those_named_in_the_sentence_before(self) -> None:
        assert {"in_sentence_before", "last_two"} <= Choice("They").marks({MOREAU, HADDAD})
        assert {"in_sentence_before", "last_two"} <= Choice("They").marks({"country:SI", "country:NO"})
        assert "in_paragraph" in Choice("They").marks({KOLAR, EIDE, MOREAU, HADDAD})

    def test_those_who_hold_such_a_post(self) -> None:
        assert {"by_title", "all_by_title"} <= Choice("The two foreign ministers").marks({KOLAR, EIDE})

    def test_the_one_holder_in_each_country_that_the_phrase_names(self) -> None:
        choice = Choice("The Slovenian and Norwegian presidents")
        assert "named_by_country" in choice.marks({MOREAU, HADDAD})
        assert "named_by_country" in choice.marks({"country:SI", "country:NO"})

    def test_nobody_told_of_later(self) -> None:
        later = Told(len(TEXT), (KOLAR, HADDAD))
        assert not Choice("They").marks({KOLAR, HADDAD}, later, spoke=(later,))

    @given(
        st.lists(st.tuples(st.integers(0, 200), st.lists(st.sampled_from([KOLAR, EIDE, MOREAU, HADDAD]), max_size=4))),
        st.sets(st.sampled_from([KOLAR, EIDE, MOREAU, HADDAD])),
        st.sampled_from(["They", "The two foreign ministers", "The countries"]),
    )
    def test_are_of_two_at_least_each_once_without_those_excluded(
        self, told: list[tuple[int, list[str]]], exclude: set[str], words: str
    ) -> None:
        groups = [Told(place, tuple(keys)) for place, keys in told]
        found = Choice(words).candidates(*groups, spoke=tuple(groups), exclude=tuple(exclude))
        assert all(len(set(c.keys)) == len(c.keys) > 1 for c in found)
        assert len({frozenset(c.keys) for c in found}) == len(found)
        assert not any(set(c.keys) & exclude for c in found)
        assert all(c.at <= at(TEXT, words).start and c.marks <= set(GROUP_FEATURES) for c in found)


class TestFeatures:
    @pytest.mark.parametrize(
        ("words", "keys", "some"),
        [
            ("They", (KOLAR, EIDE), {"persons", "pair"}),
            ("They", ("country:SI", "country:NO"), {"countries", "pair"}),
            ("The two foreign ministers", (KOLAR, EIDE), {"count_fits", "titles_fit"}),
            ("The two foreign ministers", (KOLAR, EIDE, MOREAU), {"count_differs", "titles_partly"}),
            ("The Slovenian and Norwegian presidents", (MOREAU, HADDAD), {"titles_fit", "isos_fit"}),
            ("The Slovenian and Norwegian presidents", (KOLAR, EIDE), {"titles_conflict", "isos_fit"}),
            ("The three leaders", (MOREAU, HADDAD), {"titles_fit", "count_differs"}),
            ("The countries", ("country:SI", "country:NO"), {"countries_wanted"}),
            ("The countries", (KOLAR, EIDE), {"persons_for_countries"}),
        ],
    )
    def test_what_speaks_for_and_against_a_group(self, words: str, keys: tuple[str, ...], some: set[str]) -> None:
        assert some <= Choice(words).features(*keys)

    def test_a_pronoun_and_a_phrase_have_features_of_their_own(self) -> None:
        candidate = GroupCandidate((KOLAR, EIDE), {"met_last"}, 0)
        found = {}
        for words in ("They", "The two foreign ministers"):
            choice = Choice(words)
            values = choice.choice.values(candidate, choice.span, choice.phrase)
            found[words] = {n for n, v in zip(GROUP_FEATURES, values, strict=True) if v and n.endswith("_met_last")}
        assert found == {"They": {"pronoun_met_last"}, "The two foreign ministers": {"definite_met_last"}}

    def test_a_pronoun_names_no_post_that_could_conflict(self) -> None:
        assert "titles_conflict" not in Choice("They").features(KOLAR, EIDE)

    def test_how_far_back_a_group_was_told_of(self) -> None:
        choice = Choice("The countries")
        found = []
        for place in (choice.span.start, 0):
            values = choice.choice.values(GroupCandidate((KOLAR, EIDE), set(), place), choice.span, choice.phrase)
            found.append({n for n, v in zip(GROUP_FEATURES, values, strict=True) if v} & {"near", "far"})
        assert found == [{"near"}, {"far"}]

    def test_valuing_leaves_the_candidate_as_it_was(self) -> None:
        choice, candidate = Choice("They"), GroupCandidate((KOLAR, EIDE), {"met_last"}, 0)
        choice.choice.values(candidate, choice.span, choice.phrase)
        assert candidate == GroupCandidate((KOLAR, EIDE), {"met_last"}, 0)


class TestChoosing:
    def test_the_group_with_the_highest_score(self) -> None:
        told = Told(1, (KOLAR, HADDAD))
        assert Choice("They", met_last=3, persons=1).chosen(told) == {KOLAR, HADDAD}
        assert Choice("They", last_two=3, persons=1).chosen(told) == {MOREAU, HADDAD}
        assert Choice("They", last_two=3, countries=1).chosen(told) == {"country:SI", "country:NO"}

    def test_the_surer_the_larger_the_difference(self) -> None:
        told = (Told(1, (KOLAR, HADDAD)),)
        shares = []
        for weight in (0.0, 1.0, 5.0):
            choice = Choice("They", pronoun_met_last=weight, persons=weight)
            shares.append(choice.choice.choose(choice.span, choice.phrase, told, (), ())[1])
        assert shares == sorted(shares)
        assert shares[0] < 0.5 < shares[-1]

    def test_without_candidates_nobody_is_meant(self) -> None:
        text = "Petra Kolar came. They spoke."
        alone = cast_of(text, persons=PERSONS)
        choice = GroupChoice(alone, lay_out(text), NOTHING)
        span = every(text, "They")[0]
        keys, share = choice.choose(span, take_apart("They", tables()), [], [], ())
        assert keys == ()
        assert 0 < share < 0.5
        assert person(alone, "Petra Kolar").key == KOLAR
