"""Rounds of the survey: their tables, and two of them side by side."""

from __future__ import annotations

from io import BytesIO

from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from openpyxl import Workbook
from openpyxl.styles import Font

from ethnic_data.aggregation.rounds import Line, side_by_side
from ethnic_data.models import EthnicGroup, Observation, SurveyRound, SurveyTable
from portal import formats
from portal.access import permission_needed
from portal.collection.models import Dataset, Submission
from portal.collection.services.opening import reporting_units
from portal.units.models import AdministrativeUnit

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
HEADS = ["Dòng", "Kỳ trước", "Loại số liệu", "Kỳ sau", "Loại số liệu", "Thay đổi", "Thay đổi (%)"]


@permission_needed("ethnic_data.view")
def round_list(request: HttpRequest) -> HttpResponse:
    """The rounds with their plan, coverage and tables; censuses beside them."""
    tables = list(SurveyTable.objects.with_names())
    sent = _sent()
    rounds = SurveyRound.objects.annotate(groups_counted=Count("full_counts")).order_by("-year")
    context = {
        "rounds": [
            {"round": one, "tables": _shown([t for t in tables if t.round_id == one.pk], sent)}
            for one in rounds
        ],
        "others": _shown([table for table in tables if table.round_id is None], sent),
        "comparable": _comparable(tables),
    }
    return render(request, "ethnic_data/round_list.html", context)


def _sent() -> dict[tuple[int, int], int]:
    counts = (
        Submission.objects.approved()
        .filter(dataset__survey_tables__isnull=False)
        .values_list("dataset_id", "period_id")
        .annotate(units=Count("unit", distinct=True))
    )
    return {(dataset, period): units for dataset, period, units in counts}


def _shown(tables: list[SurveyTable], sent: dict[tuple[int, int], int]) -> list[dict]:
    return [
        {"table": table, "units": sent.get((table.dataset_id, table.period_id), 0)}
        for table in tables
    ]


def _comparable(tables: list[SurveyTable]) -> list[Dataset]:
    """Datasets that stand in two rounds or more."""
    by_dataset: dict[Dataset, int] = {}
    for table in tables:
        by_dataset[table.dataset] = by_dataset.get(table.dataset, 0) + 1
    return [dataset for dataset, count in by_dataset.items() if count > 1]


@permission_needed("collection.enter")
def round_table(request: HttpRequest, pk: int) -> HttpResponse:
    """The units for which this user may bring a table in: the nation, this province or another."""
    table = get_object_or_404(SurveyTable.objects.with_names(), pk=pk)
    units = reporting_units(dataset=table.dataset, period=table.period, user=request.user)
    there = (
        Submission.objects.visible_to(request.user)
        .filter(dataset=table.dataset, period=table.period)
        .order_by("revision")
    )
    latest = {one.unit_id: one for one in there}
    rows = [{"unit": unit, "submission": latest.get(unit.pk)} for unit in units[:200]]
    return render(request, "ethnic_data/round_table.html", {"table": table, "rows": rows})


@permission_needed("ethnic_data.exact")
def round_compare(request: HttpRequest, code: str) -> HttpResponse:
    """A dataset's two rounds: for each group of a unit, or for each column of a group."""
    context = _comparison(request, code)
    return render(request, "ethnic_data/round_compare.html", context)


@permission_needed("ethnic_data.exact")
def round_compare_export(request: HttpRequest, code: str) -> HttpResponse:
    context = _comparison(request, code)
    response = HttpResponse(_workbook(context), content_type=XLSX)
    response["Content-Disposition"] = f'attachment; filename="so-sanh-{context["dataset"].pk}.xlsx"'
    return response


