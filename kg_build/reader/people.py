"""The persons of one document: every form of a name put together, misspellings included.

Full names are put together first; a surname alone then goes to the fuller name that has it, the one mentioned last where
several do. Surnames of six letters and more may differ by one slip (Damerau-Levenshtein distance 1).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from kg_build.model import Span
from kg_build.reader.tables import plain

_HONORIFIC = re.compile(
    r"^(?:(?:mr|mrs|ms|miss|dr|prof|professor|sir|lord|lady|dame|sheikh|shaikh|his excellency|her excellency|h\.\s?e)\.?\s+)+",
    re.IGNORECASE,
)
_WORD = re.compile(r"[\w’'`ʿʻ.]+")
PARTICLES = frozenset(
    [
        "al",
        "el",
        "bin",
        "ibn",
        "ben",
        "abu",
        "von",
        "van",
        "de",
        "da",
        "do",
        "dos",
        "del",
        "della",
        "der",
        "den",
        "di",
        "la",
        "le",
        "du",
        "ter",
        "ten",
        "zu",
        "st",
        "san",
        "bint",
        "ould",
    ]
)


@lru_cache(maxsize=8192)
def tokens(name: str) -> tuple[str, ...]:
    """The parts of a name, hyphens and spaces dividing them, in lower case without marks.

    >>> tokens("Donika Gërvalla-Schwarz")
    ('donika', 'gervalla', 'schwarz')
    """
    words = (re.sub(r"[’'`ʿʻ.]", "", plain(w)) for w in _WORD.findall(name.replace("-", " ").replace("‑", " ")))
    return tuple(w for w in words if w)


def distance_at_most_one(a: str, b: str) -> bool:
    """Whether one insertion, deletion, substitution or swap of neighbours at most leads from ``a`` to ``b``.

    >>> distance_at_most_one("morzoyan", "mirzoyan"), distance_at_most_one("lavrov", "lavorv")
    (True, True)
    """
    if a == b:
        return True
    if abs(len(a) - len(b)) > 1:
        return False
    i = 0
    while i < min(len(a), len(b)) and a[i] == b[i]:
        i += 1
    return (
        a[i + 1 :] == b[i + 1 :]
        or a[i:] == b[i + 1 :]
        or a[i + 1 :] == b[i:]
        or (a[i : i + 2] == b[i : i + 2][::-1] and a[i + 2 :] == b[i + 2 :])
    )


_SPELLED = 4
"""Letters from which two spellings of one sound are taken for one name."""
_LONG = 9
"""Letters from which two spellings may differ by a slip besides: "Zourabichvili", "Zurabishvili"."""
_SPELLINGS = (
    ("gh", "q"), ("kh", "h"), ("ch", "c"), ("sh", "s"), ("zh", "z"), ("dzh", "j"), ("dj", "j"), ("ou", "u"), ("oo", "u"), ("ee", "i"),
    ("iy", "i"), ("y", "i"), ("ph", "f"), ("w", "v"), ("ck", "k"), ("x", "ks"), ("tz", "ts"), ("cz", "c"), ("sz", "s"),
)  # fmt: skip


@lru_cache(maxsize=8192)
def skeleton(part: str) -> str:
    """A name's part with the usual variants of transliteration made one.

    >>> skeleton("araghchi") == skeleton("araqchi"), skeleton("zelenskyy") == skeleton("zelensky")
    (True, True)
    """
    for variant, into in _SPELLINGS:
        part = part.replace(variant, into)
    return re.sub(r"(.)\1+", r"\1", part)


def _alike(a: str, b: str, least: int = 6) -> bool:
    if a == b:
        return True
    shorter = min(len(a), len(b))
    if shorter >= least and distance_at_most_one(a, b):
        return True
    one, other = skeleton(a), skeleton(b)
    return (shorter >= _SPELLED and one == other) or (shorter >= _LONG and distance_at_most_one(one, other))


@dataclass(slots=True)
class Person:
    """A person: forms of the name as they stand in the text, and where they stand."""

    forms: Counter[str] = field(default_factory=Counter)
    mentions: list[tuple[Span, float]] = field(default_factory=list)

    @property
    def name(self) -> str:
        """The fullest form: most parts, initials least, then the more frequent, then the longer."""
        return max(self.forms, key=lambda f: (_fullness(f), not f.isupper(), self.forms[f], len(f), f))

    @property
    def parts(self) -> tuple[str, ...]:
        """The parts of the fullest form."""
        return tokens(self.name)

    @property
    def slips(self) -> tuple[str, ...]:
        """Forms whose parts none of the other, more frequent forms has: misspellings, as far as one text can tell."""
        known = Counter[str]()
        for form, n in self.forms.items():
            for part in set(tokens(form)):
                known[part] += n
        main = self.name
        found = []
        for form in self.forms:
            odd = [p for p in tokens(form) if p not in self.parts and any(p != q and _alike(p, q) for q in self.parts)]
            if form != main and odd and all(known[p] < max(known[q] for q in self.parts if _alike(p, q)) for p in odd):
                found.append(form)
        return tuple(sorted(found))


def _fullness(form: str) -> tuple[int, int]:
    parts = tokens(form)
    return sum(len(p) > 1 for p in parts), len(parts)


def clean(surface: str) -> str:
    r"""A name without honorific, line breaks and marks of emphasis.

    >>> clean("Dr. Kaaren\xa0Olesen")
    'Kaaren Olesen'
    """
    bare = _HONORIFIC.sub("", re.sub(r"[\s\u00a0]+", " ", surface)).strip(" *_,.;:")
    return re.sub(r"[’']s$", "", bare)


def _compatible(a: tuple[str, ...], b: tuple[str, ...]) -> bool:
    """Whether two full names can be one person's."""
    short, long = sorted((a, b), key=len)
    if set(short) <= set(long):
        return (short[-1] in long[1:] and (short[0] == long[0] or short == long[-len(short) :])) or len(short) == len(
            long
        )
    first, other = short[0], long[0]
    if not _alike(short[-1], long[-1], 5 if first == other else 6):
        return False
    return _alike(first, other) or (min(len(first), len(other)) == 1 and first[0] == other[0])


