"""Extracts of the treasury (kho bạc): the file as it came, and what became of each of its rows."""

from __future__ import annotations

import uuid
from decimal import Decimal

from django.db import models
from django.db.models import Q
from django.urls import reverse

from portal.accounts.models import User

from .capital import CapitalPlan, Disbursement
from .structure import Programme


def kept_as(extract: TreasuryExtract, name: str) -> str:
    """A name of our own: nothing of the user's file name reaches the disk."""
    return f"programs/treasury/{uuid.uuid4().hex}.bin"


class TreasuryExtract(models.Model):
    """One file of payments as the treasury gives it. The same bytes come once.

    `scale` is how many đồng one unit of the file's amounts is; 0 while a person is asked.
    """

    class State(models.TextChoices):
        RECEIVED = "received", "đang đọc"
        ASKED = "asked", "chờ trả lời"
        READ = "read", "chờ ghi nhận"
        ENTERING = "entering", "đang ghi nhận"
        ENTERED = "entered", "đã ghi nhận"
        UNREADABLE = "unreadable", "không đọc được"

    SCALES = {1: "đồng", 1_000: "nghìn đồng", 1_000_000: "triệu đồng"}

    programme = models.ForeignKey(
        Programme, models.PROTECT, related_name="treasury_extracts", verbose_name="chương trình"
    )
    file = models.FileField("tệp", upload_to=kept_as, max_length=255)
    original_name = models.CharField("tên tệp", max_length=255)
    sha256 = models.CharField(
        "mã băm", max_length=64, unique=True, error_messages={"unique": "Tệp này đã tải lên."}
    )
    state = models.CharField(max_length=10, choices=State, default=State.RECEIVED)
    scale = models.PositiveIntegerField("đơn vị tiền", default=0)
    question = models.CharField("điều cần trả lời", max_length=500, blank=True)
    problem = models.CharField("vì sao không đọc được", max_length=500, blank=True)
    passed_over = models.PositiveIntegerField("dòng không phải khoản chi", default=0)
    remark = models.CharField("điều cần lưu ý", max_length=500, blank=True)
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="người tải lên")
    at = models.DateTimeField("tải lên lúc")
    entered_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="người ghi nhận"
    )

    class Meta:
        verbose_name = verbose_name_plural = "bảng kê kho bạc"
        ordering = ["-at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    state__in=["received", "asked", "read", "entering", "entered", "unreadable"]
                ),
                name="treasury_extract_state_known",
                violation_error_message="Tình trạng bảng kê không đúng.",
            ),
            models.CheckConstraint(
                condition=Q(scale__in=[0, 1, 1_000, 1_000_000]),
                name="treasury_extract_scale_known",
                violation_error_message="Đơn vị tiền không đúng.",
            ),
        ]

    def __str__(self) -> str:
        return self.original_name

    def get_absolute_url(self) -> str:
        return reverse("programs:treasury_detail", args=[self.pk])

    @property
    def is_working(self) -> bool:
        return self.state in (self.State.RECEIVED, self.State.ENTERING)


class TreasuryRow(models.Model):
    """One row of an extract: what it says, and the payment that came of it.

    `told` is its amount as the file writes it, `amount` in million đồng to the thousand đồng.
    """

    class Outcome(models.TextChoices):
        CERTAIN = "certain", "khớp một dòng vốn"
        OPEN = "open", "cần chọn dòng vốn"
        UNMATCHED = "unmatched", "không khớp"
        REFUSED = "refused", "không nhận"
        THERE = "there", "đã ghi trước đó"
        ENTERED = "entered", "đã ghi nhận"

    WAITING = (Outcome.CERTAIN, Outcome.OPEN)

    extract = models.ForeignKey(TreasuryExtract, models.CASCADE, related_name="rows")
    place = models.PositiveIntegerField("dòng của tệp")
    day = models.DateField("ngày", null=True, blank=True)
    voucher = models.CharField("số chứng từ", max_length=60, blank=True)
    source = models.CharField("nguồn", max_length=120, blank=True)
    kind = models.CharField("loại vốn", max_length=120, blank=True)
    code = models.CharField("mã công trình", max_length=60, blank=True)
    name = models.CharField("tên công trình", max_length=400, blank=True)
    investor = models.CharField("chủ đầu tư", max_length=300, blank=True)
    told = models.DecimalField(
        "số tiền trong tệp", max_digits=24, decimal_places=6, null=True, blank=True
    )
    amount = models.DecimalField(
        "số tiền (triệu đồng)", max_digits=15, decimal_places=3, null=True, blank=True
    )
    outcome = models.CharField(max_length=10, choices=Outcome, default=Outcome.UNMATCHED)
    reason = models.CharField("lý do", max_length=700, blank=True)
    candidates = models.JSONField("dòng vốn có thể", default=list, blank=True)
    plan = models.ForeignKey(
        CapitalPlan, models.PROTECT, null=True, blank=True, related_name="treasury_rows"
    )
    disbursement = models.ForeignKey(
        Disbursement, models.PROTECT, null=True, blank=True, related_name="treasury_rows"
    )

    class Meta:
        verbose_name = verbose_name_plural = "dòng bảng kê kho bạc"
        ordering = ["place"]
        constraints = [
            models.UniqueConstraint(
                fields=["extract", "place"],
                name="treasury_row_once",
                violation_error_message="Dòng này của bảng kê đã có.",
            ),
            models.UniqueConstraint(
                fields=["disbursement"],
                condition=Q(outcome="entered"),
                name="treasury_row_entered_once",
                violation_error_message="Khoản giải ngân đã gắn với một dòng bảng kê.",
            ),
            models.CheckConstraint(
                condition=Q(
                    outcome__in=["certain", "open", "unmatched", "refused", "there", "entered"]
                ),
                name="treasury_row_outcome_known",
                violation_error_message="Kết quả đối chiếu không đúng.",
            ),
            models.CheckConstraint(
                condition=~Q(outcome="entered") | Q(disbursement__isnull=False),
                name="treasury_row_entered_has_payment",
                violation_error_message="Dòng đã ghi nhận phải có khoản giải ngân.",
            ),
        ]

    def __str__(self) -> str:
        return f"Dòng {self.place}: {self.code or self.name}"

    @property
    def is_taking_back(self) -> bool:
        """Money that went back (thu hồi, giảm chi), and no payment."""
        return self.amount is not None and self.amount < 0

    @property
    def exact(self) -> Decimal | None:
        """The amount in million đồng as the file tells it, to the đồng."""
        if self.told is None or not self.extract.scale:
            return None
        return self.told * self.extract.scale / Decimal(1_000_000)
