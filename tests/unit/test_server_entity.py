"""The pages of the graph's nodes: as RDF, as HTML, with a document's text, and with nothing unescaped."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.parser import HTMLParser

import pyoxigraph as ox
import pytest
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st

from ontology import CQ, DCTERMS, DEFAULT_BASE, RDF, SKOS
from server.annotated import Span, annotate
from server.app import create_app
from server.endpoint import EXTENSION
from server.settings import Settings
from tests.conftest import MakeBuild

PERSON = "/id/person/carmelo-vassallo"
HTML = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}


class Visible(HTMLParser):
    """The text of the annotated paragraph."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.text = ""
        self._inside = False
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._inside = self._inside or (tag, ("class", "annotated")) == (tag, *attrs[:1])

    def handle_endtag(self, tag: str) -> None:
        self._inside = self._inside and tag != "p"

    def handle_data(self, data: str) -> None:
        if self._inside:
            self.text += data


@pytest.mark.parametrize(
    ("accept", "kind", "syntax"),
    [
        ("*/*", "text/turtle", ox.RdfFormat.TURTLE),
        ("application/ld+json", "application/ld+json", ox.RdfFormat.JSON_LD),
        ("application/rdf+xml, text/turtle;q=0.5", "application/rdf+xml", ox.RdfFormat.RDF_XML),
        ("application/n-triples", "application/n-triples", ox.RdfFormat.N_TRIPLES),
    ],
)
def test_a_node_comes_in_the_format_that_is_asked_for(
    client: FlaskClient, accept: str, kind: str, syntax: ox.RdfFormat
) -> None:
    response = client.get(PERSON, headers={"Accept": accept})
    assert (response.status_code, response.mimetype) == (200, kind)
    assert "Accept" in response.headers["Vary"]
    quads = {(str(quad.subject), str(quad.predicate), str(quad.object)) for quad in ox.parse(response.data, syntax)}
    assert (f"<{DEFAULT_BASE}{PERSON[4:]}>", f"<{SKOS.prefLabel}>", '"Carmelo Vassallo"') in quads


def test_a_format_can_be_named_and_one_that_is_not_there_is_refused(client: FlaskClient) -> None:
    assert client.get(f"{PERSON}?format=jsonld", headers=HTML).mimetype == "application/ld+json"
    assert client.get(f"{PERSON}?format=csv").status_code == 406
    assert client.head(PERSON).status_code == 200


def test_a_persons_page_leads_to_where_it_stands(client: FlaskClient) -> None:
    response = client.get(PERSON, headers=HTML)
    assert response.mimetype == "text/html"
    assert "<h1>Carmelo Vassallo</h1>" in response.text
    assert "script-src 'self'" in response.headers["Content-Security-Policy"]
    found = re.search(r'href="(/id/document/sample-[12])#(char=\d+)">([^<]+)</a>', response.text)
    assert found is not None
    document = client.get(found[1], headers=HTML).text
    assert re.search(rf'<span id="{found[2]}"[^>]*><a [^>]*>{found[3]}', document)


def test_a_document_shows_its_text_with_links_to_what_it_mentions(client: FlaskClient) -> None:
    html = client.get("/id/document/sample-1", headers=HTML).text
    query = f"SELECT ?t {{ <{DEFAULT_BASE}document/sample-1> cq:text ?t }}"
    rows = client.get("/sparql", query_string={"query": query}, headers={"Accept": "application/json"}).json
    assert rows is not None
    assert Visible(html).text == rows["results"]["bindings"][0]["t"]["value"]
    assert re.search(r'<a href="/id/person/carmelo-vassallo">Carmelo Vassallo</a>', html)
    assert 'class="said"' in html


@pytest.mark.parametrize("path", ["/id/person/nobody", "/id/x%3E%20y", "/id/%22%7D%20DROP", "/id/person/"])
def test_what_is_not_there_is_a_404_with_help(client: FlaskClient, path: str) -> None:
    response = client.get(path)
    assert response.status_code == 404
    assert "cq:search" in response.text


@pytest.fixture(scope="module")
def hostile(make_a_build: MakeBuild, tmp_path_factory: pytest.TempPathFactory) -> Iterator[FlaskClient]:
    def node(name: str) -> ox.NamedNode:
        return ox.NamedNode(DEFAULT_BASE + name)

    graph, bad = node("document/bad"), "<script>alert(1)</script>\"'&"
    statements = [
        (graph, RDF.type, ox.NamedNode(CQ.Document)),
        (graph, DCTERMS["title"], ox.Literal(bad)),
        (graph, CQ.text, ox.Literal(bad)),
        (graph, DCTERMS.source, ox.NamedNode("javascript:alert(1)")),
        (node("person/old"), DCTERMS.isReplacedBy, node("person/new")),
        (node("person/new"), SKOS.prefLabel, ox.Literal(bad)),
        (node("person/%E4%B8%AD"), SKOS.prefLabel, ox.Literal("Zhong")),
    ]
    quads = [ox.Quad(subject, ox.NamedNode(prop), value, graph) for subject, prop, value in statements]
    app = create_app(Settings(directory=make_a_build(tmp_path_factory.mktemp("hostile"), quads), workers=0))
    yield app.test_client()
    app.extensions[EXTENSION].engine.close()


@pytest.mark.parametrize("path", ["/id/document/bad", "/id/person/new", "/"])
def test_nothing_is_unescaped(hostile: FlaskClient, path: str) -> None:
    html = hostile.get(path, headers=HTML).text
    assert "alert(1)" in html
    assert "<script>" not in html
    assert 'href="javascript:' not in html


def test_what_was_replaced_leads_to_what_replaced_it(hostile: FlaskClient) -> None:
    response = hostile.get("/id/person/old?format=ttl")
    assert (response.status_code, response.headers["Location"]) == (308, "/id/person/new?format=ttl")


@pytest.mark.parametrize("path", ["/id/person/%E4%B8%AD", "/id/person/%25E4%25B8%25AD"])
def test_escapes_in_an_iri_may_be_undone_on_the_way(hostile: FlaskClient, path: str) -> None:
    assert "Zhong" in hostile.get(path).text


@given(
    st.text(alphabet="ab \n", max_size=12),
    st.lists(st.builds(Span, st.integers(-1, 13), st.integers(-1, 13), st.sampled_from("xyz"), st.booleans())),
)
def test_pieces_make_up_the_text(text: str, spans: list[Span]) -> None:
    pieces = annotate(text, spans)
    assert "".join(piece.text for piece in pieces) == text
    for piece in pieces:
        assert text[piece.start :].startswith(piece.text)
        covering = [s for s in spans if 0 <= s.start <= piece.start < s.end <= len(text) and not s.statement]
        if piece.text:
            assert (piece.node is None) == (not covering)
            lengths = {s.end - s.start for s in covering if s.node == piece.node}
            assert not covering or min(lengths) == min(s.end - s.start for s in covering)
