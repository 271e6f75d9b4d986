"""What the stages of a build hand to each other: a document, and what a reader found in it.

All offsets are 0-based Unicode code points of ``Document.text``, ends exclusive. Nothing here knows RDF: the reader
fills these records, ``kg_build.assemble`` turns them into quads.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from pathlib import Path
from typing import Protocol


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A stretch of a document's text: ``text[start:end]``.

    >>> Span(0, 4).of("Iran and Oman")
    'Iran'
    """

    start: int
    end: int

    def __post_init__(self) -> None:
        if not 0 <= self.start < self.end:
            raise ValueError(f"not a span: {self.start}–{self.end}")

    def of(self, text: str) -> str:
        """The characters of the span in ``text``."""
        return text[self.start : self.end]

    def holds(self, other: Span) -> bool:
        """Whether ``other`` lies wholly within this span."""
        return self.start <= other.start and other.end <= self.end

    def meets(self, other: Span) -> bool:
        """Whether the two spans share a character."""
        return self.start < other.end and other.start < self.end


@dataclass(frozen=True, slots=True)
class Original:
    """What a document's text was taken from, where that is no text file: the way back from the text."""

    media_type: str
    """As IANA has it, for example ``application/pdf``."""
    name: str
    """The file's name without its folders."""
    sha256: str
    """Of the file's bytes (of a mailbox or an archive: of the message's or the file's in it), 64 hexadecimal digits."""
    pages: tuple[int, ...] = ()
    """Where in the text each page begins; none where the original has no pages."""


@dataclass(frozen=True, slots=True)
class Document:
    """One source document. ``text`` is what every offset refers to and never changes after loading."""

    id: str
    text: str
    title: str | None = None
    published: date | datetime | None = None
    publisher: str | None = None
    url: str | None = None
    file: Path | None = None
    """The file that it came from."""
    line: int | None = None
    """The line in that file, 1-based, where the file holds several documents."""
    original: Original | None = None
    """What the text was taken from, where the file is no text."""

    @property
    def published_on(self) -> date | None:
        """The day of publication: what relative dates are resolved against."""
        return self.published.date() if isinstance(self.published, datetime) else self.published


class EntityType(StrEnum):
    """What an entity is; the value is the local name of its class in the ontology."""

    PERSON = "Person"
    UNNAMED_SOURCE = "UnnamedSource"
    MINISTRY = "Ministry"
    GOVERNMENT_BODY = "GovernmentBody"
    INTERNATIONAL_ORGANIZATION = "InternationalOrganization"
    ORGANIZATION = "Organization"
    MEDIA_OUTLET = "MediaOutlet"
    COUNTRY = "Country"
    PLACE = "Place"
    EVENT = "Event"


class Portfolio(StrEnum):
    """The field of a ministry; the value is the local name of its concept."""

    FOREIGN_AFFAIRS = "ForeignAffairs"
    DEFENCE = "Defence"
    INTERIOR = "Interior"
    FINANCE = "Finance"
    ECONOMY = "Economy"
    TRADE = "Trade"
    ENERGY = "Energy"
    JUSTICE = "Justice"
    HEALTH = "Health"
    CULTURE = "Culture"
    EDUCATION = "Education"
    ENVIRONMENT = "Environment"
    AGRICULTURE = "Agriculture"
    TRANSPORT = "Transport"
    OTHER = "OtherPortfolio"


class MeetingKind(StrEnum):
    """The kind of an encounter; the value is the local name of its class."""

    MEETING = "Meeting"
    CALL = "TelephoneCall"
    VIDEO_CALL = "VideoCall"
    VISIT = "Visit"
    CONSULTATIONS = "Consultations"
    SUMMIT = "Summit"


class Status(StrEnum):
    """What a document says has become of an encounter; the value is the local name of its concept."""

    PROPOSED = "Proposed"
    PLANNED = "Planned"
    HELD = "Held"
    POSTPONED = "Postponed"
    CANCELLED = "Cancelled"
    DENIED = "Denied"


class Role(StrEnum):
    """The part that an agent plays in an encounter; the value is the local name of its concept."""

    HOST = "Host"
    VISITOR = "Visitor"
    CALLER = "Caller"
    MEDIATOR = "Mediator"


class Form(StrEnum):
    """How a statement is reported; the value is the local name of its concept."""

    DIRECT = "Direct"
    INDIRECT = "Indirect"
    MIXED = "Mixed"


class SpeechAct(StrEnum):
    """What is done by saying it; the value is the local name of its concept."""

    ASSERT = "Assert"
    EMPHASIZE = "Emphasize"
    REAFFIRM = "Reaffirm"
    ANNOUNCE = "Announce"
    PROMISE = "Promise"
    PROPOSE = "Propose"
    REQUEST = "Request"
    DEMAND = "Demand"
    WARN = "Warn"
    CONDEMN = "Condemn"
    CRITICIZE = "Criticize"
    PRAISE = "Praise"
    WELCOME = "Welcome"
    THANK = "Thank"
    CONGRATULATE = "Congratulate"
    CONDOLE = "Condole"
    EXPRESS_SUPPORT = "ExpressSupport"
    EXPRESS_CONCERN = "ExpressConcern"
    EXPRESS_HOPE = "ExpressHope"
    AGREE = "Agree"
    DENY = "Deny"
    CONFIRM = "Confirm"
    ASK = "Ask"
    DECLINE = "Decline"


@dataclass(frozen=True, slots=True)
class Mention:
    """A place in the text that stands for something, and how sure the reader is of it (0 to 1, calibrated)."""

    span: Span
    confidence: float = 1.0


