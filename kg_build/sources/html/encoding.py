"""From a page's bytes to characters: byte-order mark, then what the page declares, then UTF-8, then Windows-1252."""

from __future__ import annotations

import codecs
import re
from typing import Final

_DECLARED: Final = re.compile(rb"<meta[^>]{0,300}?charset\s*=\s*[\"']?\s*([A-Za-z0-9_.:-]{2,40})", re.IGNORECASE)
_XML: Final = re.compile(rb"^\s*<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([A-Za-z0-9_.:-]{2,40})")
_LOOKED_AT: Final = 4096  # bytes in which a page must declare its encoding; the HTML standard has 1024
_MARKS: Final = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_KNOWN: Final = re.compile(
    r"utf-8|iso8859-\d+|cp12\d\d|cp866|cp874|koi8-[ru]|mac-(?:roman|cyrillic)|gb2312|gbk|gb18030|big5|euc_jp|shift_jis|iso2022_jp|euc_kr"
)
_LATIN: Final = ("iso8859-1", "ascii")  # pages that say so mean Windows-1252, which has the curly quotation marks
_FEW: Final = 0.001  # share of a page's bytes that may be wrong before what it declares is not believed
_UNASSIGNED: Final = b"\x81\x8d\x8f\x90\x9d"


def decode_page(raw: bytes, declared: str | None = None) -> str:
    r"""The characters of a page; ``declared`` is the encoding that came with it, as in an e-mail's headers.

    >>> decode_page(b'<meta charset="iso-8859-1">\x93Oui\x94')
    '<meta charset="iso-8859-1">“Oui”'
    """
    for mark, marked in _MARKS:
        if raw.startswith(mark):
            return raw[len(mark) :].decode(marked, "replace")
    head = raw[:_LOOKED_AT]
    found = _XML.search(head) or _DECLARED.search(head)
    name = codec(declared) or (codec(found[1].decode("ascii")) if found else None)
    if name is None or name == "utf-8":
        try:
            return raw.decode("utf-8")
        except UnicodeDecodeError:
            text = raw.decode("utf-8", "replace")
            return text if name and text.count("\ufffd") < _FEW * len(raw) else _windows(raw)
    return _windows(raw) if name == "cp1252" else raw.decode(name, "replace")


def codec(label: str | None) -> str | None:
    """Python's name of the encoding that ``label`` stands for; None where it is none that pages come in."""
    if not label:
        return None
    try:
        name = codecs.lookup(label.strip()).name
    except (LookupError, ValueError):
        return None
    if name in _LATIN:
        return "cp1252"
    return name if _KNOWN.fullmatch(name) else None


def _windows(raw: bytes) -> str:
    """Five bytes mean nothing in Windows-1252; browsers take them for control characters."""
    if not any(byte in raw for byte in _UNASSIGNED):
        return raw.decode("cp1252")
    return "".join(chr(byte) if byte in _UNASSIGNED else bytes([byte]).decode("cp1252") for byte in raw)


__all__ = ["codec", "decode_page"]
