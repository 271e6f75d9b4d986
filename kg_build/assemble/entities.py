"""Entities, tenures and posts of a reading, as triples of the document's graph."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Final

from kg_build.assemble.graph import DocumentGraph, day, label
from kg_build.assemble.identity import Identity
from kg_build.contribution import EntityNote, PostNote
from kg_build.model import Entity, EntityType, Portfolio, Tenure
from kg_build.nquads import boolean, iri, text
from kg_build.vocabulary import cq, foaf, org, rdf, rdfs

SUPERCLASSES: Final = {
    EntityType.MINISTRY: ("GovernmentBody", "Organization"),
    EntityType.GOVERNMENT_BODY: ("Organization",),
    EntityType.INTERNATIONAL_ORGANIZATION: ("Organization",),
    EntityType.MEDIA_OUTLET: ("Organization",),
    EntityType.COUNTRY: ("Place",),
}
"""The named superclasses of each class within the ontology: a query for organizations finds ministries too."""


def add_entities(graph: DocumentGraph, identity: Identity, entities: Iterable[Entity]) -> tuple[EntityNote, ...]:
    """Adds every entity, those that share a node as one; returns what they add to the graph of all documents."""
    by_iri: dict[str, list[Entity]] = defaultdict(list)
    codes: set[str] = set()
    for entity in entities:
        by_iri[identity.entities[entity.key]].append(entity)
        if entity.iso:
            codes.add(entity.iso)
    named = [_add_entity(graph, identity, node, same) for node, same in by_iri.items()]
    unnamed = [code for code in sorted(codes) if identity.country(code) not in by_iri]
    return (*named, *(_add_bare_country(graph, identity.country(code), code) for code in unnamed))


def _add_entity(graph: DocumentGraph, identity: Identity, node: str, same: list[Entity]) -> EntityNote:
    subject = iri(node)
    names = list(dict.fromkeys(" ".join(name.split()) for e in same for name in (e.name, *e.aliases)))
    fullest = max((e.name for e in same), key=lambda name: (len(name.split()), len(name)))
    slips = {" ".join(slip.split()) for e in same for slip in e.misspellings}
    graph.add(subject, rdfs.label, label(fullest))
    for name in names:
        graph.add(subject, foaf.name, label(name))
    for slip in slips:
        graph.add(subject, cq.misspelling, label(slip))
    for entity in same:
        graph.add(subject, rdf.type, cq[entity.type])
        for superclass in SUPERCLASSES.get(entity.type, ()):
            graph.add(subject, rdf.type, cq[superclass])
        if entity.type is EntityType.MINISTRY:
            graph.add(subject, cq.portfolio, cq[entity.portfolio or Portfolio.OTHER])
        if entity.type is EntityType.COUNTRY:
            graph.add(subject, cq.isoCode, text(entity.iso) if entity.iso else None)
        elif entity.iso:
            graph.add(subject, cq.country, iri(identity.country(entity.iso)))
        for mention in entity.mentions:
            graph.mention(node, mention.span, mention.confidence)
    types = tuple(sorted({e.type for e in same}))
    wikidata = next((e.wikidata for e in same if e.wikidata), None)
    fullest = " ".join(fullest.split())
    return EntityNote(node, types, fullest, tuple(name for name in names if name != fullest), wikidata)


def _add_bare_country(graph: DocumentGraph, country: str, code: str) -> EntityNote:
    """Adds a country to which another entity belongs and which the document itself does not name."""
    subject = iri(country)
    graph.add(subject, rdf.type, cq.Country)
    graph.add(subject, rdf.type, cq.Place)
    graph.add(subject, rdfs.label, text(code))
    graph.add(subject, cq.isoCode, text(code))
    return EntityNote(country, (EntityType.COUNTRY,), None)


def add_tenures(graph: DocumentGraph, identity: Identity, tenures: Iterable[Tenure]) -> tuple[PostNote, ...]:
    """Adds every tenure and its post; returns what the posts add to the graph of all documents."""
    by_iri: dict[str, list[Tenure]] = defaultdict(list)
    for tenure in tenures:
        by_iri[identity.tenures[tenure.key]].append(tenure)
    return tuple(_add_tenure(graph, identity, node, same) for node, same in by_iri.items())


def _add_tenure(graph: DocumentGraph, identity: Identity, node: str, same: list[Tenure]) -> PostNote:
    subject, first = iri(node), same[0]
    post_iri = identity.posts[first.key]
    post = iri(post_iri)
    graph.add(subject, rdf.type, cq.Tenure)
    graph.add(subject, org.member, iri(identity.entities[first.person]))
    graph.add(subject, cq.post, post)
    if all(tenure.former for tenure in same):
        graph.add(subject, cq.former, boolean(True))
    elif published := graph.document.published_on:
        # A document that calls somebody a former minister does not show the post as held on its own date.
        graph.add(subject, cq.knownFrom, day(published))
        graph.add(subject, cq.knownUntil, day(published))
    title = " ".join(max((t.title for t in same), key=lambda t: (len(t), t)).split())
    graph.add(post, rdf.type, cq.Post)
    graph.add(post, rdfs.label, text(title))
    for tenure in same:
        if of := tenure.of or tenure.ministry:
            graph.add(post, cq.of, iri(identity.entities[of]))
        if tenure.ministry:
            graph.add(post, org.postIn, iri(identity.entities[tenure.ministry]))
        for mention in tenure.mentions:
            graph.mention(node, mention.span, mention.confidence)
    return PostNote(post_iri, title)


__all__ = ["SUPERCLASSES", "add_entities", "add_tenures"]
