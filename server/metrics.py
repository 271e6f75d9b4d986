"""What Prometheus is told: requests, their times and sizes, what the graph holds and how busy the workers are.

The counters live in files in the folder that PROMETHEUS_MULTIPROC_DIR names where it is set, so that the processes of
one server count together; else in this process. It must be set before this module is loaded.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from typing import Final

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily, InfoMetricFamily, Metric
from prometheus_client.exposition import CONTENT_TYPE_LATEST
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

from server.observation import Observation

CONTENT_TYPE: Final = CONTENT_TYPE_LATEST
SHARED: Final = "PROMETHEUS_MULTIPROC_DIR"

_PARTS: Final = frozenset(
    {"sparql", "update", "graphs", "id", "queries", "static", "healthz", "readyz", "metrics", "openapi.json"}
)
_METHODS: Final = frozenset({"GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS"})
_SECONDS: Final = (0.001, 0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)

_REGISTRY: Final = CollectorRegistry()
_REQUESTS: Final = Counter(
    "communique_requests", "Requests answered.", ["part", "method", "status"], registry=_REGISTRY
)
_TIMES: Final = Histogram(
    "communique_request_seconds",
    "From the arrival of a request to the last byte of its response, in seconds.",
    ["part"],
    buckets=_SECONDS,
    registry=_REGISTRY,
)
_BYTES: Final = Counter("communique_response_bytes", "Bytes of the bodies sent.", ["part"], registry=_REGISTRY)
_CACHE: Final = Counter(
    "communique_query_cache", "Queries by whether their result was at hand.", ["result"], registry=_REGISTRY
)
_ABANDONED: Final = Counter(
    "communique_responses_incomplete", "Responses whose end was not sent.", ["part"], registry=_REGISTRY
)
_RUNNING: Final = Gauge(
    "communique_requests_running",
    "Requests that are being answered.",
    multiprocess_mode="livesum",
    registry=_REGISTRY,
)


def begin() -> None:
    """Counts a request that has arrived."""
    _RUNNING.inc()


def end(observation: Observation) -> None:
    """Counts a request that has ended."""
    part = part_of(observation.path)
    method = observation.method if observation.method in _METHODS else "other"
    _RUNNING.dec()
    _REQUESTS.labels(part, method, str(observation.status)).inc()
    _TIMES.labels(part).observe(observation.seconds)
    _BYTES.labels(part).inc(observation.size)
    if not observation.complete:
        _ABANDONED.labels(part).inc()
    if observation.cached is not None:
        _CACHE.labels("hit" if observation.cached else "miss").inc()


def part_of(path: str) -> str:
    """The part of the server that ``path`` belongs to: one of a few, whatever addresses clients invent.

    >>> part_of("/sparql"), part_of("/"), part_of("/wp-login.php")
    ('sparql', 'page', 'other')
    """
    first = path.lstrip("/").partition("/")[0]
    return first if first in _PARTS else "other" if first else "page"


class _Graph(Collector):
    """What is known of the graph and of the engine at the moment of asking."""

    def __init__(self, info: dict[str, str], gauges: dict[str, tuple[str, float]]) -> None:
        self._info = info
        self._gauges = gauges

    def collect(self) -> Iterable[Metric]:
        yield InfoMetricFamily("communique", "The program.", value=self._info)
        for name, (help_text, value) in self._gauges.items():
            yield GaugeMetricFamily(name, help_text, value=value)


def exposition(info: dict[str, str], gauges: dict[str, tuple[str, float]]) -> bytes:
    """All metrics in Prometheus's text format. ``gauges``: name, and its help with its present value."""
    counted: Iterable[Collector] = [_REGISTRY]
    if os.environ.get(SHARED):
        counted = [MultiProcessCollector(None)]  # type: ignore[no-untyped-call]
    everything = CollectorRegistry()
    for collector in (*counted, _Graph(info, gauges)):
        everything.register(collector)
    return generate_latest(everything)


__all__ = ["CONTENT_TYPE", "SHARED", "begin", "end", "exposition", "part_of"]
