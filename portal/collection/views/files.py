"""Many files on one page: the state of each, and what is to be done about all of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from portal.access import permission_needed
from portal.collection.forms import ACCEPTED, QuestionForm, UploadForm
from portal.collection.models import Archive, Submission, Upload
from portal.collection.services.batch import Batch, batch_of, merged_questions
from portal.collection.services.belonging import move_upload
from portal.collection.services.many import answer_all, correct_all
from portal.collection.services.reasons import reason_for, reasons_of
from portal.collection.services.refusals import ReasonMissing
from portal.waiting import whole_page

from .found import SEEING, kept_file, may_enter, submission_of, telling, upload_of
from .uploads import SHOWN_AT_ONCE, shown_issue


@dataclass(frozen=True)
class Asked:
    """The questions of all files as one form asks them."""

    questions: list[dict[str, Any]]


@permission_needed(*SEEING)
def files(request: HttpRequest, pk: int) -> HttpResponse:
    """All waiting files of a submission: one line each, their errors and questions together."""
    found = submission_of(request, pk)
    return render(request, "collection/many_files.html", files_context(request, found))


def files_context(
    request: HttpRequest, found: Submission, form: QuestionForm | None = None
) -> dict[str, Any]:
    batch = batch_of(found, request.user)
    entering = may_enter(request, found)
    return {
        "submission": found,
        "batch": batch,
        "may_enter": entering,
        "errors": [shown(issue, batch) for issue in batch.errors[:SHOWN_AT_ONCE]],
        "warnings": warnings_with_reasons(found, batch),
        "more_issues": max(0, len(batch.errors) - SHOWN_AT_ONCE)
        + max(0, len(batch.warnings) - SHOWN_AT_ONCE),
        "form": form or (questions_form(batch) if batch.questions and not batch.is_busy else None),
        "upload_form": UploadForm() if entering else None,
        "accept": ACCEPTED,
        "step": 1 if batch.is_busy else 2,
        **progress_of(found),
    }


def questions_form(batch: Batch) -> QuestionForm:
    questions = []
    for question in batch.questions:
        count = len(question["files"])
        where = f" ({count} tệp)" if count > 1 else f" ({question['files'][0]})"
        questions.append({**question, "text": question["text"] + where})
    return QuestionForm(upload=Asked(questions))


def shown(issue: dict, batch: Batch) -> dict:
    return shown_issue(issue, batch.layout)


def warnings_with_reasons(found: Submission, batch: Batch) -> list[dict]:
    reasons = reasons_of(found)
    return [
        {**shown(issue, batch), "reason": reason_for(issue, reasons)}
        for issue in batch.warnings[:SHOWN_AT_ONCE]
    ]


def progress_of(found: Submission) -> dict[str, int]:
    """How many of the waiting files are read; zips that are still being opened count as one."""
    states = list(found.uploads.open().values_list("state", flat=True))
    opening = found.archives.filter(state=Archive.State.RECEIVED).count()
    return {
        "done": sum(state == Upload.State.READ for state in states),
        "total": len(states),
        "opening": opening,
        "left": sum(state == Upload.State.RECEIVED for state in states) + opening,
    }


@permission_needed(*SEEING)
def files_progress(request: HttpRequest, pk: int) -> HttpResponse:
    """The line of progress while files are read; the whole page once they are."""
    found = submission_of(request, pk)
    progress = progress_of(found)
    if progress["left"]:
        return render(request, "collection/many_progress.html", {"submission": found, **progress})
    return whole_page(request, reverse("collection:files", args=[found.pk]))


@require_POST
@permission_needed("collection.enter")
def files_answer(request: HttpRequest, pk: int) -> HttpResponse:
    """One answer for every file that asks the same."""
    found = submission_of(request, pk)
    questions = merged_questions(list(found.uploads.filter(state=Upload.State.READ, belongs={})))
    form = QuestionForm(request.POST, upload=Asked(questions))
    if not form.is_valid():
        context = files_context(request, found, form)
        return render(request, "collection/many_files.html", context, status=422)
    with telling(request):
        count = answer_all(submission=found, answers=form.answers, by=request.user)
        messages.success(request, f"Đang đọc lại {count} tệp theo câu trả lời.")
    return redirect("collection:files", pk=found.pk)


@require_POST
@permission_needed("collection.enter")
def files_correct(request: HttpRequest, pk: int) -> HttpResponse:
    """Cells of several files put right: four lists of one length, file, sheet, cell and text."""
    found = submission_of(request, pk)
    lists = [request.POST.getlist(name) for name in ("upload", "sheet", "cell", "text")]
    texts = {
        (int(upload[:18]), sheet, cell): text
        for upload, sheet, cell, text in zip(*lists, strict=False)
        if upload.isdecimal()
    }
    with telling(request):
        correct_all(submission=found, texts=texts, by=request.user)
    back = "preview" if request.POST.get("ve") == "xem-truoc" else "files"
    return redirect(f"collection:{back}", pk=found.pk)


@require_POST
@permission_needed("collection.enter")
def upload_move(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a file over to the submission where it belongs."""
    found = upload_of(request, pk)
    words = found.belongs.get("words", "")
    with telling(request):
        try:
            move_upload(upload=found, by=request.user)
            messages.success(request, f"Đã chuyển {found.original_name} sang {words}.")
        except ReasonMissing:
            text = f"{words} đã được duyệt. Mở bản đính chính, ghi lý do rồi tải tệp này lên đó."
            messages.error(request, text)
    return redirect("collection:files", pk=found.submission_id)


@permission_needed(*SEEING)
def archive_original(request: HttpRequest, pk: int) -> FileResponse:
    """The zip exactly as it came."""
    found = get_object_or_404(Archive.objects.visible_to(request.user), pk=pk)
    return kept_file(found.file, found.original_name)
