"""What every form for entering a document by hand asks and checks."""

from __future__ import annotations

import datetime
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import HTML, Column, Layout, Row
from django import forms
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from portal.days import DayField
from portal.documents.citation import written_numbers
from portal.documents.files import ACCEPTED, UnacceptableFile, recognise, sha256_of
from portal.documents.models import (
    Direction,
    Document,
    DocumentQuerySet,
    DocumentType,
    Issuer,
    Priority,
    Secrecy,
)
from portal.documents.services import duplicates_of

FOLD = '<details class="fold"><summary>{}</summary><div class="fold__inside">'
FOLD_END = "</div></details>"
SYMBOL_SIGNS = frozenset("-/.&+")


def linked(words: str, other: Document) -> SafeString:
    return format_html(
        '{} <a href="{}">{}</a> ngày {} của {}.',
        words,
        other.get_absolute_url(),
        other,
        f"{other.date:%d/%m/%Y}",
        other.issuer,
    )


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
    duplicate_reason = forms.CharField(
        label="Lý do vẫn vào sổ văn bản trùng",
        max_length=300,
        required=False,
        widget=forms.HiddenInput,
    )

    class Meta:
        model = Document
        fields = ["number", "symbol", "date", "document_type", "subject", "is_public", "note"]
        widgets = {
            "subject": forms.Textarea(attrs={"rows": 3}),
            "recipients": forms.Textarea(attrs={"rows": 3}),
        }

    def __init__(
        self,
        *args: Any,
        today: datetime.date | None = None,
        readable: DocumentQuerySet | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.today = today or timezone.localdate()
        self.readable = Document.objects.none() if readable is None else readable
        self.instance.direction = self.direction
        types = self.fields.get("document_type")
        if types is not None:
            types.queryset = DocumentType.objects.exclude(  # type: ignore[attr-defined]
                group=DocumentType.Group.COPY
            )
            types.empty_label = "Chọn loại văn bản"  # type: ignore[attr-defined]
        for name in ("priority", "language"):
            if name in self.fields:
                self.fields[name].required = False
        if not self.instance.file:
            del self.fields["remove_upload"]
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.layout = Layout("confirmed", "duplicate_reason", self.layout())

    def layout(self) -> Layout:
        raise NotImplementedError

    def file_part(self) -> list[str]:
        return ["upload", *(["remove_upload"] if "remove_upload" in self.fields else [])]

    def described(self) -> list[Any]:
        """What a records system asks besides (Phụ lục VI), folded away."""
        names = [name for name in ("priority", "language") if name in self.fields]
        return [
            HTML(FOLD.format("Độ khẩn, ngôn ngữ, mô tả")),
            Row(*[Column(name, css_class="col-12 col-sm-6") for name in names]),
            "description",
            HTML(FOLD_END),
        ]

    def clean_priority(self) -> int:
        return int(self.cleaned_data["priority"] or Priority.NORMAL)

    def clean_language(self) -> str:
        language: str = " ".join(self.cleaned_data["language"].split())
        return language or "Tiếng Việt"

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
        if not self.errors:
            self._ask_about_duplicates(cleaned)
        if not self.errors and not cleaned.get("confirmed"):
            self._ask(self.warnings(cleaned), has_file=bool(cleaned.get("upload")))
        return cleaned

    def _ask_about_duplicates(self, cleaned: dict[str, Any]) -> None:
        """The same document or file stands in the register: it is entered again for a reason."""
        found = self.duplicates(cleaned)
        reason = (cleaned.get("duplicate_reason") or "").strip()
        if not found:
            self.instance.duplicate_reason = ""
            return
        self.instance.duplicate_reason = reason
        if reason:
            self.fields["duplicate_reason"].widget = forms.TextInput()
            return
        self._ask([*found, "Ghi lý do nếu vẫn vào sổ."], has_file=bool(cleaned.get("upload")))
        self.fields["confirmed"].widget = forms.HiddenInput()
        self.fields["duplicate_reason"].widget = forms.TextInput(attrs={"class": "form-control"})

    def duplicates(self, cleaned: dict[str, Any]) -> list[SafeString]:
        """Sentences with links to what is the same by number, symbol and year, or by its file."""
        year = cleaned["date"].year if cleaned.get("date") else self.instance.date.year
        same = list(self._same(cleaned).of_year(year).with_catalogue()[:3])
        found = [linked("Trong sổ đã có", other) for other in same]
        upload = cleaned.get("upload")
        if upload:
            alike = self.readable.filter(sha256=sha256_of(upload)).exclude(pk=self.instance.pk)
            alike = alike.exclude(pk__in=[other.pk for other in same])
            found += [linked("Tệp này đã lưu ở", other) for other in alike.with_catalogue()[:3]]
        return found

    def _ask(self, warnings: list[Any], *, has_file: bool) -> None:
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
        same = duplicates_of(
            number=cleaned["number"],
            symbol=cleaned.get("symbol", ""),
            issuer=issuer,
            excluding=self.instance,
        )
        return same.filter(pk__in=self.readable.order_by().values("pk"))

    def _refuse_duplicate(self, cleaned: dict[str, Any]) -> None:
        if self.direction == Direction.INCOMING:
            return
        same = self._same(cleaned).exclude(direction=Direction.INCOMING)
        same = same.filter(secrecy=Secrecy.NONE).of_year(cleaned["date"].year)
        if other := same.with_catalogue().first():
            words = "Đã có văn bản cùng số, ký hiệu, cơ quan trong năm này:"
            self.add_error("number", linked(words, other))

    def warnings(self, cleaned: dict[str, Any]) -> list[Any]:
        """Sentences to be confirmed before saving."""
        issuer = self.issuer_of(cleaned)
        of_other_years = self._same(cleaned).exclude(date__year=cleaned["date"].year)
        found: list[Any] = [
            linked("Trong sổ đã có", other) for other in of_other_years.with_catalogue()[:3]
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

    def warnings(self, cleaned: dict[str, Any]) -> list[Any]:
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
