"""Forms of a report: its beginning and facts, one section, recipients, number, signature."""

from __future__ import annotations

from typing import Any

from crispy_forms.helper import FormHelper
from django import forms
from django.conf import settings
from django_prose_editor.fields import ProseEditorFormField
from django_prose_editor.widgets import ProseEditorWidget

from portal.accounts.models import User, UserQuerySet
from portal.collection.models import ReportingPeriod
from portal.days import DayField
from portal.documents.forms.citing import CitedDocumentField
from portal.units.models import IssuingAgency

from . import richtext
from .linter.reading.files import MOST_BYTES, Unreadable, read_file, read_text
from .models import (
    Authority,
    Level,
    Recipient,
    Relation,
    Report,
    ReportTemplate,
    Section,
    SigningGrant,
)
from .services import Start

#: What the editor offers; static/reports/section_editor.js builds the same set.
EXTENSIONS = {
    "Bold": True,
    "Italic": True,
    "BulletList": True,
    "OrderedList": True,
    "ListItem": True,
    "HardBreak": True,
}


def day_field(label: str, **kwargs: Any) -> forms.DateField:
    return DayField(label=label, **kwargs)


class SectionWidget(ProseEditorWidget):
    """The prose editor as an own module: nothing inline, so the strict policy of pages holds."""

    @property
    def media(self) -> forms.Media:
        return forms.Media(
            css={"all": ["django_prose_editor/editor.css", "reports/editor.css"]},
        )


