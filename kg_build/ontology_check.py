"""Checks the ontology: the only module that uses owlready2.

The file is loaded with no import and no network. Our own checks find terms that are used and not declared, terms that
lack a label, a definition or an example, and classes that declared disjointness leaves empty. Where Java is installed,
HermiT (Glimm et al., 2014, part of owlready2) then looks for contradictions and for classes that can have no member.
"""

from __future__ import annotations

import io
import shutil
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations

import owlready2  # type: ignore[import-untyped]
from rdflib import OWL, RDF, RDFS, SKOS, Graph, URIRef
from rdflib.collection import Collection
from rdflib.namespace import XSD
from rdflib.term import Literal, Node

from kg_build.errors import UnavailableError
from ontology import CQ, ONTOLOGY_FILE

TERM_TYPES = (
    OWL.Class,
    OWL.ObjectProperty,
    OWL.DatatypeProperty,
    OWL.AnnotationProperty,
    OWL.NamedIndividual,
    RDFS.Datatype,
)
BUILT_IN = (str(OWL), str(RDF), str(RDFS), str(XSD))
DOCUMENTATION = {"label": RDFS.label, "definition": SKOS.definition, "example": SKOS.example}


@dataclass(frozen=True, slots=True)
class OntologyReport:
    """What a check found. ``reasoned`` is False where Java is missing, and ``note`` then says so."""

    terms: int
    class_tree: str
    faults: tuple[str, ...]
    reasoned: bool
    note: str

    @property
    def consistent(self) -> bool:
        """Whether nothing is wrong, as far as the checks that ran can tell."""
        return not self.faults


def check(data: Graph | None = None) -> OntologyReport:
    """The ontology's class tree and its faults; with ``data``, whether these triples contradict it or use other terms.

    Our own checks always run. HermiT runs where Java is installed; where it is not, the report says so. Raises
    UnavailableError where Java is there and fails.
    """
    graph = load()
    faults = {*_undocumented(graph), *_undeclared(graph, graph), *_empty_by_disjointness(graph)}
    if data is not None:
        faults.update(_undeclared(graph, data))
    world = _world(graph, data)
    reasoned = shutil.which("java") is not None
    if reasoned:
        faults.update(_found_by_reasoner(world))
        note = "HermiT checked the axioms" + (" and the data." if data is not None else ".")
    else:
        note = "Java is not installed, so HermiT did not run: only declared disjointness and the terms were checked."
    return OntologyReport(len(declared_terms(graph)), class_tree(), tuple(sorted(faults)), reasoned, note)


@lru_cache(maxsize=1)
def load() -> Graph:
    """The ontology as triples; not to be changed by whoever gets it."""
    return Graph().parse(ONTOLOGY_FILE, format="turtle")


def declared_terms(graph: Graph, namespace: str = CQ) -> set[str]:
    """The IRIs within ``namespace`` that ``graph`` declares as a class, property, concept, scheme or datatype."""
    declared = {str(term) for kind in TERM_TYPES for term in graph.subjects(RDF.type, kind) if isinstance(term, URIRef)}
    return {term for term in declared if term.startswith(namespace)}


def class_tree() -> str:
    """The classes of the ontology, one a line, each indented below its superclass and marked with those of others.

    >>> print(class_tree().splitlines()[0])
    Actor
    """
    graph = load()
    roots: list[URIRef] = []
    below: dict[URIRef, list[URIRef]] = defaultdict(list)
    for term in graph.subjects(RDF.type, OWL.Class):
        if isinstance(term, URIRef) and term.startswith(CQ):
            own = [parent for parent in _parents(graph, term) if parent.startswith(CQ)]
            for siblings in [below[parent] for parent in own] or [roots]:
                siblings.append(term)

    def lines(siblings: list[URIRef], depth: int) -> Iterator[str]:
        for term in sorted(siblings):
            others = sorted(graph.qname(parent) for parent in _parents(graph, term) if not parent.startswith(CQ))
            yield "  " * depth + term.removeprefix(CQ) + (f"  ({', '.join(others)})" if others else "")
            yield from lines(below[term], depth + 1)

    return "\n".join(lines(roots, 0))


