"""The posts that a text gives its persons: forms of one post put together, counterparts filled in, owners found."""

from __future__ import annotations

import re
from collections.abc import Sequence

from kg_build.model import Mention, Span, Tenure
from kg_build.reader.actors import Actor, Cast, Title
from kg_build.reader.belonging import NOBODY, Owner, OwnerChoice
from kg_build.reader.ministries import portfolio_of
from kg_build.reader.posts import PostPlace
from kg_build.reader.tables import Tables

COUNTERPART = re.compile(r"\b(?:counterparts?|colleagues?|opposite numbers?|homologues?)\b", re.IGNORECASE)
_OTHERS_POST = re.compile(r"\b(?:predecessors?|successors?)\b", re.IGNORECASE)
_FORMER = re.compile(
    r"(?:\b(?:former|ex|late|then|erstwhile|one-time|ousted|deposed|outgoing)[\s-]+(?:[\w.’']+\s+){0,2}|ex-)$",
    re.IGNORECASE,
)
_FORMER_LEFT = re.compile(r"\b(?:former|ex|late|then|erstwhile|one-time|ousted|deposed)\b", re.IGNORECASE)
_MINISTERIAL = re.compile(
    r"\b(?:minister|secretary|president|premier|chancellor|chief|ambassador|envoy|negotiator|director|commander|speaker)\b",
    re.IGNORECASE,
)
_NO_POST = re.compile(
    r"(?:leader|diplomat|official|host|guest|visitor|politician|aide|boss|mr|mrs|ms|dr)s?", re.IGNORECASE
)
_SYNONYMS = (
    (re.compile(r"\bminister(?:s)? (?:for|of) (?:the )?foreign(?: and \w+)? affairs\b|\bfms?\b|\bexternal affairs minister\b|\bminister of external affairs\b"), "foreign minister"),
    (re.compile(r"\bpm\b|\bpremier\b"), "prime minister"),
    (re.compile(r"\bdefense\b"), "defence"),
    (re.compile(r"\bspokes(?:man|woman|person)\b"), "spokesperson"),
    (re.compile(r"\bchair(?:man|woman|person)\b"), "chair"),
    (re.compile(r"\badvisor\b"), "adviser"),
    (re.compile(r"\bminister (?:for|of) (?:the )?(\w+)"), r"\1 minister"),
    (re.compile(r"\bsecretary[- ]general\b"), "secretarygeneral"),
)  # fmt: skip
_SMALL = frozenset(["the", "a", "an", "of", "for", "and", "to", "in", "on", "at", "s"])


def title_words(title: str) -> frozenset[str]:
    """The words of a post that tell it from others, synonyms made one.

    >>> title_words("Minister of Foreign Affairs") == title_words("foreign minister")
    True
    """
    low = re.sub(r"\s+", " ", title.lower().replace("’", "'"))
    for pattern, into in _SYNONYMS:
        low = pattern.sub(into, low)
    words = (w.removesuffix("s") if w.endswith(("ministers", "presidents")) else w for w in re.findall(r"[a-z]+", low))
    return frozenset(w for w in words if w not in _SMALL)


def same_post(a: Title, b: Title) -> bool:
    """Whether two titles of one person can be forms of one post."""
    if a.former is not b.former or (a.iso and b.iso and a.iso != b.iso) or (a.body and b.body and a.body != b.body):
        return False
    x, y = title_words(a.words), title_words(b.words)
    return x <= y or y <= x


def singular(title: str) -> str:
    """A plural post as one person's: "Foreign Ministers" to "Foreign Minister"."""
    return re.sub(
        r"\b([Mm]inister|[Pp]resident|[Ll]eader|[Cc]hief|[Aa]mbassador|[Cc]hancellor|[Ee]nvoy|[Hh]ead|[Rr]epresentative|[Ss]enator|FM|PM)s\b",
        r"\1",
        title,
    )


