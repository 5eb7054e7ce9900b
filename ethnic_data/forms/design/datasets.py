"""The form of a dataset."""

from __future__ import annotations

from typing import Any

from django.core.validators import RegexValidator

from ethnic_data.forms.people import day_field
from portal.collection.models import Dataset, Frequency, RowLevel
from portal.units.models import Level

from .fields import LinesField, Named, in_capitals, in_parts, lock

DATASET_CODE = RegexValidator(
    r"^[A-Z0-9][A-Z0-9-]*\Z", "Mã gồm chữ hoa không dấu, số và dấu gạch nối. Ví dụ: BIEU-05."
)
MEANING = ["code", "frequency", "row_axis", "row_level", "submitting_level", "source_kind"]
LATEST = 5  # years after the period
LOCKED = "Đã có bộ số liệu nộp theo biểu này nên mục này giữ nguyên."


class DatasetForm(Named):
    instructions = LinesField(
        label="Hướng dẫn", longest=500, help_text="Mỗi dòng một câu; in ở đầu biểu mẫu."
    )
    aliases = LinesField(
        label="Tên gọi khác",
        longest=200,
        help_text="Mỗi dòng một tên mà tệp của các đơn vị dùng để gọi biểu này.",
    )
    later_level_since = day_field("Cấp nộp về sau, từ ngày", required=False)
    collected_from = day_field("Thu thập từ ngày", required=False)
    collected_until = day_field("Thôi thu thập từ ngày", required=False)

    class Meta:
        model = Dataset
        fields = [
            *MEANING, "short_title", "title", "later_level", "later_level_since",
            "includes_reference", "due_day", "due_month", "due_years_after", "due_months_after",
            "collected_from", "collected_until", "unit_of_measure", "every_unit",
            "wants_cover_letter", "instructions", "aliases", "is_active",
        ]  # fmt: skip
        help_texts = {
            "code": "Ví dụ: GIAO-DUC. Không đổi được khi đã có số liệu.",
            "short_title": "Dùng trong danh sách và tiêu đề cột.",
            "row_level": "Bảng theo dân tộc của cả tỉnh: chọn “chính đơn vị nộp”.",
            "source_kind": "Số liệu khác loại không bao giờ cộng với nhau.",
            "due_day": "Ngày trong tháng; ngày 31 của tháng ngắn là ngày cuối tháng.",
            "due_month": "Với biểu hằng năm.",
            "due_years_after": "0: ngay trong năm báo cáo; 1: năm sau.",
            "due_months_after": "Với biểu 6 tháng, quý, tháng. 1: tháng sau khi kết thúc kỳ.",
            "every_unit": "Thiếu một đơn vị thì chưa nộp được.",
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].validators.append(DATASET_CODE)
        in_capitals(self)
        levels = [(value, label) for value, label in RowLevel.choices if value != RowLevel.RECORD]
        self.fields["row_level"].choices = levels  # what is told of units, not of works
        if self.instance.pk and self.instance.submissions.exists():
            lock(self, MEANING, LOCKED)
        self.helper = in_parts(
            ("Tên biểu", ["code", "title", "short_title", "unit_of_measure"]),
            (
                "Ai nộp, về đâu",
                ["submitting_level", "later_level", "later_level_since", "row_axis", "row_level",
                 "every_unit", "includes_reference"],
            ),
            (
                "Kỳ và hạn nộp",
                ["frequency", "due_day", "due_month", "due_years_after", "due_months_after",
                 "collected_from", "collected_until"],
            ),
            ("Loại số liệu", ["source_kind", "wants_cover_letter"]),
            ("Trong tệp", ["instructions", "aliases"]),
            ("Tình trạng", ["is_active"]),
        )  # fmt: skip

    def clean_code(self) -> str:
        return str(self.cleaned_data["code"]).strip().upper()

    def clean(self) -> dict[str, Any]:
        told = super().clean()
        yearly = told.get("frequency") == Frequency.YEARLY
        named = "due_month" if yearly else "due_months_after"
        if told.get("due_day") and told.get(named) is None:
            words = "Ghi tháng nộp." if yearly else "Ghi số tháng sau khi kết thúc kỳ."
            self.add_error(named, words)
        if (told.get("due_years_after") or 0) > LATEST:
            self.add_error("due_years_after", f"Nhiều nhất {LATEST} năm sau kỳ báo cáo.")
        if told.get("submitting_level") == Level.NATION and not told.get("includes_reference"):
            self.add_error("includes_reference", "Biểu của cả nước phải chọn mục này.")
        if told.get("due_day"):
            told["due_months_after" if yearly else "due_month"] = None
        return told
