"""Incoming documents in hand: the list, one piece of work, and each step with it."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.views.decorators.http import require_POST
from django.views.generic import TemplateView

from portal.access import PermissionNeededMixin, SignedInRequest, permission_needed
from portal.documents import services
from portal.documents.forms.assigning import (
    AnswerForm,
    DeadlineForm,
    HandOutForm,
    ReasonForm,
    ReassignForm,
    SupportForm,
)
from portal.documents.models import Assignment, CaseFile, Direction, Document, Secrecy
from portal.documents.services.telling import deadline_words

if TYPE_CHECKING:
    from portal.accounts.models import User
    from portal.documents.models import AssignmentQuerySet

PER_PAGE = 25
DIRECTING = ("documents.direct", "documents.number")
READING = ("documents.view",)
NOT_PASSED = "chua-chuyen"

#: Tabs of the list: key in the address and its words.
TABS = (
    ("cua-toi", "Chờ tôi"),
    ("dang-lam", "Đang giải quyết"),
    ("qua-han", "Quá hạn"),
    ("xong", "Đã xong"),
    (NOT_PASSED, "Chưa chuyển xử lý"),
)
EVENT_KINDS = {
    "assigned": "waiting", "started": "draft", "reassigned": "returned",
    "extended": "warning", "closed": "done", "reopened": "returned",
}  # fmt: skip


def only_committee(user: User) -> None:
    """Work on incoming documents is the committee's own; for others it does not exist."""
    if not user.sees_every_unit:
        raise Http404


class AssignmentList(PermissionNeededMixin, TemplateView):
    permissions = READING
    template_name = "documents/assignment_list.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user: Any = self.request.user
        only_committee(user)
        today = timezone.localdate()
        asked = self.request.GET.get("xem", "")
        tab = asked if asked in dict(TABS) else "dang-lam"
        visible = Assignment.objects.visible_to(user)
        lists: dict[str, Any] = {
            "cua-toi": Assignment.objects.waiting_for(user, today=today),
            "dang-lam": visible.open(),
            "qua-han": visible.late(today=today),
            "xong": visible.filter(state=Assignment.State.DONE),
            NOT_PASSED: Document.objects.visible_to(user).not_passed_on(today=today),
        }
        found = lists[tab]
        if tab == NOT_PASSED:
            found = found.with_catalogue().select_related("issued_number").order_by("arrival_date")
        elif tab == "xong":
            found = found.with_names().order_by("-closed_at", "-pk")
        else:
            found = found.with_names().by_deadline()
        page = Paginator(found, PER_PAGE).get_page(self.request.GET.get("page"))
        here = reverse("documents:assignment_list")
        return super().get_context_data(
            tab=tab,
            tabs=[
                {
                    "label": label,
                    "url": f"{here}?xem={key}",
                    "current": key == tab,
                    "count": lists[key].count() if key != "xong" else None,
                }
                for key, label in TABS
            ],
            page_obj=page,
            rows=[] if tab == NOT_PASSED else [row_of(one, today) for one in page],
            **kwargs,
        )


def row_of(assignment: Assignment, today: datetime.date) -> dict[str, Any]:
    kind, word = state_of(assignment, today)
    return {
        "assignment": assignment,
        "kind": kind,
        "word": word,
        "deadline": deadline_words(assignment, today) if assignment.is_open else "",
    }


def state_of(assignment: Assignment, today: datetime.date) -> tuple[str, str]:
    """A chip: kind and word."""
    if assignment.is_open:
        if assignment.days_late(today=today):
            return "wrong", "Quá hạn"
        kind = "draft" if assignment.state == Assignment.State.WORKING else "waiting"
        return kind, assignment.get_state_display()
    if assignment.days_late(today=today):
        return "warning", "Xong, chậm hạn"
    return "done", "Xong"


def found(request: SignedInRequest, pk: int) -> Assignment:
    """The piece of work, if this person may see it; 404 else."""
    visible = Assignment.objects.visible_to(request.user).with_names()
    return get_object_or_404(visible, pk=pk)


@permission_needed(*READING)
def assignment_detail(request: SignedInRequest, pk: int) -> HttpResponse:
    return render(request, "documents/assignment_detail.html", detail(request, found(request, pk)))


