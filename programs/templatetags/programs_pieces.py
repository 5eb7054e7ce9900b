"""Pieces of pages that repeat hundreds of times, written at once: a template takes each apart."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape
from typing import Protocol

from django import template
from django.utils.safestring import SafeString, mark_safe

from portal.formats import day, number
from programs.figures.flow import Owed
from programs.ministry.tables import Line, Row

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
def table_rows(lines: Iterable[Line]) -> SafeString:
    """{{ table.lines|table_rows }}: the rows of a form for the ministry; numbers to the right."""
    return mark_safe("".join(_table_row(*line) for line in lines))  # noqa: S308 - escaped


def _table_row(row: Row, name: str, cells: Iterable[tuple[bool, str]]) -> str:
    told = "".join(
        f'<td class="num">{escape(text)}</td>' if is_number else f"<td>{escape(text)}</td>"
        for is_number, text in cells
    )
    start = '<tr class="is-total">' if row.is_total else "<tr>"
    step = '<span class="quiet" aria-hidden="true">– </span>' if row.level else ""
    return f'{start}<th scope="row">{step}{escape(name)}</th>{told}</tr>\n'


class Cut(Protocol):
    """What a row of a cut is drawn from, see programs.views.seeing.tables."""

    label: str
    about: str
    plan: str
    detail: str
    paid: str
    rate: str
    bar: str
    is_slow: bool
    url: str
    lines_url: str
    detail_url: str
    payments_url: str
    rate_url: str


@register.filter
def cut_rows(rows: Iterable[Cut]) -> SafeString:
    """{{ table.rows|cut_rows }}: the rows of one cut; every number leads on."""
    return mark_safe("".join(map(_cut_row, rows)))  # noqa: S308 - every part is escaped below


def _cut_row(row: Cut) -> str:
    about = f'<span class="seeing-about">{escape(row.about)}</span>' if row.about else ""
    slow = ' class="is-wrong"' if row.is_slow else ""
    numbers = "".join(
        f'<td class="num" data-label="{head}"><a href="{escape(url)}">{escape(text)}</a></td>'
        for head, url, text in (
            ("Kế hoạch", row.lines_url, row.plan),
            ("Tới công trình", row.detail_url, row.detail),
            ("Giải ngân", row.payments_url, row.paid),
        )
    )
    return (
        f'<tr><th scope="row"><a href="{escape(row.url)}">{escape(row.label)}</a>{about}</th>'
        f'{numbers}<td class="num seeing-rate" data-label="Tỷ lệ"><a href="{escape(row.rate_url)}"'
        f"{slow}>{escape(row.rate)}</a>{row.bar}</td></tr>\n"
    )
