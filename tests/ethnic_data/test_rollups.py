"""The sums that pages read say what the values say, whatever was approved, corrected or undone."""

from __future__ import annotations

import datetime
import random
from contextlib import contextmanager
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from ethnic_data.aggregation import answer, answers, answers_by_group, several
from ethnic_data.aggregation.crosstab import Area, Ask, GroupSet, crosstab
from ethnic_data.aggregation.questions import group_ids
from ethnic_data.models import EthnicGroup, Indicator, Observation, Rollup, Unsummed
from ethnic_data.services import rollups
from portal.collection.models import Dataset, ReportingPeriod, Submission
from portal.collection.services import approving
from portal.jobs.models import Job
from portal.units.models import UnitAncestor
from tests.cast import member, unit

from .filling import (
    AN_LAC,
    CAM_SON,
    HUU_SAN,
    TAN_SON,
    VAN_SON,
    approve,
    approved,
    filled,
    submit,
    value,
)

pytestmark = pytest.mark.django_db

PERIODS = ["2022", "2023"]
COMMUNES = {"220": [AN_LAC, HUU_SAN, VAN_SON], "219": [CAM_SON, TAN_SON]}
DATASETS = ["DAN-SO", "BIEU-05", "NGHEO-DAN-TOC"]
INDICATORS = ["D03", "D02", "N01", "N03"]
GROUPS = [None, "01", "02", "07"]
INTO = """
INSERT INTO ethnic_data_observation (submission_id, indicator_id, unit_id, group_id, sex, category,
    value, missing, reference_date, kind, sheet, cell, raw) VALUES
"""
ASKED = ["D03", "D04", "D05", "N03", "N06", "N05", "D08"]


@contextmanager
def read_from_values():
    """As while something is not summed yet: all periods are read from the values."""
    some = Submission.objects.first()
    periods = ReportingPeriod.objects.filter(code__in=PERIODS)
    marks = Unsummed.objects.bulk_create(
        Unsummed(submission=some, period=one, dataset=some.dataset) for one in periods
    )
    yield
    Unsummed.objects.filter(pk__in=[one.pk for one in marks]).delete()


def told(one):
    return (
        one.value, one.missing, one.numerator, one.denominator, one.formula, one.observations,
        {revision.submission for revision in one.revisions}, one.units_expected, one.units_given,
        one.missing_units, one.is_partial, one.kind, one.is_estimate,
    )  # fmt: skip


def shown(figure):
    """How many were expected is said beside a value only."""
    return figure if figure.value is not None else figure._replace(expected=0)


def everything():
    """What pages ask: tables, single answers, several, in the units of three days."""
    communes = [code for codes in COMMUNES.values() for code in codes]
    units = [unit(code) for code in ("24", "220", "219", *communes)]
    periods = list(ReportingPeriod.objects.filter(code__in=PERIODS))
    measures = list(Indicator.objects.with_parts().filter(code__in=ASKED))
    groups = [GroupSet(one or "", group_ids(one)) for one in (None, "minorities", "02", "98")]
    found = {}
    for day in (None, datetime.date(2025, 7, 1)):
        areas = [Area(one.code, one.pk) for one in units]
        ask = Ask(
            measures=measures, areas=areas, periods=periods, groups=groups,
            sexes=["", "female"], kinds=["", "sample"], units_on=day,
        )  # fmt: skip
        found |= {(day, key): shown(figure) for key, figure in crosstab(ask).figures.items()}
        for key, one in several(ASKED[:-1], units, periods, units_on=day).items():
            found[day, "several", key] = told(one)
    for code in PERIODS:
        for measure in ("D03", "D04", "N06", "D08"):
            for key, one in answers(measure, units, code, group="minorities", sex="male").items():
                found[code, measure, key] = told(one)
        for key, one in answers_by_group("N05", units[0], code).items():
            found[code, "by group", key] = told(one)
    return found


