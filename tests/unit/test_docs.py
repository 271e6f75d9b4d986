"""The documentation says what the code does: options, exit codes, links, commands, queries."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import unquote

import pytest
import typer
from flask.testing import FlaskClient
from typer.testing import CliRunner

from kg_build.cli.app import app
from kg_build.errors import ExitCode
from kg_build.manifest import Manifest
from kg_build.query_guard import QueryLimits
from kg_build.sources import Limits, SourceFormat
from ontology import PREFIXES
from server.settings_sources import flag, flags

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
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
    if name == "serve":  # the page of the server lists the settings; its own test compares them
        options -= {flag(setting) for setting, _ in flags()}
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


PAGES = {
    str(page.relative_to(ROOT)): page.read_text(encoding="utf-8")
    for page in sorted(
        [
            *ROOT.glob("*.md"),
            *DOCS.rglob("*.md"),
            *(ROOT / "ontology").glob("*.md"),
            *(ROOT / "examples").glob("README.md"),
            *(ROOT / "kg_build").rglob("README.md"),
            *(ROOT / "tests" / "data").rglob("README.md"),
        ]
    )
}
FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def blocks(page: str, language: str) -> list[str]:
    return [body for name, body in FENCE.findall(PAGES[page]) if name == language]


def heading_anchors(page: str) -> set[str]:
    headings = re.findall(r"^#+ (.+)$", FENCE.sub("", PAGES[page]), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def commands(page: str) -> list[tuple[str, list[str]]]:
    """The command and the options of each call of communique that a page shows, in a block or in a line of text."""
    text = FENCE.sub("", PAGES[page])
    shown = "\n".join([*blocks(page, "sh"), *re.findall(r"`(communique [^`]+)`", text.replace("\n", " "))])
    shown = re.sub(r"^cat > \S+ <<'END'$.*?^END$", "", shown, flags=re.MULTILINE | re.DOTALL)
    shown = re.sub(r"'[^']*'|\"[^\"]*\"", "…", shown)  # queries and names
    calls = re.findall(r"(?:^|[\s/|])communique +([^\n|>#]*)", shown)
    return [
        (words[0], [w for w in words[1:] if w.startswith("-") and len(w) > 1]) for c in calls if (words := c.split())
    ]


@pytest.mark.parametrize("page", PAGES)
def test_links_lead_somewhere(page: str) -> None:
    for target in re.findall(r"\]\(([^)\s]+)\)", FENCE.sub("", PAGES[page])):
        if re.match(r"[a-z]+:", target):
            continue
        path, _, anchor = unquote(target).partition("#")
        file = (ROOT / page).parent / path if path else ROOT / page
        assert file.exists(), f"{page}: {target}"
        if anchor:
            assert anchor in heading_anchors(str(file.resolve().relative_to(ROOT))), f"{page}: {target}"


@pytest.mark.parametrize("page", PAGES)
def test_commands_that_are_shown_exist(page: str) -> None:
    for command, options in commands(page):
        if command.startswith("-"):
            assert command in ("--help", "--version"), f"{page}: communique {command}"
            continue
        if not re.fullmatch("[a-z]+", command):  # `communique COMMAND`, `communique …`
            continue
        assert command in COMMANDS, f"{page}: communique {command}"
        known = {o for p in COMMANDS[command].params for o in (*p.opts, *p.secondary_opts)} | {"--help"}
        assert {option.partition("=")[0] for option in options} <= known, f"{page}: communique {command} {options}"


@pytest.mark.parametrize("page", PAGES)
def test_make_targets_and_files_that_are_shown_exist(page: str) -> None:
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    shown = "\n".join([*blocks(page, "sh"), *re.findall(r"`(make [^`\n]+)`", PAGES[page])])
    for target in re.findall(r"^make ([a-z]+)", shown, re.MULTILINE):
        assert target in targets, f"{page}: make {target}"
    for file in re.findall(
        r"(?:server/queries|tests|benchmarks|examples|shapes|kg_build|ontology)/[\w./-]*\w", PAGES[page]
    ):
        assert any((base / file).exists() for base in (ROOT, (ROOT / page).parent)), f"{page}: {file}"


@pytest.mark.parametrize("page", PAGES)
def test_queries_that_are_shown_run(page: str, client: FlaskClient) -> None:
    in_commands = re.findall(r"communique query \S+ '([^']+)'", PAGES[page])
    for query in (*blocks(page, "sparql"), *in_commands):
        if query == "SPARQL":
            continue
        answer = client.post("/sparql", data={"query": query}, headers={"Accept": "*/*"})
        assert answer.status_code == 200, f"{page}: {query}\n{answer.get_data(as_text=True)}"


@pytest.mark.parametrize("page", PAGES)
def test_python_that_is_shown_is_python(page: str) -> None:
    for number, body in enumerate(blocks(page, "python")):
        compile(body, f"{page}, block {number}", "exec")


def test_indexes_name_every_page() -> None:
    for page in DOCS.glob("*.md"):
        assert page.name == "README.md" or f"({page.name})" in PAGES["docs/README.md"], page.name
    for record in (DOCS / "adr").glob("[0-9]*.md"):
        title = record.read_text(encoding="utf-8").splitlines()[0].removeprefix("# ")
        assert f"| [{record.name[:4]}]({record.name}) | {title} |" in PAGES["docs/adr/README.md"], record.name
