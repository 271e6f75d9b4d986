"""``/healthz``, ``/readyz`` and ``/metrics``: for those who watch over the server."""

from __future__ import annotations

from http import HTTPStatus
from itertools import count
from typing import Final

from flask import Blueprint, Response, current_app, jsonify

from kg_build.errors import CommuniqueError
from server import metrics
from server.endpoint import LIFECYCLE, endpoint
from server.jobs import Job

blueprint: Final = Blueprint("health", __name__)
_NUMBERS: Final = count()


@blueprint.get("/healthz")
def healthz() -> Response:
    """Counts and times of the build, and how busy the workers are. It answers while they all are."""
    served = endpoint()
    manifest = served.manifest
    return jsonify(
        status="ok",
        version=manifest.versions.communique,
        triples=manifest.triples,
        documents=manifest.counts.documents,
        built=manifest.ended,
        workers={"total": served.settings.workers, "busy": served.engine.busy()},
    )


@blueprint.get("/readyz")
def readyz() -> Response:
    """Whether a query is answered: one is asked. 503, with the reason, where it isn't or where the server stops."""
    if current_app.extensions[LIFECYCLE].stopping:
        return _not_ready("the server is stopping")
    served = endpoint()
    try:
        # Another one each time: an answer from memory would tell nothing of the workers.
        served.engine.run(Job(f"SELECT ?n {{ VALUES ?n {{ {next(_NUMBERS)} }} }}", served.manifest.base, rows=1))
    except CommuniqueError as error:
        return _not_ready(error.what)
    return jsonify(status="ready")


@blueprint.get("/metrics")
def prometheus() -> Response:
    """Counters and gauges in Prometheus's text format."""
    served = endpoint()
    manifest = served.manifest
    body = metrics.exposition(
        {"version": manifest.versions.communique, "built": manifest.ended},
        {
            "communique_triples": ("Triples of the graph.", manifest.triples),
            "communique_documents": ("Documents of the graph.", manifest.counts.documents),
            "communique_workers": ("Processes that run queries.", served.settings.workers),
            "communique_workers_busy": ("Processes that run a query at the moment.", served.engine.busy()),
        },
    )
    return Response(body, content_type=metrics.CONTENT_TYPE)


def _not_ready(reason: str) -> Response:
    response = jsonify(status="not ready", reason=reason)
    response.status_code = HTTPStatus.SERVICE_UNAVAILABLE
    return response