class Province:
    """Submissions straight into the tables; only the trigger that marks what changed is awake."""

    def __init__(self, dice: random.Random) -> None:
        self.dice, self.changes = dice, 0
        with connection.cursor() as cursor:
            for table in ("collection_submission", "ethnic_data_observation"):
                cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
            cursor.execute("ALTER TABLE collection_submission ENABLE TRIGGER submission_unsummed")
        self.datasets = {code: Dataset.objects.get(code=code) for code in DATASETS}
        self.periods = {code: ReportingPeriod.objects.get(code=code) for code in PERIODS}
        self.units = {
            code: unit(code).pk
            for code in ("24", *COMMUNES, *(one for own in COMMUNES.values() for one in own))
        }
        self.indicators = dict(Indicator.objects.values_list("code", "pk"))
        self.groups = dict(EthnicGroup.objects.values_list("code", "pk"))
        self.author = member("son_dong_officer").pk
        self.reviewer = member("specialist").pk

    def change(self) -> None:
        """An approval, a correction, or an approval that is taken back."""
        district = self.dice.choice(["220", "219", "220", "219", "24"])
        place = {
            "dataset": self.datasets[self.dice.choice(DATASETS)],
            "unit_id": self.units[district],
            "period": self.periods[self.dice.choice(PERIODS)],
        }
        of_it = Submission.objects.filter(**place)
        standing = of_it.filter(status="approved")
        self.changes += 1
        if standing and self.dice.random() < 0.2:
            standing.update(status="superseded")
            return
        last = of_it.order_by("-revision").values_list("revision", flat=True).first() or 0
        one = Submission.objects.create(
            **place, revision=last + 1, reason="x", created_by_id=self.author
        )
        self.fill(one, district)
        standing.update(status="superseded")
        when = datetime.datetime(2024, 1, 1, tzinfo=datetime.UTC)
        when += datetime.timedelta(minutes=self.changes)
        Submission.objects.filter(pk=one.pk).update(
            status="approved",
            approved_at=when,
            approved_by=self.reviewer,
            submitted_at=when,
            submitted_by=self.author,
        )

    def count(self) -> None:
        """Else tables are planned as they stood before the test, some of them empty."""
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")

    def fill(self, one: Submission, district: str) -> None:
        dice = self.dice
        by_group, by_sex = dice.random() < 0.7, dice.random() < 0.4
        plain = dice.random() < 0.5
        communes = [code for own in COMMUNES.values() for code in own]
        units = COMMUNES.get(district) or dice.choice([["24"], ["220", "24"], communes[:2]])
        rows = []
        for code in dice.sample(INDICATORS, 2):
            for where in units:
                places = {
                    (dice.choice(GROUPS[1:]) if by_group and (plain or dice.random() < 0.8)
                     else None, dice.choice(["male", "female"]) if by_sex else "")
                    for _ in range(3)
                }  # fmt: skip
                for group, sex in places:
                    number = dice.choice([0, 1, 5, 40] if plain else [None, 0, 1, 5, 40])
                    kind = "sample" if not plain and dice.random() < 0.1 else "administrative"
                    rows.append(
                        (one.pk, self.indicators[code], self.units[where], self.groups.get(group),
                         sex, number, "" if number is not None else
                         dice.choice(["not_collected", "confidential"]), kind)
                    )  # fmt: skip
        with connection.cursor() as cursor:
            marks = ",".join(["(%s,%s,%s,%s,%s,'',%s,%s,'2023-12-31',%s,'','','')"] * len(rows))
            cursor.execute(INTO + marks, [cell for row in rows for cell in row])


@pytest.mark.slow
def test_sums_are_those_of_the_values_after_a_thousand_changes():
    dice = random.Random(0)  # noqa: S311 - the same changes every time
    province = Province(dice)
    for part in (20, 480, 500):
        for at in range(part):
            province.change()
            if at % 250 == 0:
                province.count()
            if dice.random() < 0.1:  # others wait for their turn, some until another's
                waiting = Unsummed.objects.order_by("?").first()
                if waiting is not None:
                    rollups.sum_submission(waiting.submission)
        half_way = everything()  # what is not summed is read from the values
        while waiting := Unsummed.objects.first():
            rollups.sum_submission(waiting.submission)
        assert rollups.verify() == []
        with CaptureQueriesContext(connection) as queries:
            from_sums = everything()
        with read_from_values():
            from_values = everything()
        assert differences(half_way, from_values) == {}
        assert differences(from_sums, from_values) == {}
        assert any("FROM ethnic_data_rollup\n" in one["sql"] for one in queries)
    assert province.changes == 1000


