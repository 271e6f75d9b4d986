"""Full-text search: what is found, how it is joined, what is refused, and that the index keeps step with the graph."""

from __future__ import annotations

import io
import json
import re
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st

from kg_build.build_directory import BuildDirectory
from kg_build.errors import QueryError
from kg_build.search import GraphLines, SearchIndex, to_expression, update_index, write_index
from kg_build.search.writing import PROPERTIES
from kg_build.store import Ask, GraphFormat, ResultFormat, Select
from kg_build.store.live import Payload
from kg_build.store.updating import Update
from kg_build.writes.writer import Writer
from ontology import CQ, PREFIXES

GRAPH = "https://example.org/graph"
Ids = Callable[[str], list[str]]


@pytest.fixture(scope="module")
def store(sample_build: Path) -> Callable[[str], Select | Ask]:
    opened = BuildDirectory(sample_build).open_store()

    def query(sparql: str) -> Select | Ask:
        result = opened.query(sparql, prefixes=PREFIXES)
        assert isinstance(result, Select | Ask)
        return result

    return query


def rows(query: Callable[[str], Select | Ask], sparql: str) -> list[tuple[str, ...]]:
    result = query(sparql)
    assert isinstance(result, Select)
    return [tuple(value.text.rsplit("/id/", 1)[-1] for value in row if value) for row in result.rows()]


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("hrafnsdottir", {"person/sunna-hrafnsdottir"}),
        ("HRAFNSDÓTTIR sunna", {"person/sunna-hrafnsdottir"}),
        ("Hrafnsd*", {"person/sunna-hrafnsdottir"}),
        ("vassallo OR Fjeld", {"person/carmelo-vassallo", "person/astrid-fjeld"}),
        ("vassallo NOT carmelo", {"person/carmelo-vassallo"}),  # by his other label
        ("nobody", set()),
    ],
)
def test_persons_are_found_without_their_marks(
    store: Callable[[str], Select | Ask], words: str, found: set[str]
) -> None:
    query = f'SELECT ?x {{ ?x cq:search "{words}" ; a cq:Person }}'
    assert {row[0] for row in rows(store, query)} == found


def test_a_prefix_that_a_query_declares_counts_with_a_base_too(sample_build: Path) -> None:
    opened = BuildDirectory(sample_build).open_store()
    query = f'PREFIX c: <{CQ}> SELECT ?x {{ ?x c:search "vassallo" }}'
    result = opened.query(query, prefixes={}, base_iri="https://example.org/base/")
    assert isinstance(result, Select)
    assert list(result.rows())


def test_the_texts_of_documents_and_statements_are_found(store: Callable[[str], Select | Ask]) -> None:
    assert rows(store, 'SELECT DISTINCT ?x { ?x cq:search "fisheries NEAR/3 maritime" ; a cq:Document }') == [
        ("document/sample-1",)
    ]
    assert rows(store, 'SELECT ?x { ?x cq:search "icelandic minister postponed" ; a cq:Document }') == [
        ("document/sample-2",)
    ]
    found = rows(store, 'SELECT ?who { ?s cq:search "\\"joint rescue exercises\\"" ; cq:speaker ?who }')
    assert ("person/carmelo-vassallo",) in found


def test_scores_rank_and_a_limit_keeps_the_best(store: Callable[[str], Select | Ask]) -> None:
    everything = rows(store, 'SELECT ?x ?score { (?x ?score) cq:search ("call") } ORDER BY DESC(?score) ?x')
    assert len(everything) > 2
    assert all(float(score) > 0 for _, score in everything)
    best = rows(store, 'SELECT ?x ?score { (?x ?score) cq:search ("call" 2) } ORDER BY DESC(?score) ?x')
    assert best == everything[:2]


@pytest.mark.parametrize(
    "query",
    [
        'SELECT ?x { VALUES ?x { cq:nothing } ?x cq:search "fjeld" }',
        'SELECT ?x { ?x cq:search "fjeld" . ?x a cq:Meeting ; cq:search "lisbon" ; cq:date ?never }',
        'SELECT ?x { ?x skos:prefLabel "?x cq:search \\"fjeld\\"" } # ?x cq:search "fjeld"',
        'SELECT ?x { FILTER(false) { SELECT ?x { ?x cq:search "fjeld" } } }',
        'SELECT ?x { ?x cq:search "fjeld" MINUS { ?x cq:search "fjeld" } }',
        'SELECT ?x { ?x cq:search "fjeld" FILTER NOT EXISTS { ?x cq:search "astrid" } ?x a cq:Person }',
    ],
)
def test_a_search_joins_where_it_stands(store: Callable[[str], Select | Ask], query: str) -> None:
    assert rows(store, query) == []


