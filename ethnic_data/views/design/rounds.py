"""Rounds of the survey and their tables: the administrator adds, puts right, takes away."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_POST
from django.views.generic import CreateView, UpdateView

from ethnic_data.forms.rounds import RoundForm, TableForm
from ethnic_data.models import SurveyRound, SurveyTable
from ethnic_data.services import rounds as services
from portal.access import PermissionNeededMixin, permission_needed

from .datasets import DESIGN

HOME = "ethnic_data:round_list"


class RoundSaving(PermissionNeededMixin):
    permissions = (DESIGN,)
    template_name = "ethnic_data/design/round_form.html"
    model = SurveyRound
    form_class = RoundForm
    adding = "Thêm vòng điều tra"

    def get_object(self, queryset: Any = None) -> SurveyRound:
        return get_object_or_404(SurveyRound, year=self.kwargs["year"])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(adding=self.adding, home_url=reverse(HOME), **kwargs)

    def form_valid(self, form: RoundForm) -> HttpResponse:
        try:
            survey = services.save_round(
                survey=form.save(commit=False),
                full=form.cleaned_data["full"],
                source=form.cleaned_data["plan"],
            )
        except services.TableInUse as refused:
            form.add_error("full", refused.message)
            return self.form_invalid(form)
        messages.success(self.request, f"Đã lưu “{survey.title}”.")
        return redirect(HOME)


class RoundCreate(RoundSaving, CreateView):
    pass


class RoundUpdate(RoundSaving, UpdateView):
    pass


class TableSaving(PermissionNeededMixin):
    permissions = (DESIGN,)
    template_name = "ethnic_data/design/round_form.html"
    model = SurveyTable
    form_class = TableForm

    @property
    def survey(self) -> SurveyRound:
        return get_object_or_404(SurveyRound, year=self.kwargs["year"])

    def get_queryset(self) -> Any:
        return SurveyTable.objects.with_names().filter(round=self.survey)

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"survey": self.survey}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        table = self.object
        return super().get_context_data(
            adding=f"Thêm biểu vào {str(self.survey).lower()}",
            home_url=reverse(HOME),
            removable=table is not None and table.pk and not services.is_sent(table),
            **kwargs,
        )

    def form_valid(self, form: TableForm) -> HttpResponse:
        try:
            table = services.save_table(
                table=form.save(commit=False), year=form.cleaned_data["year"]
            )
        except services.TableInUse as refused:
            form.add_error(None, refused.message)
            return self.form_invalid(form)
        except ValidationError as refused:
            form.add_error(None, refused.messages[0])
            return self.form_invalid(form)
        messages.success(self.request, f"Đã lưu “{table.dataset.title}”.")
        return redirect(HOME)


class TableCreate(TableSaving, CreateView):
    pass


class TableUpdate(TableSaving, UpdateView):
    pass


@require_POST
@permission_needed(DESIGN)
def survey_table_delete(request: HttpRequest, year: int, pk: int) -> HttpResponse:
    table = get_object_or_404(SurveyTable, round__year=year, pk=pk)
    try:
        services.delete_table(table=table)
    except services.TableInUse as refused:
        messages.error(request, refused.message)
    else:
        messages.success(request, "Đã bỏ biểu khỏi vòng điều tra.")
    return redirect(HOME)