class TitleBook:
    """Gives persons their titles, from the places of their posts in the text."""

    def __init__(self, cast: Cast, choice: OwnerChoice) -> None:
        self.cast = cast
        self.choice = choice

    def enter(self, places: Sequence[PostPlace], persons: Sequence[Actor], confidence: dict[Span, float]) -> None:
        """Give the holders of ``places`` their titles; ``persons`` is what the places' indices count."""
        counterparts: list[tuple[PostPlace, Actor]] = []
        for place in places:
            if place.holder is None:
                continue
            actor = persons[place.holder]
            words = _tidy(place.span.of(self.cast.text))
            if COUNTERPART.search(words):
                counterparts.append((place, actor))
            elif is_post(words) and not _NO_POST.fullmatch(words) and not _OTHERS_POST.search(words):
                self._give(actor, singular(words), place.span, confidence.get(place.span, 1.0))
        for place, actor in counterparts:
            carried = self._carried(place, actor)
            if carried is not None:
                self._give(actor, carried, place.span, 0.9 * confidence.get(place.span, 1.0))

    def give_bare(self, actor: Actor, span: Span, confidence: float, iso: str | None = None) -> None:
        """Record a post that stands alone for ``actor``: another form of a post that it has, or its first.

        ``iso`` is the country whose post it is, where the words around it say so.
        """
        words = _tidy(span.of(self.cast.text))
        if not is_post(words) or COUNTERPART.search(words) or _OTHERS_POST.search(words) or _NO_POST.fullmatch(words):
            return
        owner = Owner(iso, None) if iso else self.choice.explicit(span) or NOBODY
        bare = title_words(singular(words))
        alike = [
            t for t in actor.posts if bare <= title_words(t.words) and (owner.iso is None or t.iso in {None, owner.iso})
        ]
        if alike:
            actor.titles.append(Title(alike[0].words, alike[0].iso, alike[0].body, alike[0].former, span, confidence))
        elif not actor.titles:
            title = Title(singular(words), iso, None, _FORMER_LEFT.match(words) is not None, span, confidence)
            actor.titles.append(title)
            if iso is None:
                self._own(actor, title)
            actor.renew()

    def _give(self, actor: Actor, words: str, span: Span, confidence: float) -> None:
        left = self.cast.text[max(0, span.start - 40) : span.start]
        former = _FORMER.search(left) is not None or _FORMER_LEFT.match(words) is not None
        owner = self.choice.explicit(span) or NOBODY
        kept = pruned(_FORMER_LEFT.sub("", words).strip(" -"), self.cast.tables)
        actor.titles.append(Title(kept, owner.iso, owner.body, former, span, confidence))

    def _carried(self, place: PostPlace, holder: Actor) -> str | None:
        """The post of the person whose counterpart it is.

        That is the first titled person of the sentence, its subject as a rule, else of the sentences before; not one
        of the counterpart's own country. Where the sentence names somebody without a post right before, it is theirs,
        and nobody knows which.
        """
        own = self.choice.explicit(place.span)
        layout = self.choice.layout
        by_sentence: dict[int, Title] = {}
        nearest: Actor | None = None
        for span, actor in self.cast.before(place.span.start):
            if place.span.start - span.end > 700:
                break
            if nearest is None and actor.is_person and actor is not holder:
                nearest = actor
                same_sentence = layout.sentence_at(span.start) == layout.sentence_at(place.span.start)
                if same_sentence and not actor.posts:
                    return None
            titles = [t for t in actor.posts if not t.former] if actor.is_person and actor is not holder else []
            foreign = [t for t in titles if own is None or own.iso is None or t.iso is None or t.iso != own.iso]
            if foreign:
                best = max(
                    foreign,
                    key=lambda t: (
                        _MINISTERIAL.search(t.words) is not None,
                        t.span.start < place.span.start,
                        len(title_words(t.words)),
                    ),
                )
                by_sentence[layout.sentence_at(span.start)] = best
        if not by_sentence:
            return None
        return by_sentence[max(by_sentence)].words

    def find_owners(self) -> None:
        """Give every title its owner, in the light of what the words beside all of them say."""
        open_titles = [(a, t) for a in self.cast.persons() for t in a.titles]
        for _, title in open_titles:
            owner = self.choice.explicit(title.span)
            if owner is not None:
                title.iso, title.body = owner.iso, owner.body
        for actor, title in open_titles:
            self.choice.note(actor, title)
        for actor, title in open_titles:
            self._own(actor, title)
        for actor in self.cast.persons():
            actor.renew()
            isos = {t.iso for t in actor.titles if t.iso}
            if len(isos) == 1:
                actor.iso = isos.pop()

    def _own(self, actor: Actor, title: Title) -> None:
        owner, _ = self.choice.choose(actor, title)
        title.iso, title.body = owner.iso, owner.body
        self.choice.note(actor, title)


def _tidy(words: str) -> str:
    return re.sub(r"[\s\u00a0]+", " ", words).strip(" ,.:;*’'()“”\"")


