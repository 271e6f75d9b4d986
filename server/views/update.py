"""``/update``: SPARQL updates, by who knows the token."""

from __future__ import annotations

from typing import Final

from flask import Blueprint, Response, request

from kg_build.store import Dataset, QuerySyntaxError
from kg_build.store.updating import Update
from kg_build.writes.writer import Written
from ontology import PREFIXES
from server.access import check_token
from server.endpoint import endpoint
from server.errors import WritesOffError
from server.failures import failure_of, respond
from server.protocol import read_update
from server.writing import UpdateWrite, Write, writes

blueprint: Final = Blueprint("update", __name__)


@blueprint.post("/update", strict_slashes=False)
def update() -> Response:
    """204 when the update is made and cannot be lost any more."""
    authorize()
    asked = read_update(request.content_type, request.query_string, request.get_data())
    using = None
    if asked.using_graphs or asked.using_named_graphs:
        using = Dataset(default=asked.using_graphs, named=asked.using_named_graphs)
    try:
        write(UpdateWrite(Update(asked.update, endpoint().manifest.base, PREFIXES, using)))
    except QuerySyntaxError as error:
        return respond(failure_of(error, asked.update))
    return Response(status=204)


def authorize() -> None:
    """Raises WritesOffError or UnauthorizedError where the present request may not write."""
    check_token(endpoint().settings.token, request.headers.get("Authorization"))


def write(what: Write) -> Written:
    """Makes a write. Raises CommuniqueError."""
    writing = writes().writing
    if writing is None:
        raise WritesOffError("this server takes no writes")
    written = writing.write(what)
    endpoint().engine.refresh()  # so that who has written sees it
    return written
