"""What the form pages of a programme's parts share, and taking a part away."""

from __future__ import annotations

from functools import cached_property
from typing import Any, ClassVar

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Model
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from portal.access import PermissionNeededMixin, permission_needed
from programs.models import (
    Applicability,
    Component,
    MonitoringForm,
    OutputKind,
    Phase,
    Programme,
    ReportStep,
    Target,
)
from programs.services import design

DESIGN = "programs.design"
MORE = "tiep"  # the button that saves and opens an empty form
NOUNS: dict[str, type[Model]] = {
    "chuong-trinh": Programme,
    "giai-doan": Phase,
    "du-an": Component,
    "dia-ban": Applicability,
    "muc-tieu": Target,
    "bieu": MonitoringForm,
    "buoc": ReportStep,
    "loai-ket-qua": OutputKind,
}


def page_of(part: Model) -> str:
    """The page on which a part is seen, at its place."""
    if isinstance(part, (Programme, Component)):
        return part.get_absolute_url()
    if isinstance(part, Applicability):
        return part.component.get_absolute_url()
    if isinstance(part, ReportStep):
        return reverse("programs:report_flow", query={"chuong-trinh": part.form.programme.code})
    if isinstance(part, OutputKind):
        asked = {"chuong-trinh": part.component.programme.code}
        return reverse("programs:output_kind_list", query=asked)
    programme = part.programme  # type: ignore[attr-defined]
    if isinstance(part, Phase):
        return str(programme.get_absolute_url())
    name = "target_list" if isinstance(part, Target) else "form_list"
    asked = {"chuong-trinh": programme.code}
    return f"{reverse(f'programs:{name}', query=asked)}#{part.code}"  # type: ignore[attr-defined]


def page_above(part: Model) -> str:
    """The page that is left when the part is gone."""
    if isinstance(part, Programme):
        return reverse("programs:programme_list")
    if isinstance(part, Component):
        return (part.parent or part.programme).get_absolute_url()
    return page_of(part).partition("#")[0]


class Saving(PermissionNeededMixin):
    """A form page of one part of a programme."""

    permissions = (DESIGN,)
    template_name = "programs/design/part_form.html"
    noun: ClassVar[str]
    adding: ClassVar[str]
    goes_on = False
    request: HttpRequest
    kwargs: dict[str, Any]
    object: Any

    @cached_property
    def programme(self) -> Programme:
        return get_object_or_404(Programme, code=self.kwargs["programme"])

    def get_queryset(self) -> Any:
        return NOUNS[self.noun]._default_manager.filter(programme=self.programme)

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"programme": self.programme}  # type: ignore[misc]

    def home(self) -> str:
        return page_of(self.object) if self.object else self.programme.get_absolute_url()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(  # type: ignore[misc]
            adding=self.adding,
            changing=self.adding.replace("Thêm", "Sửa", 1),
            home_url=self.home(),
            goes_on=self.goes_on,
            **kwargs,
        )
        if "programme" in self.kwargs:
            context["programme"] = self.programme
        if self.object is not None:
            context["hanging"] = design.hanging(self.object)
            context["delete_url"] = reverse(
                "programs:part_delete", args=[self.noun, self.object.pk]
            )
        return context

    def save(self, form: Any) -> Any:
        return design.save_part(part=form.save(commit=False))

    def form_valid(self, form: Any) -> HttpResponse:
        try:
            part = self.save(form)
        except ValidationError as refused:
            form.tell(refused)
            return self.form_invalid(form)  # type: ignore[attr-defined,no-any-return]
        messages.success(self.request, f"Đã lưu “{part}”.")
        return redirect(self.after(part))

    def after(self, part: Any) -> str:
        """Where saving leads: to the part, or to an empty form for the next of its kind."""
        return self.request.get_full_path() if MORE in self.request.POST else page_of(part)


@require_POST
@permission_needed(DESIGN)
def part_delete(request: HttpRequest, noun: str, pk: int) -> HttpResponse:
    if noun not in NOUNS:
        raise Http404
    part = get_object_or_404(NOUNS[noun], pk=pk)
    try:
        design.delete_part(part=part)
    except design.PartInUse as refused:
        messages.error(request, str(refused))
        return redirect(page_of(part))
    messages.success(request, f"Đã bỏ “{part}”.")
    return redirect(page_above(part))
