"""Files that came in, what was read from them, and the values that wait to be taken over."""

from __future__ import annotations

import uuid
from pathlib import PurePath
from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.urls import reverse

from portal.collection.row_owners import writes_rows_only
from portal.units.models import AdministrativeUnit

from .archives import Archive
from .datasets import ROW_CODE, Dataset
from .submissions import Submission

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from portal.accounts.models import User

KEPT_SUFFIXES = {".xlsx", ".xls", ".ods", ".xlsb", ".xlsm", ".csv", ".htm", ".html", ".xml", ".txt"}


def kept_as(upload: Upload, name: str) -> str:
    """A name of our own: nothing of the user's file name reaches the disk but a known suffix."""
    suffix = PurePath(name).suffix.lower()
    return f"collection/uploads/{uuid.uuid4().hex}{suffix if suffix in KEPT_SUFFIXES else '.bin'}"


class UploadQuerySet(models.QuerySet["Upload"]):
    def visible_to(self, user: User | AnonymousUser) -> Self:
        """Files of what `user` may see; of whoever writes rows of their own, their own files."""
        seen = self.filter(submission__in=Submission.objects.visible_to(user))
        return seen.filter(uploaded_by=user) if writes_rows_only(user) else seen

    def to_read(self) -> Self:
        return self.filter(state=Upload.State.RECEIVED).select_related(
            "submission__dataset", "submission__unit", "submission__period"
        )

    def open(self) -> Self:
        """Not yet taken over and not put aside."""
        return self.filter(state__in=[Upload.State.RECEIVED, Upload.State.READ])


class Upload(models.Model):
    """One file, kept as it came. `understood`, `issues`... have the shape `intake` prints."""

    class State(models.TextChoices):
        RECEIVED = "received", "đang đọc"
        READ = "read", "đã đọc"
        COMMITTED = "committed", "đã ghi nhận"
        DISCARDED = "discarded", "đã bỏ"
        UNDONE = "undone", "đã hoàn tác"

    submission = models.ForeignKey(Submission, models.CASCADE, related_name="uploads")
    archive = models.ForeignKey(
        Archive, models.SET_NULL, related_name="uploads", null=True, blank=True
    )
    file = models.FileField("tệp", upload_to=kept_as, max_length=255)
    original_name = models.CharField("tên tệp", max_length=255)
    sha256 = models.CharField("mã băm", max_length=64, db_index=True)
    size = models.PositiveBigIntegerField("cỡ tệp (byte)")
    state = models.CharField("tình trạng", max_length=10, choices=State, default=State.RECEIVED)
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField("tải lên lúc")

    container = models.CharField("loại tệp", max_length=10, blank=True)
    understood = models.JSONField("đã hiểu", default=dict, blank=True)
    issues = models.JSONField("lỗi và cảnh báo", default=list, blank=True)
    questions = models.JSONField("câu hỏi", default=list, blank=True)
    answers = models.JSONField("câu trả lời", default=dict, blank=True)
    corrections = models.JSONField("ô đã sửa trên trang", default=list, blank=True)
    reconciliation = models.JSONField("đối chiếu", default=dict, blank=True)
    mending = models.JSONField("để sửa từng ô", default=dict, blank=True)
    foreseen = models.JSONField("sẽ thấy khi ghi nhận", default=dict, blank=True)
    units = models.JSONField("các đơn vị trong tệp", default=list, blank=True)
    twins = models.JSONField("tệp cùng nội dung", default=list, blank=True)
    belongs = models.JSONField("có lẽ là số liệu của", default=dict, blank=True)
    readings = models.PositiveIntegerField("số lần đọc", default=0)
    committed_at = models.DateTimeField("ghi nhận lúc", null=True, blank=True)
    undone_at = models.DateTimeField("hoàn tác lúc", null=True, blank=True)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, blank=True
    )
    outcome = models.JSONField("kết quả ghi nhận", default=dict, blank=True)

    objects = UploadQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "tệp nộp"
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["received", "read", "committed", "discarded", "undone"]),
                name="upload_state_known",
                violation_error_message="Tình trạng tệp không đúng.",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["committed", "undone"], committed_at__isnull=False)
                | (~Q(state__in=["committed", "undone"]) & Q(committed_at=None)),
                name="upload_committed_at",
                violation_error_message="Tệp đã ghi nhận phải có giờ ghi nhận.",
            ),
            models.CheckConstraint(
                condition=Q(state="undone", undone_at__isnull=False, undone_by__isnull=False)
                | (~Q(state="undone") & Q(undone_at=None, undone_by=None)),
                name="upload_undone_by_and_at",
                violation_error_message="Tệp đã hoàn tác phải có người và giờ hoàn tác.",
            ),
        ]

    def __str__(self) -> str:
        return self.original_name

    def get_absolute_url(self) -> str:
        return reverse("collection:upload", args=[self.pk])

    @property
    def is_open(self) -> bool:
        return self.state in (self.State.RECEIVED, self.State.READ)

    @property
    def errors(self) -> list[dict]:
        return [issue for issue in self.issues if issue["severity"] == "error"]

    @property
    def warnings(self) -> list[dict]:
        return [issue for issue in self.issues if issue["severity"] == "warning"]

    @property
    def is_accepted(self) -> bool:
        """Read, with no error and no open question."""
        return self.state == self.State.READ and not self.questions and not self.errors


