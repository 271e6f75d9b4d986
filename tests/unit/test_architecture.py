"""Who may import whom: ontology ← shapes ← kg_build ← server, and one module for each engine."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("ontology", "shapes", "kg_build", "server")
BELOW = {"ontology": set(), "shapes": {"ontology"}, "kg_build": {"ontology", "shapes"}, "server": set(PACKAGES)}
ENGINES = {
    "pyoxigraph": "kg_build.store.",  # its modules
    "pyshacl": {"kg_build.validate"},
    "owlready2": {"kg_build.ontology_check"},
    "onnxruntime": "kg_build.reader.",  # one of its modules
    "rensa": {"kg_build.resolve.copies"},
}
COMMANDS = {"kg_build.__main__", "kg_build.training.__main__"}
LONGEST = 400


@cache
def modules() -> dict[str, Path]:
    found = {}
    for package in PACKAGES:
        for file in (ROOT / package).rglob("*.py"):
            parts = file.relative_to(ROOT).with_suffix("").parts
            found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = file
    return found


@cache
def imports(module: str) -> frozenset[str]:
    """The modules that ``module`` names in an import anywhere in it, also within functions."""
    tree = ast.parse(modules()[module].read_text(encoding="utf-8"))
    return frozenset(_imported(tree))


def _imported(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def reached(module: str) -> set[str]:
    """All of our modules that ``module`` needs, directly or not, at the latest while it runs."""
    seen: set[str] = set()
    ahead = [module]
    while ahead:
        here = ahead.pop()
        if here in seen or here not in modules():
            continue
        seen.add(here)
        packages = {here.rsplit(".", n)[0] for n in range(1, here.count(".") + 1)}
        ahead += [*imports(here), *packages]
    return seen


@pytest.mark.parametrize("package", PACKAGES)
def test_packages_import_only_what_lies_below(package: str) -> None:
    allowed = BELOW[package] | {package}
    for module in modules():
        if module.split(".")[0] != package or module == "kg_build.cli.serve":
            continue  # the command that starts the server must name it
        ours = {name.split(".")[0] for name in imports(module)} & set(PACKAGES)
        assert ours <= allowed, module


def test_the_server_never_needs_the_reader_or_the_pipeline() -> None:
    for module in modules():
        if module.startswith("server"):
            assert not {name for name in reached(module) if name.startswith("kg_build.reader")}, module
            assert "kg_build.pipeline" not in reached(module)


@pytest.mark.parametrize("engine", ENGINES)
def test_one_module_touches_each_engine(engine: str) -> None:
    users = {module for module in modules() if any(name.split(".")[0] == engine for name in imports(module))}
    users = {module for module in users if not module.startswith("kg_build.training")}
    expected = ENGINES[engine]
    if isinstance(expected, str):
        assert all(module.startswith(expected) for module in users)
    else:
        assert users <= expected
    assert engine == "pyoxigraph" or len(users) <= 1


def test_commands_hold_no_rules() -> None:
    for module in modules():
        if not module.startswith("kg_build.cli") and module not in COMMANDS:
            assert not any(name.startswith("kg_build.cli") or name in ("typer", "rich") for name in imports(module)), (
                module
            )


@pytest.mark.parametrize("module", sorted(modules()))
def test_modules_are_of_a_size_to_be_read(module: str) -> None:
    assert len(modules()[module].read_text(encoding="utf-8").splitlines()) <= LONGEST
    assert not {"utils", "helper", "helpers", "manager", "handler", "util"} & set(module.split("."))
