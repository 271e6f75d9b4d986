"""How surely a text is known again when another outlet carries it: ``python -m benchmarks.copies [CORPUS]``.

Texts of the corpus are dressed up as outlets do it (a dateline and a closing line, a cut end, a cut beginning, a share
of their words that are no names replaced), and the share that is still found is printed for each dress. Then come all
pairs that are found in the corpus as it is, to be judged by eye. Needs a JSON-lines file of articles;
``../shared/corpora/us-releases.jsonl`` unless another is given.
"""

from __future__ import annotations

import random
import re
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import pairwise
from pathlib import Path
from typing import Final

from kg_build.model import Document
from kg_build.resolve.copies import Fingerprint, find_copies, fingerprint
from kg_build.sources import gather, read_documents

_CORPUS: Final = Path("../shared/corpora/us-releases.jsonl")
_SAMPLE: Final = 400
_SENTENCE_END: Final = re.compile(r"(?<=[.!?])\s+")


@dataclass(frozen=True, slots=True)
class _Text:
    document: str
    published: date | datetime | None
    fingerprint: Fingerprint | None


def _dressed(text: str, _: random.Random) -> str:
    return f"LISBON (Harbour Wire) — {text}\n\nReporting by our correspondents. All rights reserved by the agency."


def _cut(share: float) -> Callable[[str, random.Random], str]:
    def cut(text: str, _: random.Random) -> str:
        sentences = _SENTENCE_END.split(text)
        return " ".join(sentences[: max(1, round(len(sentences) * (1 - share)))])

    return cut


def _beheaded(text: str, _: random.Random) -> str:
    sentences = _SENTENCE_END.split(text)
    return " ".join(sentences[len(sentences) // 5 :])


def _edited(share: float) -> Callable[[str, random.Random], str]:
    def edit(text: str, chance: random.Random) -> str:
        words = text.split()
        return " ".join("edited" if word.islower() and chance.random() < share else word for word in words)

    return edit


_DRESSES: Final[dict[str, Callable[[str, random.Random], str]]] = {
    "dateline and closing line": _dressed,
    "first fifth cut": _beheaded,
    "last 20 % cut": _cut(0.2),
    "last 40 % cut": _cut(0.4),
    "last 60 % cut": _cut(0.6),
    "2 % of words replaced": _edited(0.02),
    "5 % of words replaced": _edited(0.05),
    "10 % of words replaced": _edited(0.1),
    "dressed, 30 % cut, 2 % replaced": lambda text, chance: _dressed(
        _cut(0.3)(_edited(0.02)(text, chance), chance), chance
    ),
}


def _found(documents: Sequence[Document], dress: Callable[[str, random.Random], str]) -> Iterator[bool]:
    chance = random.Random(1)  # noqa: S311 - the same dress each time
    for document in documents:
        other = fingerprint(dress(document.text, chance))
        texts = [_Text("a", None, fingerprint(document.text)), _Text("b", None, other)]
        yield bool(find_copies(texts))


def main(arguments: Sequence[str]) -> int:
    """Prints the shares and the pairs; returns 1 where there is no corpus."""
    corpus = Path(arguments[0]) if arguments else _CORPUS
    if not corpus.exists():
        print(f"{corpus}: there is no such file; name a JSON-lines file of articles", file=sys.stderr)
        return 1
    documents = [d for d in read_documents(gather([corpus]).files) if isinstance(d, Document)]
    long_enough = [d for d in documents if fingerprint(d.text)]
    sample = random.Random(1).sample(long_enough, min(_SAMPLE, len(long_enough)))  # noqa: S311 - likewise
    print(f"{len(documents)} texts, {len(long_enough)} of them long enough; {len(sample)} dressed up")
    for name, dress in _DRESSES.items():
        found = list(_found(sample, dress))
        print(f"{name:34}{sum(found) / len(found):7.3f} found")
    neighbours = [
        bool(find_copies([_Text("a", None, fingerprint(a.text)), _Text("b", None, fingerprint(b.text))]))
        for a, b in pairwise(sample)
    ]
    print(f"{'different texts':34}{sum(neighbours) / len(neighbours):7.3f} found")
    copies = find_copies([_Text(d.id, d.published, fingerprint(d.text)) for d in documents])
    titles = {d.id: f"{d.published_on} {d.title}" for d in documents}
    print(f"{len(copies)} copies in the corpus as it is")
    for later, first in copies.items():
        print(f"  {later}: {titles[later]}\n  = {first}: {titles[first]}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
