"""``/healthz``: whether the server can answer, and what it serves."""

from __future__ import annotations

from typing import Final

from flask import Blueprint, Response, jsonify

from server.endpoint import endpoint

blueprint: Final = Blueprint("health", __name__)


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
