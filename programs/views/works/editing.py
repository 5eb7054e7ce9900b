"""Enter works and put them right; take away what nothing was written about."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST
from django.views.generic import CreateView, UpdateView

from portal.access import PermissionNeededMixin, permission_needed
from portal.formats import read_whole
from programs.forms.works import WorksForm
from programs.models import Component, Organisation, Works
from programs.services import works as services
from programs.services.design import PartInUse, hanging
from programs.views.saving import SavedInTurn

from .detail import works_of

WRITE = "programs.works"


class WorksSaving(PermissionNeededMixin):
    permissions = (WRITE,)
    template_name = "programs/works/works_form.html"
    form_class = WorksForm
    context_object_name = "works"
    request: Any
    object: Any

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"user": self.request.user}  # type: ignore[misc]

    def form_valid(self, form: Any) -> HttpResponse:
        try:
            works = services.save_works(
                works=form.save(commit=False), places=form.places, by=self.request.user
            )
        except services.WorksRefused as refused:
            form.add_error(refused.field, str(refused))
            return self.form_invalid(form)  # type: ignore[attr-defined,no-any-return]
        except IntegrityError as error:
            self._tell(form, error)
            return self.form_invalid(form)  # type: ignore[attr-defined,no-any-return]
        messages.success(self.request, f"Đã lưu “{works}”.")
        return redirect("programs:works_detail", code=works.code)

    def _tell(self, form: Any, error: IntegrityError) -> None:
        """What somebody else stored in the same moment, in the words of the constraint."""
        try:
            form.instance.full_clean()
        except ValidationError as refused:
            form.tell(refused)
        else:
            form.add_error("xa_0", str(error).split("\n")[0])


class WorksCreate(WorksSaving, CreateView):
    model = Works

    def get_initial(self) -> dict[str, Any]:
        """`?du-an=` is the key of the component; an investor of one organisation has it chosen."""
        asked = read_whole(self.request.GET.get("du-an", ""))
        own = Organisation.objects.of(self.request.user)[:2]
        return {
            "component": Component.objects.filter(pk=asked).first(),
            "investor": own[0] if len(own) == 1 else None,
            "planned_start": timezone.localdate(),
        }


class WorksUpdate(SavedInTurn, WorksSaving, UpdateView):
    extra_context: ClassVar[dict[str, Any]] = {}

    def get_object(self, queryset: Any = None) -> Works:
        return works_of(self.request.user, self.kwargs["code"])  # type: ignore[attr-defined]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        code = self.kwargs["code"]  # type: ignore[attr-defined]
        return super().get_context_data(
            home_url=reverse("programs:works_detail", args=[code]),
            hanging=hanging(self.object, aside=services.GOES_ALONG),
            code=code,
            **kwargs,
        )


@require_POST
@permission_needed(WRITE)
def works_delete(request: HttpRequest, code: str) -> HttpResponse:
    works = works_of(request.user, code)
    try:
        services.delete_works(works=works)
    except PartInUse as refused:
        messages.error(request, str(refused))
        return redirect("programs:works_detail", code=code)
    messages.success(request, f"Đã bỏ “{works}”.")
    return redirect("programs:works_list")
