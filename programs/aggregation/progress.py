"""How far the works have come that a year's money is for: by state, and which are late."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Any

from django.db.models import Case, Count, F, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce

from programs.models import DONE, State, Works, WorksEvent
from programs.models.capital import CapitalPlanQuerySet
from programs.models.works import WorksQuerySet

from .questions import Question


@dataclass(frozen=True)
class StateCount:
    """How many works were in a state on the day."""

    state: State
    works: int


@dataclass(frozen=True)
class Progress:
    states: list[StateCount]
    late: int

    @property
    def works(self) -> int:
        return sum(one.works for one in self.states)


def works_of(question: Question, visible: CapitalPlanQuerySet) -> WorksQuerySet:
    """The works that lines of the question are for."""
    lines = question.lines(visible).filter(works__isnull=False).order_by()
    return Works.objects.filter(pk__in=lines.values("works"))


def in_state_on(works: QuerySet[Works], day: datetime.date) -> QuerySet[Any]:
    """With `state_then`: the state at the end of `day`; prepared before the first event."""
    then = WorksEvent.objects.filter(works=OuterRef("pk"), day__lte=day).order_by("-day", "-pk")
    return works.annotate(
        state_then=Case(
            When(Q(state_since=None) | Q(state_since__lte=day), then=F("state")),
            default=Coalesce(Subquery(then.values("state")[:1]), Value(State.PREPARED.value)),
        )
    )


def late(day: datetime.date) -> Q:
    """Planned to be finished before `day` and not finished at its end."""
    unfinished = Q(actual_finish=None) & ~Q(state__in=DONE) | Q(actual_finish__gt=day)
    return unfinished & Q(planned_finish__lt=day)


def late_on(works: WorksQuerySet, day: datetime.date) -> WorksQuerySet:
    """Those that are late on `day`, the longest late first."""
    return works.filter(late(day)).order_by("planned_finish", "code")


def progress(question: Question, visible: CapitalPlanQuerySet) -> Progress:
    """Works by state, and how many are late; one query."""
    works = in_state_on(works_of(question, visible), question.day).order_by()
    rows = works.values("state_then").annotate(
        works=Count("pk"), late=Count("pk", filter=late(question.day))
    )
    counted = {row["state_then"]: row for row in rows}
    return Progress(
        states=[
            StateCount(state, counted[state.value]["works"] if state.value in counted else 0)
            for state in State
        ],
        late=sum(row["late"] for row in counted.values()),
    )
