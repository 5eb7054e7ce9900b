"""What the clerk notes beside the registers, and files that are prepared for taking away."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Any, Self

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.urls import reverse

from portal.accounts.models import User

from .casefile import CaseFile
from .document import Document, DocumentQuerySet

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser


class NotedQuerySet(models.QuerySet[Any]):
    def of_documents(self, documents: DocumentQuerySet) -> Self:
        return self.filter(document__in=documents)


class PostalDispatch(models.Model):
    """One line of the book of what goes by post (Phụ lục IV, sổ gửi văn bản đi bưu điện)."""

    document = models.ForeignKey(
        Document, models.PROTECT, related_name="dispatches", verbose_name="văn bản"
    )
    date = models.DateField("ngày chuyển")
    destination = models.CharField("nơi nhận", max_length=300)
    envelopes = models.PositiveSmallIntegerField("số lượng bì", default=1)
    note = models.CharField("ghi chú", max_length=300, blank=True)
    entered_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    entered_at = models.DateTimeField(db_default=Now())

    objects = NotedQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "văn bản gửi bưu điện"
        ordering = ["-date", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(envelopes__gte=1),
                name="postal_dispatch_has_envelopes",
                violation_error_message="Số lượng bì từ 1 trở lên.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.document} → {self.destination}"


class KeptCopyUse(models.Model):
    """Somebody used the kept copy of a document (Phụ lục IV, sổ sử dụng bản lưu)."""

    document = models.ForeignKey(
        Document, models.PROTECT, related_name="uses", verbose_name="văn bản"
    )
    date = models.DateField("ngày sử dụng")
    reader = models.CharField("họ tên người sử dụng", max_length=120)
    case_file = models.CharField("hồ sơ số", max_length=60, blank=True)
    allowed_by = models.CharField("người cho phép sử dụng", max_length=120)
    returned_date = models.DateField("ngày trả", null=True, blank=True)
    note = models.CharField("ghi chú", max_length=300, blank=True)
    entered_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    entered_at = models.DateTimeField(db_default=Now())

    objects = NotedQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "lần sử dụng bản lưu"
        ordering = ["-date", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(returned_date=None) | Q(returned_date__gte=F("date")),
                name="kept_copy_returned_later",
                violation_error_message="Ngày trả không thể trước ngày sử dụng.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.reader}: {self.document}"


def prepared_path(prepared: PreparedFile, name: str) -> str:
    return f"prepared/{prepared.asked_at:%Y/%m}/{secrets.token_hex(16)}.{name.rpartition('.')[2]}"


class PreparedFileQuerySet(models.QuerySet["PreparedFile"]):
    def visible_to(self, user: User | AnonymousUser) -> Self:
        """What one asked for is one's own: it was made with one's rights."""
        return self.filter(asked_by=user.pk)

    def waiting(self) -> Self:
        return self.filter(state=PreparedFile.State.WAITING)


class PreparedFile(models.Model):
    """A register printed, a case file exported: made by a worker, fetched by who asked.

    `about` tells what it holds: {"book", "register", "first", "last"} (days as ISO text), or for a
    case file nothing more.
    """

    class Kind(models.TextChoices):
        BOOK = "book", "Sổ in"
        CASE_CONTENTS = "case_contents", "Mục lục văn bản trong hồ sơ"
        CASE_ZIP = "case_zip", "Toàn bộ hồ sơ (PDF và XML)"

    class State(models.TextChoices):
        WAITING = "waiting", "Đang lập"
        READY = "ready", "Đã xong"
        REFUSED = "refused", "Chưa lập được"

    kind = models.CharField("loại", max_length=14, choices=Kind)
    title = models.CharField("tên", max_length=300)
    about = models.JSONField("nội dung", default=dict)
    case_file = models.ForeignKey(
        CaseFile, models.PROTECT, null=True, blank=True, related_name="prepared"
    )
    state = models.CharField("tình trạng", max_length=8, choices=State, default=State.WAITING)
    problem = models.CharField("chưa lập được vì", max_length=300, blank=True)
    file = models.FileField("tệp", upload_to=prepared_path, max_length=200, blank=True)
    size = models.PositiveBigIntegerField("cỡ tệp", null=True, blank=True)
    rows = models.PositiveIntegerField("số dòng", null=True, blank=True)
    pages = models.PositiveIntegerField("số trang", null=True, blank=True)
    asked_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField("yêu cầu lúc")
    ready_at = models.DateTimeField("xong lúc", null=True, blank=True)

    objects = PreparedFileQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "tệp lập sẵn"
        ordering = ["-asked_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(state="ready") | (~Q(file="") & Q(ready_at__isnull=False)),
                name="prepared_file_ready_complete",
                violation_error_message="Tệp đã xong phải có tệp và giờ xong.",
            ),
            models.CheckConstraint(
                condition=Q(kind="book") | Q(case_file__isnull=False),
                name="prepared_file_of_something",
                violation_error_message="Phải ghi rõ hồ sơ.",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("documents:prepared_file", args=[self.pk])
