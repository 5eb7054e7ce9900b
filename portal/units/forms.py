"""The decision, its day, and the table of old and new units as it is pasted from a spreadsheet."""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation
from typing import Any

from crispy_forms.helper import FormHelper
from django import forms

from portal.days import DayField

from .models import AdministrativeUnit, Reorganisation, ReorganisationItem

MOST_ROWS = 2000
COLUMNS = ("mã cũ", "mã mới", "tên mới", "loại mới", "mã cấp trên", "phần", "số dân")
CODE = re.compile(r"[0-9A-Za-z]{1,10}")


def _layout() -> FormHelper:
    layout = FormHelper()
    layout.form_tag = False
    return layout


class ReorganisationForm(forms.Form):
    decision = forms.CharField(
        label="Văn bản",
        max_length=200,
        help_text="Loại, số, ký hiệu và ngày, như “Nghị quyết 1658/NQ-UBTVQH15 ngày 16/6/2025”.",
        error_messages={"required": "Ghi văn bản quyết định việc sắp xếp."},
    )
    date = DayField(label="Ngày hiệu lực", error_messages={"required": "Ghi ngày hiệu lực."})
    table = forms.CharField(
        label="Đơn vị cũ và mới",
        max_length=400_000,
        widget=forms.Textarea(attrs={"rows": 12, "spellcheck": "false", "wrap": "off"}),
        error_messages={"required": "Nhập ít nhất một dòng."},
        help_text=(
            "Mỗi dòng một đơn vị cũ đi vào một đơn vị mới, các cột theo thứ tự: "
            + ", ".join(COLUMNS)
            + ". Dán thẳng từ bảng tính được. Để trống mã mới khi đơn vị kết thúc; "
            "để trống phần khi chuyển cả."
        ),
    )

    helper = _layout()

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if "table" in cleaned and "date" in cleaned:
            cleaned["items"] = self._items(cleaned["table"])
        return cleaned

    def _items(self, text: str) -> list[ReorganisationItem]:
        lines = [
            (number, _cells(line))
            for number, line in enumerate(text.replace("\0", "").splitlines(), 1)
            if line.strip()
        ]
        if lines and not CODE.fullmatch(lines[0][1][0]):
            lines = lines[1:]  # the heading
        if len(lines) > MOST_ROWS:
            self.add_error("table", f"Nhiều nhất {MOST_ROWS} dòng mỗi lần.")
            return []
        day = self.cleaned_data["date"]
        codes = {cells[0] for _, cells in lines}
        standing = {
            unit.code: unit
            for unit in AdministrativeUnit.objects.filter(
                code__in=codes, valid__startswith__lt=day, valid__endswith=None
            )
        }
        items, seen = [], set()
        for number, cells in lines:
            if item := self._item(number, cells, standing, seen):
                items.append(item)
        return items

    def _item(
        self,
        number: int,
        cells: list[str],
        standing: dict[str, AdministrativeUnit],
        seen: set[tuple[str, str]],
    ) -> ReorganisationItem | None:
        old, new, name, kind, parent, weight, people = cells
        wrong = []
        if old not in standing:
            wrong.append(f"mã cũ “{old[:20]}” không phải đơn vị đang có hiệu lực")
        if (old, new) in seen:
            wrong.append("cặp mã cũ, mã mới đã có ở dòng trên")
        seen.add((old, new))
        if any(code and not CODE.fullmatch(code) for code in (new, parent)):
            wrong.append("mã chỉ gồm chữ không dấu và chữ số, nhiều nhất 10 ký tự")
        if new and not (name and kind):
            wrong.append("đơn vị mới cần tên và loại")
        if len(name) > 120 or len(kind) > 30:
            wrong.append("tên dài quá 120 hoặc loại dài quá 30 ký tự")
        part, count = _part(weight), _count(people)
        if part is None:
            wrong.append("phần là số lớn hơn 0, không quá 1, nhiều nhất 6 chữ số thập phân")
        if count is None and people:
            wrong.append("số dân là số nguyên không âm")
        if wrong:
            self.add_error("table", f"Dòng {number}: {'; '.join(wrong)}.")
            return None
        return ReorganisationItem(
            position=number,
            old=standing[old],
            new_code=new,
            new_name=name if new else "",
            new_kind=kind.lower() if new else "",
            parent_code=parent if new else "",
            weight=part,
            people=count,
        )


def written(one: Reorganisation) -> dict[str, Any]:
    """What was entered, as the form shows it again: every row in the line it had."""
    items = list(one.items.select_related("old"))
    lines = [""] * max((item.position for item in items), default=0)
    if lines and items[0].position > 1:
        lines[0] = "; ".join(COLUMNS)
    for item in items:
        cells = [item.old.code, item.new_code, item.new_name, item.new_kind, item.parent_code]
        part = "" if item.weight == 1 else f"{item.weight.normalize():f}".replace(".", ",")
        people = "" if item.people is None else str(item.people)
        lines[item.position - 1] = "; ".join([*cells, part, people]).rstrip("; ")
    return {"decision": one.decision, "date": one.date, "table": "\n".join(lines)}


def _cells(line: str) -> list[str]:
    parts = [" ".join(part.split()) for part in re.split(r"[\t;|]", line)]
    return [*parts, *[""] * len(COLUMNS)][: len(COLUMNS)]


def _part(text: str) -> Decimal | None:
    if not text:
        return Decimal(1)
    try:
        part = Decimal(text.replace(",", "."))
    except InvalidOperation:
        return None
    fits = part.is_finite() and 0 < part <= 1 and part == round(part, 6)
    return part if fits else None


def _count(text: str) -> int | None:
    digits = text.replace(".", "").replace(" ", "")
    return int(digits) if digits.isdecimal() and len(digits) <= 9 else None
