"""Who of the persons named nearby a pronoun or a bare post may mean, and what speaks for each.

``Linker`` ranks them by a conditional logit over ``FEATURES``, whose weights are learned from annotations.
"""

from __future__ import annotations

import math
import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import Enum, auto

import numpy as np
import numpy.typing as npt

from kg_build.model import Span
from kg_build.reader.actors import Actor, Cast
from kg_build.reader.layout import Layout
from kg_build.reader.people import tokens
from kg_build.reader.phrases import Gender, Phrase, PhraseKind, gender_of_name

FEATURES = (
    "same_sentence", "previous_sentence", "two_sentences_back", "further_back", "log_distance", "nearest", "second_nearest",
    "beyond_third", "first_in_sentence", "first_in_paragraph", "last_speaker", "speaker_before_that", "in_last_meeting",
    "log_mentions", "gender_fits", "gender_conflicts", "follows", "title_fits", "title_head_fits", "title_conflicts",
    "title_unknown", "country_fits", "country_conflicts", "same_paragraph", "in_quotation", "pronoun_and_first",
    "pronoun_and_speaker", "title_and_nearest", "possessive", "first_of_document",
    "party_spokesperson", "source_spokesperson", "party_last_speaker", "party_in_last_meeting", "party_nearest",
    "party_first_in_sentence", "party_same_country", "party_possessive", "quoted_and_speaker", "speaker_here",
    "party_speaker_here", "log_recent_mentions", "party_log_recent_mentions", "own_turn",
)  # fmt: skip
SPOKES = re.compile(r"\bspokes|\bpress (?:secretary|officer)", re.IGNORECASE)
"""Posts of those who speak for others."""
_REACH = 12
RECENT = 8
"""Those who spoke or met last that are looked at."""
_LATELY = 700
"""Characters before a phrase within which a person's mentions are recent."""
TITLED = 80
"""Persons among whom the holders of a post are looked for: what bounds the time that a long text takes."""
_LOOK_BACK = 3000


class Use(Enum):
    """What words are there for: they name a party to an encounter, the source of an attribution, or something else."""

    PARTY = auto()
    SOURCE = auto()
    OTHER = auto()


@dataclass(slots=True)
class Discourse:
    """What has been told so far, the latest last: who spoke where, and who met."""

    speakers: list[tuple[int, tuple[str, ...]]] = field(default_factory=list)
    parties: list[tuple[int, tuple[str, ...]]] = field(default_factory=list)
    turns: list[tuple[int, tuple[str, ...]]] = field(default_factory=list)
    """Whose turn it is in a transcript, from where on."""

    def turn_at(self, offset: int) -> tuple[str, ...]:
        """Those whose turn it is at ``offset``: in it they speak of themselves as "I"."""
        return next((keys for at, keys in reversed(self.turns) if at < offset), ())

    def speakers_before(self, offset: int) -> list[tuple[str, ...]]:
        """Those who spoke before ``offset``, the latest few, last one last."""
        return [keys for at, keys in self.speakers[-RECENT:] if at < offset]

    def parties_before(self, offset: int) -> list[tuple[str, ...]]:
        """Those who met before ``offset``, the latest few, last one last."""
        return [keys for at, keys in self.parties[-RECENT:] if at < offset]


@dataclass(frozen=True, slots=True)
class Candidate:
    """A person whom a phrase may stand for, with the values of ``FEATURES``."""

    key: str
    values: npt.NDArray[np.float64]


