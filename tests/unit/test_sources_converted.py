"""Web pages, PDF, Word, mail, feeds and archives: their text, what is known of them, the way back; and hostile ones."""

from __future__ import annotations

import gzip
import json
from datetime import date, datetime
from hashlib import sha256
from pathlib import Path

import pytest

from kg_build.model import Document
from kg_build.sources import Limits, Metadata, SetAside, gather, read_documents
from kg_build.sources.convert import convert
from tests.support.office import package, pdf, word

PAGES = Path(__file__).resolve().parents[1] / "data" / "sources" / "pages"
KNOWN = json.loads((PAGES / "metadata.json").read_text(encoding="utf-8"))


def read(path: Path, content: bytes, limits: Limits | None = None) -> list[Document | SetAside]:
    """What a file of that content gives, in this process."""
    path.write_bytes(content)
    inputs = gather([path])
    found = (item for file in inputs.files for item in convert(file, Metadata(), limits or Limits()))
    return [*inputs.set_aside, *found]


def documents(path: Path, content: bytes) -> list[Document]:
    found = read(path, content)
    assert all(isinstance(item, Document) for item in found), found
    return [item for item in found if isinstance(item, Document)]


def refused(path: Path, content: bytes, limits: Limits | None = None) -> SetAside:
    (found,) = read(path, content, limits)
    assert isinstance(found, SetAside), found
    return found


@pytest.mark.parametrize("name", KNOWN)
def test_a_pages_article_without_what_surrounds_it(tmp_path: Path, name: str) -> None:
    raw = (PAGES / f"{name}.html").read_bytes()
    (document,) = documents(tmp_path / f"{name}.html", raw)
    published = document.published.isoformat() if document.published else None
    if published and isinstance(document.published, datetime):
        published = published.replace("+00:00", "Z")
    known = KNOWN[name]
    assert document.text.strip() == (PAGES / f"{name}.txt").read_text(encoding="utf-8").strip()
    assert (document.title, published) == (known["title"], known["published"])
    assert (document.publisher, document.url) == (known["publisher"], known["url"])


def test_the_way_back_to_the_original(tmp_path: Path) -> None:
    content = pdf([["The ministers met in Oslo."], ["They will meet again in May."]])
    (document,) = documents(tmp_path / "talks.pdf", content)
    original = document.original
    assert original is not None
    assert (original.media_type, original.name) == ("application/pdf", "talks.pdf")
    assert original.sha256 == sha256(content).hexdigest()
    assert [document.text[at:].split()[0] for at in original.pages] == ["The", "They"]


def test_a_pdfs_lines_become_paragraphs(tmp_path: Path) -> None:
    lines = [
        "The Minister of Foreign Affairs of Iceland received her colleague from",
        "Malta in Reykjavik on Monday and spoke with him about the fisheries.",
        "",
        "They agreed to meet again.",
    ]
    (document,) = documents(tmp_path / "a.pdf", pdf([lines]))
    assert document.text.split("\n\n") == [" ".join(lines[:2]), lines[3]]


def test_running_heads_and_page_numbers_are_left_out(tmp_path: Path) -> None:
    pages = [["Ministry of Foreign Affairs", "", f"Page text number {'abc'[i]}.", "", str(i + 1)] for i in range(3)]
    (document,) = documents(tmp_path / "a.pdf", pdf(pages))
    assert "Ministry" not in document.text
    assert document.text.count("Page text number") == 3


def test_a_word_file(tmp_path: Path) -> None:
    (document,) = documents(tmp_path / "a.docx", word(["Kolar met Eide.", "“They” spoke & left."]))
    assert document.text == "Kolar met Eide.\n\n“They” spoke & left."


def test_what_was_deleted_in_a_word_file_is_gone(tmp_path: Path) -> None:
    body = (
        "<w:p><w:r><w:t>Kolar met </w:t></w:r><w:del><w:r><w:delText>Moreau</w:delText></w:r></w:del>"
        "<w:ins><w:r><w:t>Eide.</w:t></w:r></w:ins></w:p>"
    )
    (document,) = documents(tmp_path / "a.docx", word([], body))
    assert document.text == "Kolar met Eide."


