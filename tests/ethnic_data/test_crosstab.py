"""Every cell of a cross table is what a single answer says, however the table is put together."""

from __future__ import annotations

import datetime
import random
from dataclasses import replace
from itertools import product

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from ethnic_data.aggregation import MINORITIES, answer
from ethnic_data.aggregation.crosstab import Area, Ask, GroupSet, Key, crosstab
from ethnic_data.aggregation.questions import group_ids, moment
from ethnic_data.models import Indicator, Observation
from ethnic_data.services import rollups
from portal.collection.models import ReportingPeriod
from portal.units.models import AdministrativeUnit
from tests.cast import unit

from .filling import AN_LAC, CAM_SON, HUU_SAN, TAN_SON, VAN_SON, approve, approved, filled, value

pytestmark = pytest.mark.django_db

CODES = ["D03", "D04", "D05", "D06", "D08", "D09", "N03", "N06", "N05", "N13", "H23", "Z01", "K01"]
UNITS = ["24", "220", "219", AN_LAC, HUU_SAN, VAN_SON, CAM_SON, TAN_SON]
GROUPS = [None, MINORITIES, "02", "07", "98"]
SEXES = ["", "male", "female"]


def ask_for(codes, units, periods, *, groups=(None,), sexes=("",), **more):
    return Ask(
        measures=list(Indicator.objects.with_parts().filter(code__in=codes)),
        areas=[Area(one.code, one.pk) for one in map(unit, units)],
        periods=list(ReportingPeriod.objects.filter(code__in=periods)),
        groups=[GroupSet(one or "", group_ids(one)) for one in groups],
        sexes=sexes,
        **more,
    )


def differences(ask, *, on=None, compared=None):
    """Cells that a single answer contradicts; of `compared` cells only where there are many."""
    table = crosstab(ask)
    by_code = {area.key: unit(area.key) for area in ask.areas}
    wrong = []
    cells = list(
        product(
            ask.measures, ask.areas, ask.periods, ask.groups, ask.sexes, ask.categories, ask.kinds
        )
    )
    if compared is not None:
        cells = random.Random(0).sample(cells, min(compared, len(cells)))  # noqa: S311
    for measure, area, period, group, sex, category, kind in cells:
        key = Key(measure.code, area.key, period.code, group.key, sex, category, kind)
        alone = answer(
            measure.code, by_code[area.key], period.code, group=group.key or None, sex=sex,
            category=category, kind=kind, on=on, units_on=ask.units_on,
        )  # fmt: skip
        found = table[key]
        told = (
            alone.value, alone.missing, alone.numerator, alone.denominator, alone.kind,
            alone.units_given, alone.is_partial, alone.is_estimate,
        )  # fmt: skip
        if told != (*found[:6], found.is_partial, found.is_estimate) or (
            alone.value is not None and alone.units_expected != found.expected
        ):
            wrong.append(f"{key}\n{told}\n{found}")
    return wrong


def something(dice: random.Random, period: str, *, plain: bool = False) -> None:
    """Values of several datasets, kinds and levels: gaps, totals beside parts, categories.

    plain: without gaps, categories, and totals beside parts.
    """

    def number(top=40):
        return dice.choice([0 if plain else None, 0, 0, 1, 2, 3, dice.randint(4, top)])

    communes = {"220": [AN_LAC, HUU_SAN, VAN_SON], "219": [CAM_SON, TAN_SON]}
    for district, own in communes.items():
        people = [
            value(one, "D03", number(), group=group, sex=sex)
            for one in own
            for group in ("01", "02", "07", "98")
            for sex in (("male", "female") if plain else ("male", "female", None))
            if dice.random() < 0.6
        ]
        if not plain:
            people += [value(one, "D03", number(200)) for one in own if dice.random() < 0.3]
        form = [
            value(one, code, number(200), category=category)
            for one in own
            for code in ("N03", "D02", "D01", "H23", "Z01", "N13", "H14")
            for category in (
                [None, "septic_or_semi", "toilet_other"] if code == "H14" and not plain else [None]
            )
            if dice.random() < 0.8
        ]
        by_group = [
            value(one, code, number(90), group=group)
            for one in own
            for code in ("N01", "D01", "D03")
            for group in ("01", "02", "07")
            if dice.random() < 0.5
        ]
        for dataset, values in (("DAN-SO", people), ("BIEU-05", form), ("NGHEO-DAN-TOC", by_group)):
            if dice.random() < 0.85:
                one = filled(values, dataset=dataset, unit_code=district, period=period)
                for row in Observation.objects.filter(submission=one):
                    if dice.random() < 0.15:
                        Observation.objects.filter(pk=row.pk).update(kind="sample")
                approve(one)
    if plain:
        return
    if dice.random() < 0.5:
        district_values = [value("220", "N03", 77), value("219", "D02", 5)]
        approved(district_values, dataset="BIEU-05", unit_code="24", period=period)
    if dice.random() < 0.5:
        values = [value("24", "K01", 9), value("24", "D03", 4000)]
        approved(values, dataset="CNTT-CO-QUAN", unit_code="24", period=period)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(8))
