"""Load the rounds of the survey and the days of its tables, as survey_rounds.toml tells them."""

from __future__ import annotations

import tomllib
from typing import Any

from django.db import transaction

from ethnic_data.models import EthnicGroup, FullCount, GroupKind, SurveyRound, SurveyTable
from portal.collection.models import Dataset, ReportingPeriod

from .files import DATA, rows_of

SIZES = "published/viet_nam_54_groups_2009_2019.csv"
SIZES_SOURCE = "Dân số ngày 01/4/2019 dưới 10.000 người; chưa đối chiếu với phương án điều tra"


@transaction.atomic
def load_rounds() -> None:
    """The rounds and tables that are not there yet."""
    told = tomllib.loads((DATA / "survey_rounds.toml").read_text(encoding="utf-8"))
    there = set(SurveyRound.objects.values_list("year", flat=True))
    for one in told["round"]:
        if one["year"] not in there:
            _count_fully(SurveyRound.objects.create(**one))
    rounds = {one.year: one for one in SurveyRound.objects.all()}
    known = set(SurveyTable.objects.values_list("dataset__code", "period__code"))
    for one in told["table"]:
        if (one["dataset"], one["period"]) not in known:
            _table(one, rounds)


def _table(one: dict[str, Any], rounds: dict[int, SurveyRound]) -> None:
    SurveyTable.objects.create(
        round=rounds[one["round"]] if "round" in one else None,
        dataset=Dataset.objects.get(code=one["dataset"]),
        period=ReportingPeriod.objects.get(code=one["period"]),
        reference_date=one["reference_date"],
        counting=one["counting"],
        source=one.get("source", ""),
        is_verified=one.get("verified", False),
    )


def _count_fully(survey: SurveyRound) -> None:
    """Groups smaller than `full_below` in the census before; the plan's own list was not seen."""
    if survey.full_below is None:
        return
    small = [row["code"] for row in rows_of(SIZES) if int(row["pop_2019"]) < survey.full_below]
    groups = EthnicGroup.objects.filter(code__in=small, kind=GroupKind.LISTED)
    FullCount.objects.bulk_create(
        FullCount(round=survey, group=group, source=SIZES_SOURCE) for group in groups
    )
