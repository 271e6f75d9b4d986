"""Which node each key of a reading stands for: the rules of identity, apart from what is said of the nodes."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from kg_build.iris import Iris, digest, encode, hyphenated, slug
from kg_build.links import NO_LINKS, DocumentLinks
from kg_build.model import Document, Entity, EntityType, Meeting, MeetingKind, Portfolio, Reading, Tenure, When

_ENDS_IN_YEAR: Final = re.compile(r"\b\d{4}\W*$")
_MOST_NAMED: Final = 3  # participants whose names stand in a meeting's IRI: enough to recognise it, and it stays short


class Identity:
    """The IRI of each entity, tenure, post and meeting of one reading, by its key.

    What ``links`` name has the IRI that stands there; all else the one that the document alone gives it.
    """

    def __init__(self, document: Document, reading: Reading, iris: Iris, links: DocumentLinks = NO_LINKS) -> None:
        self.iris = iris
        self.document = document
        self.document_iri = iris.document(document.id)
        self._entities = {entity.key: entity for entity in reading.entities}
        self._years = _years_of_events(reading.meetings)
        self._person_country = self._countries_of_persons(reading.tenures)
        self.entities = {
            key: links.entities.get(key) or self._entity_iri(entity) for key, entity in self._entities.items()
        }
        self.posts = {tenure.key: self._post_iri(tenure) for tenure in reading.tenures}
        self.tenures = {tenure.key: self._tenure_iri(tenure) for tenure in reading.tenures}
        self.meetings = {**self._meeting_iris(reading.meetings), **links.meetings}

    def country(self, code: str) -> str:
        """The country with an ISO code."""
        return self.iris.country(code)

    def participation(self, meeting: str, agent: str) -> str:
        """The part that an agent, given by its IRI, has in a meeting, given by its IRI.

        Countries and bodies have their kind in it: Australia and the African Union are both "au".
        """
        kind, local = self.iris.kind(agent), self.iris.local(agent)
        return f"{meeting}/participant/{local if kind == 'person' else f'{kind}-{local}'}"

    def _countries_of_persons(self, tenures: Iterable[Tenure]) -> dict[str, str]:
        """The code of the country that a person's post belongs to: the first one, current posts before former."""
        found: dict[str, str] = {}
        for tenure in sorted(tenures, key=lambda t: t.former):
            body = self._entities.get(tenure.of or tenure.ministry or "")
            if body and body.iso:
                found.setdefault(tenure.person, body.iso)
        return found

    def _entity_iri(self, entity: Entity) -> str:
        name = slug(entity.name)
        own = f"{encode(self.document.id)}-{name}"
        match entity.type:
            case EntityType.PERSON:
                if len(entity.name.split()) > 1:
                    return self.iris.person(name)
                country = self._person_country.get(entity.key) or entity.iso
                return self.iris.person(f"{country.lower()}-{name}" if country else own)
            case EntityType.UNNAMED_SOURCE:
                return f"{self.document_iri}#source-{name}"
            case EntityType.MINISTRY:
                return self.iris.ministry(self._ministry_name(entity, name) if entity.iso else own)
            case EntityType.COUNTRY:
                return self.iris.country(entity.iso or name)
            case EntityType.PLACE:
                return self.iris.place(name)
            case EntityType.EVENT:
                return self.iris.event(self._event_name(entity, name))
            case EntityType.GOVERNMENT_BODY if entity.iso:
                return self.iris.organization(f"{entity.iso.lower()}-{name}")
            case _:
                return self.iris.organization(name)

    def _ministry_name(self, entity: Entity, name: str) -> str:
        country = (entity.iso or "").lower()
        if entity.portfolio in (None, Portfolio.OTHER):
            return f"{country}-{name}"
        return f"{country}-{hyphenated(entity.portfolio)}"

    def _event_name(self, entity: Entity, name: str) -> str:
        if _ENDS_IN_YEAR.search(entity.name):
            return name
        published = self.document.published_on
        year = self._years.get(entity.key) or (published.year if published else None)
        return f"{name}-{year}" if year else f"{encode(self.document.id)}-{name}"

    def _post_iri(self, tenure: Tenure) -> str:
        of = self._entities.get(tenure.of or tenure.ministry or "")
        if of is None:
            # Whose post it is remains open, so it is not taken for anybody else's of that title.
            return self.iris.post(f"{self.iris.local(self.entities[tenure.person])}-{slug(tenure.title)}")
        return self.iris.post(f"{self.iris.local(self.entities[of.key])}-{slug(tenure.title)}")

    def _tenure_iri(self, tenure: Tenure) -> str:
        person = self.iris.local(self.entities[tenure.person])
        post = self.iris.local(self.posts[tenure.key])
        return self.iris.tenure(person, post.removeprefix(f"{person}-"))

    def _meeting_iris(self, meetings: Iterable[Meeting]) -> dict[str, str]:
        told = (
            (m.key, m.kind, [self.entities[participation.agent] for participation in m.participations], m.when)
            for m in meetings
        )
        return meeting_iris(self.iris, self.document.id, told)


def meeting_iris(
    iris: Iris, document: str, meetings: Iterable[tuple[str, MeetingKind, Iterable[str], When | None]]
) -> dict[str, str]:
    """The IRIs of a document's meetings by their keys, as it alone gives them.

    ``meetings`` are, in the order of its reading, each one's key, kind, participants as IRIs, and date.
    """
    found: dict[str, str] = {}
    taken: set[str] = set()
    for key, kind, agents, when in meetings:
        parties = sorted(set(agents))
        candidate = _meeting_iri(iris, document, kind, parties, when, ())
        number = 2
        while candidate in taken:
            # Two encounters of one document that nothing but the text tells apart.
            candidate = _meeting_iri(iris, document, kind, parties, when, (document, str(number)))
            number += 1
        taken.add(candidate)
        found[key] = candidate
    return found


def _meeting_iri(
    iris: Iris, document: str, kind: MeetingKind, agents: list[str], when: When | None, apart: tuple[str, ...]
) -> str:
    # Only a date that is certain to the day and two parties make it the same meeting as another document's.
    certain = when is not None and (when.lasting or when.granularity == "day")
    parts = [] if certain and len(agents) > 1 else [document]
    if when is not None:
        last = when.earliest if when.lasting else when.latest
        parts += [when.earliest.isoformat(), last.isoformat()]
    key = digest(kind, *agents, *parts, *apart)
    names = "-".join(iris.local(agent) for agent in agents[:_MOST_NAMED])
    first = when.earliest.isoformat() if when else "undated"
    return iris.meeting("-".join(filter(None, (first, names, key))))


def _years_of_events(meetings: Iterable[Meeting]) -> dict[str, int]:
    found: dict[str, int] = {}
    for meeting in meetings:
        if meeting.event and meeting.when:
            found.setdefault(meeting.event, meeting.when.earliest.year)
    return found


__all__ = ["Identity", "meeting_iris"]
