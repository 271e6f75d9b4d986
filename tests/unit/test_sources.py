"""Reading documents from files: what is taken, and what is set aside and why."""

from __future__ import annotations

import json
from contextlib import suppress
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg_build.model import Document
from kg_build.sources import Limits, Metadata, SetAside, SourceFormat, gather, read_documents
from kg_build.sources.characters import normalize
from kg_build.sources.front_matter import split_front_matter
from kg_build.sources.json_lines import read_json_lines
from kg_build.sources.records import DefectError


def read(*paths: Path, defaults: Metadata | None = None, limits: Limits | None = None) -> list[Document | SetAside]:
    inputs = gather(paths)
    return [*inputs.set_aside, *read_documents(inputs.files, defaults, limits)]


def one(path: Path, **options: object) -> Document:
    (found,) = read(path, **options)  # type: ignore[arg-type]
    assert isinstance(found, Document), found
    return found


def refused(path: Path, **options: object) -> SetAside:
    (found,) = read(path, **options)  # type: ignore[arg-type]
    assert isinstance(found, SetAside), found
    return found


def write(file: Path, content: str | bytes) -> Path:
    file.write_bytes(content.encode() if isinstance(content, str) else content)
    return file


class TestTextFiles:
    def test_plain_text_is_the_document(self, tmp_path: Path) -> None:
        text = "  Lavrov met Fidan.\n\n\tThey talked.  \n"
        document = one(write(tmp_path / "a b.txt", text))
        assert (document.id, document.text, document.published) == ("a b", text, None)

    def test_front_matter_describes_and_is_no_text(self, tmp_path: Path) -> None:
        front = "---\nid: x-1\ntitle: 'A: call'\npublished: 2025-03-24\npublisher: Wire\nurl: https://a.org/b c\n---\n"
        document = one(write(tmp_path / "a.md", front + "\nThe text.\n"))
        assert document == Document(
            id="x-1",
            text="\nThe text.\n",
            title="A: call",
            published=date(2025, 3, 24),
            publisher="Wire",
            url="https://a.org/b%20c",
            file=tmp_path / "a.md",
        )

    def test_a_number_or_date_as_title_stays_as_written(self, tmp_path: Path) -> None:
        assert one(write(tmp_path / "a.txt", "---\ntitle: 2025-01-02\nid: 007\n---\nText")).title == "2025-01-02"
        assert one(write(tmp_path / "b.txt", "---\ntitle: yes\nid: 007\n---\nText")).id == "007"

    def test_a_json_file_of_the_same_stem_describes(self, tmp_path: Path) -> None:
        write(tmp_path / "a.json", '{"title": "T", "published": "2025-03-24T10:00:00Z", "persons": []}')
        document = one(write(tmp_path / "a.txt", "Text"))
        assert document.title == "T"
        assert document.published == datetime(2025, 3, 24, 10, tzinfo=UTC)
        assert document.published_on == date(2025, 3, 24)

    def test_front_matter_comes_before_the_json_file_and_both_before_defaults(self, tmp_path: Path) -> None:
        write(tmp_path / "a.json", '{"title": "from json", "publisher": "from json"}')
        file = write(tmp_path / "a.txt", "---\ntitle: from front matter\n---\nText")
        document = one(file, defaults=Metadata(title="d", publisher="d", url="https://d.org/"))
        assert (document.title, document.publisher, document.url) == (
            "from front matter",
            "from json",
            "https://d.org/",
        )

    def test_byte_order_mark_and_line_ends(self, tmp_path: Path) -> None:
        assert one(write(tmp_path / "a.txt", b"\xef\xbb\xbfone\r\ntwo\rthree\n")).text == "one\ntwo\nthree\n"

    def test_text_is_what_python_reads_from_the_file(self, tmp_path: Path) -> None:
        file = write(tmp_path / "a.txt", "Ünï\r\n\r\ncode\u2028\u0085\f😀 \r\n")
        assert one(file).text == file.read_text(encoding="utf-8")

    @pytest.mark.parametrize(
        ("content", "line", "reason"),
        [
            (b"one\ntwo\nthr\xe9e", 3, "not valid UTF-8"),
            ("one".encode("utf-16"), 1, "not valid UTF-8"),
            (b"", None, "no text"),
            (b" \n\t\n", None, "no text"),
            (b"---\ntitle: x\n---\n", None, "no text"),
            (b"text\nwith \x00 in it", 2, "NUL"),
            (b"---\nid: a\n---\nmore\n\x00", 5, "NUL"),
            (b"\x01\x02\x03 control", None, "control characters"),
            (b"---\npublished: 2025-02-31\n---\nText", 2, "2025-02-31"),
            (b"---\ntitle: ok\npublished: last week\n---\nText", 3, "not a date"),
            (b"---\ntitle: [a\n---\nText", 3, "not YAML"),
            (b"---\ntitle: a: b\n---\nText", 2, "not YAML"),
            (b"---\n- a\n- b\n---\nText", 2, "not a list of fields"),
            (b"---\ntitle:\n  - a\n---\nText", 3, "a list, not a text"),
            (b"---\ntitle: never closed\nText", 1, "not closed"),
            (b"---\n" + b"[" * 30000 + b"\n---\nText", None, "not YAML"),
            (b"---\nurl: example\n---\nText", 2, "not an absolute address"),
            (b"---\nid: ..\n---\nText", None, "cannot be part of an IRI"),
        ],
    )
    def test_what_cannot_be_used(self, tmp_path: Path, content: bytes, line: int | None, reason: str) -> None:
        record = refused(write(tmp_path / "bad.txt", content))
        assert reason in record.reason
        assert record.file == tmp_path / "bad.txt"
        if line is not None:
            assert record.line == line
        assert str(record).startswith(record.where)

    def test_a_broken_json_file_is_the_one_that_is_named(self, tmp_path: Path) -> None:
        write(tmp_path / "a.json", '{\n"title": "x",\n}')
        record = refused(write(tmp_path / "a.txt", "Text"))
        assert (record.file.name, record.line, record.id) == ("a.json", 3, "a")

    def test_too_long(self, tmp_path: Path) -> None:
        file = write(tmp_path / "a.txt", "x" * 101)
        assert "101 characters" in refused(file, limits=Limits(characters=100)).reason
        assert one(file, limits=Limits(characters=101)).text == "x" * 101
        large = write(tmp_path / "b.txt", b"\xff" * (5 << 20))
        assert "larger than" in refused(large, limits=Limits(characters=1_000_000)).reason

    def test_a_hundred_thousand_words_pass(self, tmp_path: Path) -> None:
        text = "Lavrov said so. " * 34_000
        assert one(write(tmp_path / "a.txt", text)).text == text

    def test_noise_is_named(self, tmp_path: Path) -> None:
        noise = bytes(range(256)) * (5 << 12)
        assert refused(write(tmp_path / "noise.txt", noise)).reason.startswith("not valid UTF-8")

    def test_unreadable(self, tmp_path: Path) -> None:
        (tmp_path / "dangling.txt").symlink_to(tmp_path / "nowhere")
        assert "no such file" in refused(tmp_path / "dangling.txt").reason
        record = refused(tmp_path)
        assert record.file.name == "dangling.txt"
        assert "cannot be read" in record.reason


