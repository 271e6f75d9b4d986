"""``/``: the page with the query box; ``/queries/NAME``: a sample query, in the box or as it stands."""

from __future__ import annotations

from time import perf_counter
from typing import Final
from urllib.parse import urlencode

from flask import Blueprint, Response, abort, render_template, request, url_for

from kg_build.errors import CommuniqueError
from kg_build.store import Kind, Value
from ontology import CQ
from server.endpoint import endpoint
from server.examples import FIRST, Example, examples
from server.failures import Failure, failure_of
from server.formats import FORMATS, OFFERS, ResultKind
from server.jobs import Table
from server.negotiate import HTML, best
from server.observation import note_query
from server.protocol import QUERY, ProtocolRequest, read_request
from server.terms import label

blueprint: Final = Blueprint("home", __name__)


@blueprint.get("/")
def home() -> Response:
    """The page; with ``?query=`` its result too."""
    if not request.args.get("query", "").strip():
        return page()
    return page(read_request("GET", None, request.query_string, b""))


@blueprint.get("/queries/<name>")
def query(name: str) -> Response:
    """A sample query: in the page's box for browsers, else the text itself."""
    example = examples().get(name)
    if example is None:
        abort(404, f"there is no sample query {name!r}")
    if best([QUERY, "text/plain", HTML], request.headers.get("Accept")) == HTML:
        response = page(example=example)
    else:
        response = Response(example.text, content_type=f"{QUERY}; charset=utf-8")
    response.vary.add("Accept")
    return response


def page(asked: ProtocolRequest | None = None, example: Example | None = None) -> Response:
    """The page with the result of ``asked``, or with ``example`` in its box; its status is that of the query."""
    served = endpoint()
    table: Table | None = None
    failure: Failure | None = None
    started = perf_counter()
    if asked is not None:
        note_query(request.environ, asked.query)
        try:
            table = served.table(asked)
            note_query(request.environ, asked.query, kind=table.kind, rows=len(table.rows))
        except CommuniqueError as error:
            failure = failure_of(error, asked.query)
    text = asked.query if asked else (example or examples()[FIRST]).text
    html = render_template(
        "home.html",
        served=served,
        examples=examples().values(),
        example=example,
        asked=asked,
        text=text,
        table=table,
        failure=failure,
        milliseconds=round((perf_counter() - started) * 1000),
        downloads=_downloads(asked, table.kind) if asked and table else [],
    )
    response = Response(html, mimetype=HTML)
    if failure is not None:
        response.status_code = failure.status
        response.headers.extend(failure.headers)
    return response


def _downloads(asked: ProtocolRequest, kind: ResultKind) -> list[tuple[str, str]]:
    """Name and address of the whole result in each format that there is for it."""
    parameters = [("query", asked.query)]
    parameters += [("default-graph-uri", iri) for iri in asked.default_graphs]
    parameters += [("named-graph-uri", iri) for iri in asked.named_graphs]
    endpoint_path = url_for("sparql.sparql")
    return [
        (FORMATS[offer].label, f"{endpoint_path}?{urlencode([*parameters, ('format', offer.value)])}")
        for offer in OFFERS[kind]
    ]


@blueprint.app_template_filter("label")
def shown(value: Value) -> str:
    """A term of a result for people."""
    return label(value, endpoint().manifest.base)


@blueprint.app_template_filter("describing")
def describing(iri: str) -> str:
    """The address of the page with what the graph says of ``iri``."""
    return f"{url_for('home.home')}?{urlencode({'query': f'DESCRIBE <{iri}>'})}"


@blueprint.app_template_filter("link")
def link(value: Value) -> str | None:
    """Where an IRI in a result leads: to what the graph says of it, if it is one of the graph's own, else to itself.

    None for what leads nowhere: literals, terms of the ontology, addresses that are not of the web.
    """
    if value.kind is not Kind.IRI or value.text.startswith(CQ):
        return None
    if value.text.startswith(endpoint().manifest.base):
        return describing(value.text)
    return value.text if value.text.startswith(("http://", "https://")) else None
