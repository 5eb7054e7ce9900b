"""What the forms of the catalogues share: their look, lists of lines, names in one spelling."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Fieldset, Layout
from django import forms
from django.core.exceptions import ValidationError

from portal.collection.workbooks.names import tidy


class Named(forms.ModelForm):
    """A form whose single lines are kept in one spelling, so that equal names are equal."""

    def clean(self) -> dict[str, Any]:
        told = super().clean() or {}
        for name, field in self.fields.items():
            if field.disabled or not isinstance(told.get(name), str):
                continue
            if isinstance(field, forms.CharField) and isinstance(field.widget, forms.TextInput):
                told[name] = tidy(told[name])
                if field.required and not told[name]:
                    self.add_error(name, field.error_messages["required"])
        return told


class LinesField(forms.CharField):
    """A list of texts, one a line; empty lines are left out, a text stands once."""

    widget = forms.Textarea(attrs={"rows": 3})

    def __init__(self, *, longest: int, **more: Any) -> None:
        self.longest = longest
        super().__init__(required=False, **more)

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(value) if isinstance(value, list) else value

    def clean(self, value: Any) -> list[str]:
        lines = [tidy(line) for line in (super().clean(value) or "").splitlines()]
        if any(len(line) > self.longest for line in lines):
            raise ValidationError(f"Mỗi dòng nhiều nhất {self.longest} ký tự.")
        return list(dict.fromkeys(filter(None, lines)))

    def has_changed(self, initial: Any, data: Any) -> bool:
        return super().has_changed(self.prepare_value(initial), data)


def in_parts(*parts: tuple[str, list[str]]) -> FormHelper:
    helper = FormHelper()
    helper.form_tag = False
    helper.disable_csrf = True
    helper.layout = Layout(*(Fieldset(title, *fields) for title, fields in parts))
    return helper


def lock(form: forms.BaseForm, names: Iterable[str], why: str) -> None:
    for name in names:
        form.fields[name].disabled = True
        form.fields[name].help_text = why


def in_capitals(form: forms.BaseForm) -> None:
    """Choices begin with a capital; an empty one says what it is."""
    for field in form.fields.values():
        empty = "Chọn" if field.required else "Không"
        if isinstance(field, forms.ModelMultipleChoiceField):
            continue
        if isinstance(field, forms.ModelChoiceField):
            field.empty_label = empty
        elif isinstance(field, (forms.ChoiceField, forms.MultipleChoiceField)):
            field.choices = [
                (value, f"{words[:1].upper()}{words[1:]}" if value else empty)
                for value, words in field.choices
            ]
