"""Word files (DOCX, ECMA-376): the text that a reader sees, with accepted changes, text boxes, tables and notes.

python-docx is not used: it leaves out inserted text of tracked changes, content controls, text boxes and notes.
"""

from __future__ import annotations

import posixpath
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import closing
from io import BytesIO
from typing import Final

from lxml import etree

from kg_build.sources.extract import Extract
from kg_build.sources.records import DefectError, Limits, Metadata
from kg_build.sources.xml import parse_xml

MEDIA_TYPE: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_W: Final = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_STRICT: Final = "{http://purl.oclc.org/ooxml/wordprocessingml/main}"
_MC: Final = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_DC: Final = "{http://purl.org/dc/elements/1.1/}"
_SKIPPED: Final = frozenset({f"{_W}del", f"{_W}moveFrom", f"{_MC}Fallback", f"{_W}rPrChange", f"{_W}pPrChange"})
_LONG_CELL: Final = 60  # words; a table with such a cell lays out the page
_NOTES: Final = ("footnotes.xml", "endnotes.xml")


def read_word(raw: bytes, limits: Limits) -> Extract:
    """The text of the Word file in ``raw``. Raises DefectError where it is damaged, encrypted, or built to harm."""
    try:
        with closing(zipfile.ZipFile(BytesIO(raw))) as package:
            main = _main_part(package, limits)
            paragraphs = list(_paragraphs(_part(package, main, limits)))
            for notes in _NOTES:
                name = posixpath.join(posixpath.dirname(main), notes)
                if name in package.namelist():
                    paragraphs += _paragraphs(_part(package, name, limits))
            title = _title(package, limits)
    except (zipfile.BadZipFile, zlib.error, EOFError, KeyError, OSError, RuntimeError) as error:
        raise DefectError(
            "not a Word file that can be opened: it is damaged or cut off", hint="save it again"
        ) from error
    text = "\n\n".join(text for text, _ in paragraphs)
    styled = next((text for text, style in paragraphs if style == "Title"), None)
    beginning = " ".join(text[:3_000].split()).casefold()
    if title is None or title.casefold() not in beginning:  # many files carry the title of another one
        title = styled
    return Extract(text, MEDIA_TYPE, Metadata(title=title))


def _main_part(package: zipfile.ZipFile, limits: Limits) -> str:
    relations = _part(package, "_rels/.rels", limits)
    for relation in relations.iter("*"):
        if (relation.get("Type") or "").endswith("/officeDocument"):
            return posixpath.normpath((relation.get("Target") or "").lstrip("/"))
    raise DefectError("not a Word file: it names no document", hint="save it again")


def _part(package: zipfile.ZipFile, name: str, limits: Limits) -> etree._Element:
    entry = package.getinfo(name)
    if entry.flag_bits & 1:
        raise DefectError("the Word file is encrypted", hint="save it without a password")
    with package.open(entry) as stream:
        content = stream.read(limits.bytes + 1)
    if len(content) > limits.bytes:
        raise DefectError(f"it unpacks to more than {limits.bytes:,} bytes", hint="raise --max-bytes if it is sound")
    return parse_xml(content.replace(_STRICT[1:-1].encode(), _W[1:-1].encode()))


def _title(package: zipfile.ZipFile, limits: Limits) -> str | None:
    if "docProps/core.xml" not in package.namelist():
        return None
    line = " ".join((_part(package, "docProps/core.xml", limits).findtext(f"{_DC}title") or "").split())
    return line[:1_000] or None


def _paragraphs(root: etree._Element) -> Iterator[tuple[str, str | None]]:
    """Each paragraph and each row of a table, with the name of its style."""
    open_paragraphs: list[list[str]] = []
    styles: list[str | None] = []
    rows: list[list[list[str]]] = []  # each row's cells, each cell's paragraphs
    skipped: etree._Element | None = None
    for event, element in etree.iterwalk(root, events=("start", "end")):
        tag = element.tag
        if skipped is not None:
            skipped = None if event == "end" and element is skipped else skipped
            continue
        if event == "start":
            if tag in _SKIPPED or (tag == f"{_W}r" and _hidden(element)):
                skipped = element
            elif tag == f"{_W}p":
                open_paragraphs.append([])
                styles.append(None)
            elif tag == f"{_W}tr":
                rows.append([])
            elif tag == f"{_W}tc" and rows:
                rows[-1].append([])
            elif open_paragraphs:
                _add(element, open_paragraphs, styles)
        elif tag == f"{_W}p":
            text, style = _clean("".join(open_paragraphs.pop())), styles.pop()
            if text and rows and rows[-1]:
                rows[-1][-1].append(text)
            elif text:
                yield text, style
        elif tag == f"{_W}tr":
            for text in _row(rows.pop()):
                if rows and rows[-1]:
                    rows[-1][-1].append(text)
                else:
                    yield text, None


def _add(element: etree._Element, paragraphs: list[list[str]], styles: list[str | None]) -> None:
    match element.tag.removeprefix(_W):
        case "t":
            paragraphs[-1].append(element.text or "")
        case "tab":
            parent = element.getparent()
            if parent is not None and parent.tag == f"{_W}r":
                paragraphs[-1].append("\t")
        case "br" | "cr":
            paragraphs[-1].append("\n" if element.get(f"{_W}type") in (None, "textWrapping") else " ")
        case "noBreakHyphen":
            paragraphs[-1].append("-")
        case "numPr":
            paragraphs[-1].insert(0, "- ")
        case "pStyle":
            styles[-1] = element.get(f"{_W}val")


def _hidden(run: etree._Element) -> bool:
    vanish = run.find(f"{_W}rPr/{_W}vanish")
    return vanish is not None and vanish.get(f"{_W}val") not in ("0", "false", "off")


def _row(cells: list[list[str]]) -> Iterator[str]:
    """A row as one line, its cells with bars between them; the row of a table that lays out the page as paragraphs."""
    filled = [cell for cell in cells if cell]
    if len(filled) > 1 and all(len(" ".join(cell).split()) <= _LONG_CELL for cell in filled):
        yield " | ".join(" ".join(" ".join(cell).split()) for cell in filled)
    else:
        for cell in filled:
            yield from cell


def _clean(text: str) -> str:
    text = "\n".join(" ".join(line.split(" ")).strip() for line in text.split("\n")).strip()
    return "" if text == "-" else text


__all__ = ["MEDIA_TYPE", "read_word"]
