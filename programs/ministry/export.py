"""The export in the five data groups of Quyết định 25/2025/QĐ-TTg, from stored data.

1 the programme and its changes; 2 guidance, steering and inspection; 3 money assigned, allocated
and disbursed; 4 plans; 5 results. Each group has one or more sheets, named with its number.
"""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterator, Sequence
from decimal import Decimal
from io import BytesIO

from django.db.models import Q, Sum

from portal.formats import day as written_day
from programs.figures.outputs import people_by_group
from programs.figures.targets import courses
from programs.models import (
    Applicability,
    CapitalChange,
    CapitalPlan,
    Component,
    Disbursement,
    DocumentRole,
    FundingSource,
    Inspection,
    Output,
    Programme,
    ProgrammeDocument,
    TargetValue,
    Works,
    WorksPlace,
)
from programs.services.posting import measure_of

from .forms import branches, measures, named
from .money import crossed
from .tables import Column, Row, Table
from .workbooks import workbook_of

Sheets = list[tuple[str, Table]]
GROUPS = (
    "1. Chương trình và điều chỉnh Chương trình",
    "2. Hướng dẫn, chỉ đạo, điều hành; kiểm tra, giám sát, đánh giá",
    "3. Vốn giao, phân bổ, giải ngân",
    "4. Kế hoạch thực hiện",
    "5. Kết quả thực hiện",
)
POINT = Decimal("0.01")


def exported(programme: Programme, *, today: datetime.date) -> BytesIO:
    """The workbook of the five groups, as of the end of `today`."""
    remark = f"Lập từ số liệu trên cổng đến hết ngày {today:%d/%m/%Y}."
    if Works.objects.filter(component__programme=programme, is_demo=True).exists():
        remark += " Có số liệu minh hoạ."
    return workbook_of(programme.short_name, sheets(programme, today=today), remark=remark)


def sheets(programme: Programme, *, today: datetime.date) -> Sheets:
    """Every sheet with its table, a list of them first."""
    components = {one.pk: one for one in programme.components.order_by("number", "code")}
    found: Sheets = [
        *_programme(programme, components),
        *_guidance(programme),
        *_money(programme, components, today),
        *_plans(programme, today),
        *_results(programme, today),
    ]
    columns = [Column("sheet", "Trang tính"), Column("group", "Nhóm dữ liệu"),
               Column("title", "Nội dung"), Column("rows", "Số dòng", "whole")]  # fmt: skip
    contents = Table("contents", "Mục lục năm nhóm dữ liệu", columns)
    for name, table in found:
        contents.rows.append(
            Row(
                name,
                {
                    "sheet": name,
                    "group": GROUPS[int(name[0]) - 1],
                    "title": table.title,
                    "rows": len(table.rows),
                },
            )
        )
    return [("Mục lục", contents), *found]


def _table(title: str, columns: Sequence[Column], told: Iterator[dict]) -> Table:
    rows = [Row(str(number), cells) for number, cells in enumerate(told, start=1)]
    return Table(title, title, columns, rows)


# 1. the programme


def _programme(programme: Programme, components: dict[int, Component]) -> Sheets:
    facts = [
        ("Mã", programme.code),
        ("Tên chương trình", programme.name),
        ("Quyết định", programme.decision),
        ("Cơ quan chủ chương trình", programme.owner),
        ("Thời gian thực hiện", _span(programme.valid)),
        *((f"Giai đoạn {phase.name}", _span(phase.valid)) for phase in programme.phases.all()),
        ("Ghi chú", programme.note),
    ]
    two = [Column("name", "Thông tin"), Column("value", "Nội dung")]
    tree = [
        Column("code", "Mã"), Column("kind", "Loại"), Column("name", "Tên"),
        Column("above", "Thuộc"), Column("agency", "Cơ quan chủ trì"),
        Column("applies", "Không thực hiện tại"),
    ]  # fmt: skip
    excluded: dict[int, list[str]] = defaultdict(list)
    for rule in Applicability.objects.filter(
        component__in=components, applies=False
    ).select_related("unit"):
        excluded[rule.component_id].append(f"{rule.unit.full_name} ({_span(rule.valid)})")
    return [
        ("1.1 Chương trình", _table(
            "Thông tin Chương trình", two,
            ({"name": name, "value": value} for name, value in facts),
        )),
        ("1.2 Dự án, tiểu dự án", _table(
            "Dự án, tiểu dự án, nội dung", tree,
            (
                {
                    "code": one.code, "kind": one.get_kind_display(), "name": one.name,
                    "above": components[one.parent_id].code if one.parent_id else "",
                    "agency": one.lead_agency, "applies": "; ".join(excluded[one.pk]),
                }
                for one in components.values()
            ),
        )),
        ("1.3 Văn bản, điều chỉnh", _documents(programme, [DocumentRole.PROGRAMME],
                                               "Văn bản phê duyệt, điều chỉnh Chương trình")),
    ]  # fmt: skip


