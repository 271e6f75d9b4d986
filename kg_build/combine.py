"""What follows from all documents together: the entities graph, the inferred graph and the counts.

Documents may be added in any order: the result depends on what they say alone.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from itertools import combinations

from kg_build.contribution import Contribution, EntityNote, MeetingNote, Party
from kg_build.iris import Iris
from kg_build.model import EntityType, MeetingKind, Status, When
from kg_build.moments import sortable
from kg_build.nquads import iri, text
from kg_build.triples import Triples
from kg_build.vocabulary import cq, owl, skos
from ontology import WD

_BODIES = frozenset(
    {
        EntityType.MINISTRY,
        EntityType.GOVERNMENT_BODY,
        EntityType.INTERNATIONAL_ORGANIZATION,
        EntityType.ORGANIZATION,
        EntityType.MEDIA_OUTLET,
    }
)
_KIND_NAMES = {
    MeetingKind.MEETING: "Meeting",
    MeetingKind.CALL: "Telephone call",
    MeetingKind.VIDEO_CALL: "Video call",
    MeetingKind.VISIT: "Visit",
    MeetingKind.CONSULTATIONS: "Consultations",
    MeetingKind.SUMMIT: "Summit",
}
_SETTLED = {Status.PROPOSED: 0, Status.PLANNED: 1}
_MOST_NAMED = 4  # participants named in a meeting's description


@dataclass(slots=True)
class _Names:
    types: set[EntityType] = field(default_factory=set)
    names: Counter[str] = field(default_factory=Counter)
    others: set[str] = field(default_factory=set)
    known: Counter[str] = field(default_factory=Counter)
    wikidata: set[str] = field(default_factory=set)

    def add(self, note: EntityNote) -> None:
        self.types.update(note.types)
        self.others.update(note.other_names)
        if note.name is not None:
            self.names[note.name] += 1
            if note.wikidata:
                self.known[note.name] += 1
        if note.wikidata:
            self.wikidata.add(note.wikidata)

    def preferred(self) -> str | None:
        """The reference tables' name where they know the entity, else the fullest, of equals the one most used."""
        names = self.known or self.names
        return max(names, key=lambda n: (len(n.split()), len(n), names[n], n), default=None)


_Age = tuple[str, int, str, str]


@dataclass(slots=True)
class _Meeting:
    """What the documents say of a meeting, each with its age: see ``_age``."""

    told: list[tuple[_Age, MeetingNote]] = field(default_factory=list)

    @property
    def status(self) -> Status:
        """That of the latest document."""
        return max(self.told, key=lambda told: told[0])[1].status

    @property
    def kind(self) -> MeetingKind:
        """What most documents call it, a particular kind before a plain meeting."""
        kinds = Counter(note.kind for _, note in self.told)
        return max(kinds, key=lambda kind: (kind is not MeetingKind.MEETING, kinds[kind], kind))

    @property
    def when(self) -> When | None:
        """The date of the latest document that gives all the days, else the day, else any date."""
        dated = [(_certainty(note.when), age, note.when) for age, note in self.told if note.when]
        return max(dated, key=lambda d: d[:2])[2] if dated else None

    @property
    def places(self) -> set[str]:
        """Where it is said to take place."""
        return {note.place for _, note in self.told if note.place}

    def parties(self, persons: Container[str]) -> set[str]:
        """Whom the first document names that tells of the current status, one that names persons before others."""
        status = self.status
        order = sorted(self.told, key=lambda told: told[0])
        best = max(order, key=lambda t: (any(p.iri in persons for p in t[1].parties), t[1].status is status))
        return {party.iri for party in best[1].parties}

    def met(self) -> Iterator[tuple[str, str]]:
        """Those of whom one document says that both took part, where the meeting was held.

        Who was to come may not have come, and one document's minister stands for another one's country.
        """
        if self.status is not Status.HELD or self.kind is MeetingKind.VISIT:
            return
        for _, note in self.told:
            if note.status is Status.HELD:
                yield from _pairs(note.parties)


