"""``/graphs``: the SPARQL 1.1 Graph Store HTTP Protocol. Who reads needs no token, who writes does."""

from __future__ import annotations

from http import HTTPStatus
from typing import Final
from uuid import uuid4

from flask import Blueprint, Response, request, url_for
from werkzeug.datastructures import ETags

from kg_build.store import QuerySyntaxError
from kg_build.store.live import Payload
from kg_build.store.updating import Update
from kg_build.writes.writer import OWN, Condition, MissingGraphError
from ontology import PREFIXES
from server.endpoint import endpoint
from server.errors import NotAcceptableError, RequestError
from server.failures import failure_of, respond
from server.formats import ResultKind, content_type
from server.graph_store import MULTIPART, Target, condition, entity_tag, read_payload, read_target
from server.negotiate import choose, describe
from server.protocol import UPDATE, ProtocolRequest, media_type_of
from server.views.update import authorize, write
from server.writing import GraphChange, GraphWrite, UpdateWrite, writes

blueprint: Final = Blueprint("graphs", __name__)
_METHODS: Final = ("GET", "PUT", "POST", "DELETE", "PATCH")


@blueprint.route("/graphs", methods=_METHODS, strict_slashes=False)
@blueprint.route("/graphs/<path:name>", methods=_METHODS)
def graphs(name: str | None = None) -> Response:
    """A graph, named by ``?graph=``, by ``?default`` or by the address itself; or what comes of changing it."""
    target = read_target(
        request.args.getlist("graph"),
        default="default" in request.args,
        address=request.base_url if name else None,
    )
    if request.method == "GET" or request.method == "HEAD":
        return _get(_one(target))
    authorize()
    match request.method:
        case "PUT":
            return _put(GraphChange.PUT, _one(target))
        case "POST":
            return _put(GraphChange.ADD, target or Target(_new()), location=target is None)
        case "DELETE":
            return _drop(_one(target))
        case _:
            return _patch(_one(target))


def _one(target: Target | None) -> Target:
    if target is None:
        raise RequestError("no graph is named", hint="add ?graph= with its IRI, or ?default")
    return target


def _new() -> str:
    return url_for("graphs.graphs", name=uuid4().hex, _external=True)


def _get(target: Target) -> Response:
    choice = choose(ResultKind.GRAPH, request.headers.get("Accept"), request.args.get("format"))
    if choice is None:
        raise NotAcceptableError(
            "graphs are not to be had in that format", hint=f"there is {describe(ResultKind.GRAPH)}"
        )
    iri = _iri(target)
    # Taken before the graph is read: what is read then is this state or a newer one, never an older one.
    tag = entity_tag(writes().states.of(iri), choice.format.value)
    if target.graph is not None and not _is_there(iri):
        raise MissingGraphError(f"there is no graph {iri}")
    response = Response(content_type=content_type(choice.media_type))
    response.set_etag(tag)
    response.vary.add("Accept")
    if request.if_none_match.contains_weak(tag):
        response.status_code = 304
        return response
    query = f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ GRAPH <{iri}> {{ ?s ?p ?o }} }}"
    response.set_data(endpoint().answer(ProtocolRequest(query, format=choice.format.value), None).body)
    return response


def _is_there(iri: str) -> bool:
    answer = endpoint().answer(ProtocolRequest(f"ASK {{ GRAPH <{iri}> {{}} }}", format="csv"), None)
    return answer.body.strip() == b"true"


def _put(change: GraphChange, target: Target, *, location: bool = False) -> Response:
    written = write(GraphWrite(change, target.graph, _payloads(), _condition()))
    response = Response(status=201 if written.created else 204)
    if location and target.graph is not None:
        response.headers["Location"] = target.graph
    return response


def _payloads() -> tuple[Payload, ...]:
    if media_type_of(request.content_type) != MULTIPART:
        return (read_payload(request.content_type, request.get_data()),)
    if request.form:
        raise RequestError(f"the part {min(request.form)!r} is no file", hint="give each part a filename and a type")
    return tuple(
        read_payload(part.content_type, part.stream.read()) for _, parts in request.files.lists() for part in parts
    )


def _drop(target: Target) -> Response:
    write(GraphWrite(GraphChange.DROP, target.graph, condition=_condition()))
    return Response(status=204)


def _patch(target: Target) -> Response:
    if media_type_of(request.content_type) != UPDATE:
        raise RequestError(
            f"a PATCH has a body of {UPDATE}", status=HTTPStatus.UNSUPPORTED_MEDIA_TYPE, hint="set Content-Type"
        )
    text = request.get_data().decode("utf-8", "replace")
    update = Update(text, endpoint().manifest.base, PREFIXES, graph=_iri(target))
    try:
        written = write(UpdateWrite(update, _condition()))
    except QuerySyntaxError as error:
        return respond(failure_of(error, text))
    return Response(status=201 if written.created else 204)


def _iri(target: Target) -> str:
    return target.graph or endpoint().manifest.base + OWN


def _condition() -> Condition | None:
    return condition(
        _tags(request.if_match) if "If-Match" in request.headers else None,
        _tags(request.if_none_match) if "If-None-Match" in request.headers else None,
    )


def _tags(tags: ETags) -> list[str]:
    return ["*"] if tags.star_tag else list(tags)