class StagedColumn(models.Model):
    """What one column of a file's rows is about; rows of one `table` have the same columns.

    `letters` is the column's place in the file ("E"), None when a row's cells stand elsewhere.
    """

    pk = models.CompositePrimaryKey("upload_id", "table", "place")
    upload = models.ForeignKey(
        Upload, models.CASCADE, related_name="+", db_index=False, db_constraint=False
    )
    table = models.PositiveIntegerField()
    place = models.PositiveIntegerField()
    column = models.CharField(max_length=40)
    measure = models.CharField(max_length=20)
    sex = models.CharField(max_length=6, null=True, blank=True)  # noqa: DJ001 - None is "all"
    category = models.CharField(max_length=60, null=True, blank=True)  # noqa: DJ001
    group = models.CharField(max_length=10, null=True, blank=True)  # noqa: DJ001
    letters = models.CharField(max_length=3, null=True, blank=True)  # noqa: DJ001

    class Meta:
        verbose_name = verbose_name_plural = "cột chờ ghi nhận"

    def __str__(self) -> str:
        return self.column


class StagedRow(models.Model):
    """A row of a file that waits to be taken over: a value, or a reason, for each column.

    Place n of the arrays belongs to the `StagedColumn` of place n. `missing`, `raws` and `cells`
    are None when no column has any: a number's own text is not kept, nor is the address of a cell
    that stands in `row` (from 1) under its column's letters.
    """

    pk = models.CompositePrimaryKey("upload_id", "position")
    # millions of values come and go: no index and no check of each row but the key
    upload = models.ForeignKey(
        Upload, models.CASCADE, related_name="staged_rows", db_index=False, db_constraint=False
    )
    position = models.PositiveIntegerField()
    table = models.PositiveIntegerField()
    unit = models.CharField(max_length=ROW_CODE)
    group = models.CharField(max_length=10, null=True, blank=True)  # noqa: DJ001 - None is "all"
    sheet = models.CharField(max_length=120, blank=True)
    row = models.PositiveIntegerField()
    value_count = models.PositiveIntegerField()
    numbers = ArrayField(models.DecimalField(max_digits=30, decimal_places=10, null=True))
    missing = ArrayField(models.CharField(max_length=16, null=True), null=True)
    raws = ArrayField(models.CharField(max_length=255, null=True), null=True)
    cells = ArrayField(models.CharField(max_length=12, null=True), null=True)

    class Meta:
        verbose_name = verbose_name_plural = "dòng chờ ghi nhận"
        ordering = ["upload", "position"]

    def __str__(self) -> str:
        return f"{self.sheet} {self.row}: {self.unit} {self.group or ''}".strip()


