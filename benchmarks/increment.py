"""What a change of a large graph costs: ``python -m benchmarks.increment DIR [--corpus FILE] [--scratch]``.

DIR holds the corpus's graph; it is built there first (half an hour on two cores) where there is none. In a copy, one
document is added and withdrawn again, each by a command of its own, and the seconds of the whole commands are printed.
After withdrawal the graph must have the bytes that it had before; with ``--scratch`` all documents are also built from
scratch, and the bytes after adding must be those.
"""

from __future__ import annotations

import argparse
import json
import shutil
import subprocess
import sys
import time
from collections.abc import Sequence
from hashlib import file_digest
from pathlib import Path
from tempfile import TemporaryDirectory

from kg_build.build_directory import BuildDirectory, is_build

_CORPUS = Path("../shared/corpora/us-releases.jsonl")
_IDENTIFIER = "benchmark-increment"
_TEXT = (
    "Foreign Minister Ararat Mirzoyan of Armenia met Foreign Minister Badr Albusaidi of Oman in Muscat on Monday. "
    "“We agreed to open embassies this year,” Mirzoyan said after the talks. Secretary of State Antony Blinken "
    "welcomed the agreement in a statement."
)


def run(*arguments: str) -> float:
    """Runs ``communique`` with ``arguments`` and returns its seconds. Raises CalledProcessError where it fails."""
    begun = time.perf_counter()
    subprocess.run([sys.executable, "-m", "kg_build", *arguments], check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - begun


def digests(folder: Path) -> tuple[str, ...]:
    """The hashes of the files that must not depend on the way to a graph."""
    directory = BuildDirectory(folder)
    found = []
    for path in (directory.data, directory.report):
        with path.open("rb") as stream:
            found.append(file_digest(stream, "sha256").hexdigest())
    return tuple(found)


def main(arguments: Sequence[str]) -> int:
    """Prints the figures; 1 where bytes differ, else 0."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("graph", type=Path, metavar="DIR")
    parser.add_argument("--corpus", type=Path, default=_CORPUS, metavar="FILE")
    parser.add_argument("--scratch", action="store_true")
    options = parser.parse_args(arguments)
    if not is_build(options.graph):
        print(f"building {options.corpus}: {run('build', str(options.corpus), '--out', str(options.graph)):.0f} s")
    counts = BuildDirectory(options.graph).read_manifest()
    print(f"{counts.counts.documents} documents, {counts.triples} triples")
    equal = True
    with TemporaryDirectory(dir=options.graph.resolve().parent) as name:
        folder, copy = Path(name), Path(name, "copy")
        shutil.copytree(options.graph, copy)
        one = folder / "one.jsonl"
        one.write_text(json.dumps({"id": _IDENTIFIER, "text": _TEXT, "published": "2024-05-14"}) + "\n")
        before = digests(copy)
        print(f"adding one document:      {run('build', str(one), '--out', str(copy)):7.2f} s")
        added = digests(copy)
        print(f"withdrawing it:           {run('withdraw', str(copy), _IDENTIFIER):7.2f} s")
        same = digests(copy) == before
        print(f"the bytes of before:      {'yes' if same else 'NO'}")
        equal = equal and same
        if options.scratch:
            scratch = folder / "scratch"
            seconds = run("build", str(options.corpus), str(one), "--out", str(scratch))
            same = digests(scratch) == added
            print(f"from scratch:             {seconds:7.2f} s\nthe same bytes as added:  {'yes' if same else 'NO'}")
            equal = equal and same
    return 0 if equal else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
