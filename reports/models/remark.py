"""What readers of a draft ask to be changed, what is answered, and what has been settled."""

from __future__ import annotations

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from .report import Report
from .section import Section


class RemarkQuerySet(models.QuerySet["Remark"]):
    def open(self) -> Self:
        return self.filter(resolved_at=None)

    def with_answers(self) -> Self:
        return self.select_related("author", "section", "resolved_by").prefetch_related(
            models.Prefetch("answers", RemarkAnswer.objects.select_related("author"))
        )


class Remark(models.Model):
    """What a reader asks to be changed: at the report, at a section, or at one of its paragraphs.

    A remark at a paragraph keeps the paragraph as it was read (`quote`), where it stood
    (`paragraph`, from 0) and in which revision of the section.
    """

    report = models.ForeignKey(Report, models.PROTECT, related_name="remarks")
    section = models.ForeignKey(
        Section, models.PROTECT, verbose_name="mục", related_name="remarks", null=True, blank=True
    )
    quote = models.TextField("đoạn văn", blank=True)
    paragraph = models.PositiveIntegerField("đoạn thứ", null=True, blank=True)
    revision = models.PositiveIntegerField("ở lần sửa", null=True, blank=True)
    text = models.TextField("góp ý")
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="người góp ý", related_name="+"
    )
    at = models.DateTimeField("lúc", db_default=Now())
    resolved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, blank=True
    )
    resolved_at = models.DateTimeField("đã xong lúc", null=True, blank=True)

    objects = RemarkQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "góp ý"
        ordering = ["at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(resolved_by=None, resolved_at=None)
                | Q(resolved_by__isnull=False, resolved_at__isnull=False),
                name="report_remark_resolved_who_when",
                violation_error_message="Góp ý đã xong phải có người và giờ.",
            ),
            models.CheckConstraint(
                condition=Q(paragraph=None, revision=None)
                | Q(paragraph__isnull=False, revision__isnull=False, section__isnull=False),
                name="report_remark_paragraph_of_section",
                violation_error_message="Góp ý về một đoạn phải nói rõ mục và lần sửa.",
            ),
        ]

    def __str__(self) -> str:
        return self.text


class RemarkAnswer(models.Model):
    """What somebody says to a remark. Append-only."""

    remark = models.ForeignKey(Remark, models.PROTECT, related_name="answers")
    text = models.TextField("trả lời")
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="người trả lời", related_name="+"
    )
    at = models.DateTimeField("lúc")

    class Meta:
        verbose_name = verbose_name_plural = "trả lời góp ý"
        ordering = ["remark", "at", "pk"]

    def __str__(self) -> str:
        return self.text
