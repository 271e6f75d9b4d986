"""Builds a document's cast: from tags and tables to actors with their posts."""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from kg_build.model import Document, EntityType, Span
from kg_build.reader import actors
from kg_build.reader.actors import Actor, Cast, MinistryContext
from kg_build.reader.authors import author, home_of
from kg_build.reader.belonging import OwnerChoice, Setting
from kg_build.reader.layout import Layout
from kg_build.reader.linking import Linker, LinkingWeights
from kg_build.reader.ministries import country_by_name, is_bare, named_ministries, portfolio_of
from kg_build.reader.posts import Owners, Placing
from kg_build.reader.tables import NameKind, NameMatch, Tables
from kg_build.reader.tagging import Tagged, Tagging
from kg_build.reader.tenures import TitleBook


@dataclass(frozen=True, slots=True)
class Seen:
    """A text with everything that is known of it before it is interpreted."""

    document: Document
    layout: Layout
    names: tuple[NameMatch, ...]
    tagging: Tagging


@dataclass(frozen=True, slots=True)
class Casting:
    """A cast, with the posts that stand alone (their holders are still to be found) and the document's issuer."""

    cast: Cast
    book: TitleBook
    alone: tuple[Span, ...]
    issuer: tuple[str, ...]
    home: str | None


_OWNED = re.compile(r"\b(?P<pronoun>his|her|its|their)\s+(?:own\s+)?$", re.IGNORECASE)
_BRITISH = re.compile(r"(?:the )?(?:foreign|home) office", re.IGNORECASE)
_DATELINE = 160
_FIRST_MENTIONS = 12
_NO_OUTLET = frozenset({NameKind.BODY, NameKind.OUTLET})


def cast_document(seen: Seen, tables: Tables, linking: LinkingWeights, owning: npt.NDArray[np.float64]) -> Casting:
    """Every actor of the document, persons with the posts that stand beside their names.

    ``linking`` are the weights of the choice of persons and groups, ``owning`` those of the choice of the posts' owners.
    """
    text, tagging = seen.document.text, seen.tagging
    cast = Cast(text, tables)
    tags = [t for t in tagging.entities if t.span.of(text).strip()]

    def of(*labels: str) -> list[Tagged]:
        return [t for t in tags if t.label in labels]

    actors.add_persons(cast, of("person"), seen.document.title)
    actors.add_countries_and_places(cast, of("country", "place"), seen.names)
    actors.add_bodies(cast, of("government", "organization", "media", "event"))
    for actor in cast.by_key.values():
        if actor.type is EntityType.GOVERNMENT_BODY and actor.iso is None:
            actor.iso = _country_of_body(actor, seen, cast)
    home = home_of(seen.document, tables)
    owners = Owners(
        text, seen.layout, seen.names, [t.span for t in of("government", "organization", "media", "ministry", "place")]
    )
    persons = cast.persons()
    places = Placing(text, seen.layout, [(s, i) for i, p in enumerate(persons) for s, _ in p.mentions]).place(
        [t.span for t in tagging.posts]
    )
    year = seen.document.published_on.year if seen.document.published_on else None
    choice = OwnerChoice(cast, seen.layout, owners, seen.names, Setting(home, seen.document.title, year), owning)
    # Posts may belong to ministries ("Energy Ministry spokesman"), and ministries to their ministers ("his ministry"):
    # owners are found without the ministries first, and again with them.
    book = TitleBook(cast, choice)
    book.enter(places, persons, {t.span: t.probability for t in tagging.posts})
    book.find_owners()
    ministries = _mended(of("ministry"), text, [t.span for t in of("person")])
    linker = Linker(cast, seen.layout, linking, ())
    actors.add_ministries(cast, ministries, _ministry_context(seen, cast, owners, ministries, linker))
    choice = OwnerChoice(cast, seen.layout, owners, seen.names, Setting(home, seen.document.title, year), owning)
    book = TitleBook(cast, choice)
    book.find_owners()
    writer = author(cast, seen.document.title or "")
    issuer = (writer.key,) if writer else (cast.country(home).key,) if home else ()
    alone = tuple(p.span for p in places if p.holder is None)
    return Casting(cast, book, alone, issuer, home)


def _country_of_body(actor: Actor, seen: Seen, cast: Cast) -> str | None:
    """The country in a state body's name or right before it ("the Iranian embassy", "Ecuador's parliament")."""
    for form in (actor.name, *actor.aliases):
        for match in cast.tables.matches(form):
            if match.kind not in _NO_OUTLET:
                return match.keys[0]
    for span, _ in actor.mentions[:_FIRST_MENTIONS]:
        name = _named_before(seen, span.start)
        if (
            name is not None
            and span.start - name.span.end <= 4
            and cast.text[name.span.end : span.start].strip(" \n") in {"", "’s", "'s", "’", "'"}
        ):
            return name.keys[0]
    return None


def _named_before(seen: Seen, offset: int) -> NameMatch | None:
    """The last country that the tables find before ``offset``."""
    i = bisect_left(seen.names, offset, key=lambda n: n.span.start)
    return next(
        (n for n in reversed(seen.names[max(0, i - 6) : i]) if n.kind not in _NO_OUTLET and n.span.end <= offset), None
    )


