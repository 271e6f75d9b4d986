"""Makes the Flask application that serves a built graph."""

from __future__ import annotations

from flask import Flask, Response, request

from kg_build.build_directory import open_build
from server import failures, writing
from server.endpoint import EXTENSION, LIFECYCLE, Endpoint
from server.front import front
from server.headers import security_headers
from server.lifecycle import Lifecycle
from server.settings import Settings
from server.terms import is_number, note
from server.views import entity, graphs, health, home, sparql, update


def create_app(settings: Settings) -> Flask:
    """The application for the graph in ``settings.directory``.

    The graph is the one that stands there now: a later build is served after a restart. Raises StoreError where there
    is none,
    UsageError where the access log cannot be written.
    """
    app = Flask("server")
    app.config["MAX_CONTENT_LENGTH"] = settings.request_bytes
    app.config["MAX_FORM_MEMORY_SIZE"] = settings.request_bytes
    app.jinja_options = {"trim_blocks": True, "lstrip_blocks": True}
    app.jinja_env.filters["note"] = note
    app.jinja_env.tests["number"] = is_number
    app.extensions[EXTENSION] = Endpoint.open(settings)
    app.extensions[writing.EXTENSION] = writing.Writes.open(open_build(settings.directory), settings)
    failures.register(app)
    for view in (sparql, update, graphs, home, entity, health):
        app.register_blueprint(view.blueprint)
    app.after_request(_secure)
    app.extensions[LIFECYCLE] = lifecycle = Lifecycle()
    app.wsgi_app = front(app.wsgi_app, settings, lifecycle)  # type: ignore # as Flask's own documentation does it
    return app


def _secure(response: Response) -> Response:
    page = response.mimetype == "text/html" or request.endpoint == "static"
    response.headers.update(security_headers(page=page))
    return response


__all__ = ["create_app"]
