"""Registers and their numbers: one series per register and year, gapless, never taken back.

Source: Nghị định 30/2020/NĐ-CP: numbers run from 01 on 1 January to 31 December, a number with its
symbol is unique within the year, and whether all types share one series is the head's decision
(here: one series per register).
"""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Prefetch, Q
from django.db.models.functions import Now
from django.urls import reverse

from portal.accounts.models import User
from portal.documents.citation import written_number

from .catalogue import Issuer
from .document import Direction, Document
from .relation import DocumentRelation

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser


class RegisterQuerySet(models.QuerySet["Register"]):
    def visible_to(self, user: User | AnonymousUser) -> RegisterQuerySet:
        """The books are the committee's own; officers of districts and communes do not see them,
        books of secret documents only those who may know of such.
        """
        if not (user.is_authenticated and user.has_perm("documents.view") and user.sees_every_unit):
            return self.none()
        if user.has_perm("documents.secret"):
            return self
        return self.exclude(kind=Register.Kind.SECRET)

    def numbered(self) -> RegisterQuerySet:
        return self.exclude(numbering=Register.Numbering.NONE)

    def main(self, direction: str) -> Register | None:
        """The first common book of that direction that gives numbers."""
        common = self.filter(direction=direction, kind=Register.Kind.COMMON).numbered()
        return common.order_by("position", "pk").first()

    def of_documents(self) -> RegisterQuerySet:
        """The books in which documents are entered by hand; copies are entered as they are made."""
        return self.exclude(kind=Register.Kind.COPIES)

    def of_copies(self) -> Register | None:
        """The book of copies: one series for all forms of copy (Nghị định 30/2020, Phụ lục I)."""
        return self.filter(kind=Register.Kind.COPIES).numbered().order_by("position", "pk").first()

    def fitting(
        self, direction: str, *, secrecy: str = "", issuer: Issuer | None = None
    ) -> Register | None:
        """The book a document belongs to: secret ones and those of an advisory body (Hội đồng,
        Ban chỉ đạo, Tổ) have series of their own; None where there is no such book.
        """
        books = self.filter(direction=direction).numbered().order_by("position", "pk")
        if secrecy:
            return books.filter(kind=Register.Kind.SECRET).first()
        if issuer is not None and (book := books.filter(issuer=issuer).first()):
            return book
        return books.filter(kind=Register.Kind.COMMON).first()


