"""Decisions of people: they change the graph at once, last over builds, can be taken back, and are kept sound."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from kg_build import curation, rebuild
from kg_build.build_directory import open_build
from kg_build.curation import Curator, decisions_of
from kg_build.errors import InputError, UsageError
from kg_build.pipeline import BuildSettings, build
from kg_build.resolve.decision_file import read_decisions, write_decisions
from tests.support.fake_reader import make_reader
from tests.support.inline_workers import InlineWorkers

TEXTS = {
    "one": "Sergey Lavrov met Abbas Araghchi.",
    "two": "Sergei Lavrov called Badr Albusaidi.",
    "three": "Sergey Lavrov called Badr Albusaidi.",
}
ONE, TWO = "person/sergey-lavrov", "person/sergei-lavrov"


def build_all(folder: Path, out: str = "out", **more: object) -> Path:
    file = folder / "news.jsonl"
    lines = [{"id": i, "text": text, "published": f"2025-03-1{n}"} for n, (i, text) in enumerate(TEXTS.items())]
    file.write_text("".join(json.dumps(line) + "\n" for line in lines))
    build(BuildSettings((file,), folder / out, jobs=1, **more), make_reader=make_reader)  # type: ignore[arg-type]
    return folder / out


@pytest.fixture
def graph(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(rebuild, "Workers", InlineWorkers)
    monkeypatch.setattr(curation, "load_installed_reader", make_reader)
    return build_all(tmp_path)


def data(graph: Path) -> str:
    return open_build(graph).data.read_text()


def test_a_merge_takes_effect_at_once_lasts_and_can_be_taken_back(graph: Path) -> None:
    before = data(graph)
    Curator(graph, "Ann", "one spelling").merge(ONE, TWO)
    merged = data(graph)
    assert f"{TWO}> <http://purl.org/dc/terms/isReplacedBy>" in merged
    assert merged.count(TWO) < before.count(TWO)
    (decision,) = decisions_of(graph).all
    assert (decision.number, decision.who, decision.reason) == (1, "Ann", "one spelling")
    build_all(graph.parent)
    assert data(graph) == merged
    build_all(graph.parent, fresh=True)
    assert data(graph) == merged
    scratch = build_all(graph.parent, "scratch", decisions=graph / "decisions.csv")
    assert data(scratch) == merged
    Curator(graph, "Bea").undo(1)
    assert "isReplacedBy" not in data(graph)
    assert f"{TWO}>" in data(graph)
    assert [d.who for d in decisions_of(graph).all] == ["Ann", "Bea"]


def test_a_split_makes_a_node_of_its_own(graph: Path) -> None:
    Curator(graph, "Ann").split(ONE, ["three"])
    assert f"{ONE}-split-1>" in data(graph)
    with pytest.raises(UsageError, match=r"split off.*undo"):
        Curator(graph, "Ann").merge(ONE, f"{ONE}-split-1")


def test_a_name_is_given(graph: Path) -> None:
    Curator(graph, "Ann").rename(ONE, "S. V. Lavrov")
    assert f'{ONE}> <http://www.w3.org/2004/02/skos/core#prefLabel> "S. V. Lavrov"' in data(graph)


def test_who_decided_is_in_the_graph(graph: Path) -> None:
    Curator(graph, "Ann B").rename(ONE, "S. V. Lavrov")
    assert "decision/1> <http://www.w3.org/ns/prov#wasAssociatedWith>" in data(graph)
    assert '"Ann B"' in data(graph)


def test_what_was_rejected_is_not_merged_until_that_is_undone(graph: Path) -> None:
    Curator(graph, "Ann").reject(TWO, ONE)
    with pytest.raises(UsageError, match=r"decision 1 of Ann.*communique undo"):
        Curator(graph, "Ann").merge(ONE, TWO)
    Curator(graph, "Ann").undo(1)
    Curator(graph, "Ann").merge(ONE, TWO)
    assert "isReplacedBy" in data(graph)
    with pytest.raises(UsageError, match="only another IRI of a node; give"):
        Curator(graph, "Ann").rename(TWO, "x")


def test_senseless_decisions_are_refused_and_change_nothing(graph: Path) -> None:
    before = data(graph)
    curator = Curator(graph, "Ann")
    for act, what in (
        (lambda: curator.merge(ONE, ONE), "the same node"),
        (lambda: curator.merge(ONE, "person/nobody"), "no document mentions"),
        (lambda: curator.merge("a b>", ONE), "not the IRI"),
        (lambda: curator.split(ONE, ["two"]), "does not mention"),
        (lambda: curator.split(ONE, ["one", "three"]), "all documents"),
        (lambda: curator.rename(ONE, " "), "empty"),
        (lambda: curator.undo(1), "no such decision"),
    ):
        with pytest.raises(UsageError, match=what):
            act()
    assert data(graph) == before
    assert not (graph / "decisions.csv").exists()


def test_the_file_is_read_as_it_was_written_and_faults_have_a_line(graph: Path, tmp_path: Path) -> None:
    Curator(graph, "Ann, B", 'a "reason"').merge(ONE, TWO)
    Curator(graph, "Ann").undo(1)
    file = graph / "decisions.csv"
    write_decisions(tmp_path / "copy.csv", read_decisions(file))
    assert (tmp_path / "copy.csv").read_bytes() == file.read_bytes()
    file.write_text(file.read_text().replace("merge", "marry"))
    with pytest.raises(InputError, match=r"line 2.*marry"):
        read_decisions(file)
    file.write_text("a,b\n1,2\n")
    with pytest.raises(InputError, match="the first line has to be number"):
        read_decisions(file)
