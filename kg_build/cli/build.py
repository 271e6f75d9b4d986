"""``communique build``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from kg_build.cli.summary import carry_out
from kg_build.errors import ExitCode, UsageError
from kg_build.iris import iri_from_url
from kg_build.pipeline import BuildSettings, available_cores
from kg_build.pipeline import build as run_build
from kg_build.sources import Limits, Metadata, parse_published


def build(
    inputs: Annotated[
        list[Path], typer.Argument(metavar="INPUT...", help="Files (text, HTML, PDF, Word, mail, feeds) and folders.")
    ],
    out: Annotated[
        Path, typer.Option("--out", "-o", metavar="DIR", help="Folder to write; a graph there is added to.")
    ],
    published: Annotated[
        str | None, typer.Option(metavar="DATE", help="Publication date of documents that give none (2025-03-24).")
    ] = None,
    title: Annotated[str | None, typer.Option(help="Title of documents that give none.")] = None,
    publisher: Annotated[str | None, typer.Option(help="Publisher of documents that give none.")] = None,
    url: Annotated[str | None, typer.Option(help="Address of documents that give none.")] = None,
    base: Annotated[
        str | None,
        typer.Option(metavar="IRI", help="Base IRI of the graph's resources.", show_default="that of the graph in DIR"),
    ] = None,
    jobs: Annotated[
        int | None,
        typer.Option("--jobs", "-j", min=1, help="Processes that read documents.", show_default="one a core"),
    ] = None,
    max_characters: Annotated[
        int, typer.Option(min=1, help="Longest text; a longer document is set aside.")
    ] = Limits().characters,
    max_bytes: Annotated[
        int, typer.Option(min=1, help="Largest file that is not plain text; a larger one is set aside.")
    ] = Limits().bytes,
    timeout: Annotated[
        float, typer.Option(min=1, help="Seconds that one document may take; one that takes longer is set aside.")
    ] = 900,
    fresh: Annotated[
        bool,
        typer.Option("--fresh", help="Forget what DIR holds, writes too, but for decisions."),
    ] = False,
    decisions: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE", help="Decisions to honour (CSV).", exists=True, dir_okay=False, show_default="those in DIR"
        ),
    ] = None,
    strict: Annotated[
        bool, typer.Option("--strict", help="End with exit code 1 if any document was set aside.")
    ] = False,
) -> None:
    """Read documents and build their graph, or add them to the graph in DIR.

    A document that DIR has already, by its identifier, is replaced where it has changed and not read again where it has
    not. What cannot be used is named and set aside, and costs nothing else. DIR is replaced in one step at the end:
    until then, and whatever happens, it stays what it was.

    For example:

        communique build examples --out graph

        communique build news.jsonl more/ --out graph --publisher "Test wire"

        communique build note.txt --published 2025-03-24 --out graph
    """
    settings = BuildSettings(
        inputs=tuple(inputs),
        out=out,
        base=base,
        defaults=_defaults(published, title, publisher, url),
        limits=Limits(characters=max_characters, bytes=max_bytes),
        jobs=jobs or available_cores(),
        timeout=timeout,
        fresh=fresh,
        decisions=decisions,
    )
    manifest = carry_out(lambda watcher: run_build(settings, watcher=watcher), out)
    if strict and manifest.set_aside.total:
        raise typer.Exit(ExitCode.DOES_NOT_CONFORM)


def _defaults(published: str | None, title: str | None, publisher: str | None, url: str | None) -> Metadata:
    try:
        day = parse_published(published) if published else None
    except ValueError as error:
        raise UsageError(f"{published!r}: {error}", where="--published") from error
    address = iri_from_url(url) if url else None
    if url and address is None:
        raise UsageError(f"{url!r} is not an absolute address", where="--url", hint="begin it with https://")
    return Metadata(title=title, published=day, publisher=publisher, url=address)


__all__ = ["build"]
