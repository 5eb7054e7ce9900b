"""Administrative units through time.

A code is used again for another place, so identity is code plus period. Who belongs to whom
changes without either unit changing, so a unit's parent is a dated row of its own.
"""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, Any, Self

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone

from ..names import fold, sort_key

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from portal.accounts.models import User


class Level(models.TextChoices):
    NATION = "nation", "cả nước"
    PROVINCE = "province", "cấp tỉnh"
    DISTRICT = "district", "cấp huyện"
    COMMUNE = "commune", "cấp xã"


def no_two_at_once(*fields: str, name: str, message: str) -> ExclusionConstraint:
    """At most one row with equal `fields` at any time of `valid`."""
    return ExclusionConstraint(
        name=name,
        expressions=[
            *((field, RangeOperators.EQUAL) for field in fields),
            ("valid", RangeOperators.OVERLAPS),
        ],
        violation_error_message=message,
    )


class AdministrativeUnitQuerySet(models.QuerySet["AdministrativeUnit"]):
    def on(self, date: datetime.date) -> Self:
        """Units in force on `date`."""
        return self.filter(valid__contains=date)

    def communes(self) -> Self:
        return self.filter(level=Level.COMMUNE)

    def districts(self) -> Self:
        return self.filter(level=Level.DISTRICT)

    def within(self, unit: AdministrativeUnit, *, on: datetime.date | None = None) -> Self:
        """`unit` and all that belong to it, on `on` or at any time."""
        belonging = UnitAncestor.objects.filter(ancestor=unit)
        if on is not None:
            belonging = belonging.filter(valid__contains=on)
        return self.filter(Q(pk=unit.pk) | Q(pk__in=belonging.values("unit")))

    def listed(self, code: str, *, on: datetime.date) -> Self:
        """Members of the dated list `code`, e.g. the 73 communes "QD861"."""
        return self.filter(
            memberships__unit_list__code=code, memberships__valid__contains=on
        ).distinct()

    def visible_to(self, user: User | AnonymousUser) -> Self:
        """Every unit for roles that see all; the own area's subtree for officers."""
        if not user.is_authenticated:
            return self.none()
        if user.sees_every_unit:
            return self
        if user.area_id is None:
            return self.none()
        below = UnitAncestor.objects.filter(ancestor_id=user.area_id).values("unit")
        return self.filter(Q(pk=user.area_id) | Q(pk__in=below))


class AdministrativeUnit(models.Model):
    """One unit for the time in which its name, kind and extent stayed the same."""

    code = models.CharField("mã", max_length=10)
    name = models.CharField("tên", max_length=120)
    kind = models.CharField("loại", max_length=30)
    level = models.CharField("cấp", max_length=10, choices=Level)
    valid = DateRangeField("hiệu lực")
    name_key = models.CharField("tên để tìm", max_length=120, editable=False, db_index=True)
    sort_key = models.CharField(
        "khoá xếp", max_length=400, editable=False, db_collation="C", db_index=True
    )
    latitude = models.FloatField("vĩ độ", null=True, blank=True)
    longitude = models.FloatField("kinh độ", null=True, blank=True)
    is_reference = models.BooleanField(
        "chỉ để tra cứu", default=False, help_text="Tỉnh khác, cả nước: không báo cáo về đây."
    )
    note = models.CharField("ghi chú", max_length=300, blank=True)

    objects = AdministrativeUnitQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "đơn vị hành chính"
        ordering = ["sort_key", "code"]
        constraints = [
            no_two_at_once(
                "code",
                name="unit_code_once_at_a_time",
                message="Mã đơn vị này đang được dùng trong cùng thời gian.",
            ),
            models.CheckConstraint(
                condition=Q(level__in=[level.value for level in Level]),
                name="unit_level_known",
                violation_error_message="Cấp đơn vị không đúng.",
            ),
        ]

    def __str__(self) -> str:
        return self.full_name

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.name_key, self.sort_key = fold(self.name), sort_key(self.name)
        super().save(*args, **kwargs)

    def get_absolute_url(self) -> str:
        return reverse("units:detail", args=[self.pk])

    @property
    def full_name(self) -> str:
        """With its kind: "Xã An Lạc", "Thành phố Bắc Giang"."""
        return f"{self.kind[:1].upper()}{self.kind[1:]} {self.name}".strip()

    @property
    def in_force(self) -> bool:
        return self.valid.upper is None


