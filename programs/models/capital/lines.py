"""Lines of capital, from the province down to works, with the totals that the database keeps."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Exists, OuterRef, Q

from portal.accounts.models import User
from portal.accounts.roles import Role
from portal.units.models import AdministrativeUnit
from programs.models.organisations import Membership, Organisation
from programs.models.structure import Component, Phase, Programme
from programs.models.works import Works, places_in, units_in

from .sources import CapitalKind, FundingSource

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser


class CapitalPlanQuerySet(models.QuerySet["CapitalPlan"]):
    def visible_to(self, user: User | AnonymousUser) -> CapitalPlanQuerySet:
        """All for roles that see every unit; else those of the own area or organisation.

        Of an area are the lines that it manages and those of works that lie in it, whoever
        manages them: so its people see the money of every works they see.
        """
        if not user.is_authenticated or not user.has_perm("programs.view"):
            return self.none()
        if user.sees_every_unit:
            return self
        own = Exists(Membership.objects.filter(user=user, organisation=OuterRef("investor")))
        if user.area_id is None:
            return self.filter(own)
        if user.role == Role.INVESTOR:
            return self.filter(own)
        there = Q(area__in=units_in(user.area_id).values("pk"))
        return self.filter(own | there | Exists(places_in(user.area_id, works="works")))

    def within(self, unit: AdministrativeUnit) -> CapitalPlanQuerySet:
        """Lines of works with a place in `unit`, see `WorksQuerySet.within`."""
        return self.filter(Exists(places_in(unit.pk, works="works")))

    def yearly(self, programme: Programme, year: int) -> CapitalPlanQuerySet:
        return self.filter(programme=programme, year=year)

    def of_component(self, component: Component) -> CapitalPlanQuerySet:
        """Lines of `component` and of all below it."""
        return self.filter(
            Q(component=component)
            | Q(component__parent=component)
            | Q(component__parent__parent=component)
        )


class CapitalPlan(models.Model):
    """One line of capital: what it is for, and who holds it.

    `area` is the district (since 1/7/2025 the commune) that manages the line, `investor` who
    spends it; both follow from the holder and the line above and are filled in by the database.
    Four totals of all days are kept by the database: `received` is what the line was given (all
    changes but those that carry over into the next year), `carried_out` what went into the next
    year, `passed_on` what lines below drew, `disbursed` what was paid. So the plan of a year stays
    what it was when its rest is carried over.
    """

    class Holder(models.TextChoices):
        PROVINCE = "province", "cấp tỉnh"
        DISTRICT = "district", "cấp huyện"
        COMMUNE = "commune", "cấp xã"
        AGENCY = "agency", "cơ quan"
        INVESTOR = "investor", "chủ đầu tư"
        WORKS = "works", "công trình, hoạt động"

    programme = models.ForeignKey(
        Programme, models.PROTECT, related_name="capital_plans", verbose_name="chương trình"
    )
    year = models.PositiveSmallIntegerField("năm", null=True, blank=True)
    phase = models.ForeignKey(
        Phase,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="capital_plans",
        verbose_name="giai đoạn trung hạn",
    )
    component = models.ForeignKey(
        Component, models.PROTECT, related_name="capital_plans", verbose_name="dự án, nội dung"
    )
    source = models.ForeignKey(
        FundingSource, models.PROTECT, related_name="capital_plans", verbose_name="nguồn vốn"
    )
    kind = models.CharField("loại vốn", max_length=10, choices=CapitalKind)
    holder = models.CharField("cấp giữ vốn", max_length=10, choices=Holder)
    unit = models.ForeignKey(
        AdministrativeUnit,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="capital_plans",
        verbose_name="đơn vị hành chính",
    )
    organisation = models.ForeignKey(
        Organisation,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="capital_plans",
        verbose_name="cơ quan, chủ đầu tư",
    )
    works = models.ForeignKey(
        Works,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="capital_plans",
        verbose_name="công trình, hoạt động",
    )
    parent = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="children",
        verbose_name="phân bổ từ",
    )
    area = models.ForeignKey(
        AdministrativeUnit,
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        verbose_name="địa bàn quản lý",
    )
    investor = models.ForeignKey(
        Organisation,
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        verbose_name="chủ đầu tư",
    )
    received = models.DecimalField(
        "được giao", default=0, editable=False, max_digits=15, decimal_places=3
    )
    carried_out = models.DecimalField(
        "đã chuyển nguồn sang năm sau", default=0, editable=False, max_digits=15, decimal_places=3
    )
    passed_on = models.DecimalField(
        "đã phân bổ", default=0, editable=False, max_digits=15, decimal_places=3
    )
    disbursed = models.DecimalField(
        "đã giải ngân", default=0, editable=False, max_digits=15, decimal_places=3
    )
    is_demo = models.BooleanField("dữ liệu minh hoạ", default=False, editable=False)

    objects = CapitalPlanQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "kế hoạch vốn"
        ordering = ["year", "pk"]
        indexes = [models.Index(fields=["programme", "year"], name="capital_plan_of_year")]
        constraints = [
            models.CheckConstraint(
                condition=Q(year__isnull=False, phase=None) | Q(year=None, phase__isnull=False),
                name="capital_plan_year_or_phase",
                violation_error_message="Kế hoạch vốn là của một năm hoặc của một giai đoạn.",
            ),
            models.CheckConstraint(
                condition=Q(year=None) | Q(year__range=(2000, 2100)),
                name="capital_plan_year_sound",
                violation_error_message="Năm phải từ 2000 đến 2100.",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=["investment", "recurrent"]),
                name="capital_plan_kind_known",
                violation_error_message="Loại vốn không đúng.",
            ),
            models.CheckConstraint(
                condition=Q(
                    holder__in=["province", "district", "commune"],
                    unit__isnull=False,
                    organisation=None,
                    works=None,
                )
                | Q(
                    holder__in=["agency", "investor"],
                    unit=None,
                    organisation__isnull=False,
                    works=None,
                )
                | Q(holder="works", unit=None, organisation=None, works__isnull=False),
                name="capital_plan_one_holder",
                violation_error_message=(
                    "Kế hoạch vốn thuộc đúng một đơn vị, cơ quan, chủ đầu tư hoặc công trình."
                ),
            ),
            models.CheckConstraint(
                condition=Q(parent=None) | ~Q(holder="province"),
                name="capital_plan_province_on_top",
                violation_error_message="Vốn cấp tỉnh không phân bổ từ dòng khác.",
            ),
            models.UniqueConstraint(
                fields=["works", "year", "phase", "source", "kind"],
                condition=Q(works__isnull=False),
                nulls_distinct=False,
                name="capital_plan_of_works_once",
                violation_error_message="Công trình đã có dòng vốn này.",
            ),
            models.UniqueConstraint(
                fields=[
                    "programme", "year", "phase", "component", "source", "kind",
                    "unit", "organisation", "parent",
                ],
                condition=Q(works__isnull=True),
                nulls_distinct=False,
                name="capital_plan_once",
                violation_error_message="Đã có dòng vốn này.",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.holder_name}, {self.period_label}"

    @property
    def holder_name(self) -> str:
        return str(self.unit or self.organisation or self.works)

    @property
    def period_label(self) -> str:
        return f"năm {self.year}" if self.year else f"giai đoạn {self.phase}"

    @property
    def held(self) -> Decimal:
        """What was given here and not passed on; held money of all lines is the whole plan."""
        return self.received - self.passed_on

    @property
    def available(self) -> Decimal:
        """What may still be passed on, paid or carried over."""
        return self.held - self.carried_out - self.disbursed