class StagedValue(models.Model):
    """A value that waits to be taken over: a view of the rows that wait, one line for each value.

    `position` orders the values as the file does; it is the row's times 16 384, and the place.
    """

    pk = models.CompositePrimaryKey("upload_id", "position")
    upload = models.ForeignKey(Upload, models.DO_NOTHING, related_name="staged", db_index=False)
    position = models.BigIntegerField()
    unit = models.CharField(max_length=ROW_CODE)
    measure = models.CharField(max_length=20)
    group = models.CharField(max_length=10, null=True, blank=True)  # noqa: DJ001 - None is "all"
    sex = models.CharField(max_length=6, null=True, blank=True)  # noqa: DJ001
    category = models.CharField(max_length=60, null=True, blank=True)  # noqa: DJ001
    value = models.DecimalField(max_digits=30, decimal_places=10, null=True, blank=True)
    missing = models.CharField(max_length=16, null=True, blank=True)  # noqa: DJ001
    sheet = models.CharField(max_length=120, blank=True)
    cell = models.CharField(max_length=12, blank=True)
    raw = models.CharField(max_length=255, blank=True)
    column = models.CharField(max_length=40)

    class Meta:
        managed = False
        verbose_name = verbose_name_plural = "giá trị chờ ghi nhận"
        ordering = ["upload", "position"]

    def __str__(self) -> str:
        return f"{self.sheet} {self.cell}: {self.value}"


class ReadRow(models.Model):
    """A row as it was parsed, kept so that a mended cell needs no second reading of the file.

    `cells` and `places` have the shape of `workbooks.kept`; what all rows share is
    `Upload.mending`. Kept for files with something to mend, and for small ones.
    """

    upload = models.ForeignKey(Upload, models.CASCADE, related_name="rows", db_index=False)
    position = models.PositiveIntegerField()
    sheet = models.CharField(max_length=120, blank=True)
    row = models.IntegerField()
    unit = models.CharField(max_length=ROW_CODE)
    group = models.CharField(max_length=10, null=True, blank=True)  # noqa: DJ001 - None is "all"
    label = models.CharField(max_length=255, blank=True)
    table = models.PositiveSmallIntegerField()
    cells = models.JSONField()
    places = models.JSONField()
    blocked = models.BooleanField()
    errors = models.PositiveSmallIntegerField()

    class Meta:
        verbose_name = verbose_name_plural = "dòng đã đọc"
        ordering = ["upload", "position"]
        indexes = [
            models.Index(fields=["upload", "position"], name="read_row_order"),
            models.Index(fields=["upload", "row"], name="read_row_in_file"),
            models.Index(fields=["upload"], condition=Q(errors__gt=0), name="read_row_wrong"),
        ]

    def __str__(self) -> str:
        return f"{self.sheet} {self.row + 1}: {self.label}"


class PrintedTotal(models.Model):
    """A total that a file prints, beside what its rows add up to.

    `scopes` are the rows that it may stand for, [[[first, last], …], sum] in the order of
    likelihood; `first` and `last` hold them all.
    """

    upload = models.ForeignKey(Upload, models.CASCADE, related_name="totals", db_index=False)
    position = models.PositiveIntegerField()
    sheet = models.CharField(max_length=120, blank=True)
    cell = models.CharField(max_length=12)
    label = models.CharField("dòng tổng", max_length=255, blank=True)
    heading = models.TextField("cột", blank=True)
    column = models.CharField(max_length=40)
    printed = models.DecimalField("trong tệp", max_digits=50, decimal_places=10, null=True)
    computed = models.DecimalField("tính lại", max_digits=50, decimal_places=10, null=True)
    agrees = models.BooleanField("khớp")
    first = models.PositiveIntegerField(null=True)
    last = models.PositiveIntegerField(null=True)
    scopes = models.JSONField(default=list)

    class Meta:
        verbose_name = verbose_name_plural = "dòng tổng trong tệp"
        ordering = ["upload", "position"]
        indexes = [
            models.Index(fields=["upload", "agrees", "position"], name="printed_total_shown"),
            models.Index(fields=["upload", "column"], name="printed_total_column"),
        ]

    def __str__(self) -> str:
        return f"{self.label} {self.cell}: {self.printed}"


class RememberedAnswer(models.Model):
    """A unit's answer to a question about a dataset's files, proposed again next time."""

    dataset = models.ForeignKey(Dataset, models.CASCADE, related_name="remembered_answers")
    unit = models.ForeignKey(AdministrativeUnit, models.CASCADE, related_name="+")
    question = models.CharField("câu hỏi", max_length=200)
    answer = models.CharField("câu trả lời", max_length=200)
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    answered_at = models.DateTimeField("trả lời lúc")

    class Meta:
        verbose_name = verbose_name_plural = "câu trả lời đã nhớ"
        constraints = [
            models.UniqueConstraint(
                fields=["dataset", "unit", "question"],
                name="remembered_answer_once",
                violation_error_message="Câu hỏi này đã có câu trả lời.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.question}: {self.answer}"
