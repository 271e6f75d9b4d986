"""To which country or body a post belongs."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pytest

from kg_build.reader.actors import Cast
from kg_build.reader.belonging import NOBODY, OWNER_FEATURES, Owner, OwnerChoice, Setting
from kg_build.reader.layout import lay_out
from kg_build.reader.posts import Owners
from kg_build.reader.tables import tables
from tests.support.reading import at, cast_of, entitle, person, weights

SIMPLE = weights(
    OWNER_FEATURES,
    before=5,
    after=4,
    inside=4,
    beside_name=4,
    masters=3,
    other_title=3,
    in_document_title=3,
    home_american=2,
    sent_there=-3,
    none=1,
)


def choice_in(
    text: str,
    cast: Cast,
    bodies: Sequence[str] = (),
    home: str | None = None,
    title: str | None = None,
    given: npt.NDArray[np.float64] = SIMPLE,
) -> OwnerChoice:
    layout, names = lay_out(text), tuple(tables().matches(text))
    owners = Owners(text, layout, names, [at(text, b) for b in bodies])
    return OwnerChoice(cast, layout, owners, names, Setting(home, title, 2031), given)


def owner(text: str, post: str, bodies: Sequence[str] = (), home: str | None = None, title: str | None = None) -> Owner:
    """The owner of the post of Petra Kolar."""
    cast = cast_of(text, persons=["Petra Kolar", "Lars Eide", "Kolar"], bodies=bodies)
    kolar = person(cast, "Petra Kolar")
    entitle(cast, kolar.name, post)
    kolar.titles[0].span = at(text, post)
    found, share = choice_in(text, cast, bodies, home, title).choose(kolar, kolar.titles[0])
    assert 0 < share <= 1
    return found


@pytest.mark.parametrize(
    ("text", "post", "iso"),
    [
        ("Slovenian Foreign Minister Petra Kolar met Lars Eide in Norway.", "Foreign Minister", "SI"),
        ("Petra Kolar, the foreign minister of Slovenia, came to Norway.", "foreign minister", "SI"),
        ("Slovenia's Petra Kolar, the foreign minister, came to Norway.", "foreign minister", "SI"),
        ("Foreign Minister Petra Kolar of Slovenia came to Norway.", "Foreign Minister", "SI"),
        ("Foreign Minister Petra Kolar (Slovenia) came to Norway.", "Foreign Minister", "SI"),
        ("Kremlin spokeswoman Petra Kolar came to Norway.", "Kremlin spokeswoman", "RU"),
    ],
)
def test_the_words_beside_the_post_or_the_name(text: str, post: str, iso: str) -> None:
    assert owner(text, post) == Owner(iso, None)


def test_a_body_beside_the_post() -> None:
    text = "Harbour Union Secretary General Petra Kolar came to Norway."
    assert owner(text, "Secretary General", ["Harbour Union"]).body == "body:harbour union"


def test_the_documents_title_beside_the_surname() -> None:
    text = "Foreign Minister Petra Kolar came to the harbour of Norway."
    assert owner(text, "Foreign Minister", title="Slovenian Foreign Minister Kolar in Oslo") == Owner("SI", None)
    assert owner(text, "Foreign Minister", title="Talks with Foreign Minister Kolar of Slovenia") == Owner("SI", None)


def test_an_american_release_speaks_of_its_own_secretary() -> None:
    text = "Secretary Petra Kolar met the foreign minister of Norway."
    assert owner(text, "Secretary", home="US") == Owner("US", None)


def test_where_an_ambassador_is_sent_is_no_owner() -> None:
    assert owner("Petra Kolar, ambassador to Norway, spoke.", "ambassador") == NOBODY


def test_nothing_beside_it_is_nobodys() -> None:
    assert owner("Foreign Minister Petra Kolar spoke.", "Foreign Minister") == NOBODY


def test_whose_spokesman_it_is_by_that_persons_own_post() -> None:
    text = "Lars Eide, the premier, sent his spokeswoman, Petra Kolar, away. Norway is cold."
    cast = cast_of(text, persons=["Petra Kolar", "Lars Eide"])
    entitle(cast, "Lars Eide", "premier", "NO")
    entitle(cast, "Petra Kolar", "spokeswoman")
    kolar = person(cast, "Petra Kolar")
    kolar.titles[0].span = at(text, "spokeswoman")
    assert choice_in(text, cast).choose(kolar, kolar.titles[0])[0] == Owner("NO", None)


@pytest.mark.parametrize("publisher_of", [None, "US"])
def test_no_country_comes_from_anywhere_but_the_document(publisher_of: str | None) -> None:
    every_weight = weights(OWNER_FEATURES, table_office_full=9, table_name=9, home=1, none=-9)
    text = "Foreign Minister Lars Løkke Rasmussen came to Slovenia."
    cast = cast_of(text, persons=["Lars Løkke Rasmussen"])
    entitle(cast, "Lars Løkke Rasmussen", "Foreign Minister")
    actor = cast.persons()[0]
    found, _ = choice_in(text, cast, home=publisher_of, given=every_weight).choose(actor, actor.titles[0])
    assert found in {NOBODY, Owner("SI", None), Owner(publisher_of, None)}


def test_what_follows_the_comma_in_a_list_is_the_owner() -> None:
    text = "- Petra Kolar, President, Bridge Foundation\n- Lars Eide, Mayor, City of Lund"
    found = owner(text, "President", bodies=["Bridge Foundation"], home="US")
    assert found.body is not None
    assert owner(text, "President", home="US") == NOBODY


def test_who_is_known_from_another_country_alone_holds_no_post_of_those_named() -> None:
    named = "Armenia and Azerbaijan spoke with Secretary of State {} in Skopje."
    weighted = weights(OWNER_FEATURES, in_sentence=3, none=1)
    for name, nobody in (("Antony Blinken", True), ("Petra Kolar", False)):
        text = named.format(name)
        cast = cast_of(text, persons=[name])
        actor = person(cast, name)
        entitle(cast, actor.name, "Secretary of State")
        actor.titles[0].span = at(text, "Secretary of State")
        choice = choice_in(text, cast, given=weighted)
        choice.setting = Setting(None, None, 2022)
        assert (choice.choose(actor, actor.titles[0])[0] == NOBODY) is nobody
