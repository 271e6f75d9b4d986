"""Puts a finished folder in the place of an old one, so that at any moment one of the two stands there whole.

The new folder is made beside the target under a hidden name. Linux exchanges the two in one step; elsewhere the old
folder is moved away first, and whoever finds the target missing in that instant moves it back.
"""

from __future__ import annotations

import ctypes
import errno
import os
import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from kg_build.errors import StoreError
from kg_build.locks import LockedError, lock

_AT_FDCWD = -100
_RENAME_EXCHANGE = 2


@contextmanager
def replacing(target: Path, may_replace: Callable[[Path], bool]) -> Iterator[Path]:
    """Gives a new empty folder that takes the place of ``target`` when the block ends without an exception.

    ``may_replace`` says of an existing folder whether it may go. Raises StoreError where it may not, where another
    process is at it, or where the folder cannot be made or moved. What killed processes left behind is cleared away.
    """
    target = target.resolve()
    if not target.name:
        raise StoreError("this is the root of the file system", where=str(target), hint="give another --out")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with lock(_beside(target, "lock")):
            _put_back(target)
            _check(target, may_replace)
            new = _beside(target, "building")
            for left_behind in (new, _beside(target, "old")):
                if left_behind.exists():
                    shutil.rmtree(left_behind)
            new.mkdir()
            try:
                yield new
                _sync_tree(new)
                _swap(new, target)
                _sync(target.parent)
            finally:
                # After an exchange this is the old folder, after a failure the unfinished one. Should some of it stay,
                # the next build removes it.
                shutil.rmtree(new, ignore_errors=True)
    except LockedError as error:
        raise StoreError("another build is writing here", where=str(target), hint="wait for it to end") from error
    except OSError as error:
        reason = error.strerror or str(error)
        hint = "what stood there before is untouched" if target.exists() else None
        raise StoreError(f"cannot be written: {reason}", where=str(target), hint=hint) from error


def recover(target: Path) -> None:
    """Moves the old folder back to ``target`` where a process was killed between moving it away and moving in the new.

    Only systems without an exchange of names can come into that state.
    """
    target = target.resolve()
    if target.exists() or not _beside(target, "old").is_dir():
        return
    with suppress(LockedError), lock(_beside(target, "lock")):  # where it is locked, the owner is about to finish
        _put_back(target)


def _put_back(target: Path) -> None:
    old = _beside(target, "old")
    if not target.exists() and old.is_dir():
        old.rename(target)


def _check(target: Path, may_replace: Callable[[Path], bool]) -> None:
    if target.exists() and not target.is_dir():
        raise StoreError("this is a file, not a folder", where=str(target), hint="give another --out")
    if target.is_dir() and any(target.iterdir()) and not may_replace(target):
        raise StoreError(
            "this folder holds something other than a graph of communique",
            where=str(target),
            hint="give another --out, or empty the folder yourself",
        )


def _swap(new: Path, target: Path) -> None:
    if not target.exists():
        new.rename(target)
    elif not _exchange(new, target):
        old = _beside(target, "old")
        target.rename(old)
        new.rename(target)
        shutil.rmtree(old, ignore_errors=True)


def _exchange(one: Path, other: Path) -> bool:
    """Exchanges two folders' names in one step; False where the system or the file system cannot."""
    if not sys.platform.startswith("linux"):
        return False
    libc = ctypes.CDLL(None, use_errno=True)
    if not hasattr(libc, "renameat2"):
        return False
    names = os.fsencode(one), os.fsencode(other)
    if libc.renameat2(_AT_FDCWD, names[0], _AT_FDCWD, names[1], _RENAME_EXCHANGE) == 0:
        return True
    code = ctypes.get_errno()
    if code in (errno.EINVAL, errno.ENOSYS, errno.ENOTSUP):
        return False
    raise OSError(code, os.strerror(code), str(other))


def _sync_tree(folder: Path) -> None:
    for here, _, names in os.walk(folder):
        for name in names:
            _sync(Path(here, name))
        _sync(Path(here))


def _sync(path: Path) -> None:
    """Waits until a file, or the list of a folder's files, is on the disk."""
    if os.name != "posix" and path.is_dir():
        return  # Windows keeps no such thing
    descriptor = os.open(path, os.O_RDONLY if os.name == "posix" else os.O_RDWR)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _beside(target: Path, what: str) -> Path:
    return target.with_name(f".{target.name}.{what}")


__all__ = ["recover", "replacing"]
