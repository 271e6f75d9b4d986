"""From readings to graphs: docs/graph.md, rule by rule."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rdflib import OWL, RDF, RDFS, Graph, Literal, Namespace, URIRef

from kg_build.assemble import Assembled, ReadingError, assemble
from kg_build.assemble.entities import SUPERCLASSES
from kg_build.assemble.graph import moment
from kg_build.iris import Iris
from kg_build.model import (
    Document,
    Entity,
    EntityType,
    Form,
    Meeting,
    MeetingKind,
    Mention,
    Participation,
    Portfolio,
    Reading,
    Role,
    Span,
    SpeechAct,
    Statement,
    Status,
    StatusReport,
    Tenure,
    When,
)
from kg_build.nquads import iri
from ontology import CQ as CQ_IRI
from ontology import DCTERMS, DEFAULT_BASE, FOAF, OA, ONTOLOGY_FILE, ORG, XSD

CQ = Namespace(str(CQ_IRI))
ID = Namespace(DEFAULT_BASE)
TEXT = (
    "Foreign Minister Ararat Mirzoyan met Lavrov in Moscow. “We agreed on Iran,” Mirzoyan said, TASS reported. The end."
)
DAY = date(2025, 3, 24)
DOCUMENT = Document("note 1", TEXT, "A\nnote", DAY, "Wire", "https://example.org/1")


def at(words: str, confidence: float = 0.9) -> Mention:
    start = TEXT.index(words)
    return Mention(Span(start, start + len(words)), confidence)


def span(words: str) -> Span:
    return at(words).span


MIRZOYAN = Entity(
    "m",
    EntityType.PERSON,
    "Ararat Mirzoyan",
    (at("Ararat Mirzoyan"), at("Mirzoyan said")),
    ("Mirzoyan",),
    ("Morzoyan",),
)
LAVROV = Entity("l", EntityType.PERSON, "Lavrov", (at("Lavrov"),))
MOSCOW = Entity("p", EntityType.PLACE, "Moscow", (at("Moscow"),), iso="RU")
ARMENIA = Entity("am", EntityType.COUNTRY, "Armenia", iso="AM", wikidata="Q399")
IRAN = Entity("ir", EntityType.COUNTRY, "Iran", (at("Iran"),), iso="IR")
TASS = Entity("t", EntityType.MEDIA_OUTLET, "TASS", (at("TASS"),))
MINISTRY = Entity(
    "mfa",
    EntityType.MINISTRY,
    "Foreign Ministry of Armenia",
    (at("Foreign Minister", 0.5),),
    iso="AM",
    portfolio=Portfolio.FOREIGN_AFFAIRS,
)
TENURE = Tenure("fm", "m", "Foreign Minister", (at("Foreign Minister"),), of="am", ministry="mfa")
MET = Meeting(
    "g",
    MeetingKind.MEETING,
    (
        Participation("m", (at("Ararat Mirzoyan"),), tenure="fm", on_behalf_of="am", role=Role.VISITOR),
        Participation("l"),
    ),
    Status.HELD,
    (StatusReport(Status.HELD, (at("met"),)), StatusReport(Status.HELD, (at("agreed"),), according_to="m")),
    (at("met"),),
    0.8,
    when=When.day(DAY),
    place="p",
    topic="Iran",
)
SAID = Statement(
    "s",
    (span("We agreed on"), span("Iran,")),
    Form.DIRECT,
    0.75,
    speakers=("m",),
    tenure="fm",
    source=span("Mirzoyan said"),
    cue="say",
    cue_span=span("said"),
    quotations=(span("We agreed on Iran,"),),
    speech_act=SpeechAct.ASSERT,
    addressees=("l",),
    via=("t", "mfa"),
    made_at="g",
    when=When.day(DAY),
)
READING = Reading((MIRZOYAN, LAVROV, MOSCOW, ARMENIA, IRAN, TASS, MINISTRY), (TENURE,), (MET,), (SAID,))


def made(reading: Reading = READING, document: Document = DOCUMENT) -> Assembled:
    return assemble(document, reading, Iris(DEFAULT_BASE))


def graph(reading: Reading = READING, document: Document = DOCUMENT) -> Graph:
    return made(reading, document).triples.to_rdflib()


def values(found: Graph, subject: URIRef, predicate: URIRef | str) -> set[str]:
    return {str(o) for o in found.objects(subject, URIRef(predicate))}


def types(found: Graph, subject: URIRef) -> set[str]:
    return {str(t).removeprefix(CQ_IRI) for t in found.objects(subject, RDF.type)}


D = ID["document/note%201"]
MEETING = next(URIRef(m) for m in [made().contribution.meetings[0].iri])


def test_document() -> None:
    g = graph()
    assert types(g, D) == {"Document"}
    assert values(g, D, DCTERMS.identifier) == {"note 1"}
    assert values(g, D, DCTERMS["title"]) == {"A note"}
    assert list(g.objects(D, URIRef(DCTERMS.issued))) == [Literal("2025-03-24", datatype=URIRef(XSD.date))]
    assert values(g, D, DCTERMS.publisher) == {"Wire"}
    assert list(g.objects(D, URIRef(DCTERMS.source))) == [URIRef("https://example.org/1")]
    assert values(g, D, CQ.sha256) == {sha256(TEXT.encode()).hexdigest()}
    assert values(g, D, CQ.text) == {TEXT}


def test_what_a_document_does_not_give_is_left_out() -> None:
    g = graph(Reading(), Document("x", "Text"))
    assert {str(p) for p in g.predicates()} == {str(RDF.type), DCTERMS.identifier, str(CQ.sha256), str(CQ.text)}


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (DAY, "2025-03-24"),
        (datetime(2025, 3, 24, 10), "2025-03-24T10:00:00"),
        (datetime(2025, 3, 24, 10, 0, 1, 500_000, UTC), "2025-03-24T10:00:01.5Z"),
        (datetime(2025, 3, 24, 10, tzinfo=timezone(timedelta(hours=-3, minutes=-30))), "2025-03-24T10:00:00-03:30"),
    ],
)
def test_times_are_written_as_the_store_keeps_them(value: date, written: str) -> None:
    assert moment(value).startswith(f'"{written}"^^')


def test_entities() -> None:
    g = graph()
    person = ID["person/ararat-mirzoyan"]
    assert types(g, person) == {"Person"}
    assert values(g, person, RDFS.label) == {"Ararat Mirzoyan"}
    assert values(g, person, FOAF.name) == {"Ararat Mirzoyan", "Mirzoyan"}
    assert values(g, person, CQ.misspelling) == {"Morzoyan"}
    ministry = ID["ministry/am-foreign-affairs"]
    assert types(g, ministry) == {"Ministry", "GovernmentBody", "Organization"}
    assert values(g, ministry, CQ.country) == {str(ID["country/am"])}
    assert values(g, ministry, CQ.portfolio) == {str(CQ.ForeignAffairs)}
    assert types(g, ID["country/am"]) == {"Country", "Place"}
    assert values(g, ID["country/am"], CQ.isoCode) == {"AM"}
    assert types(g, ID["organization/tass"]) == {"MediaOutlet", "Organization"}


def test_a_ministry_of_an_unknown_field_has_the_other_portfolio() -> None:
    g = graph(Reading((ARMENIA, replace(MINISTRY, portfolio=None))))
    assert values(g, ID["ministry/am-foreign-ministry-of-armenia"], CQ.portfolio) == {str(CQ.OtherPortfolio)}


def test_a_country_that_only_a_code_points_to_is_described() -> None:
    g = graph()
    assert types(g, ID["country/ru"]) == {"Country", "Place"}
    assert values(g, ID["country/ru"], RDFS.label) == {"RU"}
    assert values(g, ID["place/moscow"], CQ.country) == {str(ID["country/ru"])}


def test_superclasses_are_those_of_the_ontology() -> None:
    ontology = Graph().parse(ONTOLOGY_FILE)
    for kind in EntityType:
        above = {
            str(c).removeprefix(CQ_IRI) for c in ontology.transitive_objects(CQ[kind], RDFS.subClassOf) if CQ_IRI in c
        }
        assert set(SUPERCLASSES.get(kind, ())) == above - {kind.value}


def test_every_term_is_in_the_ontology() -> None:
    ontology = Graph().parse(ONTOLOGY_FILE)
    declared = set(ontology.subjects(RDF.type, None))
    used = {t for triple in graph() for t in triple if str(t).startswith(CQ_IRI)}
    assert used <= declared, used - declared
    assert OWL.Class in set(ontology.objects(CQ.Meeting, RDF.type))


def entity_iri(entity: Entity, *others: Entity, document: Document = DOCUMENT, **rest: object) -> str:
    found = made(Reading((entity, *others), **rest), document)  # type: ignore[arg-type]
    return found.contribution.entities[0].iri.removeprefix(DEFAULT_BASE)


HERE = (at("met"),)


@pytest.mark.parametrize(
    ("entity", "expected"),
    [
        (Entity("x", EntityType.PERSON, "Wang Yi", HERE), "person/wang-yi"),
        (Entity("x", EntityType.PERSON, "Lavrov", HERE), "person/note%201-lavrov"),
        (Entity("x", EntityType.PERSON, "Lavrov", HERE, iso="RU"), "person/ru-lavrov"),
        (
            Entity("x", EntityType.UNNAMED_SOURCE, "a senior official", HERE),
            "document/note%201#source-a-senior-official",
        ),
        (Entity("x", EntityType.MINISTRY, "Min. of X", HERE, iso="AM", portfolio=Portfolio.TRADE), "ministry/am-trade"),
        (
            Entity("x", EntityType.MINISTRY, "Min. of X", HERE, iso="AM", portfolio=Portfolio.OTHER),
            "ministry/am-min-of-x",
        ),
        (Entity("x", EntityType.MINISTRY, "Min. of X", HERE, iso="AM"), "ministry/am-min-of-x"),
        (Entity("x", EntityType.MINISTRY, "Trade Ministry", HERE), "ministry/note%201-trade-ministry"),
        (Entity("x", EntityType.GOVERNMENT_BODY, "Parliament", HERE, iso="AM"), "organization/am-parliament"),
        (Entity("x", EntityType.GOVERNMENT_BODY, "Parliament", HERE), "organization/parliament"),
        (Entity("x", EntityType.INTERNATIONAL_ORGANIZATION, "NATO", HERE), "organization/nato"),
        (Entity("x", EntityType.COUNTRY, "Artsakh"), "country/artsakh"),
        (Entity("x", EntityType.PLACE, "Sankt-Peterburg", HERE), "place/sankt-peterburg"),
        (Entity("x", EntityType.EVENT, "Munich Security Conference", HERE), "event/munich-security-conference-2025"),
        (Entity("x", EntityType.EVENT, "Expo 2020", HERE), "event/expo-2020"),
    ],
)
def test_identity_of_entities(entity: Entity, expected: str) -> None:
    assert entity_iri(entity) == expected


def test_identity_from_what_else_the_document_says() -> None:
    lavrov = Entity("x", EntityType.PERSON, "Lavrov", HERE)
    russia = Entity("ru", EntityType.COUNTRY, "Russia", iso="RU")
    usa = Entity("us", EntityType.COUNTRY, "US", iso="US")
    old = Tenure("t0", "x", "Ambassador", HERE, of="us", former=True)
    new = Tenure("t1", "x", "Foreign Minister", HERE, of="ru")
    assert entity_iri(lavrov, russia, usa, tenures=(old, new)) == "person/ru-lavrov"
    summit = Entity("e", EntityType.EVENT, "the Summit", HERE)
    assert entity_iri(summit, document=replace(DOCUMENT, published=None)) == "event/note%201-the-summit"
    at_summit = Meeting("g", MeetingKind.MEETING, (), Status.HELD, (), HERE, 1.0, When.year(2023), event="e")
    assert entity_iri(summit, meetings=(at_summit,)) == "event/the-summit-2023"


def test_two_entities_that_share_a_node_are_one() -> None:
    twice = (MIRZOYAN, Entity("m2", EntityType.PERSON, "ARARAT MIRZOYAN", (at("met"),)))
    g = graph(Reading(twice))
    assert len(values(g, ID["person/ararat-mirzoyan"], RDFS.label)) == 1
    assert len(made(Reading(twice)).contribution.entities) == 1


def test_tenure_and_post() -> None:
    g = graph()
    tenure, post = ID["tenure/ararat-mirzoyan-am-foreign-minister"], ID["post/am-foreign-minister"]
    assert types(g, tenure) == {"Tenure"}
    assert values(g, tenure, ORG.member) == {str(ID["person/ararat-mirzoyan"])}
    assert values(g, tenure, CQ.post) == {str(post)}
    assert values(g, tenure, CQ.knownFrom) == values(g, tenure, CQ.knownUntil) == {"2025-03-24"}
    assert values(g, tenure, CQ.former) == set()
    assert values(g, post, RDFS.label) == {"Foreign Minister"}
    assert values(g, post, CQ.of) == {str(ID["country/am"])}
    assert values(g, post, ORG.postIn) == {str(ID["ministry/am-foreign-affairs"])}


def test_a_former_post_is_not_known_to_be_held_on_that_day() -> None:
    former = replace(TENURE, former=True)
    g = graph(replace(READING, tenures=(former,)))
    tenure = ID["tenure/ararat-mirzoyan-am-foreign-minister"]
    assert values(g, tenure, CQ.former) == {"true"}
    assert not values(g, tenure, CQ.knownFrom) | values(g, tenure, CQ.knownUntil)
    both = graph(replace(READING, tenures=(former, replace(TENURE, key="fm2"))))
    assert values(both, tenure, CQ.former) == set()


def test_a_post_of_nobody_knows_what_is_that_persons_own() -> None:
    g = graph(replace(READING, tenures=(replace(TENURE, of=None, ministry=None),)))
    assert types(g, ID["tenure/ararat-mirzoyan-foreign-minister"]) == {"Tenure"}
    assert types(g, ID["post/ararat-mirzoyan-foreign-minister"]) == {"Post"}


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
