"""Entering documents, putting them right, and saying what they do to each other."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db import IntegrityError, transaction
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.http import require_POST
from django.views.generic import CreateView, UpdateView

from portal.access import PermissionNeededMixin, SignedInRequest, permission_needed
from portal.documents import services
from portal.documents.files import UnacceptableFile
from portal.documents.forms import (
    EntryForm,
    IncomingForm,
    LegalForm,
    OutgoingForm,
    RelationForm,
    entry_form_for,
)
from portal.documents.models import (
    Direction,
    Document,
    DocumentQuerySet,
    DocumentRelation,
    Register,
)


class EntryView(PermissionNeededMixin):
    """Save what the form holds in one transaction; what is refused goes back into the form."""

    request: Any
    template_name: str | None = "documents/document_form.html"
    model = Document
    done = "Đã lưu văn bản."

    def get_form_kwargs(self) -> dict[str, Any]:
        readable = Document.objects.visible_to(self.request.user)
        return super().get_form_kwargs() | {"readable": readable}  # type: ignore[misc]

    def asked_register(self, direction: str) -> Register | None:
        """The book named in the address, else the common one; 404 for one that is not theirs."""
        code = self.request.GET.get("so") or self.request.POST.get("so")
        books = Register.objects.visible_to(self.request.user).numbered().of_documents()
        if not code:
            return books.main(direction)
        if "\0" in code:
            raise Http404
        return get_object_or_404(books.select_related("issuer"), code=code, direction=direction)

    def form_valid(self, form: Any) -> HttpResponse:
        try:
            with transaction.atomic():
                document = self.store(form)
                self.keep_file(document, form)
        except (services.NumberRefused, UnacceptableFile) as error:
            form.add_error(None, str(error))
        except IntegrityError:
            form.add_error(None, "Văn bản này vừa được người khác lưu. Hãy xem lại trong sổ.")
        else:
            messages.success(self.request, self.done)
            return redirect(document)
        return self.form_invalid(form)  # type: ignore[attr-defined,no-any-return]

    def store(self, form: EntryForm) -> Document:
        raise NotImplementedError

    def keep_file(self, document: Document, form: EntryForm) -> None:
        if form.cleaned_data.get("upload"):
            services.attach_file(document=document, file=form.cleaned_data["upload"])
        elif form.cleaned_data.get("remove_upload"):
            services.remove_file(document=document)


class LegalCreate(EntryView, CreateView):
    permissions = ("documents.edit",)
    form_class = LegalForm
    extra_context = {"heading": "Thêm văn bản pháp luật, chỉ đạo", "send": "Lưu văn bản"}

    def get_initial(self) -> dict[str, Any]:
        return {"is_public": True}

    def store(self, form: EntryForm) -> Document:
        form.instance.created_by = self.request.user
        document: Document = form.save()
        return document


class IncomingCreate(EntryView, CreateView):
    permissions = ("documents.number",)
    form_class = IncomingForm
    extra_context = {"heading": "Đăng ký văn bản đến", "send": "Vào sổ"}

    def get_form_kwargs(self) -> dict[str, Any]:
        self.register = self.asked_register(Direction.INCOMING)
        return super().get_form_kwargs() | {"register": self.register}

    def store(self, form: EntryForm) -> Document:
        document: Document = form.save(commit=False)
        told = form.cleaned_data.get("acknowledged")
        issued = services.register_incoming(
            document=document,
            by=self.request.user,
            given_number=form.cleaned_data.get("given_number"),
            register=self.register,
            acknowledged_at=timezone.now() if told else None,
        )
        self.done = f"Đã vào sổ, số đến {issued.written}."
        return document


class OutgoingCreate(EntryView, CreateView):
    permissions = ("documents.number",)
    form_class = OutgoingForm
    extra_context = {"heading": "Đăng ký văn bản đi", "send": "Lấy số và vào sổ"}

    def get_register(self) -> Register:
        register = self.asked_register(Direction.OUTGOING)
        if register is None:
            raise Http404
        return register

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"register": self.get_register()}

    def store(self, form: EntryForm) -> Document:
        asked = form.cleaned_data
        register, date = self.get_register(), asked["date"]
        common = {"register": register, "on": date, "by": self.request.user}
        purpose = asked["subject"]
        if asked.get("given_number"):
            number = services.accept_given_number(
                number=asked["given_number"], purpose=purpose, **common
            )
        else:
            number = services.take_number(purpose=purpose, **common)
        kept = {
            name: asked[name]
            for name in (
                "secrecy",
                "priority",
                "language",
                "description",
                "due_date",
                "symbol",
                "document_type",
                "subject",
                "signer_title",
                "signer_name",
                "recipients",
                "kept_by",
                "copies",
                "pages",
                "sent_date",
                "is_public",
            )
            if name in asked
        }
        document = services.register_outgoing(number=number, **common, **kept)
        document.note = asked.get("note", "")
        document.duplicate_reason = form.instance.duplicate_reason
        document.save(update_fields=["note", "duplicate_reason"])
        self.done = f"Đã vào sổ văn bản đi số {document.number_and_symbol}."
        return document


class DocumentUpdate(EntryView, UpdateView):
    permissions = ("documents.edit",)
    extra_context = {"heading": "Sửa thông tin văn bản", "send": "Lưu thay đổi"}

    def get_queryset(self) -> DocumentQuerySet:
        return (
            Document.objects.visible_to(self.request.user)
            .with_catalogue()
            .select_related("issued_number")
        )

    def get_form_class(self) -> type[EntryForm]:
        return entry_form_for(self.object)

    def store(self, form: EntryForm) -> Document:
        document: Document = form.save()
        return document


@require_POST
@permission_needed("documents.edit")
def relation_create(request: SignedInRequest, pk: int) -> HttpResponse:
    readable = Document.objects.visible_to(request.user)
    document = get_object_or_404(readable, pk=pk)
    form = RelationForm(request.POST)
    if not form.is_valid():
        messages.error(request, "Hãy chọn quan hệ và ghi số, ký hiệu của văn bản liên quan.")
        return redirect(document)
    wanted = form.cleaned_data["target"]
    others = list(readable.exclude(pk=pk).named(wanted)[:2])
    if len(others) != 1:
        found = "có nhiều văn bản" if others else "chưa có văn bản"
        messages.error(request, f"Trong sổ {found} “{wanted}”. Ghi đủ số và ký hiệu.")
        return redirect(document)
    try:
        services.relate(source=document, kind=form.cleaned_data["kind"], target=others[0])
    except services.ContradictoryRelation as error:
        messages.error(request, str(error))
    else:
        messages.success(request, "Đã ghi quan hệ.")
    return redirect(document)


@require_POST
@permission_needed("documents.edit")
def relation_delete(request: SignedInRequest, pk: int) -> HttpResponse:
    readable = Document.objects.visible_to(request.user)
    relation = get_object_or_404(DocumentRelation, pk=pk, source__in=readable)
    source = relation.source
    services.unrelate(relation=relation)
    messages.success(request, "Đã bỏ quan hệ.")
    return redirect(source)
