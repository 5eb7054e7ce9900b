"""What of the plan is looked at: all of it stands in the address."""

from __future__ import annotations

from typing import Any

from django import forms

from portal.accounts.models import User
from portal.days import DayField
from portal.units.models import AdministrativeUnit
from programs.forms.quick import QuickSelect
from programs.models import (
    CapitalKind,
    CapitalPlan,
    Component,
    FundingSource,
    Organisation,
    Programme,
)
from programs.models.capital import CapitalPlanQuerySet

CHOICE: dict[str, Any] = {"required": False, "widget": QuickSelect}


class ComponentChoiceField(forms.ModelChoiceField):
    """Components by code and name, in the order of their codes."""

    def label_from_instance(self, component: Any) -> str:
        return f"{component.code} · {component.name[:70]}"


def dressed(form: forms.Form) -> None:
    """Fields that stand in a row or a table look like those of other forms."""
    for field in form.fields.values():
        chooses = isinstance(field, forms.ChoiceField)
        field.widget.attrs["class"] = "form-select" if chooses else "form-control"


class PlanFilter(forms.Form):
    nam = forms.TypedChoiceField(label="Năm", coerce=int, **CHOICE)
    du_an = ComponentChoiceField(
        label="Dự án, nội dung", queryset=Component.objects.none(), to_field_name="code",
        empty_label="Tất cả", **CHOICE,
    )  # fmt: skip
    nguon = forms.ModelChoiceField(
        label="Nguồn vốn", queryset=FundingSource.objects.all(), to_field_name="code",
        empty_label="Tất cả", **CHOICE,
    )  # fmt: skip
    loai = forms.ChoiceField(
        label="Loại vốn", choices=[("", "Tất cả"), *CapitalKind.choices], **CHOICE
    )
    dia_ban = forms.ModelChoiceField(
        label="Địa bàn", queryset=AdministrativeUnit.objects.none(), empty_label="Tất cả",
        **CHOICE,
    )  # fmt: skip
    chu_dau_tu = forms.ModelChoiceField(
        label="Chủ đầu tư", queryset=Organisation.objects.none(), empty_label="Tất cả", **CHOICE,
    )  # fmt: skip
    den_ngay = DayField(label="Tính đến ngày", required=False)

    def __init__(self, data: Any, *, programme: Programme, user: User, today: Any) -> None:
        super().__init__(data)
        seen = CapitalPlan.objects.visible_to(user).filter(programme=programme)
        years = set(seen.filter(year__isnull=False).order_by().values_list("year").distinct())
        self.years = sorted((year for (year,) in years), reverse=True) or [today.year]
        self.year = next((year for year in self.years if year <= today.year), self.years[-1])
        dressed(self)
        self.fields["nam"].choices = [(year, str(year)) for year in self.years]
        self.initial["nam"] = self.year
        self.fields["du_an"].queryset = programme.components.in_order()
        areas = seen.filter(area__isnull=False).order_by().values("area")
        self.fields["dia_ban"].queryset = AdministrativeUnit.objects.filter(pk__in=areas)
        investors = seen.filter(investor__isnull=False).order_by().values("investor")
        self.fields["chu_dau_tu"].queryset = Organisation.objects.filter(pk__in=investors)

    def told(self, name: str) -> Any:
        """What was chosen and is right; else nothing."""
        self.is_valid()
        return self.cleaned_data.get(name) if hasattr(self, "cleaned_data") else None

    def chosen_year(self) -> int:
        return int(self.told("nam") or self.year)

    def narrowed(self, lines: CapitalPlanQuerySet) -> CapitalPlanQuerySet:
        """`lines` of what was chosen, the year aside."""
        if component := self.told("du_an"):
            lines = lines.of_component(component)
        wanted = {
            "source": self.told("nguon"),
            "kind": self.told("loai"),
            "area": self.told("dia_ban"),
            "investor": self.told("chu_dau_tu"),
        }
        return lines.filter(**{name: value for name, value in wanted.items() if value})
