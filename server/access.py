"""Who may write: who knows the token (RFC 6750)."""

from __future__ import annotations

import hashlib
import hmac
from typing import Final

from server.errors import UnauthorizedError, WritesOffError

_SCHEME: Final = "bearer"


def check_token(token: str, authorization: str | None) -> None:
    """Lets pass who sends ``token`` in the Authorization header. How long it takes says nothing about the token.

    Raises WritesOffError where there is no token, UnauthorizedError for who sends none or another one.
    """
    if not token:
        raise WritesOffError("this server takes no writes", hint="they are on when it has a token: COMMUNIQUE_TOKEN")
    scheme, _, sent = (authorization or "").partition(" ")
    if scheme.lower() != _SCHEME:
        raise UnauthorizedError("writes need a token", hint="send it as: Authorization: Bearer …")
    # Of equal length whatever was sent.
    if not hmac.compare_digest(_digest(sent.strip()), _digest(token)):
        raise UnauthorizedError("this is not the token")


def _digest(text: str) -> bytes:
    return hashlib.sha256(text.encode("utf-8", "surrogateescape")).digest()


__all__ = ["check_token"]
