"""The end of a server: what runs is finished, what comes is turned away."""

from __future__ import annotations

import _thread
import signal
import threading
import time
from collections.abc import Callable
from types import FrameType
from typing import Final

_TICK: Final = 0.05


class Lifecycle:
    """How many requests are being answered, and whether the server is stopping. Safe to use from several threads."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._running = 0
        self._stopping = False

    @property
    def stopping(self) -> bool:
        """Whether new requests are turned away."""
        return self._stopping

    def begin(self) -> None:
        """A request has arrived."""
        with self._changed:
            self._running += 1

    def end(self) -> None:
        """A request has been answered, or given up by its client."""
        with self._changed:
            self._running -= 1
            self._changed.notify_all()

    def stop(self) -> None:
        """From now on new requests are turned away."""
        with self._changed:
            self._stopping = True

    def wait_until_idle(self, seconds: float) -> bool:
        """Waits until nothing runs, ``seconds`` at most; whether it came to that."""
        with self._changed:
            return self._changed.wait_for(lambda: not self._running, seconds)


def stop_gracefully(lifecycle: Lifecycle, seconds: float, all_sent: Callable[[], bool]) -> None:
    """Makes SIGTERM stop the server: KeyboardInterrupt is raised in the main thread once nothing runs any more.

    Until then, ``seconds`` at most, what runs goes on, what comes is turned away, and what is answered is sent, of
    which ``all_sent`` tells. To be called in the main thread, which has to be running Python now and then.
    """

    def wait() -> None:
        deadline = time.monotonic() + seconds
        lifecycle.wait_until_idle(seconds)
        while not all_sent() and time.monotonic() < deadline:
            time.sleep(_TICK)
        _thread.interrupt_main()

    def terminate(_number: int, _frame: FrameType | None) -> None:
        lifecycle.stop()
        threading.Thread(target=wait, name="graceful stop", daemon=True).start()

    signal.signal(signal.SIGTERM, terminate)


__all__ = ["Lifecycle", "stop_gracefully"]
