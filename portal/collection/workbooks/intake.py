"""From an uploaded file to a `Reading`: open, understand, check. Never raises for a bad file."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

from .correcting import Corrections, correct
from .layout import Layout
from .outcome import Issue, Reading
from .patience import within
from .rules import Beside
from .source import Limits, Unreadable, open_source
from .understanding import understand

__all__ = ["read_workbook", "unreadable"]
UNDERSTANDING = 0.15  # of the time, kept for understanding what took long to open


def read_workbook(
    path: str | Path,
    *,
    layout: Layout,
    answers: Mapping[str, str] | None = None,
    beside: Beside | None = None,
    corrections: Corrections | None = None,
    name: str = "",
    limits: Limits | None = None,
    tick: Callable[[], None] | None = None,
) -> Reading:
    """Everything one file gives for one layout.

    `answers` maps ids of earlier questions to chosen options (a person's or remembered ones);
    `beside` the approved values that rules compare with; `corrections` what the sender typed over
    single cells; `name` the file's name as the sender knows it; `tick` is called about
    once a second while the file is being read.
    """
    name = name or Path(path).name
    limits = limits or Limits()
    until = time.monotonic() + limits.wall_seconds
    opening = replace(limits, wall_seconds=limits.wall_seconds * (1 - UNDERSTANDING))
    try:
        source = open_source(path, limits=opening, tick=tick)
        with within(until - time.monotonic()):
            correct(source, corrections or {})
            return understand(
                source, layout=layout, answers=answers or {}, beside=beside, name=name
            )
    except Unreadable as problem:
        return unreadable(problem, name)


def unreadable(problem: Unreadable, name: str) -> Reading:
    """The reading of a file that gives nothing: one sentence."""
    issue = Issue("error", f"file_{problem.code}", problem.message, file=name)
    return Reading(issues=(issue,), file=name)
