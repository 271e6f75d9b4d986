"""Which part of a page is the article: what surrounds it is cut away, the rest is weighed by its running text.

What a page's author marked (``article``, ``main``, ``itemprop``, the class names of the usual systems) comes first.
Where nothing is marked, the element wins whose paragraphs hold most words that are no links, as in Arc90's Readability.
"""

from __future__ import annotations

import re
from typing import Final

from lxml.etree import iterwalk
from lxml.html import HtmlElement

from kg_build.sources.html.paragraphs import INLINE

_NEVER: Final = frozenset(
    [
        "audio",
        "button",
        "canvas",
        "datalist",
        "dialog",
        "embed",
        "head",
        "iframe",
        "input",
        "map",
        "math",
        "menu",
        "meter",
        "nav",
        "noscript",
        "object",
        "option",
        "progress",
        "script",
        "select",
        "style",
        "svg",
        "template",
        "textarea",
        "video",
    ]
)
_BESIDE: Final = re.compile(
    r"(?:^|[\s_-])(?:ads?|advert\w*|adsbygoogle|author-?(?:bio|box)|breadcrumbs?|comments?|consent|cookies?|copyright|"
    r"disqus\w*|footer|gdpr|hidden|jp-relatedposts|masthead|menu|mobile-?nav|modal|more-(?:news|on|stories)|"
    r"most-(?:popular|read)|nav|navbar|navigation|newsletter\w*|onetrust\w*|other-news|pager|pagination|popup|post-nav\w*|"
    r"print-?(?:link|this|tools)?|promo\w*|read-?more|recent-?posts|recirc\w*|recommend\w*|related\w*|reply|respond|"
    r"screen-reader-text|search|share\w*|sharing|sharedaddy|sidebar|sign-?up|site-?(?:footer|header|title)|skip-?(?:link|nav)\w*|"
    r"social\w*|sponsor\w*|subscribe\w*|subscription|tag-?list|tags|tags-links|teasers?|toolbar|tools|trending|usa-banner|"
    r"visually-?hidden|widget\w*)(?=$|[\s_-])",
    re.IGNORECASE,
)
_BESIDE_ROLES: Final = frozenset(
    {
        "alert",
        "alertdialog",
        "banner",
        "complementary",
        "contentinfo",
        "dialog",
        "menu",
        "menubar",
        "navigation",
        "search",
    }
)
_ARTICLE: Final = (
    "//*[contains(@itemprop, 'articleBody')]",
    "//*[contains(concat(' ', normalize-space(@class), ' '), ' entry-content ')]",
    "//article",
    "//*[contains(@class, 'article-body') or contains(@class, 'article__body') or contains(@class, 'article-content')"
    " or contains(@class, 'post-content') or contains(@class, 'story-body') or contains(@class, 'field-name-body')]",
    "//main | //*[@role='main']",
    "//*[@id='content' or @id='main-content' or @id='article']",
)
_HEART: Final = ".//*[contains(@itemprop, 'articleBody') or contains(@class, 'entry-content')]"
_MOSTLY: Final = 0.5
_AT_MOST_BESIDE: Final = 0.3  # share of a page's running text beyond which nothing is cut for its name alone
_LINE: Final = 8  # words; what is shorter is a heading, a button or a label
_AT_MOST_HEAD: Final = 60  # words between the headline and the article: place, speaker, kind of text
_STEPS: Final = (1.0, 0.6, 0.3)  # how much of a paragraph's words its parent, that one's parent and so on are given


def find_article(page: HtmlElement) -> HtmlElement:
    """The element of ``page`` that holds the article; what is no part of an article is cut out of ``page``."""
    _cut(page)
    running, total = _weights(page)
    for path in _ARTICLE:
        found = [element for element in page.xpath(path) if element in total]
        if found:
            best = max(found, key=lambda element: total[element])
            if total[best] >= _MOSTLY * total[page]:
                return _with_head(best, page)
    scores: dict[HtmlElement, float] = {}
    for element, words in running.items():
        for share, above in zip(_STEPS, element.iterancestors(), strict=False):
            scores[above] = scores.get(above, 0.0) + share * words
    return _with_head(max(scores, key=lambda element: scores[element], default=page), page)


