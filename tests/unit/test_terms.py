"""IRIs, slugs and N-Quads terms."""

from __future__ import annotations

import pyoxigraph
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from rdflib import BNode, Literal, URIRef

from kg_build.iris import Iris, digest, encode, hyphenated, iri_from_url, is_iri, slug
from kg_build.nquads import boolean, decimal, integer, iri, lexical, line, split, text, to_rdflib, typed
from kg_build.triples import Triples
from ontology import DEFAULT_BASE, XSD

ODD_TEXT = st.text(
    st.characters(exclude_categories=["Cs"]) | st.sampled_from('\\"\n\r\t\x00\x7f\ufffe\uffff\u0085\u2028')
)
NAMES = st.text(st.characters(exclude_categories=["Cs"]), min_size=1)


@given(ODD_TEXT)
def test_every_text_comes_back_from_its_term(value: str) -> None:
    term = text(value)
    assert lexical(term).value == value
    assert "\n" not in term
    quad = line(iri("a:s"), iri("a:p"), term, iri("a:g"))
    assert split(quad) == ("<a:s>", "<a:p>", term, "<a:g>")
    (parsed,) = pyoxigraph.parse(quad, format=pyoxigraph.RdfFormat.N_QUADS)
    assert isinstance(parsed.object, pyoxigraph.Literal)
    assert parsed.object.value == value
    assert to_rdflib(term) == Literal(value)


@pytest.mark.parametrize(
    "wrong", ["", "x", "<a:s> <a:p> <a:o> .", "_:b <a:p> <a:o> <a:g> .", "<a:s> <a:p> <a:o> <a:g>"]
)
def test_other_lines_are_refused(wrong: str) -> None:
    with pytest.raises((ValueError, IndexError)):
        split(wrong)


@given(st.floats(0, 1))
def test_decimals_are_as_the_store_keeps_them(value: float) -> None:
    term = decimal(value)
    store = pyoxigraph.Store()
    store.load(line(iri("a:s"), iri("a:p"), term, iri("a:g")), format=pyoxigraph.RdfFormat.N_QUADS)
    assert str(next(iter(store)).object) == term


def test_other_literals() -> None:
    assert integer(-3) == f'"-3"^^<{XSD.integer}>'
    assert boolean(False) == f'"false"^^<{XSD.boolean}>'
    assert to_rdflib(typed("2025-03", XSD.gYearMonth)) == Literal("2025-03", datatype=URIRef(XSD.gYearMonth))
    assert to_rdflib(iri("a:s")) == URIRef("a:s")
    assert to_rdflib(text("x")[:] + "@en") == Literal("x", lang="en")  # type: ignore[arg-type]
    assert to_rdflib("_:b1") == BNode("b1")  # type: ignore[arg-type]


def test_triples_are_a_set_with_sorted_lines() -> None:
    rows = [(iri("a:s"), iri("a:p"), text(o)) for o in "bab"]
    triples = Triples(rows)
    triples.add(*rows[0])
    assert len(triples) == 2
    assert rows[1] in triples
    assert triples.lines(iri("a:g")) == sorted(triples.lines(iri("a:g")))
    assert len(triples.to_rdflib()) == 2


@given(st.text(), st.sampled_from(["", "http://", "http://a.b:80/", "https://[", "urn:", "x:/"]))
@example("//:a:b", "http:")
@example("%zz", "http://a/")
@example("@", "http://")
def test_what_counts_as_an_iri_does_for_the_store_too(tail: str, head: str) -> None:
    if is_iri(head + tail):
        pyoxigraph.NamedNode(head + tail)
    if found := iri_from_url(head + tail):
        pyoxigraph.NamedNode(found)


@pytest.mark.parametrize(
    "good",
    [
        "http://example.org",
        "https://u:p@example.org:8080/a/b;c?d=e&f#g",
        "https://ar.wikipedia.org/wiki/أرمينيا",
        "urn:isbn:0451450523",
        "mailto:a@example.org",
        "https://example.org/%41?q=(x)'*",
    ],
)
def test_iris(good: str) -> None:
    assert is_iri(good)
    assert iri_from_url(good) == good


@pytest.mark.parametrize(
    "bad", ["", "a", "/a", "http://a b", "http://a/%4", "http://a:b/", "ht tp://a", "http://a/\n", "1:a"]
)
def test_no_iris(bad: str) -> None:
    assert not is_iri(bad)


@given(NAMES)
def test_slugs_fit_into_iris(name: str) -> None:
    found = slug(name)
    assert found
    pyoxigraph.NamedNode(Iris(DEFAULT_BASE).person(found))
    assert slug(name) == found
    assert found == found.strip("-") or found.startswith("%")


@given(NAMES, NAMES)
def test_different_identifiers_have_different_iris(one: str, other: str) -> None:
    assert (encode(one) == encode(other)) == (one == other)
    pyoxigraph.NamedNode(Iris(DEFAULT_BASE).document(one))


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Sergey Lavrov", "sergey-lavrov"),
        ("  Jean-Yves  Le Drian ", "jean-yves-le-drian"),
        ("Mevlüt Çavuşoğlu", "mevlut-cavusoglu"),
        ("İlham Əliyev", "ilham-aliyev"),
        ("Straße Łódź", "strasse-lodz"),
        ("Лавров", "%D0%BB%D0%B0%D0%B2%D1%80%D0%BE%D0%B2"),
        ("S. Lavrov (Лавров)", "s-lavrov-%D0%BB%D0%B0%D0%B2%D1%80%D0%BE%D0%B2"),
        ("e\u0301", "e"),
        ("!?", "%21%3F"),
    ],
)
def test_slug(name: str, expected: str) -> None:
    assert slug(name) == expected


def test_parts_of_iris() -> None:
    iris = Iris("https://example.org/id/")
    assert iris.document("a/b") == "https://example.org/id/document/a%2Fb"
    assert iris.local(f"{iris.document('d')}#source-x") == "d-source-x"
    assert hyphenated("OtherPortfolio") == "other-portfolio"
    assert digest("a", "b") != digest("ab")
    assert len(digest("a")) == 12
