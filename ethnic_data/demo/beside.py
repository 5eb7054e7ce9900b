"""Two parts of the demo loaded at a time, each in a process of its own."""

from __future__ import annotations

import multiprocessing
import signal
from collections.abc import Callable, Sequence
from typing import TypeVar

from django.db import connection, connections

from portal.embedded.children import end_with_parent

FORK = multiprocessing.get_context("fork")
Part = TypeVar("Part")


class DemoNotLoaded(Exception):
    """One of the processes that load the demo failed; it has said why."""


def in_two(load: Callable[[Part], None], parts: Sequence[Part]) -> None:
    """Call `load` with each part, beside each other; one after the other inside a transaction,
    for nobody else would see what it has written.

    Raises:
        DemoNotLoaded
    """
    if connection.in_atomic_block or len(parts) < 2:
        for part in parts:
            load(part)
        return
    beside = [FORK.Process(target=_load_beside, args=(load, part)) for part in parts]
    connections.close_all()  # a connection serves one process
    for process in beside:
        process.start()
    for process in beside:
        process.join()
    if any(process.exitcode for process in beside):
        raise DemoNotLoaded("Chưa nạp được số liệu minh hoạ; lý do ở các dòng trên.")


def _load_beside(load: Callable[[Part], None], part: Part) -> None:
    end_with_parent(signal.SIGKILL)
    try:
        load(part)
    finally:
        connections.close_all()
