"""Posts: whose they are, and of which country or body.

A post stands before its holder's name ("Foreign Minister of Armenia Ararat Mirzoyan"), after it in apposition ("Dmitry
Peskov, the Kremlin's spokesperson"), or alone for a holder named elsewhere ("the minister").
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum, auto

from kg_build.model import Span
from kg_build.reader.layout import Layout
from kg_build.reader.tables import NameKind, NameMatch


class Position(Enum):
    """Where a post stands, seen from its holder's name."""

    BEFORE = auto()
    AFTER = auto()
    ALONE = auto()


@dataclass(frozen=True, slots=True)
class PostPlace:
    """A post in the text: its holder (index of a person, None where unknown) and how it was found."""

    span: Span
    holder: int | None
    position: Position


_TITLES = r"(?:(?:mr|mrs|ms|dr|prof|h\.e|sir|sheikh|shaikh|gen|adm|lt|maj|col|lord|dame|comrade|his excellency|her excellency)\.?,?\s+)*"
_BEFORE_GAP = re.compile(
    rf"(?:\s+(?:of|for|to|at|in|from|on)\s+[^.;:()“”\"!?]{{1,90}}?)?(?:\s*\([^()]{{1,20}}\))?,?\s+(?:and\s+[^,.;:]{{0,50}}\s+)?{_TITLES}[“\"(]?",
    re.IGNORECASE,
)
_PLAIN_GAP = re.compile(rf"\s*,?\s+{_TITLES}", re.IGNORECASE)
_AFTER_GAP = re.compile(
    r"(?:\s*\(\s*|(?:,|\s+[-–—]|,?\s+who(?:\s+\w+){0,2}\s+(?:is|was|serves as|became|has been|had been)|,?\s+as|\s+is|\s+was)?\s+)"
    r"(?:(?:both|the|a|an|its|his|her|their|then|now|also|former|ex-|acting|and|currently|since|new|newly appointed|outgoing|incoming|long-time|veteran|top|one of)\s+)*"
    r"(?:(?:[A-Z][\w.&’'-]*|of|for|and|’s|'s)[,]?\s+){0,6}"
)  # fmt: skip
_COORDINATION = re.compile(
    r"(?:\s+(?:of|for|to|at)\s+[^,.;:()]{1,60})?,?\s*(?:and|&|/|as well as)?\s*(?:also\s+)?(?:the\s+)?(?:[A-Z][\w.’'-]*\s+){0,3}"
)
_PLURAL = re.compile(
    r"(?:ministers|presidents|premiers|leaders|chiefs|secretaries|ambassadors|chancellors|envoys|heads|representatives|spokes(?:men|women)|FMs|PMs|colleagues|counterparts)\b",
    re.IGNORECASE,
)


_VOCATIVE = re.compile(r"(?:Mr|Mrs|Ms|Madam|Mister)\.?\s+$")
_POSSESSIVE = re.compile(r"\b(?:his|her|their|its|whose)\s+(?:[\w.-]+\s+){0,3}$", re.IGNORECASE)


def is_plural(title: str) -> bool:
    """Whether a post is several persons' ("foreign ministers")."""
    return _PLURAL.search(title) is not None


