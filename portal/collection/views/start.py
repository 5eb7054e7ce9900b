"""Where sending begins: the page of a dataset, unit and period, and its template workbook."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from portal.access import permission_needed
from portal.collection.forms import ACCEPTED, UploadForm
from portal.collection.models import Submission
from portal.collection.services.duties import Duty
from portal.collection.services.opening import open_submission
from portal.collection.services.templates import template_name, template_workbook

from .found import duty_of, submission_of, telling
from .uploads import take_files

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@permission_needed("collection.enter")
def start(request: HttpRequest, dataset: str, unit: str, period: str) -> HttpResponse:
    """Nothing is there yet: choose files or type; what is there already has its own page.

    A post with files opens the submission and takes them; a post without opens it for typing.
    """
    found_dataset, found_unit, found_period = duty_of(request, dataset, unit, period)
    latest = (
        Submission.objects.visible_to(request.user)
        .filter(dataset=found_dataset, unit=found_unit, period=found_period)
        .order_by("-revision")
        .first()
    )
    if request.method != "POST":
        if latest is not None:
            return redirect(latest)
        return _page(request, found_dataset, found_unit, found_period, UploadForm())
    form = UploadForm(request.POST, request.FILES)
    typing = "nhap" in request.POST
    if not typing and not form.is_valid():
        return _page(request, found_dataset, found_unit, found_period, form, status=422)
    submission = None
    with telling(request):
        submission = open_submission(
            dataset=found_dataset, unit=found_unit, period=found_period, by=request.user
        )
    if submission is None:
        return redirect(request.path)
    if typing:
        return redirect("collection:entry", pk=submission.pk)
    return take_files(request, submission, form.cleaned_data["files"])


def _page(request, dataset, unit, period, form, status=200):  # type: ignore[no-untyped-def]
    duty = Duty(
        dataset=dataset,
        unit=unit,
        period=period,
        due=dataset.due_date(period),
        today=timezone.localdate(),
    )
    context = {"duty": duty, "form": form, "accept": ACCEPTED}
    return render(request, "collection/start.html", context, status=status)


@permission_needed("collection.enter")
def template(request: HttpRequest, dataset: str, unit: str, period: str) -> HttpResponse:
    """The dataset's workbook for this unit and period, ready to be filled in."""
    found_dataset, found_unit, found_period = duty_of(request, dataset, unit, period)
    content = template_workbook(
        dataset=found_dataset, unit=found_unit, period=found_period, by=request.user
    )
    name = template_name(dataset=found_dataset, unit=found_unit, period=found_period)
    response = HttpResponse(content, content_type=XLSX)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@require_POST
@permission_needed("collection.enter")
def correct(request: HttpRequest, pk: int) -> HttpResponse:
    """Begin a correction of an approved submission, with a reason."""
    from_here = submission_of(request, pk)
    with telling(request):
        revision = open_submission(
            dataset=from_here.dataset,
            unit=from_here.unit,
            period=from_here.period,
            by=request.user,
            reason=request.POST.get("reason", ""),
        )
        if revision.is_editable:
            messages.success(request, "Đã mở bản đính chính, bắt đầu từ số liệu đã duyệt.")
        return redirect(revision)
    return redirect(from_here)
