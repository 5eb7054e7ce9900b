"""What every form for entering a document by hand asks and checks."""

from __future__ import annotations

import datetime
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout
from django import forms
from django.utils import timezone

from portal.days import DayField
from portal.documents.citation import written_numbers
from portal.documents.files import ACCEPTED, UnacceptableFile, recognise
from portal.documents.models import Direction, Document, DocumentType, Issuer
from portal.documents.services import duplicates_of

SYMBOL_SIGNS = frozenset("-/.&+")


def day_field(label: str, *, required: bool = True, help_text: str = "") -> forms.DateField:
    return DayField(label=label, required=required, help_text=help_text)


class IssuerNameInput(forms.TextInput):
    """A text field that offers the known issuers and takes a new one."""

    template_name = "documents/issuer_input.html"

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        context["widget"]["attrs"]["list"] = "co-quan-da-co"
        context["known"] = Issuer.objects.values_list("name", flat=True)
        return context


class EntryForm(forms.ModelForm):  # type: ignore[type-arg]
    """What all documents have. What looks wrong is asked about once, what is wrong is refused."""

    direction: Direction
    date = day_field("Ngày văn bản")
    upload = forms.FileField(
        label="Tệp văn bản",
        required=False,
        help_text="PDF, JPEG, PNG, DOC hoặc DOCX.",
        widget=forms.FileInput(attrs={"accept": ACCEPTED}),
    )
    remove_upload = forms.BooleanField(label="Bỏ tệp đang lưu", required=False)
    confirmed = forms.BooleanField(
        label="Tôi đã kiểm tra, vẫn lưu", required=False, widget=forms.HiddenInput
    )

    class Meta:
        model = Document
        fields = ["number", "symbol", "date", "document_type", "subject", "is_public", "note"]
        widgets = {
            "subject": forms.Textarea(attrs={"rows": 3}),
            "recipients": forms.Textarea(attrs={"rows": 3}),
        }

    def __init__(self, *args: Any, today: datetime.date | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today or timezone.localdate()
        self.instance.direction = self.direction
        types = self.fields.get("document_type")
        if types is not None:
            types.queryset = DocumentType.objects.exclude(  # type: ignore[attr-defined]
                group=DocumentType.Group.COPY
            )
            types.empty_label = "Chọn loại văn bản"  # type: ignore[attr-defined]
        if not self.instance.file:
            del self.fields["remove_upload"]
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.layout = Layout("confirmed", self.layout())

    def layout(self) -> Layout:
        raise NotImplementedError

    def file_part(self) -> list[str]:
        return ["upload", *(["remove_upload"] if "remove_upload" in self.fields else [])]

    def clean_symbol(self) -> str:
        symbol: str = self.cleaned_data["symbol"].strip()
        if any(not (sign.isalnum() or sign in SYMBOL_SIGNS) for sign in symbol):
            raise forms.ValidationError(
                "Ký hiệu chỉ gồm chữ, chữ số và các dấu - / không có khoảng trắng, ví dụ: KH-BDT."
            )
        return symbol

    def clean_number(self) -> str:
        number: str = self.cleaned_data["number"].strip()
        if number and not self._pasted(number) and not number.rstrip("abcđABCĐ").isdigit():
            raise forms.ValidationError("Số là chữ số, ví dụ: 527. Ký hiệu ghi ở ô bên cạnh.")
        return number

    def clean_date(self) -> datetime.date:
        date: datetime.date = self.cleaned_data["date"]
        if date > self.today:
            raise forms.ValidationError("Ngày văn bản không thể sau hôm nay.")
        return date

    def clean_subject(self) -> str:
        return " ".join(self.cleaned_data["subject"].split())

    def clean_upload(self) -> Any:
        upload = self.cleaned_data.get("upload")
        if upload:
            try:
                recognise(upload)
            except UnacceptableFile as error:
                raise forms.ValidationError(str(error)) from error
        return upload

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        self._split_pasted_number(cleaned)
        if not self.errors:
            self._refuse_duplicate(cleaned)
        if not self.errors and not cleaned.get("confirmed"):
            self._ask(self.warnings(cleaned), has_file=bool(cleaned.get("upload")))
        return cleaned

    def _ask(self, warnings: list[str], *, has_file: bool) -> None:
        """Show the warnings with a box to tick; a browser does not send a chosen file twice."""
        if not warnings:
            return
        for warning in [*warnings, *(["Hãy chọn lại tệp văn bản."] if has_file else [])]:
            self.add_error(None, warning)
        self.fields["confirmed"].widget = forms.CheckboxInput()

    def _pasted(self, number: str) -> bool:
        found = written_numbers(number)
        return len(found) == 1 and str(found[0]) == number

    def _split_pasted_number(self, cleaned: dict[str, Any]) -> None:
        """ "527/KH-BDT" typed whole into the number's field becomes number and symbol."""
        number = cleaned.get("number") or ""
        if self._pasted(number):
            found = written_numbers(number)[0]
            cleaned["number"], cleaned["symbol"] = found.number, found.symbol

    def issuer_of(self, cleaned: dict[str, Any]) -> Issuer | None:
        """The issuer the form means, if it is known already."""
        raise NotImplementedError

    def _same(self, cleaned: dict[str, Any]) -> Any:
        issuer = self.issuer_of(cleaned)
        if issuer is None or not cleaned.get("number"):
            return Document.objects.none()
        return duplicates_of(
            number=cleaned["number"],
            symbol=cleaned.get("symbol", ""),
            issuer=issuer,
            excluding=self.instance,
        )

    def _refuse_duplicate(self, cleaned: dict[str, Any]) -> None:
        if self.direction == Direction.INCOMING:
            return
        same = self._same(cleaned).exclude(direction=Direction.INCOMING)
        if same.of_year(cleaned["date"].year).exists():
            self.add_error("number", "Đã có văn bản cùng số, ký hiệu, cơ quan trong năm này.")

    def warnings(self, cleaned: dict[str, Any]) -> list[str]:
        """Sentences to be confirmed before saving."""
        issuer = self.issuer_of(cleaned)
        found = [
            f"Trong sổ đã có {other} ngày {other.date:%d/%m/%Y} của {other.issuer}."
            for other in self._same(cleaned).with_catalogue()[:3]
        ]
        symbol = cleaned.get("symbol", "")
        if issuer and symbol and not issuer.uses_symbol(symbol):
            known = ", ".join(issuer.symbols)
            found.append(f"Ký hiệu “{symbol}” lạ với {issuer.name} (thường dùng: {known}).")
        return found


class NamedIssuerForm(EntryForm):
    """A form in which the issuer is typed by name."""

    issuer_name = forms.CharField(label="Cơ quan ban hành", max_length=200, widget=IssuerNameInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.fields["issuer_name"].initial = self.instance.issuer.name

    def clean_issuer_name(self) -> str:
        name = " ".join(self.cleaned_data["issuer_name"].split())
        if not any(sign.isalpha() for sign in name):
            raise forms.ValidationError("Hãy ghi tên cơ quan ban hành.")
        return name

    def issuer_of(self, cleaned: dict[str, Any]) -> Issuer | None:
        return Issuer.objects.named(cleaned.get("issuer_name", "")).first()

    def warnings(self, cleaned: dict[str, Any]) -> list[str]:
        found = super().warnings(cleaned)
        if self.issuer_of(cleaned) is None:
            found.append(
                f"Chưa có cơ quan “{cleaned['issuer_name']}” trong danh mục. Lưu thì sẽ thêm mới."
            )
        return found

    def save(self, commit: bool = True) -> Document:
        name = self.cleaned_data["issuer_name"]
        self.instance.issuer = self.issuer_of(self.cleaned_data) or Issuer.objects.create(name=name)
        document: Document = super().save(commit)
        return document
