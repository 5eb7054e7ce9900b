"""What was decided of lines and what was paid against them: rows that are only added."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from portal.accounts.models import User
from portal.documents.models import Document

from .lines import CapitalPlan


class FirstOfMonth(models.Func):
    """The first day of a date's month; unlike date_trunc it may stand in a generated column."""

    template = "(%(expressions)s - (EXTRACT(DAY FROM %(expressions)s)::integer - 1))"
    output_field = models.DateField()


class CapitalChange(models.Model):
    """One decision about a line, in force from the end of `day`. Rows are only added.

    assigned      comes from outside (the ministry, the council); only on a line at the top
    allocated     drawn from the line above
    adjusted      more or less, drawn from or given back to the line above where there is one
    carried_out   money of a year that goes on into the next, taken off here (negative)
    carried_in    and put on the next year's line (`counterpart` is the row that took it off)
    """

    class What(models.TextChoices):
        ASSIGNED = "assigned", "giao"
        ALLOCATED = "allocated", "phân bổ"
        ADJUSTED = "adjusted", "điều chỉnh"
        CARRIED_OUT = "carried_out", "chuyển nguồn sang năm sau"
        CARRIED_IN = "carried_in", "nhận chuyển nguồn năm trước"

    DRAWING = (What.ALLOCATED, What.ADJUSTED)

    plan = models.ForeignKey(
        CapitalPlan, models.PROTECT, related_name="changes", verbose_name="dòng vốn"
    )
    what = models.CharField("nội dung", max_length=12, choices=What)
    amount = models.DecimalField("số tiền (triệu đồng)", max_digits=15, decimal_places=3)
    day = models.DateField("có hiệu lực từ ngày")
    document = models.ForeignKey(
        Document, models.PROTECT, related_name="capital_changes", verbose_name="quyết định"
    )
    counterpart = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="carried", editable=False
    )
    submission = models.ForeignKey(
        "collection.Submission",
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
    )
    note = models.CharField("ghi chú", max_length=300, blank=True)
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField("ghi lúc", db_default=Now(), editable=False)

    class Meta:
        verbose_name = verbose_name_plural = "thay đổi vốn"
        ordering = ["day", "pk"]
        indexes = [models.Index(fields=["day"], name="capital_change_day")]
        constraints = [
            models.CheckConstraint(
                condition=Q(what__in=["assigned", "allocated", "carried_in"], amount__gt=0)
                | Q(what="carried_out", amount__lt=0)
                | (Q(what="adjusted") & ~Q(amount=0)),
                name="capital_change_signed",
                violation_error_message=(
                    "Số giao, phân bổ, nhận chuyển nguồn phải lớn hơn 0; số điều chỉnh khác 0."
                ),
            ),
            models.CheckConstraint(
                condition=Q(what="carried_in", counterpart__isnull=False)
                | (~Q(what="carried_in") & Q(counterpart=None)),
                name="capital_change_carried_from",
                violation_error_message="Vốn nhận chuyển nguồn phải có dòng vốn năm trước.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_what_display()} {self.amount} ngày {self.day:%d/%m/%Y}"


class Disbursement(models.Model):
    """A payment against a line on `day`. Rows are only added.

    `month` is the first day of its month.

    A reversal is a row of the opposite amount that names what it `reverses`.
    """

    plan = models.ForeignKey(
        CapitalPlan, models.PROTECT, related_name="disbursements", verbose_name="dòng vốn"
    )
    day = models.DateField("ngày giải ngân")
    month = models.GeneratedField(
        verbose_name="tháng", expression=FirstOfMonth("day"), output_field=models.DateField(),
        db_persist=True,
    )  # fmt: skip
    amount = models.DecimalField("số tiền (triệu đồng)", max_digits=15, decimal_places=3)
    voucher = models.CharField("số chứng từ", max_length=60, blank=True)
    document = models.ForeignKey(
        Document,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="disbursements",
        verbose_name="văn bản",
    )
    reverses = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="reversal", editable=False
    )
    submission = models.ForeignKey(
        "collection.Submission",
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
    )
    note = models.CharField("ghi chú", max_length=300, blank=True)
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField("ghi lúc", db_default=Now(), editable=False)

    class Meta:
        verbose_name = verbose_name_plural = "giải ngân"
        ordering = ["day", "pk"]
        indexes = [
            models.Index(fields=["plan", "month"], include=["amount"], name="disbursement_month"),
            models.Index(fields=["day"], include=["plan", "amount"], name="disbursement_day"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(reverses=None, amount__gt=0) | Q(reverses__isnull=False, amount__lt=0),
                name="disbursement_signed",
                violation_error_message="Số giải ngân phải lớn hơn 0.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.amount} ngày {self.day:%d/%m/%Y}"
