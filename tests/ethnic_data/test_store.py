"""The store: what is expected of a unit, and values written and read back."""

import datetime
from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from ethnic_data.models import Observation
from ethnic_data.services.datasets import STORE as STORE_PATH
from ethnic_data.store import ObservationStore, UnknownCode
from portal.collection.models import Dataset, DatasetColumn, ReportingPeriod, Submission
from portal.collection.services.duties import duties
from portal.collection.services.opening import open_submission
from portal.collection.stores import StoredValue, ValueKey, Written
from portal.collection.workbooks.outcome import CellValue
from portal.units.models import AdministrativeUnit
from tests.cast import unit

from .filling import AN_LAC, HUU_SAN, VAN_SON, approve, approved, filled, submission, value

pytestmark = pytest.mark.django_db
STORE = ObservationStore()


def layout(dataset="BIEU-05", unit_code="220", period="2023"):
    row = ReportingPeriod.objects.get(code=period)
    return STORE.layout(
        Dataset.objects.get(code=dataset), unit(unit_code, on=min(row.end, TODAY)), row
    )


TODAY = datetime.date(2023, 12, 31)


def test_form_05_expects_the_17_communes_of_son_dong():
    found = layout()
    assert len(list(found.valid_units())) == 17
    assert found.unit_by_code[AN_LAC].label == "Xã An Lạc"
    assert found.unit_by_code[AN_LAC].district_name == "Huyện Sơn Động"


def test_form_05_has_the_official_columns():
    columns = layout().columns
    assert [column.measure for column in columns] == [
        "D01", "D02", "N03", "N04", "N09", "N10", "N11", "N06", "N07",
    ]  # fmt: skip
    assert [column.number for column in columns] == [str(n) for n in range(1, 10)]
    rate = layout().by_key["N06"]
    assert (rate.formula.numerator, rate.formula.denominator) == ("N03", "D02")
    assert rate.formula.factor == 100
    assert not rate.is_entered


def test_communes_of_other_districts_are_known_with_their_district():
    found = layout().unit_by_code["07528"]
    assert (found.label, found.district_name) == ("Xã Cấm Sơn", "Huyện Lục Ngạn")
    assert found.valid


def test_a_commune_that_comes_later_is_known_as_not_yet_there():
    later = [one for one in layout().known_units if not one.valid]
    assert later
    assert all(one.note.startswith(("chỉ có từ ngày", "đã sáp nhập", "không còn")) for one in later)


def test_the_province_has_209_communes_in_2023():
    period = ReportingPeriod.objects.get(code="2023")
    dataset = Dataset.objects.get(code="BIEU-05")
    found = STORE.layout(dataset, unit("24"), period)
    assert len(found.units) == 209


def test_a_form_by_group_knows_all_groups_and_prints_the_main_ones():
    found = layout("DAN-SO")
    assert len(found.groups) == 57
    assert set(found.main_groups) == {"01", "02", "03", "04", "06", "07", "09", "15", "18"}
    tay = found.group_by_code["02"]
    assert "Thổ" not in tay.aliases  # the official name of another group
    assert ("1999-2009", "02") in tay.alt_codes


def test_the_agencys_form_has_one_row_per_measure():
    found = layout("CNTT-CO-QUAN", "24")
    assert [column.measure for column in found.columns] == [f"K{n:02}" for n in range(1, 18)]
    assert [column.measure for column in found.computed] == ["K04", "K05", "K07", "K09", "K17"]
    assert [one.code for one in found.units] == ["24"]


def test_a_layout_costs_few_queries():
    with CaptureQueriesContext(
        connection,
    ) as queries:
        layout("DAN-SO")
    assert len(queries) <= 20


def test_values_come_back_as_they_were_written():
    one = filled(
        [
            value(AN_LAC, "D01", 120, cell="C9", sheet="Biểu 05"),
            value(AN_LAC, "N04", None, missing="not_collected"),
            value(HUU_SAN, "D01", "7.5"),
        ]
    )
    found = STORE.current(one)
    assert found[ValueKey(AN_LAC, "D01")] == StoredValue(Decimal(120), "", None, "Biểu 05", "C9")
    assert found[ValueKey(AN_LAC, "N04")] == StoredValue(None, "not_collected")
    assert found[ValueKey(HUU_SAN, "D01")].value == Decimal("7.5")


def test_groups_and_sexes_are_part_of_the_key():
    one = filled(
        [
            value(AN_LAC, "D03", 10, group="02", sex="male"),
            value(AN_LAC, "D03", 12, group="02", sex="female"),
            value(AN_LAC, "D03", 5, group="07", sex="male"),
        ],
        dataset="DAN-SO",
    )
    found = STORE.current(one)
    assert found[ValueKey(AN_LAC, "D03", "02", "female")].value == 12
    assert len(found) == 3


