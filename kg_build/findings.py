"""What the SHACL shapes find in a graph, and the report of it in Turtle.

W3C Shapes Constraint Language: https://www.w3.org/TR/shacl/
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from kg_build.nquads import iri, text
from ontology import PREFIXES
from shapes import CQS


class Severity(StrEnum):
    """How much a finding matters; the value is the local name in the SHACL namespace."""

    VIOLATION = "Violation"
    WARNING = "Warning"
    INFO = "Info"


@dataclass(frozen=True, slots=True)
class Finding:
    """One SHACL validation result.

    ``focus`` is the IRI of the node that was checked, ``value`` the term that is wrong, in N-Triples syntax. ``path``
    is the property path that leads there, in SPARQL syntax with the prefixes of :data:`ontology.PREFIXES`
    (``cq:date``, ``^oa:hasBody``). ``shape`` and ``component`` are the IRIs of the shape and of the SHACL constraint
    component.
    """

    focus: str
    path: str | None
    value: str | None
    shape: str
    component: str
    severity: Severity
    message: str

    @property
    def sort_key(self) -> tuple[str, ...]:
        """What findings are ordered by: the gravest first, then by shape and node."""
        rank = str(list(Severity).index(self.severity))
        return (rank, self.shape, self.focus, self.path or "", self.value or "", self.component, self.message)


@dataclass(frozen=True, slots=True)
class Report:
    """All findings about one graph, the gravest first."""

    findings: tuple[Finding, ...]

    @property
    def conforms(self) -> bool:
        """Whether there is no violation. Warnings do not keep a graph out of the store."""
        return all(finding.severity is not Severity.VIOLATION for finding in self.findings)


def _path_turtle(path: str) -> str:
    """The RDF of a path in SPARQL syntax, as a finding has it, in Turtle."""
    if path.startswith("^"):
        return f"[ sh:inversePath {path[1:]} ]"
    if "|" in path:
        return f"[ sh:alternativePath ( {path.replace('|', ' ')} ) ]"
    return f"( {path.replace('/', ' ')} )" if "/" in path else path


def report_turtle(findings: Iterable[tuple[str, Finding]]) -> str:
    """One ``sh:ValidationReport`` over many graphs, in Turtle: the same findings give the same bytes.

    ``findings`` are pairs of a graph's IRI and a finding about it, in any order. ``prov:wasDerivedFrom`` leads from
    each result to its graph. ``sh:conforms`` is true where nothing is a violation, as for :attr:`Report.conforms`.
    """
    pairs = sorted(set(findings), key=lambda pair: (pair[0], pair[1].sort_key))
    conforms = all(finding.severity is not Severity.VIOLATION for _, finding in pairs)
    statements = [f"sh:conforms {str(conforms).lower()}"]
    statements += [f"sh:result [\n{_result_turtle(graph, finding)}\n    ]" for graph, finding in pairs]
    prefixes = {**PREFIXES, "cqs": str(CQS)}
    head = "".join(f"@prefix {prefix}: <{namespace}> .\n" for prefix, namespace in sorted(prefixes.items()))
    return f"{head}\n[] a sh:ValidationReport ;\n    " + " ;\n    ".join(statements) + " .\n"


def _result_turtle(graph: str, finding: Finding) -> str:
    return " ;\n".join(f"        {line}" for line in _result_lines(graph, finding))


def _result_lines(graph: str, finding: Finding) -> Iterator[str]:
    yield "a sh:ValidationResult"
    yield f"prov:wasDerivedFrom {iri(graph)}"
    yield f"sh:resultSeverity sh:{finding.severity}"
    yield f"sh:resultMessage {text(finding.message)}@en"
    yield f"sh:focusNode {iri(finding.focus)}"
    if finding.path is not None:
        yield f"sh:resultPath {_path_turtle(finding.path)}"
    if finding.value is not None:
        yield f"sh:value {finding.value}"
    yield f"sh:sourceShape {iri(finding.shape)}"
    yield f"sh:sourceConstraintComponent {iri(finding.component)}"


__all__ = ["Finding", "Report", "Severity", "report_turtle"]
