"""The ontology: complete, documented, consistent, and in step with the code, the sample and the saved queries."""

from __future__ import annotations

import json
import re
import shutil
from enum import StrEnum
from pathlib import Path

import pyoxigraph
import pytest
from rdflib import OWL, RDF, RDFS, SKOS, Graph, URIRef

from kg_build import ontology_check
from kg_build.model import EntityType, Form, MeetingKind, Portfolio, Role, SpeechAct, Status
from kg_build.nquads import Term, to_rdflib
from ontology import ALIGNMENTS_FILE, CONTEXT_FILE, CQ, DEFAULT_BASE, HERE, PREFIXES

QUERIES = sorted((HERE.parent / "server" / "queries").glob("*.rq"))
SAMPLE = HERE.parent / "tests" / "data" / "sample.trig"
README = (HERE / "README.md").read_text(encoding="utf-8")
CONCEPTS: list[type[StrEnum]] = [Portfolio, Status, Role, Form, SpeechAct]
NEEDS_JAVA = pytest.mark.skipif(shutil.which("java") is None, reason="HermiT needs Java, which is not installed here")


@pytest.fixture(scope="module")
def ontology() -> Graph:
    return ontology_check.load()


def fixed_names() -> list[tuple[str, list[str], list[str]]]:
    """The table of fixed names: class, superclasses, properties."""
    rows = [line.split("|")[1:4] for line in README.splitlines() if line.startswith("| `cq:")]
    return [(names(row[0])[0], names(row[1]), names(row[2])) for row in rows]


def names(cell: str) -> list[str]:
    return re.findall(r"`([^`]+)`", cell)


def expanded(name: str) -> URIRef:
    prefix, _, local = name.partition(":")
    return URIRef(PREFIXES[prefix] + local)


@pytest.mark.parametrize(("name", "parents", "properties"), fixed_names())
def test_has_every_fixed_name(ontology: Graph, name: str, parents: list[str], properties: list[str]) -> None:
    assert (expanded(name), RDF.type, OWL.Class) in ontology
    assert {expanded(parent) for parent in parents} <= set(ontology.objects(expanded(name), RDFS.subClassOf))
    assert {str(expanded(p)) for p in properties} <= ontology_check.declared_terms(ontology)


def test_the_table_of_fixed_names_is_read() -> None:
    assert len(fixed_names()) == 24


def test_every_term_has_a_label_a_definition_and_an_example(ontology: Graph) -> None:
    terms = ontology_check.declared_terms(ontology)
    assert len(terms) > 130
    for term in map(URIRef, terms):
        for annotation in (RDFS.label, SKOS.definition, SKOS.example):
            values = list(ontology.objects(term, annotation))
            assert [getattr(value, "language", None) for value in values] == ["en"], (term, annotation)
        assert (term, RDFS.isDefinedBy, URIRef(CQ.removesuffix("#"))) in ontology


@pytest.mark.parametrize("value", [*EntityType, *MeetingKind])
def test_every_class_that_the_reader_knows_is_declared(ontology: Graph, value: StrEnum) -> None:
    assert (URIRef(CQ[value]), RDF.type, OWL.Class) in ontology


@pytest.mark.parametrize("value", [concept for concepts in CONCEPTS for concept in concepts])
def test_every_concept_that_the_reader_knows_is_declared(ontology: Graph, value: StrEnum) -> None:
    assert (URIRef(CQ[value]), RDF.type, URIRef(CQ[type(value).__name__])) in ontology
    assert (URIRef(CQ[value]), RDF.type, SKOS.Concept) in ontology
    assert ontology.value(URIRef(CQ[value]), SKOS.inScheme)


@pytest.mark.parametrize("kind", MeetingKind)
def test_every_kind_of_meeting_carries_its_codes(ontology: Graph, kind: MeetingKind) -> None:
    notations = {str(n.datatype).removeprefix(CQ): str(n) for n in ontology.objects(URIRef(CQ[kind]), SKOS.notation)}
    assert notations["PloverEvent"] == "CONSULT"
    assert re.fullmatch(r"04[0-6]", notations["CameoCode"])
    assert notations.get("PloverMode") in {None, "visit", "third-party", "multilateral", "phone"}


