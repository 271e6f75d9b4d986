"""The store: loading, querying, results."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest

from kg_build.errors import InputError, QueryError, StoreError, UsageError
from kg_build.store import (
    Ask,
    Dataset,
    GraphFormat,
    GraphResult,
    Kind,
    QuerySyntaxError,
    ResultFormat,
    Select,
    Store,
    Value,
    create_store,
    read_rdf,
)
from ontology import PREFIXES, XSD

DATA = """\
<a:s> <a:p> "1"^^<http://www.w3.org/2001/XMLSchema#integer> <a:g1> .
<a:s> <a:p> "x <a:y> ." <a:g1> .
<a:s> <a:p> "1"^^<http://www.w3.org/2001/XMLSchema#integer> <a:g2> .
<a:s> <a:q> "mot"@fr <a:g2> .
"""


@pytest.fixture
def data(tmp_path: Path) -> Path:
    file = tmp_path / "data.nq"
    file.write_text(DATA)
    return file


@pytest.fixture
def store(data: Path, tmp_path: Path) -> Store:
    create_store(tmp_path / "store", data, '<a:b> <a:p> "later" <a:g3> .\n')
    return Store.open(tmp_path / "store")


def rows(store: Store, query: str, **options: object) -> list[tuple[Value | None, ...]]:
    result = store.query(query, **options)  # type: ignore[arg-type]
    assert isinstance(result, Select)
    return list(result.rows())


def test_the_default_graph_is_the_union_and_holds_each_triple_once(store: Store) -> None:
    assert store.count() == 5
    ((n,),) = rows(store, "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }")
    assert n == Value(Kind.LITERAL, "4", XSD.integer)
    assert len(rows(store, "SELECT * { GRAPH ?g { ?s ?p ?o } }")) == 5
    assert rows(store, 'SELECT ?s { ?s <a:p> "x <a:y> ." }') == [(Value(Kind.IRI, "a:s"),)]


def test_in_memory_is_the_same(data: Path) -> None:
    assert Store.in_memory(data).count() == 4


def test_values(store: Store) -> None:
    found = rows(store, 'SELECT ?o ?l ?u { <a:s> <a:q> ?o BIND("x" AS ?l) }')
    mot = Value(Kind.LITERAL, "mot", "http://www.w3.org/1999/02/22-rdf-syntax-ns#langString", "fr")
    assert found == [(mot, Value(Kind.LITERAL, "x", XSD.string), None)]


def test_results_are_of_the_querys_kind(store: Store) -> None:
    assert isinstance(store.query("SELECT * {}"), Select)
    ask = store.query("ASK { ?s <a:q> ?o }")
    assert isinstance(ask, Ask)
    assert bool(ask)
    graph = store.query("CONSTRUCT WHERE { ?s <a:q> ?o }")
    assert isinstance(graph, GraphResult)
    assert [[v.text for v in row] for row in graph.rows()] == [["a:s", "a:q", "mot"]]


@pytest.mark.parametrize("select", ["*", "DISTINCT *", "reduced *"])
def test_the_columns_of_a_star_stand_as_the_query_names_them(store: Store, select: str) -> None:
    query = f"# SELECT * {{ ?a }}\nSELECT {select} {{ ?z $y ?x {{ SELECT * {{ ?z ?y ?x }} }} BIND(?x * 2 AS ?a) }}"
    result = store.query(query)
    assert isinstance(result, Select)
    assert result.variables == ("z", "y", "x", "a")
    assert len(list(result.rows())) > 0


def test_serializing(store: Store) -> None:
    out = io.BytesIO()
    store.query("SELECT ?o { ?s <a:q> ?o }").serialize(ResultFormat.JSON, out)  # type: ignore[arg-type, call-arg, union-attr]
    assert json.loads(out.getvalue())["results"]["bindings"][0]["o"]["value"] == "mot"
    for graph_format in GraphFormat:
        out = io.BytesIO()
        result = store.query("CONSTRUCT WHERE { ?s <a:q> ?o }")
        assert isinstance(result, GraphResult)
        if graph_format not in (GraphFormat.NQUADS, GraphFormat.TRIG):
            result.serialize(graph_format, out, PREFIXES)
            assert b"mot" in out.getvalue()


def test_a_writer_that_gives_up_ends_the_query(store: Store) -> None:
    class Full(io.BytesIO):
        def write(self, _: object) -> int:
            raise OSError("no more")

    result = store.query("SELECT * { ?s ?p ?o }")
    assert isinstance(result, Select)
    with pytest.raises(OSError, match="no more"):
        result.serialize(ResultFormat.CSV, Full())


def test_datasets(store: Store) -> None:
    everything = "SELECT ?o { ?s ?p ?o }"
    assert len(rows(store, everything, dataset=Dataset(default=("a:g2",)))) == 2
    assert rows(store, everything, dataset=Dataset(named=("a:g2",))) == []
    named = "SELECT ?g { GRAPH ?g { ?s ?p ?o } }"
    assert {r[0].text for r in rows(store, named, dataset=Dataset(named=("a:g2",))) if r[0]} == {"a:g2"}
    with pytest.raises(QueryError, match="not the IRI of a graph"):
        store.query(everything, dataset=Dataset(default=("no iri",)))


def test_prefixes_and_base(store: Store) -> None:
    assert rows(store, "SELECT ?x { BIND(cq:Person AS ?x) }", prefixes=PREFIXES)
    assert rows(store, "SELECT ?x { BIND(<x> AS ?x) }", base_iri="http://a/") == [(Value(Kind.IRI, "http://a/x"),)]


def test_faults_have_a_place(store: Store) -> None:
    with pytest.raises(QuerySyntaxError) as caught:
        store.query("SELECT *\n{ ?s a foo:Bar }")
    assert (caught.value.line, caught.value.column) == (2, 8)
    assert "prefix foo:" in caught.value.what
    with pytest.raises(QuerySyntaxError, match="update"):
        store.query("PREFIX a: <a:>\nINSERT DATA { <a:a> <a:b> <a:c> }")


def test_what_is_no_store(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="there is no store"):
        Store.open(tmp_path / "nothing")
    (tmp_path / "empty").mkdir()
    with pytest.raises(StoreError, match="cannot be opened"):
        Store.open(tmp_path / "empty")
    bad = tmp_path / "bad.nq"
    bad.write_text("nonsense\n")
    with pytest.raises(StoreError, match="not N-Quads"):
        create_store(tmp_path / "new", bad)


@pytest.mark.parametrize(
    ("name", "content", "expected"),
    [
        ("a.ttl", "<a:s> <a:p> 1 .", ("<a:s>", "<a:p>", f'"1"^^<{XSD.integer}>', None)),
        ("a.nq", '<a:s> <a:p> "x"@en <a:g> .', ("<a:s>", "<a:p>", '"x"@en', "<a:g>")),
        ("a.TRIG", "<a:g> { <a:s> <a:p> <a:o> }", ("<a:s>", "<a:p>", "<a:o>", "<a:g>")),
        ("a.json", '{"@id": "a:s", "a:p": "x"}', ("<a:s>", "<a:p>", '"x"', None)),
    ],
)
def test_reading_rdf(tmp_path: Path, name: str, content: str, expected: tuple[str | None, ...]) -> None:
    file = tmp_path / name
    file.write_text(content)
    assert list(read_rdf(file)) == [expected]


def test_rdf_that_cannot_be_read(tmp_path: Path) -> None:
    broken = tmp_path / "a.ttl"
    broken.write_text("<a:s> <a:p>\n")
    with pytest.raises(InputError, match="not valid Turtle"):
        list(read_rdf(broken))
    with pytest.raises(InputError, match="cannot be read"):
        list(read_rdf(tmp_path / "none.ttl"))
    with pytest.raises(UsageError, match="not the ending"):
        list(read_rdf(tmp_path / "a.docx"))
