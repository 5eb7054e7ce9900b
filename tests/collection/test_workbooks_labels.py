"""No name of a group or a unit is ever taken for a total, a section, a part or a note."""

from __future__ import annotations

import csv
import unicodedata

import pytest

from portal.collection.workbooks.labels import kind_of
from portal.collection.workbooks.layout import RowUnit
from portal.collection.workbooks.names import GroupNames, UnitNames
from portal.collection.workbooks.vocabulary import Vocabulary
from tests.collection.files.foreign import messages, understood
from tests.collection.files.layouts import ROOT, dan_so, groups, units_of


def spellings(name, *kinds):
    """A name as lists write it: numbered, in capitals, decomposed, with what it is before it."""
    for text in (name, *(f"{kind} {name}" for kind in kinds)):
        yield from (text, text.upper(), f"1. {text}", f"- {text}")
        yield unicodedata.normalize("NFD", text)


def units():
    path = ROOT / "portal/units/data/admin_units.csv"
    with path.open(encoding="utf-8") as file:
        return list(csv.DictReader(line for line in file if not line.startswith("#")))


def test_every_group_and_alias_is_a_name():
    taken = {
        text: kind_of(text)
        for group in groups()
        for name in (group.name, *GroupNames._spellings(group.aliases))
        for text in spellings(name, "Dân tộc", "Người")
        if kind_of(text) != "name"
    }
    assert len(groups()) >= 53
    assert not taken


def test_every_unit_of_the_province_is_a_name():
    taken = {
        text: kind_of(text)
        for row in units()
        for text in spellings(row["name"], row["type"])
        if kind_of(text) != "name"
    }
    assert len(units()) > 300
    assert not taken


@pytest.mark.parametrize(
    ("label", "kind"),
    [
        ("Cộng", "total"),
        ("CỘNG", "total"),
        ("Cong", "total"),
        ("Cộng:", "total"),
        ("Tổng cộng", "total"),
        ("Tông sô", "total"),
        ("TONG SO", "total"),
        ("Tổng", "total"),
        ("Nữ", "part"),
        ("Nam", "part"),
        ("Làng Vàng", "village"),
        ("Lang Vang", "village"),
        ("Bản Mới", "village"),
        ("Nguồn: Niên giám", "note"),
    ],
)
def test_telling_words_are_still_told(label, kind):
    assert kind_of(label) == kind


def test_each_group_is_found_by_its_own_name_and_heads_no_stub():
    names, vocabulary = GroupNames(groups()), Vocabulary(dan_so())
    for group in groups():
        for text in spellings(group.name, "Dân tộc"):
            assert names.find(text).code == group.code, text
            assert names.is_named(text), text
        assert vocabulary.meaning((group.name,)).stub is None, group.name


def test_only_a_name_with_its_marks_is_named():
    names = GroupNames(groups())
    assert not any(map(names.is_named, ("Cong", "Cộng", "Công", "Tổng", "Tong", "")))


def test_a_commune_is_named_with_its_marks_only():
    names = UnitNames([RowUnit(code="1", name="Lãng Sơn", kind="xã")])
    assert all(map(names.is_named, ("Lãng Sơn", "XÃ LÃNG SƠN", "3. Xã Lãng Sơn")))
    assert not any(map(names.is_named, ("Làng Sơn", "Lang Son", "Thôn Lãng Sơn")))


def test_every_group_of_a_commune_is_read_with_its_total_beside_it():
    """54 rows and "Cộng": each row is a value, the total is compared, nothing is skipped."""
    unit = units_of("220")[0]
    told = [group for group in groups() if group.code.isdigit()]
    rows = [
        [number, unit.label if number == 1 else "", group.name, 10 + number, 5 + number, 5]
        for number, group in enumerate(told, 1)
    ]
    whole = [sum(row[column] for row in rows) for column in (3, 4, 5)]
    heading = ["STT", "Đơn vị", "Dân tộc", "Tổng số", "Nam", "Nữ"]
    reading = understood([heading, *rows, ["", "", "Cộng", *whole]], dan_so())
    assert {value.group for value in reading.values} == {group.code for group in told}
    skipped = [row.label for row in reading.reconciliation.rows if row.status == "skipped"]
    assert skipped == ["Cộng"], messages(reading)
