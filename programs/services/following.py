"""After an entry of the ledger: whoever quotes a programme's money has it looked at again."""

from __future__ import annotations

from collections.abc import Iterable

from portal.jobs import services as jobs
from programs.models import CapitalPlan

FOLLOW_JOB = "follow_ledger"


def ask_followers(lines: Iterable[CapitalPlan]) -> None:
    """One open job for each programme of the lines, however many entries there are."""
    for programme in sorted({line.programme_id for line in lines}):
        jobs.ask(FOLLOW_JOB, programme)
