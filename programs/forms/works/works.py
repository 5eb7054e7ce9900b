"""The form of works: what they are, who builds them, when, and in which communes."""

from __future__ import annotations

import datetime
from decimal import Decimal
from itertools import groupby
from typing import Any, ClassVar

from crispy_forms.layout import Div
from django import forms
from django.utils import timezone

from ethnic_data.forms.design.fields import in_parts
from portal.accounts.models import User
from portal.collection.workbooks.names import tidy
from portal.days import DayField
from portal.units.models import AdministrativeUnit, Level
from programs.communes import Communes
from programs.forms.capital.amounts import AmountField
from programs.forms.design.parts import FIRST, LAST, PartForm
from programs.models import Component, Works
from programs.models.works import Place
from programs.resources.cells import doubtful
from programs.services.works import communes_for, investors_for

PLACES = 4
DAYS = ("planned_start", "planned_finish", "actual_start")


class CommuneInput(forms.TextInput):
    """A text field that offers the communes; the first of them carries the list for all."""

    template_name = "programs/works/commune_input.html"
    offered: tuple[str, ...] | None = None

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        attrs = {**(attrs or {}), "list": "cac-xa", "autocomplete": "off"}
        return super().get_context(name, value, attrs) | {"offered": self.offered}


class DegreesField(forms.CharField):
    """Decimal degrees, with a point or a comma."""

    def __init__(self, *, label: str, **more: Any) -> None:
        super().__init__(label=label, required=False, max_length=20, **more)
        self.widget.attrs |= {"inputmode": "decimal", "autocomplete": "off"}

    def clean(self, value: Any) -> float | None:  # type: ignore[override]
        text = super().clean(value)
        if not text:
            return None
        try:
            found = Decimal(text.replace(",", "."))
        except ArithmeticError:
            found = Decimal("NaN")
        if not found.is_finite():
            raise forms.ValidationError("Ghi độ thập phân, ví dụ 21,3456.")
        return round(float(found), 6)

    def prepare_value(self, value: Any) -> Any:
        return f"{value:g}".replace(".", ",") if isinstance(value, float) else value