def detail(request: SignedInRequest, one: Assignment, **forms: Any) -> dict[str, Any]:
    user, today = request.user, timezone.localdate()
    handles = Assignment.objects.handled_by(user).filter(pk=one.pk).exists()
    directs = Assignment.objects.directed_by(user).filter(pk=one.pk).exists()
    others = Assignment.objects.visible_to(user).filter(document=one.document).exclude(pk=one.pk)
    may_support = directs and services.may_direct(user) and one.is_lead and one.is_open
    return {
        **row_of(one, today),
        "document": one.document,
        "others": [row_of(other, today) for other in others.with_names()],
        "events": [
            {
                "kind": EVENT_KINDS[event.what],
                "what": f"{event.get_what_display()}: {event.told}",
                "who": event.who,
                "at": event.at,
                "note": event.note,
            }
            for event in one.events.select_related("who").reverse()
        ],
        "handles": handles and one.is_open,
        "directs": directs and one.is_open,
        "may_extend": directs and services.may_direct(user) and one.is_open,
        "may_reopen": services.may_direct(user) and not one.is_open,
        "case_file": CaseFile.objects.visible_to(user).filter(assignment=one).first(),
        "may_open_file": handles and one.is_lead,
        "may_start": handles and may_start(user, one),
        "draft_url": draft_url(one) if handles and may_draft(user, one) else "",
        "answers_url": answers_url(one),
        "reassign_form": ReassignForm(assignment=one, user=user),
        "deadline_form": DeadlineForm(),
        "answer_form": AnswerForm(),
        "support_form": SupportForm(document=one.document) if may_support else None,
        **forms,
    }


def may_start(user: User, one: Assignment) -> bool:
    """The officer takes the work up, or whoever of the division comes first."""
    near = one.officer is None and one.division_id == user.division_id
    return one.state == Assignment.State.ASSIGNED and (one.officer == user or near)


def may_draft(user: User, one: Assignment) -> bool:
    return one.is_open and one.is_lead and user.has_perm("reports.draft")


def draft_url(assignment: Assignment) -> str:
    """Where a higher room begins the document that answers; empty while there is none."""
    try:
        return f"{reverse('reports:report_create')}?giao-viec={assignment.pk}"
    except NoReverseMatch:
        return ""


def answers_url(assignment: Assignment) -> str:
    """Where a higher room lists the drafts begun for this work; empty while there is none."""
    try:
        return reverse("reports:assignment_reports", args=[assignment.pk])
    except NoReverseMatch:
        return ""


@permission_needed(*DIRECTING)
def hand_out(request: SignedInRequest, pk: int) -> HttpResponse:
    """Give one incoming document out."""
    incoming = Document.objects.visible_to(request.user).filter(
        direction=Direction.INCOMING, secrecy=Secrecy.NONE
    )
    document = get_object_or_404(incoming.with_catalogue(), pk=pk)
    if lead := document.assignments.order_by("part").first():
        return redirect(lead)
    form = HandOutForm(request.POST or None, document=document, user=request.user)
    if request.method == "POST" and form.is_valid():
        try:
            made = services.hand_out(
                document=document, by=request.user, now=timezone.now(), **form.cleaned_data
            )
        except services.AssignmentRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, f"Đã giao {made.division} xử lý.")
            return redirect(document)
    context = {"form": form, "document": document}
    return render(request, "documents/assignment_form.html", context)


@require_POST
@permission_needed(*DIRECTING)
def pass_for_information(request: SignedInRequest, pk: int) -> HttpResponse:
    document = get_object_or_404(Document.objects.visible_to(request.user), pk=pk)
    return take(
        request,
        lambda: services.pass_for_information(
            document=document, by=request.user, now=timezone.now()
        ),
        done="Đã ghi: chuyển để biết, không cần giải quyết.",
        to=document,
    )


def take(
    request: SignedInRequest, step: Callable[[], object], *, done: str, to: Assignment | Document
) -> HttpResponse:
    """Take the step and say so, or say why it was not taken."""
    try:
        step()
    except services.AssignmentRefused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, done)
    return redirect(to)


