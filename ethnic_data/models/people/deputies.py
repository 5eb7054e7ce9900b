"""Deputies of the people's councils, by term; the council is that of the unit."""

from __future__ import annotations

import datetime
from typing import Self

from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from portal.units.models import Level

from .person import PersonQuerySet, PersonRecord, old_enough

YOUNGEST = 21  # Luật Bầu cử đại biểu Quốc hội và đại biểu HĐND 2015, art. 2


class Block(models.TextChoices):
    PARTY = "party", "Đảng"
    GOVERNMENT = "government", "chính quyền"
    FRONT = "front", "Mặt trận, đoàn thể"
    COURT = "court", "Toà án, Viện kiểm sát"
    FORCES = "forces", "lực lượng vũ trang"
    SERVICE = "service", "đơn vị sự nghiệp"
    LOCAL = "local", "xã, phường, thị trấn"
    OTHER = "other", "khác"


class CouncilTerm(models.Model):
    """A term of the councils, such as 2021–2026."""

    name = models.CharField("nhiệm kỳ", max_length=20, unique=True)
    start = models.DateField("từ ngày")
    end = models.DateField("đến ngày", null=True, blank=True)
    is_verified = models.BooleanField("đã đối chiếu văn bản", default=False)

    class Meta:
        verbose_name = verbose_name_plural = "nhiệm kỳ HĐND"
        ordering = ["-start"]
        constraints = [
            models.CheckConstraint(
                condition=Q(end=None) | Q(end__gt=F("start")),
                name="council_term_start_before_end",
                violation_error_message="Ngày đầu nhiệm kỳ phải trước ngày cuối.",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class CouncilDeputyQuerySet(PersonQuerySet):
    def on(self, day: datetime.date) -> Self:
        """In office; the council of a district ends with the district."""
        return (
            self.filter(elected_date__lte=day)
            .filter(Q(left_date=None) | Q(left_date__gt=day))
            .exclude(Q(unit__level=Level.DISTRICT) & ~Q(unit__valid__contains=day))
        )

    def with_names(self) -> Self:
        return super().with_names().select_related("term")


class CouncilDeputy(PersonRecord):
    """A deputy of the council of `unit`. `left_date` is the first day out of office."""

    term = models.ForeignKey(CouncilTerm, models.PROTECT, verbose_name="nhiệm kỳ")
    constituency = models.CharField("đơn vị bầu cử", max_length=80, blank=True)
    position = models.CharField("chức vụ", max_length=160, blank=True)
    block = models.CharField("khối công tác", max_length=10, choices=Block, blank=True)
    politics = models.CharField("lý luận chính trị", max_length=60, blank=True)
    is_full_time = models.BooleanField("chuyên trách", default=False)
    is_reelected = models.BooleanField("tái cử", default=False)
    elected_date = models.DateField("ngày bầu")
    left_date = models.DateField("thôi làm đại biểu từ ngày", null=True, blank=True)
    left_reason = models.CharField("lý do thôi", max_length=200, blank=True)

    objects = CouncilDeputyQuerySet.as_manager()

    class Meta(PersonRecord.Meta):
        verbose_name = verbose_name_plural = "đại biểu HĐND"
        ordering = ["unit__sort_key", "sort_key", "pk"]
        constraints = [
            *PersonRecord.Meta.constraints,
            models.UniqueConstraint(
                fields=["term", "unit", "name_key", "birth_year"],
                name="council_deputy_once",
                violation_error_message="Hội đồng này đã có đại biểu cùng tên, cùng năm sinh"
                " trong nhiệm kỳ.",
            ),
            models.CheckConstraint(
                condition=old_enough("elected_date", YOUNGEST),
                name="council_deputy_old_enough",
                violation_error_message="Người ứng cử phải đủ 21 tuổi: xem lại năm sinh, ngày bầu.",
            ),
            models.CheckConstraint(
                condition=Q(left_date=None, left_reason="")
                | (Q(left_date__gt=F("elected_date")) & ~Q(left_reason="")),
                name="council_deputy_left",
                violation_error_message="Thôi làm đại biểu phải có ngày (sau ngày bầu) và lý do.",
            ),
            models.CheckConstraint(
                condition=Q(block__in=["", *Block.values]),
                name="council_deputy_block_known",
                violation_error_message="Khối công tác không có trong danh mục.",
            ),
        ]

    def get_absolute_url(self) -> str:
        return reverse("ethnic_data:deputy_detail", args=[self.pk])
