"""What a decision says: its document and day, and rows of who is given how much."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django import forms

from portal.accounts.models import User
from portal.days import DayField
from portal.documents.forms.citing import CitedDocumentField
from portal.units.models import AdministrativeUnit, Level
from portal.units.names import fold
from programs.models import (
    CapitalKind,
    CapitalPlan,
    Component,
    FundingSource,
    Organisation,
    Programme,
    Works,
)

from .amounts import AmountField
from .filters import ComponentChoiceField, dressed

OFFERED = 300  # names in the list that a row offers
Holder = AdministrativeUnit | Organisation | Works


class DecisionForm(forms.Form):
    """The document of the register and the day from which it counts."""

    document = CitedDocumentField(
        label="Quyết định", error_messages={"required": "Ghi số, ký hiệu quyết định."}
    )
    day = DayField(
        label="Có hiệu lực từ ngày", required=False, help_text="Bỏ trống: ngày của quyết định."
    )
    note = forms.CharField(label="Ghi chú", max_length=300, required=False)

    def __init__(self, *args: Any, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["document"].by = by

    def clean(self) -> dict[str, Any]:
        told = super().clean() or {}
        if told.get("document") and not told.get("day") and "day" not in self.errors:
            told["day"] = told["document"].date
        return told


class CarryOverForm(DecisionForm):
    """The end of a year."""

    day = DayField(label="Chuyển nguồn từ ngày")


class AssignmentRow(forms.Form):
    """Money from outside for the province."""

    component = ComponentChoiceField(
        label="Dự án, nội dung", queryset=Component.objects.none(), to_field_name="code",
        error_messages={"required": "Chọn dự án."},
    )  # fmt: skip
    source = forms.ModelChoiceField(
        label="Nguồn vốn", queryset=FundingSource.objects.filter(is_active=True),
        to_field_name="code", error_messages={"required": "Chọn nguồn vốn."},
    )  # fmt: skip
    kind = forms.ChoiceField(
        label="Loại vốn", choices=[("", "---------"), *CapitalKind.choices],
        error_messages={"required": "Chọn loại vốn."},
    )  # fmt: skip
    amount = AmountField()

    def __init__(self, *args: Any, programme: Programme, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        dressed(self)
        self.fields["component"].queryset = programme.components.in_order()


class Receivers:
    """Who can be given money from one line: units and organisations below it, works of its own."""

    def __init__(self, line: CapitalPlan, *, today: datetime.date) -> None:
        last = datetime.date(line.year, 12, 31) if line.year else today
        self.units = _units_below(line, on=min(today, last))
        self.organisations = _organisations_below(line)
        below = Component.objects.filter(pk=line.component_id) | line.component.children.all()
        deeper = Component.objects.filter(parent__parent=line.component)
        self.components = (below | deeper).distinct().in_order()
        self.works = Works.objects.filter(component__in=self.components)
        if line.investor_id:
            self.works = self.works.filter(investor=line.investor_id)
        if line.area_id:
            self.works = self.works.within(line.area)

    def options(self) -> list[str]:
        """The names offered while typing."""
        works = self.works.order_by("code")[:OFFERED]
        named = [*self.units, *self.organisations]
        return [*map(str, named), *(f"{one.code} · {one.name}" for one in works)]

    def find(self, text: str) -> Holder:
        """Whom `text` names.

        Raises:
            ValidationError: nobody, or several.
        """
        key, code = fold(text), text.partition("·")[0].strip()
        found: Sequence[Holder] = [
            one for one in (*self.units, *self.organisations) if fold(str(one)) == key
        ]
        found = found or list(self.works.filter(code__iexact=code)[:2])
        found = found or list(self.works.filter(name_key=key)[:2])
        if len(found) == 1:
            return found[0]
        if found:
            raise forms.ValidationError(f"Có nhiều nơi tên “{text[:60]}”. Ghi mã công trình.")
        raise forms.ValidationError(
            f"Không có đơn vị, chủ đầu tư hoặc công trình “{text[:60]}” nhận được vốn của dòng này."
        )


def _units_below(line: CapitalPlan, *, on: datetime.date) -> list[AdministrativeUnit]:
    if line.unit is None:
        return []
    levels = [Level.DISTRICT, Level.COMMUNE] if line.holder == "province" else [Level.COMMUNE]
    below = AdministrativeUnit.objects.on(on).filter(level__in=levels, is_reference=False)
    if line.holder == "province":
        districts = [one for one in below if one.level == Level.DISTRICT]
        return districts or list(below)
    return list(below.within(line.unit, on=on))


def _organisations_below(line: CapitalPlan) -> list[Organisation]:
    if line.holder in ("investor", "works"):
        return []
    found = Organisation.objects.filter(is_active=True)
    return list(found.investors() if line.holder == "agency" else found)


class AllocationRow(forms.Form):
    """Money from a line for one below it."""

    receiver = forms.CharField(
        label="Nơi nhận", max_length=400, error_messages={"required": "Ghi nơi nhận."}
    )
    component = ComponentChoiceField(
        label="Dự án, nội dung", queryset=Component.objects.none(), to_field_name="code",
        required=False, empty_label="Như dòng cấp trên",
    )  # fmt: skip
    amount = AmountField()

    def __init__(self, *args: Any, receivers: Receivers, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.receivers = receivers
        dressed(self)
        self.fields["receiver"].widget.attrs |= {
            "list": "noi-nhan", "autocomplete": "off", "placeholder": "Huyện, xã, chủ đầu tư…"
        }  # fmt: skip
        self.fields["component"].queryset = receivers.components

    def clean_receiver(self) -> Holder:
        return self.receivers.find(self.cleaned_data["receiver"])


class AdjustmentForm(DecisionForm):
    """More or less on lines, each with a field of its own."""

    def __init__(self, *args: Any, lines: Sequence[CapitalPlan], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.lines = lines
        for line in lines:
            self.fields[f"line_{line.pk}"] = AmountField(
                label="Tăng (+), giảm (−)", required=False, signed=True
            )
            self.fields[f"line_{line.pk}"].widget.attrs["class"] = "form-control"

    def rows(self) -> list[tuple[CapitalPlan, forms.BoundField]]:
        return [(line, self[f"line_{line.pk}"]) for line in self.lines]

    def amounts(self) -> list[tuple[CapitalPlan, Decimal]]:
        """Lines whose amount changes."""
        told = ((line, self.cleaned_data.get(f"line_{line.pk}")) for line in self.lines)
        return [(line, amount) for line, amount in told if amount]