def test_the_same_values_twice_change_nothing():
    values = [value(AN_LAC, "D01", 120), value(AN_LAC, "N04", None)]
    one = submission()
    assert STORE.write(one, values, None) == Written(new=2)
    before = set(Observation.objects.values_list("pk", flat=True))
    assert STORE.write(one, values, None) == Written(same=2)
    assert set(Observation.objects.values_list("pk", flat=True)) == before


def test_new_changed_same_and_removed_are_told_apart():
    one = filled([value(AN_LAC, "D01", 1), value(AN_LAC, "D02", 1), value(AN_LAC, "N03", 1)])
    written = STORE.write(
        one, [value(AN_LAC, "D01", 1), value(AN_LAC, "D02", 2), value(AN_LAC, "N04", 4)], None
    )
    assert written == Written(new=1, changed=1, same=1, removed=1)


def test_a_value_that_becomes_missing_is_a_change():
    one = filled([value(AN_LAC, "D01", 1)])
    assert STORE.write(one, [value(AN_LAC, "D01", None)], None) == Written(changed=1)
    assert STORE.current(one)[ValueKey(AN_LAC, "D01")] == StoredValue(None, "not_collected")


def test_values_of_other_units_stay():
    one = filled([value(AN_LAC, "D01", 1), value(HUU_SAN, "D01", 2)])
    STORE.write(one, [value(AN_LAC, "D01", 3)], None)
    assert {key.unit for key in STORE.current(one)} == {AN_LAC, HUU_SAN}


def test_a_named_unit_without_values_is_emptied():
    one = filled([value(AN_LAC, "D01", 1), value(HUU_SAN, "D01", 2)])
    assert STORE.write(one, [], None, units=[AN_LAC]) == Written(removed=1)
    assert {key.unit for key in STORE.current(one)} == {HUU_SAN}


def test_the_last_of_two_values_of_one_cell_counts():
    one = filled([value(AN_LAC, "D01", 1), value(AN_LAC, "D01", 2)])
    assert STORE.current(one)[ValueKey(AN_LAC, "D01")].value == 2


@pytest.mark.parametrize(
    "wrong",
    [
        value("99999", "D01", 1),
        value(AN_LAC, "D99", 1),
        value(AN_LAC, "D03", 1, group="77"),
    ],
)
def test_an_unknown_code_is_refused_and_nothing_is_written(wrong):
    one = submission()
    with pytest.raises(UnknownCode), transaction.atomic():
        STORE.write(one, [value(HUU_SAN, "D01", 1), wrong], None)
    assert STORE.current(one) == {}


def test_texts_with_tabs_quotes_and_backslashes_survive():
    odd = 'a\tb\\N "c"\n;\x00d'
    one = filled([value(AN_LAC, "D01", 1, sheet=odd)])
    stored = Observation.objects.get(submission=one)
    assert stored.sheet == 'a\tb\\N "c"\n;d'


def test_a_correction_starts_from_a_copy_with_the_links_to_cells():
    first = approve(filled([value(AN_LAC, "D01", 1, cell="C9", sheet="S")]))
    second = submission(revision=2, reason="Nhập nhầm")
    STORE.copy(first, second)
    assert STORE.current(second) == STORE.current(first)


def test_the_previous_years_approved_values_are_given_for_comparison():
    approved([value(AN_LAC, "N03", 40)], period="2022")
    filled([value(HUU_SAN, "N03", 41)], period="2021")
    period = ReportingPeriod.objects.get(code="2023")
    found = STORE.previous(Dataset.objects.get(code="BIEU-05"), unit("220"), period)
    assert found == {ValueKey(AN_LAC, "N03"): Decimal(40)}


def test_groups_reported_last_year_are_printed_this_year():
    approved(
        [value(AN_LAC, "D03", 9, group="02", sex="male"), value(AN_LAC, "D03", 0, group="31")],
        dataset="DAN-SO",
        period="2022",
    )
    assert layout("DAN-SO").main_groups == ("02",)


LOCKED = [
    "UPDATE ethnic_data_observation SET value = value + 1",
    "DELETE FROM ethnic_data_observation",
    "INSERT INTO ethnic_data_observation (submission_id, indicator_id, unit_id, sex, category,"
    " value, missing, reference_date, kind, sheet, cell, raw) SELECT submission_id, indicator_id,"
    " unit_id, 'male', category, value, missing, reference_date, kind, sheet, cell, raw"
    " FROM ethnic_data_observation",
]


