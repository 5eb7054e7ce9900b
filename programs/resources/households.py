"""Households that were helped, from files: each once in one content and year, in all files."""

from __future__ import annotations

import datetime
import re
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any, ClassVar

from import_export.fields import Field
from import_export.widgets import Widget

from ethnic_data.resources.people_widgets import GroupWidget, UnitWidget
from portal.collection.lists.cells import GuardedField, TextField, text_of
from portal.collection.lists.registry import brought_in
from portal.collection.lists.resource import ListLoader, ListResource, Row
from portal.units.models import AdministrativeUnit, Level
from portal.units.names import fold
from programs.models import Component, SupportedHousehold, Works

if TYPE_CHECKING:
    from portal.accounts.models import User

FIRST_YEAR, LAST_YEAR = 2000, 2100
NUMBER = re.compile(r"^\d+(?:[.,]\d+)?$")


def household_number(text: str) -> str:
    """The number in the commune's list: capitals, no spaces; 007 and 7 are one household."""
    plain = re.sub(r"\s+", "", text).upper()
    return (plain.lstrip("0") or "0") if plain.isdigit() else plain


class HouseholdNumber(Widget):
    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> str:
        number = household_number(text_of(value))
        if not number:
            raise ValueError("Còn thiếu số hộ trong danh sách của xã.")
        return number

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> str:
        return str(value or "")


class YearWidget(Widget):
    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> int:
        text = text_of(value)
        if text.isdecimal() and FIRST_YEAR <= int(text[:9]) <= LAST_YEAR:
            return int(text)
        said = f"“{text[:20]}” không phải là năm hỗ trợ." if text else "Còn thiếu năm hỗ trợ."
        raise ValueError(f"{said} Ghi bốn chữ số, ví dụ 2023.")

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> str:
        return str(value or "")


class ComponentWidget(Widget):
    """A content, or a project without contents, by its code or its whole name."""

    def prepare(self) -> None:
        self.codes: dict[str, list[Component]] = {}
        for one in Component.objects.select_related("programme", "parent"):
            for key in {fold(one.code), fold(one.name), fold(f"{one.programme.code}.{one.code}")}:
                self.codes.setdefault(key, []).append(one)

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> Component:
        text = text_of(value)
        if not text:
            raise ValueError("Còn thiếu nội dung hỗ trợ.")
        found = self.codes.get(fold(text), [])
        if len(found) == 1:
            return found[0]
        if found:
            codes = ", ".join(f"{one.programme.code}.{one.code}" for one in found)
            raise ValueError(f"“{text[:60]}” có ở nhiều chỗ. Ghi một trong các mã: {codes}.")
        raise ValueError(f"Không có nội dung “{text[:60]}”. Ghi mã, ví dụ DA1.ND2.")

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> str:
        return value.code if value else ""


class WorksWidget(Widget):
    """Works by their code, among those that the sender sees; empty for none."""

    by: User

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> Works | None:
        text = text_of(value)
        if not text:
            return None
        found = Works.objects.visible_to(self.by).filter(code=text[:30]).first()
        if found is None:
            raise ValueError(f"Không có công trình, hoạt động mang mã “{text[:40]}”.")
        return found

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> str:
        return value.code if value else ""


class AmountWidget(Widget):
    """Million đồng with at most three decimals; a household never gets a thousand million."""

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> Decimal | None:
        text = text_of(value)
        if not text:
            return None
        try:
            amount = Decimal(text.replace(",", ".")) if NUMBER.match(text) else None
        except InvalidOperation:
            amount = None
        if amount is None:
            raise ValueError(f"“{text[:30]}” không phải là số tiền. Ghi triệu đồng, ví dụ 44,5.")
        if amount <= 0:
            raise ValueError("Mức hỗ trợ phải lớn hơn 0.")
        if amount >= 1000:
            raise ValueError(
                f"“{text[:30]}” quá lớn với một hộ. Cột này ghi triệu đồng, không ghi đồng."
            )
        if amount != round(amount, 3):
            raise ValueError("Mức hỗ trợ ghi nhiều nhất ba chữ số lẻ.")
        return amount

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> str:
        return "" if value is None else f"{value.normalize():f}".replace(".", ",")


class OptionalGroup(GroupWidget):
    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> Any:
        return super().clean(value, row, **kwargs) if text_of(value) else None


class LastDay:
    """The day on which a row's commune is meant."""

    def __init__(self, year: Field, month: int, day: int) -> None:
        self.year, self.month, self.day = year, month, day

    def clean(self, row: Row) -> datetime.date:
        return datetime.date(self.year.clean(row), self.month, self.day)


