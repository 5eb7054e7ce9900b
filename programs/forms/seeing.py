"""What is looked at of a programme's money: all of it stands in the address."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from typing import Any

from django import forms

from portal.days import DayField
from portal.formats import read_whole
from portal.units.models import AdministrativeUnit
from programs.aggregation import AT_PROVINCE, LOW, NOT_ALLOCATED, Names, Question, day_of
from programs.forms.quick import QuickSelect
from programs.models import CapitalKind, FundingSource, Organisation, Programme
from programs.models.capital import CapitalPlanQuerySet

NOBODY = "khong"  # the lines that have no district, no investor; of a component its own lines
WHOLE, OWN = "", "rieng"
ALL = ("", "Tất cả")
CHOICE: dict[str, Any] = {"required": False, "widget": QuickSelect}


class SeeingFilter(forms.Form):
    """The year, the day and five filters; nonsense is told at its field and taken as not asked."""

    nam = forms.TypedChoiceField(label="Năm", coerce=int, **CHOICE)
    den_ngay = DayField(label="Tính đến hết ngày", required=False)
    du_an = forms.ChoiceField(label="Dự án, nội dung", **CHOICE)
    nguon = forms.ChoiceField(label="Nguồn vốn", **CHOICE)
    loai = forms.ChoiceField(label="Loại vốn", choices=[ALL, *CapitalKind.choices], **CHOICE)
    dia_ban = forms.ChoiceField(label="Địa bàn", **CHOICE)
    chu_dau_tu = forms.ChoiceField(label="Chủ đầu tư", **CHOICE)
    xa = forms.ModelChoiceField(
        AdministrativeUnit.objects.none(), required=False, widget=forms.HiddenInput
    )
    phan = forms.ChoiceField(
        choices=[(WHOLE, ""), (OWN, "")], required=False, widget=forms.HiddenInput
    )

    def __init__(
        self,
        data: Any,
        *,
        programme: Programme,
        visible: CapitalPlanQuerySet,
        today: datetime.date,
    ) -> None:
        super().__init__(data)
        self.programme, self.today = programme, today
        seen = visible.filter(programme=programme, year__isnull=False).order_by()
        years, areas, investors = _told_of(seen, whole=not visible.query.where)
        self.years = sorted(years, reverse=True)
        begun = [year for year in self.years if year <= today.year]
        self.year = (begun or self.years or [today.year])[0]
        self.fields["nam"].choices = [(year, str(year)) for year in self.years or [self.year]]
        self.components = {one.code: one for one in programme.components.in_order()}
        self.sources = {one.code: one for one in FundingSource.objects.all()}
        self.areas = _by_key(AdministrativeUnit.objects.filter(pk__in=areas))
        self.investors = _by_key(Organisation.objects.filter(pk__in=investors))
        self.fields["du_an"].choices = [
            ALL, *((code, f"{code} · {one.name[:60]}") for code, one in self.components.items())
        ]  # fmt: skip
        self.fields["nguon"].choices = [ALL, *((c, one.name) for c, one in self.sources.items())]
        self.fields["dia_ban"].choices = _choices(self.areas, AT_PROVINCE)
        self.fields["chu_dau_tu"].choices = _choices(self.investors, NOT_ALLOCATED)
        self.fields["xa"].queryset = AdministrativeUnit.objects.filter(is_reference=False)
        self.initial["nam"] = self.year
        for field in self.fields.values():
            look = "form-control" if isinstance(field, forms.DateField) else "form-select"
            field.widget.attrs["class"] = look

    @property
    def names(self) -> Names:
        """What the choices are called: the parts of every cut are among them."""
        return Names(
            sorted(self.components.values(), key=lambda one: (one.number, one.code)),
            list(self.sources.values()),
            list(self.areas.values()),
            list(self.investors.values()),
        )

    @property
    def first_fields(self) -> list[forms.BoundField]:
        return [self["nam"], self["den_ngay"]]

    @property
    def more_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in ("du_an", "nguon", "loai", "dia_ban", "chu_dau_tu")]

    def clean_den_ngay(self) -> datetime.date | None:
        day: datetime.date | None = self.cleaned_data["den_ngay"]
        if day and not 2000 <= day.year <= 2100:
            raise forms.ValidationError("Năm phải từ 2000 đến 2100.")
        return day

    def told(self, name: str) -> Any:
        """What was chosen and is right; else nothing."""
        self.is_valid()
        return self.cleaned_data.get(name) if hasattr(self, "cleaned_data") else None

    @property
    def question(self) -> Question:
        year = int(self.told("nam") or self.year)
        area, investor = self.told("dia_ban"), self.told("chu_dau_tu")
        component = self.components.get(self.told("du_an") or "")
        without = {
            name for name, chosen in (("area", area), ("investor", investor)) if chosen == NOBODY
        }
        if component and self.told("phan") == OWN:
            without.add("component")
        return Question(
            programme=self.programme,
            year=year,
            day=self.told("den_ngay") or day_of(year, self.today),
            component=component,
            source=self.sources.get(self.told("nguon") or ""),
            kind=self.told("loai") or "",
            area=self.areas.get(area or ""),
            investor=self.investors.get(investor or ""),
            place=self.told("xa"),
            without=frozenset(without),
        )

    @property
    def threshold(self) -> int:
        """The rate below which something is slow, in per cent, from ?nguong=."""
        asked = read_whole(self.data.get("nguong", "")) or 0
        return asked if 0 < asked <= 100 else LOW


def address_of(question: Question, *, today: datetime.date) -> dict[str, str]:
    """The question as the address says it; SeeingFilter reads it back."""
    told = {
        "chuong-trinh": question.programme.code,
        "nam": str(question.year),
        "den_ngay": question.day.strftime("%d/%m/%Y")
        if question.day != day_of(question.year, today)
        else "",
        "du_an": question.component.code if question.component else "",
        "phan": OWN if question.component and "component" in question.without else "",
        "nguon": question.source.code if question.source else "",
        "loai": question.kind,
        "dia_ban": _key(question.area, "area" in question.without),
        "xa": _key(question.place, False),
        "chu_dau_tu": _key(question.investor, "investor" in question.without),
    }
    return {name: value for name, value in told.items() if value}


def _key(chosen: Any, nobody: bool) -> str:
    return str(chosen.pk) if chosen else NOBODY if nobody else ""


def _told_of(seen: CapitalPlanQuerySet, *, whole: bool) -> tuple[Any, Any, Any]:
    """Years, areas and investors of lines. Whose are all is looked up by index, one by one; of
    lines that must be searched for, all three are read at once."""
    if whole:
        return (
            seen.values_list("year", flat=True).distinct(),
            seen.filter(area__isnull=False).values("area"),
            seen.filter(investor__isnull=False).values("investor"),
        )
    told = list(seen.values_list("year", "area", "investor").distinct())
    years, areas, investors = ({row[n] for row in told} - {None} for n in range(3))
    return years, areas, investors


def _by_key(found: Iterable[Any]) -> dict[str, Any]:
    return {str(one.pk): one for one in found}


def _choices(found: dict[str, Any], nobody: str) -> list[tuple[str, str]]:
    return [ALL, *((key, str(one)) for key, one in found.items()), (NOBODY, nobody)]
