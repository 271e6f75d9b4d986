"""What a build reports besides the graph: the findings of the shapes, and what was set aside."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from kg_build.build_directory import BuildDirectory
from kg_build.documents import Documents, Failure, Made
from kg_build.findings import Severity, report_turtle
from kg_build.manifest import SetAsideCounts
from kg_build.quarantine import Quarantine, Refusal, Stage
from kg_build.sources import SetAside


def write_reports(directory: BuildDirectory, documents: Documents) -> None:
    """Writes ``report.ttl`` and ``quarantine/``."""
    directory.report.write_text(report_turtle(documents.findings()), encoding="utf-8")
    quarantine = Quarantine(directory.quarantine)
    for record in documents.all_set_aside():
        quarantine.add(Refusal(Stage.INPUT, record))
    for failure in documents.failures():
        quarantine.add(refusal(failure))


def count_set_aside(documents: Documents) -> SetAsideCounts:
    """How many inputs and documents are set aside."""
    failures = list(documents.failures())
    refused = sum(isinstance(failure, Made) for failure in failures)
    return SetAsideCounts(len(documents.all_set_aside()), len(failures) - refused, refused)


def count_findings(documents: Documents) -> dict[str, int]:
    """How many findings of each severity there are."""
    counts = Counter(finding.severity for _, finding in documents.findings())
    return {severity: counts[severity] for severity in Severity}


def refusal(outcome: Failure | Made) -> Refusal:
    """The record of a document that could not be read, or whose graph broke a shape."""
    document = outcome.document
    file = document.file or Path(document.id)
    if isinstance(outcome, Failure):
        record = SetAside(file, outcome.reason, outcome.hint, document.line, document.id)
        return Refusal(Stage.READING, record)
    violations = [finding for finding in outcome.findings if finding.severity is Severity.VIOLATION]
    messages = list(dict.fromkeys(finding.message for finding in violations))
    more = f" (and {len(messages) - 1} more)" if len(messages) > 1 else ""
    reason = f"its graph breaks a shape: {messages[0].rstrip('.')}{more}"
    hint = "the graph stands beside this file; please report it"
    record = SetAside(file, reason, hint, document.line, document.id)
    return Refusal(Stage.SHAPES, record, outcome.findings, outcome.lines)


__all__ = ["count_findings", "count_set_aside", "refusal", "write_reports"]
