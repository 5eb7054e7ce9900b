"""The books of before the portal: legal texts, incoming, outgoing. What comes in is not verified.

A row is a document of number, symbol, issuer and year; without a number, of day, issuer and
subject. A blank cell leaves what is there; a document that was checked against its original, or
that has a number of the portal, is not changed by a file.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.utils import timezone
from import_export.fields import Field

from portal.collection.lists.cells import DayWidget, GuardedField, TextField, text_of
from portal.collection.lists.registry import brought_in
from portal.collection.lists.resource import ListLoader, ListResource, Row
from portal.documents.citation import number_key, symbol_key
from portal.documents.models import Direction, Document, IssuedNumber, Register
from portal.units.models import IssuingAgency
from portal.units.names import fold

from .old_cells import (
    IssuerWidget,
    NumberWidget,
    PastDayWidget,
    SymbolWidget,
    TypeWidget,
    number_and_symbol,
)

TWICE = "Văn bản này đã có ở một dòng trên của tệp."
OLD_BOOK = "Chuyển từ hệ thống cũ"


class OldBook(ListResource):
    """What the three books share."""

    direction: ClassVar[Direction]
    anchor = "Trích yếu"
    required = ("Ngày văn bản", "Trích yếu")
    takes_nameless = True
    blank_keeps = True
    own_relations = frozenset({"documents.issuednumber"})
    filled_in = frozenset({"whole", "arrival_number"})
    not_asked = frozenset({"book", "number", "symbol"})
    list_url = "documents:document_list"
    stands_for: ClassVar[dict[str, str]] = {"Số": "Số, ký hiệu", "Ký hiệu": "Số, ký hiệu"}
    aliases: ClassVar[dict[str, tuple[str, ...]]] = {
        "Số, ký hiệu": (
            "Số ký hiệu", "Số/ký hiệu", "Số và ký hiệu", "Số, ký hiệu văn bản", "Số văn bản",
            "Số hiệu", "Số KH", "Số ký hiệu văn bản",
        ),
        "Ký hiệu": ("Kí hiệu",),
        "Ngày văn bản": (
            "Ngày tháng", "Ngày, tháng", "Ngày ban hành", "Ngày ký", "Ngày, tháng văn bản",
            "Ngày tháng văn bản", "Ngày, tháng, năm", "Ngày tháng năm", "Ngày VB",
        ),
        "Cơ quan ban hành": (
            "Tác giả", "Nơi ban hành", "Cơ quan", "Cơ quan, tổ chức ban hành", "Nơi gửi",
            "Cơ quan gửi", "Đơn vị ban hành",
        ),
        "Loại văn bản": ("Loại", "Thể loại", "Tên loại", "Loại VB"),
        "Trích yếu": (
            "Trích yếu nội dung", "Nội dung", "Tên văn bản", "Nội dung trích yếu",
            "Tên loại và trích yếu nội dung văn bản", "Tên loại và trích yếu nội dung",
            "Về việc", "Tiêu đề",
        ),
        "Tên tệp": ("Tệp", "File", "Tập tin", "Tệp đính kèm", "Tên file"),
        "Người ký": ("Họ tên người ký",),
        "Ghi chú": ("Ghi chép",),
    }  # fmt: skip

    book = TextField("get_direction_display", "Sổ", readonly=True)
    whole = TextField("number_and_symbol", "Số, ký hiệu", readonly=True)
    number = Field("number", "Số", widget=NumberWidget())
    symbol = Field("symbol", "Ký hiệu", widget=SymbolWidget())
    date = Field("date", "Ngày văn bản", widget=PastDayWidget())
    issuer = Field("issuer", "Cơ quan ban hành", widget=IssuerWidget())
    document_type = Field("document_type", "Loại văn bản", widget=TypeWidget())
    subject = GuardedField("subject", "Trích yếu")
    signer_name = GuardedField("signer_name", "Người ký")
    old_file_name = GuardedField("old_file_name", "Tên tệp")
    note = GuardedField("note", "Ghi chú")

    class Meta:
        model = Document
        import_id_fields = ()
        instance_loader_class = ListLoader
        clean_model_instances = True
        skip_unchanged = True
        skip_html_diff = True
        store_instance = True

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.issuers: IssuerWidget = self.fields["issuer"].widget
        self.issuers.prepare()
        self.fields["document_type"].widget.prepare()
        self.fields["date"].widget.today = timezone.localdate()

    def get_queryset(self) -> Any:
        return Document.objects.filter(direction=self.direction).with_catalogue()

    def before_import_row(self, row: Any, **kwargs: Any) -> None:
        row["Số"], row["Ký hiệu"] = number_and_symbol(row)
        for heading in ("Cơ quan ban hành", "Loại văn bản"):
            row.setdefault(heading, "")

    def record_of(self, row: Row) -> Document | None:
        said = text_of(row.get("Sổ"))
        if said and fold(said) != fold(self.direction.label):
            raise ValueError(f"Dòng này của sổ “{said}”, tệp đang chuyển vào sổ khác.")
        try:
            found = self._same(row)
        except ValueError:
            return None  # said at its cell when the columns are read
        self._see(tuple(sorted(found.items(), key=str)), TWICE)
        return self.get_queryset().filter(**found).order_by("pk").first()

    def _same(self, row: Row) -> dict[str, Any]:
        number, symbol, date, issuer = (
            self.fields[name].clean(row) for name in ("number", "symbol", "date", "issuer")
        )
        if number:
            return {
                "number_key": number_key(number), "symbol_key": symbol_key(symbol),
                "issuer": issuer, "date__year": date.year,
            }  # fmt: skip
        subject = " ".join(self.fields["subject"].clean(row).split())
        return {"number_key": "", "date": date, "issuer": issuer, "subject__iexact": subject}

    def after_init_instance(self, instance: Any, new: bool, row: Row, **kwargs: Any) -> None:
        instance.direction = self.direction
        if new:
            instance.brought_by = self.source
            instance.created_by = self.by
            instance.verification_note = "Chuyển từ hệ thống cũ, chưa đối chiếu bản gốc."

    def import_instance(self, instance: Any, row: Row, **kwargs: Any) -> None:
        super().import_instance(instance, row, **kwargs)
        instance.subject = " ".join(instance.subject.split())
        instance.number_key = number_key(instance.number)  # the constraints look at these
        instance.symbol_key = symbol_key(instance.symbol)
        if not any(letter.isalpha() for letter in instance.subject):
            raise ValidationError({"subject": "Còn thiếu trích yếu."})

    def refuse_change(self, record: Any) -> None:
        if record.is_verified:
            raise ValidationError(f"{record} đã đối chiếu bản gốc. Sửa tại trang văn bản.")
        if record.is_frozen:
            raise ValidationError(f"{record} do cổng cấp số nên giữ nguyên.")

    def told_of(self, record: Any) -> list[Any]:
        return [*super().told_of(record), record.is_verified, record.sha256, record.is_public]

    def words(self, record: Any) -> str:
        parts = [str(record), f"ngày {record.date:%d/%m/%Y}", str(record.issuer)]
        return ", ".join(parts)

    def notes(self, records: Sequence[Any]) -> list[str]:
        named = {record.issuer.name for record in records}
        new = (name for name in self.issuers.added if name in named)
        return [f"Thêm cơ quan ban hành “{name}”" for name in new]


@brought_in("van-ban-phap-luat")
class LegalBook(OldBook):
    direction = Direction.LEGAL
    title = "Văn bản pháp luật, chỉ đạo"
    permissions = ("documents.edit",)
    hint = "Văn bản chính sách, chỉ đạo đã lưu ở hệ thống cũ"
    aliases = OldBook.aliases | {
        "Có hiệu lực từ": ("Ngày hiệu lực", "Ngày có hiệu lực", "Hiệu lực từ"),
        "Hết hiệu lực từ": ("Ngày hết hiệu lực", "Hết hiệu lực"),
    }
    valid_from = Field("valid_from", "Có hiệu lực từ", widget=DayWidget())
    valid_to = Field("valid_to", "Hết hiệu lực từ", widget=DayWidget())

    class Meta(OldBook.Meta):
        fields = (
            "book", "whole", "number", "symbol", "date", "issuer", "document_type", "subject",
            "signer_name", "valid_from", "valid_to", "old_file_name", "note",
        )  # fmt: skip
        export_order = fields


class NumberedBook(OldBook):
    """A book whose rows have numbers of their own; those are taken over where they are free."""

    permissions = ("documents.number",)

    @cached_property
    def register(self) -> Register | None:
        return Register.objects.main(self.direction)

    def taken(self, document: Document, row: Row) -> tuple[Any, str]:
        """The day and the number under which the document stands in its book."""
        raise NotImplementedError

    def after_save_instance(self, instance: Any, row: Row, **kwargs: Any) -> None:
        register = self.register
        day, number = self.taken(instance, row)
        if register is None or not number.isdigit() or day is None or int(number) < 1:
            return
        IssuedNumber.objects.take_over(
            register=register, date=day, number=int(number), document=instance, by=self.by,
            purpose=OLD_BOOK,
        )  # fmt: skip

    def forget(self, new: list[Any]) -> None:
        origin = IssuedNumber.Origin.TAKEN_OVER
        IssuedNumber.objects.filter(document__in=new, origin=origin).delete()


@brought_in("van-ban-den")
class IncomingBook(NumberedBook):
    direction = Direction.INCOMING
    title = "Sổ văn bản đến"
    hint = "Sổ theo dõi văn bản đến của các năm trước"
    aliases = OldBook.aliases | {
        "Ngày đến": ("Ngày nhận", "Ngày vào sổ"),
        "Số đến": ("Số thứ tự đến", "Số vào sổ", "Đến số"),
        "Đơn vị, người nhận": ("Đơn vị hoặc người nhận", "Người nhận", "Nơi nhận", "Giao xử lý"),
    }
    arrival_number = TextField("issued_number__number", "Số đến", readonly=True)
    arrival_date = Field("arrival_date", "Ngày đến", widget=DayWidget())
    assigned_to = GuardedField("assigned_to", "Đơn vị, người nhận")

    class Meta(OldBook.Meta):
        fields = (
            "book", "arrival_number", "arrival_date", "whole", "number", "symbol", "date",
            "issuer", "document_type", "subject", "signer_name", "assigned_to", "old_file_name",
            "note",
        )  # fmt: skip
        export_order = fields

    def taken(self, document: Document, row: Row) -> tuple[Any, str]:
        return document.arrival_date, text_of(row.get("Số đến"))


@brought_in("van-ban-di")
class OutgoingBook(NumberedBook):
    direction = Direction.OUTGOING
    title = "Sổ văn bản đi"
    hint = "Sổ đăng ký văn bản đi của các năm trước"
    aliases = OldBook.aliases | {
        "Nơi nhận": ("Nơi nhận văn bản", "Gửi đến"),
        "Nơi lưu": ("Đơn vị, người nhận bản lưu", "Nơi nhận bản lưu"),
    }
    recipients = GuardedField("recipients", "Nơi nhận")
    kept_by = GuardedField("kept_by", "Nơi lưu")

    class Meta(OldBook.Meta):
        fields = (
            "book", "whole", "number", "symbol", "date", "issuer", "document_type", "subject",
            "signer_name", "recipients", "kept_by", "old_file_name", "note",
        )  # fmt: skip
        export_order = fields

    def before_import_row(self, row: Any, **kwargs: Any) -> None:
        super().before_import_row(row, **kwargs)
        if not text_of(row["Cơ quan ban hành"]):
            row["Cơ quan ban hành"] = self._own_name(row)

    def _own_name(self, row: Row) -> str:
        """The agency itself, as it was named on the day of the document."""
        try:
            day = self.fields["date"].clean(row)
        except ValueError:
            return ""
        names = (one.full_name for one in self.agencies if day is not None and day in one.valid)
        return next(names, "")

    @cached_property
    def agencies(self) -> list[IssuingAgency]:
        return list(IssuingAgency.objects.all())

    def import_instance(self, instance: Any, row: Row, **kwargs: Any) -> None:
        super().import_instance(instance, row, **kwargs)
        if not instance.number:
            raise ValidationError({"number": "Văn bản đi phải có số và ký hiệu."})
        register = self.register
        if instance.pk or register is None or not instance.number.isdigit():
            return
        if IssuedNumber.objects.would_be_ahead(
            register=register, year=instance.date.year, number=int(instance.number)
        ):
            text = f"Năm {instance.date.year} cổng đang tự cấp số, chưa đến số này."
            raise ValidationError({"number": text})

    def taken(self, document: Document, row: Row) -> tuple[Any, str]:
        return document.date, document.number
