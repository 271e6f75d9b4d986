"""Whom a trigger brings together: several persons at once or one after the other, and posts of several countries."""

from __future__ import annotations

import pytest

from kg_build.model import EntityType, MeetingKind, Reading, Status
from kg_build.reader.interpret import interpret
from kg_build.reader.tables import tables
from kg_build.reader.tagging import Tagged, TriggerTag
from kg_build.training.linkers import starting_vectors, weights_of
from tests.support.reading import assert_sound, at, seen_in

WEIGHTS = weights_of(starting_vectors())
K, S = MeetingKind, Status


def meetings(found: Reading) -> list[set[str]]:
    """The names of the parties of each meeting."""
    of = {e.key: e.name for e in found.entities}
    return [{of[p.agent] for p in m.participations} for m in found.meetings]


def tag(text: str, words: str, *parties: str, kind: MeetingKind = K.MEETING, status: Status = S.HELD) -> TriggerTag:
    """A trigger with the first place of each party's words that lies in its sentence's reach."""
    return TriggerTag(at(text, words), kind, status, tuple(Tagged(at(text, p), "PARTY") for p in parties))


class TestApart:
    PERSONS = ("Petra Kolar", "Lars Eide", "Omar Haddad")
    EACH = ({"Petra Kolar", "Lars Eide"}, {"Petra Kolar", "Omar Haddad"})

    def read(self, text: str, words: str, kind: MeetingKind, status: Status = S.HELD) -> list[set[str]]:
        trigger = tag(text, words, *self.PERSONS, kind=kind, status=status)
        seen = seen_in(text, persons=self.PERSONS, triggers=[trigger])
        found = interpret(seen, tables(), WEIGHTS)
        assert_sound(found, seen.document)
        return meetings(found)

    @pytest.mark.parametrize(
        ("text", "words", "kind"),
        [
            ("Petra Kolar phoned Lars Eide and Omar Haddad on Monday.", "phoned", K.CALL),
            ("Petra Kolar met Lars Eide and Omar Haddad separately.", "met", K.MEETING),
            ("Petra Kolar held separate talks with Lars Eide and Omar Haddad.", "talks", K.MEETING),
            ("Petra Kolar received Lars Eide and Omar Haddad in turn.", "received", K.MEETING),
            ("Petra Kolar met Lars Eide and then Omar Haddad.", "met", K.MEETING),
            ("Petra Kolar had meetings with Lars Eide and Omar Haddad.", "meetings", K.MEETING),
            ("Petra Kolar met both Lars Eide and Omar Haddad.", "met", K.MEETING),
        ],
    )
    def test_one_with_each(self, text: str, words: str, kind: MeetingKind) -> None:
        assert self.read(text, words, kind) == [*self.EACH]

    def test_none_with_either(self) -> None:
        text = "Petra Kolar met neither Lars Eide nor Omar Haddad."
        assert self.read(text, "met", K.MEETING, S.DENIED) == [*self.EACH]

    @pytest.mark.parametrize(
        ("text", "words", "kind"),
        [
            ("Petra Kolar met Lars Eide and Omar Haddad on Monday.", "met", K.MEETING),
            ("Petra Kolar held a three-way call with Lars Eide and Omar Haddad.", "call", K.CALL),
            ("Petra Kolar held a conference call with Lars Eide and Omar Haddad.", "conference call", K.CALL),
            ("Petra Kolar phoned Lars Eide and Omar Haddad together.", "phoned", K.CALL),
            ("Petra Kolar and Lars Eide phoned Omar Haddad.", "phoned", K.CALL),
            ("Petra Kolar, Lars Eide and Omar Haddad held a call.", "call", K.CALL),
            ("Petra Kolar met Lars Eide and Omar Haddad, who later sailed home.", "met", K.MEETING),
        ],
    )
    def test_one_of_all(self, text: str, words: str, kind: MeetingKind) -> None:
        assert self.read(text, words, kind) == [set(self.PERSONS)]

    @pytest.mark.parametrize(
        ("words", "expected"),
        [("met both ministers separately", EACH), ("met the two ministers", (set(PERSONS),))],
    )
    def test_a_group_that_others_are(self, words: str, expected: tuple[set[str], ...]) -> None:
        text = f"Lars Eide and Omar Haddad came to Oslo. Petra Kolar {words} there."
        group = words.removeprefix("met ").removesuffix(" separately")
        seen = seen_in(text, persons=self.PERSONS, triggers=[tag(text, "met", "Petra Kolar", group)])
        assert meetings(interpret(seen, tables(), WEIGHTS)) == [*expected]


