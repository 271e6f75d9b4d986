"""Countries and bodies by every name that news gives them, and a matcher that finds those names in a text.

Names that stand for several countries ("Congolese", "Korean") are kept with all of them: which one is meant is for
the text to say.
"""

from __future__ import annotations

import csv
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from kg_build.model import Span
from kg_build.reference import COUNTRIES_FILE, ORGANIZATIONS_FILE


class NameKind(StrEnum):
    """What sort of name stands for the country or body."""

    NAME = "name"
    DEMONYM = "demonym"
    CAPITAL = "capital"
    METONYM = "metonym"
    BODY = "body"
    OUTLET = "outlet"


@dataclass(frozen=True, slots=True)
class Country:
    """A row of the table of countries; ``iso`` is the ISO 3166-1 alpha-2 code (XK for Kosovo)."""

    iso: str
    name: str
    wikidata: str | None
    capital: str
    foreign_ministry: str


@dataclass(frozen=True, slots=True)
class Body:
    """A row of the table of organizations."""

    name: str
    full_name: str
    kind: str
    wikidata: str | None
    names: tuple[str, ...]

    @property
    def is_outlet(self) -> bool:
        """Whether it is a news agency, a broadcaster or a newspaper."""
        return self.kind in {"news agency", "broadcaster", "newspaper"}


@dataclass(frozen=True, slots=True)
class NameMatch:
    """A name of the tables in a text. ``keys`` are ISO codes, or the short name of a body."""

    span: Span
    kind: NameKind
    keys: tuple[str, ...]


_WORD = re.compile(r"[^\W_]+")
_EXTRA_DEMONYMS = {
    "AE": "Emirati|Emiratis|UAE", "BN": "Bruneian|Bruneians", "BT": "Bhutanese", "CD": "Congolese", "CF": "Central African",
    "DO": "Dominican", "GB": "Scottish|Welsh|English", "GW": "Bissau-Guinean", "KR": "South Korean|Korean", "KZ": "Kazakh|Kazakhstani",
    "LB": "Lebanese", "NZ": "New Zealander|Kiwi", "PS": "Palestinian", "SA": "Saudi|Saudis", "SB": "Solomon Islander",
    "TD": "Chadian|Chadians", "TL": "Timorese", "UZ": "Uzbek|Uzbekistani", "TJ": "Tajik|Tajikistani", "KG": "Kyrgyz|Kyrgyzstani",
    "TM": "Turkmen", "AF": "Afghan", "EU": "", "VN": "Vietnamese", "ZA": "South African|South Africans",
}  # fmt: skip
_EXTRA_NAMES = {
    "CI": "Ivory Coast|Cote d'Ivoire|Côte d’Ivoire", "CD": "DRC|DR Congo|D.R. Congo|Democratic Republic of Congo", "SZ": "Swaziland|Eswatini",
    "KP": "DPRK", "KR": "ROK", "TR": "Turkiye", "UA": "Ukraine", "CZ": "Czech Republic", "VN": "Viet Nam", "US": "United States of America",
}  # fmt: skip
_EXTRA_CAPITALS = {
    "KZ": "Astana|Nur-Sultan", "UA": "Kyiv|Kiev", "IL": "Jerusalem|Tel Aviv", "MM": "Naypyidaw|Naypyitaw", "NL": "The Hague",
    "TR": "Ankara", "XK": "Pristina|Prishtina", "US": "Washington", "BO": "La Paz|Sucre", "IN": "New Delhi|Delhi", "YE": "Sanaa|Sana'a",
    "MN": "Ulaanbaatar|Ulan Bator", "CN": "Beijing|Peking", "MD": "Chisinau|Chişinău", "RO": "Bucharest", "GE": "Tbilisi", "CH": "Bern|Berne",
    "BI": "Gitega|Bujumbura", "CI": "Abidjan|Yamoussoukro", "TZ": "Dodoma", "BJ": "Cotonou|Porto-Novo", "LK": "Colombo", "ZA": "Pretoria|Tshwane",
}  # fmt: skip
_NO_METONYM = frozenset(
    {"Washington", "Yangon", "Abidjan", "Naypyitaw", "The Hague", "Prishtina", "Gaza City", "Holy See", "Westminster"}
)


_NO_DECOMPOSITION = str.maketrans(
    {"ı": "i", "ø": "o", "ł": "l", "đ": "d", "ß": "ss", "æ": "ae", "œ": "oe", "þ": "th", "ð": "d"}
)


def plain(text: str) -> str:
    """``text`` in lower case without marks on its letters.

    >>> plain("Erdoğan Çavuşoğlu")
    'erdogan cavusoglu'
    """
    stripped = "".join(c for c in unicodedata.normalize("NFKD", text.lower()) if not unicodedata.combining(c))
    return stripped.translate(_NO_DECOMPOSITION)


