"""A submission's values as rows with a cell for each column: one pass, no object for each value."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from django.db import connection, transaction

from portal.collection.stores import StoredRow

if TYPE_CHECKING:
    from portal.collection.models import Submission
    from portal.collection.workbooks.layout import Column

ROWS_AT_ONCE = 2_000
# a cell is a number as text, or the reason why there is none
TABLE = """
SELECT u.code, g.code, p.places, p.texts FROM (
    SELECT o.unit_id, o.group_id, array_agg(c.place) AS places,
           array_agg(coalesce(trim_scale(o.value)::text, o.missing)) AS texts
    FROM ethnic_data_observation o
    LEFT JOIN (
        SELECT k.place, i.id AS indicator_id, k.sex, k.category
        FROM unnest(%(measures)s::text[], %(sexes)s::text[], %(categories)s::text[])
             WITH ORDINALITY AS k (measure, sex, category, place)
        JOIN ethnic_data_indicator i ON i.code = k.measure
    ) c ON c.indicator_id = o.indicator_id AND c.sex = o.sex AND c.category = o.category
    WHERE o.submission_id = %(submission)s
    GROUP BY o.unit_id, o.group_id
) p
JOIN units_administrativeunit u ON u.id = p.unit_id
LEFT JOIN ethnic_data_ethnicgroup g ON g.id = p.group_id
"""


def rows_of(submission: Submission, columns: Sequence[Column]) -> Iterator[StoredRow]:
    """One row for each unit and group, in no order; see `Store.rows`."""
    given: dict[str, Any] = {
        "submission": submission.pk,
        "measures": [column.measure for column in columns],
        "sexes": [column.sex or "" for column in columns],
        "categories": [column.category or "" for column in columns],
    }
    known: dict[str, str] = {}  # equal texts are kept once
    with transaction.atomic(), connection.chunked_cursor() as cursor:
        cursor.cursor.itersize = ROWS_AT_ONCE
        with connection.cursor() as settings:
            settings.execute("SET LOCAL work_mem = '96MB'")
        cursor.execute(TABLE, given)
        for unit, group, places, texts in cursor:
            cells: list[str | None] = [None] * len(columns)
            for place, text in zip(places, texts, strict=True):
                if place is not None:
                    cells[place - 1] = known.setdefault(text, text)
            yield StoredRow(unit, group, cells, len(places))


LINES = """
SELECT concat_ws(E'\\t', u.code, i.code, coalesce(g.code, ''), o.sex, o.category,
                 coalesce(trim_scale(o.value)::text, ''), o.missing) COLLATE "C" AS line
FROM ethnic_data_observation o
JOIN units_administrativeunit u ON u.id = o.unit_id
JOIN ethnic_data_indicator i ON i.id = o.indicator_id
LEFT JOIN ethnic_data_ethnicgroup g ON g.id = o.group_id
WHERE o.submission_id = %(submission)s ORDER BY line
"""


def lines_of(submission: Submission) -> Iterator[str]:
    """See `Store.lines`."""
    with transaction.atomic(), connection.chunked_cursor() as cursor:
        cursor.cursor.itersize = ROWS_AT_ONCE
        cursor.execute(LINES, {"submission": submission.pk})
        for (line,) in cursor:
            yield line
