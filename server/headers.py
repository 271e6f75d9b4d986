"""The headers that every response has, whatever part of the server makes it.

>>> security_headers(page=False)["Content-Security-Policy"]
"default-src 'none'; frame-ancestors 'none'; sandbox"
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

_PAGE: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; font-src 'self'; "
    "base-uri 'none'; form-action 'self'; frame-ancestors 'none'; object-src 'none'"
)
# Results hold what others wrote. A browser that is led to one directly shall run nothing in it.
_RESULT: Final = "default-src 'none'; frame-ancestors 'none'; sandbox"

_ALWAYS: Final = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    # The address of a result holds the query: no business of the sites that it links to.
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}
_OF_A_PAGE: Final = MappingProxyType({"Content-Security-Policy": _PAGE, **_ALWAYS})
_OF_A_RESULT: Final = MappingProxyType({"Content-Security-Policy": _RESULT, **_ALWAYS})


def security_headers(*, page: bool) -> Mapping[str, str]:
    """The headers of a page of this server and of its parts, or those of anything else."""
    return _OF_A_PAGE if page else _OF_A_RESULT


__all__ = ["security_headers"]
