"""Records as lines of a report: what one would have written by hand, ready to be changed."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from portal import formats
from portal.documents.models import Document
from reports.models import Report, office
from reports.models.office import Kept, KeptQuerySet

#: Lines that one taking can bring; more would not be read.
MOST = 100


@dataclass(frozen=True)
class Told:
    """A record as a sentence, and the document that a note should cite."""

    record: Kept
    sentence: str
    document: Document | None = None


@dataclass(frozen=True)
class Subject:
    """One thing to take into a text: which records the report's period offers, and their words."""

    key: str
    title: str
    offered: Callable[[Report], KeptQuerySet]
    sentence: Callable[[Any], str]
    document: Callable[[Any], Document | None] = lambda record: record.document

    def told(self, report: Report) -> list[Told]:
        return self.of(self.offered(report)[:MOST])

    def of(self, records: Iterable[Kept]) -> list[Told]:
        return [Told(one, self.sentence(one), self.document(one)) for one in records]


def _period(report: Report) -> tuple[Any, Any]:
    return report.period.start, report.period.end


def _findings(kind: str) -> Callable[[Report], KeptQuerySet]:
    def offered(report: Report) -> KeptQuerySet:
        there = office.Finding.objects.present().in_period(*_period(report)).filter(kind=kind)
        return there.select_related("document__document_type", "document__issuer")

    return offered


def _recommendations(report: Report) -> KeptQuerySet:
    there = office.Recommendation.objects.present().in_period(*_period(report))
    return there.select_related("document__document_type", "document__issuer")


def _tasks(report: Report) -> KeptQuerySet:
    plans = office.Plan.objects.present().in_period(*_period(report))
    there = office.PlanTask.objects.present().filter(plan__in=plans)
    there = there.exclude(state=office.PlanTask.State.DROPPED)
    return there.select_related("plan", "evidence__document_type", "evidence__issuer")


def _plans(report: Report) -> KeptQuerySet:
    there = office.Plan.objects.present().in_period(*_period(report))
    return there.select_related("document__document_type", "document__issuer")


def _trainings(report: Report) -> KeptQuerySet:
    there = office.Training.objects.present().in_period(*_period(report))
    return there.select_related("document__document_type", "document__issuer")


def _bodies(report: Report) -> KeptQuerySet:
    there = office.SteeringBody.objects.present().in_period(*_period(report))
    return there.select_related("document__document_type", "document__issuer")


def _systems(report: Report) -> KeptQuerySet:
    there = office.InformationSystem.objects.present().exclude(first_day=None)
    there = there.in_period(*_period(report))
    return there.select_related("document__document_type", "document__issuer")


def whole(text: str) -> str:
    """One sentence with its full stop."""
    line = " ".join(text.split()).rstrip(" .;,")
    return f"{line}." if line else ""


def _task(task: office.PlanTask) -> str:
    if task.result:
        return whole(f"{task.content.rstrip(' .;,')}: {task.result}")
    how = task.get_state_display()
    due = f", hạn {formats.day(task.deadline)}" if task.deadline else ""
    return whole(f"{task.content.rstrip(' .;,')}: {how}{due}")


def _training(one: office.Training) -> str:
    words = "tổ chức" if one.kind == office.Training.Kind.HELD else "cử người tham dự"
    days = formats.day(one.first_day)
    if one.last_day and one.last_day != one.first_day:
        days = f"{days} đến {formats.day(one.last_day)}"
    where = f" tại {one.place}" if one.place else ""
    who = f" cho {one.audience}" if one.audience else ""
    people = f" ({formats.number(one.people)} người)" if one.people else ""
    return whole(f"Từ ngày {days} {words} lớp {one.title}{where}{who}{people}")


def _body(one: office.SteeringBody) -> str:
    head = f", {one.head} đứng đầu" if one.head else ""
    members = f", {one.members} thành viên" if one.members else ""
    return whole(f"Thành lập {one.name} ngày {formats.day(one.first_day)}{head}{members}")


def _system(one: office.InformationSystem) -> str:
    purpose = f", {one.purpose[:1].lower()}{one.purpose[1:]}" if one.purpose else ""
    return whole(f"{one.name}, sử dụng từ ngày {formats.day(one.first_day)}{purpose}")


SUBJECTS = {
    subject.key: subject
    for subject in (
        Subject("thuan-loi", "Thuận lợi", _findings("advantage"), lambda one: whole(one.text)),
        Subject(
            "kho-khan", "Khó khăn, tồn tại", _findings("difficulty"), lambda one: whole(one.text)
        ),
        Subject("kien-nghi", "Kiến nghị chưa được trả lời trong kỳ", _recommendations,
                lambda one: whole(one.text)),
        Subject("nhiem-vu", "Kết quả nhiệm vụ kế hoạch", _tasks, _task, lambda one: one.evidence),
        Subject("ke-hoach", "Kế hoạch thực hiện trong kỳ", _plans, lambda one: whole(one.title)),
        Subject("tap-huan", "Tập huấn trong kỳ", _trainings, _training),
        Subject("ban-chi-dao", "Ban chỉ đạo, tổ giúp việc", _bodies, _body),
        Subject("he-thong", "Hệ thống thông tin đang dùng", _systems, _system),
    )
}  # fmt: skip
