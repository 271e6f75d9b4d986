"""What sort of words stand for somebody without a name: pronouns, bare posts, nationalities, "the two ministers"."""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from enum import Enum, auto
from functools import cache

from kg_build.reader.tables import NameKind, Tables, plain
from kg_build.reference import GIVEN_NAMES_FILE


class PhraseKind(Enum):
    """How a phrase without a name is to be resolved."""

    HE_OR_SHE = auto()
    I = auto()  # noqa: E741 - the pronoun
    WE = auto()
    IT = auto()
    SEVERAL = auto()
    TITLE = auto()
    NATION = auto()
    DOCUMENT = auto()
    RELATIVE = auto()
    INDEFINITE = auto()
    OTHER = auto()


class Gender(Enum):
    """What a pronoun or title says of a person."""

    MALE = "male"
    FEMALE = "female"


@dataclass(frozen=True, slots=True)
class Phrase:
    """A phrase taken apart. ``count`` is how many are meant (0 unknown), ``isos`` the countries that it names."""

    words: str
    kind: PhraseKind
    gender: Gender | None = None
    count: int = 0
    isos: tuple[str, ...] = ()
    title: frozenset[str] = frozenset()
    countries: bool = False
    """Whether "the two sides" and the like mean the countries rather than the persons."""


_MALE = frozenset(["he", "him", "his", "himself"])
_FEMALE = frozenset(["she", "her", "hers", "herself"])
_MALE_WORDS = re.compile(
    r"\b(?:mr|sir|king|prince|emir|sultan|sheikh|spokesman|chairman|congressman|lord|father|brother|man|men|archbishop|pope)\b"
)
_FEMALE_WORDS = re.compile(
    r"\b(?:mrs|ms|miss|madam|queen|princess|spokeswoman|chairwoman|congresswoman|first lady|baroness|dame|woman|lady)\b"
)
_COUNT = {
    "two": 2,
    "both": 2,
    "pair": 2,
    "duo": 2,
    "three": 3,
    "trio": 3,
    "four": 4,
    "five": 5,
    "six": 6,
    "seven": 7,
    "either": 2,
    "neither": 2,
    "each": 0,
    "couple": 2,
}
_SEVERAL = re.compile(
    r"they|them|their|theirs|both|each|neither|either|all|(?:the )?(?:two|three|four|five|six|seven)|(?:the |a )?(?:pair|duo|trio)|each other|one another|the latter two"
)  # fmt: skip
_COUNTRIES = re.compile(
    r"\b(?:sides?|countries|nations|governments|states|capitals|neighbou?rs|parties|ministries|delegations|teams|allies|partners|peoples)\b"
)
_DOCUMENT = re.compile(
    r"\b(?:statement|communiqu[eé]|read-?out|press release|release|declaration|report|note|message|post|document|text|summary|account|letter|joint statement|bulletin|announcement)s?(?:\s+(?:of|from|by|on|about)\b.*)?$"
)
_NATION = re.compile(
    r"\b(?:side|government|authorities|officials?|delegation|diplomats?|administration|leadership|party|team|military|army|presidency|embassy|media)$"
)
_NATION_OF = re.compile(r"(?:the )?(?:government|authorities|leadership|delegation|side) of ")
_TITLE = re.compile(
    r"\b(?:president|minister|ministers|premier|secretary|chancellor|ambassador|envoy|spokes(?:man|woman|person)|king|queen|prince|princess|emir|sultan|chair(?:man|woman|person)?|commissioner"
    r"|director|representative|speaker|governor|senator|advis[eo]r|chief|head|deputy|general|pm|fm|counterpart|colleague|leader|diplomat|official|coordinator|mediator|negotiator|host|guest|visitor|successor|predecessor"
    r"|politician|mp|lawmaker|secretary-general|commander|admiral|judge|prosecutor|mayor|consul|pope|patriarch|excellency|highness|majesty|man|woman|statesman|aide|opposite number|analyst|expert|dignitary)s?\b"
)  # fmt: skip
_PERSON_PLURALS = re.compile(
    r"\b(?:ministers|presidents|leaders|premiers|chiefs|officials|diplomats|men|women|envoys|secretaries|ambassadors|negotiators|counterparts|colleagues|interlocutors|politicians|heads|generals|principals|participants|guests|advis[eo]rs|chancellors|representatives|spouses|statesmen|deputies|hosts|commanders|princes)\b"
)
_SMALL = frozenset(
    """
    the a an his her its their our of for and to in on at with from this that same another one other own new
    former visiting top senior
    """.split()
)


