"""The installed command in a process of its own."""

from __future__ import annotations

import csv
import http.client
import io
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pyoxigraph
import pytest

from tests.integration.conftest import Run

COMMAND = Path(sys.executable).with_name("communique")


def test_version_and_help(communique: Run) -> None:
    assert re.fullmatch(r"communique \d+\.\d+\.\d+\n", communique("--version").stdout)
    shown = communique("--help")
    assert shown.returncode == 0
    for command in ("build", "query", "export", "validate", "serve", "ontology"):
        assert command in shown.stdout
    module = subprocess.run([sys.executable, "-m", "kg_build", "--version"], capture_output=True, text=True, check=True)
    assert module.stdout == communique("--version").stdout


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (["frobnicate"], 2, "No such command"),
        (["build"], 2, "Missing argument"),
        (["build", "x", "--out", "o", "--published", "2025-02-31"], 2, "--published: '2025-02-31'"),
        (["build", "x", "--out", "o", "--url", "nowhere"], 2, "not an absolute address"),
        (["build", "x", "--out", "o", "--base", "nowhere"], 2, "base of IRIs"),
        (["build", "missing.txt", "--out", "o"], 3, "no document could be used"),
        (["query", "missing", "ASK {}"], 4, "missing: there is no such folder; make it with: communique build"),
        (["export", "missing"], 4, "no such folder"),
        (["validate", "missing"], 4, "no such folder"),
        (["serve", "missing"], 4, "no such folder"),
    ],
)
def test_errors_are_one_line_and_a_code(
    communique: Run, tmp_path: Path, arguments: list[str], code: int, message: str
) -> None:
    done = communique(*arguments, cwd=tmp_path)
    assert done.returncode == code
    assert message in done.stderr
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "o").exists()


QUERY = "SELECT ?name ?type { ?x a ?type ; skos:prefLabel ?name } ORDER BY ?name ?type"


def test_query_formats(communique: Run, built: Path) -> None:
    found = list(csv.reader(io.StringIO(communique("query", built, QUERY).stdout)))
    assert found[0] == ["name", "type"]
    assert ["Sergey Lavrov", "https://w3id.org/communique/ontology#Person"] in found
    table = communique("query", built, QUERY, "--format", "table").stdout
    assert "Sergey Lavrov" in table
    assert "cq:Person" in table
    bindings = json.loads(communique("query", built, QUERY, "--format", "json").stdout)["results"]["bindings"]
    assert len(bindings) == len(found) - 1
    assert communique("query", built, QUERY, "--format", "tsv").stdout.startswith("?name\t?type\n")
    assert "<sparql" in communique("query", built, QUERY, "--format", "xml").stdout
    assert communique("query", built, "ASK { ?x a cq:Person }").stdout == "yes\n"
    assert (
        json.loads(communique("query", built, "ASK {?x a cq:Nothing}", "--format", "json").stdout)["boolean"] is False
    )
    turtle = communique("query", built, "DESCRIBE <person/sergey-lavrov>").stdout
    assert len(list(pyoxigraph.parse(turtle, format=pyoxigraph.RdfFormat.TURTLE))) > 3


def test_query_from_file_and_standard_input(communique: Run, built: Path, tmp_path: Path) -> None:
    file = tmp_path / "q.rq"
    file.write_text(QUERY)
    expected = communique("query", built, QUERY).stdout
    assert communique("query", built, "--file", file).stdout == expected
    assert communique("query", built, "-f", "-", input=QUERY).stdout == expected


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (["SELECT * {"], 5, "line 1"),
        (["SELECT * { ?s a foo:Bar }"], 5, "the prefix foo: is not declared"),
        (["SELECT * { SERVICE <http://a/> {} }"], 5, "SERVICE is not allowed"),
        (["SELECT * " + "{" * 5000 + "}" * 5000], 5, "nested"),
        (["INSERT DATA { <a:a> <a:b> <a:c> }"], 5, "an update, not a query"),
        ([], 2, "there must be one query"),
        (["ASK {}", "--file", "x"], 2, "there must be one query"),
        (["--file", "nowhere.rq"], 2, "nowhere.rq: cannot be read"),
        (["SELECT * {}", "--format", "turtle"], 2, "cannot be had as turtle"),
        (["DESCRIBE <a:a>", "--format", "csv"], 2, "cannot be had as csv"),
    ],
)
def test_queries_that_cannot_be_run(
    communique: Run, built: Path, arguments: list[str], code: int, message: str
) -> None:
    done = communique("query", built, *arguments)
    assert (done.returncode, done.stdout) == (code, "")
    assert message in done.stderr
    assert "Traceback" not in done.stderr


