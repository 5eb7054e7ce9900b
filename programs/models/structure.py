"""A programme, its phases, its tree of projects, subprojects and contents, and where they apply."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Self

from django.contrib.postgres.fields import DateRangeField
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse

from portal.units.models import AdministrativeUnit, no_two_at_once

NOT_VERIFIED = "chưa đối chiếu"


class Dated(models.Model):
    """What holds for a time, kept as the range `valid`."""

    class Meta:
        abstract = True

    @property
    def first_day(self) -> datetime.date | None:
        return self.valid.lower  # type: ignore[attr-defined,no-any-return]

    @property
    def last_day(self) -> datetime.date | None:
        """The last day in force; None while no end is known."""
        end = self.valid.upper  # type: ignore[attr-defined]
        return end - datetime.timedelta(days=1) if end else None

    @property
    def days(self) -> str:
        """In words: "01/01/2021–31/12/2025", "từ 01/01/2026"."""
        first, last = self.first_day, self.last_day
        if last is None:
            return f"từ {first:%d/%m/%Y}" if first else "mọi ngày"
        return f"{first:%d/%m/%Y}–{last:%d/%m/%Y}" if first else f"đến {last:%d/%m/%Y}"


class Confidence(models.TextChoices):
    """How sure we are of a row that was not read in its own legal text."""

    SOURCED = "sourced", "có nguồn"
    HIGH = "high", "khá chắc"
    MEDIUM = "medium", "tương đối"
    LOW = "low", "chưa chắc"


class ProgrammeQuerySet(models.QuerySet["Programme"]):
    def on(self, date: datetime.date) -> Self:
        return self.filter(valid__contains=date)

    def latest_begun(self, date: datetime.date) -> Programme | None:
        """The programme in force on `date`; between two, the one that began last."""
        begun = self.filter(valid__startswith__lte=date).order_by("-valid")
        return begun.first() or self.order_by("valid").first()


class Programme(Dated):
    """A national target programme as one decision lays it down."""

    code = models.SlugField(
        "mã",
        max_length=20,
        unique=True,
        error_messages={"unique": "Mã chương trình này đã có."},
    )
    name = models.CharField("tên chương trình", max_length=300)
    short_name = models.CharField("tên ngắn", max_length=60)
    decision = models.CharField("quyết định", max_length=300)
    owner = models.CharField("cơ quan chủ chương trình", max_length=200)
    valid = DateRangeField("thời gian thực hiện")
    note = models.TextField("ghi chú", blank=True)
    is_verified = models.BooleanField("đã đối chiếu văn bản", default=False)

    objects = ProgrammeQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "chương trình"
        ordering = ["-valid", "code"]
        constraints = [
            models.CheckConstraint(
                condition=Q(valid__isempty=False, valid__startswith__isnull=False),
                name="programme_has_begun",
                violation_error_message="Chương trình phải có ngày bắt đầu.",
            ),
        ]

    def __str__(self) -> str:
        return self.short_name

    def get_absolute_url(self) -> str:
        return reverse("programs:programme_detail", args=[self.code])

    def years_of(self, most: int) -> list[int]:
        """The years that it runs in; `most` of them while no end is known."""
        last = self.last_day.year if self.last_day else self.valid.lower.year + most - 1
        return list(range(self.valid.lower.year, last + 1))


class Phase(Dated):
    """A phase of a programme, such as 2021–2025."""

    programme = models.ForeignKey(Programme, models.CASCADE, related_name="phases")
    name = models.CharField("tên giai đoạn", max_length=60)
    valid = DateRangeField("thời gian")

    class Meta:
        verbose_name = verbose_name_plural = "giai đoạn"
        ordering = ["valid"]
        constraints = [
            models.UniqueConstraint(
                fields=["programme", "name"],
                name="phase_once",
                violation_error_message="Giai đoạn này đã có.",
            ),
            models.CheckConstraint(
                condition=Q(valid__isempty=False),
                name="phase_has_time",
                violation_error_message="Giai đoạn phải có thời gian.",
            ),
            no_two_at_once(
                "programme",
                name="phase_one_at_a_time",
                message="Thời gian này đã thuộc giai đoạn khác của chương trình.",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def years(self) -> str:
        """First and last year, "2021–2025"; an end left open is an ellipsis."""
        end = self.valid.upper
        last = (end - datetime.timedelta(days=1)).year if end else "…"
        return f"{self.valid.lower.year if self.valid.lower else '…'}–{last}"


@dataclass
class Branch:
    """A component with what belongs to it: subprojects first, then contents."""

    component: Component
    below: list[Branch] = field(default_factory=list)

    @property
    def size(self) -> int:
        """How many components hang below, at every depth."""
        return sum(1 + branch.size for branch in self.below)

    def walk(self) -> Iterator[Branch]:
        """This branch and all below it, in order."""
        yield self
        for branch in self.below:
            yield from branch.walk()


class ByNumbers(models.Func):
    """A code with each of its numbers written in three digits, so that DA10 comes after DA9."""

    template = (
        r"regexp_replace(regexp_replace(%(expressions)s, '\d+', '000\&', 'g'), "
        r"'\d*(\d{3})', '\1', 'g')"
    )
    output_field = models.TextField()


class ComponentQuerySet(models.QuerySet["Component"]):
    def in_order(self) -> Self:
        """The latest programme first, its components by code as people count."""
        return self.order_by("-programme__valid", ByNumbers("code"))

    def as_tree(self) -> list[Branch]:
        """Projects first to last, each with what belongs to it; one query.

        A component whose parent is not in this set stands at the top.
        """
        branches = {component.pk: Branch(component) for component in self.order_by("number")}
        tops: list[Branch] = []
        for branch in branches.values():
            above = branches.get(branch.component.parent_id or 0)
            (above.below if above else tops).append(branch)
        for branch in branches.values():
            branch.below.sort(key=lambda below: below.component.is_content)
        return tops

    def excluded_from(self, unit: AdministrativeUnit, *, on: datetime.date) -> Self:
        """Components that are not carried out in the province `unit` on `on`, by their own rule
        or that of what they belong to."""
        ruled_out = Applicability.objects.filter(applies=False, unit=unit, valid__contains=on)
        return self.filter(
            Exists(ruled_out.filter(component=OuterRef("pk")))
            | Exists(ruled_out.filter(component=OuterRef("parent")))
            | Exists(ruled_out.filter(component=OuterRef("parent__parent")))
        )


class Component(models.Model):
    """A project (dự án), subproject (tiểu dự án) or content (nội dung) of a programme.

    The database's trigger keeps the tree whole: a project stands at the top, a subproject below a
    project, a content below either, all of one programme; so there are no loops.
    """

    class Kind(models.TextChoices):
        PROJECT = "project", "dự án"
        SUBPROJECT = "subproject", "tiểu dự án"
        CONTENT = "content", "nội dung"

    PARENT_KINDS = {
        Kind.PROJECT: (),
        Kind.SUBPROJECT: (Kind.PROJECT,),
        Kind.CONTENT: (Kind.PROJECT, Kind.SUBPROJECT),
    }

    programme = models.ForeignKey(
        Programme, models.PROTECT, related_name="components", verbose_name="chương trình"
    )
    parent = models.ForeignKey(
        "self",
        models.PROTECT,
        related_name="children",
        verbose_name="thuộc",
        null=True,
        blank=True,
    )
    kind = models.CharField("loại", max_length=12, choices=Kind)
    number = models.PositiveSmallIntegerField("số thứ tự")
    code = models.CharField(
        "mã",
        max_length=30,
        validators=[RegexValidator(r"^[A-Z0-9.]+$", "Mã chỉ gồm chữ hoa, chữ số và dấu chấm.")],
    )
    name = models.CharField("tên", max_length=500)
    lead_agency = models.CharField("cơ quan chủ trì", max_length=300, blank=True)
    confidence = models.CharField("độ tin cậy", max_length=10, choices=Confidence)
    confidence_note = models.CharField("chưa chắc về", max_length=60, blank=True)
    source = models.CharField("nguồn", max_length=300, blank=True)
    is_verified = models.BooleanField("đã đối chiếu văn bản", default=False)

    objects = ComponentQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "dự án, tiểu dự án, nội dung"
        ordering = ["programme", "number", "code"]
        constraints = [
            models.UniqueConstraint(
                fields=["programme", "code"],
                name="component_code_once",
                violation_error_message="Mã này đã có trong chương trình.",
            ),
            models.UniqueConstraint(
                fields=["programme", "parent", "kind", "number"],
                nulls_distinct=False,
                name="component_number_once",
                violation_error_message="Số thứ tự này đã có ở cùng cấp.",
            ),
            models.CheckConstraint(
                condition=Q(kind="project", parent=None)
                | Q(kind__in=["subproject", "content"], parent__isnull=False),
                name="component_stands_where_it_belongs",
                violation_error_message=(
                    "Dự án đứng ở cấp cao nhất; tiểu dự án, nội dung phải thuộc một dự án hoặc "
                    "tiểu dự án."
                ),
            ),
            models.CheckConstraint(
                condition=Q(number__gt=0),
                name="component_number_positive",
                violation_error_message="Số thứ tự phải lớn hơn 0.",
            ),
            models.CheckConstraint(
                condition=Q(confidence__in=[choice.value for choice in Confidence]),
                name="component_confidence_known",
                violation_error_message="Độ tin cậy không đúng.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.label}: {self.name}"

    def get_absolute_url(self) -> str:
        return reverse("programs:component_detail", args=[self.programme.code, self.code])

    def clean(self) -> None:
        parent = self.parent
        if parent is None:
            return
        if parent.programme_id != self.programme_id:
            raise ValidationError({"parent": "Cấp trên thuộc chương trình khác."})
        if parent.kind not in self.PARENT_KINDS.get(self.Kind(self.kind), ()):
            raise ValidationError(
                {"parent": f"{self.get_kind_display().capitalize()} không thể thuộc cấp này."}
            )

    @property
    def is_content(self) -> bool:
        return self.kind == self.Kind.CONTENT

    def line_above(self) -> list[Component]:
        """What this component belongs to, the project first; at most two."""
        above = [self.parent.parent, self.parent] if self.parent else []
        return [component for component in above if component]

    @property
    def label(self) -> str:
        """As people call it among its siblings: "Dự án 3", "Tiểu dự án 2", "Nội dung 1"."""
        return f"{self.Kind(self.kind).label.capitalize()} {self.number}"


class Applicability(Dated):
    """Whether a component is carried out in a province, when that is laid down. Without a row it
    is carried out there."""

    component = models.ForeignKey(Component, models.CASCADE, related_name="applicability")
    unit = models.ForeignKey(
        AdministrativeUnit, models.PROTECT, related_name="+", verbose_name="tỉnh"
    )
    applies = models.BooleanField("có thực hiện")
    valid = DateRangeField("hiệu lực")
    basis = models.CharField("căn cứ", max_length=300)

    class Meta:
        verbose_name = verbose_name_plural = "địa bàn áp dụng"
        ordering = ["valid"]
        constraints = [
            no_two_at_once(
                "component",
                "unit",
                name="applicability_once_at_a_time",
                message="Thời gian này đã có quy định áp dụng.",
            ),
            models.CheckConstraint(
                condition=Q(valid__isempty=False) & ~Q(basis=""),
                name="applicability_has_basis",
                violation_error_message="Quy định áp dụng phải có thời gian và căn cứ.",
            ),
        ]

    def __str__(self) -> str:
        word = "thực hiện" if self.applies else "không thực hiện"
        return f"{self.component.code}: {word} tại {self.unit}"
