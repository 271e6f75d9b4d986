"""Everyone and everything that a document names and that can act, speak, meet or be a place: one actor for each.

Made from the network's tags and the tables. A surface form is grouped with the others of its entity: persons by name,
countries by code, ministries by country and portfolio, other bodies by name and initials.
"""

from __future__ import annotations

import re
from bisect import bisect_left, insort
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from kg_build.model import EntityType, Portfolio, Span
from kg_build.reader import people
from kg_build.reader.ministries import country_by_name, country_without_doubt, is_bare, portfolio_of
from kg_build.reader.tables import NameKind, NameMatch, Tables, plain
from kg_build.reader.tagging import Tagged


@dataclass(slots=True)
class Title:
    """A post as given to a person: its words, and the country code or body (actor key) that it belongs to."""

    words: str
    iso: str | None
    body: str | None
    former: bool
    span: Span
    confidence: float


@dataclass(slots=True)
class Actor:
    """An entity of one document in the making. ``mentions`` stand in the order of the text."""

    key: str
    type: EntityType
    name: str
    mentions: list[tuple[Span, float]] = field(default_factory=list)
    aliases: tuple[str, ...] = ()
    misspellings: tuple[str, ...] = ()
    iso: str | None = None
    portfolio: Portfolio | None = None
    wikidata: str | None = None
    titles: list[Title] = field(default_factory=list)
    _posts: tuple[int, tuple[Title, ...]] = (0, ())

    @property
    def posts(self) -> tuple[Title, ...]:
        """One title for each post that the person is given, however often; changes show after ``renew``."""
        count, found = self._posts
        if count != len(self.titles):
            found = tuple({(t.words.lower(), t.iso, t.body, t.former): t for t in self.titles}.values())
            self._posts = (len(self.titles), found)
        return found

    def renew(self) -> None:
        """Have ``posts`` made anew."""
        self._posts = (0, ())

    @property
    def is_person(self) -> bool:
        """Whether it is a named person."""
        return self.type is EntityType.PERSON


class Cast:
    """The actors of one document, found by key, by place in the text and by country."""

    def __init__(self, text: str, tables: Tables) -> None:
        self.text = text
        self.tables = tables
        self.by_key: dict[str, Actor] = {}
        self._places: list[tuple[int, int, str]] = []
        self._persons: list[Actor] = []

    def add(self, actor: Actor) -> Actor:
        """Take ``actor`` in, or give back the one that has its key."""
        if actor.key not in self.by_key:
            self.by_key[actor.key] = actor
            if actor.is_person:
                self._persons.append(actor)
        return self.by_key[actor.key]

    def country(self, iso: str) -> Actor:
        """The actor of a country."""
        row = self.tables.countries[iso]
        return self.add(Actor(f"country:{iso}", EntityType.COUNTRY, row.name, iso=iso, wikidata=row.wikidata))

    def mention(self, actor: Actor, span: Span, probability: float) -> None:
        """Record that ``span`` stands for ``actor``."""
        if any(s == span for s, _ in actor.mentions):
            return
        insort(actor.mentions, (span, probability))
        insort(self._places, (span.start, span.end, actor.key))

    def within(self, span: Span) -> list[Actor]:
        """Actors that are mentioned within ``span`` or around it, in the order of the text, each once."""
        i = bisect_left(self._places, (span.start - 120, 0, ""))
        found: dict[str, Actor] = {}
        while i < len(self._places) and self._places[i][0] < span.end:
            start, end, key = self._places[i]
            if end > span.start and start < span.end:
                found[key] = self.by_key[key]
            i += 1
        return list(found.values())

    def before(self, offset: int) -> Iterator[tuple[Span, Actor]]:
        """Mentions that end at or before ``offset``, the nearest first."""
        i = bisect_left(self._places, (offset, 0, ""))
        for start, end, key in reversed(self._places[:i]):
            if end <= offset:
                yield Span(start, end), self.by_key[key]

    def persons(self) -> list[Actor]:
        """The named persons, in the order of first mention."""
        return self._persons

    def ministries(self) -> list[Actor]:
        """The ministries, in the order of first mention."""
        return [a for a in self.by_key.values() if a.type is EntityType.MINISTRY]


