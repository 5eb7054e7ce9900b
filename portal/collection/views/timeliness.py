"""Completeness and timeliness by unit, dataset and period, and the list of what is overdue."""

from __future__ import annotations

from dataclasses import dataclass

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from portal import formats
from portal.access import permission_needed
from portal.collection.models import Dataset, ReportingPeriod
from portal.collection.services.duties import latest_period_in_use, periods_for
from portal.collection.services.timeliness import BY, STATES, Record, Summary, records, summed_by
from portal.spreadsheets import CONTENT_TYPE, Column, table_workbook

from .found import SEEING

ALL_PERIODS = "tat-ca"
MOST_PERIODS = 12
PER_PAGE = 50


@dataclass(frozen=True)
class Asked:
    """The filters of the address, as far as they mean something."""

    periods: list[ReportingPeriod]
    period: ReportingPeriod | None
    every_period: bool
    dataset: Dataset | None
    unit: str
    state: str
    by: str

    @classmethod
    def of(cls, request: HttpRequest) -> Asked:
        given = {key: value.replace("\0", "") for key, value in request.GET.items()}
        periods = periods_for(request.user, today=timezone.localdate())
        wanted = given.get("ky", "")
        period = next((one for one in periods if one.code == wanted), latest_period_in_use(periods))
        by, state = given.get("theo", ""), given.get("tt", "")
        return cls(
            periods=periods,
            period=period,
            every_period=wanted == ALL_PERIODS,
            dataset=Dataset.objects.active().filter(code=given.get("bieu", "")).first(),
            unit=given.get("don-vi", ""),
            state=state if state in STATES else "",
            by=by if by in BY else "don-vi",
        )

    @property
    def looked_at(self) -> list[ReportingPeriod]:
        if self.every_period:
            return self.periods[:MOST_PERIODS]
        return [self.period] if self.period else []

    @property
    def words(self) -> str:
        if self.every_period:
            return f"{formats.number(len(self.looked_at))} kỳ gần nhất"
        return self.period.label if self.period else ""


def seen_records(request: HttpRequest, asked: Asked) -> tuple[list[Record], list[str]]:
    """The records of the filters but for the state, and the units to choose from."""
    found = records(
        periods=asked.looked_at,
        user=request.user,
        today=timezone.localdate(),
        dataset=asked.dataset,
    )
    units = sorted({(one.duty.unit.sort_key, one.duty.unit.full_name) for one in found})
    if asked.unit:
        found = [one for one in found if one.duty.unit.full_name == asked.unit]
    return found, [name for _, name in units]


@permission_needed(*SEEING)
def timeliness(request: HttpRequest) -> HttpResponse:
    """Address: ky (period code, or all), bieu, don-vi (name), tt (state), theo (summed by)."""
    asked = Asked.of(request)
    found, units = seen_records(request, asked)
    listed = [one for one in found if not asked.state or one.state == asked.state]
    context = {
        "asked": asked,
        "all_periods": ALL_PERIODS,
        "datasets": Dataset.objects.active(),
        "units": list(dict.fromkeys(units)),
        "states": [(key, word) for key, (_, word) in STATES.items()],
        "dimensions": [(key, heading) for key, (heading, _) in BY.items()],
        "heading": BY[asked.by][0],
        "summaries": summed_by(found, asked.by),
        "whole": Summary("Cộng", found),
        "page_obj": Paginator(worst_first(listed), PER_PAGE).get_page(request.GET.get("page")),
        "kinds": STATES,
        "query": request.GET.urlencode(),
    }
    return render(request, "collection/timeliness.html", context)


def worst_first(found: list[Record]) -> list[Record]:
    order = {"overdue": 0, "late": 1, "due": 2, "on_time": 3}
    return sorted(found, key=lambda one: (order[one.state], -one.days_late))


@permission_needed(*SEEING)
def timeliness_export(request: HttpRequest) -> HttpResponse:
    """The list as seen, every page of it."""
    asked = Asked.of(request)
    found, _ = seen_records(request, asked)
    listed = [one for one in found if not asked.state or one.state == asked.state]
    about = [f"{asked.words}; tính đến {formats.moment(timezone.now())}"]
    if asked.dataset:
        about.append(str(asked.dataset))
    if asked.unit:
        about.append(asked.unit)
    content = table_workbook(
        title="Tình hình nộp số liệu đúng hạn",
        about=about,
        columns=[
            Column("Đơn vị", 28),
            Column("Biểu", 34),
            Column("Kỳ", 16),
            Column("Hạn nộp", 12),
            Column("Ngày nộp", 12),
            Column("Tình trạng", 14),
            Column("Chậm (ngày)", 12, 0),
        ],
        rows=[line_of(one) for one in worst_first(listed)],
        sheet_name="Đúng hạn",
    )
    response = HttpResponse(content, content_type=CONTENT_TYPE)
    response["Content-Disposition"] = 'attachment; filename="tinh-hinh-nop.xlsx"'
    return response


def line_of(one: Record) -> list[str | int | None]:
    duty = one.duty
    return [
        duty.unit.full_name,
        str(duty.dataset),
        str(duty.period),
        formats.day(duty.due) if duty.due else "",
        formats.day(one.sent_on) if one.sent_on else "",
        STATES[one.state][1],
        one.days_late or None,
    ]
