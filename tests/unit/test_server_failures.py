"""Errors as clients see them."""

from __future__ import annotations

import json
import logging

import pytest
from flask import Flask
from flask.testing import FlaskClient

from kg_build.errors import CommuniqueError, StoreError
from server import failures
from server.errors import BusyError, TimeLimitError
from server.failures import TITLES, excerpt, failure_of


@pytest.mark.parametrize(
    ("query", "line", "column", "expected"),
    [
        ("SELEC *", 1, 1, "1 | SELEC *\n  | ^"),
        ("a\r\n\tb c", 2, 4, "2 | \tb c\n  | \t  ^"),
        ("\n" * 9 + "é 𝕏 x", 10, 5, "10 | é 𝕏 x\n   |     ^"),
        ("SELECT", 1, 7, "1 | SELECT\n  |       ^"),
        ("", 1, 1, None),
        ("a\n\nb", 2, 1, None),
        ("a", 7, 1, None),
    ],
)
def test_the_mark_stands_below_the_fault(query: str, line: int, column: int, expected: str | None) -> None:
    assert excerpt(query, line, column) == expected


def test_of_a_long_line_what_is_near_the_fault_is_shown() -> None:
    shown = excerpt("x" * 5000 + "!" + "y" * 5000, 1, 5001)
    assert shown is not None
    text, mark = shown.split("\n")
    assert len(text) < 140
    assert text[mark.index("^")] == "!"


def test_every_error_that_can_be_raised_has_a_title() -> None:
    assert failure_of(BusyError("all are busy")).headers == {"Retry-After": "5"}
    for kind in CommuniqueError.__subclasses__():
        assert any(ancestor in TITLES for ancestor in kind.__mro__)


def test_paths_of_the_server_stay_in_its_log() -> None:
    told = failure_of(StoreError("the store cannot be read: /srv/graph/store/1.sst", where="/srv/graph"))
    assert "/srv" not in told.as_text() + told.as_problem()


@pytest.fixture
def broken() -> FlaskClient:
    app = Flask("server")
    failures.register(app)

    @app.get("/late")
    def late() -> str:
        raise TimeLimitError("the query was ended after 2 s", hint="narrow it down")

    @app.get("/broken")
    def broken() -> str:
        raise ZeroDivisionError("a secret")

    return app.test_client()


def test_an_unforeseen_error_tells_the_log_everything_and_the_client_nothing(
    broken: FlaskClient, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.ERROR, "communique.server"):
        response = broken.get("/broken")
    assert response.status_code == 500
    assert "secret" not in response.text
    assert "a secret" in caplog.text


@pytest.mark.parametrize(
    ("accept", "media_type"),
    [
        (None, "text/plain"),
        ("application/sparql-results+json", "text/plain"),
        ("application/problem+json", "application/problem+json"),
        ("application/sparql-results+json, application/json", "text/plain"),
        ("application/problem+json, application/json", "application/problem+json"),
    ],
)
def test_errors_come_in_the_form_that_the_client_likes(
    broken: FlaskClient, accept: str | None, media_type: str
) -> None:
    response = broken.get("/late", headers={"Accept": accept} if accept else {})
    assert response.status_code == 504
    assert response.mimetype == media_type
    if media_type == "text/plain":
        assert response.text == "Time limit reached: the query was ended after 2 s\nnarrow it down\n"
    else:
        assert json.loads(response.text) == {
            "type": "about:blank",
            "title": "Time limit reached",
            "status": 504,
            "detail": "the query was ended after 2 s",
            "hint": "narrow it down",
        }
