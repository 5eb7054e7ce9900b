"""Finding and reading documents."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.paginator import Page, Paginator
from django.db.models import Count
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.generic import DetailView, TemplateView

from portal.access import PermissionNeededMixin, permission_needed
from portal.collection.workbooks.names import tidy
from portal.documents import services
from portal.documents.files import download_name
from portal.documents.forms import DocumentFilter, RelationForm
from portal.documents.models import (
    Assignment,
    CaseFile,
    Direction,
    Document,
    DocumentQuerySet,
)
from portal.documents.resources import DocumentResource
from portal.units.models import IssuingAgency

from .above import url_above
from .assignments import row_of

if TYPE_CHECKING:
    from django.db.models.fields.files import FieldFile

PER_PAGE = 25
MOST_OFFERED = 12
LONGEST_TYPED = 120
MOST_EXPORTED = 20_000
SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def paged(request: HttpRequest, documents: DocumentQuerySet) -> Page:
    """The page asked for; a page that does not exist is the nearest one."""
    return Paginator(documents, PER_PAGE).get_page(request.GET.get("page"))


class DocumentList(PermissionNeededMixin, TemplateView):
    permissions = ("documents.view",)
    template_name = "documents/document_list.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        visible = Document.objects.visible_to(self.request.user)
        wanted = DocumentFilter(self.request.GET, documents=visible)
        documents = wanted.narrowed()
        counts = dict(
            documents.order_by()
            .values_list("direction")
            .annotate(number=Count("pk"))
            .values_list("direction", "number")
        )
        if wanted.direction:
            documents = documents.filter(direction=wanted.direction)
        return super().get_context_data(
            form=wanted,
            page_obj=paged(self.request, documents.with_catalogue()),
            tabs=self.tabs(counts, wanted.direction),
            today=timezone.localdate(),
            **kwargs,
        )

    def tabs(self, counts: dict[str, int], chosen: str) -> list[dict[str, Any]]:
        """One tab for each direction that this person sees, with how many match."""
        kinds = [("", "Tất cả", sum(counts.values()))]
        kinds += [(value, label, counts.get(value, 0)) for value, label in Direction.choices]
        if not self.request.user.sees_every_unit:  # type: ignore[union-attr]
            kinds = [kind for kind in kinds if kind[2] or kind[0] in ("", Direction.LEGAL)]
        tabs = []
        for value, label, count in kinds:
            query = self.request.GET.copy()
            query.pop("page", None)
            query["so"] = value
            tabs.append(
                {
                    "label": label,
                    "url": f"?{query.urlencode()}",
                    "current": value == chosen,
                    "count": count,
                }
            )
        return tabs


@permission_needed("documents.view")
def document_export(request: HttpRequest) -> HttpResponse:
    """The list as seen, as a workbook."""
    wanted = DocumentFilter(request.GET, documents=Document.objects.visible_to(request.user))
    documents = wanted.narrowed()
    if wanted.direction:
        documents = documents.filter(direction=wanted.direction)
    table = DocumentResource().export(documents.with_catalogue()[:MOST_EXPORTED])
    response = HttpResponse(table.xlsx, content_type=SHEET)
    response.headers["Content-Disposition"] = 'attachment; filename="van-ban.xlsx"'
    return response


@permission_needed("documents.view")
def document_offers(request: HttpRequest) -> HttpResponse:
    """Documents that match what stands in the field, whatever its name; the newest of nothing."""
    typed = next(iter(request.GET.values()), "")
    found = Document.objects.visible_to(request.user).exclude(number="")
    found = found.search(tidy(typed.replace("\0", ""))[:LONGEST_TYPED]).with_catalogue()
    return render(request, "documents/document_offers.html", {"documents": found[:MOST_OFFERED]})


class DocumentDetail(PermissionNeededMixin, DetailView):
    permissions = ("documents.view",)
    template_name = "documents/document_detail.html"
    context_object_name = "document"

    def get_queryset(self) -> DocumentQuerySet:
        return (
            Document.objects.visible_to(self.request.user)
            .with_catalogue()
            .select_related(
                "issued_number__register", "issued_number__taken_by", "created_by", "brought_by"
            )
        )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        document: Document = self.object
        user: Any = self.request.user
        today = timezone.localdate()
        given = Assignment.objects.visible_to(user).filter(document=document).with_names()
        return super().get_context_data(
            validity=document.validity(on=today),
            assignments=[row_of(one, today) for one in given],
            may_hand_out=may_hand_out(user, document),
            stamp=arrival_stamp(document) if user.sees_every_unit else None,
            case_files=CaseFile.objects.visible_to(user).filter(items__document=document),
            is_waiting=not given and document.is_not_passed_on(today=today),
            relations=relations_of(document, Document.objects.visible_to(self.request.user)),
            relation_form=RelationForm(),
            citations_url=url_above("reports:document_citations", document.pk),
            copies_url=url_above("reports:document_copies", document.pk),
            edits=self.request.user.has_perm("documents.edit"),  # type: ignore[union-attr]
            **kwargs,
        )


def may_hand_out(user: Any, document: Document) -> bool:
    is_letter = document.direction == Direction.INCOMING and not document.secrecy
    return is_letter and services.may_direct(user)


def arrival_stamp(document: Document) -> dict[str, Any] | None:
    """What the stamp "ĐẾN" says; None for a document that did not come in."""
    issued = getattr(document, "issued_number", None)
    if document.direction != Direction.INCOMING or issued is None or not document.arrival_date:
        return None
    agency = IssuingAgency.objects.filter(valid__contains=document.arrival_date).first()
    filed = document.filed.select_related("case_file").order_by("pk").first()
    return {
        "agency": agency.full_name if agency else "",
        "number": issued.written,
        "day": document.arrival_date,
        "passed": document.assigned_to,
        "case": filed.case_file.symbol if filed else "",
    }


def relations_of(document: Document, readable: DocumentQuerySet) -> list[dict[str, Any]]:
    """What the document does to others and others to it, as far as the reader may know them."""
    others = readable.with_catalogue().in_bulk(
        [
            *document.relations.values_list("target", flat=True),
            *document.inverse_relations.values_list("source", flat=True),
        ]
    )
    forward = [
        (relation.get_kind_display(), relation.target_id, relation)
        for relation in document.relations.all()
    ]
    backward = [
        (relation.inverse_label, relation.source_id, relation)
        for relation in document.inverse_relations.all()
    ]
    return [
        {"label": label, "document": others[pk], "relation": relation}
        for label, pk, relation in [*forward, *backward]
        if pk in others
    ]


@permission_needed("documents.view")
def document_file(request: HttpRequest, pk: int) -> FileResponse:
    return sent_file(get_object_or_404(Document.objects.visible_to(request.user), pk=pk))


@permission_needed("documents.view")
def document_annex(request: HttpRequest, pk: int, annex_pk: int) -> FileResponse:
    visible = Document.objects.visible_to(request.user)
    return sent_annex(get_object_or_404(visible, pk=pk), annex_pk)


def sent_file(document: Document) -> FileResponse:
    """The document's file as a download: never shown inside a page of the portal.

    Raises:
        Http404: the document has no file, or it is gone from the store.
    """
    ending = str(document.file.name).rpartition(".")[2]
    name = download_name(document.number_and_symbol, document.date.isoformat(), ending)
    return _sent(document.file, name, document.file_type or "application/octet-stream")


def sent_annex(document: Document, annex_pk: int) -> FileResponse:
    """An annex of the document in the same way."""
    annex = get_object_or_404(document.annexes, pk=annex_pk)
    name = download_name(document.number_and_symbol, f"phu-luc-{annex.position}", "pdf")
    return _sent(annex.file, name, "application/pdf")


def _sent(file: FieldFile, name: str, content_type: str) -> FileResponse:
    if not file:
        raise Http404
    try:
        content = file.open("rb")
    except FileNotFoundError as error:
        raise Http404 from error
    response = FileResponse(content, as_attachment=True, filename=name, content_type=content_type)
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response.headers["Cache-Control"] = "private, no-store"
    return response
