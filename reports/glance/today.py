"""The cards of today's work: what has come in of the period, and which reports are due."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from typing import TYPE_CHECKING

from django.db.models import Count
from django.db.models.functions import TruncMonth
from django.urls import reverse
from django.utils.text import Truncator

from portal.formats import day, number
from reports.dashboards.completeness import Completeness, UnitState
from reports.dashboards.key_figures import KeyFigure, completed, counts_under_way
from reports.models import Report
from reports.services import DueReport, due_reports

from .cards import ENDS, Card, Place, Ranking, course, ends

if TYPE_CHECKING:
    from portal.accounts.models import User

MONTHS = 12  # of the course of issued reports


def completeness_card(
    found: Completeness,
    years: Sequence[tuple[str, int]],
    *,
    period: str,
    today: datetime.date,
    dashboard: str,
) -> Card:
    """years: how many communes were complete in each year."""
    lists = f"{dashboard}#tien-do"
    counted = [(row, *_counted(row, by_commune=found.is_by_commune)) for row in found.rows]
    rows = [one for one in counted if one[2]]
    rows.sort(key=lambda one: (one[1] / one[2], one[0].unit.sort_key))

    def place(one: tuple[UnitState, int, int, str]) -> Place:
        row, there, every, what = one
        return Place(row.unit.full_name, f"{number(there)}/{number(every)} {what}", lists)

    return Card(
        figure=completed(found, dashboard=dashboard),
        as_of=f"{period}, đến ngày {day(today)}",
        url=lists,
        more="Xem từng biểu của từng đơn vị",
        course=course("Số xã đủ số liệu đã duyệt qua các năm", years, number),
        rankings=ends(rows, place, first="Còn thiếu nhiều nhất", last="Đủ nhất"),
    )


def _counted(row: UnitState, *, by_commune: bool) -> tuple[int, int, str]:
    """What is there, of how many, and of what: of a district its communes, of a commune its
    forms."""
    if by_commune:
        return row.approved, len(row.duties), "biểu"
    return row.complete, row.communes, "xã"


def reports_card(user: User, *, today: datetime.date) -> Card | None:
    """What is due around today, the latest first, and what was issued last; four queries more
    than `due_reports`. None for who may not see reports."""
    if not user.has_perm("reports.view"):
        return None
    due = due_reports(today=today, user=user)
    late = [one for one in due if one.is_late]
    seen = Report.objects.visible_to(user).issued()
    last = seen.with_names().order_by("-issued_at")[:ENDS]
    rankings = [
        Ranking("Chậm nhất" if late else "Đến hạn trước nhất", [_due(one) for one in due[:ENDS]]),
        Ranking("Mới phát hành", [_issued(one) for one in last]),
    ]
    url = reverse("reports:report_list")
    under_way, mine = counts_under_way(user)
    figure = KeyFigure(
        label="Báo cáo đến hạn",
        value=number(len(due)),
        url=url,
        target=f"{number(len(late))} báo cáo quá hạn" if late else "Không có báo cáo quá hạn",
        target_kind="wrong" if late else "done",
        note=f"{number(under_way)} báo cáo đang xử lý, {number(mine)} chờ tôi",
    )
    return Card(
        figure=figure,
        as_of=f"Đến ngày {day(today)}",
        url=url,
        more="Xem danh sách báo cáo",
        course=course("Báo cáo phát hành mỗi tháng", _by_month(user, today), number),
        rankings=[one for one in rankings if one.places],
    )


def _due(one: DueReport) -> Place:
    days = f"chậm {number(one.days_late)} ngày" if one.is_late else f"hạn {day(one.due)}"
    return Place(
        f"{one.template.title} · {one.period}",
        days,
        one.report.get_absolute_url() if one.report else "",
    )


def _issued(report: Report) -> Place:
    return Place(
        Truncator(report.subject).words(14), day(report.issued_at), report.get_absolute_url()
    )


def _by_month(user: User, today: datetime.date) -> list[tuple[str, int]]:
    """How many reports were issued in each of the last months, those without one too."""
    first = today.replace(day=1)
    firsts = [first]
    for _ in range(MONTHS - 1):
        first = (first - datetime.timedelta(days=1)).replace(day=1)
        firsts.append(first)
    rows = (
        Report.objects.visible_to(user)
        .issued()
        .filter(issued_at__date__gte=first)
        .order_by()
        .annotate(month=TruncMonth("issued_at"))
        .values("month")
        .annotate(issued=Count("pk", distinct=True))
    )
    counts = {row["month"].date(): row["issued"] for row in rows}
    if not counts:
        return []
    return [(f"T{one.month}/{one.year % 100:02}", counts.get(one, 0)) for one in firsts[::-1]]
