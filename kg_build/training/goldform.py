"""Annotations by words as a gold file: facts by document, in the form that the gold set's scorer takes.

Every post beside a person is one of the person's posts unless it is another form of one; the places that tell of one
encounter are one meeting with all their parties and every status, kind and date that one of them gives.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from kg_build.model import MeetingKind
from kg_build.reader.ministries import portfolio_of
from kg_build.reader.people import clean, tokens
from kg_build.reader.tenures import COUNTERPART, singular, title_words
from kg_build.training.annotations import KINDS, AnnotatedDocument, MeetingMark

_PORTFOLIO_WORDS = {
    "state": "foreign", "defense": "defence", "commerce": "trade", "treasury": "finance", "homeland": "interior",
    "dhs": "interior", "mfa": "foreign", "mfat": "foreign", "hhs": "health",
}  # fmt: skip
_PORTFOLIOS = frozenset([
    "foreign", "defence", "interior", "finance", "economy", "trade", "energy", "justice", "health", "culture",
    "education", "environment", "agriculture", "transport", "other",
])  # fmt: skip
_KIND_NAMES = {kind: name for name, kind in KINDS.items()}
_ISO = re.compile(r"[A-Z]{2}")


def gold_of(document: AnnotatedDocument) -> dict[str, Any]:
    """``document``'s annotations as the content of a gold file."""
    types = {e.key: e.type for e in reversed(document.entities)}
    names = {key: [_flat(s) for s in surfaces] for key, surfaces in document.surfaces.items()}
    persons = [_person(document, key, names[key]) for key in names if types.get(key) == "person"]
    ministries = [_ministry(key) for key in names if types.get(key) == "ministry"]
    known = {p["id"] for p in persons} | {m["id"] for m in ministries}

    def who(key: str) -> str:
        return key if key in known or _ISO.fullmatch(key) else names.get(key, [key])[0]

    return {
        "text": f"{document.id}.txt",
        "published": document.published.isoformat() if document.published else None,
        "persons": persons,
        "ministries": ministries,
        "meetings": [_meeting(document, key, marks, who) for key, marks in _encounters(document).items()],
        "statements": [_statement(document, n, names, known) for n in range(len(document.statements))],
    }


def _flat(words: str) -> str:
    return re.sub(r"\s+", " ", words)


def _person(document: AnnotatedDocument, key: str, surfaces: list[str]) -> dict[str, Any]:
    ordered = sorted({clean(s) for s in surfaces}, key=lambda s: (-len(tokens(s)), -len(s)))
    posts: list[dict[str, Any]] = []
    for mark in sorted(
        (p for p in document.posts if p.person == key), key=lambda p: -len(title_words(p.span.of(document.text)))
    ):
        words = singular(_flat(mark.span.of(document.text)))
        owners = [mark.of, *(_flat(s) for s in document.surfaces.get(mark.of, ()))] if mark.of else None
        if COUNTERPART.search(words):
            others = {singular(_flat(p.span.of(document.text))) for p in document.posts} - {words}
            posts += [{"title": t, "of": owners, "optional": True} for t in sorted(others)]
        elif not any(_same(words, p["title"]) for p in posts if not p.get("optional")):
            posts.append({"title": words, "of": owners, "former": mark.former})
    return {"id": key, "name": ordered[0], "aliases": ordered[1:], "posts": posts}


def _same(a: str, b: str) -> bool:
    x, y = title_words(a), title_words(b)
    return x <= y or 2 * len(x & y) >= 0.6 * (len(x) + len(y))


def _ministry(key: str) -> dict[str, Any]:
    parts = re.fullmatch(r"(?P<iso>[a-z]{2})-(?P<field>[a-z]+)", key)
    if parts is None:
        return {"id": key, "country": None, "portfolio": None, "optional": True}
    field = _PORTFOLIO_WORDS.get(parts["field"], parts["field"])
    if field not in _PORTFOLIOS:
        portfolio = portfolio_of(field)
        field = portfolio.value.lower().replace("affairs", "") if portfolio else "other"
    return {"id": key, "country": {"uk": "GB"}.get(parts["iso"], parts["iso"].upper()), "portfolio": field}


def _encounters(document: AnnotatedDocument) -> dict[str, list[MeetingMark]]:
    found: dict[str, list[MeetingMark]] = {}
    for n, mark in enumerate(document.meetings):
        found.setdefault(mark.same or f"#{n}", []).append(mark)
    return found


def _meeting(
    document: AnnotatedDocument, key: str, marks: list[MeetingMark], who: Callable[[str], str]
) -> dict[str, Any]:
    parties = list(dict.fromkeys(who(p.key) for m in marks for p in m.parties))
    visit = marks[0].kind is MeetingKind.VISIT
    return {
        "id": key,
        "participants": parties,
        "kind": list(dict.fromkeys(_KIND_NAMES[m.kind] for m in marks)),
        "status": list(dict.fromkeys(m.status.value.lower() for m in marks)),
        "date": list(dict.fromkeys(d for m in marks for d in m.dates)) or None,
        "place": list(dict.fromkeys(_flat(m.place_span.of(document.text)) for m in marks if m.place_span)) or None,
        "optional": not parties or (len(parties) < 2 and not visit),
    }


def _statement(document: AnnotatedDocument, n: int, names: dict[str, list[str]], known: set[str]) -> dict[str, Any]:
    mark = document.statements[n]
    speakers: list[str] = []
    for key in mark.speakers:
        speakers += [key] if key in known or _ISO.fullmatch(key) else names.get(key, [key])
    longest = max(mark.content, key=lambda c: c.end - c.start)
    via = [mark.via_name, *(k for k, forms in names.items() if mark.via_name in forms)] if mark.via_name else None
    source = mark.source.of(document.text) if mark.source else "nobody"
    return {
        "id": f"s{n}",
        "speakers": speakers or [source],
        "form": mark.form.value.lower(),
        "anchor": longest.of(document.text),
        "via": via,
        "optional": mark.negated or not mark.speakers,
    }


__all__ = ["gold_of"]