def test_a_node_can_be_asked_about(store: Callable[[str], Select | Ask]) -> None:
    person = "<https://w3id.org/communique/id/person/astrid-fjeld>"
    assert bool(store(f'ASK {{ {person} cq:search "fjeld" }}'))
    assert not bool(store(f'ASK {{ {person} cq:search "vassallo" }}'))
    full = "<https://w3id.org/communique/ontology#se\\u0061rch>"
    assert rows(store, f'SELECT ?x {{ ?x {full} """fjeld""" ; a cq:Person }}') == [("person/astrid-fjeld",)]


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ('?x cq:search ""', "there are no words"),
        ("?x cq:search '\"fjeld'", "a quotation mark is not closed"),
        ('?x cq:search "(fjeld"', "a bracket is not closed"),
        ('?x cq:search "fjeld OR"', "OR has nothing on one side"),
        ('?x cq:search "NOT fjeld"', "NOT needs something beside it"),
        ("?x cq:search ?words", "are to be written in the query"),
        ('?x cq:search ("fjeld" 0)', "a limit is between 1 and 10,000"),
        ('?x cq:search/cq:speaker "fjeld"', "cannot be part of a path"),
        ('[] cq:search "fjeld" . [ cq:search "fjeld" ] a ?y', "cq:search needs a"),
        ('?x cq:search "' + "a " * 60 + '"', "more than 50 words"),
        ('?x cq:search "' + "(" * 20 + "a" + ")" * 20 + '"', "nested more than 10 deep"),
        (' . '.join('?x cq:search "a"' for _ in range(21)), "more than 20 searches"),
    ],
)  # fmt: skip
def test_what_cannot_be_understood_is_a_400_that_says_why(client: FlaskClient, query: str, message: str) -> None:
    response = client.get("/sparql", query_string={"query": f"SELECT * {{ {query} }}"})
    assert response.status_code == 400
    assert message in response.text


def test_faults_are_told_at_their_place_in_the_query_that_was_sent(client: FlaskClient) -> None:
    query = 'SELECT ?x {\n  ?x cq:search "vassallo" .\n  ?x a cq:Person , }'
    response = client.get("/sparql", query_string={"query": query})
    assert response.status_code == 400
    assert "line 3, column 20" in response.text
    assert "VALUES" not in response.text


def test_the_endpoint_searches(client: FlaskClient) -> None:
    query = 'SELECT ?x ?score { (?x ?score) cq:search ("fjeld" 5) . ?x a cq:Person }'
    headers = {"Accept": "application/sparql-results+json"}
    found = json.loads(client.get("/sparql", query_string={"query": query}, headers=headers).text)
    assert [row["x"]["value"].rsplit("/")[-1] for row in found["results"]["bindings"]] == ["astrid-fjeld"]
    assert found["results"]["bindings"][0]["score"]["datatype"].endswith("decimal")


@given(st.text(alphabet=st.sampled_from("ab \"'*()\\^:{}-+ANDORTNE/5é\u0000;"), max_size=30) | st.text(max_size=20))
def test_no_words_reach_sqlite_as_its_own_syntax(words: str) -> None:
    try:
        expression = to_expression(words)
    except QueryError:
        return
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.execute("CREATE VIRTUAL TABLE words USING fts5 (text)")
        connection.execute("SELECT * FROM words WHERE words MATCH ?", (expression,)).fetchall()


# What is written


def test_all_that_is_searched_has_an_iri() -> None:
    assert [iri for iri in PROPERTIES if not re.fullmatch(r"https?://\S+[#/]\w+", str(iri))] == []


def entries(file: Path) -> list[tuple[str, str, int, str]]:
    query = """SELECT graph.iri, node, property, text FROM entry JOIN graph ON graph.id = entry.graph
               JOIN words ON words.rowid = entry.id ORDER BY 1, 2, 3, 4"""
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("INSERT INTO words (words) VALUES ('integrity-check')")
        return list(connection.execute(query))


