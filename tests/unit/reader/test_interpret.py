"""From what a network sees to what a document says: documents tagged without a fault, read with weights set by hand."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg_build.model import (
    Document,
    EntityType,
    Form,
    Meeting,
    MeetingKind,
    Portfolio,
    Reading,
    Role,
    SpeechAct,
    Statement,
    Status,
)
from kg_build.reader.casting import Seen
from kg_build.reader.interpret import LEAST_SURE, LEAST_SURE_STATEMENT, interpret
from kg_build.reader.layout import lay_out
from kg_build.reader.tables import tables
from kg_build.reader.tagging import CueTag, Tagged, Tagging, TriggerTag
from kg_build.training.linkers import starting_vectors, weights_of
from kg_build.training.oracle import seen_by_oracle
from tests.support.annotated import documents
from tests.support.reading import assert_sound, every

WEIGHTS = weights_of(starting_vectors())
SEEN = {d.id: seen_by_oracle(d, tables()) for d in documents()}


def read(seen: Seen) -> Reading:
    """The reading, which is sound."""
    found = interpret(seen, tables(), WEIGHTS)
    assert_sound(found, seen.document)
    return found


READINGS = {name: read(seen) for name, seen in SEEN.items()}


def names(reading: Reading, *keys: str) -> list[str]:
    of = {e.key: e.name for e in reading.entities}
    return [of[k] for k in keys]


def statement(document: str, cue: str) -> Statement:
    """The statement with this cue (its lemma), the last one of several."""
    return [s for s in READINGS[document].statements if s.cue == cue][-1]


def meeting(document: str, trigger: str) -> Meeting:
    """The encounter that is told of with this word."""
    text = SEEN[document].document.text
    (found,) = [m for m in READINGS[document].meetings if trigger in {x.span.of(text) for x in m.mentions}]
    return found


class TestSpeakers:
    @pytest.mark.parametrize(
        ("document", "cue", "speakers"),
        [
            pytest.param("harbour", "say", ["Petra Kolar"], id="a-surname"),
            pytest.param("harbour", "add", ["Petra Kolar"], id="she"),
            pytest.param("ferry", "add", ["Samir Benali"], id="he"),
            pytest.param("ferry", "tell", ["Samir Benali"], id="a-name-with-its-post"),
            pytest.param("harbour", "agree", ["Petra Kolar", "Lars Eide"], id="the-two-ministers"),
            pytest.param("ferry", "praise", ["Anna Moreau", "Omar Haddad"], id="the-two-leaders"),
            pytest.param("harbour", "do not say", ["Foreign Ministry"], id="a-ministry"),
            pytest.param("drones", "write", ["Defence Ministry"], id="the-ministry"),
            pytest.param("harbour", "thank", ["Petra Kolar", "Lars Eide"], id="they"),
            pytest.param("drones", "say", ["Karen Larsen", "Mart Tamm"], id="they-who-met"),
        ],
    )
    def test_are_whom_the_words_mean(self, document: str, cue: str, speakers: list[str]) -> None:
        assert names(READINGS[document], *statement(document, cue).speakers) == speakers

    def test_speak_in_their_post(self) -> None:
        said = statement("ferry", "urge")
        (tenure,) = [t for t in READINGS["ferry"].tenures if t.key == said.tenure]
        assert (tenure.title, names(READINGS["ferry"], tenure.of or "")) == ("President", ["France"])

    def test_of_a_release_in_the_first_person_are_those_who_publish_it(self) -> None:
        text = (
            "Statement on the old harbour\n\nWe welcome the reopening of the old harbour in Oslo after so many years. "
            "We thank the pilots who brought the first ships in, and we will pay for the cranes.\n"
        )
        document = Document("release", text, text.splitlines()[0], publisher="Ministry of Foreign Affairs of Slovenia")
        loose = tuple(Tagged(s, "CONTENT") for s in lay_out(text).sentences[1:])
        found = read(Seen(document, lay_out(text), tuple(tables().matches(text)), Tagging(loose=loose)))
        assert found.statements
        assert {tuple(names(found, *s.speakers)) for s in found.statements} == {("Slovenia",)}
        assert {s.form for s in found.statements} == {Form.DIRECT}

    def test_of_a_transcript_are_those_whose_labels_stand_before_them(self) -> None:
        text = (
            "Petra Kolar and Lars Eide before the press\n\nPETRA KOLAR: The old harbour stays open for all ships.\n\n"
            "LARS EIDE: The pilots of both countries are the best there are.\n\nPETRA KOLAR: And the cranes are new.\n"
        )
        spans = (s for name in ("Petra Kolar", "Lars Eide", "PETRA KOLAR", "LARS EIDE") for s in every(text, name))
        persons = tuple(Tagged(s, "person") for s in sorted(spans))
        document = Document("transcript", text, text.splitlines()[0])
        found = read(Seen(document, lay_out(text), (), Tagging(entities=persons)))
        said = [(names(found, *s.speakers), s.content[0].of(text).split()[1]) for s in found.statements]
        assert said == [(["Petra Kolar"], "old"), (["Lars Eide"], "pilots"), (["Petra Kolar"], "the")]

    def test_of_words_without_any_are_not_invented(self) -> None:
        text = SEEN["drones"].document.text
        said = [c.of(text) for s in READINGS["drones"].statements for c in s.content]
        assert "We stand by our friends" not in said


class TestStatements:
    def test_have_the_words_that_are_said(self) -> None:
        text = SEEN["harbour"].document.text
        assert [c.of(text) for c in statement("harbour", "add").content] == ["Norway would lend four cranes"]

    @pytest.mark.parametrize(
        ("document", "cue", "form", "quoted"),
        [
            ("harbour", "say", Form.DIRECT, ["The harbour stays open"]),
            ("harbour", "add", Form.INDIRECT, []),
            ("ferry", "answer", Form.MIXED, ["has never closed it"]),
        ],
    )
    def test_have_a_form_and_the_words_quoted(self, document: str, cue: str, form: Form, quoted: list[str]) -> None:
        said = statement(document, cue)
        assert said.form is form
        assert [q.of(SEEN[document].document.text) for q in said.quotations] == quoted

    @pytest.mark.parametrize(
        ("document", "cue", "act"),
        [
            ("ferry", "urge", SpeechAct.REQUEST),
            ("ferry", "praise", SpeechAct.PRAISE),
            ("harbour", "thank", SpeechAct.THANK),
            ("harbour", "agree", SpeechAct.AGREE),
            ("harbour", "say", SpeechAct.ASSERT),
        ],
    )
    def test_are_acts(self, document: str, cue: str, act: SpeechAct) -> None:
        assert statement(document, cue).speech_act is act

    def test_are_carried_by_whom_the_text_names(self) -> None:
        assert names(READINGS["harbour"], *statement("harbour", "according to").via) == ["Adria Courier"]
        assert statement("harbour", "say").via == ()

    def test_have_those_to_whom_they_are_said(self) -> None:
        assert names(READINGS["ferry"], *statement("ferry", "urge").addressees) == ["Algeria"]

    def test_that_were_not_made_are_marked(self) -> None:
        assert statement("harbour", "do not say").negated
        assert not statement("harbour", "say").negated


class TestMeetings:
    @pytest.mark.parametrize(
        ("document", "trigger", "kind", "status", "parties"),
        [
            ("harbour", "met", MeetingKind.MEETING, Status.HELD, {"Petra Kolar", "Lars Eide"}),
            ("harbour", "speak by phone", MeetingKind.CALL, Status.PLANNED, {"Petra Kolar", "Lars Eide"}),
            ("ferry", "spoke by phone", MeetingKind.CALL, Status.HELD, {"Anna Moreau", "Omar Haddad"}),
            ("ferry", "will meet", MeetingKind.MEETING, Status.PLANNED, {"Anna Moreau", "Omar Haddad"}),
            ("drones", "visit", MeetingKind.VISIT, Status.POSTPONED, {"Karen Larsen"}),
            ("drones", "met", MeetingKind.MEETING, Status.HELD, {"Karen Larsen", "Mart Tamm"}),
            ("drones", "receive", MeetingKind.MEETING, Status.PLANNED, {"Mart Tamm", "Diego Salas"}),
        ],
    )
    def test_have_kind_status_and_parties(
        self, document: str, trigger: str, kind: MeetingKind, status: Status, parties: set[str]
    ) -> None:
        found = meeting(document, trigger)
        assert (found.kind, found.status) == (kind, status)
        assert set(names(READINGS[document], *(p.agent for p in found.participations))) == parties

    @pytest.mark.parametrize(("document", "count"), [("harbour", 2), ("ferry", 2), ("drones", 3)])
    def test_are_told_of_once_however_often_the_text_returns_to_them(self, document: str, count: int) -> None:
        assert len(READINGS[document].meetings) == count
        assert meeting("harbour", "met") == meeting("harbour", "meeting")
        assert meeting("ferry", "spoke by phone") == meeting("ferry", "call")

    @pytest.mark.parametrize(
        ("document", "trigger", "first", "last"),
        [
            ("harbour", "met", "2031-05-12", "2031-05-12"),
            ("harbour", "speak by phone", "2031-06-01", "2031-06-30"),
            ("ferry", "will meet", "2031-03-10", "2031-03-16"),
        ],
    )
    def test_have_a_date(self, document: str, trigger: str, first: str, last: str) -> None:
        when = meeting(document, trigger).when
        assert when is not None
        assert (when.earliest.isoformat(), when.latest.isoformat()) == (first, last)

    def test_have_a_place(self) -> None:
        assert names(READINGS["ferry"], meeting("ferry", "will meet").place or "") == ["Paris"]
        assert meeting("ferry", "spoke by phone").place is None

    def test_have_roles_where_the_words_tell_them(self) -> None:
        received = {p.agent: p.role for p in meeting("drones", "receive").participations}
        assert received == {"person:mart-tamm": Role.HOST, "person:diego-salas": Role.VISITOR}
        assert {p.role for p in meeting("drones", "met").participations} == {None}

    def test_parties_act_for_their_countries_in_their_posts(self) -> None:
        reading = READINGS["harbour"]
        kolar, _ = meeting("harbour", "met").participations
        assert names(reading, kolar.on_behalf_of or "") == ["Slovenia"]
        assert [t.title for t in reading.tenures if t.key == kolar.tenure] == ["Foreign Minister"]


class TestEntities:
    def test_are_each_there_once(self) -> None:
        for reading in READINGS.values():
            persons = [e.name for e in reading.entities if e.type is EntityType.PERSON]
            assert len(persons) == len(set(persons)) == len({n.split()[-1] for n in persons})

    def test_a_ministry_has_its_country_and_field(self) -> None:
        (ministry,) = [e for e in READINGS["drones"].entities if e.type is EntityType.MINISTRY]
        assert (ministry.iso, ministry.portfolio) == ("DK", Portfolio.DEFENCE)
        assert len(ministry.mentions) == 2

    def test_countries_that_only_an_adjective_names_are_there_where_they_are_needed(self) -> None:
        countries = {e.name: e.mentions for e in READINGS["drones"].entities if e.type is EntityType.COUNTRY}
        assert countries["Estonia"] == ()
        assert len(countries["Peru"]) == 1

    def test_a_former_post_is_one(self) -> None:
        held = {(t.title, t.former) for t in READINGS["drones"].tenures if t.person == "person:diego-salas"}
        assert held == {("Foreign Minister", False), ("mayor", True)}


def changed(seen: Seen, change: Callable[[Tagging], Tagging]) -> Reading:
    return read(replace(seen, tagging=change(seen.tagging)))


class TestDoubt:
    @staticmethod
    def doubted(tagging: Tagging, probability: float) -> Tagging:
        return replace(
            tagging,
            cues=tuple(replace(c, probability=probability) for c in tagging.cues),
            triggers=tuple(replace(t, probability=probability) for t in tagging.triggers),
        )

    def test_what_the_network_doubts_is_not_told(self) -> None:
        assert changed(SEEN["harbour"], lambda t: self.doubted(t, LEAST_SURE - 0.01)).meetings == ()
        assert changed(SEEN["harbour"], lambda t: self.doubted(t, LEAST_SURE_STATEMENT / 3)).statements == ()

    def test_what_is_told_is_sure_enough(self) -> None:
        found = changed(SEEN["harbour"], lambda t: self.doubted(t, 0.7))
        assert found.meetings
        assert found.statements
        assert all(LEAST_SURE <= m.confidence <= 1 for m in found.meetings)
        assert all(LEAST_SURE_STATEMENT <= s.confidence <= 1 for s in found.statements)


def test_where_nothing_is_seen_nothing_happened() -> None:
    found = changed(SEEN["harbour"], lambda _: Tagging())
    assert (found.tenures, found.meetings, found.statements) == ((), (), ())


def test_reading_twice_gives_the_same() -> None:
    assert {name: read(seen) for name, seen in SEEN.items()} == READINGS


@given(st.sampled_from(sorted(SEEN)), st.randoms(use_true_random=False), st.floats(0, 1))
def test_whatever_a_network_misses_the_reading_is_sound(name: str, chance: Random, share: float) -> None:
    """Assertions are in ``read``: keys name something, and every fact has its place in the text."""

    def some(tags: tuple[Tagged, ...]) -> tuple[Tagged, ...]:
        return tuple(replace(t, probability=chance.random()) for t in tags if chance.random() < share)

    def cue(tag: CueTag) -> CueTag:
        return replace(tag, sources=some(tag.sources), contents=some(tag.contents), vias=some(tag.vias))

    def trigger(tag: TriggerTag) -> TriggerTag:
        return replace(tag, parties=some(tag.parties), dates=some(tag.dates), places=some(tag.places))

    def change(tagging: Tagging) -> Tagging:
        return Tagging(
            entities=some(tagging.entities),
            posts=some(tagging.posts),
            cues=tuple(cue(c) for c in tagging.cues if chance.random() < share),
            triggers=tuple(trigger(t) for t in tagging.triggers if chance.random() < share),
            loose=some(tagging.loose),
        )

    found = changed(SEEN[name], change)
    assert len(found.meetings) <= len(SEEN[name].tagging.triggers)
