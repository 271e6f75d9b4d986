"""``communique serve``."""

from __future__ import annotations

import socket
from pathlib import Path
from typing import Annotated, Final

import typer

from kg_build.build_directory import open_build
from kg_build.cli.console import output
from kg_build.errors import UnavailableError
from kg_build.manifest import Manifest

_SPARE_THREADS: Final = 3
_QUERY_TO_TRY: Final = """SELECT ?meeting ?date ?status {
  ?m a cq:Meeting ; skos:prefLabel ?meeting ; cq:currentStatus ?status .
  OPTIONAL { ?m cq:date ?date }
} ORDER BY DESC(?date) LIMIT 10"""


def serve(
    directory: Annotated[Path, typer.Argument(metavar="DIR", help="Folder that communique build wrote.")],
    host: Annotated[str, typer.Option(help="Address to listen on; 0.0.0.0 lets other machines in.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="Port to listen on; 0 takes any free one.")] = 8000,
    workers: Annotated[
        int | None, typer.Option(min=1, help="Queries that can run at a time, each in a process. [default: 2]")
    ] = None,
) -> None:
    """Serve a graph: pages to browse, a SPARQL endpoint at /sparql.

    It runs until it is stopped by Ctrl-C. Its settings (COMMUNIQUE_… variables) are listed in docs/server.md.

    For example:

        communique serve graph

        communique serve graph --port 9000
    """
    build = open_build(directory)
    # The server and its packages are loaded for this command alone.
    from waitress.server import create_server  # type: ignore[import-untyped] # it has no types

    from server.app import create_app
    from server.settings import Settings

    listener = _listen(host, port)
    with listener:
        settings = Settings.from_environment(directory=directory, workers=workers)
        # A thread for each query that runs or waits, and some for all else.
        threads = settings.workers + settings.queue_length + _SPARE_THREADS
        server = create_server(create_app(settings), sockets=[listener], threads=threads, ident=None)
        _announce(build.read_manifest(), host, listener.getsockname()[1])
        server.run()


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
