"""Sum up what is approved: of one submission's units and indicators, or of all there is.

Whoever sums a period of a dataset holds it alone, and reads what is approved after that; the marks
it takes away are those it saw before it read.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from django.db import connection, transaction

from ethnic_data.aggregation.places import places
from ethnic_data.aggregation.rolled.areas import is_whole, level_number, members
from ethnic_data.models import Observation, Rollup, RollupSet, RollupState, Unsummed, set_key
from portal.collection.models import Dataset, ReportingPeriod, Submission
from portal.units import crosswalk
from portal.units.models import AdministrativeUnit, UnitAncestor

from .statements import (
    KEPT_OWN,
    KEPT_SUMS,
    NARROWED,
    NEAR,
    OF_INDICATORS,
    OWN,
    SETS_OF_OWN,
    SETS_OF_SUMS,
    SUMMED,
)

SUM_EVERYTHING = "sum_everything"
Areas = Mapping[int, Collection[int]]  # a set's key → its units


@transaction.atomic
def sum_submission(submission: Submission) -> None:
    """What a change of this submission's state changes, and nothing else."""
    period, dataset = submission.period, submission.dataset
    hold(period.pk, dataset.pk)
    changed = Unsummed.objects.filter(
        period=period, dataset=dataset, submission__unit=submission.unit_id
    )  # of the revision that went as well
    marks = list(changed.values_list("pk", flat=True))
    if not marks:
        return
    state = RollupState.objects.filter(period=period, dataset=dataset).first()
    if state is None:
        sum_again(period, dataset)
        return
    told = Observation.objects.filter(
        submission__dataset=dataset,
        submission__period=period,
        submission__unit=submission.unit_id,
        submission__status__in=[Submission.Status.APPROVED, Submission.Status.SUPERSEDED],
    ).order_by()
    units = set(told.values_list("unit", flat=True).distinct())
    indicators = list(told.values_list("indicator", flat=True).distinct())
    known = RollupSet.objects.filter(pk__in=state.areas, members__overlap=list(units))
    areas = dict(known.values_list("pk", "members"))
    _write(period.pk, dataset.pk, areas, units=units, indicators=indicators)
    Unsummed.objects.filter(pk__in=marks).delete()


@transaction.atomic
def sum_again(
    period: ReportingPeriod, dataset: Dataset, *, sets: list[list[int]] | None = None
) -> None:
    """All sums of a period of a dataset, over the units as they stand now.

    sets: `areas_of` the period, when the caller has them already.
    """
    hold(period.pk, dataset.pk)
    marks = list(Unsummed.objects.filter(period=period, dataset=dataset).values_list("pk"))
    areas = _kept(areas_of(period) if sets is None else sets)
    _write(period.pk, dataset.pk, areas)
    RollupState.objects.update_or_create(
        period=period, dataset=dataset, defaults={"areas": sorted(areas)}
    )
    Unsummed.objects.filter(pk__in=[pk for (pk,) in marks]).delete()


def sum_everything() -> int:
    """Each period of each dataset that has approved values, one after the other; how many."""
    pairs = told_pairs()
    changes = crosswalk.changes()
    of_stretch: dict[Any, list[list[int]]] = {}  # the same between two changes of units
    for period, dataset in pairs:
        stretch = max((day for day in changes if day <= period.end), default=None)
        if stretch not in of_stretch:
            of_stretch[stretch] = areas_of(period)
        sum_again(period, dataset, sets=of_stretch[stretch])
    return len(pairs)


def told_pairs() -> list[tuple[ReportingPeriod, Dataset]]:
    """The periods of datasets that have approved values, or sums."""
    wanted = set(RollupState.objects.values_list("period", "dataset"))
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT period_id, dataset_id FROM collection_submission s"
            " WHERE status = 'approved' AND EXISTS (SELECT FROM ethnic_data_observation o"
            " WHERE o.submission_id = s.id)"
        )
        wanted.update(cursor.fetchall())
    periods = ReportingPeriod.objects.in_bulk([period for period, _ in wanted])
    datasets = Dataset.objects.in_bulk([dataset for _, dataset in wanted])
    return [(periods[period], datasets[dataset]) for period, dataset in sorted(wanted)]


def areas_of(period: ReportingPeriod) -> list[list[int]]:
    """The sets of units whose sums pages ask for: of units above others, in every vintage."""
    days = [None, *(vintage.day for vintage in crosswalk.vintages())]
    found = set()
    for day in days:
        in_force = AdministrativeUnit.objects.on(day or _reporting_day(period))
        standing = list(in_force.filter(is_reference=False))
        for place in places(standing, period.end, units_on=day).values():
            own = members(place)
            if len(own) > 1 and is_whole(place):
                found.add(tuple(own))
    return [list(one) for one in sorted(found)]


def _reporting_day(period: ReportingPeriod) -> Any:
    since = crosswalk.known_since()
    return period.end if since is None else max(period.end, since)


def _kept(sets: Iterable[list[int]]) -> dict[int, list[int]]:
    """The sets as rows, made where they are new."""
    told = sorted((set_key(one), one) for one in sets)
    RollupSet.objects.bulk_create(
        [RollupSet(key=key, members=one) for key, one in told], ignore_conflicts=True
    )
    found = RollupSet.objects.filter(key__in=[key for key, _ in told])
    return dict(found.values_list("pk", "members"))


def hold(period: int, dataset: int) -> None:
    """Wait until nobody else sums this; held until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [period, dataset])


def _write(
    period: int,
    dataset: int,
    areas: Areas,
    *,
    units: Collection[int] | None = None,
    indicators: Collection[int] | None = None,
) -> None:
    """Write the rows of `units` and `areas` anew; without `units` of all."""
    asked: dict[str, Any] = {"period": period, "dataset": dataset}
    all_of_it = units is None or indicators is None
    if not all_of_it:
        asked |= {"units": list(units or ()), "indicators": list(indicators or ())}
        above = UnitAncestor.objects.filter(unit__in=asked["units"]).values_list("ancestor")
        asked["near"] = [*asked["units"], *{one for (one,) in above}]
    levels = dict(
        AdministrativeUnit.objects.filter(
            pk__in={unit for told in areas.values() for unit in told}
        ).values_list("pk", "level")
    )
    rows = [(area, unit, level_number(levels[unit])) for area in areas for unit in areas[area]]
    columns = [list(column) for column in zip(*rows, strict=True)] or [[], [], []]
    asked |= dict(zip(("place_area", "place_unit", "place_level"), columns, strict=True))
    old = Rollup.objects.filter(period=period, dataset=dataset)
    if not all_of_it:
        own = RollupSet.objects.filter(key__in=[set_key([unit]) for unit in units or ()])
        touched = {*areas, *own.values_list("pk", flat=True)}
        old = old.filter(indicator__in=list(indicators or ()), area__in=touched)
    with connection.cursor() as cursor:
        old._raw_delete(old.db)
        narrowed = {} if all_of_it else {"narrowed": NARROWED, "near": NEAR}
        cursor.execute(OWN.format(**{"narrowed": "", "near": ""} | narrowed), asked)
        cursor.execute("ANALYZE rollup_own")
        cursor.execute(SETS_OF_OWN)
        cursor.execute(KEPT_OWN, asked)
        cursor.execute(SUMMED.format(narrowed="" if all_of_it else OF_INDICATORS), asked)
        cursor.execute(SETS_OF_SUMS)
        cursor.execute(KEPT_SUMS, asked)
