"""One submission: where it stands, its files, its history; submitting it and taking it back."""

from __future__ import annotations

from collections.abc import Collection

from django.contrib import messages
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from portal.access import permission_needed
from portal.accounts.models import User
from portal.collection.dependants import dependants_of
from portal.collection.forms import ACCEPTED, ConfirmForm, SubmitForm, UploadForm
from portal.collection.models import Submission, SubmissionEvent, Upload
from portal.collection.row_owners import writes_rows_only
from portal.collection.services.beside import layout_of
from portal.collection.services.comparing import overlaps
from portal.collection.services.confirming import digest_of, statement_of, totals_of
from portal.collection.services.duties import Duty
from portal.collection.services.judging import shortcomings
from portal.collection.services.opening import delete_draft, may_be_deleted
from portal.collection.services.owning import own_rows_of
from portal.collection.services.reasons import asked_for, unexplained
from portal.collection.services.review import resolve_remark, submit, withdraw
from portal.collection.services.taking import takeover_shown
from portal.collection.services.turns import path_of, principals_of, standings
from portal.collection.stores import store_of
from portal.collection.workbooks.layout import MEASURE_ROWS

from .found import (
    SEEING,
    may_enter,
    name_given,
    remark_of,
    submission_of,
    telling,
    whole_submission_of,
)
from .uploads import SHOWN_AT_ONCE, shown_issue
from .values import values_page

EVENT_KINDS = {
    SubmissionEvent.What.OPENED: "draft",
    SubmissionEvent.What.UPLOADED: "information",
    SubmissionEvent.What.DISCARDED: "draft",
    SubmissionEvent.What.COMMITTED: "information",
    SubmissionEvent.What.TYPED: "information",
    SubmissionEvent.What.UNDONE: "returned",
    SubmissionEvent.What.SUBMITTED: "waiting",
    SubmissionEvent.What.WITHDRAWN: "returned",
    SubmissionEvent.What.RETURNED: "returned",
    SubmissionEvent.What.ENDORSED: "done",
    SubmissionEvent.What.SENT_BACK: "returned",
    SubmissionEvent.What.APPROVED: "done",
    SubmissionEvent.What.SUPERSEDED: "locked",
    SubmissionEvent.What.RECHECKED: "waiting",
    SubmissionEvent.What.HANDED_OVER: "information",
}


# what happens to a submission as a whole, told to whoever has rows in it
OF_THE_WHOLE = (
    SubmissionEvent.What.SUBMITTED,
    SubmissionEvent.What.WITHDRAWN,
    SubmissionEvent.What.RETURNED,
    SubmissionEvent.What.APPROVED,
    SubmissionEvent.What.SUPERSEDED,
)


@permission_needed(*SEEING)
def submission(request: HttpRequest, pk: int) -> HttpResponse:
    """Where one submission stands, and what comes next for the person who looks."""
    found = submission_of(request, pk)
    visible = Upload.objects.visible_to(request.user).filter(submission=found)
    files = list(visible.exclude(state=Upload.State.DISCARDED).select_related("uploaded_by"))
    whole = not writes_rows_only(request.user)
    waiting = [file for file in files if file.is_open]
    entering = may_enter(request, found)
    takeover = takeover_shown(found)
    path = path_of(found, day=timezone.localdate())
    context = {
        "submission": found,
        "duty": duty_of_submission(found),
        "files": files,
        "waiting": waiting,
        "accepted": [file for file in waiting if file.is_accepted],
        "reading": [file for file in waiting if file.state == Upload.State.RECEIVED],
        "overlaps": overlaps([file for file in waiting if file.is_accepted]),
        "not_yet": not_yet(found, waiting) if entering and waiting and whole else [],
        "remarks": remarks_shown(found, entering),
        "events": events_of(found, only=None if whole else request.user),
        "revisions": revisions_of(request, found),
        "may_enter": entering,
        "path": path,
        "may_review": bool(path) and in_turn(request, found),
        "may_withdraw": found.status == Submission.Status.SUBMITTED
        and request.user.has_perm("collection.submit")
        and not any(level.step for level in path),
        "may_correct": found.status == Submission.Status.APPROVED
        and request.user.has_perm("collection.enter")
        and own_rows_of(found, request.user) is None,
        "has_dependants": whole and (found.is_locked or found.revision > 1),
        "may_delete": entering
        and own_rows_of(found, request.user) is None
        and may_be_deleted(found),
        "shortcomings": shortcomings(found) if entering and whole else [],
        "whole": whole,
        **reasons_shown(found, own_rows_of(found, request.user)),
        "step": step_of(found, waiting),
        "takeover": takeover[0] if entering and takeover else None,
        "takeover_job": takeover[1] if takeover else None,
        "form": UploadForm() if entering else None,
        "accept": ACCEPTED,
    }
    return render(request, "collection/submission.html", context)


def reasons_shown(found: Submission, own: Collection[str] | None) -> dict:
    """The warnings that ask for a reason, each beside its value, and what has none."""
    asking = [one for one in asked_for(found) if own is None or one["unit"] in own][:SHOWN_AT_ONCE]
    layout = layout_of(found) if asking else None
    return {
        "asking": [shown_issue(issue, layout) for issue in asking] if layout else [],
        "unexplained": unexplained(found) if own is None else "",
    }


def not_yet(found: Submission, waiting: list[Upload]) -> list[str]:
    """Names of expected units that neither a waiting file nor the stored values tell of."""
    layout = layout_of(found)
    if layout.rows == MEASURE_ROWS or not layout.every_unit:
        return []
    told = store_of(found.dataset).units_of(found)
    told.update(*(file.units for file in waiting))
    return [unit.label for unit in layout.valid_units() if unit.code not in told]