def _holds(full: tuple[str, ...], part: tuple[str, ...]) -> int:
    """How well ``part`` stands for ``full``: 3 its end, 2 a stretch within it, 1 its end but for a slip, 0 not at all."""
    n = len(part)
    content = tuple(p for p in part if p not in PARTICLES) or part
    if full[-n:] == part:
        return 3
    if any(full[i : i + n] == part for i in range(len(full) - n + 1)) or set(content) <= set(full[1:]):
        return 2
    if n == 1 and full[0] == part[0]:
        return 2
    if content != part and full[-len(content) :] == content:
        return 2
    return int(len(content) == 1 and _alike(full[-1], content[0]))


def group(mentions: Sequence[tuple[Span, float]], text: str) -> list[Person]:
    """Put the name mentions (with their probabilities) of ``text`` together, persons in the order of first mention."""
    forms = [(span, probability, clean(span.of(text))) for span, probability in mentions]
    forms = [(span, probability, form) for span, probability, form in forms if tokens(form)]
    persons: list[Person] = []
    home: dict[tuple[str, ...], Person] = {}
    for parts in sorted({tokens(f) for _, _, f in forms if len(tokens(f)) > 1}, key=lambda p: (-len(p), p)):
        match = next((p for known, p in home.items() if _compatible(known, parts)), None)
        if match is None:
            match = Person()
            persons.append(match)
        home[parts] = match
    latest: dict[int, int] = {}
    for span, probability, form in sorted(forms, key=lambda f: f[0]):
        parts = tokens(form)
        person = home.get(parts) if len(parts) > 1 else None
        if person is None or (len(parts) == 2 and parts[0] in PARTICLES):
            person = _fuller(parts, home, latest) or person
        if person is None:
            person = home.get(parts) or next(
                (p for k, p in home.items() if len(k) == 1 and len(parts) == 1 and _alike(k[0], parts[0])), None
            )
        if person is None:
            person = Person()
            persons.append(person)
            home[parts] = person
        person.forms[form] += 1
        person.mentions.append((span, probability))
        latest[id(person)] = span.start
    return sorted((p for p in persons if p.mentions), key=lambda p: p.mentions[0][0])


def _fuller(parts: tuple[str, ...], home: dict[tuple[str, ...], Person], latest: dict[int, int]) -> Person | None:
    fits = [(_holds(full, parts), latest.get(id(p), -1), p) for full, p in home.items() if len(full) > len(parts)]
    fits = [f for f in fits if f[0]]
    return max(fits, key=lambda f: (f[0], f[1]))[2] if fits else None


__all__ = ["Person", "clean", "distance_at_most_one", "group", "tokens"]