class Combination:
    """Gathers the contributions of documents and gives the graphs that follow from them.

    ``names`` are preferred names that were decided upon, ``wikidata`` identifiers that linking found, both by IRI: they
    count before all others.
    """

    def __init__(
        self, iris: Iris, names: Mapping[str, str] | None = None, wikidata: Mapping[str, str] | None = None
    ) -> None:
        self._iris = iris
        self._names = names or {}
        self._wikidata = wikidata or {}
        self._entities: dict[str, _Names] = {}
        self._posts: dict[str, Counter[str]] = {}
        self._meetings: dict[str, _Meeting] = {}
        self._documents = 0
        self._statements = 0
        self._mentions = 0

    def add(self, contribution: Contribution) -> None:
        """Takes in what one document says."""
        self._documents += 1
        self._statements += contribution.statements
        self._mentions += contribution.mentions
        for entity in contribution.entities:
            self._entities.setdefault(entity.iri, _Names()).add(entity)
        for post in contribution.posts:
            self._posts.setdefault(post.iri, Counter())[post.title] += 1
        for meeting in contribution.meetings:
            self._add_meeting(contribution, meeting)

    def _add_meeting(self, contribution: Contribution, note: MeetingNote) -> None:
        told = (_age(contribution, note.status), note)
        self._meetings.setdefault(note.iri, _Meeting()).told.append(told)

    def entities_graph(self) -> Triples:
        """Preferred and other names, Wikidata's identifiers, and each meeting's current status."""
        graph = Triples()
        for node, names in self._entities.items():
            preferred = self._name(node)
            graph.add(iri(node), skos.prefLabel, text(preferred))
            for other in {*names.names, *names.others} - {preferred}:
                graph.add(iri(node), skos.altLabel, text(other))
            known = {self._wikidata[node]} if node in self._wikidata else names.wikidata
            if len(known) == 1:
                graph.add(iri(node), owl.sameAs, iri(WD[next(iter(known))]))
        for node, titles in self._posts.items():
            title = self._names.get(node) or max(titles, key=lambda t: (titles[t], t))
            graph.add(iri(node), skos.prefLabel, text(title))
        persons = {node for node, names in self._entities.items() if EntityType.PERSON in names.types}
        for node, meeting in self._meetings.items():
            graph.add(iri(node), skos.prefLabel, text(self._names.get(node) or self._description(meeting, persons)))
            graph.add(iri(node), cq.currentStatus, cq[meeting.status])
        return graph

    def inferred_graph(self) -> Triples:
        """Who met whom: the participants of meetings that were held, visits left out."""
        graph = Triples()
        for meeting in self._meetings.values():
            for one, other in meeting.met():
                graph.add(iri(one), cq.metWith, iri(other))
                graph.add(iri(other), cq.metWith, iri(one))
        return graph

    def counts(self) -> Counts:
        """How many of each kind of node there are over all documents."""
        types = [names.types for names in self._entities.values()]
        return Counts(
            documents=self._documents,
            persons=sum(EntityType.PERSON in t for t in types),
            ministries=sum(EntityType.MINISTRY in t for t in types),
            organizations=sum(bool(t & _BODIES) for t in types),
            countries=sum(EntityType.COUNTRY in t for t in types),
            meetings={status: n for status in Status if (n := self._with_status(status))},
            statements=self._statements,
            mentions=self._mentions,
        )

    def _with_status(self, status: Status) -> int:
        return sum(meeting.status is status for meeting in self._meetings.values())

    def _code(self, country: str) -> str:
        return self._iris.local(country).upper()

    def _name(self, node: str) -> str:
        return self._names.get(node) or self._entities[node].preferred() or self._code(node)

    def _description(self, meeting: _Meeting, persons: Container[str]) -> str:
        names = sorted(self._name(party) for party in meeting.parties(persons))
        if len(names) > _MOST_NAMED:
            names = [*names[: _MOST_NAMED - 1], f"{len(names) - _MOST_NAMED + 1} others"]
        parts = [_KIND_NAMES[meeting.kind]]
        if names:
            parts.append("of " + " and ".join(filter(None, (", ".join(names[:-1]), names[-1]))))
        if meeting.places:
            preposition = "to" if meeting.kind is MeetingKind.VISIT else "in"
            parts.append(f"{preposition} {min(self._name(place) for place in meeting.places)}")
        return " ".join(parts) + (f", {shown}" if (shown := _shown(meeting.when)) else "")


@dataclass(frozen=True, slots=True)
class Counts:
    """How many nodes of each kind a build holds. Ministries are among the organizations."""

    documents: int
    persons: int
    ministries: int
    organizations: int
    countries: int
    meetings: dict[Status, int]
    statements: int
    mentions: int


def _age(contribution: Contribution, status: Status) -> _Age:
    """What sorts by the day of publication, and on one day by what is settled: it was planned before it was held."""
    moment = sortable(contribution.published)
    return moment[:10], _SETTLED.get(status, 2), moment, contribution.identifier


def _certainty(when: When) -> int:
    return 2 if when.lasting else 1 if when.granularity == "day" else 0


def _pairs(parties: Iterable[Party]) -> Iterator[tuple[str, str]]:
    """Those who met each other. Nobody meets whom he himself represents."""
    for one, other in combinations(parties, 2):
        if one.iri not in (other.iri, other.on_behalf_of) and other.iri != one.on_behalf_of:
            yield one.iri, other.iri


def _shown(when: When | None) -> str:
    if when is None:
        return ""
    match when.granularity:
        case "day":
            return _day(when.earliest)
        case "month":
            return f"{_MONTHS[when.earliest.month - 1]} {when.earliest.year}"
        case "year":
            return str(when.earliest.year)
        case _ if when.lasting:
            return f"{_day(when.earliest)} to {_day(when.latest)}"
        case _:
            return f"between {_day(when.earliest)} and {_day(when.latest)}"


# strftime would name the months in the language of the machine that builds.
_MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip


def _day(day: date) -> str:
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


__all__ = ["Combination", "Counts"]
