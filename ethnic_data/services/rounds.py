"""Rounds of the survey and the days of their tables: as survey_rounds.toml tells them at first, and
as the administrator keeps them."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from typing import Any

from django.db import transaction

from ethnic_data.models import EthnicGroup, FullCount, GroupKind, SurveyRound, SurveyTable
from portal.collection.models import Dataset, ReportingPeriod, Submission
from portal.collection.services.periods import periods_of

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


class TableInUse(Exception):
    """Data were sent for a table of the survey; its day and kind stay."""

    message = "Biểu đã có bộ số liệu nên thời điểm, loại số liệu và kỳ giữ nguyên."


def is_sent(table: SurveyTable) -> bool:
    """Whether anybody sent something with the table's day and kind."""
    return Submission.objects.filter(dataset=table.dataset_id, period=table.period_id).exists()


def has_data(survey: SurveyRound) -> bool:
    """Whether something was sent for a table of the round in which groups differ."""
    tables = survey.tables.filter(counting=SurveyTable.Counting.BY_GROUP)
    return any(is_sent(table) for table in tables)


@transaction.atomic
def save_round(*, survey: SurveyRound, full: Iterable[EthnicGroup], source: str) -> SurveyRound:
    """Store a round that its form checked, and which groups were counted fully.

    The groups stay once something was sent for a table in which they differ.
    """
    survey.save()
    wanted = {group.pk for group in full}
    there = set(survey.full_counts.values_list("group", flat=True))
    if wanted == there:
        return survey
    if has_data(survey):
        raise TableInUse
    survey.full_counts.exclude(group__in=wanted).delete()
    FullCount.objects.bulk_create(
        FullCount(round=survey, group_id=key, source=source[:300]) for key in wanted - there
    )
    return survey


@transaction.atomic
def save_table(*, table: SurveyTable, year: int) -> SurveyTable:
    """Store a table of a round, of the period of `year`; the period is made when it is missing.

    Raises:
        TableInUse: data were sent, and day, kind or period would change.
        ValidationError: the dataset has a table in that year already.
    """
    period = next(p for p in periods_of(year, parts=False))
    found, _ = ReportingPeriod.objects.get_or_create(
        code=period.code,
        defaults={"label": period.label, "start": period.start, "end": period.end},
    )
    table.period = found
    if table.pk and is_sent(SurveyTable.objects.get(pk=table.pk)):
        _refuse_change(table)
    table.validate_constraints()
    table.save()
    return table


def _refuse_change(table: SurveyTable) -> None:
    before = SurveyTable.objects.get(pk=table.pk)
    kept = ("dataset_id", "period_id", "round_id", "reference_date", "counting")
    if any(getattr(before, name) != getattr(table, name) for name in kept):
        raise TableInUse


@transaction.atomic
def delete_table(*, table: SurveyTable) -> None:
    """Take a table away that nobody sent anything for.

    Raises:
        TableInUse
    """
    table = SurveyTable.objects.select_for_update().get(pk=table.pk)
    if is_sent(table):
        raise TableInUse
    table.delete()
