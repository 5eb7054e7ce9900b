"""What helped and what hindered, and what the committee asked others for until they answered."""

from __future__ import annotations

import datetime
from typing import ClassVar, Self

from django.db import models
from django.db.models import F, Q

from portal.documents.models import Document
from reports.models.report import Report

from .kept import Kept, KeptQuerySet, in_order, says, within

SHORT = 90


class FindingQuerySet(KeptQuerySet):
    def in_period(self, start: datetime.date, end: datetime.date) -> Self:
        return self.filter(within("first_day", "last_day", start, end))


class Finding(Kept):
    """An advantage or a difficulty that held from `first_day` until it ended."""

    class Kind(models.TextChoices):
        ADVANTAGE = "advantage", "thuận lợi"
        DIFFICULTY = "difficulty", "khó khăn, tồn tại"

    SEARCHED: ClassVar = ("text", "topic", "note")

    kind = models.CharField("loại", max_length=10, choices=Kind, default=Kind.DIFFICULTY)
    topic = models.CharField("lĩnh vực", max_length=120, blank=True)
    text = models.TextField("nội dung")
    first_day = models.DateField("nêu từ ngày")
    last_day = models.DateField("đến ngày", null=True, blank=True)
    report = models.ForeignKey(
        Report,
        models.PROTECT,
        related_name="+",
        verbose_name="nêu trong báo cáo",
        null=True,
        blank=True,
        editable=False,
    )

    objects = FindingQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "thuận lợi, khó khăn"
        ordering = ["kind", "first_day", "pk"]
        constraints = [
            says("finding_says_what", "text", "Ghi nội dung thuận lợi, khó khăn."),
            in_order("finding_in_order", "first_day", "last_day", "Ngày cuối phải sau ngày đầu."),
            models.CheckConstraint(
                condition=Q(kind__in=["advantage", "difficulty"]),
                name="finding_kind_known",
                violation_error_message="Loại nội dung không đúng.",
            ),
        ]

    def __str__(self) -> str:
        return shortened(self.text)


class RecommendationQuerySet(KeptQuerySet):
    def open(self) -> Self:
        return self.filter(state=Recommendation.State.OPEN)

    def in_period(self, start: datetime.date, end: datetime.date) -> Self:
        """Made by `end` and not answered before `start`."""
        return self.filter(within("first_day", "answered_on", start, end))


class Recommendation(Kept):
    """What the committee asked another body for; followed until it is answered."""

    class State(models.TextChoices):
        OPEN = "open", "chưa trả lời"
        ACCEPTED = "accepted", "được chấp thuận"
        REFUSED = "refused", "không được chấp thuận"
        WITHDRAWN = "withdrawn", "thôi kiến nghị"

    SEARCHED: ClassVar = ("text", "addressee", "answer", "note")

    text = models.TextField("nội dung")
    addressee = models.CharField("gửi tới", max_length=200)
    first_day = models.DateField("kiến nghị ngày")
    due_on = models.DateField("hẹn trả lời", null=True, blank=True)
    report = models.ForeignKey(
        Report,
        models.PROTECT,
        related_name="+",
        verbose_name="nêu trong báo cáo",
        null=True,
        blank=True,
        editable=False,
    )
    state = models.CharField("tình trạng", max_length=10, choices=State, default=State.OPEN)
    answer = models.TextField("nội dung trả lời", blank=True)
    answered_on = models.DateField("trả lời ngày", null=True, blank=True)
    answer_document = models.ForeignKey(
        Document,
        models.PROTECT,
        related_name="+",
        verbose_name="văn bản trả lời",
        null=True,
        blank=True,
    )

    objects = RecommendationQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "kiến nghị"
        ordering = ["first_day", "pk"]
        constraints = [
            says("recommendation_says_what", "text", "Ghi nội dung kiến nghị."),
            says("recommendation_has_addressee", "addressee", "Ghi nơi nhận kiến nghị."),
            models.CheckConstraint(
                condition=Q(state__in=["open", "accepted", "refused", "withdrawn"]),
                name="recommendation_state_known",
                violation_error_message="Tình trạng kiến nghị không đúng.",
            ),
            models.CheckConstraint(
                condition=Q(state="open", answered_on=None)
                | (~Q(state="open") & Q(answered_on__isnull=False)),
                name="recommendation_ended_has_day",
                violation_error_message="Kiến nghị đã kết thúc phải có ngày, và chỉ khi ấy.",
            ),
            models.CheckConstraint(
                condition=Q(state="open") | ~Q(answer="") | ~Q(answer_document=None),
                name="recommendation_ended_says_how",
                violation_error_message="Ghi nội dung hoặc văn bản trả lời.",
            ),
            models.CheckConstraint(
                condition=Q(answered_on=None) | Q(first_day__lte=F("answered_on")),
                name="recommendation_in_order",
                violation_error_message="Ngày trả lời phải sau ngày kiến nghị.",
            ),
        ]

    def __str__(self) -> str:
        return shortened(self.text)

    def days_late(self, *, today: datetime.date) -> int:
        if self.state != self.State.OPEN or self.due_on is None:
            return 0
        return max((today - self.due_on).days, 0)


def shortened(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= SHORT else f"{line[: SHORT - 1].rsplit(' ', 1)[0]}…"
