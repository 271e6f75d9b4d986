"""The settings, where they come from, and that the documentation has them all."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, fields
from pathlib import Path

import pytest

from kg_build.errors import UsageError
from server import settings_sources
from server.settings import Settings, table
from server.settings_sources import PREFIX, flags, read_settings

PAGE = Path(__file__).resolve().parents[2] / "docs" / "server.md"


@pytest.fixture
def settings_file(tmp_path: Path) -> Path:
    file = tmp_path / "communique.toml"
    file.write_text('workers = 3\npage_rows = 30\nqueue_length = 7\ndirectory = "/srv/graph"\nquery_seconds = 12\n')
    return file


def test_flags_come_before_the_environment_and_that_before_the_file_and_that_before_the_default(
    settings_file: Path,
) -> None:
    environ = {"COMMUNIQUE_WORKERS": "4", "COMMUNIQUE_PAGE_ROWS": "10", "HOME": "/"}
    found = read_settings({"page_rows": "20", "workers": None}, file=settings_file, environ=environ)
    assert (found.page_rows, found.workers, found.queue_length) == (20, 4, 7)
    assert (found.directory, found.query_seconds) == (Path("/srv/graph"), 12.0)
    assert isinstance(found.query_seconds, float)
    assert found.queue_seconds == Settings().queue_seconds


def test_a_variable_may_name_the_file(settings_file: Path, tmp_path: Path) -> None:
    environ = {"COMMUNIQUE_SETTINGS": str(settings_file)}
    assert read_settings({}, environ=environ).workers == 3
    other = tmp_path / "other.toml"
    other.write_text("workers = 5")
    assert read_settings({}, file=other, environ=environ).workers == 5


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("WORKERS", "many", "COMMUNIQUE_WORKERS: 'many' is not a whole number"),
        ("WORKERS", "2.5", "COMMUNIQUE_WORKERS: '2.5' is not a whole number"),
        ("WORKERS", "-1", "setting workers: -1 is less than 0"),
        ("PORT", "70000", "setting port: 70000 is more than 65535"),
        ("QUERY_SECONDS", "0", "setting query_seconds"),
        ("RESULT_BYTES", "0", "setting result_bytes"),
        ("WORKER", "3", "COMMUNIQUE_WORKER: there is no such setting; did you mean COMMUNIQUE_WORKERS?"),
        ("QQQ", "3", "COMMUNIQUE_QQQ: there is no such setting; docs/server.md lists the settings"),
    ],
)
def test_nonsense_in_the_environment_is_refused_by_name(name: str, value: str, says: str) -> None:
    with pytest.raises(UsageError) as raised:
        read_settings({}, environ={PREFIX + name: value})
    assert says in str(raised.value)


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("wrokers = 3", "communique.toml: wrokers: there is no such setting; did you mean workers?"),
        ('workers = "3"', "communique.toml: workers: '3' is not a whole number"),
        ("workers = true", "communique.toml: workers: True is not a whole number"),
        ("host = 3", "communique.toml: host: 3 is not a text in quotation marks"),
        ("workers = =", "communique.toml: not valid TOML at line 1, column 11"),
        ("[server]\nworkers = 3", "communique.toml: server: there is no such setting"),
    ],
)
def test_nonsense_in_a_file_is_refused_by_file_and_name(content: str, says: str, tmp_path: Path) -> None:
    file = tmp_path / "communique.toml"
    file.write_text(content)
    with pytest.raises(UsageError) as raised:
        read_settings({}, file=file, environ={})
    assert says in str(raised.value)


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"none\.toml: cannot be read"):
        read_settings({}, file=tmp_path / "none.toml", environ={})


def test_nonsense_in_a_flag_is_refused_by_the_flag() -> None:
    with pytest.raises(UsageError, match="--query-seconds: 'long' is not a number"):
        read_settings({"query_seconds": "long"}, environ={})


@dataclass(frozen=True, slots=True)
class Odd:
    """Settings of the kinds that there may be."""

    open: bool = field(default=False, metadata={"help": ""})
    hosts: tuple[str, ...] = field(default=(), metadata={"help": ""})
    password: int = field(default=0, repr=False, metadata={"help": "", "secret": True})


@pytest.fixture
def odd_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings_sources, "Settings", Odd)
    monkeypatch.setattr(settings_sources, "_BY_NAME", {entry.name: entry for entry in fields(Odd)})


@pytest.mark.usefixtures("odd_settings")
def test_truth_and_lists_are_read_from_texts_and_files(tmp_path: Path) -> None:
    found = read_settings({}, environ={"COMMUNIQUE_OPEN": "Yes", "COMMUNIQUE_HOSTS": "a.example, b.example,"})
    assert found == Odd(open=True, hosts=("a.example", "b.example"))
    file = tmp_path / "odd.toml"
    file.write_text('open = true\nhosts = ["a.example"]')
    assert read_settings({}, file=file, environ={}) == Odd(open=True, hosts=("a.example",))
    with pytest.raises(UsageError, match="neither true nor false"):
        read_settings({"open": "perhaps"}, environ={})
    file.write_text('hosts = "a.example"')
    with pytest.raises(UsageError, match="is not a list of texts"):
        read_settings({}, file=file, environ={})


@pytest.mark.usefixtures("odd_settings")
def test_a_secret_is_never_shown_and_has_no_flag(tmp_path: Path) -> None:
    file = tmp_path / "odd.toml"
    file.write_text('password = "hush-hush"')
    for source in ({"file": file, "environ": {}}, {"environ": {"COMMUNIQUE_PASSWORD": "hush-hush"}}):
        with pytest.raises(UsageError) as raised:
            read_settings({}, **source)  # type: ignore[arg-type] # of two kinds
        assert "the value is not a whole number" in str(raised.value)
        assert "hush" not in str(raised.value)
    file.write_text('password = hush-hush"')
    with pytest.raises(UsageError) as raised:
        read_settings({}, file=file, environ={})
    assert "hush" not in str(raised.value)
    assert [name for name, _ in flags()] == ["open", "hosts"]


def test_no_secret_is_in_the_settings_own_text() -> None:
    for entry in fields(Settings):
        assert entry.repr is not bool(entry.metadata.get("secret")), entry.name


def test_the_documentation_has_every_setting_with_its_default_and_help() -> None:
    page = PAGE.read_text(encoding="utf-8")
    for name, default, help_text in table():
        assert f"| `{PREFIX}{name.upper()}` | `{default}` | {help_text} |" in page
    assert page.count(f"| `{PREFIX}") == len(fields(Settings))


@pytest.mark.parametrize("name", ["communique.service", "Containerfile", "nginx.conf", "README.md"])
def test_what_is_deployed_sets_settings_that_there_are(name: str) -> None:
    text = (PAGE.parent / "deploy" / name).read_text(encoding="utf-8")
    known = {f"{PREFIX}{entry.name.upper()}" for entry in fields(Settings)}
    assert set(re.findall(r"COMMUNIQUE_[A-Z_]+", text)) <= known


def test_the_proxy_and_the_unit_wait_longer_than_the_server() -> None:
    settings = Settings()
    nginx = (PAGE.parent / "deploy" / "nginx.conf").read_text(encoding="utf-8")
    unit = (PAGE.parent / "deploy" / "communique.service").read_text(encoding="utf-8")
    wait = int(re.findall(r"proxy_read_timeout (\d+)s", nginx)[0])
    assert wait > max(settings.query_seconds, settings.update_seconds) + settings.queue_seconds
    assert int(re.findall(r"TimeoutStopSec=(\d+)", unit)[0]) > settings.stop_seconds
