"""Form pages of programmes, phases, components, and where those are carried out."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.generic import CreateView, UpdateView

from programs.forms.design import ApplicabilityForm, ComponentForm, PhaseForm, ProgrammeForm
from programs.models import Applicability, Component, Programme
from programs.services import design
from programs.views.saving import SavedInTurn

from .parts import Saving


class ProgrammeSaving(Saving):
    noun, adding = "chuong-trinh", "Thêm chương trình"
    form_class = ProgrammeForm

    def get_queryset(self) -> Any:
        return Programme.objects.all()

    def get_form_kwargs(self) -> dict[str, Any]:
        form_kwargs = super(Saving, self).get_form_kwargs()  # type: ignore[misc]
        return form_kwargs | {"user": self.request.user}  # type: ignore[no-any-return]

    def save(self, form: Any) -> Any:
        document = form.cleaned_data.get("document")
        return design.save_programme(programme=form.save(commit=False), document=document)


class ProgrammeCreate(ProgrammeSaving, CreateView):
    def home(self) -> str:
        return reverse("programs:programme_list")


class ProgrammeUpdate(SavedInTurn, ProgrammeSaving, UpdateView):
    def get_object(self, queryset: Any = None) -> Programme:
        return self.programme


class PhaseSaving(Saving):
    noun, adding = "giai-doan", "Thêm giai đoạn"
    form_class = PhaseForm
    goes_on = True


class PhaseCreate(PhaseSaving, CreateView):
    pass


class PhaseUpdate(SavedInTurn, PhaseSaving, UpdateView):
    pass


class ComponentSaving(Saving):
    noun, adding = "du-an", "Thêm dự án, tiểu dự án, nội dung"
    form_class = ComponentForm
    goes_on = True


class ComponentCreate(ComponentSaving, CreateView):
    """`?thuoc=CODE` is what it belongs to, `?loai=` its kind; the next free number is offered."""

    @cached_property
    def parent(self) -> Component | None:
        code = self.request.GET.get("thuoc", "").replace("\0", "")
        return self.programme.components.filter(code=code).first() if code else None

    def home(self) -> str:
        return (self.parent or self.programme).get_absolute_url()

    def get_initial(self) -> dict[str, Any]:
        asked = self.request.GET.get("loai")
        kinds = Component.Kind
        kind = asked if asked in kinds.values else kinds.CONTENT if self.parent else kinds.PROJECT
        beside = self.programme.components.filter(parent=self.parent, kind=kind)
        last = beside.order_by("number").last()
        return {"parent": self.parent, "kind": kind, "number": last.number + 1 if last else 1}


class ComponentUpdate(SavedInTurn, ComponentSaving, UpdateView):
    def home(self) -> str:
        return reverse("programs:component_detail", args=[self.programme.code, self.kwargs["code"]])

    def get_object(self, queryset: Any = None) -> Component:
        return component_of(self.programme, self.kwargs["code"])


def component_of(programme: Programme, code: str) -> Component:
    if "\0" in code:
        raise Http404
    return get_object_or_404(programme.components.select_related("parent"), code=code)


class ApplicabilitySaving(Saving):
    noun, adding = "dia-ban", "Thêm quy định địa bàn áp dụng"
    form_class = ApplicabilityForm

    @cached_property
    def component(self) -> Component:
        return component_of(self.programme, self.kwargs["code"])

    def get_queryset(self) -> Any:
        return Applicability.objects.filter(component=self.component)

    def get_form_kwargs(self) -> dict[str, Any]:
        form_kwargs = super().get_form_kwargs() | {"component": self.component}
        del form_kwargs["programme"]
        return form_kwargs

    def home(self) -> str:
        return self.component.get_absolute_url()


class ApplicabilityCreate(ApplicabilitySaving, CreateView):
    pass


class ApplicabilityUpdate(SavedInTurn, ApplicabilitySaving, UpdateView):
    pass
