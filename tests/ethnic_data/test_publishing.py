"""What people see who may not see counts of a few persons: never enough to work them out."""

from __future__ import annotations

import html
import random
import re

import pytest
from django.urls import reverse

from ethnic_data.exploring import hiding
from ethnic_data.exploring.publishing import Published
from ethnic_data.models import HiddenCounts, Indicator
from ethnic_data.services import rollups
from portal.collection.models import ReportingPeriod, Submission
from portal.jobs import services as jobs
from tests.cast import member

from .filling import AN_LAC, CAM_SON, HUU_SAN, TAN_SON, VAN_SON, approved, value

pytestmark = pytest.mark.django_db
ADDRESS = "/dan-toc/kham-pha"
HIDDEN = "Không công bố"


def people(commune, group, male, female):
    return [
        value(commune, "D03", male, group=group, sex="male"),
        value(commune, "D03", female, group=group, sex="female"),
    ]


@pytest.fixture
def small_groups():
    dice = random.Random(8)  # noqa: S311 - the same people every time
    for district, communes in (("220", [AN_LAC, HUU_SAN, VAN_SON]), ("219", [CAM_SON, TAN_SON])):
        values = [
            one
            for commune in communes
            for group in ("01", "02", "04", "07", "18")
            for one in people(
                commune, group, *(dice.choice([0, 1, 3, 8, 40, 300]) for _ in range(2))
            )
        ]
        households = [value(one, code, n) for one in communes for code, n in HOUSEHOLDS]
        approved(values, dataset="DAN-SO", unit_code=district)
        approved(households, unit_code=district)


HOUSEHOLDS = [("N03", 3), ("D02", 15), ("D01", 400)]


def seen(client, who, **query):
    """Texts of a table by what each cell is named, units by their codes."""
    client.force_login(member(who))
    response = client.get(ADDRESS, {"ky": "2023", "dv": "24"} | query)
    table = response.context["table"]

    def name(row, column):
        return table.key(row, column)._replace(area=table.fixes(row, column)["area"].code)

    return {
        name(row, column): table.cell(row, column) for row in table.rows for column in table.columns
    }, re.sub(r"\s+", " ", html.unescape(response.content.decode()))


@pytest.mark.slow
def test_small_counts_are_hidden_and_their_totals_are_not_given_away(client, small_groups):
    query = {"ct": "D03", "hang": "don-vi", "cap": "xa", "cot": "dan-toc"}
    exact, _ = seen(client, "specialist", **query)
    public, text = seen(client, "administrator", **query)
    small = [key for key, cell in exact.items() if 0 < (cell.figure.value or 0) < 5]
    assert small
    for key, cell in public.items():
        if key in small:
            assert cell.text == HIDDEN
        elif cell.is_known:
            assert cell.figure.value == exact[key].figure.value
    assert sum(cell.text == HIDDEN for cell in public.values()) > len(small)
    assert "/dan-toc/so-lieu?" not in text


@pytest.mark.slow
def test_two_tables_never_differ_in_what_they_hide(client, small_groups):
    shown: dict[tuple[str, ...], set[bool]] = {}
    for query in (
        {"hang": "don-vi", "cap": "xa", "cot": "dan-toc"},
        {"hang": "dan-toc", "cot": "gioi-tinh", "dv": "220"},
        {"hang": "don-vi", "cap": "huyen", "cot": "dan-toc", "cot2": "gioi-tinh"},
        {"hang": "don-vi", "cap": "xa", "cot": "gioi-tinh", "dt": "02"},
        {"hang": "don-vi", "cap": "xa", "cot": "loai", "dt": "minorities"},
        {"hang": "dan-toc", "cot": "ky", "dt": "02,04", "dv": "219"},
    ):
        cells, _ = seen(client, "administrator", ct="D03", **query)
        for key, cell in cells.items():
            if cell.is_known or cell.figure.missing == "confidential":
                shown.setdefault(key[:6], set()).add(cell.is_known)
    assert all(len(ways) == 1 for ways in shown.values())
    assert {True, False} <= {way for ways in shown.values() for way in ways}


