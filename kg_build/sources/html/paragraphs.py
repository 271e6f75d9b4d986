r"""From an element of a page to plain text: a paragraph each block, an empty line between two.

>>> from lxml.html import fromstring
>>> to_text(fromstring("<div><h2>Oslo</h2><p>They <b>met</b>.<br>They left.</p><ul><li>One</li></ul></div>"))
'Oslo\n\nThey met.\nThey left.\n\n- One'
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Final

from lxml.etree import iterwalk
from lxml.html import HtmlElement

INLINE: Final = frozenset(
    [
        "a",
        "abbr",
        "acronym",
        "b",
        "bdi",
        "bdo",
        "big",
        "cite",
        "code",
        "data",
        "del",
        "dfn",
        "em",
        "font",
        "i",
        "ins",
        "kbd",
        "label",
        "mark",
        "nobr",
        "q",
        "rp",
        "rt",
        "ruby",
        "s",
        "samp",
        "small",
        "span",
        "strike",
        "strong",
        "sub",
        "sup",
        "time",
        "tt",
        "u",
        "var",
        "wbr",
    ]
)
_HOLDS_BLOCKS: Final = ".//p | .//div | .//table | .//ul | .//ol | .//h1 | .//h2 | .//h3 | .//blockquote | .//center"
_SPACE: Final = re.compile(r"[ \t\r\n\f\v]+")
_SENTENCE: Final = re.compile(r"[.!?…][\"'”’)\]]*$")
_MOSTLY_LINKS: Final = 0.6
_SHORT: Final = 30  # words; a longer paragraph is text, however many links it holds
_LEFT_OVERS: Final = frozenset(
    {
        "ad", "advertisement", "advertising", "copy link", "link copied", "listen to this article", "loading",
        "print", "print this page", "read more", "related", "save", "share", "share this", "share this article",
        "skip to content", "sponsored", "story continues below", "story continues below advertisement", "subscribe",
        "this article is more than",
    }
)  # fmt: skip


@dataclass(slots=True)
class _Paragraph:
    pieces: list[str] = field(default_factory=list)
    prefix: str = ""
    linked: int = 0
    """Words within links."""
    row: bool = False

    def text(self) -> str:
        lines = (_SPACE.sub(" ", line).strip() for line in "".join(self.pieces).split("\x00"))
        return self.prefix + "\n".join(lines).strip("\n")


def to_text(root: HtmlElement, *, leave_out: str | None = None, keep_links: bool = False) -> str:
    """The text of ``root``. Spaces are folded as a browser does.

    Short paragraphs that are nothing but links and the lines of buttons are left out, unless ``keep_links``; and so is
    the first paragraph that is ``leave_out``, the title.
    """
    paragraphs: list[_Paragraph] = [_Paragraph()]
    pending = ""
    rows: list[HtmlElement] = []
    links = preformatted = 0

    def add(words: str | None) -> None:
        if words:
            current = paragraphs[-1]
            current.pieces.append(words.replace("\x00", "") if not preformatted else words.replace("\n", "\x00"))
            if links:
                current.linked += len(words.split())

    def begin(prefix: str = "") -> None:
        nonlocal pending
        if "".join(paragraphs[-1].pieces).strip(" \t\r\n\x00"):
            paragraphs.append(_Paragraph())
        else:
            paragraphs[-1] = _Paragraph()
        pending = prefix or pending
        paragraphs[-1].prefix, pending = pending, ""

    for event, element in iterwalk(root, events=("start", "end", "comment", "pi")):
        starts = event == "start"
        if event not in ("start", "end"):
            add(element.tail)
            continue
        tag = element.tag
        in_row = bool(rows)
        if tag == "br" and starts:
            paragraphs[-1].pieces.append(" " if in_row else "\x00")
        elif tag == "a":
            links += 1 if starts else -1
        elif tag == "pre":
            preformatted += 1 if starts else -1
            begin()
        elif tag == "tr" and _is_data_row(element):
            begin()
            if starts:
                rows.append(element)
                paragraphs[-1].row = True
            else:
                rows.pop()
        elif tag in ("td", "th") and in_row:
            if starts and element.getprevious() is not None:
                paragraphs[-1].pieces.append(" | ")
        elif in_row and tag not in INLINE:
            paragraphs[-1].pieces.append(" ")
        elif tag not in INLINE and tag != "br":
            begin("- " if tag == "li" and starts else "")
        if starts:
            add(element.text)
        elif element is not root:
            add(element.tail)
    kept: list[str] = []
    for paragraph in paragraphs:
        text = paragraph.text()
        if not text.removeprefix("- ").strip(" |"):
            continue
        if not keep_links and _is_left_over(text, paragraph):
            continue
        if leave_out is not None and _folded(text) == _folded(leave_out):
            leave_out = None
            continue
        kept += [part for part in re.split(r"\n{2,}", text) if part.strip()]
    return "\n\n".join(kept)


def _is_data_row(row: HtmlElement) -> bool:
    """Whether a row of a table holds values; the rows of a table that lays out the page hold blocks."""
    return not row.xpath(_HOLDS_BLOCKS)


def _is_left_over(text: str, paragraph: _Paragraph) -> bool:
    words = len(text.split())
    if _folded(text) in _LEFT_OVERS:
        return True
    return (
        words < _SHORT
        and not paragraph.row
        and paragraph.linked >= _MOSTLY_LINKS * words
        and not _SENTENCE.search(text)
    )


def _folded(text: str) -> str:
    return " ".join(text.removeprefix("- ").split()).casefold().rstrip(":.")


__all__ = ["INLINE", "to_text"]
