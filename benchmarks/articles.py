"""The articles of a gold folder, as a loader would hand them to a reader, and long texts made of them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import cycle
from pathlib import Path
from typing import Any

from kg_build.model import Document

HERE = Path(__file__).resolve().parent
GOLD = HERE.parent.parent / "shared" / "gold" / "dev"
"""Where the gold folder lies beside a checkout."""


@dataclass(frozen=True, slots=True)
class Article:
    """A document and what its gold file says of it."""

    document: Document
    gold: dict[str, Any]


def articles(folder: Path) -> list[Article]:
    """The articles of the gold files in ``folder``, in the order of their names. Ends the program where none are."""
    files = sorted(folder.glob("*.json")) if folder.is_dir() else []
    if not files:
        raise SystemExit(f"there are no gold files in {folder}; name a folder that has some with --gold FOLDER")
    return [_article(file) for file in files]


def _article(file: Path) -> Article:
    gold = json.loads(file.read_text(encoding="utf-8"))
    text_file = file.parent / gold["text"]
    published = gold.get("published")
    document = Document(
        id=text_file.stem,
        text=text_file.read_text(encoding="utf-8"),
        title=gold.get("title"),
        published=date.fromisoformat(published) if published else None,
        publisher=gold.get("publisher"),
        url=gold.get("url"),
        file=text_file,
    )
    return Article(document, gold)


def words(text: str) -> int:
    """How many words ``text`` has, separated by white space."""
    return len(text.split())


def long_document(folder: Path, length: int) -> Document:
    """One document of ``length`` words: the texts of ``folder`` over and over, with blank lines between them."""
    return Document(f"long-{length}", "\n\n".join(_until(folder, length)), None, date(2024, 1, 1))


def _until(folder: Path, length: int) -> Iterator[str]:
    found = articles(folder)
    for article in cycle(found):
        text = article.document.text.strip()
        if length <= words(text):
            # The last one ends at the paragraph in which the length is reached.
            for paragraph in text.split("\n\n"):
                if length <= 0:
                    return
                yield paragraph
                length -= words(paragraph)
            return
        yield text
        length -= words(text)
