"""Dashboards that an administrator composes from saved views of the explorer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.urls import reverse

from ethnic_data.models import SavedView
from portal.accounts.roles import Role

if TYPE_CHECKING:
    from portal.accounts.models import User

COMPOSE = "dashboards.compose"


class DashboardQuerySet(models.QuerySet["Dashboard"]):
    def visible_to(self, user: User) -> Self:
        """Published ones that are for everybody or for the person's role; composers see all."""
        if user.has_perm(COMPOSE):
            return self
        if not user.has_perm("ethnic_data.view"):
            return self.none()
        return self.filter(Q(roles=[]) | Q(roles__contains=[user.role]), is_published=True)


class Dashboard(models.Model):
    """A page of panels. What a panel shows is decided by who reads it."""

    title = models.CharField("tên trang", max_length=120)
    lead = models.CharField("một dòng giới thiệu", max_length=200, blank=True)
    is_published = models.BooleanField("công bố", default=False)
    roles = ArrayField(
        models.CharField(max_length=20, choices=Role),
        verbose_name="dành cho vai trò",
        default=list,
        blank=True,
    )
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="người soạn"
    )
    changed_at = models.DateTimeField("sửa lúc", db_default=Now())

    objects = DashboardQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "trang chuyên đề"
        ordering = ["title", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["title"],
                name="dashboard_title_once",
                violation_error_message="Đã có trang mang tên này. Đặt tên khác.",
            ),
            models.CheckConstraint(
                condition=~Q(title=""),
                name="dashboard_has_title",
                violation_error_message="Trang phải có tên.",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("reports:board", args=[self.pk])


class DashboardPanel(models.Model):
    """A saved view in its place; `view` is empty once the view was deleted."""

    class Width(models.TextChoices):
        HALF = "half", "Nửa trang"
        FULL = "full", "Cả trang"

    dashboard = models.ForeignKey(Dashboard, models.CASCADE, related_name="panels")
    position = models.PositiveSmallIntegerField("thứ tự", default=0)
    view = models.ForeignKey(
        SavedView,
        models.SET_NULL,
        verbose_name="bảng đã lưu",
        related_name="dashboard_panels",
        null=True,
        blank=True,
    )
    title = models.CharField("tiêu đề", max_length=120, blank=True)
    chart = models.CharField("biểu đồ", max_length=10, blank=True)
    width = models.CharField("bề rộng", max_length=4, choices=Width, default=Width.HALF)

    class Meta:
        verbose_name = verbose_name_plural = "bảng của trang"
        ordering = ["position", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(width__in=["half", "full"]),
                name="dashboard_panel_width_known",
                violation_error_message="Bề rộng phải là nửa trang hoặc cả trang.",
            ),
        ]

    def __str__(self) -> str:
        return self.title or f"Bảng {self.position}"
