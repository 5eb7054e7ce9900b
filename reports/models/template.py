"""The outline that reports of one kind begin with."""

from __future__ import annotations

import calendar
import datetime
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.urls import reverse

from portal.units.models import Level as UnitLevel
from reports.text.numbering import ANNEX, ARABIC, BULLET, DECIMAL, LETTER, PLAIN, ROMAN, WIDE_ANNEX

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from portal.accounts.models import User


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


class Rhythm(models.TextChoices):
    """How often reports of one kind are written; all but the last are lengths of a period."""

    MONTHLY = "monthly", "hằng tháng"
    QUARTERLY = "quarterly", "hằng quý"
    HALF_YEARLY = "half_yearly", "6 tháng"
    YEARLY = "yearly", "hằng năm"
    ONE_OFF = "one_off", "khi có yêu cầu"


class ReportTemplateQuerySet(models.QuerySet["ReportTemplate"]):
    def visible_to(self, user: User | AnonymousUser) -> ReportTemplateQuerySet:
        return self if user.is_authenticated and user.has_perm("reports.view") else self.none()

    def published(self) -> ReportTemplateQuerySet:
        return self.filter(published_at__isnull=False)

    def drafts(self) -> ReportTemplateQuerySet:
        return self.filter(published_at=None)

    def current(self) -> ReportTemplateQuerySet:
        """The newest published version of every template in use."""
        newest = self.published().order_by("code", "-version").distinct("code").values("pk")
        return self.filter(pk__in=newest, is_active=True).order_by("code")

    def for_reports(self) -> ReportTemplateQuerySet:
        """Those that one report of the whole province begins with."""
        return self.current().filter(unit_level="")


class ReportTemplate(models.Model):
    """An outline with boilerplate; a report copies it and goes its own way.

    `outline` is a list of {"level", "title", "body", "key", "children"}; bodies hold the atoms
    `<span data-figure="NAME">` and `<span data-citation="NAME">` of `figures` and `citations`:
    {NAME: {"query", "parameters", "style"}} and {NAME: {"number", "symbol", "date", "printed",
    "place"}}; `<span data-exhibit="NAME">`, alone in its paragraph, places one of `exhibits`:
    {NAME: {"kind", "source", "query", "title", "caption", "orientation"}}, the last three when
    wanted. "{nam}" in a text, a title or an exhibit's query stands for the year of the period.
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
    exhibits = models.JSONField("bảng, biểu đồ", default=dict, blank=True)
    recipients = models.JSONField("nơi nhận", default=list, blank=True)
    authority = models.CharField(
        "thẩm quyền ký", max_length=4, choices=Authority, default=Authority.HEAD, blank=True
    )
    rhythm = models.CharField("loại kỳ", max_length=12, choices=Rhythm, default=Rhythm.YEARLY)
    unit_level = models.CharField(
        "lập cho từng", max_length=8, choices=UnitLevel, blank=True, default=""
    )
    division = models.ForeignKey(
        "accounts.Division",
        models.PROTECT,
        verbose_name="phòng soạn thảo",
        related_name="report_templates",
        null=True,
        blank=True,
    )
    signatory = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        verbose_name="người ký thường lệ",
        related_name="+",
        null=True,
        blank=True,
    )
    is_active = models.BooleanField("đang dùng", default=True)
    change_note = models.CharField("có gì mới", max_length=300, blank=True)
    revision = models.PositiveIntegerField("lần sửa", default=1)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, blank=True
    )
    created_at = models.DateTimeField("lập lúc", db_default=Now())
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, blank=True
    )
    published_at = models.DateTimeField("đưa vào dùng lúc", null=True, blank=True)

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
            models.UniqueConstraint(
                fields=["code"],
                condition=Q(published_at=None),
                name="report_template_one_draft",
                violation_error_message="Đề cương này đã có một bản đang sửa.",
            ),
            models.CheckConstraint(
                condition=Q(rhythm__in=[choice.value for choice in Rhythm]),
                name="report_template_rhythm_known",
                violation_error_message="Loại kỳ không đúng.",
            ),
            models.CheckConstraint(
                condition=Q(authority__in=[choice.value for choice in Authority]),
                name="report_template_authority_known",
                violation_error_message="Thẩm quyền ký không đúng.",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("reports:template_detail", args=[self.pk])

    @property
    def is_draft(self) -> bool:
        return self.published_at is None

    def clean(self) -> None:
        for node in walk(self.outline):
            if node.get("level", PLAIN) not in Level.values:
                raise ValidationError({"outline": f"Cấp mục “{node.get('level')}” không có."})


class TemplateDeadline(models.Model):
    """By when a report of one kind is due, from a day on: the `day` of the month that is `months`
    after the last month of the period (negative: before it). A shorter month ends on its last day.
    """

    code = models.CharField("mã đề cương", max_length=20, db_index=True)
    valid_from = models.DateField("áp dụng từ ngày")
    months = models.SmallIntegerField("tháng sau tháng cuối kỳ", default=0)
    day = models.PositiveSmallIntegerField("ngày trong tháng")
    basis = models.CharField("theo văn bản", max_length=200, blank=True)
    is_verified = models.BooleanField("đã đối chiếu bản gốc", default=False)
    set_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, blank=True
    )
    set_at = models.DateTimeField("ghi lúc", db_default=Now())

    class Meta:
        verbose_name = verbose_name_plural = "hạn lập báo cáo"
        ordering = ["code", "-valid_from"]
        constraints = [
            models.UniqueConstraint(
                fields=["code", "valid_from"],
                name="template_deadline_once_a_day",
                violation_error_message="Đã có hạn áp dụng từ ngày này.",
            ),
            models.CheckConstraint(
                condition=Q(day__gte=1, day__lte=31, months__gte=-12, months__lte=12),
                name="template_deadline_possible",
                violation_error_message="Ngày từ 1 đến 31, lệch không quá 12 tháng.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code}: ngày {self.day}"

    def due(self, period_end: datetime.date) -> datetime.date:
        """The day a report of the period that ends on `period_end` is due."""
        months = period_end.year * 12 + period_end.month - 1 + self.months
        year, month = months // 12, months % 12 + 1
        return datetime.date(year, month, min(self.day, calendar.monthrange(year, month)[1]))


def walk(outline: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return every section of an outline, in reading order."""
    found = []
    for node in outline:
        found.append(node)
        found += walk(node.get("children", []))
    return found
