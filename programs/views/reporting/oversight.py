"""The documents of a programme by what they are to it, and its inspections."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.views.decorators.http import require_POST
from django.views.generic import CreateView, TemplateView, UpdateView

from portal.access import PermissionNeededMixin, permission_needed
from portal.documents.models import Document
from programs.forms.reporting import InspectionForm, ProgrammeDocumentForm
from programs.models import DocumentRole, Inspection, Programme, ProgrammeDocument
from programs.services.reporting import add_document, save_inspection
from programs.views.saving import SavedInTurn
from programs.views.structure import ProgrammePartMixin

ENTERING = "programs.plan"


def home_of(programme: Programme) -> str:
    return reverse("programs:oversight_list", query={"chuong-trinh": programme.code})


class OversightList(ProgrammePartMixin, TemplateView):
    template_name = "programs/reporting/oversight_list.html"
    part = "programs:form_list"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.answer(ProgrammeDocumentForm(by=request.user))

    def answer(self, form: ProgrammeDocumentForm, status: int = 200) -> HttpResponse:
        self.programme = self.get_programme()
        readable = Document.objects.visible_to(self.request.user)
        documents = ProgrammeDocument.objects.filter(
            programme=self.programme, document__in=readable
        ).select_related("document__issuer", "document__document_type")
        inspections = self.programme.inspections.select_related(
            "unit", "document__document_type", "document__issuer"
        )[:200]
        cited = readable.filter(pk__in={one.document_id for one in inspections})
        context = self.get_context_data(
            readable=set(cited.values_list("pk", flat=True)),
            roles=[
                (role.label, [one for one in documents if one.role == role])
                for role in DocumentRole
            ],
            inspections=inspections,
            document_form=form if self.request.user.has_perm(ENTERING) else None,
            is_demo=self.programme.inspections.filter(is_demo=True).exists(),
        )
        return self.render_to_response(context, status=status)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.user.has_perm(ENTERING):
            raise Http404
        self.programme = self.get_programme()
        form = ProgrammeDocumentForm(request.POST, by=request.user)
        if not form.is_valid():
            return self.answer(form, status=422)
        told = form.cleaned_data
        one = add_document(programme=self.programme, document=told["document"], role=told["role"])
        messages.success(request, f"Đã thêm {one.document} vào danh mục của chương trình.")
        return redirect(home_of(self.programme))


@require_POST
@permission_needed(ENTERING)
def programme_document_delete(request: HttpRequest, pk: int) -> HttpResponse:
    one = get_object_or_404(ProgrammeDocument.objects.select_related("programme"), pk=pk)
    one.delete()
    messages.success(request, "Đã bỏ văn bản khỏi danh mục; văn bản vẫn ở trong sổ.")
    return redirect(home_of(one.programme))


class InspectionSaving(PermissionNeededMixin):
    permissions = (ENTERING,)
    template_name = "programs/reporting/inspection_form.html"
    form_class = InspectionForm
    model = Inspection
    request: HttpRequest
    kwargs: dict[str, Any]

    @cached_property
    def programme(self) -> Programme:
        return get_object_or_404(Programme, code=self.kwargs["programme"])

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {  # type: ignore[misc]
            "programme": self.programme,
            "by": self.request.user,
        }

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(  # type: ignore[misc,no-any-return]
            programme=self.programme, home_url=home_of(self.programme), **kwargs
        )

    def form_valid(self, form: InspectionForm) -> HttpResponse:
        save_inspection(inspection=form.save(commit=False), by=self.request.user)
        messages.success(self.request, "Đã lưu cuộc kiểm tra.")
        return redirect(home_of(self.programme))


class InspectionCreate(InspectionSaving, CreateView):
    pass


class InspectionUpdate(SavedInTurn, InspectionSaving, UpdateView):
    def get_queryset(self) -> Any:
        return Inspection.objects.filter(programme__code=self.kwargs["programme"])


@require_POST
@permission_needed(ENTERING)
def inspection_delete(request: HttpRequest, pk: int) -> HttpResponse:
    one = get_object_or_404(Inspection.objects.select_related("programme"), pk=pk)
    one.delete()
    messages.success(request, "Đã bỏ cuộc kiểm tra.")
    return redirect(home_of(one.programme))
