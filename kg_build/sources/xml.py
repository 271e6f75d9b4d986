"""XML from strangers: no entity is expanded, no DTD is loaded, nothing is fetched."""

from __future__ import annotations

import re
from typing import Final

from lxml import etree

from kg_build.sources.records import DefectError

_DEEPEST: Final = 1_000
_ENTITY: Final = re.compile(r"<!\s*ENTITY", re.IGNORECASE)


def refuse_entities(raw: bytes) -> None:
    """Raises DefectError where ``raw`` declares entities, in whatever encoding: feeds and Word files need none."""
    for encoding in ("latin-1", "utf-16-le", "utf-16-be"):
        is_wide = raw[:2] in (b"\xff\xfe", b"\xfe\xff") or b"\x00" in raw[:4]
        if (is_wide or encoding == "latin-1") and _ENTITY.search(raw.decode(encoding, "replace")):
            raise DefectError("it declares XML entities, which can be built to harm", hint="remove its DOCTYPE")


def parse_xml(raw: bytes) -> etree._Element:
    """The root of the XML in ``raw``. Raises DefectError where it is not well-formed, or built to harm."""
    refuse_entities(raw)
    parser = etree.XMLParser(resolve_entities=False, load_dtd=False, no_network=True, huge_tree=True)
    try:
        root = etree.fromstring(raw, parser)
    except etree.XMLSyntaxError as error:
        line = error.lineno or 1
        raise DefectError(f"not well-formed XML: {error.msg}", hint="get it again", line=line) from error
    depth = 0
    for event, _ in etree.iterwalk(root, events=("start", "end")):
        depth += 1 if event == "start" else -1
        if depth > _DEEPEST:
            raise DefectError(f"its elements are nested more than {_DEEPEST:,} deep", hint="it may be built to harm")
    return root


__all__ = ["parse_xml", "refuse_entities"]
