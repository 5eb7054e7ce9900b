"""Sections given out and taken back, each one a post."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from portal.access import SignedInRequest, permission_needed
from reports import services
from reports.forms import ShareForm
from reports.models import SectionShare

from .steps import found, take


@require_POST
@permission_needed("reports.draft")
def section_give(request: SignedInRequest, pk: int, section_pk: int) -> HttpResponse:
    report = found(request, pk)
    section = get_object_or_404(report.sections.present(), pk=section_pk)
    page = reverse("reports:section_edit", args=[report.pk, section.pk])
    form = ShareForm(request.POST, report=report)
    if not form.is_valid():
        messages.error(request, " ".join(str(e) for errors in form.errors.values() for e in errors))
        return redirect(page)
    return take(
        request,
        lambda: services.give_section(
            section=section, by=request.user, now=timezone.localtime(), **form.cleaned_data
        ),
        done="Đã giao mục. Người được giao thấy ở “Việc của tôi”.",
        to=page,
    )


@require_POST
@permission_needed("reports.draft")
def section_take_back(request: SignedInRequest, pk: int, section_pk: int) -> HttpResponse:
    share = _share(request, pk, section_pk)
    return take(
        request,
        lambda: services.take_section_back(share=share, by=request.user, now=timezone.now()),
        done="Đã thôi giao. Chữ đã soạn vẫn giữ.",
        to=reverse("reports:section_edit", args=[pk, section_pk]),
    )


@require_POST
@permission_needed("reports.draft")
def section_finish(request: SignedInRequest, pk: int, section_pk: int) -> HttpResponse:
    share = _share(request, pk, section_pk)
    return take(
        request,
        lambda: services.finish_section(share=share, by=request.user, now=timezone.now()),
        done="Đã báo soạn xong.",
        to=reverse("reports:section_edit", args=[pk, section_pk]),
    )


def _share(request: SignedInRequest, pk: int, section_pk: int) -> SectionShare:
    """The last share of the section itself; 404 where there is none."""
    given = SectionShare.objects.filter(section__report=found(request, pk), section=section_pk)
    share = given.order_by("-pk").first()
    if share is None:
        raise Http404
    return share
