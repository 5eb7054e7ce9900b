"""Catalogues of the old systems: units on a decision's list, categories. Never marked verified."""

from __future__ import annotations

import datetime
from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.db.backends.postgresql.psycopg_any import DateRange
from import_export.fields import Field
from import_export.widgets import Widget

from ethnic_data.models import Category, Dimension
from portal.collection.lists.cells import DayWidget, GuardedField, TextField, text_of
from portal.collection.lists.registry import brought_in
from portal.collection.lists.resource import ListLoader, ListResource, Row
from portal.units.models import UnitList, UnitMembership
from portal.units.names import fold

from .people_widgets import UnitWidget

DESIGN = ("collection.design",)
LONGEST_CODE = 22  # a category's code stands in the key of a column
VERIFIED = "Dòng này đã đối chiếu nguồn nên tệp không sửa được."


class NamedWidget(Widget):
    """A row of a small table by its code or its name."""

    def __init__(self, model: Any, what: str) -> None:
        super().__init__()
        self.model, self.what = model, what

    def prepare(self) -> None:
        rows = self.model.objects.all()
        self.known = {fold(one.name): one for one in rows} | {fold(one.code): one for one in rows}

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> Any:
        text = text_of(value)
        if found := self.known.get(fold(text)):
            return found
        raise ValueError(f"Không có {self.what} “{text[:60]}”. Ghi mã hoặc tên đã khai báo.")

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> str:
        return str(value or "")


class RangeEnd(Field):
    """The first or the last end of `valid`, a range of days."""

    def __init__(self, end: str, column_name: str) -> None:
        super().__init__("valid", column_name, widget=DayWidget())
        self.end = end

    def get_value(self, instance: Any) -> datetime.date | None:
        return getattr(instance.valid, self.end) if instance.valid else None

    def save(self, instance: Any, row: Any, is_m2m: bool = False, **kwargs: Any) -> None:
        ends = {side: getattr(instance.valid, side, None) for side in ("lower", "upper")}
        ends[self.end] = self.clean(row)
        if ends["lower"] and ends["upper"] and ends["lower"] >= ends["upper"]:
            raise ValueError("Ngày cuối phải sau ngày đầu.")
        instance.valid = DateRange(ends["lower"], ends["upper"])


class ZoneWidget(Widget):
    """I, II, III, as "Khu vực III", "KV3" or "3"."""

    NUMBERS: ClassVar[dict[str, str]] = {
        "1": "I", "2": "II", "3": "III", "i": "I", "ii": "II", "iii": "III",
    }  # fmt: skip

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> str:
        key = fold(text_of(value)).replace("khu vuc", "").replace("kv", "").strip()
        if not key:
            return ""
        if key not in self.NUMBERS:
            raise ValueError(f"“{text_of(value)[:40]}” không phải là khu vực. Ghi I, II hoặc III.")
        return self.NUMBERS[key]


class Catalogue(ListResource):
    """What both share: a row that was checked against its source is not changed by a file."""

    permissions = DESIGN
    blank_keeps = True
    least_headings = 2
    least_told = 2

    class Meta:
        import_id_fields = ()
        instance_loader_class = ListLoader
        clean_model_instances = True
        skip_unchanged = True
        skip_html_diff = True
        store_instance = True

    def identity(self, row: Row) -> dict[str, Any]:
        raise NotImplementedError

    def record_of(self, row: Row) -> Any:
        try:
            identity = self.identity(row)
        except ValueError:
            return None  # said at its cell when the columns are read
        self._see(tuple(identity.values()))
        return self._meta.model.objects.filter(**identity).first()

    def refuse_change(self, record: Any) -> None:
        if record.is_verified:
            raise ValidationError(VERIFIED)

    def told_of(self, record: Any) -> list[Any]:
        return [*super().told_of(record), record.is_verified]


