"""Formats: what is written is what was there, sorted, the same each time, and in little memory."""

from __future__ import annotations

import io
from collections.abc import Iterable
from itertools import groupby
from pathlib import Path

import pyoxigraph
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rdflib import Graph

from kg_build.errors import StoreError, UsageError
from kg_build.export import whole_file
from kg_build.iris import is_iri
from kg_build.line_sort import sort_lines
from kg_build.nquads import Term, iri, text, to_rdflib, typed
from kg_build.writers import Row, jsonld, rdfxml, trig, turtle
from kg_build.writers.blocks import Abbreviator
from ontology import PREFIXES, XSD

OX = pyoxigraph.RdfFormat
LOCAL = st.text(st.sampled_from("abzAZ09_.-%/#=,;()'~é王"), max_size=8)
NAMESPACES = st.sampled_from([*PREFIXES.values(), "http://example.org/", "urn:x:", "http://example.org/a/b#"])
IRIS = st.builds(lambda ns, local: ns + local.replace("%", "%C3"), NAMESPACES, LOCAL).filter(is_iri).map(iri)
NAMES = st.builds(
    lambda ns, local: iri(f"{ns}{local}"),
    NAMESPACES.filter(lambda n: n != "urn:x:"),
    st.from_regex(r"[a-z_][a-z0-9_-]{0,5}", fullmatch=True),
)
XML_TEXT = st.text(st.characters(exclude_categories=["Cs", "Cc"]) | st.sampled_from("\t\n\r&<>\"']]>"))
ANY_TEXT = st.text(st.characters(exclude_categories=["Cs"]))


def literals(texts: st.SearchStrategy[str]) -> st.SearchStrategy[Term]:
    plain = texts.map(text)
    tagged = texts.map(lambda t: Term(text(t) + "@en-gb"))
    numbers = st.one_of(
        st.integers().map(lambda n: typed(str(n), XSD.integer)),
        st.sampled_from(["1", "0.5", "-2.25"]).map(lambda n: typed(n, XSD.decimal)),
        st.booleans().map(lambda b: typed(str(b).lower(), XSD.boolean)),
        st.sampled_from([typed("2025-03-24", XSD.date), typed("1e", XSD.integer), typed("x^^<y>", "http://a/b")]),
    )
    return st.one_of(plain, tagged, numbers)


def rows(texts: st.SearchStrategy[str]) -> st.SearchStrategy[list[Row]]:
    return st.lists(st.tuples(IRIS, NAMES, st.one_of(IRIS, literals(texts))), max_size=12)


def ordered(found: Iterable[Row]) -> list[Row]:
    return sorted(set(found))


def triples(content: str, rdf_format: pyoxigraph.RdfFormat) -> set[tuple[str, str, str]]:
    parsed = pyoxigraph.parse(content, format=rdf_format)
    return {(str(q.subject), str(q.predicate), str(q.object)) for q in parsed}


def as_parsed(found: Iterable[Row]) -> set[tuple[str, str, str]]:
    lines = "".join(f"{s} {p} {o} .\n" for s, p, o in found)
    return triples(lines, OX.N_TRIPLES)


@given(rows(ANY_TEXT))
def test_turtle_is_what_was_there(found: list[Row]) -> None:
    written = "".join(turtle(ordered(found), PREFIXES))
    assert triples(written, OX.TURTLE) == as_parsed(found)


