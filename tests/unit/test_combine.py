"""What follows from several documents."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta, timezone
from itertools import permutations

import pytest

from kg_build.combine import Combination
from kg_build.contribution import Contribution, EntityNote, MeetingNote, Party, PostNote
from kg_build.iris import Iris
from kg_build.model import EntityType, MeetingKind, Status, When
from kg_build.nquads import iri, lexical, text
from kg_build.triples import Triples
from kg_build.vocabulary import cq, owl, skos
from ontology import DEFAULT_BASE

IRIS = Iris(DEFAULT_BASE)
ANNA, BORIS, ARMENIA = IRIS.person("anna-a"), IRIS.person("boris-b"), IRIS.country("AM")
CLARA = IRIS.person("clara-c")
OSLO = IRIS.place("oslo")
MEETING = IRIS.meeting("m")


def note(node: str, kind: EntityType, name: str | None, *others: str, wikidata: str | None = None) -> EntityNote:
    return EntityNote(node, (kind,), name, others, wikidata)


PEOPLE = (
    note(ANNA, EntityType.PERSON, "Anna A"),
    note(BORIS, EntityType.PERSON, "Boris B"),
    note(ARMENIA, EntityType.COUNTRY, "Armenia", wikidata="Q399"),
    note(OSLO, EntityType.PLACE, "Oslo"),
)


def contribution(
    name: str,
    *,
    published: date | None = None,
    entities: tuple[EntityNote, ...] = PEOPLE,
    posts: tuple[PostNote, ...] = (),
    meetings: tuple[MeetingNote, ...] = (),
) -> Contribution:
    return Contribution(IRIS.document(name), name, published, entities, posts, meetings, statements=2, mentions=5)


def meeting(status: Status, *parties: str | Party, kind: MeetingKind = MeetingKind.MEETING) -> MeetingNote:
    full = tuple(party if isinstance(party, Party) else Party(party) for party in parties or (ANNA, BORIS))
    return MeetingNote(MEETING, kind, status, full, When.day(date(2025, 3, 24)), OSLO)


def combined(*contributions: Contribution) -> Combination:
    combination = Combination(IRIS)
    for one in contributions:
        combination.add(one)
    return combination


def objects(graph: Triples, node: str, predicate: str) -> set[str]:
    return {o for s, p, o in graph if (s, p) == (iri(node), predicate)}


def texts(graph: Triples, node: str, predicate: str) -> set[str]:
    return {lexical(o).value for s, p, o in graph if (s, p) == (iri(node), predicate)}


def test_the_fullest_name_is_preferred_and_the_others_are_kept() -> None:
    notes = [
        (note(ANNA, EntityType.PERSON, "Anna A", "Anna"),),
        (note(ANNA, EntityType.PERSON, "Anna Maria A"),),
        (note(ANNA, EntityType.PERSON, "Anna A"),),
    ]
    for order in permutations(notes):
        graph = combined(*(contribution(str(n), entities=e) for n, e in enumerate(order))).entities_graph()
        assert texts(graph, ANNA, skos.prefLabel) == {"Anna Maria A"}
        assert texts(graph, ANNA, skos.altLabel) == {"Anna A", "Anna"}


def test_of_two_equally_full_names_the_more_frequent_one() -> None:
    names = ["Recep Erdogan", "Recep Erdoğan", "Recep Erdoğan"]
    notes = [contribution(str(n), entities=(note(ANNA, EntityType.PERSON, name),)) for n, name in enumerate(names)]
    assert texts(combined(*notes).entities_graph(), ANNA, skos.prefLabel) == {"Recep Erdoğan"}


def test_the_tables_name_comes_before_a_fuller_one() -> None:
    known = contribution("a", entities=(note(ARMENIA, EntityType.COUNTRY, "Armenia", wikidata="Q399"),))
    other = contribution("b", entities=(note(ARMENIA, EntityType.COUNTRY, "Republic of Armenia"),))
    graph = combined(known, other).entities_graph()
    assert texts(graph, ARMENIA, skos.prefLabel) == {"Armenia"}
    assert objects(graph, ARMENIA, owl.sameAs) == {"<http://www.wikidata.org/entity/Q399>"}


def test_a_country_that_is_never_named_is_called_by_its_code() -> None:
    unnamed = contribution("a", entities=(note(ARMENIA, EntityType.COUNTRY, None),))
    assert texts(combined(unnamed).entities_graph(), ARMENIA, skos.prefLabel) == {"AM"}
    graph = combined(unnamed, contribution("b")).entities_graph()
    assert texts(graph, ARMENIA, skos.prefLabel) == {"Armenia"}
    assert texts(graph, ARMENIA, skos.altLabel) == set()


def test_two_identifiers_are_beyond_no_doubt() -> None:
    notes = [contribution(q, entities=(note(ARMENIA, EntityType.COUNTRY, "A", wikidata=q),)) for q in ("Q1", "Q2")]
    assert objects(combined(*notes).entities_graph(), ARMENIA, owl.sameAs) == set()


def test_posts_have_their_most_frequent_title() -> None:
    post = IRIS.post("am-fm")
    titles = ["Foreign Minister", "foreign minister", "Foreign Minister"]
    notes = [contribution(str(n), posts=(PostNote(post, title),)) for n, title in enumerate(titles)]
    assert texts(combined(*notes).entities_graph(), post, skos.prefLabel) == {"Foreign Minister"}


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ([(date(2025, 1, 1), Status.PLANNED), (date(2025, 1, 2), Status.HELD)], Status.HELD),
        ([(date(2025, 1, 2), Status.POSTPONED), (date(2025, 1, 1), Status.PLANNED)], Status.POSTPONED),
        ([(None, Status.CANCELLED), (date(2025, 1, 1), Status.PLANNED)], Status.PLANNED),
        ([(date(2025, 1, 1), Status.HELD), (date(2025, 1, 1), Status.PLANNED)], Status.HELD),
        (
            [
                (datetime(2025, 1, 1, 12, tzinfo=timezone(timedelta(hours=4))), Status.PLANNED),
                (datetime(2025, 1, 1, 9, tzinfo=timezone(timedelta())), Status.CANCELLED),
            ],
            Status.CANCELLED,
        ),
        ([(datetime(2025, 1, 1, 1), Status.CANCELLED), (date(2025, 1, 1), Status.HELD)], Status.CANCELLED),
    ],
)
def test_the_latest_document_gives_the_current_status(said: list[tuple[date | None, Status]], expected: Status) -> None:
    notes = [contribution(str(n), published=day, meetings=(meeting(status),)) for n, (day, status) in enumerate(said)]
    for order in permutations(notes):
        combination = combined(*order)
        assert objects(combination.entities_graph(), MEETING, cq.currentStatus) == {cq[expected]}
        assert combination.counts().meetings == {expected: 1}


@pytest.mark.parametrize("status", list(Status))
def test_only_held_meetings_yield_that_two_met(status: Status) -> None:
    graph = combined(contribution("a", meetings=(meeting(status),))).inferred_graph()
    expected = {(iri(ANNA), cq.metWith, iri(BORIS)), (iri(BORIS), cq.metWith, iri(ANNA))}
    assert set(graph) == (expected if status is Status.HELD else set())


def test_on_one_day_what_was_planned_came_before_what_was_held() -> None:
    evening = contribution("a", published=datetime(2025, 1, 1, 20), meetings=(meeting(Status.PLANNED),))
    readout = contribution("b", published=date(2025, 1, 1), meetings=(meeting(Status.HELD),))
    assert objects(combined(evening, readout).entities_graph(), MEETING, cq.currentStatus) == {cq.Held}


def test_who_was_to_come_and_who_is_represented_did_not_meet() -> None:
    planned = contribution("a", published=date(2025, 1, 1), meetings=(meeting(Status.PLANNED, ANNA, CLARA),))
    minister = contribution("b", published=date(2025, 1, 2), meetings=(meeting(Status.HELD, ANNA, BORIS),))
    country = contribution("c", published=date(2025, 1, 2), meetings=(meeting(Status.HELD, ARMENIA, BORIS),))
    met = {(one, other) for one, _, other in combined(planned, minister, country).inferred_graph()}
    assert met == {(iri(a), iri(b)) for one in (ANNA, ARMENIA) for a, b in ((one, BORIS), (BORIS, one))}


def test_what_several_documents_tell_is_described_by_the_surest() -> None:
    told = (
        replace(meeting(Status.PLANNED, ANNA, CLARA), when=When.day(date(2025, 3, 20))),
        replace(meeting(Status.HELD, ARMENIA, BORIS), when=When.day(date(2025, 3, 24))),
        replace(meeting(Status.HELD, kind=MeetingKind.CONSULTATIONS), when=When.month(2025, 3)),
    )
    notes = [contribution(str(n), published=date(2025, 1, n + 1), meetings=(one,)) for n, one in enumerate(told)]
    for order in permutations(notes):
        label = "Consultations of Armenia and Boris B in Oslo, 24 March 2025"
        assert objects(combined(*order).entities_graph(), MEETING, skos.prefLabel) == {text(label)}


def test_a_later_denial_takes_it_back() -> None:
    held = contribution("a", published=date(2025, 1, 1), meetings=(meeting(Status.HELD),))
    denied = contribution("b", published=date(2025, 1, 2), meetings=(meeting(Status.DENIED),))
    assert len(combined(held, denied).inferred_graph()) == 0


def test_who_did_not_meet() -> None:
    alone = meeting(Status.HELD, ANNA)
    visit = meeting(Status.HELD, kind=MeetingKind.VISIT)
    own_country = meeting(Status.HELD, Party(ANNA, on_behalf_of=ARMENIA), ARMENIA)
    for note_ in (alone, visit, own_country):
        assert len(combined(contribution("a", meetings=(note_,))).inferred_graph()) == 0


@pytest.mark.parametrize(
    ("note_", "expected"),
    [
        (meeting(Status.HELD), "Meeting of Anna A and Boris B in Oslo, 24 March 2025"),
        (
            MeetingNote(MEETING, MeetingKind.VISIT, Status.PLANNED, (Party(ANNA),), None, OSLO),
            "Visit of Anna A to Oslo",
        ),
        (MeetingNote(MEETING, MeetingKind.CALL, Status.HELD, (), When.month(2025, 3)), "Telephone call, March 2025"),
        (MeetingNote(MEETING, MeetingKind.SUMMIT, Status.HELD, (), When.year(2025)), "Summit, 2025"),
        (
            MeetingNote(MEETING, MeetingKind.MEETING, Status.HELD, (), When(date(2025, 3, 17), date(2025, 3, 23))),
            "Meeting, between 17 March 2025 and 23 March 2025",
        ),
        (
            MeetingNote(
                MEETING, MeetingKind.MEETING, Status.HELD, (), When(date(2025, 5, 1), date(2025, 5, 31), lasting=True)
            ),
            "Meeting, 1 May 2025 to 31 May 2025",
        ),
    ],
)
def test_meetings_are_described(note_: MeetingNote, expected: str) -> None:
    graph = combined(contribution("a", meetings=(note_,))).entities_graph()
    assert objects(graph, MEETING, skos.prefLabel) == {text(expected)}


def test_of_a_meetings_first_day_and_its_whole_stretch_the_stretch_is_shown() -> None:
    day, stretch = (
        replace(meeting(Status.HELD), when=When(date(2025, 5, 3), date(2025, 5, n), lasting=n > 3)) for n in (3, 5)
    )
    for one, other in ((day, stretch), (stretch, day)):
        graph = combined(contribution("a", meetings=(one,)), contribution("b", meetings=(other,))).entities_graph()
        label = "Meeting of Anna A and Boris B in Oslo, 3 May 2025 to 5 May 2025"
        assert objects(graph, MEETING, skos.prefLabel) == {text(label)}


def test_a_large_meeting_is_described_shortly() -> None:
    people = tuple(note(IRIS.person(f"p-{n}"), EntityType.PERSON, f"P {n}") for n in range(9))
    large = meeting(Status.HELD, *(person.iri for person in people))
    graph = combined(contribution("a", entities=(*people, PEOPLE[3]), meetings=(large,))).entities_graph()
    label = "Meeting of P 0, P 1, P 2 and 6 others in Oslo, 24 March 2025"
    assert objects(graph, MEETING, skos.prefLabel) == {text(label)}


def test_counts() -> None:
    ministry = EntityNote(IRIS.ministry("am-x"), (EntityType.MINISTRY,), "X")
    counts = combined(contribution("a", entities=(*PEOPLE, ministry)), contribution("b")).counts()
    assert (counts.documents, counts.persons, counts.ministries, counts.organizations) == (2, 2, 1, 1)
    assert (counts.countries, counts.statements, counts.mentions) == (1, 4, 10)
