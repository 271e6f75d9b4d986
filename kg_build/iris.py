"""IRIs: which ones are well-formed, how names become part of them, and where each kind of node lives under the base.

>>> Iris("https://w3id.org/communique/id/").person("ararat-mirzoyan")
'https://w3id.org/communique/id/person/ararat-mirzoyan'
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from hashlib import sha256
from typing import Final
from urllib.parse import quote

_BEYOND_ASCII: Final = "\u00a0-\ud7ff\uf900-\ufdcf\ufdf0-\uffef\U00010000-\U0001fffd\U00020000-\U0002fffd"
_CHAR: Final = rf"(?:[A-Za-z0-9\-._~!$&'()*+,;=@{_BEYOND_ASCII}]|%[0-9A-Fa-f]{{2}})"
_IRI: Final = re.compile(
    rf"[A-Za-z][A-Za-z0-9+.\-]*:"
    rf"(?://(?:(?:{_CHAR}|:)*@)?{_CHAR}*(?::[0-9]*)?(?=[/?#]|\Z)|(?!//))"
    rf"(?:{_CHAR}|[:/])*(?:\?(?:{_CHAR}|[:/?])*)?(?:\#(?:{_CHAR}|[:/?])*)?"
)
_NOT_IN_IRI: Final = re.compile(rf"[^A-Za-z0-9\-._~!$&'()*+,;=@:/?#%{_BEYOND_ASCII}]|%(?![0-9A-Fa-f]{{2}})")
_LATIN: Final = {
    "æ": "ae", "đ": "d", "ð": "d", "ə": "a", "ħ": "h", "ı": "i", "ĸ": "k", "ł": "l", "ŋ": "n", "ø": "o", "œ": "oe",
    "ß": "ss", "þ": "th", "ŧ": "t", "ɓ": "b", "ɗ": "d", "ƙ": "k", "ƴ": "y",
}  # fmt: skip
_HUMP: Final = re.compile(r"(?<=[a-z])(?=[A-Z])")


def is_iri(value: str) -> bool:
    """Whether ``value`` is an absolute IRI (RFC 3987; IP literals and private-use characters are not taken).

    >>> is_iri("https://example.org/a?b#c"), is_iri("example.org"), is_iri("http://a b/")
    (True, False, False)
    """
    return _IRI.fullmatch(value) is not None


def iri_from_url(url: str) -> str | None:
    """``url`` as an absolute IRI, with what an IRI may not hold percent-encoded; None where that does not help.

    >>> iri_from_url(" https://example.org/a b|c ")
    'https://example.org/a%20b%7Cc'
    """
    encoded = _NOT_IN_IRI.sub(lambda match: quote(match.group(), safe="", errors="replace"), url.strip())
    return encoded if is_iri(encoded) else None


def encode(identifier: str) -> str:
    """An identifier as one segment of an IRI: different identifiers give different segments.

    >>> encode("2025/03 a")
    '2025%2F03%20a'
    """
    return quote(identifier, safe="")


def slug(text: str) -> str:
    """``text`` in lower case and Latin letters without marks, with single hyphens for what is no letter or digit.

    Letters that have no Latin form are percent-encoded, so that different names stay different.

    >>> slug("Recep Tayyip Erdoğan"), slug("O’Brien & Søn"), slug("王毅")
    ('recep-tayyip-erdogan', 'o-brien-son', '%E7%8E%8B%E6%AF%85')
    """
    out: list[str] = []
    after_latin = False
    for char in unicodedata.normalize("NFC", text):
        base = unicodedata.normalize("NFKD", char)
        latin = "".join(c for c in base.lower() if c.isascii() and c.isalnum()) or _LATIN.get(char.lower(), "")
        category = unicodedata.category(char)[0]
        if latin:
            out.append(latin)
        elif category == "M" and after_latin:
            continue
        elif category in "LMN":
            out.append(quote(char.lower(), safe=""))
        elif out and out[-1] != "-":
            out.append("-")
        after_latin = bool(latin)
    return "".join(out).strip("-") or "".join(f"%{byte:02X}" for byte in text.encode())


def hyphenated(local_name: str) -> str:
    """A class's or concept's local name as part of an IRI.

    >>> hyphenated("ForeignAffairs")
    'foreign-affairs'
    """
    return _HUMP.sub("-", local_name).lower()


def digest(*parts: str) -> str:
    """Twelve hexadecimal digits that stand for ``parts``."""
    return sha256("\x1f".join(parts).encode()).hexdigest()[:12]


@dataclass(frozen=True, slots=True)
class Iris:
    """The IRIs of a build's nodes. Arguments are already slugs or encoded segments, but for ``document``."""

    base: str

    def document(self, identifier: str) -> str:
        """A document, and the named graph of what it says."""
        return f"{self.base}document/{encode(identifier)}"

    def file(self, sha256: str) -> str:
        """A file that a document's text was taken from, by the hash of its bytes."""
        return f"{self.base}file/{sha256}"

    def person(self, name: str) -> str:
        """A person."""
        return f"{self.base}person/{name}"

    def ministry(self, name: str) -> str:
        """A ministry."""
        return f"{self.base}ministry/{name}"

    def organization(self, name: str) -> str:
        """A body that is no ministry, or an outlet."""
        return f"{self.base}organization/{name}"

    def country(self, code: str) -> str:
        """A country, by its ISO code where it has one."""
        return f"{self.base}country/{code.lower()}"

    def place(self, name: str) -> str:
        """A place that is no country."""
        return f"{self.base}place/{name}"

    def event(self, name: str) -> str:
        """An event that meetings are part of."""
        return f"{self.base}event/{name}"

    def post(self, name: str) -> str:
        """A post, whoever holds it."""
        return f"{self.base}post/{name}"

    def tenure(self, person: str, post: str) -> str:
        """One person's holding of one post."""
        return f"{self.base}tenure/{person}-{post}"

    def meeting(self, name: str) -> str:
        """A meeting of any kind."""
        return f"{self.base}meeting/{name}"

    def statement(self, document: str, number: int) -> str:
        """The ``number``-th statement of a document, from 1."""
        return f"{self.base}statement/{encode(document)}-{number}"

    def build(self, name: str) -> str:
        """One build."""
        return f"{self.base}build/{name}"

    def software(self, name: str) -> str:
        """A program or reader in a certain version."""
        return f"{self.base}software/{name}"

    @property
    def entities_graph(self) -> str:
        """The named graph of what follows from several documents."""
        return f"{self.base}graph/entities"

    @property
    def inferred_graph(self) -> str:
        """The named graph of what is concluded from the others."""
        return f"{self.base}graph/inferred"

    @property
    def builds_graph(self) -> str:
        """The named graph of when and with what the store was built."""
        return f"{self.base}graph/builds"

    def kind(self, node: str) -> str:
        """The first part of ``node``, which says what sort of thing it is.

        >>> Iris("https://example.org/").kind("https://example.org/country/au")
        'country'
        """
        return node.removeprefix(self.base).partition("/")[0]

    def local(self, node: str) -> str:
        """The part of ``node`` that tells it from others of its kind, for use within another IRI.

        >>> Iris("https://example.org/").local("https://example.org/person/ararat-mirzoyan")
        'ararat-mirzoyan'
        """
        return node.removeprefix(self.base).partition("/")[2].replace("#", "-")


__all__ = ["Iris", "digest", "encode", "hyphenated", "iri_from_url", "is_iri", "slug"]