class Tables:
    """The reference tables, indexed by name."""

    def __init__(self) -> None:
        self.countries: dict[str, Country] = {}
        self.bodies: dict[str, Body] = {}
        self._first: dict[tuple[str, NameKind], str] = {}
        self._index: dict[str, list[tuple[tuple[str, ...], str, NameKind, tuple[str, ...]]]] = {}
        names: dict[tuple[str, NameKind], list[str]] = defaultdict(list)

        def add(cell: str, kind: NameKind, key: str) -> None:
            for name in filter(None, (n.strip() for n in cell.split("|"))):
                if key not in names[name, kind]:
                    names[name, kind].append(key)
                    self._first.setdefault((key, kind), name)

        with COUNTRIES_FILE.open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                iso = row["iso2"]
                self.countries[iso] = Country(
                    iso, row["name"], row["qid"] or None, row["capital"], row["foreign_ministry_name"]
                )
                add(
                    f"{row['name']}|{row['official_name']}|{row['alt_names']}|{_EXTRA_NAMES.get(iso, '')}",
                    NameKind.NAME,
                    iso,
                )
                add(f"{row['demonyms']}|{_EXTRA_DEMONYMS.get(iso, '')}", NameKind.DEMONYM, iso)
                add(f"{row['capital']}|{_EXTRA_CAPITALS.get(iso, '')}", NameKind.CAPITAL, iso)
                metonyms = [m for m in row["other_metonyms"].split("|") if m not in _NO_METONYM]
                add("|".join(metonyms), NameKind.METONYM, iso)
        with ORGANIZATIONS_FILE.open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                every = (row["short_name"], row["full_name"], *filter(None, row["aliases"].split("|")))
                body = Body(
                    row["short_name"], row["full_name"], row["kind"], row["qid"] or None, tuple(dict.fromkeys(every))
                )
                self.bodies[body.name] = body
                add("|".join(body.names), NameKind.OUTLET if body.is_outlet else NameKind.BODY, body.name)
        self._fill(names)

    def _fill(self, names: dict[tuple[str, NameKind], list[str]]) -> None:
        for (name, kind), keys in names.items():
            words = tuple(plain(w) for w in _WORD.findall(name))
            if words:
                self._index.setdefault(words[0], []).append((words, name, kind, tuple(keys)))
        for entries in self._index.values():
            entries.sort(key=lambda e: (-len(e[0]), list(NameKind).index(e[2])))

    def name(self, iso: str, kind: NameKind) -> str | None:
        """The first name of ``kind`` that the tables have for a country, or None."""
        return self._first.get((iso, kind))

    def matches(self, text: str) -> Iterator[NameMatch]:
        """Names in ``text``, the longest at each place, in order; linear in the length of the text.

        A name in capitals ("US", "WHO") matches in capitals alone, any other where it begins with a capital.
        """
        words = [(plain(m.group()), m.start(), m.end()) for m in _WORD.finditer(text)]
        i = 0
        while i < len(words):
            found = self._match_at(text, words, i)
            if found is None:
                i += 1
                continue
            match, length = found
            yield match
            i += length

    def _match_at(self, text: str, words: list[tuple[str, int, int]], i: int) -> tuple[NameMatch, int] | None:
        for parts, name, kind, keys in self._index.get(words[i][0], ()):
            n = len(parts)
            if i + n > len(words) or any(words[i + k][0] != parts[k] for k in range(n)):
                continue
            start, end = words[i][1], words[i + n - 1][2]
            found = text[start:end]
            if "\n\n" in found or not self._case_fits(name, found):
                continue
            if name.endswith(".") and text[end : end + 1] == ".":
                end += 1
            return NameMatch(Span(start, end), kind, keys), n
        return None

    @staticmethod
    def _case_fits(name: str, found: str) -> bool:
        letters = [c for c in name if c.isalpha()]
        if len(letters) <= 6 and all(c.isupper() for c in letters):
            # "U.S." needs its dots, "US" must have none.
            return found.isupper() and ("." in found) == ("." in name.rstrip("."))
        return found[0].isupper() or not name[0].isupper()

    def whole(self, name: str) -> NameMatch | None:
        """What the tables say of exactly this name, an article before it left out, or None."""
        bare = re.sub(r"^[Tt]he\s+", "", name)
        for match in self.matches(bare):
            if match.span.start == 0 and match.span.end >= len(bare.rstrip(".")):
                return match
        return None


@cache
def tables() -> Tables:
    """The tables, read once in a process."""
    return Tables()


__all__ = ["Body", "Country", "NameKind", "NameMatch", "Tables", "plain", "tables"]