def _cut(page: HtmlElement) -> None:
    for element in list(page.iter(*_NEVER)):
        _drop(element, page)
    for element in list(page.iter("*")):
        if _is_surely_beside(element):
            _drop(element, page)
    _, total = _weights(page)
    for element in list(page.iter("*")):
        if total[element] <= _AT_MOST_BESIDE * total[page] and _is_named_so(element) and not element.xpath(_HEART):
            _drop(element, page)


def _drop(element: HtmlElement, page: HtmlElement) -> None:
    if element is not page and element.getparent() is not None:
        element.drop_tree()


def _is_surely_beside(element: HtmlElement) -> bool:
    """Whether the page's author says that ``element`` is not shown or stands beside the main part."""
    if element.tag in ("html", "body", "main", "article"):
        return False
    if element.get("hidden") is not None or element.get("aria-hidden") == "true":
        return True
    if "display:none" in (element.get("style") or "").replace(" ", "").lower():
        return True
    if element.tag in ("header", "footer", "aside") or element.get("role") in _BESIDE_ROLES:
        return element.find(".//h1") is None and (element.tag == "header" or element.find(".//article") is None)
    return False


def _is_named_so(element: HtmlElement) -> bool:
    """Whether ``element`` is called what sites call what stands beside the main part."""
    if element.tag in ("html", "body", "main", "article", "table", "td"):
        return False
    names = f"{element.get('class') or ''} {element.get('id') or ''}"
    return element.tag == "form" or (names != " " and _BESIDE.search(names) is not None)


def _weights(page: HtmlElement) -> tuple[dict[HtmlElement, int], dict[HtmlElement, int]]:
    """The words of running text right in each block, and in each element with all that it holds.

    Running text is what stands in lines of some length and is no link.
    """
    running: dict[HtmlElement, int] = {}
    blocks = [page]
    links = 0

    def count(words: str | None) -> None:
        if words and not links:
            running[blocks[-1]] = running.get(blocks[-1], 0) + len(words.split())

    for event, element in iterwalk(page, events=("start", "end", "comment", "pi")):
        if event == "start":
            links += element.tag == "a"
            if element.tag not in INLINE:
                blocks.append(element)
            count(element.text)
            continue
        if event == "end":
            links -= element.tag == "a"
            if element.tag not in INLINE:
                blocks.pop()
        if element is not page:
            count(element.tail)
    running = {element: words for element, words in running.items() if words >= _LINE}
    total = dict.fromkeys(page.iter("*"), 0)
    for element in reversed(total):
        total[element] += running.get(element, 0)
        if element is not page and (parent := element.getparent()) is not None:
            total[parent] += total[element]
    return running, total


def _with_head(article: HtmlElement, page: HtmlElement) -> HtmlElement:
    """``article``, or what holds it and the few lines between the page's headline and it."""
    headlines = [h for h in page.iter("h1") if article not in h.iterancestors()]
    if len(headlines) != 1:
        return article
    (headline,) = headlines
    holders = {id(element) for element in headline.iterancestors()}
    both = next((element for element in article.iterancestors() if id(element) in holders), None)
    if both is None:
        return article
    between = 0
    behind = False
    for element in both.iterdescendants():
        if element is article:
            break
        if behind and isinstance(element.tag, str):
            between += len((element.text or "").split()) + len((element.tail or "").split())
        behind = behind or element is headline
    if not behind or not between or between > _AT_MOST_HEAD:
        return article
    for element in [*headline.xpath("preceding::*"), *article.xpath("following::*")]:
        _drop(element, page)
    return both


__all__ = ["find_article"]
