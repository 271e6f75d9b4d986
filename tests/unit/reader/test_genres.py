"""Transcripts with speakers' labels, remarks before a meeting, and releases in the first person."""

from __future__ import annotations

from datetime import date

import pytest

from kg_build.model import Form, MeetingKind, Reading, Span, Status
from kg_build.reader.interpret import interpret
from kg_build.reader.tables import tables
from kg_build.reader.tagging import CueTag, Tagged, TriggerTag
from kg_build.training.linkers import starting_vectors, weights_of
from tests.support.reading import assert_sound, at, every, seen_in

WEIGHTS = weights_of(starting_vectors())
PERSONS = ("Petra Kolar", "Lars Eide", "PETRA KOLAR", "LARS EIDE")
DAY = date(2031, 5, 14)


def read(text: str, **more: object) -> Reading:
    seen = seen_in(text, persons=PERSONS, published=DAY, **more)
    found = interpret(seen, tables(), WEIGHTS)
    assert_sound(found, seen.document)
    return found


def names(found: Reading, *keys: str) -> list[str]:
    of = {e.key: e.name for e in found.entities}
    return [of[k] for k in keys]


def turns(found: Reading, text: str) -> list[tuple[list[str], str]]:
    """Who says which words, those of each statement."""
    return [(names(found, *s.speakers), s.content[0].of(text)) for s in found.statements]


class TestTranscripts:
    def test_each_label_speaks_to_the_next(self) -> None:
        text = (
            "PETRA KOLAR: The harbour is open.\n\nAll ships may come in.\n\nLARS EIDE (in Norwegian): We thank you all."
        )
        assert turns(read(text), text) == [
            (["Petra Kolar"], "The harbour is open.\n\nAll ships may come in."),
            (["Lars Eide"], "We thank you all."),
        ]

    @pytest.mark.parametrize("labels", [("QUESTION", "MINISTER KOLAR"), ("Q", "A"), ("MODERATOR", "PETRA KOLAR")])
    def test_a_role_is_a_label_too(self, labels: tuple[str, str]) -> None:
        text = "{}: Is the old harbour open?\n\n{}: It is open to all ships.\n".format(*labels)
        assert [s.form for s in read(text).statements] == [Form.DIRECT, Form.DIRECT]

    @pytest.mark.parametrize(
        "text",
        [
            "PETRA KOLAR: The harbour is open to all.\n",
            "MONDAY NIGHT: The harbour is open.\n\nTUESDAY NIGHT: The harbour is shut.\n",
            "The harbour is open to all.\nPetra Kolar and Lars Eide: said so.\n",
        ],
        ids=["one-label", "no-speakers", "no-label"],
    )
    def test_else_it_is_no_transcript(self, text: str) -> None:
        assert read(text).statements == ()

    def test_a_turn_of_two_words_says_nothing(self) -> None:
        text = "PETRA KOLAR: The harbour is open.\n\nLARS EIDE: Thank you.\n\nPETRA KOLAR: And the cranes are new.\n"
        assert [who for who, _ in turns(read(text), text)] == [["Petra Kolar"], ["Petra Kolar"]]

    def test_a_label_that_the_network_sees_as_a_cue_is_told_of_once(self) -> None:
        text = "PETRA KOLAR: The harbour is open.\n\nLARS EIDE: We thank you all.\n"
        colon = at(text, "PETRA KOLAR").end
        cue = CueTag(
            Span(colon, colon + 1),
            (Tagged(at(text, "PETRA KOLAR"), "SOURCE"),),
            (Tagged(at(text, "The harbour is open."), "CONTENT"),),
        )
        assert len(read(text, cues=[cue]).statements) == 2