def _span(valid: object) -> str:
    lower, upper = valid.lower, valid.upper  # type: ignore[attr-defined]
    last = upper - datetime.timedelta(days=1) if upper else None
    return f"{written_day(lower) if lower else '…'} – {written_day(last) if last else '…'}"


# 2. guidance and inspection


def _documents(programme: Programme, roles: Sequence[str], title: str) -> Table:
    columns = [
        Column("number", "Số, ký hiệu"), Column("day", "Ngày", "day"), Column("type", "Loại"),
        Column("issuer", "Cơ quan ban hành"), Column("subject", "Trích yếu"),
        Column("role", "Nội dung"),
    ]  # fmt: skip
    found = ProgrammeDocument.objects.filter(programme=programme, role__in=roles)
    return _table(
        title,
        columns,
        (
            {
                "number": one.document.number_and_symbol, "day": one.document.date,
                "type": one.document.document_type.name, "issuer": one.document.issuer.name,
                "subject": one.document.subject, "role": one.get_role_display(),
            }
            for one in found.select_related("document__issuer", "document__document_type")
        ),
    )  # fmt: skip


def _guidance(programme: Programme) -> Sheets:
    columns = [
        Column("from", "Từ ngày", "day"), Column("to", "Đến ngày", "day"),
        Column("place", "Nơi được kiểm tra"), Column("unit", "Địa bàn"),
        Column("content", "Nội dung"), Column("finding", "Kết quả, kiến nghị"),
        Column("document", "Văn bản"),
    ]  # fmt: skip
    inspections = Inspection.objects.filter(programme=programme).select_related(
        "unit", "document__document_type"
    )
    return [
        ("2.1 Hướng dẫn, chỉ đạo", _documents(
            programme, [DocumentRole.GUIDANCE, DocumentRole.OVERSIGHT],
            "Văn bản hướng dẫn, chỉ đạo, điều hành, kiểm tra, giám sát",
        )),
        ("2.2 Kiểm tra, giám sát", _table(
            "Cuộc kiểm tra, giám sát, đánh giá", columns,
            (
                {
                    "from": one.first_day, "to": one.last_day, "place": one.place,
                    "unit": one.unit.full_name if one.unit else "", "content": one.content,
                    "finding": one.finding, "document": str(one.document or ""),
                }
                for one in inspections
            ),
        )),
    ]  # fmt: skip


# 3. money


def _money(programme: Programme, components: dict[int, Component], today: datetime.date) -> Sheets:
    years = (
        CapitalPlan.objects.filter(programme=programme, year__isnull=False)
        .order_by("year")
        .values_list("year", flat=True)
        .distinct()
    )
    columns = [
        Column("year", "Năm"), Column("code", "Mã"), Column("name", "Dự án, tiểu dự án"),
        Column("source", "Nguồn vốn, loại vốn"), Column("plan", "Vốn giao (triệu đồng)", "money"),
        Column("detail", "Đã phân bổ chi tiết (triệu đồng)", "money"),
        Column("paid", "Đã giải ngân (triệu đồng)", "money"),
        Column("rate", "Tỷ lệ giải ngân (%)", "percent"),
    ]  # fmt: skip

    def by_year() -> Iterator[dict]:
        for year in filter(None, years):
            money = crossed(programme, components, year=year, day=today)
            rows = [("", "Tổng số", money[None])]
            rows += [(one.code, named(one), money[one.pk]) for one, _ in branches(components)]
            for code, name, of in rows:
                told = [("Tất cả nguồn", of.total)]
                told += [
                    (label, of.by_measure[key]) for key, label in measures() if key in of.by_measure
                ]
                for source, one in told:
                    rate = None if one.rate is None else one.rate.quantize(POINT)
                    yield {
                        "year": str(year), "code": code, "name": name, "source": source,
                        "plan": one.plan, "detail": one.detail, "paid": one.paid, "rate": rate,
                    }  # fmt: skip

    return [
        ("3.1 Vốn theo dự án", _table("Vốn giao, phân bổ, giải ngân", columns, by_year())),
        ("3.2 Vốn trung hạn", _medium_term(programme, today)),
        ("3.3 Giải ngân theo tháng", _by_month(programme, today)),
    ]


