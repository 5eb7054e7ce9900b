"""The list of reports, and beginning a new one."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db import transaction
from django.db.models import Q, QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST
from django.views.generic import ListView

from portal.access import PermissionNeededMixin, SignedInRequest, permission_needed
from portal.collection.models import Dataset, ReportingPeriod
from portal.units.names import fold
from reports import services
from reports.forms import ReportForm
from reports.models import Report, ReportQuerySet, ReportTemplate, Status

from .answering import asked_assignment
from .steps import asked
from .turn import STEPS, chip_of

#: Tabs of the list: key in the address, words, statuses (None: see `waiting_for`).
TABS = (
    ("cho-toi", "Chờ tôi", None),
    ("dang-xu-ly", "Đang xử lý", [status for status in Status if status != Status.ISSUED]),
    ("da-phat-hanh", "Đã phát hành", [Status.ISSUED]),
    ("tat-ca", "Tất cả", list(Status)),
)


class ReportList(PermissionNeededMixin, ListView):
    permissions = ("reports.view",)
    template_name = "reports/report_list.html"
    paginate_by = 30

    def get_tab(self) -> str:
        asked = self.request.GET.get("xem", "")
        return asked if asked in {key for key, _, _ in TABS} else "tat-ca"

    def of_tab(self, key: str) -> ReportQuerySet:
        reports = Report.objects.visible_to(self.request.user)
        statuses = next(statuses for name, _, statuses in TABS if name == key)
        if statuses is None:
            return Report.objects.waiting_for(self.request.user)
        return reports.filter(status__in=statuses)

    def get_queryset(self) -> QuerySet[Report]:
        reports = self.of_tab(self.get_tab()).with_names()
        if period := asked(self.request, "ky"):
            reports = reports.filter(period__code=period)
        if status := asked(self.request, "buoc"):
            reports = reports.filter(status=status)
        if wanted := fold(asked(self.request, "q")):
            known = reports.values_list("pk", "subject", "number", "symbol", "drafter__full_name")
            keys = [
                pk
                for pk, *texts in known
                if all(word in fold(" ".join(map(str, texts))) for word in wanted.split())
            ]
            reports = reports.filter(pk__in=keys)
        return reports

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        here = reverse("reports:report_list")
        context["tabs"] = [
            {
                "label": label,
                "url": f"{here}?xem={key}",
                "current": key == self.get_tab(),
                "count": self.of_tab(key).count(),
            }
            for key, label, _ in TABS
        ]
        differing = services.differing_counts(context["object_list"])
        context["rows"] = [
            {
                "report": report,
                "differing": differing.get(report.pk, 0),
                "kind": chip_of(report),
                "waits_for": STEPS.get(Status(report.status), ("", ""))[1],
            }
            for report in context["object_list"]
        ]
        context["tab"] = self.get_tab()
        context["periods"] = ReportingPeriod.objects.filter(Q(report__isnull=False)).distinct()
        context["statuses"] = Status.choices
        context["may_draft"] = self.request.user.has_perm("reports.draft")
        return context


@permission_needed("reports.draft")
def report_create(request: SignedInRequest) -> HttpResponse:
    """Begin a report: from its template, from last period's, or blank; `tu` names a report."""
    source = _source(request)
    assignment = asked_assignment(request)
    form = ReportForm(request.POST or None, user=request.user, initial=_given(request, source))
    if request.method == "POST" and form.is_valid():
        now = timezone.now()
        try:
            with transaction.atomic():
                report = services.begin_report(drafter=request.user, now=now, **form.cleaned_data)
                if assignment is not None:
                    report = services.bind_to_assignment(
                        report=report, assignment=assignment, by=request.user, now=now
                    )
        except services.REFUSALS as refusal:
            form.add_error(None, str(refusal))
        else:
            if report.source_id:
                messages.success(request, "Đã lập dự thảo. Dưới đây là những chỗ cần xem lại.")
                return redirect("reports:points", report.pk)
            messages.success(request, "Đã lập dự thảo. Hãy soạn từng mục.")
            return redirect("reports:edit", report.pk)
    context = {"form": form, "source": source, "assignment": assignment}
    return render(request, "reports/report_form.html", context)


def _source(request: SignedInRequest) -> Report | None:
    key = asked(request, "tu")
    if not key.isdecimal() or len(key) > 9:
        return None
    return get_object_or_404(Report.objects.visible_to(request.user).with_names(), pk=key)


def _given(request: SignedInRequest, source: Report | None) -> dict[str, Any]:
    """What the form shows at first; for a report to be followed, its kind and the next period."""
    today = timezone.localdate()
    given: dict[str, Any] = {"report_date": today, "start": services.Start.TEMPLATE}
    if source is None:
        key, code = asked(request, "de_cuong"), asked(request, "ky")
        if key.isdecimal() and len(key) < 10:
            given["template"] = ReportTemplate.objects.for_reports().filter(pk=key).first()
        periods = ReportingPeriod.objects.all()
        # the list goes on into years to come: what is written about has begun
        given["period"] = periods.filter(code=code[:20]).first() or periods.begun(today).first()
    if source is not None:
        latest = ReportTemplate.objects.current().filter(code=source.template.code).first()
        given |= {
            "source": source,
            "start": services.Start.EARLIER,
            "template": latest or source.template,
            "period": services.following_period(source.period),
            "signatory": source.signatory,
        }
    return given


@require_POST
@permission_needed("reports.draft")
def reminder_create(request: SignedInRequest, dataset: str, period: str) -> HttpResponse:
    """One click on the page of completeness: a draft letter to those who are late."""
    if "\0" in f"{dataset}{period}":
        raise Http404
    found = get_object_or_404(Dataset.objects.active(), code=dataset)
    time = get_object_or_404(ReportingPeriod, code=period, frequency=found.frequency)
    try:
        report = services.draft_reminder(
            dataset=found, period=time, by=request.user, now=timezone.now()
        )
    except services.REFUSALS as refusal:
        messages.error(request, str(refusal))
        return redirect(f"{reverse('collection:completeness')}?ky={time.code}")
    messages.success(request, "Đã soạn dự thảo công văn đôn đốc. Xem lại nội dung rồi trình.")
    return redirect(report)
