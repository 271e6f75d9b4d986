"""Documents with their names swapped: the annotations still cover what they covered."""

from __future__ import annotations

import random
import re
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg_build.reader.tables import tables
from kg_build.training import corpus
from kg_build.training.annotations import AnnotatedDocument
from kg_build.training.augment import augmented
from tests.support.annotated import documents, words

seeds = st.integers(0, 10_000)
some_document = st.sampled_from(documents())
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def swapped(document: AnnotatedDocument, seed: int, share: float = 0.7) -> AnnotatedDocument:
    return augmented(document, tables(), random.Random(seed), share)  # noqa: S311 - a repeatable choice, and no secret


def outline(document: AnnotatedDocument) -> list[object]:
    """All that an annotation says apart from its offsets."""
    return [
        [(e.type, e.key) for e in document.entities],
        [(p.person, p.of, p.former) for p in document.posts],
        [(s.speakers, s.form, s.negated, len(s.content), s.cue is None) for s in document.statements],
        [(m.kind, m.status, m.same, [p.key for p in m.parties]) for m in document.meetings],
    ]


@given(some_document, seeds)
def test_what_is_annotated_stays(document: AnnotatedDocument, seed: int) -> None:
    assert outline(swapped(document, seed)) == outline(document)


@given(some_document, seeds)
def test_words_that_are_no_names_stay_as_they_were(document: AnnotatedDocument, seed: int) -> None:
    before, after = words(document), words(swapped(document, seed))
    assert after["cues"] == before["cues"]
    assert after["triggers"] == before["triggers"]
    assert [len(w) for w in after.values()] == [len(w) for w in before.values()]


@given(some_document, seeds)
def test_entities_cover_whole_words_apart_and_in_order(document: AnnotatedDocument, seed: int) -> None:
    new = swapped(document, seed)
    assert all(a.span.end <= b.span.start for a, b in pairwise(new.entities))
    for mark in new.entities:
        before, surface, after = new.text[: mark.span.start], mark.span.of(new.text), new.text[mark.span.end :]
        assert surface == surface.strip()
        assert surface[0].isalpha()
        assert not before[-1:].isalnum()
        assert not after[:1].isalnum()


@given(some_document, seeds)
def test_what_lies_within_another_annotation_still_does(document: AnnotatedDocument, seed: int) -> None:
    new = swapped(document, seed)
    for old_mark, new_mark in zip(document.statements, new.statements, strict=True):
        for old_span, new_span in zip(old_mark.content, new_mark.content, strict=True):
            inside = [e.key for e in document.entities if old_span.holds(e.span)]
            assert [e.key for e in new.entities if new_span.holds(e.span)] == inside


@given(some_document, seeds)
def test_all_names_of_a_person_become_those_of_one(document: AnnotatedDocument, seed: int) -> None:
    new = swapped(document, seed)
    for key in {e.key for e in document.entities if e.type == "person"}:
        surnames = {e.span.of(new.text).split()[-1] for e in new.entities if e.key == key}
        assert len(surnames) == 1


def weekdays(document: AnnotatedDocument) -> list[int]:
    """The weekdays that a text names, but for people who are called Sunday or Friday."""
    persons = [e.span for e in document.entities if e.type == "person"]
    found = re.finditer("|".join(WEEKDAYS), document.text)
    return [WEEKDAYS.index(m.group()) for m in found if not any(p.start <= m.start() < p.end for p in persons)]


@given(some_document, seeds)
def test_weekdays_keep_their_distance(document: AnnotatedDocument, seed: int) -> None:
    old, new = weekdays(document), weekdays(swapped(document, seed))
    assert len({(b - a) % 7 for a, b in zip(old, new, strict=True)}) == 1


@given(some_document, seeds)
def test_the_same_seed_gives_the_same_document(document: AnnotatedDocument, seed: int) -> None:
    assert swapped(document, seed) == swapped(document, seed)


def test_persons_and_countries_do_change() -> None:
    new = [swapped(documents()[0], seed, share=1.0) for seed in range(20)]
    assert all("Petra Kolar" not in d.text for d in new)
    assert any("Slovenia" not in d.text for d in new)
    assert len({d.text for d in new}) == 20


class _OneCountry(random.Random):
    """Chooses one country wherever there is a choice of countries."""

    def choice(self, seq: Any) -> Any:
        return "US" if "US" in seq else super().choice(seq)


def test_a_capital_brings_no_comma_of_its_own() -> None:
    new = [augmented(documents()[0], tables(), _OneCountry(seed)).text for seed in range(20)]
    assert any("WASHINGTON —" in text for text in new)
    assert any("in Washington on " in text for text in new)
    assert not any("D.C." in text for text in new)


def test_without_a_share_no_person_changes() -> None:
    assert "Petra Kolar" in swapped(documents()[0], 3, share=-1).text


@pytest.mark.parametrize("document", corpus.load().documents[::23], ids=lambda d: d.id)
def test_articles_of_the_corpus_keep_what_they_say(document: AnnotatedDocument) -> None:
    new = swapped(document, 1)
    assert outline(new) == outline(document)
    assert words(new)["triggers"] == words(document)["triggers"]
    assert all(a.span.end <= b.span.start for a, b in pairwise(new.entities))
