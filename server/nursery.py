"""The process that query workers are forked from: ``python -m server.nursery``, started by ``server.pool``.

It has loaded the program, and the graph too where that is held in memory, so that a new worker costs milliseconds and
shares what it does not change. It runs no query and no thread of its own. For each socket that comes over its standard
input (a Unix socket) it forks a worker that answers over it. It ends when its standard input does, and its workers end
with it.

On Linux it and its workers are cut off from the network, where the system permits that to this user.
"""

from __future__ import annotations

import ctypes
import gc
import os
import pickle
import signal
import socket
import sys
import warnings
from contextlib import suppress
from typing import Final

from kg_build.errors import CommuniqueError
from kg_build.store import Store
from server.wire import Brief, Frame, frame, pack_object
from server.worker import Answerer, work

_NEW_USER: Final = 0x10000000
_NEW_NETWORK: Final = 0x40000000
_DIE_WITH_PARENT: Final = 1


def main() -> None:
    """Runs the process."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # workers that end leave nothing behind
    # What anything in here prints must not go to the server's standard output.
    os.dup2(2, 1)
    isolate()
    with socket.socket(fileno=0) as control:
        brief = _read_brief(control)
        if brief is None:
            return
        store = None
        try:
            if brief.in_memory:
                store = Store.loaded_from(brief.store)
        except CommuniqueError as error:
            control.sendall(pack_object(Frame.ERROR, error))
            return
        gc.freeze()  # so that the collector does not touch, and thereby copy, what the workers share
        control.sendall(frame(Frame.OPENED, str(os.getpid()).encode()))
        _fork_workers(control, brief, store)


def _read_brief(control: socket.socket) -> Brief | None:
    stream = control.makefile("rb")
    try:
        brief = pickle.load(stream)  # noqa: S301 - what our own parent has written
    except EOFError:
        return None
    assert isinstance(brief, Brief)  # noqa: S101 - for the type checker
    return brief


def _fork_workers(control: socket.socket, brief: Brief, store: Store | None) -> None:
    while True:
        _, descriptors, _, _ = socket.recv_fds(control, 1, 1)
        if not descriptors:
            return
        with socket.socket(fileno=descriptors[0]) as connection, warnings.catch_warnings():
            # Loading has started threads of the engine's, which rest; no query in a worker needs them.
            warnings.simplefilter("ignore", DeprecationWarning)
            if os.fork() == 0:
                status = 1
                try:
                    control.close()
                    _work(connection, brief, store)
                    status = 0
                finally:
                    os._exit(status)


def _work(connection: socket.socket, brief: Brief, store: Store | None) -> None:
    _die_with_parent()
    with suppress(OSError):  # the server is gone
        try:
            answerer = Answerer.of(store or Store.open(brief.store), brief.settings)
        except CommuniqueError as error:
            connection.sendall(pack_object(Frame.ERROR, error))
            return
        work(connection, answerer, brief.settings.worker_mebibytes)


def isolate() -> bool:
    """Takes the network away from this process and its children; whether the system let it."""
    if sys.platform != "linux":
        return False
    unshare = ctypes.CDLL(None, use_errno=True).unshare
    # With a user namespace anybody may; without one the files keep their owner, so root tries that first.
    return bool(unshare(_NEW_NETWORK) == 0 or unshare(_NEW_USER | _NEW_NETWORK) == 0)


def _die_with_parent() -> None:
    """Has the system end this process with its parent, in the midst of a query too."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_DIE_WITH_PARENT, signal.SIGKILL)
        if os.getppid() == 1:  # it was too late
            os._exit(1)


if __name__ == "__main__":
    main()
