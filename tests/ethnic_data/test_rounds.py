"""Rounds of the survey: days and kinds of their values, kept apart and compared."""

from __future__ import annotations

import datetime
from decimal import Decimal
from io import BytesIO

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from openpyxl import load_workbook

from ethnic_data.aggregation import answer
from ethnic_data.models import FullCount, Observation, SurveyRound, SurveyTable
from ethnic_data.store import ObservationStore
from tests.cast import unit

from .filling import approve, submission, value

pytestmark = pytest.mark.django_db


def households(period, **by_group):
    """Approved Biểu 4a of the nation: `g01=5` is 5 households of group 01."""
    one = submission("DT53-BIEU-4A", "VN", period)
    values = [value("VN", "D07", number, group=key[1:]) for key, number in by_group.items()]
    ObservationStore().write(one, values, None)
    return approve(one)


def kinds(one):
    rows = Observation.objects.filter(submission=one)
    return dict(rows.values_list("group__code", "kind"))


def test_three_rounds_with_their_plans_are_known():
    assert list(SurveyRound.objects.values_list("year", flat=True)) == [2024, 2019, 2015]
    days = SurveyTable.objects.filter(round__year=2019).values_list("reference_date", flat=True)
    assert set(days) == {datetime.date(2019, 4, 1), datetime.date(2019, 10, 1)}


def test_groups_under_10_000_are_counted_fully_in_2024_and_marked_unverified():
    full = FullCount.objects.filter(round__year=2024)
    assert full.count() == 14
    assert not full.filter(is_verified=True)
    assert not full.filter(group__name="La Ha")


def test_a_value_has_the_day_of_its_table_and_the_kind_of_its_group():
    one = households("2024", g02=600_000, g52=150)  # Tày, Brâu
    assert kinds(one) == {"02": "sample", "52": "census"}
    days = set(Observation.objects.filter(submission=one).values_list("reference_date", flat=True))
    assert days == {datetime.date(2024, 7, 1)}


def test_sampled_figures_are_never_added_to_counts():
    households("2024", g02=600_000, g03=500_000, g52=150)
    nation = unit("VN")
    assert answer("D07", nation, "2024", kind="census").value == 150
    assert answer("D07", nation, "2024", kind="sample").value == 1_100_000
    both = answer("D07", nation, "2024")
    assert (both.value, both.missing) == (None, "mixed")


def test_the_day_of_a_table_stays_once_data_were_sent():
    households("2024", g02=1)
    table = SurveyTable.objects.get(dataset__code="DT53-BIEU-4A", period__code="2024")
    table.reference_date = datetime.date(2024, 8, 1)
    with pytest.raises(IntegrityError, match="giữ nguyên"), transaction.atomic():
        table.save()


def compared(client, **asked):
    return client.get(reverse("ethnic_data:round_compare", args=["DT53-BIEU-4A"]), asked)


def test_two_rounds_stand_side_by_side_with_kind_day_and_change(client, specialist):
    households("2019", g02=500_000, g52=151)
    households("2024", g02=600_000, g52=150)
    client.force_login(specialist)
    page = compared(client, a="2019", b="2024")
    lines = {line.label: line for line in page.context["lines"]}
    assert (lines["Tày"].change, lines["Tày"].percent) == (100_000, 20)
    assert lines["Tổng số"].before.value == 500_151
    assert lines["Tổng số"].after.words == "Không cộng số toàn bộ với số mẫu"
    text = page.content.decode()
    assert "cách điều tra khác nhau" in text
    assert "điều tra mẫu" in text
    assert "01/04/2019" in text
    one = compared(client, a="2019", b="2024", dt="52")
    assert [line.change for line in one.context["lines"]][:1] == [Decimal(-1)]


def test_the_comparison_can_be_had_as_a_workbook(client, specialist):
    households("2019", g02=500_000)
    households("2024", g02=600_000)
    client.force_login(specialist)
    url = reverse("ethnic_data:round_compare_export", args=["DT53-BIEU-4A"])
    sheet = load_workbook(BytesIO(client.get(url, {"a": "2019", "b": "2024"}).content)).active
    rows = list(sheet.values)
    assert ("Tày", 500_000, "tổng điều tra", 600_000, "điều tra mẫu", 100_000, 20) in rows


def test_the_pages_take_few_queries(client, specialist, django_assert_max_num_queries):
    households("2019", g02=1, g03=2)
    client.force_login(specialist)
    with django_assert_max_num_queries(14):
        client.get(reverse("ethnic_data:round_list"))
    with django_assert_max_num_queries(18):
        compared(client)
