"""Two people have one form open: the later one is told what changed, and overwrites nothing."""

from __future__ import annotations

import datetime

import pytest
from django.urls import reverse

from programs.models import Edit, Inspection, Organisation, Programme, Works
from tests.programs.factories import OrganisationFactory, ProgrammeFactory
from tests.programs.works.test_pages import works_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def organisation():
    OrganisationFactory(code="bqlda-x", name="Ban quản lý dự án X")
    return reverse("programs:organisation_update", args=["bqlda-x"])


@pytest.fixture
def works():
    works_in("220", code="CT-1", name="Đường liên thôn", planned_start=datetime.date(2023, 3, 1))
    return reverse("programs:works_update", args=["CT-1"])


@pytest.fixture
def phase():
    phase = ProgrammeFactory(code="2035").phases.create(
        name="Giai đoạn I", valid=(datetime.date(2026, 1, 1), datetime.date(2031, 1, 1))
    )
    return reverse("programs:phase_update", args=["2035", phase.pk])


@pytest.fixture
def inspection(specialist):
    one = Inspection.objects.create(
        programme=Programme.objects.get(code="1719"),
        first_day=datetime.date(2023, 5, 4),
        last_day=datetime.date(2023, 5, 5),
        place="Xã An Lạc",
        content="Kiểm tra tiến độ",
        by=specialist,
    )
    return reverse("programs:inspection_update", args=["1719", one.pk])


def shown(client, url):
    """The fields of a form as a browser would send them back."""
    form = client.get(url).context["form"]
    values = {name: form[name].value() for name in form.fields}
    return {name: written(value) for name, value in values.items() if value not in (None, False)}


def written(value):
    if isinstance(value, datetime.date):
        return f"{value:%d/%m/%Y}"
    return value


def sent(client, url, told, **changed):
    return client.post(url, told | changed)


@pytest.mark.parametrize(
    ("page", "field", "first", "second"),
    [
        ("organisation", "name", "Ban quản lý Y", "Ban quản lý Z"),
        ("works", "name", "Đường Y", "Đường Z"),
        ("phase", "name", "Giai đoạn Y", "Giai đoạn Z"),
        ("inspection", "place", "Xã Y", "Xã Z"),
    ],
)
def test_a_form_opened_before_somebody_saved_overwrites_nothing(
    client, specialist, leader, request, page, field, first, second
):
    url = request.getfixturevalue(page)
    client.force_login(specialist)
    assert client.get(url).text.count('name="opened"') == 1
    mine = shown(client, url)
    theirs = shown(client, url)
    answer = sent(client, url, theirs, **{field: first})
    assert answer.status_code == 302, answer.context["form"].errors
    edit = Edit.objects.get()
    assert edit.by == specialist

    refused = sent(client, url, mine, **{field: second})
    assert refused.status_code == 200
    form = refused.context["form"]
    told = " ".join(form.non_field_errors())
    assert str(specialist) in told
    assert f"{form.fields[field].label}: “{first}”" in told
    assert form[field].value() == second, "what was typed is kept"
    assert client.get(url).context["form"][field].value() == first

    again = mine | {"opened": form["opened"].value()}
    assert sent(client, url, again, **{field: second}).status_code == 302
    assert client.get(url).context["form"][field].value() == second


def test_a_change_that_came_another_way_is_told_without_a_name(client, specialist, organisation):
    client.force_login(specialist)
    mine = shown(client, organisation)
    Organisation.objects.filter(code="bqlda-x").update(is_active=False)
    refused = sent(client, organisation, mine, name="Ban khác")
    told = " ".join(refused.context["form"].non_field_errors())
    assert told.startswith("Người khác (hoặc một tệp nhập vào) đã sửa")
    assert Organisation.objects.get(code="bqlda-x").name == "Ban quản lý dự án X"


def test_a_place_moved_meanwhile_is_told(client, specialist, works):
    client.force_login(specialist)
    mine = shown(client, works)
    Works.objects.get(code="CT-1").place_rows.update(village="Thôn Mới")
    refused = sent(client, works, mine, name="Tên khác")
    assert "“Thôn Mới”" in " ".join(refused.context["form"].non_field_errors())


@pytest.mark.parametrize(
    "opened",
    ["", "{}", "[]", "null", '{"at": "x", "of": []}', '{"at": 1e999, "of": {}}', "\ud800x"],
)
def test_marks_that_are_none_are_not_asked(client, specialist, organisation, opened):
    client.force_login(specialist)
    mine = shown(client, organisation)
    answer = sent(client, organisation, mine, opened=opened.encode("utf-8", "ignore"), name="Ban Z")
    assert answer.status_code == 302
