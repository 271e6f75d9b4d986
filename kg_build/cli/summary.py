"""How ``build``, ``withdraw`` and decisions are carried out before a user's eyes, and what they say at the end."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import typer

from kg_build.cli.console import Reporter, messages, output
from kg_build.manifest import Manifest
from kg_build.watching import Watcher


def carry_out(change: Callable[[Watcher], Manifest], out: Path) -> Manifest:
    """Makes a ``change`` of the graph in the folder ``out``, shows how it goes on and prints what the graph now holds.

    Ctrl-C ends the command with exit code 130. Raises what ``change`` raises.
    """
    try:
        with Reporter() as reporter:
            manifest = change(reporter)
    except KeyboardInterrupt:
        messages().print("communique: stopped; nothing was changed")
        raise typer.Exit(130) from None
    _print_summary(manifest, out)
    return manifest


def _print_summary(manifest: Manifest, out: Path) -> None:
    counts = manifest.counts
    meetings = ", ".join(f"{number:,} {status.lower()}" for status, number in counts.meetings.items())
    rows = (
        ("documents", f"{counts.documents:,}"),
        ("persons", f"{counts.persons:,}"),
        ("ministries", f"{counts.ministries:,}"),
        ("organizations", f"{counts.organizations:,}"),
        ("meetings", f"{sum(counts.meetings.values()):,}" + (f" ({meetings})" if meetings else "")),
        ("statements", f"{counts.statements:,}"),
        ("mentions", f"{counts.mentions:,}"),
        ("triples", f"{manifest.triples:,}"),
    )
    console = output()
    for name, value in rows:
        console.print(f"{name:<13}  {value}")
    if manifest.set_aside.total:
        console.print(f"{manifest.set_aside.total:,} set aside; the reasons stand in {out / 'quarantine'}")
    console.print(f"built {out} in {manifest.seconds:.1f} seconds")


__all__ = ["carry_out"]