class UnitParent(models.Model):
    """`unit` belonged to `parent` during `valid`."""

    unit = models.ForeignKey(AdministrativeUnit, models.CASCADE, related_name="parents")
    parent = models.ForeignKey(AdministrativeUnit, models.PROTECT, related_name="children")
    valid = DateRangeField("hiệu lực")

    class Meta:
        verbose_name = verbose_name_plural = "đơn vị cấp trên"
        constraints = [
            no_two_at_once(
                "unit",
                name="unit_one_parent_at_a_time",
                message="Mỗi đơn vị chỉ thuộc một đơn vị cấp trên tại một thời điểm.",
            ),
            models.CheckConstraint(
                condition=~Q(unit=F("parent")),
                name="unit_not_its_own_parent",
                violation_error_message="Đơn vị không thể thuộc chính nó.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.unit} ▸ {self.parent}"


class UnitAncestor(models.Model):
    """The closure of UnitParent, kept by services.rebuild_ancestors."""

    unit = models.ForeignKey(AdministrativeUnit, models.CASCADE, related_name="ancestors")
    ancestor = models.ForeignKey(AdministrativeUnit, models.CASCADE, related_name="descendants")
    depth = models.PositiveSmallIntegerField()
    valid = DateRangeField()

    class Meta:
        verbose_name = verbose_name_plural = "quan hệ trên dưới"
        indexes = [models.Index(fields=["ancestor", "unit"], name="unit_ancestor")]
        constraints = [
            no_two_at_once(
                "unit",
                "ancestor",
                name="unit_ancestor_once_at_a_time",
                message="Quan hệ trên dưới bị lặp.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.unit} ▸▸ {self.ancestor}"


class UnitSuccession(models.Model):
    """How a unit went on as another: merger, split, upgrade, transfer, or its end."""

    class Kind(models.TextChoices):
        MERGED = "merged", "sáp nhập"
        SPLIT = "split", "chia tách"
        UPGRADED = "upgraded", "nâng cấp"
        TRANSFERRED = "transferred", "chuyển về"
        UNCHANGED = "unchanged", "giữ nguyên"
        ABOLISHED = "abolished", "kết thúc"

    old = models.ForeignKey(AdministrativeUnit, models.PROTECT, related_name="successions")
    new = models.ForeignKey(
        AdministrativeUnit, models.PROTECT, related_name="predecessions", null=True, blank=True
    )
    date = models.DateField("ngày hiệu lực")
    kind = models.CharField("hình thức", max_length=12, choices=Kind)
    weight = models.DecimalField(
        "phần chuyển sang", max_digits=7, decimal_places=6, null=True, blank=True
    )
    weight_is_estimate = models.BooleanField("phần chuyển là ước tính", default=False)
    share_of_new = models.DecimalField(
        "phần của đơn vị mới",
        max_digits=7,
        decimal_places=6,
        null=True,
        blank=True,
        help_text="Phần của đơn vị mới vốn thuộc đơn vị cũ, theo dân số. Bỏ trống khi không biết.",
    )
    decision = models.CharField("văn bản", max_length=200)

    class Meta:
        verbose_name = verbose_name_plural = "biến động đơn vị"
        ordering = ["date", "old__sort_key"]
        constraints = [
            models.UniqueConstraint(
                fields=["old", "new", "date"],
                nulls_distinct=False,
                name="unit_succession_once",
                violation_error_message="Biến động này đã có.",
            ),
            models.CheckConstraint(
                condition=Q(weight__isnull=True) | Q(weight__gt=0, weight__lte=1),
                name="unit_succession_weight",
                violation_error_message="Phần chuyển sang phải lớn hơn 0 và không quá 1.",
            ),
            models.CheckConstraint(
                condition=Q(share_of_new__isnull=True)
                | Q(share_of_new__gte=0, share_of_new__lte=1, new__isnull=False),
                name="unit_succession_share_of_new",
                violation_error_message="Phần của đơn vị mới phải từ 0 đến 1.",
            ),
            models.CheckConstraint(
                condition=Q(kind="abolished", new=None)
                | (~Q(kind="abolished") & Q(new__isnull=False, weight__isnull=False)),
                name="unit_succession_complete",
                violation_error_message="Biến động phải có đơn vị mới và phần chuyển sang.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.old} → {self.new or 'kết thúc'}"

    @property
    def form(self) -> str:
        """What happened, in a word: "sáp nhập", "đổi tên"."""
        renamed = self.new is not None and self.old.kind == self.new.kind
        return form_of(self.kind, renamed=renamed)


def form_of(kind: str, *, renamed: bool) -> str:
    """The word for a succession; one that is upgraded and keeps its kind has a new name only."""
    if kind == UnitSuccession.Kind.UPGRADED and renamed:
        return "đổi tên"
    return str(UnitSuccession.Kind(kind).label)


class UnitList(models.Model):
    """A list of units that a decision lays down, such as the communes of QĐ 861/QĐ-TTg."""

    code = models.CharField("mã", max_length=20, unique=True)
    name = models.CharField("tên danh sách", max_length=200)
    decision = models.CharField("văn bản", max_length=200)

    class Meta:
        verbose_name = verbose_name_plural = "danh sách địa bàn"
        ordering = ["code"]

    def __str__(self) -> str:
        return self.name


class UnitMembership(models.Model):
    """A unit's place on a list for a time, and how sure we are of it."""

    class Zone(models.TextChoices):
        I = "I", "khu vực I"  # noqa: E741
        II = "II", "khu vực II"
        III = "III", "khu vực III"

    unit_list = models.ForeignKey(UnitList, models.PROTECT, related_name="memberships")
    unit = models.ForeignKey(AdministrativeUnit, models.PROTECT, related_name="memberships")
    valid = DateRangeField("hiệu lực")
    zone = models.CharField("khu vực", max_length=3, choices=Zone, blank=True)
    is_verified = models.BooleanField("đã đối chiếu văn bản", default=False)
    basis = models.CharField("căn cứ", max_length=400, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "đơn vị trong danh sách"
        ordering = ["unit__sort_key"]
        constraints = [
            no_two_at_once(
                "unit_list",
                "unit",
                name="unit_listed_once_at_a_time",
                message="Đơn vị đã có trong danh sách vào thời gian này.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.unit}: {self.unit_list}"


class IssuingAgencyQuerySet(models.QuerySet["IssuingAgency"]):
    def on(self, date: datetime.date) -> IssuingAgency:
        """The agency as it was named on `date`.

        Raises:
            IssuingAgency.DoesNotExist: no row is in force on that day.
        """
        return self.get(valid__contains=date)

    def shown(self) -> IssuingAgency | None:
        """The agency whose name the pages carry: of AGENCY_DAY, by default of today."""
        day = settings.AGENCY_DAY or timezone.localdate()
        return self.filter(valid__contains=day).first()


class IssuingAgency(models.Model):
    """The agency that issues documents, with the names, place and titles of one time."""

    name = models.CharField("tên cơ quan", max_length=120)
    full_name = models.CharField("tên đầy đủ", max_length=160)
    parent_name = models.CharField("cơ quan chủ quản", max_length=120)
    place = models.CharField("địa danh", max_length=60)
    symbol = models.CharField("ký hiệu", max_length=20)
    head_title = models.CharField("chức danh người đứng đầu", max_length=60)
    deputy_title = models.CharField("chức danh cấp phó", max_length=60)
    valid = DateRangeField("hiệu lực")
    is_verified = models.BooleanField("đã đối chiếu văn bản", default=False)

    objects = IssuingAgencyQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "cơ quan ban hành"
        ordering = ["valid"]
        constraints = [
            ExclusionConstraint(
                name="issuing_agency_one_at_a_time",
                expressions=[("valid", RangeOperators.OVERLAPS)],
                violation_error_message="Thời gian này đã có tên cơ quan ban hành.",
            )
        ]

    def __str__(self) -> str:
        return self.full_name

    @property
    def short_word(self) -> str:
        """What its own people call it: "Ban", "Sở", "Ủy ban"."""
        words = self.full_name.split()
        return " ".join(words[: 2 if words[0] in ("Ủy", "Uỷ") else 1])