def test_every_cell_is_what_a_single_answer_says(seed):
    dice = random.Random(seed)  # noqa: S311 - the same tables every time
    for period in ("2022", "2023"):
        something(dice, period, plain=seed >= 4)
    more = {}
    if seed % 2:
        more = {"categories": ["", "toilet_other"], "kinds": ["", "sample", "administrative"]}
    ask = ask_for(
        [*dice.sample(CODES, 5), "H14"],
        dice.sample(UNITS, 5),
        ["2022", "2023"],
        groups=dice.sample(GROUPS, 3),
        sexes=SEXES,
        **more,
    )
    found = differences(ask, compared=120)
    assert not found, "\n".join(found)
    read = crosstab(ask).figures
    rollups.sum_everything()
    summed = crosstab(ask).figures
    assert summed.keys() == read.keys()
    for key, one in summed.items():
        same = one if one.value is not None else one._replace(expected=read[key].expected)
        assert same == read[key], key


def test_what_stood_on_an_earlier_day_is_shown():
    june, july = (datetime.datetime(2024, month, 1, tzinfo=datetime.UTC) for month in (6, 7))
    approved([value(AN_LAC, "N03", 40)], at=june)
    approved([value(AN_LAC, "N03", 44)], at=july, revision=2, reason="Nhập nhầm")
    day = datetime.date(2024, 6, 15)
    ask = ask_for(["N03"], ["220"], ["2023"], on=moment(day))
    assert differences(ask, on=day) == []
    assert crosstab(ask)[Key("N03", "220", "2023")].value == 40


@pytest.mark.slow
@pytest.mark.parametrize("day", [datetime.date(2025, 7, 1), datetime.date(2024, 12, 31)])
def test_cells_in_the_units_of_another_day_are_what_answers_say(day):
    something(random.Random(11), "2023")  # noqa: S311
    ask = ask_for(CODES, ["24"], ["2022", "2023"], groups=[None, "02"], units_on=day)
    later = AdministrativeUnit.objects.on(day).communes().filter(is_reference=False)
    known = list(later.filter(predecessions__old__code__in=[AN_LAC, CAM_SON])[:4])
    areas = [Area(one.code, one.pk) for one in known] or ask.areas
    table = crosstab(replace(ask, areas=areas))
    for area, measure in product(areas, ask.measures):
        where = AdministrativeUnit.objects.get(pk=area.unit)
        alone = answer(measure.code, where, "2023", units_on=day)
        found = table[Key(measure.code, area.key, "2023")]
        assert (alone.value, alone.missing, alone.is_estimate) == (
            found.value,
            found.missing,
            found.is_estimate,
        )


def test_a_set_of_communes_is_summed_and_its_rates_recomputed():
    approved(
        [
            value(AN_LAC, "N03", 10), value(AN_LAC, "D02", 20),
            value(HUU_SAN, "N03", 10), value(HUU_SAN, "D02", 180), value(VAN_SON, "N03", 99),
        ]
    )  # fmt: skip
    period = ReportingPeriod.objects.get(code="2023")
    members = frozenset([unit(AN_LAC).pk, unit(HUU_SAN).pk])
    ask = Ask(
        measures=list(Indicator.objects.with_parts().filter(code__in=["N03", "N06"])),
        areas=[Area("khu-vuc", None, {period.pk: members})],
        periods=[period],
    )
    table = crosstab(ask)
    assert table[Key("N03", "khu-vuc", "2023")].value == 20
    assert table[Key("N06", "khu-vuc", "2023")].value == 10


def test_the_number_of_queries_does_not_grow():
    something(random.Random(3), "2023")  # noqa: S311
    few = ask_for(["N03"], ["220"], ["2023"])
    all_of_it = ask_for(CODES, UNITS, ["2022", "2023"], groups=GROUPS, sexes=SEXES)
    with CaptureQueriesContext(connection) as one:
        crosstab(few)
    with CaptureQueriesContext(connection) as many:
        crosstab(all_of_it)
    assert len(one) <= 8
    assert len(many) <= 12


def test_what_was_added_up_once_is_not_added_up_again():
    something(random.Random(5), "2023", plain=True)  # noqa: S311
    ask = ask_for(["N03"], UNITS, ["2023"])
    first = crosstab(ask)
    with CaptureQueriesContext(connection) as queries:
        assert crosstab(ask).figures == first.figures
    assert not any("sum(value)" in query["sql"] for query in queries)