MAIL = (
    "From: Press Office <press@mfa.example>\r\nSubject: =?utf-8?q?Visit_to_Krak=C3=B3w?=\r\n"
    "Date: Mon, 24 Mar 2025 10:00:00 +0100\r\nMessage-ID: <1@mfa.example>\r\n"
    "Content-Type: text/plain; charset=utf-8\r\n\r\nThe Minister visited Kraków.\r\n"
)


def test_a_message(tmp_path: Path) -> None:
    (document,) = documents(tmp_path / "a.eml", MAIL.encode())
    assert (document.id, document.title, document.publisher) == ("a", "Visit to Kraków", "Press Office")
    assert document.text.strip() == "The Minister visited Kraków."
    assert document.published == datetime.fromisoformat("2025-03-24T10:00:00+01:00")


def test_the_messages_of_a_mailbox_are_documents_of_their_own(tmp_path: Path) -> None:
    second = MAIL.replace("1@mfa", "2@mfa").replace("visited", "left")
    box = "".join(
        f"From press@mfa.example Mon Mar 24 10:00:00 2025\n{mail}\n".replace("\r", "") for mail in (MAIL, second)
    )
    found = documents(tmp_path / "a.mbox", box.encode())
    assert [document.id for document in found] == ["1@mfa.example", "2@mfa.example"]
    assert [document.text.strip()[-15:] for document in found] == ["visited Kraków.", "er left Kraków."]
    assert found[0].original is not None
    assert found[1].original is not None
    assert found[0].original.sha256 != found[1].original.sha256


FEED = """<?xml version="1.0"?><rss version="2.0"><channel><title>Meridian</title><link>https://m.example/</link>
<item><title>Talks in Oslo</title><link>https://m.example/1</link><guid>m-1</guid>
<pubDate>Mon, 24 Mar 2025 10:00:00 GMT</pubDate>
<description>&lt;p&gt;Kolar met Eide.&lt;/p&gt;&lt;p&gt;They left.&lt;/p&gt;</description></item>
<item><title>Empty</title><link>https://m.example/2</link></item></channel></rss>"""


def test_a_feeds_entries(tmp_path: Path) -> None:
    first, second = read(tmp_path / "a.rss", FEED.encode())
    assert isinstance(first, Document)
    assert (first.id, first.title, first.publisher) == ("m-1", "Talks in Oslo", "Meridian")
    assert (first.text, first.url) == ("Kolar met Eide.\n\nThey left.", "https://m.example/1")
    assert isinstance(second, SetAside)
    assert second.reason.startswith("entry 2")


def test_content_counts_and_not_the_ending(tmp_path: Path) -> None:
    (document,) = documents(tmp_path / "a.html", pdf([["The ministers met in Oslo."]]))
    assert document.text == "The ministers met in Oslo."
    assert [str(note) for note in gather([tmp_path / "a.html"]).notes] == [
        f"{tmp_path / 'a.html'}: this is a PDF, and is read as one"
    ]


def test_gzip_around_any_format(tmp_path: Path) -> None:
    (document,) = documents(tmp_path / "a.txt.gz", gzip.compress(b"---\ntitle: T\n---\nKolar met Eide.", mtime=0))
    assert (document.id, document.title, document.text) == ("a", "T", "Kolar met Eide.")
    lines = b'{"id": "x", "text": "Kolar left.", "published": "2025-03-24"}\nno json\n'
    good, bad = read(tmp_path / "b.jsonl.gz", gzip.compress(lines))
    assert isinstance(good, Document)
    assert (good.id, good.published) == ("x", date(2025, 3, 24))
    assert isinstance(bad, SetAside)
    assert bad.line == 2


