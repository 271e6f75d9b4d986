"""Annotations by words, resolved to offsets."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from kg_build.errors import InputError
from kg_build.model import Form, MeetingKind, Span, Status
from kg_build.training.annotations import ENTITY_TYPES, AnnotatedDocument, resolve, resolve_all
from tests.support.annotated import documents, entity, meeting, post, record, records, statement, words
from tests.support.reading import at

TEXT = (
    "Kolar Met Eide\n\nKolar met Eide in Oslo. Later Kolar said it rained. Eide met Oslo Rovers. Kolarova met no one."
)


def resolved(**annotations: list[dict[str, Any]]) -> AnnotatedDocument:
    """A document with these annotations and no others."""
    nothing: dict[str, list[dict[str, Any]]] = {"entities": [], "posts": [], "statements": [], "meetings": []}
    return resolve(record("one", TEXT, "2031-05-13", **{**nothing, **annotations}))


class TestEntities:
    def test_every_occurrence_is_marked_but_none_within_longer_words(self) -> None:
        found = resolved(entities=entity("person", "kolar", "Kolar")).entities
        assert [e.span for e in found] == [at(TEXT, "Kolar", n) for n in range(3)]
        assert {(e.type, e.key) for e in found} == {("person", "kolar")}

    def test_a_longer_name_keeps_its_words(self) -> None:
        both = [*entity("place", "oslo", "Oslo"), *entity("organization", "rovers", "Oslo Rovers")]
        assert [(e.span.of(TEXT), e.key) for e in resolved(entities=both).entities] == [
            ("Oslo", "oslo"),
            ("Oslo Rovers", "rovers"),
        ]

    def test_an_exception_has_its_own_type(self) -> None:
        (oslo,) = entity("place", "oslo", "Oslo")
        oslo["except"] = [{"in": "Eide met Oslo", "type": "organization"}]
        assert [e.type for e in resolved(entities=[oslo]).entities] == ["place", "organization"]

    def test_all_surface_forms_of_a_key_are_kept(self) -> None:
        assert documents()[0].surfaces["kolar"] == ("Petra Kolar", "Kolar")

    def test_none_meets_another(self) -> None:
        for document in documents():
            spans = [e.span for e in document.entities]
            assert spans == sorted(spans)
            assert not any(a.meets(b) for i, a in enumerate(spans) for b in spans[:i])
            assert {e.type for e in document.entities} <= set(ENTITY_TYPES)


class TestWords:
    def test_are_looked_for_where_the_annotation_says(self) -> None:
        (mark,) = resolved(meetings=[meeting("met Oslo", "met", "meeting", "held", {})]).meetings
        assert mark.trigger == at(TEXT, "met", 1)

    def test_are_rather_after_the_place_than_before_it(self) -> None:
        (mark,) = resolved(statements=[statement("Later", "Kolar", "said", "it rained", "kolar")]).statements
        assert mark.source == at(TEXT, "Kolar", 2)

    @pytest.mark.parametrize(
        ("annotations", "what"),
        [
            ({"posts": [post("mayor", "Kolar met", "kolar", None)]}, "post"),
            ({"posts": [post("Kolar", "Kolar spoke", "kolar", None)]}, "“in”"),
            ({"statements": [statement("Kolar", "Kolar", "said", "it snowed", "kolar")]}, "content"),
            ({"statements": [statement("Kolar", "Kolar", "shouted", "it rained", "kolar")]}, "cue"),
            ({"statements": [statement("Kolar", "Haddad", "said", "it rained", "kolar")]}, "source"),
            ({"meetings": [meeting("Kolar", "summit", "meeting", "held", {})]}, "trigger"),
            ({"meetings": [meeting("Kolar", "met", "meeting", "held", {"x": "Haddad"})]}, "participant"),
            ({"meetings": [meeting("Kolar", "met", "meeting", "held", {}, date_surface="Monday")]}, "date"),
        ],
    )
    def test_that_are_not_there_are_an_error_that_names_them(
        self, annotations: dict[str, list[dict[str, Any]]], what: str
    ) -> None:
        with pytest.raises(InputError, match=f"^one: {what} not found in the text") as raised:
            resolved(**annotations)
        assert raised.value.hint


def test_every_mark_covers_the_words_that_its_record_quotes() -> None:
    for source, document in zip(records(), documents(), strict=True):
        covered = words(document)
        assert set(covered["entities"]) == {e["surface"] for e in source["entities"]}
        assert covered["posts"] == [p["surface"] for p in source["posts"]]
        assert covered["contents"] == [c for s in source["statements"] for c in s["content"]]
        assert covered["cues"] == [s["cue"] for s in source["statements"] if s["cue"]]
        assert covered["sources"] == [s["source"] for s in source["statements"] if s["source"]]
        assert covered["triggers"] == [m["trigger"] for m in source["meetings"]]
        assert covered["parties"] == [
            p["surface"] for m in source["meetings"] for p in m["participants"] if p["surface"]
        ]


def test_a_statement_is_what_its_record_says() -> None:
    third = documents()[0].statements[2]
    assert (third.form, third.via_name, third.speakers, third.negated) == (
        Form.INDIRECT,
        "Adria Courier",
        ("eide",),
        False,
    )
    assert third.via is not None
    assert third.via.of(documents()[0].text) == "Adria Courier"
    assert documents()[0].statements[-1].negated
    assert documents()[2].statements[-1].cue is None


def test_a_meeting_is_what_its_record_says() -> None:
    first, again, ahead = documents()[0].meetings
    assert (first.kind, first.status, first.dates) == (MeetingKind.MEETING, Status.HELD, ("2031-05-12",))
    assert first.same == again.same
    assert [p.span for p in again.parties] == [None, None]
    assert (ahead.kind, ahead.status, ahead.same) == (MeetingKind.CALL, Status.PLANNED, None)
    assert ahead.parties[0].span == ahead.parties[1].span


def test_a_day_of_publication_may_have_a_time_or_be_missing() -> None:
    plain, *_ = records()
    assert resolve({**plain, "published": "2031-05-13T09:30:00Z"}).published == date(2031, 5, 13)
    assert resolve({**plain, "published": None}).published is None


def test_all_records_are_resolved_in_order() -> None:
    assert resolve_all(records()) == list(documents())


def test_a_span_has_words() -> None:
    assert all(isinstance(e.span, Span) and e.span.of(d.text).strip() for d in documents() for e in d.entities)
