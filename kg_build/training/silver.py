"""Silver annotations (self-training): what a trained network sees in a text, as if somebody had annotated it."""

from __future__ import annotations

from kg_build.model import Document, Form
from kg_build.reader.layout import lay_out
from kg_build.reader.network import Network
from kg_build.reader.tables import tables
from kg_build.reader.tokens import Tokenization
from kg_build.training.annotations import (
    AnnotatedDocument,
    EntityMark,
    MeetingMark,
    PartyMark,
    PostMark,
    StatementMark,
)


def silver(document: Document, network: Network, tokenization: Tokenization) -> AnnotatedDocument:
    """``document`` with the network's tags as its annotations.

    They teach taggers alone: whom words stand for, and which triggers tell of one encounter, they leave open.
    """
    names = tuple(tables().matches(document.text))
    seen = network.tag(tokenization.tokens(document.text, lay_out(document.text), names))
    return AnnotatedDocument(
        id=f"silver-{document.id}",
        text=document.text,
        title=document.title,
        published=document.published_on,
        publisher=document.publisher,
        url=document.url,
        entities=tuple(EntityMark(t.span, t.label, t.span.of(document.text)) for t in seen.entities),
        posts=tuple(PostMark(t.span, "", None, former=False) for t in seen.posts),
        statements=tuple(
            StatementMark(
                content=tuple(c.span for c in cue.contents),
                cue=cue.span,
                source=cue.sources[0].span if cue.sources else None,
                via=cue.vias[0].span if cue.vias else None,
                speakers=(),
                form=Form.INDIRECT,
                via_name=None,
                addressee=None,
                negated=cue.negated >= 0.5,
            )
            for cue in seen.cues
        ),
        meetings=tuple(
            MeetingMark(
                trigger=t.span,
                kind=t.kind,
                status=t.status,
                parties=tuple(PartyMark(p.span, p.span.of(document.text)) for p in t.parties),
                dates=(),
                date_span=t.dates[0].span if t.dates else None,
                place_span=t.places[0].span if t.places else None,
                event_span=t.events[0].span if t.events else None,
                same=None,
            )
            for t in seen.triggers
        ),
    )


__all__ = ["silver"]
