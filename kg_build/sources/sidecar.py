"""The ``.json`` file of the same stem that may stand beside a document's file and describe it."""

from __future__ import annotations

import json
from pathlib import Path

from kg_build.sources.characters import decode
from kg_build.sources.fields import Field, read_fields
from kg_build.sources.formats import GZIP
from kg_build.sources.records import DefectError, Metadata

_MOST_BYTES = 16 << 20


def stem(file: Path) -> str:
    """A file's name without its ending, and without ``.gz`` after that.

    >>> stem(Path("news/a.html.gz"))
    'a'
    """
    return Path(file.name[: -len(GZIP)]).stem if file.name.lower().endswith(GZIP) else file.stem


def sidecar(file: Path) -> Path:
    """The file that may describe ``file``."""
    return file.with_name(f"{stem(file)}.json")


def is_there(file: Path) -> bool:
    """Whether ``file`` is a file that can be seen; where its folder may not be searched, it is not."""
    try:
        return file.is_file()
    except OSError:
        return False


def read_sidecar(file: Path) -> Metadata:
    """What the file beside ``file`` says of it; nothing where there is none. Raises DefectError where it is wrong."""
    beside = sidecar(file)
    if not is_there(beside):
        return Metadata()
    content = decode(read_bytes(beside, _MOST_BYTES)).removeprefix("\ufeff")
    return read_fields({name: Field(value) for name, value in parse_object(content).items()})


def parse_object(source: str, *, line: int = 1) -> dict[str, object]:
    """The JSON object in ``source``. Raises DefectError for anything else; ``line`` is the number of its first line."""
    try:
        value = json.loads(source)
    except json.JSONDecodeError as error:
        at = f"line {error.lineno}, column {error.colno}" if error.lineno > 1 else f"column {error.colno}"
        raise DefectError(f"not valid JSON: {error.msg} ({at})", line=line + error.lineno - 1) from error
    except (ValueError, RecursionError) as error:
        raise DefectError("not usable JSON: a number is too long or the nesting too deep", line=line) from error
    if not isinstance(value, dict):
        raise DefectError("not a JSON object", hint='write {"title": …, "published": …}', line=line)
    return value


def read_bytes(file: Path, most_bytes: int) -> bytes:
    """All of ``file``. Raises DefectError where it cannot be read or is longer than ``most_bytes``."""
    try:
        with file.open("rb") as stream:
            content = stream.read(most_bytes + 1)
    except OSError as error:
        raise DefectError(
            f"cannot be read: {error.strerror or error}", hint="check that it exists and its permissions"
        ) from error
    if len(content) > most_bytes:
        raise DefectError(f"larger than {most_bytes:,} bytes", hint="divide it, or raise --max-characters")
    return content


__all__ = ["is_there", "parse_object", "read_bytes", "read_sidecar", "sidecar", "stem"]
