"""What narrows the list and the map of works. A value that makes no sense is left out."""

from __future__ import annotations

import datetime
from typing import Any

from django import forms
from django.db.models import Q

from portal.accounts.models import User
from portal.formats import read_whole
from portal.units.models import AdministrativeUnit, Level, UnitAncestor, UnitShare
from programs.forms.quick import QuickSelect
from programs.forms.unit_words import with_last_day
from programs.models import Component, Organisation, State, Works, WorksPlace
from programs.models.works import WorksQuerySet, units_in

ALL = "Tất cả"


class ComponentChoice(forms.ModelChoiceField):
    def label_from_instance(self, component: Any) -> str:
        return f"{component.code} {component.name[:60]}"


class UnitChoice(forms.ModelChoiceField):
    """Units of more than one time: one that ended says until when it was there."""

    def label_from_instance(self, unit: Any) -> str:
        return with_last_day(unit)


CHOICE: dict[str, Any] = {
    "queryset": None,
    "required": False,
    "empty_label": ALL,
    "widget": QuickSelect,
}


class WorksFilter(forms.Form):
    q = forms.CharField(label="Mã hoặc tên", required=False, max_length=120)
    du_an = ComponentChoice(label="Dự án, nội dung", **CHOICE)
    huyen = UnitChoice(label="Huyện", **CHOICE)
    tinh_trang = forms.ChoiceField(
        label="Tình trạng", required=False, choices=[("", ALL), *State.choices]
    )
    xa = UnitChoice(label="Xã", **CHOICE)
    chu_dau_tu = forms.ModelChoiceField(label="Chủ đầu tư", to_field_name="code", **CHOICE)
    loai = forms.ChoiceField(label="Loại", required=False, choices=[("", ALL), *Works.Kind.choices])
    cham = forms.BooleanField(label="Chỉ công trình chậm", required=False)

    NEAR = ("q", "du_an", "huyen", "tinh_trang")

    def __init__(self, data: Any, *, user: User, today: datetime.date) -> None:
        super().__init__(data)
        self.today = today
        self.works = Works.objects.visible_to(user)
        there = self.works.order_by()
        units = AdministrativeUnit.objects.filter(is_reference=False)
        standing = WorksPlace.objects.order_by().values("unit")
        gone_into = UnitShare.objects.filter(unit__in=standing, weight=1).values("target")
        asked = read_whole(data.get("xa", ""))  # by a link of the page of one that ended
        places = units.filter(
            Q(pk__in=standing) | Q(pk__in=gone_into, valid__contains=today) | Q(pk=asked),
            level=Level.COMMUNE,
        )
        fields: dict[str, Any] = self.fields
        fields["du_an"].queryset = Component.objects.in_order()
        fields["huyen"].queryset = units.filter(
            level=Level.DISTRICT,
            pk__in=UnitAncestor.objects.filter(unit__in=standing).values("ancestor"),
        )
        fields["xa"].queryset = places
        if not user.sees_every_unit and user.area_id is not None:
            seen = units_in(user.area_id).values("pk")
            fields["xa"].queryset = places.filter(pk__in=seen)
            fields["huyen"].queryset = fields["huyen"].queryset.filter(pk__in=seen)
        fields["chu_dau_tu"].queryset = Organisation.objects.filter(pk__in=there.values("investor"))
        for name, field in fields.items():
            if name != "cham":
                chooses = isinstance(field, forms.ChoiceField)
                field.widget.attrs["class"] = "form-select" if chooses else "form-control"
                field.widget.attrs["id"] = f"loc-{name.replace('_', '-')}"
            if name in ("tinh_trang", "loai"):
                field.choices = [
                    (value, f"{word[:1].upper()}{word[1:]}") for value, word in field.choices
                ]
        self.is_valid()

    @property
    def chosen(self) -> dict[str, Any]:
        return self.cleaned_data

    @property
    def near(self) -> list[forms.BoundField]:
        return [self[name] for name in self.NEAR]

    @property
    def folded(self) -> list[forms.BoundField]:
        return [self[name] for name in ("xa", "chu_dau_tu", "loai")]

    @property
    def is_unfolded(self) -> bool:
        return any(self.chosen.get(name) for name in ("xa", "chu_dau_tu", "loai", "cham"))

    @property
    def is_asked(self) -> bool:
        return any(self.chosen.get(name) for name in self.fields)

    def narrowed(self) -> WorksQuerySet:
        told = self.chosen
        works = self.works.search(told.get("q", ""))
        if component := told.get("du_an"):
            works = works.filter(
                Q(component=component)
                | Q(component__parent=component)
                | Q(component__parent__parent=component)
            )
        for name in ("huyen", "xa"):
            if unit := told.get(name):
                works = works.within(unit)
        wanted = {
            "state": told.get("tinh_trang"),
            "investor": told.get("chu_dau_tu"),
            "kind": told.get("loai"),
        }
        works = works.filter(**{name: value for name, value in wanted.items() if value})
        return works.late(on=self.today) if told.get("cham") else works
