"""Whose words a cue brings, through whom, and which cues tell of one statement."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg_build.model import EntityType, Form, Reading, Span, Statement
from kg_build.reader.interpret import interpret
from kg_build.reader.tables import tables
from kg_build.reader.tagging import CueTag, Tagged
from kg_build.training.linkers import starting_vectors, weights_of
from tests.support.reading import assert_sound, at, seen_in

WEIGHTS = weights_of(starting_vectors())
PERSONS = ("Petra Kolar", "Lars Eide", "Omar Haddad")


def cue(text: str, words: str, content: str, *sources: str | Span, via: str | None = None) -> CueTag:
    """A cue; of several sources the first is the likeliest."""
    spans = [s if isinstance(s, Span) else at(text, s) for s in sources]
    return CueTag(
        at(text, words),
        tuple(Tagged(s, "SOURCE", 0.9 - 0.1 * i) for i, s in enumerate(spans)),
        (Tagged(at(text, content), "CONTENT"),),
        (Tagged(at(text, via), "VIA"),) if via else (),
    )


def read(text: str, *cues: CueTag, posts: Sequence[str] = (), title: str | None = None) -> Reading:
    seen = seen_in(text, persons=PERSONS, posts=posts, cues=cues, title=title)
    found = interpret(seen, tables(), WEIGHTS)
    assert_sound(found, seen.document)
    return found


def who(found: Reading, statement: Statement) -> list[str]:
    of = {e.key: e.name for e in found.entities}
    return [of[k] for k in statement.speakers]


def said(found: Reading, text: str) -> list[tuple[list[str], str]]:
    """Speakers and words of each statement."""
    return [(who(found, s), " … ".join(c.of(text) for c in s.content)) for s in found.statements]


class TestSources:
    @pytest.mark.parametrize(
        ("text", "speakers"),
        [
            ("Petra Kolar and Lars Eide said the sea was calm.", ["Petra Kolar", "Lars Eide"]),
            ("Petra Kolar, as well as Lars Eide said the sea was calm.", ["Petra Kolar"]),
            ("Petra Kolar as well as Lars Eide said the sea was calm.", ["Petra Kolar", "Lars Eide"]),
            ("Petra Kolar, Minister Lars Eide said the sea was calm.", ["Petra Kolar", "Lars Eide"]),
            ("Petra Kolar, who met Lars Eide, said the sea was calm.", ["Petra Kolar"]),
        ],
    )
    def test_joined_by_and_speak_together(self, text: str, speakers: list[str]) -> None:
        found = read(text, cue(text, "said", "the sea was calm", "Petra Kolar", "Lars Eide"))
        assert said(found, text) == [(speakers, "the sea was calm")]

    def test_are_joined_through_a_third(self) -> None:
        text = "Petra Kolar, Lars Eide and Omar Haddad said the sea was calm."
        found = read(text, cue(text, "said", "the sea was calm", *PERSONS))
        assert said(found, text) == [([*PERSONS], "the sea was calm")]

    @pytest.mark.parametrize("likeliest", [0, 1])
    def test_with_nothing_between_them_are_not_joined(self, likeliest: int) -> None:
        text = "Petra Kolar Lars Eide said the sea was calm."
        sides = [Span(0, len("Petra Kolar ")), at(text, "Lars Eide")]
        found = read(text, cue(text, "said", "the sea was calm", sides[likeliest], sides[1 - likeliest]))
        assert said(found, text) == [([PERSONS[likeliest]], "the sea was calm")]

    @given(st.lists(st.tuples(st.integers(0, 40), st.integers(1, 15)), min_size=2, max_size=4))
    def test_wherever_they_lie_the_reading_is_sound(self, places: list[tuple[int, int]]) -> None:
        text = "Petra Kolar, Minister Lars Eide and Omar Haddad said the sea was calm."
        read(text, cue(text, "said", "the sea was calm", *(Span(start, start + size) for start, size in places)))

    def test_that_the_text_does_not_name_are_actors_of_their_own(self) -> None:
        text = "Petra Kolar slept. A Danish diplomat said the sea was calm."
        found = read(text, cue(text, "said", "the sea was calm", "A Danish diplomat"))
        assert said(found, text) == [(["A Danish diplomat"], "the sea was calm")]
        (unnamed,) = [e for e in found.entities if e.type is EntityType.UNNAMED_SOURCE]
        assert unnamed.iso == "DK"

    def test_that_are_no_words_are_nobody(self) -> None:
        text = "… said the sea was calm."
        found = read(text, cue(text, "said", "the sea was calm", Span(0, 1)))
        assert said(found, text) == [([], "the sea was calm")]


class TestWithoutSource:
    def test_the_speaker_before_it_in_the_sentence_goes_on(self) -> None:
        text = "Lars Eide told Petra Kolar that the sea was calm, adding that it was blue."
        first = cue(text, "told", "that the sea was calm", "Lars Eide")
        found = read(text, first, cue(text, "adding", "that it was blue"))
        assert said(found, text) == [(["Lars Eide"], "that the sea was calm"), (["Lars Eide"], "that it was blue")]
        assert found.statements[1].confidence < found.statements[0].confidence

    def test_else_it_is_the_sentences_first_person(self) -> None:
        text = "Lars Eide wrote to Petra Kolar, urging that ships be sent."
        assert said(read(text, cue(text, "urging", "that ships be sent")), text) == [
            (["Lars Eide"], "that ships be sent")
        ]

    def test_else_whoever_spoke_last(self) -> None:
        text = "Lars Eide said the sea was calm. It was stressed that ships were there."
        first = cue(text, "said", "the sea was calm", "Lars Eide")
        found = read(text, first, cue(text, "stressed", "that ships were there"))
        assert said(found, text)[1] == (["Lars Eide"], "that ships were there")


class TestCited:
    def test_words_are_theirs_who_are_cited(self) -> None:
        text = "Petra Kolar quoted Lars Eide as saying that the sea was calm."
        found = read(text, cue(text, "quoted", "Lars Eide as saying that the sea was calm", "Petra Kolar"))
        assert said(found, text) == [(["Lars Eide"], "the sea was calm")]
        assert found.statements[0].via == ("person:petra-kolar",)

    def test_without_a_person_nobody_is_cited(self) -> None:
        text = "Petra Kolar cited the calm sea as a reason to sail."
        found = read(text, cue(text, "cited", "the calm sea as a reason to sail", "Petra Kolar"))
        assert said(found, text) == [(["Petra Kolar"], "the calm sea as a reason to sail")]


class TestSeveralCues:
    TEXT = "Spokesman Omar Haddad said that Petra Kolar had told Lars Eide that the sea was calm."

    def test_one_within_anothers_words_came_through_a_spokesman(self) -> None:
        text = self.TEXT
        found = read(
            text,
            cue(text, "said", "that Petra Kolar had told Lars Eide that the sea was calm", "Omar Haddad"),
            cue(text, "told", "that the sea was calm", "Petra Kolar"),
            posts=("Spokesman",),
        )
        assert said(found, text)[-1] == (["Petra Kolar"], "that the sea was calm")
        assert found.statements[-1].via == ("person:omar-haddad",)
        assert found.statements[-1].addressees == ("person:lars-eide",)

    def test_but_not_through_anybody_else(self) -> None:
        text = self.TEXT
        found = read(
            text,
            cue(text, "said", "that Petra Kolar had told Lars Eide that the sea was calm", "Omar Haddad"),
            cue(text, "told", "that the sea was calm", "Petra Kolar"),
        )
        assert [who(found, s) for s in found.statements] == [["Omar Haddad"], ["Petra Kolar"]]
        assert found.statements[-1].via == ()

    def test_two_cues_of_the_same_words_are_one_statement(self) -> None:
        text = "“The sea is calm,” Petra Kolar said, according to Petra Kolar."
        found = read(
            text,
            cue(text, "said", "The sea is calm", "Petra Kolar"),
            cue(text, "according to", "The sea is calm", at(text, "Petra Kolar", 1)),
        )
        assert said(found, text) == [(["Petra Kolar"], "The sea is calm")]

    def test_two_speakers_of_the_same_words_are_two(self) -> None:
        text = "Petra Kolar said, and Lars Eide repeated, that the sea was calm."
        found = read(
            text,
            cue(text, "said", "that the sea was calm", "Petra Kolar"),
            cue(text, "repeated", "that the sea was calm", "Lars Eide"),
        )
        assert [who(found, s) for s in found.statements] == [["Petra Kolar"], ["Lars Eide"]]


class TestForms:
    @pytest.mark.parametrize(
        ("text", "form"),
        [
            ("I stress that the sea is calm.", Form.DIRECT),
            ("“The talks were long. I stress that the sea is calm.”", Form.DIRECT),
            ("Petra Kolar did stress that the sea is calm.", Form.INDIRECT),
        ],
    )
    def test_whoever_speaks_of_themselves_speaks_directly(self, text: str, form: Form) -> None:
        source = "I" if "I " in text else "Petra Kolar"
        found = read(text, cue(text, "stress", "that the sea is calm", source))
        assert [s.form for s in found.statements] == [form]


def test_who_a_release_is_attributable_to_passes_its_words_on() -> None:
    text = "The following is attributable to Spokesman Omar Haddad:\n\nPetra Kolar said the sea was calm.\n"
    found = read(text, cue(text, "said", "the sea was calm", "Petra Kolar"), posts=("Spokesman",))
    assert [(who(found, s), s.via) for s in found.statements] == [(["Petra Kolar"], ("person:omar-haddad",))]


class TestGoingOn:
    def test_a_content_ends_where_the_speaker_goes_on(self) -> None:
        text = "Petra Kolar voiced concern about the storms and urged the crews to stay ashore."
        first = cue(text, "voiced", "concern about the storms and urged the crews to stay ashore", "Petra Kolar")
        second = cue(text, "urged", "the crews to stay ashore", "Petra Kolar")
        assert [words for _, words in said(read(text, first, second), text)] == [
            "concern about the storms",
            "the crews to stay ashore",
        ]

    def test_what_another_speaker_goes_on_with_stays_within(self) -> None:
        text = "Petra Kolar said the storms had passed and Lars Eide urged the crews to sail."
        first = cue(text, "said", "the storms had passed and Lars Eide urged the crews to sail", "Petra Kolar")
        second = cue(text, "urged", "the crews to sail", "Lars Eide")
        assert said(read(text, first, second), text)[0][1].endswith("sail")
