"""A document, and what it says of others."""

from __future__ import annotations

import datetime
import re
import secrets
from typing import Any

from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import ExtractYear, Now
from django.urls import reverse

from portal.accounts.models import User
from portal.collection.models import ListImport
from portal.documents import search
from portal.documents.citation import joined, number_key, symbol_key, written_day

from .catalogue import DocumentType, Issuer
from .finding import DocumentQuerySet
from .qualities import Direction, Priority, Secrecy, SignatureLevel, Validity

# a subject printed on its own begins with a capital; inside a sentence it does not
ABOUT = re.compile(r"^(Về|V/v|Kết quả|Tình hình|Công tác) ")
ABOUT_IN_TEXT = {
    "Về ": "về ",
    "V/v ": "về việc ",
    "Kết quả ": "về kết quả ",
    "Tình hình ": "về tình hình ",
    "Công tác ": "về công tác ",
}


def document_file_path(document: Document, name: str) -> str:
    """A random name in a folder of its own year; `name` only lends its ending, set by content."""
    return f"documents/{document.date.year}/{secrets.token_hex(16)}.{name.rpartition('.')[2]}"


class Document(models.Model):
    """One document of the register: outgoing, incoming, or a text of law or guidance."""

    direction = models.CharField("sổ", max_length=10, choices=Direction)
    number = models.CharField("số", max_length=20, blank=True)
    symbol = models.CharField("ký hiệu", max_length=60, blank=True)
    date = models.DateField("ngày văn bản")
    issuer = models.ForeignKey(
        Issuer, models.PROTECT, related_name="documents", verbose_name="cơ quan ban hành"
    )
    document_type = models.ForeignKey(
        DocumentType, models.PROTECT, related_name="documents", verbose_name="loại văn bản"
    )
    subject = models.CharField("trích yếu", max_length=1000)
    signer_title = models.CharField("chức vụ người ký", max_length=100, blank=True)
    signer_name = models.CharField("người ký", max_length=60, blank=True)
    recipients = models.TextField("nơi nhận", blank=True)

    valid_from = models.DateField("có hiệu lực từ", null=True, blank=True)
    valid_to = models.DateField(
        "hết hiệu lực từ", null=True, blank=True, help_text="Ngày đầu tiên không còn hiệu lực."
    )

    arrival_date = models.DateField("ngày đến", null=True, blank=True)
    assigned_to = models.CharField("đơn vị, người nhận", max_length=200, blank=True)
    due_date = models.DateField("hạn giải quyết", null=True, blank=True)
    kept_by = models.CharField("nơi lưu", max_length=200, blank=True)
    copies = models.PositiveSmallIntegerField("số lượng bản", null=True, blank=True)
    pages = models.PositiveSmallIntegerField("số trang", null=True, blank=True)
    sent_date = models.DateField("ngày chuyển", null=True, blank=True)
    note = models.CharField("ghi chú", max_length=500, blank=True)

    secrecy = models.CharField(
        "độ mật", max_length=10, choices=Secrecy, default=Secrecy.NONE, blank=True
    )
    priority = models.PositiveSmallIntegerField(
        "độ khẩn", choices=Priority, default=Priority.NORMAL
    )
    language = models.CharField("ngôn ngữ", max_length=30, default="Tiếng Việt")
    description = models.CharField("mô tả", max_length=500, blank=True)
    acknowledged_at = models.DateTimeField(
        "đã báo nhận lúc", null=True, blank=True, editable=False,
        help_text="Báo cho nơi gửi biết đã nhận, ngay trong ngày.",
    )  # fmt: skip
    duplicate_reason = models.CharField("lý do vào sổ văn bản trùng", max_length=300, blank=True)

    file = models.FileField("tệp", upload_to=document_file_path, max_length=200, blank=True)
    file_type = models.CharField("loại tệp", max_length=100, blank=True, editable=False)
    file_size = models.PositiveBigIntegerField("cỡ tệp", null=True, blank=True, editable=False)
    sha256 = models.CharField("mã băm của tệp", max_length=64, blank=True, editable=False)

    signature_level = models.CharField(
        "mức chữ ký số", max_length=20, choices=SignatureLevel, blank=True, editable=False
    )

    is_public = models.BooleanField("công khai trên cổng", default=False)
    is_verified = models.BooleanField("đã đối chiếu bản gốc", default=False)
    verification_note = models.CharField("điều cần đối chiếu", max_length=300, blank=True)
    printed_as = models.CharField(
        "in sai thành",
        max_length=80,
        blank=True,
        help_text="Số, ký hiệu in sai trong văn bản khác đã viện dẫn, giữ để tra cứu.",
    )
    is_demo = models.BooleanField("dữ liệu minh hoạ", default=False, editable=False)
    brought_by = models.ForeignKey(
        ListImport, models.PROTECT, null=True, blank=True, editable=False, related_name="+",
        verbose_name="tệp chuyển từ hệ thống cũ",
    )  # fmt: skip
    old_file_name = models.CharField("tên tệp ở hệ thống cũ", max_length=200, blank=True)
    created_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, editable=False, related_name="+"
    )
    created_at = models.DateTimeField("vào sổ lúc", db_default=Now(), editable=False)

    number_key = models.CharField(max_length=20, editable=False, blank=True)
    symbol_key = models.CharField(max_length=60, editable=False, blank=True)
    search_text = models.TextField(editable=False)

    objects = DocumentQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "văn bản"
        ordering = ["-date", "-pk"]
        indexes = [
            GinIndex(OpClass("search_text", "gin_trgm_ops"), name="document_search"),
            models.Index(fields=["direction", "-date"], name="document_direction_date"),
            models.Index(fields=["number_key", "symbol_key"], name="document_number_symbol"),
        ]
        constraints = [
            models.UniqueConstraint(
                "issuer",
                "number_key",
                "symbol_key",
                ExtractYear("date"),
                condition=~Q(direction=Direction.INCOMING) & ~Q(number_key="") & Q(secrecy=""),
                name="document_number_once_a_year",
                violation_error_message=(
                    "Đã có văn bản cùng số, ký hiệu, cơ quan ban hành trong năm này."
                ),
            ),
            models.UniqueConstraint(
                "issuer",
                "number_key",
                "symbol_key",
                ExtractYear("date"),
                condition=~Q(direction=Direction.INCOMING) & ~Q(number_key="") & ~Q(secrecy=""),
                name="document_secret_number_once_a_year",
                violation_error_message="Đã có văn bản mật cùng số, ký hiệu trong năm này.",
            ),
            models.CheckConstraint(
                condition=Q(secrecy="") | Q(is_public=False, file=""),
                name="document_secret_without_file",
                violation_error_message="Văn bản mật không lưu tệp và không công khai trên cổng.",
            ),
            models.CheckConstraint(
                condition=Q(secrecy__in=[value.value for value in Secrecy])
                & Q(priority__in=[value.value for value in Priority]),
                name="document_secrecy_priority_known",
                violation_error_message="Độ mật hoặc độ khẩn không đúng.",
            ),
            models.CheckConstraint(
                condition=Q(direction__in=[value.value for value in Direction]),
                name="document_direction_known",
                violation_error_message="Sổ văn bản không đúng.",
            ),
            models.CheckConstraint(
                condition=~Q(direction=Direction.OUTGOING)
                | (~Q(number_key="") & ~Q(symbol_key="")),
                name="document_outgoing_numbered",
                violation_error_message="Văn bản đi phải có số và ký hiệu.",
            ),
            models.CheckConstraint(
                condition=Q(date__gte=datetime.date(1945, 9, 2)),
                name="document_date_possible",
                violation_error_message="Ngày văn bản phải từ 02/9/1945 trở đi.",
            ),
            models.CheckConstraint(
                condition=Q(valid_from=None) | Q(valid_to=None) | Q(valid_to__gte=F("valid_from")),
                name="document_validity_ordered",
                violation_error_message="Ngày hết hiệu lực phải sau ngày có hiệu lực.",
            ),
            models.CheckConstraint(
                condition=Q(arrival_date=None) | Q(direction=Direction.INCOMING),
                name="document_arrival_only_incoming",
                violation_error_message="Chỉ văn bản đến mới có ngày đến.",
            ),
            models.CheckConstraint(
                condition=Q(arrival_date=None) | Q(arrival_date__gte=F("date")),
                name="document_arrives_after_its_date",
                violation_error_message="Ngày đến không thể trước ngày văn bản.",
            ),
            models.CheckConstraint(
                condition=Q(file="", sha256="") | (~Q(file="") & ~Q(sha256="")),
                name="document_file_with_hash",
                violation_error_message="Tệp phải đi cùng mã băm.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.document_type.name} {self.number_and_symbol}".strip()

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.number_key, self.symbol_key = number_key(self.number), symbol_key(self.symbol)
        self.search_text = self.searchable()
        if kwargs.get("update_fields") is not None:
            derived = {"number_key", "symbol_key", "search_text"}
            kwargs["update_fields"] = {*kwargs["update_fields"], *derived}
        super().save(*args, **kwargs)

    def get_absolute_url(self) -> str:
        return reverse("documents:document_detail", args=[self.pk])

    def searchable(self) -> str:
        return search.searchable(
            number=self.number,
            symbol=self.symbol,
            day=self.date,
            words=[
                self.printed_as,
                self.document_type.name,
                self.issuer.name,
                self.issuer.short_name,
                self.subject,
                self.signer_name,
            ],
        )

    @property
    def number_and_symbol(self) -> str:
        """ "527/KH-BDT", "43/2011/NĐ-CP", "52-NQ/TW"; empty for a document without either."""
        return joined(self.number, self.symbol)

    @property
    def is_frozen(self) -> bool:
        """An outgoing document that carries a number of the portal is not edited any more."""
        issued = getattr(self, "issued_number", None)
        return (
            self.direction == Direction.OUTGOING
            and issued is not None
            and issued.origin != "taken_over"
        )

    def is_not_passed_on(self, *, today: datetime.date) -> bool:
        """As DocumentQuerySet.not_passed_on, its assignments aside."""
        return (
            self.direction == Direction.INCOMING
            and self.arrival_date is not None
            and self.arrival_date < today
            and self.sent_date is None
            and self.brought_by_id is None
            and self.created_by_id is not None
            and not self.secrecy
        )

    @property
    def type_and_subject(self) -> str:
        """ "Kế hoạch về chuyển đổi số"; a law's subject is its name already."""
        if self.document_type.cited_by_name:
            return self.subject
        return f"{self.document_type.name} {self.subject_in_text}"

    @property
    def subject_in_text(self) -> str:
        """The subject as it goes on after other words: "về việc …", not "Về việc …"; "về kết quả …"
        of a report whose own title is "Kết quả …".
        """
        return ABOUT.sub(lambda found: ABOUT_IN_TEXT[found[0]], self.subject)

    def citation(self, *, full: bool = True) -> str:
        """How another document names this one (Nghị định 30/2020/NĐ-CP, Phụ lục I).

        The first time in full: type, number and symbol, day, issuer, subject. Later (`full=False`)
        type, number and symbol only. Laws and ordinances by their name.
        """
        if self.document_type.cited_by_name:
            return self.subject
        number = f" số {self.number_and_symbol}" if self.number else ""
        short = f"{self.document_type.name}{number}"
        if not full:
            return short
        return " ".join(
            [
                short,
                f"ngày {written_day(self.date)}",
                f"của {self.issuer.name_in_text}",
                self.subject_in_text,
            ]
        )

    def validity(self, *, on: datetime.date) -> Validity:
        """Whether the document is in force on `on`."""
        if self.valid_to is not None and self.valid_to <= on:
            return Validity.ENDED
        if self.valid_from is None:
            return Validity.UNKNOWN
        return Validity.NOT_YET if self.valid_from > on else Validity.IN_FORCE
