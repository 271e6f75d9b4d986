"""Which things of a reading are right, by the annotations."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import pytest

from kg_build.model import Mention, Reading, Span, Status
from kg_build.reader.casting import cast_document
from kg_build.reader.interpret import interpret
from kg_build.reader.tables import tables
from kg_build.training.judging import judge
from kg_build.training.linkers import starting_vectors, weights_of
from kg_build.training.oracle import document_of, meanings, seen_by_oracle, tagging_of
from tests.support.annotated import documents

HARBOUR = documents()[0]
READING = interpret(seen_by_oracle(HARBOUR, tables()), tables(), weights_of(starting_vectors()))


def judged(reading: Reading, kind: str) -> list[bool]:
    return [j.right for j in judge(reading, HARBOUR) if j.kind == kind]


def test_everything_that_has_a_confidence_is_judged() -> None:
    found = Counter(j.kind for j in judge(READING, HARBOUR))
    assert found["Person"] == sum(len(e.mentions) for e in READING.entities if e.type == "Person")
    assert found["Meeting"] == len(READING.meetings)
    assert found["Statement"] == len(READING.statements)
    assert found["Tenure"] == sum(len(t.mentions) for t in READING.tenures)
    assert set(found) == {
        "Person",
        "Ministry",
        "Entity",
        "Tenure",
        "Statement",
        "Meeting",
        "StatusReport",
        "Participation",
    }


@pytest.mark.parametrize("kind", ["Person", "Ministry", "Entity", "Tenure", "Meeting", "StatusReport", "Participation"])
def test_what_agrees_with_the_annotations_is_right(kind: str) -> None:
    assert judged(READING, kind)
    assert all(judged(READING, kind))


def test_a_mention_where_nobody_stands_is_wrong() -> None:
    at = HARBOUR.text.index("cranes")
    moved = [replace(e, mentions=(Mention(Span(at, at + 6)),)) for e in READING.entities]
    assert not any(judged(replace(READING, entities=tuple(moved)), "Person"))


def test_a_meeting_with_another_party_or_status_is_wrong() -> None:
    first, *rest = READING.meetings
    alone = replace(first, participations=first.participations[:1])
    denied = replace(first, status=Status.DENIED)
    for other in (alone, denied):
        assert judged(replace(READING, meetings=(other, *rest)), "Meeting") == [False, True]


def test_a_statement_of_another_speaker_or_of_few_of_the_words_is_wrong() -> None:
    first = READING.statements[0]
    (content,) = first.content
    other = replace(first, speakers=("person:lars-eide",))
    piece = replace(first, content=(Span(content.start, content.start + 5),), quotations=())
    found = replace(READING, statements=(first, other, piece))
    assert judged(found, "Statement") == [True, False, False]


class TestOracle:
    def test_sees_the_document_without_its_annotations(self) -> None:
        document = document_of(HARBOUR)
        assert (document.id, document.text, document.published) == (HARBOUR.id, HARBOUR.text, HARBOUR.published)

    def test_sees_each_place_once_and_in_order(self) -> None:
        for annotated in documents():
            tagging = tagging_of(annotated)
            for tags in (tagging.entities, tagging.posts, tagging.cues, tagging.triggers, tagging.loose):
                spans = [t.span for t in tags]
                assert spans == sorted(set(spans))

    def test_sees_everything_with_certainty(self) -> None:
        tagging = tagging_of(HARBOUR)
        assert {t.probability for t in tagging.entities} == {t.probability for t in tagging.triggers} == {1.0}
        assert {c.probability for c in tagging.cues} == {1.0}
        assert [c.negated for c in tagging.cues] == [0.0] * 5 + [1.0]

    def test_knows_whom_annotators_mean_by_an_actor(self) -> None:
        weights = weights_of(starting_vectors())
        cast = cast_document(seen_by_oracle(HARBOUR, tables()), tables(), weights.linking, weights.owning).cast
        meant = meanings(HARBOUR, cast)
        assert meant["person:petra-kolar"] == {"kolar"}
        assert meant["country:SI"] == {"SI"}
