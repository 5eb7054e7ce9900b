"""The job row: long work that survives killed workers and an emptied broker."""

from __future__ import annotations

import secrets

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now


def support_code() -> str:
    """Four letters and digits a person can read out over the telephone."""
    return "".join(secrets.choice("23456789ABCDEFGHJKLMNPQRSTUVWXYZ") for _ in range(4))


class JobQuerySet(models.QuerySet["Job"]):
    def open(self) -> JobQuerySet:
        return self.filter(state__in=[Job.State.QUEUED, Job.State.RUNNING])

    def last_of(self, name: str, subject_id: int) -> Job | None:
        """The latest job of this name on this subject, ended or not."""
        return self.filter(name=name, subject_id=subject_id).order_by("-pk").first()

    def claimable(self) -> JobQuerySet:
        """Waiting, or left behind by a worker whose lease ran out."""
        return self.filter(
            Q(state=Job.State.QUEUED) | Q(state=Job.State.RUNNING, lease_until__lt=Now())
        )


def is_given_up(name: str, subject_id: int) -> bool:
    """Whether the latest job of this name on this subject failed for good."""
    last = Job.objects.last_of(name, subject_id)
    return last is not None and last.state == Job.State.FAILED


class Job(models.Model):
    """One piece of long work: what to do (`name`) on what (`subject_id`)."""

    class State(models.TextChoices):
        QUEUED = "queued", "đang chờ"
        RUNNING = "running", "đang chạy"
        DONE = "done", "đã xong"
        FAILED = "failed", "không xong"

    name = models.CharField("việc", max_length=60)
    subject_id = models.BigIntegerField("đối tượng")
    state = models.CharField("tình trạng", max_length=10, choices=State, default=State.QUEUED)
    attempt = models.PositiveIntegerField("lần chạy", default=0)
    lease_until = models.DateTimeField("giữ việc đến", null=True, blank=True)
    started_at = models.DateTimeField("bắt đầu lần đầu lúc", null=True, blank=True)
    progress = models.CharField("tiến độ", max_length=200, blank=True)
    error = models.TextField("lỗi", blank=True)
    support_code = models.CharField("mã hỗ trợ", max_length=4, default=support_code)
    created_at = models.DateTimeField("lập lúc", db_default=Now())
    finished_at = models.DateTimeField("xong lúc", null=True, blank=True)

    objects = JobQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "việc chạy nền"
        constraints = [
            models.UniqueConstraint(
                fields=["name", "subject_id"],
                condition=Q(state__in=["queued", "running"]),
                name="job_open_once",
                violation_error_message="Việc này đang chờ hoặc đang chạy.",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["queued", "running"], finished_at=None)
                | Q(state__in=["done", "failed"], finished_at__isnull=False),
                name="job_finished_when_ended",
                violation_error_message="Việc đã xong phải có giờ xong.",
            ),
        ]
        indexes = [
            models.Index(
                fields=["lease_until"],
                condition=Q(state__in=["queued", "running"]),
                name="job_open",
            )
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.subject_id}"

    @property
    def is_open(self) -> bool:
        return self.state in (self.State.QUEUED, self.State.RUNNING)