@given(rows(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\r"))))
def test_rdflib_reads_the_turtle_too(found: list[Row]) -> None:
    expected = Graph()
    for subject, predicate, object_ in found:
        expected.add((to_rdflib(subject), to_rdflib(predicate), to_rdflib(object_)))
    written = Graph().parse(data="".join(turtle(ordered(found), PREFIXES)), format="turtle")
    assert {(s, p, o.n3()) for s, p, o in written} == {(s, p, o.n3()) for s, p, o in expected}


@given(rows(XML_TEXT))
def test_rdfxml_is_what_was_there(found: list[Row]) -> None:
    written = "".join(rdfxml(ordered(found), PREFIXES))
    assert triples(written, OX.RDF_XML) == as_parsed(found)


@given(st.lists(st.tuples(IRIS, rows(ANY_TEXT)), max_size=4, unique_by=lambda graph: graph[0]))
def test_trig_and_jsonld_are_what_was_there(graphs: list[tuple[Term, list[Row]]]) -> None:
    expected = {(row, str(name)) for name, found in graphs for row in as_parsed(found)}
    for writer, rdf_format in ((trig, OX.TRIG), (jsonld, OX.JSON_LD)):
        written = "".join(writer([(name, ordered(found)) for name, found in graphs], PREFIXES))
        parsed = pyoxigraph.parse(written, format=rdf_format)
        got = {((str(q.subject), str(q.predicate), str(q.object)), str(q.graph_name)) for q in parsed}
        assert got == expected


def test_turtle_reads_well() -> None:
    person = iri("https://w3id.org/communique/id/person/anna-a")
    found = [
        (person, iri("http://www.w3.org/1999/02/22-rdf-syntax-ns#type"), iri(PREFIXES["cq"] + "Person")),
        (person, iri(PREFIXES["foaf"] + "name"), text("A")),
        (person, iri(PREFIXES["foaf"] + "name"), text("Anna")),
        (person, iri(PREFIXES["oa"] + "start"), typed("3", XSD.integer)),
    ]
    prefixes = {
        "cq": PREFIXES["cq"],
        "foaf": PREFIXES["foaf"],
        "oa": PREFIXES["oa"],
        "person": "https://w3id.org/communique/id/person/",
    }
    assert "".join(turtle(found, prefixes)) == (
        "@prefix cq: <https://w3id.org/communique/ontology#> .\n"
        "@prefix foaf: <http://xmlns.com/foaf/0.1/> .\n"
        "@prefix oa: <http://www.w3.org/ns/oa#> .\n"
        "@prefix person: <https://w3id.org/communique/id/person/> .\n"
        "\n"
        "person:anna-a a cq:Person ;\n"
        '    foaf:name "A",\n'
        '        "Anna" ;\n'
        "    oa:start 3 .\n"
    )


def test_xml_refuses_what_it_cannot_hold() -> None:
    row = (iri("a:s"), iri(PREFIXES["cq"] + "text"), text("page\fbreak"))
    with pytest.raises(UsageError, match="U\\+000C") as caught:
        list(rdfxml([row], PREFIXES))
    assert "--no-text" in str(caught.value)
    with pytest.raises(UsageError, match="XML name"):
        list(rdfxml([(iri("a:s"), iri("http://example.org/1"), text("x"))], PREFIXES))


def test_only_names_that_need_no_escape_are_shortened() -> None:
    short = Abbreviator({"ex": "http://example.org/"}).shorten
    assert short(iri("http://example.org/a.b-c_1")) == "ex:a.b-c_1"
    assert short(iri("http://example.org/%E7%8E%8B")) == "ex:%E7%8E%8B"
    for other in ("", "a.", "-a", "a#b", "a/b", "a,b", "a%zz"):
        assert short(iri(f"http://example.org/{other}")) is None
    assert short(iri("urn:x")) is None


@given(st.lists(st.binary(max_size=20).filter(lambda line: b"\n" not in line)), st.integers(1, 60))
def test_sorting_needs_no_more_memory_than_it_may(lines: list[bytes], run_bytes: int) -> None:
    ended = [line + b"\n" for line in lines]
    assert list(sort_lines(iter(ended), run_bytes)) == sorted(set(ended))


def test_equal_subjects_stand_together_once_sorted() -> None:
    subjects = [f"<http://a/{name}> <a:p> <a:o> .\n".encode() for name in ("x", "x/y", "x#y", "x-1", "x", "x/y")]
    found = [line.split(b" ")[0] for line in sort_lines(subjects)]
    assert len(list(groupby(found))) == len(set(found))


def test_a_whole_file_or_none(tmp_path: Path) -> None:
    target = tmp_path / "out.ttl"
    target.write_text("old")

    def fail() -> None:
        with whole_file(target) as stream:
            stream.write(b"half")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert target.read_text() == "old"
    with whole_file(target) as stream:
        stream.write(b"new")
        assert target.read_text() == "old"
    assert target.read_text() == "new"
    assert list(tmp_path.iterdir()) == [target]


def test_a_file_that_cannot_be_written(tmp_path: Path) -> None:
    def write(target: Path) -> None:
        with whole_file(target) as stream:
            io.BufferedWriter.write(stream, b"x")  # type: ignore[arg-type]

    with pytest.raises(StoreError, match="cannot be written"):
        write(tmp_path / "nowhere" / "out.ttl")
    (tmp_path / "folder").mkdir()
    with pytest.raises(StoreError, match="cannot be written"):
        write(tmp_path / "folder")
    assert [path.name for path in tmp_path.iterdir()] == ["folder"]