def test_an_archives_files(tmp_path: Path) -> None:
    inside: dict[str, str | bytes] = {
        "b.txt": "Kolar met Eide.",
        "sub/a.docx": word(["They left."]),
        "c.bin": "x",
        "z.zip": package({"x.txt": "x"}),
    }
    found = read(tmp_path / "a.zip", package(inside))
    assert [item.text for item in found if isinstance(item, Document)] == ["Kolar met Eide.", "They left."]
    assert [item.reason for item in found if isinstance(item, SetAside)] == [
        "z.zip in it: an archive within an archive"
    ]


def test_the_file_beside_it_describes_a_page(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text('{"id": "x-7", "publisher": "Us"}')
    (document,) = documents(tmp_path / "a.html", (PAGES / "short.html").read_bytes())
    assert (document.id, document.publisher) == ("x-7", "Us")


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("a.docx", b"PK\x03\x04 and no more", "damaged"),
        ("a.pdf", b"%PDF-1.7 and no more", "PDF"),
        ("a.html", b"<html><body>" + b"<div>" * 10_000 + b"x", "nested"),
        ("a.html", b"<html><body>" + b"<td>x" * 1_000_001, "1,000,003 tags"),
        ("a.html", b"<html><body><script>x</script></body></html>", "no text"),
        ("a.doc.txt", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "older Office file"),
        ("a.xml", b"<?xml version='1.0'?><other/>", "neither a feed nor a web page"),
        ("a.xml", FEED.replace("<rss", '<!DOCTYPE r [<!ENTITY a "aa">]><rss').encode(), "entities"),
        ("a.txt.gz", gzip.compress(b"x" * 100, mtime=0)[:-12], "damaged or cut off"),
        ("a.zip", package({"a.dat": "x"}), "no documents"),
        ("a.gif", b"GIF89a", "a picture"),
    ],
)
def test_what_cannot_be_read_is_refused_with_a_reason(tmp_path: Path, name: str, content: bytes, reason: str) -> None:
    assert reason in refused(tmp_path / name, content).reason


def test_bombs_are_refused_before_they_are_unpacked(tmp_path: Path) -> None:
    big = b"\0" * (40 << 20)
    small = Limits(bytes=1 << 20)
    assert "larger than 1,048,576 bytes" in refused(tmp_path / "a.txt.gz", gzip.compress(big), small).reason
    many: dict[str, str | bytes] = {f"{i}.txt": big for i in range(4)}
    found = read(tmp_path / "a.zip", package(many))
    assert isinstance(found[-1], SetAside)
    assert "unpacks to far more than its size" in found[-1].reason
    body = "<w:p>" * 2_000 + "</w:p>" * 2_000
    assert "nested" in refused(tmp_path / "a.docx", word([], body)).reason
    entities = '<!DOCTYPE d [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]>'
    hostile = package({"_rels/.rels": f"{entities}<Relationships/>", "word/document.xml": "<x/>"})
    assert "entities" in refused(tmp_path / "b.docx", hostile).reason


def through_processes(*paths: Path, limits: Limits | None = None) -> list[Document | SetAside]:
    return list(read_documents(gather(paths).files, limits=limits, jobs=2))


def test_a_file_that_takes_too_long_costs_itself_alone(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_bytes(b"<html><body>" + b"<p>x <b>y</b></p>" * 240_000)
    (tmp_path / "b.docx").write_bytes(word(["They left."]))
    first, second = through_processes(tmp_path, limits=Limits(seconds=0.3))
    assert isinstance(first, SetAside)
    assert "took longer than 0.3 seconds" in first.reason
    assert isinstance(second, Document)


def test_an_identifier_that_is_taken(tmp_path: Path) -> None:
    (tmp_path / "a.docx").write_bytes(word(["They left."]))
    (tmp_path / "a.txt").write_text("Kolar met Eide.")
    first, second = through_processes(tmp_path)
    assert isinstance(first, Document)
    assert isinstance(second, SetAside)
    assert second.reason == f"the identifier 'a' is taken by {tmp_path / 'a.docx'}"
