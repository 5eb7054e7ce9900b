"""What the lists of people have in common."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from ethnic_data.models.groups import EthnicGroup
from ethnic_data.models.indicators import Sex
from portal.units.models import AdministrativeUnit, UnitAncestor
from portal.units.names import fold, sort_key

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from portal.accounts.models import User

EARLIEST_BIRTH = 1900


class Education(models.TextChoices):
    """General education, by the highest level that was finished."""

    NONE = "none", "chưa qua tiểu học"
    PRIMARY = "primary", "tiểu học"
    LOWER_SECONDARY = "lower_secondary", "trung học cơ sở"
    UPPER_SECONDARY = "upper_secondary", "trung học phổ thông"


class Qualification(models.TextChoices):
    """Professional training, by the highest degree."""

    NONE = "none", "chưa qua đào tạo"
    ELEMENTARY = "elementary", "sơ cấp"
    INTERMEDIATE = "intermediate", "trung cấp"
    COLLEGE = "college", "cao đẳng"
    UNIVERSITY = "university", "đại học"
    POSTGRADUATE = "postgraduate", "trên đại học"


class PersonQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: User | AnonymousUser) -> Self:
        if not user.is_authenticated or not user.has_perm("people.view"):
            return self.none()
        if user.sees_every_unit:
            return self
        return self.filter(unit__in=AdministrativeUnit.objects.visible_to(user))

    def within(self, unit: AdministrativeUnit) -> Self:
        """Of `unit` and of everything that ever belonged to it."""
        below = UnitAncestor.objects.filter(ancestor=unit).values("unit")
        return self.filter(Q(unit=unit) | Q(unit__in=below))

    def in_units(self, units: Iterable[int]) -> Self:
        return self.filter(unit__in=list(units))

    def named(self, text: str) -> Self:
        """People whose name holds `text`, with or without marks."""
        wanted = fold(text)
        return self.filter(name_key__contains=wanted) if wanted else self

    def on(self, day: datetime.date) -> Self:
        """Those in office, or recognised, on `day`."""
        raise NotImplementedError

    def minorities(self) -> Self:
        return self.filter(group__counts_as_minority=True)

    def with_names(self) -> Self:
        """Everything a list shows, in one query."""
        return self.select_related("unit", "group")


class PersonRecord(models.Model):
    """A person in one list. Two lists may hold the same person; each keeps its own record."""

    full_name = models.CharField("họ và tên", max_length=120)
    name_key = models.CharField("tên để tìm", max_length=120, editable=False)
    sort_key = models.CharField(
        "khoá xếp", max_length=400, editable=False, db_collation="C", db_index=True
    )
    birth_year = models.PositiveSmallIntegerField("năm sinh")
    sex = models.CharField("giới tính", max_length=6, choices=Sex)
    group = models.ForeignKey(EthnicGroup, models.PROTECT, verbose_name="dân tộc")
    unit = models.ForeignKey(AdministrativeUnit, models.PROTECT, verbose_name="đơn vị")
    is_party_member = models.BooleanField("đảng viên", default=False)
    education = models.CharField("trình độ văn hoá", max_length=16, choices=Education, blank=True)
    qualification = models.CharField(
        "trình độ chuyên môn", max_length=14, choices=Qualification, blank=True
    )
    religion = models.CharField("tôn giáo", max_length=60, blank=True)
    note = models.CharField("ghi chú", max_length=300, blank=True)
    is_demo = models.BooleanField("số liệu minh hoạ", default=False, editable=False)
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", editable=False
    )
    changed_at = models.DateTimeField("sửa lúc", db_default=Now(), editable=False)

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                condition=Q(birth_year__gte=EARLIEST_BIRTH, birth_year__lte=2100),
                name="%(class)s_birth_year",
                violation_error_message="Năm sinh phải từ 1900.",
            ),
            models.CheckConstraint(
                condition=Q(sex__in=Sex.values),
                name="%(class)s_sex_known",
                violation_error_message="Giới tính phải là nam hoặc nữ.",
            ),
            models.CheckConstraint(
                condition=~Q(full_name="") & ~Q(name_key=""),
                name="%(class)s_has_a_name",
                violation_error_message="Họ và tên phải có chữ.",
            ),
            models.CheckConstraint(
                condition=Q(education__in=["", *Education.values]),
                name="%(class)s_education_known",
                violation_error_message="Trình độ văn hoá không có trong danh mục.",
            ),
            models.CheckConstraint(
                condition=Q(qualification__in=["", *Qualification.values]),
                name="%(class)s_qualification_known",
                violation_error_message="Trình độ chuyên môn không có trong danh mục.",
            ),
        ]

    def __str__(self) -> str:
        return self.full_name

    def save(self, *args: Any, **kwargs: Any) -> None:
        self._name_keys()
        super().save(*args, **kwargs)

    def _name_keys(self) -> None:
        self.full_name = " ".join(self.full_name.split())
        self.name_key, self.sort_key = fold(self.full_name), sort_key(self.full_name)

    def full_clean(self, *args: Any, **kwargs: Any) -> None:
        self._name_keys()
        super().full_clean(*args, **kwargs)

    def age(self, on: datetime.date) -> int:
        """Full years by the calendar year, the way lists of people count."""
        return on.year - self.birth_year


def old_enough(date: str, years: int) -> Q:
    """At least `years` old in the year of the field `date`."""
    return Q(**{f"{date}__year__gte": F("birth_year") + years})
