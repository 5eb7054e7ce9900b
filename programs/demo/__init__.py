"""The demo's programme: works, money and results of 2022–2025, made up below the published totals.

What the province was given in each year is what was published (programs/data/bacgiang_capital.csv);
everything below that, every works, payment and result, is made up and is marked as such.
"""

from __future__ import annotations

import datetime

from .loading import load

__all__ = ["load_demo"]


def load_demo(*, now: datetime.datetime) -> None:
    """Load the demo's programme where it is not there yet; a few seconds, harmless when run again.

    Raises:
        portal.accounts.demo.DemoRefused: outside the demo.
    """
    load(now=now)
