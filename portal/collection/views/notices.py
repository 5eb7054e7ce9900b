"""What a person was told, and whether it comes by e-mail as well."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from portal.collection.models import Notice
from portal.collection.services.mailing import set_mail

PER_PAGE = 30
KINDS = {
    Notice.Kind.DUE: "warning",
    Notice.Kind.OVERDUE: "wrong",
    Notice.Kind.REVIEW: "waiting",
    Notice.Kind.RETURNED: "returned",
    Notice.Kind.OPENED: "information",
    Notice.Kind.WORK: "information",
    Notice.Kind.UNITS: "information",
    Notice.Kind.LETTER: "waiting",
}


@require_safe
def notices(request: HttpRequest) -> HttpResponse:
    """All notices of the person who looks, the latest first."""
    mine = Notice.objects.of(request.user)
    page = Paginator(mine, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "page_obj": page,
        "rows": [{"notice": notice, "kind": KINDS[Notice.Kind(notice.kind)]} for notice in page],
        "unseen": mine.unseen().count(),
    }
    return render(request, "collection/notices.html", context)


@require_safe
def notice(request: HttpRequest, pk: int) -> HttpResponse:
    """On to what a notice is about; it counts as seen from now on."""
    found = get_object_or_404(Notice.objects.of(request.user), pk=pk)
    Notice.objects.unseen().filter(pk=found.pk).update(seen_at=timezone.now())
    return redirect(found.url or "collection:notices")


@require_POST
def notices_seen(request: HttpRequest) -> HttpResponse:
    Notice.objects.of(request.user).unseen().update(seen_at=timezone.now())
    return redirect("collection:notices")


@require_POST
def notice_mail(request: HttpRequest) -> HttpResponse:
    wanted = request.POST.get("thu") == "1"
    set_mail(user=request.user, wanted=wanted)
    words = "Đã bật thư nhắc việc." if wanted else "Đã tắt thư nhắc việc."
    messages.success(request, words)
    return redirect("collection:notices")