def _parents(graph: Graph, term: Node) -> list[URIRef]:
    return [parent for parent in graph.objects(term, RDFS.subClassOf) if isinstance(parent, URIRef)]


def _undocumented(graph: Graph) -> Iterator[str]:
    for term in declared_terms(graph):
        for name, annotation in DOCUMENTATION.items():
            if graph.value(URIRef(term), annotation) is None:
                yield f"cq:{term.removeprefix(CQ)} has no {name}"


def _undeclared(ontology: Graph, used: Graph) -> Iterator[str]:
    """Properties, classes and, anywhere, terms of ours that ``used`` uses and ``ontology`` does not declare."""
    ours = {node for triple in used for node in triple if isinstance(node, URIRef) and node.startswith(CQ)}
    terms = ours | set(used.predicates()) | {kind for kind in used.objects(None, RDF.type) if isinstance(kind, URIRef)}
    for term in {str(term) for term in terms} - declared_terms(ontology, ""):
        if not term.startswith(BUILT_IN):
            yield f"{ontology.namespace_manager.normalizeUri(term)} is used but not declared"


def _empty_by_disjointness(graph: Graph) -> Iterator[str]:
    """Classes below two classes that are declared disjoint."""
    disjoint = {
        frozenset(pair)
        for axiom, members in graph.subject_objects(OWL.members)
        if (axiom, RDF.type, OWL.AllDisjointClasses) in graph
        for pair in combinations(Collection(graph, members), 2)
    }
    disjoint |= {frozenset(pair) for pair in graph.subject_objects(OWL.disjointWith)}
    for term in graph.subjects(RDF.type, OWL.Class):
        above = set(graph.transitive_objects(term, RDFS.subClassOf))
        for pair in disjoint:
            if pair <= above:
                yield f"{term} can have no member: it is below disjoint classes"


def _world(graph: Graph, data: Graph | None) -> owlready2.World:
    world = owlready2.World()
    triples = io.BytesIO(_for_reasoner(graph, data).serialize(format="nt", encoding="utf-8"))
    world.get_ontology(CQ.removesuffix("#")).load(fileobj=triples, only_local=True)
    return world


def _found_by_reasoner(world: owlready2.World) -> Iterator[str]:
    try:
        owlready2.sync_reasoner_hermit(world, debug=0)
    except owlready2.OwlReadyInconsistentOntologyError:
        yield "HermiT: the axioms, or the axioms and the data, contradict each other"
        return
    except owlready2.OwlReadyJavaError as error:
        raise UnavailableError(f"HermiT failed: {error}", hint="check the installed Java, or do without it") from error
    for empty in world.inconsistent_classes():
        if empty is not owlready2.Nothing:
            yield f"HermiT: {empty.iri} can have no member"


def _for_reasoner(graph: Graph, data: Graph | None) -> Graph:
    """The triples that OWL 2 reasons over, which owlready2 can load.

    The classes of meetings are concepts too (OWL 2 calls it punning), which owlready2 does not know: the concepts' side
    of them is left out. So are literals of datatypes that are not among those of OWL 2.
    """
    classes = set(graph.subjects(RDF.type, OWL.Class))
    kept = Graph()
    for triple in (*graph, *(data or ())):
        subject, predicate, object_ = triple
        concept_side = subject in classes and (object_ == SKOS.Concept or str(predicate).startswith(str(SKOS)))
        beyond_owl = isinstance(object_, Literal) and object_.datatype in (XSD.date, XSD.gYearMonth, XSD.gYear)
        if not concept_side and not beyond_owl:
            kept.add(triple)
    return kept


__all__ = ["OntologyReport", "check", "class_tree", "declared_terms", "load"]
