"""To which country or body a post belongs: a learned choice among those that the document names.

A conditional logit over ``OWNER_FEATURES``: what stands beside the post or the name, what other posts of the person say,
what the document's title, dateline and publisher say, and which of the countries the tables know the person from.
"""

from __future__ import annotations

import math
import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from kg_build.model import Span
from kg_build.reader.actors import Actor, Cast, Title
from kg_build.reader.holders import holders, office
from kg_build.reader.layout import Layout
from kg_build.reader.linking import SPEAKING
from kg_build.reader.ministries import portfolio_of
from kg_build.reader.posts import Belonging, Owners
from kg_build.reader.tables import NameKind, NameMatch

OWNER_FEATURES = (
    "none", "none_vague", "before", "after", "inside", "beside_name", "masters", "other_title", "in_document_title",
    "table_office_full", "table_office_surname", "table_name", "table_elsewhere", "ministry", "taken", "home",
    "home_american", "home_foreign_title", "most_named", "second_named", "log_count", "last_named", "in_sentence",
    "in_paragraph", "dateline", "is_body", "body_last_named", "body_of_title", "body_national_title", "sent_there", "possessive_its",
    "other_explicit", "before_differs", "known_elsewhere", "body_in_sentence", "spokesperson_body", "only_country",
    "listed", "listed_differs",
)  # fmt: skip
_NATIONAL = re.compile(
    r"\b(?:minister|president|premier|king|queen|emir|amir|chancellor|ambassador|prince|mp|senator|lawmaker|parliament|speaker|foreign|prime)\b",
    re.IGNORECASE,
)
_BODILY = re.compile(
    r"\b(?:secretary[- ]general|director[- ]general|commissioner|chair\w*|chief executive|ceo|high representative|executive director|special (?:envoy|representative|rapporteur)|coordinator|head|member|leader|director|analyst|fellow|professor|rapporteur|managing)\b",
    re.IGNORECASE,
)
_SPOKES = re.compile(r"\bspokes", re.IGNORECASE)
_AMERICAN = re.compile(
    r"\b(?:secretary|advis[eo]r|spokesperson|president|under ?secretary|counselor|vice president|envoy|senator|congress(?:man|woman)|ambassador|assistant"
    r"|coordinator|director|attorney|administrator|representative|first lady|governor|mayor|press secretary|deputy secretary|chief of staff|counsel|general)\b", re.IGNORECASE,
)  # fmt: skip
_FOREIGN = re.compile(
    r"\b(?:prime minister|foreign minister|minister|king|queen|emir|amir|sultan|chancellor|premier|crown prince|taoiseach)\b",
    re.IGNORECASE,
)
_ITS = re.compile(
    r"\b(?:its|their|the country[’']s|the bloc[’']s|the body[’']s|the organi[sz]ation[’']s)\s+(?:[\w-]+\s+){0,3}$",
    re.IGNORECASE,
)
_TITLED = re.compile(r"(?:[’']s)?\s+(?:[A-Z][\w.’'-]*,?\s+|of\s+|for\s+|and\s+|the\s+|&\s+)*")
_LISTED = re.compile(r",\s+(?:the\s+)?(?=(?P<name>[A-Z][\w.’'&-]*\s+(?:(?:of|for|the|and|on|&)\s+)*[A-Z])?)")
"""What stands between a title and its body in a list: "Ada Moss, President, Bridge Foundation"."""
_HIS = re.compile(r"\b(?:his|her)\s+(?:[\w-]+\s+){0,2}$", re.IGNORECASE)
_TABLE_BODIES = frozenset({NameKind.BODY, NameKind.OUTLET})
_DATELINE = 140
_OTHERS = 40
_MOST_NAMED = 8
_NEAR_COUNTRIES = 16
_NEAR_BODIES = 12


@dataclass(frozen=True, slots=True)
class Setting:
    """What a document's metadata tells: the country whose government issued it, its title, the year of publication."""

    home: str | None
    title: str | None
    year: int | None


@dataclass(frozen=True, slots=True)
class Owner:
    """What a post may belong to: a country by its code, a body by its actor key, or nothing (both None)."""

    iso: str | None
    body: str | None


NOBODY = Owner(None, None)


