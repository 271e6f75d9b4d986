"""A graph of any size in the project's vocabulary, for measuring: the same bytes for the same number of triples.

``python benchmarks/synthetic.py DIR --triples 1000000`` makes a build in ``DIR`` that ``communique serve`` serves:
documents that tell of meetings (persons, ministries, capacities, status reports) and statements, each fact with its
evidence. The names, the words and what is told are made up.
"""

from __future__ import annotations

import argparse
import datetime
import random
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Final

import pyoxigraph

from kg_build import __version__
from kg_build.build_directory import BuildDirectory
from kg_build.combine import Counts
from kg_build.manifest import Manifest, SetAsideCounts, Versions
from kg_build.model import ReaderVersion, Status
from kg_build.store import create_store
from ontology import CQ, DCTERMS, DEFAULT_BASE, OA, ORG, RDF, SKOS, XSD

_FIRST: Final = ("Ada", "Bruno", "Carla", "Dmitri", "Elif", "Farid", "Greta", "Hugo", "Ines", "Jonas", "Katya", "Liam")
_SYLLABLES: Final = ("ba", "cor", "dan", "fel", "gar", "hov", "kin", "lar", "mor", "nes", "pol", "rin", "sav", "tur")
_WORDS: Final = (
    "airspace", "aid", "archives", "border", "cable", "ceasefire", "climate", "customs", "energy", "fisheries", "grain",
    "mines", "observers", "pipeline", "ports", "rail", "rescue", "satellites", "students", "summit", "talks", "tariffs",
    "trade", "treaty", "visa", "water",
)  # fmt: skip
_KINDS: Final = ("TelephoneCall", "VideoCall", "Visit", "Consultations", "Summit", "Meeting")
_STATUS: Final = (*("Held",) * 6, "Planned", "Planned", "Cancelled", "Denied")
_PORTFOLIOS: Final = ("ForeignAffairs", "Defence", "Trade", "Energy")
_COUNTRIES: Final = 60
_DOCUMENTS_A_PERSON: Final = 5
"""Documents for each person that there is: the graph's nodes grow with it."""


@dataclass(frozen=True, slots=True)
class Content:
    """What the graph holds, for the manifest and for queries with constants in them."""

    documents: int
    persons: int
    triples: int


def _iri(path: str) -> str:
    return f"<{DEFAULT_BASE}{path}>"


def _text(value: str) -> str:
    return f'"{value}"'


def _typed(value: object, datatype: str) -> str:
    return f'"{value}"^^<{datatype}>'


_TYPE: Final = f"<{RDF.type}>"


