"""Approved observations of the province by the million: from a seed, by COPY.

Ten years of four indicators by commune, group and sex, and two years of sixteen by commune and
group; from there to any size by months of the four. Values come as an old database would be taken
over: the guards of single statements are off while they are copied, the sums are made afterwards.
"""

from __future__ import annotations

import datetime
import random
import time
from collections.abc import Iterator

from django.db import connection, transaction

from ethnic_data.models import EthnicGroup, Indicator
from ethnic_data.services import rollups
from portal.accounts.models import Division, User
from portal.collection.models import Dataset, ReportingPeriod
from portal.copying import Pieces
from portal.units import crosswalk
from portal.units.models import AdministrativeUnit, UnitParent

SEED = 53
DAY = datetime.date(2023, 12, 31)
BY_SEX = ("D03", "N01", "D01", "Y04")
BY_GROUP = (
    "D02", "D04", "N02", "N03", "N04", "N09", "N10", "N11", "H01", "H12", "H19", "H20", "H21",
    "Y06", "Y07", "X04",
)  # fmt: skip
YEARS = range(2015, 2025)
OF_GROUPS = (2022, 2023)
SUBMISSION = """
INSERT INTO collection_submission (dataset_id, unit_id, period_id, revision, status, created_by_id,
    submitted_by_id, submitted_at, approved_by_id, approved_at, round, reason, is_demo,
    cover_letter_number, cover_letter_file, reconciliation, findings, typed, from_old_system)
VALUES (%(dataset)s, %(unit)s, %(period)s, 1, 'approved', %(sender)s, %(sender)s, %(at)s,
    %(approver)s, %(at)s, 1, '', false, '', '', '{}', '[]', '{}', false)
RETURNING id
"""
COPY = """
COPY ethnic_data_observation (submission_id, indicator_id, unit_id, group_id, sex, category, value,
    missing, reference_date, kind, sheet, cell, raw) FROM STDIN
"""


def person(role: str) -> User:
    """Somebody of this role; made once."""
    division, _ = Division.objects.get_or_create(code="BENCH", defaults={"name": "Phòng Thử"})
    found = User.objects.filter(username=f"bench.{role}").first()
    return found or User.objects.create_user(
        f"bench.{role}",
        password="bench-2023-x",  # noqa: S106 - of a database that is thrown away
        full_name=f"Người {role}",
        role=role,
        area=AdministrativeUnit.objects.on(DAY).get(code="220") if role == "officer" else None,
        division=None if role == "officer" else division,
        must_change_password=False,
    )


def filled(count: int) -> dict[str, float]:
    """At least `count` observations and their sums; what is there already stays."""
    began = time.perf_counter()
    chance = random.Random(SEED)  # noqa: S311 - made-up figures
    periods = list(_periods())
    told = 0
    for period, dataset, codes, sexes in periods:
        told += _one_period(period, dataset, codes, sexes, chance)
        if told >= count and period.frequency != "yearly":
            break
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE ethnic_data_observation")
        cursor.execute("ANALYZE collection_submission")
    copied = time.perf_counter() - began
    began = time.perf_counter()
    rollups.sum_everything()
    summed = time.perf_counter() - began
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE ethnic_data_rollup, ethnic_data_rollupset")
        cursor.execute(
            "SELECT count(*), pg_total_relation_size('ethnic_data_observation'),"
            " (SELECT count(*) FROM ethnic_data_rollup),"
            " pg_total_relation_size('ethnic_data_rollup') FROM ethnic_data_observation"
        )
        rows, size, sums, size_of_sums = cursor.fetchone()
    return {
        "observations": rows,
        "copied_seconds": copied,
        "summed_seconds": summed,
        "megabytes": size / 2**20,
        "sums": sums,
        "megabytes_of_sums": size_of_sums / 2**20,
    }


def _periods() -> Iterator[tuple[ReportingPeriod, str, tuple[str, ...], tuple[str, ...]]]:
    """Years first, then months from 2015 on; each with its dataset, indicators and sexes."""
    for year in YEARS:
        period, _ = ReportingPeriod.objects.get_or_create(
            code=str(year),
            defaults={
                "label": f"Năm {year}",
                "start": datetime.date(year, 1, 1),
                "end": datetime.date(year, 12, 31),
            },
        )
        yield period, "DAN-SO", BY_SEX, ("male", "female")
        if year in OF_GROUPS:
            yield period, "NGHEO-DAN-TOC", BY_GROUP, ("",)
    for number in range(12 * len(YEARS) - 1):
        year, month = YEARS[0] + number // 12, number % 12 + 1
        start = datetime.date(year, month, 1)
        end = (start + datetime.timedelta(days=32)).replace(day=1) - datetime.timedelta(days=1)
        period, _ = ReportingPeriod.objects.get_or_create(
            code=f"B-{year}-{month:02}",
            defaults={
                "label": f"Tháng {month}/{year}", "start": start, "end": end,
                "frequency": "monthly",
            },
        )  # fmt: skip
        yield period, "DAN-SO", BY_SEX, ("male", "female")


@transaction.atomic
def _one_period(
    period: ReportingPeriod,
    dataset_code: str,
    codes: tuple[str, ...],
    sexes: tuple[str, ...],
    chance: random.Random,
) -> int:
    """A submission of each district with all of it; how many values stand there afterwards."""
    dataset = Dataset.objects.get(code=dataset_code)
    indicators = list(Indicator.objects.filter(code__in=codes).values_list("pk", flat=True))
    groups = list(EthnicGroup.objects.listed().values_list("pk", flat=True))
    each = len(indicators) * len(groups) * len(sexes)
    districts = communes_by_district(period.end)
    communes = sum(map(len, districts.values()))
    if dataset.submissions.filter(period=period).exists():
        return each * communes
    people = {"sender": person("officer").pk, "approver": person("specialist").pk}
    at = datetime.datetime.combine(period.end, datetime.time(12), datetime.UTC)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        for district, units in districts.items():
            given = {"dataset": dataset.pk, "unit": district, "period": period.pk, "at": at}
            cursor.execute(SUBMISSION, given | people)
            (submission,) = cursor.fetchone()
            tails = [f"\t{group}\t{sex}\t\t" for group in groups for sex in sexes]
            cursor.copy_expert(
                COPY,
                Pieces(
                    "".join(
                        f"{submission}\t{indicator}\t{unit}{tail}{int(chance.random() ** 3 * 400)}"
                        f"\t\t{period.end}\tadministrative\tBieu\tE17\t12\n"
                        for tail in tails
                    )
                    for indicator in indicators
                    for unit in units
                ),
            )
    return each * communes


def communes_by_district(day: datetime.date) -> dict[int, list[int]]:
    """Keys of the communes that report for a period that ends on `day`, by their district."""
    day = max(day, crosswalk.known_since() or day)
    found: dict[int, list[int]] = {}
    own = UnitParent.objects.filter(
        valid__contains=day, unit__level="commune", unit__is_reference=False,
        unit__valid__contains=day,
    )  # fmt: skip
    for parent, child in own.order_by("unit__code").values_list("parent", "unit"):
        found.setdefault(parent, []).append(child)
    return found
