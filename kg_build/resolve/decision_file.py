"""Decisions as a plain file: CSV with a header and a line for each, which people may read, edit and keep in Git."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from kg_build.errors import InputError
from kg_build.resolve.decisions import NO_DECISIONS, Action, Decision, Decisions

_COLUMNS: Final = ("number", "when", "who", "action", "node", "others", "name", "undoes", "reason")


def read_decisions(file: Path) -> Decisions:
    """The decisions in ``file``; none where there is no such file. Raises InputError that names the line."""
    try:
        with file.open(encoding="utf-8-sig", newline="") as stream:
            reader = csv.DictReader(stream, strict=True)
            if tuple(reader.fieldnames or ()) != _COLUMNS:
                raise InputError(
                    "these are no decisions", where=str(file), hint=f"the first line has to be {','.join(_COLUMNS)}"
                )
            found: list[Decision] = []
            for row in reader:
                where = f"{file}, line {reader.line_num}"
                try:
                    decision = _decision(row)
                except (ValueError, TypeError, AttributeError) as error:
                    hint = "correct the line or take it out"
                    raise InputError(f"this decision cannot be read: {error}", where=where, hint=hint) from error
                if decision.number != len(found) + 1:
                    raise InputError(
                        f"the decision has the number {decision.number}",
                        where=where,
                        hint=f"numbers go up by one from 1, so it has to be {len(found) + 1}",
                    )
                found.append(decision)
    except FileNotFoundError:
        return NO_DECISIONS
    except (UnicodeDecodeError, csv.Error) as error:
        raise InputError(f"this is not CSV in UTF-8: {error}", where=str(file), hint="save it as such") from error
    return Decisions(tuple(found))


def write_decisions(file: Path, decisions: Decisions) -> None:
    """Writes ``file`` anew, the same bytes for the same decisions."""
    with file.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(_COLUMNS)
        for d in decisions.all:
            when = d.when.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
            others = " ".join(d.others)
            writer.writerow((d.number, when, d.who, d.action, d.node, others, d.name, d.undoes, d.reason))


def _decision(row: Mapping[str, str]) -> Decision:
    action, node, others = Action(row["action"]), row["node"] or None, tuple(row["others"].split())
    undoes = int(row["undoes"]) if row["undoes"] else None
    wanting = {
        Action.MERGE: not node or len(others) != 1,
        Action.SPLIT: not node or not others,
        Action.RENAME: not node or not row["name"],
        Action.REJECT: len(others) != 2,
        Action.UNDO: undoes is None or undoes >= int(row["number"]),
    }
    if wanting[action]:
        raise ValueError(f"{action} lacks what it is about")
    when = datetime.fromisoformat(row["when"])
    if when.tzinfo is None:
        raise ValueError("the time has no zone")
    return Decision(
        number=int(row["number"]),
        when=when,
        who=row["who"],
        action=action,
        node=node,
        others=others,
        name=row["name"] or None,
        undoes=undoes,
        reason=row["reason"] or None,
    )


__all__ = ["read_decisions", "write_decisions"]
