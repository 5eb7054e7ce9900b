"""Who approves a dataset after its sender, level by level and by date, and each step that was made.

Whose turn it is, is one SQL function, `collection_turn` (see migration `review_levels`): the list,
the pages and the guard of the database ask the same.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models import Q

from portal.units.models import no_two_at_once

from .datasets import Dataset
from .submissions import Submission

if TYPE_CHECKING:
    import datetime


class Reviewer(models.TextChoices):
    """Who makes a level's step."""

    DISTRICT = "district", "Cấp huyện"
    COMMITTEE = "committee", "Ban Dân tộc"
    HEAD = "head", "Trưởng phòng"


PERMISSIONS = {
    Reviewer.DISTRICT: "collection.review_own_area",
    Reviewer.COMMITTEE: "collection.review",
    Reviewer.HEAD: "collection.review_finally",
}
REVIEWING = tuple(PERMISSIONS.values())


class ReviewLevelQuerySet(models.QuerySet["ReviewLevel"]):
    def on(self, date: datetime.date) -> Self:
        return self.filter(valid__contains=date)


class ReviewLevel(models.Model):
    """One level of approval of a dataset for a time; without any, the committee approves once.

    The level of the district holds for units that belong to one on the day of the step.
    """

    dataset = models.ForeignKey(Dataset, models.CASCADE, related_name="review_levels")
    position = models.PositiveSmallIntegerField("thứ tự")
    reviewer = models.CharField("cấp duyệt", max_length=10, choices=Reviewer)
    valid = DateRangeField("áp dụng")

    objects = ReviewLevelQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "cấp duyệt"
        ordering = ["dataset", "valid", "position"]
        constraints = [
            no_two_at_once(
                "dataset",
                "position",
                name="review_level_position_once_at_a_time",
                message="Thứ tự này đã có cấp duyệt trong cùng thời gian.",
            ),
            no_two_at_once(
                "dataset",
                "reviewer",
                name="review_level_reviewer_once_at_a_time",
                message="Cấp này đã duyệt biểu trong cùng thời gian.",
            ),
            models.CheckConstraint(
                condition=Q(reviewer__in=Reviewer.values),
                name="review_level_reviewer_known",
                violation_error_message="Cấp duyệt không đúng.",
            ),
            models.CheckConstraint(
                condition=Q(position__gte=1),
                name="review_level_position_from_one",
                violation_error_message="Thứ tự bắt đầu từ 1.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.position}. {self.get_reviewer_display()}"


class ReviewStep(models.Model):
    """What one level did in one round of a submission. Rows are added, never changed."""

    class Outcome(models.TextChoices):
        APPROVED = "approved", "Duyệt"
        SENT_BACK = "sent_back", "Chuyển lại cấp dưới"
        RETURNED = "returned", "Trả lại đơn vị"

    submission = models.ForeignKey(Submission, models.PROTECT, related_name="steps")
    round = models.PositiveSmallIntegerField("lượt nộp")
    reviewer = models.CharField("cấp duyệt", max_length=10, choices=Reviewer)
    outcome = models.CharField("kết quả", max_length=10, choices=Outcome)
    sent_back_to = models.CharField(
        "chuyển lại cho", max_length=10, choices=Reviewer, blank=True, default=""
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="người duyệt"
    )
    on_behalf_of = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="+",
        verbose_name="thay mặt",
        null=True,
        blank=True,
    )
    at = models.DateTimeField("lúc")
    remark = models.CharField("ý kiến", max_length=1000, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "bước duyệt"
        ordering = ["pk"]
        constraints = [
            ExclusionConstraint(
                name="review_step_one_level_a_person",
                expressions=[
                    ("submission", RangeOperators.EQUAL),
                    ("round", RangeOperators.EQUAL),
                    ("by", RangeOperators.EQUAL),
                    ("reviewer", RangeOperators.NOT_EQUAL),
                ],
                condition=Q(outcome="approved"),
                violation_error_message="Một người không duyệt ở hai cấp.",
            ),
            models.CheckConstraint(
                condition=Q(reviewer__in=Reviewer.values),
                name="review_step_reviewer_known",
                violation_error_message="Cấp duyệt không đúng.",
            ),
            models.CheckConstraint(
                condition=Q(outcome="sent_back", sent_back_to__in=Reviewer.values)
                | (Q(outcome__in=["approved", "returned"]) & Q(sent_back_to="")),
                name="review_step_sent_back_to_someone",
                violation_error_message="Chuyển lại thì phải nói chuyển cho cấp nào.",
            ),
            models.CheckConstraint(
                condition=Q(on_behalf_of=None) | ~Q(on_behalf_of=models.F("by")),
                name="review_step_not_on_own_behalf",
                violation_error_message="Không ai thay mặt chính mình.",
            ),
        ]
        indexes = [models.Index(fields=["submission", "round"], name="review_step_of_round")]

    def __str__(self) -> str:
        return f"{self.get_reviewer_display()}: {self.get_outcome_display()}"


class ReturnedValues(models.Model):
    """The values as they stood when a submission went back: what the next round is compared with.

    `content` is compressed JSON; see services.changes.
    """

    submission = models.ForeignKey(Submission, models.CASCADE, related_name="returned_values")
    round = models.PositiveSmallIntegerField("lượt nộp")
    at = models.DateTimeField("lúc")
    content = models.BinaryField("số liệu")

    class Meta:
        verbose_name = verbose_name_plural = "số liệu của lượt trước"
        ordering = ["submission", "round"]
        constraints = [
            models.UniqueConstraint(
                fields=["submission", "round"],
                name="returned_values_once",
                violation_error_message="Số liệu của lượt này đã được giữ.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.submission_id} · {self.round}"
