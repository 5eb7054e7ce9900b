"""Ten years of people by commune, group and sex: 225 720 values, for measuring."""

from __future__ import annotations

import datetime

from django.db import connection
from django.utils import timezone

from portal.collection.models import Dataset, ReportingPeriod, Submission
from portal.units import crosswalk
from tests.cast import member, unit

from .filling import approve

YEARS = range(2015, 2025)
# made up: a number that tells commune, group, sex and year apart
PEOPLE = f"""
INSERT INTO ethnic_data_observation
    (submission_id, indicator_id, unit_id, group_id, sex, category, value, missing, kind,
     reference_date, sheet, cell, raw)
SELECT %(submission)s, i.id, u.id, g.id, s.sex, '',
    (u.id * 7 + g.id * 13 + %(year)s + length(s.sex)) %% 997, '', 'administrative',
    %(day)s, '', '', ''
FROM ethnic_data_indicator i, units_administrativeunit u,
     (SELECT id FROM ethnic_data_ethnicgroup WHERE kind = 'listed' ORDER BY code LIMIT 54) g,
     (VALUES ('male'), ('female')) s (sex)
WHERE i.code = 'D03' AND u.level = 'commune' AND u.id IN ({crosswalk.STANDING})
"""  # noqa: S608


def fill(years: range = YEARS) -> list[ReportingPeriod]:
    """An approved submission of the province for each year; the periods, oldest first."""
    return [_year(year) for year in years]


def _year(year: int) -> ReportingPeriod:
    start, end = datetime.date(year, 1, 1), datetime.date(year, 12, 31)
    period, _ = ReportingPeriod.objects.get_or_create(
        code=str(year), defaults={"label": f"Năm {year}", "start": start, "end": end}
    )
    one = Submission.objects.create(
        dataset=Dataset.objects.get(code="DAN-SO"),
        unit=unit("24", on=end),
        period=period,
        created_by=member("son_dong_officer"),
    )
    with connection.cursor() as cursor:
        cursor.execute(PEOPLE, {"submission": one.pk, "year": year, "day": end})
    approve(one, at=timezone.now())
    return period
