"""What waits in files beside what is stored; taking it over."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from portal.access import permission_needed
from portal.collection.models import Upload
from portal.collection.services.beside import layout_of
from portal.collection.services.committing import commit_uploads, in_words, left_waiting
from portal.collection.services.comparing import Comparison, accepted_uploads, compare
from portal.collection.services.taking import ask_takeover, is_large, takeover_shown
from portal.waiting import whole_page

from .found import SEEING, may_enter, submission_of, telling


@permission_needed("collection.enter")
def preview(request: HttpRequest, pk: int) -> HttpResponse:
    """Old beside new, a page at a time, and the control totals before and after."""
    found = submission_of(request, pk)
    if not may_enter(request, found):
        return redirect(found)
    comparison = compare(found, by=request.user)
    kinds = [kind for kind in ("new", "changed", "removed", "same") if comparison.counts.get(kind)]
    kind = request.GET.get("loai", "")
    kind = kind if kind in kinds else (kinds[0] if kinds else "")
    page = Paginator(comparison.of_kind(kind), 100).get_page(request.GET.get("page"))
    layout = layout_of(found)
    return render(
        request,
        "collection/preview.html",
        {
            "submission": found,
            "layout": layout,
            "comparison": comparison,
            "kind": kind,
            "tabs": [preview_tab(comparison, name, kind) for name in kinds],
            "page_obj": page,
            "lines": [preview_line(layout, difference) for difference in page],
            "totals": preview_totals(layout, comparison),
            "uploads": Upload.objects.visible_to(request.user).filter(submission=found).open(),
            "accepted": accepted_uploads(found, by=request.user),
        },
    )


KIND_WORDS = {"new": "Mới", "changed": "Thay đổi", "removed": "Bỏ đi", "same": "Không đổi"}


def preview_tab(comparison: Comparison, name: str, current: str) -> dict:
    return {
        "label": KIND_WORDS[name],
        "url": f"?loai={name}",
        "current": name == current,
        "count": comparison.counts[name],
    }


def preview_line(layout, difference):  # type: ignore[no-untyped-def]
    """One difference with the names of its unit, group and column."""
    unit = layout.unit_by_code.get(difference.key.unit)
    group = layout.group_by_code.get(difference.key.group or "")
    return {
        "unit": unit.label if unit else difference.key.unit,
        "group": group.name if group else "",
        "column": layout.by_key.get(difference.column),
        "old": difference.old,
        "new": difference.new,
        "upload": difference.upload,
        "kind": difference.kind,
    }


def preview_totals(layout, comparison):  # type: ignore[no-untyped-def]
    """Control totals of the counted columns, before and after."""
    keys = {**comparison.before, **comparison.after}
    return [
        {
            "column": column,
            "before": comparison.before.get(column.key),
            "after": comparison.after.get(column.key),
        }
        for column in layout.entered
        if column.key in keys and column.value_type in ("count", "decimal")
    ]


@require_POST
@permission_needed("collection.enter")
def commit(request: HttpRequest, pk: int) -> HttpResponse:
    found = submission_of(request, pk)
    with telling(request):
        if is_large(found):
            ask_takeover(submission=found, by=request.user)
            return redirect(found)
        files = {file.pk for file in accepted_uploads(found, by=request.user)}
        written = commit_uploads(submission=found, by=request.user)
        left = left_waiting(found, files)
        if left:
            messages.error(request, left)
        if written.touched:
            messages.success(request, f"Đã ghi nhận: {in_words(written)}.")
        elif not left:
            messages.info(
                request, "Số liệu trong tệp trùng với số liệu đã có, không có gì thay đổi."
            )
        return redirect(found)
    return redirect("collection:preview", pk=found.pk)


@permission_needed(*SEEING)
def takeover(request: HttpRequest, pk: int) -> HttpResponse:
    """How far the taking over of large files is; the whole page once it is through."""
    found = submission_of(request, pk)
    shown = takeover_shown(found)
    if shown is None or shown[0].state != "asked" or (shown[1] and not shown[1].is_open):
        return whole_page(request, found.get_absolute_url())
    context = {"submission": found, "takeover": shown[0], "takeover_job": shown[1]}
    return render(request, "collection/takeover.html", context)
