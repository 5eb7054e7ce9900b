"""Figures counted from the committee's own records: tasks, trainings, systems, recommendations."""

from __future__ import annotations

import datetime
from decimal import Decimal
from typing import Any

from django.db.models import Q, Sum

from portal.formats import day as written_day
from reports.models import Style
from reports.models.office import (
    InformationSystem,
    ITPost,
    KeptQuerySet,
    Plan,
    PlanTask,
    Recommendation,
    SteeringBody,
    Training,
)

from .registry import Computed, Scope, figure


def _counted(
    there: KeptQuerySet, found: int, *, unit: str, formula: str, scope: Scope, day: str = ""
) -> Computed:
    """`found` of the records `there`; unknown, never 0, where nothing of the kind is kept yet."""
    is_known = there.present().exists()
    return Computed(
        Decimal(found) if is_known else None,
        "" if is_known else "not_collected",
        unit,
        {
            "formula": formula,
            "source": "Sổ công việc của Ban",
            "day": day or _last_day(scope).isoformat(),
            "count": found,
        },
    )


def _last_day(scope: Scope) -> datetime.date:
    return min(scope.day, scope.period.end)


def _tasks(scope: Scope) -> Any:
    """Tasks of plans in force in the period; of one plan where "plan" names its document."""
    plans = Plan.objects.present().in_period(scope.period.start, _last_day(scope))
    if named := str(scope.parameters.get("plan", "")):
        number, _, symbol = named.partition("/")
        plans = plans.filter(document__number=number, document__symbol=symbol)
    return PlanTask.objects.present().filter(plan__in=plans)


@figure(
    "nhiem-vu-ke-hoach",
    title="Nhiệm vụ trong các kế hoạch của Ban",
    unit_of_measure="nhiệm vụ",
    style=Style.TWO_DIGITS,
    note="Nhiệm vụ của các kế hoạch còn thực hiện trong kỳ.",
)
def tasks(scope: Scope) -> Computed:
    """Parameters: "plan" ("63/KH-BDT")."""
    found = _tasks(scope).exclude(state=PlanTask.State.DROPPED).count()
    formula = "đếm nhiệm vụ của các kế hoạch còn thực hiện trong kỳ, không kể nhiệm vụ đã dừng"
    return _counted(PlanTask.objects.all(), found, unit="nhiệm vụ", formula=formula, scope=scope)


@figure(
    "nhiem-vu-hoan-thanh",
    title="Nhiệm vụ kế hoạch đã hoàn thành",
    unit_of_measure="nhiệm vụ",
    style=Style.TWO_DIGITS,
    note="Hoàn thành đến ngày lập báo cáo, không quá cuối kỳ.",
)
def tasks_done(scope: Scope) -> Computed:
    """Parameters: "plan" ("63/KH-BDT")."""
    day = _last_day(scope)
    found = _tasks(scope).filter(state=PlanTask.State.DONE, done_on__lte=day).count()
    formula = f"đếm nhiệm vụ hoàn thành đến ngày {written_day(day)}"
    return _counted(PlanTask.objects.all(), found, unit="nhiệm vụ", formula=formula, scope=scope)


@figure(
    "nhiem-vu-qua-han",
    title="Nhiệm vụ kế hoạch quá hạn",
    unit_of_measure="nhiệm vụ",
    style=Style.TWO_DIGITS,
)
def tasks_late(scope: Scope) -> Computed:
    """Parameters: "plan" ("63/KH-BDT")."""
    day = _last_day(scope)
    not_done = Q(done_on=None) | Q(done_on__gt=day)
    found = _tasks(scope).exclude(state=PlanTask.State.DROPPED).filter(deadline__lt=day)
    formula = f"đếm nhiệm vụ có hạn trước ngày {written_day(day)} mà chưa hoàn thành"
    return _counted(
        PlanTask.objects.all(),
        found.filter(not_done).count(),
        unit="nhiệm vụ",
        formula=formula,
        scope=scope,
    )


def _trainings(scope: Scope) -> Any:
    found = Training.objects.present().in_period(scope.period.start, _last_day(scope))
    if kind := str(scope.parameters.get("kind", "")):
        found = found.filter(kind=kind)
    return found


