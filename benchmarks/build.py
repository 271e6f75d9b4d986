"""What each stage of a build costs but for reading: ``python -m benchmarks.build [DOCUMENTS]``.

The documents are made up, of 500 words each, with about as many persons, meetings and statements as news has; the fake
reader of the tests reads them, so that the figures are those of everything else. Times are CPU time of one core.
"""

from __future__ import annotations

import pickle
import sys
import time
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from kg_build.assemble import assemble
from kg_build.combine import Combination
from kg_build.iris import Iris
from kg_build.model import Document
from kg_build.nquads import iri
from kg_build.store import create_store
from kg_build.validate import Validator
from ontology import DEFAULT_BASE
from tests.support.fake_reader import make_reader

FIRST = ["Ararat", "Sergey", "Abbas", "Badr", "Hakan", "Annalena", "Catherine", "Jeyhun"]
LAST = ["Mirzoyan", "Lavrov", "Araghchi", "Albusaidi", "Fidan", "Baerbock", "Colonna", "Bayramov"]
FILLER = "The two sides went over trade, borders and the coming session of their joint commission in some detail. " * 4


def document(number: int) -> Document:
    """The ``number``-th document."""
    people = [f"{FIRST[(number + i) % 8]} {LAST[(number * 3 + i) % 8]}" for i in range(5)]
    parts = [f"Foreign Minister {people[0]} of Armenia spoke. Foreign Minister {people[1]} of Russia answered."]
    parts += [f"{people[i]} met {people[i + 1]} in Moscow." for i in range(3)]
    parts += [f"“We in Iran and Oman agreed on point {i},” said {people[i % 5]}." for i in range(10)]
    day = date(2021, 1, 1) + timedelta(days=number)
    return Document(f"made-up-{number}", f" {FILLER}\n".join(parts), f"Document {number}", day, "Nobody")


def timed(what: str, number: int, work: Callable[[], object]) -> None:
    """Prints what ``work`` costs for each of ``number`` documents."""
    begun = time.process_time()
    work()
    print(f"{what:34}{(time.process_time() - begun) / number * 1000:8.2f} ms a document")


def main(number: int) -> None:
    """Measures with ``number`` documents."""
    iris, reader, validator = Iris(DEFAULT_BASE), make_reader(), Validator()
    documents = [document(n) for n in range(number)]
    readings = [reader.read(d) for d in documents]
    made = [assemble(d, r, iris) for d, r in zip(documents, readings, strict=True)]
    lines = [m.triples.lines(iri(m.graph_iri)) for m in made]
    words = sum(len(d.text.split()) for d in documents) / number
    print(f"{number} documents of {words:.0f} words, {sum(map(len, lines)) / number:.0f} triples each")
    timed("assembling", number, lambda: [assemble(d, r, iris) for d, r in zip(documents, readings, strict=True)])
    timed("sorted lines", number, lambda: [m.triples.lines(iri(m.graph_iri)) for m in made])
    timed("a graph for SHACL", number, lambda: [m.triples.to_rdflib() for m in made])
    timed("SHACL", number, lambda: [validator.validate(m.triples.to_rdflib()) for m in made])
    sent = [(m.contribution, graph) for m, graph in zip(made, lines, strict=True)]
    timed("from process to process", number, lambda: [pickle.loads(pickle.dumps(record)) for record in sent])  # noqa: S301
    combination = Combination(iris)
    timed("combining", number, lambda: [combination.add(m.contribution) for m in made])
    with TemporaryDirectory() as folder:
        data = Path(folder, "data.nq")
        data.write_text("".join(line for graph in lines for line in graph), encoding="utf-8")
        timed("filling the store (all cores)", number, lambda: create_store(Path(folder, "store"), data))


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 100)