class TestRemarksBeforeAMeeting:
    TITLE = "Foreign Minister Kolar and Foreign Minister Eide Before Their Meeting"
    TEXT = (
        "Oslo\n\nPETRA KOLAR: Good morning to all. It is a pleasure to be here in Oslo.\n\n"
        "LARS EIDE: The harbour is open to all ships."
    )

    def test_those_whom_the_title_names_meet(self) -> None:
        found = read(self.TEXT, title=self.TITLE, places=["Oslo"])
        (meeting,) = found.meetings
        assert set(names(found, *(p.agent for p in meeting.participations))) == {"Petra Kolar", "Lars Eide"}
        assert (meeting.kind, meeting.status) == (MeetingKind.MEETING, Status.HELD)
        assert meeting.when is not None
        assert meeting.when.earliest == meeting.when.latest == DAY
        assert names(found, meeting.place or "") == ["Oslo"]
        assert [m.span.of(self.TEXT) for m in meeting.mentions] == ["pleasure to be"]

    @pytest.mark.parametrize(
        ("title", "text"),
        [
            ("Foreign Minister Kolar and Foreign Minister Eide on the Harbour", TEXT),
            ("Foreign Minister Kolar Before Her Meeting", TEXT),
            (TITLE, TEXT.replace("a pleasure to be here", "cold")),
            (TITLE, TEXT.replace("LARS EIDE:", "Lars Eide said")),
        ],
        ids=["no-meeting", "one-party", "no-welcome", "no-transcript"],
    )
    def test_else_nobody_meets(self, title: str, text: str) -> None:
        assert read(text, title=title).meetings == ()

    def test_a_meeting_told_of_already_is_the_same(self) -> None:
        parties = tuple(Tagged(s, "PARTY") for p in ("PETRA KOLAR", "LARS EIDE") for s in every(self.TEXT, p))
        trigger = TriggerTag(at(self.TEXT, "here"), MeetingKind.MEETING, Status.HELD, parties)
        (meeting,) = read(self.TEXT, title=self.TITLE, triggers=[trigger]).meetings
        assert [m.span.of(self.TEXT) for m in meeting.mentions] == ["here"]
        assert meeting.when is not None


class TestFirstPerson:
    PUBLISHER = "Ministry of Foreign Affairs of Slovenia"
    TEXT = (
        "We welcome the reopening of the old harbour today. The pilots of both countries did very well. "
        "We thank them for all that they did.\n"
    )

    def said(self, text: str, **more: object) -> list[tuple[list[str], str]]:
        return turns(read(text, **more), text)

    def test_every_sentence_is_its_authors(self) -> None:
        found = self.said(self.TEXT, publisher=self.PUBLISHER, title="On the old harbour")
        assert [who for who, _ in found] == [["Slovenia"]] * 3

    def test_who_is_named_by_the_title_is_the_author(self) -> None:
        text = f"Petra Kolar\n\n{self.TEXT}"
        found = self.said(text, publisher=self.PUBLISHER, title="Statement by Petra Kolar on the old harbour")
        assert {tuple(who) for who, _ in found} == {("Petra Kolar",)}

    def test_what_a_cue_attributes_is_not_told_of_again(self) -> None:
        content = at(self.TEXT, "the reopening of the old harbour today")
        cue = CueTag(at(self.TEXT, "welcome"), (Tagged(at(self.TEXT, "We"), "SOURCE"),), (Tagged(content, "CONTENT"),))
        found = self.said(self.TEXT, publisher=self.PUBLISHER, title="On the old harbour", cues=[cue])
        assert [words.split()[0] for _, words in found] == ["the", "The", "We"]

    @pytest.mark.parametrize(
        ("text", "publisher"),
        [
            (TEXT, None),
            (TEXT.replace("We welcome", "Kolar welcomes").replace("We thank", "Kolar thanks"), PUBLISHER),
            ("“We welcome it all, we say,” said the pilots of the old harbour. They were glad of it.", PUBLISHER),
        ],
        ids=["nobodys", "third-person", "quoted"],
    )
    def test_else_nobody_says_it(self, text: str, publisher: str | None) -> None:
        assert self.said(text, publisher=publisher, title="On the old harbour") == []