_BODY_TYPES = {
    "government": EntityType.GOVERNMENT_BODY,
    "organization": EntityType.ORGANIZATION,
    "media": EntityType.MEDIA_OUTLET,
    "event": EntityType.EVENT,
}
_ARTICLE = re.compile(r"^(?:the|a|an|his|her|its|their|our)\s+", re.IGNORECASE)


_OUTLET_KIND = re.compile(
    r"^(?:(?:state|official|local|public|private)\s+)?(?:(?:news\s+)?agency|broadcaster|newspaper|daily|television|channel)\s+|\s+(?:news(?:\s+agency)?|agency|newspaper|television)$",
    re.IGNORECASE,
)


def _tidy(surface: str) -> str:
    return re.sub(r"[\s\u00a0]+", " ", surface).strip(' *_,;:."“”').removesuffix("’s").removesuffix("'s")


def add_persons(cast: Cast, tags: Iterable[Tagged], title: str | None) -> None:
    """Group the person tags and take each person in. ``title`` tells which single names are one person's."""
    found = people.group([(span, t.probability) for t in tags for span in _names_in(t.span, cast.text)], cast.text)
    for person in _joined_by_title(found, title):
        forms = sorted(person.forms, key=lambda f: (-person.forms[f], f))
        name = person.name
        actor = cast.add(
            Actor(
                f"person:{'-'.join(people.tokens(name))}", EntityType.PERSON, name.title() if name.isupper() else name
            )
        )
        actor.misspellings = person.slips
        actor.aliases = tuple(
            f for f in forms if f not in {name, actor.name, *person.slips} and not (f.isupper() and len(f) > 3)
        )
        for span, probability in person.mentions:
            cast.mention(actor, span, probability)


_NAME = re.compile(r"[^\W\d_a-z][^\W\d_]|[^\W\d_]{2}.*[^\W\d_a-z]")


def _in_address(span: Span, text: str) -> bool:
    """Whether a stretch is part of an e-mail address or a url."""
    start = max(text.rfind(" ", 0, span.start), text.rfind("\n", 0, span.start)) + 1
    word = re.compile(r"\S*").match(text, start)
    return word is not None and re.search(r"\S@\S|https?:|www\.", word.group()) is not None


def _names_in(span: Span, text: str) -> Iterator[Span]:
    """The single names in a stretch that the network took for one: names end at line breaks, "and" and semicolons."""
    at = span.start
    for part in re.split(r"(\n\s*\n|\s+and\s+|;\s*|\s*\n\s*(?=[A-Z][\w’'-]+\s*\n))", span.of(text)):
        left = len(part) - len(part.lstrip())
        inner = Span(at + left, at + left + len(part.strip())) if part.strip() else None
        if (
            inner is not None
            and _NAME.search(part)
            and not re.fullmatch(r"\s+and\s+", part)
            and not _in_address(inner, text)
        ):
            yield inner
        at += len(part)


def _joined_by_title(persons: list[people.Person], title: str | None) -> list[people.Person]:
    """Persons, a given name and a surname put together where the document's title has the two side by side."""
    if not title:
        return persons
    runs = [people.tokens(run) for run in _BETWEEN_NAMES.split(title)]
    kept = list(persons)
    for first in [p for p in persons if len(p.parts) < 3]:
        for last in kept:
            side_by_side = any(_side_by_side(first.parts, last.parts, run) for run in runs)
            if first is not last and side_by_side and not set(first.parts) & set(last.parts):
                last.forms.update(first.forms)
                last.mentions = sorted([*last.mentions, *first.mentions])
                kept.remove(first)
                break
    return kept


_BETWEEN_NAMES = re.compile(r"[,;:|/–—]|\s-\s|\band\b")
_WITHIN_A_NAME = 2
"""How many words of a name may stand between a given name and the surname: a second given name, a particle."""


