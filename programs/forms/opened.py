"""A form that knows what it showed when it was opened, and does not overwrite what came since."""

from __future__ import annotations

import datetime
import hashlib
import json
from decimal import Decimal
from typing import Any

from django import forms
from django.utils import timezone

from portal.formats import moment, number
from programs.models import Edit

OPENED = "opened"
MARK = 10  # letters of a mark


class OpenedForm(forms.ModelForm):
    """For a row that is there already. Its field `opened`, hidden, goes along with what was shown:
    a short mark of each field's value. Where the row says something else by then, nothing is
    stored; the form tells who changed what and keeps what was typed, and may be sent again.

    The page draws {{ form.opened }} and holds the row while it saves (programs.views.saving).
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.fields[OPENED] = forms.CharField(
                required=False, widget=forms.HiddenInput, initial=self.marks
            )

    def marks(self) -> str:
        """When this form was made, and a mark of every field's value in the database."""
        now = timezone.now().timestamp()
        return json.dumps({"at": int(now), "of": {name: self._mark(name) for name in self._shown}})

    @property
    def _shown(self) -> list[str]:
        return [name for name in self.fields if name != OPENED]

    def _stands(self, name: str) -> Any:
        return self.get_initial_for_field(self.fields[name], name)

    def _mark(self, name: str) -> str:
        value = self._stands(name)
        text = "" if value is None else str(getattr(value, "pk", value))
        return hashlib.sha256(text.encode()).hexdigest()[:MARK]

    def clean(self) -> dict[str, Any]:
        told: dict[str, Any] = super().clean() or self.cleaned_data
        seen = _read(told.pop(OPENED, ""))
        if not self.instance.pk or seen is None:
            return told
        changed = [
            name for name in self._shown if seen["of"].get(name, "") not in ("", self._mark(name))
        ]
        if changed:
            self._tell_changed(changed, seen["at"])
        return told

    def _tell_changed(self, names: list[str], opened_at: int) -> None:
        last = Edit.objects.of(self.instance).select_related("by").first()
        who = "Người khác (hoặc một tệp nhập vào)"
        if last is not None and last.at.timestamp() >= opened_at:
            who = f"{last.by} ({moment(last.at)})"
        listed = ", ".join(f"{self.fields[name].label}: {self._words(name)}" for name in names)
        self.add_error(
            None,
            f"{who} đã sửa mục này sau khi anh, chị mở. Nay trong hệ thống là {listed}. Nội dung "
            "anh, chị nhập vẫn ở dưới đây, chưa lưu; so với bản mới rồi lưu lại.",
        )
        self.data = self.data.copy()
        self.data[self.add_prefix(OPENED)] = self.marks()

    def _words(self, name: str) -> str:
        """What stands in the database, in the words of the form."""
        value, field = self._stands(name), self.fields[name]
        if isinstance(value, bool):
            return "có" if value else "không"
        if value in (None, ""):
            return "bỏ trống"
        choices = getattr(field, "choices", ())
        wanted = str(getattr(value, "pk", value))
        for key, label in choices:
            if str(key) == wanted:
                return f"“{label}”"
        if isinstance(value, datetime.date):
            return f"{value:%d/%m/%Y}"
        if isinstance(value, Decimal):
            return number(value)
        return f"“{field.prepare_value(value)}”"


def _read(text: str) -> dict[str, Any] | None:
    """The marks that came back; None for none, or for what is none."""
    try:
        told = json.loads(text)
        marks, at = told["of"], int(told["at"])
    except (ValueError, TypeError, KeyError, OverflowError, RecursionError):
        return None
    return {"of": marks, "at": at} if isinstance(marks, dict) else None
