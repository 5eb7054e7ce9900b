"""The forms for the ministry, filled from stored data: money, works, outputs, targets, evaluation.

The circular's own columns were not found (see monitoring_forms.csv); these are the figures that
published reports give: plan, detail, payment and rate by project and source; outputs; targets.
"""

from __future__ import annotations

import datetime
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from decimal import Decimal

from django.db.models import Count, F, Q, Sum
from django.utils import timezone

from portal.collection.models import Frequency, ReportingPeriod
from portal.formats import number, rounded
from programs.aggregation import in_state_on
from programs.figures.outputs import summed, top_of
from programs.figures.targets import courses
from programs.models import (
    DONE,
    CapitalKind,
    Component,
    FormSnapshot,
    FundingSource,
    Programme,
    RecordValue,
    State,
    Works,
)
from programs.services.posting import measure_of

from .money import OfComponent, crossed
from .tables import Column, Row, Table, Value

Form = FormSnapshot.Form
FORMS = {
    Form.QUARTER: Frequency.QUARTERLY,
    Form.HALF: Frequency.HALF_YEARLY,
    Form.YEAR: Frequency.YEARLY,
}
NAME = Column("name", "Dự án, tiểu dự án")
HUNDRED = Decimal(100)
POINT = Decimal("0.01")


def filled(
    programme: Programme,
    form: str,
    period: ReportingPeriod,
    *,
    today: datetime.date | None = None,
) -> list[Table]:
    """The tables of a form as the stored data say now, as of the period's end (or today).

    About thirty queries, whatever the number of works.
    """
    day = min(period.end, today or timezone.localdate())
    components = {one.pk: one for one in programme.components.order_by("number", "code")}
    tables = [
        _money(programme, components, period.year, day),
        _works(programme, components, day),
        _outputs(programme, components, period.year, form),
        _targets(programme, period.year),
    ]
    if form == Form.YEAR:
        tables.append(_evaluation(programme, components, period))
    return tables


def branches(components: dict[int, Component]) -> Iterator[tuple[Component, int]]:
    """Projects with their subprojects, in order, and how deep each stands."""
    tops = [one for one in components.values() if one.parent_id is None]
    for top in tops:
        yield top, 0
        for one in components.values():
            if one.parent_id == top.pk and one.kind == Component.Kind.SUBPROJECT:
                yield one, 1


def named(component: Component) -> str:
    return f"{component.label}: {component.name}"


# money


def measures() -> list[tuple[str, str]]:
    """Every source and kind as measure and words, in order."""
    return [
        (measure_of(source, kind), f"{source.name}, {kind.label}")
        for source in FundingSource.objects.all()
        for kind in CapitalKind
    ]


def _money(
    programme: Programme, components: dict[int, Component], year: int, day: datetime.date
) -> Table:
    money = crossed(programme, components, year=year, day=day)
    used = [
        (measure, label)
        for measure, label in measures()
        if any(measure in one.by_measure for one in money.values())
    ]
    columns = [
        NAME,
        Column("plan", "Kế hoạch vốn", "money"),
        Column("detail", "Đã phân bổ chi tiết", "money"),
        Column("paid", "Đã giải ngân", "money"),
        Column("rate", "Tỷ lệ giải ngân (%)", "percent"),
    ]
    for measure, label in used:
        columns.append(Column(f"plan:{measure}", f"Kế hoạch: {label}", "money"))
        columns.append(Column(f"paid:{measure}", f"Giải ngân: {label}", "money"))
    rows = [Row("total", _cells("Tổng số", money[None], used), is_total=True)]
    for component, level in branches(components):
        cells = _cells(named(component), money[component.pk], used)
        rows.append(Row(component.code, cells, level))
    title = f"Vốn năm {year}, luỹ kế đến {day:%d/%m/%Y} (triệu đồng)"
    return Table("money", title, columns, rows)


def _cells(name: str, money: OfComponent, used: Sequence[tuple[str, str]]) -> dict[str, Value]:
    rate = money.total.rate
    cells: dict[str, Value] = {
        "name": name,
        "plan": money.total.plan,
        "detail": money.total.detail,
        "paid": money.total.paid,
        "rate": None if rate is None else rate.quantize(POINT),
    }
    for measure, _ in used:
        cells[f"plan:{measure}"] = money.by_measure[measure].plan
        cells[f"paid:{measure}"] = money.by_measure[measure].paid
    return cells


# works


