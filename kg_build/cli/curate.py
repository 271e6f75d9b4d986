"""``communique review``, ``merge``, ``split``, ``rename``, ``reject``, ``undo`` and ``decisions``."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from dataclasses import asdict
from getpass import getuser
from pathlib import Path
from typing import Annotated

import typer

from kg_build.cli.console import messages, output
from kg_build.cli.summary import carry_out
from kg_build.curation import Curator, decisions_of, doubts
from kg_build.errors import UsageError
from kg_build.manifest import Manifest

_Folder = Annotated[Path, typer.Argument(metavar="DIR", help="Folder that build wrote.")]
_By = Annotated[str | None, typer.Option("--by", help="Who decides.", show_default="your login name")]
_Reason = Annotated[str | None, typer.Option(help="Why, for those who read the decisions.")]
_Json = Annotated[bool, typer.Option("--json", help="As JSON.")]


def review(folder: _Folder, as_json: _Json = False) -> None:
    """List the doubtful links: nodes that may be the same, the likeliest first, with the reason and the documents.

    For example:

        communique review graph
    """
    found = doubts(folder)
    if as_json:
        typer.echo(json.dumps([asdict(doubt) for doubt in found], ensure_ascii=False, indent=2))
        return
    console = output()
    for doubt in found:
        console.print(f"{doubt.score:.2f}  {doubt.one_name or doubt.one}\n      {doubt.other_name or doubt.other}")
        console.print(f"      {doubt.reason}; in {', '.join(doubt.documents) or 'no document'}")
        console.print(f"      {doubt.one} {doubt.other}")
    messages().print(f"{len(found)} doubtful links; settle one with communique merge or communique reject")


def merge(folder: _Folder, node: str, other: str, by: _By = None, reason: _Reason = None) -> None:
    """Make OTHER the same as NODE, whose IRI both have from now on.

    For example:

        communique merge graph person/helena-vidigal person/vidigal --by "A. Editor"
    """
    _decide(folder, by, reason, lambda curator: curator.merge(node, other))


def split(folder: _Folder, node: str, documents: list[str], by: _By = None, reason: _Reason = None) -> None:
    """Make what DOCUMENTS (identifiers) call NODE a node of its own.

    For example:

        communique split graph person/helena-vidigal lisbon-readout
    """
    _decide(folder, by, reason, lambda curator: curator.split(node, documents))


def rename(folder: _Folder, node: str, name: str, by: _By = None, reason: _Reason = None) -> None:
    """Give NODE a preferred NAME.

    For example:

        communique rename graph person/helena-vidigal "Helena Vidigal"
    """
    _decide(folder, by, reason, lambda curator: curator.rename(node, name))


def reject(folder: _Folder, node: str, other: str, by: _By = None, reason: _Reason = None) -> None:
    """Say that NODE and OTHER are not the same, so that they are neither joined nor listed again.

    For example:

        communique reject graph person/helena-vidigal person/vidigal
    """
    _decide(folder, by, reason, lambda curator: curator.reject(node, other))


def undo(folder: _Folder, number: int, by: _By = None, reason: _Reason = None) -> None:
    """Take back the decision NUMBER.

    For example:

        communique undo graph 1
    """
    _decide(folder, by, reason, lambda curator: curator.undo(number))


def decisions(folder: _Folder) -> None:
    """List all decisions with their number, when and by whom they were made, and whether they were undone.

    For example:

        communique decisions graph
    """
    found = decisions_of(folder)
    console = output()
    for decision in found.all:
        undone = " (undone)" if decision.number in found.undone else ""
        reason = f": {decision.reason}" if decision.reason else ""
        when = f"{decision.when:%Y-%m-%d %H:%M}"
        console.print(f"{decision.number}  {when}  {decision.who}  {decision.described}{reason}{undone}")


def _decide(folder: Path, by: str | None, reason: str | None, act: Callable[[Curator], Manifest]) -> None:
    who = by or _login()
    carry_out(lambda watcher: act(Curator(folder, who, reason, watcher)), folder)


def _login() -> str:
    try:
        return getuser()
    except (KeyError, OSError) as error:
        raise UsageError(f"user {os.getuid()} has no name", hint="say who decides with --by") from error


__all__ = ["decisions", "merge", "reject", "rename", "review", "split", "undo"]