@dataclass(frozen=True, slots=True)
class Entity:
    """A person, body, country, place or event as one document knows it.

    ``key`` identifies it within the reading. ``name`` is the fullest form in the text (for countries and known bodies
    the name in the reference tables); ``aliases`` are the other forms, ``misspellings`` those that look like slips.
    ``iso`` is a country's own ISO 3166-1 alpha-2 code, or for any other type that of the country it belongs to.
    A country may have no mention where only an adjective or a post points to it; everything else has one at least.
    """

    key: str
    type: EntityType
    name: str
    mentions: tuple[Mention, ...] = ()
    aliases: tuple[str, ...] = ()
    misspellings: tuple[str, ...] = ()
    iso: str | None = None
    portfolio: Portfolio | None = None
    wikidata: str | None = None


@dataclass(frozen=True, slots=True)
class Tenure:
    """A post that the text gives a person. ``of`` and ``ministry`` are entity keys (country or body; ministry)."""

    key: str
    person: str
    title: str
    mentions: tuple[Mention, ...]
    of: str | None = None
    ministry: str | None = None
    former: bool = False


@dataclass(frozen=True, slots=True)
class When:
    """The day, month, year or stretch of days in which something happened, both ends included.

    A stretch is uncertain ("last week": on one of its days) unless ``lasting`` ("3 to 5 May": on all of them).

    >>> When.day(date(2025, 3, 24)).granularity
    'day'
    >>> When.month(2025, 2).latest
    datetime.date(2025, 2, 28)
    """

    earliest: date
    latest: date
    lasting: bool = False

    def __post_init__(self) -> None:
        if self.latest < self.earliest:
            raise ValueError(f"ends before it begins: {self.earliest}–{self.latest}")

    @classmethod
    def day(cls, day: date) -> When:
        """A single day."""
        return cls(day, day)

    @classmethod
    def month(cls, year: int, month: int) -> When:
        """A whole calendar month."""
        first_of_next = date(year + month // 12, month % 12 + 1, 1)
        return cls(date(year, month, 1), date.fromordinal(first_of_next.toordinal() - 1))

    @classmethod
    def year(cls, year: int) -> When:
        """A whole calendar year."""
        return cls(date(year, 1, 1), date(year, 12, 31))

    @property
    def granularity(self) -> str:
        """``day``, ``month``, ``year`` or ``interval``."""
        if self.earliest == self.latest:
            return "day"
        if self == When.month(self.earliest.year, self.earliest.month):
            return "month"
        if self == When.year(self.earliest.year):
            return "year"
        return "interval"


@dataclass(frozen=True, slots=True)
class Participation:
    """A party of an encounter. ``agent``, ``on_behalf_of`` are entity keys, ``tenure`` a tenure's key."""

    agent: str
    mentions: tuple[Mention, ...] = ()
    tenure: str | None = None
    on_behalf_of: str | None = None
    role: Role | None = None


@dataclass(frozen=True, slots=True)
class StatusReport:
    """What one place of the text says of an encounter's status.

    ``according_to`` is the key of the entity that says so; where it is None, the document does.
    """

    status: Status
    mentions: tuple[Mention, ...]
    according_to: str | None = None


@dataclass(frozen=True, slots=True)
class Meeting:
    """An encounter, once, however often the text returns to it. ``reports`` stand in the order of the text.

    ``status`` is the one that the document as a whole gives it. ``mentions`` are the words that name it.
    """

    key: str
    kind: MeetingKind
    participations: tuple[Participation, ...]
    status: Status
    reports: tuple[StatusReport, ...]
    mentions: tuple[Mention, ...]
    confidence: float
    when: When | None = None
    place: str | None = None
    event: str | None = None
    topic: str | None = None


@dataclass(frozen=True, slots=True)
class Statement:
    """An attributed statement. ``content`` holds each uninterrupted stretch of the attributed words, in order.

    ``speakers``, ``addressees`` and ``via`` are entity keys; ``via`` is the chain of report, the one nearest to the
    reader first. ``cue`` is the lemma of the attributing verb or phrase. ``quotations`` are the verbatim stretches,
    without their marks. ``made_at`` is a meeting's key.
    """

    key: str
    content: tuple[Span, ...]
    form: Form
    confidence: float
    speakers: tuple[str, ...] = ()
    tenure: str | None = None
    source: Span | None = None
    cue: str | None = None
    cue_span: Span | None = None
    quotations: tuple[Span, ...] = ()
    speech_act: SpeechAct | None = None
    addressees: tuple[str, ...] = ()
    via: tuple[str, ...] = ()
    made_at: str | None = None
    when: When | None = None
    negated: bool = False


@dataclass(frozen=True, slots=True)
class Reading:
    """All that a reader took from one document."""

    entities: tuple[Entity, ...] = ()
    tenures: tuple[Tenure, ...] = ()
    meetings: tuple[Meeting, ...] = ()
    statements: tuple[Statement, ...] = ()


@dataclass(frozen=True, slots=True)
class ReaderVersion:
    """What identifies a reader in a build's record: its name, its version and a hash of its model's weights."""

    name: str
    version: str
    sha256: str | None = field(default=None)


class Reader(Protocol):
    """Reads a document. The same document gives the same reading, whatever was read before."""

    @property
    def version(self) -> ReaderVersion:
        """What to record in the build."""

    def read(self, document: Document) -> Reading:
        """All entities, tenures, meetings and statements of ``document``, each with its evidence."""


__all__ = [
    "Document",
    "Entity",
    "EntityType",
    "Form",
    "Meeting",
    "MeetingKind",
    "Mention",
    "Original",
    "Participation",
    "Portfolio",
    "Reader",
    "ReaderVersion",
    "Reading",
    "Role",
    "Span",
    "SpeechAct",
    "Statement",
    "Status",
    "StatusReport",
    "Tenure",
    "When",
]
