"""The administrator keeps rounds and their tables; a new round's table goes the way of all."""

from __future__ import annotations

import datetime

import pytest
from django.urls import reverse

from ethnic_data.models import EthnicGroup, Observation, SurveyRound, SurveyTable
from portal.collection.models import ReportingPeriod, Submission
from portal.collection.services.opening import open_submission
from tests.cast import unit

from .filling import approve, submission, value

pytestmark = pytest.mark.django_db

ROUND = {
    "year": 2027,
    "title": "Điều tra 53 dân tộc thiểu số năm 2027",
    "plan": "Quyết định số 12/QĐ-CTK ngày 01/02/2026",
    "reference_date": "2027-07-01",
}
TABLE = {"year": 2027, "reference_date": "2027-07-01", "counting": "by_group"}


@pytest.fixture
def survey(client, administrator):
    client.force_login(administrator)
    brau = EthnicGroup.objects.get(code="52")
    answer = client.post(reverse("ethnic_data:round_create"), ROUND | {"full": [brau.pk]})
    assert answer.status_code == 302, answer.context["form"].errors
    return SurveyRound.objects.get(year=2027)


def add_table(client, code, **change):
    from portal.collection.models import Dataset

    dataset = Dataset.objects.get(code=code)
    url = reverse("ethnic_data:survey_table_create", args=[2027])
    return client.post(url, TABLE | {"dataset": dataset.pk} | change)


@pytest.mark.slow
def test_a_round_and_its_table_are_added_in_the_browser_and_its_values_know_their_kind(
    client, survey
):
    assert add_table(client, "DT53-BIEU-4A").status_code == 302
    table = SurveyTable.objects.get(round=survey)
    assert table.period.code == "2027"
    from ethnic_data.store import ObservationStore

    one = submission("DT53-BIEU-4A", "VN", "2027")
    values = [value("VN", "D07", 700_000, group="02"), value("VN", "D07", 160, group="52")]
    ObservationStore().write(one, values, None)
    rows = Observation.objects.filter(submission=approve(one))
    assert dict(rows.values_list("group__code", "kind")) == {"02": "sample", "52": "census"}
    assert set(rows.values_list("reference_date", flat=True)) == {datetime.date(2027, 7, 1)}
    assert "2027" in client.get(reverse("ethnic_data:round_list")).content.decode()


def test_a_year_without_a_period_gets_one(client, survey):
    ReportingPeriod.objects.filter(code="2005").delete()
    answer = add_table(client, "DT53-BIEU-4A", year=2005, reference_date="2005-07-01")
    assert answer.status_code == 302, answer.context["form"].errors
    assert ReportingPeriod.objects.get(code="2005").end == datetime.date(2005, 12, 31)


@pytest.mark.parametrize(
    ("code", "change", "words"),
    [
        ("DT53-BIEU-4A", {"reference_date": "2026-07-01"}, "trong năm của số liệu"),
        ("BIEU-05", {}, "không chia theo dân tộc"),
        ("DT53-BIEU-4A", {"year": 2024, "reference_date": "2024-07-01"}, "đã có thời điểm"),
        ("DT53-BIEU-4A", {"counting": "moi-nguoi"}, "moi-nguoi"),
    ],
)
def test_what_cannot_be_is_said_at_the_form(client, survey, code, change, words):
    answer = add_table(client, code, **change)
    assert answer.status_code == 200
    assert words in answer.content.decode()
    assert not survey.tables.exists()


@pytest.mark.slow
def test_a_table_with_data_keeps_its_day_its_kind_and_its_groups(client, survey, specialist):
    add_table(client, "DT53-BIEU-4A")
    table = SurveyTable.objects.get(round=survey)
    period = table.period
    Submission.objects.create(
        dataset=table.dataset, unit=unit("VN"), period=period, created_by=specialist
    )
    url = reverse("ethnic_data:survey_table_update", args=[2027, table.pk])
    change = TABLE | {"dataset": table.dataset_id, "counting": "sample", "source": "Biểu 4a"}
    client.post(url, change)
    table.refresh_from_db()
    assert (table.counting, table.source) == ("by_group", "Biểu 4a")
    client.post(reverse("ethnic_data:survey_table_delete", args=[2027, table.pk]))
    assert SurveyTable.objects.filter(pk=table.pk).exists()
    client.post(reverse("ethnic_data:round_update", args=[2027]), ROUND | {"full": []})
    assert survey.full_counts.count() == 1


@pytest.mark.slow
def test_a_specialist_opens_the_new_rounds_table(client, survey, specialist):
    add_table(client, "DT53-BIEU-4A")
    table = SurveyTable.objects.get(round=survey)
    client.force_login(specialist)
    page = client.get(reverse("ethnic_data:round_table", args=[table.pk]))
    assert page.status_code == 200
    nation = unit("VN", on=datetime.date(2027, 12, 31))
    one = open_submission(dataset=table.dataset, unit=nation, period=table.period, by=specialist)
    assert client.get(reverse("collection:submission", args=[one.pk])).status_code == 200
