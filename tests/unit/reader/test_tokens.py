"""Word pieces with their offsets and features, and the windows of a text."""

from __future__ import annotations

import string
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg_build.model import Span
from kg_build.reader.layout import lay_out
from kg_build.reader.tables import tables
from kg_build.reader.tokens import Feature, Tokenization, Tokens, windows
from tests.support.reading import at
from tests.support.word_pieces import tokenization as make_tokenization

F = Feature
WORDS = ("the", "minister", "met", "in", "and", "said", "norway", "president", "harbour", "old")
TEXT = """Old Harbour Reopens

The foreign minister of Norway met President Kolar in Ljubljana on Monday. NATO sent 3 McArthur ships.

“The harbour is old,” Reuters quoted the Danish envoy as telling the UN, “and in March we may sail to the quay again.”
"""


@pytest.fixture(scope="module")
def tokenization(tmp_path_factory: pytest.TempPathFactory) -> Tokenization:
    """Some words are pieces, all others are in pieces of a character each."""
    return make_tokenization(tmp_path_factory.mktemp("tokenizer"), WORDS)


@pytest.fixture(scope="module")
def read(tokenization: Tokenization) -> Tokens:
    """The word pieces of the text above."""
    return tokens_of(tokenization, TEXT)


def tokens_of(tokenization: Tokenization, text: str) -> Tokens:
    return tokenization.tokens(text, lay_out(text), tuple(tables().matches(text)))


def features(tokens: Tokens, span: Span) -> list[set[Feature]]:
    """What is known of each piece of the words in ``span``."""
    found = tokens.covering(span)
    assert found is not None
    return [{f for f in Feature if tokens.features[i, f]} for i in range(found[0], found[1] + 1)]


class TestPieces:
    def test_a_word_of_the_vocabulary_is_one_and_others_are_more(self, read: Tokens) -> None:
        first, last = read.covering(at(TEXT, "minister")) or (0, -1)
        assert (first, last) == (last, first)
        first, last = read.covering(at(TEXT, "Kolar")) or (0, -1)
        assert last - first + 1 == len("Kolar")

    def test_offsets_are_those_of_the_text(self, read: Tokens) -> None:
        assert "".join(TEXT[b:e] for b, e in zip(read.starts, read.ends, strict=True)) == "".join(TEXT.split())

    def test_sentences_and_paragraphs_are_those_of_the_layout(self, read: Tokens) -> None:
        layout = lay_out(TEXT)
        for start, sentence, paragraph in zip(read.starts, read.sentences, read.paragraphs, strict=True):
            assert layout.sentences[sentence].start <= start < layout.sentences[sentence].end
            assert layout.paragraphs[paragraph].start <= start < layout.paragraphs[paragraph].end

    def test_a_span_grows_to_whole_words(self, read: Tokens) -> None:
        first, last = read.covering(at(TEXT, "Ljubljana")) or (0, -1)
        assert read.span(first + 2, last - 2) == at(TEXT, "Ljubljana")

    def test_a_span_between_pieces_covers_none(self, read: Tokens) -> None:
        gap = TEXT.index("\n\n")
        assert read.covering(Span(gap, gap + 2)) is None

    @pytest.mark.parametrize("text", ["", " \n\n ", "\u200b"])
    def test_a_text_without_words_has_none(self, tokenization: Tokenization, text: str) -> None:
        empty = tokens_of(tokenization, text)
        assert len(empty) == 0
        assert empty.features.shape == (0, len(Feature))
        assert windows(empty, 10, 2) == []

    @given(st.text(st.sampled_from(string.ascii_letters + string.digits + " .,-“”’'\n\u00a0éŞ漢\u0301"), max_size=120))
    def test_whatever_the_text_pieces_lie_in_it_in_order_and_cover_its_letters(
        self, tokenization: Tokenization, text: str
    ) -> None:
        tokens = tokens_of(tokenization, text)
        ends = list(zip(tokens.starts.tolist(), tokens.ends.tolist(), strict=True))
        assert all(0 <= b < e <= len(text) for b, e in ends)
        assert all(a <= b for (a, _), (b, _) in pairwise(ends))
        covered = {i for b, e in ends for i in range(b, e)}
        assert {i for i, c in enumerate(text) if c in string.ascii_letters + string.digits} <= covered

    @given(st.data())
    def test_the_pieces_of_a_span_span_it(self, read: Tokens, data: st.DataObject) -> None:
        start = data.draw(st.integers(0, len(TEXT) - 2))
        span = Span(start, data.draw(st.integers(start + 1, len(TEXT))))
        found = read.covering(span)
        if found is None:
            assert not span.of(TEXT).strip()
        else:
            whole = read.span(*found)
            assert whole.meets(span)
            assert span.of(TEXT).strip() in whole.of(TEXT)


