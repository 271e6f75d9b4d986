"""Persons of one document: which names are one person's."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg_build.model import Span
from kg_build.reader.people import Person, clean, distance_at_most_one, group, skeleton, tokens
from tests.support.reading import reported

BITS = ("Petra", "Kolarova", "Lars", "Eide", "al-Haddad", "Omar", "van", "Meer", "J.", "Kolorova", "Ana", "Eides")
names = st.lists(st.sampled_from(BITS), min_size=1, max_size=3).map(" ".join)
words = st.text("abcd", max_size=6)


def persons(*found: str) -> list[Person]:
    """The persons of a text that is nothing but these names."""
    text, spans = "", []
    for name in found:
        spans.append((Span(len(text), len(text) + len(name)), 1.0))
        text += f"{name}; "
    return group(spans, text)


def forms(*found: str) -> list[list[str]]:
    return [sorted(p.forms) for p in persons(*found)]


class TestGrouping:
    @pytest.mark.parametrize(
        "one",
        [
            ("Petra Kolarova", "Kolarova"),
            ("Kolarova", "Petra Kolarova"),
            ("Petra Kolarova", "Ms. Kolarova", "KOLAROVA"),
            ("Petra Kolarova", "PETRA KOLAROVA"),
            ("Petra Kolarova", "Petra\nKolarova"),
            ("Petra Kolarova", "Kolarova’s"),
            ("Ana Sofia Duarte Lima", "Duarte Lima", "Lima", "Ana Duarte"),
            ("Wang Zhenli", "Wang", "Zhenli Wang"),
            ("Xi", "Xi Jianhua"),
            ("Jean-Luc Ferrand", "Jean Luc Ferrand", "Ferrand"),
            ("John Marsh", "J. Marsh", "John R. Marsh"),
            ("李强", "李强"),
            ("Nino Zubaraxvili", "Nino Zoubarakshvili", "Zubarakshvilli"),
            ("Nino Karabekhchyan", "Nino Qarabehchian"),
            ("Tariq al-Zaydani", "al-Zaidani", "Zaydani"),
        ],
    )
    def test_forms_of_one_name(self, one: tuple[str, ...]) -> None:
        assert len(persons(*one)) == 1

    @pytest.mark.parametrize(
        "two",
        [
            ("Petra Kolarova", "Lars Eide"),
            ("Anna Moreau", "Anne Moreau"),
            ("Tomasz Wierzbicki", "Ewa Wierzbicka"),
            ("Hina Rahimi", "Bilal Rahimi"),
            ("Maria Silva", "Maria Santos"),
            ("Berg", "Lind"),
            ("Kim", "Lim"),
            ("Tariq al-Zaydani", "al-Sabahi"),
            ("Nino Zubaraxvili", "Nino Zebarashvilas"),
            pytest.param(("Christian Lindberg", "Christina Lindberg"), marks=reported),
        ],
    )
    def test_different_persons(self, two: tuple[str, str]) -> None:
        assert len(persons(*two)) == 2

    @pytest.mark.parametrize(
        ("full", "short"),
        [
            ("Omar al-Haddad", "al-Haddad"),
            ("Omar al-Haddad", "Al Haddad"),
            ("Omar al-Haddad", "Haddad"),
            ("Ludwig van der Meer", "van der Meer"),
            ("Khalid bin Faisal Al Murri", "Al Murri"),
        ],
    )
    def test_particles(self, full: str, short: str) -> None:
        assert len(persons(full, short)) == 1

    @pytest.mark.parametrize(
        ("one", "other"),
        [
            ("Khalil Ghasemi", "Qasemi"),
            ("Oleksiy Zelenchuk", "Oleksii Zelenchuk"),
            ("Erdoğan Şahinler", "Erdogan Sahinler"),
            ("Yusuf Çakıroğlu", "Cakiroglu"),
        ],
    )
    def test_spellings_of_other_scripts(self, one: str, other: str) -> None:
        assert len(persons(one, other)) == 1

    def test_a_surname_of_two_persons_goes_to_the_one_named_last(self) -> None:
        first, second = persons("Hina Rahimi", "Rahimi", "Bilal Rahimi", "Rahimi", "Hina Rahimi", "Rahimi")
        assert (first.name, len(first.mentions)) == ("Hina Rahimi", 4)
        assert (second.name, len(second.mentions)) == ("Bilal Rahimi", 2)

    def test_what_has_no_letters_is_nobody(self) -> None:
        assert persons("…", "—") == []


class TestNames:
    @pytest.mark.parametrize(
        ("found", "fullest"),
        [
            (("Kolarova", "Petra Kolarova", "Kolarova"), "Petra Kolarova"),
            (("PETRA KOLAROVA", "Petra Kolarova"), "Petra Kolarova"),
            (("Lima", "Ana Lima", "Ana Sofia Lima"), "Ana Sofia Lima"),
            (("Dr. Petra Kolarova",), "Petra Kolarova"),
            (("John Marsh", "J. R. Marsh", "John Marsh"), "John Marsh"),
        ],
    )
    def test_a_person_has_the_fullest(self, found: tuple[str, ...], fullest: str) -> None:
        (one,) = persons(*found)
        assert one.name == fullest

    def test_the_rarer_of_two_spellings_is_a_slip(self) -> None:
        (one,) = persons("Tomasz Wierzbicki", "Wierzbiski", "Wierzbicki")
        assert one.slips == ("Wierzbiski",)

    @pytest.mark.parametrize(
        "found", [("Petra Kolarova", "Kolarova", "KOLAROVA"), ("Omar al-Haddad", "Al Haddad", "Haddad")]
    )
    def test_shorter_forms_are_no_slips(self, found: tuple[str, ...]) -> None:
        (one,) = persons(*found)
        assert one.slips == ()

    @pytest.mark.parametrize(
        ("surface", "bare"),
        [
            ("Mr. Eide", "Eide"),
            ("His Excellency Dr. Lars Eide", "Lars Eide"),
            ("**Eide**", "Eide"),
            ("Lars\u00a0Eide’s", "Lars Eide"),
            ("Sheikh Omar", "Omar"),
        ],
    )
    def test_without_honorifics_and_marks(self, surface: str, bare: str) -> None:
        assert clean(surface) == bare

    def test_parts_are_divided_by_spaces_and_hyphens(self) -> None:
        assert tokens("Ana-Sofía d’Árcy") == ("ana", "sofia", "darcy")


@given(words, words)
def test_one_slip_is_what_brute_force_says(a: str, b: str) -> None:
    letters = "abcd"
    near = {a} | {a[:i] + a[i + 1 :] for i in range(len(a))}
    near |= {a[:i] + c + a[i:] for i in range(len(a) + 1) for c in letters}
    near |= {a[:i] + c + a[i + 1 :] for i in range(len(a)) for c in letters}
    near |= {a[:i] + a[i + 1] + a[i] + a[i + 2 :] for i in range(len(a) - 1)}
    assert distance_at_most_one(a, b) is (b in near)


@given(st.text("abcdefghijklmnopqrstuvwxyz", max_size=12))
def test_a_skeleton_never_has_a_letter_twice_in_a_row(part: str) -> None:
    found = skeleton(part)
    assert all(a != b for a, b in itertools.pairwise(found))


@given(st.lists(names, max_size=8))
def test_every_mention_belongs_to_exactly_one_person(found: list[str]) -> None:
    grouped = persons(*found)
    spans = [span for p in grouped for span, _ in p.mentions]
    assert len(spans) == len(set(spans)) == len(found)
    assert all(p.name in p.forms for p in grouped)
    assert [p.mentions[0][0] for p in grouped] == sorted(p.mentions[0][0] for p in grouped)


@given(st.lists(names, max_size=8))
def test_the_same_name_is_the_same_person(found: list[str]) -> None:
    twice = persons(*found, *found)
    for name in found:
        if len(tokens(name)) > 2:
            assert sum(clean(name) in p.forms for p in twice) == 1
