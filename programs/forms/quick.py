"""Fields that are written fast where a page has hundreds of choices."""

from __future__ import annotations

from html import escape
from typing import Any

from django import forms
from django.utils.safestring import SafeString, mark_safe

from portal.form_drawing import drawn_attributes


class QuickSelect(forms.Select):
    """A list of hundreds of choices, written without a record of each; choices have no groups."""

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        told = {"name": name, **self.build_attrs(self.attrs, attrs)}
        chosen = "" if value is None else str(value)
        options = "".join(
            f'<option value="{escape(key)}"{" selected" if key == chosen else ""}>'
            f"{escape(str(label))}</option>"
            for key, label in ((str(key), label) for key, label in self.choices)
        )
        whole = f"<select{drawn_attributes(told.items())}>{options}</select>"
        return mark_safe(whole)  # noqa: S308 - every part is escaped above