class TestShared:
    """A party that a verb shares with the clause before it."""

    PERSONS = ("Petra Kolar", "Lars Eide", "Omar Haddad")

    def read(self, text: str, *triggers: TriggerTag) -> list[set[str]]:
        return meetings(interpret(seen_in(text, persons=self.PERSONS, triggers=triggers), tables(), WEIGHTS))

    def test_of_the_verb_before(self) -> None:
        text = "Petra Kolar phoned Lars Eide on Monday and met Omar Haddad."
        found = self.read(
            text, tag(text, "phoned", "Petra Kolar", "Lars Eide", kind=K.CALL), tag(text, "met", "Omar Haddad")
        )
        assert found == [{"Petra Kolar", "Lars Eide"}, {"Petra Kolar", "Omar Haddad"}]

    def test_of_the_sentence(self) -> None:
        text = "Petra Kolar sailed to Oslo and met Omar Haddad."
        assert self.read(text, tag(text, "met", "Omar Haddad")) == [{"Petra Kolar", "Omar Haddad"}]

    def test_not_of_a_definite_noun(self) -> None:
        text = "Petra Kolar spoke of the meeting with Omar Haddad."
        assert self.read(text, tag(text, "meeting", "Omar Haddad")) == []


class TestPostsOfSeveralCountries:
    COUNTRIES = ("Brazil", "Colombia", "Mexico")
    FIRST = "The foreign ministers of Brazil, Colombia and Mexico met on Monday."
    TITLED = (
        " Brazilian Foreign Minister Ana Lima came first. Colombian Foreign Minister Juan Rojas came by sea."
        " Mexican Foreign Minister Eva Soto spoke last."
    )
    PERSONS = ("Ana Lima", "Juan Rojas", "Eva Soto", "Petra Kolar")

    def read(self, rest: str, *posts: str) -> Reading:
        text = self.FIRST + rest
        seen = seen_in(
            text,
            persons=self.PERSONS,
            countries=self.COUNTRIES,
            posts=("foreign ministers", "Foreign Minister", *posts),
            triggers=[tag(text, "met", *self.COUNTRIES)],
        )
        found = interpret(seen, tables(), WEIGHTS)
        assert_sound(found, seen.document)
        return found

    def test_are_those_who_hold_them(self) -> None:
        assert meetings(self.read(self.TITLED)) == [{"Ana Lima", "Juan Rojas", "Eva Soto"}]

    def test_are_those_whom_the_text_lists_next(self) -> None:
        found = self.read(" Ana Lima, Juan Rojas and Eva Soto spoke of fish.")
        assert meetings(found) == [{"Ana Lima", "Juan Rojas", "Eva Soto"}]

    def test_each_holds_the_post_in_their_country(self) -> None:
        found = self.read(" Ana Lima, Juan Rojas and Eva Soto spoke of fish.")
        of = {e.key: e.name for e in found.entities}
        held = {(of[t.person], t.title, of[t.of or ""]) for t in found.tenures}
        assert held == {
            ("Ana Lima", "foreign minister", "Brazil"),
            ("Juan Rojas", "foreign minister", "Colombia"),
            ("Eva Soto", "foreign minister", "Mexico"),
        }

    @pytest.mark.parametrize(
        "rest",
        [
            " Ana Lima and Juan Rojas spoke of fish.",
            " Ana Lima, Juan Rojas, Eva Soto and Petra Kolar spoke of fish.",
            " Ana Lima spoke of fish. Juan Rojas slept. Eva Soto sailed home.",
            " They spoke of fish. The sea was calm. It rained. Ana Lima, Juan Rojas and Eva Soto left.",
            "",
        ],
        ids=["too-few", "too-many", "no-list", "too-late", "nobody"],
    )
    def test_are_the_countries_where_nobody_is_known_to_hold_them(self, rest: str) -> None:
        assert meetings(self.read(rest)) == [set(self.COUNTRIES)]

    def test_no_list_without_those_known_to_hold_them(self) -> None:
        found = self.read(
            " Ana Lima, Juan Rojas and Petra Kolar spoke of fish. Mexican Foreign Minister Eva Soto slept."
        )
        assert meetings(found) == [set(self.COUNTRIES)]

    def test_countries_alone_are_countries(self) -> None:
        text = "Brazil and Mexico met on Monday."
        seen = seen_in(text, countries=self.COUNTRIES, triggers=[tag(text, "met", "Brazil", "Mexico")])
        found = interpret(seen, tables(), WEIGHTS)
        assert meetings(found) == [{"Brazil", "Mexico"}]
        assert {e.type for e in found.entities} == {EntityType.COUNTRY}


def test_two_triggers_side_by_side_are_one() -> None:
    text = "Petra Kolar is to see Lars Eide."
    triggers = [tag(text, "to", "Petra Kolar", status=S.PLANNED), tag(text, "see", "Lars Eide", status=S.PLANNED)]
    found = interpret(seen_in(text, persons=("Petra Kolar", "Lars Eide"), triggers=triggers), tables(), WEIGHTS)
    assert meetings(found) == [{"Petra Kolar", "Lars Eide"}]
    assert [m.span.of(text) for m in found.meetings[0].mentions] == ["to see"]
