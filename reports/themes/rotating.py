"""For meetings: panels of the chosen pages one after another, each on the whole screen.

Address: c (slug of a theme, or "trang-<number>"; several), giay (seconds), o (which panel, from 0),
dung (1: paused), and the filters of the pages.
"""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from portal.access import SignedInRequest, permission_needed
from portal.formats import read_whole
from reports.models import Dashboard

from .declared import BY_SLUG, Beside, Gone
from .filters import COMPARED, SHARED
from .pages import Page, themes_of

SHORTEST, USUAL, LONGEST = 5, 20, 600
BOARD = "trang-"


@dataclass(frozen=True)
class Turn:
    """One panel of the rotation."""

    page: Page
    title: str
    key: str


@require_safe
@permission_needed("ethnic_data.view")
def rotation(request: SignedInRequest) -> HttpResponse:
    """The panel whose turn it is; without pages the form that chooses them."""
    chosen = list(dict.fromkeys(request.GET.getlist("c")))[:20]
    turns = [turn for name in chosen for turn in _turns(request, name)]
    seconds = min(max(read_whole(request.GET.get("giay", "")) or USUAL, SHORTEST), LONGEST)
    if not turns:
        context = {
            "themes": themes_of(request.user),
            "boards": Dashboard.objects.visible_to(request.user),
            "seconds": seconds,
            "asked": bool(chosen),
        }
        return render(request, "reports/themes/rotation_choose.html", context)
    at = (read_whole(request.GET.get("o", "")) or 0) % len(turns)
    turn = turns[at]
    shown = turn.page.shown({turn.key})
    paused = request.GET.get("dung") == "1"

    def address(place: int, *, stopped: bool = paused) -> str:
        told = [("c", name) for name in chosen]
        told += [
            (name, request.GET[name]) for name in (*SHARED, *COMPARED) if request.GET.get(name)
        ]
        told += [("giay", str(seconds)), ("o", str(place % len(turns)))]
        return f"{request.path}?{urlencode([*told, *([('dung', '1')] if stopped else [])])}"

    context = {
        "turn": turn,
        "panels": shown,
        "filters": turn.page.filters,
        "place": at + 1,
        "count": len(turns),
        "seconds": seconds,
        "is_paused": paused,
        "previous_url": address(at - 1),
        "next_url": address(at + 1),
        "pause_url": address(at, stopped=not paused),
        "leave_url": f"{turn.page.path}?{turn.page.filters.address()}",
    }
    return render(request, "reports/themes/rotation.html", context)


def _turns(request: SignedInRequest, name: str) -> list[Turn]:
    """The panels of one page that this person may see."""
    number = read_whole(name.removeprefix(BOARD)) if name.startswith(BOARD) else None
    if number is not None:
        board = Dashboard.objects.visible_to(request.user).filter(pk=number).first()
        if board is None:
            return []
        page, title = Page.of_board(board, request.user, request.GET), board.title
    else:
        theme = BY_SLUG.get(name)
        if theme is None or theme not in themes_of(request.user):
            return []
        page, title = Page.of(theme, request.user, request.GET), theme.title
    return [
        Turn(page, title, panel.key)
        for panel in page.panels
        if not isinstance(panel, Gone)
        and (not isinstance(panel, Beside) or any(map(request.user.has_perm, panel.permissions)))
    ]
