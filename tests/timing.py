"""Times that another process, or the garbage of another test, does not decide."""

from __future__ import annotations

import contextlib
import gc
import time
from collections.abc import Callable, Iterator
from typing import Any


@contextlib.contextmanager
def _no_collection() -> Iterator[None]:
    gc.collect()
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def least(
    work: Callable[[], Any], *, rounds: int = 3, clock: Callable[[], float] = time.process_time
) -> float:
    """The least seconds that `work` took in `rounds` tries; processor time unless told."""
    taken = []
    with _no_collection():
        for _ in range(rounds):
            begun = clock()
            work()
            taken.append(clock() - begun)
    return min(taken)
