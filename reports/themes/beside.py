"""Panels that are no selection of the explorer: lists of people, money, duties, documents."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from decimal import Decimal
from urllib.parse import urlencode

from django.db.models import Count
from django.urls import reverse

from ethnic_data.aggregation.people import listed_counts
from ethnic_data.exploring.charts import MOST_BARS
from ethnic_data.exploring.publishing import EXACT
from portal import formats
from portal.charts import Bar, horizontal_bars
from portal.documents.models import Direction, Document
from portal.units.models import Level
from reports.dashboards.completeness import completeness
from reports.dashboards.overview import Area
from reports.dashboards.selection import Selection
from reports.models import Report, Status
from reports.services.due import due_reports

from . import money
from .declared import Beside
from .desk import Desk, number
from .shown import Line, Picture, Shown, Value

SMALLEST_SHOWN = 5
PROGRESS_HEADS = ("Biểu phải nộp", "Đã duyệt", "Trễ hạn", "Số xã", "Xã đủ số liệu")


def listed(desk: Desk) -> list[Shown]:
    """Deputies and prestigious persons counted from the lists as of the period's end."""
    day = min(desk.filters.period.end, desk.today)
    counts = listed_counts(desk.filters.scope, day)
    exact = desk.user.has_perm(EXACT)
    deputies, prestigious = (
        reverse(f"ethnic_data:{name}_list") for name in ("deputy", "prestigious")
    )

    def line(label: str, count: int, url: str = "", *, is_total: bool = False) -> Line:
        if 0 < count < SMALLEST_SHOWN and not exact:
            return Line(label, [Value(formats.missing_words("confidential"))], is_total=is_total)
        return Line(label, [number(count, url)], is_total=is_total)

    levels = counts.deputies_by_level.items()
    lines = [
        line("Đại biểu HĐND", counts.deputies, deputies),
        *(line(f"– {str(Level(level).label).lower()}", n) for level, n in levels),
        line("– nữ", counts.women),
        line("– dân tộc thiểu số", counts.minorities),
        line("Người có uy tín", counts.prestigious, prestigious),
        line("– công nhận trong năm", counts.recognised),
        line("– đưa ra trong năm", counts.removed),
        line("– đã rà soát trong năm", counts.reviewed),
    ]
    if not counts.deputies and not counts.prestigious:
        words = f"Danh sách chưa có ai ở {desk.filters.scope.full_name} vào ngày"
        return [
            desk.shown(
                empty=f"{words} {formats.day(day)}.", empty_url=prestigious,
                empty_button="Mở danh sách",
            )
        ]  # fmt: skip
    return [
        desk.shown(
            corner="Danh sách",
            heads=[[("Số người", 1)]],
            lines=lines,
            source="Danh sách đại biểu HĐND, người có uy tín",
            as_of=day,
        )
    ]


def completed(desk: Desk) -> list[Shown]:
    """Duties approved, late, and communes with every value, by unit."""
    filters = desk.filters
    scope = filters.scope
    period = filters.period
    selection = Selection(period, desk.lookups.periods, scope, [scope])
    area = Area.of(scope, on=period.end)
    found = completeness(selection, area, user=desk.user, today=desk.today)
    page = reverse("collection:completeness")
    url = f"{page}?{urlencode({'ky': period.code})}"
    lines = [
        Line(
            row.unit.full_name,
            [
                number(len(row.duties)),
                number(row.approved, url),
                number(row.late, url),
                number(row.communes),
                number(row.complete),
            ],
            f"{desk.path}?{filters.address(dv=row.unit.code)}" if row.unit.pk != scope.pk else "",
        )
        for row in found.rows
    ]
    if not any(row.duties for row in found.rows):
        words = f"{period.label} không có biểu nào phải nộp ở {scope.full_name}."
        if scope.level == Level.COMMUNE:
            words += " Biểu do huyện nộp: chọn địa bàn lớn hơn."
        return [
            desk.shown(
                empty=words,
                empty_url=url,
                empty_button="Xem tình hình nộp",
            )
        ]
    sums = [sum(line.values[n].exact or 0 for line in lines) for n in range(len(PROGRESS_HEADS))]
    total = Line(scope.full_name, [number(one) for one in sums], is_total=True)
    bars = [
        Bar(line.label, _share(line.values[1].exact, line.values[0].exact), line.url)
        for line in lines
    ]
    bars.sort(key=lambda one: one.value or 0)
    told = f"Biểu đồ vẽ {MOST_BARS} đơn vị thấp nhất." if len(bars) > MOST_BARS else ""
    drawn = bars[:MOST_BARS] if any(one.value for one in bars) else []
    title = f"Biểu đã duyệt ({period.label.lower()}, % số biểu phải nộp)"
    return [
        desk.shown(
            corner="Đơn vị",
            heads=[[(words, 1) for words in PROGRESS_HEADS]],
            lines=[*lines, total] if len(lines) > 1 else lines,
            picture=Picture(horizontal_bars(drawn, title=title, unit="%", decimals=0), title, told)
            if drawn
            else None,
            notes=["Xã đủ số liệu: mọi chỉ tiêu bắt buộc của Biểu 05 đã được duyệt."],
            source="Tình hình nộp số liệu",
            as_of=desk.today,
            more_url=url,
            more="Xem từng biểu, từng xã",
        )
    ]  # fmt: skip


