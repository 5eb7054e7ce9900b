"""How a submission's state, a duty's deadline and a cell of the grid are shown."""

from __future__ import annotations

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from portal import formats
from portal.collection.models import Reviewer, Submission
from portal.collection.services.duties import Duty
from portal.collection.services.grids import GridCell
from portal.collection.services.timeliness import STATES, Record
from portal.collection.stores import StoredValue
from portal.collection.workbooks.layout import Column
from portal.templatetags.portal_components import chip

register = template.Library()

CHIP_KINDS = {
    "draft": "draft",
    "submitted": "waiting",
    "returned": "returned",
    "approved": "done",
    "superseded": "locked",
}


@register.simple_tag
def status_chip(submission: Submission | None) -> SafeString:
    """{% status_chip submission %}: icon and word; nothing sent yet when there is none."""
    if submission is None:
        return chip("draft", "Chưa có")
    return chip(CHIP_KINDS[submission.status], submission.get_status_display())


@register.simple_tag
def deadline(duty: Duty) -> SafeString | str:
    """{% deadline duty %}: the day, and how far it is while nothing was sent."""
    if duty.due is None:
        return "Không quy định"
    day = formats.day(duty.due)
    if duty.is_sent:
        return day
    if duty.days_late:
        return format_html(
            '{} <span class="is-wrong nowrap">quá hạn {}</span>',
            day,
            duty.lateness,
        )
    if duty.days_left is not None and duty.days_left <= 14:
        words = "hôm nay" if duty.days_left == 0 else f"còn {duty.days_left} ngày"
        return format_html('{} <span class="is-waiting nowrap">{}</span>', day, words)
    return day


@register.simple_tag
def timeliness_chip(one: Record) -> SafeString:
    """{% timeliness_chip record %}: on time, late by so many days, overdue, not yet due."""
    kind, word = STATES[one.state]
    return chip(kind, f"{word} {formats.number(one.days_late)} ngày" if one.days_late else word)


@register.filter
def turn_label(reviewer: str) -> str:
    """{{ submission.turn|turn_label }}: the level whose turn it is."""
    return Reviewer(reviewer).label


@register.filter
def titled(column: Column) -> str:
    """{{ column|titled }}: the heading, with the one above it where it says little by itself."""
    return column.name


@register.filter
def shown(cell: GridCell) -> SafeString | str:
    """{{ cell|shown }}: the value as people write it, why there is none, or a dash."""
    return shown_value(cell.stored, cell.column)


@register.filter
def shown_as(stored: StoredValue | None, column: Column) -> SafeString | str:
    """{{ stored|shown_as:column }}: a value of another period as its column writes it."""
    return shown_value(stored, column)


def shown_value(stored: StoredValue | None, column: Column) -> SafeString | str:
    if stored is None:
        return formats.NOTHING
    if stored.value is None:
        return format_html('<span class="missing">{}</span>', formats.missing_words(stored.missing))
    if column.value_type == "yes_no":
        return "Có" if stored.value else "Không"
    if not column.is_entered:
        return formats.number(stored.value, column.decimals)
    return formats.number(stored.value)
