"""Paragraphs, sentences and quotations."""

from __future__ import annotations

import itertools
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg_build.model import Span
from kg_build.reader.layout import Layout, lay_out
from tests.support.reading import at, reported

WRAPPED = """The foreign minister of the island republic came to the old harbour in
the morning, and the mayor showed her the cranes, the customs sheds and
the new light on the mole before the talks began in the town hall, which
were short.

In the evening both went to the theatre with the envoys of the two other
states that border on the strait.
"""

texts = st.text(st.sampled_from("ab Z.!?:\n\t“”‘’\"'«»-1\u00a0\u2028é汉"), max_size=120)


def paragraphs(text: str) -> list[str]:
    return [s.of(text) for s in lay_out(text).paragraphs]


def sentences(text: str) -> list[str]:
    return [s.of(text) for s in lay_out(text).sentences]


def quotations(text: str) -> list[str]:
    return [s.of(text) for s in lay_out(text).quotations]


class TestParagraphs:
    def test_a_blank_line_ends_one(self) -> None:
        assert paragraphs("One.\n\nTwo.\n \n\n Three.\n") == ["One.", "Two.", "Three."]

    def test_each_line_is_one_where_lines_are_not_wrapped(self) -> None:
        assert paragraphs("Ministers meet\nThey met in the harbour.\nThe talks went on.") == [
            "Ministers meet",
            "They met in the harbour.",
            "The talks went on.",
        ]

    def test_wrapped_lines_are_one_paragraph(self) -> None:
        first, second = paragraphs(WRAPPED)
        assert first.startswith("The foreign minister")
        assert first.endswith("were short.")
        assert second.startswith("In the evening")

    def test_wrapped_sentences_go_over_line_ends(self) -> None:
        assert [len(s.splitlines()) for s in sentences(WRAPPED)] == [4, 2]

    def test_items_of_a_list_stay_apart_in_wrapped_text(self) -> None:
        text = WRAPPED + "\n" + "- the harbour dues, which both sides want to lower in the coming year\n" * 3
        assert len(paragraphs(text)) == 5

    def test_windows_line_ends(self) -> None:
        assert paragraphs("One.\r\nTwo.\r\n\r\nThree.") == ["One.", "Two.", "Three."]

    @pytest.mark.parametrize("text", ["", " ", "\n\n", "\r\n", "\t\u00a0\n"])
    def test_nothing_but_space_has_none(self, text: str) -> None:
        assert lay_out(text) == Layout((), (), ())


SENTENCES = [
    ["He left.", "She stayed."],
    ["Who left?", "Nobody!", "Well…", "They stayed."],
    ["Mr. Eide met Dr. Kolar and Gen. Haddad on Jan. 5 at 9 a.m. sharp.", "They spoke."],
    ["J. R. Marsh of Acme Ltd. signed.", "He left."],
    ["She came from the U.S.", "The visit was short."],
    ["The U.S. Navy sailed.", "It returned."],
    ["Talks began at 5 p.m. on Monday.", "They ended at 6 p.m.", "They were short."],
    ["It cost 3.5 million in 2030.", "In 2031 it cost 4."],
    ["“We agree.”", "He left."],
    ['"We agree," he said.', '"We do."'],
    ["“Who will come?” Eide asked.", "“Nobody,” she said."],
    ["“Who will come?”", "He left."],
    ["Eide said: “We agree.”", "Kolar nodded."],
    ["(He had left.)", "She stayed."],
    ["He said so [twice].", "She heard it."],
    ["They met, e.g. in the harbour, i.e. twice.", "It rained."],
    ["See No. 5 of the list.", "Then go on."],
    ["He signed the St. Anne accord with H.E. Omar Haddad.", "It holds."],
    ["They met in Oslo.”", "He left."],
]


class TestSentences:
    @pytest.mark.parametrize("expected", SENTENCES, ids=" ".join)
    def test_ends(self, expected: list[str]) -> None:
        assert sentences(" ".join(expected)) == expected

    @pytest.mark.parametrize(
        "expected",
        [
            ["The answer was no.", "Eide left."],
            ["Kolar sat.", "Eide stood."],
            ["She opened a museum of art.", "He came too."],
        ],
        ids=" ".join,
    )
    @reported
    def test_words_that_are_abbreviations_elsewhere(self, expected: list[str]) -> None:
        assert sentences(" ".join(expected)) == expected

    def test_the_end_of_a_paragraph_is_one(self) -> None:
        assert sentences("Eide and Kolar in Oslo (AP)\n\nThe talks went on.") == [
            "Eide and Kolar in Oslo (AP)",
            "The talks went on.",
        ]

    def test_a_small_letter_begins_none(self) -> None:
        assert sentences("It rose by approx. five metres… and fell. So it was.") == [
            "It rose by approx. five metres… and fell.",
            "So it was.",
        ]

    def test_a_no_break_space_is_a_space(self) -> None:
        assert sentences("He left.\u00a0She stayed.") == ["He left.", "She stayed."]


