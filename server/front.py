"""The outermost layer: every request passes here first, and every response last.

It sets right what a reverse proxy changed (the client's address, the scheme and the host, a prefix of the path), turns
requests away while the server stops, and notes each for the access log and the metrics. It is WSGI and knows no
framework, so that it can stand around any application.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from time import perf_counter
from types import TracebackType
from typing import Any, Final

from werkzeug.middleware.proxy_fix import ProxyFix

from server import metrics
from server.access_log import AccessLog
from server.headers import security_headers
from server.lifecycle import Lifecycle
from server.observation import Observation, observe
from server.settings import Settings

Environ = dict[str, Any]
Application = Callable[[Environ, Any], Iterable[bytes]]
_Failure = tuple[type[BaseException], BaseException, TracebackType] | tuple[None, None, None] | None

_WHILE_STOPPING: Final = frozenset({"/healthz", "/readyz", "/metrics"})
_STOPPING: Final = b"Server stopping: it takes no more requests\ntry again in a moment\n"


def front(application: Application, settings: Settings, lifecycle: Lifecycle) -> Application:
    """``application`` behind what a request meets first. Raises UsageError where the access log cannot be written."""
    wrapped: Application = _Observing(_prefixed(application, settings.prefix), AccessLog(settings), lifecycle)
    if settings.trusted_proxies:
        n = settings.trusted_proxies
        wrapped = ProxyFix(wrapped, x_for=n, x_proto=n, x_host=n, x_port=n, x_prefix=n)
    return wrapped


def _prefixed(application: Application, prefix: str) -> Application:
    """``application`` below ``prefix``, whether the proxy leaves the prefix in the path or takes it off."""
    prefix = prefix.strip("/")
    if not prefix:
        return application
    root = f"/{prefix}"

    def below(environ: Environ, start_response: Any) -> Iterable[bytes]:
        path = environ.get("PATH_INFO", "")
        if path == root or path.startswith(f"{root}/"):
            environ["PATH_INFO"] = path[len(root) :] or "/"
        environ["SCRIPT_NAME"] = root
        return application(environ, start_response)

    return below


class _Observing:
    def __init__(self, application: Application, log: AccessLog, lifecycle: Lifecycle) -> None:
        self._application = application
        self._log = log
        self._lifecycle = lifecycle

    def __call__(self, environ: Environ, start_response: Any) -> Iterable[bytes]:
        started = perf_counter()
        observation = observe(environ)
        observation.method = environ.get("REQUEST_METHOD", "")
        observation.client = environ.get("REMOTE_ADDR", "")
        observation.agent = environ.get("HTTP_USER_AGENT", "")
        self._lifecycle.begin()
        metrics.begin()

        def start(status: str, headers: list[tuple[str, str]], failure: _Failure = None) -> Any:
            observation.status = int(status[:3])
            return start_response(status, headers, failure) if failure else start_response(status, headers)

        def ended() -> None:
            observation.path = environ.get("PATH_INFO", "").encode("latin-1").decode("utf-8", "replace")
            observation.seconds = perf_counter() - started
            self._lifecycle.end()
            metrics.end(observation)
            self._log.write(observation)

        try:
            if self._lifecycle.stopping and environ.get("PATH_INFO") not in _WHILE_STOPPING:
                body: Iterable[bytes] = _turn_away(start)
            else:
                body = self._application(environ, start)
        except BaseException:
            observation.status, observation.complete = observation.status or 500, False
            ended()
            raise
        return _Body(body, observation, ended)


class _Body:
    """A response's body: counts what passes, and says when it ends or is given up."""

    def __init__(self, inner: Iterable[bytes], observation: Observation, ended: Callable[[], None]) -> None:
        self._inner = inner
        self._observation = observation
        self._ended = ended
        self._over = False
        observation.complete = False

    def __iter__(self) -> Iterator[bytes]:
        for chunk in self._inner:
            self._observation.size += len(chunk)
            yield chunk
        self._observation.complete = True
        self._end()

    def close(self) -> None:
        try:
            close = getattr(self._inner, "close", None)
            if close is not None:
                close()
        finally:
            self._end()

    def _end(self) -> None:
        if not self._over:
            self._over = True
            self._ended()


def _turn_away(start_response: Any) -> Iterable[bytes]:
    headers = {
        "Content-Type": "text/plain; charset=utf-8",
        "Content-Length": str(len(_STOPPING)),
        "Retry-After": "5",
        **security_headers(page=False),
    }
    start_response("503 Service Unavailable", list(headers.items()))
    return [_STOPPING]


__all__ = ["front"]
