"""Pages of the committee's records: a list per kind, one form, a plan with its tasks."""

from __future__ import annotations

import datetime
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.views.decorators.http import require_POST
from django.views.generic import ListView, View

from portal.access import PermissionNeededMixin, SignedInRequest, permission_needed
from reports.models import Report, Section
from reports.models import office as records
from reports.services.office import remove_kept, save_kept
from reports.services.refusals import ReportRefusal
from reports.services.taking import take_records

from .forms import KeptForm, PlanTaskForm, RemovalForm
from .kinds import KINDS, Kind
from .wording import SUBJECTS, Subject, Told

READING, WRITING = "reports.view", "reports.draft"
LONGEST_SEARCH = 100
STATE_CHIPS = {
    records.PlanTask.State.WAITING: "draft",
    records.PlanTask.State.UNDER_WAY: "waiting",
    records.PlanTask.State.DONE: "done",
    records.PlanTask.State.DROPPED: "returned",
}


def kind_asked(slug: str) -> Kind:
    if slug not in KINDS:
        raise Http404
    return KINDS[slug]


class KeptList(PermissionNeededMixin, ListView):
    """The records of one kind, searched and filtered in the address."""

    permissions = (READING,)
    template_name = "reports/office/list.html"
    paginate_by = 30

    @cached_property
    def kind(self) -> Kind:
        return kind_asked(self.kwargs["kind"])

    @cached_property
    def words(self) -> str:
        return self.request.GET.get("q", "")[:LONGEST_SEARCH].replace("\0", "")

    @cached_property
    def choice(self) -> str:
        """The value of "kind" that the list is narrowed to."""
        asked = self.request.GET.get("loai", "")
        return asked if self.kind.has_kinds and asked in dict(self.kind.model.Kind.choices) else ""

    def get_queryset(self) -> QuerySet[Any]:
        found = self.kind.model.objects.visible_to(self.request.user).searched(self.words)
        if self.choice:
            found = found.filter(kind=self.choice)
        if self.kind.model is records.Plan:
            found = found.with_counts(today=timezone.localdate())
        if self.kind.model is records.ITPost:
            found = found.select_related("division")
        return found.select_related("document__document_type")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            kind=self.kind,
            tabs=tabs(self.kind),
            headings=self.kind.columns,
            words=self.words,
            choices=self.kind.model.Kind.choices if self.kind.has_kinds else (),
            choice=self.choice,
            is_narrowed=bool(self.words or self.choice),
            **kwargs,
        )

    def paginate_queryset(self, queryset: Any, page_size: int) -> Any:
        """Rows beside their records: the cells of the columns."""
        paginator, page, records, more = super().paginate_queryset(queryset, page_size)
        self.extra_context = {
            "rows": [(record, self.kind.cells(record)) for record in records],
            "is_demo": any(record.is_demo for record in records),
        }
        return paginator, page, records, more


def tabs(current: Kind | None = None) -> list[dict[str, Any]]:
    return [
        {
            "label": kind.title,
            "url": reverse("reports:kept_list", args=[kind.slug]),
            "current": kind is current,
        }
        for kind in KINDS.values()
    ]


