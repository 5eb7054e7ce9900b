"""Pieces of the portal's look that are too small and common to be includes: icons, chips."""

from collections.abc import Iterable, Sequence
from functools import lru_cache
from html import escape
from pathlib import Path

from django import template
from django.conf import settings
from django.contrib.messages.storage.base import Message
from django.core.exceptions import ImproperlyConfigured
from django.core.paginator import Page
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from portal.navigation import Shown

register = template.Library()

STATUS_ICONS = {
    "done": "check-circle-fill",
    "waiting": "hourglass-split",
    "wrong": "x-circle-fill",
    "warning": "exclamation-triangle-fill",
    "information": "info-circle-fill",
    "returned": "arrow-return-left",
    "locked": "lock-fill",
    "draft": "pencil",
}
UPLOAD_STEPS = ("Chọn tệp", "Kiểm tra", "Xem trước", "Nộp số liệu")
NOTICE_KINDS = {
    "debug": "information",
    "info": "information",
    "success": "done",
    "warning": "warning",
    "error": "wrong",
}


@lru_cache
def icon_drawing(name: str) -> str:
    """Return the SVG text of one Bootstrap icon, ready to stand inside a line of text."""
    folder = Path(settings.BASE_DIR) / "node_modules" / "bootstrap-icons" / "icons"
    path = folder / f"{name}.svg"
    if path.parent != folder or not path.is_file():
        raise ImproperlyConfigured(f"Bootstrap has no icon named {name!r}; run npm ci.")
    inside = path.read_text("utf-8").split(">", 1)[1].strip().replace("\n", "")
    return (
        '<svg class="icon" viewBox="0 0 16 16" width="16" height="16" fill="currentColor"'
        f' aria-hidden="true" focusable="false">{inside}'
    )


@register.simple_tag
def icon(name: str) -> SafeString:
    """{% icon "lock" %}: decoration only, hidden from screen readers; a word stands beside it."""
    return mark_safe(icon_drawing(name))  # noqa: S308 - a file of the icon package


@register.simple_tag
def mark() -> SafeString:
    """{% mark %}: the portal's woven sign (not an emblem of the state)."""
    return mark_safe(
        '<svg class="sign" viewBox="0 0 32 32" width="32" height="32" aria-hidden="true"'
        ' focusable="false"><path fill="#9b1c1f" d="M16 0 32 16 16 32 0 16Z"/><path fill="none"'
        ' stroke="#fff" stroke-width="1.6" d="M16 5.5 26.5 16 16 26.5 5.5 16Z"/><path'
        ' fill="#c8922a" d="m16 10.2 5.8 5.8-5.8 5.8-5.8-5.8Z"/><path fill="#fff"'
        ' d="m16 13.6 2.4 2.4-2.4 2.4-2.4-2.4Z"/></svg>'
    )


@register.simple_tag
def chip(kind: str, word: str) -> SafeString:
    """{% chip "done" "Đã duyệt" %}: a state as colour, icon and word.

    kind: done, waiting, wrong, warning, information, returned, locked or draft.
    """
    if kind not in STATUS_ICONS:
        raise template.TemplateSyntaxError(f"unknown kind of chip: {kind!r}")
    drawing = icon(STATUS_ICONS[kind])
    return format_html('<span class="chip chip--{}">{}{}</span>', kind, drawing, word)


@register.simple_tag
def kind_icon(kind: str = "") -> SafeString:
    """{% kind_icon "done" %}: the icon of a kind of state; of information when it has no kind."""
    return icon(STATUS_ICONS.get(kind, STATUS_ICONS["information"]))


@register.simple_tag
def side_entries(entries: Iterable[Shown]) -> SafeString:
    """{% side_entries entries %}: the places of one group of the left navigation, as list items."""
    drawn = []
    for entry in entries:
        label = escape(entry.label)
        here = ""
        if entry.current:
            here = f' class="is-current" aria-current="{"page" if entry.exact else "true"}"'
        drawn.append(
            f'<li><a href="{escape(entry.url)}" title="{label}"{here}>{icon_drawing(entry.icon)}'
            f"<span>{label}</span></a></li>"
        )
    return mark_safe("".join(drawn))  # noqa: S308 - every part is escaped above


@register.simple_tag
def stepper_steps(steps: Sequence[str] | None, current: int) -> list[dict[str, str]]:
    """Return each step's word and its state: done, current or todo."""
    words = steps or UPLOAD_STEPS
    return [
        {"word": word, "state": "done" if n < current else "current" if n == current else "todo"}
        for n, word in enumerate(words, start=1)
    ]


@register.simple_tag
def page_numbers(page: Page) -> Iterable[int | str]:
    """Return the page numbers to show, with an ellipsis where many are left out."""
    return page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1)


@register.simple_tag
def reverse_sort(key: str, sort: str | None) -> str:
    """Return the order a click on the heading `key` asks for: upwards first, then downwards."""
    return f"-{key}" if sort == key else key


@register.filter
def notice_kind(message: Message) -> str:
    """Return which kind of notice (done, warning, wrong, information) shows a Django message."""
    return NOTICE_KINDS.get(message.level_tag, "information")


@register.filter
def notice_icon(message: Message) -> str:
    """Return the icon of a Django message."""
    return STATUS_ICONS[notice_kind(message)]
