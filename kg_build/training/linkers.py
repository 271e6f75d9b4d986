"""Learns the weights of the layers over the network: who is meant, which group, whose post, which mentions are one.

Each is a logistic model over features that the reader computes; the examples are made by interpreting annotated
documents as a perfect network would tag them, with the weights of the round before.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from kg_build.model import Span
from kg_build.reader.actors import Actor, Cast, Title
from kg_build.reader.belonging import NOBODY, OWNER_FEATURES, Owner, OwnerChoice
from kg_build.reader.casting import Casting, Seen, cast_document
from kg_build.reader.encounters import PAIR_FEATURES, Told, compare
from kg_build.reader.groups import GROUP_FEATURES, GroupCandidate, GroupChoice
from kg_build.reader.groups import Told as ToldGroup
from kg_build.reader.interpret import Weights
from kg_build.reader.linking import Linker, LinkingWeights
from kg_build.reader.persons import FEATURES, Candidate, Use
from kg_build.reader.phrases import Phrase
from kg_build.reader.tables import tables
from kg_build.reader.telling import Telling
from kg_build.training.annotations import AnnotatedDocument
from kg_build.training.oracle import meanings, seen_by_oracle

Vector = npt.NDArray[np.float64]
_BACK = 14
"""How many mentions of encounters back a pair is learned from."""

STARTING: dict[str, dict[str, float]] = {
    "ranking": {
        "same_sentence": 0.5, "previous_sentence": 0.8, "log_distance": -0.5, "first_in_sentence": 0.8,
        "last_speaker": 0.5, "gender_conflicts": -4, "title_fits": 3, "title_head_fits": 1, "title_conflicts": -2,
        "country_fits": 3, "country_conflicts": -3, "follows": -3,
    },
    "grouping": {
        "met_last": 1, "spoke_last": 0.3, "last_two": 0.3, "by_title": 0.5, "named_by_country": 2, "count_fits": 2,
        "count_differs": -2, "titles_fit": 1, "titles_conflict": -1, "countries_wanted": 2, "persons": 0.5, "near": 0.3,
    },
    "joining": {
        "bias": -1.5, "same_parties": 2.5, "subset": 0.5, "share_some": -3, "disjoint": -6, "one_without_parties": 0.5,
        "dates_clash": -4, "kinds_clash": -2, "visit_and_other": -1.5, "same_date": 1.5, "same_status": 0.5,
        "held_then_ahead": -2, "definite": 1.5, "same_countries": 1.5, "countries_clash": -2, "same_event": 0.5,
        "far": -0.5,
    },
    "owning": {
        "before": 5, "after": 4, "inside": 4, "beside_name": 4, "masters": 3, "other_title": 3, "in_document_title": 3,
        "table_office_full": 3, "table_office_surname": 2, "table_name": 1.5, "ministry": 1, "taken": -1,
        "home_american": 2, "home_foreign_title": -2, "most_named": 0.5, "last_named": 0.5, "in_sentence": 0.5,
        "dateline": 0.5, "is_body": -1, "body_of_title": 1, "sent_there": -3, "none": 0.5,
    },
}  # fmt: skip
"""Weights set by hand: the rules that learning starts from, and is compared with."""

NAMES: dict[str, tuple[str, ...]] = {
    "ranking": FEATURES,
    "grouping": GROUP_FEATURES,
    "joining": PAIR_FEATURES,
    "owning": OWNER_FEATURES,
}


def weights_of(vectors: dict[str, Vector]) -> Weights:
    """The reader's weights from one vector for each part."""
    return Weights(LinkingWeights(vectors["ranking"], vectors["grouping"]), vectors["joining"], vectors["owning"])


def starting_vectors() -> dict[str, Vector]:
    """The weights set by hand, as vectors."""
    return {part: np.array([float(STARTING[part].get(n, 0.0)) for n in names]) for part, names in NAMES.items()}


@dataclass(slots=True)
class Lessons:
    """Examples for each part: the options' features and which of them are right, or for pairs the label."""

    ranking: list[tuple[Vector, Vector]] = field(default_factory=list)
    grouping: list[tuple[Vector, Vector]] = field(default_factory=list)
    owning: list[tuple[Vector, Vector]] = field(default_factory=list)
    joining: list[tuple[Vector, float]] = field(default_factory=list)
    groups_without_truth: int = 0


