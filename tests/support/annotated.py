"""Three invented documents with their annotations, for the tests of the reader and of its training.

Between them they have all that annotations can say: posts, statements of every sort, a meeting told of twice, one
ahead, one put off, a call, a visit, groups ("they", "the two ministers"), a speaker carried by another.
"""

from __future__ import annotations

import json
from functools import cache
from typing import Any

from kg_build.training.annotations import AnnotatedDocument, resolve

HARBOUR = """Slovenia, Norway agree on harbour cranes

LJUBLJANA — Slovenian Foreign Minister Petra Kolar met her Norwegian counterpart, Lars Eide, in Ljubljana on Monday.

“The harbour stays open,” Kolar said. She added that Norway would lend four cranes.

Eide was pleased, according to the Adria Courier. The meeting lasted an hour, and the two ministers agreed to speak by \
phone in June. They thanked the pilots.

The Foreign Ministry of Slovenia did not say what it would cost.
"""
FERRY = """Moreau phones Haddad over ferry line

ALGIERS, March 4 — French President Anna Moreau spoke by phone with Algerian Prime Minister Omar Haddad on Tuesday.

Moreau urged Algeria to reopen the ferry line. Haddad answered that his government “has never closed it”. During the \
call, the two leaders also praised the pilots of both countries.

They will meet in Paris next week, Algerian Energy Minister Samir Benali told reporters. He added that Moreau would \
host the talks.
"""
DRONES = """Larsen puts off Lima visit

COPENHAGEN — Danish Defence Minister Karen Larsen has put off a visit to Peru, the Defence Ministry said on Friday.

“The date does not suit both sides,” the ministry wrote. Peruvian Foreign Minister Diego Salas voiced regret.

Larsen met Estonian Defence Minister Mart Tamm on Thursday instead. They said that the sea must stay quiet. The \
meeting went well, Tamm remarked. He will later receive Salas, the former mayor of Lima, in Tallinn.

We stand by our friends.
"""


def entity(type_: str, key: str, *surfaces: str) -> list[dict[str, Any]]:
    return [{"surface": s, "type": type_, "of": key} for s in surfaces]


def post(surface: str, near: str, person: str, of: str | None, *, former: bool = False) -> dict[str, Any]:
    return {"surface": surface, "in": near, "person": person, "of": of, "former": former}


def statement(
    near: str, source: str | None, cue: str | None, content: str, *speakers: str, **more: Any
) -> dict[str, Any]:
    record = {"in": near, "source": source, "cue": cue, "content": [content], "speakers": list(speakers)}
    return {**record, "form": "indirect", "via": None, "via_surface": None, "addressee": None, "negated": False, **more}


def meeting(
    near: str, trigger: str, kind: str, status: str, parties: dict[str, str | None], **more: Any
) -> dict[str, Any]:
    participants = [{"who": who, "surface": surface} for who, surface in parties.items()]
    record = {"in": near, "trigger": trigger, "kind": kind, "status": status, "participants": participants}
    return {**record, "date": None, "same": None, **more}


def record(id_: str, text: str, published: str, **annotations: list[dict[str, Any]]) -> dict[str, Any]:
    title = text.splitlines()[0]
    return {
        "id": id_,
        "title": title,
        "published": published,
        "publisher": "The Invented Wire",
        "text": text,
        **annotations,
    }


