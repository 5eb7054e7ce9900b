"""New states and decisions of works; what is refused stands at its field on the works' page."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from portal.access import permission_needed
from programs.forms.works import DecisionForm, StateForm
from programs.models import Works
from programs.services import works as services

from .detail import WorksDetail, works_of
from .editing import WRITE


def again(request: HttpRequest, works: Works, **forms: Any) -> HttpResponse:
    """The works' page with what was typed and what is wrong with it."""
    view = WorksDetail()
    view.setup(request, code=works.code)
    view.object = works
    return render(request, view.template_name, view.get_context_data(**forms), status=422)


@require_POST
@permission_needed(WRITE)
def works_state(request: HttpRequest, code: str) -> HttpResponse:
    user: Any = request.user
    works = works_of(user, code)
    form = StateForm(request.POST, works=works, user=user)
    if not form.is_valid():
        return again(request, works, state_form=form)
    try:
        services.change_state(works=works, by=user, today=timezone.localdate(), **form.cleaned_data)
    except services.WorksRefused as refused:
        form.add_error(refused.field, str(refused))
        return again(request, works, state_form=form)
    messages.success(request, "Đã ghi tình trạng mới.")
    return redirect("programs:works_detail", code=code)


@require_POST
@permission_needed(WRITE)
def works_cite(request: HttpRequest, code: str) -> HttpResponse:
    works = works_of(request.user, code)
    form = DecisionForm(request.POST, user=request.user)  # type: ignore[arg-type]
    if not form.is_valid():
        return again(request, works, decision_form=form)
    try:
        services.cite_decision(works=works, **form.cleaned_data)
    except services.WorksRefused as refused:
        form.add_error(refused.field, str(refused))
        return again(request, works, decision_form=form)
    messages.success(request, "Đã gắn văn bản.")
    return redirect("programs:works_detail", code=code)


@require_POST
@permission_needed(WRITE)
def works_uncite(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    works = works_of(request.user, code)
    get_object_or_404(works.decisions, pk=pk).delete()
    messages.success(request, "Đã bỏ văn bản khỏi công trình; văn bản vẫn ở trong sổ.")
    return redirect("programs:works_detail", code=code)
