"""The programme's money as a ledger: lines of capital, what was decided of them, what was paid.

Amounts are in million đồng with three decimals (a thousand đồng). A line says what money is for
(year or phase, component, source, kind) and who holds it; lines hang below each other from the
province down to works. Nothing is ever changed or deleted: what was decided is a `CapitalChange`,
what was paid a `Disbursement`, and a mistake is reversed. The database keeps the totals of every
line and refuses an entry after which, on any day, a line would have passed on or paid more than
it has (migration 0004).
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Now

from portal.accounts.models import User
from portal.accounts.roles import Role
from portal.documents.models import Document
from portal.units.models import AdministrativeUnit, UnitAncestor

from .organisations import Membership, Organisation
from .structure import Component, Phase, Programme
from .works import Works

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser


class FirstOfMonth(models.Func):
    """The first day of a date's month; unlike date_trunc it may stand in a generated column."""

    template = "(%(expressions)s - (EXTRACT(DAY FROM %(expressions)s)::integer - 1))"
    output_field = models.DateField()


class FundingSource(models.Model):
    """Where money comes from: central budget, provincial budget, policy credit …"""

    class Level(models.TextChoices):
        CENTRAL = "central", "trung ương"
        PROVINCIAL = "provincial", "tỉnh"
        DISTRICT = "district", "huyện"
        COMMUNE = "commune", "xã"
        CREDIT = "credit", "tín dụng chính sách"
        OTHER = "other", "khác"

    code = models.CharField(
        "mã", max_length=10, unique=True, error_messages={"unique": "Mã nguồn vốn này đã có."}
    )
    name = models.CharField("nguồn vốn", max_length=120)
    level = models.CharField("cấp", max_length=10, choices=Level)
    position = models.PositiveSmallIntegerField("thứ tự", default=0)
    is_active = models.BooleanField("đang dùng", default=True)

    class Meta:
        verbose_name = verbose_name_plural = "nguồn vốn"
        ordering = ["position", "code"]
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    level__in=["central", "provincial", "district", "commune", "credit", "other"]
                ),
                name="funding_source_level_known",
                violation_error_message="Cấp của nguồn vốn không đúng.",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class CapitalKind(models.TextChoices):
    INVESTMENT = "investment", "vốn đầu tư"
    RECURRENT = "recurrent", "vốn sự nghiệp"


class CapitalPlanQuerySet(models.QuerySet["CapitalPlan"]):
    def visible_to(self, user: User | AnonymousUser) -> CapitalPlanQuerySet:
        """All for roles that see every unit; else lines of the own area or organisation."""
        if not user.is_authenticated or not user.has_perm("programs.view"):
            return self.none()
        if user.sees_every_unit:
            return self
        own = Exists(Membership.objects.filter(user=user, organisation=OuterRef("investor")))
        if user.area_id is None:
            return self.filter(own)
        if user.role == Role.INVESTOR:
            return self.filter(own)
        below = UnitAncestor.objects.filter(ancestor_id=user.area_id).values("unit")
        return self.filter(own | Q(area_id=user.area_id) | Q(area__in=below))

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


class ClosedMonth(models.Model):
    """A month of a programme whose payments are settled: nothing more is entered in it."""

    programme = models.ForeignKey(Programme, models.PROTECT, related_name="closed_months")
    month = models.DateField("tháng")
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField("khoá lúc", db_default=Now(), editable=False)
    reopened_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    reopened_at = models.DateTimeField("mở lại lúc", null=True, blank=True)
    reason = models.CharField("lý do mở lại", max_length=300, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "tháng đã khoá"
        ordering = ["-month", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["programme", "month"],
                condition=Q(reopened_at=None),
                name="closed_month_once",
                violation_error_message="Tháng này đã khoá.",
            ),
            models.CheckConstraint(
                condition=Q(month__day=1),
                name="closed_month_first_day",
                violation_error_message="Ghi tháng bằng ngày đầu tháng.",
            ),
            models.CheckConstraint(
                condition=Q(reopened_at=None, reopened_by=None, reason="")
                | (Q(reopened_at__isnull=False, reopened_by__isnull=False) & ~Q(reason="")),
                name="closed_month_reopened_with_reason",
                violation_error_message="Mở lại tháng đã khoá phải có người và lý do.",
            ),
        ]

    def __str__(self) -> str:
        return f"Tháng {self.month:%m/%Y}"
