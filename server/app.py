"""Makes the Flask application that serves a built graph."""

from __future__ import annotations

from flask import Flask, Response, request

from server import failures
from server.endpoint import EXTENSION, Endpoint
from server.settings import Settings
from server.terms import is_number, note
from server.views import health, home, sparql

PAGE_POLICY = "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; object-src 'none'"
# Results hold what others wrote. A browser that is led to one directly shall run nothing in it.
RESULT_POLICY = "default-src 'none'; frame-ancestors 'none'; sandbox"


def create_app(settings: Settings) -> Flask:
    """The application for the graph in ``settings.directory``.

    The graph is the one that stands there now: a later build is served after a restart. Raises StoreError where there
    is none.
    """
    app = Flask("server")
    app.config["MAX_CONTENT_LENGTH"] = settings.request_bytes
    app.config["MAX_FORM_MEMORY_SIZE"] = settings.request_bytes
    app.jinja_options = {"trim_blocks": True, "lstrip_blocks": True}
    app.jinja_env.filters["note"] = note
    app.jinja_env.tests["number"] = is_number
    app.extensions[EXTENSION] = Endpoint.open(settings)
    failures.register(app)
    for view in (sparql, home, health):
        app.register_blueprint(view.blueprint)
    app.after_request(_secure)
    return app


def _secure(response: Response) -> Response:
    page = response.mimetype == "text/html" or request.endpoint == "static"
    response.headers["Content-Security-Policy"] = PAGE_POLICY if page else RESULT_POLICY
    response.headers["X-Content-Type-Options"] = "nosniff"
    # The address of a result holds the query: no business of the sites that it links to.
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["Cross-Origin-Opener-Policy"] = "same-origin"
    return response


__all__ = ["create_app"]
