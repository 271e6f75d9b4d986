"""The command ``communique``: its commands, and what they have in common."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from kg_build import __version__
from kg_build.cli.build import build
from kg_build.cli.check_ontology import ontology
from kg_build.cli.console import messages, print_error
from kg_build.cli.curate import decisions, merge, reject, rename, review, split, undo
from kg_build.cli.export import export
from kg_build.cli.query import query
from kg_build.cli.serve import serve
from kg_build.cli.validate import validate
from kg_build.cli.withdraw import withdraw
from kg_build.errors import CommuniqueError, ExitCode

_EXIT_CODES = """Exit codes: 0 done; 1 does not conform; 2 wrong usage; 3 no input could be used; 4 the graph cannot be
read or written; 5 a query that cannot be run; 6 something needed is missing; 130 stopped by Ctrl-C."""

app = typer.Typer(
    name="communique",
    help="Reads diplomatic news into a knowledge graph: who met whom, who said what, with evidence for every fact.",
    epilog=_EXIT_CODES,
    no_args_is_help=True,
    rich_markup_mode="markdown",
    pretty_exceptions_enable=False,
    add_completion=False,
)
for _command in (
    build,
    withdraw,
    query,
    export,
    validate,
    serve,
    ontology,
    review,
    merge,
    split,
    rename,
    reject,
    undo,
    decisions,
):
    app.command()(_command)


def _print_version(value: bool) -> None:
    if value:
        typer.echo(f"communique {__version__}")
        raise typer.Exit


@app.callback()
def _common(
    _version: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version and end.")
    ] = False,
) -> None:
    """What stands before any command."""


def main() -> None:
    """Runs the command; the one place where errors become a line on standard error and an exit code."""
    try:
        app()
    except CommuniqueError as error:
        print_error(error)
        sys.exit(error.exit_code)
    except OSError as error:
        where = f"{error.filename}: " if error.filename else ""
        messages().print(f"communique: {where}{error.strerror or error}")
        sys.exit(ExitCode.STORE)


__all__ = ["app", "main"]
