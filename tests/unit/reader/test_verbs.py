"""Dictionary forms of cues."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg_build.reader.verbs import IRREGULAR, VERBS, lemma


@pytest.mark.parametrize(
    ("cue", "form"),
    [
        ("said", "say"),
        ("says", "say"),
        ("saying", "say"),
        ("Told", "tell"),
        ("denied", "deny"),
        ("denies", "deny"),
        ("vowing", "vow"),
        ("begged", "beg"),
        ("pressed", "press"),
        ("agreed", "agree"),
        ("argued", "argue"),
        ("urging", "urge"),
        ("wrote", "write"),
        ("referring", "refer"),
        ("admitted", "admit"),
        ("hopes", "hope"),
        ("released", "release"),
        ("issuing", "issue"),
        ("paid", "pay"),
        ("called for", "call for"),
        ("according to", "according to"),
        ("According\nto", "according to"),
        ("said,", "say"),
        ("“warned”", "warn"),
    ],
)
def test_lemma(cue: str, form: str) -> None:
    assert lemma(cue) == form


@pytest.mark.parametrize("cue", ["in the words of", "flabbergasted", ":"])
def test_what_is_no_known_verb_stays(cue: str) -> None:
    assert lemma(cue) == cue


@given(st.sampled_from(sorted(VERBS | set(IRREGULAR.values()))))
def test_a_dictionary_form_is_its_own(verb: str) -> None:
    assert lemma(verb) == verb


@given(st.text(max_size=40))
def test_any_words_have_one(words: str) -> None:
    assert lemma(words) == lemma(words).strip()