class OwnerChoice:
    """Chooses the owners of the posts of one document."""

    def __init__(
        self,
        cast: Cast,
        layout: Layout,
        owners: Owners,
        names: Sequence[NameMatch],
        setting: Setting,
        weights: npt.NDArray[np.float64],
    ) -> None:
        self.cast = cast
        self.layout = layout
        self.owners = owners
        self.setting = setting
        self.weights = weights
        self._countries = [(m.span, m.keys[0]) for m in names if m.kind not in _TABLE_BODIES]
        heading = setting.title or ""
        self._heading = [m for m in cast.tables.matches(heading) if m.kind not in _TABLE_BODIES]
        self._counts = Counter(iso for _, iso in self._countries) + Counter(m.keys[0] for m in self._heading)
        self._ranked = [iso for iso, _ in sorted(self._counts.items(), key=lambda c: (-c[1], c[0]))]
        self._bodies = [
            (span, actor.key)
            for actor in cast.by_key.values()
            if actor.type in SPEAKING and not actor.key.startswith("country:")
            for span, _ in actor.mentions
        ]
        self._bodies.sort()
        self._country_starts = [s.start for s, _ in self._countries]
        self._body_starts = [s.start for s, _ in self._bodies]
        self._held: dict[str, dict[str, set[str]]] = {}
        self._dateline = {
            iso for span, iso in self._countries if span.start < _DATELINE and layout.sentence_at(span.start) <= 2
        }

    def candidates(self, post: Span) -> list[Owner]:
        """Nothing, the countries named most and nearest to ``post``, the issuer's, and the bodies named nearest.

        How many are looked at does not grow with the document.
        """
        near = self._near(self._country_starts, post, _NEAR_COUNTRIES)
        isos = dict.fromkeys([*self._ranked[:_MOST_NAMED], *(self._countries[i][1] for i in near)])
        if self.setting.home:
            isos[self.setting.home] = None
        bodies = dict.fromkeys(self._bodies[i][1] for i in self._near(self._body_starts, post, _NEAR_BODIES))
        return [NOBODY, *(Owner(iso, None) for iso in isos), *(Owner(self.cast.by_key[key].iso, key) for key in bodies)]

    @staticmethod
    def _near(starts: Sequence[int], post: Span, count: int) -> range:
        i = bisect_left(starts, post.start)
        return range(max(0, i - count), min(len(starts), i + count // 2))

    def note(self, actor: Actor, title: Title) -> None:
        """Take down that ``actor`` holds ``title``, so that others are less likely to."""
        if title.iso and not title.former:
            self._held.setdefault(office(title.words), {}).setdefault(title.iso, set()).add(actor.key)

    def explicit(self, span: Span) -> Owner | None:
        """The owner that stands beside a post: before it, in an "of" after it, within it."""
        for found in (self.owners.before(span.start), self.owners.after(span), self.owners.inside(span)):
            owner = self._owner(found)
            if owner is not None:
                return owner
        return None

    def _owner(self, found: Belonging | None) -> Owner | None:
        if found is None:
            return None
        if found.body is not None:
            bodies = [
                a for a in self.cast.within(found.body) if a.type in SPEAKING and not a.key.startswith("country:")
            ]
            if bodies:
                return Owner(bodies[0].iso, bodies[0].key)
        if found.match is not None:
            key = found.match.keys[0]
            if key in self.cast.tables.countries:
                return Owner(key, None)
            body = f"body:{key.lower()}"
            return Owner(None, body) if body in self.cast.by_key else None
        if found.body is not None:
            places = [a for a in self.cast.within(found.body) if a.key.startswith("place:")]
            return Owner(places[0].iso, places[0].key) if places else None
        return None

    def choose(self, actor: Actor, title: Title) -> tuple[Owner, float]:
        """The owner of ``title`` of ``actor`` and the probability of the choice."""
        explicit = self.explicit(title.span)
        options = self.candidates(title.span) if explicit is not None else self._left_open(actor, title)
        if explicit is not None and explicit not in options:
            options.append(explicit)
        values = self.values(actor, title, options)
        scores = values @ self.weights
        shares = np.exp(scores - scores.max())
        shares /= shares.sum()
        best = int(shares.argmax())
        return options[best], float(shares[best])

    def values(self, actor: Actor, title: Title, options: Sequence[Owner]) -> npt.NDArray[np.float64]:
        """The values of ``OWNER_FEATURES`` for each of ``options``."""
        span = title.span
        text = self.cast.text
        before, after, inside = (
            self._owner(f) for f in (self.owners.before(span.start), self.owners.after(span), self.owners.inside(span))
        )
        sent = self._sent(span)
        beside = {o for s, _ in actor.mentions for o in [self._beside_name(s)] if o}
        master = self._master(span)
        listed, _ = self._listed(span)
        others = {Owner(t.iso, t.body) for t in actor.titles[-_OTHERS:] if t is not title and (t.iso or t.body)}
        sentence = self.layout.sentences[self.layout.sentence_at(span.start)]
        paragraph = self.layout.paragraphs[self.layout.paragraph_at(span.start)]
        in_sentence = set(_within(self._countries, self._country_starts, sentence))
        in_paragraph = set(_within(self._countries, self._country_starts, paragraph))
        last_country = _last(self._countries, self._country_starts, span.start)
        last_body = _last(self._bodies, self._body_starts, span.start)
        bodies_in_sentence = set(_within(self._bodies, self._body_starts, sentence))
        possible = tuple(o.iso for o in options if o.iso and not o.body)
        table = _Table(actor.name, title.words, self.setting.year, possible)
        headed = self._in_heading(actor)
        kind = office(title.words)
        portfolio = portfolio_of(title.words)
        ministries = {m.iso for m in self.cast.ministries() if portfolio and m.portfolio is portfolio}
        held = self._held.get(kind, {}) if kind != "other" else {}
        taken = {iso for iso, keys in held.items() if keys - {actor.key}}
        national = _NATIONAL.search(title.words) is not None
        its = _ITS.search(text[max(0, span.start - 50) : span.start]) is not None
        american = _AMERICAN.search(title.words) is not None and _FOREIGN.search(title.words) is None
        foreign = _FOREIGN.search(title.words) is not None
        someone_explicit = before is not None or after is not None
        rows = []
        for o in options:
            country = o.iso is not None and o.body is None
            body = o.body is not None
            iso = o.iso if country else None
            value = {
                "none": o == NOBODY,
                "none_vague": o == NOBODY and not national,
                "before": before == o,
                "after": after == o,
                "inside": inside == o,
                "beside_name": o in beside,
                "masters": master is not None and (master == o or (country and master.iso == iso)),
                "other_title": o in others,
                "in_document_title": country and headed == iso,
                "table_office_full": country and iso in table.office_full,
                "table_office_surname": country and iso in table.office_surname,
                "table_name": country and iso in table.name,
                "table_elsewhere": country and bool(table.office_full) and iso not in table.office_full,
                "ministry": country and iso in ministries,
                "taken": country and iso in taken,
                "home": country and iso == self.setting.home,
                "home_american": country and iso == self.setting.home and american,
                "home_foreign_title": country and iso == self.setting.home and foreign and iso == "US",
                "most_named": country and self._ranked[:1] == [iso],
                "second_named": country and self._ranked[1:2] == [iso],
                "log_count": math.log1p(self._counts[iso]) if country and iso else 0.0,
                "last_named": country and last_country is not None and iso == last_country[1],
                "in_sentence": country and iso in in_sentence,
                "in_paragraph": country and iso in in_paragraph,
                "dateline": country and iso in self._dateline,
                "is_body": body,
                "body_last_named": body
                and last_body is not None
                and last_body[1] == o.body
                and span.start - last_body[0].end < 400,
                "body_of_title": body and _BODILY.search(title.words) is not None,
                "body_national_title": body and national,
                "sent_there": country and iso in sent,
                "possessive_its": its and _names(last_country if country else last_body, iso if country else o.body),
                "other_explicit": someone_explicit and o not in (before, after),
                "before_differs": before is not None and before != o,
                "known_elsewhere": bool(others) and o not in others,
                "body_in_sentence": body and o.body in bodies_in_sentence,
                "spokesperson_body": body and _SPOKES.search(title.words) is not None,
                "only_country": country and len(self._ranked) == 1,
                "listed": o == listed,
                "listed_differs": listed is not None and o != listed,
            }
            rows.append([float(value[name]) for name in OWNER_FEATURES])
        return np.array(rows)

    def _sent(self, post: Span) -> set[str]:
        """Countries that the post names as where its holder is sent ("ambassador to Baku", "envoy for Yemen")."""
        reach = Span(post.start, min(len(self.cast.text), post.end + 40))
        found = set()
        for i in range(bisect_left(self._country_starts, reach.start), bisect_left(self._country_starts, reach.end)):
            place, iso = self._countries[i]
            if reach.holds(place) and re.search(
                r"\b(?:to|for)\s+(?:the\s+)?(?:[\w-]+\s+){0,2}$", self.cast.text[post.start : place.start]
            ):
                found.add(iso)
        return found

    def _beside_name(self, name: Span) -> Owner | None:
        """For "Kosovo's Besnik Bislimi", "President Xi of China", "Rasmus Holm (Denmark)"."""
        found = self.owners.before(name.start)
        if found is not None and found.match is not None:
            gap = self.cast.text[found.match.span.end : name.start]
            if gap.strip() in {"’s", "'s", "’", "'", ""}:
                return self._owner(found)
        after = re.match(r"\s*\((?=[A-Z])", self.cast.text[name.end : name.end + 4])
        if after:
            i = bisect_left(self._country_starts, name.end + after.end())
            if i < len(self._countries) and self._country_starts[i] == name.end + after.end():
                return Owner(self._countries[i][1], None)
        return self._owner(self.owners.after(name))

    def _left_open(self, actor: Actor, title: Title) -> list[Owner]:
        """The candidates for a post beside which no owner stands.

        In a list, what follows the comma is the owner, or nobody where that is not known. The post of somebody whom the
        tables know from other countries alone is no country's.
        """
        listed, unknown = self._listed(title.span)
        if listed is not None or unknown:
            return [listed or NOBODY]
        options = self.candidates(title.span)
        found = holders().named(actor.name) if " " in actor.name else ()
        known = {holder.iso for holder in found if holder.around(self.setting.year)}
        if not known or known & {option.iso for option in options}:
            return options
        return [o for o in options if o.iso is None] if _BODILY.search(title.words) else [NOBODY]

    def _listed(self, post: Span) -> tuple[Owner | None, bool]:
        """The body after the comma that ends a title; without one, whether a name stands there that nobody knows."""
        gap = _LISTED.match(self.cast.text, post.end)
        if gap is None:
            return None, False
        i = bisect_left(self._body_starts, gap.end() - 4)
        while i < len(self._bodies) and self._body_starts[i] <= gap.end():
            if self._body_starts[i] >= post.end:
                body = self.cast.by_key[self._bodies[i][1]]
                return Owner(body.iso, body.key), False
            i += 1
        named = any(start == gap.end() for start in self._country_starts)
        return None, gap["name"] is not None and not named and not self.cast.within(Span(gap.end(), gap.end() + 1))

    def _master(self, span: Span) -> Owner | None:
        """Whose "his spokesman" or "Borrell's spokesman" it is: the owner of that person's own post."""
        pronoun = _HIS.search(self.cast.text[max(0, span.start - 40) : span.start]) is not None
        for place, actor in self.cast.before(span.start):
            if span.start - place.end > (250 if pronoun else 30):
                return None
            if actor.is_person and (
                pronoun or re.fullmatch(r"[’']s?\s+(?:[\w-]+\s+)?", self.cast.text[place.end : span.start])
            ):
                title = next((t for t in actor.posts if t.iso or t.body), None)
                return Owner(title.iso, title.body) if title else None
        return None

    def _in_heading(self, actor: Actor) -> str | None:
        """The country that the document's title puts beside the person's surname."""
        heading = self.setting.title or ""
        at = re.search(rf"\b{re.escape(actor.name.split()[-1])}\b", heading)
        if at is None:
            return None
        for match in self._heading:
            if match.span.start >= at.end() and re.fullmatch(
                r"\s+of\s+(?:the\s+)?", heading[at.end() : match.span.start]
            ):
                return match.keys[0]
            between = heading[match.span.end : at.start()]
            if match.span.end <= at.start() and len(between) < 90 and _TITLED.fullmatch(between):
                return match.keys[0]
        return None


def _names(last: tuple[Span, str] | None, key: str | None) -> bool:
    return last is not None and last[1] == key


def _within(named: Sequence[tuple[Span, str]], starts: Sequence[int], stretch: Span) -> Iterator[str]:
    """What is named within ``stretch``."""
    for span, key in named[bisect_left(starts, stretch.start) : bisect_left(starts, stretch.end)]:
        if stretch.holds(span):
            yield key


def _last(named: Sequence[tuple[Span, str]], starts: Sequence[int], offset: int) -> tuple[Span, str] | None:
    """What is named last before ``offset``."""
    i = bisect_left(starts, offset) - 1
    return named[i] if i >= 0 else None


class _Table:
    """What the office-holders say of a name and title: countries by kind of agreement."""

    def __init__(self, name: str, title: str, year: int | None, possible: Sequence[str]) -> None:
        allowed = set(possible)
        found = [h for h in holders().named(name) if h.iso in allowed]
        wanted = office(title)
        full = " " in name.strip()
        fits = {h.iso for h in found if h.office == wanted and wanted != "other" and h.around(year)}
        self.office_full = fits if full else set()
        self.office_surname = set() if full else fits
        self.name = {h.iso for h in found if h.around(year)} if full else set()


__all__ = ["NOBODY", "OWNER_FEATURES", "Owner", "OwnerChoice", "Setting"]