@brought_in("xa-theo-khu-vuc")
class MembershipList(Catalogue):
    """Communes of a decision's list with their zone, for a time."""

    title = "Danh sách xã, khu vực"
    hint = "Xã thuộc danh sách của một quyết định, khu vực I, II, III theo thời gian"
    anchor = "Đơn vị"
    required = ("Danh sách", "Đơn vị", "Từ ngày")
    list_url = "units:list"
    filled_in = frozenset({"district"})
    aliases: ClassVar[dict[str, tuple[str, ...]]] = {
        "Danh sách": ("Mã danh sách", "Tên danh sách", "Theo quyết định"),
        "Đơn vị": ("Xã", "Tên xã", "Xã, phường, thị trấn", "Tên đơn vị"),
        "Huyện": ("Thuộc huyện", "Huyện, thành phố", "Tên huyện"),
        "Khu vực": ("Xã khu vực", "Thuộc khu vực", "KV"),
        "Từ ngày": ("Hiệu lực từ", "Áp dụng từ"),
        "Đến ngày": ("Hết hiệu lực từ", "Đến trước ngày"),
        "Căn cứ": ("Văn bản", "Ghi chú", "Quyết định"),
    }
    unit_list = Field("unit_list", "Danh sách", widget=NamedWidget(UnitList, "danh sách"))
    unit = Field("unit", "Đơn vị", widget=UnitWidget())
    district = TextField(column_name="Huyện", readonly=True)
    zone = Field("zone", "Khu vực", widget=ZoneWidget())
    start = RangeEnd("lower", "Từ ngày")
    end = RangeEnd("upper", "Đến ngày")
    basis = GuardedField("basis", "Căn cứ")

    class Meta(Catalogue.Meta):
        model = UnitMembership
        fields = ("unit_list", "unit", "district", "zone", "start", "end", "basis")
        export_order = fields

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.fields["unit"].widget.prepare(self.by)
        self.fields["unit"].widget.day_field = self.fields["start"]
        self.fields["unit_list"].widget.prepare()

    def identity(self, row: Row) -> dict[str, Any]:
        day = self.fields["start"].clean(row)
        if day is None:
            raise ValueError
        found = {name: self.fields[name].clean(row) for name in ("unit_list", "unit")}
        return found | {"valid__startswith": day}

    def import_instance(self, instance: Any, row: Row, **kwargs: Any) -> None:
        super().import_instance(instance, row, **kwargs)
        if instance.valid is None or instance.valid.lower is None:
            raise ValidationError({"valid": "Còn thiếu ngày đầu."})

    def words(self, record: Any) -> str:
        zone = record.get_zone_display()
        return ", ".join(filter(None, [record.unit_list.name, zone]))


@brought_in("phan-loai")
class CategoryList(Catalogue):
    """Categories by which figures are broken down."""

    title = "Phân loại số liệu"
    hint = "Tôn giáo, độ tuổi, trình độ và các phân loại khác của biểu số liệu"
    anchor = "Tên"
    required = ("Cách phân tổ", "Tên")
    list_url = "ethnic_data:category_list"
    aliases: ClassVar[dict[str, tuple[str, ...]]] = {
        "Cách phân tổ": ("Phân tổ", "Nhóm", "Danh mục"),
        "Mã": ("Mã phân loại",),
        "Tên": ("Tên phân loại", "Tên gọi", "Nội dung"),
        "Nguồn": ("Căn cứ", "Văn bản"),
    }
    dimension = Field("dimension", "Cách phân tổ", widget=NamedWidget(Dimension, "cách phân tổ"))
    code = GuardedField("code", "Mã")
    name = GuardedField("name", "Tên")
    source_words = GuardedField("source", "Nguồn")

    class Meta(Catalogue.Meta):
        model = Category
        fields = ("dimension", "code", "name", "source_words")
        export_order = fields

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.fields["dimension"].widget.prepare()

    def before_import_row(self, row: Any, **kwargs: Any) -> None:
        """Without a code of its own a category keeps the one it has, or gets its name's."""
        if text_of(row.get("Mã")):
            return
        name = fold(text_of(row.get("Tên")))
        known = Category.objects.filter(name_key=name)
        try:
            dimension = self.fields["dimension"].clean(row)
        except ValueError:
            return
        there = known.filter(dimension=dimension).values_list("code", flat=True).first()
        row["Mã"] = there or name.replace(" ", "_")[:LONGEST_CODE].strip("_")

    def identity(self, row: Row) -> dict[str, Any]:
        code = self.fields["code"].clean(row)
        if not code:
            raise ValueError
        return {"code": code}

    def import_instance(self, instance: Any, row: Row, **kwargs: Any) -> None:
        before = instance.dimension_id
        super().import_instance(instance, row, **kwargs)
        if before is not None and instance.dimension_id != before:
            text = f"Mã “{instance.code}” đang thuộc cách phân tổ khác."
            raise ValidationError({"dimension": text})
        if len(instance.code) > LONGEST_CODE:
            raise ValidationError({"code": f"Mã nhiều nhất {LONGEST_CODE} ký tự."})
        instance.name_key = fold(instance.name)
        if instance.pk is None:
            last = Category.objects.order_by("-position").values_list("position", flat=True).first()
            instance.position = (last or 0) + 1

    def words(self, record: Any) -> str:
        return f"{record.dimension.name}, mã {record.code}"