class CommuneWidget(UnitWidget):
    """A commune in force at the end of the year, or in its middle: in 2025 both kinds report."""

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> AdministrativeUnit | None:
        try:
            found = super().clean(value, row, **kwargs)
        except ValueError:
            kept = self.day_field
            self.day_field = LastDay(kept.year, 6, 30)  # type: ignore[assignment, attr-defined]
            try:
                found = super().clean(value, row, **kwargs)
            finally:
                self.day_field = kept
        if found is not None and found.level != Level.COMMUNE:
            raise ValueError(f"“{text_of(value)[:60]}” không phải là xã, phường, thị trấn.")
        return found


@brought_in("ho-duoc-ho-tro")
class HouseholdList(ListResource):
    """Households by content, year, commune and number in the commune's list; no names."""

    from_old_system = False
    title = "Hộ được hỗ trợ"
    hint = "Hộ được hỗ trợ theo nội dung, năm, số hộ trong danh sách của xã; không ghi họ tên"
    permissions = ("people.edit",)
    anchor = "Số hộ"
    required = ("Nội dung", "Năm", "Xã", "Số hộ")
    list_url = "programs:household_list"
    blank_keeps = True
    filled_in = frozenset({"district"})
    keeps_before = False  # nothing personal stays with a file
    aliases: ClassVar[dict[str, tuple[str, ...]]] = {
        "Nội dung": ("Nội dung hỗ trợ", "Mã nội dung", "Dự án, nội dung"),
        "Năm": ("Năm hỗ trợ",),
        "Xã": ("Đơn vị", "Xã, phường, thị trấn", "Tên xã"),
        "Huyện": ("Huyện, thành phố", "Thuộc huyện"),
        "Số hộ": ("Số hộ trong danh sách", "Mã hộ", "Số hộ trong danh sách của xã"),
        "Dân tộc": ("Dân tộc của chủ hộ",),
        "Mã công trình": ("Công trình, hoạt động", "Mã hoạt động"),
        "Mức hỗ trợ (triệu đồng)": ("Mức hỗ trợ", "Số tiền (triệu đồng)", "Số tiền"),
    }

    component = Field("component", "Nội dung", widget=ComponentWidget())
    year = Field("year", "Năm", widget=YearWidget())
    unit = Field("unit", "Xã", widget=CommuneWidget())
    district = TextField(column_name="Huyện", readonly=True)
    household_no = GuardedField("household_no", "Số hộ", widget=HouseholdNumber())
    group = Field("group", "Dân tộc", widget=OptionalGroup())
    works = Field("works", "Mã công trình", widget=WorksWidget())
    amount = Field("amount", "Mức hỗ trợ (triệu đồng)", widget=AmountWidget())

    class Meta:
        model = SupportedHousehold
        import_id_fields = ()
        instance_loader_class = ListLoader
        clean_model_instances = True
        skip_unchanged = True
        skip_html_diff = True
        store_instance = True
        fields = (
            "component", "year", "unit", "district", "household_no", "group", "works", "amount",
        )  # fmt: skip
        export_order = fields

    def __init__(self, *, by: User, **kwargs: Any) -> None:
        super().__init__(by=by, **kwargs)
        self.fields["component"].widget.prepare()
        for name in ("group", "unit"):
            self.fields[name].widget.prepare(by)
        self.fields["unit"].widget.day_field = LastDay(self.fields["year"], 12, 31)
        self.fields["works"].widget.by = by
        self.fields["household_no"].clean = self._number  # type: ignore[method-assign]

    def _number(self, row: Row, **kwargs: Any) -> str:
        return HouseholdNumber().clean(row.get("Số hộ"))

    def dehydrate_district(self, household: SupportedHousehold) -> str:
        return str(self.fields["unit"].widget.district_name(household.unit))

    def record_of(self, row: Row) -> SupportedHousehold | None:
        """The household of the row in its content and year.

        Raises:
            ValueError: it stands in the file before, or is told of other works already.
        """
        names = ("component", "year", "unit", "household_no")
        try:
            identity = {name: self.fields[name].clean(row) for name in names}
            works = self.fields["works"].clean(row)
        except ValueError:
            return None  # said at its cell when the columns are read
        self._see(
            tuple(identity.values()),
            f"Hộ {identity['household_no']} của {identity['unit'].full_name} đã có ở một dòng trên "
            "của tệp trong cùng nội dung và năm; mỗi hộ chỉ tính một lần.",
        )
        found = SupportedHousehold.objects.filter(**identity).select_related("works").first()
        if found is not None and found.works_id != (works.pk if works else None):
            where = f" ở công trình {found.works.code}" if found.works else ""
            raise ValueError(
                f"Hộ {found.household_no} của {identity['unit'].full_name} đã được ghi{where} "
                f"trong nội dung và năm {found.year}; mỗi hộ chỉ tính một lần."
            )
        return found

    def validate_instance(
        self, instance: Any, import_validation_errors: Any = None, **kwargs: Any
    ) -> None:
        instance.by = self.by
        super().validate_instance(instance, import_validation_errors, **kwargs)

    def words(self, record: SupportedHousehold) -> str:
        return f"Hộ {record.household_no}, {record.unit.full_name}, {record.component.code}"