class _Document:
    """The lines of one document's graph."""

    def __init__(self, number: int, persons: int) -> None:
        self._random = random.Random(number)  # noqa: S311 - for variety, not for secrets
        self._number = number
        self._persons = persons
        self._graph = _iri(f"document/{number}")
        self._mentions = count()
        self._day = datetime.date(2015, 1, 1) + datetime.timedelta(days=self._random.randrange(3650))

    def lines(self) -> Iterator[str]:
        """N-Quads."""
        for subject, predicate, value in self._triples():
            yield f"{subject} <{predicate}> {value} {self._graph} .\n"

    def _triples(self) -> Iterator[tuple[str, str, str]]:
        day = _typed(self._day, XSD.date)
        yield self._graph, RDF.type, f"<{CQ.Document}>"
        yield self._graph, DCTERMS.identifier, _text(f"doc-{self._number}")
        yield self._graph, DCTERMS["title"], _text(self._phrase(5))
        yield self._graph, DCTERMS.issued, day
        yield self._graph, DCTERMS.publisher, _text(f"Wire {self._random.randrange(40)}")
        # A square: a few persons are in the news all the time.
        people = [int(self._persons * self._random.random() ** 2) for _ in range(3)]
        tenures = [self._tenure(person) for person in people]
        for person, tenure in zip(people, tenures, strict=True):
            yield from self._person(person, tenure)
        yield from self._meeting(people[:2], tenures[:2], day)
        for place in range(2):
            yield from self._statement(place, people[place], tenures[place], day)

    def _phrase(self, words: int) -> str:
        return " ".join(self._random.choice(_WORDS) for _ in range(words))

    def _tenure(self, person: int) -> str:
        return _iri(f"tenure/{person}")

    def _person(self, person: int, tenure: str) -> Iterator[tuple[str, str, str]]:
        node, country = _iri(f"person/{person}"), person % _COUNTRIES
        ministry = _iri(f"ministry/{country}-{person % len(_PORTFOLIOS)}")
        post, place = _iri(f"post/{country}-{person % len(_PORTFOLIOS)}"), _iri(f"country/{country}")
        yield node, RDF.type, f"<{CQ.Person}>"
        yield node, SKOS.prefLabel, _text(person_name(person))
        yield tenure, RDF.type, f"<{CQ.Tenure}>"
        yield tenure, ORG.member, node
        yield tenure, CQ.post, post
        yield post, RDF.type, f"<{CQ.Post}>"
        yield post, SKOS.prefLabel, _text("Minister")
        yield post, ORG.postIn, ministry
        yield post, CQ.of, place
        yield ministry, RDF.type, f"<{CQ.Ministry}>"
        yield ministry, SKOS.prefLabel, _text(f"Ministry {person % len(_PORTFOLIOS)} of country {country}")
        yield ministry, CQ.country, place
        yield ministry, CQ.portfolio, f"<{CQ[_PORTFOLIOS[person % len(_PORTFOLIOS)]]}>"
        yield place, RDF.type, f"<{CQ.Country}>"
        yield place, SKOS.prefLabel, _text(f"Country {country}")
        yield from self._mention(node, "Mention")

    def _meeting(self, people: list[int], tenures: list[str], day: str) -> Iterator[tuple[str, str, str]]:
        node, report = _iri(f"meeting/{self._number}"), _iri(f"report/{self._number}")
        status = self._random.choice(_STATUS)
        yield node, RDF.type, f"<{CQ.Meeting}>"
        yield node, RDF.type, f"<{CQ[self._random.choice(_KINDS)]}>"
        yield node, SKOS.prefLabel, _text(f"Talks on {self._phrase(2)}")
        if self._random.random() < 0.8:
            yield node, CQ.date, day
        if self._random.random() < 0.5:
            yield node, CQ.place, _iri(f"country/{self._random.randrange(_COUNTRIES)}")
        if self._number % 10 > 1:  # a tree of larger and smaller events
            yield node, CQ.partOf, _iri(f"meeting/{self._number - self._number % 10 + self._number % 2}")
        yield node, CQ.currentStatus, f"<{CQ[status]}>"
        for place, (person, tenure) in enumerate(zip(people, tenures, strict=True)):
            participation = _iri(f"participation/{self._number}-{place}")
            yield node, CQ.participant, _iri(f"person/{person}")
            yield node, CQ.participation, participation
            yield participation, RDF.type, f"<{CQ.Participation}>"
            yield participation, CQ.agent, _iri(f"person/{person}")
            yield participation, CQ.inCapacity, tenure
        yield report, RDF.type, f"<{CQ.StatusReport}>"
        yield report, CQ.of, node
        yield report, CQ.status, f"<{CQ[status]}>"
        yield report, CQ.asOf, day
        yield from self._mention(node, "Mention")
        yield from self._mention(report, "Mention")

    def _statement(self, place: int, person: int, tenure: str, day: str) -> Iterator[tuple[str, str, str]]:
        node = _iri(f"statement/{self._number}-{place}")
        yield node, RDF.type, f"<{CQ.Statement}>"
        yield node, CQ.speaker, _iri(f"person/{person}")
        yield node, CQ.inCapacity, tenure
        yield node, CQ.content, _text(self._phrase(14))
        yield node, CQ.form, f"<{CQ[self._random.choice(('Direct', 'Indirect', 'Mixed'))]}>"
        yield node, CQ.cue, _text(self._random.choice(("say", "tell", "warn", "announce")))
        yield node, CQ.date, day
        if self._random.random() < 0.5:
            yield node, CQ.madeAt, _iri(f"meeting/{self._number}")
        for kind in ("SourceMention", "CueMention", "ContentMention"):
            yield from self._mention(node, kind)

    def _mention(self, body: str, kind: str) -> Iterator[tuple[str, str, str]]:
        number, start = next(self._mentions), self._random.randrange(4000)
        mention, target, position, quote = (
            _iri(f"document/{self._number}#{part}-{number}") for part in ("mention", "target", "position", "quote")
        )
        words = self._phrase(3)
        yield mention, RDF.type, f"<{CQ[kind]}>"
        yield mention, OA.hasBody, body
        yield mention, OA.hasTarget, target
        yield mention, CQ.confidence, _typed(f"0.{self._random.randrange(50, 100)}", XSD.decimal)
        yield target, OA.hasSource, self._graph
        yield target, OA.hasSelector, position
        yield target, OA.hasSelector, quote
        yield position, OA.start, _typed(start, XSD.integer)
        yield position, OA.end, _typed(start + len(words), XSD.integer)
        yield quote, OA.exact, _text(words)


def person_name(number: int) -> str:
    """The name of person ``number``, another for each."""
    syllables, rest = "", number
    while rest or not syllables:
        syllables += _SYLLABLES[rest % len(_SYLLABLES)]
        rest //= len(_SYLLABLES)
    return f"{_FIRST[number % len(_FIRST)]} {syllables.capitalize()}"


def generate(file: Path, triples: int) -> Content:
    """Writes at least ``triples`` lines of N-Quads to ``file``; what it holds."""
    persons = max(20, triples // 170 // _DOCUMENTS_A_PERSON)
    written = documents = 0
    with file.open("w", encoding="utf-8") as stream:
        while written < triples:
            lines = list(_Document(documents, persons).lines())
            stream.writelines(lines)
            written += len(lines)
            documents += 1
    return Content(documents, persons, written)


def make_build(folder: Path, triples: int) -> Content:
    """Makes a build of ``triples`` in the new folder ``folder``; what it holds."""
    folder.mkdir(parents=True)
    build = BuildDirectory(folder)
    content = generate(build.data, triples)
    create_store(build.store, build.data)
    now = datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds")
    Manifest(
        base=DEFAULT_BASE,
        started=now,
        ended=now,
        seconds=0.0,
        versions=Versions(__version__, "", pyoxigraph.__version__, "", ""),
        reader=ReaderVersion("synthetic", "1"),
        counts=Counts(
            documents=content.documents,
            persons=content.persons,
            ministries=_COUNTRIES * len(_PORTFOLIOS),
            organizations=0,
            countries=_COUNTRIES,
            meetings={Status.HELD: content.documents},
            statements=2 * content.documents,
            mentions=11 * content.documents,
        ),
        triples=content.triples,
        set_aside=SetAsideCounts(),
        findings={},
        inputs=(),
    ).write(build.manifest)
    return content


def main() -> None:
    """Makes the build that the command line asks for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--triples", type=int, default=1_000_000)
    arguments = parser.parse_args()
    print(make_build(arguments.folder, arguments.triples))


if __name__ == "__main__":
    main()