class Placing:
    """Finds the holders of the posts of one text. ``names`` are the persons' mentions with the index of each person."""

    def __init__(self, text: str, layout: Layout, names: Sequence[tuple[Span, int]]) -> None:
        self.text = text
        self.layout = layout
        self.names = sorted(names)
        self._starts = [s.start for s, _ in self.names]

    def _gap(self, a: int, b: int) -> str | None:
        """The characters from ``a`` to ``b``, or None across a paragraph's end."""
        if b < a or self.layout.paragraph_at(a) != self.layout.paragraph_at(b):
            return None
        return self.text[a:b]

    def place(self, posts: Sequence[Span]) -> list[PostPlace]:
        """Each of ``posts`` (in order) with its holders; a plural post comes once for each."""
        found: list[PostPlace] = []
        for span in posts:
            if is_plural(span.of(self.text)):
                holders = self._several(span)
                if holders:
                    found += [PostPlace(span, h, Position.BEFORE) for h in holders]
                    continue
            found.append(self._one(span, found))
        return found

    def _one(self, span: Span, earlier: Sequence[PostPlace]) -> PostPlace:
        if _VOCATIVE.search(self.text, max(0, span.start - 8), span.start):
            return PostPlace(span, None, Position.ALONE)
        following = self._following(span, _PLAIN_GAP)
        if following is not None and "," not in (self._gap(span.end, self._name_after(span).start) or ""):
            return PostPlace(span, following, Position.BEFORE)
        before = self._preceding(span)
        loosely = self._following(span, _BEFORE_GAP)
        if before is not None and not (loosely is not None and self._belongs_to_another(span, before, earlier)):
            return PostPlace(span, before, Position.AFTER)
        joined = self._joined(span, earlier)
        following = loosely
        if joined is not None and (following is None or joined.position is Position.AFTER):
            return PostPlace(span, joined.holder, joined.position)
        if following is not None:
            return PostPlace(span, following, Position.BEFORE)
        return PostPlace(span, None, Position.ALONE)

    def _belongs_to_another(self, span: Span, before: int, earlier: Sequence[PostPlace]) -> bool:
        """Whether the name before a post is not its holder's: "his colleague, X", or a list of titles each with its name."""
        left = self.text[max(0, span.start - 40) : span.start]
        if _POSSESSIVE.search(left):
            return True
        titled = any(
            p.holder == before and p.position is Position.BEFORE and 0 <= span.start - p.span.end < 120
            for p in earlier[-2:]
        )
        return titled and "," in left[-30:] and "the" not in left[-12:].split()

    def _name_after(self, span: Span) -> Span:
        return self.names[bisect_left(self._starts, span.end)][0]

    def _following(self, span: Span, gap: re.Pattern[str]) -> int | None:
        i = bisect_left(self._starts, span.end)
        if i == len(self.names):
            return None
        between = self._gap(span.end, self.names[i][0].start)
        return self.names[i][1] if between is not None and gap.fullmatch(between) else None

    def _preceding(self, span: Span) -> int | None:
        i = bisect_left(self._starts, span.start) - 1
        if i < 0:
            return None
        between = self._gap(self.names[i][0].end, span.start)
        if between is None or len(between) > 90:
            return None
        return self.names[i][1] if _AFTER_GAP.fullmatch(between) and not _opens_clause(between) else None

    def _joined(self, span: Span, earlier: Sequence[PostPlace]) -> PostPlace | None:
        """For "X, foreign minister and deputy premier": the post before this one, if both are one person's."""
        if not earlier or earlier[-1].position is Position.ALONE:
            return None
        between = self._gap(earlier[-1].span.end, span.start)
        return earlier[-1] if between is not None and _COORDINATION.fullmatch(between) else None

    def _several(self, span: Span) -> list[int]:
        """The names in the list that follows a plural post."""
        holders: list[int] = []
        at = span.end
        for i in range(bisect_left(self._starts, span.end), len(self.names)):
            name, holder = self.names[i]
            between = self._gap(at, name.start)
            if (
                between is None
                or self.layout.sentence_at(at) != self.layout.sentence_at(name.start)
                or len(between) > 50
                or not re.fullmatch(
                    r"(?:\s+of\s+[^.;]{1,40})?[\s,(:]*(?:(?:and|of|[A-Z][\w’'.]*|\)|,|&)[\s,]*){0,5}", between
                )
            ):
                break
            holders.append(holder)
            at = name.end
        return holders


def _opens_clause(between: str) -> bool:
    """Whether a gap without a comma is too loose for an apposition ("Lavrov Foreign Minister")."""
    return between.strip() == "" and "\n" in between


