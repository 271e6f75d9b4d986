"""Whether meetings meet across documents: ``python -m benchmarks.linking_meetings``.

``benchmarks/data/meetings.jsonl`` labels places of documents that name an encounter, with the encounter that it is: the
document's identifier, the offsets, the words there and a label. The documents are releases of the corpus, the examples,
and the articles in ``invented.jsonl``, which show what the releases lack. They are read with the installed reader and
linked; then precision and recall are printed, over pairs of places in different documents and by B-cubed. A place at
which the reader finds no meeting is alone, so that it costs recall.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path
from typing import Final

from kg_build.iris import Iris
from kg_build.model import Document, Reading, Span
from kg_build.reader import load_reader
from kg_build.resolve import resolve, take_notes
from kg_build.resolve.nodes import Nodes
from kg_build.sources import gather, read_documents
from ontology import DEFAULT_BASE

_HERE: Final = Path(__file__).resolve().parent
LABELS: Final = _HERE / "data" / "meetings.jsonl"
INVENTED: Final = _HERE / "data" / "invented.jsonl"
EXAMPLES: Final = _HERE.parent / "examples"
CORPUS: Final = _HERE.parents[1] / "shared" / "corpora" / "us-releases.jsonl"


@dataclass(frozen=True, slots=True)
class Label:
    """A place in a document that names an encounter."""

    document: str
    span: Span
    encounter: str


@dataclass(frozen=True, slots=True)
class Score:
    """Precision and recall over pairs of different documents, and by B-cubed; pairs wrongly joined and left apart."""

    pairwise: tuple[float, float]
    bcubed: tuple[float, float]
    wrong: tuple[tuple[Label, Label], ...]
    missed: tuple[tuple[Label, Label], ...]


def read_labels(file: Path = LABELS) -> list[Label]:
    """The labels in a file."""
    lines = (json.loads(line) for line in file.read_text(encoding="utf-8").splitlines())
    return [Label(at["document"], Span(at["start"], at["end"]), at["encounter"]) for at in lines]


def read_labelled(labels: Sequence[Label], sources: Iterable[Path]) -> dict[str, Document]:
    """The documents of the labels, as far as ``sources`` hold them."""
    wanted = {label.document for label in labels}
    found = read_documents(gather([source for source in sources if source.exists()]).files)
    return {d.id: d for d in found if isinstance(d, Document) and d.id in wanted}


def score(labels: Sequence[Label], nodes: Sequence[str | None]) -> Score:
    """How well the nodes found at the labels' places agree with the labels; None where nothing was found.

    >>> labels = [Label(name, Span(0, 3), "e1") for name in ("a", "b", "c")]
    >>> score(labels, ["m1", "m1", None]).pairwise
    (1.0, 0.3333333333333333)
    """
    node = [found or f"nothing at {number}" for number, found in enumerate(nodes)]
    pairs = [(i, j) for i, j in combinations(range(len(labels)), 2) if labels[i].document != labels[j].document]
    said = {(i, j) for i, j in pairs if node[i] == node[j]}
    true = {(i, j) for i, j in pairs if labels[i].encounter == labels[j].encounter}
    by_node, by_label = defaultdict(set), defaultdict(set)
    for number, label in enumerate(labels):
        by_node[node[number]].add(number)
        by_label[label.encounter].add(number)
    shared = [len(by_node[node[i]] & by_label[label.encounter]) for i, label in enumerate(labels)]
    return Score(
        pairwise=(_ratio(said & true, said), _ratio(said & true, true)),
        bcubed=(
            sum(n / len(by_node[node[i]]) for i, n in enumerate(shared)) / len(labels),
            sum(n / len(by_label[label.encounter]) for n, label in zip(shared, labels, strict=True)) / len(labels),
        ),
        wrong=tuple((labels[i], labels[j]) for i, j in sorted(said - true)),
        missed=tuple((labels[i], labels[j]) for i, j in sorted(true - said)),
    )


def _ratio(part: set[tuple[int, int]], whole: set[tuple[int, int]]) -> float:
    return len(part) / len(whole) if whole else 1.0


def nodes_at(labels: Sequence[Label], readings: Mapping[Document, Reading], iris: Iris) -> list[str | None]:
    """The meeting's node at each label's place, after linking; None where no meeting's words meet it."""
    notes = sorted((take_notes(d, reading, iris) for d, reading in readings.items()), key=lambda n: n.document)
    resolution = resolve(notes, iris)
    nodes = Nodes(notes, iris)
    for one in notes:
        links = resolution.of(one.document).entities
        nodes.entities.update({(one.document, key): node for key, node in links.items()})
    nodes.name_meetings()
    spans: dict[str, list[tuple[Span, str]]] = defaultdict(list)
    for document, reading in readings.items():
        links = resolution.of(document.id).meetings
        for meeting in reading.meetings:
            node = links.get(meeting.key, nodes.meetings[document.id, meeting.key])
            spans[document.id] += [(mention.span, node) for mention in meeting.mentions]
    return [_at(label, spans[label.document]) for label in labels]


def _at(label: Label, spans: Iterable[tuple[Span, str]]) -> str | None:
    near = [(abs(span.start - label.span.start), node) for span, node in spans if span.meets(label.span)]
    return min(near)[1] if near else None


def main(arguments: Sequence[str] | None = None) -> int:
    """Reads, links and prints the figures; returns 1 where no labelled document can be found."""
    parser = argparse.ArgumentParser(description="Whether meetings meet across documents.")
    parser.add_argument("--corpus", type=Path, default=CORPUS, help="JSON lines of the releases")
    parser.add_argument("--errors", action="store_true", help="also prints the pairs that are wrong or missed")
    options = parser.parse_args(arguments)
    labels = read_labels()
    documents = read_labelled(labels, [options.corpus, EXAMPLES, INVENTED])
    labels = [label for label in labels if label.document in documents]
    if not labels:
        print(f"no labelled document is there: {options.corpus} is missing", file=sys.stderr)
        return 1
    iris, reader = Iris(DEFAULT_BASE), load_reader()
    readings = {document: reader.read(document) for document in documents.values()}
    found = nodes_at(labels, readings, iris)
    report(labels, documents, found, errors=options.errors)
    return 0


def report(
    labels: Sequence[Label], documents: Mapping[str, Document], found: Sequence[str | None], *, errors: bool
) -> None:
    """Prints what was found, and the figures."""
    told: dict[str, set[str]] = defaultdict(set)
    for label in labels:
        told[label.encounter].add(label.document)
    several = sum(len(names) > 1 for names in told.values())
    print(f"{len(labels)} places in {len(documents)} documents; {len(told)} encounters, {several} told in several")
    print(f"at {sum(node is None for node in found)} places the reader finds no meeting")
    result = score(labels, found)
    for name, (precision, recall) in (("pairs", result.pairwise), ("B-cubed", result.bcubed)):
        print(f"meetings, {name:8} precision {precision:.3f}  recall {recall:.3f}")
    for what, pairs in (("joined wrongly", result.wrong), ("left apart", result.missed)) if errors else ():
        for pair in pairs:
            print(what, *(_shown(label, documents[label.document]) for label in pair), sep="\n   ")


def _shown(label: Label, document: Document) -> str:
    around = document.text[max(0, label.span.start - 60) : label.span.end + 60]
    return f"{label.document} {document.published_on} {label.encounter} {label.span.start}: {' '.join(around.split())}"


if __name__ == "__main__":
    sys.exit(main())
