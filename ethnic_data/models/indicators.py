"""The catalogue of indicators and how each is added up."""

from __future__ import annotations

from collections.abc import Collection
from decimal import Decimal
from typing import Any, Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.urls import reverse

from portal.units.names import fold

from .categories import Category


class Aggregation(models.TextChoices):
    SUM = "sum", "cộng dồn"
    RATIO = "ratio", "tỷ số của hai tổng"
    MEAN = "mean", "bình quân gia quyền"
    COUNT_TRUE = "count_true", "đếm số đơn vị có"
    DISTINCT_COUNT = "distinct_count", "đếm số dân tộc có mặt"
    NONE = "none", "không tổng hợp"


class IndicatorLevel(models.TextChoices):
    HOUSEHOLD = "household", "hộ gia đình"
    COMMUNE = "commune", "xã, phường, thị trấn"
    AGENCY = "agency", "cơ quan"


class Sex(models.TextChoices):
    MALE = "male", "nam"
    FEMALE = "female", "nữ"


TOPICS = {
    "D": "Dân số",
    "N": "Nghèo và thu nhập",
    "H": "Hạ tầng, nhà ở, đất ở",
    "G": "Giáo dục",
    "Y": "Y tế",
    "X": "Hôn nhân",
    "L": "Lao động",
    "V": "Văn hoá, tín ngưỡng",
    "C": "Cán bộ, đại biểu",
    "T": "Thông tin, truyền thông",
    "Z": "Phân định địa bàn",
    "K": "Công nghệ thông tin của cơ quan",
}
NO_SEX = ""  # both sexes together


class IndicatorQuerySet(models.QuerySet["Indicator"]):
    def named(self, text: str) -> Self:
        """Indicators whose code or name holds `text`, with or without marks."""
        wanted = fold(text)
        if not wanted:
            return self
        return self.filter(Q(code__iexact=wanted) | Q(name_key__contains=wanted))

    def active(self) -> Self:
        return self.filter(is_active=True)

    def of_topic(self, letter: str) -> Self:
        return self.filter(code__startswith=letter) if letter in TOPICS else self

    def with_parts(self) -> Self:
        """With everything a formula names, in one query."""
        return self.select_related(
            "numerator",
            "numerator_category",
            "denominator",
            "denominator_category",
            "weight",
            "counted",
            "all_groups",
        )

    def and_parts(self, codes: Collection[str]) -> list[Indicator]:
        """Those of `codes`, each with everything its formula names. The whole catalogue is read:
        joined with itself it takes longer to plan than to answer."""
        named = self.select_related("numerator_category", "denominator_category")
        every: dict[int, Indicator] = {one.pk: one for one in named.order_by()}
        found = [one for one in every.values() if one.code in codes]
        for one in found:
            for name in ("numerator", "denominator", "weight", "counted", "all_groups"):
                setattr(one, name, every.get(getattr(one, f"{name}_id")))
        return found