@figure(
    "lop-tap-huan",
    title="Lớp tập huấn trong kỳ",
    unit_of_measure="lớp",
    style=Style.TWO_DIGITS,
)
def trainings(scope: Scope) -> Computed:
    """Parameters: "kind" (held, attended)."""
    return _counted(
        Training.objects.all(),
        _trainings(scope).count(),
        unit="lớp",
        formula="đếm lớp tập huấn bắt đầu trong kỳ",
        scope=scope,
    )


@figure(
    "nguoi-tap-huan",
    title="Số lượt người được tập huấn trong kỳ",
    unit_of_measure="lượt người",
    style=Style.NUMBER,
    note="Chỉ có khi mọi lớp trong kỳ đã ghi số người.",
)
def trained(scope: Scope) -> Computed:
    """Parameters: "kind" (held, attended). Unknown while a course lacks its number."""
    found = _trainings(scope)
    if found.filter(people=None).exists():
        return Computed(
            None, "not_collected", "lượt người", {"formula": "còn lớp chưa ghi số người"}
        )
    total = found.aggregate(total=Sum("people"))["total"] or 0
    return _counted(
        Training.objects.all(),
        total,
        unit="lượt người",
        formula="cộng số người của các lớp bắt đầu trong kỳ",
        scope=scope,
    )


@figure(
    "ban-chi-dao", title="Ban chỉ đạo, tổ giúp việc đang hoạt động", unit_of_measure="tổ chức",
    style=Style.TWO_DIGITS,
)  # fmt: skip
def steering_bodies(scope: Scope) -> Computed:
    """Parameters: "kind" (committee, group)."""
    return _on_the_day(SteeringBody.objects.all(), scope, unit="tổ chức", words="ban, tổ")


@figure(
    "he-thong-thong-tin", title="Hệ thống thông tin đang sử dụng", unit_of_measure="hệ thống",
    style=Style.TWO_DIGITS,
)  # fmt: skip
def information_systems(scope: Scope) -> Computed:
    return _on_the_day(
        InformationSystem.objects.all(), scope, unit="hệ thống", words="hệ thống đang sử dụng"
    )


@figure(
    "nhan-luc-cntt", title="Vị trí phụ trách công nghệ thông tin", unit_of_measure="người",
    style=Style.TWO_DIGITS,
)  # fmt: skip
def it_posts(scope: Scope) -> Computed:
    """Parameters: "kind" (leader, part, full)."""
    return _on_the_day(ITPost.objects.all(), scope, unit="người", words="vị trí")


def _on_the_day(there: Any, scope: Scope, *, unit: str, words: str) -> Computed:
    day = _last_day(scope)
    found = there.present().on(day)
    if kind := str(scope.parameters.get("kind", "")):
        found = found.filter(kind=kind)
    return _counted(
        there,
        found.count(),
        unit=unit,
        formula=f"đếm {words} tại ngày {written_day(day)}",
        scope=scope,
    )


@figure(
    "kien-nghi", title="Kiến nghị đã nêu trong kỳ", unit_of_measure="kiến nghị",
    style=Style.TWO_DIGITS,
)  # fmt: skip
def recommendations(scope: Scope) -> Computed:
    found = Recommendation.objects.present().filter(
        first_day__gte=scope.period.start, first_day__lte=_last_day(scope)
    )
    return _counted(
        Recommendation.objects.all(),
        found.count(),
        unit="kiến nghị",
        formula="đếm kiến nghị có ngày trong kỳ",
        scope=scope,
    )


@figure(
    "kien-nghi-chua-tra-loi", title="Kiến nghị chưa được trả lời", unit_of_measure="kiến nghị",
    style=Style.TWO_DIGITS,
)  # fmt: skip
def recommendations_open(scope: Scope) -> Computed:
    day = _last_day(scope)
    waits = Q(answered_on=None) | Q(answered_on__gt=day)
    found = Recommendation.objects.present().filter(waits, first_day__lte=day)
    return _counted(
        Recommendation.objects.all(),
        found.count(),
        unit="kiến nghị",
        formula=f"đếm kiến nghị nêu đến ngày {written_day(day)} chưa được trả lời khi ấy",
        scope=scope,
    )
