"""The Communiqué ontology as an importable package of data: where its files lie and the namespaces it uses.

>>> CQ.Person
'https://w3id.org/communique/ontology#Person'
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

HERE: Final = Path(__file__).resolve().parent

ONTOLOGY_FILE: Final = HERE / "communique.ttl"
"""Terms and axioms (OWL 2, Turtle)."""
ALIGNMENTS_FILE: Final = HERE / "alignments.ttl"
"""Links from the terms to other vocabularies."""
CONTEXT_FILE: Final = HERE / "context.jsonld"
"""JSON-LD context for the terms."""


class Namespace(str):
    """An IRI prefix; an attribute or an item of it is a full IRI, as a plain string."""

    __slots__ = ()

    def __getattr__(self, name: str) -> str:
        if name.startswith("__"):
            raise AttributeError(name)
        return f"{self}{name}"

    def __getitem__(self, name: object) -> str:
        return f"{self}{name}"


CQ: Final = Namespace("https://w3id.org/communique/ontology#")
DCTERMS: Final = Namespace("http://purl.org/dc/terms/")
FOAF: Final = Namespace("http://xmlns.com/foaf/0.1/")
OA: Final = Namespace("http://www.w3.org/ns/oa#")
ORG: Final = Namespace("http://www.w3.org/ns/org#")
OWL: Final = Namespace("http://www.w3.org/2002/07/owl#")
PROV: Final = Namespace("http://www.w3.org/ns/prov#")
RDF: Final = Namespace("http://www.w3.org/1999/02/22-rdf-syntax-ns#")
RDFS: Final = Namespace("http://www.w3.org/2000/01/rdf-schema#")
SCHEMA: Final = Namespace("https://schema.org/")
SEM: Final = Namespace("http://semanticweb.cs.vu.nl/2009/11/sem/")
SH: Final = Namespace("http://www.w3.org/ns/shacl#")
SKOS: Final = Namespace("http://www.w3.org/2004/02/skos/core#")
TIME: Final = Namespace("http://www.w3.org/2006/time#")
WD: Final = Namespace("http://www.wikidata.org/entity/")
XSD: Final = Namespace("http://www.w3.org/2001/XMLSchema#")

PREFIXES: Final[dict[str, str]] = {
    "cq": str(CQ),
    "dcterms": str(DCTERMS),
    "foaf": str(FOAF),
    "oa": str(OA),
    "org": str(ORG),
    "owl": str(OWL),
    "prov": str(PROV),
    "rdf": str(RDF),
    "rdfs": str(RDFS),
    "schema": str(SCHEMA),
    "sem": str(SEM),
    "sh": str(SH),
    "skos": str(SKOS),
    "time": str(TIME),
    "wd": str(WD),
    "xsd": str(XSD),
}
"""Prefix to namespace, as every export and every sample query writes them."""

DEFAULT_BASE: Final = "https://w3id.org/communique/id/"
"""Base IRI of the resources that a build makes, where the user sets no other."""

__all__ = [
    "ALIGNMENTS_FILE",
    "CONTEXT_FILE",
    "CQ",
    "DCTERMS",
    "DEFAULT_BASE",
    "FOAF",
    "HERE",
    "OA",
    "ONTOLOGY_FILE",
    "ORG",
    "OWL",
    "PREFIXES",
    "PROV",
    "RDF",
    "RDFS",
    "SCHEMA",
    "SEM",
    "SH",
    "SKOS",
    "TIME",
    "WD",
    "XSD",
    "Namespace",
]
