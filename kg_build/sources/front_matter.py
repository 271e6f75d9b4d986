"""YAML front matter: the lines between ``---`` and ``---`` at the very start of a text file.

It is not part of the document's text, which begins right after the closing line.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

import yaml

from kg_build.sources.fields import Field
from kg_build.sources.records import DefectError

_OPENING: Final = re.compile(r"---[ \t]*\n")
_CLOSING: Final = re.compile(r"^(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.MULTILINE)
_LONGEST: Final = 64 * 1024


@dataclass(frozen=True, slots=True)
class FrontMatter:
    """The fields of a file's front matter, the text that follows it, and the line on which that begins."""

    fields: dict[str, Field]
    text: str
    first_line: int = 1


def split_front_matter(content: str) -> FrontMatter:
    r"""Front matter and text of ``content``; a file without front matter is all text.

    Raises DefectError where the front matter is not closed or is no YAML mapping.

    >>> split_front_matter("---\ntitle: A call\n---\nThe text.").text
    'The text.'
    """
    opening = _OPENING.match(content)
    if opening is None:
        return FrontMatter({}, content)
    closing = _CLOSING.search(content, opening.end())
    if closing is None or closing.start() > _LONGEST:
        raise DefectError(
            "the front matter that begins with --- is not closed",
            hint="close it with a line ---, or put an empty line first if the text itself begins with ---",
            line=1,
        )
    first_line = content.count("\n", 0, closing.end()) + 1
    return FrontMatter(_parse(content[opening.end() : closing.start()]), content[closing.end() :], first_line)


def _parse(source: str) -> dict[str, Field]:
    try:
        root = yaml.compose(source, Loader=yaml.SafeLoader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise DefectError(
            f"the front matter is not YAML ({error.problem or error.context})",
            hint="put values that hold a colon or begin with a special character in quotation marks",
            line=mark.line + 2 if mark else 1,
        ) from error
    except (yaml.YAMLError, RecursionError) as error:
        raise DefectError(
            "the front matter is not YAML", hint="it holds characters or nesting that YAML cannot", line=1
        ) from error
    if root is None:
        return {}
    if not isinstance(root, yaml.MappingNode):
        raise DefectError("the front matter is not a list of fields such as title: …", line=2)
    return {key.value: _field(value) for key, value in root.value if isinstance(key, yaml.ScalarNode)}


def _field(node: yaml.Node) -> Field:
    line = node.start_mark.line + 2  # the marks count from 0, and the opening line comes first
    if isinstance(node, yaml.SequenceNode):
        return Field([], line)
    if not isinstance(node, yaml.ScalarNode):
        return Field({}, line)
    # A title that looks like a number or a date is still that title: the characters count, not YAML's type for them.
    empty = node.tag == "tag:yaml.org,2002:null"
    return Field(None if empty else node.value, line)


__all__ = ["FrontMatter", "split_front_matter"]
