"""The clerk's forms beside the registers: a book to print, post, kept copies, a new book."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils import timezone

from portal.documents.books import Period, choices_for
from portal.documents.models import (
    Direction,
    Document,
    DocumentQuerySet,
    Issuer,
    KeptCopyUse,
    PostalDispatch,
    Register,
)

from .entry import day_field

if TYPE_CHECKING:
    from portal.accounts.models import User

EARLIEST = datetime.date(1945, 9, 2)


def styled(form: forms.BaseForm) -> None:
    """The look of fields that stand outside crispy layouts."""
    for field in form.fields.values():
        if isinstance(field.widget, forms.CheckboxInput | forms.CheckboxSelectMultiple):
            continue
        is_choice = isinstance(field.widget, forms.Select)
        field.widget.attrs.setdefault("class", "form-select" if is_choice else "form-control")


class BookForm(forms.Form):
    """Which book, from which day to which."""

    book = forms.ChoiceField(label="Sổ")
    first = day_field("Từ ngày")
    last = day_field("Đến ngày")

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["book"].choices = choices_for(user)  # type: ignore[attr-defined]
        year = timezone.localdate().year
        self.fields["first"].initial = datetime.date(year, 1, 1)
        self.fields["last"].initial = datetime.date(year, 12, 31)
        styled(self)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        first, last = cleaned.get("first"), cleaned.get("last")
        if first and last:
            if first > last:
                self.add_error("last", "Ngày cuối không thể trước ngày đầu.")
            elif first < EARLIEST or last.year > timezone.localdate().year + 1:
                self.add_error("first", "Khoảng ngày chưa đúng.")
        return cleaned

    @property
    def period(self) -> Period:
        return Period(self.cleaned_data["first"], self.cleaned_data["last"])


class NamedDocumentForm(forms.ModelForm):  # type: ignore[type-arg]
    """A line about an outgoing document that is named by number and symbol."""

    named = forms.CharField(label="Số, ký hiệu văn bản", max_length=100)
    date = day_field("Ngày")

    def __init__(self, *args: Any, readable: DocumentQuerySet, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.readable = readable
        self.fields["date"].initial = timezone.localdate()
        styled(self)

    def clean_named(self) -> str:
        name: str = self.cleaned_data["named"]
        found = list(self.readable.filter(direction=Direction.OUTGOING).named(name)[:25])
        # the same number of several years: the latest is meant
        if not found:
            raise forms.ValidationError(f"Sổ văn bản đi chưa có “{name}”.")
        self.instance.document = max(found, key=lambda one: one.date)
        return name

    def clean_date(self) -> datetime.date:
        date: datetime.date = self.cleaned_data["date"]
        if not EARLIEST <= date <= timezone.localdate():
            raise forms.ValidationError("Ngày không thể sau hôm nay.")
        return date


class DispatchForm(NamedDocumentForm):
    class Meta:
        model = PostalDispatch
        fields = ["date", "destination", "envelopes", "note"]

    field_order = ["date", "named", "destination", "envelopes", "note"]

    def clean_envelopes(self) -> int:
        envelopes: int = self.cleaned_data["envelopes"]
        if not 1 <= envelopes <= 9999:
            raise forms.ValidationError("Số lượng bì từ 1 đến 9.999.")
        return envelopes


class CopyUseForm(NamedDocumentForm):
    class Meta:
        model = KeptCopyUse
        fields = ["date", "reader", "case_file", "allowed_by", "note"]

    field_order = ["date", "reader", "named", "case_file", "allowed_by", "note"]


class ReturnForm(forms.Form):
    returned_date = day_field("Ngày trả")

    def __init__(self, *args: Any, use: KeptCopyUse, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.use = use

    def clean_returned_date(self) -> datetime.date:
        date: datetime.date = self.cleaned_data["returned_date"]
        if not self.use.date <= date <= timezone.localdate():
            raise forms.ValidationError("Ngày trả không thể trước ngày sử dụng, sau hôm nay.")
        return date


class RegisterForm(forms.ModelForm):  # type: ignore[type-arg]
    """A book of its own: for secret documents, or for an advisory body."""

    body = forms.CharField(
        label="Hội đồng, ban chỉ đạo, tổ",
        max_length=200,
        required=False,
        help_text="Chỉ ghi khi là sổ của hội đồng, ban chỉ đạo, tổ. Ví dụ: Ban Chỉ đạo Chương "
        "trình mục tiêu quốc gia tỉnh Bắc Giang.",
    )

    class Meta:
        model = Register
        fields = ["kind", "direction", "name", "code"]

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kinds = [Register.Kind.BODY]
        if user.has_perm("documents.secret"):
            kinds.append(Register.Kind.SECRET)
        self.fields["kind"].choices = [(kind.value, kind.label) for kind in kinds]  # type: ignore[attr-defined]
        self.fields["direction"].choices = [  # type: ignore[attr-defined]
            (one.value, one.label) for one in (Direction.OUTGOING, Direction.INCOMING)
        ]
        self.fields["code"].help_text = "Chữ không dấu, chữ số, gạch nối. Ví dụ: bcd-ctmtqg."
        styled(self)

    def clean_body(self) -> str:
        return " ".join(self.cleaned_data["body"].split())

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        kind, body = cleaned.get("kind"), cleaned.get("body", "")
        self.instance.issuer = None
        if kind == Register.Kind.BODY:
            if not any(sign.isalpha() for sign in body):
                self.add_error("body", "Hãy ghi tên hội đồng, ban chỉ đạo hoặc tổ.")
            elif cleaned.get("direction") == Direction.INCOMING:
                self.add_error("direction", "Sổ của hội đồng, ban, tổ chỉ ghi văn bản đi.")
            else:
                self.instance.issuer = Issuer.objects.named(body).first() or Issuer(name=body)
                if self.instance.issuer.pk and self.instance.issuer.registers.exists():
                    self.add_error("body", "Hội đồng, ban, tổ này đã có sổ.")
        elif kind == Register.Kind.SECRET and "direction" in cleaned:
            same = Register.objects.filter(kind=kind, direction=cleaned["direction"])
            if same.exists():
                self.add_error("kind", "Đã có sổ văn bản mật cho loại văn bản này.")
        return cleaned

    def _get_validation_exclusions(self) -> set[str]:
        """The body may be saved with the book only."""
        return super()._get_validation_exclusions() | {"issuer"}

    def save(self, commit: bool = True) -> Register:
        issuer = self.instance.issuer
        if issuer is not None and issuer.pk is None:
            issuer.level = Issuer.Level.PROVINCE
            issuer.save()
            self.instance.issuer = issuer
        self.instance.position = Register.objects.count() + 1
        register: Register = super().save(commit)
        return register


def document_named(readable: DocumentQuerySet, name: str) -> Document | None:
    """The one document of that number and symbol; the latest when years have the same."""
    return readable.named(name).order_by("-date", "-pk").first()
