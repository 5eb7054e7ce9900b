"""Figures of one time in the units of another.

What was counted at a unit belongs, in the units of a day D, to one unit or to several:

- earlier figures go forwards along the successions: whole at a merger, by weight at a split;
- later figures go back whole where the later unit came from one earlier unit only; where it was
  merged of several, by the people each brought (`UnitSuccession.share_of_new`), and where those are
  not known the share is there without a weight: no one can say;
- in a larger unit that holds every one of the parts the share is 1, so totals stay exact.

Weights multiply along the way and are kept to the last digit; the shares of a unit in the units of
one level add up to exactly 1. Convert counts as `sum(value * weight)` in SQL, in exact `numeric`:
sums then agree in every vintage to the last digit. A sum that holds a share without weight (and a
value other than 0) has no value; one that holds a weight below 1 is an estimate. Ratios come from
converted parts, never from converted ratios. In a table of one period join

    JOIN ({RELATION}) share ON share.unit_id = o.unit_id
    JOIN units_administrativeunit target ON target.id = share.target_id AND target.level = 'commune'

and take only values at units in force on the period's last day (`STANDING`): the same that count
as reported.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import cast

from django.core.cache import cache
from django.db import connection
from django.db.models import Count, Min

from .models import (
    AdministrativeUnit,
    AdministrativeUnitQuerySet,
    Level,
    UnitParent,
    UnitShare,
    UnitShareQuerySet,
    UnitSuccession,
)

# the parameter units_on is a day; `weight` is empty where no one can say
RELATION = """
SELECT unit_id, target_id, weight, coalesce(weight < 1, false) AS is_estimate
FROM units_unitshare WHERE valid @> %(units_on)s::date
"""
# the day in whose units a period is reported: its last day, the parameter `day`; for what was
# before, the first day of which communes are known
REPORTING_DAY = """
SELECT greatest(%(day)s::date, min(lower(valid))) FROM units_administrativeunit
WHERE level = 'commune' AND NOT is_reference
"""
# the keys of the units in which a period is reported
STANDING = f"SELECT id FROM units_administrativeunit WHERE valid @> ({REPORTING_DAY})"  # noqa: S608

# a text that is another after every reorganisation: what is kept of units is kept under it
VERSION = """
SELECT concat_ws('/',
    (SELECT concat_ws('-', count(*), max(id), count(upper(valid))) FROM units_administrativeunit),
    (SELECT concat_ws('-', count(*), max(id), count(upper(valid))) FROM units_unitparent),
    (SELECT concat_ws('-', count(*), max(id), count(upper(valid))) FROM units_unitmembership),
    (SELECT concat_ws('-', count(*), max(id), sum(weight)) FROM units_unitsuccession))
"""
A_WEEK = 7 * 24 * 3600

ESTIMATE_WORDS = "ước tính theo dân số"
AS_REPORTED_WORDS = "tại thời điểm báo cáo"


def crosswalk(day: datetime.date) -> UnitShareQuerySet:
    """Every unit's shares in the units in force on `day`: rows of (unit, target, weight).

    Targets are of every level; filter `target__level` for one. `UnitShare.is_estimate` tells a
    weight below 1; a weight of None means that no one can say.
    """
    return UnitShare.objects.on(day)


def known_since() -> datetime.date | None:
    """The first day of which the portal knows the communes."""
    own = AdministrativeUnit.objects.communes().filter(is_reference=False)
    return own.aggregate(day=Min("valid__startswith"))["day"]


def changes() -> list[datetime.date]:
    """The days on which a unit began or ended, or came to belong to another; oldest first."""
    units, parents = AdministrativeUnit.objects.all(), UnitParent.objects.all()
    days = (
        units.order_by()
        .values_list("valid__startswith")
        .union(
            units.order_by().values_list("valid__endswith"),
            parents.values_list("valid__startswith"),
            parents.values_list("valid__endswith"),
        )
    )
    return sorted(day for (day,) in days if day is not None)


def communes(day: datetime.date) -> AdministrativeUnitQuerySet:
    """The communes in force on `day` that carry on communes of the first known day.

    Of Bắc Giang: 209 to 31/12/2024, 192 to 30/6/2025, then 58 of the 99 of the new Bắc Ninh.
    """
    first = AdministrativeUnit.objects.communes().filter(
        is_reference=False, valid__contains=known_since()
    )
    carried = UnitShare.objects.on(day).filter(unit__in=first).values("target")
    return AdministrativeUnit.objects.communes().on(day).filter(pk__in=carried)


@dataclass(frozen=True)
class Vintage:
    """The communes of one stretch of time, named by one of its days."""

    day: datetime.date
    communes: int

    @property
    def value(self) -> str:
        """For an address or a select box: "2024-12-31"."""
        return self.day.isoformat()

    @property
    def label(self) -> str:
        return f"theo ngày {self.day.day}/{self.day.month}/{self.day.year} ({self.communes} xã)"


def version() -> str:
    """Another text once a unit began or ended, or came to belong to another or to a list."""
    with connection.cursor() as cursor:
        cursor.execute(VERSION)
        return str(cursor.fetchone()[0])


def vintages() -> list[Vintage]:
    """The stretches between mergers and splits of communes, oldest first.

    Each goes by its first day, the oldest by its last. A commune that only changed its name, kind
    or district begins no new one. One query, and four more after units changed.
    """
    return cast(list[Vintage], cache.get_or_set(f"vintages-{version()}", _vintages, A_WEEK))


def _vintages() -> list[Vintage]:
    since = known_since()
    if since is None:
        return []
    breaks = _breaks()
    days = [breaks[0] - datetime.timedelta(days=1), *breaks] if breaks else [since]
    counted = _counted(days, since)
    return [Vintage(day, counted.get(day, 0)) for day in days]


def vintage_day(text: str) -> datetime.date | None:
    """The day that the value of a select box means; None for "as reported" and for what is none."""
    return next((one.day for one in vintages() if one.value == text), None)


def _breaks() -> list[datetime.date]:
    """The days on which communes were merged or split."""
    own = UnitSuccession.objects.filter(
        old__level=Level.COMMUNE, new__isnull=False, old__is_reference=False
    )
    several = {
        row["date"]
        for side in ("old", "new")
        for row in own.order_by().values("date", side).annotate(n=Count("pk")).filter(n__gt=1)
    }
    return sorted(several)


def _counted(days: list[datetime.date], since: datetime.date) -> dict[datetime.date, int]:
    """How many communes carry on those of `since` on each day; one query."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT day, count(DISTINCT target.id)
            FROM unnest(%(days)s::date[]) day
            JOIN units_unitshare share ON share.valid @> day
            JOIN units_administrativeunit target
              ON target.id = share.target_id AND target.level = 'commune'
            JOIN units_administrativeunit first ON first.id = share.unit_id
             AND first.level = 'commune' AND NOT first.is_reference
             AND first.valid @> %(since)s::date
            GROUP BY day
            """,
            {"days": days, "since": since},
        )
        return dict(cursor.fetchall())
