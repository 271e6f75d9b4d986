"""``communique export``."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from kg_build.build_directory import open_build
from kg_build.export import export as write_export
from kg_build.export import whole_file
from kg_build.store import GraphFormat


def export(
    directory: Annotated[Path, typer.Argument(metavar="DIR", help="Folder that communique build wrote.")],
    graph_format: Annotated[
        GraphFormat,
        typer.Option(
            "--format", help="nquads, trig and jsonld keep the named graphs; the others hold the union of all graphs."
        ),
    ] = GraphFormat.TURTLE,
    graph: Annotated[
        str | None, typer.Option(metavar="IRI", help="Only this named graph.", show_default="all graphs")
    ] = None,
    text: Annotated[
        bool, typer.Option("--text/--no-text", help="With the documents' full texts (cq:text), or without.")
    ] = True,
    out: Annotated[
        Path | None,
        typer.Option("--out", "-o", metavar="FILE", help="File to write.", show_default="standard output"),
    ] = None,
) -> None:
    """Write a graph in another RDF format.

    The same graph gives the same bytes: everything is sorted. It is written as it is read, so a large graph needs
    little memory. FILE appears only when it is complete.

    For example:

        communique export graph --format turtle -o graph.ttl

        communique export graph --format jsonld --no-text | gzip > graph.jsonld.gz

        communique export graph --graph https://w3id.org/communique/id/document/note-1
    """
    build = open_build(directory)
    if out is None:
        write_export(build, graph_format, sys.stdout.buffer, graph=graph, with_text=text)
        sys.stdout.buffer.flush()
        return
    with whole_file(out) as stream:
        write_export(build, graph_format, stream, graph=graph, with_text=text)


__all__ = ["export"]
