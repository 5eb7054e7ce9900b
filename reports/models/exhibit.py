"""A table or a chart in the text: what it is made from, and what it says, frozen with the text."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q

from .report import Report

LONGEST_QUERY = 2000


class Exhibit(models.Model):
    """A table or chart that stands alone on a line of one section.

    `query` is the address of what it shows: of the explorer, or of a programme's overview with
    `bang` for the cut. While the report is a draft the data follow it; sending it up freezes
    `data`, `drawing` and `provenance`. `data` (reports.exhibits.content.Content): {"head":
    [[[text, columns, rows], …], …], "rows": [[label, is_total, [[text, value or null], …]], …],
    "unit", "about", "marks"}. `drawing` is SVG, of charts only. `provenance`: {"source", "period",
    "units", "as_of", "is_demo", "hidden"}.
    """

    class Kind(models.TextChoices):
        TABLE = "table", "bảng"
        CHART = "chart", "biểu đồ"

    class Source(models.TextChoices):
        EXPLORER = "explorer", "khám phá số liệu"
        PROGRAMME = "programme", "chương trình"

    class Orientation(models.TextChoices):
        PORTRAIT = "portrait", "trang dọc"
        LANDSCAPE = "landscape", "trang ngang riêng"

    report = models.ForeignKey(Report, models.PROTECT, related_name="exhibits")
    kind = models.CharField("loại", max_length=5, choices=Kind)
    source = models.CharField("lấy từ", max_length=9, choices=Source)
    query = models.CharField("lựa chọn", max_length=LONGEST_QUERY)
    title = models.CharField("tên", max_length=300)
    caption = models.CharField("ghi chú dưới bảng", max_length=500, blank=True)
    orientation = models.CharField(
        "chiều trang", max_length=9, choices=Orientation, default=Orientation.PORTRAIT
    )
    data = models.JSONField("số liệu", default=dict, blank=True)
    drawing = models.TextField("hình vẽ", blank=True)
    provenance = models.JSONField("nguồn", default=dict, blank=True)
    problem = models.CharField("chưa lập được vì", max_length=300, blank=True)
    computed_at = models.DateTimeField("lập lúc", null=True, blank=True)
    frozen_at = models.DateTimeField("chốt lúc", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "bảng, biểu đồ trong báo cáo"
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(title=""),
                name="exhibit_has_title",
                violation_error_message="Bảng, biểu đồ phải có tên.",
            ),
            models.CheckConstraint(
                condition=Q(frozen_at=None) | Q(problem="", computed_at__isnull=False),
                name="exhibit_frozen_has_data",
                violation_error_message="Bảng, biểu đồ đã chốt phải có số liệu.",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=["table", "chart"])
                & Q(source__in=["explorer", "programme"])
                & Q(orientation__in=["portrait", "landscape"]),
                name="exhibit_choices_known",
                violation_error_message="Loại, nguồn hoặc chiều trang của bảng không đúng.",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_chart(self) -> bool:
        return self.kind == self.Kind.CHART

    @property
    def is_landscape(self) -> bool:
        return self.orientation == self.Orientation.LANDSCAPE

    @property
    def rows(self) -> list[Any]:
        return list(self.data.get("rows", []))