class PersonRanking:
    """The candidates for the phrases of one document, as far as it has been told."""

    def __init__(self, cast: Cast, layout: Layout, discourse: Discourse) -> None:
        self.cast = cast
        self.layout = layout
        self.discourse = discourse
        self._firsts = self._first_mentions()
        self._foremost = min((a.mentions[0][0].start for a in cast.persons() if a.mentions), default=-1)

    def _first_mentions(self) -> set[tuple[str, int]]:
        seen_sentence: set[int] = set()
        firsts: set[tuple[str, int]] = set()
        every = sorted((span.start, actor.key) for actor in self.cast.persons() for span, _ in actor.mentions)
        for start, key in every:
            sentence = self.layout.sentence_at(start)
            if sentence not in seen_sentence:
                seen_sentence.add(sentence)
                firsts.add((key, start))
        return firsts

    def candidates(
        self, span: Span, phrase: Phrase, exclude: Sequence[str] = (), use: Use = Use.OTHER
    ) -> list[Candidate]:
        """The persons whom ``phrase`` at ``span`` may stand for, with their features."""
        nearest: dict[str, Span] = {}
        for place, actor in self.cast.before(span.start):
            if span.start - place.end > _LOOK_BACK or len(nearest) >= _REACH:
                break
            if actor.is_person and actor.key not in nearest and actor.key not in exclude:
                nearest[actor.key] = place
        sentence = self.layout.sentences[self.layout.sentence_at(span.start)]
        for actor in self.cast.within(Span(span.end, sentence.end)) if span.end < sentence.end else ():
            if actor.is_person and actor.key not in nearest and actor.key not in exclude:
                later = next((s for s, _ in actor.mentions if span.end <= s.start < sentence.end), None)
                if later:
                    nearest[actor.key] = later
        if phrase.kind is PhraseKind.TITLE:
            for actor in self.cast.persons()[-TITLED:]:
                i = bisect_left(actor.mentions, span.start, key=lambda m: m[0].start) - 1
                if actor.key not in nearest and actor.key not in exclude and i >= 0:
                    nearest[actor.key] = actor.mentions[i][0]
        beside = frozenset(iso for k in exclude if (iso := self.cast.by_key[k].iso))
        return [
            Candidate(key, self._values(key, place, rank, span, phrase, use, beside))
            for rank, (key, place) in enumerate(nearest.items())
        ]

    def _values(
        self, key: str, place: Span, rank: int, span: Span, phrase: Phrase, use: Use, beside: frozenset[str]
    ) -> npt.NDArray[np.float64]:
        actor = self.cast.by_key[key]
        follows = place.start >= span.end
        gap = self.layout.sentence_at(span.start) - self.layout.sentence_at(place.start)
        first = (key, place.start) in self._firsts
        speakers = self._persons_who_spoke(span.start)
        parties = self.discourse.parties_before(span.start)
        pronoun = phrase.kind is PhraseKind.HE_OR_SHE
        gender = _gender(actor)
        fits, head_fits, knows = _title_fit(actor, phrase)
        isos = {t.iso for t in actor.posts if t.iso} | ({actor.iso} if actor.iso else set())
        spoke = bool(speakers) and key in speakers[-1]
        in_meeting = bool(parties) and key in parties[-1]
        possessive = self.cast.text[place.end : place.end + 2] in {"’s", "'s"}
        quoted = self.layout.quotation_at(span.start) is not None
        speaks = any(SPOKES.search(t.words) for t in actor.posts)
        speaker_here = spoke and not quoted and self._spoke_in_sentence(span)
        before = bisect_left(actor.mentions, span.start, key=lambda m: m[0].start)
        recent = math.log1p(before - bisect_left(actor.mentions, span.start - _LATELY, key=lambda m: m[0].start))
        party = use is Use.PARTY
        values = {
            "same_sentence": gap == 0 and not follows,
            "previous_sentence": gap == 1,
            "two_sentences_back": gap == 2,
            "further_back": gap > 2,
            "log_distance": math.log1p(abs(span.start - place.end)),
            "nearest": rank == 0,
            "second_nearest": rank == 1,
            "beyond_third": rank > 2,
            "first_in_sentence": first,
            "first_in_paragraph": first and self._starts_paragraph(place),
            "last_speaker": spoke,
            "speaker_before_that": len(speakers) > 1 and key in speakers[-2],
            "in_last_meeting": in_meeting,
            "log_mentions": math.log1p(before),
            "gender_fits": gender is not None and gender is phrase.gender,
            "gender_conflicts": gender is not None and phrase.gender is not None and gender is not phrase.gender,
            "follows": follows,
            "title_fits": fits,
            "title_head_fits": head_fits,
            "title_conflicts": phrase.kind is PhraseKind.TITLE and knows and not head_fits,
            "title_unknown": phrase.kind is PhraseKind.TITLE and not knows,
            "country_fits": bool(isos & set(phrase.isos)),
            "country_conflicts": bool(phrase.isos) and bool(isos) and not isos & set(phrase.isos),
            "same_paragraph": self.layout.paragraph_at(place.start) == self.layout.paragraph_at(span.start),
            "in_quotation": self.layout.quotation_at(place.start) is not None,
            "pronoun_and_first": pronoun and first and gap <= 1,
            "pronoun_and_speaker": pronoun and spoke,
            "title_and_nearest": not pronoun and rank == 0,
            "possessive": possessive,
            "first_of_document": actor.mentions[0][0].start == self._foremost,
            "party_spokesperson": party and speaks,
            "source_spokesperson": use is Use.SOURCE and speaks,
            "party_last_speaker": party and spoke,
            "party_in_last_meeting": party and in_meeting,
            "party_nearest": party and rank == 0,
            "party_first_in_sentence": party and first,
            "party_same_country": party and bool(beside & isos),
            "party_possessive": party and possessive,
            "quoted_and_speaker": quoted and spoke,
            "own_turn": key in self.discourse.turn_at(span.start),
            "speaker_here": speaker_here,
            "party_speaker_here": party and speaker_here,
            "log_recent_mentions": recent,
            "party_log_recent_mentions": recent if party else 0.0,
        }
        return np.array([float(values[name]) for name in FEATURES])

    def _persons_who_spoke(self, offset: int) -> list[tuple[str, ...]]:
        """The persons who spoke before ``offset``, whichever body's statement they may stand in."""
        spoke = self.discourse.speakers_before(offset)
        return [keys for keys in spoke if any(self.cast.by_key[k].is_person for k in keys)]

    def _spoke_in_sentence(self, span: Span) -> bool:
        """Whether somebody spoke in the sentence of ``span``, before it."""
        last = next((at for at, _ in reversed(self.discourse.speakers[-RECENT:]) if at < span.start), None)
        return last is not None and self.layout.sentence_at(last) == self.layout.sentence_at(span.start)

    def _starts_paragraph(self, place: Span) -> bool:
        sentence = self.layout.sentences[self.layout.sentence_at(place.start)]
        paragraph = self.layout.paragraphs[self.layout.paragraph_at(place.start)]
        return sentence.start == paragraph.start


