"""The forms for the ministry, on the screen and as workbooks; what was sent, what differs now."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.views.generic import DetailView, TemplateView

from portal.access import PermissionNeededMixin, permission_needed
from portal.collection.models import ReportingPeriod
from programs.forms.reporting import SentForm
from programs.ministry import FORMS, difference_of, filled, read_tables, workbook_of
from programs.ministry.export import GROUPS
from programs.models import FormSnapshot, Programme
from programs.models.reporting import report_name
from programs.services.reporting import record_sent
from programs.views.results.outputs import has_demo
from programs.views.structure import ProgrammePartMixin

from .exporting import READING, XLSX, exports_of

SHEETS = {
    "money": "Vốn", "works": "Công trình", "outputs": "Kết quả", "targets": "Mục tiêu",
    "evaluation": "Đánh giá",
}  # fmt: skip


def workbook_answer(stream: Any, name: str) -> HttpResponse:
    response = HttpResponse(stream.getvalue(), content_type=XLSX)
    response["Content-Disposition"] = f'attachment; filename="{name}.xlsx"'
    return response


def periods_of(programme: Programme, form: str) -> list[ReportingPeriod]:
    """Periods of the form that began while the programme runs, the latest first."""
    begun = ReportingPeriod.objects.begun(timezone.localdate())
    return [
        period
        for period in begun.filter(frequency=FORMS[FormSnapshot.Form(form)])
        if period.end in programme.valid
    ]


class MinistryHome(ProgrammePartMixin, TemplateView):
    """Which reports there are, and which were sent."""

    permissions = READING
    template_name = "programs/reporting/ministry_home.html"
    part = "programs:form_list"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        self.programme = self.get_programme()
        choices = [
            (form, form.label, periods_of(self.programme, form)[:20]) for form in FormSnapshot.Form
        ]
        return super().get_context_data(
            choices=choices,
            sent=self.programme.snapshots.select_related("period", "document", "by")[:100],
            groups=GROUPS,
            **exports_of(self.programme),
            **kwargs,
        )


class MinistryReport(PermissionNeededMixin, TemplateView):
    """One form as the stored data say now; recording that it was sent."""

    permissions = READING
    template_name = "programs/reporting/ministry_report.html"

    def prepare(self) -> None:
        self.programme, self.period = asked(self.kwargs)
        self.form_name = self.kwargs["form"]

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.prepare()
        return self.answer(SentForm(by=request.user))

    def answer(self, form: SentForm, status: int = 200) -> HttpResponse:
        sent = self.programme.snapshots.filter(form=self.form_name, period=self.period)
        context = self.get_context_data(
            programme=self.programme,
            period=self.period,
            name=report_name(self.period),
            tables=filled(self.programme, self.form_name, self.period),
            sent=sent.select_related("document", "by"),
            sent_form=form if self.request.user.has_perm("programs.plan") else None,
            is_demo=has_demo(self.programme),
        )
        return self.render_to_response(context, status=status)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.prepare()
        if not request.user.has_perm("programs.plan"):
            raise Http404
        form = SentForm(request.POST, by=request.user)
        if not form.is_valid():
            return self.answer(form, status=422)
        snapshot = record_sent(
            programme=self.programme,
            form=self.form_name,
            period=self.period,
            document=form.cleaned_data["document"],
            note=form.cleaned_data["note"],
            by=request.user,
        )
        messages.success(request, "Đã giữ bản số liệu gửi đi. Số thay đổi về sau sẽ được chỉ ra.")
        return redirect("programs:ministry_snapshot", pk=snapshot.pk)


def asked(kwargs: dict[str, Any]) -> tuple[Programme, ReportingPeriod]:
    """The programme and period of an address; 404 where the form has no such period."""
    programme = get_object_or_404(Programme, code=kwargs["programme"])
    if kwargs["form"] not in FormSnapshot.Form.values:
        raise Http404
    period = get_object_or_404(
        ReportingPeriod,
        code=kwargs["period"],
        frequency=FORMS[FormSnapshot.Form(kwargs["form"])],
        start__lte=timezone.localdate(),
    )
    if period.end not in programme.valid:
        raise Http404
    return programme, period


@permission_needed(*READING)
def ministry_workbook(request: HttpRequest, programme: str, form: str, period: str) -> HttpResponse:
    of, when = asked({"programme": programme, "form": form, "period": period})
    title = f"{report_name(when)} · {of.short_name}"
    tables = [(SHEETS[table.key], table) for table in filled(of, form, when)]
    remark = "Có số liệu minh hoạ." if has_demo(of) else ""
    return workbook_answer(workbook_of(title, tables, remark=remark), f"{form}-{when.code}")


class SnapshotDetail(PermissionNeededMixin, DetailView):
    """What was sent, and every figure that says something else now."""

    permissions = READING
    template_name = "programs/reporting/snapshot_detail.html"
    context_object_name = "snapshot"
    queryset = FormSnapshot.objects.select_related("programme", "period", "document", "by")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        one = self.object
        sent = read_tables(one.values)
        now = filled(one.programme, one.form, one.period)
        return super().get_context_data(
            programme=one.programme,
            tables=sent,
            differences=list(difference_of(sent, now)),
            now_url=reverse(
                "programs:ministry_report", args=[one.programme.code, one.form, one.period.code]
            ),
            is_demo=has_demo(one.programme),
            **kwargs,
        )


@permission_needed(*READING)
def snapshot_workbook(request: HttpRequest, pk: int) -> HttpResponse:
    one = get_object_or_404(FormSnapshot.objects.select_related("programme", "period"), pk=pk)
    sent = timezone.localtime(one.sent_at)
    title = f"{one} · {one.programme.short_name}"
    tables = [(SHEETS.get(table.key, table.key), table) for table in read_tables(one.values)]
    remark = f"Bản đã gửi lúc {sent:%d/%m/%Y %H:%M}."
    return workbook_answer(
        workbook_of(title, tables, remark=remark), f"da-gui-{one.form}-{one.period.code}-{one.pk}"
    )