class _Teacher:
    """The annotations of a document, asked whom words mean."""

    def __init__(self, annotated: AnnotatedDocument, cast: Cast, alone: Sequence[Span]) -> None:
        self.meant = meanings(annotated, cast)
        self.by_span: dict[Span, set[str]] = {}
        for s in annotated.statements:
            if s.source:
                self.by_span.setdefault(s.source, set()).update(s.speakers)
        for m in annotated.meetings:
            for p in m.parties:
                if p.span:
                    self.by_span.setdefault(p.span, set()).add(p.key)
        for post in annotated.posts:
            if post.span in set(alone):
                self.by_span.setdefault(post.span, set()).add(post.person)

    def person(self, span: Span, keys: Sequence[str]) -> Vector | None:
        """Which of the actors ``keys`` the words of ``span`` mean, where they mean one."""
        truth = self.by_span.get(span, set())
        right = np.array([float(bool(self.meant.get(k, frozenset()) & truth)) for k in keys])
        return right if len(truth) == 1 and right.any() else None

    def group(self, span: Span, groups: Sequence[Sequence[str]]) -> Vector | None:
        """Which of ``groups`` the words of ``span`` mean, where they mean several; zeros where none is right."""
        truth = self.by_span.get(span, set())
        if len(truth) < 2:
            return None

        def is_right(keys: Sequence[str]) -> bool:
            each = [self.meant.get(k, frozenset()) for k in keys]
            return len(each) == len(truth) and all(e & truth for e in each) and frozenset().union(*each) >= truth

        return np.array([float(is_right(g)) for g in groups])


class _ListeningLinker(Linker):
    """A linker that writes down its choices with the teacher's answers."""

    def __init__(
        self, seen: Seen, casting: Casting, weights: LinkingWeights, teacher: _Teacher, lessons: Lessons
    ) -> None:
        super().__init__(casting.cast, seen.layout, weights, casting.issuer)
        self.teacher = teacher
        self.lessons = lessons
        self.groups = _ListeningGroups(self.groups, teacher, lessons)

    def candidates(
        self, span: Span, phrase: Phrase, exclude: Sequence[str] = (), use: Use = Use.OTHER
    ) -> list[Candidate]:
        """The candidates, noted with the right one."""
        found = super().candidates(span, phrase, exclude, use)
        right = self.teacher.person(span, [c.key for c in found])
        if right is not None:
            self.lessons.ranking.append((np.array([c.values for c in found]), right))
        return found


class _ListeningGroups(GroupChoice):
    def __init__(self, choice: GroupChoice, teacher: _Teacher, lessons: Lessons) -> None:
        super().__init__(choice.cast, choice.layout, choice.weights)
        self.teacher = teacher
        self.lessons = lessons

    def candidates(
        self,
        span: Span,
        phrase: Phrase,
        met: Sequence[ToldGroup],
        spoke: Sequence[ToldGroup],
        exclude: Sequence[str],
        *,
        party: bool = False,
    ) -> list[GroupCandidate]:
        """The candidates, noted with the right one."""
        found = super().candidates(span, phrase, met, spoke, exclude, party=party)
        right = self.teacher.group(span, [c.keys for c in found])
        if right is not None and right.any():
            self.lessons.grouping.append((np.array([self.values(c, span, phrase, party=party) for c in found]), right))
        elif right is not None:
            self.lessons.groups_without_truth += 1
        return found


def lessons_from(documents: Iterable[AnnotatedDocument], weights: Weights) -> Lessons:
    """The examples that ``documents`` give when they are interpreted with ``weights``."""
    lessons = Lessons()
    for annotated in documents:
        seen = seen_by_oracle(annotated, tables())
        casting = cast_document(seen, tables(), weights.linking, weights.owning)
        _owning(annotated, casting, lessons)
        teacher = _Teacher(annotated, casting.cast, casting.alone)
        linker = _ListeningLinker(seen, casting, weights.linking, teacher, lessons)
        account = Telling(seen, casting, linker).account()
        _joining(annotated, seen, sorted(account.told, key=lambda t: t.trigger.span), lessons)
    return lessons


def _owning(annotated: AnnotatedDocument, casting: Casting, lessons: Lessons) -> None:
    cast, choice = casting.cast, casting.book.choice
    meant = meanings(annotated, cast)
    posts = {p.span: p for p in annotated.posts}
    for actor in cast.persons():
        for title in actor.titles:
            post = posts.get(title.span)
            if post is None or post.person not in meant[actor.key]:
                continue
            options = _options(choice, title)
            names = set(annotated.surfaces.get(post.of or "", ()))
            right = np.array([float(_owns(o, post.of, names, meant, cast)) for o in options])
            if right.any():
                lessons.owning.append((choice.values(actor, title, options), right))