@pytest.mark.parametrize("sql", LOCKED)
@pytest.mark.parametrize("status", ["approved", "superseded"])
def test_sql_cannot_touch_what_is_approved_or_superseded(sql, status):
    one = approved([value(AN_LAC, "D01", 1)])
    if status == "superseded":
        one.status = Submission.Status.SUPERSEDED
        one.save()
    with pytest.raises(IntegrityError, match="đã khoá"), transaction.atomic():
        connection.cursor().execute(sql)
    assert Observation.objects.get().value == 1


def test_a_value_cannot_be_moved_into_or_out_of_an_approved_submission():
    locked = approved([value(AN_LAC, "D01", 1)])
    draft = filled([value(HUU_SAN, "D01", 2)], period="2022")
    for source, target in ((locked, draft), (draft, locked)):
        with pytest.raises(IntegrityError, match="đã khoá"), transaction.atomic():
            Observation.objects.filter(submission=source).update(submission=target)


def test_bulk_writes_of_the_orm_are_caught_too():
    one = approved([value(AN_LAC, "D01", 1)])
    row = Observation.objects.get()
    row.pk, row.sex = None, "male"
    with pytest.raises(IntegrityError, match="đã khoá"), transaction.atomic():
        Observation.objects.bulk_create([row])
    with pytest.raises(IntegrityError, match="đã khoá"), transaction.atomic():
        STORE.write(one, [value(AN_LAC, "D01", 5)], None)


def test_the_table_cannot_be_emptied_while_it_holds_approved_values():
    approved([value(AN_LAC, "D01", 1)])
    cursor = connection.cursor()
    cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET LOCAL portal.may_truncate = 'off'")
    with pytest.raises(IntegrityError, match="đã khoá"), transaction.atomic():
        cursor.execute("TRUNCATE ethnic_data_observation")


@pytest.mark.parametrize(
    "fields",
    [
        {"value": None, "missing": ""},
        {"value": 1, "missing": "not_collected"},
        {"value": -1},
        {"sex": "other"},
        {"value": None, "missing": "unknown"},
        {"kind": "guess"},
    ],
)
def test_the_database_refuses_what_makes_no_sense(fields):
    filled([value(VAN_SON, "D01", 1)])
    with pytest.raises(IntegrityError), transaction.atomic():
        Observation.objects.update(**fields)


def test_a_value_stands_once_in_a_submission():
    filled([value(VAN_SON, "D01", 1)])
    row = Observation.objects.get()
    row.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        row.save()


@pytest.mark.parametrize(
    ("level", "row_level", "axis", "sender", "rows"),
    [
        ("nation", "own", "unit_group", "VN", ["VN"]),
        ("province", "district", "unit", "62", ["608", "610", "611"]),
        ("province", "own", "unit_group", "24", ["24"]),
    ],
)
def test_tables_of_the_nation_of_districts_and_of_other_provinces(
    specialist, level, row_level, axis, sender, rows
):
    """A census or a survey: its kind is stored, and units that report to nobody here are taken."""
    form = Dataset.objects.create(
        code="DT53", title="Điều tra", row_axis=axis, row_level=row_level, submitting_level=level,
        source_kind="sample", includes_reference=True, store=STORE_PATH,
    )  # fmt: skip
    column = {"key": "H14_septic_or_semi", "category": "septic_or_semi"}
    DatasetColumn.objects.create(
        dataset=form, position=1, heading="Tự hoại", measure="H14", **column
    )
    period = ReportingPeriod.objects.get(code="2019")
    place = AdministrativeUnit.objects.on(period.end).get(code=sender)
    owed = duties(periods=[period], user=specialist, today=TODAY, dataset=form)
    assert place in [duty.unit for duty in owed]
    layout = ObservationStore().layout(form, place, period)
    assert sorted(unit.code for unit in layout.units) == rows
    submission = open_submission(dataset=form, unit=place, period=period, by=specialist)
    group = "07" if axis == "unit_group" else None
    values = [
        CellValue(code, "H14", group, None, "septic_or_semi", Decimal(5), None, "", "", "", "x")
        for code in rows
    ]
    assert ObservationStore().write(submission, values, None).new == len(rows)
    kinds = Observation.objects.filter(submission=submission).values_list("kind", flat=True)
    assert set(kinds) == {"sample"}
    stray = [values[0]._replace(category="nowhere")]
    with pytest.raises(UnknownCode, match="nowhere"):
        ObservationStore().write(submission, stray, None)
