"""Annotated documents as what the network is trained on: windows of word pieces with their labels."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np

from kg_build.model import Span
from kg_build.reader.labels import ANCHOR_HEADS, ARGUMENT_HEADS, FLAT_HEADS, distance_buckets, sentence_buckets
from kg_build.reader.layout import lay_out
from kg_build.reader.tables import tables
from kg_build.reader.tokens import Floats, Ints, Tokenization, Tokens, windows
from kg_build.training.annotations import AnnotatedDocument

FAR = 600
"""Characters beyond which words said to carry a statement (``via``) are too far from its cue to be learned from."""


@dataclass(frozen=True, slots=True)
class Anchor:
    """A cue or a trigger: its word pieces in the window, the label of every piece for it, and its own classes."""

    head: str
    first: int
    last: int
    labels: Ints
    classes: dict[str, int]


@dataclass(frozen=True, slots=True)
class Example:
    """A window: ``flat`` holds the labels of each piece for each flat head."""

    document: str
    ids: Ints
    features: Floats
    sentences: Ints
    flat: dict[str, Ints]
    anchors: tuple[Anchor, ...] = field(default=())

    def buckets(self, head: str) -> tuple[Ints, Ints]:
        """Distance and sentence buckets of the anchors of ``head``, each A by length."""
        middles = np.array([a.first for a in self.anchors if a.head == head], dtype=np.int64)
        return distance_buckets(middles, len(self.ids)), sentence_buckets(middles, self.sentences)


class _Labelling:
    """Labels over the word pieces of one text."""

    def __init__(self, tokens: Tokens) -> None:
        self.tokens = tokens

    def row(self, spans: Iterable[tuple[Span, str]], labels: Sequence[str]) -> Ints:
        """BIO labels of ``spans`` with their types; where two meet, the longer one stays."""
        row = np.zeros(len(self.tokens), dtype=np.int64)
        for span, name in sorted(spans, key=lambda s: (s[0].start - s[0].end, s[0].start)):
            pieces = self.tokens.covering(span)
            if pieces is None or row[pieces[0] : pieces[1] + 1].any():
                continue
            row[pieces[0] : pieces[1] + 1] = labels.index(f"I-{name}")
            row[pieces[0]] = labels.index(f"B-{name}")
        return row


def _flat(document: AnnotatedDocument, labelling: _Labelling) -> dict[str, Ints]:
    spans: dict[str, list[tuple[Span, str]]] = {
        "entity": [(e.span, e.type) for e in document.entities],
        "post": [(p.span, "POST") for p in document.posts],
        "cue": [(s.cue, "CUE") for s in document.statements if s.cue],
        "trigger": [(m.trigger, "TRIGGER") for m in document.meetings],
        "loose": [(c, "CONTENT") for s in document.statements if s.cue is None for c in s.content],
    }
    return {head: labelling.row(spans[head], labels) for head, labels in FLAT_HEADS.items()}


def _statement_anchors(document: AnnotatedDocument, labelling: _Labelling) -> Iterable[Anchor]:
    for cue in dict.fromkeys(s.cue for s in document.statements if s.cue):
        same = [s for s in document.statements if s.cue == cue]
        spans: list[tuple[Span, str]] = []
        for s in same:
            spans += [(c, "CONTENT") for c in s.content]
            spans += [(s.source, "SOURCE")] if s.source else []
            spans += [(s.via, "VIA")] if s.via and abs(s.via.start - cue.start) < FAR else []
        pieces = labelling.tokens.covering(cue)
        if pieces:
            row = labelling.row(spans, ARGUMENT_HEADS["statement"])
            yield Anchor("statement", *pieces, row, {"negated": int(any(s.negated for s in same))})


def _meeting_anchors(document: AnnotatedDocument, labelling: _Labelling) -> Iterable[Anchor]:
    kinds, statuses = ANCHOR_HEADS["kind"], ANCHOR_HEADS["status"]
    for trigger in dict.fromkeys(m.trigger for m in document.meetings):
        same = [m for m in document.meetings if m.trigger == trigger]
        spans: list[tuple[Span, str]] = []
        for m in same:
            spans += [(p.span, "PARTY") for p in m.parties if p.span]
            for part, name in ((m.date_span, "DATE"), (m.place_span, "PLACE"), (m.event_span, "EVENT")):
                spans += [(part, name)] if part else []
        pieces = labelling.tokens.covering(trigger)
        if pieces:
            row = labelling.row(dict.fromkeys(spans), ARGUMENT_HEADS["meeting"])
            classes = {"kind": kinds.index(same[0].kind.value), "status": statuses.index(same[0].status.value)}
            yield Anchor("meeting", *pieces, row, classes)


def examples(document: AnnotatedDocument, tokenization: Tokenization, size: int, overlap: int) -> list[Example]:
    """The windows of ``document`` with their labels; an anchor belongs to the window that owns its first piece."""
    layout = lay_out(document.text)
    tokens = tokenization.tokens(document.text, layout, tuple(tables().matches(document.text)))
    labelling = _Labelling(tokens)
    flat = _flat(document, labelling)
    anchors = [*_statement_anchors(document, labelling), *_meeting_anchors(document, labelling)]
    found = []
    for w in windows(tokens, size, overlap):
        own = [
            Anchor(a.head, a.first - w.start, min(a.last, w.end - 1) - w.start, a.labels[w.start : w.end], a.classes)
            for a in anchors
            if w.core_start <= a.first < w.core_end
        ]
        found.append(
            Example(
                document=document.id,
                ids=tokens.ids[w.start : w.end],
                features=tokens.features[w.start : w.end],
                sentences=tokens.sentences[w.start : w.end],
                flat={head: row[w.start : w.end] for head, row in flat.items()},
                anchors=tuple(own),
            )
        )
    return found


__all__ = ["Anchor", "Example", "examples"]
