"""One form for each kind of document, and one for what it does to another."""

from __future__ import annotations

import datetime
from typing import Any

from crispy_forms.layout import HTML, Column, Fieldset, Layout, Row
from django import forms

from portal.documents.models import (
    Direction,
    Document,
    DocumentRelation,
    Issuer,
    Register,
    Secrecy,
)
from portal.documents.services import out_of_order
from portal.units.models import IssuingAgency

from .entry import FOLD, FOLD_END, EntryForm, NamedIssuerForm, day_field


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


SECRETS = "{% include 'documents/no_secrets.html' %}"
BOOK_OF_SECRETS = "{% include 'documents/secret_book.html' %}"


class OfBook:
    """A form for one book: in that of secret documents a degree is chosen and no file kept."""

    register: Register | None
    fields: dict[str, forms.Field]

    @property
    def is_secret(self) -> bool:
        return self.register is not None and self.register.kind == Register.Kind.SECRET

    def fit_secrecy(self) -> None:
        if not self.is_secret:
            del self.fields["secrecy"]
            return
        for name in ("upload", "is_public", "remove_upload"):
            self.fields.pop(name, None)
        degrees = [(one.value, one.label) for one in Secrecy if one != Secrecy.NONE]
        self.fields["secrecy"] = forms.ChoiceField(label="Độ mật", choices=degrees)

    def secret_part(self) -> list[Any]:
        return [HTML(BOOK_OF_SECRETS), "secrecy"] if self.is_secret else [HTML(SECRETS)]


class IncomingForm(OfBook, NamedIssuerForm):
    """A document that arrived at the agency; it takes an arrival number."""

    direction = Direction.INCOMING
    arrival_date = day_field("Ngày đến")
    due_date = day_field("Hạn giải quyết", required=False)
    given_number = forms.IntegerField(
        label="Số đến", min_value=1, max_value=999_999, required=False
    )

    class Meta(EntryForm.Meta):
        fields = [
            *EntryForm.Meta.fields,
            "arrival_date",
            "assigned_to",
            "due_date",
            "pages",
            "signer_title",
            "signer_name",
            "recipients",
            "secrecy",
            "priority",
            "language",
            "description",
        ]

    acknowledged = forms.BooleanField(
        label="Đã báo nơi gửi là đã nhận", required=False, initial=True
    )

    def __init__(self, *args: Any, register: Register | None = None, **kwargs: Any) -> None:
        entered = kwargs.get("instance")
        issued = getattr(entered, "issued_number", None) if entered is not None else None
        register = (
            register or (issued and issued.register) or Register.objects.main(Direction.INCOMING)
        )
        self.register = register
        given = register is not None and register.numbering == Register.Numbering.GIVEN
        self.types_number = given and not getattr(kwargs.get("instance"), "pk", None)
        super().__init__(*args, **kwargs)
        if self.types_number:
            self.fields["given_number"].required = True
        else:
            del self.fields["given_number"]
        if not self.instance.pk:
            self.fields["arrival_date"].initial = self.today
        else:
            del self.fields["acknowledged"]

    def layout(self) -> Layout:
        self.fit_secrecy()
        files = [] if self.is_secret else self.file_part()
        public = [] if self.is_secret or not self.instance.pk else ["is_public"]
        told = ["acknowledged"] if not self.instance.pk else []
        arrival = [Column("arrival_date", css_class="col-12 col-sm-6")]
        if self.types_number:
            arrival.append(Column("given_number", css_class="col-12 col-sm-6"))
        return Layout(
            *self.secret_part(),
            Fieldset("Khi đến", Row(*arrival), *told),
            Fieldset("Văn bản", number_row(), "document_type", "issuer_name", "subject", "pages"),
            *self.handling(),
            Fieldset("Tệp, ghi chú", *files, "note"),
            Fieldset(
                "Thông tin khác",
                HTML(FOLD.format("Người ký, nơi nhận ghi trên văn bản")),
                "signer_title",
                "signer_name",
                "recipients",
                HTML(FOLD_END),
                *self.described(),
            ),
            *public,
        )

    def handling(self) -> list[Fieldset]:
        """The unit is told by the assignments; typed by hand only where there are none yet."""
        if self.instance.pk and self.instance.assignments.exists():
            del self.fields["assigned_to"], self.fields["due_date"]
            return []
        return [Fieldset("Giải quyết", "assigned_to", "due_date")]

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


class OutgoingForm(OfBook, EntryForm):
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
            "secrecy",
            "priority",
            "language",
            "description",
            "due_date",
        ]

    due_date = day_field("Hạn trả lời", required=False)

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
        self.fit_secrecy()
        files = [] if self.is_secret else [*self.file_part(), "is_public"]
        return Layout(
            *self.secret_part(),
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
                Row(
                    Column("sent_date", css_class="col-6"),
                    Column("due_date", css_class="col-6"),
                ),
            ),
            Fieldset("Tệp, ghi chú", *files, "note", *self.described()),
        )

    def issuer_of(self, cleaned: dict[str, Any]) -> Issuer | None:
        if self.register.issuer is not None:
            return self.register.issuer
        agency = IssuingAgency.objects.filter(valid__contains=cleaned["date"]).first()
        return Issuer.objects.named(agency.full_name).first() if agency else None

    def warnings(self, cleaned: dict[str, Any]) -> list[Any]:
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
        fields = [
            "recipients", "kept_by", "copies", "sent_date", "is_public", "note",
            "priority", "language", "description",
        ]  # fmt: skip

    def layout(self) -> Layout:
        files = [] if self.instance.file else ["upload"]
        public = ["is_public"]
        if self.instance.secrecy:
            files, public = [], []
            del self.fields["upload"], self.fields["is_public"]
        return Layout(
            "recipients", "kept_by", "copies", "sent_date", *files, *public, "note",
            *self.described(),
        )  # fmt: skip

    def issuer_of(self, cleaned: dict[str, Any]) -> Issuer | None:
        return None

    def warnings(self, cleaned: dict[str, Any]) -> list[Any]:
        return []

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
