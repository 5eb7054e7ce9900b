"""What taking a file over will change, found while it was read, and whether it still holds."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models

from portal.collection.models import Submission, Upload


class ValuesVersion(models.Model):
    """How often the values of a submission were written; counted by triggers, whoever writes."""

    submission = models.OneToOneField(
        Submission, models.CASCADE, primary_key=True, related_name="+", db_constraint=False
    )
    number = models.BigIntegerField("số lần ghi")

    class Meta:
        verbose_name = verbose_name_plural = "lần ghi số liệu"

    def __str__(self) -> str:
        return f"{self.submission_id}: {self.number}"


class ForeseenChanges(models.Model):
    """The difference between a waiting file and what its submission holds.

    Line n of the three arrays is one value: its row and column in the file, and what is stored
    there (see `ethnic_data.store.taking`). It holds as long as `version`, `event`, `readings` and
    `codes` are what they were.
    """

    upload = models.OneToOneField(
        Upload, models.CASCADE, primary_key=True, related_name="+", db_constraint=False
    )
    version = models.BigIntegerField("số lần ghi")
    event = models.BigIntegerField("việc gần nhất của bộ số liệu")
    readings = models.PositiveIntegerField("số lần đọc")
    codes = models.DecimalField("mã và dòng của chúng", max_digits=40, decimal_places=0)
    new = models.PositiveIntegerField("mới")
    changed = models.PositiveIntegerField("thay đổi")
    removed = models.PositiveIntegerField("bỏ đi")
    lines = ArrayField(models.IntegerField(null=True))
    places = ArrayField(models.IntegerField(null=True))
    olds = ArrayField(models.BigIntegerField(null=True))

    class Meta:
        verbose_name = verbose_name_plural = "thay đổi đã tìm trước"

    def __str__(self) -> str:
        return f"{self.upload_id}: {self.new} mới, {self.changed} thay đổi, {self.removed} bỏ đi"
