"""How fast a reader reads and how much memory it takes: measured in a fresh process, on one core, with one thread.

``measure`` starts the process, which is this module run with its arguments, and returns what it prints.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from benchmarks.articles import HERE, articles, long_document, words
from kg_build.model import Document, Reader

DOCUMENT = 380
"""Words of a document, as a news article has them."""
ONE_THREAD = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "BLIS_NUM_THREADS"), "1")


@dataclass(frozen=True, slots=True)
class Speed:
    """What reading ``words`` words once took: the median of the passes, in seconds, and memory in bytes."""

    words: int
    passes: int
    load: float
    """Seconds to load the reader, imports included."""
    elapsed: float
    processor: float
    """Processor time, which other processes on the machine touch less than the elapsed time."""
    loaded: int
    """Resident memory before the first text."""
    peak: int
    """The most that was ever resident."""

    def documents_per_second(self, seconds: float) -> float:
        """Documents of 380 words a second, at ``seconds`` for all words."""
        return self.words / DOCUMENT / seconds


def make_reader(name: str, model: Path | None) -> Reader:
    """Our reader, with the weights in ``model`` where it is given, or the baseline."""
    if name == "baseline":
        from benchmarks.baseline import SpacyReader

        return SpacyReader()
    from kg_build.reader import load_reader

    return load_reader(model)


def measure(name: str, gold: Path, *, model: Path | None = None, passes: int = 5, length: int = 0) -> Speed:
    """The speed of a reader on the texts of ``gold``, or on one text of ``length`` words made of them."""
    command = [sys.executable, "-m", "benchmarks.speed", name, str(gold), "--passes", str(passes)]
    command += ["--length", str(length), *(["--model", str(model)] if model else [])]
    paths = [str(HERE.parent), *filter(None, [os.environ.get("PYTHONPATH")])]
    environment = {**os.environ, **ONE_THREAD, "PYTHONPATH": os.pathsep.join(paths)}
    done = subprocess.run(command, env=environment, stdout=subprocess.PIPE, encoding="utf-8", check=False)
    if done.returncode:
        raise SystemExit(f"measuring {name} failed, for the reason above")
    return Speed(**json.loads(done.stdout))


def _peak() -> int:
    """The most memory of this process that was ever resident, in bytes."""
    status = Path("/proc/self/status")
    if status.exists():
        # On Linux ru_maxrss also counts what the parent held when it started this process.
        return next(int(line.split()[1]) for line in status.read_text().splitlines() if line.startswith("VmHWM")) * 1024
    import resource

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)


def _pass(reader: Reader, documents: list[Document]) -> tuple[float, float]:
    elapsed, processor = time.perf_counter(), time.process_time()
    for document in documents:
        reader.read(document)
    return time.perf_counter() - elapsed, time.process_time() - processor


def main() -> None:
    """Measures in this process and prints the result as JSON."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("reader", choices=["ours", "baseline"])
    parser.add_argument("gold", type=Path)
    parser.add_argument("--model", type=Path)
    parser.add_argument("--passes", type=int, default=5)
    parser.add_argument("--length", type=int, default=0)
    arguments = parser.parse_args()
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
    if arguments.length:
        documents = [long_document(arguments.gold, arguments.length)]
    else:
        documents = [article.document for article in articles(arguments.gold)]
    start = time.perf_counter()
    reader = make_reader(arguments.reader, arguments.model)
    load, loaded = time.perf_counter() - start, _peak()
    if not arguments.length:
        _pass(reader, documents)  # tables and tokenizers are made at first use
    times = [_pass(reader, documents) for _ in range(arguments.passes)]
    speed = {
        "words": sum(words(document.text) for document in documents),
        "passes": arguments.passes,
        "load": load,
        "elapsed": median(elapsed for elapsed, _ in times),
        "processor": median(processor for _, processor in times),
        "loaded": loaded,
        "peak": _peak(),
    }
    print(json.dumps(speed))


if __name__ == "__main__":
    main()
