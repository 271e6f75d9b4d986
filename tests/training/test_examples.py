"""Windows of word pieces with their labels: what annotations said can be read back from them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest

from kg_build.model import Span
from kg_build.reader.decode import pieces
from kg_build.reader.labels import ANCHOR_HEADS, ARGUMENT_HEADS, DISTANCE_BUCKETS, FLAT_HEADS, SENTENCE_BUCKETS
from kg_build.reader.layout import lay_out
from kg_build.reader.tokens import Ints, Tokenization, Tokens
from kg_build.training.annotations import AnnotatedDocument
from kg_build.training.examples import Anchor, Example, examples
from tests.support.annotated import documents
from tests.support.word_pieces import tokenization as make_tokenization

WHOLE, HALF = 100_000, 128


@pytest.fixture(scope="module")
def tokenization(tmp_path_factory: pytest.TempPathFactory) -> Tokenization:
    """Every word is in pieces of a character each, but for a few."""
    return make_tokenization(tmp_path_factory.mktemp("tokenizer"), ["met", "the", "said", "minister"])


def tokens_of(document: AnnotatedDocument, tokenization: Tokenization) -> Tokens:
    return tokenization.tokens(document.text, lay_out(document.text), ())


def read_back(row: Ints, labels: Sequence[str], tokens: Tokens) -> list[tuple[Span, str]]:
    """The spans and types that the labels of a whole text stand for."""
    scores = np.zeros((len(row), len(labels)), dtype=np.float32)
    return [(tokens.span(p.first, p.last), p.label) for p in pieces(row, scores, labels)]


def whole(document: AnnotatedDocument, tokenization: Tokenization) -> Example:
    (one,) = examples(document, tokenization, WHOLE, 0)
    return one


@pytest.mark.parametrize("document", documents(), ids=lambda d: d.id)
class TestLabels:
    def test_of_entities_cues_and_triggers_are_the_annotations(
        self, document: AnnotatedDocument, tokenization: Tokenization
    ) -> None:
        tokens = tokens_of(document, tokenization)
        flat = whole(document, tokenization).flat
        back = {head: read_back(flat[head], labels, tokens) for head, labels in FLAT_HEADS.items()}
        assert back["entity"] == [(e.span, e.type) for e in document.entities]
        assert back["post"] == sorted({(p.span, "POST") for p in document.posts})
        assert back["cue"] == sorted({(s.cue, "CUE") for s in document.statements if s.cue})
        assert back["trigger"] == sorted({(m.trigger, "TRIGGER") for m in document.meetings})
        assert back["loose"] == [(c, "CONTENT") for s in document.statements if not s.cue for c in s.content]

    def test_of_arguments_are_the_annotations_of_their_anchor(
        self, document: AnnotatedDocument, tokenization: Tokenization
    ) -> None:
        tokens = tokens_of(document, tokenization)
        found = {
            (tokens.span(a.first, a.last), *read_back(a.labels, ARGUMENT_HEADS[a.head], tokens))
            for a in whole(document, tokenization).anchors
        }
        wanted: set[tuple[object, ...]] = set()
        for s in document.statements:
            if s.cue:
                parts = [*((c, "CONTENT") for c in s.content), (s.source, "SOURCE"), (s.via, "VIA")]
                wanted.add((s.cue, *apart(parts)))
        for m in document.meetings:
            parts = [*((p.span, "PARTY") for p in m.parties), (m.date_span, "DATE"), (m.place_span, "PLACE")]
            wanted.add((m.trigger, *apart(parts)))
        assert found == wanted

    def test_of_anchors_are_their_classes(self, document: AnnotatedDocument, tokenization: Tokenization) -> None:
        tokens = tokens_of(document, tokenization)
        of = {tokens.span(a.first, a.last): a.classes for a in whole(document, tokenization).anchors}
        for m in document.meetings:
            assert ANCHOR_HEADS["kind"][of[m.trigger]["kind"]] == m.kind.value
            assert ANCHOR_HEADS["status"][of[m.trigger]["status"]] == m.status.value
        for s in document.statements:
            if s.cue:
                assert of[s.cue] == {"negated": int(s.negated)}

    def test_of_windows_are_those_of_the_whole(self, document: AnnotatedDocument, tokenization: Tokenization) -> None:
        one, several = whole(document, tokenization), examples(document, tokenization, 300, HALF)
        assert len(several) > 1
        at = 0
        for example in several:
            size = len(example.ids)
            assert 0 < size <= 300
            at = next(k for k in range(at, len(one.ids)) if np.array_equal(one.ids[k : k + size], example.ids))
            assert np.array_equal(example.features, one.features[at : at + size])
            assert all(np.array_equal(row, one.flat[head][at : at + size]) for head, row in example.flat.items())

    def test_every_anchor_is_in_one_window(self, document: AnnotatedDocument, tokenization: Tokenization) -> None:
        several = examples(document, tokenization, 300, HALF)

        def outline(anchor: Anchor, example: Example) -> tuple[object, ...]:
            return anchor.head, tuple(example.ids[anchor.first : anchor.last + 1]), tuple(anchor.classes.items())

        found = sorted(outline(a, e) for e in several for a in e.anchors)
        one = whole(document, tokenization)
        assert found == sorted(outline(a, one) for a in one.anchors)
        assert all(0 <= a.first <= a.last < len(e.ids) == len(a.labels) for e in several for a in e.anchors)

    def test_buckets_are_those_of_each_anchor_and_piece(
        self, document: AnnotatedDocument, tokenization: Tokenization
    ) -> None:
        one = whole(document, tokenization)
        for head in ARGUMENT_HEADS:
            count = sum(a.head == head for a in one.anchors)
            distance, sentence = one.buckets(head)
            assert distance.shape == sentence.shape == (count, len(one.ids))
            assert 0 <= distance.min() <= distance.max() < DISTANCE_BUCKETS
            assert 0 <= sentence.min() <= sentence.max() < SENTENCE_BUCKETS


def apart(parts: Sequence[tuple[Span | None, str]]) -> list[tuple[Span, str]]:
    """The parts that can be labelled: of two that meet, the longer."""
    kept: list[tuple[Span, str]] = []
    for span, label in sorted(((s, n) for s, n in parts if s), key=lambda p: p[0].start - p[0].end):
        if not any(span.meets(k) for k, _ in kept):
            kept.append((span, label))
    return sorted(kept)


def test_where_a_source_lies_within_its_content_the_content_stays(tokenization: Tokenization) -> None:
    document = documents()[0]
    tokens = tokens_of(document, tokenization)
    cue = document.statements[2].cue
    (anchor,) = [a for a in whole(document, tokenization).anchors if tokens.span(a.first, a.last) == cue]
    labels = [label for _, label in read_back(anchor.labels, ARGUMENT_HEADS["statement"], tokens)]
    assert labels == ["CONTENT", "VIA"]


def test_what_carries_a_statement_from_afar_is_not_learned(tokenization: Tokenization) -> None:
    document = documents()[0]
    carried = document.statements[2]
    assert carried.via is not None
    far = " Rain fell." * 80
    at = carried.via.start
    text = f"{document.text[:at]}{far} {document.text[at:]}"
    moved = Span(at + len(far) + 1, carried.via.end + len(far) + 1)
    stretched = replace(
        document, text=text, entities=(), posts=(), meetings=(), statements=(replace(carried, via=moved),)
    )
    (anchor,) = whole(stretched, tokenization).anchors
    labels = read_back(anchor.labels, ARGUMENT_HEADS["statement"], tokens_of(stretched, tokenization))
    assert [label for _, label in labels] == ["CONTENT"]


def test_a_document_without_words_has_no_windows(tokenization: Tokenization) -> None:
    empty = replace(documents()[0], text=" \n ", entities=(), posts=(), meetings=(), statements=())
    assert examples(empty, tokenization, 100, 10) == []
