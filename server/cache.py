"""Results that were sent and may be asked for again, bounded in bytes; the least recently used goes first."""

from __future__ import annotations

import hashlib
import re
from collections import OrderedDict
from collections.abc import Hashable
from typing import Final

from server.jobs import Answer, Job

_EACH_TIME_ANOTHER: Final = re.compile(r"(?i)\b(?:NOW|RAND|UUID|STRUUID|BNODE)\b|search")
"""What may give another result on the same graph. In a text or a name it does no harm: the result is not kept."""
_SHARE: Final = 16
"""A single result takes no more than this part of the cache."""
_OVERHEAD: Final = 1_000
"""Bytes that an entry takes beside query and result, roughly."""


_Key = tuple[str, str, Hashable]


class ResultCache:
    """Results by generation and job. For use in one thread."""

    def __init__(self, most_bytes: int) -> None:
        self._most = most_bytes
        self._entries: OrderedDict[_Key, Answer] = OrderedDict()
        self._bytes = 0
        self.hits = 0
        self.misses = 0

    def get(self, generation: str, job: Job) -> Answer | None:
        """The result of ``job`` on that generation, if it is kept."""
        key = _key(generation, job)
        found = self._entries.get(key)
        if found is None:
            self.misses += 1
            return None
        self._entries.move_to_end(key)
        self.hits += 1
        return found

    def put(self, generation: str, job: Job, answer: Answer) -> None:
        """Keeps a result, unless it is too large or another one each time."""
        size = _size(job, answer)
        if size * _SHARE > self._most or _EACH_TIME_ANOTHER.search(job.query):
            return
        key = _key(generation, job)
        replaced = self._entries.pop(key, None)
        if replaced is not None:
            self._bytes -= _size(job, replaced)
        self._entries[key] = answer
        self._bytes += size
        while self._bytes > self._most:
            (_, query, _), gone = self._entries.popitem(last=False)
            self._bytes -= len(query) + len(gone.body) + _OVERHEAD

    def clear(self) -> None:
        """Forgets all."""
        self._entries.clear()
        self._bytes = 0

    @property
    def bytes(self) -> int:
        """What is kept, roughly."""
        return self._bytes


def entity_tag(answer: Answer) -> str:
    """The strong ETag (RFC 9110, section 8.8.3) of a whole result: of its bytes and its media type."""
    digest = hashlib.blake2b(answer.body, digest_size=12, key=answer.choice.media_type.encode()[:64])
    return f'"{digest.hexdigest()}"'


def _key(generation: str, job: Job) -> _Key:
    choices = tuple(choice for kind in job.choices for choice in (kind, job.choices[kind]))
    return generation, job.query, (job.base_iri, choices, job.default_graphs, job.named_graphs)


def _size(job: Job, answer: Answer) -> int:
    return len(job.query) + len(answer.body) + _OVERHEAD


__all__ = ["ResultCache", "entity_tag"]