class TestJsonLines:
    def test_documents_with_their_lines(self, tmp_path: Path) -> None:
        records = [
            {
                "id": "a",
                "title": "T",
                "published": "2025-03-24",
                "publisher": "P",
                "url": "https://a.org/",
                "text": "A",
            },
            {"text": "B", "extra": {"any": 1}},
            {"id": 3, "text": "C\r\nD"},
        ]
        file = write(tmp_path / "news.jsonl", "\n\n".join(map(json.dumps, records)))
        a, b, c = read(file)
        assert a == Document("a", "A", "T", date(2025, 3, 24), "P", "https://a.org/", file, 1)
        assert isinstance(b, Document)
        assert (b.id, b.line) == ("news-3", 3)
        assert isinstance(c, Document)
        assert (c.id, c.text) == ("3", "C\nD")

    @pytest.mark.parametrize(
        ("line", "reason"),
        [
            (b'{"id": "x", "text": "a"', "not valid JSON"),
            (b"[1]", "not a JSON object"),
            (b'{"id": "x"}', "there is no text"),
            (b'{"id": "x", "text": 5}', "there is no text"),
            (b'{"id": "x", "text": ""}', "no text"),
            (b'{"id": "x", "text": "caf\xe9"}', "not valid UTF-8"),
            (b'{"id": "x", "text": "a", "published": "2025-02-31"}', "2025-02-31"),
            (b'{"id": "x", "text": "a", "published": 20250101}', "published is a number"),
            (b'{"id": ["x"], "text": "a"}', "id is a list"),
            (b'{"id": "x", "text": "half \\ud800 pair"}', "surrogate"),
            (b'{"id": "x", "text": "a", "n": ' + b"9" * 5000 + b"}", "not usable JSON"),
            (b"[" * 100_000, "not usable JSON"),
            (b'{"id": "first", "text": "again"}', "is taken by"),
            (b'{"text": "' + b"x" * 70_000 + b'"}', "characters"),
            (b'{"text": "' + b"x" * (2 << 20) + b'"}', "the line is longer"),
        ],
    )
    def test_a_bad_line_costs_only_itself(self, tmp_path: Path, line: bytes, reason: str) -> None:
        good = [b'{"id": "first", "text": "A"}', b'{"id": "last", "text": "B"}']
        file = write(tmp_path / "a.jsonl", b"\n".join([good[0], line, good[1]]))
        first, record, last = read(file, limits=Limits(characters=60_000))
        assert isinstance(first, Document)
        assert isinstance(last, Document)
        assert isinstance(record, SetAside)
        assert reason in record.reason
        assert record.line == 2
        assert last.line == 3

    def test_byte_order_mark(self, tmp_path: Path) -> None:
        assert one(write(tmp_path / "a.jsonl", b'\xef\xbb\xbf{"id": "a", "text": "A"}\n')).id == "a"

    def test_lines_are_taken_one_at_a_time(self, tmp_path: Path) -> None:
        file = write(tmp_path / "a.jsonl", b'{"id": "a", "text": "A"}\n' * 3)
        documents = read_json_lines(file, Metadata(), Limits())
        first = next(documents)
        assert isinstance(first, Document)
        documents.close()

    def test_unreadable(self, tmp_path: Path) -> None:
        (tmp_path / "a.jsonl").symlink_to(tmp_path / "nowhere")
        assert "cannot be read" in refused(tmp_path).reason