def _side_by_side(first: tuple[str, ...], last: tuple[str, ...], words: tuple[str, ...]) -> bool:
    """Whether ``words`` have ``first`` and then the surname of ``last``, with words of names alone between them."""
    own = {*last, *people.PARTICLES}
    n = len(first)
    for i in range(len(words) - n):
        after = words[i + n : i + n + _WITHIN_A_NAME + 1]
        if words[i : i + n] == first and last[-1] in after:
            return all(w in own or len(w) == 1 for w in after[: after.index(last[-1])])
    return False


def add_countries_and_places(cast: Cast, tags: Iterable[Tagged], names: Sequence[NameMatch]) -> None:
    """Take in the tagged countries and places, and countries that the tables find and no tag touches."""
    tags = list(tags)
    exact = {n.span: n for n in names}
    for tag in tags:
        surface = _tidy(tag.span.of(cast.text))
        match = exact.get(tag.span) or cast.tables.whole(surface)
        acts = tag.label == "country" or (match is not None and match.kind in {NameKind.NAME, NameKind.DEMONYM})
        if match is not None and match.kind not in {NameKind.BODY, NameKind.OUTLET} and acts:
            actor = cast.country(match.keys[0])
        else:
            iso = match.keys[0] if match is not None and match.kind in {NameKind.CAPITAL, NameKind.METONYM} else None
            name = _ARTICLE.sub("", surface)
            if match is None or match.kind not in {NameKind.BODY, NameKind.OUTLET}:
                name = _out_of_capitals(name)
            actor = cast.add(Actor(f"place:{plain(name)}", EntityType.PLACE, name, iso=iso))
        cast.mention(actor, tag.span, tag.probability)


_SHORT = 3
"""Letters up to which a place in capitals is taken for an abbreviation: "NYC"."""


def _out_of_capitals(name: str) -> str:
    """A place as it is written outside datelines.

    >>> _out_of_capitals("PORT-AU-PRINCE"), _out_of_capitals("RIO DE JANEIRO"), _out_of_capitals("NYC")
    ('Port-au-Prince', 'Rio de Janeiro', 'NYC')
    """
    if not name.isupper() or len(name) <= _SHORT:
        return name
    parts = re.split(r"([\s-]+)", name)
    small = people.PARTICLES | {"of", "au", "the"}
    return "".join(
        p.lower() if i and p.lower() in small else p if "." in p else p.capitalize() for i, p in enumerate(parts)
    )


def add_bodies(cast: Cast, tags: Iterable[Tagged]) -> None:
    """Take in state bodies, organizations, outlets and events; one that is named by initials joins its full name."""
    for tag in tags:
        surface = _ARTICLE.sub("", _tidy(tag.span.of(cast.text)))
        if tag.label == "media":
            surface = _OUTLET_KIND.sub("", surface) or surface
        if not surface:
            continue
        namesake = _person_named(cast, surface) if tag.label == "organization" else None
        if namesake is not None:
            cast.mention(namesake, tag.span, tag.probability)
            continue
        match = cast.tables.whole(surface)
        actor = _known_body(cast, tag, match) or _body(cast, surface, _BODY_TYPES[tag.label])
        if surface not in {actor.name, *actor.aliases}:
            actor.aliases = (*actor.aliases, surface)
        cast.mention(actor, tag.span, tag.probability)


def _person_named(cast: Cast, surface: str) -> Actor | None:
    """The person whose full name, or a surname within it, stands where the network saw a body."""
    parts = people.tokens(surface)
    return next((a for a in cast.persons() if len(parts) == 2 and set(people.tokens(a.name)) <= set(parts)), None)


def _known_body(cast: Cast, tag: Tagged, match: NameMatch | None) -> Actor | None:
    if match is None or tag.label == "event":
        return None
    if match.kind in {NameKind.BODY, NameKind.OUTLET}:
        body = cast.tables.bodies[match.keys[0]]
        type_ = EntityType.MEDIA_OUTLET if body.is_outlet else EntityType.INTERNATIONAL_ORGANIZATION
        actor = cast.add(Actor(f"body:{plain(body.name)}", type_, body.name, wikidata=body.wikidata))
        actor.aliases = actor.aliases or (() if body.full_name == body.name else (body.full_name,))
        return actor
    if match.kind is NameKind.METONYM and tag.label == "government":
        surface = _ARTICLE.sub("", _tidy(tag.span.of(cast.text)))
        return cast.add(Actor(f"body:{plain(surface)}", EntityType.GOVERNMENT_BODY, surface, iso=match.keys[0]))
    return None


