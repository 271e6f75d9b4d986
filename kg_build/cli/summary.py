"""What ``build`` and ``withdraw`` say at the end."""

from __future__ import annotations

from pathlib import Path

from kg_build.cli.console import output
from kg_build.manifest import Manifest


def print_summary(manifest: Manifest, out: Path) -> None:
    """Prints on standard output what the graph in the folder ``out`` now holds."""
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


__all__ = ["print_summary"]
