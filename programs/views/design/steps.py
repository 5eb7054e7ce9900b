"""Form pages of the steps of reporting and of the kinds of output."""

from __future__ import annotations

from django.db.models import QuerySet
from django.urls import reverse
from django.views.generic import CreateView, ListView, UpdateView

from programs.forms.design.steps import OutputKindForm, ReportStepForm
from programs.models import OutputKind, ReportStep
from programs.views.saving import SavedInTurn
from programs.views.structure import ProgrammePartMixin

from .parts import DESIGN, Saving


class ReportStepSaving(Saving):
    noun, adding = "buoc", "Thêm bước báo cáo"
    form_class = ReportStepForm
    goes_on = True

    def get_queryset(self) -> QuerySet[ReportStep]:
        return ReportStep.objects.filter(form__programme=self.programme)

    def home(self) -> str:
        return reverse("programs:report_flow", query={"chuong-trinh": self.programme.code})


class ReportStepCreate(ReportStepSaving, CreateView):
    pass


class ReportStepUpdate(SavedInTurn, ReportStepSaving, UpdateView):
    pass


class OutputKindList(ProgrammePartMixin, ListView):
    """The kinds of output of a programme, for who designs it."""

    permissions = (DESIGN,)
    template_name = "programs/design/output_kind_list.html"
    context_object_name = "kinds"
    part = "programs:output_list"

    def get_queryset(self) -> QuerySet[OutputKind]:
        self.programme = self.get_programme()
        kinds = OutputKind.objects.filter(component__programme=self.programme)
        return kinds.select_related("component")


class OutputKindSaving(Saving):
    noun, adding = "loai-ket-qua", "Thêm loại kết quả"
    form_class = OutputKindForm
    goes_on = True

    def get_queryset(self) -> QuerySet[OutputKind]:
        return OutputKind.objects.filter(component__programme=self.programme)

    def home(self) -> str:
        return reverse("programs:output_kind_list", query={"chuong-trinh": self.programme.code})


class OutputKindCreate(OutputKindSaving, CreateView):
    pass


class OutputKindUpdate(SavedInTurn, OutputKindSaving, UpdateView):
    pass
