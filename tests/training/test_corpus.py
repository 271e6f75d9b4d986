"""The corpus: articles whole, releases by reference."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import pytest

from kg_build.errors import InputError
from kg_build.training import corpus
from kg_build.training.annotations import AnnotatedDocument
from tests.support.annotated import documents, records

SHARED: Final = Path(__file__).resolve().parents[3] / "shared"
GOLD: Final = SHARED / "gold"
RELEASES: Final = SHARED / "corpora" / "us-releases.jsonl"
SHINGLE: Final = 8
"""Words in a row by which texts are compared."""


def write_lines(file: Path, lines: Iterable[dict[str, Any]]) -> Path:
    file.write_text("".join(json.dumps(line) + "\n\n" for line in lines), encoding="utf-8")
    return file


def write_references(folder: Path) -> None:
    write_lines(folder / "releases.jsonl", [corpus.reference(d) for d in documents()])


def as_marked(document: AnnotatedDocument) -> AnnotatedDocument:
    """The document with its surface forms in the order of its text, as they come from a reference."""
    found: dict[str, dict[str, None]] = {}
    for mark in document.entities:
        found.setdefault(mark.key, {})[mark.span.of(document.text)] = None
    return replace(document, surfaces={key: tuple(forms) for key, forms in found.items()})


MARKED = tuple(as_marked(d) for d in documents())


def texts(**changed: str) -> list[dict[str, str]]:
    return [{"id": d.id, "text": changed.get(d.id, d.text)} for d in documents()]


def test_articles_of_all_files_come_in_the_order_of_their_names(tmp_path: Path) -> None:
    first, second, third = records()
    write_lines(tmp_path / "articles-b.jsonl", [third])
    write_lines(tmp_path / "articles-a.jsonl", [first, second])
    write_lines(tmp_path / "other.jsonl", [{"no": "annotation"}])
    assert corpus.load(tmp_path) == corpus.Corpus(documents(), ())


def test_a_release_is_what_it_was_once_its_text_is_there(tmp_path: Path) -> None:
    write_references(tmp_path)
    found = corpus.load(tmp_path, write_lines(tmp_path / "texts", texts()))
    assert found == corpus.Corpus(MARKED, ())
    assert all(
        {k: set(v) for k, v in d.surfaces.items()} == {k: set(v) for k, v in m.surfaces.items()}
        for d, m in zip(documents(), MARKED, strict=True)
    )


def test_a_reference_holds_no_text() -> None:
    for document in documents():
        written = json.dumps(corpus.reference(document), ensure_ascii=False)
        assert not any(line in written for line in document.text.splitlines()[1:] if line)
        assert corpus.sha256_of(document.text) in written


def test_releases_without_their_text_are_missing(tmp_path: Path) -> None:
    write_references(tmp_path)
    assert corpus.load(tmp_path) == corpus.Corpus((), ("harbour", "ferry", "drones"))
    some = write_lines(tmp_path / "texts", texts()[1:])
    assert corpus.load(tmp_path, some) == corpus.Corpus(MARKED[1:], ("harbour",))


def test_a_text_that_is_another_is_not_taken(tmp_path: Path) -> None:
    write_references(tmp_path)
    found = corpus.load(tmp_path, write_lines(tmp_path / "texts", texts(ferry="Another text.")))
    assert found.missing == ("ferry",)
    assert [d.id for d in found.documents] == ["harbour", "drones"]


def test_what_is_no_json_is_named_with_its_line(tmp_path: Path) -> None:
    good = json.dumps(records()[0])
    (tmp_path / "articles-a.jsonl").write_text(f"{good}\n{{oops\n", encoding="utf-8")
    with pytest.raises(InputError, match=r"articles-a\.jsonl:2: not JSON"):
        corpus.load(tmp_path)


def test_an_annotation_that_lacks_something_is_named(tmp_path: Path) -> None:
    first, second, _ = records()
    del second["posts"]
    write_lines(tmp_path / "articles-a.jsonl", [first, second])
    with pytest.raises(InputError, match=r"articles-a\.jsonl:2: annotation without 'posts'"):
        corpus.load(tmp_path)


def test_the_corpus_of_the_project_can_be_loaded() -> None:
    found = corpus.load()
    ids = [d.id for d in found.documents]
    assert len(ids) > 400
    assert len(set(ids)) == len(ids)
    assert len(found.missing) > 400
    assert not set(found.missing) & set(ids)


def shingles(text: str) -> set[tuple[str, ...]]:
    """Each stretch of ``SHINGLE`` words, or all words of a shorter text, without case and punctuation."""
    words = re.findall(r"\w+", text.lower())
    return {tuple(words[i : i + SHINGLE]) for i in range(max(1, len(words) - SHINGLE + 1))}


@pytest.fixture(scope="module")
def gold() -> dict[str, dict[str, Any]]:
    """Each gold document by the name of its file, with its text under ``words``."""
    files = sorted((GOLD / "dev").glob("*.json"))
    if not files:
        pytest.skip(f"no gold set in {GOLD}")
    found = {f.stem: json.loads(f.read_text(encoding="utf-8")) for f in files}
    return {n: g | {"words": (GOLD / "dev" / g["text"]).read_text(encoding="utf-8")} for n, g in found.items()}


class TestIsNotTheGoldSet:
    """What the reader is measured with, it must not have learned from."""

    def test_no_document_has_the_address_of_a_gold_text(self, gold: dict[str, dict[str, Any]]) -> None:
        lines = (corpus.DATA / "releases.jsonl").read_text(encoding="utf-8").splitlines()
        urls = {json.loads(line)["url"] for line in lines if line.strip()} | {d.url for d in corpus.load().documents}
        assert urls & {g.get("url") for g in gold.values()} <= {None}

    def test_no_text_is_a_gold_text(self, gold: dict[str, dict[str, Any]]) -> None:
        at_hand = corpus.load(releases=RELEASES if RELEASES.exists() else None)
        of_gold = {name: shingles(g["words"]) for name, g in gold.items()}
        assert all(len(s) > 30 for s in of_gold.values())
        alike = []
        for document in at_hand.documents:
            own = shingles(document.text)
            alike += [(document.id, n) for n, s in of_gold.items() if len(own & s) > min(len(own), len(s)) / 2]
        assert alike == []
