"""Pieces of the explorer that repeat hundreds of times, written at once: a template takes each
apart.
"""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

from django import template
from django.utils.safestring import SafeString, mark_safe

from ethnic_data.exploring.members import Member
from ethnic_data.exploring.options import Choice
from ethnic_data.exploring.table import Cell

register = template.Library()


@register.simple_tag
def cross_rows(lines: Iterable[tuple[Member, list[Cell]]], marks_samples: bool) -> SafeString:
    """{% cross_rows lines table.marks_samples %}: rows of a cross table; numbers lead on."""
    rows = (
        f'<tr><th scope="row">{escape(row.label)}{_note(row)}</th>'
        f"{''.join([_cell(cell, marks_samples) for cell in cells])}</tr>"
        for row, cells in lines
    )
    return mark_safe("".join(rows))  # noqa: S308 - every part is escaped


def _note(row: Member) -> str:
    return f' <span class="quiet">({escape(row.note)})</span>' if row.note else ""


def _cell(cell: Cell, marks_samples: bool) -> str:
    text = escape(cell.text)
    if not cell.is_known:
        return f'<td class="num"><span class="missing">{text}</span></td>'
    number = f'<a href="{escape(cell.url)}">{text}</a>' if cell.url else text
    estimate = "≈ " if cell.is_estimate else ""
    sample = ' <span class="quiet">mẫu</span>' if marks_samples and cell.is_sample else ""
    return f'<td class="num">{estimate}{number}{cell.mark}{sample}</td>'


@register.simple_tag
def choice_options(choices: Iterable[Choice]) -> SafeString:
    """{% choice_options options.rows %}: what a select offers."""
    told = (
        f'<option value="{escape(value)}"{" selected" if is_chosen else ""}>'
        f"{escape(words)}</option>"
        for value, words, is_chosen in choices
    )
    return mark_safe("".join(told))  # noqa: S308 - every part is escaped


@register.simple_tag
def choice_boxes(name: str, choices: Iterable[Choice], shows_codes: bool = False) -> SafeString:
    """{% choice_boxes "ky" options.periods %}: a box to tick for each choice."""
    told = (
        f'<label class="explore__choice"><input class="form-check-input" type="checkbox"'
        f' name="{escape(name)}" value="{escape(value)}"{" checked" if is_chosen else ""}>'
        f" {escape(words)}{_code(value) if shows_codes else ''}</label>"
        for value, words, is_chosen in choices
    )
    return mark_safe("".join(told))  # noqa: S308 - every part is escaped


def _code(value: str) -> str:
    return f' <span class="quiet">{escape(value)}</span>'
