"""From what the network sees to what the document says: the one place where the reader's stages meet.

Tags become actors and their posts; cues and triggers are gone through in the order of the text; mentions of one
encounter are joined; what remains is written down as a ``Reading``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from kg_build.model import (
    Entity,
    EntityType,
    Form,
    Meeting,
    MeetingKind,
    Mention,
    Participation,
    Reading,
    Role,
    Span,
    Statement,
    StatusReport,
    Tenure,
)
from kg_build.reader import attributions, encounters
from kg_build.reader.actors import Actor
from kg_build.reader.casting import Casting, Seen, cast_document
from kg_build.reader.encounters import Encounter, Party
from kg_build.reader.linking import Linker, LinkingWeights
from kg_build.reader.saying import Said
from kg_build.reader.tables import Tables
from kg_build.reader.telling import Telling
from kg_build.reader.tenures import tenures
from kg_build.reader.verbs import lemma

LEAST_SURE = 0.3
"""The raw score from which an encounter is told of, the best by F1 on held-out articles."""
LEAST_SURE_STATEMENT = 0.3
"""The same for statements."""


@dataclass(frozen=True, slots=True)
class Weights:
    """What was learned besides the network: whom a phrase means, what tells of one encounter, whose a post is."""

    linking: LinkingWeights
    joining: npt.NDArray[np.float64]
    owning: npt.NDArray[np.float64]


def interpret(seen: Seen, tables: Tables, weights: Weights) -> Reading:
    """All that the document says, from what was seen in it."""
    casting = cast_document(seen, tables, weights.linking, weights.owning)
    linker = Linker(casting.cast, seen.layout, weights.linking, casting.issuer)
    account = Telling(seen, casting, linker).account()
    told = sorted(account.told, key=lambda t: t.trigger.span)
    joined = encounters.join(told, weights.joining, seen.layout, seen.document.text)
    return _Writer(seen, casting).write(account.said, joined)


class _Writer:
    """Writes down a reading."""

    def __init__(self, seen: Seen, casting: Casting) -> None:
        self.seen = seen
        self.cast = casting.cast
        self.tenures = tenures(self.cast)
        self._held: dict[str, list[Tenure]] = {}
        for tenure in self.tenures:
            self._held.setdefault(tenure.person, []).append(tenure)

    def write(self, said: Sequence[Said], joined: Sequence[Encounter]) -> Reading:
        meetings = [m for m in (self._meeting(n, e, joined[:n]) for n, e in enumerate(joined)) if m is not None]
        meetings = [m for m in meetings if m.confidence >= LEAST_SURE]
        statements = [self._statement(n, s) for n, s in enumerate(said) if s.confidence >= LEAST_SURE_STATEMENT]
        needed = self._needed(meetings, statements)
        entities = [self._entity(a) for a in self.cast.by_key.values() if a.mentions or a.key in needed]
        return Reading(tuple(entities), tuple(self.tenures), tuple(meetings), tuple(statements))

    def _needed(self, meetings: Sequence[Meeting], statements: Sequence[Statement]) -> set[str]:
        keys = {t.of for t in self.tenures if t.of}
        keys |= {k for s in statements for k in (*s.speakers, *s.via, *s.addressees)}
        keys |= {p.agent for m in meetings for p in m.participations} | {m.place for m in meetings if m.place}
        return keys | {
            self.cast.country(a.iso).key
            for a in list(self.cast.by_key.values())
            if a.iso and a.type is not EntityType.COUNTRY
        }

    def _entity(self, actor: Actor) -> Entity:
        return Entity(
            key=actor.key,
            type=actor.type,
            name=actor.name,
            mentions=tuple(Mention(s, c) for s, c in actor.mentions),
            aliases=actor.aliases,
            misspellings=actor.misspellings,
            iso=actor.iso if actor.type is not EntityType.PERSON else None,
            portfolio=actor.portfolio,
            wikidata=actor.wikidata,
        )

    def _tenure_at(self, person: str, near: Span | None) -> str | None:
        """The tenure in which a person acts: the one named nearest before the words, a present one first."""
        held = [t for t in self._held.get(person, ()) if not t.former]
        if not held or near is None:
            return None
        before = [(m.span.start, t.key) for t in held for m in t.mentions if m.span.start <= near.end]
        return max(before)[1] if before else held[0].key

    def _meeting(self, n: int, encounter: Encounter, earlier: Sequence[Encounter]) -> Meeting | None:
        kind = encounters.kind_of(encounter)
        parties = self._parties(encounter, kind)
        when, place = encounters.setting_of(encounter, earlier, self.seen.layout)
        if not parties or (len(parties) < 2 and kind is not MeetingKind.VISIT):
            return None
        mentions = tuple(Mention(t.trigger.span, t.trigger.probability) for t in encounter.told)
        reports = tuple(
            StatusReport(t.trigger.status, (Mention(t.trigger.span, t.trigger.status_probability),))
            for t in encounter.told
        )
        return Meeting(
            key=f"meeting/{n}",
            kind=kind,
            participations=tuple(self._participation(p, i, kind, encounter) for i, p in enumerate(parties)),
            status=encounters.status_of(encounter),
            reports=reports,
            mentions=tuple(dict.fromkeys(mentions)),
            confidence=max(t.trigger.probability for t in encounter.told)
            * float(np.mean([p.confidence for p in parties])),
            when=when,
            place=place,
            event=next((t.event for t in encounter.told if t.event), None),
        )

    def _parties(self, encounter: Encounter, kind: MeetingKind) -> list[Party]:
        """Each party once, with the surest mention; bodies and countries give way to the persons who act for them."""
        best: dict[str, Party] = {}
        for told in encounter.told:
            for party in told.parties:
                if party.key not in best or best[party.key].confidence < party.confidence:
                    best[party.key] = party
        persons = [p for p in best.values() if self.cast.by_key[p.key].is_person]
        if kind is MeetingKind.VISIT and persons:
            return persons
        acting = {self.cast.by_key[p.key].iso for p in persons}
        return [
            p
            for p in best.values()
            if self.cast.by_key[p.key].is_person
            or self.cast.by_key[p.key].iso is None
            or self.cast.by_key[p.key].iso not in acting
        ]

    def _participation(self, party: Party, index: int, kind: MeetingKind, encounter: Encounter) -> Participation:
        mentions = tuple(
            Mention(p.span, p.confidence)
            for t in encounter.told
            for p in t.parties
            if p.key == party.key and p.span is not None
        )
        actor = self.cast.by_key[party.key]
        country = self.cast.country(actor.iso).key if actor.is_person and actor.iso else None
        return Participation(
            agent=party.key,
            mentions=mentions,
            tenure=self._tenure_at(party.key, party.span) if actor.is_person else None,
            on_behalf_of=country,
            role=_role(encounter.told[0].trigger.span.of(self.seen.document.text), index, kind),
        )

    def _statement(self, n: int, said: Said) -> Statement:
        text = self.seen.document.text
        cue = said.cue
        cue_words = cue.span.of(text) if cue else ""
        quotations = attributions.quotations_in(said.content, self.seen.layout, text)
        if said.form is Form.DIRECT and not quotations:
            quotations = said.content
        one = said.speakers[0] if len(said.speakers) == 1 else None
        return Statement(
            key=f"statement/{n}",
            content=said.content,
            form=said.form,
            confidence=said.confidence,
            speakers=said.speakers,
            tenure=self._tenure_at(one, said.source or (cue.span if cue else None)) if one else None,
            source=said.source,
            cue=lemma(cue_words) if cue and any(c.isalpha() for c in cue_words) else None,
            cue_span=cue.span if cue else None,
            quotations=quotations,
            speech_act=attributions.act_of(cue_words, said.content[0].of(text)) if cue else None,
            addressees=said.addressees,
            via=tuple(said.via),
            negated=cue is not None and cue.negated >= 0.5,
        )


def _role(trigger: str, index: int, kind: MeetingKind) -> Role | None:
    words = trigger.lower()
    if kind is MeetingKind.VISIT:
        return Role.VISITOR if index == 0 else None  # the next may be the host or a companion
    if any(w in words for w in ("receiv", "host", "welcom", "invite")):
        return Role.HOST if index == 0 else Role.VISITOR
    if (
        kind is MeetingKind.CALL
        and any(w in words for w in ("called", "phoned", "telephoned", "rang", "will call"))
        and index == 0
    ):
        return Role.CALLER
    return None


__all__ = ["Weights", "interpret"]
