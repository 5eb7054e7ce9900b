"""Long work on a programme that somebody asked for: a worker does it, the page shows how far it is.

Each is asked for once at a time and done once, whatever happens to the worker in the middle.
"""

from __future__ import annotations

from typing import Self

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from portal.accounts.models import User
from portal.documents.models import Document

from .structure import Programme


class AskedState(models.TextChoices):
    ASKED = "asked", "đang làm"
    DONE = "done", "đã xong"
    REFUSED = "refused", "không làm được"


STATES = [state.value for state in AskedState]


class GroupsExportQuerySet(models.QuerySet["GroupsExport"]):
    def ready(self) -> Self:
        return self.filter(state=AskedState.DONE)


def export_path(one: GroupsExport, name: str) -> str:
    """One place for each, so that a second attempt writes over the first."""
    return f"programs/exports/{one.pk}.xlsx"


class GroupsExport(models.Model):
    """The workbook of the five data groups of Quyết định 25/2025/QĐ-TTg, as of the end of `day`."""

    State = AskedState

    programme = models.ForeignKey(
        Programme, models.CASCADE, related_name="groups_exports", verbose_name="chương trình"
    )
    day = models.DateField("số liệu đến hết ngày")
    state = models.CharField(
        "tình trạng", max_length=10, choices=AskedState, default=AskedState.ASKED
    )
    file = models.FileField("tệp", upload_to=export_path, max_length=100, blank=True)
    rows = models.PositiveIntegerField("số dòng", default=0)
    size = models.PositiveIntegerField("cỡ tệp (byte)", default=0)
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="người yêu cầu")
    at = models.DateTimeField("yêu cầu lúc", db_default=Now())

    objects = GroupsExportQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "tệp năm nhóm dữ liệu"
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["programme"],
                condition=Q(state="asked"),
                name="groups_export_asked_once",
                violation_error_message="Tệp năm nhóm dữ liệu đang được lập.",
            ),
            models.CheckConstraint(
                condition=Q(state__in=STATES),
                name="groups_export_state_known",
                violation_error_message="Tình trạng của tệp không đúng.",
            ),
            models.CheckConstraint(
                condition=Q(state="done") & ~Q(file="") | ~Q(state="done") & Q(file=""),
                name="groups_export_file_when_done",
                violation_error_message="Tệp có khi đã lập xong.",
            ),
        ]

    def __str__(self) -> str:
        return f"Năm nhóm dữ liệu đến hết ngày {self.day:%d/%m/%Y}"

    @property
    def is_open(self) -> bool:
        return self.state == AskedState.ASKED


class CarryOver(models.Model):
    """All that is left of a year's money goes on into the next, by one decision.

    `outcome` says why nothing was carried over; `lines` and `total` (million đồng) what was.
    """

    State = AskedState

    programme = models.ForeignKey(
        Programme, models.PROTECT, related_name="carry_overs", verbose_name="chương trình"
    )
    year = models.PositiveSmallIntegerField("năm")
    document = models.ForeignKey(
        Document, models.PROTECT, related_name="carry_overs", verbose_name="quyết định"
    )
    day = models.DateField("từ ngày")
    note = models.CharField("ghi chú", max_length=500, blank=True)
    state = models.CharField(
        "tình trạng", max_length=10, choices=AskedState, default=AskedState.ASKED
    )
    outcome = models.CharField("kết quả", max_length=700, blank=True)
    lines = models.PositiveIntegerField("số dòng vốn", default=0)
    total = models.DecimalField("số tiền (triệu đồng)", max_digits=18, decimal_places=3, default=0)
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="người ghi")
    at = models.DateTimeField("yêu cầu lúc", db_default=Now())

    class Meta:
        verbose_name = verbose_name_plural = "chuyển nguồn"
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["programme", "year"],
                condition=Q(state="asked"),
                name="carry_over_asked_once",
                violation_error_message="Vốn năm này đang được chuyển nguồn.",
            ),
            models.CheckConstraint(
                condition=Q(state__in=STATES),
                name="carry_over_state_known",
                violation_error_message="Tình trạng chuyển nguồn không đúng.",
            ),
            models.CheckConstraint(
                condition=Q(state="refused") & ~Q(outcome="") | ~Q(state="refused"),
                name="carry_over_says_why_not",
                violation_error_message="Không chuyển được thì phải có lý do.",
            ),
        ]

    def __str__(self) -> str:
        return f"Chuyển nguồn năm {self.year} sang năm {self.year + 1}"

    @property
    def is_open(self) -> bool:
        return self.state == AskedState.ASKED
