"""What stands in a report in place of the {names} of its template."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING

from portal.collection.models import Frequency
from portal.documents.citation import written_day
from portal.units.models import AdministrativeUnit

if TYPE_CHECKING:
    from portal.collection.models import ReportingPeriod
    from portal.units.models import IssuingAgency

#: Every name with what it says, as the editor of templates lists them.
MEANINGS = {
    "nam": "năm của kỳ: 2023",
    "nam_truoc": "năm trước: 2022",
    "nam_truoc_2": "hai năm trước: 2021; cứ thế đến nam_truoc_11",
    "nam_sau": "năm sau: 2024",
    "ky": "kỳ, giữa câu: năm 2023, quý III năm 2023, tháng 10 năm 2023",
    "ky_dau_cau": "kỳ, đầu câu: Năm 2023",
    "ma_ky": "mã kỳ, cho lựa chọn của bảng: 2023, 2023-Q3, 2023-M10",
    "ngay_dau_ky": "ngày đầu kỳ: 01/01/2023",
    "ngay_cuoi_ky": "ngày cuối kỳ: 31/12/2023",
    "co_quan": "tên cơ quan: Ban Dân tộc",
    "goi_tat": "cách gọi tắt cơ quan: Ban",
    "trung_uong": "cơ quan trung ương về dân tộc: Ủy ban Dân tộc; "
    "từ 01/3/2025 là Bộ Dân tộc và Tôn giáo",
    "tinh": "tỉnh: Bắc Giang",
    "don_vi": "đơn vị (đề cương lập cho từng đơn vị): Xã An Lạc",
    "cap_tren": "đơn vị cấp trên trực tiếp: Huyện Sơn Động",
}

#: A table of the explorer goes over twelve periods at most.
YEARS_BACK = 12

#: The central agency for ethnic affairs and the day from which it is called so; the second day is
#: not yet compared with the law.
CENTRAL_AGENCIES = (
    (datetime.date.min, "Ủy ban Dân tộc"),
    (datetime.date(2025, 3, 1), "Bộ Dân tộc và Tôn giáo"),
)


def period_words(period: ReportingPeriod) -> dict[str, str]:
    """The names that only the period decides."""
    label = in_sentence(period)
    earlier = {f"nam_truoc_{back}": str(period.year - back) for back in range(2, YEARS_BACK)}
    return earlier | {
        "nam": str(period.year),
        "nam_truoc": str(period.year - 1),
        "nam_sau": str(period.year + 1),
        "ky": label,
        "ky_dau_cau": label[:1].upper() + label[1:],
        "ma_ky": period.code,
        "ngay_dau_ky": written_day(period.start),
        "ngay_cuoi_ky": written_day(period.end),
    }


def in_sentence(period: ReportingPeriod) -> str:
    """ "năm 2023", "tháng 01 năm 2024", "quý III năm 2023", "6 tháng đầu năm 2023"."""
    month, year = period.end.month, period.year
    if period.frequency == Frequency.MONTHLY:
        # months 1 and 2 carry a zero (Nghị định 30/2020/NĐ-CP, Phụ lục I)
        return f"tháng {month:02} năm {year}" if month < 3 else f"tháng {month} năm {year}"
    return period.label[:1].lower() + period.label[1:]


def agency_words(agency: IssuingAgency, day: datetime.date) -> dict[str, str]:
    """What agencies are called on `day`: the own one and the central one above its work."""
    return {
        "co_quan": agency.full_name.partition(" tỉnh ")[0],
        "goi_tat": agency.short_word,
        "tinh": agency.place,
        "trung_uong": central_agency(day),
    }


def central_agency(day: datetime.date) -> str:
    """The central agency for ethnic affairs as it is called on `day`."""
    return [name for since, name in CENTRAL_AGENCIES if since <= day][-1]


def unit_words(unit: AdministrativeUnit, day: datetime.date) -> dict[str, str]:
    """The names of a unit and of the one above it on `day`, as they stand within a sentence: only
    the proper name has capitals (Nghị định 30/2020, Phụ lục II).
    """
    above = AdministrativeUnit.objects.filter(
        children__unit=unit, children__valid__contains=day
    ).first()
    return {"don_vi": _within(unit), "cap_tren": _within(above) if above else ""}


def _within(unit: AdministrativeUnit) -> str:
    return f"{unit.full_name[:1].lower()}{unit.full_name[1:]}"
