"""The documentation of the command line says what the code does."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from kg_build.cli.app import app
from kg_build.errors import ExitCode
from kg_build.manifest import Manifest
from kg_build.query_guard import QueryLimits
from kg_build.sources import Limits, SourceFormat
from ontology import PREFIXES

DOCS = Path(__file__).resolve().parents[2] / "docs"
CLI = (DOCS / "cli.md").read_text(encoding="utf-8")
FILES = (DOCS / "files.md").read_text(encoding="utf-8")
COMMANDS = typer.main.get_command(app).commands  # type: ignore[attr-defined]


def section(command: str) -> str:
    found = re.search(rf"^## `communique {command}\b.*?(?=^## |\Z)", CLI, re.MULTILINE | re.DOTALL)
    assert found, f"docs/cli.md does not describe {command}"
    return found.group()


@pytest.mark.parametrize("name", COMMANDS)
def test_every_option_is_described_and_no_other(name: str) -> None:
    options = {
        option
        for parameter in COMMANDS[name].params
        for option in (*parameter.opts, *parameter.secondary_opts)
        if option.startswith("-") and option != "--help"
    }
    table = "\n".join(line for line in section(name).splitlines() if line.startswith("| `"))
    described = {option for row in table.splitlines() for option in re.findall(r"`(--?[a-z-]+)`", row.split("|")[1])}
    assert described == options


@pytest.mark.parametrize("name", COMMANDS)
def test_help_has_an_example(name: str) -> None:
    shown = CliRunner().invoke(app, [name, "--help"])
    assert shown.exit_code == 0
    assert f"communique {name}" in shown.output.partition("For example")[2]


def test_every_exit_code_is_described() -> None:
    described = {int(code) for code in re.findall(r"^\| (\d+) \|", CLI, re.MULTILINE)}
    assert described == {*map(int, ExitCode), 130}
    shown = " ".join(CliRunner().invoke(app, ["--help"]).output.split())
    for code in described:
        assert re.search(rf"\b{code} \w", shown.partition("Exit codes:")[2]), code


def test_numbers_and_names_are_the_codes() -> None:
    limits = QueryLimits()
    for number in (limits.characters, limits.depth, limits.steps):
        assert f"{number:,}" in section("query")
    assert str(Limits().characters) in section("build")
    for prefix in PREFIXES:
        assert f"`{prefix}`" in section("query")
    for ending in SourceFormat:
        assert f"`{ending}`" in FILES
    for field in ("counts", "triples", "set_aside", "findings"):
        assert field in Manifest.__dataclass_fields__
        assert f"`{field}`" in FILES
