"""Steps of reporting and kinds of output are entered in the browser, for a new programme too."""

from __future__ import annotations

import datetime

import pytest
from django.urls import reverse

from programs.models import OutputKind, ReportStep
from tests.programs.factories import ComponentFactory, ProgrammeFactory

pytestmark = pytest.mark.django_db

STEP = {
    "position": "1", "level": "commune", "who": "UBND xã", "does": "authenticates",
    "occasion": "first", "dataset": "", "due_day": "20", "due_month": "10",
    "due_years_after": "0", "due_months_after": "", "days_after": "", "basis": "trước 20/10",
    "first_day": "01/01/2026", "last_day": "",
}  # fmt: skip


@pytest.fixture
def programme():
    found = ProgrammeFactory()
    found.forms.create(
        code="B1", title="Biểu 1", sender="x", receiver="y", frequency="annual", basis="Thông tư",
        confidence="high", valid=("2026-01-01", None), position=1,
    )  # fmt: skip
    return found


def test_a_step_with_its_last_day_is_entered_for_a_new_programme(client, specialist, programme):
    client.force_login(specialist)
    address = reverse("programs:report_step_create", args=[programme.code])
    told = STEP | {"form": programme.forms.get().pk}
    wrong = client.post(address, told | {"days_after": "3"})
    assert "Hạn là một ngày trong năm" in wrong.text
    assert client.post(address, told).status_code == 302
    step = ReportStep.objects.get(form__programme=programme)
    assert step.due_in(2026) == datetime.date(2026, 10, 20)
    again = client.post(address, told)
    assert "đã có bước cùng loại" in again.text


def test_a_kind_of_output_is_entered_and_one_in_use_stays(client, administrator, programme):
    component = ComponentFactory(programme=programme)
    client.force_login(administrator)
    told = {
        "component": component.pk, "code": "kq-cau-treo", "name": "Cầu treo",
        "unit_of_measure": "cầu", "counted": "things", "decimals": "0", "position": "1",
        "is_active": "on",
    }  # fmt: skip
    address = reverse("programs:output_kind_create", args=[programme.code])
    assert client.post(address, told).status_code == 302
    kind = OutputKind.objects.get(code="KQ-CAU-TREO")
    listed = client.get(reverse("programs:output_kind_list"), {"chuong-trinh": programme.code})
    assert "Cầu treo" in listed.text
    client.post(reverse("programs:part_delete", args=["loai-ket-qua", kind.pk]))
    assert not OutputKind.objects.filter(pk=kind.pk).exists()