_LEFT = re.compile(
    r"(?:[’']s?|\s|-|–|then|former|ex|acting|outgoing|caretaker|the|new|first|top|chief|late|senior)+", re.IGNORECASE
)
_SENT = re.compile(r"\b(?:to|for|on|with|in)\b[^,]*$", re.IGNORECASE)
_OF = re.compile(
    r"\s+(?:of|for|at|in)\s+(?:the\s+)?(?:(?:Republic|Kingdom|State|Government|Islamic Republic|Federal Republic|Hashemite Kingdom|People[’']s Republic)\s+of\s+(?:the\s+)?)?"
)


@dataclass(frozen=True, slots=True)
class Belonging:
    """What a post belongs to: a name of the tables, or a body named in the text (its span)."""

    match: NameMatch | None = None
    body: Span | None = None


class Owners:
    """Finds the country or body that a post belongs to, from the words beside it."""

    def __init__(self, text: str, layout: Layout, names: Sequence[NameMatch], bodies: Sequence[Span]) -> None:
        self.text = text
        self.layout = layout
        self._names = sorted(names, key=lambda m: m.span)
        self._name_starts = [m.span.start for m in self._names]
        self._by_end = {m.span.end: m for m in names}
        self._bodies = sorted(bodies)
        self._body_starts = [b.start for b in self._bodies]
        self._body_ends = {b.end: b for b in self._bodies}
        self._ends = sorted({*self._by_end, *self._body_ends})

    def of(self, post: Span) -> Belonging | None:
        """The owner that stands right before ``post`` or in an "of" right after it, or None."""
        return self.before(post.start) or self.after(post) or self.inside(post)

    def before(self, offset: int) -> Belonging | None:
        """The country, nationality or body that ends right before ``offset``, small words between left out."""
        paragraph = self.layout.paragraphs[self.layout.paragraph_at(offset)]
        reach = max(paragraph.start, offset - _REACH)
        for i in range(bisect_right(self._ends, offset) - 1, -1, -1):
            end = self._ends[i]
            gap = self.text[end:offset]
            if end <= reach or (gap and not _LEFT.fullmatch(gap)):
                return None
            match = self._by_end.get(end)
            if end in self._body_ends and gap:
                return Belonging(match=match, body=self._body_ends[end])
            if match is not None and (gap or match.kind is not NameKind.NAME):
                return Belonging(match=match)
        return None

    def inside(self, post: Span) -> Belonging | None:
        """The country or body that a post names itself ("Kremlin spokesman"), unless it is where the holder is sent."""
        for name in self._names[bisect_left(self._name_starts, post.start) : bisect_left(self._name_starts, post.end)]:
            if post.holds(name.span) and not _SENT.search(self.text[post.start : name.span.start]):
                return Belonging(match=name, body=name.span if name.kind is NameKind.BODY else None)
        return None

    def after(self, post: Span) -> Belonging | None:
        """The country or body in an "of" right after a post or a name."""
        m = _OF.match(self.text, post.end)
        if (
            m is None
            or self.layout.paragraph_at(post.start) != self.layout.paragraph_at(m.end())
            or "for" in m.group().split()
        ):
            return None
        for body in self._bodies[
            bisect_left(self._body_starts, m.end() - 4) : bisect_right(self._body_starts, m.end() + 4)
        ]:
            if m.end() + 4 < body.end:
                i = bisect_left(self._name_starts, body.start)
                same = self._names[i] if i < len(self._names) and self._names[i].span == body else None
                return Belonging(body=body, match=same)
        i = bisect_left(self._name_starts, m.start())
        if i < len(self._names) and self._name_starts[i] <= m.end():
            return Belonging(match=self._names[i])
        return None


_REACH = 60

__all__ = ["Belonging", "Owners", "Placing", "Position", "PostPlace", "is_plural"]
