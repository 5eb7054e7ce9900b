"""Who looked at the lists of people, when and what for. Rows are only ever added (see trigger)."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models.functions import Now


class PeopleList(models.TextChoices):
    DEPUTIES = "deputies", "Đại biểu HĐND"
    PRESTIGIOUS = "prestigious", "Người có uy tín"
    HOUSEHOLDS = "households", "Hộ được hỗ trợ"


class PeopleAccess(models.Model):
    """One look at a list or a person, one export, one import, one change."""

    class What(models.TextChoices):
        LISTED = "listed", "Xem danh sách"
        READ = "read", "Xem một người"
        EXPORTED = "exported", "Tải danh sách xuống"
        IMPORTED = "imported", "Nhập từ tệp"
        UNDONE = "undone", "Thu hồi tệp đã nhập"
        CHANGED = "changed", "Thêm, sửa"
        REMOVED = "removed", "Đưa ra khỏi danh sách"
        REVIEWED = "reviewed", "Rà soát"

    which = models.CharField("danh sách", max_length=12, choices=PeopleList)
    what = models.CharField("việc", max_length=10, choices=What)
    who = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField("lúc", db_default=Now())
    person_id = models.BigIntegerField("người", null=True, blank=True)
    count = models.PositiveIntegerField("số người", default=1)
    detail = models.CharField("nội dung", max_length=300, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "nhật ký xem danh sách người"
        ordering = ["-at", "-pk"]
        indexes = [
            models.Index(fields=["-at", "-id"], name="people_access_latest"),
            models.Index(fields=["which", "person_id"], name="people_access_person"),
        ]

    def __str__(self) -> str:
        return f"{self.get_what_display()}: {self.get_which_display()}"
