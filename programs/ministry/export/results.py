"""Results: outputs, people, targets, works."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterator

from programs.figures.outputs import people_by_group
from programs.figures.targets import courses
from programs.ministry.tables import Column, Table
from programs.models import (
    DocumentRole,
    Output,
    Programme,
    TargetValue,
    Works,
    WorksPlace,
)

from .sheets import Sheets, documents, table_of


def sheets_of(programme: Programme, today: datetime.date) -> Sheets:
    return [
        ("5.1 Kết quả theo công trình", _outputs(programme)),
        ("5.2 Người thụ hưởng", _people(programme, today)),
        ("5.3 Mục tiêu", _targets(programme, today)),
        ("5.4 Công trình", _works(programme)),
        ("5.5 Văn bản báo cáo", documents(programme, [DocumentRole.REPORT],
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
    return table_of(
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

    return table_of("Người thụ hưởng theo dân tộc, giới tính", columns, told())


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

    return table_of("Mục tiêu theo năm", columns, told())


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
    return table_of(
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
