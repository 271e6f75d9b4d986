"""Encounters: which mentions tell of the same one, and what kind, status, date and place it has."""

from __future__ import annotations

from datetime import date

import pytest

from kg_build.model import MeetingKind, Span, Status, When
from kg_build.reader.encounters import (
    PAIR_FEATURES,
    Encounter,
    Party,
    Told,
    compare,
    context,
    join,
    kind_of,
    setting_of,
    status_of,
    when_of,
)
from kg_build.reader.layout import lay_out
from kg_build.reader.tagging import TriggerTag
from tests.support.reading import at, weights

K, S = MeetingKind, Status
MONDAY, TUESDAY, JUNE = When.day(date(2031, 5, 12)), When.day(date(2031, 5, 13)), When.month(2031, 6)
TEXT = (
    "Kolar met Eide. The meeting was long. She will call Haddad. They met in Oslo. A visit came later."
    "\n\nThe end of it."
)
LAYOUT = lay_out(TEXT)
SIMPLE = weights(
    PAIR_FEATURES,
    bias=-1,
    same_parties=3,
    share_some=-3,
    disjoint=-6,
    subset=1,
    one_without_parties=0.5,
    kinds_clash=-4,
    dates_clash=-4,
    definite=2,
)


def told(
    words: str,
    parties: str = "",
    kind: MeetingKind = K.MEETING,
    status: Status = S.HELD,
    when: When | None = None,
    place: str | None = None,
    *,
    definite: bool = False,
    sure: float = 1.0,
) -> Told:
    """A mention at ``words`` with a party for each letter of ``parties``."""
    trigger = TriggerTag(at(TEXT, words), kind, status, (), kind_probability=sure)
    return Told(trigger, [Party(p, None, 1.0) for p in parties], when, place, None, definite, again=False)


def joined(*mentions: Told) -> list[list[str]]:
    return [[t.trigger.span.of(TEXT) for t in e.told] for e in join(mentions, SIMPLE, LAYOUT, TEXT)]


def encounter(*mentions: Told) -> Encounter:
    return Encounter(list(mentions))


class TestJoining:
    def test_the_same_parties_meet_once(self) -> None:
        assert joined(told("met", "ab"), told("They met", "ab")) == [["met", "They met"]]

    def test_the_meeting_is_the_one_told_of(self) -> None:
        assert joined(told("met", "ab"), told("meeting", definite=True)) == [["met", "meeting"]]

    def test_other_parties_meet_apart(self) -> None:
        assert joined(told("met", "ab"), told("call", "cd")) == [["met"], ["call"]]

    def test_a_call_is_no_meeting(self) -> None:
        assert joined(told("met", "ab"), told("call", "ab", K.CALL)) == [["met"], ["call"]]

    def test_two_days_are_two_meetings(self) -> None:
        assert len(joined(told("met", "ab", when=MONDAY), told("They met", "ab", when=TUESDAY))) == 2

    def test_unless_it_was_put_off(self) -> None:
        put_off = told("They met", "ab", status=S.POSTPONED, when=TUESDAY, definite=True)
        lenient = SIMPLE * (1 - weights(PAIR_FEATURES, dates_clash=1))
        assert len(join([told("met", "ab", status=S.PLANNED, when=MONDAY), put_off], lenient, LAYOUT, TEXT)) == 1

    def test_a_sum_of_meetings_is_none_of_its_own(self) -> None:
        assert joined(told("met", "abc"), told("meeting", "ab"), told("They met", "ac")) == [["meeting"], ["They met"]]

    def test_a_meeting_of_three_stays_beside_those_of_two(self) -> None:
        three = told("met", "abc", K.SUMMIT, when=MONDAY)
        two = [told("meeting", "ab", when=TUESDAY), told("They met", "ac", when=TUESDAY)]
        assert len(joined(three, *two)) == 3

    def test_nothing_gives_nothing(self) -> None:
        assert joined() == []

    def test_no_mention_is_lost_or_doubled(self) -> None:
        mentions = [
            told(w, p) for w, p in (("met", "ab"), ("meeting", ""), ("call", "bc"), ("They met", "ab"), ("visit", "d"))
        ]
        assert sorted(w for e in joined(*mentions) for w in e) == sorted(t.trigger.span.of(TEXT) for t in mentions)

    def test_features_are_numbers_in_the_order_of_their_names(self) -> None:
        values = compare(told("met", "ab"), told("They met", "ab"), LAYOUT, TEXT)
        assert values.shape == (len(PAIR_FEATURES),)
        assert values[PAIR_FEATURES.index("bias")] == values[PAIR_FEATURES.index("same_parties")] == 1
        assert values[PAIR_FEATURES.index("disjoint")] == 0


