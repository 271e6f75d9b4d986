"""Whose a release is, and who speaks in its first person."""

from __future__ import annotations

from datetime import date

import pytest

from kg_build.model import Document
from kg_build.reader.authors import author, home_of
from kg_build.reader.tables import tables
from tests.support.reading import cast_of

BODY = "We welcome the launch of the ferry. I thank Lars Eide for his work.\n"


@pytest.mark.parametrize(
    ("title", "text", "expected"),
    [
        ("Statement by Minister Petra Kolar on the ferry", f"{BODY}Petra Kolar spoke at noon.\n", "Petra Kolar"),
        ("Remarks by Petra Kolar, Minister of Transport", f"{BODY}Petra Kolar spoke at noon.\n", "Petra Kolar"),
        ("Launch of the ferry", f"Petra Kolar, Minister of Transport\n12 May 2031\n{BODY}", "Petra Kolar"),
        ("Launch of the ferry", f"Petra Kolar, Minister of Transport, sailed.\n{BODY}", None),
        ("Launch of the ferry", f"Petra Kolar and a crew of nine\n{BODY}", None),
        ("Statement by the Minister of Transport", BODY, None),
        ("Statement by Minister Petra Kolar on the ferry", BODY, None),
    ],
)
def test_the_author_is_whom_title_or_byline_names(title: str, text: str, expected: str | None) -> None:
    cast = cast_of(text, persons=[n for n in ("Petra Kolar", "Lars Eide") if n in text])
    found = author(cast, title)
    assert (found.name if found else None) == expected


def test_a_name_far_down_is_no_byline() -> None:
    text = f"{BODY * 12}\nPetra Kolar, Minister of Transport\nOslo\n"
    assert author(cast_of(text, persons=["Petra Kolar"]), "Launch of the ferry") is None


@pytest.mark.parametrize(
    ("title", "text", "publisher", "expected"),
    [
        ("Ferry launched", BODY, "Ministry of Foreign Affairs of Norway", "NO"),
        ("Ferry launched", BODY, "Nordlys Press Agency", None),
        ("Ferry launched", BODY, None, None),
        ("Deputy Secretary Eide’s Call with Slovenian State Secretary Kolar", BODY, None, "US"),
        ("Deputy Secretary Eide’s Call with Slovenian State Secretary Kolar", BODY, "Nordlys Press Agency", None),
        ("Kolar calls Eide", f"The below is attributable to Spokesperson Lars Eide:\n{BODY}", None, "US"),
        ("Secretary-General’s meeting with Petra Kolar", BODY, None, None),
        ("Readout of President Joe Biden’s Call with Petra Kolar", BODY, None, "US"),
        ("Readout of President Sauli Niinistö’s Call with Petra Kolar", BODY, None, "FI"),
        ("Readout of President Xyzzy Plugh’s Call with Petra Kolar", BODY, None, None),
    ],
)
def test_whose_release_it_is(title: str, text: str, publisher: str | None, expected: str | None) -> None:
    document = Document("d", text, title, date(2022, 5, 12), publisher, None)
    assert home_of(document, tables()) == expected
