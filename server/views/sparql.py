"""``/sparql``: the SPARQL 1.1 endpoint."""

from __future__ import annotations

from typing import Final

from flask import Blueprint, Response, request

from kg_build.store import QuerySyntaxError
from server.describe import description_query
from server.endpoint import endpoint
from server.failures import failure_of, respond
from server.formats import FORMATS, content_type
from server.negotiate import prefers_html
from server.observation import note_query
from server.protocol import ProtocolRequest, read_request
from server.views.home import page

blueprint: Final = Blueprint("sparql", __name__)


@blueprint.route("/sparql", methods=["GET", "POST"], strict_slashes=False)
def sparql() -> Response:
    """The result of the query; without one the service description; for browsers the page, with the result in it."""
    accept = request.headers.get("Accept")
    if request.method != "POST" and not request.query_string:
        if prefers_html(accept):
            return page()
        return _answer(ProtocolRequest(description_query(request.base_url, endpoint().manifest)), accept)
    asked = read_request(request.method, request.content_type, request.query_string, request.get_data())
    if asked.format is None and prefers_html(accept):
        return page(asked)
    return _answer(asked, accept)


def _answer(asked: ProtocolRequest, accept: str | None) -> Response:
    note_query(request.environ, asked.query)
    try:
        answer = endpoint().answer(asked, accept)
    except QuerySyntaxError as error:
        return respond(failure_of(error, asked.query))
    note_query(request.environ, asked.query, kind=answer.kind)
    response = Response(answer.body, content_type=content_type(answer.choice.media_type))
    if asked.format is not None:
        suffix = FORMATS[answer.choice.format].suffix
        response.headers["Content-Disposition"] = f'inline; filename="result.{suffix}"'
    return response


@blueprint.after_app_request
def _share(response: Response) -> Response:
    """Lets other sites' scripts read what the endpoint answers, its errors too, as far as the settings allow."""
    if request.path.rstrip("/") == "/sparql":
        response.vary.add("Accept")
        origin = endpoint().settings.cors_origin
        if origin:
            response.headers["Access-Control-Allow-Origin"] = origin
            if request.method == "OPTIONS":
                response.headers["Access-Control-Allow-Methods"] = "GET, HEAD, POST, OPTIONS"
                response.headers["Access-Control-Allow-Headers"] = "Accept, Content-Type"
                response.headers["Access-Control-Max-Age"] = "86400"
    return response