def test_documents_come_and_go(communique: Run, tmp_path: Path) -> None:
    for name in ("one", "two"):
        (tmp_path / f"{name}.txt").write_text("Sergey Lavrov met Abbas Araghchi in Muscat.")
    assert communique("build", tmp_path / "one.txt", "--out", tmp_path / "graph").returncode == 0
    added = communique("build", tmp_path / "two.txt", "--out", tmp_path / "graph")
    assert re.search(r"documents +2", added.stdout)
    gone = communique("withdraw", tmp_path / "graph", "one")
    assert (gone.returncode, bool(re.search(r"documents +1", gone.stdout))) == (0, True)
    unknown = communique("withdraw", tmp_path / "graph", "one")
    assert (unknown.returncode, unknown.stdout) == (2, "")
    assert "one: there is no document of that identifier" in unknown.stderr


EXPORTS = {
    "turtle": pyoxigraph.RdfFormat.TURTLE,
    "ntriples": pyoxigraph.RdfFormat.N_TRIPLES,
    "nquads": pyoxigraph.RdfFormat.N_QUADS,
    "trig": pyoxigraph.RdfFormat.TRIG,
    "jsonld": pyoxigraph.RdfFormat.JSON_LD,
    "rdfxml": pyoxigraph.RdfFormat.RDF_XML,
}


@pytest.mark.parametrize("name", EXPORTS)
def test_export_holds_the_graph(communique: Run, built: Path, tmp_path: Path, name: str) -> None:
    quads = set(pyoxigraph.parse(path=str(built / "data.nq"), format=pyoxigraph.RdfFormat.N_QUADS))
    with_graphs = EXPORTS[name].supports_datasets
    expected = quads if with_graphs else {q.triple for q in quads}
    out = tmp_path / "graph"
    done = communique("export", built, "--format", name, "-o", out)
    assert (done.returncode, done.stdout) == (0, "")
    parsed = list(pyoxigraph.parse(path=str(out), format=EXPORTS[name]))
    assert {q if with_graphs else q.triple for q in parsed} == expected
    assert len(parsed) == len(expected)
    assert communique("export", built, "--format", name).stdout == out.read_text(encoding="utf-8")
    short = communique("export", built, "--format", name, "--no-text").stdout
    assert "Badr Albusaidi will meet Abbas Araghchi in Muscat. “Iran" not in short
    texts = len(list(pyoxigraph.parse(short, format=EXPORTS[name])))
    assert texts == len(expected) - 3
    assert [path.name for path in tmp_path.iterdir()] == ["graph"]


def test_export_of_one_graph(communique: Run, built: Path) -> None:
    name = "https://w3id.org/communique/id/document/plan-3"
    shown = communique("export", built, "--graph", name, "--format", "nquads").stdout
    assert shown
    assert all(line.endswith(f" <{name}> .") for line in shown.splitlines())
    missing = communique("export", built, "--graph", "https://example.org/none")
    assert missing.returncode == 2
    assert "there is no graph of that name" in missing.stderr


def test_a_reader_that_goes_away(built: Path) -> None:
    line = f"'{COMMAND}' export '{built}' --format ntriples | head -n 1"
    done = subprocess.run(["bash", "-c", line], capture_output=True, text=True, check=False, timeout=60)
    assert done.stdout.startswith("<")
    assert "Traceback" not in done.stderr


def test_validate_a_build_and_files(communique: Run, built: Path, tmp_path: Path) -> None:
    done = communique("validate", built)
    assert done.returncode == 0
    assert "3 graphs: conforms" in done.stdout
    trig = tmp_path / "graph.trig"
    assert communique("export", built, "--format", "trig", "-o", trig).returncode == 0
    done = communique("validate", trig)
    assert done.returncode == 0
    assert "3 graphs: conforms" in done.stdout
    broken = tmp_path / "broken.nt"
    text = communique("export", built, "--format", "ntriples").stdout
    broken.write_text(re.sub(r'(#end> )"\d+"', r'\1"3"', text), encoding="utf-8")
    done = communique("validate", broken)
    assert done.returncode == 1
    assert "does not conform" in done.stdout
    assert "violation\t" in done.stdout
    assert "The evidence at characters" in done.stdout
    nonsense = tmp_path / "nonsense.ttl"
    nonsense.write_text("nonsense")
    done = communique("validate", nonsense)
    assert done.returncode == 3
    assert "not valid Turtle" in done.stderr
    assert communique("validate", Path(__file__)).returncode == 2


