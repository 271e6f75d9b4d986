"""Words that stand for somebody without a name."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg_build.reader.phrases import Gender, Phrase, PhraseKind, gender_of_name, take_apart
from kg_build.reader.tables import tables


def apart(words: str) -> Phrase:
    return take_apart(words, tables())


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        ("he", PhraseKind.HE_OR_SHE),
        ("She", PhraseKind.HE_OR_SHE),
        ("his", PhraseKind.HE_OR_SHE),
        ("I", PhraseKind.I),
        ("we", PhraseKind.WE),
        ("our", PhraseKind.WE),
        ("it", PhraseKind.IT),
        ("they", PhraseKind.SEVERAL),
        ("both", PhraseKind.SEVERAL),
        ("the two", PhraseKind.SEVERAL),
        ("the two ministers", PhraseKind.SEVERAL),
        ("both sides", PhraseKind.SEVERAL),
        ("the Danish and Swedish ministers", PhraseKind.SEVERAL),
        ("the presidents of Chad and Niger", PhraseKind.SEVERAL),
        ("the minister", PhraseKind.TITLE),
        ("the Danish minister", PhraseKind.TITLE),
        ("the minister’s", PhraseKind.TITLE),
        ("his Danish counterpart", PhraseKind.TITLE),
        ("the Dane", PhraseKind.TITLE),
        ("the Danish side", PhraseKind.NATION),
        ("the Danish government", PhraseKind.NATION),
        ("the Danish delegation", PhraseKind.NATION),
        ("a Danish official", PhraseKind.INDEFINITE),
        ("two diplomats", PhraseKind.INDEFINITE),
        ("a senior official", PhraseKind.INDEFINITE),
        ("who", PhraseKind.RELATIVE),
        ("the latter", PhraseKind.RELATIVE),
        ("the statement", PhraseKind.DOCUMENT),
        ("a joint statement", PhraseKind.DOCUMENT),
        ("the readout of the call", PhraseKind.DOCUMENT),
        ("the harbour", PhraseKind.OTHER),
        ("the government of Chad", PhraseKind.NATION),
        ("the head of the government of Chad", PhraseKind.TITLE),
    ],
)
def test_kind(words: str, kind: PhraseKind) -> None:
    assert apart(words).kind is kind


@pytest.mark.parametrize(
    ("words", "gender"),
    [
        ("he", Gender.MALE),
        ("her", Gender.FEMALE),
        ("the King", Gender.MALE),
        ("the spokeswoman", Gender.FEMALE),
        ("the spokesman", Gender.MALE),
        ("the first lady", Gender.FEMALE),
        ("Mrs. Eide", Gender.FEMALE),
        ("the minister", None),
        ("they", None),
    ],
)
def test_gender(words: str, gender: Gender | None) -> None:
    assert apart(words).gender is gender


@pytest.mark.parametrize(
    ("words", "count"),
    [
        ("the two ministers", 2),
        ("both", 2),
        ("the trio", 3),
        ("the four leaders", 4),
        ("they", 0),
        ("the ministers", 0),
    ],
)
def test_count(words: str, count: int) -> None:
    assert apart(words).count == count


@pytest.mark.parametrize(
    ("words", "isos"),
    [
        ("the Danish minister", ("DK",)),
        ("the Danish and Swedish ministers", ("DK", "SE")),
        ("the presidents of Chad and Niger", ("TD", "NE")),
        ("the minister", ()),
        ("the UN envoy", ()),
    ],
)
def test_countries_that_it_names(words: str, isos: tuple[str, ...]) -> None:
    assert apart(words).isos == isos


@pytest.mark.parametrize(
    ("words", "countries"),
    [
        ("the two countries", True),
        ("both sides", True),
        ("the two governments", True),
        ("the two ministers", False),
        ("they", False),
    ],
)
def test_whether_countries_are_meant(words: str, countries: bool) -> None:
    assert apart(words).countries is countries


def test_the_words_of_a_title_without_articles_and_possessives() -> None:
    assert apart("his new Danish counterpart’s").title == {"danish", "counterpart"}


def test_a_given_name_may_tell_a_gender() -> None:
    assert gender_of_name(("anna", "eide")) is Gender.FEMALE
    assert gender_of_name(("anna",)) is None
    assert gender_of_name(("lars", "eide")) is Gender.MALE
    assert gender_of_name(("kim", "eide")) is None


@given(st.text(max_size=60))
def test_any_words_can_be_taken_apart(words: str) -> None:
    phrase = apart(words)
    assert phrase.count >= 0
    assert set(phrase.isos) <= set(tables().countries)
