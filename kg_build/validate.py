"""Checks a document's graph against the SHACL shapes: the only module that uses pySHACL.

``pyshacl.validate`` reads the shapes anew for each call, evaluates each property shape once for each focus node, and
parses each SPARQL constraint each time that it is asked. With thousands of small graphs that is most of the time, so
the :class:`Validator` uses the parts that ``pyshacl.validate`` is made of, does these three things once, and gives
the same findings (a test holds the two against each other; ``benchmarks/validation.py`` times both).

W3C Shapes Constraint Language: https://www.w3.org/TR/shacl/
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any, Final

from pyshacl.pytypes import SHACLExecutor
from pyshacl.shapes_graph import ShapesGraph
from rdflib import SH, Graph, URIRef
from rdflib.collection import Collection
from rdflib.plugins.sparql import prepareQuery
from rdflib.plugins.sparql.sparql import Query
from rdflib.query import Result
from rdflib.term import Node

from kg_build.findings import Finding, Report, Severity, report_turtle
from ontology import PREFIXES
from shapes import SHAPE_FILES

TARGETS: Final = (SH.targetClass, SH.targetNode, SH.targetObjectsOf, SH.targetSubjectsOf)


class Validator:
    """The shapes, parsed once; :meth:`validate` can be called for any number of graphs.

    >>> Validator().validate(Graph()).conforms
    True
    """

    def __init__(self) -> None:
        graph = Graph()
        for file in SHAPE_FILES:
            graph.parse(file, format="turtle")
        _give_targets_to_property_shapes(graph)
        self._paths = {shape: _path_text(graph, path) for shape, path in graph.subject_objects(SH.path)}
        targeted = {shape for target in TARGETS for shape in graph.subjects(target)}
        self._shapes: list[Any] = [shape for shape in ShapesGraph(graph).shapes if shape.node in targeted]
        self._executor = SHACLExecutor()

    def validate(self, graph: Graph) -> Report:
        """The findings about ``graph``: the graph of one document with the slice of the entities graph about it.

        ``graph`` is a plain rdflib graph in memory and is not changed. No ontology is mixed in and nothing is inferred.
        """
        prepared = _PreparedGraph(store=graph.store, identifier=graph.identifier)
        findings = {
            self._finding({predicate: object_ for subject, predicate, object_ in triples if subject == result})
            for shape in self._shapes
            for _, result, triples in shape.validate(self._executor, prepared)[1]
        }
        return Report(tuple(sorted(findings, key=lambda finding: finding.sort_key)))

    def _finding(self, result: dict[URIRef, Any]) -> Finding:
        # pySHACL gives a term together with the graph that it comes from, where it has one.
        terms = {key: value[1] if isinstance(value, tuple) else value for key, value in result.items()}
        value = terms.get(SH.value)
        return Finding(
            focus=str(terms[SH.focusNode]),
            path=self._paths.get(terms[SH.sourceShape]),
            value=None if value is None else value.n3(),
            shape=str(terms[SH.sourceShape]),
            component=str(terms[SH.sourceConstraintComponent]),
            severity=Severity(str(terms[SH.resultSeverity]).removeprefix(str(SH))),
            message=str(terms[SH.resultMessage]),
        )


@lru_cache(maxsize=64)
def _prepared(query: str) -> Query:
    return prepareQuery(query)


class _PreparedGraph(Graph):
    """A view of a graph that parses a query once, however often it is asked and of however many graphs."""

    def __bool__(self) -> bool:
        # pySHACL asks it of the data for each result, discarded ones too; rdflib would count all triples to answer.
        return True

    def query(self, query_object: str | Query, *args: Any, **kwargs: Any) -> Result:
        query = _prepared(query_object) if isinstance(query_object, str) else query_object
        return super().query(query, *args, **kwargs)


def _give_targets_to_property_shapes(shapes: Graph) -> None:
    """Gives each property shape the targets of the node shapes that use it, in the place of their ``sh:property``.

    The findings are the same (a node shape hands each of its nodes to its property shapes, SHACL 4.7.2), but all the
    nodes of a target are then checked at one go.
    """
    for node_shape, property_shape in list(shapes.subject_objects(SH.property)):
        targets = [(kind, target) for kind in TARGETS for target in shapes.objects(node_shape, kind)]
        if targets:
            shapes.remove((node_shape, SH.property, property_shape))
            for kind, target in targets:
                shapes.add((property_shape, kind, target))


def _path_text(shapes: Graph, path: Node) -> str:
    """A SHACL property path in SPARQL syntax; the shapes use predicates, inverses, sequences and alternatives."""
    if isinstance(path, URIRef):
        return _shortened(str(path))
    inverse = shapes.value(path, SH.inversePath)
    if inverse is not None:
        return "^" + _path_text(shapes, inverse)
    alternatives = shapes.value(path, SH.alternativePath)
    sign, members = ("/", path) if alternatives is None else ("|", alternatives)
    return sign.join(_path_text(shapes, member) for member in Collection(shapes, members))


def _shortened(iri: str) -> str:
    prefix, namespace = max(
        ((prefix, namespace) for prefix, namespace in PREFIXES.items() if iri.startswith(namespace)),
        key=lambda pair: len(pair[1]),
    )
    return f"{prefix}:{iri.removeprefix(namespace)}"


__all__ = ["Finding", "Report", "Severity", "Validator", "report_turtle"]