def take_apart(words: str, tables: Tables) -> Phrase:
    """What kind of phrase ``words`` is, and what it says of whom it means.

    >>> from kg_build.reader.tables import tables
    >>> take_apart("the two foreign ministers", tables()).kind.name, take_apart("She", tables()).gender.name
    ('SEVERAL', 'FEMALE')
    >>> take_apart("the Turkish diplomat", tables()).isos
    ('TR',)
    """
    clean = re.sub(r"[\s\u00a0]+", " ", words).strip(' ,;:*“”"')
    low = plain(clean)
    isos = tuple(
        dict.fromkeys(
            k for m in tables.matches(clean) if m.kind not in {NameKind.BODY, NameKind.OUTLET} for k in m.keys[:1]
        )
    )
    gender = (
        Gender.MALE
        if low in _MALE or _MALE_WORDS.search(low)
        else Gender.FEMALE
        if low in _FEMALE or _FEMALE_WORDS.search(low)
        else None
    )
    bare = re.sub(r"['’]s?$", "", low)
    count = next((n for w, n in _COUNT.items() if re.search(rf"\b{w}\b", low)), 0)
    title = frozenset(w for w in re.findall(r"[a-z]+", re.sub(r"['’]s\b", "", low)) if w not in _SMALL)

    def phrase(kind: PhraseKind, *, countries: bool = False) -> Phrase:
        return Phrase(clean, kind, gender, count, isos, title, countries)

    if bare in _MALE | _FEMALE:
        return phrase(PhraseKind.HE_OR_SHE)
    if bare in {"i", "me", "my", "myself"}:
        return phrase(PhraseKind.I)
    if bare in {"we", "us", "our", "ourselves"}:
        return phrase(PhraseKind.WE)
    if bare in {"it", "its", "itself"}:
        return phrase(PhraseKind.IT)
    if bare in {"who", "whom", "whose", "which", "that"}:
        return phrase(PhraseKind.RELATIVE)
    if bare in {"the latter", "latter", "the former"}:
        return phrase(PhraseKind.RELATIVE)
    if _SEVERAL.fullmatch(bare):
        return phrase(PhraseKind.SEVERAL)
    if _DOCUMENT.search(bare):
        return phrase(PhraseKind.DOCUMENT)
    if re.match(
        r"(?:a|an|one|some|several|many|unnamed|another|two|three|most|various|other|few|no)\b", low
    ) and not re.match(r"(?:two|three)$", low):
        return phrase(PhraseKind.INDEFINITE)
    if _PERSON_PLURALS.search(bare):
        return phrase(PhraseKind.SEVERAL)
    if _COUNTRIES.search(bare) and (
        count
        or re.match(
            r"(?:the|both|all) (?:sides|parties|countries|governments|delegations|capitals|nations|neighbou?rs|teams)$",
            bare,
        )
    ):
        return phrase(PhraseKind.SEVERAL, countries=True)
    if isos and (_NATION.search(bare) or _NATION_OF.match(bare)) and not re.search(r"\b(?:diplomat|official)$", bare):
        return phrase(PhraseKind.NATION)
    if _TITLE.search(bare) or (isos and re.match(r"the\b", low)):
        return phrase(PhraseKind.TITLE)
    return phrase(PhraseKind.OTHER)


@cache
def _given_names() -> dict[str, Gender]:
    """The table of given names, read once in a process."""
    with GIVEN_NAMES_FILE.open(encoding="utf-8", newline="") as file:
        return {row["name"]: Gender(row["gender"]) for row in csv.DictReader(file)}


def gender_of_name(parts: tuple[str, ...]) -> Gender | None:
    """The gender that a given name tells of, where it plainly does."""
    if len(parts) < 2:
        return None
    return _given_names().get(parts[0])


__all__ = ["Gender", "Phrase", "PhraseKind", "gender_of_name", "take_apart"]