def _mended(tags: list[Tagged], text: str, persons: list[Span]) -> list[Tagged]:
    """The ministry tags, with names in full put in the place of pieces of them, and names that no tag touches."""
    found = [
        Tagged(s, "ministry", max((t.probability for t in tags if t.span.meets(s)), default=0.6))
        for s in named_ministries(text)
    ]
    found = [f for f in found if not any(p.meets(f.span) for p in persons)]
    left = [t for t in tags if not any(f.span.meets(t.span) for f in found) and _whole(t.span.of(text))]
    wide = [Tagged(_widest(f.span, tags), "ministry", f.probability) for f in found]
    return sorted([*wide, *left], key=lambda t: t.span)


def _widest(span: Span, tags: list[Tagged]) -> Span:
    """``span``, widened to a tag that holds it ("Ministry of Foreign Affairs of the Republic of Uzbekistan")."""
    return next((t.span for t in tags if t.span.holds(span)), span)


def _whole(words: str) -> bool:
    """Whether a tag is a name or a "ministry", not a piece such as "Department of", and no armed force."""
    if re.search(r"\bforces?\b|\barmy\b|\bpolice\b", words, re.IGNORECASE) and "minist" not in words.lower():
        return False
    return re.search(r"\b(?:of|for|and|the)$", words.strip(), re.IGNORECASE) is None and (
        portfolio_of(words) is not None
        or re.search(r"minist|depart|office|secretariat|chancell|bureau|agency", words, re.IGNORECASE) is not None
    )


def _ministry_context(seen: Seen, cast: Cast, owners: Owners, tags: list[Tagged], linker: Linker) -> MinistryContext:
    countries: dict[Span, str] = {}
    masters: dict[Span, str] = {}
    for tag in tags:
        beside = _country_beside(tag.span, seen, cast, owners)
        master = None if beside else _master(tag.span, cast, linker)
        if beside is not None:
            countries[tag.span] = beside
        elif master is not None:
            masters[tag.span] = master
        else:
            country = _british(tag.span, seen) or _by_minister(cast, tag.span) or _in_play(tag.span, seen, cast)
            if country is not None:
                countries[tag.span] = country
    return MinistryContext(countries, masters)


def _country_beside(span: Span, seen: Seen, cast: Cast, owners: Owners) -> str | None:
    """The country before a ministry's name, or in "of" or "in" after it."""
    owner = owners.before(span.start)
    if owner is not None and owner.match is not None and owner.match.keys[0] in cast.tables.countries:
        return owner.match.keys[0]
    after = re.match(
        r"\s+(?:in|of)\s+(?:the\s+)?(?:(?:Republic|Kingdom|State)\s+of\s+)?",
        seen.document.text[span.end : span.end + 40],
    )
    if after:
        i = bisect_left(seen.names, span.end, key=lambda n: n.span.start)
        if (
            i < len(seen.names)
            and seen.names[i].kind not in _NO_OUTLET
            and seen.names[i].span.start <= span.end + after.end()
        ):
            return seen.names[i].keys[0]
    return None


def _master(span: Span, cast: Cast, linker: Linker) -> str | None:
    """The person whose "his ministry" it is."""
    words = span.of(cast.text)
    inside = re.match(r"(?:his|her)\b", words, re.IGNORECASE)
    before = _OWNED.search(cast.text, max(0, span.start - 12), span.start)
    if inside:
        pronoun = Span(span.start, span.start + inside.end())
    elif before:
        pronoun = Span(before.start("pronoun"), before.end("pronoun"))
    else:
        return None
    found = linker.resolve(pronoun)
    return found.keys[0] if found.keys else None


def _british(span: Span, seen: Seen) -> str | None:
    """Britain's code for a "Foreign Office" without a country in a text that names Britain."""
    named = any("GB" in n.keys for n in seen.names if n.kind not in _NO_OUTLET)
    return "GB" if named and _BRITISH.fullmatch(span.of(seen.document.text)) else None


def _by_minister(cast: Cast, span: Span) -> str | None:
    """The country of the titled person nearby who heads, or speaks for, a ministry of this portfolio."""
    wanted = portfolio_of(span.of(cast.text))
    if wanted is None or country_by_name(span.of(cast.text)):
        return None
    near = [
        (abs(s.start - span.start), t.iso)
        for p in cast.persons()
        for t in p.posts
        for s in [t.span]
        if t.iso and portfolio_of(t.words) is wanted
    ]
    spokes = [
        (abs(t.span.start - span.start), t.iso)
        for p in cast.persons()
        for t in p.posts
        if t.iso and t.span.meets(Span(span.start, span.end + 14))
    ]
    options = spokes or [n for n in near if n[0] < 600]
    return min(options)[1] if options else None


def _in_play(span: Span, seen: Seen, cast: Cast) -> str | None:
    """The country that the sentence, else the paragraph, named last before a ministry without one; else the dateline's."""
    if is_bare(span.of(cast.text)) or country_by_name(span.of(cast.text)):
        return None
    paragraph = seen.layout.paragraphs[seen.layout.paragraph_at(span.start)]
    before = _named_before(seen, span.start)
    if before is not None and before.span.start >= paragraph.start:
        return before.keys[0]
    first = next((n for n in seen.names[:8] if n.kind not in _NO_OUTLET and n.span.start < _DATELINE), None)
    return first.keys[0] if first else None


__all__ = ["Casting", "Seen", "cast_document"]
