"""What stands where in a build's folder ``writes``: the journal, and the store as it is after the latest write.

Readers never see the store that is written to. After each write a snapshot of it is made under a hidden name and then
renamed, so that at any moment the latest one is whole. Old ones go when nobody has them open.
"""

from __future__ import annotations

import contextlib
import itertools
import os
import re
import shutil
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from kg_build.locks import hold, in_use
from kg_build.writes.journal import Journal

_SNAPSHOT: Final = re.compile(r"graph-(\d+)")
_LIVE: Final = "live-"
_COUNTER: Final = itertools.count(1)
_UNFINISHED: Final = ".graph-"


@dataclass(frozen=True, slots=True, order=True)
class Snapshot:
    """The store in ``path`` as it was after the write of that number."""

    number: int
    path: Path


@dataclass(frozen=True, slots=True)
class WritesFolder:
    """The paths within the folder, which is there from the first write on."""

    path: Path

    @property
    def journal(self) -> Journal:
        """Every write since the graph was first built."""
        return Journal(self.path / "journal")

    def turn(self, seconds: float) -> AbstractContextManager[None]:
        """Keeps all others from writing. Raises LockedError where another does so for more than ``seconds``."""
        self.path.mkdir(exist_ok=True)
        return hold(self.path / "lock", seconds)

    def latest(self) -> Snapshot | None:
        """The snapshot after the latest write; None where there was none yet."""
        return max(self._snapshots(), default=None)

    def live(self) -> Path:
        """A folder of that name for the store that a writer writes to; another one each time."""
        return self.path / f"{_LIVE}{os.getpid()}-{next(_COUNTER)}"

    def unfinished(self, number: int) -> Path:
        """Where the snapshot of that number is made."""
        return self.path / f"{_UNFINISHED}{number}"

    def publish(self, number: int) -> None:
        """Gives the finished snapshot its name, and removes those before it that nobody has open."""
        self.unfinished(number).replace(self.path / f"graph-{number}")
        for snapshot in self._snapshots():
            if snapshot.number < number and not in_use(snapshot.path):
                shutil.rmtree(snapshot.path, ignore_errors=True)

    def tidy(self) -> None:
        """Removes what killed writers left behind. For who has the turn."""
        for folder in self._names(_LIVE) + self._names(_UNFINISHED):
            if not in_use(folder):
                shutil.rmtree(folder, ignore_errors=True)

    def _snapshots(self) -> list[Snapshot]:
        found = ((folder, _SNAPSHOT.fullmatch(folder.name)) for folder in self._names("graph-"))
        return [Snapshot(int(match[1]), folder) for folder, match in found if match]

    def _names(self, prefix: str) -> list[Path]:
        with contextlib.suppress(FileNotFoundError):
            return [folder for folder in self.path.iterdir() if folder.name.startswith(prefix)]
        return []


__all__ = ["Snapshot", "WritesFolder"]