class TestContext:
    @pytest.mark.parametrize(
        ("text", "trigger", "definite", "again"),
        [
            ("The meeting was long.", "meeting", True, False),
            ("Their long meeting ended.", "meeting", True, False),
            ("Kolar’s meeting ended.", "meeting", True, False),
            ("A meeting was planned.", "meeting", False, False),
            ("They met again.", "met", False, True),
            ("Another meeting came.", "meeting", False, True),
            ("They met.", "met", False, False),
            ("The harbour closed. Meeting Eide was good.", "Meeting", False, False),
        ],
    )
    def test_words_before_the_trigger(self, text: str, trigger: str, definite: bool, again: bool) -> None:
        assert context(text, lay_out(text), at(text, trigger)) == (definite, again)


class TestStatus:
    @pytest.mark.parametrize(
        ("statuses", "status"),
        [
            ((S.HELD,), S.HELD),
            ((S.PLANNED, S.HELD), S.HELD),
            ((S.PROPOSED,), S.PROPOSED),
            ((S.PROPOSED, S.PLANNED), S.PLANNED),
            ((S.PLANNED, S.CANCELLED), S.CANCELLED),
            ((S.PLANNED, S.POSTPONED), S.POSTPONED),
            ((S.PLANNED, S.DENIED), S.DENIED),
            ((S.POSTPONED, S.CANCELLED), S.CANCELLED),
        ],
    )
    def test_of_several_reports(self, statuses: tuple[Status, ...], status: Status) -> None:
        assert status_of(encounter(*(told("met", status=s) for s in statuses))) is status

    def test_put_off_to_a_named_day_is_planned_again(self) -> None:
        put_off, anew = told("met", status=S.POSTPONED, when=MONDAY), told("met", status=S.PLANNED, when=JUNE)
        assert status_of(encounter(put_off, anew)) is S.PLANNED

    def test_put_off_from_its_only_day_is_put_off(self) -> None:
        planned, put_off = told("met", status=S.PLANNED, when=MONDAY), told("met", status=S.POSTPONED, when=MONDAY)
        assert status_of(encounter(planned, put_off)) is S.POSTPONED


class TestKind:
    def test_the_one_that_most_mentions_have(self) -> None:
        assert kind_of(encounter(told("met"), told("met"), told("visit", kind=K.VISIT, sure=0.3))) is K.MEETING

    @pytest.mark.parametrize("kind", [K.CALL, K.VIDEO_CALL, K.VISIT, K.SUMMIT, K.CONSULTATIONS])
    def test_a_plain_meeting_gives_way(self, kind: MeetingKind) -> None:
        assert kind_of(encounter(told("met"), told("call", kind=kind))) is kind


class TestWhen:
    def test_the_finest(self) -> None:
        month = When.month(2031, 5)
        assert when_of(encounter(told("met", when=month), told("met", when=MONDAY), told("met"))) == MONDAY

    def test_that_of_its_status_first(self) -> None:
        off, held = told("met", status=S.PLANNED, when=MONDAY), told("met", status=S.HELD, when=JUNE)
        assert when_of(encounter(off, held)) == JUNE

    def test_none(self) -> None:
        assert when_of(encounter(told("met"))) is None


class TestSetting:
    def test_its_own_comes_first(self) -> None:
        other, own = (
            encounter(told("met", "ab", when=MONDAY, place="x")),
            encounter(told("They met", "ac", when=TUESDAY, place="y")),
        )
        assert setting_of(own, [other], LAYOUT) == (TUESDAY, "y")

    def test_else_that_of_the_one_told_before(self) -> None:
        other = encounter(told("met", "ab", when=MONDAY, place="x"))
        assert setting_of(encounter(told("They met", "ac")), [other], LAYOUT) == (MONDAY, "x")

    @pytest.mark.parametrize(
        "mention",
        [told("They met", "cd"), told("They met", "ac", status=S.PLANNED), told("end", "ac")],
        ids=["other parties", "other status", "far away"],
    )
    def test_but_not_of_one_that_it_does_not_go_with(self, mention: Told) -> None:
        other = encounter(told("met", "ab", when=MONDAY, place="x"))
        assert setting_of(encounter(mention), [other], LAYOUT) == (None, None)

    def test_a_call_has_no_place_but_its_own(self) -> None:
        other = encounter(told("met", "ab", when=MONDAY, place="x"))
        assert setting_of(encounter(told("call", "ac", K.CALL)), [other], LAYOUT) == (None, None)

    def test_one_told_in_the_sentence_before_though_told_again_later(self) -> None:
        text = "Kolar met Eide.\n\nShe also met Haddad.\n\nThe harbour is old.\n\nThe meeting was long."
        layout = lay_out(text)

        def mention(span: Span, parties: str, when: When | None) -> Told:
            return Told(
                TriggerTag(span, K.MEETING, S.HELD, ()),
                [Party(p, None, 1.0) for p in parties],
                when,
                None,
                None,
                False,
                False,
            )

        first = encounter(mention(at(text, "met"), "ab", MONDAY), mention(at(text, "meeting"), "ab", None))
        assert setting_of(encounter(mention(at(text, "met", 1), "ac", None)), [first], layout)[0] == MONDAY