def _share(part: Decimal | None, whole: Decimal | None) -> Decimal | None:
    return (part or Decimal(0)) / whole * 100 if whole else None


def due(desk: Desk) -> list[Shown]:
    """What is due around today and not issued."""
    found = due_reports(today=desk.today, user=desk.user)
    page = reverse("reports:report_list")
    told = ["Theo ngày hôm nay; các bộ lọc của trang không áp dụng ở đây."]
    lines = [
        Line(
            f"{one.template.title}, {one.period.label[:1].lower()}{one.period.label[1:]}",
            [
                Value(formats.day(one.due)),
                Value(one.report.get_status_display() if one.report else "Chưa soạn"),
                number(one.days_late) if one.is_late else Value(formats.NOTHING),
            ],
            reverse("reports:report_detail", args=[one.report.pk]) if one.report else "",
        )
        for one in found
    ]
    if not lines:
        words = "Không có báo cáo nào đến hạn trong 30 ngày tới hoặc quá hạn."
        return [desk.shown(empty=words, empty_url=page, empty_button="Mở báo cáo", unapplied=told)]
    return [
        desk.shown(
            corner="Báo cáo",
            heads=[[("Hạn", 1), ("Tình trạng", 1), ("Số ngày quá hạn", 1)]],
            lines=lines,
            subtitle="",
            source="Đề cương và thời hạn báo cáo",
            as_of=desk.today,
            unapplied=told,
            more_url=page,
            more="Mở danh sách báo cáo",
        )
    ]


def by_state(desk: Desk) -> list[Shown]:
    """Reports of the year by how far they have come."""
    reports = Report.objects.visible_to(desk.user).filter(report_date__year=desk.year)
    counted = Counter(dict(reports.order_by().values_list("status").annotate(n=Count("pk"))))
    page = reverse("reports:report_list")
    lines = [
        Line(str(status.label), [number(counted[status.value])])
        for status in Status
        if counted[status.value]
    ]
    if not lines:
        words = f"Chưa có báo cáo nào trong năm {desk.year}."
        return [desk.shown(empty=words, empty_url=page, empty_button="Mở báo cáo")]
    total = Line("Tất cả", [number(counted.total(), page)], is_total=True)
    return [
        desk.shown(
            corner="Tình trạng",
            heads=[[("Số báo cáo", 1)]],
            lines=[*lines, total],
            subtitle=f"Năm {desk.year}",
            source="Danh sách báo cáo",
            as_of=desk.today,
            unapplied=desk.unapplied("dv", "kv", "dt", "gt", "loai"),
            more_url=page,
            more="Mở danh sách báo cáo",
        )
    ]


def by_register(desk: Desk) -> list[Shown]:
    """Documents of the year in each register."""
    documents = Document.objects.visible_to(desk.user).of_year(desk.year).order_by()
    counted = dict(documents.values_list("direction").annotate(n=Count("pk")))
    page = reverse("documents:document_list")
    lines = [
        Line(
            str(one.label),
            [number(counted.get(one.value, 0), f"{page}?so={one.value}&nam={desk.year}")],
        )
        for one in Direction
    ]
    if not counted:
        words = f"Chưa có văn bản nào của năm {desk.year} trong sổ."
        return [desk.shown(empty=words, empty_url=page, empty_button="Mở sổ văn bản")]
    return [
        desk.shown(
            corner="Sổ",
            heads=[[("Số văn bản", 1)]],
            lines=lines,
            subtitle=f"Năm {desk.year}",
            source="Sổ văn bản",
            as_of=desk.today,
            unapplied=desk.unapplied("dv", "kv", "dt", "gt", "loai"),
            more_url=page,
            more="Mở sổ văn bản",
        )
    ]


Maker = Callable[[Desk], list[Shown]]


MAKERS: dict[str, Maker] = {
    "listed": listed,
    "completeness": completed,
    "reports_due": due,
    "reports_by_state": by_state,
    "papers_by_register": by_register,
    "money_by_month": money.by_month,
    "money_by_component": money.by_component,
    "money_by_area": money.by_area,
    "money_by_source": money.by_source,
}

OF_THE_COMMITTEE = {"reports_due", "reports_by_state", "papers_by_register"}


def shown(panels: Iterable[Beside], make_desk: Callable[[Beside], Desk]) -> list[Shown]:
    return [one for panel in panels for one in _made(panel, make_desk(panel))]


def _made(panel: Beside, desk: Desk) -> list[Shown]:
    """These panels know the units of the year only, and not those of another day."""
    scope, period = desk.filters.scope, desk.filters.period
    if panel.maker in OF_THE_COMMITTEE or period.end in scope.valid:
        return MAKERS[panel.maker](desk)
    return [
        desk.shown(
            empty=f"{period.label} chưa có, hoặc không còn, {scope.full_name}. "
            "Bảng này chỉ tính theo địa giới tại thời điểm báo cáo.",
            empty_url=f"{desk.path}?{desk.filters.address(dg='', dv='')}",
            empty_button="Xem theo địa giới tại thời điểm báo cáo",
        )
    ]
