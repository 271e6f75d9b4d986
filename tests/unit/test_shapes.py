"""The shapes, both ways: the sample conforms, and for each shape there is a graph that it refuses."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pyshacl
import pytest
import yaml
from rdflib import SH, Graph, URIRef
from rdflib.compare import isomorphic

from kg_build.validate import Finding, Report, Severity, Validator, report_turtle
from ontology import CQ, DEFAULT_BASE, PREFIXES
from shapes import CORE_FILE, CQS, QUALITY_FILE, SHAPE_FILES

DATA = Path(__file__).resolve().parent.parent / "data"
REFUSED: dict[str, str] = yaml.safe_load((DATA / "shapes" / "refused.yaml").read_text(encoding="utf-8"))
PROLOGUE = f"BASE <{DEFAULT_BASE}>\n" + "".join(f"PREFIX {p}: <{ns}>\n" for p, ns in PREFIXES.items())


@pytest.fixture(scope="module")
def validator() -> Validator:
    return Validator()


@pytest.fixture(scope="module")
def shapes() -> Graph:
    graph = Graph()
    for file in SHAPE_FILES:
        graph.parse(file)
    return graph


def document_slice(sample: dict[str, Graph], name: str) -> Graph:
    """The graph of a document with what the entities graph says of its nodes: what is validated in a build."""
    graph = Graph() + sample[f"document/{name}"]
    subjects = set(graph.subjects())
    for triple in sample["graph/entities"]:
        if triple[0] in subjects:
            graph.add(triple)
    return graph


def changed(sample: dict[str, Graph], update: str) -> Graph:
    graph = document_slice(sample, "sample-1")
    graph.update(PROLOGUE + update)
    return graph


def found(report: Report, shape: str) -> list[Finding]:
    return [finding for finding in report.findings if finding.shape == CQS[shape]]


@pytest.mark.parametrize("name", ["sample-1", "sample-2"])
def test_the_sample_conforms_without_a_warning(sample: dict[str, Graph], validator: Validator, name: str) -> None:
    assert validator.validate(document_slice(sample, name)).findings == ()


def test_the_union_of_the_sample_conforms(sample_union: Graph, validator: Validator) -> None:
    assert validator.validate(sample_union).findings == ()


def test_validation_leaves_the_graph_alone(sample: dict[str, Graph], validator: Validator) -> None:
    graph = document_slice(sample, "sample-1")
    before = Graph() + graph
    validator.validate(graph)
    assert isomorphic(graph, before)


@pytest.mark.parametrize("shape", REFUSED)
def test_refuses(sample: dict[str, Graph], validator: Validator, shapes: Graph, shape: str) -> None:
    node = URIRef(CQS[shape])
    report = validator.validate(changed(sample, REFUSED[shape]))
    findings = found(report, shape)
    assert findings, f"{shape} accepts the change"
    severity = Severity(str(shapes.value(node, SH.severity)).removeprefix(str(SH)))
    message = str(shapes.value(node, SH.message))
    for finding in findings:
        assert finding.severity is severity
        assert finding.message.split("{")[0].startswith(message.split("{")[0])
        assert "{" not in finding.message
    if severity is Severity.VIOLATION:
        assert not report.conforms


def test_every_shape_has_a_graph_that_it_refuses(shapes: Graph) -> None:
    assert {str(shape).removeprefix(CQS) for shape in shapes.subjects(SH.severity)} == set(REFUSED)


def test_every_class_of_the_ontology_has_a_shape(shapes: Graph) -> None:
    targets = {str(target).removeprefix(CQ) for target in shapes.objects(None, SH.targetClass)}
    table = (CORE_FILE.parent.parent / "ontology" / "README.md").read_text(encoding="utf-8")
    fixed = {line.split("`")[1].removeprefix("cq:") for line in table.splitlines() if line.startswith("| `cq:")}
    assert fixed <= targets
    assert {"UnnamedSource", "Event", "Relay"} <= targets


def test_every_named_shape_has_a_message_and_a_severity(shapes: Graph) -> None:
    named = {shape for shape in shapes.subjects() if isinstance(shape, URIRef) and shape.startswith(CQS)}
    for shape in named:
        assert shapes.value(shape, SH.message), shape
        assert shapes.value(shape, SH.severity) in (SH.Violation, SH.Warning, SH.Info), shape


def test_the_shapes_are_shapes(shapes: Graph) -> None:
    conforms, _, text = pyshacl.validate(Graph(), shacl_graph=shapes, meta_shacl=True)
    assert conforms, text


@pytest.mark.parametrize(
    "shape", ["ExactWords", "confidence", "Meeting-participant", "Document-issued-given", "Statement", "OwnCapacity"]
)
def test_finds_what_pyshacl_itself_finds(
    sample: dict[str, Graph], validator: Validator, shapes: Graph, shape: str
) -> None:
    graph = changed(sample, REFUSED[shape])
    _, results, _ = pyshacl.validate(graph, shacl_graph=shapes)
    assert isinstance(results, Graph)
    theirs = {
        tuple(results.value(result, p) for p in (SH.focusNode, SH.sourceShape, SH.value, SH.resultMessage))
        for result in results.objects(None, SH.result)
    }
    assert {(f.focus, f.shape, f.value, f.message) for f in validator.validate(graph).findings} == {
        (str(focus), str(source), None if value is None else value.n3(), str(message))
        for focus, source, value, message in theirs
    }


class TestWordsOfTheText:
    """The evidence check, which counts code points and is the reason that the graph can be trusted."""

    def problems(self, sample: dict[str, Graph], validator: Validator, update: str) -> Iterator[str]:
        return (finding.message for finding in found(validator.validate(changed(sample, update)), "ExactWords"))

    @pytest.mark.parametrize(
        ("update", "problem"),
        [
            ("oa:exact ?old } INSERT { ?s oa:exact 'Y' } WHERE { ?s oa:exact ?old FILTER (?old = '𝕏')", "others"),
            (
                "oa:suffix ?old } INSERT { ?s oa:suffix 'x' } WHERE { ?s oa:exact '𝕏' ; oa:suffix ?old",
                "before or after",
            ),
            (
                "oa:prefix ?old } INSERT { ?s oa:prefix 'x' } WHERE { ?s oa:exact '𝕏' ; oa:prefix ?old",
                "before or after",
            ),
            ("oa:end ?old } INSERT { ?s oa:end 9999 } WHERE { ?s oa:end ?old ; oa:start 376", "beyond the end"),
        ],
    )
    def test_names_the_problem(self, sample: dict[str, Graph], validator: Validator, update: str, problem: str) -> None:
        messages = list(self.problems(sample, validator, f"DELETE {{ ?s {update} }}"))
        assert len(messages) == 1
        assert problem in messages[0]
        assert "characters 376 to" in messages[0]

    def test_a_stretch_at_the_edge_may_lack_prefix_and_suffix(
        self, sample: dict[str, Graph], validator: Validator
    ) -> None:
        update = "DELETE WHERE { ?quote oa:prefix ?before } ; DELETE WHERE { ?quote oa:suffix ?after }"
        assert list(self.problems(sample, validator, update)) == []

    def test_text_that_looks_like_a_pattern_breaks_nothing(
        self, sample: dict[str, Graph], validator: Validator
    ) -> None:
        update = r"DELETE { ?s oa:exact ?old } INSERT { ?s oa:exact '\\1 \\d {?end}' } WHERE { ?s oa:exact ?old }"
        assert len(list(self.problems(sample, validator, update))) > 1


class TestReport:
    def test_is_a_shacl_report_that_names_its_graphs(self, sample: dict[str, Graph], validator: Validator) -> None:
        report = validator.validate(changed(sample, REFUSED["Mention-body-described"]))
        pairs = [(f"{DEFAULT_BASE}document/sample-2", finding) for finding in report.findings]
        graph = Graph().parse(data=report_turtle(pairs), format="turtle")
        results = list(graph.objects(None, SH.result))
        assert len(results) == len(report.findings)
        for result in results:
            assert graph.value(result, URIRef(PREFIXES["prov"] + "wasDerivedFrom")) == URIRef(pairs[0][0])
            assert graph.value(result, SH.resultSeverity) in (SH.Violation, SH.Warning)
        assert (None, SH.resultPath, None) in graph

    def test_is_the_same_bytes_in_any_order(self, sample: dict[str, Graph], validator: Validator) -> None:
        findings = validator.validate(changed(sample, REFUSED["confidence"])).findings
        pairs = [(f"{DEFAULT_BASE}document/{n}", f) for n in ("a", "b") for f in findings]
        assert report_turtle(pairs) == report_turtle(reversed(pairs))

    @pytest.mark.parametrize(("shape", "conforms"), [("Document-issued-given", "true"), ("label", "false")])
    def test_warnings_do_not_break_conformance(
        self, sample: dict[str, Graph], validator: Validator, shape: str, conforms: str
    ) -> None:
        report = validator.validate(changed(sample, REFUSED[shape]))
        assert str(report.conforms).lower() == conforms
        assert f"sh:conforms {conforms}" in report_turtle([("https://example.org/g", f) for f in report.findings])

    def test_of_nothing(self) -> None:
        graph = Graph().parse(data=report_turtle([]), format="turtle")
        assert [str(o) for o in graph.objects(None, SH.conforms)] == ["true"]


def test_quality_is_in_sparql_and_core_is_not() -> None:
    assert "sh:sparql" not in CORE_FILE.read_text(encoding="utf-8")
    assert "sh:sparql" in QUALITY_FILE.read_text(encoding="utf-8")
