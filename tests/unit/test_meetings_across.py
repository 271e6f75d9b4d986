"""Which documents tell of the same encounter. Everybody here is made up."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, date, datetime
from itertools import permutations

import pytest

from benchmarks.linking_meetings import INVENTED, LABELS, Label, read_labelled, read_labels, score
from kg_build.iris import Iris
from kg_build.model import EntityType, MeetingKind, Span, Status, When
from kg_build.resolve import DocumentNotes, Resolution, resolve
from kg_build.resolve.decisions import Action, Decision, Decisions
from kg_build.resolve.nodes import Nodes
from kg_build.resolve.notes import EntityFacts, MeetingFacts, PostFacts
from ontology import DEFAULT_BASE

IRIS = Iris(DEFAULT_BASE)
MEETING, CALL, VISIT = MeetingKind.MEETING, MeetingKind.CALL, MeetingKind.VISIT
HELD, PLANNED = Status.HELD, Status.PLANNED
TUESDAY = date(2025, 3, 25)


def person(name: str, iso: str | None, title: str = "Foreign Minister") -> EntityFacts:
    slug = name.lower().replace(" ", "-")
    posts = (PostFacts(title, IRIS.country(iso), iso),) if iso else ()
    return EntityFacts(name, IRIS.person(slug), EntityType.PERSON, name, posts=posts)


def country(name: str, iso: str) -> EntityFacts:
    return EntityFacts(name, IRIS.country(iso), EntityType.COUNTRY, name, iso=iso)


def ministry(name: str, iso: str) -> EntityFacts:
    return EntityFacts(name, IRIS.ministry(f"{iso.lower()}-foreign-affairs"), EntityType.MINISTRY, name, iso=iso)


ENTITIES = {
    entity.key: entity
    for entity in (
        person("Lena Aro", "FI"),
        person("Paavo Rinne", "FI", "President"),
        person("Rui Salvaterra", "PT"),
        person("Ines Caceres", "PE"),
        person("Mads Krogh", "DK"),
        person("Salvaterra", "PT"),
        country("Finland", "FI"),
        country("Portugal", "PT"),
        ministry("Finnish foreign ministry", "FI"),
        EntityFacts("Lisbon", IRIS.place("lisbon"), EntityType.PLACE, "Lisbon", iso="PT"),
        EntityFacts("Sintra", IRIS.place("sintra"), EntityType.PLACE, "Sintra", iso="PT"),
        EntityFacts("Lima", IRIS.place("lima"), EntityType.PLACE, "Lima", iso="PE"),
    )
}


@dataclass(frozen=True)
class Told:
    """What one document tells of one meeting."""

    kind: MeetingKind
    who: str
    when: When | None = None
    status: Status = HELD
    place: str | None = None


def document(name: str, published: date | None, *told: Told) -> DocumentNotes:
    facts = tuple(
        MeetingFacts(
            key=f"m{number}",
            iri=IRIS.meeting(f"{name}-{number}"),
            kind=one.kind,
            status=one.status,
            agents=tuple(one.who.split(", ")),
            confidence=0.9,
            when=one.when,
            place=one.place,
        )
        for number, one in enumerate(told)
    )
    return DocumentNotes(name, published, None, None, tuple(ENTITIES.values()), facts)


def day(*at: int) -> When:
    return When.day(date(*at))


def nodes_of(*documents: DocumentNotes, decisions: Decisions | None = None) -> dict[tuple[str, str], str]:
    """The IRI of each meeting after linking, by document and key."""
    resolution = resolve(documents, IRIS, decisions or Decisions())
    return _nodes(resolution, documents)


def _nodes(resolution: Resolution, documents: tuple[DocumentNotes, ...]) -> dict[tuple[str, str], str]:
    nodes = Nodes(documents, IRIS)
    nodes.name_meetings()
    return {(name, key): resolution.of(name).meetings.get(key, alone) for (name, key), alone in nodes.meetings.items()}


def groups(*documents: DocumentNotes, decisions: Decisions | None = None) -> list[set[str]]:
    """The documents of each meeting that several tell of."""
    found: dict[str, set[str]] = {}
    for (name, _), node in nodes_of(*documents, decisions=decisions).items():
        found.setdefault(node, set()).add(name)
    return sorted((names for names in found.values() if len(names) > 1), key=sorted)


MINISTERS = "Lena Aro, Rui Salvaterra"
READOUT = document("a", TUESDAY, Told(MEETING, MINISTERS, day(2025, 3, 25), place="Lisbon"))


@pytest.mark.parametrize(
    "other",
    [
        document("b", TUESDAY, Told(MEETING, MINISTERS, day(2025, 3, 25))),
        document("b", TUESDAY, Told(MeetingKind.CONSULTATIONS, MINISTERS, day(2025, 3, 25))),
        document("b", TUESDAY, Told(MEETING, "Finland, Portugal", day(2025, 3, 25))),
        document("b", TUESDAY, Told(MEETING, "Finnish foreign ministry, Rui Salvaterra", day(2025, 3, 25))),
        document("b", TUESDAY, Told(MEETING, "Lena Aro, Salvaterra", day(2025, 3, 25))),
        document("b", date(2025, 3, 26), Told(MEETING, MINISTERS, None, place="Lisbon")),
        document("b", date(2025, 4, 2), Told(MEETING, MINISTERS, When(date(2025, 3, 24), date(2025, 3, 30)))),
        document("b", date(2025, 4, 20), Told(MEETING, MINISTERS, When.month(2025, 3))),
        document("b", date(2025, 3, 4), Told(MEETING, MINISTERS, day(2025, 3, 25), PLANNED)),
        document("b", date(2025, 3, 20), Told(MEETING, MINISTERS, None, PLANNED)),
        document("b", date(2025, 3, 20), Told(MEETING, MINISTERS, day(2025, 3, 25), Status.CANCELLED)),
        document("b", date(2025, 3, 27), Told(MEETING, MINISTERS, day(2025, 3, 25), Status.DENIED)),
    ],
    ids=[
        "the other side's readout", "called consultations", "countries for ministers", "ministry for minister",
        "surname alone", "undated, next day", "last week", "last month", "planned for the day", "planned, undated",
        "cancelled", "denied",
    ],
)  # fmt: skip
def test_accounts_of_one_encounter_meet(other: DocumentNotes) -> None:
    assert groups(READOUT, other) == [{"a", "b"}]


@pytest.mark.parametrize(
    "other",
    [
        document("b", date(2025, 3, 26), Told(MEETING, MINISTERS, day(2025, 3, 26))),
        document("b", TUESDAY, Told(CALL, MINISTERS, day(2025, 3, 25))),
        document("b", TUESDAY, Told(VISIT, MINISTERS, day(2025, 3, 25), place="Lisbon")),
        document("b", TUESDAY, Told(MEETING, "Paavo Rinne, Rui Salvaterra", day(2025, 3, 25))),
        document("b", TUESDAY, Told(MEETING, f"{MINISTERS}, Mads Krogh", day(2025, 3, 25))),
        document("b", TUESDAY, Told(MEETING, "Lena Aro, Ines Caceres", day(2025, 3, 25))),
        document("b", TUESDAY, Told(MEETING, "Lena Aro", day(2025, 3, 25))),
        document("b", date(2025, 5, 20), Told(MEETING, MINISTERS)),
        document("b", date(2026, 3, 1), Told(MEETING, MINISTERS, When.year(2025))),
    ],
    ids=[
        "the day after", "a call", "the visit", "another Finn", "with a third", "another partner", "one of them alone",
        "undated, months later", "at some time in the year",
    ],
)  # fmt: skip
def test_other_encounters_stay_apart(other: DocumentNotes) -> None:
    assert groups(READOUT, other) == []


def test_what_one_document_tells_apart_stays_two() -> None:
    twice = Told(MEETING, MINISTERS, day(2025, 3, 25))
    found = nodes_of(document("a", TUESDAY, twice, twice), document("b", TUESDAY, twice), document("c", TUESDAY, twice))
    assert found["a", "m0"] != found["a", "m1"]
    assert found["b", "m0"] == found["c", "m0"]


def test_a_vague_account_is_left_alone_where_it_fits_two() -> None:
    first = document("a", date(2025, 3, 24), Told(CALL, MINISTERS, day(2025, 3, 24)))
    second = document("b", date(2025, 3, 27), Told(CALL, MINISTERS, day(2025, 3, 27)))
    later = document("c", date(2025, 4, 2), Told(CALL, MINISTERS, When(date(2025, 3, 24), date(2025, 3, 30))))
    assert groups(first, second, later) == []
    candidates = resolve([first, second, later], IRIS).candidates
    assert {candidate.documents for candidate in candidates} == {("a", "c"), ("b", "c")}
    assert all(0 < candidate.score < 1 for candidate in candidates)


def test_a_visit_is_known_by_the_visitor_the_country_and_the_days() -> None:
    planned = document("a", date(2025, 3, 4), Told(VISIT, "Lena Aro", day(2025, 3, 25), PLANNED, "Lisbon"))
    readout = document("b", date(2025, 3, 26), Told(VISIT, "Lena Aro, Portugal", day(2025, 3, 25)))
    stay = When(date(2025, 3, 24), date(2025, 3, 26), lasting=True)
    longer = document("c", date(2025, 3, 27), Told(VISIT, "Lena Aro", stay, place="Sintra"))
    elsewhere = document("d", TUESDAY, Told(VISIT, "Lena Aro", day(2025, 3, 25), place="Lima"))
    assert groups(planned, readout, longer, elsewhere) == [{"a", "b", "c"}]


def test_a_postponed_meeting_has_two_dates() -> None:
    planned = document("a", date(2025, 3, 4), Told(MEETING, MINISTERS, day(2025, 3, 25), PLANNED))
    put_off = document("b", date(2025, 3, 20), Told(MEETING, MINISTERS, day(2025, 4, 9), Status.POSTPONED))
    held = document("c", date(2025, 4, 9), Told(MEETING, MINISTERS, day(2025, 4, 9)))
    assert groups(planned, put_off, held) == [{"a", "b", "c"}]
    assert groups(planned, held) == []


def test_the_outcome_does_not_depend_on_the_order() -> None:
    documents = [
        document("a", date(2025, 3, 4), Told(MEETING, MINISTERS, day(2025, 3, 25), PLANNED)),
        document("b", date(2025, 3, 20), Told(MEETING, "Finland, Portugal", None, PLANNED)),
        document("c", TUESDAY, Told(MEETING, MINISTERS, day(2025, 3, 25))),
        document("d", date(2025, 4, 2), Told(MEETING, MINISTERS, When(date(2025, 3, 24), date(2025, 3, 30)))),
    ]
    found = [resolve(order, IRIS) for order in permutations(documents)]
    assert all(one == found[0] for one in found)


def test_the_name_is_that_of_the_first_account_that_gives_the_day_and_the_others_lead_to_it() -> None:
    vague = document("p", date(2025, 3, 20), Told(MEETING, "Finland, Portugal", None, PLANNED))
    later = document("b", date(2025, 3, 27), Told(MEETING, "Lena Aro, Portugal", day(2025, 3, 25)))
    documents = (vague, READOUT, later)
    resolution = resolve(documents, IRIS)
    names = set(_nodes(resolution, documents).values())
    assert names == {resolution.aliases[alias] for alias in resolution.aliases}
    (name,) = names
    assert name.startswith(IRIS.meeting("2025-03-25-lena-aro-rui-salvaterra-"))
    assert len(resolution.aliases) == 2


def test_one_party_and_a_day_make_no_meeting_the_same() -> None:
    # Two press conferences of one minister on one day, say.
    one = document("a", TUESDAY, Told(MEETING, "Lena Aro", day(2025, 3, 25)))
    other = document("b", TUESDAY, Told(MEETING, "Lena Aro", day(2025, 3, 25)))
    assert groups(one, other) == []


def test_people_have_the_last_word() -> None:
    other = document("b", TUESDAY, Told(MEETING, "Finland, Portugal", day(2025, 3, 25)))
    nodes = Nodes((READOUT, other), IRIS)
    nodes.name_meetings()
    apart = Decision(1, datetime(2025, 4, 1, tzinfo=UTC), "me", Action.REJECT, others=tuple(nodes.meetings.values()))
    assert groups(READOUT, other, decisions=Decisions((apart,))) == []


def test_the_benchmark_counts_pairs_of_different_documents() -> None:
    labels = [
        Label(name, Span(0, 3), encounter) for name, encounter in (("a", "1"), ("a", "1"), ("b", "1"), ("c", "2"))
    ]
    result = score(labels, ["m", "m", "m", "m"])
    assert result.pairwise == (2 / 5, 1.0)
    assert result.bcubed == (pytest.approx(5 / 8), 1.0)
    assert len(result.wrong) == 3
    apart = score(labels, ["m", "m", None, None])
    assert apart.pairwise == (1.0, 0.0)
    assert apart.bcubed == (1.0, pytest.approx((2 / 3 + 2 / 3 + 1 / 3 + 1) / 4))


def test_every_label_of_an_invented_article_stands_in_it() -> None:
    labels = [label for label in read_labels() if label.document.startswith("inv-")]
    documents = read_labelled(labels, [INVENTED])
    assert len(documents) == 18
    lines = [json.loads(line) for line in LABELS.read_text(encoding="utf-8").splitlines()]
    surfaces = {(line["document"], line["start"]): line["surface"] for line in lines}
    for label in labels:
        assert label.span.of(documents[label.document].text) == surfaces[label.document, label.span.start]
    assert len({label.encounter for label in read_labels()}) >= 40