def _options(choice: OwnerChoice, title: Title) -> list[Owner]:
    options = choice.candidates(title.span)
    explicit = choice.explicit(title.span)
    return options if explicit is None or explicit in options else [*options, explicit]


def _owns(option: Owner, of: str | None, names: set[str], meant: dict[str, frozenset[str]], cast: Cast) -> bool:
    if of is None:
        return option == NOBODY
    if option.body is None:
        return option.iso == of
    body: Actor = cast.by_key[option.body]
    return of in meant[option.body] or of in {body.name, *body.aliases} or bool(names & {body.name, *body.aliases})


def _joining(annotated: AnnotatedDocument, seen: Seen, told: Sequence[Told], lessons: Lessons) -> None:
    same: dict[Span, set[str]] = {}
    for n, m in enumerate(annotated.meetings):
        same.setdefault(m.trigger, set()).add(m.same or f"#{n}")
    for j, later in enumerate(told):
        truth = same.get(later.trigger.span, set())
        for earlier in told[max(0, j - _BACK) : j]:
            other = same.get(earlier.trigger.span, set())
            if truth and other and earlier.trigger.span != later.trigger.span:
                lessons.joining.append(
                    (compare(earlier, later, seen.layout, annotated.text), float(bool(truth & other)))
                )


_Gradient = Callable[[Vector], Vector]


def _descend(size: int, gradient: _Gradient, rounds: int, rate: float) -> Vector:
    """Adam with a linearly falling rate (Kingma and Ba 2015), from zero."""
    w, first, second = np.zeros(size), np.zeros(size), np.zeros(size)
    for i in range(rounds):
        g = gradient(w)
        first, second = 0.9 * first + 0.1 * g, 0.99 * second + 0.01 * g * g
        step = (first / (1 - 0.9 ** (i + 1))) / (np.sqrt(second / (1 - 0.99 ** (i + 1))) + 1e-8)
        w -= rate * (1 - i / rounds) * step
    return w


def fit_choice(lessons: Sequence[tuple[Vector, Vector]], penalty: float = 0.001, rounds: int = 300) -> Vector:
    """Weights of a conditional logit whose right options have the largest share."""

    def gradient(w: Vector) -> Vector:
        total = penalty * w
        for options, right in lessons:
            scores = options @ w
            shares = np.exp(scores - scores.max())
            shares /= shares.sum()
            wanted = shares * right
            total = total + options.T @ (shares - wanted / wanted.sum()) / len(lessons)
        return total

    return _descend(lessons[0][0].shape[1], gradient, rounds, 0.3)


def fit_pairs(lessons: Sequence[tuple[Vector, float]], penalty: float = 0.001, rounds: int = 400) -> Vector:
    """Weights of a logistic regression."""
    features = np.array([x for x, _ in lessons])
    labels = np.array([y for _, y in lessons])

    def gradient(w: Vector) -> Vector:
        g: Vector = features.T @ (1 / (1 + np.exp(-features @ w)) - labels) / len(labels) + penalty * w
        return g

    return _descend(features.shape[1], gradient, rounds, 0.2)


def accuracy(lessons: Sequence[tuple[Vector, Vector]], weights: Vector) -> float:
    """The share of choices in which the option with the highest score is right."""
    return float(np.mean([right[int((options @ weights).argmax())] for options, right in lessons]))


def learn(documents: Sequence[AnnotatedDocument]) -> dict[str, Vector]:
    """The weights of all parts, learned from ``documents``; a part of which they have no example stays as it starts."""
    vectors = starting_vectors()
    lessons = lessons_from(documents, weights_of(vectors))
    for part, choices in (("ranking", lessons.ranking), ("grouping", lessons.grouping), ("owning", lessons.owning)):
        if choices:
            vectors[part] = fit_choice(choices)
    if lessons.joining:
        vectors["joining"] = fit_pairs(lessons.joining)
    return vectors


__all__ = [
    "NAMES",
    "STARTING",
    "Lessons",
    "accuracy",
    "fit_choice",
    "fit_pairs",
    "learn",
    "lessons_from",
    "starting_vectors",
    "weights_of",
]
