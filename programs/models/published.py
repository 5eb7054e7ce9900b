"""Money as others published it: headline figures with their source, never added to our own."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from portal.units.models import AdministrativeUnit

from .structure import Programme


class Scope(models.TextChoices):
    ALL_SOURCES = "all sources", "mọi nguồn vốn"
    PROGRAMME = "programme capital", "vốn của chương trình"
    CENTRAL = "central budget", "ngân sách trung ương"
    CENTRAL_INVESTMENT = "central budget - investment", "ngân sách trung ương, vốn đầu tư"
    CENTRAL_RECURRENT = "central budget - recurrent", "ngân sách trung ương, vốn sự nghiệp"
    PROVINCIAL = "provincial budget", "ngân sách tỉnh"
    DISBURSED = "disbursed", "đã giải ngân"


class PublishedCapital(models.Model):
    """One published figure of a programme's money in a province, with the word that goes with it.

    `amount` is in million đồng; `precision` is the word of the source ("hơn", "gần", "trên").
    """

    programme = models.ForeignKey(
        Programme, models.PROTECT, related_name="published_capital", verbose_name="chương trình"
    )
    unit = models.ForeignKey(
        AdministrativeUnit, models.PROTECT, related_name="+", verbose_name="địa bàn"
    )
    first_year = models.PositiveSmallIntegerField("từ năm")
    last_year = models.PositiveSmallIntegerField("đến năm")
    scope = models.CharField("phạm vi", max_length=30, choices=Scope)
    item = models.CharField("khoản", max_length=200)
    amount = models.DecimalField("số tiền (triệu đồng)", max_digits=15, decimal_places=3)
    precision = models.CharField("mức chính xác", max_length=20, blank=True)
    as_of = models.CharField("thời điểm", max_length=20)
    source = models.CharField("nguồn", max_length=300)
    position = models.PositiveSmallIntegerField("thứ tự")

    class Meta:
        verbose_name = verbose_name_plural = "số vốn đã công bố"
        ordering = ["programme", "position"]
        constraints = [
            models.UniqueConstraint(
                fields=["programme", "unit", "first_year", "last_year", "item"],
                name="published_capital_once",
                violation_error_message="Khoản này đã có.",
            ),
            models.CheckConstraint(
                condition=Q(scope__in=[choice.value for choice in Scope]),
                name="published_capital_scope_known",
                violation_error_message="Phạm vi vốn không đúng.",
            ),
            models.CheckConstraint(
                condition=Q(amount__gt=0),
                name="published_capital_positive",
                violation_error_message="Số tiền phải lớn hơn 0.",
            ),
            models.CheckConstraint(
                condition=Q(last_year__gte=F("first_year")),
                name="published_capital_years_in_order",
                violation_error_message="Năm cuối phải từ năm đầu trở đi.",
            ),
            models.CheckConstraint(
                condition=~Q(source=""),
                name="published_capital_has_source",
                violation_error_message="Số đã công bố phải có nguồn.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.years}: {self.item}"

    @property
    def years(self) -> str:
        """One year, or first and last: "2023", "2021–2025"."""
        if self.first_year == self.last_year:
            return str(self.first_year)
        return f"{self.first_year}–{self.last_year}"
