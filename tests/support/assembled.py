"""A small document with one of each kind of fact, what a reader finds in it, and its graph."""

from __future__ import annotations

from datetime import date

from rdflib import RDF, Graph, Namespace, URIRef

from kg_build.assemble import Assembled, assemble
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
from ontology import CQ as CQ_IRI
from ontology import DEFAULT_BASE

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

HERE = (at("met"),)