def differences(some, others):
    assert some.keys() == others.keys()
    return {key: (one, others[key]) for key, one in some.items() if one != others[key]}


def test_an_approval_asks_for_its_sums_and_a_correction_takes_the_old_ones_away():
    period = ReportingPeriod.objects.get(code="2023")
    first = approved([value(AN_LAC, "N03", 40), value(HUU_SAN, "N03", 2)])
    assert Unsummed.objects.get().submission == first
    rollups.sum_submission(first)
    assert not Unsummed.objects.exists()
    son_dong = Rollup.objects.filter(indicator__code="N03", level=1)
    assert max(one.total for one in son_dong) == 42
    second = approved([value(AN_LAC, "D02", 7)], revision=2, reason="Nhập nhầm biểu")
    assert answer("N03", unit("220"), "2023").value is None  # read from the values by now
    rollups.sum_submission(second)
    assert not Unsummed.objects.exists()
    assert not Rollup.objects.filter(indicator__code="N03", period=period).exists()
    assert answer("N03", unit("220"), "2023").value is None
    assert answer("D02", unit("24"), "2023").value == 7


def test_the_approval_itself_asks_for_the_sums_in_its_transaction(run_jobs):
    one = submit(filled([value(AN_LAC, "N03", 40)]))
    approving.approve(submission=one, by=member("specialist"))
    assert answer("N03", unit("220"), "2023").value == 40  # read from the values
    assert Job.objects.open().filter(name=rollups.SUM_JOB, subject_id=one.pk).exists()
    run_jobs()
    assert not Unsummed.objects.exists()
    with CaptureQueriesContext(connection) as queries:
        assert answer("N03", unit("220"), "2023").value == 40
    assert not any("FROM operand" in query["sql"] for query in queries)


def test_a_district_that_gets_another_commune_is_read_from_the_values_until_it_is_summed():
    one = approved([value(AN_LAC, "N03", 40)], unit_code="24")
    rollups.sum_submission(one)
    assert answer("N03", unit("219"), "2023").value is None
    UnitAncestor.objects.filter(unit=unit(AN_LAC), ancestor=unit("220")).update(
        ancestor=unit("219")
    )
    assert answer("N03", unit("219"), "2023").value == 40
    assert answer("N03", unit("220"), "2023").value is None
    assert answer("N03", unit("24"), "2023").value == 40
    rollups.sum_everything()
    with CaptureQueriesContext(connection) as queries:
        assert answer("N03", unit("219"), "2023").value == 40
    assert not any("FROM operand" in query["sql"] for query in queries)


def test_the_command_finds_a_wrong_sum_and_mends_it():
    rollups.sum_submission(approved([value(AN_LAC, "N03", 40)]))
    told = StringIO()
    call_command("verify_rollups", stdout=told)
    assert "khớp" in told.getvalue()
    Rollup.objects.filter(level=0).update(total=41)
    for options, words in (({}, "BIEU-05 · 2023: 1 dòng khác"), ({"mend": True}, "Đã tính lại 1")):
        told = StringIO()
        with pytest.raises(SystemExit):
            call_command("verify_rollups", stdout=told, **options)
        assert words in told.getvalue()
    call_command("verify_rollups", stdout=StringIO())
    assert Rollup.objects.get(level=0).total == 40


def test_a_unit_told_of_in_two_kinds_is_left_to_the_values():
    one = filled(
        [value(AN_LAC, "D03", 5, group="02"), value(AN_LAC, "D03", 6, group="07")],
        dataset="DAN-SO",
    )
    Observation.objects.filter(submission=one, group__code="02").update(kind="sample")
    approve(one)
    before = told(answer("D03", unit("220"), "2023"))
    rollups.sum_submission(one)
    assert all(row.to_read for row in Rollup.objects.all())
    assert told(answer("D03", unit("220"), "2023")) == before