class KeptSaving(PermissionNeededMixin, View):
    """One form for a new record and for a change."""

    permissions = (WRITING,)
    template_name = "reports/office/form.html"
    request: SignedInRequest
    form_class: type[KeptForm]

    def get_instance(self) -> records.Kept:
        raise NotImplementedError

    def get_words(self) -> dict[str, Any]:
        """What the page says: "one" (the noun), "home_url", "home_title"."""
        raise NotImplementedError

    def get(self, request: SignedInRequest, **kwargs: Any) -> HttpResponse:
        instance = self.get_instance()
        return self.answer(self.get_form(instance), instance)

    def get_form(self, instance: records.Kept, given: QueryDict | None = None) -> KeptForm:
        today = timezone.localdate()
        return self.form_class(given, instance=instance, by=self.request.user, today=today)

    def post(self, request: SignedInRequest, **kwargs: Any) -> HttpResponse:
        instance = self.get_instance()
        is_new = instance.pk is None
        form = self.get_form(instance, request.POST)
        if not form.is_valid():
            return self.answer(form, instance, status=422)
        try:
            saved = save_kept(
                record=form.save(commit=False), by=request.user, now=timezone.localtime()
            )
        except ReportRefusal as refused:
            form.add_error(None, str(refused))
            return self.answer(form, instance, status=422)
        messages.success(request, "Đã ghi." if is_new else "Đã lưu thay đổi.")
        return redirect(self.home_of(saved))

    def answer(self, form: KeptForm, instance: records.Kept, status: int = 200) -> HttpResponse:
        context = {"form": form, "object": instance if instance.pk else None, **self.get_words()}
        if instance.pk:
            context["removal_url"] = self.removal_url(instance)
        return render(self.request, self.template_name, context, status=status)

    def home_of(self, saved: records.Kept) -> str:
        raise NotImplementedError

    def removal_url(self, instance: records.Kept) -> str:
        raise NotImplementedError


class KeptEdit(KeptSaving):
    @cached_property
    def kind(self) -> Kind:
        return kind_asked(self.kwargs["kind"])

    @property
    def form_class(self) -> type[KeptForm]:  # type: ignore[override]
        return self.kind.form

    def get_instance(self) -> records.Kept:
        if "pk" not in self.kwargs:
            return self.kind.model()
        there = self.kind.model.objects.visible_to(self.request.user)
        found: records.Kept = get_object_or_404(there, pk=self.kwargs["pk"])
        return found

    def get_words(self) -> dict[str, Any]:
        home = reverse("reports:kept_list", args=[self.kind.slug])
        return {"one": self.kind.one, "home_url": home, "home_title": self.kind.title}

    def home_of(self, saved: records.Kept) -> str:
        if isinstance(saved, records.Plan):
            return saved.get_absolute_url()
        return reverse("reports:kept_list", args=[self.kind.slug])

    def removal_url(self, instance: records.Kept) -> str:
        return reverse("reports:kept_remove", args=[self.kind.slug, instance.pk])


class TaskEdit(KeptSaving):
    form_class = PlanTaskForm

    @cached_property
    def plan(self) -> records.Plan:
        there = records.Plan.objects.visible_to(self.request.user)
        found: records.Plan = get_object_or_404(there, pk=self.kwargs["plan_pk"])
        return found

    def get_instance(self) -> records.Kept:
        if "pk" not in self.kwargs:
            return records.PlanTask(plan=self.plan)
        there = self.plan.tasks.visible_to(self.request.user)  # type: ignore[attr-defined]
        found: records.Kept = get_object_or_404(there, pk=self.kwargs["pk"])
        return found

    def get_words(self) -> dict[str, Any]:
        home = self.plan.get_absolute_url()
        return {"one": "nhiệm vụ", "home_url": home, "home_title": self.plan.title}

    def home_of(self, saved: records.Kept) -> str:
        return saved.get_absolute_url()  # type: ignore[attr-defined,no-any-return]

    def removal_url(self, instance: records.Kept) -> str:
        return reverse("reports:task_remove", args=[self.plan.pk, instance.pk])


@permission_needed(READING)
def office(request: HttpRequest) -> HttpResponse:
    """The room opens at its first list."""
    return redirect("reports:kept_list", next(iter(KINDS)))


@permission_needed(READING)
def plan_detail(request: HttpRequest, plan_pk: int) -> HttpResponse:
    """A plan: its tasks with division, deadline, how far, and what shows it."""
    today = timezone.localdate()
    plans = records.Plan.objects.visible_to(request.user).with_counts(today=today)
    plan = get_object_or_404(plans.select_related("document__document_type"), pk=plan_pk)
    tasks = plan.tasks.visible_to(request.user).select_related(
        "division", "officer", "evidence__document_type", "plan"
    )
    context = {
        "plan": plan,
        "rows": [_task_row(task, today=today) for task in tasks],
        "late_words": f"{plan.late_count} quá hạn",
    }
    return render(request, "reports/office/plan.html", context)


