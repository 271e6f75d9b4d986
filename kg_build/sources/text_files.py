"""Documents in files of their own, ``.txt`` and ``.md``, with front matter or a ``.json`` file of the same stem."""

from __future__ import annotations

import json
from pathlib import Path

from kg_build.model import Document
from kg_build.sources.characters import check_text, decode, normalize
from kg_build.sources.fields import Field, read_fields
from kg_build.sources.front_matter import split_front_matter
from kg_build.sources.records import DefectError, Limits, Metadata, SetAside


def read_text_file(file: Path, defaults: Metadata, limits: Limits) -> Document | SetAside:
    """The document in ``file``. Its front matter counts before the ``.json`` file beside it, ``defaults`` come last."""
    if any("\ud800" <= char <= "\udfff" for char in file.stem):
        return SetAside(file, "the file's name is not valid UTF-8", "rename the file")
    try:
        described = _read_sidecar(sidecar(file))
    except DefectError as defect:
        return defect.set_aside(sidecar(file), file.stem)
    try:
        content = normalize(decode(_read(file, limits.file_bytes)))
        front_matter = split_front_matter(content)
        metadata = read_fields(front_matter.fields).over(described).over(defaults)
        check_text(front_matter.text, limits, first_line=front_matter.first_line)
    except DefectError as defect:
        return defect.set_aside(file, file.stem)
    return Document(
        id=metadata.id or file.stem,
        text=front_matter.text,
        title=metadata.title,
        published=metadata.published,
        publisher=metadata.publisher,
        url=metadata.url,
        file=file,
    )


def sidecar(file: Path) -> Path:
    """The file that may describe ``file``."""
    return file.with_suffix(".json")


def _read_sidecar(file: Path) -> Metadata:
    if not is_there(file):
        return Metadata()
    content = decode(_read(file, 16 << 20)).removeprefix("\ufeff")
    return read_fields({name: Field(value) for name, value in parse_object(content).items()})


def is_there(file: Path) -> bool:
    """Whether ``file`` is a file that can be seen; where its folder may not be searched, it is not."""
    try:
        return file.is_file()
    except OSError:
        return False


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


def _read(file: Path, most_bytes: int) -> bytes:
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


__all__ = ["is_there", "parse_object", "read_text_file", "sidecar"]
