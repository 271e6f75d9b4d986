"""Ministries: their portfolio and country, from every form that news gives their names."""

from __future__ import annotations

import re
from functools import lru_cache

from kg_build.model import Portfolio, Span

_PORTFOLIOS: tuple[tuple[Portfolio, str], ...] = (
    (Portfolio.FOREIGN_AFFAIRS, r"foreign|external (?:affairs|relations)|\bmo?fas?\b|\bmfat\b|\bmea\b|\bdfat?\b|\bfcd?o\b|\bfo\b|department of state|state department|\bstate dept|global affairs|international relations and cooperation|\bdirco\b|foggy bottom|quai d['’]orsay|itamaraty|gaimusho|farnesina|wisma putra|auswärtiges|smolenskaya|szucha|\bmsz\b|\bsre\b|\bmae\b|\bchancellery\b|secretariat of state|palacio san martín|external ministry|expatriates"),
    (Portfolio.DEFENCE, r"defen[cs]e|\bmod\b|pentagon|armed forces|military affairs|\bmnd\b|\bmsb\b|veterans"),
    (Portfolio.INTERIOR, r"interior|internal affairs|home (?:affairs|office|ministry)|homeland security|\bdhs\b|\bmvd\b|public security|\bmps\b"),
    (Portfolio.JUSTICE, r"justice|\bdoj\b|attorney general"),
    (Portfolio.FINANCE, r"financ|treasury|budget|revenue|exchequer"),
    (Portfolio.ENERGY, r"energy|petroleum|\boil\b|\bgas\b|electric|power|mines|mineral"),
    (Portfolio.TRADE, r"commerce|trade|\bmofcom\b"),
    (Portfolio.ECONOMY, r"econom|industry|development|planning|\bbusiness\b|digital"),
    (Portfolio.HEALTH, r"health|\bhhs\b|\bfda\b|medical"),
    (Portfolio.EDUCATION, r"education|higher education|science|school|universit"),
    (Portfolio.CULTURE, r"cultur|tourism|heritage|sports?\b"),
    (Portfolio.ENVIRONMENT, r"environment|climate|ecolog|natural resources|water|\bepa\b"),
    (Portfolio.AGRICULTURE, r"agricultur|farm|rural|fisher|food|\busda\b"),
    (Portfolio.TRANSPORT, r"transport|railway|aviation|infrastructure|communications"),
)  # fmt: skip
_FOREIGN_BUSINESS = re.compile(r"\bforeign (?=trade|employment|economic|investment)", re.IGNORECASE)
_COMPILED = tuple((portfolio, re.compile(pattern, re.IGNORECASE)) for portfolio, pattern in _PORTFOLIOS)

UNMISTAKABLE = (
    (re.compile(r"pentagon|foggy bottom|state department|homeland security", re.IGNORECASE), "US"),
    (re.compile(r"\bfcd?o\b|foreign, commonwealth", re.IGNORECASE), "GB"),
    (re.compile(r"global affairs canada", re.IGNORECASE), "CA"),
    (re.compile(r"\bdirco\b", re.IGNORECASE), "ZA"),
    (re.compile(r"quai d['’]orsay", re.IGNORECASE), "FR"),
    (re.compile(r"itamaraty", re.IGNORECASE), "BR"),
    (re.compile(r"gaimusho", re.IGNORECASE), "JP"),
    (re.compile(r"farnesina", re.IGNORECASE), "IT"),
    (re.compile(r"wisma putra", re.IGNORECASE), "MY"),
    (re.compile(r"auswärtiges amt", re.IGNORECASE), "DE"),
    (re.compile(r"smolenskaya", re.IGNORECASE), "RU"),
    (re.compile(r"\bmofcom\b", re.IGNORECASE), "CN"),
    (re.compile(r"unification ministry|ministry of (?:unification|trade, industry,? and energy)", re.IGNORECASE), "KR"),
)  # fmt: skip
"""Names of ministries that no other country's has or had, whoever stands beside them."""

KNOWN_COUNTRY = (
    (re.compile(r"department of state|\bstate dept|\bdhs\b|\bhhs\b|department of (?:defense|justice|energy|education|commerce|the treasury|health)|justice department|treasury department|\busda\b|\bdoj\b|\bfda\b", re.IGNORECASE), "US"),
    (re.compile(r"exchequer|home office", re.IGNORECASE), "GB"),
    (re.compile(r"\bdfat\b", re.IGNORECASE), "AU"),
    (re.compile(r"\bmfat\b", re.IGNORECASE), "NZ"),
    (re.compile(r"\bdfa\b"), "PH"),
    (re.compile(r"external affairs|\bmea\b", re.IGNORECASE), "IN"),
)  # fmt: skip
"""Names of ministries that one country's usually has, where nothing else says whose it is."""


