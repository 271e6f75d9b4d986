"""The corpus: articles whole, releases by reference."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from kg_build.errors import InputError
from kg_build.training import corpus
from kg_build.training.annotations import AnnotatedDocument
from tests.support.annotated import documents, records


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
