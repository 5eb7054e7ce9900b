"""The demo province: three years of made-up data, sent and approved as real data are, and lists
of made-up people.

Left open on purpose, so that there is something to do: in the last year Sơn Động has not sent
Biểu 05, Yên Thế's waits for review, Tân Yên's was returned with a remark.
"""

from __future__ import annotations

import datetime

from .loading import LAST, DemoLoader, load_agency, moment
from .people import load_people

__all__ = ["load_agency", "load_demo"]


def load_demo(*, now: datetime.datetime, with_agency: bool = False) -> None:
    """Load what is not there yet; a few seconds the first time, harmless when run again.

    with_agency: also the agency's own workbook on information technology, approved.

    Raises:
        portal.accounts.demo.DemoRefused: outside the demo.
    """
    DemoLoader(now=now).load()
    load_people(now=moment(LAST, 10, 12, 9, now))
    if with_agency:
        load_agency(now=now)
