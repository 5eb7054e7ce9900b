"""Lists of choices written at once: Django's own templates take two more for every option."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from html import escape
from typing import Any

from django.forms.renderers import TemplatesSetting
from django.utils.formats import localize
from django.utils.safestring import SafeString, mark_safe

SELECT = "django/forms/widgets/select.html"
OPTION = "django/forms/widgets/select_option.html"


class QuickForms(TemplatesSetting):
    """Draws as Django does, to the letter; a page has hundreds of choices in its lists."""

    def render(self, template_name: str, context: Any, request: Any = None) -> str:
        if template_name == SELECT and _is_plain(context["widget"]):
            return drawn_select(context["widget"])
        return super().render(template_name, context, request)


def drawn_select(widget: Mapping[str, Any]) -> SafeString:
    """What django/forms/widgets/select.html makes of the context of a list of choices."""
    drawn = []
    for name, options, _ in widget["optgroups"]:
        if name:
            drawn.append(f'\n  <optgroup label="{_text(name)}">')
        for one in options:
            value, attributes = _text(str(one["value"])), drawn_attributes(one["attrs"].items())
            drawn.append(f'\n  <option value="{value}"{attributes}>{_text(one["label"])}</option>')
        if name:
            drawn.append("\n  </optgroup>")
    attributes = drawn_attributes(widget["attrs"].items())
    whole = f'<select name="{_text(widget["name"])}"{attributes}>{"".join(drawn)}\n</select>'
    return mark_safe(whole)  # noqa: S308 - every part is escaped above


def drawn_attributes(attributes: Iterable[tuple[str, Any]]) -> str:
    """As django/forms/widgets/attrs.html: none for False, the name alone for True."""
    return "".join(
        f" {name}" if value is True else f' {name}="{_text(str(value))}"'
        for name, value in attributes
        if value is not False
    )


def _text(value: Any) -> str:
    if hasattr(value, "__html__"):
        return str(value.__html__())
    return escape(value if isinstance(value, str) else str(localize(value)))


def _is_plain(widget: Mapping[str, Any]) -> bool:
    return all(
        one["template_name"] == OPTION for _, options, _ in widget["optgroups"] for one in options
    )
