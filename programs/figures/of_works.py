"""What came of one works: outputs and people by year, households, progress by quarter."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Sum

from programs.models import Output, RecordValue, Works

PROGRESS = "CT-TD"
DONE_SHARE, VALUE = "KL", "GTKL"


@dataclass(frozen=True)
class Progress:
    """How far the works were at the end of a quarter, by approved data."""

    period: str
    submission: int
    share: Decimal | None = None
    value: Decimal | None = None


@dataclass(frozen=True)
class PeopleOfYear:
    year: int
    male: int
    female: int

    @property
    def people(self) -> int:
        return self.male + self.female


@dataclass(frozen=True)
class Results:
    outputs: Sequence[Output]
    people: Sequence[PeopleOfYear]
    progress: Sequence[Progress]
    households: int

    def __bool__(self) -> bool:
        return bool(self.outputs or self.people or self.progress or self.households)


def results_of(works: Works) -> Results:
    """Four queries."""
    people = works.beneficiaries.order_by("-year").values_list("year")
    return Results(
        outputs=list(
            works.outputs.select_related("kind").order_by("-year", "kind__position", "kind__code")
        ),
        people=[PeopleOfYear(*told) for told in people.annotate(Sum("male"), Sum("female"))],
        progress=progress_of(works),
        households=works.households.count(),
    )


def progress_of(works: Works) -> list[Progress]:
    """The latest quarter first."""
    told = (
        RecordValue.objects.approved()
        .filter(submission__dataset__code=PROGRESS, row=works.code, value__isnull=False)
        .filter(measure__in=[DONE_SHARE, VALUE])
        .order_by("-submission__period__end")
        .values_list("submission", "submission__period__label", "measure", "value")
    )
    found: dict[int, dict[str, Decimal]] = {}
    labels: dict[int, str] = {}
    for submission, label, measure, value in told:
        found.setdefault(submission, {})[measure] = value or Decimal(0)
        labels[submission] = label
    return [
        Progress(labels[pk], pk, values.get(DONE_SHARE), values.get(VALUE))
        for pk, values in found.items()
    ]
