"""``communique validate``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from kg_build.build_directory import open_build
from kg_build.cli.console import Reporter, output
from kg_build.errors import ExitCode
from kg_build.pipeline import available_cores
from kg_build.validation import Group, Summary, validate_build, validate_file
from shapes import CQS


def validate(
    target: Annotated[
        Path, typer.Argument(metavar="TARGET", help="Folder that communique build wrote, or an RDF file.")
    ],
    jobs: Annotated[
        int | None, typer.Option("--jobs", "-j", min=1, help="Processes that validate.", show_default="one a core")
    ] = None,
) -> None:
    """Check a graph against the SHACL shapes.

    Findings are listed by shape and severity, each with an example. A violation is a fault; a warning is something to
    look at, and does not keep a graph from conforming. The exit code is 1 where the graph does not conform.

    For example:

        communique validate graph

        communique validate theirs.ttl
    """
    with Reporter() as reporter:
        if target.is_dir() or not target.exists():
            build = open_build(target)
            summary = validate_build(build, jobs=jobs or available_cores(), begin=reporter.begin, done=reporter.done)
        else:
            reporter.begin(f"validating {target}", 0)
            summary = validate_file(target)
    _print(summary)
    if not summary.conforms:
        raise typer.Exit(ExitCode.DOES_NOT_CONFORM)


def _print(summary: Summary) -> None:
    console = output()
    if summary.groups:
        if console.is_terminal:
            table = Table("severity", "findings", "shape", "what it means", "for example", show_lines=True)
            for group in summary.sorted_groups():
                table.add_row(*_cells(group))
            console.print(table)
        else:
            for group in summary.sorted_groups():
                typer.echo("\t".join(_cells(group)))  # rich would expand the tabs
    counts = summary.by_severity()
    found = ", ".join(f"{number:,} of severity {severity}" for severity, number in sorted(counts.items()))
    graphs = f"{summary.graphs:,} graph{'' if summary.graphs == 1 else 's'}"
    verdict = "conforms" if summary.conforms else "does not conform"
    console.print(f"{graphs}: {verdict}; {found or 'no findings'}")


def _cells(group: Group) -> tuple[str, ...]:
    return (
        group.severity.lower(),
        f"{group.count:,}",
        group.shape.removeprefix(CQS),
        group.example.message,
        f"{group.example.value or group.example.focus} in {group.graph}",
    )


__all__ = ["validate"]
