"""Attributions: the content's bounds, quotations, form, speech act, addressees, carriers."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg_build.model import Form, Span, SpeechAct
from kg_build.reader.attributions import (
    act_of,
    addressees,
    carriers,
    completed,
    form_of,
    outlets_beside,
    quotations_in,
    trimmed,
)
from kg_build.reader.layout import lay_out
from tests.support.reading import at, cast_of

A = SpeechAct


class TestForm:
    @pytest.mark.parametrize(
        ("text", "content", "form"),
        [
            ("Kolar said the harbour would open.", "the harbour would open", Form.INDIRECT),
            ("“The harbour will open,” said Kolar.", "The harbour will open,", Form.DIRECT),
            ('"The harbour will open," said Kolar.', '"The harbour will open,"', Form.DIRECT),
            ("Kolar said the harbour would “open at last”.", "the harbour would “open at last”", Form.MIXED),
            (
                "Kolar said “not yet” to the idea of a new harbour.",
                "“not yet” to the idea of a new harbour",
                Form.MIXED,
            ),
            ("“The harbour will open.\n\n“It will be large,” said Kolar.", "The harbour will open.", Form.DIRECT),
        ],
    )
    def test_by_how_much_is_quoted(self, text: str, content: str, form: Form) -> None:
        assert form_of([at(text, content)], lay_out(text), text) is form

    def test_of_several_stretches_together(self) -> None:
        text = "“The harbour,” Kolar said, “will open.” She said it was new."
        parts = [at(text, "The harbour,"), at(text, "will open.")]
        assert form_of(parts, lay_out(text), text) is Form.DIRECT
        assert form_of([*parts, at(text, "it was new")], lay_out(text), text) is Form.MIXED


class TestQuotations:
    @pytest.mark.parametrize(
        ("text", "content", "quoted"),
        [
            ("“It will open,” said Kolar.", "It will open", ["It will open"]),
            ("“It will open,” said Kolar.", "“It will open,”", ["It will open,"]),
            ('She said "yes" and "no".', '"yes" and "no"', ["yes", "no"]),
            ("She said it would “open at last” in May.", "it would “open at last” in May", ["open at last"]),
            ("“It will open\n\nand so on", "It will open", ["It will open"]),
            ("She said it would open.", "it would open", []),
        ],
    )
    def test_stand_without_their_marks(self, text: str, content: str, quoted: list[str]) -> None:
        assert [q.of(text) for q in quotations_in([at(text, content)], lay_out(text), text)] == quoted


class TestCompletion:
    def whole(self, text: str, *stretches: str, others: tuple[str, ...] = ()) -> list[str]:
        found = completed([at(text, s) for s in stretches], [at(text, o) for o in others], lay_out(text), text)
        return [s.of(text) for s in found]

    def test_a_broken_stretch_goes_on_to_the_end_of_its_clause(self) -> None:
        text = "Kolar said the harbour would open in May, and left."
        assert self.whole(text, "the harbour would", others=("said",)) == ["the harbour would open in May"]

    def test_but_not_over_its_cue(self) -> None:
        text = "The harbour would open Kolar said on Monday."
        assert self.whole(text, "The harbour would", others=("Kolar", "said")) == ["The harbour would open"]

    def test_nor_over_the_end_of_its_sentence(self) -> None:
        text = "Kolar said the harbour would open. It is new."
        assert self.whole(text, "the harbour") == ["the harbour would open"]

    def test_pieces_of_one_stretch_are_put_together(self) -> None:
        text = "Kolar said the old harbour, the new one, would open."
        assert self.whole(text, "the old harbour", "the new one", "would open") == [
            "the old harbour, the new one, would open"
        ]

    def test_stretches_on_both_sides_of_the_cue_stay_apart(self) -> None:
        text = "“The harbour,” Kolar said, “will open.”"
        assert self.whole(text, "The harbour", "will open", others=("Kolar", "said")) == ["The harbour", "will open"]

    def test_without_a_word_there_is_no_content(self) -> None:
        text = "Kolar said: —. She left."
        assert self.whole(text, "—") == []

    @pytest.mark.parametrize(
        ("words", "left"), [(", we agree —", "we agree"), ("we agree", "we agree"), (" ,;\u00a0", None)]
    )
    def test_trimming(self, words: str, left: str | None) -> None:
        found = trimmed(Span(0, len(words)), words)
        assert (found.of(words) if found else None) == left

    @given(st.data())
    def test_stretches_stay_in_the_text_and_in_order(self, data: st.DataObject) -> None:
        text = "So " + data.draw(
            st.lists(st.sampled_from(("we", "agree", "Kolar", "said", ", ", ". ", " “", "” ", "\n\n", " "))).map(
                "".join
            )
        )
        ends = st.integers(0, len(text))
        spans = [
            Span(min(a, b), max(a, b)) for a, b in data.draw(st.lists(st.tuples(ends, ends), max_size=4)) if a != b
        ]
        found = completed(spans, [], lay_out(text), text)
        assert all(a.end < b.start for a, b in pairwise(found))
        assert all(s.end <= len(text) and s.of(text).strip() for s in found)


@pytest.mark.parametrize(
    ("cue", "content", "act"),
    [
        ("said", "talks go on", A.ASSERT),
        ("denied", "it", A.DENY),
        ("ruled out", "talks", A.DENY),
        ("congratulated", "him", A.CONGRATULATE),
        ("thanked", "him for it", A.THANK),
        ("condemned", "the attack", A.CONDEMN),
        ("accused", "him of it", A.CRITICIZE),
        ("hailed", "the result", A.PRAISE),
        ("welcomed", "the plan", A.WELCOME),
        ("warned", "of delays", A.WARN),
        ("demanded", "an answer", A.DEMAND),
        ("called on", "them to stop", A.REQUEST),
        ("urged", "calm", A.REQUEST),
        ("asked for", "help", A.REQUEST),
        ("proposed", "a bridge", A.PROPOSE),
        ("pledged", "help", A.PROMISE),
        ("reaffirmed", "support", A.REAFFIRM),
        ("stressed", "that", A.EMPHASIZE),
        ("pointed out", "that", A.EMPHASIZE),
        ("confirmed", "it", A.CONFIRM),
        ("announced", "talks", A.ANNOUNCE),
        ("agreed", "to meet", A.AGREE),
        ("declined", "to comment", A.DECLINE),
        ("asked", "why", A.ASK),
        ("hopes", "for peace", A.EXPRESS_HOPE),
        ("expressed", "concern about the arrests", A.EXPRESS_CONCERN),
        ("expressed", "support for the plan", A.EXPRESS_SUPPORT),
        ("conveyed", "condolences to the family", A.CONDOLE),
        ("said", "he condemned the attack", A.ASSERT),
    ],
)
def test_speech_acts(cue: str, content: str, act: SpeechAct) -> None:
    assert act_of(cue, content) is act


class TestWho:
    def test_a_telling_cue_has_addressees(self) -> None:
        text = "Kolar told Lars Eide and Ana Moreau that the harbour of Omar Haddad was open."
        cast = cast_of(text, persons=["Kolar", "Lars Eide", "Ana Moreau", "Omar Haddad"])
        assert [a.name for a in addressees(at(text, "told"), cast)] == ["Lars Eide", "Ana Moreau"]

    def test_no_other_cue_has(self) -> None:
        text = "Kolar said Lars Eide was late."
        assert addressees(at(text, "said"), cast_of(text, persons=["Kolar", "Lars Eide"])) == []

    def test_at_the_end_of_a_text_nobody_is_told(self) -> None:
        text = "Kolar told"
        assert addressees(at(text, "told"), cast_of(text, persons=["Kolar"])) == []

    def test_those_who_carry_it(self) -> None:
        text = "According to the Harbour Union in Oslo, all is well."
        cast = cast_of(text, places=["Oslo"], bodies=["Harbour Union"])
        assert [a.name for a in carriers(at(text, "According to the Harbour Union in Oslo"), cast)] == ["Harbour Union"]

    def test_outlets_that_carried_it(self) -> None:
        text = "Kolar told Reuters that AFP was wrong."
        cast = cast_of(text, persons=["Kolar"], bodies=["Reuters", "AFP"])
        found = outlets_beside(at(text, "told"), [at(text, "AFP was wrong")], lay_out(text), cast)
        assert [a.name for a in found] == ["Reuters"]
