"""Pages of a programme with 5 000 works and 100 000 payments: queries, and time in the server.

Beside them stands the floor: the sums of the overview in plain SQL over the entries, cut by cut
and month by month, without a page around them.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable

from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from portal.accounts.models import User
from portal.workers import make_ready
from programs.models import Programme, Works

from .addresses import YEAR, every_page, narrow
from .beside import laid_beside, people
from .programme import DAY, Size, filled

ROUNDS = 7

MONEY = """
SELECT {cut}, sum(c.amount) FROM programs_capitalchange c
JOIN programs_capitalplan p ON p.id = c.plan_id
WHERE p.programme_id = %(programme)s AND p.year = %(year)s AND c.day <= %(day)s GROUP BY 1
"""
DRAWN = """
SELECT {cut}, sum(c.amount) FROM programs_capitalchange c
JOIN programs_capitalplan b ON b.id = c.plan_id
JOIN programs_capitalplan p ON p.id = b.parent_id
WHERE p.programme_id = %(programme)s AND p.year = %(year)s AND c.day <= %(day)s
  AND c.what IN ('allocated', 'adjusted') GROUP BY 1
"""
PAID = """
SELECT {cut}, sum(d.amount) FROM programs_disbursement d
JOIN programs_capitalplan p ON p.id = d.plan_id
WHERE p.programme_id = %(programme)s AND p.year = %(year)s AND d.day <= %(day)s GROUP BY 1
"""
CUTS = ("p.component_id", "p.source_id", "p.kind", "p.area_id", "p.investor_id")


def measured(size: Size) -> dict:
    """Every page's median in milliseconds and its queries; the floor's median beside them."""
    began = time.perf_counter()
    programme = filled(size)
    seconds = time.perf_counter() - began
    settings.ALLOWED_HOSTS = ["testserver"]
    make_ready()
    readers = people(Works.objects.get(code="B-7"))
    laid_beside(programme, readers)
    pages = {
        name: _page(readers["specialist"], address)
        for name, address in every_page(programme).items()
    }
    for role in ("officer", "investor"):
        for name, address in narrow(programme).items():
            pages[f"{name} ({role})"] = _page(readers[role], address)
    return {
        "works": size.works,
        "payments": size.payments,
        "entered_seconds": seconds,
        "floor_ms": _median(lambda: _floor(programme)),
        "pages": pages,
    }


def _page(reader: User, address: str) -> dict[str, float]:
    """The first look draws charts and fills what is kept; it is told apart."""
    client = Client()
    client.force_login(reader)
    began = time.perf_counter()
    answer = client.get(address)
    first = (time.perf_counter() - began) * 1000
    if answer.status_code != 200:
        raise RuntimeError(f"{address}: {answer.status_code}")
    with CaptureQueriesContext(connection) as queries:
        client.get(address)
    asked = len(queries)  # before the next request empties the log
    return {"ms": _median(lambda: client.get(address)), "first_ms": first, "queries": asked}


def _median(work: Callable[[], object]) -> float:
    found = []
    for _ in range(ROUNDS):
        began = time.perf_counter()
        work()
        found.append((time.perf_counter() - began) * 1000)
    return statistics.median(found)


def _floor(programme: Programme) -> None:
    asked = {"programme": programme.pk, "year": YEAR, "day": DAY}
    with connection.cursor() as cursor:
        for cut in CUTS:
            for statement in (MONEY, DRAWN, PAID):
                cursor.execute(statement.format(cut=cut), asked)
                cursor.fetchall()
        for year in (YEAR - 1, YEAR):
            cursor.execute(PAID.format(cut="d.month"), asked | {"year": year})
            cursor.fetchall()
