"""What the forms of a programme's parts share: refusals at their field, first and last days."""

from __future__ import annotations

import datetime
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db.backends.postgresql.psycopg_any import DateRange

from ethnic_data.forms.design.fields import Named, in_capitals
from portal.collection.workbooks.names import tidy
from portal.days import DayField
from portal.units.models import AdministrativeUnit, Level
from programs.forms.opened import OpenedForm
from programs.forms.unit_words import with_last_day
from programs.models import Programme

A_DAY = datetime.timedelta(days=1)
FIRST, LAST = datetime.date(1990, 1, 1), datetime.date(2100, 12, 31)
OPEN_END = "Bỏ trống khi chưa rõ ngày kết thúc."


class CodeField(forms.CharField):
    """A code in capitals, however it was typed."""

    def to_python(self, value: Any) -> str:
        return tidy(super().to_python(value)).upper()


class ProvinceField(forms.ModelChoiceField):
    """The provinces that report here, one that ended with its last day."""

    def __init__(self, **more: Any) -> None:
        provinces = AdministrativeUnit.objects.filter(level=Level.PROVINCE, is_reference=False)
        super().__init__(queryset=provinces.order_by("valid"), **more)

    def label_from_instance(self, unit: Any) -> str:
        return with_last_day(unit)


class PartForm(OpenedForm, Named):
    """A part of a programme. What a constraint refuses is told at the field of `told_at`."""

    told_at: ClassVar[dict[str, str]] = {}

    def __init__(self, *args: Any, programme: Programme | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if programme is not None and not self.instance.pk:
            self.instance.programme = programme
        in_capitals(self)

    def _get_validation_exclusions(self) -> set[str]:
        """Only what is wrong already: constraints look at more than the form shows."""
        return set(self.errors)

    def _update_errors(self, errors: ValidationError) -> None:
        told = getattr(errors, "error_dict", {})
        for error in told.pop(NON_FIELD_ERRORS, []):
            told.setdefault(self._field_of(error.message), []).append(error)
        super()._update_errors(errors)

    def _field_of(self, message: str) -> str:
        words = {
            str(constraint.violation_error_message): constraint.name
            for constraint in self._meta.model._meta.constraints
        }
        return self.told_at.get(words.get(message, ""), NON_FIELD_ERRORS)

    def tell(self, errors: ValidationError) -> None:
        """What was refused on saving, when somebody else was there at the same moment."""
        self._update_errors(errors)


class DatedForm(PartForm):
    """A part with a first day and a last day, kept as one range."""

    first_day = DayField(label="Từ ngày", error_messages={"required": "Ghi ngày bắt đầu."})
    last_day = DayField(label="Đến hết ngày", required=False, help_text=OPEN_END)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            end = self.instance.valid.upper
            self.initial.setdefault("first_day", self.instance.valid.lower)
            self.initial.setdefault("last_day", end - A_DAY if end else None)

    def clean(self) -> dict[str, Any]:
        told = super().clean()
        first, last = told.get("first_day"), told.get("last_day")
        for name, day in (("first_day", first), ("last_day", last)):
            if day and not FIRST <= day <= LAST:
                self.add_error(name, f"Ngày từ {FIRST:%d/%m/%Y} đến {LAST:%d/%m/%Y}.")
        if first and last and last < first:
            self.add_error("last_day", "Ngày kết thúc phải từ ngày bắt đầu trở đi.")
        if self.days_are_right():
            self.instance.valid = DateRange(first, last + A_DAY if last else None)
        return told

    def days_are_right(self) -> bool:
        return not {"first_day", "last_day"} & set(self.errors)

    def _get_validation_exclusions(self) -> set[str]:
        wrong = super()._get_validation_exclusions()
        return wrong if self.days_are_right() else wrong | {"valid"}
