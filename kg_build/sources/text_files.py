"""Documents in files of their own, ``.txt`` and ``.md``, with front matter or a ``.json`` file of the same stem."""

from __future__ import annotations

from pathlib import Path

from kg_build.model import Document
from kg_build.sources.characters import check_text, decode, normalize
from kg_build.sources.fields import read_fields
from kg_build.sources.front_matter import split_front_matter
from kg_build.sources.records import DefectError, Limits, Metadata, SetAside
from kg_build.sources.sidecar import read_bytes, read_sidecar, sidecar


def read_text_file(file: Path, defaults: Metadata, limits: Limits) -> Document | SetAside:
    """The document in ``file``. Its front matter counts before the ``.json`` file beside it, ``defaults`` come last."""
    try:
        described = read_sidecar(file)
    except DefectError as defect:
        return defect.set_aside(sidecar(file), file.stem)
    try:
        content = normalize(decode(read_bytes(file, limits.file_bytes)))
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


__all__ = ["read_text_file"]
