"""The forms of categories and of the dimensions they belong to."""

from __future__ import annotations

import re
from typing import Any

from django.core.exceptions import ValidationError

from ethnic_data.models import Category, Dimension
from portal.units.names import fold

from .fields import LinesField, Named, in_capitals, in_parts, lock

# as these stand in the keys of columns divided by sex or group
TAKEN = re.compile(r"(nam|nu|dt\d+)\Z")


class CategoryForm(Named):
    aliases = LinesField(
        label="Tên khác", longest=120, help_text="Mỗi dòng một cách viết trong tệp của đơn vị."
    )

    class Meta:
        model = Category
        fields = ["dimension", "code", "name", "aliases", "source", "is_verified", "is_active"]
        help_texts = {
            "code": "Chữ thường không dấu, số, dấu gạch dưới; không đổi được về sau.",
            "is_verified": "Đã thấy trong danh mục chính thức nêu ở nguồn.",
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["dimension"].queryset = Dimension.objects.with_categories()
        in_capitals(self)
        self.fields["code"].max_length = 22  # stands in the key of a column
        self.fields["code"].widget.attrs["maxlength"] = 22
        if self.instance.pk:
            lock(self, ["dimension", "code"], "Mã và cách phân tổ không đổi được.")
        self.helper = in_parts(
            ("Phân loại", ["dimension", "name", "code", "aliases"]),
            ("Nguồn", ["source", "is_verified"]),
            ("Tình trạng", ["is_active"]),
        )

    def clean_code(self) -> str:
        code = str(self.cleaned_data["code"]).strip()
        if not self.instance.pk and len(code) > 22:
            raise ValidationError("Mã nhiều nhất 22 ký tự.")
        if TAKEN.match(code):
            raise ValidationError("Mã này dành cho cột nam, nữ hoặc dân tộc. Ghi mã khác.")
        return code

    def clean(self) -> dict[str, Any]:
        told = super().clean()
        dimension, name = told.get("dimension"), told.get("name")
        if dimension and name:
            same = Category.objects.filter(dimension=dimension).exclude(pk=self.instance.pk)
            if same.filter(name_key=fold(name)).exists():
                self.add_error("name", "Cách phân tổ này đã có tên đó.")
        return told


class DimensionForm(Named):
    class Meta:
        model = Dimension
        fields = ["code", "name", "is_active"]
        help_texts = {"code": "Chữ thường không dấu, số, dấu gạch dưới; không đổi được về sau."}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            lock(self, ["code"], "Mã không đổi được.")
        self.helper = in_parts(("Cách phân tổ", ["name", "code", "is_active"]))
