"""From readings to graphs: docs/graph.md, rule by rule."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from hashlib import sha256

import pytest
from rdflib import OWL, RDF, RDFS, Graph, Literal, URIRef

from kg_build.assemble.entities import SUPERCLASSES
from kg_build.assemble.graph import moment
from kg_build.model import (
    Document,
    Entity,
    EntityType,
    Meeting,
    MeetingKind,
    Original,
    Portfolio,
    Reading,
    Status,
    Tenure,
    When,
)
from kg_build.validate import Validator
from ontology import CQ as CQ_IRI
from ontology import DCTERMS, DEFAULT_BASE, FOAF, OA, ONTOLOGY_FILE, ORG, PROV, SCHEMA, XSD
from tests.support.assembled import (
    ARMENIA,
    CQ,
    DAY,
    DOCUMENT,
    HERE,
    ID,
    MINISTRY,
    MIRZOYAN,
    READING,
    TENURE,
    TEXT,
    D,
    at,
    graph,
    made,
    types,
    values,
)


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
    assert not list(g.objects(D, URIRef(PROV.wasDerivedFrom)))


def test_the_file_that_a_text_was_taken_from_and_its_pages() -> None:
    digest = sha256(b"x").hexdigest()
    g = graph(document=replace(DOCUMENT, original=Original("application/pdf", "note.pdf", digest, (0, 10, 10))))
    (file,) = g.objects(D, URIRef(PROV.wasDerivedFrom))
    assert file == ID[f"file/{digest}"]
    assert (file, RDF.type, URIRef(PROV.Entity)) in g
    assert values(g, file, DCTERMS["format"]) == {"application/pdf"}
    assert values(g, file, RDFS.label) == {"note.pdf"}
    assert values(g, file, SCHEMA.sha256) == {digest}
    pages = {}
    for page in g.subjects(URIRef(DCTERMS.isPartOf), D):
        assert types(g, page) == {"Page"}
        (position,) = g.objects(page, URIRef(OA.hasSelector))
        number = next(iter(values(g, page, CQ.pageNumber)))
        pages[number] = (values(g, position, OA.start), values(g, position, OA.end))
    assert pages == {"1": ({"0"}, {"10"}), "3": ({"10"}, {str(len(TEXT))})}, "page 2 has no text"
    assert Validator().validate(g).conforms


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
