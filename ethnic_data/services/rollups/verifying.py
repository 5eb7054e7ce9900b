"""The sums that are kept against a full recomputation."""

from __future__ import annotations

from typing import NamedTuple

from django.db import connection, transaction

from ethnic_data.models import RollupState
from portal.collection.models import Dataset, ReportingPeriod

from .statements import STANDING
from .summing import hold, sum_again, told_pairs

BEFORE = f"""
DROP TABLE IF EXISTS pg_temp.rollup_before;
CREATE TEMPORARY TABLE rollup_before ON COMMIT DROP AS {STANDING}
"""
DIFFERENT = f"""
WITH now AS ({STANDING}), lost AS (SELECT * FROM rollup_before EXCEPT SELECT * FROM now),
gained AS (SELECT * FROM now EXCEPT SELECT * FROM rollup_before)
SELECT count(*), coalesce(min(indicator_id), 0)
FROM (SELECT indicator_id, sex, category, kind, level, area FROM lost
      UNION SELECT indicator_id, sex, category, kind, level, area FROM gained) different
"""  # noqa: S608 - constants


class Differing(NamedTuple):
    """A period of a dataset whose sums are not what its values say; `rows` of them."""

    period: str
    dataset: str
    rows: int
    is_unsummed: bool


def verify(*, mend: bool = False) -> list[Differing]:
    """Recompute everything and tell what differs; `mend` keeps the new sums."""
    found = [verify_period(period, dataset, mend=mend) for period, dataset in told_pairs()]
    return [one for one in found if one is not None]


@transaction.atomic
def verify_period(
    period: ReportingPeriod, dataset: Dataset, *, mend: bool = False
) -> Differing | None:
    """The same of one period of one dataset; None where all is as it should be."""
    asked = {"period": period.pk, "dataset": dataset.pk}
    hold(period.pk, dataset.pk)
    state = RollupState.objects.filter(period=period, dataset=dataset).first()
    before = set(state.areas) if state else set()
    with connection.cursor() as cursor:
        cursor.execute(BEFORE, asked)
        point = transaction.savepoint()
        sum_again(period, dataset)
        cursor.execute(DIFFERENT, asked)
        rows, _ = cursor.fetchone()
    now = RollupState.objects.get(period=period, dataset=dataset)
    differs = rows or set(now.areas) != before
    if differs and mend:
        transaction.savepoint_commit(point)
    else:
        transaction.savepoint_rollback(point)
    return Differing(period.code, dataset.code, rows, state is None) if differs else None
