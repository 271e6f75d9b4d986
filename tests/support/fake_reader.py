"""A reader for tests: a few patterns, always the same result, and words that make it fail.

It knows ``A met B in Place.``, ``A will meet B.``, ``A called B.``, ``Foreign Minister A of Country`` and
``“…” said A.``, where A and B are two capitalized words. A text that holds RAISE makes it raise, DIE ends its process,
HANG makes it wait, UNSOUND makes it claim what the text does not show, and LONELY makes it give a meeting that nobody
takes part in, which breaks a shape.
"""

from __future__ import annotations

import os
import re
import signal
import time
from collections.abc import Iterator

from kg_build.errors import UnavailableError
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
    Reader,
    ReaderVersion,
    Reading,
    Span,
    SpeechAct,
    Statement,
    Status,
    StatusReport,
    Tenure,
    When,
)

PERSON = r"[A-Z][a-zé]+ [A-Z][a-zé]+"
COUNTRIES = {"Armenia": ("AM", "Q399"), "Russia": ("RU", "Q159"), "Iran": ("IR", "Q794"), "Oman": ("OM", "Q842")}
MEETING = re.compile(rf"({PERSON}) (met|will meet|called) ({PERSON})(?: in ([A-Z][a-z]+))?\.")
MINISTER = re.compile(rf"Foreign Minister ({PERSON}) of ([A-Z][a-z]+)")
SAID = re.compile(rf"“([^”]+)” said ({PERSON})\.")
OUTCOMES = {
    "met": (MeetingKind.MEETING, Status.HELD),
    "will meet": (MeetingKind.MEETING, Status.PLANNED),
    "called": (MeetingKind.CALL, Status.HELD),
}


class FakeReader:
    """See above."""

    version = ReaderVersion("fake", "1", "0" * 64)

    def read(self, document: Document) -> Reading:
        """What the patterns find, or the failure that a word of the text asks for."""
        text = document.text
        if "RAISE" in text:
            raise RuntimeError("the text says so")
        if "DIE" in text:
            os.kill(os.getpid(), signal.SIGKILL)
        if "HANG" in text:
            time.sleep(600)
        ministers = list(MINISTER.finditer(text))
        parties = list(MEETING.finditer(text))
        sayings = list(SAID.finditer(text))
        names = {m[1] for m in ministers} | {n for m in parties for n in (m[1], m[3])} | {m[2] for m in sayings}
        persons = [Entity(name, EntityType.PERSON, name, _mentions(text, name)) for name in sorted(names)]
        places = [
            Entity(place, EntityType.PLACE, place, _mentions(text, place))
            for place in sorted({m[4] for m in parties if m[4]})
        ]
        meetings = [_meeting(document, number, m) for number, m in enumerate(parties)]
        if "UNSOUND" in text:
            persons.append(Entity("x", EntityType.PERSON, "X", (Mention(Span(0, len(text) + 1)),)))
        if "LONELY" in text:
            at = (Mention(_span(re.search("LONELY", text), 0)),)
            report = StatusReport(Status.HELD, at)
            meetings.append(Meeting("lonely", MeetingKind.MEETING, (), Status.HELD, (report,), at, 0.5))
        return Reading(
            entities=(*persons, *places, *_countries(text), *_ministries(ministers)),
            tenures=tuple(
                Tenure(f"t{n}", m[1], "Foreign Minister", (Mention(_span(m, 0)),), of=m[2], ministry=f"m{m[2]}")
                for n, m in enumerate(ministers)
                if m[2] in COUNTRIES
            ),
            meetings=tuple(meetings),
            statements=tuple(_statement(number, m) for number, m in enumerate(sayings)),
        )


def make_reader() -> Reader:
    """The fake reader, for new processes to import."""
    return FakeReader()


def make_broken_reader() -> Reader:
    """A reader that cannot be had."""
    raise UnavailableError("its model is missing", hint="install it")


def _mentions(text: str, name: str) -> tuple[Mention, ...]:
    return tuple(Mention(Span(m.start(), m.end()), 0.9) for m in re.finditer(re.escape(name), text))


def _countries(text: str) -> Iterator[Entity]:
    for name, (iso, wikidata) in COUNTRIES.items():
        if found := _mentions(text, name):
            yield Entity(name, EntityType.COUNTRY, name, found, iso=iso, wikidata=wikidata)


def _ministries(ministers: list[re.Match[str]]) -> Iterator[Entity]:
    for country in sorted({m[2] for m in ministers} & set(COUNTRIES)):
        iso, _ = COUNTRIES[country]
        name = f"Ministry of Foreign Affairs of {country}"
        at = tuple(Mention(_span(m, 0), 0.5) for m in ministers if m[2] == country)
        yield Entity(f"m{country}", EntityType.MINISTRY, name, at, iso=iso, portfolio=Portfolio.FOREIGN_AFFAIRS)


def _meeting(document: Document, number: int, match: re.Match[str]) -> Meeting:
    kind, status = OUTCOMES[match[2]]
    verb = Mention(_span(match, 2), 0.8)
    held_on = document.published_on if status is Status.HELD else None
    return Meeting(
        key=f"g{number}",
        kind=kind,
        participations=(
            Participation(match[1], (Mention(_span(match, 1)),)),
            Participation(match[3], (Mention(_span(match, 3)),)),
        ),
        status=status,
        reports=(StatusReport(status, (verb,)),),
        mentions=(verb,),
        confidence=0.8,
        when=When.day(held_on) if held_on else None,
        place=match[4],
    )


def _statement(number: int, match: re.Match[str]) -> Statement:
    said = Span(match.end(1) + 2, match.end(1) + 6)
    return Statement(
        key=f"s{number}",
        content=(_span(match, 1),),
        form=Form.DIRECT,
        confidence=0.7,
        speakers=(match[2],),
        source=_span(match, 2),
        cue="say",
        cue_span=said,
        quotations=(_span(match, 1),),
        speech_act=SpeechAct.ASSERT,
    )


def _span(match: re.Match[str] | None, group: int) -> Span:
    assert match is not None
    return Span(match.start(group), match.end(group))
