"""Who held which kind of office where: used to decide between countries that a document names, never to add one."""

from __future__ import annotations

import csv
import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, lru_cache

from kg_build.model import Portfolio
from kg_build.reader.ministries import portfolio_of
from kg_build.reader.people import PARTICLES, tokens
from kg_build.reference import OFFICE_HOLDERS_FILE

_SLACK_BEFORE, _SLACK_AFTER = 1, 4
"""Years by which a term may begin earlier or end later than the sources show."""
_UNKNOWN_START = 8
"""Years before its last sighting in which a term of unknown beginning may have begun."""
_BY_PORTFOLIO = {
    Portfolio.FOREIGN_AFFAIRS: "foreign", Portfolio.DEFENCE: "defence", Portfolio.INTERIOR: "interior", Portfolio.FINANCE: "finance",
    Portfolio.ECONOMY: "economy", Portfolio.TRADE: "trade", Portfolio.ENERGY: "energy", Portfolio.JUSTICE: "justice",
    Portfolio.HEALTH: "health", Portfolio.CULTURE: "culture", Portfolio.EDUCATION: "education",
    Portfolio.ENVIRONMENT: "environment", Portfolio.AGRICULTURE: "agriculture", Portfolio.TRANSPORT: "transport",
}  # fmt: skip
_DEPUTY = re.compile(r"\b(?:deputy|vice|first|assistant|under|state)\b", re.IGNORECASE)
_STATE = re.compile(
    r"\b(?:president|king|queen|emir|amir|sultan|pope|crown prince|grand duke|head of state|supreme leader|monarch)\b",
    re.IGNORECASE,
)
_GOVERNMENT = re.compile(r"\b(?:prime minister|premier|chancellor|taoiseach|pm|head of government)\b", re.IGNORECASE)
_SPOKESPERSON = re.compile(r"\bspokes(?:man|woman|person)\b", re.IGNORECASE)


@lru_cache(maxsize=8192)
def office(title: str) -> str:
    """The kind of office that a title names, in the table's words ("other" where none of the top posts).

    >>> [office(t) for t in ("Prime Minister", "Deputy Foreign Minister", "Foreign Minister", "King")]
    ['head-of-government', 'other', 'foreign', 'head-of-state']
    """
    if _DEPUTY.search(title):
        return (
            "deputy-head"
            if re.search(r"(?:deputy|vice)[ -](?:prime minister|president|premier|chancellor)", title, re.IGNORECASE)
            else "other"
        )
    if _GOVERNMENT.search(title):
        return "head-of-government"
    if _STATE.search(title):
        return "head-of-state"
    if _SPOKESPERSON.search(title):
        return "spokesperson"
    if re.search(r"\b(?:minister|secretary)\b", title, re.IGNORECASE):
        portfolio = portfolio_of(title)
        if re.fullmatch(r"secretary(?: of state)?", title.strip(), re.IGNORECASE):
            return "foreign"
        return _BY_PORTFOLIO.get(portfolio, "other") if portfolio else "other"
    return "other"


@dataclass(frozen=True, slots=True)
class Holder:
    """A row of the table: the parts of every spelling of the name, the country, the kind of office, the years."""

    names: tuple[tuple[str, ...], ...]
    iso: str
    office: str
    first: int | None
    last: int | None
    wikidata: str | None

    def around(self, year: int | None) -> bool:
        """Whether the person may have held the office in ``year``."""
        if year is None:
            return True
        earliest = (self.last or year) - _UNKNOWN_START if self.first is None else self.first - _SLACK_BEFORE
        return earliest <= year and (self.last is None or year <= self.last + _SLACK_AFTER)


class Holders:
    """The table, indexed by every part of a name."""

    def __init__(self) -> None:
        self._by_part: dict[str, list[Holder]] = defaultdict(list)
        with OFFICE_HOLDERS_FILE.open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                names = tuple(tuple(spelling.split()) for spelling in row["spellings"].split("|"))
                first, last = (int(row[c]) if row[c] else None for c in ("first_year", "last_year"))
                holder = Holder(names, row["country"], row["portfolio"], first, last, row["qid"] or None)
                for part in {p for name in names for p in name if p not in PARTICLES}:
                    self._by_part[part].append(holder)

    def named(self, name: str) -> list[Holder]:
        """Those whom a full name, or a name of one part that ends or begins theirs, can be."""
        parts = tuple(p for p in tokens(name) if p not in PARTICLES)
        if not parts:
            return []
        rarest = min(parts, key=lambda p: len(self._by_part.get(p, ())))
        pool = self._by_part.get(rarest) or self._by_part.get(parts[-1], [])
        return [h for h in pool if any(_is_named(parts, tuple(p for p in n if p not in PARTICLES)) for n in h.names)]

    def identity(self, name: str, iso: str, titles: Iterable[str]) -> str | None:
        """The Wikidata id of the one person with this full name, country and kind of office, or None."""
        if len([p for p in tokens(name) if p not in PARTICLES]) < 2:
            return None
        offices = {office(t) for t in titles}
        found = {h.wikidata for h in self.named(name) if h.iso == iso and h.wikidata and (h.office in offices)}
        return found.pop() if len(found) == 1 else None


def _is_named(parts: tuple[str, ...], row: tuple[str, ...]) -> bool:
    if len(parts) == 1:
        return bool(row) and parts[0] in {row[-1], row[0]}
    if len(row) < 2:
        return False
    return (set(parts) <= set(row) or set(row) <= set(parts)) and (parts[-1] in row or row[-1] in parts)


@cache
def holders() -> Holders:
    """The table, read once in a process."""
    return Holders()


__all__ = ["Holder", "Holders", "holders", "office"]
