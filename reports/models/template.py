"""The outline that reports of one kind begin with."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q

from reports.numbering import (
    ANNEX,
    ARABIC,
    BULLET,
    DECIMAL,
    LETTER,
    PLAIN,
    ROMAN,
    WIDE_ANNEX,
)


class Level(models.TextChoices):
    """How a section is numbered."""

    ROMAN = ROMAN, "I, II, III"
    ARABIC = ARABIC, "1, 2, 3"
    DECIMAL = DECIMAL, "1.1, 1.1.1"
    LETTER = LETTER, "a), b), c)"
    BULLET = BULLET, "gạch đầu dòng"
    PLAIN = PLAIN, "không đánh số"
    ANNEX = ANNEX, "phụ lục, trang dọc"
    WIDE_ANNEX = WIDE_ANNEX, "phụ lục, trang ngang"


class Authority(models.TextChoices):
    """In whose place the signatory signs (Nghị định 30/2020, Phụ lục I)."""

    HEAD = "", "Người đứng đầu ký"
    DEPUTY = "KT.", "Cấp phó ký thay (KT.)"
    ACTING = "Q.", "Quyền người đứng đầu (Q.)"
    COLLECTIVE = "TM.", "Thay mặt tập thể (TM.)"
    ORDER = "TL.", "Thừa lệnh (TL.)"
    MANDATE = "TUQ.", "Thừa uỷ quyền (TUQ.)"


class Relation(models.TextChoices):
    """Where a recipient stands; only a body above is addressed with "Kính gửi"."""

    ABOVE = "above", "cấp trên"
    PEER = "peer", "ngang cấp"
    BELOW = "below", "cấp dưới"
    INTERNAL = "internal", "trong cơ quan"
    FILE = "file", "lưu"


class ReportTemplateQuerySet(models.QuerySet["ReportTemplate"]):
    def current(self) -> ReportTemplateQuerySet:
        """The newest version of every template in use."""
        return self.filter(is_active=True).order_by("code", "-version").distinct("code")


class ReportTemplate(models.Model):
    """An outline with boilerplate; a report copies it and goes its own way.

    `outline` is a list of {"level", "title", "body", "key", "children"}; bodies hold the atoms
    `<span data-figure="NAME">` and `<span data-citation="NAME">` of `figures` and `citations`:
    {NAME: {"query", "parameters", "style"}} and {NAME: {"number", "symbol", "date", "printed",
    "place"}}. "{nam}" in a text stands for the year of the period.
    """

    code = models.CharField("mã", max_length=20)
    version = models.PositiveSmallIntegerField("phiên bản", default=1)
    title = models.CharField("tên đề cương", max_length=200)
    subject = models.TextField("trích yếu")
    document_type = models.ForeignKey(
        "documents.DocumentType", models.PROTECT, verbose_name="loại văn bản"
    )
    legal_basis = models.JSONField("căn cứ", default=list, blank=True)
    outline = models.JSONField("đề cương", default=list)
    figures = models.JSONField("số liệu", default=dict, blank=True)
    citations = models.JSONField("văn bản dẫn", default=dict, blank=True)
    recipients = models.JSONField("nơi nhận", default=list, blank=True)
    authority = models.CharField(
        "thẩm quyền ký", max_length=4, choices=Authority, default=Authority.HEAD, blank=True
    )
    is_active = models.BooleanField("đang dùng", default=True)

    objects = ReportTemplateQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "đề cương báo cáo"
        ordering = ["code", "-version"]
        constraints = [
            models.UniqueConstraint(
                fields=["code", "version"],
                name="report_template_version_once",
                violation_error_message="Đề cương đã có phiên bản này.",
            ),
            models.CheckConstraint(
                condition=Q(authority__in=[choice.value for choice in Authority]),
                name="report_template_authority_known",
                violation_error_message="Thẩm quyền ký không đúng.",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def clean(self) -> None:
        for node in walk(self.outline):
            if node.get("level", PLAIN) not in Level.values:
                raise ValidationError({"outline": f"Cấp mục “{node.get('level')}” không có."})


def walk(outline: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return every section of an outline, in reading order."""
    found = []
    for node in outline:
        found.append(node)
        found += walk(node.get("children", []))
    return found