def _task_row(task: records.PlanTask, *, today: datetime.date) -> tuple[Any, str, int]:
    """The task, the kind of its chip, and the days it is late."""
    late = task.days_late(today=today)
    return task, "wrong" if late else STATE_CHIPS[task.state], late


@require_POST
@permission_needed(WRITING)
def kept_remove(request: SignedInRequest, kind: str, pk: int) -> HttpResponse:
    found = kind_asked(kind)
    record = get_object_or_404(found.model.objects.visible_to(request.user), pk=pk)
    back = reverse("reports:kept_edit", args=[kind, pk])
    return _removed(request, record, home=reverse("reports:kept_list", args=[kind]), back=back)


@require_POST
@permission_needed(WRITING)
def task_remove(request: SignedInRequest, plan_pk: int, pk: int) -> HttpResponse:
    tasks = records.PlanTask.objects.visible_to(request.user).select_related("plan")
    task = get_object_or_404(tasks, pk=pk, plan=plan_pk, plan__removed_at=None)
    back = reverse("reports:task_edit", args=[plan_pk, pk])
    return _removed(request, task, home=task.plan.get_absolute_url(), back=back)


def _removed(
    request: SignedInRequest, record: records.Kept, *, home: str, back: str
) -> HttpResponse:
    form = RemovalForm(request.POST)
    if not form.is_valid():
        messages.error(request, "Ghi lý do bỏ, không quá 300 chữ.")
        return redirect(back)
    reason = form.cleaned_data["reason"]
    remove_kept(record=record, reason=reason, by=request.user, now=timezone.localtime())
    messages.success(request, "Đã bỏ khỏi danh sách; lý do được lưu lại.")
    return redirect(home)


class TakeRecords(PermissionNeededMixin, View):
    """Choose records of the report's period; they become lines at the end of the section."""

    permissions = (WRITING,)
    request: SignedInRequest

    def get(self, request: SignedInRequest, pk: int, section_pk: int) -> HttpResponse:
        return self.answer(self.get_section())

    def post(self, request: SignedInRequest, pk: int, section_pk: int) -> HttpResponse:
        section = self.get_section()
        asked = {key for key in request.POST.getlist("record") if key.isdecimal()}
        told = [one for one in self.told(section) if str(one.record.pk) in asked]
        try:
            take_records(section=section, told=told, by=request.user, now=timezone.localtime())
        except ReportRefusal as refused:
            messages.error(request, str(refused))
            return self.answer(section, status=422)
        messages.success(request, f"Đã đưa {len(told)} mục vào cuối phần này. Đọc lại rồi sửa chữ.")
        return redirect("reports:section_edit", section.report_id, section.pk)

    @cached_property
    def subject(self) -> Subject:
        asked = self.request.GET.get("muc", "")
        return SUBJECTS.get(asked, next(iter(SUBJECTS.values())))

    def get_section(self) -> Section:
        report = get_object_or_404(
            Report.objects.visible_to(self.request.user).select_related("period"),
            pk=self.kwargs["pk"],
        )
        sections = report.sections.present().select_related("report__period")
        return get_object_or_404(sections, pk=self.kwargs["section_pk"])

    def told(self, section: Section) -> list[Told]:
        return self.subject.told(section.report)

    def answer(self, section: Section, status: int = 200) -> HttpResponse:
        context = {
            "section": section,
            "report": section.report,
            "subject": self.subject,
            "told": self.told(section),
            "tabs": [
                {"label": one.title, "url": f"?muc={one.key}", "current": one is self.subject}
                for one in SUBJECTS.values()
            ],
        }
        return render(self.request, "reports/office/take.html", context, status=status)
