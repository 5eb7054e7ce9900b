"""Files: sending them, what was read from each, answering what they leave open."""

from __future__ import annotations

import re
from collections.abc import Sequence
from io import BytesIO

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from portal.access import permission_needed
from portal.collection.forms import QuestionForm, UploadForm
from portal.collection.models import Submission, Upload
from portal.collection.services import uploading
from portal.collection.services.belonging import place_of as where_it_belongs
from portal.collection.services.beside import layout_of
from portal.collection.services.columns import columns_of, mappable
from portal.collection.services.committing import in_words
from portal.collection.services.many import receive_files
from portal.collection.services.printed_totals import shown_totals
from portal.collection.services.reasons import reason_for, reasons_of
from portal.collection.services.review import explain_warning
from portal.collection.services.templates import marked_name, marked_workbook
from portal.collection.services.undoing import undo_upload
from portal.collection.services.uploading import READ_JOB
from portal.collection.workbooks.layout import MEASURE_ROWS, Layout
from portal.jobs.models import Job
from portal.waiting import whole_page

from .found import SEEING, kept_file, may_enter, submission_of, telling, upload_of

SHOWN_AT_ONCE = 200
CELL_FIRST = re.compile(r"^Ô [A-Z]{1,3}[0-9]{1,7}(?:, |: )")


@require_POST
@permission_needed("collection.enter")
def upload_create(request: HttpRequest, pk: int) -> HttpResponse:
    """Take files into a submission that is there already."""
    submission = submission_of(request, pk)
    form = UploadForm(request.POST, request.FILES)
    if not form.is_valid():
        for error in form.errors["files"]:
            messages.error(request, error)
        return redirect(submission)
    return take_files(request, submission, form.cleaned_data["files"])


def take_files(
    request: HttpRequest, submission: Submission, files: Sequence[UploadedFile]
) -> HttpResponse:
    """Keep each file; one that cannot be kept is named and does not hold up the others."""
    named = [(file.name or "", file) for file in files]
    with telling(request):
        received = receive_files(submission=submission, files=named, by=request.user)
        for problem in received.problems:
            messages.error(request, problem)
        if len(named) == len(received.uploads) == 1:
            return redirect("collection:upload", pk=received.uploads[0].pk)
        if received.uploads or received.archives:
            return redirect("collection:files", pk=submission.pk)
    return redirect(submission)


@permission_needed(*SEEING)
def upload(request: HttpRequest, pk: int) -> HttpResponse:
    """What was understood of one file, its mistakes at their cells, and its questions."""
    found = upload_of(request, pk)
    return render(request, "collection/upload.html", upload_context(request, found))


def upload_context(request: HttpRequest, upload: Upload, form: QuestionForm | None = None) -> dict:
    submission = upload.submission
    reasons = reasons_of(submission)
    layout = layout_of(submission)
    entering = may_enter(request, submission)
    warnings = [
        {**shown_issue(issue, layout), "reason": reason_for(issue, reasons)}
        for issue in upload.warnings[:SHOWN_AT_ONCE]
    ]
    return {
        "upload": upload,
        "submission": submission,
        "sheets": [
            {**sheet, "shown": list(columns_of(sheet, layout))}
            for sheet in upload.understood.get("sheets", [])
        ],
        "may_map": entering
        and upload.state == Upload.State.READ
        and layout.rows != MEASURE_ROWS
        and bool(mappable(upload, layout)),
        "may_enter": entering,
        "may_mend": entering
        and upload.state == Upload.State.READ
        and any(issue["cell"] and issue["column"] for issue in upload.errors[:SHOWN_AT_ONCE]),
        "errors": [shown_issue(issue, layout) for issue in upload.errors[:SHOWN_AT_ONCE]],
        "warnings": warnings,
        "more_issues": max(0, len(upload.errors) - SHOWN_AT_ONCE)
        + max(0, len(upload.warnings) - SHOWN_AT_ONCE),
        "form": form or (QuestionForm(upload=upload) if upload.questions else None),
        "place": where_it_belongs(upload, request.user) if upload.belongs else None,
        "may_undo": entering and upload.state == Upload.State.COMMITTED,
        "marked_as": {"xlsx": "", "": "", "csv": "csv"}.get(upload.container, "xlsx"),
        "job": reading_job(upload),
        **shown_totals(upload),
        "step": 1 if upload.state == Upload.State.RECEIVED else 2,
    }


def shown_issue(issue: dict, layout: Layout) -> dict:
    """The issue with its unit's name, and its sentence without the cell that stands beside it."""
    text = CELL_FIRST.sub("", issue["message"])
    unit = layout.unit_by_code.get(issue.get("unit") or "")
    label = unit.label if unit and unit.label not in text else ""
    if label and text.startswith(f"{label}, "):
        label = ""
    return {**issue, "text": text[:1].upper() + text[1:], "unit_label": label}


