"""Runs the network over a text: the only module that touches onnxruntime.

The encoder reads each window once. Flat heads tag the window; for each cue and trigger that they find, the argument heads
tag it again. Everything is computed window by window, so what a document gives never depends on other documents.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import onnxruntime

from kg_build.errors import UnavailableError
from kg_build.model import MeetingKind, Status
from kg_build.reader.decode import Piece, Scores, best_paths, log_softmax, pieces
from kg_build.reader.labels import ANCHOR_HEADS, ARGUMENT_HEADS, FLAT_HEADS, distance_buckets, sentence_buckets
from kg_build.reader.tagging import CueTag, Tagged, Tagging, TriggerTag
from kg_build.reader.tokens import CLS, SEP, Feature, Ints, Tokens, Window, windows

_SIMPLE = tuple(name for name, labels in FLAT_HEADS.items() if len(labels) == 3)


@dataclass(frozen=True, slots=True)
class NetworkSettings:
    """Sizes of the windows in word pieces, and what is added to the log-odds of finding a cue, a trigger or an entity."""

    window: int = 384
    overlap: int = 128
    lean: tuple[tuple[str, float], ...] = ()

    @classmethod
    def load(cls, file: Path) -> NetworkSettings:
        """Read the settings that training wrote."""
        record = json.loads(file.read_text(encoding="utf-8"))
        return cls(record["window"], record["overlap"], tuple(sorted(record["lean"].items())))


@dataclass(slots=True)
class _Found:
    entities: list[Tagged]
    posts: list[Tagged]
    cues: list[CueTag]
    triggers: list[TriggerTag]
    loose: list[Tagged]


class Network:
    """The exported network in ``folder``. Single-threaded, so that its results are the same everywhere."""

    def __init__(self, folder: Path) -> None:
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        options.inter_op_num_threads = 1
        options.log_severity_level = 3
        self.settings = NetworkSettings.load(folder / "settings.json")
        self._lean = dict(self.settings.lean)

        def session(name: str) -> onnxruntime.InferenceSession:
            file = folder / f"{name}.onnx"
            if not file.exists():
                raise UnavailableError("the reader's model is missing", where=str(file), hint="reinstall communique")
            return onnxruntime.InferenceSession(str(file), options, providers=["CPUExecutionProvider"])

        self._encoder = session("encoder")
        self._heads = {name: session(name) for name in ARGUMENT_HEADS}

    def tag(self, tokens: Tokens) -> Tagging:
        """What the network sees in a text; linear in its length."""
        found = _Found([], [], [], [], [])
        for window in windows(tokens, self.settings.window, self.settings.overlap):
            self._read(tokens, window, found)
        return Tagging(
            tuple(found.entities), tuple(found.posts), tuple(found.cues), tuple(found.triggers), tuple(found.loose)
        )

    def _read(self, tokens: Tokens, window: Window, found: _Found) -> None:
        ids = np.concatenate([[CLS], tokens.ids[window.start : window.end], [SEP]])[None]
        features = np.zeros((1, ids.shape[1], len(Feature)), dtype=np.float32)
        features[0, 1:-1] = tokens.features[window.start : window.end]
        outputs = self._encoder.run(None, {"ids": ids, "features": features})
        vectors = outputs[0][1:-1]
        flat = {name: outputs[1 + i][1:-1] for i, name in enumerate(FLAT_HEADS)}
        keys = {name: outputs[1 + len(FLAT_HEADS) + i][1:-1] for i, name in enumerate(ARGUMENT_HEADS)}
        spans = self._flat_spans(flat)
        owned = {name: [p for p in found_ if self._owns(window, p)] for name, found_ in spans.items()}
        found.entities += self._tagged(tokens, window, owned["entity"])
        found.posts += self._tagged(tokens, window, owned["post"])
        found.loose += self._tagged(tokens, window, owned["loose"])
        sentences = tokens.sentences[window.start : window.end]
        found.cues += self._cues(tokens, window, owned["cue"], vectors, keys["statement"], sentences)
        found.triggers += self._triggers(tokens, window, owned["trigger"], vectors, keys["meeting"], sentences)

    @staticmethod
    def _owns(window: Window, piece: Piece) -> bool:
        return window.core_start <= window.start + piece.first < window.core_end

    def _flat_spans(self, flat: dict[str, Scores]) -> dict[str, list[Piece]]:
        scores = {name: self._leaning(name, log_softmax(values)) for name, values in flat.items()}
        simple = np.stack([scores[name] for name in _SIMPLE])
        paths = dict(zip(_SIMPLE, best_paths(simple), strict=True))
        paths["entity"] = best_paths(scores["entity"][None])[0]
        return {name: pieces(paths[name], scores[name], FLAT_HEADS[name]) for name in FLAT_HEADS}

    def _leaning(self, name: str, values: Scores) -> Scores:
        lean = self._lean.get(name, 0.0)
        if lean:
            values = values.copy()
            values[:, 0] -= lean
        return values

    @staticmethod
    def _tagged(tokens: Tokens, window: Window, found: Iterable[Piece]) -> list[Tagged]:
        return [
            Tagged(tokens.span(window.start + p.first, window.start + p.last), p.label, p.probability) for p in found
        ]

    def _arguments(
        self, head: str, anchors: Sequence[Piece], vectors: Scores, keys: Scores, sentences: Ints
    ) -> tuple[list[list[Piece]], list[Scores]]:
        """The argument spans of each anchor, and the probabilities of the anchors' own classes."""
        firsts = np.array([a.first for a in anchors], dtype=np.int64)
        lasts = np.array([a.last for a in anchors], dtype=np.int64)
        # Sizes of one are not exported: a lone anchor, or a lone word piece, is doubled.
        repeats = 2 if len(anchors) == 1 else 1
        firsts, lasts = np.repeat(firsts, repeats), np.repeat(lasts, repeats)
        outputs = self._heads[head].run(
            None,
            {
                "anchors": (vectors[firsts] + vectors[lasts]) / 2,
                "keys": keys,
                "distance": distance_buckets(firsts, len(keys)),
                "sentence": sentence_buckets(firsts, sentences),
            },
        )
        scores = log_softmax(outputs[0])[: len(anchors)]
        labels = ARGUMENT_HEADS[head]
        found = [pieces(path, row, labels) for path, row in zip(best_paths(scores), scores, strict=True)]
        return found, [np.exp(log_softmax(o))[: len(anchors)] for o in outputs[1:]]

    def _cues(
        self, tokens: Tokens, window: Window, anchors: list[Piece], vectors: Scores, keys: Scores, sentences: Ints
    ) -> list[CueTag]:
        if not anchors:
            return []
        found, (negated,) = self._arguments("statement", anchors, vectors, keys, sentences)
        cues = []
        for i, (anchor, parts) in enumerate(zip(anchors, found, strict=True)):
            of = {
                label: self._tagged(tokens, window, [p for p in parts if p.label == label])
                for label in ("SOURCE", "CONTENT", "VIA")
            }
            cues.append(
                CueTag(
                    span=tokens.span(window.start + anchor.first, window.start + anchor.last),
                    sources=tuple(of["SOURCE"]),
                    contents=tuple(of["CONTENT"]),
                    vias=tuple(of["VIA"]),
                    negated=float(negated[i, 1]),
                    probability=anchor.probability,
                )
            )
        return cues

    def _triggers(
        self, tokens: Tokens, window: Window, anchors: list[Piece], vectors: Scores, keys: Scores, sentences: Ints
    ) -> list[TriggerTag]:
        if not anchors:
            return []
        found, (kinds, statuses) = self._arguments("meeting", anchors, vectors, keys, sentences)
        triggers = []
        for i, (anchor, parts) in enumerate(zip(anchors, found, strict=True)):
            of = {
                label: self._tagged(tokens, window, [p for p in parts if p.label == label])
                for label in ("PARTY", "DATE", "PLACE", "EVENT")
            }
            kind, status = int(kinds[i].argmax()), int(statuses[i].argmax())
            triggers.append(
                TriggerTag(
                    span=tokens.span(window.start + anchor.first, window.start + anchor.last),
                    kind=MeetingKind(ANCHOR_HEADS["kind"][kind]),
                    status=Status(ANCHOR_HEADS["status"][status]),
                    parties=tuple(of["PARTY"]),
                    dates=tuple(of["DATE"]),
                    places=tuple(of["PLACE"]),
                    events=tuple(of["EVENT"]),
                    kind_probability=float(kinds[i, kind]),
                    status_probability=float(statuses[i, status]),
                    probability=anchor.probability,
                )
            )
        return triggers


__all__ = ["Network", "NetworkSettings"]
