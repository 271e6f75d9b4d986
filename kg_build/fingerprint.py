"""Hashes of the parts of the program, so that what another version of a part has made is known to be out of date."""

from __future__ import annotations

from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Final

import ontology
import shapes

_HERE: Final = Path(__file__).resolve().parent
_READER: Final = (_HERE / "reader", _HERE / "reference", _HERE / "model.py")
_GRAPHS: Final = (
    *(
        _HERE / name
        for name in ("assemble", "resolve/notes.py", "reading.py", "contribution.py", "iris.py", "links.py", "model.py")
    ),
    *(_HERE / name for name in ("nquads.py", "triples.py", "validate.py", "vocabulary.py", "combine.py")),
    ontology.HERE / "__init__.py",
    *shapes.SHAPE_FILES,
)
_ENDINGS: Final = {".py", ".csv", ".ttl"}


@cache
def of_reader() -> str:
    """The hash of what a reading depends on besides the model, which has a hash of its own."""
    return _hash(_READER)


@cache
def of_graphs() -> str:
    """The hash of what a document's notes and graph depend on besides its reading and its links."""
    return _hash(_GRAPHS)


def _hash(parts: tuple[Path, ...]) -> str:
    files = sorted(file for part in parts for file in ([part] if part.is_file() else part.rglob("*")))
    content = sha256()
    for file in files:
        if file.suffix in _ENDINGS:
            content.update(f"{file.name}\0".encode())
            content.update(sha256(file.read_bytes()).digest())
    return content.hexdigest()


__all__ = ["of_graphs", "of_reader"]
