"""What the server may know of: the store and the build's folder, but neither the engine behind them nor the reader."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import server

HERE = Path(server.__file__).parent
NEVER = ("pyoxigraph", "pyshacl", "owlready2", "onnxruntime", "kg_build.reader", "kg_build.assemble")


def imported(file: Path) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            names.add(node.module)
            names.update(f"{node.module}.{alias.name}" for alias in node.names)
    return names


def test_no_module_imports_what_is_not_the_servers_business() -> None:
    for file in HERE.rglob("*.py"):
        assert not [name for name in imported(file) if name.startswith(NEVER)], file


def test_a_worker_loads_no_more_than_it_needs() -> None:
    program = "import sys, server.worker; print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout.split()
    assert not {"flask", "kg_build.pipeline", "typer"} & set(loaded)
