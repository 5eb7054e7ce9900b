"""Trainings, steering bodies, information systems and posts for information technology."""

from __future__ import annotations

import datetime
from typing import ClassVar, Self

from django.db import models
from django.db.models import F, Q

from .kept import Kept, KeptQuerySet, in_order, says, within


class TrainingQuerySet(KeptQuerySet):
    def in_period(self, start: datetime.date, end: datetime.date) -> Self:
        return self.filter(first_day__gte=start, first_day__lte=end)


class Training(Kept):
    """A course, held by the committee or attended by its people."""

    class Kind(models.TextChoices):
        HELD = "held", "Ban tổ chức"
        ATTENDED = "attended", "cử người tham dự"

    SEARCHED: ClassVar = ("title", "place", "organiser", "audience", "note")

    kind = models.CharField("hình thức", max_length=10, choices=Kind, default=Kind.HELD)
    title = models.CharField("tên lớp", max_length=300)
    first_day = models.DateField("từ ngày")
    last_day = models.DateField("đến ngày", null=True, blank=True)
    place = models.CharField("nơi tổ chức", max_length=200, blank=True)
    organiser = models.CharField("đơn vị tổ chức", max_length=200, blank=True)
    audience = models.CharField("đối tượng", max_length=300, blank=True)
    people = models.PositiveIntegerField("số người", null=True, blank=True)
    women = models.PositiveIntegerField("trong đó nữ", null=True, blank=True)

    objects = TrainingQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "tập huấn"
        ordering = ["-first_day", "-pk"]
        constraints = [
            says("training_has_title", "title", "Ghi tên lớp tập huấn."),
            in_order("training_in_order", "first_day", "last_day", "Ngày cuối phải sau ngày đầu."),
            models.CheckConstraint(
                condition=Q(kind__in=["held", "attended"]),
                name="training_kind_known",
                violation_error_message="Hình thức tập huấn không đúng.",
            ),
            models.CheckConstraint(
                condition=Q(women=None) | Q(people__isnull=False, women__lte=F("people")),
                name="training_women_among_people",
                violation_error_message="Số nữ không thể nhiều hơn số người.",
            ),
        ]

    def __str__(self) -> str:
        return self.title


class PresentQuerySet(KeptQuerySet):
    def on(self, day: datetime.date) -> Self:
        """Begun and not ended on `day`."""
        return self.filter(within("first_day", "last_day", day, day))

    def in_period(self, start: datetime.date, end: datetime.date) -> Self:
        return self.filter(within("first_day", "last_day", start, end))


class SteeringBody(Kept):
    """A steering committee or a group that helps it, from its decision to its end."""

    class Kind(models.TextChoices):
        COMMITTEE = "committee", "Ban chỉ đạo"
        GROUP = "group", "Tổ giúp việc"

    SEARCHED: ClassVar = ("name", "head", "note")

    kind = models.CharField("loại", max_length=10, choices=Kind, default=Kind.COMMITTEE)
    name = models.CharField("tên", max_length=300)
    head = models.CharField("người đứng đầu, chức vụ", max_length=200, blank=True)
    members = models.PositiveSmallIntegerField("số thành viên", null=True, blank=True)
    first_day = models.DateField("thành lập ngày")
    last_day = models.DateField("hoạt động đến", null=True, blank=True)

    objects = PresentQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "ban chỉ đạo"
        ordering = ["-first_day", "name"]
        constraints = [
            says("steering_body_has_name", "name", "Ghi tên ban chỉ đạo."),
            in_order(
                "steering_body_in_order", "first_day", "last_day", "Ngày cuối phải sau ngày đầu."
            ),
            models.CheckConstraint(
                condition=Q(kind__in=["committee", "group"]),
                name="steering_body_kind_known",
                violation_error_message="Loại ban chỉ đạo không đúng.",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class InformationSystem(Kept):
    """Software of the committee, from the day it was taken into use."""

    SEARCHED: ClassVar = ("name", "purpose", "note")

    name = models.CharField("tên hệ thống", max_length=300)
    purpose = models.CharField("dùng để", max_length=500, blank=True)
    built_on = models.DateField("bắt đầu xây dựng", null=True, blank=True)
    first_day = models.DateField("đưa vào sử dụng", null=True, blank=True)
    last_day = models.DateField("ngừng sử dụng", null=True, blank=True)

    objects = PresentQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "hệ thống thông tin"
        ordering = ["name", "pk"]
        constraints = [
            says("information_system_has_name", "name", "Ghi tên hệ thống."),
            models.CheckConstraint(
                condition=Q(last_day=None)
                | Q(first_day__isnull=False, first_day__lte=F("last_day")),
                name="information_system_in_order",
                violation_error_message="Hệ thống phải được dùng rồi mới ngừng.",
            ),
            models.CheckConstraint(
                condition=Q(built_on=None) | Q(first_day=None) | Q(built_on__lte=F("first_day")),
                name="information_system_built_first",
                violation_error_message="Hệ thống phải được xây dựng trước khi đưa vào sử dụng.",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class ITPost(Kept):
    """A post that looks after information technology, filled or not."""

    class Kind(models.TextChoices):
        LEADER = "leader", "lãnh đạo cấp phòng phụ trách"
        PART = "part", "cán bộ kiêm nhiệm"
        FULL = "full", "cán bộ chuyên trách"

    SEARCHED: ClassVar = ("title", "person", "note")

    kind = models.CharField("loại", max_length=10, choices=Kind, default=Kind.PART)
    title = models.CharField("công việc", max_length=200)
    division = models.ForeignKey(
        "accounts.Division",
        models.PROTECT,
        related_name="+",
        verbose_name="phòng",
        null=True,
        blank=True,
    )
    person = models.CharField("người đảm nhiệm", max_length=120, blank=True)
    first_day = models.DateField("từ ngày")
    last_day = models.DateField("đến ngày", null=True, blank=True)

    objects = PresentQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "nhân lực công nghệ thông tin"
        ordering = ["-first_day", "-pk"]
        constraints = [
            says("it_post_has_title", "title", "Ghi công việc đảm nhiệm."),
            in_order("it_post_in_order", "first_day", "last_day", "Ngày cuối phải sau ngày đầu."),
            models.CheckConstraint(
                condition=Q(kind__in=["leader", "part", "full"]),
                name="it_post_kind_known",
                violation_error_message="Loại nhân lực không đúng.",
            ),
        ]

    def __str__(self) -> str:
        return self.title
