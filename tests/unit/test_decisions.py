"""What people decided about nodes: how it changes what documents are linked to, and how it is taken back."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

from kg_build.iris import Iris
from kg_build.model import EntityType, MeetingKind, Status, When
from kg_build.resolve import resolve
from kg_build.resolve.decisions import Action, Decision, Decisions
from kg_build.resolve.notes import DocumentNotes, EntityFacts, MeetingFacts
from ontology import DEFAULT_BASE

IRIS = Iris(DEFAULT_BASE)
ANNA, ANA, OTHER = (IRIS.person(name) for name in ("anna-berg", "ana-berg", "lars-eide"))
WHEN = datetime(2026, 3, 1, 12, tzinfo=UTC)


def notes(document: str, node: str) -> DocumentNotes:
    """A document in which ``node`` meets somebody."""
    return DocumentNotes(
        document=document,
        published=date(2026, 2, 1),
        publisher=None,
        title=None,
        entities=(
            EntityFacts("a", node, EntityType.PERSON, "A B"),
            EntityFacts("b", OTHER, EntityType.PERSON, "Lars Eide"),
        ),
        meetings=(
            MeetingFacts("m", "", MeetingKind.MEETING, Status.HELD, ("a", "b"), 0.9, When.day(date(2026, 2, 1))),
        ),
    )


NOTES = [notes("one", ANNA), notes("two", ANA), notes("three", ANNA)]


def decision(number: int, action: Action, node: str | None = None, *others: str, **more: object) -> Decision:
    return replace(Decision(number, WHEN, "me", action, node, others), **more)  # type: ignore[arg-type]


def test_merged_nodes_are_one_and_the_other_is_an_alias() -> None:
    found = resolve(NOTES, IRIS, Decisions((decision(1, Action.MERGE, ANNA, ANA),)))
    assert {d: links.entities for d, links in found.documents.items()} == {"two": {"a": ANNA}}
    assert found.aliases == {ANA: ANNA}
    assert found.stale == ()


def test_a_chain_of_merges_ends_at_the_last_one() -> None:
    third = IRIS.person("anne-berg")
    merges = (decision(1, Action.MERGE, ANNA, ANA), decision(2, Action.MERGE, third, ANNA))
    found = resolve([*NOTES, notes("four", third)], IRIS, Decisions(merges))
    assert found.aliases == {ANA: third, ANNA: third}
    assert {found.of(n.document).entities.get("a", third) for n in NOTES} == {third}


def test_a_split_takes_the_documents_named_and_leaves_the_others() -> None:
    split = decision(4, Action.SPLIT, ANNA, IRIS.document("three"))
    found = resolve(NOTES, IRIS, Decisions((split,)))
    assert found.of("three").entities == {"a": f"{ANNA}-split-4"}
    assert not found.of("one").entities
    assert not found.aliases


def test_what_is_undone_does_not_count_and_can_be_done_again() -> None:
    merge = decision(1, Action.MERGE, ANNA, ANA)
    undo = decision(2, Action.UNDO, undoes=1)
    redo = decision(3, Action.UNDO, undoes=2)
    assert not resolve(NOTES, IRIS, Decisions((merge, undo))).documents
    assert resolve(NOTES, IRIS, Decisions((merge, undo, redo))).aliases == {ANA: ANNA}


def test_what_concerns_nothing_is_named() -> None:
    nobody = IRIS.person("nobody")
    decisions = (
        decision(1, Action.MERGE, nobody, ANA),
        decision(2, Action.SPLIT, ANNA, IRIS.document("none")),
        decision(3, Action.RENAME, nobody, name="No Body"),
        decision(4, Action.RENAME, ANNA, name="Anna B."),
    )
    assert resolve(NOTES, IRIS, Decisions(decisions)).stale == (1, 2, 3)


def test_the_order_of_the_documents_does_not_matter() -> None:
    decisions = Decisions((decision(1, Action.MERGE, ANNA, ANA), decision(2, Action.SPLIT, ANNA, IRIS.document("one"))))
    assert resolve(NOTES, IRIS, decisions) == resolve(NOTES[::-1], IRIS, decisions)


def test_names_rejections_and_pairs_that_are_not_the_same() -> None:
    decisions = Decisions(
        (
            decision(1, Action.RENAME, ANNA, name="Anna"),
            decision(2, Action.RENAME, ANNA, name="Anna Berg"),
            decision(3, Action.REJECT, "x:candidate", OTHER, ANA),
            decision(4, Action.REJECT, "x:statement"),
        )
    )
    assert decisions.names == {ANNA: "Anna Berg"}
    assert decisions.apart == {(ANA, OTHER)}
