"""The vocabularies' terms, ready to be put into triples.

>>> cq.Person
'<https://w3id.org/communique/ontology#Person>'
"""

from __future__ import annotations

from typing import Final

from kg_build.nquads import Term, iri
from ontology import CQ, DCTERMS, FOAF, OA, ORG, OWL, PROV, RDF, RDFS, SCHEMA, SKOS


class Vocabulary:
    """A namespace; an attribute or an item of it is an encoded term, made once."""

    def __init__(self, namespace: str) -> None:
        self._namespace = namespace

    def __getattr__(self, name: str) -> Term:
        if name.startswith("__"):
            raise AttributeError(name)
        term = iri(self._namespace + name)
        setattr(self, name, term)
        return term

    def __getitem__(self, name: str) -> Term:
        term: Term = getattr(self, name)
        return term


cq: Final = Vocabulary(CQ)
dcterms: Final = Vocabulary(DCTERMS)
foaf: Final = Vocabulary(FOAF)
oa: Final = Vocabulary(OA)
org: Final = Vocabulary(ORG)
owl: Final = Vocabulary(OWL)
prov: Final = Vocabulary(PROV)
rdf: Final = Vocabulary(RDF)
rdfs: Final = Vocabulary(RDFS)
schema: Final = Vocabulary(SCHEMA)
skos: Final = Vocabulary(SKOS)

__all__ = ["Vocabulary", "cq", "dcterms", "foaf", "oa", "org", "owl", "prov", "rdf", "rdfs", "schema", "skos"]
