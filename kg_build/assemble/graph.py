"""A document's graph under construction: triples, and the mentions that carry their evidence."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Final

from kg_build.iris import digest
from kg_build.model import Document, Span, When
from kg_build.nquads import Term, decimal, integer, iri, text, typed
from kg_build.triples import Triples
from kg_build.vocabulary import cq, oa, rdf
from ontology import XSD

_BESIDE: Final = 32  # characters of context in oa:prefix and oa:suffix


class DocumentGraph:
    """Collects what one document says. ``close`` writes the mentions, once it is known how sure each of them is."""

    def __init__(self, document: Document, document_iri: str) -> None:
        self.document = document
        self.node = iri(document_iri)
        self.triples = Triples()
        self._iri = document_iri
        self._mentions: dict[tuple[str, Span, Term], float] = {}

    def add(self, subject: Term, predicate: Term, object_: Term | None) -> None:
        """Adds a triple; where ``object_`` is None, there is nothing to say."""
        if object_ is not None:
            self.triples.add(subject, predicate, object_)

    def mention(self, body: str, span: Span, confidence: float, kind: Term | None = None) -> None:
        """Notes that ``span`` is evidence for the node ``body``; of the same evidence given twice the surer counts."""
        key = (body, span, kind or cq.Mention)
        self._mentions[key] = max(confidence, self._mentions.get(key, 0.0))

    def add_when(self, subject: Term, when: When | None) -> None:
        """Adds cq:date; cq:earliest and cq:latest for a stretch of days, with cq:date for one that lasts."""
        if when is None:
            return
        if when.lasting:
            self.add(subject, cq.date, day(when.earliest))
        match when.granularity:
            case "day":
                self.add(subject, cq.date, day(when.earliest))
            case "month":
                self.add(subject, cq.date, typed(when.earliest.isoformat()[:7], XSD.gYearMonth))
            case "year":
                self.add(subject, cq.date, typed(when.earliest.isoformat()[:4], XSD.gYear))
            case _:
                self.add(subject, cq.earliest, day(when.earliest))
                self.add(subject, cq.latest, day(when.latest))

    def close(self) -> int:
        """Writes all mentions and returns how many there are."""
        targets = {span: self._target(span) for _, span, _ in self._mentions}
        for (body, span, kind), confidence in self._mentions.items():
            key = digest(body, str(span.start), str(span.end), kind)
            node = iri(f"{self._iri}#mention-{key}")
            self.add(node, rdf.type, cq.Mention)
            self.add(node, rdf.type, kind)
            self.add(node, oa.hasBody, iri(body))
            self.add(node, oa.hasTarget, targets[span])
            self.add(node, cq.confidence, decimal(confidence))
        return len(self._mentions)

    def part(self, fragment: str) -> Term:
        """The node of the document whose IRI ends in ``#`` and ``fragment``."""
        return iri(f"{self._iri}#{fragment}")

    def position(self, span: Span) -> Term:
        """The node that says where ``span`` lies, with what it says."""
        node = self.part(f"position={span.start},{span.end}")
        self.add(node, rdf.type, oa.TextPositionSelector)
        self.add(node, oa.start, integer(span.start))
        self.add(node, oa.end, integer(span.end))
        return node

    def _target(self, span: Span) -> Term:
        whole, place = self.document.text, f"{span.start},{span.end}"
        target, quote = self.part(f"char={place}"), self.part(f"quote={place}")
        self.add(target, oa.hasSource, self.node)
        self.add(target, oa.hasSelector, self.position(span))
        self.add(target, oa.hasSelector, quote)
        self.add(quote, rdf.type, oa.TextQuoteSelector)
        self.add(quote, oa.exact, text(span.of(whole)))
        self.add(quote, oa.prefix, text(whole[max(0, span.start - _BESIDE) : span.start]))
        self.add(quote, oa.suffix, text(whole[span.end : span.end + _BESIDE]))
        return target


def day(value: date) -> Term:
    """A day as xsd:date."""
    return typed(value.isoformat(), XSD.date)


def moment(value: date | datetime) -> Term:
    """A day as xsd:date, a time as xsd:dateTime in canonical form.

    >>> moment(datetime.fromisoformat("2025-03-24T10:00:00.500+00:00"))
    '"2025-03-24T10:00:00.5Z"^^<http://www.w3.org/2001/XMLSchema#dateTime>'
    """
    if not isinstance(value, datetime):
        return day(value)
    whole, _, fraction = value.replace(tzinfo=None).isoformat().partition(".")
    offset = value.strftime("%z")
    zone = f"{offset[:3]}:{offset[3:5]}" if offset else ""
    if value.utcoffset() == timedelta(0):
        zone = "Z"
    fraction = fraction.rstrip("0")
    return typed(f"{whole}{'.' + fraction if fraction else ''}{zone}", XSD.dateTime)


def label(name: str) -> Term:
    """A name as a plain string, with its line breaks and runs of spaces as single spaces."""
    return text(" ".join(name.split()))


__all__ = ["DocumentGraph", "day", "label", "moment"]
