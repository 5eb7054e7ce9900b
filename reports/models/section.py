"""The text: a tree of sections, and every version it has had."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.db.models import Q

from reports.text import richtext

from .report import Report
from .template import Level

if TYPE_CHECKING:
    from portal.accounts.models import User


class SectionQuerySet(models.QuerySet["Section"]):
    def present(self) -> Self:
        """Not taken out. A section below one that was taken out is taken out with it."""
        return self.filter(removed_at=None)


class Section(models.Model):
    """A numbered part of a report with its own words."""

    report = models.ForeignKey(Report, models.PROTECT, related_name="sections")
    parent = models.ForeignKey(
        "self",
        models.PROTECT,
        verbose_name="thuộc mục",
        related_name="children",
        null=True,
        blank=True,
    )
    position = models.PositiveIntegerField("thứ tự")
    level = models.CharField("cấp mục", max_length=8, choices=Level, default=Level.PLAIN)
    manual_label = models.CharField("số mục ghi tay", max_length=12, blank=True)
    title = models.CharField("tên mục", max_length=400, blank=True)
    body = models.TextField("nội dung", blank=True)
    source = models.ForeignKey(
        "self",
        models.PROTECT,
        verbose_name="chép từ mục",
        related_name="copies",
        null=True,
        blank=True,
    )
    revision = models.PositiveIntegerField("lần sửa", default=1)
    removed_at = models.DateTimeField("bỏ lúc", null=True, blank=True)

    objects = SectionQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "mục của báo cáo"
        ordering = ["position", "pk"]
        indexes = [models.Index(fields=["report", "parent", "position"], name="section_in_tree")]
        constraints = [
            models.CheckConstraint(
                condition=Q(level__in=[level.value for level in Level]),
                name="section_level_known",
                violation_error_message="Cấp mục không đúng.",
            ),
            models.CheckConstraint(
                condition=Q(parent=None) | ~Q(parent=models.F("pk")),
                name="section_not_in_itself",
                violation_error_message="Mục không thể thuộc chính nó.",
            ),
        ]

    def __str__(self) -> str:
        return self.title or self.excerpt

    @property
    def lines(self) -> tuple[richtext.Line, ...]:
        """The stored words; what no longer would be stored is left out."""
        return richtext.read(self.body, is_trusted=True)

    def last_saved_by(self, user: User) -> int:
        """The revision that this person saved last; 0 when none. Drafts on their machine from
        before are done with."""
        mine = self.versions.filter(author=user).order_by("-revision")
        return mine.values_list("revision", flat=True).first() or 0

    @property
    def excerpt(self) -> str:
        """The first words, for lists of sections without titles."""
        words = richtext.plain(self.body).split()
        return " ".join(words[:9]) + ("…" if len(words) > 9 else "")


class SectionVersion(models.Model):
    """What a section said after one edit; never changed, never deleted."""

    section = models.ForeignKey(Section, models.PROTECT, related_name="versions")
    revision = models.PositiveIntegerField("lần sửa")
    title = models.CharField("tên mục", max_length=400, blank=True)
    body = models.TextField("nội dung", blank=True)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="người sửa", related_name="+"
    )
    at = models.DateTimeField("lúc")
    draft_no = models.PositiveSmallIntegerField("dự thảo lần", default=1)

    class Meta:
        verbose_name = verbose_name_plural = "bản cũ của mục"
        ordering = ["section", "-revision"]
        constraints = [
            models.UniqueConstraint(
                fields=["section", "revision"],
                name="section_revision_once",
                violation_error_message="Mục này vừa được người khác sửa.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.section} ({self.revision})"


class ReportEvent(models.Model):
    """One step of a report's way: who, when, what, why. Append-only."""

    report = models.ForeignKey(Report, models.PROTECT, related_name="events")
    kind = models.CharField("việc", max_length=30)
    what = models.CharField("nội dung", max_length=300)
    note = models.TextField("ghi chú", blank=True)
    who = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, blank=True
    )
    at = models.DateTimeField("lúc")
    status = models.CharField("trạng thái sau đó", max_length=14, choices=Report.Status)

    class Meta:
        verbose_name = verbose_name_plural = "việc đã làm với báo cáo"
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return self.what
