"""Setting up on a machine where something is missing: one sentence says what."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

pytestmark = pytest.mark.skipif(not (shutil.which("make") and shutil.which("bash")), reason="make or bash is missing")


def make(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    for name in ("Makefile", "pyproject.toml", "scripts"):
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, folder / name, dirs_exist_ok=True)
        else:
            shutil.copy(source, folder / name)
    return subprocess.run(["make", *arguments], cwd=folder, capture_output=True, text=True, check=False, timeout=60)


def fake_python(folder: Path, script: str) -> Path:
    file = folder / "fakepython"
    file.write_text(f"#!/bin/bash\n{script}\n")
    file.chmod(0o755)
    return file


def test_help_is_what_make_alone_gives(tmp_path: Path) -> None:
    shown = make(tmp_path).stdout
    assert "make run" in shown
    assert "make test" in shown


@pytest.mark.parametrize("target", ["run", "test", "lint"])
def test_no_python(tmp_path: Path, target: str) -> None:
    done = make(tmp_path, target, "PYTHON=no-such-python")
    assert done.returncode != 0
    assert "Python 3.11 or newer is needed and was not found as no-such-python" in done.stderr
    assert not (tmp_path / ".venv").exists()


def test_an_old_python(tmp_path: Path) -> None:
    done = make(tmp_path, "run", f"PYTHON={fake_python(tmp_path, 'exit 1')}")
    assert "Python 3.11 or newer is needed" in done.stderr


def test_no_venv_module(tmp_path: Path) -> None:
    script = f'if [ "$1" = -m ]; then exit 1; fi; exec {sys.executable} "$@"'
    done = make(tmp_path, "run", f"PYTHON={fake_python(tmp_path, script)}")
    assert "cannot make virtual environments; install its venv module" in done.stderr
    assert not (tmp_path / ".venv").exists()


def test_no_package_index(tmp_path: Path) -> None:
    venv_python = f'#!/bin/bash\\nif [ \\"\\$3\\" = install ]; then exit 1; fi; exec {sys.executable} \\"\\$@\\"'
    script = f"""if [ "$2" = venv ]; then
        mkdir -p "$3/bin" && printf "{venv_python}" > "$3/bin/python" && chmod +x "$3/bin/python"; exit
    fi; exec {sys.executable} "$@\""""
    done = make(tmp_path, "test", f"PYTHON={fake_python(tmp_path, script)}")
    assert done.returncode != 0
    assert "is the package index within reach?" in done.stderr


def test_nothing_is_installed_twice(tmp_path: Path) -> None:
    make(tmp_path)
    stamp = tmp_path / ".venv" / ".installed"
    stamp.parent.mkdir()
    stamp.touch()
    installed = int(stamp.stat().st_mtime)
    for name in ("Makefile", "scripts/make_venv.sh"):
        os.utime(tmp_path / name, (installed - 10, installed - 10))
    for changed, outdated in ((installed - 10, 0), (installed + 10, 1)):
        # A file system's clock may tick too slowly for two touches in a row.
        os.utime(tmp_path / "pyproject.toml", (changed, changed))
        asked = subprocess.run(["make", "-q", ".venv/.installed"], cwd=tmp_path, capture_output=True, check=False)
        assert asked.returncode == outdated


def test_ci_does_what_the_house_asks() -> None:
    commands = (ROOT / ".ci" / "run").read_text().splitlines()
    assert 'cd "$(dirname "$0")/.."' in commands
    assert commands[-4:] == [
        "make test",
        ".venv/bin/ruff check",
        ".venv/bin/ruff format --check",
        ".venv/bin/mypy --strict",
    ]
    assert (ROOT / ".ci" / "run").stat().st_mode & 0o111
