"""``/id/…``: what the graph says of one of its nodes, as a page for browsers or as RDF; of a document its text too."""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import quote

from flask import Blueprint, Response, redirect, render_template, request, url_for

from kg_build.store import Kind, Value
from ontology import PREFIXES
from server.annotated import Span, annotate
from server.endpoint import endpoint
from server.failures import Failure, respond
from server.formats import FORMATS, OFFERS, ResultKind, content_type
from server.negotiate import HTML, prefers_html
from server.protocol import ProtocolRequest
from server.terms import label

blueprint: Final = Blueprint("entity", __name__)

MOST_ROWS: Final = 500
"""Facts, and passages, that a page shows."""
MOST_MENTIONS: Final = 5_000
"""Mentions that are marked in a document's text."""
_NO_IRI: Final = re.compile(r"[\x00-\x20<>\"{}|\\^`]")
_KEPT: Final = "/#=,;:@!$&'()*+~"
_OWN: Final = "SELECT ?property ?value {{ <{iri}> ?property ?value }} ORDER BY ?property ?value"
_ABOUT: Final = """SELECT DISTINCT ?node ?name ?property {{ ?node ?property <{iri}>
  FILTER (?property NOT IN (oa:hasBody, oa:hasSource)) OPTIONAL {{ ?node skos:prefLabel ?name }}
}} ORDER BY ?property ?node"""
_PASSAGES: Final = """SELECT ?document ?title ?exact ?start {{
  ?mention oa:hasBody <{iri}> ; oa:hasTarget ?target .
  ?target oa:hasSource ?document ; oa:hasSelector ?position, ?quote .
  ?position oa:start ?start . ?quote oa:exact ?exact OPTIONAL {{ ?document dcterms:title ?title }}
}} ORDER BY STR(?document) ?start"""
_MENTIONS: Final = """SELECT DISTINCT ?start ?end ?body ?kind {{ GRAPH <{iri}> {{
  ?mention oa:hasBody ?body ; oa:hasTarget ?target ; a ?kind . ?target oa:hasSelector ?position .
  ?position oa:start ?start ; oa:end ?end
}} }} ORDER BY ?start ?end ?body"""


@blueprint.get("/id/<path:local>")
def entity(local: str) -> Response:
    """The node whose IRI is the base and ``local``."""
    response = _entity(local)
    response.vary.add("Accept")
    return response


def _entity(local: str) -> Response:
    # Who was sent here by the IRI itself has its escapes undone by the way.
    for name in dict.fromkeys((local, quote(local, safe=_KEPT))):
        iri = endpoint().manifest.base + name
        own = [] if _NO_IRI.search(iri) else _rows(_OWN, iri, MOST_ROWS)
        if own:
            return _found(iri, own)
    hint = 'find it by its name on the query page: ?x cq:search "name"'
    return respond(Failure(404, "No such node", f"the graph says nothing of {local}", hint=hint))


def _found(iri: str, own: list[tuple[Value | None, ...]]) -> Response:
    for prop, value in own:
        if prop and value and prop.text == f"{PREFIXES['dcterms']}isReplacedBy" and (address := node_page(value.text)):
            wanted = request.args.get("format")
            return _redirect(f"{address}?format={quote(wanted)}" if wanted else address)
    format_name = request.args.get("format")
    if format_name is None and prefers_html(request.headers.get("Accept")):
        return Response(_page(iri, own), mimetype=HTML)
    asked = ProtocolRequest(f"DESCRIBE <{iri}>", format=format_name)
    answer = endpoint().answer(asked, request.headers.get("Accept"))
    return Response(answer.body, content_type=content_type(answer.choice.media_type))


def _redirect(address: str) -> Response:
    response = redirect(address, 308)
    assert isinstance(response, Response)  # noqa: S101 - for the type checker
    return response


def _page(iri: str, own: list[tuple[Value | None, ...]]) -> str:
    facts = [(prop, value) for prop, value in own if prop and value]
    named = {prop.text: value.text for prop, value in reversed(facts)}
    name = next(
        (named[key] for key in (f"{PREFIXES['skos']}prefLabel", f"{PREFIXES['dcterms']}title") if key in named),
        iri.removeprefix(endpoint().manifest.base),
    )
    text = named.get(f"{PREFIXES['cq']}text")
    shown = [(prop, value) for prop, value in facts if prop.text != f"{PREFIXES['cq']}text"]
    return render_template(
        "entity.html",
        iri=iri,
        name=name,
        facts=shown,
        about=_rows(_ABOUT, iri, MOST_ROWS),
        passages=_rows(_PASSAGES, iri, MOST_ROWS),
        pieces=annotate(text, _spans(iri)) if text is not None else [],
        formats=[(FORMATS[offer].label, offer.value) for offer in OFFERS[ResultKind.GRAPH]],
        most=MOST_ROWS,
    )


def _spans(iri: str) -> list[Span]:
    base = endpoint().manifest.base
    return [
        Span(int(start.text), int(end.text), body.text, body.text.startswith(f"{base}statement/"))
        for start, end, body, _ in _rows(_MENTIONS, iri, MOST_MENTIONS)
        if start and end and body and body.kind is Kind.IRI
    ]


def _rows(template: str, iri: str, most: int) -> list[tuple[Value | None, ...]]:
    return list(endpoint().rows(template.format(iri=iri), most))


@blueprint.app_template_filter("node_page")
def node_page(iri: str) -> str | None:
    """The address of the page of a node of the graph's own; None for other IRIs."""
    base = endpoint().manifest.base
    return url_for("entity.entity", local=iri[len(base) :]) if iri.startswith(base) and iri != base else None


@blueprint.app_template_filter("local")
def local(iri: str) -> str:
    """An IRI in short."""
    return label(Value(Kind.IRI, iri), endpoint().manifest.base)


__all__ = ["blueprint", "node_page"]
