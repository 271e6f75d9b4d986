"""A network's tags as annotations."""

from __future__ import annotations

from pathlib import Path
from typing import cast

import pytest

from kg_build.model import Document, MeetingKind, Span, Status
from kg_build.reader.network import Network
from kg_build.reader.reader import MODEL_FOLDER
from kg_build.reader.tagging import CueTag, Tagged, Tagging, TriggerTag
from kg_build.reader.tokens import Tokenization, Tokens
from kg_build.training.silver import silver
from tests.support.reading import at, missing_model

TEXT = "Foreign Minister Petra Kolar met Lars Eide in Oslo on Monday. She said the ferry would not sail."


class Told:
    """In place of a network: sees what it was told."""

    def __init__(self, tagging: Tagging) -> None:
        self.tagging = tagging

    def tag(self, tokens: Tokens) -> Tagging:
        assert len(tokens.ids)
        return self.tagging


def tagged(words: str, label: str) -> Tagged:
    return Tagged(at(TEXT, words), label)


@pytest.mark.skipif(missing_model(MODEL_FOLDER) is not None, reason="no model, so no tokenizer")
def test_everything_that_the_network_sees_becomes_an_annotation() -> None:
    parties = (tagged("Petra Kolar", "PARTY"), tagged("Lars Eide", "PARTY"))
    met = TriggerTag(
        at(TEXT, "met"),
        MeetingKind.MEETING,
        Status.HELD,
        parties,
        dates=(tagged("on Monday", "DATE"),),
        places=(tagged("Oslo", "PLACE"),),
    )
    said = CueTag(
        at(TEXT, "said"), (tagged("She", "SOURCE"),), (tagged("the ferry would not sail", "CONTENT"),), negated=0.7
    )
    seen = Tagging(
        entities=(tagged("Petra Kolar", "person"),),
        posts=(tagged("Foreign Minister", "POST"),),
        cues=(said,),
        triggers=(met,),
    )
    document = Document("ferry", TEXT, None, None, None, None)
    found = silver(document, cast("Network", Told(seen)), Tokenization(Path(MODEL_FOLDER) / "tokenizer.json"))
    assert found.id == "silver-ferry"
    assert [(e.span.of(TEXT), e.type) for e in found.entities] == [("Petra Kolar", "person")]
    assert [p.span.of(TEXT) for p in found.posts] == ["Foreign Minister"]
    (meeting,) = found.meetings
    assert (meeting.kind, meeting.status) == (MeetingKind.MEETING, Status.HELD)
    spans = [meeting.trigger, *(p.span for p in meeting.parties), meeting.date_span, meeting.place_span]
    assert [cast("Span", s).of(TEXT) for s in spans] == ["met", "Petra Kolar", "Lars Eide", "on Monday", "Oslo"]
    (statement,) = found.statements
    assert statement.negated
    assert [c.of(TEXT) for c in statement.content] == ["the ferry would not sail"]
    assert cast("Span", statement.source).of(TEXT) == "She"
