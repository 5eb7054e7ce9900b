"""What the loader brings in, compared with the room's own files."""

from __future__ import annotations

import csv
from decimal import Decimal

import pytest

from programs import services
from programs.models import (
    Component,
    MonitoringForm,
    OutputKind,
    Programme,
    PublishedCapital,
    Target,
    TargetValue,
)

pytestmark = pytest.mark.django_db


def rows(name: str) -> list[dict[str, str]]:
    with (services.DATA / name).open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def test_every_row_of_the_tree_is_loaded_as_printed():
    loaded = {
        c.code: (c.parent.code if c.parent else "", c.kind, c.name, c.lead_agency)
        for c in Component.objects.filter(programme__code="1719").select_related("parent")
    }
    assert loaded == {
        row["code"]: (row["parent_code"], row["kind"], row["name_vi"], row["lead_agency"])
        for row in rows("programme_1719.csv")
    }
    assert len(loaded) == 48


def test_rows_without_a_checked_source_are_marked():
    assert not Component.objects.filter(programme__code="1719", is_verified=True).exists()
    numbering = Component.objects.get(programme__code="1719", code="DA4.TDA1.ND2")
    assert (numbering.confidence, numbering.confidence_note) == ("low", "số thứ tự")


def test_target_values_are_kept_as_printed():
    kept = {
        (value.target.code, value.year): value.printed
        for value in TargetValue.objects.select_related("target")
    }
    expected = {
        (row["code"], year): row[f"target_{year}"]
        for row in rows("targets_1719.csv")
        for year in (2025, 2030)
        if row[f"target_{year}"]
    }
    assert kept == expected
    assert kept["MT03", 2030] == "100 (cơ bản không còn xã, thôn ĐBKK)"


def test_the_yearly_fall_of_poverty_is_tied_to_its_indicator():
    fall = Target.objects.get(code="MT02")
    assert (fall.indicator_code, fall.measure) == ("N06", "yearly_fall")
    assert fall.values.get().threshold == Decimal(3)


def test_published_money_is_kept_in_million_with_its_word():
    figure = PublishedCapital.objects.get(item="Tổng vốn kế hoạch năm", first_year=2023)
    assert (figure.amount, figure.precision, figure.unit.code) == (Decimal(635000), "gần", "24")
    assert PublishedCapital.objects.count() == len(rows("bacgiang_capital.csv"))


def test_no_english_reaches_the_reader():
    words = ("unverified", "unknown", "same", "derived", "not seen", "summary")
    shown = [
        *Component.objects.values_list("source", flat=True),
        *Target.objects.values_list("source", flat=True),
        *PublishedCapital.objects.values_list("source", flat=True),
        *MonitoringForm.objects.values_list("source", flat=True),
        *MonitoringForm.objects.values_list("columns", flat=True),
        *MonitoringForm.objects.values_list("deadline", flat=True),
    ]
    assert [text for text in shown if any(word in text for word in words)] == []


def test_loading_again_changes_nothing_and_keeps_corrections():
    Component.objects.filter(code="DA2").update(name="Tên đã sửa")
    before = (Component.objects.count(), TargetValue.objects.count())
    assert not services.load_reference()
    assert (Component.objects.count(), TargetValue.objects.count()) == before
    assert Component.objects.get(code="DA2").name == "Tên đã sửa"


@pytest.mark.slow
def test_a_lost_programme_is_loaded_whole_again():
    for model in (Target, PublishedCapital, MonitoringForm, OutputKind):
        model.objects.all().delete()
    for kind in ("content", "subproject", "project"):
        Component.objects.filter(kind=kind).delete()
    Programme.objects.all().delete()
    assert services.load_reference()
    assert Component.objects.filter(programme__code="1719").count() == 48
