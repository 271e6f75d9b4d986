"""The settings, and that the documentation has them all."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path

import pytest

from kg_build.errors import UsageError
from server.settings import PREFIX, Settings, table

PAGE = Path(__file__).resolve().parents[2] / "docs" / "server.md"


def test_what_is_given_comes_before_the_environment_and_that_before_the_default() -> None:
    environ = {"COMMUNIQUE_WORKERS": "4", "COMMUNIQUE_PAGE_ROWS": "10", "COMMUNIQUE_QUERY_SECONDS": "1.5"}
    settings = Settings.from_environment(environ, page_rows=20, workers=None, directory=Path("here"))
    assert (settings.workers, settings.page_rows, settings.query_seconds) == (4, 20, 1.5)
    assert settings.directory == Path("here")
    assert settings.queue_seconds == Settings().queue_seconds


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("WORKERS", "many", "COMMUNIQUE_WORKERS: 'many' is not a number"),
        ("WORKERS", "-1", "setting workers: -1 is less than 0"),
        ("QUERY_SECONDS", "0", "setting query_seconds"),
        ("RESULT_BYTES", "0", "setting result_bytes"),
    ],
)
def test_nonsense_is_refused_by_name(name: str, value: str, says: str) -> None:
    with pytest.raises(UsageError) as raised:
        Settings.from_environment({PREFIX + name: value})
    assert says in str(raised.value)


def test_the_documentation_has_every_setting_with_its_default_and_help() -> None:
    page = PAGE.read_text(encoding="utf-8")
    for name, default, help_text in table():
        assert f"| `{PREFIX}{name.upper()}` | `{default}` | {help_text} |" in page
    assert page.count(f"| `{PREFIX}") == len(fields(Settings))