def test_validate_finds_what_was_changed_in_a_build(communique: Run, built: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    shutil.copytree(built, out)
    data = (out / "data.nq").read_text(encoding="utf-8")
    (out / "data.nq").write_text(data.replace("Iran is ready", "Iran is not ready"), encoding="utf-8")
    done = communique("validate", out, "--jobs", 2)
    assert done.returncode == 1
    assert "changed after it was read" in done.stdout
    (out / "data.nq").write_text(data + "nonsense\n", encoding="utf-8")
    done = communique("validate", out)
    assert done.returncode == 4
    assert f"data.nq:{data.count(chr(10)) + 1}" in done.stderr


def test_ontology(communique: Run) -> None:
    done = communique("ontology")
    assert done.returncode == 0
    assert "Organization" in done.stdout
    assert "\n  GovernmentBody" in done.stdout
    assert "0 faults" in done.stdout


def test_serve(built: Path) -> None:
    process = subprocess.Popen(
        [COMMAND, "serve", built, "--port", "0"],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "COLUMNS": "200"},
    )
    assert process.stdout
    try:
        found = re.search(r"http://127\.0\.0\.1:(\d+)/", process.stdout.readline())
        assert found
        assert "3 documents, 4 persons, 1 ministries, 3 meetings, 2 statements" in process.stdout.readline()
        connection = http.client.HTTPConnection("127.0.0.1", int(found[1]), timeout=30)
        connection.request("GET", "/sparql?query=ASK%20%7B%20%3Fx%20a%20cq%3APerson%20%7D")
        assert json.loads(connection.getresponse().read())["boolean"] is True
        connection.close()
        taken = subprocess.run(
            [COMMAND, "serve", built, "--port", found[1]], capture_output=True, text=True, check=False, timeout=60
        )
        assert taken.returncode == 6
        assert "cannot listen: Address already in use" in taken.stderr
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(30)
        process.stdout.close()


@pytest.fixture(scope="module")
def with_reader(tmp_path_factory: pytest.TempPathFactory, articles: Path, communique: Run) -> Path:
    """A build of the three articles by the installed reader."""
    out = tmp_path_factory.mktemp("real") / "graph"
    done = communique("build", articles, "--out", out, "--jobs", 2)
    assert done.returncode == 0, done.stderr
    assert "reading documents" in done.stderr
    assert re.search(r"documents\s+3", done.stdout)
    assert f"built {out} in " in done.stdout
    return out


def test_build_with_the_installed_reader(with_reader: Path, communique: Run, articles: Path, tmp_path: Path) -> None:
    assert communique("validate", with_reader).returncode == 0
    assert communique("build", articles, "--out", tmp_path / "again", "-j", 1).returncode == 0
    assert (tmp_path / "again" / "data.nq").read_bytes() == (with_reader / "data.nq").read_bytes()


def test_strict_build(with_reader: Path, communique: Run, articles: Path, tmp_path: Path) -> None:
    assert with_reader.exists()
    (tmp_path / "empty.txt").touch()
    for options, code in (([], 0), (["--strict"], 1)):
        done = communique("build", articles, tmp_path / "empty.txt", "--out", tmp_path / "out", *options)
        assert done.returncode == code
        assert "set aside: " in done.stderr
        assert "empty.txt: the document has no text" in done.stderr
        assert "1 set aside; the reasons stand in" in done.stdout


def test_ctrl_c_in_a_build(with_reader: Path, articles: Path, tmp_path: Path) -> None:
    assert with_reader.exists()
    many = tmp_path / "many.jsonl"
    text = (articles / "readout-2.txt").read_text(encoding="utf-8") * 40
    many.write_text("".join(json.dumps({"id": str(n), "text": text}) + "\n" for n in range(500)))
    process = subprocess.Popen(
        [COMMAND, "build", many, "--out", tmp_path / "out"], stderr=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert process.stderr
    assert "reading documents" in process.stderr.readline()
    time.sleep(0.5)
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate(timeout=60)
    assert process.returncode == 130
    assert "stopped; nothing was changed" in errors
    assert "Traceback" not in errors
    assert [path.name for path in tmp_path.iterdir()] == ["many.jsonl"]