@lru_cache(maxsize=8192)
def portfolio_of(name: str) -> Portfolio | None:
    """The portfolio that a ministry's name or a minister's title shows, or None where it shows none.

    The one named first counts, but foreign affairs before any other.

    >>> portfolio_of("Ministry of Trade and Foreign Affairs").value, portfolio_of("the ministry")
    ('ForeignAffairs', None)
    """
    name = _FOREIGN_BUSINESS.sub("", name)
    found = [(m.start(), portfolio) for portfolio, pattern in _COMPILED if (m := pattern.search(name))]
    if any(portfolio is Portfolio.FOREIGN_AFFAIRS for _, portfolio in found):
        return Portfolio.FOREIGN_AFFAIRS
    if not found:
        return None
    return min(found, key=lambda f: f[0])[1]


def is_bare(name: str) -> bool:
    """Whether a name says no portfolio: "the ministry", "his department", "the Argentine ministry".

    >>> is_bare("His ministry"), is_bare("the Foreign Ministry"), is_bare("the Argentine ministry")
    (True, False, True)
    """
    bare = name.strip()
    return _BARE.fullmatch(bare) is not None and _FIELD_WORD.search(bare) is None and portfolio_of(bare) is None


_BARE = re.compile(
    r"(?:(?:the|his|her|its|their|this|that|own|[A-Z][\w’'.-]+)\s+){0,3}(?:ministry|department|ministries)",
    re.IGNORECASE,
)
_FIELD = (
    r"foreign|external|defen[cs]e|interior|home|internal|justice|finance|treasury|economy|economic|trade|commerce|energy|petroleum|oil|health|education|culture"
    r"|tourism|environment|climate|agriculture|transport|infrastructure|industry|labou?r|information|security|unification|immigration|migration|science|planning|water|sports?|digital|development|mines|mining|fisheries|housing|interior and justice|emergency|emergencies|war|reintegration|diaspora"
)
_FIELD_WORD = re.compile(rf"\b(?:{_FIELD})\b", re.IGNORECASE)
_PATTERN = re.compile(
    rf"\b(?:{_FIELD})(?:,? (?:and|&) (?:{_FIELD}))?(?: affairs)? (?:ministry|department)\b"
    rf"|\bministry\s(?:of|for)\s(?:the\s)?(?:(?-i:[A-Z])[\w-]+|affairs)(?:(?:, (?:and )?| and | & | of (?=Foreign|Internal|Home|External)| )(?:(?-i:[A-Z])[\w-]+))*"
    r"|\b(?:State|Justice|Treasury|Defense|Energy|Commerce|Homeland Security) Department\b"
    r"|\bDepartment of (?:the )?(?:State|Defense|Justice|Energy|Commerce|Treasury|Homeland Security|Agriculture|Education|Transportation|Foreign Affairs(?: and Trade)?|Health(?: and Human Services)?)\b"
    r"|\bForeign Office\b|\bPentagon\b|\bQuai d[’']Orsay\b|\bItamaraty\b|\bFCDO\b",
    re.IGNORECASE,
)


def named_ministries(text: str) -> list[Span]:
    """Ministries that a text names in full, by pattern; words in small letters after "Ministry of" end the name.

    >>> text = "The Ministry of Trade and Industry of Ghana and the Russian defence ministry agreed."
    >>> [s.of(text) for s in named_ministries(text)]
    ['Ministry of Trade and Industry', 'defence ministry']
    """
    found = []
    for m in _PATTERN.finditer(text):
        if "\n\n" in m.group():
            continue
        words = m.group()
        if words.lower().startswith("ministry"):
            words = _capitalized_part(words)
        if words:
            found.append(Span(m.start(), m.start() + len(words)))
    return found


def _capitalized_part(words: str) -> str:
    """A name that begins with "Ministry of", up to its last capitalized word."""
    parts = list(re.finditer(r"[\w&’'-]+", words))
    last = 1
    for i, part in enumerate(parts[2:], 2):
        if part.group()[0].isupper():
            last = i
        elif part.group() not in {"and", "of", "the", "for"}:
            break
    return words[: parts[last].end()] if last > 1 else ""


@lru_cache(maxsize=8192)
def country_by_name(name: str) -> str | None:
    """The ISO code of the country whose ministry usually has such a name, or None."""
    usual = (iso for pattern, iso in KNOWN_COUNTRY if pattern.search(name))
    return country_without_doubt(name) or next(usual, None)


@lru_cache(maxsize=8192)
def country_without_doubt(name: str) -> str | None:
    """The ISO code of the only country whose ministry has such a name, or None.

    >>> country_without_doubt("the Unification Ministry"), country_without_doubt("the Foreign Ministry")
    ('KR', None)
    """
    return next((iso for pattern, iso in UNMISTAKABLE if pattern.search(name)), None)


__all__ = ["country_by_name", "country_without_doubt", "is_bare", "portfolio_of"]
