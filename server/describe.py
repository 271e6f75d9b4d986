"""The endpoint's description of itself (SPARQL 1.1 Service Description)."""

from __future__ import annotations

import re
from typing import Final

from kg_build.manifest import Manifest

_UNSAFE: Final = re.compile(r"[\x00-\x20<>\"{}|\\^`]")

_TEMPLATE: Final = """
PREFIX dcterms: <http://purl.org/dc/terms/>
PREFIX formats: <http://www.w3.org/ns/formats/>
PREFIX sd: <http://www.w3.org/ns/sparql-service-description#>
PREFIX void: <http://rdfs.org/ns/void#>
PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>
CONSTRUCT {
  <%(endpoint)s> a sd:Service ;
    sd:endpoint <%(endpoint)s> ;
    sd:supportedLanguage sd:SPARQL11Query ;
    sd:feature sd:UnionDefaultGraph ;
    sd:resultFormat formats:SPARQL_Results_JSON, formats:SPARQL_Results_XML, formats:SPARQL_Results_CSV,
      formats:SPARQL_Results_TSV, formats:Turtle, formats:N-Triples, formats:JSON-LD, formats:RDF_XML ;
    sd:defaultDataset _:dataset .
  _:dataset a sd:Dataset, void:Dataset ;
    dcterms:title "Communiqué" ;
    dcterms:created "%(built)s"^^xsd:dateTime ;
    void:triples %(triples)d ;
    void:documents %(documents)d ;
    void:uriSpace "%(base)s" ;
    sd:defaultGraph _:graph .
  _:graph a sd:Graph .
} WHERE {}
"""


def description_query(endpoint: str, manifest: Manifest) -> str:
    """A query whose result is the description of the service at the address ``endpoint``.

    So that it comes out in any of the formats that a graph comes out in.
    """
    return _TEMPLATE % {
        # The host in the address is what the client says it is.
        "endpoint": _UNSAFE.sub("", endpoint).rstrip("/"),
        "built": manifest.ended,
        "triples": manifest.triples,
        "documents": manifest.counts.documents,
        "base": manifest.base,
    }


__all__ = ["description_query"]
