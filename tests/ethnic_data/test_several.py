"""Several indicators at once say what each says alone."""

from __future__ import annotations

import pytest

from ethnic_data.aggregation import answers, several
from ethnic_data.models import Indicator
from portal.collection.models import ReportingPeriod
from portal.units.models import AdministrativeUnit
from tests.cast import unit
from tests.ethnic_data.filling import approved, value

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

CODES = ["N06", "N07", "D05", "N03", "N01"]


@pytest.fixture
def communes():
    day = ReportingPeriod.objects.get(code="2023").end
    return list(AdministrativeUnit.objects.on(day).communes().within(unit("220"), on=day))


@pytest.fixture
def two_years(communes):
    """Reported minorities in 2022, only groups in 2023, gaps in both."""
    first, second, third = (commune.code for commune in communes[:3])
    approved(
        [
            value(first, "D02", 90),
            value(first, "N03", 9),
            value(second, "D02", 50),
            value(second, "N03", None),
            value(third, "N04", 4),
        ],
        period="2022",
    )
    approved(
        [value(first, "D02", 100), value(first, "N04", 7), value(second, "D02", 60)],
        period="2023",
    )
    approved(
        [
            value(first, "N01", 10, group="02"),
            value(first, "N01", 99, group="01"),
            value(second, "N01", 3, group="07"),
        ],
        dataset="NGHEO-DAN-TOC",
        period="2023",
    )


def told(answer):
    return (
        answer.indicator.code,
        answer.period.code,
        answer.value,
        answer.missing,
        answer.numerator,
        answer.denominator,
        answer.formula,
        answer.observations,
        {revision.submission for revision in answer.revisions},
        answer.missing_units,
        answer.is_partial,
        answer.kind,
    )


def test_each_answer_is_the_one_that_is_given_alone(communes, two_years):
    periods = list(ReportingPeriod.objects.filter(code__in=["2022", "2023"]))
    units = [unit("24"), unit("220"), *communes]
    together = several(CODES, units, periods)
    for period in periods:
        for code in CODES:
            alone = answers(code, units, period.code)
            for one in units:
                assert told(together[period.code, code, one.pk]) == told(alone[one.pk])


def test_the_number_of_queries_does_not_grow(communes, two_years, django_assert_num_queries):
    periods = list(ReportingPeriod.objects.filter(code__in=["2022", "2023"]))
    with django_assert_num_queries(8):
        several(["N06"], communes[:1], periods)
    with django_assert_num_queries(8):
        several(CODES, communes, periods)


def test_an_unknown_code_is_an_error(communes):
    with pytest.raises(Indicator.DoesNotExist, match="QQ"):
        several(["N06", "QQ"], communes, list(ReportingPeriod.objects.all()[:1]))


def test_nothing_asked_is_nothing_answered(communes):
    assert several(["N06"], communes, []) == {}