def test_groups_chosen_together_are_shown_only_where_each_is(client, small_groups):
    published = Published()
    people_count = Indicator.objects.with_parts().get(code="D03")
    hidden = published.hidden(people_count, ReportingPeriod.objects.get(code="2023"))
    query = {"ct": "D03", "hang": "don-vi", "cap": "xa", "cot": "dan-toc", "dt": "02,04"}
    cells, _ = seen(client, "administrator", **query)
    for key, cell in cells.items():
        if key.group == "02+04" and cell.is_known:
            assert not {(key.area, one, "", "") for one in ("02", "04")} & hidden


def test_rates_over_few_or_of_hidden_counts_are_not_shown(client, small_groups):
    query = {"ct": "N06", "hang": "don-vi", "cap": "xa", "cot": "ky", "dv": "220"}
    cells, _ = seen(client, "administrator", **query)
    told = {key.area: cell.text for key, cell in cells.items() if cell.text != "Không có số liệu"}
    assert told[AN_LAC] == HIDDEN


def test_files_hide_the_same_and_the_values_behind_are_not_open(client, small_groups):
    query = {"ct": "D03", "hang": "don-vi", "cap": "xa", "cot": "dan-toc", "ky": "2023"}
    cells, _ = seen(client, "administrator", **query)
    body = b"".join(client.get(f"{ADDRESS}/tep.csv", query | {"dv": "24"})).decode()
    assert body.count(HIDDEN) == sum(cell.text == HIDDEN for cell in cells.values())
    assert client.get(reverse("ethnic_data:observation_list")).status_code == 404


def test_earlier_days_and_other_units_are_no_way_around(client, small_groups):
    _, text = seen(client, "administrator", ct="D03", ngay="2030-01-01")
    assert "Chỉ xem được số liệu hiện nay" in text


@pytest.fixture
def looked_through(small_groups, run_jobs):
    """The follow-up jobs of all approvals are done."""
    for one in Submission.objects.approved():
        jobs.ask(rollups.SUM_JOB, one.pk)
    run_jobs()


def hidden_now():
    people_count = Indicator.objects.with_parts().get(code="D03")
    period = ReportingPeriod.objects.get(code="2023")
    return hiding.hidden_of([(people_count, period)])[people_count.pk, period.pk]


@pytest.mark.slow
def test_what_is_hidden_is_found_out_before_anybody_asks(client, looked_through, monkeypatch):
    monkeypatch.setattr(hiding, "_Search", None)  # nothing is looked for while a page waits
    query = {"hang": "don-vi", "cap": "xa", "cot": "dan-toc"}
    for codes in ("D03", "N06", "D03,N06"):
        cells, _ = seen(client, "administrator", ct=codes, **query)
        assert any(cell.text == HIDDEN for cell in cells.values())


@pytest.mark.slow
def test_what_was_hidden_says_nothing_once_other_counts_stand(looked_through):
    before = hidden_now()
    corrected = people(AN_LAC, "04", 2, 2) + people(HUU_SAN, "04", 300, 300)
    approved(corrected, dataset="DAN-SO", unit_code="220", revision=2, reason="Sửa số")
    told = hidden_now()  # the job has not run
    HiddenCounts.objects.all().delete()
    assert told == hidden_now() != before


@pytest.mark.slow
def test_of_several_approvals_in_a_row_the_last_finds_out_what_is_hidden(
    small_groups, request, monkeypatch
):
    looked = []
    search = hiding._Search.hidden
    monkeypatch.setattr(
        hiding._Search, "hidden", lambda self, asked: looked.append(1) or search(self, asked)
    )
    request.getfixturevalue("looked_through")
    assert Submission.objects.approved().count() == 4
    assert len(looked) == 2  # of each form once
