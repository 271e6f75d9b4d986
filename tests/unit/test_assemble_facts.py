"""Meetings and statements as triples, and what holds of every graph."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rdflib import RDF, Literal, URIRef

from kg_build.assemble import ReadingError
from kg_build.model import (
    Document,
    Entity,
    EntityType,
    Meeting,
    MeetingKind,
    Mention,
    Participation,
    Reading,
    Span,
    Status,
    StatusReport,
    Tenure,
    When,
)
from kg_build.nquads import iri
from ontology import OA, XSD
from tests.support.assembled import (
    ARMENIA,
    CQ,
    DAY,
    DOCUMENT,
    HERE,
    ID,
    LAVROV,
    MEETING,
    MET,
    MINISTRY,
    MIRZOYAN,
    MOSCOW,
    READING,
    SAID,
    TASS,
    TENURE,
    TEXT,
    D,
    at,
    graph,
    made,
    span,
    types,
    values,
)


def test_meeting() -> None:
    g = graph()
    assert str(MEETING).startswith(str(ID["meeting/2025-03-24-ararat-mirzoyan-note%201-lavrov-"]))
    assert types(g, MEETING) == {"Meeting"}
    assert list(g.objects(MEETING, CQ.date)) == [Literal("2025-03-24", datatype=URIRef(XSD.date))]
    assert values(g, MEETING, CQ.place) == {str(ID["place/moscow"])}
    assert values(g, MEETING, CQ.topic) == {"Iran"}
    assert list(g.objects(MEETING, CQ.confidence)) == [Literal("0.8", datatype=URIRef(XSD.decimal))]
    assert values(g, MEETING, CQ.participant) == {str(ID["person/ararat-mirzoyan"]), str(ID["person/note%201-lavrov"])}
    part = URIRef(f"{MEETING}/participant/ararat-mirzoyan")
    assert str(part) in values(g, MEETING, CQ.participation)
    assert types(g, part) == {"Participation"}
    assert values(g, part, CQ.agent) == {str(ID["person/ararat-mirzoyan"])}
    assert values(g, part, CQ.inCapacity) == {str(ID["tenure/ararat-mirzoyan-am-foreign-minister"])}
    assert values(g, part, CQ.onBehalfOf) == {str(ID["country/am"])}
    assert values(g, part, CQ.role) == {str(CQ.Visitor)}
    first, second = URIRef(f"{D}#status-1"), URIRef(f"{D}#status-2")
    assert values(g, first, CQ.of) == {str(MEETING)}
    assert values(g, first, CQ.status) == {str(CQ.Held)}
    assert values(g, first, CQ.accordingTo) == {str(D)}
    assert values(g, second, CQ.accordingTo) == {str(ID["person/ararat-mirzoyan"])}
    assert values(g, second, CQ.asOf) == {"2025-03-24"}


def test_a_country_and_a_body_with_the_same_letters_have_a_part_each() -> None:
    australia = Entity("au", EntityType.COUNTRY, "Australia", HERE, iso="AU")
    union = Entity("b", EntityType.INTERNATIONAL_ORGANIZATION, "AU", HERE)
    met = replace(MET, participations=(Participation("au", HERE), Participation("b", HERE)), reports=())
    g = graph(replace(READING, entities=(*READING.entities, australia, union), meetings=(met,)))
    parts = set(g.subjects(RDF.type, URIRef(CQ.Participation)))
    assert len(parts) == 2
    assert all(len(set(g.objects(part, URIRef(CQ.agent)))) == 1 for part in parts)


@pytest.mark.parametrize(
    ("when", "expected"),
    [
        (When.month(2025, 3), {CQ.date: Literal("2025-03", datatype=URIRef(XSD.gYearMonth))}),
        (When.year(2025), {CQ.date: Literal("2025", datatype=URIRef(XSD.gYear))}),
        (
            When(date(2025, 3, 17), date(2025, 3, 23)),
            {
                CQ.earliest: Literal("2025-03-17", datatype=URIRef(XSD.date)),
                CQ.latest: Literal("2025-03-23", datatype=URIRef(XSD.date)),
            },
        ),
        (
            When(date(2025, 5, 3), date(2025, 5, 5), lasting=True),
            {
                CQ.date: Literal("2025-05-03", datatype=URIRef(XSD.date)),
                CQ.earliest: Literal("2025-05-03", datatype=URIRef(XSD.date)),
                CQ.latest: Literal("2025-05-05", datatype=URIRef(XSD.date)),
            },
        ),
        (None, {}),
    ],
)
def test_dates_are_as_exact_as_the_text(when: When | None, expected: dict[URIRef, Literal]) -> None:
    meeting = replace(MET, when=when)
    found = made(replace(READING, meetings=(meeting,)))
    node = URIRef(found.contribution.meetings[0].iri)
    g = found.triples.to_rdflib()
    assert {p: o for p, o in g.predicate_objects(node) if p in (CQ.date, CQ.earliest, CQ.latest)} == expected


def meeting_iri(meeting: Meeting, document: Document = DOCUMENT) -> str:
    full_name = replace(LAVROV, name="Sergey Lavrov")
    return (
        made(Reading((MIRZOYAN, full_name, MOSCOW, ARMENIA, MINISTRY), (TENURE,), (meeting,)), document)
        .contribution.meetings[0]
        .iri
    )


def test_one_meeting_in_two_documents_is_one_node() -> None:
    other = replace(DOCUMENT, id="other", published=date(2025, 3, 25))
    planned = replace(MET, status=Status.PLANNED, reports=(StatusReport(Status.PLANNED, HERE),), place=None)
    assert meeting_iri(MET) == meeting_iri(planned, other)
    assert meeting_iri(MET) != meeting_iri(replace(MET, kind=MeetingKind.CALL))
    assert meeting_iri(MET) != meeting_iri(replace(MET, when=When.day(date(2025, 3, 25))))
    week = When(date(2025, 3, 24), date(2025, 3, 30))
    for vague in (None, When.month(2025, 3), week):
        assert meeting_iri(replace(MET, when=vague)) != meeting_iri(replace(MET, when=vague), other)


def test_what_goes_on_for_several_days_is_one_meeting_with_what_begins_on_the_first() -> None:
    other = replace(DOCUMENT, id="other")
    lasting = replace(MET, when=When(DAY, date(2025, 3, 26), lasting=True))
    assert meeting_iri(lasting) == meeting_iri(lasting, other) == meeting_iri(MET, other)
    assert meeting_iri(lasting) != meeting_iri(replace(MET, when=When.day(date(2025, 3, 26))))


def test_two_meetings_that_only_the_text_tells_apart_stay_two() -> None:
    found = made(replace(READING, meetings=(MET, replace(MET, key="g2"), replace(MET, key="g3")))).contribution
    assert len({meeting.iri for meeting in found.meetings}) == 3
    assert found.meetings[0].iri == str(MEETING)


def test_statement() -> None:
    g = graph()
    s = ID["statement/note%201-1"]
    assert types(g, s) == {"Statement"}
    assert values(g, s, CQ.content) == {"We agreed on … Iran,"}
    assert values(g, s, CQ.quotation) == {"We agreed on Iran,"}
    assert values(g, s, CQ.speaker) == {str(ID["person/ararat-mirzoyan"])}
    assert values(g, s, CQ.inCapacity) == {str(ID["tenure/ararat-mirzoyan-am-foreign-minister"])}
    assert values(g, s, CQ.form) == {str(CQ.Direct)}
    assert values(g, s, CQ.cue) == {"say"}
    assert values(g, s, CQ.speechAct) == {str(CQ.Assert)}
    assert values(g, s, CQ.addressee) == {str(ID["person/note%201-lavrov"])}
    assert values(g, s, CQ.via) == {str(ID["organization/tass"]), str(ID["ministry/am-foreign-affairs"])}
    relay = URIRef(f"{s}/relay/1")
    assert str(relay) in values(g, s, CQ.relay)
    assert values(g, relay, CQ.agent) == {str(ID["organization/tass"])}
    assert values(g, relay, CQ.position) == {"1"}
    assert values(g, s, CQ.madeAt) == {str(MEETING)}
    assert values(g, s, CQ.mentions) == {str(ID["country/ir"])}
    assert values(g, s, CQ.date) == {"2025-03-24"}
    assert values(g, s, CQ.confidence) == {"0.75"}
    assert values(g, s, CQ.negated) == set()
    kinds = {k for m in g.subjects(URIRef(OA.hasBody), s) for k in types(g, m)}  # type: ignore[arg-type]
    assert kinds == {"Mention", "SourceMention", "CueMention", "ContentMention"}


def test_a_chain_of_one_needs_no_relay() -> None:
    g = graph(replace(READING, statements=(replace(SAID, via=("t",), negated=True),)))
    assert values(g, ID["statement/note%201-1"], CQ.relay) == set()
    assert values(g, ID["statement/note%201-1"], CQ.negated) == {"true"}


def test_every_stretch_is_the_texts_own() -> None:
    g = graph()
    targets = set(g.objects(None, URIRef(OA.hasTarget)))
    assert targets
    for target in targets:
        assert values(g, target, OA.hasSource) == {str(D)}  # type: ignore[arg-type]
        position, quote = sorted(g.objects(target, URIRef(OA.hasSelector)))
        start, end = (int(str(g.value(position, URIRef(OA[p])))) for p in ("start", "end"))
        assert str(g.value(quote, URIRef(OA.exact))) == TEXT[start:end]
        assert str(g.value(quote, URIRef(OA.prefix))) == TEXT[max(0, start - 32) : start]
        assert str(g.value(quote, URIRef(OA.suffix))) == TEXT[end : end + 32]


def test_every_node_has_evidence() -> None:
    g = graph()
    bodies = set(g.objects(None, URIRef(OA.hasBody)))
    for kind in (CQ.Person, CQ.Organization, CQ.Tenure, CQ.Meeting, CQ.StatusReport, CQ.Statement):
        nodes = set(g.subjects(RDF.type, kind))
        assert nodes
        assert nodes <= bodies


def test_the_surer_of_two_equal_mentions_counts() -> None:
    twice = replace(LAVROV, mentions=(at("Lavrov", 0.2), at("Lavrov", 0.6)))
    g = graph(Reading((twice,)))
    assert [str(c) for c in g.objects(None, CQ.confidence)] == ["0.6"]


@pytest.mark.parametrize(
    ("broken", "fault"),
    [
        (Reading((replace(LAVROV, mentions=()),)), "has no mention"),
        (Reading((replace(LAVROV, mentions=(Mention(Span(0, 1000)),)),)), "beyond the text"),
        (Reading((replace(LAVROV, mentions=(Mention(Span(0, 1), 1.5),)),)), "confidence 1.5"),
        (Reading((replace(LAVROV, name=" "),)), "has no name"),
        (Reading((LAVROV, LAVROV)), "have the key 'l'"),
        (Reading((ARMENIA,), (replace(TENURE, ministry=None),)), "no person 'm'"),
        (Reading((ARMENIA, TASS), (Tenure("x", "t", "Editor", HERE),)), "no person 't'"),
        (Reading((MIRZOYAN,), (replace(TENURE, of="nowhere", ministry=None),)), "no entity 'nowhere'"),
        (replace(READING, meetings=(replace(MET, mentions=()),), statements=()), "has no mention"),
        (replace(READING, meetings=(replace(MET, reports=(StatusReport(Status.HELD, ()),)),)), "has no mention"),
        (replace(READING, meetings=(replace(MET, place="x"),)), "no entity 'x'"),
        (replace(READING, meetings=(replace(MET, confidence=-0.1),)), "has the confidence -0.1"),
        (replace(READING, meetings=()), "no meeting 'g'"),
        (replace(READING, statements=(replace(SAID, content=()),)), "has no content"),
        (replace(READING, statements=(replace(SAID, quotations=(span("TASS"),)),)), "outside its content"),
        (replace(READING, statements=(replace(SAID, source=Span(0, 999)),)), "beyond the text"),
        (replace(READING, statements=(replace(SAID, tenure="x"),)), "no tenure 'x'"),
    ],
)
def test_unsound_readings_are_refused(broken: Reading, fault: str) -> None:
    with pytest.raises(ReadingError, match="unsound") as caught:
        made(broken)
    assert fault in str(caught.value)
    assert "note 1" in str(caught.value)


def test_the_same_reading_gives_the_same_lines_in_any_order() -> None:
    first = made().triples.lines(iri(str(D)))
    shuffled = replace(READING, entities=READING.entities[::-1])
    assert made(shuffled).triples.lines(iri(str(D))) == first


@given(
    st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=60),
    st.data(),
)
def test_offsets_are_code_points_whatever_the_text(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    entity = Entity("x", EntityType.PLACE, "Name", (Mention(Span(start, end)),))
    g = graph(Reading((entity,)), Document("x", text))
    assert [str(o) for o in g.objects(None, URIRef(OA.exact))] == [text[start:end]]
    assert [int(str(o)) for o in g.objects(None, URIRef(OA.start))] == [start]