class Indicator(models.Model):
    """What a figure says. Ratios name their parts and are computed from summed parts only.

    `all_groups` is the indicator of which this one is the part of the minorities: D04 is D03
    added over the minorities where nobody reported D04 itself. `counted` is whose groups a
    distinct count counts, `weight` the weight of a mean.
    """

    code = models.CharField("mã", max_length=12, unique=True)
    name = models.CharField("tên chỉ tiêu", max_length=200)
    name_key = models.CharField("tên để tìm", max_length=200, editable=False)
    unit_of_measure = models.CharField("đơn vị tính", max_length=40, blank=True)
    level = models.CharField("cấp thu thập", max_length=10, choices=IndicatorLevel)
    disaggregation = ArrayField(
        models.CharField(max_length=30), verbose_name="phân tổ", default=list, blank=True
    )
    aggregation = models.CharField("cách tổng hợp", max_length=14, choices=Aggregation)
    numerator = models.ForeignKey(
        "self",
        models.PROTECT,
        verbose_name="tử số",
        related_name="as_numerator",
        null=True,
        blank=True,
    )
    numerator_sex = models.CharField("tử số: giới tính", max_length=6, choices=Sex, blank=True)
    numerator_category = models.ForeignKey(
        Category,
        models.PROTECT,
        to_field="code",
        verbose_name="tử số: phân loại",
        related_name="+",
        null=True,
        blank=True,
    )
    denominator = models.ForeignKey(
        "self",
        models.PROTECT,
        verbose_name="mẫu số",
        related_name="as_denominator",
        null=True,
        blank=True,
    )
    denominator_sex = models.CharField("mẫu số: giới tính", max_length=6, choices=Sex, blank=True)
    denominator_category = models.ForeignKey(
        Category,
        models.PROTECT,
        to_field="code",
        verbose_name="mẫu số: phân loại",
        related_name="+",
        null=True,
        blank=True,
    )
    factor = models.DecimalField("nhân với", max_digits=9, decimal_places=2, default=Decimal(1))
    weight = models.ForeignKey(
        "self",
        models.PROTECT,
        verbose_name="gia quyền",
        related_name="as_weight",
        null=True,
        blank=True,
    )
    counted = models.ForeignKey(
        "self",
        models.PROTECT,
        verbose_name="đếm dân tộc của",
        related_name="as_counted",
        null=True,
        blank=True,
    )
    all_groups = models.ForeignKey(
        "self",
        models.PROTECT,
        verbose_name="phần dân tộc thiểu số của",
        related_name="as_part",
        null=True,
        blank=True,
    )
    definition = models.TextField("khái niệm", blank=True)
    source = models.CharField("nguồn gốc chỉ tiêu", max_length=300, blank=True)
    position = models.PositiveSmallIntegerField("thứ tự", default=0)
    is_active = models.BooleanField("đang dùng", default=True)

    objects = IndicatorQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "chỉ tiêu"
        ordering = ["position", "code"]
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    aggregation=Aggregation.RATIO,
                    numerator__isnull=False,
                    denominator__isnull=False,
                )
                | (~Q(aggregation=Aggregation.RATIO) & Q(numerator=None, denominator=None)),
                name="indicator_ratio_has_parts",
                violation_error_message="Tỷ số phải có tử số và mẫu số; chỉ tiêu khác thì không.",
            ),
            models.CheckConstraint(
                condition=~Q(aggregation=Aggregation.MEAN) | Q(weight__isnull=False),
                name="indicator_mean_has_weight",
                violation_error_message="Số bình quân phải có gia quyền.",
            ),
            models.CheckConstraint(
                condition=~Q(aggregation=Aggregation.DISTINCT_COUNT) | Q(counted__isnull=False),
                name="indicator_count_has_source",
                violation_error_message="Chỉ tiêu đếm phải nói đếm từ chỉ tiêu nào.",
            ),
            models.CheckConstraint(
                condition=Q(aggregation__in=[kind.value for kind in Aggregation]),
                name="indicator_aggregation_known",
                violation_error_message="Cách tổng hợp không đúng.",
            ),
            models.CheckConstraint(
                condition=Q(level__in=[level.value for level in IndicatorLevel]),
                name="indicator_level_known",
                violation_error_message="Cấp thu thập không đúng.",
            ),
            models.CheckConstraint(
                condition=Q(factor__gt=0),
                name="indicator_factor_positive",
                violation_error_message="Hệ số nhân phải lớn hơn 0.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.name_key = fold(self.name)
        super().save(*args, **kwargs)

    def get_absolute_url(self) -> str:
        return reverse("ethnic_data:indicator_detail", args=[self.code])

    @property
    def topic(self) -> str:
        return TOPICS.get(self.code[:1], "")

    @property
    def is_ratio(self) -> bool:
        return self.aggregation == Aggregation.RATIO

    @property
    def formula(self) -> str:
        """How it is computed, in codes: "N03 / D02 × 100"; empty for what is only added up."""
        if self.numerator is None or self.denominator is None:
            return ""
        above = _part(self.numerator.code, self.numerator_sex, self.numerator_category)
        below = _part(self.denominator.code, self.denominator_sex, self.denominator_category)
        times = "" if self.factor == 1 else f" × {self.factor.normalize():f}"
        return f"{above} / {below}{times}"


def _part(code: str, sex: str, category: Category | None) -> str:
    narrowed = Sex(sex).label if sex else category.name.lower() if category else ""
    return f"{code} ({narrowed})" if narrowed else code
