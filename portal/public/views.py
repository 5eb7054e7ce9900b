"""The public face: front page, texts to read, who we are, and how to write to us."""

from __future__ import annotations

import datetime
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from portal.access import SignedInRequest, permission_needed
from portal.documents.forms import DocumentFilter
from portal.documents.models import Document
from portal.documents.views.documents import (
    paged,
    relations_of,
    sent_annex,
    sent_file,
)
from portal.navigation import address
from portal.senders import client_address
from portal.units.models import IssuingAgency

from . import services
from .forms import FeedbackForm, HandledForm, own_page
from .models import Feedback

NEWEST = 6
PRIVATE_PATHS = ("/tai-khoan/", "/so-lieu/", "/van-ban/", "/don-vi/", "/viec", "/bao-loi/")


@login_not_required
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """What the portal is, key figures from a higher room, the newest texts, the ways on."""
    return render(
        request,
        "public/home.html",
        {
            "figures_url": address("reports:public_figures"),
            "verify_url": address("reports:verify"),
            "newest": Document.objects.public().with_catalogue()[:NEWEST],
        },
    )


@login_not_required
@require_safe
def document_list(request: HttpRequest) -> HttpResponse:
    wanted = DocumentFilter(request.GET, documents=Document.objects.public())
    return render(
        request,
        "public/document_list.html",
        {
            "form": wanted,
            "page_obj": paged(request, wanted.narrowed().with_catalogue()),
            "today": timezone.localdate(),
        },
    )


@login_not_required
@require_safe
def document_detail(request: HttpRequest, pk: int) -> HttpResponse:
    readable = Document.objects.public()
    document = get_object_or_404(readable.with_catalogue(), pk=pk)
    return render(
        request,
        "public/document_detail.html",
        {
            "document": document,
            "validity": document.validity(on=timezone.localdate()),
            "relations": relations_of(document, readable),
        },
    )


@login_not_required
@require_safe
def document_file(request: HttpRequest, pk: int) -> FileResponse:
    return sent_file(get_object_or_404(Document.objects.public(), pk=pk))


@login_not_required
@require_safe
def document_annex(request: HttpRequest, pk: int, annex_pk: int) -> FileResponse:
    return sent_annex(get_object_or_404(Document.objects.public(), pk=pk), annex_pk)


@login_not_required
@require_safe
def about(request: HttpRequest) -> HttpResponse:
    """The agency as it is named now, and as it was named before and after."""
    agencies = list(IssuingAgency.objects.order_by("-valid"))
    current = IssuingAgency.objects.shown()
    return render(request, "public/about.html", {"agencies": agencies, "current": current})


@login_not_required
def feedback(request: HttpRequest) -> HttpResponse:
    """Write to the agency. What a robot sends is thanked for and thrown away."""
    form = FeedbackForm(request.POST or None, initial=where_from(request))
    if request.method == "POST" and form.filled_by_a_robot:
        return redirect("public:feedback_sent")
    if request.method == "POST" and form.is_valid():
        asked = form.cleaned_data
        try:
            kept = services.send_feedback(
                text=asked["text"],
                contact=asked["contact"],
                page=asked["page"],
                fault_code=asked["fault_code"],
                address=client_address(request),
                sent_by=request.user if request.user.is_authenticated else None,
            )
        except services.TooMuchFeedback:
            form.add_error(
                None, "Đã nhận nhiều tin trong một giờ qua. Hãy gửi lại sau, hoặc gọi đến cơ quan."
            )
            return render(request, "public/feedback.html", {"form": form}, status=429)
        request.session["feedback_code"] = kept.code
        return redirect("public:feedback_sent")
    return render(request, "public/feedback.html", {"form": form})


def where_from(request: HttpRequest) -> dict[str, str]:
    """The page and code the link carried, or the page the browser came from."""
    page = request.GET.get("trang", "")
    if not page:
        came_from = request.headers.get("Referer", "")
        page = came_from if host_of(came_from) == request.get_host() else ""
    return {"page": own_page(page), "fault_code": request.GET.get("ma", "")[:20]}


def host_of(url: str) -> str:
    try:
        return urlsplit(url).netloc
    except ValueError:
        return ""


@login_not_required
@require_safe
def feedback_sent(request: HttpRequest) -> HttpResponse:
    code = request.session.get("feedback_code", "")
    return render(request, "public/feedback_sent.html", {"code": code})


@permission_needed("accounts.manage", "documents.edit")
def feedback_list(request: HttpRequest) -> HttpResponse:
    handled = request.GET.get("xong") == "1"
    found = Feedback.objects.select_related("sent_by", "handled_by")
    found = found.exclude(handled_at=None) if handled else found.waiting()
    waiting = Feedback.objects.waiting().count()
    tabs = [
        {"label": "Chờ xử lý", "url": "?", "current": not handled, "count": waiting},
        {"label": "Đã xử lý", "url": "?xong=1", "current": handled, "count": None},
    ]
    page = Paginator(found, 25).get_page(request.GET.get("page"))
    return render(request, "public/feedback_list.html", {"page_obj": page, "tabs": tabs})


@require_POST
@permission_needed("accounts.manage", "documents.edit")
def feedback_handle(request: SignedInRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(Feedback, pk=pk)
    form = HandledForm(request.POST)
    if form.is_valid():
        services.handle_feedback(
            feedback=found, by=request.user, outcome=form.cleaned_data["outcome"]
        )
        messages.success(request, f"Đã xử lý tin {found.code}.")
    else:
        messages.error(request, "Kết quả xử lý dài quá 500 ký tự.")
    return redirect("public:feedback_list")


@login_not_required
@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """Search engines may read the public pages and need not knock at the others."""
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in PRIVATE_PATHS)]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")


@login_not_required
@require_safe
def security(request: HttpRequest) -> HttpResponse:
    """Where to report a weakness (RFC 9116)."""
    expires = timezone.now().replace(microsecond=0) + datetime.timedelta(days=180)
    lines = [
        f"Contact: {settings.PUBLIC_URL}{reverse('public:feedback')}",
        f"Expires: {expires.isoformat()}",
        "Preferred-Languages: vi",
    ]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")
