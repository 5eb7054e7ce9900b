"""Pages of a programme with 5 000 works and 100 000 payments: queries, and time in the server.

Beside them stands the floor: the sums of the overview in plain SQL over the entries, cut by cut
and month by month, without a page around them.
"""

from __future__ import annotations

import datetime
import statistics
import time
from collections.abc import Callable

from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from portal.accounts.models import User
from programs.models import CapitalPlan, OutputKind, Programme, Works

from .programme import YEARS, Size, filled

ROUNDS = 7
YEAR = YEARS[-1]
DAY = datetime.date(YEAR, 6, 13)  # amid a month: not all is kept by month

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
    client = Client()
    client.force_login(_leader())
    pages = {name: _page(client, address) for name, address in _addresses(programme).items()}
    return {
        "works": size.works,
        "payments": size.payments,
        "entered_seconds": seconds,
        "floor_ms": _median(lambda: _floor(programme)),
        "pages": pages,
    }


def _leader() -> User:
    return User.objects.create_user(
        "bench.leader",
        password="bench-2023-x",  # noqa: S106 - of a database that is thrown away
        full_name="Người Xem Thử",
        role="leader",
        area=None,
        must_change_password=False,
    )


def _addresses(programme: Programme) -> dict[str, str]:
    asked = {"chuong-trinh": programme.code, "nam": str(YEAR)}
    then = asked | {"den_ngay": DAY.strftime("%d/%m/%Y")}
    works = Works.objects.get(code="B-7")
    commune = works.place_rows.get().unit_id
    line = CapitalPlan.objects.filter(works=works, year=YEAR).get()
    kind = OutputKind.objects.first()

    def to(name: str, *args: object, **query: str) -> str:
        return reverse(f"programs:{name}", args=args, query=query)

    return {
        "overview": to("dashboard", **asked),
        "overview amid a month": to("dashboard", **then),
        "overview of one investor": to("dashboard", **then, chu_dau_tu=str(works.investor_id)),
        "lines": to("line_list", **then),
        "slow lines": to("line_list", **then, duoi="30"),
        "payments": to("payment_list", **asked),
        "works with money": to("funded_works_list", **then),
        "late works": to("funded_works_list", **then, cham="1"),
        "one commune": to("commune_detail", commune),
        "plan": to("plan_list", **asked),
        "plan amid a month": to("plan_list", **then),
        "one line": to("plan_detail", line.pk),
        "works": to("works_list"),
        "map of works": to("works_map"),
        "one works": to("works_detail", works.code),
        "targets": to("target_list", **asked),
        "outputs": to("output_list", **asked),
        "outputs of one kind": to("output_works", kind.code if kind else "-"),
        "beneficiaries": to("beneficiary_list", **asked),
        "tree of projects": to("component_list", **asked),
    }


def _page(client: Client, address: str) -> dict[str, float]:
    """The first look draws charts and fills what is kept; it is told apart."""
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
