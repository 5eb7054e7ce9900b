"""How fast cross tables are over a million values: pytest -s tests/ethnic_data/bench_explorer.py

54 groups × 209 communes × 2 sexes × 10 periods of five indicators, in a transaction that is rolled
back. Not part of the suite: its name is not that of a test module.
"""

from __future__ import annotations

import datetime
import json
import time

import pytest
from django.conf import settings
from django.core.cache import cache
from django.db import connection

from ethnic_data.aggregation.crosstab import Area, Ask, GroupSet, crosstab
from ethnic_data.aggregation.questions import group_ids
from ethnic_data.models import EthnicGroup, Indicator
from portal.collection.models import Dataset, ReportingPeriod
from portal.units.models import AdministrativeUnit
from tests.cast import member, unit

INDICATORS = ("D03", "N01", "N02", "D01", "D07")
DAY = datetime.date(2023, 12, 31)
FILL = """
INSERT INTO ethnic_data_observation
    (submission_id, indicator_id, unit_id, group_id, sex, category, value, missing,
     reference_date, kind, sheet, cell, raw)
SELECT s.id, i.id, u.id, g.id, x.sex, '', ((u.id * 31 + g.id * 17 + s.id * 7 + i.id) %% 400), '',
       p.end, 'administrative', 'Bieu', 'E17', '12'
FROM collection_submission s
JOIN collection_reportingperiod p ON p.id = s.period_id AND p.code LIKE 'B-%%'
JOIN units_unitancestor a ON a.ancestor_id = s.unit_id AND a.valid @> '2023-12-31'::date
JOIN units_administrativeunit u ON u.id = a.unit_id AND u.level = 'commune'
    AND u.valid @> '2023-12-31'::date
CROSS JOIN ethnic_data_ethnicgroup g
CROSS JOIN (VALUES ('male'), ('female')) x (sex)
JOIN ethnic_data_indicator i ON i.code = ANY (%s)
WHERE g.kind = 'listed'
"""


@pytest.fixture
def million(db):
    author = member("son_dong_officer")
    dataset = Dataset.objects.get(code="DAN-SO")
    periods = [
        ReportingPeriod.objects.create(
            code=f"B-{year}-{half}",
            label=f"Kỳ {half}/{year}",
            start=datetime.date(year, 1 if half == 1 else 7, 1),
            end=datetime.date(year, 6, 30) if half == 1 else datetime.date(year, 12, 31),
        )
        for year in range(2020, 2025)
        for half in (1, 2)
    ]
    districts = AdministrativeUnit.objects.within(unit("24"), on=DAY).on(DAY).districts()
    with connection.cursor() as cursor:
        for period in periods:
            for district in districts:
                cursor.execute(
                    "INSERT INTO collection_submission (dataset_id, unit_id, period_id, revision,"
                    " status, created_by_id, reason, is_demo, cover_letter_number,"
                    " cover_letter_file, reconciliation, findings, typed, from_old_system)"
                    " VALUES (%s, %s, %s, 1, 'draft', %s, '', false, '', '', '{}', '[]', '{}',"
                    " false)",
                    [dataset.pk, district.pk, period.pk, author.pk],
                )
        began = time.perf_counter()
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(FILL, [list(INDICATORS)])
        count = cursor.rowcount
        cursor.execute(
            "UPDATE collection_submission SET status = 'approved', approved_at = now(),"
            " submitted_at = now(), approved_by_id = %s, submitted_by_id = created_by_id"
            " WHERE period_id = ANY (%s)",
            [member("specialist").pk, [period.pk for period in periods]],
        )
        cursor.execute("SET LOCAL session_replication_role = origin")
        cursor.execute("ANALYZE ethnic_data_observation")
        cursor.execute("ANALYZE collection_submission")
    print(f"\n{count} values in {time.perf_counter() - began:.0f} s")
    return periods


def timed(name, ask):
    cache.clear()
    taken = []
    for _ in range(5):
        began = time.perf_counter()
        table = crosstab(ask)
        taken.append(round((time.perf_counter() - began) * 1000))
    print(f"{name}: {len(table.figures)} cells, first {taken[0]} ms, then {min(taken[1:])} ms")
    return {"cells": len(table.figures), "first_ms": taken[0], "then_ms": min(taken[1:])}


def selections(periods):
    """What people look at: name → what is asked."""
    within = AdministrativeUnit.objects.within(unit("24"), on=DAY).on(DAY)
    communes = [Area(one.code, one.pk) for one in within.communes()]
    districts = [Area(one.code, one.pk) for one in within.districts()]
    province = Area("24", unit("24").pk)
    groups = [
        GroupSet(""),
        GroupSet("minorities", group_ids("minorities")),
        *(GroupSet(one.code, (one.pk,)) for one in EthnicGroup.objects.listed()),
    ]
    sexes = ("", "male", "female")
    people, rate = (list(Indicator.objects.with_parts().filter(code=c)) for c in ("D03", "N05"))
    last = periods[-1:]
    yield (
        "tỉnh, 54 dân tộc × 10 kỳ",
        Ask(measures=people, areas=[province], periods=periods, groups=groups),
    )
    yield (
        "tỉnh, 54 dân tộc × 10 kỳ × giới tính",
        Ask(measures=people, areas=[province], periods=periods, groups=groups, sexes=sexes),
    )
    yield (
        "209 xã và tỉnh × 10 kỳ",
        Ask(measures=people, areas=[province, *communes], periods=periods),
    )
    yield (
        "209 xã và tỉnh × 54 dân tộc, một kỳ",
        Ask(measures=people, areas=[province, *communes], periods=last, groups=groups),
    )
    yield (
        "10 huyện và tỉnh × 54 dân tộc × giới tính, một kỳ",
        Ask(
            measures=people, areas=[province, *districts], periods=last, groups=groups, sexes=sexes
        ),
    )
    yield (
        "tỷ lệ: 209 xã và tỉnh × 10 kỳ",
        Ask(measures=rate, areas=[province, *communes], periods=periods),
    )
    yield (
        "tỷ lệ: 10 huyện và tỉnh × 54 dân tộc, một kỳ",
        Ask(measures=rate, areas=[province, *districts], periods=last, groups=groups),
    )


def test_bench(million):
    found = {name: timed(name, ask) for name, ask in selections(million)}
    folder = settings.BASE_DIR / "var" / "bench"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "explorer.json").write_text(json.dumps(found, ensure_ascii=False, indent=1))
