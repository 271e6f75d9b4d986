"""Which documents repeat another one's text."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import UTC, date, datetime
from itertools import permutations

import pytest

from kg_build.resolve.copies import Fingerprint, find_copies, fingerprint, shared_names

# Invented from end to end.
WIRE = """VALLETTA (Atlantic Wire) - Malta's foreign minister Carmelo Vassallo and his Icelandic counterpart Sunna \
Hrafnsdóttir agreed on Monday to hold a joint rescue exercise in the autumn, the ministry in Valletta said.

The two spoke by telephone for about forty minutes. They went through the state of fisheries talks, which have dragged \
on since January over the question of who pays for patrols, and asked their experts to come back with figures by the \
end of the month.

"Nobody drowns faster because of a budget line," Vassallo told reporters after the call. He thanked Reykjavik for the \
loan of two helicopters last winter.

Hrafnsdóttir is expected in Valletta on April 10. It would be her first journey to the island since she took office."""


@dataclass(frozen=True)
class Printed:
    document: str
    text: str
    published: date | datetime | None = date(2025, 3, 24)

    @property
    def fingerprint(self) -> Fingerprint | None:
        return fingerprint(self.text)


def edited(text: str, share: float) -> str:
    chance = random.Random(3)  # noqa: S311 - the same edits each time
    return " ".join("other" if word.islower() and chance.random() < share else word for word in text.split())


@pytest.mark.parametrize(
    "text",
    [
        WIRE,
        WIRE.upper(),
        "Two islands, one exercise\n\n" + WIRE + "\n\nAdditional reporting by the Gozo Courier's own staff.",
        WIRE.rpartition("\n\n")[0],
        WIRE.partition(". ")[2],
        edited(WIRE, 0.04),
    ],
    ids=["the same", "in capitals", "headline and closing line", "end cut", "beginning cut", "small edits"],
)
def test_the_same_text_in_other_dress_is_a_copy(text: str) -> None:
    assert find_copies([Printed("a-wire", WIRE), Printed("b-courier", text)]) == {"b-courier": "a-wire"}


@pytest.mark.parametrize(
    "text",
    [
        WIRE.replace("Malta", "Cyprus").replace("Valletta", "Nicosia").replace("VALLETTA", "NICOSIA")
        .replace("Carmelo Vassallo", "Andreas Pieri").replace("Vassallo", "Pieri")
        .replace("Reykjavik", "Dublin").replace("April 10", "May 22").replace("Monday", "Friday"),
        edited(WIRE, 0.6),
        "Iceland's foreign ministry said on Monday that Foreign Minister Sunna Hrafnsdóttir had telephoned "
        "Malta's Carmelo Vassallo. They discussed fisheries and a joint rescue exercise. She will visit Valletta on "
        "April 10, where she is to meet the prime minister and to open an honorary consulate, the ministry added.",
    ],
    ids=["one template, other names", "written anew", "the other side's account"],
)  # fmt: skip
def test_another_text_is_none(text: str) -> None:
    assert find_copies([Printed("a-wire", WIRE), Printed("b-other", text)]) == {}


def test_the_first_is_the_earliest_whatever_the_order() -> None:
    documents = [
        Printed("d-undated", WIRE, None),
        Printed("c-evening", WIRE, datetime(2025, 3, 24, 20, tzinfo=UTC)),
        Printed("b-morning", WIRE, datetime(2025, 3, 24, 6, tzinfo=UTC)),
        Printed("a-next-day", WIRE, date(2025, 3, 25)),
    ]
    for order in permutations(documents):
        assert find_copies(order) == dict.fromkeys(["a-next-day", "c-evening", "d-undated"], "b-morning")


def test_of_the_same_moment_the_identifier_decides() -> None:
    assert find_copies([Printed("b", WIRE), Printed("a", WIRE)]) == {"b": "a"}


def test_the_same_words_weeks_later_are_said_anew() -> None:
    assert find_copies([Printed("a", WIRE), Printed("b", WIRE, date(2025, 4, 14))]) == {}


def test_two_parts_of_one_text_are_copies_of_the_whole() -> None:
    paragraphs = WIRE.split("\n\n")
    documents = [
        Printed("whole", WIRE, date(2025, 3, 24)),
        Printed("begin", "\n\n".join(paragraphs[:3]), date(2025, 3, 25)),
        Printed("end", "\n\n".join(paragraphs[1:]), date(2025, 3, 25)),
    ]
    assert find_copies(documents) == {"begin": "whole", "end": "whole"}


def test_short_texts_are_never_copies() -> None:
    assert fingerprint("The two ministers met in Oslo on Monday.") is None
    assert find_copies([Printed("a", "The two met in Oslo."), Printed("b", "The two met in Oslo.")]) == {}


def test_a_fingerprint_is_the_same_on_every_machine() -> None:
    # A kept fingerprint is compared with new ones: if this changes, what was kept has to be made anew.
    found = fingerprint(WIRE)
    assert found is not None
    assert found.shingles == 122
    assert found.signature[:3] == (1962501366, 10815554, 1334097385)
    assert found.names[:2] == (338758655, 802062275)


def test_of_long_texts_a_part_of_the_names_is_compared() -> None:
    words = [f"Name{number}" for number in range(400)]
    one, other = (fingerprint(" ".join(part)) for part in (words, words[:350]))
    assert one is not None
    assert other is not None
    assert len(one.names) == len(other.names) < 100
    assert shared_names(one, other) > 0.95
