"""Cells of the programmes' lists: components, investors, amounts, communes on a day."""

from __future__ import annotations

import datetime
from collections import defaultdict
from decimal import Decimal
from typing import Any

from django.utils import timezone
from import_export.fields import Field
from import_export.widgets import Widget

from portal.collection.lists.cells import DayWidget, as_written, harmless, number_in, text_of
from portal.collection.workbooks.names import tidy
from portal.collection.workbooks.numbers import NotANumber, Unclear
from portal.formats import number, rounded
from portal.units.names import fold
from programs.communes import Communes
from programs.models import Component, Organisation, Works
from programs.models.works import Place

PROGRAMME, START, COMMUNE, VILLAGE = "Chương trình", "Khởi công theo kế hoạch", "Xã", "Thôn"
DOUBTFUL = Decimal(1_000_000)  # million đồng: no works of a province cost that; đồng do


class ComponentWidget(Widget):
    """A component by its code; by its programme too where two have the code."""

    def prepare(self) -> None:
        self.known: dict[str, list[Component]] = defaultdict(list)
        for one in Component.objects.select_related("programme", "parent__parent"):
            self.known[one.code].append(one)

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> Component:
        text = text_of(value).upper()
        if not text:
            raise ValueError("Ghi mã dự án, tiểu dự án hoặc nội dung.")
        found = self.known.get(text, [])
        if programme := text_of((row or {}).get(PROGRAMME)):
            wanted = fold(programme)
            found = [one for one in found if wanted in _names(one)]
        if not found:
            raise ValueError(f"Không có dự án, nội dung nào mã “{text[:40]}”.")
        if len(found) > 1:
            names = "; ".join(one.programme.code for one in found)
            raise ValueError(f"Mã “{text}” có ở nhiều chương trình. Ghi cột {PROGRAMME}: {names}.")
        return found[0]

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> str:
        return value.code if value else ""


def _names(component: Component) -> set[str]:
    return {fold(component.programme.code), fold(component.programme.short_name)}


class InvestorWidget(Widget):
    """An investor by code or name; `allowed` are those that the sender may write."""

    def prepare(self, allowed: Any) -> None:
        self.known: dict[str, Organisation] = {}
        for one in Organisation.objects.investors():
            self.known |= {fold(one.name): one, fold(one.code): one}
        self.allowed = set(allowed.values_list("pk", flat=True))

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> Organisation:
        text = text_of(value)
        if not text:
            raise ValueError("Ghi mã hoặc tên chủ đầu tư.")
        found = self.known.get(fold(text))
        if found is None:
            raise ValueError(f"Không có chủ đầu tư nào mã hoặc tên “{text[:60]}”.")
        if found.pk not in self.allowed:
            raise ValueError(f"{found} không phải đơn vị của mình.")
        return found

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> str:
        return value.code if value else ""


class MillionWidget(Widget):
    """Million đồng to the thousand, with a sign."""

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> Decimal | None:
        text = text_of(value)
        if not text:
            return None
        try:
            amount = number_in(value)
        except Unclear:
            raise ValueError(
                f"“{text}” đọc được hai cách. Ghi không có dấu ngăn nghìn, ví dụ 1250,5."
            ) from None
        except NotANumber:
            raise ValueError(f"“{text[:40]}” không phải là số triệu đồng.") from None
        if amount != rounded(amount, 3):
            raise ValueError("Nhiều nhất ba chữ số sau dấu phẩy.")
        return amount

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> str:
        return "" if value is None else f"{Decimal(value).normalize():f}".replace(".", ",")


class AmountWidget(MillionWidget):
    """What one works may cost; an amount that can only be đồng is asked about."""

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> Decimal | None:
        amount = super().clean(value, row, **kwargs)
        if amount is not None and (wrong := doubtful(amount)):
            raise ValueError(wrong)
        return amount


def doubtful(amount: Decimal) -> str:
    """What to ask about an amount of million đồng that looks like đồng; "" when it does not."""
    if amount < DOUBTFUL:
        return ""
    millions = number(amount / 1_000_000)
    return (
        f"{number(amount)} triệu đồng là quá lớn. Số này tính bằng đồng? Nếu vậy ghi {millions} "
        "(triệu đồng)."
    )


class DegreesWidget(Widget):
    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> float | None:
        text = text_of(value).replace(",", ".")
        if not text:
            return None
        try:
            found = Decimal(text)
        except ArithmeticError:
            found = Decimal("NaN")
        if not found.is_finite():
            raise ValueError(f"“{text[:40]}” không phải là toạ độ. Ghi độ thập phân: 21,3456.")
        return round(float(found), 6)

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> str:
        return "" if value is None else f"{value:g}".replace(".", ",")


class PlacesField(Field):
    """Communes, ";" between them, as they are on the planned start of the row."""

    def __init__(self) -> None:
        super().__init__("told_places", COMMUNE)

    def prepare(self, communes: Communes) -> None:
        self.communes = communes

    def day(self, works: Works) -> datetime.date:
        return works.planned_start or timezone.localdate()

    def get_value(self, instance: Any) -> list[Place]:
        if (told := getattr(instance, "told_places", None)) is not None:
            return list(told)
        if instance.pk is None:
            return []
        return [Place(row.unit, row.village) for row in instance.place_rows.all()]

    def export(self, instance: Any, **kwargs: Any) -> str:
        day = self.day(instance)
        communes: list[str] = []
        for place in self.get_value(instance):
            communes.append(self.communes.written(place.unit, day))
        return "; ".join(communes)

    def save(self, instance: Any, row: Any, is_m2m: bool = False, **kwargs: Any) -> None:
        names = _parts(row.get(COMMUNE))
        if not names and instance.pk is None:
            raise ValueError("Ghi xã nơi có công trình.")
        villages = _parts(row.get(VILLAGE), keep_empty=True)
        standing = self.get_value(instance)
        day = DayWidget().clean(row.get(START)) or self.day(instance)
        if not names:
            units = [place.unit for place in standing]
            if START in row:
                for unit in units:
                    if day not in unit.valid:
                        raise ValueError(self.communes.gone([unit], day))
        else:
            units = [self.communes.find(name, on=day) for name in names]
        if not villages and VILLAGE not in row:
            villages = [place.village for place in standing]
        padded = [*villages, *[""] * len(units)]
        places = [Place(unit, village) for unit, village in zip(units, padded, strict=False)]
        if len(set(places)) != len(places):
            raise ValueError("Một địa điểm ghi hai lần.")
        instance.told_places = places


class VillagesField(Field):
    """The villages in each commune, in the order of the communes; read with them."""

    def __init__(self, places: PlacesField) -> None:
        super().__init__("told_villages", VILLAGE)
        self.places = places

    def get_value(self, instance: Any) -> str:
        return "; ".join(place.village for place in self.places.get_value(instance)).strip("; ")

    def export(self, instance: Any, **kwargs: Any) -> str:
        return harmless(self.get_value(instance))

    def save(self, instance: Any, row: Any, is_m2m: bool = False, **kwargs: Any) -> None:
        longest = max((len(part) for part in _parts(row.get(VILLAGE))), default=0)
        if longest > 200:
            raise ValueError("Tên thôn nhiều nhất 200 ký tự.")


def _parts(value: Any, *, keep_empty: bool = False) -> list[str]:
    parts = [tidy(part) for part in as_written(text_of(value)).split(";")]
    return [part for part in parts if part] if not keep_empty or not any(parts) else parts
