"""``communique serve``."""

from __future__ import annotations

import inspect
import socket
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any, Final

import typer

from kg_build.build_directory import open_build
from kg_build.cli.console import output
from kg_build.errors import UnavailableError
from kg_build.manifest import Manifest
from server.settings import table
from server.settings_sources import flag, flags, read_settings

_SPARE_THREADS: Final = 3
_QUERY_TO_TRY: Final = """SELECT ?meeting ?date ?status {
  ?m a cq:Meeting ; skos:prefLabel ?meeting ; cq:currentStatus ?status .
  OPTIONAL { ?m cq:date ?date }
} ORDER BY DESC(?date) LIMIT 10"""


def serve(
    directory: Annotated[
        Path | None,
        typer.Argument(metavar="DIR", help="Folder that communique build wrote.", show_default="the setting's"),
    ] = None,
    settings: Annotated[
        Path | None,
        typer.Option(help="File with settings, in TOML.", show_default="what COMMUNIQUE_SETTINGS names"),
    ] = None,
    **given: str | None,
) -> None:
    """Serve a graph: pages to browse, a SPARQL endpoint at /sparql.

    It runs until it is stopped by Ctrl-C, or by SIGTERM, which lets running requests end. Each setting can be given by
    an option, by a COMMUNIQUE_… variable or in a file; the first of these counts. docs/server.md says more.

    For example:

        communique serve graph

        communique serve graph --port 9000 --query-seconds 10

        communique serve --settings communique.toml
    """
    # The server and its packages are loaded for this command alone.
    from waitress.server import create_server  # type: ignore[import-untyped] # it has no types

    from server.app import create_app
    from server.endpoint import LIFECYCLE
    from server.lifecycle import stop_gracefully

    found = read_settings({**given, "directory": str(directory) if directory else None}, file=settings)
    build = open_build(found.directory)
    listener = _listen(found.host, found.port)
    with listener:
        # A thread for each query that runs or waits, and some for all else.
        threads = found.workers + found.queue_length + _SPARE_THREADS
        app = create_app(found)
        server = create_server(app, sockets=[listener], threads=threads, ident=None)
        _announce(build.read_manifest(), found.host, listener.getsockname()[1])
        stop_gracefully(app.extensions[LIFECYCLE], found.stop_seconds, lambda: not _unsent(server))
        server.run()


def _unsent(server: Any) -> int:
    """How many bytes of responses wait to be sent."""
    return sum(channel.total_outbufs_len for channel in list(server.active_channels.values()))


def _with_an_option_for_each_setting(command: Callable[..., None]) -> None:
    """Gives the command the options of the table of settings in the place of its ``given``."""
    defaults = {name: default for name, default, _ in table()}
    signature = inspect.signature(command, eval_str=True)
    options = [
        inspect.Parameter(
            name,
            inspect.Parameter.KEYWORD_ONLY,
            default=None,
            annotation=Annotated[
                str | None, typer.Option(flag(name), help=help_text, show_default=defaults[name] or False)
            ],
        )
        for name, help_text in flags()
    ]
    parameters = [each for each in signature.parameters.values() if each.kind is not inspect.Parameter.VAR_KEYWORD]
    command.__signature__ = signature.replace(parameters=[*parameters, *options])  # type: ignore[attr-defined]


_with_an_option_for_each_setting(serve)


def _listen(host: str, port: int) -> socket.socket:
    """A socket that is bound. Raises UnavailableError where the port is taken or the address is not this machine's."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        listener = socket.socket(family, kind, protocol)
        try:
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listener.bind(address)
        except OSError:
            listener.close()
            raise
    except OSError as error:
        hint = "choose another port with --port; in make run, with PORT=…"
        raise UnavailableError(
            f"cannot listen: {error.strerror or error}", where=f"{host}:{port}", hint=hint
        ) from error
    return listener


def _announce(manifest: Manifest, host: str, port: int) -> None:
    counts = manifest.counts
    address = f"[{host}]" if ":" in host else host
    console = output()
    console.print(f"Serving http://{address}:{port}/ (SPARQL at http://{address}:{port}/sparql)")
    console.print(
        f"{counts.documents:,} documents, {counts.persons:,} persons, {counts.ministries:,} ministries, "
        f"{sum(counts.meetings.values()):,} meetings, {counts.statements:,} statements, {manifest.triples:,} triples"
    )
    console.print(f"A query to try:\n\n{_QUERY_TO_TRY}\n\nStop with Ctrl-C.")


__all__ = ["serve"]
