"""What is kept, each kind with its address, its words and what its list shows."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from portal import formats
from reports.models import office

from . import forms


@dataclass(frozen=True)
class Column:
    """One column of a list: heading and the attribute (or method of the row) that fills it."""

    heading: str
    name: str
    is_number: bool = False


@dataclass(frozen=True)
class Cell:
    """What stands in one column of one row."""

    heading: str
    text: str
    is_number: bool


@dataclass(frozen=True)
class Kind:
    """One kind of record; `slug` stands in its addresses."""

    slug: str
    title: str
    one: str  # "kế hoạch", after verbs
    icon: str
    model: type[Any]  # of office.Kept, with its own manager
    form: type[forms.KeptForm]
    columns: Sequence[Column]
    empty: str

    def cells(self, record: office.Kept) -> list[Cell]:
        return [
            Cell(column.heading, _written(getattr(record, column.name)), column.is_number)
            for column in self.columns
        ]

    @property
    def has_kinds(self) -> bool:
        return any(field.name == "kind" for field in self.model._meta.fields)


def _written(value: Any) -> str:
    if callable(value):
        value = value()
    if isinstance(value, datetime.date):
        return formats.day(value)
    return "–" if value in (None, "") else str(value)


DAYS = (Column("Từ ngày", "first_day"), Column("Đến ngày", "last_day"))

KINDS: dict[str, Kind] = {
    kind.slug: kind
    for kind in (
        Kind(
            "ke-hoach", "Kế hoạch, nhiệm vụ", "kế hoạch", "list-check", office.Plan,
            forms.PlanForm,
            (
                Column("Nhiệm vụ", "task_count", is_number=True),
                Column("Hoàn thành", "done_count", is_number=True),
                Column("Quá hạn", "late_count", is_number=True),
                *DAYS,
            ),
            "Chưa có kế hoạch nào được theo dõi. Thêm kế hoạch rồi ghi từng nhiệm vụ, phòng chủ "
            "trì và hạn.",
        ),
        Kind(
            "tap-huan", "Tập huấn", "lớp tập huấn", "mortarboard", office.Training,
            forms.TrainingForm,
            (
                Column("Hình thức", "get_kind_display"),
                Column("Ngày", "first_day"),
                Column("Đối tượng", "audience"),
                Column("Số người", "people", is_number=True),
            ),
            "Chưa ghi lớp tập huấn nào.",
        ),
        Kind(
            "ban-chi-dao", "Ban chỉ đạo", "ban chỉ đạo", "people", office.SteeringBody,
            forms.SteeringBodyForm,
            (
                Column("Loại", "get_kind_display"),
                Column("Người đứng đầu", "head"),
                Column("Thành viên", "members", is_number=True),
                *DAYS,
            ),
            "Chưa ghi ban chỉ đạo nào.",
        ),
        Kind(
            "he-thong", "Hệ thống thông tin", "hệ thống thông tin", "pc-display",
            office.InformationSystem, forms.InformationSystemForm,
            (
                Column("Dùng để", "purpose"),
                Column("Đưa vào sử dụng", "first_day"),
                Column("Ngừng sử dụng", "last_day"),
            ),
            "Chưa ghi hệ thống thông tin nào.",
        ),
        Kind(
            "nhan-luc", "Nhân lực CNTT", "vị trí công nghệ thông tin", "person-gear",
            office.ITPost, forms.ITPostForm,
            (
                Column("Loại", "get_kind_display"),
                Column("Phòng", "division"),
                Column("Người đảm nhiệm", "person"),
                *DAYS,
            ),
            "Chưa ghi vị trí công nghệ thông tin nào.",
        ),
        Kind(
            "thuan-loi-kho-khan", "Thuận lợi, khó khăn", "thuận lợi, khó khăn", "sliders",
            office.Finding, forms.FindingForm,
            (
                Column("Loại", "get_kind_display"),
                Column("Lĩnh vực", "topic"),
                *DAYS,
            ),
            "Chưa ghi thuận lợi, khó khăn nào.",
        ),
        Kind(
            "kien-nghi", "Kiến nghị", "kiến nghị", "megaphone", office.Recommendation,
            forms.RecommendationForm,
            (
                Column("Gửi tới", "addressee"),
                Column("Kiến nghị ngày", "first_day"),
                Column("Hẹn trả lời", "due_on"),
                Column("Tình trạng", "get_state_display"),
            ),
            "Chưa ghi kiến nghị nào.",
        ),
    )
}  # fmt: skip
