"""How long SHACL validation takes per document: ``python benchmarks/validation.py [data.nq] [--compare]``.

Validates each document's graph of an N-Quads or TriG file (the tests' sample where none is given) together with its
slice of the entities graph, as a build does, and prints the processor time. ``--compare`` also times
``pyshacl.validate`` on the same graphs. Each graph is validated three times, and the fastest counts.
"""

from __future__ import annotations

import argparse
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from pathlib import Path

import pyoxigraph
import pyshacl
from rdflib import Graph

from kg_build.nquads import Term, to_rdflib
from kg_build.validate import Validator
from shapes import SHAPE_FILES

SAMPLE = Path(__file__).resolve().parent.parent / "tests" / "data" / "sample.trig"
ROUNDS = 3


def documents(file: Path) -> Iterator[tuple[str, Graph]]:
    """Each document's IRI with what is validated of it."""
    by_graph: dict[str, list[pyoxigraph.Triple]] = defaultdict(list)
    for quad in pyoxigraph.parse(path=file):
        by_graph[str(quad.graph_name).strip("<>")].append(quad.triple)
    entities: dict[str, list[pyoxigraph.Triple]] = defaultdict(list)
    for name, triples in by_graph.items():
        if name.endswith("/graph/entities"):
            for triple in triples:
                entities[str(triple.subject)].append(triple)
    for name, triples in by_graph.items():
        if "/document/" in name:
            subjects = {str(triple.subject) for triple in triples}
            graph = Graph()
            for triple in [*triples, *(t for subject in subjects for t in entities[subject])]:
                graph.add(tuple(to_rdflib(Term(str(term))) for term in triple))
            yield name, graph


def milliseconds(validate: Callable[[], object]) -> float:
    """Processor time of the fastest of several rounds."""
    times = []
    for _ in range(ROUNDS):
        start = time.process_time()
        validate()
        times.append(time.process_time() - start)
    return 1000 * min(times)


def main() -> None:
    """Prints a line per document, up to twenty of them, and the mean."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("file", type=Path, nargs="?", default=SAMPLE)
    parser.add_argument("--compare", action="store_true", help="time pyshacl.validate as well")
    arguments = parser.parse_args()
    shapes = Graph()
    for file in SHAPE_FILES:
        shapes.parse(file)
    validator = Validator()
    total = triples = count = 0.0
    for name, graph in documents(arguments.file):
        spent = milliseconds(lambda graph=graph: validator.validate(graph))
        total, triples, count = total + spent, triples + len(graph), count + 1
        if count <= 20:
            line = f"{name}: {len(graph)} triples, {spent:.0f} ms"
            if arguments.compare:
                theirs = milliseconds(lambda graph=graph: pyshacl.validate(graph, shacl_graph=shapes))
                line += f" (pyshacl.validate: {theirs:.0f} ms)"
            print(line)
    if count:
        print(f"mean over {count:.0f} documents: {triples / count:.0f} triples, {total / count:.0f} ms")


if __name__ == "__main__":
    main()
