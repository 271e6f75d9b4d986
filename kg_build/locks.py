"""A lock that the operating system gives back when its holder ends, however it ends."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

if sys.platform == "win32":
    import msvcrt

    def _try_lock(descriptor: int) -> bool:
        try:
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

    def use(folder: Path) -> int | None:  # noqa: ARG001 - the same as below
        """Nothing: Windows removes no file that is open."""
        return None

    def in_use(folder: Path) -> bool:  # noqa: ARG001 - the same as below
        """Never: Windows removes no file that is open."""
        return False

else:
    import fcntl

    def _try_lock(descriptor: int) -> bool:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def use(folder: Path) -> int | None:
        """Marks ``folder`` as in use, so that it is not removed, until the returned descriptor is closed.

        Raises OSError where it is not there.
        """
        descriptor = os.open(folder, os.O_RDONLY)
        fcntl.flock(descriptor, fcntl.LOCK_SH)
        return descriptor

    def in_use(folder: Path) -> bool:
        """Whether somebody has marked ``folder``."""
        try:
            descriptor = os.open(folder, os.O_RDONLY)
        except OSError:
            return False
        try:
            return not _try_lock(descriptor)
        finally:
            os.close(descriptor)


_PAUSE = 0.005


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


@contextmanager
def hold(file: Path, seconds: float) -> Iterator[None]:
    """Holds the lock that ``file`` stands for, waiting for it. Raises LockedError where that takes longer.

    The file stays, so that it can lie within a folder that is put in another's place while the lock is held.
    """
    deadline = time.monotonic() + seconds
    while True:
        # There is no folder for an instant where two cannot be exchanged in one step.
        with suppress(LockedError, FileNotFoundError):
            descriptor = _acquire(file)
            break
        if time.monotonic() > deadline:
            raise LockedError(str(file))
        time.sleep(_PAUSE)
    try:
        yield
    finally:
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


__all__ = ["LockedError", "hold", "in_use", "lock", "use"]
