"""A graph that documents are added to, replaced in and withdrawn from is the one that a build from scratch makes."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import pyoxigraph
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kg_build import fingerprint, rebuild
from kg_build.build_directory import BuildDirectory, open_build
from kg_build.errors import InputError, StoreError, UsageError
from kg_build.model import Document, ReaderVersion, Reading
from kg_build.pipeline import BuildSettings, NobodyWatches, Step, build, withdraw
from kg_build.store import GraphFormat
from kg_build.store.live import Payload
from kg_build.writes.writer import Writer
from tests.support.fake_reader import FakeReader, make_reader
from tests.support.inline_workers import InlineWorkers

NAMES = ("Ararat Mirzoyan", "Sergey Lavrov", "Abbas Araghchi", "Badr Albusaidi")
IDS = ("a", "b", "c", "d", "e")


@pytest.fixture(autouse=True)
def inline(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rebuild, "Workers", InlineWorkers)
    # In graphs as small as these every change is a large one; still the old store is to be changed.
    monkeypatch.setattr(rebuild, "_MOST_CHANGED", 100.0)


def sentence(draw: st.DrawFn) -> str:
    one, other = draw(st.lists(st.sampled_from(NAMES), min_size=2, max_size=2, unique=True))
    return draw(
        st.sampled_from(
            [
                f"{one} met {other} in Muscat.",
                f"{one} will meet {other}.",
                f"{one} called {other}.",
                f"Foreign Minister {one} of Armenia spoke. “We agree,” said {other}.",
                "RAISE",
                "UNSOUND",
                "They met: LONELY",
            ]
        )
    )


@st.composite
def texts(draw: st.DrawFn) -> str:
    return " ".join(sentence(draw) for _ in range(draw(st.integers(1, 2))))


@st.composite
def steps(draw: st.DrawFn) -> list[Mapping[str, str] | str]:
    """Builds of some documents, and identifiers to withdraw."""
    batch = st.dictionaries(st.sampled_from(IDS), texts(), min_size=1, max_size=3)
    return draw(st.lists(st.one_of(batch, batch, st.sampled_from(IDS)), min_size=1, max_size=6))


def write(folder: Path, documents: Mapping[str, str]) -> Path:
    """The documents as a file of JSON Lines; those of one identifier are always of the same day."""
    file = folder / "news.jsonl"
    lines = [{"id": i, "text": text, "published": f"2025-03-{10 + IDS.index(i)}"} for i, text in documents.items()]
    file.write_text("".join(json.dumps(line) + "\n" for line in lines))
    return file


def contents(folder: Path) -> dict[str, object]:
    """All that must be the same: the data, the report, what was set aside but for its place, and the store."""
    directory = BuildDirectory(folder)
    quads = {str(quad) for quad in pyoxigraph.Store.read_only(str(directory.store)) if "endedAtTime" not in str(quad)}
    set_aside = {path.name: json.loads(path.read_text()) | {"line": 0} for path in directory.quarantine.glob("*.json")}
    manifest = directory.read_manifest()
    return {
        "data": directory.data.read_bytes(),
        "report": directory.report.read_bytes(),
        "quarantine": set_aside,
        "store": quads,
        "search": searched(directory.search),
        "counts": (manifest.counts, manifest.triples, manifest.set_aside, manifest.findings),
    }


def searched(index: Path) -> list[tuple[str, str, int, str]]:
    """What can be found, and where."""
    query = """SELECT graph.iri, node, property, text FROM entry JOIN graph ON graph.id = entry.graph
               JOIN words ON words.rowid = entry.id ORDER BY 1, 2, 3, 4"""
    with closing(sqlite3.connect(index)) as connection:
        return list(connection.execute(query))


@contextmanager
def folders() -> Iterator[Path]:
    with TemporaryDirectory() as folder:
        yield Path(folder)


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps())
def test_whatever_the_steps_it_is_the_graph_of_a_build_from_scratch(steps: list[Mapping[str, str] | str]) -> None:
    with folders() as folder:
        out, now = folder / "out", {}
        for step in steps:
            if not isinstance(step, str):
                try:
                    build(BuildSettings((write(folder, step),), out, jobs=1), make_reader=make_reader)
                except InputError:
                    continue  # nothing could be used, and nothing was changed
                now |= step
            elif step in now and len(now) > 1:
                try:
                    withdraw(out, [step])
                except InputError:
                    continue
                del now[step]
        if now:
            build(BuildSettings((write(folder, now),), folder / "scratch", jobs=1), make_reader=make_reader)
            assert contents(out) == contents(folder / "scratch")


class Counting(FakeReader):
    """The fake reader, which notes what it reads; another version of it is another reader."""

    def __init__(self, read: list[str], version: str) -> None:
        self.version = ReaderVersion("fake", version, "0" * 64)
        self._read = read

    def read(self, document: Document) -> Reading:
        self._read.append(document.id)
        return super().read(document)


def add(folder: Path, documents: Mapping[str, str], read: list[str] | None = None, version: str = "1") -> Path:
    out = folder / "out"
    noted = [] if read is None else read
    build(BuildSettings((write(folder, documents),), out, jobs=1), make_reader=lambda: Counting(noted, version))
    return out


def test_only_what_is_new_or_changed_is_read(tmp_path: Path) -> None:
    read: list[str] = []
    add(tmp_path, {"a": "Sergey Lavrov called Abbas Araghchi.", "b": "Sergey Lavrov met Abbas Araghchi."}, read)
    assert read == ["a", "b"]
    add(
        tmp_path,
        {"b": "Sergey Lavrov met Abbas Araghchi.", "a": "Badr Albusaidi called Abbas Araghchi.", "c": "x"},
        read,
    )
    assert read == ["a", "b", "a", "c"]
    out = add(tmp_path, {"c": "x"}, read)
    assert len(read) == 4
    assert open_build(out).read_manifest().counts.documents == 3


def test_metadata_are_part_of_a_document(tmp_path: Path) -> None:
    read: list[str] = []
    file = tmp_path / "note.txt"
    file.write_text("Sergey Lavrov called Abbas Araghchi.")
    for day in ("2025-03-24", "2025-03-24", "2025-03-25"):
        (tmp_path / "note.json").write_text(json.dumps({"published": day}))
        settings = BuildSettings((file,), tmp_path / "out", jobs=1)
        build(settings, make_reader=lambda: Counting(read, "1"))
    assert read == ["note", "note"]


def test_what_another_reader_read_is_read_again_from_what_is_kept(tmp_path: Path) -> None:
    read: list[str] = []
    add(tmp_path, {"a": "Sergey Lavrov called Abbas Araghchi.", "b": "x"}, read)
    out = add(tmp_path, {"c": "y"}, read, version="2")
    assert read == ["a", "b", "c", "a", "b"]
    assert open_build(out).read_manifest().reader.version == "2"


def test_what_an_older_program_made_is_made_again_without_reading(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[str] = []
    out = add(tmp_path, {"a": "Sergey Lavrov called Abbas Araghchi."}, read)
    before = (out / "data.nq").read_bytes()
    monkeypatch.setattr(fingerprint, "of_graphs", lambda: "other")
    made: list[str] = []
    original = rebuild.Documents.keep_graph
    monkeypatch.setattr(
        rebuild.Documents, "keep_graph", lambda self, m, links: (made.append(m.document.id), original(self, m, links))
    )
    add(tmp_path, {"a": "Sergey Lavrov called Abbas Araghchi."}, read)
    assert (read, made) == (["a"], ["a"])
    assert (out / "data.nq").read_bytes() == before


def test_another_base_is_taken_without_reading(tmp_path: Path) -> None:
    read: list[str] = []
    text = {"a": "Sergey Lavrov called Abbas Araghchi."}
    out = add(tmp_path, text, read)
    base = "https://example.org/kg/"
    build(BuildSettings((write(tmp_path, text),), out, base, jobs=1), make_reader=lambda: Counting(read, "1"))
    assert read == ["a"]
    assert b"communique/id/" not in (out / "data.nq").read_bytes()
    add(tmp_path, {"b": "x"}, read)
    assert open_build(out).read_manifest().base == base


def test_fresh_forgets_what_was_there(tmp_path: Path) -> None:
    out = add(tmp_path, {"a": "Sergey Lavrov called Abbas Araghchi.", "b": "RAISE"})
    settings = BuildSettings((write(tmp_path, {"c": "x"}),), out, jobs=1, fresh=True)
    manifest = build(settings, make_reader=make_reader)
    assert (manifest.counts.documents, manifest.set_aside.total) == (1, 0)


def test_what_was_set_aside_stays_reported_until_its_file_is_mended(tmp_path: Path) -> None:
    bad = tmp_path / "bad.txt"
    bad.write_bytes(b"caf\xe9")
    good = tmp_path / "good.txt"
    good.write_text("Sergey Lavrov called Abbas Araghchi.")
    out = tmp_path / "out"

    def run(*inputs: Path) -> list[str]:
        build(BuildSettings(inputs, out, jobs=1), make_reader=make_reader)
        assert open_build(out).read_manifest().set_aside.total == len(list((out / "quarantine").glob("*.json")))
        return sorted(path.stem for path in (out / "quarantine").glob("*.json"))

    assert run(bad, good) == ["bad"]
    assert run(good) == ["bad"]
    bad.write_text("LONELY")
    assert run(bad) == ["bad"]
    assert open_build(out).read_manifest().set_aside.shapes == 1
    bad.write_text("Sergey Lavrov called Badr Albusaidi.")
    assert run(bad) == []
    assert [Path(entry.path).name for entry in open_build(out).read_manifest().inputs] == ["bad.txt", "good.txt"]


def test_inputs_that_give_nothing_change_nothing(tmp_path: Path) -> None:
    out = add(tmp_path, {"a": "Sergey Lavrov called Abbas Araghchi."})
    before = (out / "manifest.json").read_bytes()
    with pytest.raises(InputError, match="no document could be used"):
        build(BuildSettings((tmp_path / "none.txt",), out, jobs=1), make_reader=make_reader)
    assert (out / "manifest.json").read_bytes() == before


def test_withdrawing_removes_what_one_document_alone_supported(tmp_path: Path) -> None:
    out = add(tmp_path, {"a": "Sergey Lavrov called Abbas Araghchi.", "b": "Sergey Lavrov called Badr Albusaidi."})
    manifest = withdraw(out, ["b"])
    assert manifest.counts.persons == 2
    data = (out / "data.nq").read_text()
    assert "badr" not in data
    assert "abbas" in data


def test_withdrawing_what_is_not_there(tmp_path: Path) -> None:
    out = add(tmp_path, {"a": "x", "b": "y"})
    with pytest.raises(UsageError, match=r"no document of that identifier"):
        withdraw(out, ["zebra"])
    with pytest.raises(UsageError, match="remove the folder instead"):
        withdraw(out, ["a", "b"])
    with pytest.raises(StoreError, match="no such folder"):
        withdraw(tmp_path / "none", ["a"])


def test_a_near_identifier_is_suggested(tmp_path: Path) -> None:
    for name in ("readout-march", "other"):
        (tmp_path / f"{name}.txt").write_text("x")
    build(BuildSettings((tmp_path,), tmp_path / "out", jobs=1), make_reader=make_reader)
    with pytest.raises(UsageError, match="do you mean readout-march"):
        withdraw(tmp_path / "out", ["readout-mach"])


def test_a_graph_without_what_is_kept_cannot_be_added_to(tmp_path: Path) -> None:
    out = add(tmp_path, {"a": "x"})
    (out / "documents.sqlite").unlink()
    with pytest.raises(StoreError, match="cannot be added to"):
        add(tmp_path, {"b": "y"})
    (out / "documents.sqlite").write_bytes(b"no database" * 100)
    with pytest.raises(StoreError, match="kept of the documents"):
        add(tmp_path, {"b": "y"})
    assert b"document/a" in (out / "data.nq").read_bytes()


def test_a_store_that_is_open_is_not_changed_by_the_next_build(tmp_path: Path) -> None:
    out = add(tmp_path, dict.fromkeys(IDS, "Sergey Lavrov called Abbas Araghchi."))
    store = open_build(out).open_store()
    before = store.count()
    withdraw(out, ["a"])
    assert store.count() == before
    assert open_build(out).open_store().count() < before


def graphs(out: Path) -> set[str]:
    """The IRIs of the graphs in the store, with all that was written."""
    store = pyoxigraph.Store.read_only(str(BuildDirectory(out).current_store))
    return {graph.value for graph in store.named_graphs() if isinstance(graph, pyoxigraph.NamedNode)}


def test_what_was_written_is_carried_over_by_a_build(tmp_path: Path) -> None:
    out = add(tmp_path, {"a": "Sergey Lavrov called Abbas Araghchi."})
    note = "<https://example.org/note>"
    writer = Writer(BuildDirectory(out))
    writer.put("https://example.org/notes", (Payload(f"{note} {note} {note} .".encode(), GraphFormat.NTRIPLES),))
    add(tmp_path, {"b": "Sergey Lavrov met Abbas Araghchi."})
    assert graphs(out) >= {"https://example.org/notes"}
    writer.put("https://example.org/more", (Payload(f"{note} {note} {note} .".encode(), GraphFormat.NTRIPLES),))
    writer.close()
    withdraw(out, ["a"])
    assert graphs(out) >= {"https://example.org/notes", "https://example.org/more"}
    settings = BuildSettings((write(tmp_path, {"c": "x"}),), out, jobs=1, fresh=True)
    build(settings, make_reader=make_reader)
    assert not graphs(out) & {"https://example.org/notes", "https://example.org/more"}


def test_nobody_writes_while_a_build_takes_the_place_of_the_old_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = add(tmp_path, {"a": "Sergey Lavrov called Abbas Araghchi."})
    monkeypatch.setattr("kg_build.writes.writer.PATIENCE", 0.05)

    class Watching(NobodyWatches):
        def step(self, step: Step, documents: int) -> None:  # noqa: ARG002 -- theirs
            if step is Step.REPLACING:
                turn.enter_context(BuildDirectory(out).writes.turn(1))

    settings = BuildSettings((write(tmp_path, {"b": "x"}),), out, jobs=1)
    with ExitStack() as turn, pytest.raises(StoreError, match="somebody is writing"):
        build(settings, make_reader=make_reader, watcher=Watching())
    assert open_build(out).read_manifest().counts.documents == 1