def reading_job(upload: Upload) -> Job | None:
    if upload.state != Upload.State.RECEIVED:
        return None
    return Job.objects.last_of(READ_JOB, upload.pk)


@permission_needed(*SEEING)
def upload_progress(request: HttpRequest, pk: int) -> HttpResponse:
    """The reading part of the page while the job runs; the whole page once it is done."""
    found = upload_of(request, pk)
    job = reading_job(found)
    if job is None or not job.is_open:
        to_submission = request.htmx and request.GET.get("ve") == "bo"
        page = found.submission if to_submission else found
        return whole_page(request, page.get_absolute_url())
    return render(request, "collection/upload_progress.html", {"upload": found, "job": job})


@require_POST
@permission_needed("collection.enter")
def upload_answer(request: HttpRequest, pk: int) -> HttpResponse:
    found = upload_of(request, pk)
    form = QuestionForm(request.POST, upload=found)
    if not form.is_valid():
        context = upload_context(request, found, form)
        return render(request, "collection/upload.html", context, status=422)
    with telling(request):
        uploading.answer_questions(upload=found, answers=form.answers, by=request.user)
    return redirect(found)


@require_POST
@permission_needed("collection.enter")
def upload_correct(request: HttpRequest, pk: int) -> HttpResponse:
    """Cells put right on the page: three lists of one length, sheet, cell and text."""
    found = upload_of(request, pk)
    lists = [request.POST.getlist(name) for name in ("sheet", "cell", "text")]
    texts = {(sheet, cell): text for sheet, cell, text in zip(*lists, strict=False)}
    with telling(request):
        uploading.correct_cells(upload=found, texts=texts, by=request.user)
    return redirect(found)


@require_POST
@permission_needed("collection.enter")
def upload_uncorrect(request: HttpRequest, pk: int) -> HttpResponse:
    """One mended cell back to what the file says."""
    found = upload_of(request, pk)
    sheet, cell = request.POST.get("sheet", ""), request.POST.get("cell", "")
    with telling(request):
        uploading.undo_correction(upload=found, sheet=sheet, cell=cell, by=request.user)
    return redirect(found)


@require_POST
@permission_needed("collection.enter")
def upload_forget(request: HttpRequest, pk: int) -> HttpResponse:
    found = upload_of(request, pk)
    with telling(request):
        uploading.forget_answers(upload=found, by=request.user)
    return redirect(found)


@require_POST
@permission_needed("collection.enter")
def upload_discard(request: HttpRequest, pk: int) -> HttpResponse:
    found = upload_of(request, pk)
    with telling(request):
        uploading.discard_upload(upload=found, by=request.user)
        messages.success(
            request, f"Đã bỏ tệp {found.original_name}. Không có số liệu nào thay đổi."
        )
    return redirect(found.submission)


@require_POST
@permission_needed("collection.enter")
def upload_undo(request: HttpRequest, pk: int) -> HttpResponse:
    """Put the submission back to where it was before this file was taken over."""
    found = upload_of(request, pk)
    with telling(request):
        written = undo_upload(upload=found, by=request.user)
        if written.touched:
            messages.success(request, f"Đã hoàn tác {found.original_name}: {in_words(written)}.")
    return redirect(found.submission)


@permission_needed(*SEEING)
def upload_original(request: HttpRequest, pk: int) -> FileResponse:
    """The file exactly as it came."""
    found = upload_of(request, pk)
    return kept_file(found.file, found.original_name)


@permission_needed(*SEEING)
def upload_marked(request: HttpRequest, pk: int) -> FileResponse | HttpResponse:
    """The user's own workbook with the cells of its mistakes marked and commented."""
    found = upload_of(request, pk)
    with telling(request):
        content = marked_workbook(upload=found)
        name = marked_name(found, content)
        return FileResponse(BytesIO(content), as_attachment=True, filename=name)
    return redirect(found)


@require_POST
@permission_needed("collection.enter")
def warning_reasons(request: HttpRequest, pk: int) -> HttpResponse:
    """Reasons for warnings, from the page of a file or of the whole submission."""
    found = submission_of(request, pk)
    names = ("rule", "unit", "group", "column", "reason")
    lists = [request.POST.getlist(name) for name in names]
    with telling(request):
        for rule, unit, group, column, text in zip(*lists, strict=False):
            explain_warning(
                submission=found,
                rule=rule,
                unit_code=unit,
                group_code=group,
                column_key=column,
                text=text,
                by=request.user,
            )
        messages.success(request, "Đã ghi lý do.")
    back = request.POST.get("tep", "")
    if back.isdecimal() and found.uploads.filter(pk=int(back[:18])).exists():
        return redirect("collection:upload", pk=int(back[:18]))
    if request.POST.get("ve") == "cac-tep":
        return redirect("collection:files", pk=found.pk)
    return redirect(found)