class BodyField(ProseEditorFormField):
    """A section's words, brought into canonical form; what would load something is refused."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(widget=SectionWidget(), extensions=EXTENSIONS, preset="section", **kwargs)

    def clean(self, value: str) -> str:
        try:
            return richtext.clean(value or "")
        except richtext.RefusedContent as refused:
            raise forms.ValidationError(str(refused)) from refused


STARTS = (
    (Start.TEMPLATE, "Từ đề cương: lời văn mẫu, số liệu của kỳ này"),
    (
        Start.EARLIER,
        "Từ báo cáo kỳ trước: giữ lời văn, lấy lại số liệu của kỳ này, đánh dấu chỗ đổi",
    ),
    (Start.BLANK, "Để trống: chỉ có tên, nơi nhận và người ký"),
)


class ReportForm(forms.Form):
    """Begin a report; `source` is the report it was asked for on, if it was."""

    template = forms.ModelChoiceField(
        ReportTemplate.objects.none(), label="Đề cương", empty_label=None
    )
    period = forms.ModelChoiceField(
        ReportingPeriod.objects.none(), label="Kỳ báo cáo", empty_label=None
    )
    start = forms.ChoiceField(
        label="Bắt đầu từ",
        choices=STARTS,
        initial=Start.TEMPLATE,
        required=False,
        widget=forms.RadioSelect,
    )
    source = forms.ModelChoiceField(Report.objects.none(), required=False, widget=forms.HiddenInput)
    report_date = day_field(
        "Ngày lập",
        help_text="Tên cơ quan, chức danh và địa giới được lấy theo ngày này.",
    )
    signatory = forms.ModelChoiceField(
        User.objects.none(), label="Người ký", required=False, empty_label="Chọn sau"
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["source"].queryset = Report.objects.visible_to(user)  # type: ignore[attr-defined]
        self.fields["template"].queryset = ReportTemplate.objects.for_reports()  # type: ignore[attr-defined]
        self.fields["period"].queryset = ReportingPeriod.objects.all()  # type: ignore[attr-defined]
        self.fields["signatory"].queryset = signatories()  # type: ignore[attr-defined]
        self.fields["signatory"].label_from_instance = with_title  # type: ignore[attr-defined]

    def clean_start(self) -> str:
        return self.cleaned_data["start"] or Start.TEMPLATE


class FactsForm(forms.ModelForm):  # type: ignore[type-arg]
    """What stands around the text."""

    report_date = day_field(
        "Ngày lập", help_text="Tên cơ quan, chức danh và địa giới được lấy theo ngày này."
    )
    authority = forms.ChoiceField(label="Thẩm quyền ký", choices=Authority, required=False)

    class Meta:
        model = Report
        fields = ["subject", "report_date", "authority", "signatory"]
        widgets = {"subject": forms.Textarea(attrs={"rows": 3})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["signatory"].queryset = signatories()  # type: ignore[attr-defined]
        self.fields["signatory"].label_from_instance = with_title  # type: ignore[attr-defined]


def signatories() -> UserQuerySet:
    """Who may be chosen to sign: leaders, and those whom a document lets sign."""
    granted = User.objects.active().filter(signing_grants__isnull=False)
    return (User.objects.having("reports.sign") | granted).distinct()


def with_title(user: User) -> str:
    return f"{user.full_name}, {user.title}" if user.title else user.full_name


class SectionForm(forms.Form):
    """One section. `revision` tells which version the person began from."""

    title = forms.CharField(label="Tên mục", max_length=400, required=False)
    level = forms.ChoiceField(label="Cách đánh số", choices=Level)
    manual_label = forms.CharField(
        label="Số mục ghi tay",
        max_length=12,
        required=False,
        help_text="Để trống thì cổng tự đánh số.",
    )
    body = BodyField(label="Nội dung", required=False)
    revision = forms.IntegerField(widget=forms.HiddenInput)
    level_seen = forms.CharField(widget=forms.HiddenInput, required=False)

    def told(self) -> dict[str, Any]:
        """What `services.edit_section` takes. A level left as it was seen is not told: the section
        may have been moved, and numbered anew, since the page was opened."""
        told = dict(self.cleaned_data)
        if told.pop("level_seen") == told["level"]:
            del told["level"]
        return told


class ShareForm(forms.Form):
    """Who writes a section, and until when."""

    person = forms.ModelChoiceField(
        User.objects.none(),
        label="Người soạn",
        empty_label="Chọn người",
        error_messages={"required": "Chọn người soạn.", "invalid_choice": "Chọn lại người soạn."},
    )
    due_date = day_field("Hạn soạn xong")

    def __init__(self, *args: Any, report: Report, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        writers = User.objects.having("reports.draft").exclude(pk=report.drafter_id)
        self.fields["person"].queryset = writers.order_by("full_name")  # type: ignore[attr-defined]


class NewSectionForm(forms.Form):
    """A new section below another, or at the highest level."""

    title = forms.CharField(label="Tên mục", max_length=400, required=False)
    level = forms.ChoiceField(label="Cách đánh số", choices=Level, initial=Level.DECIMAL)
    parent = forms.ModelChoiceField(
        Section.objects.none(), label="Thuộc mục", required=False, empty_label="Mục cao nhất"
    )

    def __init__(self, *args: Any, report: Report, labels: dict[int, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["parent"]
        field.queryset = report.sections.filter(pk__in=labels)  # type: ignore[attr-defined]
        field.label_from_instance = (  # type: ignore[attr-defined]
            lambda section: f"{labels[section.pk]} {section}".strip()
        )


class RecipientForm(forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = Recipient
        fields = ["text", "email", "prints_email", "relation"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["text"].label = "Nơi nhận"
        self.fields["relation"].choices = Relation.choices  # type: ignore[attr-defined]
        for name, field in self.fields.items():
            style = "form-select" if name == "relation" else "form-control"
            if name != "prints_email":
                field.widget.attrs["class"] = style


RecipientFormSet = forms.modelformset_factory(
    Recipient, form=RecipientForm, extra=2, can_delete=True, can_order=False
)


class NumberForm(forms.Form):
    """Number and date; the number is typed only where the province's system gives it."""

    issue_date = day_field("Ngày ban hành")
    given_number = forms.IntegerField(
        label="Số do hệ thống của tỉnh cấp", min_value=1, max_value=999_999, required=False
    )

    def __init__(self, *args: Any, is_given: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not is_given:
            del self.fields["given_number"]
        else:
            self.fields["given_number"].required = True


class PassphraseForm(forms.Form):
    """The passphrase goes to the key and nowhere else."""

    passphrase = forms.CharField(
        label="Mật khẩu khoá ký",
        strip=False,
        max_length=200,
        widget=forms.PasswordInput(attrs={"autocomplete": "off", "class": "form-control"}),
    )


class SignedFileForm(forms.Form):
    """The file that was signed elsewhere."""

    file = forms.FileField(label="Tệp đã ký")

    def clean_file(self) -> Any:
        return within_limit(self.cleaned_data["file"])


class AnnexForm(forms.Form):
    """A PDF that goes with the report."""

    title = forms.CharField(
        label="Tên phụ lục",
        max_length=300,
        widget=forms.TextInput(attrs={"class": "form-control"}),
    )
    file = forms.FileField(label="Tệp PDF")

    def clean_file(self) -> Any:
        return within_limit(self.cleaned_data["file"])


class VerifyForm(forms.Form):
    """Any PDF file."""

    file = forms.FileField(label="Tệp PDF cần xác thực")

    def clean_file(self) -> Any:
        return within_limit(self.cleaned_data["file"])


def within_limit(file: Any) -> Any:
    if file.size > settings.UPLOAD_MAX_BYTES:
        raise forms.ValidationError(
            f"Tệp lớn hơn {settings.UPLOAD_MAX_BYTES // 2**20} MB. Hãy chọn tệp khác."
        )
    return file


class GrantForm(forms.ModelForm):  # type: ignore[type-arg]
    """A right to sign by order or authorisation, with the document that gives it."""

    document = CitedDocumentField(
        label="Văn bản giao", help_text="Quy chế làm việc, giấy uỷ quyền… đã vào sổ văn bản."
    )
    first_day = day_field("Từ ngày")
    last_day = day_field(
        "Đến hết ngày",
        required=False,
        help_text="Uỷ quyền phải có thời hạn; thừa lệnh có thể không.",
    )

    class Meta:
        model = SigningGrant
        fields = [
            "authority", "grantee", "granter", "document", "content", "first_day", "last_day",
        ]  # fmt: skip
        widgets = {"content": forms.Textarea(attrs={"rows": 2})}

    def __init__(self, *args: Any, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["document"].by = by  # type: ignore[attr-defined]
        staff = User.objects.having("reports.view")
        for name, people in (("grantee", staff), ("granter", User.objects.having("reports.sign"))):
            field = self.fields[name]
            field.queryset, field.empty_label = people, "Chưa chọn"  # type: ignore[attr-defined]
            field.label_from_instance = with_title  # type: ignore[attr-defined]
        self.fields["authority"].choices = [  # type: ignore[attr-defined]
            (one.value, one.label) for one in SigningGrant.AUTHORITIES
        ]
        self.helper = FormHelper()
        self.helper.form_tag = False

    def clean(self) -> dict[str, Any]:
        told: dict[str, Any] = super().clean() or self.cleaned_data
        first, last = told.get("first_day"), told.get("last_day")
        if first and last and last < first:
            self.add_error("last_day", "Ngày cuối phải từ ngày đầu trở đi.")
        if (
            told.get("authority") == Authority.MANDATE
            and not last
            and "last_day" not in self.errors
        ):
            self.add_error("last_day", "Uỷ quyền phải có thời hạn. Ghi ngày cuối.")
        if told.get("grantee") and told.get("grantee") == told.get("granter"):
            self.add_error("grantee", "Không tự giao ký cho mình. Chọn người khác.")
        return told


class CertificateForm(forms.Form):
    """Whose certificate it is, and its public part. Signatories and agencies are in one list."""

    owner = forms.ChoiceField(label="Dùng cho", widget=forms.Select(attrs={"class": "form-select"}))
    file = forms.FileField(label="Tệp chứng thư")
    token = forms.CharField(
        label="Tên thiết bị cắm ở máy chủ",
        max_length=32,
        required=False,
        widget=forms.TextInput(attrs={"class": "form-control"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = signatories()
        agencies = IssuingAgency.objects.order_by("-valid")
        self._whose: dict[str, dict[str, Any]] = {
            **{f"nguoi-{user.pk}": {"owner": user} for user in people},
            **{f"co-quan-{agency.pk}": {"agency": agency} for agency in agencies},
        }
        self.fields["owner"].choices = [  # type: ignore[attr-defined]
            ("Người ký", [(f"nguoi-{user.pk}", with_title(user)) for user in people]),
            (
                "Cơ quan",
                [
                    (f"co-quan-{agency.pk}", f"{agency.full_name} {_years(agency)}")
                    for agency in agencies
                ],
            ),
        ]

    def clean_file(self) -> Any:
        return within_limit(self.cleaned_data["file"])

    def clean(self) -> dict[str, Any]:
        told = super().clean() or {}
        if "owner" in told:
            told["whose"] = self._whose[told["owner"]]
        return told


def _years(agency: IssuingAgency) -> str:
    """Agencies of one name differ in their time."""
    start, end = agency.valid.lower, agency.valid.upper
    until = f"đến {end:%d/%m/%Y}" if end else "đến nay"
    return f"(từ {start:%d/%m/%Y} {until})" if start else f"({until})"


class PastedField(forms.CharField):
    """Words from anywhere: zero bytes and the like are left out, not refused."""

    def to_python(self, value: Any) -> str:
        return super().to_python(value).replace("\0", "")


class TextCheckForm(forms.Form):
    """A text to be measured by the decree's form: a file, or pasted words."""

    file = forms.FileField(
        label="Tệp Word hoặc tệp chữ",
        required=False,
        allow_empty_file=True,
        widget=forms.ClearableFileInput(
            attrs={"class": "form-control", "accept": ".docx,.txt,.md"}
        ),
    )
    text = PastedField(
        label="Hoặc dán nội dung",
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"class": "form-control", "rows": 10}),
    )

    def clean(self) -> dict[str, Any]:
        told = self.cleaned_data
        file, text = told.get("file"), told.get("text", "")
        if not file and not text.strip():
            raise forms.ValidationError("Hãy chọn tệp hoặc dán nội dung văn bản.")
        try:
            if file:
                if file.size > MOST_BYTES:
                    raise Unreadable("too_large")
                told["pages"] = read_file(file.name, file.read())
            else:
                told["pages"] = read_text(text)
        except Unreadable as problem:
            self.add_error("file" if file else "text", str(problem))
        return told
