"""Runs a build with the fake reader in a process of its own: ``python -m tests.support.run_build INPUT OUT [STEP]``.

With a step's name the process kills itself as that step begins; with ``LIMIT:n`` no file may grow beyond n bytes, as on
a disk that is full.
"""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path

from kg_build.errors import CommuniqueError
from kg_build.pipeline import BuildSettings, NobodyWatches, Step, build
from tests.support.fake_reader import make_reader


class Killer(NobodyWatches):
    """Kills its own process at a step."""

    def __init__(self, step: str) -> None:
        self._step = step

    def step(self, step: Step, documents: int) -> None:  # noqa: ARG002 -- the protocol's
        """Kills the process if this is the step."""
        if step.name == self._step:
            os.kill(os.getpid(), signal.SIGKILL)


def main(source: str, out: str, fault: str = "") -> None:
    """Builds ``source`` into ``out``."""
    if fault.startswith("LIMIT:"):
        import resource

        most = int(fault.removeprefix("LIMIT:"))
        resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))
    try:
        build(BuildSettings((Path(source),), Path(out), jobs=1), make_reader=make_reader, watcher=Killer(fault))
    except CommuniqueError as error:
        sys.exit(f"{type(error).__name__}: {error}")


if __name__ == "__main__":
    main(*sys.argv[1:])