def test_the_class_tree_shows_what_stands_below_what() -> None:
    tree = ontology_check.class_tree()
    assert "\nOrganization  (org:Organization, schema:Organization)\n  GovernmentBody" in tree
    assert "\n    Ministry  (org:FormalOrganization)\n" in tree
    assert "\nPlace  (schema:Place)\n  Country\n" in tree
    assert "\nMention  (oa:Annotation)\n  ContentMention\n  CueMention\n  SourceMention\n" in tree
    meetings = tree.partition("\nMeeting  ")[2].splitlines()[1:6]
    assert [line.strip() for line in meetings] == ["Consultations", "Summit", "TelephoneCall", "VideoCall", "Visit"]


def test_our_own_checks_find_nothing_wrong(sample_union: Graph, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shutil.which", lambda _: None)
    report = ontology_check.check(sample_union)
    assert report.faults == ()
    assert not report.reasoned
    assert "Java is not installed" in report.note


def test_our_own_checks_find_what_is_wrong(monkeypatch: pytest.MonkeyPatch) -> None:
    broken = Graph() + ontology_check.load()
    person, place = URIRef(CQ.Person), URIRef(CQ.Place)
    broken.remove((person, SKOS.example, None))
    broken.add((URIRef(CQ.Both), RDF.type, OWL.Class))
    broken.add((URIRef(CQ.Both), RDFS.subClassOf, person))
    broken.add((URIRef(CQ.Both), RDFS.subClassOf, place))
    monkeypatch.setattr("shutil.which", lambda _: None)
    monkeypatch.setattr(ontology_check, "load", lambda: broken)
    stray = Graph().add((URIRef("https://example.org/a"), URIRef(CQ.nowhere), URIRef(CQ.Nothing)))
    faults = ontology_check.check(stray).faults
    assert "cq:Person has no example" in faults
    assert f"{CQ.Both} can have no member: it is below disjoint classes" in faults
    assert {"cq:nowhere is used but not declared", "cq:Nothing is used but not declared"} <= set(faults)


@NEEDS_JAVA
def test_hermit_finds_no_contradiction_in_the_ontology_and_the_sample(sample_union: Graph) -> None:
    report = ontology_check.check(sample_union)
    assert report.consistent, report.faults
    assert report.reasoned


@NEEDS_JAVA
def test_hermit_finds_a_contradiction_in_false_data() -> None:
    person = URIRef(DEFAULT_BASE + "person/astrid-fjeld")
    data = Graph().add((person, RDF.type, URIRef(CQ.Person))).add((person, URIRef(CQ.metWith), person))
    assert ontology_check.check(data).faults == (
        "HermiT: the axioms, or the axioms and the data, contradict each other",
    )


def test_alignments_speak_of_declared_terms_only(ontology: Graph) -> None:
    alignments = Graph().parse(ALIGNMENTS_FILE)
    declared = ontology_check.declared_terms(ontology)
    ours = {str(node) for triple in alignments for node in triple if node.startswith(CQ)}
    assert ours <= declared
    assert {str(subject) for subject in alignments.subjects() if not subject.startswith(CQ.removesuffix("#"))} == set()


def test_the_json_ld_context_has_every_term(ontology: Graph) -> None:
    context = json.loads(CONTEXT_FILE.read_text(encoding="utf-8"))["@context"]
    ids = {entry["@id"] if isinstance(entry, dict) else entry for entry in context.values() if entry != 1.1}
    kinds = (RDFS.Datatype, SKOS.ConceptScheme)
    spoken = {
        t for t in ontology_check.declared_terms(ontology) if (URIRef(t), RDF.type, RDFS.Datatype) not in ontology
    }
    assert {f"cq:{term.removeprefix(CQ)}" for term in spoken} <= ids, kinds
    assert all(context[prefix] == namespace for prefix, namespace in PREFIXES.items())


@pytest.mark.parametrize("name", ["document/sample-1", "document/sample-2", "graph/entities"])
def test_the_json_ld_context_loses_nothing(sample: dict[str, Graph], name: str) -> None:
    context = json.loads(CONTEXT_FILE.read_text(encoding="utf-8"))["@context"]
    written = sample[name].serialize(format="json-ld", context=context)
    read = pyoxigraph.parse(written.encode(), format=pyoxigraph.RdfFormat.JSON_LD)
    assert {tuple(to_rdflib(Term(str(term))) for term in quad.triple) for quad in read} == set(sample[name])


@pytest.fixture(scope="module")
def store() -> pyoxigraph.Store:
    store = pyoxigraph.Store()
    store.load(path=SAMPLE, format=pyoxigraph.RdfFormat.TRIG)
    return store


def test_every_competency_question_has_its_query() -> None:
    assert re.findall(r"`([a-z-]+)\.rq`", README) != []
    assert sorted(re.findall(r"`([a-z-]+)\.rq`", README)) == [path.stem for path in QUERIES]


@pytest.mark.parametrize("path", QUERIES, ids=lambda path: path.stem)
def test_queries_have_titles_and_readable_answers(store: pyoxigraph.Store, path: Path, ontology: Graph) -> None:
    text = path.read_text(encoding="utf-8")
    assert re.match(r"# title: \S.*\n# description: \S.*\n", text)
    used = {CQ + name for name in re.findall(r"(?<![\w<])cq:(\w+)", text)}
    assert used <= ontology_check.declared_terms(ontology)
    assert "ORDER BY" in text
    solutions = store.query(text, use_default_graph_as_union=True)
    assert isinstance(solutions, pyoxigraph.QuerySolutions)
    rows = [[row[variable] for variable in solutions.variables] for row in solutions]
    assert len(rows) == len({tuple(map(str, row)) for row in rows}), "an answer comes twice"


@pytest.mark.parametrize(
    ("name", "rows"),
    [
        (
            "who-met-whom",
            ["Astrid Fjeld|Carmelo Vassallo|Meeting", "Carmelo Vassallo|Sunna Hrafnsdóttir|TelephoneCall"],
        ),
        ("calls-per-month", ["2025-03|1"]),
        (
            "not-held",
            [
                "Visit of Sunna Hrafnsdóttir in Valletta, 10 April 2025|Postponed|Malta’s foreign ministry",
                "Meeting of Eirik Dahlstrøm and Sunna Hrafnsdóttir in Oslo, 24 March 2025 to 30 March 2025|Denied|"
                "Iceland’s foreign ministry",
                "Meeting of Eirik Dahlstrøm and Sunna Hrafnsdóttir in Oslo, 24 March 2025 to 30 March 2025|Denied|"
                "its spokesperson",
            ],
        ),
        ("post-holders", ["Foreign Minister|Iceland|Sunna Hrafnsdóttir|2025-03-24|2025-04-08|false"] + [""] * 3),
        ("on-the-margins", ["Blue Ocean Summit|"]),
        ("two-posts", []),
        ("silent-documents", []),
    ],
)
def test_queries_answer_their_questions(store: pyoxigraph.Store, name: str, rows: list[str]) -> None:
    path = next(path for path in QUERIES if path.stem == name)
    solutions = store.query(path.read_text(encoding="utf-8"), use_default_graph_as_union=True)
    assert isinstance(solutions, pyoxigraph.QuerySolutions)
    values = ([row[v] for v in solutions.variables] for row in solutions)
    found = ["|".join("" if value is None else value.value for value in row) for row in values]
    assert len(found) == len(rows)
    assert all(actual.startswith(expected) for actual, expected in zip(found, rows, strict=True))
