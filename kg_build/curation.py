"""What people decide about a graph: checked against what is there, kept in a file, and carried out at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import cast

from kg_build.build_directory import BuildDirectory, open_build
from kg_build.errors import UsageError
from kg_build.iris import Iris, is_iri
from kg_build.manifest import Manifest
from kg_build.nquads import iri
from kg_build.pipeline import NobodyWatches, Watcher, available_cores, load_installed_reader
from kg_build.rebuild import Change, Rebuild
from kg_build.resolve.decision_file import read_decisions
from kg_build.resolve.decisions import Action, Decision, Decisions
from kg_build.store import Select, Store
from ontology import PREFIXES


@dataclass(frozen=True, slots=True)
class Doubt:
    """Two nodes that may be one, by IRI and name; how likely that is (0 to 1), why, and the documents that show it."""

    one: str
    one_name: str
    other: str
    other_name: str
    score: float
    reason: str
    documents: tuple[str, ...]


_DOUBTS = """
SELECT ?one ?oneName ?other ?otherName ?score ?reason (GROUP_CONCAT(DISTINCT STR(?id); separator=" ") AS ?ids) {
  ?link a cq:LinkCandidate ; cq:candidate ?one, ?other ; cq:confidence ?score ; rdfs:comment ?reason .
  FILTER (STR(?one) < STR(?other))
  OPTIONAL { ?one skos:prefLabel ?oneName }
  OPTIONAL { ?other skos:prefLabel ?otherName }
  OPTIONAL { ?link dcterms:source/dcterms:identifier ?id }
} GROUP BY ?link ?one ?oneName ?other ?otherName ?score ?reason ORDER BY DESC(?score) ?one ?other"""


def doubts(folder: Path) -> list[Doubt]:
    """The doubtful links of the graph in ``folder``, the likeliest first. Raises StoreError."""
    found = _rows(open_build(folder).open_store(), _DOUBTS)
    return [
        Doubt(a, an, b, bn, float(score), reason, tuple(sorted(ids.split())))
        for a, an, b, bn, score, reason, ids in found
    ]


def decisions_of(folder: Path) -> Decisions:
    """All decisions on the graph in ``folder``. Raises StoreError, and InputError where their file is damaged."""
    return read_decisions(open_build(folder).decisions)


class Curator:
    """Makes decisions on the graph in ``folder`` in the name of ``who``, each with a ``reason`` if there is one.

    Each method changes the graph and returns its new manifest. They raise UsageError where the decision makes no sense
    in this graph or contradicts another one, and what :func:`kg_build.pipeline.build` raises.
    """

    def __init__(self, folder: Path, who: str, reason: str | None = None, watcher: Watcher | None = None) -> None:
        self._folder = folder
        self._watcher = watcher or NobodyWatches()
        self._build: BuildDirectory = open_build(folder)
        self._store = self._build.open_store()
        self._iris = Iris(self._build.read_manifest().base)
        self._decisions = read_decisions(self._build.decisions)
        self._blank = Decision(0, datetime.now(UTC).replace(microsecond=0), who, Action.UNDO, reason=reason)

    def merge(self, node: str, other: str) -> Manifest:
        """Makes ``other`` the same as ``node``, whose IRI both have from now on."""
        one, two = self._pair(node, other)
        pair = (min(one, two), max(one, two))
        for d in self._decisions.of(Action.REJECT):
            if tuple(sorted(d.others)) == pair:
                raise self._contradiction(d, "these two were decided not to be the same")
        for d in self._decisions.of(Action.SPLIT):
            if two == f"{one}-split-{d.number}" or one == f"{two}-split-{d.number}":
                raise self._contradiction(d, "the one was split off from the other")
        return self._decide(replace(self._blank, action=Action.MERGE, node=one, others=(two,)))

    def split(self, node: str, documents: Sequence[str]) -> Manifest:
        """Makes what ``documents``, by identifier, call ``node`` a node of its own."""
        one = self._node(node)
        telling = self._documents(one)
        moved = {self._iris.document(identifier) for identifier in documents}
        for identifier in documents:
            if self._iris.document(identifier) not in telling:
                hint = "documents that mention it: " + " ".join(sorted(telling.values())[:10])
                raise UsageError(f"the document {identifier} does not mention {one}", hint=hint)
        if moved == set(telling):
            raise UsageError("these are all documents that mention it", where=one, hint="name some of them")
        return self._decide(replace(self._blank, action=Action.SPLIT, node=one, others=tuple(sorted(moved))))

    def rename(self, node: str, name: str) -> Manifest:
        """Gives ``node`` a preferred name."""
        if not name.strip():
            raise UsageError("the name is empty", hint="give the name that the node is to have")
        return self._decide(replace(self._blank, action=Action.RENAME, node=self._node(node), name=name.strip()))

    def reject(self, node: str, other: str) -> Manifest:
        """Says that the two are not the same: they are never joined, nor doubted again."""
        one, two = self._pair(node, other)
        return self._decide(replace(self._blank, action=Action.REJECT, others=(min(one, two), max(one, two))))

    def undo(self, number: int) -> Manifest:
        """Takes back the decision with ``number``; taking back an undoing makes the decision count again."""
        if not 1 <= number <= len(self._decisions.all):
            raise UsageError(
                "there is no such decision", where=str(number), hint="list them with: communique decisions"
            )
        if number in self._decisions.undone:
            raise UsageError(
                "this decision is undone already", where=str(number), hint="undo its undoing to have it back"
            )
        return self._decide(replace(self._blank, undoes=number))

    def _decide(self, decision: Decision) -> Manifest:
        change = Change(out=self._folder, jobs=available_cores(), decision=decision)
        return Rebuild(change, self._watcher).run(load_installed_reader)

    def _pair(self, node: str, other: str) -> tuple[str, str]:
        one, two = self._node(node), self._node(other)
        if one == two:
            raise UsageError("these are the same node", where=one, hint="name two")
        if self._iris.kind(one) != self._iris.kind(two):
            hint = "only nodes of one kind can be the same"
            raise UsageError(f"{self._iris.kind(one)} and {self._iris.kind(two)} are two kinds", where=two, hint=hint)
        return one, two

    def _node(self, given: str) -> str:
        node = given if given.startswith(self._iris.base) else self._iris.base + given
        if not is_iri(node):
            hint = "give it as person/ararat-mirzoyan or as a whole IRI"
            raise UsageError("this is not the IRI of a node", where=given, hint=hint)
        if self._documents(node):
            return node
        replaced = _rows(self._store, f"SELECT ?node {{ {iri(node)} dcterms:isReplacedBy ?node }}")
        if replaced:
            raise UsageError("this is only another IRI of a node", where=given, hint=f"give {replaced[0][0]}")
        raise UsageError(
            "no document mentions such a node", where=given, hint="communique query finds the IRIs of nodes"
        )

    def _documents(self, node: str) -> dict[str, str]:
        """The documents that mention ``node``, their IRIs with their identifiers."""
        mentioned = f"?mention oa:hasBody {iri(node)} ; oa:hasTarget/oa:hasSource ?document ."
        asked = f"SELECT DISTINCT ?document ?id {{ {mentioned} ?document dcterms:identifier ?id }}"
        return {row[0]: row[1] for row in _rows(self._store, asked)}

    def _contradiction(self, decision: Decision, what: str) -> UsageError:
        by = f"decision {decision.number} of {decision.who} on {decision.when:%Y-%m-%d}"
        return UsageError(f"{what} ({by})", hint=f"undo it first: communique undo {self._folder} {decision.number}")


def _rows(store: Store, sparql: str) -> list[tuple[str, ...]]:
    result = cast("Select", store.query(sparql, prefixes=PREFIXES))
    return [tuple("" if value is None else value.text for value in row) for row in result.rows()]


__all__ = ["Curator", "Doubt", "decisions_of", "doubts"]