class WorksForm(PartForm):
    total_investment = AmountField(label="Tổng mức đầu tư (triệu đồng)", required=False)
    latitude = DegreesField(label="Vĩ độ", help_text="Độ thập phân, ví dụ 21,3456.")
    longitude = DegreesField(label="Kinh độ", help_text="Bỏ trống cả hai khi chưa đo.")
    told_at: ClassVar[dict[str, str]] = {
        "works_investment_positive": "total_investment",
        "works_planned_in_order": "planned_finish",
        "works_done_in_order": "actual_start",
        "works_in_viet_nam": "latitude",
    }

    class Meta:
        model = Works
        fields = [
            "code", "name", "component", "investor", "kind", "total_investment", "planned_start",
            "planned_finish", "actual_start", "latitude", "longitude", "note",
        ]  # fmt: skip
        help_texts = {"code": "Như trong biểu mẫu và kho bạc, ví dụ CT-SD-2023-01."}

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        self.communes = Communes()
        for name in DAYS:
            self.fields[name] = DayField(label=str(self.fields[name].label), required=False)
        self.fields["actual_start"].help_text = "Bỏ trống thì lấy ngày ghi “đang thực hiện”."
        self.fields["investor"].queryset = investors_for(user)
        self.fields["component"].choices = component_choices()
        self._add_places()
        self.helper = in_parts(
            ("Công trình, hoạt động", ["code", "name", "component", "kind", "investor",
                                       "total_investment"]),
            ("Thời gian", list(DAYS)),
            ("Địa điểm", self.pairs),
            ("Vị trí, ghi chú", ["latitude", "longitude", "note"]),
        )  # fmt: skip

    @property
    def pairs(self) -> list[Any]:
        """Each commune with its villages beside it."""
        numbers = [name[3:] for name in self.fields if name.startswith("xa_")]
        return [Div(f"xa_{n}", f"thon_{n}", css_class="form-pair") for n in numbers]

    def _add_places(self) -> None:
        day = self.instance.planned_start or timezone.localdate()
        standing = list(self.instance.place_rows.select_related("unit")) if self.instance.pk else []
        offered = tuple(sorted({self.communes.written(u, day) for u in self.seen_communes()}))
        for n in range(max(PLACES, len(standing))):
            row = standing[n] if n < len(standing) else None
            words = "Xã, phường, thị trấn" if not n else f"Xã, phường, thị trấn thứ {n + 1}"
            self.fields[f"xa_{n}"] = forms.CharField(
                label=words,
                required=not n,
                max_length=120,
                widget=CommuneInput(),
                initial=self.communes.written(row.unit, day) if row else "",
                help_text="" if n else "Tên hoặc mã; nhiều xã thì ghi tiếp ở dưới.",
                error_messages={"required": "Ghi xã nơi có công trình."},
            )
            self.fields[f"thon_{n}"] = forms.CharField(
                label="Thôn, bản",
                required=False,
                max_length=200,
                initial=row.village if row else "",
            )
        self.fields["xa_0"].widget.offered = offered

    def seen_communes(self) -> list[AdministrativeUnit]:
        """The communes of the own area, of every time; all of them for investors."""
        if not hasattr(self, "_seen"):
            self._seen = list(communes_for(self.user))
        return self._seen

    def clean_name(self) -> str:
        name = tidy(self.cleaned_data["name"])
        if not name:
            raise forms.ValidationError("Ghi tên công trình.")
        return name

    def clean_total_investment(self) -> Decimal | None:
        amount: Decimal | None = self.cleaned_data["total_investment"]
        if amount is not None and (wrong := doubtful(amount)):
            raise forms.ValidationError(wrong)
        return amount

    def clean(self) -> dict[str, Any]:
        told = super().clean()
        for name in DAYS:
            if (day := told.get(name)) and not FIRST <= day <= LAST:
                self.add_error(name, f"Ngày từ {FIRST:%d/%m/%Y} đến {LAST:%d/%m/%Y}.")
        start = told.get("actual_start")
        if start and start > timezone.localdate():
            self.add_error("actual_start", "Ngày này chưa đến.")
        if (told.get("latitude") is None) != (told.get("longitude") is None):
            missing = "longitude" if told.get("longitude") is None else "latitude"
            if missing not in self.errors:
                self.add_error(missing, "Ghi đủ cả vĩ độ và kinh độ.")
        if "planned_start" not in self.errors:
            self.places = self._places(told.get("planned_start") or timezone.localdate())
            self._refuse_where_not_carried_out(told)
        return told

    def _places(self, day: datetime.date) -> list[Place]:
        places: list[Place] = []
        for name in self.fields:
            text = tidy(self.cleaned_data.get(name) or "") if name.startswith("xa_") else ""
            if not text:
                continue
            village = tidy(self.cleaned_data.get(f"thon_{name[3:]}") or "")
            try:
                place = Place(self.communes.find(text, on=day), village)
            except ValueError as refused:
                self.add_error(name, str(refused))
                continue
            if place in places:
                self.add_error(name, "Địa điểm này đã ghi ở trên.")
            places.append(place)
        return self._refuse_places_of_others(places)

    def _refuse_places_of_others(self, places: list[Place]) -> list[Place]:
        if places and not any(place.unit in self.seen_communes() for place in places):
            self.add_error("xa_0", "Chọn xã trong địa bàn của mình.")
        return places

    def _refuse_where_not_carried_out(self, told: dict[str, Any]) -> None:
        component = told.get("component")
        if component and self.places and not self.errors:
            day = told.get("planned_start") or timezone.localdate()
            if why := not_carried_out(component, self.places[0].unit, day):
                self.add_error("component", why)


def component_choices() -> list[Any]:
    """Components by code and name, under the short name of their programme."""
    known = Component.objects.select_related("programme").in_order()
    return [
        ("", "Chọn"),
        *(
            (name, [(one.pk, f"{one.code} {one.name[:80]}") for one in group])
            for name, group in groupby(known, key=lambda one: one.programme.short_name)
        ),
    ]


def not_carried_out(component: Component, unit: AdministrativeUnit, day: datetime.date) -> str:
    """Why the component is not carried out where the commune lies on `day`; "" when it is."""
    provinces = AdministrativeUnit.objects.filter(
        level=Level.PROVINCE, descendants__unit=unit, descendants__valid__contains=day
    )
    for province in provinces:
        excluded = Component.objects.filter(pk=component.pk).excluded_from(province, on=day)
        if excluded.exists():
            return f"{component.code} không thực hiện tại {province.full_name}."
    return ""