def _works(programme: Programme, components: dict[int, Component], day: datetime.date) -> Table:
    """How many works that were to begin by the year stood in which state at the end of `day`, and
    how many were late."""
    begun = Q(planned_start=None) | Q(planned_start__year__lte=day.year)
    done = Q(actual_finish__isnull=False, actual_finish__lte=day)
    late = Q(done, actual_finish__gt=F("planned_finish")) | Q(
        ~done, ~Q(state_then__in=DONE), planned_finish__lt=day
    )
    works = Works.objects.filter(begun, component__programme=programme)
    told = (
        in_state_on(works, day)
        .order_by()
        .values_list("component", "state_then")
        .annotate(Count("pk"), late=Count("pk", filter=late))
    )
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for component, stood, count, count_late in told:
        for code in (top_of(components, component).code, "total"):
            counts[code]["all"] += count
            counts[code][stood] += count
            counts[code]["late"] += count_late
    columns = [
        NAME,
        Column("all", "Số công trình, hoạt động", "whole"),
        *(Column(state.value, state.label.capitalize(), "whole") for state in State),
        Column("late", "Chậm tiến độ", "whole"),
    ]
    keys = [column.key for column in columns[1:]]
    rows = [
        Row(
            code,
            {"name": name, **{key: Decimal(counts[code][key]) for key in keys}},
            is_total=code == "total",
        )
        for code, name in [
            ("total", "Tổng số"),
            *((one.code, named(one)) for one in components.values() if one.parent_id is None),
        ]
    ]
    return Table("works", f"Công trình, hoạt động đến {day:%d/%m/%Y}", columns, rows)


# outputs, targets, evaluation


def _outputs(programme: Programme, components: dict[int, Component], year: int, form: str) -> Table:
    """The year's outputs. Works tell them by year (CT-KQ), so there are none of a quarter alone: a
    form within the year says that they are the year's so far, as its money is."""
    so_far = form != Form.YEAR
    columns = [
        Column("name", "Kết quả"),
        Column("project", "Dự án"),
        Column("unit", "Đơn vị tính"),
        Column("planned", "Kế hoạch năm", "number"),
        Column("actual", "Thực hiện từ đầu năm" if so_far else "Thực hiện cả năm", "number"),
        Column("works", "Số công trình", "whole"),
    ]
    rows = [
        Row(
            one.kind.code,
            {
                "name": one.kind.name,
                "project": section.project.label,
                "unit": one.kind.unit_of_measure,
                "planned": one.planned,
                "actual": one.actual,
                "works": Decimal(one.works),
            },
        )
        for section in summed(programme, year, Works.objects.all(), components=components)
        for one in section.kinds
    ]
    title = f"Kết quả năm {year}"
    if not so_far:
        return Table("outputs", title, columns, rows)
    note = (
        f"Kết quả được báo cáo theo năm: đây là số của năm {year} ghi nhận đến khi lập biểu, "
        f"không phải số riêng của kỳ."
    )
    return Table("outputs", f"{title}, luỹ kế từ đầu năm", columns, rows, note=note)


def _targets(programme: Programme, year: int) -> Table:
    columns = [
        Column("name", "Mục tiêu"),
        Column("unit", "Đơn vị tính"),
        Column("base", "Mức gốc", "number"),
        Column("aim", f"Mức phải đạt năm {year}"),
        Column("actual", f"Thực hiện năm {year}", "number"),
        Column("state", "Tình trạng"),
    ]
    rows = []
    for course in courses(programme, until=year):
        mark = course.mark_of(year)
        places = course.target.decimals
        rows.append(
            Row(
                course.target.code,
                {
                    "name": course.target.name,
                    "unit": course.target.unit_of_measure,
                    "base": _rounded(course.baseline and course.baseline.value, places),
                    "aim": mark.printed or ("" if mark.line is None else number(mark.line, places)),
                    "actual": _rounded(mark.value, places),
                    "state": mark.state.value,
                },
            )
        )
    return Table("targets", f"Mục tiêu năm {year}", columns, rows)


def _rounded(value: Decimal | None, places: int) -> Decimal | None:
    return None if value is None else rounded(value, places)


EVALUATED = (
    ("DG-VON", "Vốn được giao"),
    ("DG-6T", "Giải ngân 6 tháng"),
    ("DG-UOC", "Ước giải ngân cả năm"),
    ("DG-KHNS", "Nhu cầu vốn năm sau"),
    ("DG-VM", "Vướng mắc chưa giải quyết"),
)


def _evaluation(
    programme: Programme, components: dict[int, Component], period: ReportingPeriod
) -> Table:
    """The approved yearly evaluations of the units, added up by project."""
    told = (
        RecordValue.objects.approved()
        .filter(
            submission__dataset__code="CT-DG",
            submission__period=period,
            measure__in=[measure for measure, _ in EVALUATED],
        )
        .order_by()
        .values_list("row", "measure")
        .annotate(total=Sum("value"))
    )
    sums: dict[str, dict[str, Decimal]] = defaultdict(dict)
    for row, measure, total in told:
        sums[row.removeprefix(f"{programme.code}.")][measure] = total
    columns = [
        NAME,
        *(
            Column(measure, label, "whole" if measure == "DG-VM" else "money")
            for measure, label in EVALUATED
        ),
    ]
    rows = [
        Row(one.code, {"name": named(one), **sums[one.code]}, level)
        for one, level in branches(components)
        if one.code in sums
    ]
    return Table(
        "evaluation",
        f"Đánh giá của các đơn vị, năm {period.year} (triệu đồng)",
        columns,
        rows,
        note="Cộng từ biểu đánh giá hằng năm đã duyệt của các đơn vị.",
    )
