"""``communique ontology``."""

from __future__ import annotations

import typer

from kg_build.cli.console import output
from kg_build.errors import ExitCode


def ontology() -> None:
    """Print the ontology's classes as a tree and check it.

    The check looks for terms that are not declared or not documented and for classes that can have no member. Where
    Java is installed, the reasoner HermiT looks for contradictions too. The exit code is 1 where something is wrong.

    For example:

        communique ontology
    """
    from kg_build.ontology_check import check  # owlready2 takes a while to import, and no other command needs it

    report = check()
    console = output()
    console.print(report.class_tree)
    for fault in report.faults:
        console.print(f"fault: {fault}")
    console.print(f"\n{report.terms} terms, {len(report.faults)} faults. {report.note}")
    if not report.consistent:
        raise typer.Exit(ExitCode.DOES_NOT_CONFORM)


__all__ = ["ontology"]
