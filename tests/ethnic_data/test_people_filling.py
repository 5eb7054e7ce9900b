"""Counts derived from the lists: on the dashboard, in reports, and as values of a dataset."""

from __future__ import annotations

import datetime

import pytest
from django.urls import reverse

from ethnic_data.aggregation.people import listed_counts
from portal.collection.models import Dataset, ReportingPeriod, Submission
from portal.collection.stores import store_of
from reports.figures.registry import Scope, find
from tests.access.people import a_deputy, a_person
from tests.cast import unit

from .filling import approve

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
DAY = datetime.date(2023, 12, 31)


@pytest.fixture
def draft(son_dong_officer):
    return Submission.objects.create(
        dataset=Dataset.objects.get(code="DAI-BIEU"),
        unit=unit("220"),
        period=ReportingPeriod.objects.get(code="2023"),
        created_by=son_dong_officer,
    )


def values(one):
    found = store_of(one.dataset).current(one)
    return {(k.unit, k.measure, k.sex): v.value for k, v in found.items()}


def test_a_draft_is_filled_from_the_list_with_where_it_is_from(client, draft, son_dong_officer):
    deputy = a_deputy("220")
    a_deputy("219")
    client.force_login(son_dong_officer)
    page = client.get(reverse("ethnic_data:people_beside", args=[draft.pk]))
    listed = [one.listed for one in page.context["cells"]]
    assert listed == [1, 1, 0, 1, 1, 0]
    assert "Vi Văn Sơn" not in page.content.decode()
    client.post(reverse("ethnic_data:people_fill", args=[draft.pk]))
    code = deputy.unit.code
    assert values(draft)[code, "C02", "male"] == 1
    assert {key[0] for key in values(draft)} == {code}
    assert "từ danh sách đại biểu HĐND, ngày 31/12/2023" in draft.events.latest("pk").note
    assert draft.status == "draft"
    page = client.get(reverse("ethnic_data:people_beside", args=[draft.pk])).content.decode()
    assert "khớp với danh sách" in page
    link = client.get(reverse("ethnic_data:people_beside_link", args=[draft.pk]))
    assert "So với danh sách" in link.content.decode()


def test_what_was_sent_is_not_filled(client, draft, son_dong_officer):
    a_deputy("220")
    approve(draft)
    client.force_login(son_dong_officer)
    page = client.post(reverse("ethnic_data:people_fill", args=[draft.pk]), follow=True)
    assert "không sửa được nữa" in page.content.decode()
    assert values(draft) == {}


def test_the_lists_are_counted_as_of_a_day(specialist):
    deputy, person = a_deputy("220"), a_person("220")
    a_deputy("219")
    province = unit("24")
    counts = listed_counts(province, DAY)
    assert (counts.deputies, counts.women, counts.minorities) == (2, 0, 2)
    assert (counts.prestigious, counts.recognised, counts.removed) == (1, 1, 0)
    before = listed_counts(province, datetime.date(2021, 1, 1))
    assert (before.deputies, before.prestigious) == (0, 0)
    deputy.left_date, deputy.left_reason = datetime.date(2023, 6, 1), "Chuyển công tác"
    deputy.save()
    person.removed_date, person.removed_by = datetime.date(2023, 9, 1), "9/QĐ-UBND"
    person.removed_reason = "moved"
    person.save()
    counts = listed_counts(unit("220"), DAY)
    assert (counts.deputies, counts.prestigious, counts.removed) == (0, 0, 1)


def test_a_report_quotes_the_list(specialist):
    a_deputy("220")
    a_person("219")
    scope = Scope(period=ReportingPeriod.objects.get(code="2023"), day=DAY)
    found = find("dai-bieu-hdnd").compute(scope)
    assert (found.value, found.provenance["day"]) == (1, "2023-12-31")
    women = Scope(period=scope.period, day=DAY, parameters={"sex": "female"})
    assert find("dai-bieu-hdnd").compute(women).value == 0
    assert find("nguoi-co-uy-tin").compute(scope).value == 1


def test_the_dashboard_shows_counts_and_leads_to_names_only_who_may_see_them(client, cast):
    a_deputy("220")
    a_person("220")
    for name, leads in (("leader", True), ("clerk", False)):
        client.force_login(cast(name))
        page = client.get(reverse("reports:dashboard"), {"ky": "2023"})
        figures = {one.label: one for one in page.context["figures"]}
        assert figures["Đại biểu HĐND"].value == "1"
        assert bool(figures["Người có uy tín"].url) is leads
        assert "Vi Văn Sơn" not in page.content.decode()