def _medium_term(programme: Programme, today: datetime.date) -> Table:
    columns = [
        Column("phase", "Giai đoạn"), Column("code", "Mã"), Column("name", "Dự án, tiểu dự án"),
        Column("holder", "Nơi giữ vốn"), Column("source", "Nguồn vốn, loại vốn"),
        Column("plan", "Vốn trung hạn (triệu đồng)", "money"),
    ]  # fmt: skip
    lines = (
        CapitalPlan.objects.filter(programme=programme, phase__isnull=False, parent=None)
        .select_related("phase", "component", "source", "unit", "organisation", "works")
        .annotate(plan=Sum("changes__amount", filter=Q(changes__day__lte=today)))
        .order_by("phase__valid", "component__number", "pk")
    )
    return _table(
        "Vốn trung hạn giao ở cấp tỉnh",
        columns,
        (
            {
                "phase": line.phase.name if line.phase else "", "code": line.component.code,
                "name": named(line.component), "holder": line.holder_name,
                "source": f"{line.source.name}, {line.get_kind_display()}",
                "plan": line.plan or Decimal(0),
            }
            for line in lines
        ),
    )  # fmt: skip


def _by_month(programme: Programme, today: datetime.date) -> Table:
    columns = [
        Column("year", "Vốn năm"), Column("month", "Tháng"), Column("measure", "Nguồn, loại"),
        Column("source", "Nguồn vốn"), Column("paid", "Giải ngân (triệu đồng)", "money"),
    ]  # fmt: skip
    sources = {one.pk: one for one in FundingSource.objects.all()}
    paid = (
        Disbursement.objects.filter(plan__programme=programme, day__lte=today)
        .order_by("plan__year", "month", "plan__source__position", "plan__kind")
        .values_list("plan__year", "month", "plan__source", "plan__kind")
        .annotate(total=Sum("amount"))
    )
    return _table(
        "Giải ngân theo tháng",
        columns,
        (
            {
                "year": str(year), "month": f"{month:%m/%Y}",
                "measure": measure_of(sources[source], kind),
                "source": sources[source].name, "paid": total,
            }
            for year, month, source, kind, total in paid
        ),
    )  # fmt: skip


# 4. plans


def _plans(programme: Programme, today: datetime.date) -> Sheets:
    columns = [
        Column("day", "Ngày", "day"), Column("what", "Nội dung"), Column("year", "Năm"),
        Column("code", "Mã dự án"), Column("holder", "Nơi nhận vốn"),
        Column("source", "Nguồn vốn, loại vốn"), Column("amount", "Số tiền (triệu đồng)", "money"),
        Column("decision", "Quyết định"),
    ]  # fmt: skip
    changes = (
        CapitalChange.objects.filter(plan__programme=programme, day__lte=today)
        .exclude(plan__holder="works")
        .select_related(
            "plan__component", "plan__source", "plan__unit", "plan__organisation", "plan__works",
            "plan__phase", "document__document_type",
        )
        .order_by("day", "pk")
    )  # fmt: skip
    return [
        ("4.1 Quyết định vốn", _table(
            "Giao, phân bổ, điều chỉnh, chuyển nguồn đến chủ đầu tư", columns,
            (
                {
                    "day": one.day, "what": one.get_what_display(),
                    "year": one.plan.period_label, "code": one.plan.component.code,
                    "holder": one.plan.holder_name,
                    "source": f"{one.plan.source.name}, {one.plan.get_kind_display()}",
                    "amount": one.amount, "decision": str(one.document),
                }
                for one in changes
            ),
        )),
        ("4.2 Vốn của công trình", _of_works(programme)),
        ("4.3 Văn bản kế hoạch", _documents(programme, [DocumentRole.PLAN],
                                            "Kế hoạch thực hiện Chương trình")),
    ]  # fmt: skip


def _of_works(programme: Programme) -> Table:
    columns = [
        Column("year", "Năm"), Column("code", "Mã công trình"), Column("name", "Tên"),
        Column("component", "Mã dự án"), Column("investor", "Chủ đầu tư"),
        Column("source", "Nguồn vốn, loại vốn"), Column("plan", "Kế hoạch (triệu đồng)", "money"),
        Column("paid", "Đã giải ngân (triệu đồng)", "money"),
    ]  # fmt: skip
    lines = (
        CapitalPlan.objects.filter(programme=programme, holder="works", year__isnull=False)
        .select_related("works", "component", "source", "investor")
        .order_by("year", "works__code", "source__position", "kind")
    )
    return _table(
        "Kế hoạch vốn của công trình, hoạt động (số hiện nay)",
        columns,
        (
            {
                "year": str(line.year), "code": line.works.code, "name": line.works.name,
                "component": line.component.code,
                "investor": line.investor.name if line.investor else "",
                "source": f"{line.source.name}, {line.get_kind_display()}",
                "plan": line.received, "paid": line.disbursed,
            }
            for line in lines
            if line.works
        ),
    )  # fmt: skip


# 5. results