_RECORDS = (
    record(
        "harbour",
        HARBOUR,
        "2031-05-13",
        entities=[
            *entity("country", "SI", "Slovenia"),
            *entity("country", "NO", "Norway"),
            *entity("person", "kolar", "Petra Kolar", "Kolar"),
            *entity("person", "eide", "Lars Eide", "Eide"),
            *entity("place", "ljubljana", "LJUBLJANA", "Ljubljana"),
            *entity("media", "courier", "Adria Courier"),
            *entity("ministry", "si-foreign", "Foreign Ministry"),
        ],
        posts=[
            post("Foreign Minister", "Foreign Minister Petra", "kolar", "SI"),
            post("counterpart", "counterpart, Lars", "eide", "NO"),
            post("ministers", "two ministers agreed", "kolar", "SI"),
            post("ministers", "two ministers agreed", "eide", "NO"),
        ],
        statements=[
            statement("Kolar said. She", "Kolar", "said", "The harbour stays open", "kolar", form="direct"),
            statement("She added", "She", "added", "Norway would lend four cranes", "kolar"),
            statement(
                "according to the Adria",
                "Eide",
                "according to",
                "Eide was pleased",
                "eide",
                via="Adria Courier",
                via_surface="Adria Courier",
            ),
            statement("ministers agreed", "the two ministers", "agreed", "to speak by phone in June", "kolar", "eide"),
            statement("They thanked", "They", "thanked", "the pilots", "kolar", "eide"),
            statement(
                "did not say what",
                "The Foreign Ministry of Slovenia",
                "did not say",
                "what it would cost",
                "si-foreign",
                negated=True,
            ),
        ],
        meetings=[
            meeting(
                "met her Norwegian",
                "met",
                "meeting",
                "held",
                {"kolar": "Petra Kolar", "eide": "Lars Eide"},
                date="2031-05-12",
                date_surface="Monday",
                place_surface="Ljubljana",
                same="cranes",
            ),
            meeting("meeting lasted", "meeting", "meeting", "held", {"kolar": None, "eide": None}, same="cranes"),
            meeting(
                "speak by phone",
                "speak by phone",
                "call",
                "planned",
                {"kolar": "the two ministers", "eide": "the two ministers"},
                date="2031-06",
                date_surface="June",
            ),
        ],
    ),
    record(
        "ferry",
        FERRY,
        "2031-03-04",
        entities=[
            *entity("person", "moreau", "Anna Moreau", "Moreau"),
            *entity("person", "haddad", "Omar Haddad", "Haddad"),
            *entity("person", "benali", "Samir Benali"),
            *entity("country", "DZ", "Algeria"),
            *entity("place", "algiers", "ALGIERS"),
            *entity("place", "paris", "Paris"),
        ],
        posts=[
            post("President", "President Anna", "moreau", "FR"),
            post("Prime Minister", "Prime Minister Omar", "haddad", "DZ"),
            post("Energy Minister", "Energy Minister Samir", "benali", "DZ"),
        ],
        statements=[
            statement("urged Algeria", "Moreau", "urged", "to reopen the ferry line", "moreau", addressee="DZ"),
            statement(
                "Haddad answered", "Haddad", "answered", "his government “has never closed it”", "haddad", form="mixed"
            ),
            statement(
                "leaders also praised", "the two leaders", "praised", "the pilots of both countries", "moreau", "haddad"
            ),
            statement(
                "Benali told",
                "Algerian Energy Minister Samir Benali",
                "told",
                "They will meet in Paris next week",
                "benali",
            ),
            statement("He added", "He", "added", "Moreau would host the talks", "benali"),
        ],
        meetings=[
            meeting(
                "spoke by phone",
                "spoke by phone",
                "call",
                "held",
                {"moreau": "Anna Moreau", "haddad": "Omar Haddad"},
                date="2031-03-04",
                date_surface="Tuesday",
                same="ferry",
            ),
            meeting(
                "call, the two",
                "call",
                "call",
                "held",
                {"moreau": "the two leaders", "haddad": "the two leaders"},
                same="ferry",
            ),
            meeting(
                "They will meet",
                "will meet",
                "meeting",
                "planned",
                {"moreau": "They", "haddad": "They"},
                date=["2031-03-10/2031-03-16"],
                date_surface="next week",
                place_surface="Paris",
                same="paris",
            ),
            meeting(
                "host the talks", "talks", "meeting", "planned", {"moreau": "Moreau", "haddad": None}, same="paris"
            ),
        ],
    ),
    record(
        "drones",
        DRONES,
        "2031-05-17",
        entities=[
            *entity("person", "larsen", "Karen Larsen", "Larsen"),
            *entity("person", "salas", "Diego Salas", "Salas"),
            *entity("person", "tamm", "Mart Tamm", "Tamm"),
            *entity("country", "PE", "Peru"),
            *entity("ministry", "dk-defence", "Defence Ministry", "ministry"),
            *entity("place", "copenhagen", "COPENHAGEN"),
            *entity("place", "lima", "Lima"),
            *entity("place", "tallinn", "Tallinn"),
        ],
        posts=[
            post("Defence Minister", "Defence Minister Karen", "larsen", "DK"),
            post("Foreign Minister", "Foreign Minister Diego", "salas", "PE"),
            post("Defence Minister", "Defence Minister Mart", "tamm", "EE"),
            post("mayor", "mayor of Lima", "salas", None, former=True),
        ],
        statements=[
            statement(
                "Ministry said on Friday",
                "the Defence Ministry",
                "said",
                "Danish Defence Minister Karen Larsen has put off a visit to Peru",
                "dk-defence",
            ),
            statement(
                "ministry wrote",
                "the ministry",
                "wrote",
                "The date does not suit both sides",
                "dk-defence",
                form="direct",
            ),
            statement("voiced regret", "Peruvian Foreign Minister Diego Salas", "voiced", "regret", "salas"),
            statement("They said", "They", "said", "the sea must stay quiet", "larsen", "tamm"),
            statement("Tamm remarked", "Tamm", "remarked", "The meeting went well", "tamm"),
            statement("We stand by", None, None, "We stand by our friends"),
        ],
        meetings=[
            meeting(
                "visit to Peru", "visit", "visit", "postponed", {"larsen": "Karen Larsen", "PE": "Peru"}, same="lima"
            ),
            meeting(
                "met Estonian",
                "met",
                "meeting",
                "held",
                {"larsen": "Larsen", "tamm": "Mart Tamm"},
                date="2031-05-15",
                date_surface="Thursday",
                same="sea",
            ),
            meeting("meeting went well", "meeting", "meeting", "held", {"larsen": None, "tamm": None}, same="sea"),
            meeting(
                "receive Salas",
                "receive",
                "meeting",
                "planned",
                {"tamm": "He", "salas": "Salas"},
                place_surface="Tallinn",
            ),
        ],
    ),
)


def records() -> list[dict[str, Any]]:
    """The documents as records of the annotation format, made anew at each call."""
    copies: list[dict[str, Any]] = json.loads(json.dumps(_RECORDS))
    return copies


@cache
def documents() -> tuple[AnnotatedDocument, ...]:
    """The same, resolved."""
    return tuple(resolve(r) for r in records())


def words(document: AnnotatedDocument) -> dict[str, list[str]]:
    """The words that each kind of annotation covers, in the order in which they are annotated."""
    text = document.text
    return {
        "entities": [e.span.of(text) for e in document.entities],
        "posts": [p.span.of(text) for p in document.posts],
        "contents": [c.of(text) for s in document.statements for c in s.content],
        "cues": [s.cue.of(text) for s in document.statements if s.cue],
        "sources": [s.source.of(text) for s in document.statements if s.source],
        "vias": [s.via.of(text) for s in document.statements if s.via],
        "triggers": [m.trigger.of(text) for m in document.meetings],
        "parties": [p.span.of(text) for m in document.meetings for p in m.parties if p.span],
        "dates": [m.date_span.of(text) for m in document.meetings if m.date_span],
        "places": [m.place_span.of(text) for m in document.meetings if m.place_span],
    }