class TestFeatures:
    @pytest.mark.parametrize(
        ("words", "known"),
        [
            ("Monday", {F.CAPITALIZED, F.TIME_WORD}),
            ("President", {F.CAPITALIZED, F.TITLE_WORD}),
            ("minister", {F.TITLE_WORD}),
            ("NATO", {F.CAPITALS, F.BODY, F.STARTS_SENTENCE}),
            ("3", {F.DIGITS}),
            ("McArthur", {F.CAPITALIZED, F.MIXED_CASE}),
            ("Norway", {F.CAPITALIZED, F.COUNTRY_NAME}),
            ("Ljubljana", {F.CAPITALIZED, F.CAPITAL_OR_METONYM}),
            ("ships", set()),
            ("Reuters", {F.CAPITALIZED, F.OUTLET}),
            ("Danish", {F.CAPITALIZED, F.DEMONYM}),
            ("March", {F.CAPITALIZED, F.TIME_WORD, F.IN_QUOTATION}),
            ("may", {F.IN_QUOTATION}),
            ("telling", set()),
        ],
    )
    def test_what_is_known_of_a_word(self, read: Tokens, words: str, known: set[Feature]) -> None:
        first, *rest = features(read, at(TEXT, words))
        assert first == known
        assert all(f - {F.CONTINUES_WORD} == known - {F.STARTS_SENTENCE} for f in rest)

    def test_pieces_after_the_first_continue_the_word(self, read: Tokens) -> None:
        first, *rest = features(read, at(TEXT, "telling"))
        assert F.CONTINUES_WORD not in first
        assert all(F.CONTINUES_WORD in f for f in rest)

    def test_a_hyphen_and_what_follows_it_are_words_of_their_own(self, tokenization: Tokenization) -> None:
        text = "the old-harbour"
        hyphen, harbour = features(tokens_of(tokenization, text), Span(7, len(text)))
        assert hyphen == {F.PUNCTUATION, F.IN_SHORT_PARAGRAPH}
        assert F.CONTINUES_WORD not in harbour

    def test_where_lines_paragraphs_and_sentences_start(self, read: Tokens) -> None:
        title, body = features(read, at(TEXT, "Old"))[0], features(read, at(TEXT, "The foreign"))[0]
        starts = {F.STARTS_LINE, F.STARTS_PARAGRAPH, F.STARTS_SENTENCE}
        assert title == {*starts, F.CAPITALIZED, F.IN_SHORT_PARAGRAPH}
        assert body == {*starts, F.CAPITALIZED}
        assert read.features[:, F.STARTS_PARAGRAPH].sum() == 3

    @pytest.mark.parametrize(
        ("word", "is_time"), [("may", False), ("May", True), ("march", False), ("Mar", True), ("week", True)]
    )
    def test_months_and_days_that_are_words_too_need_their_capital(
        self, tokenization: Tokenization, word: str, is_time: bool
    ) -> None:
        (found, *_) = features(tokens_of(tokenization, f"they {word}"), Span(5, 5 + len(word)))
        assert (F.TIME_WORD in found) == is_time

    @pytest.mark.parametrize("word", ["ministers", "Spokeswoman", "ADVISER", "defense", "attaches"])
    def test_words_of_titles_in_any_case_and_number(self, tokenization: Tokenization, word: str) -> None:
        assert all(F.TITLE_WORD in f for f in features(tokens_of(tokenization, word), Span(0, len(word))))


class TestWindows:
    @staticmethod
    def tokens(sentences: list[int]) -> Tokens:
        """As many pieces as ``sentences`` add up to, in sentences of these lengths."""
        numbers = np.repeat(np.arange(len(sentences)), sentences)
        places = np.arange(len(numbers))
        none = np.zeros((len(numbers), len(Feature)), dtype=np.float32)
        return Tokens(places, places * 2, places * 2 + 1, none, numbers, numbers * 0)

    @given(st.lists(st.integers(1, 40), max_size=40), st.integers(12, 60), st.floats(0.0, 0.45))
    def test_cover_the_text_and_own_each_piece_once(self, sentences: list[int], size: int, share: float) -> None:
        tokens = self.tokens(sentences)
        found = windows(tokens, size, int(size * share))
        assert all(0 < w.end - w.start <= size for w in found)
        assert all(w.start <= w.core_start < w.core_end <= w.end for w in found)
        assert [k for w in found for k in range(w.core_start, w.core_end)] == list(range(len(tokens)))

    def test_a_short_text_is_one(self) -> None:
        (one,) = windows(self.tokens([5, 5]), 10, 4)
        assert (one.start, one.end, one.core_start, one.core_end) == (0, 10, 0, 10)

    def test_begin_with_a_sentence_where_one_is_near(self) -> None:
        found = windows(self.tokens([8] * 30), 50, 20)
        assert all(w.start % 8 == 0 for w in found)

    def test_a_sentence_without_end_is_cut(self) -> None:
        found = windows(self.tokens([200]), 50, 20)
        assert all(a.end - b.start == 20 for a, b in pairwise(found))
