"""Which documents tell of the same encounter: both sides’ readouts, an agency’s report, a plan, a cancellation.

Only accounts that share parties are compared, and only those near in time. How well two agree is a score from 0 to 1
(``kg_build.resolve.agreement``). The surest are joined first, as long as nobody in the one group contradicts anybody in
the other. The outcome depends on what the accounts say and not on their order.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from itertools import combinations
from typing import Final

from kg_build.model import Status
from kg_build.resolve.accounts import Account, accounts, by_node
from kg_build.resolve.agreement import agree, contradict, reach
from kg_build.resolve.nodes import Nodes, Place
from kg_build.resolve.resolution import Candidate

_SAME: Final = 0.5  # accounts that agree at least so well are of one meeting: see benchmarks/linking_meetings.py
_DOUBTFUL: Final = 0.35
_RIVAL: Final = 0.9  # a vague account is left alone if another meeting fits it nearly so well, in relation to the best
_MOST_SIDES: Final = 8  # of a gathering of many, some sides are enough to find it by
_MOST_CANDIDATES: Final = 3  # for one meeting

Pair = tuple[str, str]


@dataclass(slots=True)
class _Group:
    """Accounts of one meeting."""

    members: list[Account]
    documents: set[str] = field(init=False)

    def __post_init__(self) -> None:
        self.documents = {account.place[0] for account in self.members}

    @property
    def first(self) -> Account:
        """The account whose IRI all take: of those that give the day, else of all, the one that was published first."""
        return min(self.members, key=lambda a: (not a.certain, a.age, a.place))

    def contradicts(self, other: _Group) -> bool:
        """Whether the two cannot be one meeting. What one document tells apart is two."""
        if not self.documents.isdisjoint(other.documents):
            return True
        together = (*self.members, *other.members)
        days = {a.when.earliest for a in together if a.when and a.certain}
        postponed = len(days) == 2 and any(a.status is Status.POSTPONED for a in together)
        return any(contradict(a, b, postponed=postponed) for a in self.members for b in other.members)


def link_meetings(nodes: Nodes, apart: frozenset[Pair] = frozenset()) -> list[Candidate]:
    """Gives the meetings of several documents that are one the same IRI; returns pairs that may be one.

    ``nodes`` has to know its entities and the names of its meetings. The IRI is that of the account that gives the day
    and was published first; the others become aliases. Meetings in ``apart``, by IRIs, are never joined.
    """
    groups = {node: _Group(members) for node, members in by_node(accounts(nodes)).items()}
    scores = _scores(groups)
    vague = _with_rivals(scores, groups)
    joined = {node: node for node in groups}
    doubtful: dict[Pair, float] = {}
    for pair, score in sorted(scores.items(), key=lambda item: (-item[1], item[0])):
        left, right = sorted((_root(joined, pair[0]), _root(joined, pair[1])))
        if left == right:
            continue
        if score < _SAME or pair in vague or _told_apart(groups[left], groups[right], apart):
            doubtful[pair] = score
        elif not groups[left].contradicts(groups[right]):
            groups[left] = _Group([*groups[left].members, *groups[right].members])
            joined[right] = left
    names: dict[str, str] = {}
    for node in joined:
        root = _root(joined, node)
        names[node] = groups[root].first.node
        if names[node] != node:
            nodes.aliases[node] = names[node]
    for place, node in nodes.meetings.items():
        nodes.meetings[place] = names[node]
    return list(_candidates(doubtful, names, groups, apart))


def _root(joined: Mapping[str, str], node: str) -> str:
    while joined[node] != node:
        node = joined[node]
    return node


def _scores(groups: Mapping[str, _Group]) -> dict[Pair, float]:
    """How well meetings agree of which at least one account each is near the other's; what does not, is left out."""
    found: dict[Pair, float] = {}
    for one, other in _near(a for group in groups.values() for a in group.members):
        pair = (min(one.node, other.node), max(one.node, other.node))
        score = agree(one, other)
        if score >= _DOUBTFUL and score > found.get(pair, 0.0):
            found[pair] = score
    return found


def _near(all_accounts: Iterable[Account]) -> Iterator[tuple[Account, Account]]:
    """Accounts of different documents and meetings that share two sides or two persons, or the only side, in time."""
    blocks: dict[tuple[str, ...], list[tuple[date, date, Account]]] = defaultdict(list)
    for account in all_accounts:
        days = reach(account)
        if days is None:
            continue
        sides, persons = (sorted(parties)[:_MOST_SIDES] for parties in (account.sides, account.persons))
        alone = [(side,) for side in sides] if len(sides) == 1 else []
        for key in (*combinations(sides, 2), *combinations(persons, 2), *alone):
            blocks[key].append((days.earliest, days.latest, account))
    seen: set[tuple[Place, Place]] = set()
    for block in blocks.values():
        block.sort(key=lambda entry: (entry[0], entry[1], entry[2].place))
        for number, (_, latest, one) in enumerate(block):
            for earliest, _, other in block[number + 1 :]:
                if earliest > latest:
                    break
                pair = (min(one.place, other.place), max(one.place, other.place))
                if one.node != other.node and one.place[0] != other.place[0] and pair not in seen:
                    seen.add(pair)
                    yield one, other


def _with_rivals(scores: Mapping[Pair, float], groups: Mapping[str, _Group]) -> set[Pair]:
    """Pairs of which one is vague about the day and fits another meeting nearly as well: it is not known which."""
    fitting: dict[str, list[tuple[str, float]]] = defaultdict(list)
    for (one, other), score in scores.items():
        fitting[one].append((other, score))
        fitting[other].append((one, score))
    found: set[Pair] = set()
    for node, others in fitting.items():
        if any(account.certain for account in groups[node].members):
            continue
        for one, score in others:
            if any(
                rival >= _RIVAL * score and groups[one].contradicts(groups[other])
                for other, rival in others
                if other != one
            ):
                found.add((min(node, one), max(node, one)))
    return found


def _told_apart(one: _Group, other: _Group, apart: frozenset[Pair]) -> bool:
    names = ({a.node for a in group.members} for group in (one, other))
    first, second = names
    return any((min(a, b), max(a, b)) in apart for a in first for b in second) if apart else False


def _candidates(
    doubtful: Mapping[Pair, float], names: Mapping[str, str], groups: Mapping[str, _Group], apart: frozenset[Pair]
) -> Iterator[Candidate]:
    """The pairs that may be one meeting after all, the best of each meeting first, each with a document of both."""
    final: dict[str, _Group] = {
        group.first.node: group for group in groups.values() if names[group.first.node] == group.first.node
    }
    count: dict[str, int] = defaultdict(int)
    seen: set[Pair] = set()
    for (one, other), score in sorted(doubtful.items(), key=lambda item: (-item[1], item[0])):
        pair = (min(names[one], names[other]), max(names[one], names[other]))
        if pair[0] == pair[1] or pair in seen or pair in apart or final[pair[0]].contradicts(final[pair[1]]):
            continue
        seen.add(pair)
        if max(count[pair[0]], count[pair[1]]) < _MOST_CANDIDATES:
            count[pair[0]] += 1
            count[pair[1]] += 1
            documents = tuple(sorted({final[node].first.place[0] for node in pair}))
            yield Candidate(*pair, round(score, 3), "may be the same meeting, told by two documents", documents)


__all__ = ["link_meetings"]
