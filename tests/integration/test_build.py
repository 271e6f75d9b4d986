"""Builds from files to a store, with the fake reader, and what happens to them when something goes wrong."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pyoxigraph
import pytest

from kg_build.build_directory import BuildDirectory, open_build
from kg_build.combine import Counts
from kg_build.errors import InputError, StoreError, UnavailableError, UsageError
from kg_build.model import Status
from kg_build.pipeline import BuildSettings, NobodyWatches, Step, build
from kg_build.quarantine import Refusal, Stage
from kg_build.sources import Limits
from kg_build.store import Select, Store
from ontology import PREFIXES
from tests.support.fake_reader import make_broken_reader, make_reader

ROOT = Path(__file__).resolve().parents[2]


class Notes(NobodyWatches):
    def __init__(self) -> None:
        self.steps: list[Step] = []
        self.refusals: list[Refusal] = []
        self.count = 0

    def step(self, step: Step, documents: int) -> None:
        self.steps.append(step)
        self.documents = documents

    def done(self) -> None:
        self.count += Step.MAKING not in self.steps

    def refused(self, refusal: Refusal) -> None:
        self.refusals.append(refusal)


def rows(store: Store, query: str) -> list[list[str]]:
    result = store.query(query, prefixes=PREFIXES)
    assert isinstance(result, Select)
    return [[value.text if value else "" for value in row] for row in result.rows()]


def run(source: Path, out: Path, **settings: object) -> Notes:
    notes = Notes()
    build(BuildSettings((source,), out, **{"jobs": 1, **settings}), make_reader=make_reader, watcher=notes)  # type: ignore[arg-type]
    return notes


def script(*arguments: object, timeout: float = 60) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "tests.support.run_build", *map(str, arguments)]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=timeout, check=False)


def test_what_a_build_leaves(built: Path) -> None:
    directory = open_build(built)
    assert sorted(path.name for path in built.iterdir()) == [
        "data.nq", "documents.sqlite", "manifest.json", "quarantine", "report.ttl", "search.sqlite", "store",
    ]  # fmt: skip
    assert list(directory.quarantine.iterdir()) == []
    assert "sh:conforms true" in directory.report.read_text()
    manifest = directory.read_manifest()
    assert manifest.counts == Counts(
        documents=3,
        persons=4,
        ministries=1,
        organizations=1,
        countries=3,
        meetings={Status.PLANNED: 1, Status.HELD: 2},
        statements=2,
        mentions=manifest.counts.mentions,
    )
    assert [Path(entry.path).name for entry in manifest.inputs] == [
        "plan-3.md", "readout-1.md", "readout-2.txt", "readout-2.json",
    ]  # fmt: skip
    assert all(entry.sha256 and len(entry.sha256) == 64 for entry in manifest.inputs)
    assert (manifest.reader.name, manifest.set_aside.total) == ("fake", 0)
    assert manifest.triples == len(directory.data.read_bytes().splitlines())


def test_the_store_holds_the_data_and_the_time(built: Path) -> None:
    store = open_build(built).open_store()
    assert store.count() == open_build(built).read_manifest().triples + 1
    assert len(rows(store, "SELECT ?t { ?build a prov:Activity ; prov:endedAtTime ?t }")) == 1
    assert b"endedAtTime" not in (built / "data.nq").read_bytes()


def test_counts_are_those_that_a_query_gives(built: Path) -> None:
    directory = open_build(built)
    counts = directory.read_manifest().counts
    store = directory.open_store()
    for kind, number in (
        ("Document", counts.documents),
        ("Person", counts.persons),
        ("Ministry", counts.ministries),
        ("Organization", counts.organizations),
        ("Country", counts.countries),
        ("Meeting", sum(counts.meetings.values())),
        ("Statement", counts.statements),
        ("Mention", counts.mentions),
    ):
        assert rows(store, f"SELECT (COUNT(?x) AS ?n) {{ ?x a cq:{kind} }}") == [[str(number)]], kind


def test_two_readouts_of_one_meeting_are_one_node(built: Path) -> None:
    store = open_build(built).open_store()
    query = """SELECT ?label ?status (COUNT(DISTINCT ?g) AS ?documents) {
        ?m cq:currentStatus ?status ; skos:prefLabel ?label . GRAPH ?g { ?m cq:participant ?p }
    } GROUP BY ?label ?status ORDER BY ?label"""
    cq = PREFIXES["cq"]
    assert rows(store, query) == [
        ["Meeting of Abbas Araghchi and Badr Albusaidi in Muscat", f"{cq}Planned", "1"],
        ["Meeting of Ararat Mirzoyan and Sergey Lavrov in Moscow, 24 March 2025", f"{cq}Held", "2"],
        ["Telephone call of Abbas Araghchi and Sergey Lavrov, 24 March 2025", f"{cq}Held", "1"],
    ]
    met = rows(store, "SELECT (COUNT(*) AS ?n) { ?a cq:metWith ?b }")
    assert met == [["4"]]


def test_the_data_is_sorted_and_every_quotation_exact(built: Path) -> None:
    lines = (built / "data.nq").read_bytes().splitlines()
    names = [line.rsplit(b" ", 2)[1] for line in lines]
    assert names == sorted(names)
    assert lines == [line for _, line in sorted(zip(names, lines, strict=True))]
    parsed = list(pyoxigraph.parse(path=str(built / "data.nq"), format=pyoxigraph.RdfFormat.N_QUADS))
    assert len(parsed) == len(lines)
    store = open_build(built).open_store()
    query = """SELECT ?text ?start ?end ?exact { ?t oa:hasSource/cq:text ?text ; oa:hasSelector ?p, ?q .
        ?p oa:start ?start ; oa:end ?end . ?q oa:exact ?exact }"""
    found = rows(store, query)
    assert found
    assert all(text[int(start) : int(end)] == exact for text, start, end, exact in found)


def test_the_same_input_gives_the_same_bytes(articles: Path, built: Path, tmp_path: Path) -> None:
    run(articles, tmp_path / "again")
    run(articles, tmp_path / "two", jobs=2)
    copy = tmp_path / "elsewhere"
    shutil.copytree(articles, copy)
    build(
        BuildSettings((copy / "readout-2.txt", copy / "plan-3.md", copy / "readout-1.md"), tmp_path / "order", jobs=2),
        make_reader=make_reader,
    )
    expected = (built / "data.nq").read_bytes()
    for name in ("again", "two", "order"):
        assert (tmp_path / name / "data.nq").read_bytes() == expected
        assert (tmp_path / name / "report.ttl").read_bytes() == (built / "report.ttl").read_bytes()


def test_another_base(articles: Path, tmp_path: Path) -> None:
    run(articles, tmp_path / "out", base="https://example.org/kg/")
    data = (tmp_path / "out" / "data.nq").read_text()
    assert "<https://example.org/kg/person/sergey-lavrov>" in data
    assert "communique/id/" not in data
    for wrong in ("example.org/", "https://example.org", "https://example.org/a b/", "https://a.org/#/"):
        with pytest.raises(UsageError, match="base"):
            BuildSettings((articles,), tmp_path / "x", base=wrong)


def write_all(folder: Path) -> None:
    """Good documents among every kind of bad input."""
    folder.mkdir()
    (folder / "a-good.txt").write_text("Sergey Lavrov met Abbas Araghchi in Muscat.\n")
    (folder / "b-latin.txt").write_bytes(b"caf\xe9")
    (folder / "c-empty.txt").touch()
    (folder / "d-noise.txt").write_bytes(bytes(range(256)) * (5 << 12))
    (folder / "e-date.md").write_text("---\npublished: 2025-02-31\n---\nText")
    (folder / "f-dangling.txt").symlink_to(folder / "nowhere")
    (folder / "g-lines.jsonl").write_text(
        '{"id": "g1", "text": "Badr Albusaidi met Sergey Lavrov."}\n{"id": "g2", \n{"id": "a-good", "text": "x"}\n'
        '{"id": "g4", "text": "RAISE"}\n{"id": "g5", "text": "DIE"}\n{"id": "g6", "text": "UNSOUND"}\n'
        '{"id": "g7", "text": "They met: LONELY"}\n{"id": "g8", "text": "Nothing."}\n'
    )
    (folder / "h-good.txt").write_text("Ararat Mirzoyan called Sergey Lavrov.\n")


EXPECTED = [
    (Stage.INPUT, "f-dangling.txt", None, "cannot be read"),  # found before any is read
    (Stage.INPUT, "b-latin.txt", 1, "not valid UTF-8"),
    (Stage.INPUT, "c-empty.txt", None, "no text"),
    (Stage.INPUT, "d-noise.txt", None, "not valid UTF-8"),
    (Stage.INPUT, "e-date.md", 2, "2025-02-31"),
    (Stage.INPUT, "g-lines.jsonl", 2, "not valid JSON"),
    (Stage.INPUT, "g-lines.jsonl", 3, "taken by"),
    (Stage.READING, "g-lines.jsonl", 4, "RuntimeError: the text says so"),
    (Stage.READING, "g-lines.jsonl", 5, "ended the process (Killed)"),
    (Stage.READING, "g-lines.jsonl", 6, "unsound"),
    (Stage.SHAPES, "g-lines.jsonl", 7, "breaks a shape"),
]


@pytest.mark.parametrize("jobs", [1, 3])
def test_what_is_bad_is_set_aside_and_loses_nothing_else(tmp_path: Path, jobs: int) -> None:
    write_all(tmp_path / "in")
    notes = run(tmp_path / "in", tmp_path / "out", jobs=jobs)
    found = [(r.stage, r.record.file.name, r.record.line, r.record.reason) for r in notes.refusals]
    assert len(found) == len(EXPECTED)
    for (stage, name, line, reason), (want_stage, want_name, want_line, want_reason) in zip(
        found, EXPECTED, strict=True
    ):
        assert (stage, name) == (want_stage, want_name)
        assert want_line in (None, line)
        assert want_reason in reason
    directory = open_build(tmp_path / "out")
    manifest = directory.read_manifest()
    assert (manifest.set_aside.inputs, manifest.set_aside.readings, manifest.set_aside.shapes) == (7, 3, 1)
    assert manifest.findings["Violation"] >= 1
    identifiers = rows(directory.open_store(), "SELECT ?id { ?d dcterms:identifier ?id } ORDER BY ?id")
    assert identifiers == [["a-good"], ["g1"], ["g8"], ["h-good"]]
    assert notes.count == len(EXPECTED) + 4
    records = {path.name: json.loads(path.read_text()) for path in directory.quarantine.glob("*.json")}
    assert len(records) == len(EXPECTED)
    assert records["e-date.json"]["line"] == 2
    assert records["g7.json"]["findings"][0]["severity"] == "Violation"
    assert [path.name for path in directory.quarantine.glob("*.nq")] == ["g7.nq"]
    assert (directory.quarantine / "g7.nq").read_text().count("\n") > 10
    assert "sh:conforms false" in directory.report.read_text()


def test_a_document_that_takes_too_long(tmp_path: Path) -> None:
    source = tmp_path / "in.jsonl"
    source.write_text('{"id": "a", "text": "HANG"}\n{"id": "b", "text": "fine"}\n')
    begun = time.monotonic()
    notes = run(source, tmp_path / "out", timeout=5)
    assert time.monotonic() - begun < 60
    assert [(r.stage, r.record.id) for r in notes.refusals] == [(Stage.READING, "a")]
    assert "longer than 5 seconds" in notes.refusals[0].record.reason


def test_nothing_usable_changes_nothing(built: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    shutil.copytree(built, out)
    (tmp_path / "empty.txt").touch()
    with pytest.raises(InputError, match="no document could be used: 1 set aside"):
        run(tmp_path / "empty.txt", out)
    (tmp_path / "none.jsonl").touch()
    with pytest.raises(InputError, match="there are no documents"):
        run(tmp_path / "none.jsonl", out)
    assert (out / "data.nq").read_bytes() == (built / "data.nq").read_bytes()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["empty.txt", "none.jsonl", "out"]


def test_a_reader_that_cannot_be_had(articles: Path, tmp_path: Path) -> None:
    settings = BuildSettings((articles,), tmp_path / "out", jobs=1)
    with pytest.raises(UnavailableError, match="its model is missing"):
        build(settings, make_reader=make_broken_reader)
    assert list(tmp_path.iterdir()) == []


def test_limits_reach_the_sources(articles: Path, tmp_path: Path) -> None:
    notes = run(articles, tmp_path / "out", limits=Limits(characters=100))
    assert [r.record.id for r in notes.refusals] == ["readout-1"]


def test_a_foreign_folder_is_not_replaced(articles: Path, tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "thesis.txt").write_text("all my work")
    with pytest.raises(StoreError, match="something other"):
        run(articles, tmp_path / "out")
    assert (tmp_path / "out" / "thesis.txt").read_text() == "all my work"


@pytest.mark.parametrize("step", [step.name for step in Step])
def test_killed_at_any_step_the_old_graph_stays(articles: Path, built: Path, tmp_path: Path, step: str) -> None:
    out = tmp_path / "out"
    shutil.copytree(built, out)
    before = (out / "manifest.json").read_bytes()
    assert script(articles, out, step).returncode == -9
    assert (out / "manifest.json").read_bytes() == before
    assert open_build(out).open_store().count() > 0
    assert script(articles, out).returncode == 0
    assert sorted(path.name for path in tmp_path.iterdir()) == ["out"]
    assert (out / "data.nq").read_bytes() == (built / "data.nq").read_bytes()


def test_killed_at_any_moment_there_is_a_whole_graph_or_none(articles: Path, built: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    command = [sys.executable, "-m", "tests.support.run_build", str(articles), str(out)]
    for delay in (0.3, 0.8, 1.2, 1.5, 1.8):
        process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            process.wait(delay)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        if out.exists():
            assert (out / "data.nq").read_bytes() == (built / "data.nq").read_bytes()
            assert open_build(out).open_store().count() > 0


@pytest.mark.skipif(sys.platform == "win32", reason="there is no limit on the size of files")
@pytest.mark.parametrize("most", [500, 5_000, 40_000])
def test_a_full_disk_leaves_the_old_graph(articles: Path, built: Path, tmp_path: Path, most: int) -> None:
    out = tmp_path / "out"
    shutil.copytree(built, out)
    done = script(articles, out, f"LIMIT:{most}")
    assert done.returncode == 1, done.stderr
    assert "StoreError" in done.stderr
    assert "Traceback" not in done.stderr
    assert (out / "data.nq").read_bytes() == (built / "data.nq").read_bytes()
    assert open_build(out).open_store().count() > 0
    assert sorted(path.name for path in tmp_path.iterdir()) == ["out"]


def test_an_open_store_survives_its_replacement(articles: Path, tmp_path: Path) -> None:
    run(articles, tmp_path / "out")
    store = BuildDirectory(tmp_path / "out").open_store()
    before = store.count()
    run(articles, tmp_path / "out", base="https://example.org/")
    assert store.count() == before


def test_manifests_of_others(built: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    shutil.copytree(built, out)
    record = json.loads((out / "manifest.json").read_text())
    (out / "manifest.json").write_text(json.dumps({**record, "format_version": 99}))
    with pytest.raises(StoreError, match="another version"):
        open_build(out)
    del record["counts"]
    (out / "manifest.json").write_text(json.dumps(record))
    with pytest.raises(StoreError, match="damaged"):
        open_build(out)
    (out / "manifest.json").write_text("[]")
    with pytest.raises(StoreError, match="not a graph of communique"):
        open_build(out)
    with pytest.raises(StoreError, match="no such folder"):
        open_build(tmp_path / "none")


def test_settings_are_checked(articles: Path, tmp_path: Path) -> None:
    settings = BuildSettings((articles,), tmp_path)
    with pytest.raises(UsageError, match="at least one job"):
        replace(settings, jobs=0)
