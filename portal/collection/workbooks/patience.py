"""A limit on the time that a worker spends on understanding one file."""

from __future__ import annotations

import contextlib
import signal
import threading
from collections.abc import Iterator
from types import FrameType

from .source import Unreadable


@contextlib.contextmanager
def within(seconds: float) -> Iterator[None]:
    """Raises `Unreadable` ("too_slow") inside the block when the time is over.

    Only the main thread of a process can be interrupted; a worker's job runs there.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def over(number: int, frame: FrameType | None) -> None:
        raise Unreadable("too_slow")

    before = signal.signal(signal.SIGALRM, over)
    signal.setitimer(signal.ITIMER_REAL, max(seconds, 0.1))
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