class Register(models.Model):
    """A book in which documents are entered."""

    class Numbering(models.TextChoices):
        AUTOMATIC = "automatic", "Cổng tự cấp số tiếp theo"
        GIVEN = "given", "Nhập số do hệ thống quản lý văn bản của tỉnh cấp"
        NONE = "none", "Không cấp số"

    class Kind(models.TextChoices):
        COMMON = "common", "Sổ chung"
        SECRET = "secret", "Sổ văn bản mật"
        BODY = "body", "Sổ của hội đồng, ban chỉ đạo, tổ"
        COPIES = "copies", "Sổ bản sao"

    code = models.SlugField(
        "mã sổ", max_length=20, unique=True, error_messages={"unique": "Đã có sổ mang mã này."}
    )
    name = models.CharField("tên sổ", max_length=120)
    direction = models.CharField("văn bản", max_length=10, choices=Direction)
    numbering = models.CharField(
        "cách lấy số", max_length=10, choices=Numbering, default=Numbering.AUTOMATIC
    )
    kind = models.CharField("loại sổ", max_length=8, choices=Kind, default=Kind.COMMON)
    issuer = models.ForeignKey(
        Issuer, models.PROTECT, null=True, blank=True, related_name="registers",
        verbose_name="hội đồng, ban, tổ ban hành",
    )  # fmt: skip
    position = models.PositiveSmallIntegerField("thứ tự", default=0)

    objects = RegisterQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "sổ văn bản"
        ordering = ["position", "code"]
        constraints = [
            models.CheckConstraint(
                condition=Q(numbering__in=["automatic", "given", "none"]),
                name="register_numbering_known",
                violation_error_message="Cách lấy số không đúng.",
            ),
            models.CheckConstraint(
                condition=Q(kind="body", issuer__isnull=False, direction="outgoing")
                | Q(kind__in=["common", "secret"], issuer=None)
                | Q(kind="copies", issuer=None, direction="outgoing"),
                name="register_body_named",
                violation_error_message=(
                    "Sổ của hội đồng, ban, tổ ghi văn bản đi và phải có tên cơ quan ấy."
                ),
            ),
            models.UniqueConstraint(
                fields=["issuer"],
                name="register_once_per_body",
                violation_error_message="Hội đồng, ban, tổ này đã có sổ.",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("documents:register_detail", args=[self.code])


class NumberSeries(models.Model):
    """The last number taken of one register in one year. The row is the lock of the series."""

    register = models.ForeignKey(Register, models.PROTECT, related_name="series")
    year = models.PositiveSmallIntegerField("năm")
    last = models.PositiveIntegerField("số đã cấp", default=0)

    class Meta:
        verbose_name = verbose_name_plural = "dãy số"
        ordering = ["register", "-year"]
        constraints = [
            models.UniqueConstraint(
                fields=["register", "year"],
                name="number_series_once_a_year",
                violation_error_message="Sổ này đã có dãy số của năm.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.register} {self.year}"


class IssuedNumberQuerySet(models.QuerySet["IssuedNumber"]):
    def of(self, register: Register, year: int) -> IssuedNumberQuerySet:
        return self.filter(register=register, year=year)

    def would_be_ahead(self, *, register: Register, year: int, number: int) -> bool:
        """Whether the portal gives numbers in that year and has not come to this one yet."""
        numbers = self.of(register, year)
        given = numbers.exclude(origin=IssuedNumber.Origin.TAKEN_OVER)
        return given.exists() and not numbers.filter(number__gte=number).exists()

    def take_over(
        self, *, register: Register, date: datetime.date, number: int, document: Document,
        by: User | None, purpose: str,
    ) -> IssuedNumber | None:  # fmt: skip
        """Enter the number under which an older book has `document`; None where it is taken.

        The series of its year goes on after the highest number.
        """
        NumberSeries.objects.get_or_create(register=register, year=date.year)
        series = NumberSeries.objects.select_for_update().get(register=register, year=date.year)
        taken = self.of(register, date.year).filter(number=number).exists()
        if taken or self.filter(document=document).exists():
            return None
        series.last = max(series.last, number)
        series.save(update_fields=["last"])
        return self.create(
            register=register, year=date.year, number=number, date=date, document=document,
            origin=IssuedNumber.Origin.TAKEN_OVER, purpose=purpose, taken_by=by,
        )  # fmt: skip

    def with_remarks(self) -> IssuedNumberQuerySet:
        """With what `remarks` asks for."""
        mending = DocumentRelation.objects.filter(
            kind__in=(DocumentRelation.Kind.REPLACES, DocumentRelation.Kind.CORRECTS),
            source__secrecy="",
        )
        relations = Prefetch(
            "document__inverse_relations", mending.select_related("source"), to_attr="mended_by"
        )
        return self.prefetch_related(relations)

    def unused(self) -> IssuedNumberQuerySet:
        """Taken, neither void nor on a document yet."""
        return self.filter(document=None, voided_at=None)


class IssuedNumber(models.Model):
    """One number taken from a register. It is never deleted; a number not used is declared void."""

    class Origin(models.TextChoices):
        AUTOMATIC = "automatic", "cổng cấp"
        GIVEN = "given", "hệ thống của tỉnh cấp"
        TAKEN_OVER = "taken_over", "chuyển từ sổ cũ"

    register = models.ForeignKey(
        Register, models.PROTECT, related_name="issued_numbers", verbose_name="sổ"
    )
    year = models.PositiveSmallIntegerField("năm")
    number = models.PositiveIntegerField("số")
    date = models.DateField("ngày ghi trên văn bản")
    origin = models.CharField("nguồn", max_length=10, choices=Origin)
    document = models.OneToOneField(
        Document,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="issued_number",
        verbose_name="văn bản",
    )
    purpose = models.CharField("lấy số để", max_length=300, blank=True)
    key = models.CharField(
        "khoá chống lấy trùng",
        max_length=80,
        blank=True,
        editable=False,
        help_text="Cùng một việc hỏi lại thì nhận lại đúng số đã lấy.",
    )
    taken_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="người lấy số"
    )
    taken_at = models.DateTimeField("lấy số lúc", db_default=Now())
    voided_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="người huỷ"
    )
    voided_at = models.DateTimeField("huỷ lúc", null=True, blank=True)
    void_reason = models.CharField("lý do huỷ", max_length=300, blank=True)

    objects = IssuedNumberQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "số đã cấp"
        ordering = ["register", "year", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["register", "year", "number"],
                name="issued_number_once_a_year",
                violation_error_message="Số này đã được dùng trong năm.",
            ),
            models.UniqueConstraint(
                fields=["key"],
                condition=~Q(key=""),
                name="issued_number_once_per_key",
                violation_error_message="Việc này đã có số.",
            ),
            models.CheckConstraint(
                condition=Q(number__gte=1),
                name="issued_number_from_one",
                violation_error_message="Số văn bản bắt đầu từ 01.",
            ),
            models.CheckConstraint(
                condition=Q(date__year=models.F("year")),
                name="issued_number_year_of_date",
                violation_error_message="Số được lấy theo năm của ngày văn bản.",
            ),
            models.CheckConstraint(
                condition=Q(origin="taken_over")
                | Q(origin__in=["automatic", "given"], taken_by__isnull=False),
                name="issued_number_taken_by_someone",
                violation_error_message="Phải ghi rõ người lấy số.",
            ),
            models.CheckConstraint(
                condition=Q(voided_at=None, voided_by=None, void_reason="")
                | (
                    Q(voided_at__isnull=False, voided_by__isnull=False, document=None)
                    & ~Q(void_reason="")
                ),
                name="issued_number_void_complete",
                violation_error_message=(
                    "Số huỷ phải có lý do, người huỷ, thời điểm và không gắn với văn bản nào."
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.written}/{self.year}"

    @property
    def written(self) -> str:
        """As it stands on the document: "05", "527"."""
        return written_number(self.number)

    @property
    def is_void(self) -> bool:
        return self.voided_at is not None

    @property
    def remarks(self) -> str:
        """The last column of a book: why a number has no document; else the clerk's note and what
        replaced or corrected the document. Of a row read `with_remarks`.
        """
        if self.is_void:
            return f"Huỷ số: {self.void_reason}"
        if self.document is None:
            return "Chưa dùng"
        mended = [
            f"{DocumentRelation.INVERSE[one.kind]} {one.source.number_and_symbol}"
            for one in self.document.mended_by  # type: ignore[attr-defined]
        ]
        return "; ".join(filter(None, [self.document.note, *mended]))
