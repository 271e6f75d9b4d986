"""``communique withdraw``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from kg_build.cli.summary import carry_out
from kg_build.pipeline import withdraw as run_withdraw


def withdraw(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Folder that build wrote.")],
    identifiers: Annotated[
        list[str], typer.Argument(metavar="ID...", help="Identifiers of documents (dcterms:identifier).")
    ],
) -> None:
    """Remove documents from a graph, and all that they alone supported.

    The graph is then that of a build from the documents that are left. DIR is replaced in one step at the end.

    For example:

        communique withdraw graph 2025-03-12-ma-readout
    """
    carry_out(lambda watcher: run_withdraw(folder, identifiers, watcher=watcher), folder)


__all__ = ["withdraw"]