def _results(programme: Programme, today: datetime.date) -> Sheets:
    return [
        ("5.1 Kết quả theo công trình", _outputs(programme)),
        ("5.2 Người thụ hưởng", _people(programme, today)),
        ("5.3 Mục tiêu", _targets(programme, today)),
        ("5.4 Công trình", _works(programme)),
        ("5.5 Văn bản báo cáo", _documents(programme, [DocumentRole.REPORT],
                                           "Báo cáo kết quả thực hiện")),
    ]  # fmt: skip


def _outputs(programme: Programme) -> Table:
    columns = [
        Column("year", "Năm"), Column("code", "Mã công trình"), Column("works", "Công trình"),
        Column("component", "Mã dự án"), Column("kind", "Mã kết quả"), Column("name", "Kết quả"),
        Column("unit", "Đơn vị tính"), Column("planned", "Kế hoạch", "number"),
        Column("actual", "Thực hiện", "number"),
    ]  # fmt: skip
    found = (
        Output.objects.filter(works__component__programme=programme)
        .select_related("works__component", "kind")
        .order_by("year", "works__code", "kind__position")
    )
    return _table(
        "Kết quả theo công trình, hoạt động",
        columns,
        (
            {
                "year": str(one.year), "code": one.works.code, "works": one.works.name,
                "component": one.works.component.code, "kind": one.kind.code,
                "name": one.kind.name, "unit": one.kind.unit_of_measure,
                "planned": one.planned, "actual": one.actual,
            }
            for one in found
        ),
    )  # fmt: skip


def _people(programme: Programme, today: datetime.date) -> Table:
    columns = [
        Column("year", "Năm"), Column("group", "Dân tộc"), Column("male", "Nam", "whole"),
        Column("female", "Nữ", "whole"), Column("people", "Tổng số", "whole"),
    ]  # fmt: skip
    works = Works.objects.all()

    def told() -> Iterator[dict]:
        for year in range(programme.valid.lower.year, today.year + 1):
            for one in people_by_group(programme, year, works):
                yield {
                    "year": str(year), "group": one.group.name, "male": one.male,
                    "female": one.female, "people": one.people,
                }  # fmt: skip

    return _table("Người thụ hưởng theo dân tộc, giới tính", columns, told())


def _targets(programme: Programme, today: datetime.date) -> Table:
    columns = [
        Column("code", "Mã"), Column("name", "Mục tiêu"), Column("unit", "Đơn vị tính"),
        Column("year", "Năm"), Column("base", "Mức gốc", "number"),
        Column("aim", "Mức phải đạt"), Column("actual", "Thực hiện", "number"),
        Column("state", "Tình trạng"),
    ]  # fmt: skip
    laid_down = {
        (value.target_id, value.year): value.printed
        for value in TargetValue.objects.filter(target__programme=programme)
    }

    def told() -> Iterator[dict]:
        for course in courses(programme, until=today.year):
            years = {mark.year: mark for mark in course.marks}
            wanted = {year for target, year in laid_down if target == course.target.pk}
            for year in sorted({*years, *wanted}):
                mark = years.get(year)
                says_nothing = mark is None or (mark.actual is None and not mark.printed)
                if says_nothing and year not in wanted:
                    continue
                yield {
                    "code": course.target.code, "name": course.target.name,
                    "unit": course.target.unit_of_measure, "year": str(year),
                    "base": course.baseline.value if course.baseline else None,
                    "aim": laid_down.get((course.target.pk, year), ""),
                    "actual": mark.value if mark else None,
                    "state": mark.state.value if mark else "chưa đến hạn",
                }  # fmt: skip

    return _table("Mục tiêu theo năm", columns, told())


def _works(programme: Programme) -> Table:
    columns = [
        Column("code", "Mã"), Column("name", "Tên"), Column("component", "Mã dự án"),
        Column("place", "Địa điểm"), Column("investor", "Chủ đầu tư"), Column("kind", "Loại"),
        Column("total", "Tổng mức đầu tư (triệu đồng)", "money"),
        Column("start", "Khởi công", "day"), Column("planned", "Hoàn thành theo kế hoạch", "day"),
        Column("finish", "Hoàn thành thực tế", "day"), Column("state", "Tình trạng"),
    ]  # fmt: skip
    places: dict[int, list[str]] = defaultdict(list)
    for place in WorksPlace.objects.filter(works__component__programme=programme).select_related(
        "unit"
    ):
        places[place.works_id].append(place.unit.full_name)
    works = Works.objects.filter(component__programme=programme).select_related(
        "component", "investor"
    )
    return _table(
        "Công trình, hoạt động",
        columns,
        (
            {
                "code": one.code, "name": one.name, "component": one.component.code,
                "place": ", ".join(dict.fromkeys(places[one.pk])), "investor": one.investor.name,
                "kind": one.get_kind_display(), "total": one.total_investment,
                "start": one.actual_start, "planned": one.planned_finish,
                "finish": one.actual_finish, "state": one.get_state_display(),
            }
            for one in works
        ),
    )  # fmt: skip
