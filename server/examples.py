"""The sample queries of the server: ``queries/*.rq``, each with a title and a description in its comments."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from itertools import takewhile
from pathlib import Path
from typing import Final

FIRST: Final = "who-met-whom"
"""The query that stands in the page's box at first."""
FOLDER: Final = Path(__file__).resolve().parent / "queries"
_HEADER: Final = re.compile(r"#\s*(title|description)\s*:\s*(.*\S)\s*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Example:
    """A saved query. ``name`` is its file's stem, ``text`` the file with its comments."""

    name: str
    title: str
    description: str
    text: str


def read_example(path: Path) -> Example:
    """The query in ``path``. Its title is the name where no comment at the beginning gives one."""
    text = path.read_text(encoding="utf-8")
    beginning = takewhile(lambda line: line.startswith("#"), text.splitlines())
    header = {match[1].lower(): match[2] for match in map(_HEADER.fullmatch, beginning) if match}
    return Example(path.stem, header.get("title", path.stem), header.get("description", ""), text)


@cache
def examples() -> dict[str, Example]:
    """All sample queries by name, in the order of their names."""
    return {path.stem: read_example(path) for path in sorted(FOLDER.glob("*.rq"))}


__all__ = ["FIRST", "Example", "examples", "read_example"]