def duty_of_submission(found: Submission) -> Duty:
    return Duty(
        dataset=found.dataset,
        unit=found.unit,
        period=found.period,
        due=found.dataset.due_date(found.period),
        today=timezone.localdate(),
        submission=found,
    )


def step_of(found: Submission, waiting: list[Upload]) -> int:
    """The step in hand of the four: choose, check, preview, submit; 5 when all are done."""
    if not found.is_editable:
        return 5
    if not waiting:
        return 4 if found.reconciliation.get("value_count") else 1
    return 3 if any(file.is_accepted for file in waiting) else 2


def in_turn(request: HttpRequest, found: Submission) -> bool:
    return found.status == Submission.Status.SUBMITTED and bool(
        standings(request.user, found, day=timezone.localdate())
    )


def remarks_shown(found: Submission, entering: bool):  # type: ignore[no-untyped-def]
    """Remarks as they were sent; those being written are the reviewer's."""
    return found.remarks.filter(is_sent=True).select_related("author", "answered_by")


def events_of(found: Submission, *, only: User | None = None) -> list[dict]:
    """The latest first; with `only`, what that person did and where the whole went."""
    events = found.events.select_related("who", "on_behalf_of")
    if only is not None:
        events = events.filter(Q(who=only) | Q(what__in=OF_THE_WHOLE))
    return [
        {
            "kind": EVENT_KINDS[SubmissionEvent.What(event.what)],
            "what": event.get_what_display(),
            "who": who_acted(event),
            "at": event.at,
            "note": event.note,
        }
        for event in events[:100]
    ]


def who_acted(event: SubmissionEvent) -> str:
    if event.on_behalf_of is None:
        return event.who.full_name
    return f"{event.who.full_name} (thay mặt {event.on_behalf_of.full_name})"


def revisions_of(request: HttpRequest, found: Submission) -> list[Submission]:
    """All revisions of the same data, when there is more than one."""
    same = Submission.objects.visible_to(request.user).filter(
        dataset=found.dataset, unit=found.unit, period=found.period
    )
    revisions = list(same.order_by("revision").defer("findings", "typed"))
    return revisions if len(revisions) > 1 else []


@permission_needed(*SEEING)
def dependants(request: HttpRequest, pk: int) -> HttpResponse:
    """What used these values or the ones they correct: reports, data of other datasets."""
    found = whole_submission_of(request, pk)
    same = Submission.objects.visible_to(request.user).filter(
        dataset=found.dataset,
        unit=found.unit,
        period=found.period,
        revision__lte=found.revision,
        approved_at__isnull=False,
    )
    revisions = list(same.with_names())
    context = {"submission": found, "dependants": dependants_of(revisions, request.user)}
    return render(request, "collection/dependants.html", context)


@permission_needed("collection.submit")
def submit_page(request: HttpRequest, pk: int) -> HttpResponse:
    """The last step: a look at the whole, the cover letter, and the button."""
    found = submission_of(request, pk)
    if not (may_enter(request, found) and request.user.has_perm("collection.submit")):
        return redirect(found)
    form, confirming = letter_form(request, found), ConfirmForm(request.POST or None)
    sound = form is None or form.is_valid()
    if request.method == "POST" and confirming.is_valid() and sound:
        with telling(request):
            submit(
                submission=found,
                by=request.user,
                cover_letter=form.cover_letter if form else None,
                on_behalf_of=name_given(request),
                reconciled=confirming.cleaned_data["statement"],
            )
            messages.success(request, "Đã nộp số liệu. Chờ Ban Dân tộc duyệt.")
            return redirect(found)
        return redirect("collection:submit", pk=found.pk)
    statement = statement_of(found)
    context = {
        "submission": found,
        "duty": duty_of_submission(found),
        "form": form,
        "confirming": confirming,
        "statement": statement,
        "digest": digest_of(statement),
        "totals": totals_of(statement, found),
        "shortcomings": shortcomings(found),
        "unexplained": unexplained(found),
        "grid": values_page(request, found),
        "uploads": found.uploads.filter(state=Upload.State.COMMITTED),
        "waiting": found.uploads.open(),
        "principals": principals_of(request.user, day=timezone.localdate()),
    }
    failed = request.method == "POST"
    return render(request, "collection/submit.html", context, status=422 if failed else 200)


def letter_form(request: HttpRequest, found: Submission) -> SubmitForm | None:
    if not found.dataset.wants_cover_letter:
        return None
    has_scan = bool(found.cover_letter_file)
    if request.method == "POST":
        return SubmitForm(request.POST, request.FILES, has_scan=has_scan)
    date = found.cover_letter_date
    return SubmitForm(
        has_scan=has_scan,
        initial={
            "number": found.cover_letter_number,
            "date": date.strftime("%d/%m/%Y") if date else "",
        },
    )


@require_POST
@permission_needed("collection.submit")
def withdraw_submission(request: HttpRequest, pk: int) -> HttpResponse:
    found = submission_of(request, pk)
    with telling(request):
        withdraw(submission=found, by=request.user)
        messages.success(request, "Đã rút lại để sửa. Nộp lại khi xong.")
    return redirect(found)


@require_POST
@permission_needed("collection.enter")
def delete_submission(request: HttpRequest, pk: int) -> HttpResponse:
    found = submission_of(request, pk)
    with telling(request):
        delete_draft(submission=found, by=request.user)
        messages.success(request, f"Đã xoá bản đang nhập: {found}.")
        return redirect("collection:submission_list")
    return redirect(found)


@require_POST
@permission_needed("collection.enter")
def remark_resolve(request: HttpRequest, pk: int) -> HttpResponse:
    remark = remark_of(request, pk)
    with telling(request):
        resolve_remark(remark=remark, by=request.user, answer=request.POST.get("answer", ""))
    return redirect(remark.submission)
