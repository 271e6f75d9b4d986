"""The columns of ``SELECT *`` in the order in which the query names them; the engine gives them by the alphabet.

>>> ordered("SELECT * { ?meeting cq:participant ?who }", ("meeting", "who"))
'SELECT ?meeting ?who { ?meeting cq:participant ?who }'
"""

from __future__ import annotations

from collections.abc import Collection
from itertools import takewhile

from kg_build.query_guard import tokens


def ordered(query: str, variables: Collection[str], named_in: str | None = None) -> str | None:
    """``query`` with ``variables``, the names of its columns, in the place of the ``*`` of its outermost SELECT.

    They stand as they first stand in ``named_in``, or in ``query`` itself; those that are not there come last. None
    where the query says itself which columns it wants.
    """
    head = list(takewhile(lambda token: token.kind != "opening", tokens(query, prefer_iris=True)))
    words = [token.text.upper() for token in head]
    if not variables or "SELECT" not in words:
        return None
    after = words.index("SELECT") + 1
    star = after + (words[after : after + 1] in (["DISTINCT"], ["REDUCED"]))
    if words[star : star + 1] != ["*"]:
        return None
    seen = (token.text[1:] for token in tokens(named_in or query, prefer_iris=True) if token.kind == "variable")
    first = dict.fromkeys(name for name in seen if name in variables)
    names = " ".join(f"?{name}" for name in (*first, *(name for name in variables if name not in first)))
    at = head[star].start
    return f"{query[:at]}{names}{query[at + 1 :]}"


__all__ = ["ordered"]
