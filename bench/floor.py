"""The least there is to do: calamine, checks over whole columns, COPY, one upsert. No trail."""

from __future__ import annotations

import time
from io import BytesIO
from pathlib import Path

import polars as pl
import python_calamine
from django.db import connection, transaction

from ethnic_data.models import EthnicGroup, Indicator
from portal.collection.models import Submission
from portal.units.models import AdministrativeUnit

from .files import NOT_COLLECTED, letters
from .province import PART_OF, measure

STAGING = """
CREATE TEMPORARY TABLE bench_floor (indicator_id bigint, unit_id bigint, group_id bigint,
    value numeric, missing text, cell text, raw text) ON COMMIT DROP
"""
UPSERT = """
INSERT INTO ethnic_data_observation (submission_id, indicator_id, unit_id, group_id, sex, category,
    value, missing, reference_date, kind, sheet, cell, raw)
SELECT %(submission)s, indicator_id, unit_id, group_id, '', '', value, coalesce(missing, ''),
    %(day)s, 'administrative', 'Bieu', cell, raw FROM bench_floor
ON CONFLICT (indicator_id, submission_id, sex, unit_id, group_id, category) DO UPDATE
SET value = excluded.value, missing = excluded.missing, sheet = excluded.sheet,
    cell = excluded.cell, raw = excluded.raw
WHERE (ethnic_data_observation.value, ethnic_data_observation.missing)
    IS DISTINCT FROM (excluded.value, excluded.missing)
"""


def run(path: Path, submission: Submission, columns: int) -> dict[str, float]:
    started = time.perf_counter()
    sheet = python_calamine.CalamineWorkbook.from_path(path).get_sheet_by_index(0)
    _, *rows = sheet.to_python()
    read = time.perf_counter() - started
    frame = _frame(rows, columns)
    _check(frame, columns)
    checked = time.perf_counter() - started - read
    content = _melted(frame, columns)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL work_mem = '96MB'")
        cursor.execute(STAGING)
        cursor.copy_expert("COPY bench_floor FROM STDIN (FORMAT csv)", content)
        cursor.execute(UPSERT, {"submission": submission.pk, "day": submission.period.end})
    seconds = time.perf_counter() - started
    return {
        "seconds": seconds,
        "read": read,
        "check": checked,
        "rows": len(rows),
        "rows_per_second": len(rows) / seconds,
    }


def _frame(rows: list[list], columns: int) -> pl.DataFrame:
    units = {unit.full_name: unit.pk for unit in AdministrativeUnit.objects.communes()}
    groups = dict(EthnicGroup.objects.values_list("name", "pk"))
    told = list(zip(*rows, strict=True))
    frame = {
        "row": pl.Series(range(2, len(rows) + 2), dtype=pl.Int64),
        "unit": pl.Series([units[name] for name in told[1]], dtype=pl.Int64),
        "group": pl.Series([groups[name] for name in told[2]], dtype=pl.Int64),
    }
    for column in range(columns):
        cells = told[column + 3]
        numbers = [None if cell == NOT_COLLECTED else cell for cell in cells]
        frame[measure(column)] = pl.Series(numbers, dtype=pl.Float64)
    return pl.DataFrame(frame)


def _check(frame: pl.DataFrame, columns: int) -> None:
    """Types and ranges, parts and wholes, the sum; raises at the first that is wrong."""
    wrong = [(pl.col(measure(column)) < 0).any() for column in range(columns)]
    wrong += [(pl.col(measure(column)) > 100_000_000).any() for column in range(columns)]
    wrong += [
        (pl.col(measure(part)) > pl.col(measure(whole))).any()
        for part, whole in PART_OF.items()
        if part < columns
    ]
    if columns > 8:
        people = pl.col(measure(6)) + pl.col(measure(7))
        wrong.append((people != pl.col(measure(5))).any())
    found = frame.select(expr.alias(f"wrong{n}") for n, expr in enumerate(wrong)).row(0)
    if any(found) or frame.select(pl.struct("unit", "group").is_duplicated().any()).item():
        raise ValueError("the bench file breaks a rule")


def _melted(frame: pl.DataFrame, columns: int) -> BytesIO:
    ids = dict(Indicator.objects.values_list("code", "pk"))
    names = [measure(column) for column in range(columns)]
    letter = {names[column]: letters(column + 3) for column in range(columns)}
    long = frame.unpivot(on=names, index=["row", "unit", "group"], variable_name="measure")
    out = long.select(
        pl.col("measure").replace_strict({name: ids[name] for name in names}),
        "unit",
        "group",
        "value",
        pl.when(pl.col("value").is_null()).then(pl.lit("not_collected")).alias("missing"),
        (pl.col("measure").replace_strict(letter) + pl.col("row").cast(pl.String)).alias("cell"),
        pl.col("value").cast(pl.String).fill_null(NOT_COLLECTED).alias("raw"),
    )
    content = BytesIO()
    out.write_csv(content, include_header=False)
    content.seek(0)
    return content
