"""One form for each kind of document, and one for what it does to another."""

from __future__ import annotations

import datetime
from typing import Any

from crispy_forms.layout import HTML, Column, Div, Fieldset, Layout, Row
from django import forms

from portal.documents.models import Direction, Document, DocumentRelation, Issuer, Register
from portal.documents.services import out_of_order
from portal.units.models import IssuingAgency

from .entry import EntryForm, NamedIssuerForm, day_field


def number_row() -> Row:
    return Row(
        Column("number", css_class="col-4 col-sm-3"),
        Column("symbol", css_class="col-8 col-sm-5"),
        Column("date", css_class="col-12 col-sm-4"),
    )


class LegalForm(NamedIssuerForm):
    """A text of law or guidance from above, for reference and citation."""

    direction = Direction.LEGAL

    class Meta(EntryForm.Meta):
        fields = [
            *EntryForm.Meta.fields,
            "signer_name",
            "valid_from",
            "valid_to",
            "is_verified",
            "verification_note",
            "printed_as",
        ]

    valid_from = day_field("Có hiệu lực từ", required=False)
    valid_to = day_field(
        "Hết hiệu lực từ", required=False, help_text="Ngày đầu tiên không còn hiệu lực."
    )

    def layout(self) -> Layout:
        return Layout(
            Fieldset(
                "Văn bản",
                number_row(),
                "document_type",
                "issuer_name",
                "subject",
                "signer_name",
            ),
            Fieldset(
                "Hiệu lực",
                Row(
                    Column("valid_from", css_class="col-12 col-sm-6"),
                    Column("valid_to", css_class="col-12 col-sm-6"),
                ),
            ),
            Fieldset("Tệp và công khai", *self.file_part(), "is_public"),
            Fieldset("Đối chiếu", "is_verified", "verification_note", "printed_as", "note"),
        )


