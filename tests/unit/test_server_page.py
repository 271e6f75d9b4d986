"""The page: what a browser without scripts gets."""

from __future__ import annotations

import re
from html import unescape
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from kg_build.store import Kind, Value
from ontology import CQ, DEFAULT_BASE, XSD
from server.examples import FIRST, examples, read_example
from server.terms import is_number, label, note

BROWSER = {"Accept": "text/html"}


def run(client: FlaskClient, query: str, **more: str) -> tuple[int, str]:
    response = client.get("/", query_string={"query": query, **more}, headers=BROWSER)
    assert response.mimetype == "text/html"
    assert "'unsafe-inline'" not in response.headers["Content-Security-Policy"]
    return response.status_code, response.text


def text_of(html: str) -> str:
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]*>", " ", html))).strip()


def test_the_page_shows_counts_samples_and_documents(client: FlaskClient) -> None:
    html = client.get("/").text
    text = text_of(html)
    assert "documents 2 persons 4 ministries 2 meetings 4 statements 10" in text
    for example in examples().values():
        assert f'href="/queries/{example.name}"' in html
        assert example.title in text
    assert "Icelandic and Maltese ministers speak by phone 2025-03-24, Atlantic Wire" in text
    assert examples()[FIRST].text.splitlines()[-1] in unescape(html)


def test_nothing_is_inline_or_from_elsewhere(client: FlaskClient) -> None:
    html = client.get("/").text
    assert not re.search(
        r"<script(?![^>]*\bsrc=\"/static/)|<style|\sstyle=|\son\w+=|(?:src|href)=\"(?:https?:)?//", html
    )


def test_a_result_stands_in_the_page_as_a_table(client: FlaskClient) -> None:
    status, html = run(client, "SELECT ?person (1.5 AS ?n) ('Ankara’da'@tr AS ?said) ?none { ?person a cq:Person }")
    assert status == 200
    assert "4 rows, in" in text_of(html)
    assert html.count("<tr>") == 5
    assert ">person/carmelo-vassallo</a>" in html
    assert 'class="number"' in html
    assert 'lang="tr"' in html
    assert 'class="unbound"' in html


def test_of_a_large_result_the_beginning_is_shown(client: FlaskClient) -> None:
    _, html = run(client, "SELECT * { ?s ?p ?o }")
    assert "The first 500 rows of more, in" in text_of(html)
    assert "Whole result" in html
    assert "format=csv" in html


def test_a_graph_is_shown_as_its_triples(client: FlaskClient) -> None:
    _, html = run(client, "DESCRIBE <document/sample-1>")
    assert "subject predicate object" in text_of(html)
    assert "format=turtle" in html
    assert "<details>" in html


@pytest.mark.parametrize(("query", "answer"), [("ASK {}", "Yes"), ("ASK { ?s a cq:Nothing }", "No")])
def test_yes_and_no(client: FlaskClient, query: str, answer: str) -> None:
    _, html = run(client, query)
    assert f'<p class="boolean">{answer}</p>' in html


def test_an_error_stands_in_the_page_with_the_query_still_in_the_box(client: FlaskClient) -> None:
    status, html = run(client, "SELEC <b> & * {}")
    assert status == 400
    assert "did you mean SELECT?" in html
    assert "SELEC &lt;b&gt; &amp; * {}" in html
    assert 'aria-invalid="true"' in html


def test_what_the_graph_holds_is_text_and_not_markup(client: FlaskClient) -> None:
    _, html = run(client, "SELECT ('<script>alert(1)</script>' AS ?x) (<javascript:alert(1)> AS ?y) {}")
    assert "<script>alert" not in html
    assert 'href="javascript' not in html


def test_the_dataset_of_the_request_stays_with_the_page(client: FlaskClient) -> None:
    graph = "http://example.org/none"
    _, html = run(client, "SELECT * { ?s ?p ?o }", **{"default-graph-uri": graph})
    assert "0 rows" in text_of(html)
    assert f'<input type="hidden" name="default-graph-uri" value="{graph}">' in html
    assert "default-graph-uri=http%3A%2F%2Fexample.org%2Fnone" in html


def test_two_queries_are_an_error_page(client: FlaskClient) -> None:
    response = client.get("/?query=ASK{}&query=ASK{}", headers=BROWSER)
    assert response.status_code == 400
    assert "<h1>Not a request of the SPARQL protocol</h1>" in response.text


def test_a_sample_query_is_text_for_programs_and_the_page_for_browsers(client: FlaskClient) -> None:
    response = client.get("/queries/meetings")
    assert response.content_type == "application/sparql-query; charset=utf-8"
    assert response.text == examples()["meetings"].text
    page = client.get("/queries/meetings", headers=BROWSER).text
    assert 'aria-current="true">All meetings' in page
    assert examples()["meetings"].description in unescape(page)
    missing = client.get("/queries/none", headers=BROWSER)
    assert missing.status_code == 404
    assert "there is no sample query" in missing.text


@pytest.mark.parametrize("name", examples())
def test_every_sample_query_has_a_title_and_a_description_and_runs(client: FlaskClient, name: str) -> None:
    example = examples()[name]
    assert example.title != name
    assert example.description
    response = client.get("/sparql", query_string={"query": example.text})
    assert response.status_code == 200


def test_a_query_without_comments_is_called_by_its_name(tmp_path: Path) -> None:
    file = tmp_path / "all.rq"
    file.write_text("SELECT * { ?s ?p ?o }\n# title: not here\n", encoding="utf-8")
    example = read_example(file)
    assert (example.name, example.title, example.description) == ("all", "all", "")


def test_terms_are_written_for_people() -> None:
    assert label(Value(Kind.IRI, CQ.Person), DEFAULT_BASE) == "cq:Person"
    assert label(Value(Kind.IRI, f"{CQ}a/b"), DEFAULT_BASE) == f"{CQ}a/b"
    assert label(Value(Kind.IRI, DEFAULT_BASE), DEFAULT_BASE) == DEFAULT_BASE
    assert label(Value(Kind.BLANK, "b0"), DEFAULT_BASE) == "_:b0"
    assert note(Value(Kind.LITERAL, "Ankara", language="tr")) == "tr"
    assert note(Value(Kind.LITERAL, "Ankara", datatype=XSD.string)) is None
    assert note(Value(Kind.LITERAL, "2025-03-24", datatype=XSD.date)) == "xsd:date"
    assert is_number(Value(Kind.LITERAL, "1", datatype=XSD.integer))
    assert not is_number(Value(Kind.LITERAL, "1", datatype=XSD.string))
