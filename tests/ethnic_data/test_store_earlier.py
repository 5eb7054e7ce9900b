"""What was told before a reorganisation, as values of the units that there are now."""

from __future__ import annotations

import datetime
from decimal import Decimal

import pytest

from ethnic_data.models import Indicator, Observation
from ethnic_data.store.earlier import approved_values
from portal.collection.models import Dataset, ReportingPeriod, Submission
from portal.units.models import AdministrativeUnit, UnitSuccession
from tests.cast import member, unit

from .filling import approve

pytestmark = pytest.mark.django_db
EVE, DAY = datetime.date(2024, 12, 31), datetime.date(2025, 1, 1)


def merged(*, keeps_a_code: bool):
    """A commune of 1/1/2025 and the whole communes that it is made of."""
    for new in AdministrativeUnit.objects.on(DAY).communes().order_by("code"):
        ways = UnitSuccession.objects.filter(new=new, date=DAY).select_related("old")
        olds = [way.old for way in ways]
        whole = len(olds) > 1 and all(way.weight == 1 for way in ways)
        if whole and (new.code in {old.code for old in olds}) == keeps_a_code:
            return new, olds
    pytest.fail("no such merger in the reference data")


@pytest.fixture
def told():
    """`told({unit: number}, "D03")`: approved values of 2024."""

    def tell(values, code="D03"):
        period = ReportingPeriod.objects.get(code="2024")
        one = Submission.objects.create(
            dataset=Dataset.objects.get(code="DAN-SO"),
            unit=unit("24", on=EVE),
            period=period,
            created_by=member("son_dong_officer"),
        )
        Observation.objects.bulk_create(
            Observation(
                submission=one, indicator=Indicator.objects.get(code=code), unit=at, value=number,
                reference_date=EVE, kind="administrative",
            )
            for at, number in values.items()
        )  # fmt: skip
        approve(one, at=datetime.datetime(2025, 1, 2, tzinfo=datetime.UTC))
        found = approved_values(
            one.dataset, [new.code for new in NEW], [period], day=DAY, measures=[code]
        )
        return {key.unit: stored.value for key, stored in found.get(period.pk, {}).items()}

    NEW: list[AdministrativeUnit] = []
    tell.new = NEW
    return tell


def test_a_merged_commune_is_compared_with_all_that_went_into_it(told):
    new, olds = merged(keeps_a_code=True)
    told.new.append(new)
    values = {old: Decimal(100 + number) for number, old in enumerate(olds)}
    assert told(values) == {new.code: sum(values.values())}


def test_a_part_that_did_not_tell_leaves_the_sum_unknown(told):
    new, olds = merged(keeps_a_code=True)
    told.new.append(new)
    same_code = next(old for old in olds if old.code == new.code)
    assert told({same_code: Decimal(100)}) == {}


def test_a_commune_that_stayed_keeps_its_own_values(told):
    stayed = AdministrativeUnit.objects.on(EVE).on(DAY).communes().order_by("code").first()
    told.new.append(stayed)
    assert told({stayed: Decimal(7)}) == {stayed.code: 7}
