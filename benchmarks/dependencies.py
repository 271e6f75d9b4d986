"""Dependency rules of the plain baseline: who met whom, and who said what, in sentences that spaCy has parsed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from kg_build.model import MeetingKind, Span, Status

if TYPE_CHECKING:
    from spacy.tokens import Doc, Token

ENCOUNTERS = {
    "meet": MeetingKind.MEETING,
    "receive": MeetingKind.MEETING,
    "host": MeetingKind.MEETING,
    "welcome": MeetingKind.MEETING,
    "call": MeetingKind.CALL,
    "phone": MeetingKind.CALL,
    "telephone": MeetingKind.CALL,
    "speak": MeetingKind.CALL,
    "visit": MeetingKind.VISIT,
}
HELD_NOUNS = {
    "meeting": MeetingKind.MEETING,
    "talk": MeetingKind.MEETING,
    "call": MeetingKind.CALL,
    "conversation": MeetingKind.CALL,
    "consultation": MeetingKind.CONSULTATIONS,
}
SAYING = frozenset({
    "say", "tell", "add", "note", "stress", "warn", "announce", "state", "declare", "claim", "insist", "argue",
    "suggest", "confirm", "deny", "explain", "write", "reply", "acknowledge", "admit", "report", "believe", "hope",
    "urge", "reiterate", "reaffirm", "underscore", "emphasize", "emphasise", "highlight", "express", "condemn",
    "welcome", "call",
})  # fmt: skip
POSITIONS = frozenset({
    "urge", "reiterate", "reaffirm", "underscore", "emphasize", "emphasise", "highlight", "express", "condemn",
    "welcome", "deny",
})  # fmt: skip
"""Verbs whose object is the position that is stated."""
AHEAD = frozenset({"will", "shall", "plan", "expect", "schedule", "due", "set", "intend", "hope"})


def encounters(doc: Doc) -> Iterator[tuple[Token, MeetingKind, list[Token]]]:
    """Each verb of meeting, the kind of encounter, and the tokens of those who were met."""
    for token in doc:
        if token.pos_ != "VERB":
            continue
        objects = [c for c in token.children if c.dep_ == "dobj"]
        with_whom = list(after("with", token))
        if token.lemma_ in ENCOUNTERS and (token.lemma_ != "speak" or with_whom):
            yield token, ENCOUNTERS[token.lemma_], joined([*objects, *with_whom])
        elif token.lemma_ in {"hold", "have"}:
            for noun in objects:
                if noun.lemma_ in HELD_NOUNS:
                    yield token, HELD_NOUNS[noun.lemma_], joined([*with_whom, *after("with", noun)])


def after(preposition: str, token: Token) -> Iterator[Token]:
    """The objects of a preposition that hangs on ``token``."""
    return (c for p in token.children if p.lower_ == preposition for c in p.children if c.dep_ == "pobj")


def joined(tokens: Iterable[Token]) -> list[Token]:
    """``tokens``, each with what "and" joins to it."""
    return [t for token in tokens for t in (token, *token.conjuncts)]


def subjects_of(verb: Token) -> list[Token]:
    """The subject of ``verb``, or of the verb that it depends on: "plans to visit", "met X and visited Y"."""
    own = [c for c in verb.children if c.dep_ in {"nsubj", "nsubjpass"}]
    if not own and verb.dep_ in {"xcomp", "conj"} and verb.head is not verb:
        return subjects_of(verb.head)
    return joined(own)


def status_of(verb: Token) -> Status:
    """Denied under a negation, planned under "will", "plans to" and the like, else held."""
    around = [*verb.children, *(verb.head, *verb.head.children)] if verb.dep_ == "xcomp" else list(verb.children)
    if any(t.dep_ == "neg" for t in around):
        return Status.DENIED
    if any(t.lemma_.lower() in AHEAD for t in around):
        return Status.PLANNED
    return Status.HELD


def reported(doc: Doc, at: int) -> Iterator[tuple[Token | None, Token, Span]]:
    """Each verb of saying, its subject and the span of what is said; and "according to" with its sentence."""
    for token in doc:
        if token.pos_ == "VERB" and token.lemma_ in SAYING:
            wanted = {"ccomp", "xcomp", "dobj"} if token.lemma_ in POSITIONS else {"ccomp"}
            clauses = [c for c in token.children if c.dep_ in wanted]
            if token.lemma_ == "call":
                clauses = list(after("for", token))
            subjects = subjects_of(token)
            if clauses and subjects:
                # A clause that surrounds its verb ("The treaty, he said, is dead") counts from the side that holds it.
                tokens = [t for c in clauses for t in c.subtree]
                before = [t for t in tokens if t.i < token.i]
                side = before if clauses[0].i < token.i and before else [t for t in tokens if t.i > token.i]
                side = [t for t in side if not t.is_space]
                if side:
                    yield token, subjects[0], span_of(side[0], side[-1], at)
        elif token.lower_ == "according" and token.i + 1 < len(doc):
            to = doc[token.i + 1]
            inside = {token.i, *(t.i for t in token.subtree)}
            rest = [t for t in token.sent if t.i not in inside and t.i > to.i and not t.is_punct and not t.is_space]
            rest = rest or [t for t in token.sent if t.i < token.i and not t.is_punct and not t.is_space]
            source = next((t for t in to.children if t.dep_ == "pobj"), None)
            if source is not None and rest:
                yield None, source, span_of(rest[0], rest[-1], at)


def span_of(first: Token, last: Token, at: int) -> Span:
    """The place of ``first`` to ``last`` in a text in which their paragraph begins ``at`` an offset."""
    return Span(at + first.idx, at + last.idx + len(last))