class IncomingForm(NamedIssuerForm):
    """A document that arrived at the agency; it takes an arrival number."""

    direction = Direction.INCOMING
    arrival_date = day_field("Ngày đến")
    due_date = day_field("Hạn giải quyết", required=False)
    given_number = forms.IntegerField(
        label="Số đến", min_value=1, max_value=999_999, required=False
    )

    class Meta(EntryForm.Meta):
        fields = [*EntryForm.Meta.fields, "arrival_date", "assigned_to", "due_date", "pages"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        register = Register.objects.main(Direction.INCOMING)
        given = register is not None and register.numbering == Register.Numbering.GIVEN
        self.types_number = given and not getattr(kwargs.get("instance"), "pk", None)
        super().__init__(*args, **kwargs)
        if self.types_number:
            self.fields["given_number"].required = True
        else:
            del self.fields["given_number"]
        if not self.instance.pk:
            self.fields["arrival_date"].initial = self.today

    def layout(self) -> Layout:
        arrival = [Column("arrival_date", css_class="col-12 col-sm-6")]
        if self.types_number:
            arrival.append(Column("given_number", css_class="col-12 col-sm-6"))
        return Layout(
            HTML("{% include 'documents/no_secrets.html' %}"),
            Fieldset("Khi đến", Row(*arrival)),
            Fieldset("Văn bản", number_row(), "document_type", "issuer_name", "subject", "pages"),
            Fieldset("Giao xử lý", "assigned_to", "due_date"),
            Fieldset("Tệp", *self.file_part(), "note"),
            Div("is_public", css_class="d-none") if not self.instance.pk else "is_public",
        )

    def clean_arrival_date(self) -> datetime.date:
        arrival: datetime.date = self.cleaned_data["arrival_date"]
        if arrival > self.today:
            raise forms.ValidationError("Ngày đến không thể sau hôm nay.")
        return arrival

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        date, arrival = cleaned.get("date"), cleaned.get("arrival_date")
        if date and arrival and arrival < date:
            self.add_error("arrival_date", "Ngày đến không thể trước ngày văn bản.")
        if arrival and (due := cleaned.get("due_date")) and due < arrival:
            self.add_error("due_date", "Hạn giải quyết không thể trước ngày đến.")
        issued = getattr(self.instance, "issued_number", None) if self.instance.pk else None
        if issued is not None and arrival and arrival != issued.date:
            self.add_error("arrival_date", "Ngày đến đã vào sổ cùng số đến, không sửa được.")
        return cleaned


class OutgoingForm(EntryForm):
    """A document of the agency that was not made in the portal; it takes the next number."""

    direction = Direction.OUTGOING
    given_number = forms.IntegerField(
        label="Số văn bản", min_value=1, max_value=999_999, required=False
    )
    sent_date = day_field("Ngày chuyển", required=False)

    class Meta(EntryForm.Meta):
        fields = [
            "symbol",
            "date",
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
            "note",
        ]

    def __init__(self, *args: Any, register: Register, **kwargs: Any) -> None:
        self.register = register
        super().__init__(*args, **kwargs)
        self.fields["symbol"].required = True
        self.fields["symbol"].help_text = "Không ghi số, ví dụ: KH-BDT."
        if register.numbering == Register.Numbering.GIVEN:
            self.fields["given_number"].required = True
        else:
            del self.fields["given_number"]

    def layout(self) -> Layout:
        first = [
            Column("symbol", css_class="col-12 col-sm-5"),
            Column("date", css_class="col-12 col-sm-4"),
        ]
        if self.register.numbering == Register.Numbering.GIVEN:
            first.insert(0, Column("given_number", css_class="col-12 col-sm-3"))
        return Layout(
            HTML("{% include 'documents/no_secrets.html' %}"),
            Fieldset("Văn bản", Row(*first), "document_type", "subject"),
            Fieldset("Người ký", "signer_title", "signer_name"),
            Fieldset(
                "Phát hành",
                "recipients",
                Row(
                    Column("copies", css_class="col-6"),
                    Column("pages", css_class="col-6"),
                ),
                "kept_by",
                "sent_date",
            ),
            Fieldset("Tệp và công khai", *self.file_part(), "is_public", "note"),
        )

    def issuer_of(self, cleaned: dict[str, Any]) -> Issuer | None:
        agency = IssuingAgency.objects.filter(valid__contains=cleaned["date"]).first()
        return Issuer.objects.named(agency.full_name).first() if agency else None

    def warnings(self, cleaned: dict[str, Any]) -> list[str]:
        disorder = out_of_order(register=self.register, on=cleaned["date"])
        return [*super().warnings(cleaned), *([disorder] if disorder else [])]

    def clean_date(self) -> datetime.date:
        date = super().clean_date()
        if not IssuingAgency.objects.filter(valid__contains=date).exists():
            raise forms.ValidationError("Chưa có tên cơ quan ban hành cho ngày này.")
        return date


class IssuedDocumentForm(EntryForm):
    """What may still be written beside an outgoing document that carries its number."""

    direction = Direction.OUTGOING
    date = None  # type: ignore[assignment]
    sent_date = day_field("Ngày chuyển", required=False)

    class Meta(EntryForm.Meta):
        fields = ["recipients", "kept_by", "copies", "sent_date", "is_public", "note"]

    def layout(self) -> Layout:
        files = [] if self.instance.file else ["upload"]
        return Layout("recipients", "kept_by", "copies", "sent_date", *files, "is_public", "note")

    def issuer_of(self, cleaned: dict[str, Any]) -> Issuer | None:
        return None

    def _refuse_duplicate(self, cleaned: dict[str, Any]) -> None:
        return None


class OldBookDocumentForm(NamedIssuerForm):
    """An outgoing document of the time before the portal: its facts may still be put right."""

    direction = Direction.OUTGOING

    class Meta(EntryForm.Meta):
        fields = [
            "date",
            "document_type",
            "subject",
            "signer_name",
            "recipients",
            "is_public",
            "is_verified",
            "verification_note",
            "note",
        ]

    def layout(self) -> Layout:
        return Layout(
            "document_type",
            "issuer_name",
            "date",
            "subject",
            "signer_name",
            "recipients",
            *self.file_part(),
            "is_public",
            "is_verified",
            "verification_note",
            "note",
        )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        issued = getattr(self.instance, "issued_number", None)
        if issued is not None and "date" in cleaned and cleaned["date"] != issued.date:
            self.add_error("date", "Ngày đã vào sổ cùng số văn bản, không sửa được.")
        return cleaned

    def _refuse_duplicate(self, cleaned: dict[str, Any]) -> None:
        return None


def entry_form_for(document: Document) -> type[EntryForm]:
    """The form by which an entered document is changed."""
    if document.is_frozen:
        return IssuedDocumentForm
    return {
        Direction.LEGAL.value: LegalForm,
        Direction.INCOMING.value: IncomingForm,
        Direction.OUTGOING.value: OldBookDocumentForm,
    }[document.direction]


class RelationForm(forms.Form):
    """What a document does to another, named by number and symbol."""

    kind = forms.ChoiceField(label="Quan hệ", choices=DocumentRelation.Kind.choices)
    target = forms.CharField(
        label="Văn bản liên quan", max_length=100, help_text="Số, ký hiệu, ví dụ: 43/2011/NĐ-CP."
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].widget.attrs["class"] = "form-select"
        self.fields["target"].widget.attrs["class"] = "form-control"
