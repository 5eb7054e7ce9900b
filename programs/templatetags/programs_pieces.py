"""Pieces of pages that repeat hundreds of times, written at once: a template takes each apart."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

from django import template
from django.utils.safestring import SafeString, mark_safe

from portal.formats import day, number
from programs.figures.flow import Owed

register = template.Library()


@register.filter
def owed_list(owed: Iterable[Owed]) -> SafeString:
    """{{ step.late|owed_list }}: each place or works as a line, with how late it is."""
    lines = "".join(f"<li>{_named(one)}{escape(_words(one))}</li>" for one in owed)
    return mark_safe(f"<ul>{lines}</ul>")  # noqa: S308 - every part is escaped above


def _named(one: Owed) -> str:
    name = escape(one.name)
    return f'<a href="{escape(one.url)}">{name}</a>' if one.url else name


def _words(one: Owed) -> str:
    if not one.days_late:
        return ""
    days = f"{number(one.days_late)} ngày"
    if one.done_on is None:
        return f": chưa xong, quá hạn {days}"
    return f": xong ngày {day(one.done_on)}, chậm {days}"


@register.filter
def table_cells(cells: Iterable[tuple[bool, str]]) -> SafeString:
    """{{ line.cells|table_cells }}: the cells of a row; numbers to the right."""
    return mark_safe(  # noqa: S308 - every text is escaped
        "".join(
            f'<td class="num">{escape(text)}</td>' if is_number else f"<td>{escape(text)}</td>"
            for is_number, text in cells
        )
    )
