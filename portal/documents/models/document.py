"""A document, what it says of others, and how it is found."""

from __future__ import annotations

import datetime
import re
import secrets
from typing import TYPE_CHECKING, Any

from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import ExtractYear, Now
from django.urls import reverse

from portal.accounts.models import User
from portal.collection.models import ListImport
from portal.documents import search
from portal.documents.citation import (
    joined,
    number_key,
    symbol_key,
    written_day,
    written_numbers,
)

from .catalogue import DocumentType, Issuer

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser


# a subject printed on its own begins with a capital; inside a sentence it does not
ABOUT = re.compile(r"^(Về|V/v) ")
ABOUT_IN_TEXT = {"Về ": "về ", "V/v ": "về việc "}


class Direction(models.TextChoices):
    OUTGOING = "outgoing", "Văn bản đi"
    INCOMING = "incoming", "Văn bản đến"
    LEGAL = "legal", "Văn bản pháp luật, chỉ đạo"


class Validity(models.TextChoices):
    IN_FORCE = "in_force", "Còn hiệu lực"
    NOT_YET = "not_yet", "Chưa có hiệu lực"
    ENDED = "ended", "Hết hiệu lực"
    UNKNOWN = "unknown", "Chưa rõ hiệu lực"


class Secrecy(models.TextChoices):
    """Of a secret document the portal keeps number and day only, never its file."""

    NONE = "", "Không mật"
    CONFIDENTIAL = "mat", "Mật"
    SECRET = "toi-mat", "Tối mật"
    TOP_SECRET = "tuyet-mat", "Tuyệt mật"


class Priority(models.IntegerChoices):
    """Độ khẩn (Nghị định 30/2020/NĐ-CP, Phụ lục VI: Priority, one digit)."""

    NORMAL = 0, "Thường"
    URGENT = 1, "Khẩn"
    VERY_URGENT = 2, "Thượng khẩn"
    AT_ONCE = 3, "Hỏa tốc"


class SignatureLevel(models.TextChoices):
    """How far the digital signatures of a file can be proven (PAdES), in plain words."""

    NONE = "", "Không ký số"
    BASIC = "PAdES B-B", "Ký số, chưa có dấu thời gian"
    STAMPED = "PAdES B-T", "Ký số, có dấu thời gian"
    PROVABLE = "PAdES B-LT", "Ký số, có dấu thời gian và bằng chứng chứng thư còn hiệu lực"
    ARCHIVAL = "PAdES B-LTA", "Ký số, đủ bằng chứng để lưu trữ lâu dài"


def document_file_path(document: Document, name: str) -> str:
    """A random name in a folder of its own year; `name` only lends its ending, set by content."""
    return f"documents/{document.date.year}/{secrets.token_hex(16)}.{name.rpartition('.')[2]}"


class DocumentQuerySet(models.QuerySet["Document"]):
    def visible_to(self, user: User | AnonymousUser) -> DocumentQuerySet:
        """What this person may read.

        People of the committee read the whole register, but of what is secret nobody learns who
        is not allowed to; officers of districts and communes read the texts of law and what is
        published; a person without an account what is published.
        """
        if not user.is_authenticated:
            return self.public()
        if not user.has_perm("documents.view"):
            return self.none()
        if user.sees_every_unit:
            return self if user.has_perm("documents.secret") else self.filter(secrecy="")
        return self.filter(Q(direction=Direction.LEGAL) | Q(is_public=True))

    def public(self) -> DocumentQuerySet:
        return self.filter(is_public=True)

    def not_passed_on(self, *, today: datetime.date) -> DocumentQuerySet:
        """Incoming documents of an earlier day that nobody was given (điều 22: the same day, at
        the latest the next working day); those of the time before the portal left aside.
        """
        return self.filter(
            direction=Direction.INCOMING, arrival_date__lt=today, sent_date=None,
            assignments=None, brought_by=None, created_by__isnull=False, secrecy=Secrecy.NONE,
        )  # fmt: skip

    def of_year(self, year: int) -> DocumentQuerySet:
        return self.filter(date__year=year)

    def in_force(self, *, on: datetime.date) -> DocumentQuerySet:
        """Not ended and not still to come on `on`; a text without dates counts as in force."""
        return self.filter(
            Q(valid_from=None) | Q(valid_from__lte=on), Q(valid_to=None) | Q(valid_to__gt=on)
        )

    def like(self, *, number: str, symbol: str, issuer: Issuer) -> DocumentQuerySet:
        """Documents of the same number, symbol and issuer, of any year."""
        return self.filter(
            number_key=number_key(number), symbol_key=symbol_key(symbol), issuer=issuer
        )

    def named(self, text: str) -> DocumentQuerySet:
        """Documents whose number and symbol are exactly `text`, marks and case aside.

        A number that is no number ("MH2326/QĐ-UBND", of made-up documents) is taken as it stands.
        """
        written = [(one.number, one.symbol) for one in written_numbers(text)]
        if not written and len(parts := text.strip().split("/", 1)) == 2 and all(parts):
            written = [(parts[0], parts[1])]
        if len(written) != 1:
            return self.none()
        ((number, symbol),) = written
        return self.filter(number_key=number_key(number), symbol_key=symbol_key(symbol))

    def search(self, text: str) -> DocumentQuerySet:
        """Find by number, symbol, day, type, issuer or subject, with or without marks.

        Number matches come first, then the newest. Every word must occur at the start of a word.
        Nothing but signs finds nothing; an empty text finds everything.
        """
        return search.found(self, text)

    def with_catalogue(self) -> DocumentQuerySet:
        return self.select_related("issuer", "document_type")

    def refresh_search_text(self) -> int:
        """Write the search text anew, e.g. when an issuer is renamed; returns how many."""
        documents = list(self.with_catalogue())
        for document in documents:
            document.search_text = document.searchable()
        return Document.objects.bulk_update(documents, ["search_text"], batch_size=500)


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
        """The subject as it goes on after other words: "về việc …", not "Về việc …"."""
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
