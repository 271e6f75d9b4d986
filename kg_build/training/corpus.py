"""The training corpus: articles written for the project, whole, and public-domain releases by reference.

An article stands in ``data/articles-*.jsonl`` with its text and its annotations by words (see ``annotations``). A
release stands in ``data/releases.jsonl`` by its url and the SHA-256 of its text, with its annotations as offsets; its
text comes from a file of releases (JSON lines with ``id`` and ``text``) that whoever trains has collected.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final

from kg_build.errors import InputError
from kg_build.model import Form, MeetingKind, Span, Status
from kg_build.training.annotations import (
    AnnotatedDocument,
    EntityMark,
    MeetingMark,
    PartyMark,
    PostMark,
    StatementMark,
    resolve,
)

DATA: Final = Path(__file__).resolve().parent / "data"


@dataclass(frozen=True, slots=True)
class Corpus:
    """Annotated documents, and the ids of the releases whose text was not at hand or was another one."""

    documents: tuple[AnnotatedDocument, ...]
    missing: tuple[str, ...]


def sha256_of(text: str) -> str:
    """The hash by which a release's text is known."""
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def load(folder: Path = DATA, releases: Path | None = None) -> Corpus:
    """The corpus in ``folder``; ``releases`` is a file of texts, without which the articles alone are used.

    Raises InputError where a line is no annotation or quotes words that its text does not have.
    """
    documents = []
    for file in sorted(folder.glob("articles-*.jsonl")):
        for n, record in enumerate(_records(file), 1):
            try:
                documents.append(resolve(record))
            except KeyError as error:
                raise InputError(
                    f"annotation without {error}", where=f"{file}:{n}", hint="see kg_build/training/README.md"
                ) from error
    texts: dict[str, str] = {}
    if releases is not None:
        texts = {r["id"]: r["text"] for r in _records(releases)}
    missing = []
    reference = folder / "releases.jsonl"
    for record in _records(reference) if reference.exists() else ():
        text = texts.get(record["id"])
        if text is None or sha256_of(text) != record["sha256"]:
            missing.append(record["id"])
        else:
            documents.append(_resolved(record, text))
    return Corpus(tuple(documents), tuple(missing))


def _records(file: Path) -> Iterable[dict[str, Any]]:
    with file.open(encoding="utf-8") as lines:
        for n, line in enumerate(lines, 1):
            if line.strip():
                try:
                    yield json.loads(line)
                except json.JSONDecodeError as error:
                    raise InputError(
                        f"not JSON ({error.msg})", where=f"{file}:{n}", hint="one JSON object a line"
                    ) from error


def reference(document: AnnotatedDocument) -> dict[str, Any]:
    """``document`` as ``releases.jsonl`` has it: without its text, its annotations as offsets."""

    def span(s: Span | None) -> list[int] | None:
        return [s.start, s.end] if s else None

    return {
        "id": document.id,
        "title": document.title,
        "published": document.published.isoformat() if document.published else None,
        "publisher": document.publisher,
        "url": document.url,
        "sha256": sha256_of(document.text),
        "entities": [[*_ends(e.span), e.type, e.key] for e in document.entities],
        "posts": [[*_ends(p.span), p.person, p.of, p.former] for p in document.posts],
        "statements": [
            {
                "content": [span(c) for c in s.content],
                "cue": span(s.cue),
                "source": span(s.source),
                "via": span(s.via),
                "speakers": list(s.speakers),
                "form": s.form.value,
                "via_name": s.via_name,
                "addressee": s.addressee,
                "negated": s.negated,
            }
            for s in document.statements
        ],
        "meetings": [
            {
                "trigger": span(m.trigger),
                "kind": m.kind.value,
                "status": m.status.value,
                "parties": [[*(_ends(p.span) if p.span else (None, None)), p.key] for p in m.parties],
                "dates": list(m.dates),
                "date_span": span(m.date_span),
                "place_span": span(m.place_span),
                "event_span": span(m.event_span),
                "same": m.same,
            }
            for m in document.meetings
        ],
    }


def _ends(span: Span) -> tuple[int, int]:
    return span.start, span.end


def _span(ends: list[int] | None) -> Span | None:
    return Span(*ends) if ends else None


def _resolved(record: dict[str, Any], text: str) -> AnnotatedDocument:
    entities = tuple(EntityMark(Span(b, e), kind, key) for b, e, kind, key in record["entities"])
    surfaces: dict[str, tuple[str, ...]] = {}
    for mark in entities:
        words = mark.span.of(text)
        if words not in surfaces.get(mark.key, ()):
            surfaces[mark.key] = (*surfaces.get(mark.key, ()), words)
    return AnnotatedDocument(
        id=record["id"],
        text=text,
        title=record["title"],
        published=date.fromisoformat(record["published"]) if record["published"] else None,
        publisher=record["publisher"],
        url=record["url"],
        entities=entities,
        posts=tuple(PostMark(Span(b, e), person, of, former) for b, e, person, of, former in record["posts"]),
        statements=tuple(
            StatementMark(
                content=tuple(Span(*c) for c in s["content"]),
                cue=_span(s["cue"]),
                source=_span(s["source"]),
                via=_span(s["via"]),
                speakers=tuple(s["speakers"]),
                form=Form(s["form"]),
                via_name=s["via_name"],
                addressee=s["addressee"],
                negated=s["negated"],
            )
            for s in record["statements"]
        ),
        meetings=tuple(
            MeetingMark(
                trigger=Span(*m["trigger"]),
                kind=MeetingKind(m["kind"]),
                status=Status(m["status"]),
                parties=tuple(PartyMark(Span(b, e) if b is not None else None, key) for b, e, key in m["parties"]),
                dates=tuple(m["dates"]),
                date_span=_span(m["date_span"]),
                place_span=_span(m["place_span"]),
                event_span=_span(m["event_span"]),
                same=m["same"],
            )
            for m in record["meetings"]
        ),
        surfaces=surfaces,
    )


__all__ = ["DATA", "Corpus", "load", "reference", "sha256_of"]
