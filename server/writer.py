"""Makes writes, one at a time, as a process of its own.

It reads pickled writes from its standard input and writes pickled replies to its standard output. It ends when its
input does: after the write that it is at, if the server stops in the middle of it.
"""

from __future__ import annotations

import contextlib
import os
import pickle
import signal
import sys
from pathlib import Path

from kg_build.build_directory import BuildDirectory
from kg_build.errors import CommuniqueError
from kg_build.writes.writer import Writer, Written
from server.writing import perform


def main(arguments: list[str]) -> None:
    """Runs the process. ``arguments``: the folder of the build."""
    # The terminal sends Ctrl-C to the server's whole process group; the server decides when its writer ends.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # What anything else in here prints must not get in between the replies.
    replies = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    writer = Writer(BuildDirectory(Path(arguments[0])))
    with contextlib.suppress(EOFError, BrokenPipeError):
        while True:
            write = pickle.load(sys.stdin.buffer)  # noqa: S301 - what our own parent has written
            reply: Written | CommuniqueError
            try:
                reply = perform(writer, write)
            except CommuniqueError as error:
                reply = error
            pickle.dump(reply, replies, protocol=pickle.HIGHEST_PROTOCOL)
            replies.flush()
    writer.close()


if __name__ == "__main__":
    main(sys.argv[1:])