def initials(name: str) -> str:
    """The initials of the longer words of a name.

    >>> initials("Organization for Security and Co-operation in Europe")
    'OSCE'
    """
    return "".join(w[0] for w in re.findall(r"[A-Z][\w’'-]*", name))


def _body(cast: Cast, surface: str, type_: EntityType) -> Actor:
    key = plain(surface)
    for actor in cast.by_key.values():
        if actor.type is not type_:
            continue
        forms = [actor.name, *actor.aliases]
        if any(plain(f) == key for f in forms) or (
            surface.isupper() and len(surface) > 2 and any(initials(f) == surface for f in forms)
        ):
            return actor
    return cast.add(Actor(f"body:{key}", type_, surface))


@dataclass(frozen=True, slots=True)
class MinistryContext:
    """What tells whose a ministry is where its name does not: by its place, a country's code or a person's key."""

    countries: dict[Span, str]
    masters: dict[Span, str]


def add_ministries(cast: Cast, tags: Sequence[Tagged], context: MinistryContext) -> None:
    """Take in the ministries. A bare "the ministry" joins the one named before it, or its owner's."""
    for tag in sorted(tags, key=lambda t: t.span):
        surface = _tidy(tag.span.of(cast.text))
        iso, portfolio = _own_identity(cast, tag.span, surface, context)
        actor = None
        if is_bare(surface) or portfolio is None or iso is None:
            actor = _ministry_before(cast, tag.span.start, iso, portfolio, surface)
        if actor is None:
            if portfolio is None and is_bare(surface):
                portfolio = Portfolio.FOREIGN_AFFAIRS
            actor = _ministry(cast, _ARTICLE.sub("", surface), iso, portfolio or Portfolio.OTHER)
        cast.mention(actor, tag.span, tag.probability)


def _own_identity(
    cast: Cast, span: Span, surface: str, context: MinistryContext
) -> tuple[str | None, Portfolio | None]:
    portfolio = portfolio_of(surface)
    inner = next((m for m in cast.tables.matches(surface) if m.kind not in {NameKind.BODY, NameKind.OUTLET}), None)
    iso = inner.keys[0] if inner else country_without_doubt(surface)
    iso = iso or context.countries.get(span) or country_by_name(surface)
    owner = cast.by_key.get(context.masters.get(span, ""))
    if owner is not None:
        for title in owner.titles:
            iso = iso or title.iso
            portfolio = portfolio or portfolio_of(title.words)
        iso = iso or owner.iso
    return iso, portfolio


def _ministry_before(
    cast: Cast, offset: int, iso: str | None, portfolio: Portfolio | None, surface: str
) -> Actor | None:
    """The nearest ministry before ``offset`` that fits what is known; a bare name fits any."""
    for span, actor in cast.before(offset):
        if (
            actor.type is EntityType.MINISTRY
            and (iso or actor.iso) == actor.iso
            and (portfolio or actor.portfolio) == actor.portfolio
            and (is_bare(surface) or portfolio is not None or span.of(cast.text).isupper())
        ):
            return actor
    return None


def _ministry(cast: Cast, surface: str, iso: str | None, portfolio: Portfolio) -> Actor:
    key = f"ministry:{iso or '?'}:{portfolio.value}"
    if portfolio is Portfolio.OTHER:
        key += f":{plain(surface)}"
    actor = cast.add(Actor(key, EntityType.MINISTRY, surface, iso=iso, portfolio=portfolio))
    if surface not in {actor.name, *actor.aliases} and not is_bare(surface):
        actor.aliases = (*actor.aliases, surface)
    return actor


__all__ = [
    "Actor",
    "Cast",
    "MinistryContext",
    "Title",
    "add_bodies",
    "add_countries_and_places",
    "add_ministries",
    "add_persons",
    "initials",
]
