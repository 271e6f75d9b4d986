"""What tests of the reader share: places in a text, weights by name, small casts, and whether a reading is sound."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

from kg_build.assemble.evidence import check
from kg_build.model import Document, Entity, Meeting, Reading, Span, Tenure
from kg_build.reader import actors
from kg_build.reader.actors import Actor, Cast, Title
from kg_build.reader.casting import Seen
from kg_build.reader.layout import lay_out
from kg_build.reader.tables import tables
from kg_build.reader.tagging import Tagged, Tagging

reported = pytest.mark.xfail(reason="reported to the reader's owner; a mended bug takes its mark away")
"""A test of what ought to be and is not yet."""

MODEL_FILES = (
    "encoder.onnx",
    "statement.onnx",
    "meeting.onnx",
    "tokenizer.json",
    "settings.json",
    "weights.json",
    "calibration.json",
)


def every(text: str, words: str) -> list[Span]:
    """All places of ``words`` in ``text``, not counting those within longer words."""
    left, right = (r"\b" if c.isalnum() else "" for c in (words[0], words[-1]))
    return [Span(m.start(), m.end()) for m in re.finditer(left + re.escape(words) + right, text)]


def at(text: str, words: str, nth: int = 0) -> Span:
    """The place of ``words`` in ``text``: the first, or the one after ``nth`` others."""
    return every(text, words)[nth]


def tags(text: str, label: str, *words: str) -> list[Tagged]:
    """Every place of each of ``words`` with a label."""
    return sorted((Tagged(span, label) for w in words for span in every(text, w)), key=lambda t: t.span)


def weights(names: Sequence[str], **values: float) -> npt.NDArray[np.float64]:
    """A weight for each of ``names``: those of ``values``, the rest 0."""
    assert set(values) <= set(names), set(values) - set(names)
    return np.array([values.get(name, 0.0) for name in names])


def cast_of(
    text: str,
    persons: Iterable[str] = (),
    countries: Iterable[str] = (),
    places: Iterable[str] = (),
    bodies: Iterable[str] = (),
) -> Cast:
    """A cast with everyone and everything wherever these words stand in ``text``."""
    cast = Cast(text, tables())
    longest_first = _apart(text, persons)
    actors.add_persons(cast, [Tagged(s, "person") for s in longest_first], None)
    found = [*tags(text, "country", *countries), *tags(text, "place", *places)]
    actors.add_countries_and_places(cast, found, tuple(tables().matches(text)))
    actors.add_bodies(cast, tags(text, "organization", *bodies))
    return cast


def _apart(text: str, names: Iterable[str]) -> list[Span]:
    """The places of ``names`` without those that lie within a longer name's."""
    kept: list[Span] = []
    for span in sorted((s for n in names for s in every(text, n)), key=lambda s: (s.start - s.end, s.start)):
        if not any(k.meets(span) for k in kept):
            kept.append(span)
    return sorted(kept)


def person(cast: Cast, name: str) -> Actor:
    """The person of this full name."""
    (found,) = [a for a in cast.persons() if a.name == name]
    return found


def entitle(cast: Cast, name: str, words: str, iso: str | None = None, *, former: bool = False) -> None:
    """Give a person a title, as if it stood at the person's first mention."""
    actor = person(cast, name)
    actor.titles.append(Title(words, iso, None, former, actor.mentions[0][0], 1.0))
    actor.iso = actor.iso or iso


def assert_sound(reading: Reading, document: Document) -> None:
    """The reading is what assembly demands, its mentions and stretches have words, and the stretches are in order."""
    check(document, reading)
    text = document.text
    things: list[Entity | Tenure | Meeting] = [*reading.entities, *reading.tenures, *reading.meetings]
    for thing in things:
        assert all(m.span.of(text).strip() for m in thing.mentions), thing
    for s in reading.statements:
        assert all(a.end <= b.start for a, b in pairwise(s.content)), s
        assert all(any(c.holds(q) for c in s.content) for q in s.quotations), s
        assert all(c.of(text).strip() for c in s.content), s


def seen_in(text: str, **more: Any) -> Seen:
    """What a network without a fault sees in ``text``.

    ``persons``, ``countries``, ``places`` and ``posts`` are words, tagged wherever they stand; cues and triggers
    come as they are, and whatever else is given is the document's.
    """
    entities = [Tagged(span, "person") for span in _apart(text, more.pop("persons", ()))]
    for label, words in (("country", more.pop("countries", ())), ("place", more.pop("places", ()))):
        entities += tags(text, label, *words)
    tagging = Tagging(
        entities=tuple(sorted(entities, key=lambda t: t.span)),
        posts=tuple(Tagged(span, "POST") for span in _apart(text, more.pop("posts", ()))),
        cues=tuple(more.pop("cues", ())),
        triggers=tuple(more.pop("triggers", ())),
    )
    return Seen(Document("invented", text, **more), lay_out(text), tuple(tables().matches(text)), tagging)


def missing_model(folder: Path) -> str | None:
    """Why no model can be loaded from ``folder``, or None."""
    missing = [name for name in MODEL_FILES if not (folder / name).is_file()]
    return f"no model in {folder}: {', '.join(missing)} missing" if missing else None
