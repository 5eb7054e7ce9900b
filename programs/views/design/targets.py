"""Form pages of targets and of the forms of reporting."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.views.generic import CreateView, UpdateView

from programs.forms.design import MonitoringFormForm, TargetForm
from programs.services import design
from programs.views.saving import SavedInTurn

from .parts import Saving


class TargetSaving(Saving):
    noun, adding = "muc-tieu", "Thêm mục tiêu"
    form_class = TargetForm
    goes_on = True

    def home(self) -> str:
        return reverse("programs:target_list", query={"chuong-trinh": self.programme.code})

    def save(self, form: Any) -> Any:
        return design.save_target(target=form.save(commit=False), printed=form.values())


class TargetCreate(TargetSaving, CreateView):
    pass


class TargetUpdate(SavedInTurn, TargetSaving, UpdateView):
    pass


class MonitoringFormSaving(Saving):
    noun, adding = "bieu", "Thêm biểu, báo cáo"
    form_class = MonitoringFormForm
    goes_on = True

    def home(self) -> str:
        return reverse("programs:form_list", query={"chuong-trinh": self.programme.code})


class MonitoringFormCreate(MonitoringFormSaving, CreateView):
    pass


class MonitoringFormUpdate(SavedInTurn, MonitoringFormSaving, UpdateView):
    pass