def theirs(request: SignedInRequest, pk: int, which: AssignmentQuerySet) -> Assignment:
    """One that this person may act on; that of another division does not exist for them."""
    return get_object_or_404(which.with_names(), pk=pk)


def first_error(form: Any) -> str:
    return next(str(errors[0]) for errors in form.errors.values())


@require_POST
@permission_needed(*READING)
def start(request: SignedInRequest, pk: int) -> HttpResponse:
    one = theirs(request, pk, Assignment.objects.handled_by(request.user))
    return take(
        request,
        lambda: services.start_work(assignment=one, by=request.user, now=timezone.now()),
        done="Đã nhận việc.",
        to=one,
    )


def _step(
    request: SignedInRequest, one: Assignment, form: Any, act: Callable[..., object], done: str
) -> HttpResponse:
    """One step with a form of its own on the page of the work."""
    if not form.is_valid():
        messages.error(request, f"Chưa ghi được: {first_error(form)}")
        return redirect(one)
    return take(
        request,
        lambda: act(assignment=one, by=request.user, now=timezone.now(), **form.cleaned_data),
        done=done,
        to=one,
    )


@require_POST
@permission_needed(*READING)
def reassign(request: SignedInRequest, pk: int) -> HttpResponse:
    one = theirs(request, pk, Assignment.objects.directed_by(request.user))
    form = ReassignForm(request.POST, assignment=one, user=request.user)
    return _step(request, one, form, services.reassign, "Đã giao lại.")


@require_POST
@permission_needed(*DIRECTING)
def extend(request: SignedInRequest, pk: int) -> HttpResponse:
    one = theirs(request, pk, Assignment.objects.directed_by(request.user))
    form = DeadlineForm(request.POST)
    return _step(request, one, form, services.change_deadline, "Đã đổi hạn.")


@require_POST
@permission_needed(*READING)
def no_answer(request: SignedInRequest, pk: int) -> HttpResponse:
    one = theirs(request, pk, Assignment.objects.directed_by(request.user))
    form = ReasonForm(request.POST)
    return _step(request, one, form, services.close_without_answer, "Đã kết thúc việc này.")


@require_POST
@permission_needed(*DIRECTING)
def reopen(request: SignedInRequest, pk: int) -> HttpResponse:
    one = theirs(request, pk, Assignment.objects.directed_by(request.user))
    return _step(request, one, ReasonForm(request.POST), services.reopen, "Đã mở lại việc này.")


@require_POST
@permission_needed(*DIRECTING)
def add_support(request: SignedInRequest, pk: int) -> HttpResponse:
    one = theirs(request, pk, Assignment.objects.directed_by(request.user))
    form = SupportForm(request.POST, document=one.document)
    if not form.is_valid():
        messages.error(request, f"Chưa ghi được: {first_error(form)}")
        return redirect(one)
    return take(
        request,
        lambda: services.add_support(
            document=one.document,
            divisions=list(form.cleaned_data["divisions"]),
            by=request.user,
            now=timezone.now(),
        ),
        done="Đã thêm đơn vị phối hợp.",
        to=one,
    )


@require_POST
@permission_needed(*READING)
def answer(request: SignedInRequest, pk: int) -> HttpResponse:
    """Closed by hand with an outgoing document named by number and symbol."""
    one = theirs(request, pk, Assignment.objects.handled_by(request.user))
    form = AnswerForm(request.POST)
    if not form.is_valid():
        messages.error(request, "Hãy ghi số, ký hiệu của văn bản trả lời.")
        return redirect(one)
    wanted = form.cleaned_data["answer"]
    outgoing = Document.objects.visible_to(request.user).filter(direction=Direction.OUTGOING)
    after = outgoing.named(wanted).filter(date__gte=one.document.date).order_by("date")
    named = list(after[:2])
    if len(named) != 1:
        many = "có nhiều văn bản" if named else "chưa có văn bản"
        messages.error(request, f"Trong sổ văn bản đi {many} “{wanted}” sau ngày văn bản đến.")
        return redirect(one)
    return take(
        request,
        lambda: services.answer_with(
            assignment=one, answer=named[0], by=request.user, now=timezone.now()
        ),
        done=f"Đã ghi văn bản trả lời {named[0].number_and_symbol}, việc đã xong.",
        to=one,
    )
