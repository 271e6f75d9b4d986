"""Which words that the network marked as parties are kept."""

from __future__ import annotations

from kg_build.model import MeetingKind, Span, Status
from kg_build.reader.layout import lay_out
from kg_build.reader.parties import Kept
from kg_build.reader.tagging import CueTag, Tagged, Tagging, TriggerTag
from tests.support.reading import at


def trigger(text: str, words: str, *parties: tuple[str, float]) -> TriggerTag:
    tags = tuple(Tagged(at(text, name), "party", probability) for name, probability in parties)
    return TriggerTag(at(text, words), MeetingKind.MEETING, Status.HELD, tags)


def kept(text: str, *triggers: TriggerTag, cues: tuple[str, ...] = (), names: tuple[str, ...] = ()) -> list[str]:
    """The words of the parties that the first trigger keeps."""
    tagging = Tagging(
        entities=tuple(Tagged(at(text, name), "person") for name in names),
        cues=tuple(CueTag(at(text, cue), (), ()) for cue in cues),
        triggers=triggers,
    )
    found = Kept(text, lay_out(text), tagging, triggers).parties(triggers[0])
    return [tag.span.of(text) for tag in found]


def test_what_is_surely_seen_is_kept_wherever_it_stands() -> None:
    text = "Kolar met Eide; Moreau said that Haddad was away."
    met = trigger(text, "met", ("Kolar", 0.9), ("Eide", 0.9), ("Haddad", 0.9))
    assert kept(text, met, cues=("said",)) == ["Kolar", "Eide", "Haddad"]


def test_a_weak_party_in_another_clause_goes() -> None:
    text = "Kolar met Eide; Moreau said that Haddad was away."
    met = trigger(text, "met", ("Kolar", 0.9), ("Eide", 0.9), ("Haddad", 0.65))
    assert kept(text, met, cues=("said",)) == ["Kolar", "Eide"]
    plain = "Kolar met Eide and, later in the day, Haddad."
    assert kept(plain, trigger(plain, "met", ("Kolar", 0.9), ("Haddad", 0.65))) == ["Kolar", "Haddad"]


def test_one_word_of_a_name_is_no_party_of_its_own() -> None:
    text = "Kolar met Lars Eide."
    met = trigger(text, "met", ("Kolar", 0.9), ("Eide", 0.5))
    assert kept(text, met, names=("Lars Eide",)) == ["Kolar"]
    assert kept(text, met) == ["Kolar", "Eide"]


def test_a_third_party_that_another_encounter_has_more_surely_goes() -> None:
    text = "Kolar met Eide and spoke with Haddad."
    met = trigger(text, "met", ("Kolar", 0.9), ("Eide", 0.9), ("Haddad", 0.65))
    spoke = trigger(text, "spoke", ("Kolar", 0.9), ("Haddad", 0.9))
    assert kept(text, met, spoke) == ["Kolar", "Eide"]
    assert kept(text, met) == ["Kolar", "Eide", "Haddad"]


def test_two_parties_stay_however_weak() -> None:
    text = "Kolar met Eide."
    assert kept(text, trigger(text, "met", ("Kolar", 0.51), ("Eide", 0.52))) == ["Kolar", "Eide"]
    assert at(text, "met") == Span(6, 9)
