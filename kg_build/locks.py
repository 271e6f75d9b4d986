"""A lock that the operating system gives back when its holder ends, however it ends."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

if sys.platform == "win32":
    import msvcrt

    def _try_lock(descriptor: int) -> bool:
        try:
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

else:
    import fcntl

    def _try_lock(descriptor: int) -> bool:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True


class LockedError(Exception):
    """Somebody else holds the lock."""


@contextmanager
def lock(file: Path) -> Iterator[None]:
    """Holds the lock that ``file`` stands for. Raises LockedError at once where another process holds it.

    The file is removed at the end, so that none is left lying beside what it guards.
    """
    descriptor = _acquire(file)
    try:
        yield
    finally:
        # Removed while it is still held: whoever opened it meanwhile finds that it is no longer the file of that name.
        file.unlink(missing_ok=True)
        os.close(descriptor)


def _acquire(file: Path) -> int:
    while True:
        descriptor = os.open(file, os.O_RDWR | os.O_CREAT, 0o644)
        if not _try_lock(descriptor):
            os.close(descriptor)
            raise LockedError(str(file))
        if _is_still(file, descriptor):
            return descriptor
        os.close(descriptor)


def _is_still(file: Path, descriptor: int) -> bool:
    try:
        return os.path.samestat(file.stat(), os.fstat(descriptor))
    except FileNotFoundError:
        return False


__all__ = ["LockedError", "lock"]
