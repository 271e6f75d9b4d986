"""Who speaks in a release's first person."""

from __future__ import annotations

import pytest

from kg_build.reader.authors import author
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
