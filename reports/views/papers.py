"""Pages of rooms below as official-looking PDF files."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from ethnic_data.exploring.publishing import as_asked_by, as_seen_by
from ethnic_data.exploring.selection import Reading
from ethnic_data.exploring.table import Table, TooLarge
from ethnic_data.services.saved_views import tidied
from portal.access import SignedInRequest, permission_needed
from reports.exhibits.paper import sheet_of
from reports.rendering import RENDERING_ERRORS
from reports.rendering.sheets import Sheet, SheetTooLarge, sheet_pdf


@require_safe
@permission_needed("ethnic_data.view")
def explorer_paper(request: SignedInRequest) -> HttpResponse:
    """The table of the explorer with its chart; the same address as its page, the same numbers."""
    chosen = as_asked_by(request.user, Reading(request.GET, request.user).selection())
    query = tidied(request.GET.urlencode())
    page = f"{reverse('ethnic_data:explorer')}?{query}"
    try:
        table = as_seen_by(request.user, Table.of(chosen))
        sheet = sheet_of(table, now=timezone.localtime(), address=request.get_host())
        return paper(sheet, name="kham-pha")
    except TooLarge as large:
        messages.error(request, str(SheetTooLarge(large.cells)))
    except (SheetTooLarge, *RENDERING_ERRORS) as error:
        messages.error(request, str(error))
    return redirect(page)


def paper(*sheets: Sheet, name: str, pages: int | None = None) -> HttpResponse:
    """The sheet as a file to be kept. Takes and raises what `sheet_pdf` does."""
    return HttpResponse(
        sheet_pdf(*sheets, pages=pages),
        content_type="application/pdf",
        headers={"Content-Disposition": f'attachment; filename="{name}.pdf"'},
    )
