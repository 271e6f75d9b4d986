"""Builds for integration tests, made by the fake reader, and the installed command."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from kg_build.pipeline import BuildSettings, build
from tests.support.fake_reader import make_reader

TEXTS = {
    "readout-1": """Foreign Minister Ararat Mirzoyan of Armenia went to Russia.
Ararat Mirzoyan met Sergey Lavrov in Moscow. “We agreed,” said Sergey Lavrov.
""",
    "readout-2": "Sergey Lavrov met Ararat Mirzoyan in Moscow. Sergey Lavrov called Abbas Araghchi.\n",
    "plan-3": "Badr Albusaidi will meet Abbas Araghchi in Muscat. “Iran is ready,” said Abbas Araghchi.\n",
}
DATES = {"readout-1": "2025-03-24", "readout-2": "2025-03-24", "plan-3": "2025-04-02"}

Run = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture(scope="session")
def articles(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with three documents of two formats."""
    folder = tmp_path_factory.mktemp("articles")
    for name in ("readout-1", "plan-3"):
        front_matter = f"---\npublished: {DATES[name]}\npublisher: Test wire\n---\n"
        (folder / f"{name}.md").write_text(front_matter + TEXTS[name], encoding="utf-8")
    (folder / "readout-2.txt").write_text(TEXTS["readout-2"], encoding="utf-8")
    (folder / "readout-2.json").write_text(f'{{"published": "{DATES["readout-2"]}", "title": "A readout"}}')
    return folder


@pytest.fixture(scope="session")
def built(articles: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A build of the three documents; not to be changed."""
    out = tmp_path_factory.mktemp("built") / "graph"
    build(BuildSettings((articles,), out, jobs=1), make_reader=make_reader)
    return out


@pytest.fixture(scope="session")
def communique() -> Run:
    """Runs the installed command and returns what it printed."""
    command = Path(sys.executable).with_name("communique")

    def run(*arguments: object, **options: object) -> subprocess.CompletedProcess[str]:
        settings = {"capture_output": True, "text": True, "timeout": 120, "encoding": "utf-8", **options}
        environment = {**os.environ, "COLUMNS": "200", "NO_COLOR": "1"}
        return subprocess.run([command, *map(str, arguments)], env=environment, check=False, **settings)  # type: ignore[call-overload,no-any-return]

    return run