def _gender(actor: Actor) -> Gender | None:
    for title in actor.posts:
        low = title.words.lower()
        if low.endswith(("woman", "lady", "queen", "princess")):
            return Gender.FEMALE
        if low.endswith(("man", "king", "prince", "emir", "sultan", "sheikh")) and not low.endswith("woman"):
            return Gender.MALE
    return gender_of_name(tokens(actor.name))


_SAME_HEAD = {"premier": "minister", "pm": "minister", "fm": "minister"}


def _title_fit(actor: Actor, phrase: Phrase) -> tuple[bool, bool, bool]:
    """Whether a title of ``actor`` holds all words of the phrase, has its head, and whether it has a title at all."""
    if phrase.kind is not PhraseKind.TITLE or not actor.posts:
        return False, False, bool(actor.posts)
    isoless = {w for w in phrase.title if len(w) > 1}
    fits = head = False
    for title in actor.posts:
        words = {w.strip(".,’'").lower() for w in title.words.replace("-", " ").split()}
        words |= {_SAME_HEAD[w] for w in words & _SAME_HEAD.keys()} | ({"prime"} if "premier" in words else set())
        shared = isoless & words
        head = head or bool(shared)
        fits = fits or (bool(shared) and len(isoless - words) <= len(phrase.isos))
    return fits, head, True


__all__ = ["FEATURES", "RECENT", "SPOKES", "TITLED", "Candidate", "Discourse", "PersonRanking", "Use"]
