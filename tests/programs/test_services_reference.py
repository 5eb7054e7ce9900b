"""Rows added to the project's files later reach a database that has the programme already."""

from __future__ import annotations

from io import StringIO

import pytest
from django.core.management import call_command

from programs import services
from programs.models import Component, GivenRow, OutputKind, ReportStep
from programs.services.reference import loading

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


@pytest.fixture(autouse=True)
def given_once():
    services.load_reference()


@pytest.fixture
def later(monkeypatch):
    """`later("report_steps.csv", change)`: what the files say from now on."""
    plain = loading.rows_of
    changes = {}

    def rows_of(name):
        rows = plain(name)
        return changes[name](rows) if name in changes else rows

    monkeypatch.setattr(loading, "rows_of", rows_of)
    return changes.__setitem__


def more(**told):
    return lambda rows: [*rows, {**rows[-1], **told}]


def other(column, key, **told):
    return lambda rows: [{**row, **told} if row[column] == key else row for row in rows]


def test_what_was_given_is_kept_beside_the_rows():
    assert GivenRow.objects.filter(file="report_steps").count() == ReportStep.objects.count()
    assert GivenRow.objects.filter(file="output_kinds").count() == OutputKind.objects.count()
    assert not services.load_reference(), "nothing new comes of the same files"


def test_new_rows_of_steps_outputs_and_components_come(later):
    later("output_kinds.csv", more(component="DA4", code="KQ-MOI", name="Đập nhỏ"))
    later(
        "programme_1719.csv", more(code="DA11", parent_code="", kind="project", name_vi="Dự án mới")
    )
    later(
        "report_steps.csv", more(form="TT01-F6", level="district", position="9", occasion="first")
    )
    loaded = services.load_reference()
    assert (loaded.renewed.new, loaded.sentences) == (3, [])
    assert OutputKind.objects.get(code="KQ-MOI").component.code == "DA4"
    assert Component.objects.get(code="DA11").name == "Dự án mới"
    assert ReportStep.objects.filter(form__code="TT01-F6").count() == 1


def test_a_row_below_a_new_one_comes_with_it(later):
    later(
        "programme_1719.csv",
        lambda rows: [
            *rows,
            {**rows[-1], "code": "DA11", "parent_code": "", "kind": "project", "name_vi": "Trên"},
            {**rows[-1], "code": "DA11.TDA1", "parent_code": "DA11", "kind": "subproject",
             "name_vi": "Dưới"},
        ],
    )  # fmt: skip
    services.load_reference()
    assert Component.objects.get(code="DA11.TDA1").parent.code == "DA11"


def test_a_correction_reaches_what_nobody_changed_and_only_its_fields(later):
    OutputKind.objects.filter(code="KQ-CAU").update(decimals=1)
    later("output_kinds.csv", other("code", "KQ-CAU", name="Cầu dân sinh"))
    loaded = services.load_reference()
    assert loaded.renewed.changed == 1
    kind = OutputKind.objects.get(code="KQ-CAU")
    assert (kind.name, kind.decimals) == ("Cầu dân sinh", 1)
    assert len(loaded.sentences) == 1
    assert "giữ “1” đã sửa trên cổng" in loaded.sentences[0]


def test_what_an_administrator_changed_stays_and_is_reported(later):
    ReportStep.objects.filter(level="commune", occasion="first").update(due_month=8, due_day=20)
    later("report_steps.csv", other("position", "2", due_day="12", basis="Thông tư mới"))
    told = StringIO()
    call_command("load_reference", stdout=told)
    step = ReportStep.objects.get(level="commune", occasion="first")
    assert (step.due_month, step.due_day, step.basis) == (8, 20, "Thông tư mới")
    assert "giữ “20” đã sửa trên cổng (dữ liệu gốc: “12”)" in told.getvalue()


def test_what_people_took_away_does_not_come_back(later):
    OutputKind.objects.filter(code="KQ-CAU").delete()
    assert not services.load_reference()
    assert not OutputKind.objects.filter(code="KQ-CAU").exists()
    later("output_kinds.csv", other("code", "KQ-CAU", name="Cầu dân sinh"))
    loaded = services.load_reference()
    assert not OutputKind.objects.filter(code="KQ-CAU").exists()
    assert "đã bỏ trên cổng" in loaded.sentences[0]


def test_a_new_row_that_stands_there_already_is_reported_and_stops_nothing(later):
    first = ReportStep.objects.get(level="province", occasion="first")
    ReportStep.objects.filter(pk=first.pk).update(valid=loading.DateRange(first.valid.lower, None))
    later(
        "report_steps.csv",
        lambda rows: [
            *rows,
            {**rows[6], "valid_from": "2026-01-01"},
            {**rows[6], "level": "district"},
        ],
    )
    loaded = services.load_reference()
    assert loaded.renewed.new == 1
    assert any("đã có dòng trùng" in sentence for sentence in loaded.sentences)


def test_a_database_of_before_keeps_what_differs(later):
    GivenRow.objects.all().delete()
    OutputKind.objects.filter(code="KQ-CAU").update(name="Cầu tạm")
    later("output_kinds.csv", more(component="DA4", code="KQ-MOI", name="Đập nhỏ"))
    loaded = services.load_reference()
    assert loaded.renewed.new == 1
    assert OutputKind.objects.get(code="KQ-CAU").name == "Cầu tạm"
    assert len(loaded.sentences) == 1