class TestGather:
    def test_a_stable_order_and_each_file_once(self, tmp_path: Path) -> None:
        for name in ("b.txt", "a.md", "sub/c.jsonl", ".hidden.txt", ".git/x.txt", "README.md", "d.gif", "e.JSON"):
            (tmp_path / name).parent.mkdir(exist_ok=True)
            write(tmp_path / name, "x")
        files = gather([tmp_path / "b.txt", tmp_path, tmp_path / "sub" / ".." / "a.md"]).files
        assert [str(file.path.relative_to(tmp_path)) for file in files] == ["b.txt", "a.md", "sub/c.jsonl"]
        assert files[2].format is SourceFormat.JSON_LINES

    def test_upper_case_suffix(self, tmp_path: Path) -> None:
        assert one(write(tmp_path / "A.TXT", "Text")).id == "A"

    def test_what_stands_for_nothing(self, tmp_path: Path) -> None:
        (tmp_path / "empty").mkdir()
        write(tmp_path / "page.gif", "x")
        paths = [tmp_path / "empty", tmp_path / "page.gif", tmp_path / "missing"]
        reasons = [record.reason for record in gather(paths).set_aside]
        assert reasons == [
            "the folder holds no documents",
            "not a format that documents come in",
            "there is no such file or folder",
        ]

    def test_the_same_stem_twice(self, tmp_path: Path) -> None:
        write(tmp_path / "a.md", "A")
        write(tmp_path / "a.txt", "B")
        kept, record = read(tmp_path)
        assert isinstance(kept, Document)
        assert isinstance(record, SetAside)
        assert kept.text == "A"
        assert (record.id, record.file.name) == ("a", "a.txt")
        assert "a.md" in record.reason


@given(st.text())
def test_normalizing_changes_line_ends_and_nothing_else(text: str) -> None:
    normal = normalize(text)
    assert "\r" not in normal
    assert normal.replace("\n", "") == text.removeprefix("\ufeff").replace("\r", "").replace("\n", "")
    assert normalize(normal.removeprefix("\ufeff")) == normal.removeprefix("\ufeff")


@given(st.text())
def test_front_matter_never_fails_otherwise_than_by_a_defect(text: str) -> None:
    with suppress(DefectError):
        assert split_front_matter(f"---\n{text}\n---\nThe text").text.endswith("The text")


@given(st.text().filter(lambda text: not text.startswith("---")))
def test_without_front_matter_all_is_text(text: str) -> None:
    assert split_front_matter(text).text == text
