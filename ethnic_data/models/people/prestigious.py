"""Prestigious persons among ethnic minorities: recognised, reviewed every year, removed.

Basis: Quyết định 12/2018/QĐ-TTg, amended by 28/2023/QĐ-TTg (unverified). Who decides changed with
time, so the level of decision is a dated row.
"""

from __future__ import annotations

import datetime
from typing import Self

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from portal.documents.models import Document
from portal.units.models import Level

from .person import PersonQuerySet, PersonRecord, old_enough


class RecognitionLevelQuerySet(models.QuerySet["RecognitionLevel"]):
    def on(self, day: datetime.date) -> RecognitionLevel | None:
        return self.filter(valid__contains=day).first()


class RecognitionLevel(models.Model):
    """Whose chairman recognised prestigious persons in a time."""

    level = models.CharField("cấp quyết định", max_length=10, choices=Level)
    valid = DateRangeField("hiệu lực")
    basis = models.CharField("căn cứ", max_length=200)
    is_verified = models.BooleanField("đã đối chiếu văn bản", default=False)

    objects = RecognitionLevelQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "cấp công nhận người có uy tín"
        ordering = ["valid"]
        constraints = [
            ExclusionConstraint(
                name="recognition_level_one_at_a_time",
                expressions=[("valid", RangeOperators.OVERLAPS)],
                violation_error_message="Thời gian này đã có cấp quyết định.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_level_display()} ({self.basis})"


class PrestigiousPersonQuerySet(PersonQuerySet):
    def on(self, day: datetime.date) -> Self:
        return self.filter(recognised_date__lte=day).filter(
            Q(removed_date=None) | Q(removed_date__gt=day)
        )

    def not_reviewed(self, year: int) -> Self:
        """Those recognised in `year` of whom its review says nothing yet."""
        reviewed = PrestigiousReview.objects.filter(year=year)
        return self.on(datetime.date(year, 12, 31)).exclude(pk__in=reviewed.values("person"))


class PrestigiousPerson(PersonRecord):
    """One recognition. `removed_date` is the first day on which it no longer holds."""

    class Category(models.TextChoices):
        ELDER = "elder", "già làng"
        CLAN_HEAD = "clan_head", "trưởng dòng họ"
        VILLAGE_HEAD = "village_head", "trưởng thôn, bản"
        PARTY_CELL = "party_cell", "bí thư chi bộ"
        RETIRED = "retired", "cán bộ nghỉ hưu"
        RELIGIOUS = "religious", "chức sắc tôn giáo"
        RITUAL = "ritual", "thầy mo, thầy cúng"
        SCHOLAR = "scholar", "nhân sĩ, trí thức"
        PRODUCER = "producer", "doanh nhân, người sản xuất giỏi"
        OTHER = "other", "khác"

    class Removal(models.TextChoices):
        DIED = "died", "đã mất"
        MOVED = "moved", "chuyển nơi ở"
        ILLNESS = "illness", "sức khoẻ không bảo đảm"
        VIOLATION = "violation", "vi phạm pháp luật"
        REPUTATION = "reputation", "giảm sút uy tín"
        OWN_WISH = "own_wish", "tự nguyện xin rút"
        TERM_ENDED = "term_ended", "hết thời hạn công nhận"

    village = models.CharField("thôn, bản", max_length=120, blank=True)
    category = models.CharField("thành phần", max_length=12, choices=Category)
    recognised_by = models.CharField("quyết định công nhận", max_length=120)
    recognised_date = models.DateField("ngày công nhận")
    recognised_document = models.ForeignKey(
        Document, models.SET_NULL, related_name="+", null=True, blank=True, editable=False
    )
    removed_by = models.CharField("quyết định đưa ra khỏi danh sách", max_length=120, blank=True)
    removed_date = models.DateField("đưa ra khỏi danh sách từ ngày", null=True, blank=True)
    removed_reason = models.CharField("lý do", max_length=12, choices=Removal, blank=True)
    removed_document = models.ForeignKey(
        Document, models.SET_NULL, related_name="+", null=True, blank=True, editable=False
    )

    objects = PrestigiousPersonQuerySet.as_manager()

    class Meta(PersonRecord.Meta):
        verbose_name = verbose_name_plural = "người có uy tín"
        ordering = ["unit__sort_key", "sort_key", "pk"]
        constraints = [
            *PersonRecord.Meta.constraints,
            models.UniqueConstraint(
                fields=["unit", "name_key", "birth_year", "recognised_date"],
                name="prestigious_person_once",
                violation_error_message="Danh sách đã có người cùng tên, cùng năm sinh ở xã này"
                " với ngày công nhận này.",
            ),
            models.UniqueConstraint(
                fields=["unit", "name_key", "birth_year"],
                condition=Q(removed_date=None),
                name="prestigious_person_recognised_once",
                violation_error_message="Người này đang có trong danh sách người có uy tín của xã.",
            ),
            models.CheckConstraint(
                condition=old_enough("recognised_date", 18),
                name="prestigious_person_of_age",
                violation_error_message="Người có uy tín phải đủ 18 tuổi: xem lại năm sinh,"
                " ngày công nhận.",
            ),
            models.CheckConstraint(
                condition=~Q(recognised_by=""),
                name="prestigious_person_has_decision",
                violation_error_message="Phải ghi quyết định công nhận.",
            ),
            models.CheckConstraint(
                condition=Q(removed_date=None, removed_by="", removed_reason="")
                | (
                    Q(removed_date__gt=F("recognised_date"))
                    & ~Q(removed_by="")
                    & ~Q(removed_reason="")
                ),
                name="prestigious_person_removal_complete",
                violation_error_message="Đưa ra khỏi danh sách phải có quyết định, lý do"
                " và ngày sau ngày công nhận.",
            ),
        ]

    def get_absolute_url(self) -> str:
        return reverse("ethnic_data:prestigious_detail", args=[self.pk])


class PrestigiousReview(models.Model):
    """What the review of one year says of one person."""

    class Outcome(models.TextChoices):
        KEPT = "kept", "tiếp tục công nhận"
        TO_REMOVE = "to_remove", "đề nghị đưa ra khỏi danh sách"

    person = models.ForeignKey(PrestigiousPerson, models.CASCADE, related_name="reviews")
    year = models.PositiveSmallIntegerField("năm rà soát")
    outcome = models.CharField("kết quả", max_length=10, choices=Outcome)
    note = models.CharField("nhận xét", max_length=300, blank=True)
    reviewed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    reviewed_at = models.DateTimeField("rà soát lúc")

    class Meta:
        verbose_name = verbose_name_plural = "rà soát người có uy tín"
        ordering = ["-year"]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "year"],
                name="prestigious_review_once_a_year",
                violation_error_message="Năm này đã rà soát.",
            ),
            models.CheckConstraint(
                condition=Q(outcome__in=["kept", "to_remove"]),
                name="prestigious_review_outcome_known",
                violation_error_message="Kết quả rà soát không đúng.",
            ),
            models.CheckConstraint(
                condition=Q(outcome="kept") | ~Q(note=""),
                name="prestigious_review_says_why",
                violation_error_message="Đề nghị đưa ra khỏi danh sách phải ghi lý do.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person}, {self.year}: {self.get_outcome_display()}"
