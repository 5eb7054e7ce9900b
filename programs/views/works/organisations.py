"""Agencies and investors, and who enters data for them."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Count, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_POST
from django.views.generic import CreateView, ListView, UpdateView

from portal.access import PermissionNeededMixin, permission_needed
from programs.forms.works import MemberForm, OrganisationForm
from programs.models import Membership, Organisation
from programs.services.design import save_part
from programs.views.design.parts import DESIGN
from programs.views.saving import SavedInTurn


class OrganisationList(PermissionNeededMixin, ListView):
    permissions = (DESIGN,)
    template_name = "programs/works/organisation_list.html"

    def get_queryset(self) -> QuerySet[Organisation]:
        return Organisation.objects.select_related("unit").annotate(
            works_count=Count("works", distinct=True), people=Count("memberships", distinct=True)
        )


class OrganisationSaving(PermissionNeededMixin):
    permissions = (DESIGN,)
    template_name = "programs/works/organisation_form.html"
    model = Organisation
    form_class = OrganisationForm
    slug_field = slug_url_kwarg = "code"
    request: Any

    def form_valid(self, form: Any) -> HttpResponse:
        try:
            organisation = save_part(part=form.save(commit=False))
        except ValidationError as refused:
            form.tell(refused)
            return self.form_invalid(form)  # type: ignore[attr-defined,no-any-return]
        messages.success(self.request, f"Đã lưu “{organisation}”.")
        return redirect("programs:organisation_update", code=organisation.code)


class OrganisationCreate(OrganisationSaving, CreateView):
    pass


class OrganisationUpdate(SavedInTurn, OrganisationSaving, UpdateView):
    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        code = self.kwargs["code"]
        return super().get_context_data(
            **({"member_form": MemberForm(organisation=self.object)} | kwargs),
            memberships=self.object.memberships.select_related("user"),
            code=code,
            works_url=f"{reverse('programs:works_list')}?chu_dau_tu={code}",
        )


@require_POST
@permission_needed(DESIGN)
def member_add(request: HttpRequest, code: str) -> HttpResponse:
    organisation = get_object_or_404(Organisation, code=code)
    form = MemberForm(request.POST, organisation=organisation)
    if form.is_valid():
        user = form.cleaned_data["user"]
        Membership.objects.get_or_create(user=user, organisation=organisation)
        messages.success(request, f"{user} nhập số liệu cho {organisation}.")
    else:
        messages.error(request, "Chọn một người có vai trò chủ đầu tư, chưa thuộc đơn vị này.")
    return redirect("programs:organisation_update", code=code)


@require_POST
@permission_needed(DESIGN)
def member_remove(request: HttpRequest, pk: int) -> HttpResponse:
    member = get_object_or_404(Membership.objects.select_related("user", "organisation"), pk=pk)
    member.delete()
    messages.success(request, f"{member.user} không còn thuộc {member.organisation}.")
    return redirect("programs:organisation_update", code=member.organisation.code)
