"""What the text of a report rests on: figures, cited documents; and who it goes to."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from .report import Report
from .template import Relation


class Style(models.TextChoices):
    """How a figure is written in a sentence."""

    NUMBER = "number", "1.234,5"
    TWO_DIGITS = "two_digits", "01, 02, 73"
    PERCENT = "percent", "95,2%"
    ALL_OR_PERCENT = "all_or_percent", "toàn bộ, hoặc 95,2%"
    WORDS = "words", "bằng chữ: hai mươi mốt"
    CHANGE = "change", "tăng 12, giảm 3, không đổi"


class Figure(models.Model):
    """A number in the text, bound to a registered query.

    While the report is a draft the value follows the data; sending it up freezes value, text and
    provenance. `provenance`: {"title", "formula", "numerator", "denominator", "period", "units",
    "computed_at", "submissions": [...], "files": [{"file", "sheet", "cell", "value", ...}]}.
    `carried` is what the figure said in the report it was copied from: {"printed", "period"}.
    """

    report = models.ForeignKey(Report, models.PROTECT, related_name="figures")
    query = models.CharField("truy vấn", max_length=60)
    parameters = models.JSONField("tham số", default=dict, blank=True)
    style = models.CharField("cách viết", max_length=14, choices=Style, default=Style.NUMBER)
    title = models.CharField("tên số liệu", max_length=300)
    unit_of_measure = models.CharField("đơn vị tính", max_length=40, blank=True)
    value = models.DecimalField("giá trị", max_digits=30, decimal_places=10, null=True, blank=True)
    missing = models.CharField("lý do không có", max_length=20, blank=True)
    printed = models.CharField("viết là", max_length=200, blank=True)
    provenance = models.JSONField("nguồn", default=dict, blank=True)
    carried = models.JSONField("ở báo cáo được chép", default=dict, blank=True)
    computed_at = models.DateTimeField("tính lúc", null=True, blank=True)
    frozen_at = models.DateTimeField("chốt lúc", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "số liệu trong báo cáo"
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(frozen_at=None) | (Q(value__isnull=False) & ~Q(printed="")),
                name="figure_frozen_has_value",
                violation_error_message="Số liệu đã chốt phải có giá trị.",
            ),
            models.CheckConstraint(
                condition=Q(style__in=[style.value for style in Style]),
                name="figure_style_known",
                violation_error_message="Cách viết số liệu không đúng.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title}: {self.printed or '?'}"

    @property
    def was(self) -> str:
        """What the copied report printed here, where this one prints something else."""
        before = str(self.carried.get("printed", ""))
        return before if before != self.printed else ""

    @property
    def files(self) -> list[dict[str, Any]]:
        return list(self.provenance.get("files", []))


class Citation(models.Model):
    """A place in the text that names a document of the register.

    `printed` is the text as it stands in this report, misprints included; the register keeps the
    document as it really is.
    """

    class Place(models.TextChoices):
        NOTE = "note", "chú thích cuối trang"
        TEXT = "text", "ngay trong câu"

    report = models.ForeignKey(Report, models.PROTECT, related_name="citations")
    document = models.ForeignKey(
        "documents.Document", models.PROTECT, verbose_name="văn bản", related_name="+"
    )
    place = models.CharField("viết ở", max_length=4, choices=Place, default=Place.NOTE)
    printed = models.TextField("viết là")

    class Meta:
        verbose_name = verbose_name_plural = "văn bản được dẫn"
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(printed=""),
                name="citation_says_something",
                violation_error_message="Chú thích phải có nội dung.",
            )
        ]

    def __str__(self) -> str:
        return self.printed


class Recipient(models.Model):
    """One line of "Nơi nhận"."""

    report = models.ForeignKey(Report, models.PROTECT, related_name="recipients")
    position = models.PositiveSmallIntegerField("thứ tự")
    text = models.CharField("nơi nhận", max_length=200)
    email = models.EmailField("thư điện tử", blank=True)
    prints_email = models.BooleanField("in địa chỉ thư điện tử", default=False)
    relation = models.CharField("quan hệ", max_length=8, choices=Relation, default=Relation.PEER)

    class Meta:
        verbose_name = verbose_name_plural = "nơi nhận"
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["report", "position"],
                name="recipient_position_once",
                violation_error_message="Hai nơi nhận ở cùng một dòng.",
                deferrable=models.Deferrable.DEFERRED,
            ),
            models.CheckConstraint(
                condition=Q(relation__in=[relation.value for relation in Relation]),
                name="recipient_relation_known",
                violation_error_message="Quan hệ với nơi nhận không đúng.",
            ),
        ]

    def __str__(self) -> str:
        return self.text


class Delivery(models.Model):
    """An issued report sent to one recipient."""

    recipient = models.OneToOneField(Recipient, models.PROTECT, related_name="delivery")
    sent_at = models.DateTimeField("gửi lúc", null=True, blank=True)
    problem = models.CharField("chưa gửi được vì", max_length=300, blank=True)
    asked_at = models.DateTimeField("yêu cầu lúc", db_default=Now())

    class Meta:
        verbose_name = verbose_name_plural = "việc gửi báo cáo"

    def __str__(self) -> str:
        return f"{self.recipient}"
