"""What came of the money: outputs of works, who benefited, households helped, targets reached."""

from __future__ import annotations

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from ethnic_data.models import EthnicGroup
from portal.accounts.models import User
from portal.documents.models import Document
from portal.units.models import AdministrativeUnit

from .structure import Component
from .targets import Target
from .works import Works

YEAR = Q(year__range=(2000, 2100))


class OutputKind(models.Model):
    """One kind of output of a component: kilometres of road, households given houses …"""

    class Counted(models.TextChoices):
        THINGS = "things", "công trình, khối lượng"
        HOUSEHOLDS = "households", "hộ"
        PEOPLE = "people", "người"

    component = models.ForeignKey(
        Component, models.PROTECT, related_name="output_kinds", verbose_name="dự án, nội dung"
    )
    code = models.CharField(
        "mã",
        max_length=20,
        unique=True,
        validators=[RegexValidator(r"^[A-Z0-9.-]+$", "Mã chỉ gồm chữ hoa, chữ số, . và -.")],
        error_messages={"unique": "Mã này đã có."},
    )
    name = models.CharField("kết quả", max_length=200)
    unit_of_measure = models.CharField("đơn vị tính", max_length=30)
    counted = models.CharField("đếm", max_length=10, choices=Counted, default=Counted.THINGS)
    decimals = models.PositiveSmallIntegerField("số chữ số lẻ", default=0)
    position = models.PositiveSmallIntegerField("thứ tự", default=0)
    is_active = models.BooleanField("đang dùng", default=True)

    class Meta:
        verbose_name = verbose_name_plural = "loại kết quả"
        ordering = ["position", "code"]
        constraints = [
            models.CheckConstraint(
                condition=Q(counted__in=["things", "households", "people"]),
                name="output_kind_counted_known",
                violation_error_message="Cách đếm không đúng.",
            ),
            models.CheckConstraint(
                condition=Q(decimals__lte=3),
                name="output_kind_decimals",
                violation_error_message="Nhiều nhất 3 chữ số lẻ.",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Output(models.Model):
    """What works gave in one year; summed upward, never entered above the works."""

    works = models.ForeignKey(Works, models.PROTECT, related_name="outputs")
    kind = models.ForeignKey(OutputKind, models.PROTECT, related_name="outputs")
    year = models.PositiveSmallIntegerField("năm")
    planned = models.DecimalField(
        "kế hoạch", max_digits=15, decimal_places=3, null=True, blank=True
    )
    actual = models.DecimalField(
        "thực hiện", max_digits=15, decimal_places=3, null=True, blank=True
    )
    submission = models.ForeignKey(
        "collection.Submission", models.PROTECT, null=True, blank=True, related_name="+"
    )
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField("ghi lúc", db_default=Now(), editable=False)

    class Meta:
        verbose_name = verbose_name_plural = "kết quả"
        ordering = ["year", "kind"]
        constraints = [
            models.UniqueConstraint(
                fields=["works", "kind", "year"],
                name="output_once",
                violation_error_message="Kết quả này của năm đã có.",
            ),
            models.CheckConstraint(
                condition=(Q(planned=None) | Q(planned__gte=0))
                & (Q(actual=None) | Q(actual__gte=0))
                & (Q(planned__isnull=False) | Q(actual__isnull=False)),
                name="output_not_negative",
                violation_error_message="Kết quả phải từ 0 trở lên.",
            ),
            models.CheckConstraint(
                condition=YEAR,
                name="output_year_sound",
                violation_error_message="Năm phải từ 2000 đến 2100.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.works.code} {self.kind.code} {self.year}"


class Beneficiaries(models.Model):
    """How many people of one ethnic group benefited from works in one year."""

    works = models.ForeignKey(Works, models.PROTECT, related_name="beneficiaries")
    year = models.PositiveSmallIntegerField("năm")
    group = models.ForeignKey(EthnicGroup, models.PROTECT, related_name="+", verbose_name="dân tộc")
    male = models.PositiveIntegerField("nam", default=0)
    female = models.PositiveIntegerField("nữ", default=0)
    submission = models.ForeignKey(
        "collection.Submission", models.PROTECT, null=True, blank=True, related_name="+"
    )
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField("ghi lúc", db_default=Now(), editable=False)

    class Meta:
        verbose_name = verbose_name_plural = "người thụ hưởng"
        ordering = ["year", "group"]
        constraints = [
            models.UniqueConstraint(
                fields=["works", "year", "group"],
                name="beneficiaries_once",
                violation_error_message="Dân tộc này đã có trong năm.",
            ),
            models.CheckConstraint(
                condition=YEAR,
                name="beneficiaries_year_sound",
                violation_error_message="Năm phải từ 2000 đến 2100.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.works.code} {self.year} {self.group}"

    @property
    def people(self) -> int:
        return self.male + self.female


class SupportedHousehold(models.Model):
    """A household helped with one content in one year, known by its number in the commune's list.

    No name is kept. The database refuses the same household twice in one content and year.
    """

    component = models.ForeignKey(
        Component, models.PROTECT, related_name="supported_households", verbose_name="nội dung"
    )
    year = models.PositiveSmallIntegerField("năm")
    unit = models.ForeignKey(
        AdministrativeUnit, models.PROTECT, related_name="+", verbose_name="xã, phường, thị trấn"
    )
    household_no = models.CharField(
        "số hộ trong danh sách của xã",
        max_length=30,
        validators=[
            RegexValidator(r"^[A-Z0-9./-]+$", "Số hộ chỉ gồm chữ hoa, chữ số, dấu chấm, / và -.")
        ],
    )
    group = models.ForeignKey(
        EthnicGroup, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="dân tộc"
    )
    works = models.ForeignKey(
        Works,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="households",
        verbose_name="công trình, hoạt động",
    )
    amount = models.DecimalField(
        "mức hỗ trợ (triệu đồng)", max_digits=15, decimal_places=3, null=True, blank=True
    )
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField("ghi lúc", db_default=Now(), editable=False)

    class Meta:
        verbose_name = verbose_name_plural = "hộ được hỗ trợ"
        ordering = ["year", "unit", "household_no"]
        constraints = [
            models.UniqueConstraint(
                fields=["component", "year", "unit", "household_no"],
                name="supported_household_once",
                violation_error_message=(
                    "Hộ này đã được ghi trong nội dung và năm đó; mỗi hộ chỉ tính một lần."
                ),
            ),
            models.CheckConstraint(
                condition=YEAR,
                name="supported_household_year_sound",
                violation_error_message="Năm phải từ 2000 đến 2100.",
            ),
            models.CheckConstraint(
                condition=Q(amount=None) | Q(amount__gt=0),
                name="supported_household_amount_positive",
                violation_error_message="Mức hỗ trợ phải lớn hơn 0.",
            ),
            models.CheckConstraint(
                condition=~Q(household_no__regex=r"^0[0-9]+$"),
                name="supported_household_number_plain",
                violation_error_message="Ghi số hộ không có số 0 ở đầu: 7, không phải 007.",
            ),
            models.CheckConstraint(
                condition=~Q(household_no=""),
                name="supported_household_known",
                violation_error_message="Ghi số hộ trong danh sách của xã.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.household_no}, {self.unit}, {self.year}"


class TargetActual(models.Model):
    """What a target really reached in a year, where no indicator tells it; with its document."""

    target = models.ForeignKey(Target, models.PROTECT, related_name="actuals")
    year = models.PositiveSmallIntegerField("năm")
    value = models.DecimalField("thực hiện", max_digits=15, decimal_places=3)
    document = models.ForeignKey(
        Document,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="văn bản",
    )
    note = models.CharField("ghi chú", max_length=300, blank=True)
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField("ghi lúc", db_default=Now(), editable=False)

    class Meta:
        verbose_name = verbose_name_plural = "mức thực hiện"
        ordering = ["year", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["target", "year"],
                name="target_actual_once",
                violation_error_message="Năm này đã có mức thực hiện.",
            ),
            models.CheckConstraint(
                condition=YEAR,
                name="target_actual_year_sound",
                violation_error_message="Năm phải từ 2000 đến 2100.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.target.code} {self.year}: {self.value}"