_POST_NOUN = re.compile(
    r"\b(?:minister|president|premier|secretary|chancellor|ambassador|envoy|spokes\w+|king|queen|prince|princess|emir|amir|sultan|sheikh|pope|chair\w*|commissioner"
    r"|director|representative|speaker|governor|senator|advis[eo]r|chief|head|deputy|general|pm|fm|counterpart|colleague|coordinator|mediator|negotiator"
    r"|leader|mayor|consul|officer|member|mp|mep|lawmaker|congress\w+|commander|admiral|judge|prosecutor|attorney|counsel\w*|attach[eé]|chargé\w*|charge d|assistant"
    r"|aide|administrator|manager|ceo|founder|professor|fellow|analyst|editor|correspondent|inspector|delegate|legislator|whip|patriarch|archbishop|bishop|cardinal"
    r"|lady|monarch|ruler|sovereign|ombuds\w+|rapporteur|registrar|treasurer|comptroller|marshal|khan|imam|ayatollah|metropolitan|undersecretary|councill?or|counselor"
    r"|minister-counsellor|nuncio|taoiseach|tánaiste|captain|colonel|major|lieutenant|opposite number|number two|sherpa|candidate|boss|expert|economist|historian)s?\b",
    re.IGNORECASE,
)  # fmt: skip
_BODY_FIRST = re.compile(
    r"^(?:the\s+)?(?:[\w&.’'-]+\s+){0,4}(?:ministry|department|kremlin|pentagon|white house|government|presidency|office|embassy|commission|council|parliament|nato|eu|un|u\.n\.|osce)(?:[’']s)?\s+(?=(?:deputy\s+|chief\s+|senior\s+|first\s+)?(?:spokes|press))",
    re.IGNORECASE,
)
_BODY_LAST = re.compile(r"\s+(?:of|for|at|in)\s+(?:the\s+)?(?P<body>[A-Z].*)$")


def is_post(words: str) -> bool:
    """Whether ``words`` name a post at all: a stretch that the network broke off ("First", "Department of") does not."""
    return _POST_NOUN.search(words) is not None


def pruned(words: str, tables: Tables) -> str:
    """A post without the ministry before "spokesman" and without the country, city or body of the tables after "of".

    >>> from kg_build.reader.tables import tables
    >>> pruned("Foreign Ministry spokesman", tables())
    'spokesman'
    >>> pruned("Director General of the International Atomic Energy Agency", tables())
    'Director General'
    """
    bare = _BODY_FIRST.sub("", words)
    tail = _BODY_LAST.search(bare)
    if tail is not None:
        known = tables.whole(tail["body"])
        if known is not None and not re.search(r"^ (?:to|for)", tail.group()):
            bare = bare[: tail.start()]
    return re.sub(r"\s+(?:of|for|to|in|the|and)$", "", re.sub(r"\s+(?:of|for|to|in|the|and)$", "", bare))


def tenures(cast: Cast) -> list[Tenure]:
    """The tenures of all persons: titles that are forms of one post as one, under its fullest form."""
    found: list[Tenure] = []
    for actor in cast.persons():
        groups: list[list[Title]] = []
        for title in sorted(actor.titles, key=lambda t: (-len(title_words(t.words)), t.span)):
            if not title_words(title.words):
                continue
            home = next((g for g in groups if any(same_post(title, t) for t in g)), None)
            if home is None:
                groups.append([title])
            else:
                home.append(title)
        for n, group in enumerate(sorted(groups, key=lambda g: min(t.span for t in g))):
            found.append(_tenure(cast, actor, n, group))
    return found


def _tenure(cast: Cast, actor: Actor, n: int, group: list[Title]) -> Tenure:
    best = group[0]
    iso = next((t.iso for t in group if t.iso), None)
    body = next((t.body for t in group if t.body), None)
    portfolio = portfolio_of(best.words)
    ministry = next((m.key for m in cast.ministries() if iso and m.iso == iso and m.portfolio is portfolio), None)
    if body and body in {m.key for m in cast.ministries()}:
        ministry, body = body, None
    of = body or (cast.country(iso).key if iso else None)
    seen = {t.span: t.confidence for t in group}
    mentions = tuple(Mention(s, c) for s, c in sorted(seen.items()))
    return Tenure(f"{actor.key}/{n}", actor.key, best.words, mentions, of=of, ministry=ministry, former=best.former)


__all__ = ["COUNTERPART", "TitleBook", "same_post", "singular", "tenures", "title_words"]