LINE = '<https://example.org/{}> <http://www.w3.org/2004/02/skos/core#prefLabel> "{}"'
graphs = st.dictionaries(
    st.sampled_from(["a", "b", "c"]),
    st.frozensets(st.tuples(st.sampled_from(["x", "y"]), st.sampled_from(["one", "two", "one two"])), max_size=4),
)


@given(graphs, graphs)
def test_an_index_that_was_changed_is_the_one_made_anew(
    tmp_path_factory: pytest.TempPathFactory,
    before: dict[str, frozenset[tuple[str, str]]],
    after: dict[str, frozenset[tuple[str, str]]],
) -> None:
    def given_graphs(content: dict[str, frozenset[tuple[str, str]]]) -> list[GraphLines]:
        return [
            GraphLines(name, repr(sorted(content[name])), lambda n=name: [  # type: ignore[misc]
                f"{LINE.format(*pair)} <{n}> ." for pair in sorted(content[n])
            ])
            for name in content
        ]  # fmt: skip

    folder = tmp_path_factory.mktemp("indexes")
    update_index(folder / "changed", given_graphs(before))
    update_index(folder / "changed", given_graphs(after))
    update_index(folder / "new", given_graphs(after))
    assert entries(folder / "changed") == entries(folder / "new")


@pytest.fixture
def build(sample_build: Path, tmp_path: Path) -> BuildDirectory:
    shutil.copytree(sample_build, tmp_path / "graph")
    return BuildDirectory(tmp_path / "graph")


def found_in(build: BuildDirectory, words: str) -> list[str]:
    index = SearchIndex.of(build.current_store)
    assert index is not None
    found = [hit.iri for hit in index.find(words)]
    index.close()
    return found


def update(text: str) -> Update:
    return Update(text, "https://example.org/", PREFIXES)


def test_what_is_written_is_found_and_what_is_removed_is_not(build: BuildDirectory) -> None:
    writer = Writer(build)
    writer.put(GRAPH, (Payload(f"{LINE.format('n', 'Zanzibar')} .".encode(), GraphFormat.TURTLE),))
    assert found_in(build, "zanzibar") == ["https://example.org/n"]
    writer.update(update(f"DELETE DATA {{ GRAPH <{GRAPH}> {{ {LINE.format('n', 'Zanzibar')} }} }}"))
    assert found_in(build, "zanzibar") == []
    writer.update(update(f"INSERT DATA {{ GRAPH <{GRAPH}> {{ {LINE.format('n', 'Pemba')} }} }}"))
    assert found_in(build, "pemba") == ["https://example.org/n"]
    assert len(found_in(build, "fjeld")) == len(SearchIndex(build.search).find("fjeld"))
    writer.update(update("CLEAR ALL"))
    assert found_in(build, "pemba OR fjeld") == []
    writer.close()
    anew = build.path / "anew.nq"
    anew.write_bytes(b"")
    write_index(build.path / "anew", anew)
    assert entries(build.current_store / "search.sqlite") == entries(build.path / "anew") == []


def test_a_write_that_was_only_noted_is_found_after_recovery(build: BuildDirectory) -> None:
    writer = Writer(build)
    writer.put(GRAPH, (Payload(f"{LINE.format('n', 'Zanzibar')} .".encode(), GraphFormat.TURTLE),))
    writer.close()
    shutil.rmtree(build.current_store)
    Writer(build).recover()
    assert found_in(build, "zanzibar") == ["https://example.org/n"]


def test_an_update_does_not_search(build: BuildDirectory) -> None:
    writer = Writer(build)
    with pytest.raises(QueryError, match="cannot stand in an update"):
        writer.update(update('DELETE { ?x ?p ?o } WHERE { ?x cq:search "fjeld" ; ?p ?o }'))
    writer.update(update(f'INSERT DATA {{ GRAPH <{GRAPH}> {{ <n:a> cq:search "fjeld" }} }}'))
    writer.close()


def test_a_store_without_an_index_says_so(build: BuildDirectory) -> None:
    build.search.unlink()
    with pytest.raises(QueryError, match="no index for cq:search"):
        build.open_store().query('SELECT ?x { ?x cq:search "fjeld" }', prefixes=PREFIXES)
    stream = io.BytesIO()
    result = build.open_store().query("ASK {}")
    assert isinstance(result, Ask)
    result.serialize(ResultFormat.JSON, stream)
    assert b"true" in stream.getvalue()