class TestQuotations:
    @pytest.mark.parametrize(
        ("text", "expected"),
        [
            ('He said "yes" and "no".', ['"yes"', '"no"']),
            ("He said “yes” and “no”.", ["“yes”", "“no”"]),
            ("'Yes,' he said, 'it isn't over.'", ["'Yes,'", "'it isn't over.'"]),
            ("He said ‘it isn’t over’ twice.", ["‘it isn’t over’"]),
            ("The ministers’ talks and Eide’s plan", []),
            ("The ministers' talks and Eide's plan", []),
            ("«Oui», dit-il. „Ja“, sagte er.", ["«Oui»", "„Ja“"]),
            ("He said “the ‘old’ way” is gone.", ["“the ‘old’ way”"]),
            ("He said “we agree and\n\nThen they left.", ["“we agree and"]),
            ("“One paragraph.\n\n“And another,” he said.", ["“One paragraph.", "“And another,”"]),
            ('An open "one\n\nand a "closed" one', ['"one', '"closed"']),
            ("Nothing is said.", []),
        ],
    )
    def test_found_with_their_marks(self, text: str, expected: list[str]) -> None:
        assert quotations(text) == expected

    @reported
    def test_an_elided_century_opens_none(self) -> None:
        assert quotations("The '90s were good for the ministers' talks.") == []


class TestLookups:
    TEXT = "One “a b” two. Three.\n\nFour “c”."

    def test_the_sentence_and_paragraph_of_a_place(self) -> None:
        layout = lay_out(self.TEXT)
        assert [layout.sentence_at(at(self.TEXT, w).start) for w in ("One", "two", "Three", "Four", "c”")] == [
            0,
            0,
            1,
            2,
            2,
        ]
        assert [layout.paragraph_at(at(self.TEXT, w).start) for w in ("One", "Three", "Four")] == [0, 0, 1]

    def test_the_quotation_of_a_place(self) -> None:
        layout = lay_out(self.TEXT)
        assert layout.quotation_at(at(self.TEXT, "b").start) == at(self.TEXT, "“a b”")
        assert layout.quotation_at(at(self.TEXT, "two").start) is None

    @given(texts, st.integers(0, 130), st.integers(1, 130))
    def test_quotations_within_are_those_that_share_a_character(self, text: str, start: int, length: int) -> None:
        layout = lay_out(text)
        span = Span(start, start + length)
        assert layout.quotations_within(span) == tuple(q for q in layout.quotations if q.meets(span))


@given(texts | st.text(max_size=200))
def test_everything_lies_in_the_text_in_order_and_within_its_paragraph(text: str) -> None:
    layout = lay_out(text)
    for spans in (layout.paragraphs, layout.sentences, layout.quotations):
        assert all(a.end <= b.start for a, b in itertools.pairwise(spans))
        assert all(s.end <= len(text) for s in spans)
    for spans in (layout.paragraphs, layout.sentences):
        assert all(s.of(text) == s.of(text).strip() for s in spans)
    for inner in (*layout.sentences, *layout.quotations):
        assert layout.paragraphs[layout.paragraph_at(inner.start)].holds(inner)


@given(texts | st.text(max_size=200))
def test_no_character_is_left_out(text: str) -> None:
    layout = lay_out(text)
    for spans in (layout.paragraphs, layout.sentences):
        covered = {i for s in spans for i in range(s.start, s.end)}
        assert all(i in covered for i, c in enumerate(text) if not c.isspace())


@pytest.mark.parametrize("unit", ["He left. ", '"', "“a” ", "Mr. ", "\n", " ", "a\n", "' ", "."])
def test_long_texts_take_linear_time(unit: str) -> None:
    text = unit * (12_000 // len(unit))
    start = time.process_time()
    lay_out(text)
    assert time.process_time() - start < 1