def _comparison(request: HttpRequest, code: str) -> dict:
    """What both the page and the file show; odd choices fall back to the first there is."""
    tables = list(
        SurveyTable.objects.with_names().filter(dataset__code=code).order_by("reference_date")
    )
    dataset = get_object_or_404(
        Dataset.objects.filter(survey_tables__in=tables).distinct(), code=code
    )
    asked = request.GET
    before = _one(tables, asked.get("a"), lambda t: t.period.code, tables[0])
    after = _one(tables, asked.get("b"), lambda t: t.period.code, tables[-1])
    units = _units(request, dataset)
    unit = _one(units, asked.get("dv"), lambda u: u.code, units[0] if units else None)
    columns = list(dataset.columns.filter(kind="entered"))
    by_group = dataset.row_axis == Dataset.RowAxis.UNIT_GROUP
    group = None
    if by_group and asked.get("dt", "").isdigit():
        group = EthnicGroup.objects.filter(code=asked["dt"]).first()
    column = _one(columns, asked.get("cot"), lambda c: c.key, columns[0])
    chosen = [column] if by_group and group is None else columns
    lines: list[Line] = []
    if unit is not None:
        lines = side_by_side(
            dataset, unit, (before.period, after.period), columns=chosen, group=group
        )
    return {
        "dataset": dataset,
        "tables": tables,
        "before": before,
        "after": after,
        "units": units,
        "unit": unit,
        "columns": [{"key": c.key, "name": c.as_layout().name} for c in columns],
        "column": column,
        "column_name": column.as_layout().name,
        "groups": EthnicGroup.objects.order_by("code") if by_group else (),
        "group": group,
        "lines": lines,
        "kinds_differ": any(line.differs_in_kind for line in lines)
        or before.counting != after.counting,
        "is_demo": _is_demo(dataset, before, after),
        "query": request.GET.urlencode(),
    }


def _one(among, wanted, name, default):  # type: ignore[no-untyped-def]
    return next((one for one in among if wanted and name(one) == wanted), default)


def _units(request: HttpRequest, dataset: Dataset) -> list[AdministrativeUnit]:
    """Those with approved figures of the dataset, seen by this user; each code once."""
    told = Observation.objects.approved().filter(submission__dataset=dataset).values("unit")
    found = AdministrativeUnit.objects.visible_to(request.user).filter(pk__in=told)
    return list({unit.code: unit for unit in found}.values())


def _is_demo(dataset: Dataset, *tables: SurveyTable) -> bool:
    periods = [table.period_id for table in tables]
    sent = Submission.objects.approved().filter(dataset=dataset, period__in=periods)
    return sent.filter(Q(is_demo=True)).exists()


def _workbook(context: dict) -> bytes:
    book = Workbook()
    sheet = book.active
    before, after = context["before"], context["after"]
    sheet.title = "So sánh"
    sheet.append([context["dataset"].title])
    sheet["A1"].font = Font(bold=True, size=13)
    who = str(context["unit"] or "")
    sheet.append([f"{who}{', dân tộc ' + context['group'].name if context['group'] else ''}"])
    for words, table in (("Kỳ trước", before), ("Kỳ sau", after)):
        day, kind = formats.day(table.reference_date), table.get_counting_display()
        sheet.append([f"{words}: {day}, {kind}. {table.source}"])
    if context["kinds_differ"]:
        sheet.append(["Hai kỳ có cách điều tra khác nhau: so sánh thận trọng."])
    if context["is_demo"]:
        sheet.append(["Số liệu minh hoạ"])
    sheet.append([f"Lập ngày {formats.day(timezone.localdate())}"])
    sheet.append([])
    sheet.append(HEADS)
    for cell in sheet[sheet.max_row]:
        cell.font = Font(bold=True)
    for line in context["lines"]:
        sides = [
            part
            for side in (line.before, line.after)
            for part in (side.words if side.value is None else side.value, side.kind_words)
        ]
        percent = None if line.percent is None else formats.rounded(line.percent, 1)
        sheet.append([line.label, *sides, line.change, percent])
    sheet.column_dimensions["A"].width = 32
    kept = BytesIO()
    book.save(kept)
    return kept.getvalue()
