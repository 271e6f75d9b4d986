"""Workers that are no processes, for tests that build many small graphs. One that ends its process ends it all."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Self

from kg_build.documents import Failure
from kg_build.model import ReaderVersion
from kg_build.reading import DocumentReader, ReaderFactory, Task
from kg_build.workers import Outcome


class InlineWorkers:
    """As ``kg_build.workers.Workers``, in this process."""

    def __init__(self, make_reader: ReaderFactory, base: str, *, jobs: int, timeout: float, read: bool = True) -> None:  # noqa: ARG002 -- theirs
        self._reader = DocumentReader(make_reader, base)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        """Nothing has to be ended."""

    @property
    def version(self) -> ReaderVersion:
        """The reader's."""
        return self._reader.version

    def run(self, tasks: Iterator[Task], number: int) -> Iterator[Outcome]:  # noqa: ARG002 -- theirs
        """What becomes of each task."""
        for task in tasks:
            try:
                yield self._reader.do(task)
            except Exception as error:  # noqa: BLE001 -- as there
                yield Failure(task.document, str(error))
