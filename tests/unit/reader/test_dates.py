"""Dates as news gives them. Unless a case says otherwise the day of publication is Wednesday, 14 May 2031."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg_build.model import When
from kg_build.reader.dates import Moment, Tense, named_days, resolve
from tests.support.reading import reported

PUBLISHED = date(2031, 5, 14)
PAST, FUTURE, OPEN = Tense.PAST, Tense.FUTURE, Tense.OPEN
SHIFTS = st.dates(date(1950, 1, 1), date(2090, 12, 31))


def found(
    phrase: str, tense: Tense = OPEN, published: date | None = PUBLISHED, named: date | None = None
) -> str | None:
    """What a phrase gives: "2031-05-14", "2031-05" or "2031", for a stretch "first/last", with ! where lasting."""
    return shown(resolve(phrase, Moment(published, named, tense)))


def shown(when: When | None) -> str | None:
    if when is None:
        return None
    first, last = when.earliest.isoformat(), when.latest.isoformat()
    length = {"day": 10, "month": 7, "year": 4}.get(when.granularity)
    return (first[:length] if length else f"{first}/{last}") + "!" * when.lasting


CASES = [
    # dates in full
    ("2029-02-03", OPEN, "2029-02-03"),
    ("on 3 February 2029", OPEN, "2029-02-03"),
    ("on February 3, 2029", OPEN, "2029-02-03"),
    ("Thursday, May 15, 2031", PAST, "2031-05-15"),
    ("the 3rd of February 2029", OPEN, "2029-02-03"),
    ("Sept. 9, 2030", OPEN, "2030-09-09"),
    ("on the evening of 9 May 2031", FUTURE, "2031-05-09"),
    ("noon on 3\u00a0June 2031", OPEN, "2031-06-03"),
    # a day and a month: the year that the tense allows
    ("on May 9", PAST, "2031-05-09"),
    ("on May 9", FUTURE, "2032-05-09"),
    ("on 9 May", OPEN, "2031-05-09"),
    ("on May 14", PAST, "2031-05-14"),
    ("on May 14", FUTURE, "2031-05-14"),
    ("May 15", PAST, "2030-05-15"),
    ("May 15", FUTURE, "2031-05-15"),
    ("on 20 December", PAST, "2030-12-20"),
    ("on 1 Jan.", FUTURE, "2032-01-01"),
    ("on 29 February", FUTURE, "2032-02-29"),
    # stretches of days
    ("3-5 June", FUTURE, "2031-06-03/2031-06-05!"),
    ("June 3–5", FUTURE, "2031-06-03/2031-06-05!"),
    ("from 3 to 5 June 2030", OPEN, "2030-06-03/2030-06-05!"),
    ("from April 30 to May 2", PAST, "2031-04-30/2031-05-02!"),
    ("30 April to 2 May", PAST, "2031-04-30/2031-05-02!"),
    ("April 30 - May 2, 2031", OPEN, "2031-04-30/2031-05-02!"),
    # months and years
    ("in March 2029", OPEN, "2029-03"),
    ("in March of 2029", OPEN, "2029-03"),
    ("in March", PAST, "2031-03"),
    ("in March", FUTURE, "2032-03"),
    ("in June", PAST, "2030-06"),
    ("in late June", FUTURE, "2031-06"),
    ("in June last year", PAST, "2030-06"),
    ("in March next year", FUTURE, "2032-03"),
    ("last June", OPEN, "2030-06"),
    ("last May", OPEN, "2030-05"),
    ("in 2029", OPEN, "2029"),
    ("in early 2032", FUTURE, "2032"),
    ("the first quarter of 2032", FUTURE, "2032"),
    # weekdays
    ("on Monday", PAST, "2031-05-12"),
    ("on Monday", FUTURE, "2031-05-19"),
    ("on Monday", OPEN, "2031-05-12"),
    ("on Wednesday", PAST, "2031-05-14"),
    ("on Wednesday", FUTURE, "2031-05-14"),
    ("late on Sunday evening", PAST, "2031-05-11"),
    ("Sunday's", PAST, "2031-05-11"),
    ("last Wednesday", OPEN, "2031-05-07"),
    ("next Wednesday", FUTURE, "2031-05-21"),
    ("next Tuesday", FUTURE, "2031-05-20"),
    ("this Friday", FUTURE, "2031-05-16"),
    ("Tuesday next week", FUTURE, "2031-05-20"),
    ("on Tuesday of last week", PAST, "2031-05-06"),
    # days told from the publication
    ("today", OPEN, "2031-05-14"),
    ("earlier today", PAST, "2031-05-14"),
    ("tonight", FUTURE, "2031-05-14"),
    ("this morning", PAST, "2031-05-14"),
    ("yesterday", PAST, "2031-05-13"),
    ("last night", PAST, "2031-05-13"),
    ("the day before yesterday", PAST, "2031-05-12"),
    ("tomorrow", FUTURE, "2031-05-15"),
    ("the day after tomorrow", FUTURE, "2031-05-16"),
    ("two days ago", PAST, "2031-05-12"),
    ("in ten days", FUTURE, "2031-05-24"),
    ("in three days' time", FUTURE, "2031-05-17"),
    # stretches told from the publication
    ("this week", OPEN, "2031-05-12/2031-05-18"),
    ("last week", PAST, "2031-05-05/2031-05-11"),
    ("late last week", PAST, "2031-05-05/2031-05-11"),
    ("next week", FUTURE, "2031-05-19/2031-05-25"),
    ("over the weekend", PAST, "2031-05-10/2031-05-11"),
    ("at the weekend", FUTURE, "2031-05-17/2031-05-18"),
    ("two weeks ago", PAST, "2031-04-28/2031-05-04"),
    ("a fortnight ago", PAST, "2031-04-28/2031-05-04"),
    ("in a couple of weeks", FUTURE, "2031-05-26/2031-06-01"),
    ("earlier this month", PAST, "2031-05"),
    ("last month", PAST, "2031-04"),
    ("next month", FUTURE, "2031-06"),
    ("three months ago", PAST, "2031-02"),
    ("later this year", FUTURE, "2031"),
    ("last year", PAST, "2030"),
    ("early next year", FUTURE, "2032"),
    ("five years ago", PAST, "2026"),
    ("a year ago", PAST, "2030"),
    ("last summer", PAST, "2030"),
    ("next spring", FUTURE, "2032"),
    ("in the summer of 2029", OPEN, "2029"),
    ("at Christmas", PAST, "2030-12"),
    # a day of the month
    ("on the 5th", PAST, "2031-05-05"),
    ("on the 20th", PAST, "2031-04-20"),
    ("on the 20th", FUTURE, "2031-05-20"),
    ("on the 5th", FUTURE, "2031-06-05"),
    ("the 5th of this month", FUTURE, "2031-05-05"),
]


@pytest.mark.parametrize(("phrase", "tense", "expected"), CASES, ids=[f"{p} ({t.name.lower()})" for p, t, _ in CASES])
def test_told_from_the_day_of_publication(phrase: str, tense: Tense, expected: str) -> None:
    assert found(phrase, tense) == expected


@pytest.mark.parametrize(
    ("phrase", "expected"),
    [
        ("the next day", "2031-05-11"),
        ("the following day", "2031-05-11"),
        ("the day after", "2031-05-11"),
        ("two days later", "2031-05-12"),
        ("the previous evening", "2031-05-09"),
        ("the day before", "2031-05-09"),
        ("the same day", "2031-05-10"),
        ("that evening", "2031-05-10"),
        ("three days earlier", "2031-05-07"),
        ("two weeks later", "2031-05-19/2031-05-25"),
        ("one month before", "2031-04"),
        ("the following week", "2031-05-12/2031-05-18"),
        pytest.param("48 hours later", "2031-05-12", marks=reported),
    ],
)
def test_told_from_the_day_named_last(phrase: str, expected: str) -> None:
    assert found(phrase, PAST, named=date(2031, 5, 10)) == expected


@pytest.mark.parametrize(
    "phrase",
    [
        "soon",
        "recently",
        "in the coming days",
        "in recent weeks",
        "in the 2020s",
        "before Friday",
        "for two weeks",
        "",
        "—",
        "at last",
    ],
)
def test_what_gives_no_date_is_not_guessed(phrase: str) -> None:
    assert found(phrase) is None


@pytest.mark.parametrize(
    "phrase",
    ["on Monday", "today", "on May 9", "last week", "in June", "two days ago", "on the 5th", "last summer", "at noon"],
)
def test_without_a_day_of_publication_nothing_is_told_from_it(phrase: str) -> None:
    assert found(phrase, published=None) is None


@pytest.mark.parametrize(
    ("phrase", "expected"), [("9 May 2031", "2031-05-09"), ("in March 2029", "2029-03"), ("in 2029", "2029")]
)
def test_without_a_day_of_publication_dates_in_full_stand(phrase: str, expected: str) -> None:
    assert found(phrase, published=None) == expected


@pytest.mark.parametrize(
    ("phrase", "tense", "published", "expected"),
    [
        ("on Monday", PAST, date(2031, 5, 12), "2031-05-12"),
        ("last Monday", PAST, date(2031, 5, 12), "2031-05-05"),
        ("in December", PAST, date(2031, 1, 5), "2030-12"),
        ("in January", FUTURE, date(2030, 12, 5), "2031-01"),
        ("on 28 December", PAST, date(2031, 1, 5), "2030-12-28"),
        ("28 December to 3 January", PAST, date(2031, 1, 5), "2030-12-28/2031-01-03!"),
        ("next month", FUTURE, date(2030, 12, 5), "2031-01"),
        ("last month", PAST, date(2031, 1, 5), "2030-12"),
        ("on the 30th", PAST, date(2031, 1, 5), "2030-12-30"),
        ("over the weekend", PAST, date(2031, 5, 18), "2031-05-17/2031-05-18"),
        ("last weekend", PAST, date(2031, 5, 18), "2031-05-10/2031-05-11"),
        ("in March, 2029", OPEN, PUBLISHED, "2029-03"),
    ],
)
def test_over_the_turn_of_a_week_or_year(phrase: str, tense: Tense, published: date, expected: str) -> None:
    assert found(phrase, tense, published) == expected


@pytest.mark.parametrize(
    ("phrase", "tense", "published", "expected"),
    [
        ("December 30 to January 2, 2031", OPEN, PUBLISHED, "2030-12-30/2031-01-02!"),
        ("5 May 2031 to 7 May 2031", OPEN, PUBLISHED, "2031-05-05/2031-05-07!"),
        ("on March 1", PAST, date(2031, 2, 20), "2030-03-01"),
        ("31 June", OPEN, PUBLISHED, None),
        ("half a year ago", PAST, date(2031, 11, 14), "2031-05"),
    ],
)
@reported
def test_not_yet(phrase: str, tense: Tense, published: date, expected: str | None) -> None:
    assert found(phrase, tense, published) == expected


@pytest.mark.parametrize("phrase", ["within ten days", "after three days of talks"])
def test_a_stretch_is_no_single_day(phrase: str) -> None:
    when = resolve(phrase, Moment(PUBLISHED))
    assert when is None or when.granularity != "day"


@pytest.mark.parametrize(
    ("phrase", "published"),
    [
        ("on 9 May and 12 other days", PUBLISHED),
        ("yesterday", date.min),
        ("last year", date.min),
        ("tomorrow", date.max),
        ("in December", date.max),
    ],
)
def test_no_words_and_no_publication_date_make_it_fail(phrase: str, published: date) -> None:
    resolve(phrase, Moment(published, tense=PAST))


PIECES = st.sampled_from(
    sorted({w for phrase, *_ in CASES for w in phrase.split()} | {"0", "31", "99", "2031-02-30", "-"})
)
PHRASES = st.lists(PIECES, max_size=7).map(" ".join)


@given(PHRASES | st.text(max_size=40), st.sampled_from(Tense), SHIFTS, st.none() | SHIFTS)
def test_any_words_give_a_stretch_or_nothing(phrase: str, tense: Tense, published: date, named: date | None) -> None:
    when = resolve(phrase, Moment(published, named, tense))
    assert when is None or when.earliest <= when.latest


@given(st.sampled_from(["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]), SHIFTS)
def test_a_weekday_lies_within_a_week_on_the_side_of_its_tense(weekday: str, published: date) -> None:
    past, future = (resolve(f"on {weekday}", Moment(published, tense=t)) for t in (PAST, FUTURE))
    assert past is not None
    assert future is not None
    assert f"{past.earliest:%A}" == f"{future.earliest:%A}" == weekday
    assert timedelta(0) <= published - past.earliest < timedelta(7)
    assert timedelta(0) <= future.earliest - published < timedelta(7)


@given(SHIFTS, SHIFTS)
def test_a_date_in_full_means_the_same_whenever_it_is_published(day: date, published: date) -> None:
    for phrase in (f"{day:%d %B %Y}", f"{day:%B %d, %Y}", f"{day:%A, %d %b %Y}", f"{day:%b %d, %Y}", day.isoformat()):
        assert resolve(phrase, Moment(published)) == When.day(day)


class TestNamedDays:
    def days(self, text: str) -> list[str]:
        return [d.isoformat() for _, d in named_days(text, PUBLISHED)]

    def test_in_the_order_of_the_text(self) -> None:
        text = "On Monday Kolar sailed; yesterday she landed. On 3 March 2030 she had been there before."
        assert self.days(text) == ["2031-05-12", "2031-05-13", "2030-03-03"]

    def test_at_their_places(self) -> None:
        text = "She came on Monday."
        assert named_days(text, PUBLISHED) == [(text.index("Monday"), date(2031, 5, 12))]

    def test_months_and_verbs_name_no_day(self) -> None:
        assert self.days("In March she may march. May she sail in 2030?") == []

    def test_without_a_day_of_publication_only_dates_in_full(self) -> None:
        assert named_days("On Monday and on 3 March 2030", None) == [(17, date(2030, 3, 3))]

    @reported
    def test_a_day_ahead(self) -> None:
        assert self.days("They will meet on 20 May in Oslo.") == ["2031-05-20"]
