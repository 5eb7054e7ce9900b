"""The filters of portal.formats for templates: {{ value|number:1 }}, {{ when|moment }} ..."""

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from portal import formats

register = template.Library()

for name in (
    "number",
    "signed",
    "percent",
    "share",
    "points",
    "money",
    "day",
    "moment",
    "day_in_words",
    "file_size",
    "lateness",
    "missing_words",
):
    register.filter(name, getattr(formats, name))


@register.filter
def or_reason(value: object, reason: object) -> SafeString | str:
    """{{ row.value|or_reason:row.missing }}: the number, or quietly why there is none."""
    if formats.as_decimal(value) is None:
        return format_html('<span class="missing">{}</span>', formats.missing_words(reason))
    return formats.number(value)
