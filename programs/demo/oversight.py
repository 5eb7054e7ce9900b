"""Inspections of the programme."""

from __future__ import annotations

import datetime

from portal.units.models import AdministrativeUnit, Level
from programs.models import Inspection

from .reference import Reference

INSPECTIONS = (
    ((2023, 5, 16), (2023, 5, 18), "220", "UBND huyện Sơn Động",
     "Tiến độ giải ngân Dự án 1, Dự án 4",
     "Đôn đốc chủ đầu tư nghiệm thu khối lượng; báo cáo trước 30/6."),
    ((2024, 8, 20), (2024, 8, 21), "219", "UBND huyện Lục Ngạn",
     "Hỗ trợ nhà ở, nước sinh hoạt; sổ hộ được hỗ trợ",
     "Rà soát hộ trùng giữa các nội dung trước khi giải ngân đợt cuối năm."),
)  # fmt: skip


def write_inspections(reference: Reference) -> None:
    for first, last, code, place, content, finding in INSPECTIONS:
        day = datetime.date(*first)
        Inspection.objects.create(
            programme=reference.programme, first_day=day, last_day=datetime.date(*last),
            unit=AdministrativeUnit.objects.on(day).get(code=code, level=Level.DISTRICT),
            place=place, content=content, finding=finding, is_demo=True, by=reference.by,
        )  # fmt: skip
