"""Published tables come out to the last digit."""

from decimal import Decimal

import pytest

from ethnic_data.aggregation.published import control_totals, sums
from ethnic_data.models import EthnicGroup, PublishedFigure, PublishedRow, PublishedTable
from portal.units.models import AdministrativeUnit

pytestmark = pytest.mark.django_db


def table(code):
    return PublishedTable.objects.get(code=code)


def printed(code, label, column):
    figure = PublishedFigure.objects.get(
        row__table__code=code, row__label=label, column__key=column
    )
    return figure.value


def test_bac_giang_2019_sums_to_the_printed_population():
    assert sums(table("BG-TDT-2019"))["population"] == 1_803_950
    assert printed("BG-TDT-2019", "Tổng số", "population") == 1_803_950


def test_minorities_of_bac_giang_2019_are_14_26_percent():
    rows = PublishedRow.objects.filter(table__code="BG-TDT-2019", group__counts_as_minority=True)
    minorities = sum(PublishedFigure.objects.filter(row__in=rows).values_list("value", flat=True))
    assert minorities == 257_273
    assert printed("BG-TDT-2019", "Trong đó: dân tộc thiểu số", "population") == minorities
    assert round(minorities / Decimal(1_803_950) * 100, 2) == Decimal("14.26")


def test_the_54_groups_sum_to_the_nation_in_both_censuses():
    assert sums(table("VN-54-2009-2019")) == {"pop_2009": 85_846_997, "pop_2019": 96_208_984}


def test_every_group_has_its_row_in_the_national_table():
    groups = set(
        PublishedRow.objects.filter(table__code="VN-54-2009-2019", group__isnull=False).values_list(
            "group__code", flat=True
        )
    )
    listed = set(EthnicGroup.objects.listed().values_list("code", flat=True))
    assert groups == listed | {"55", "99"}


def test_form_4a_adds_up_to_its_total_row_in_every_column():
    found = list(control_totals(table("DT53-2019-BIEU-4A")))
    assert len(found) == 4
    assert all(one.agrees for one in found)
    assert printed("DT53-2019-BIEU-4A", "Tổng 53 DTTS", "households_total") == 3_612_331


def test_form_56_adds_up_in_every_row():
    found = control_totals(table("DT53-2019-BIEU-56-KON-TUM"))
    assert len(found) == 4
    assert all(one.agrees for one in found)
    assert printed("DT53-2019-BIEU-56-KON-TUM", "Tỉnh Kon Tum", "total") == 71_129


def test_the_table_of_2014_sums_to_its_printed_total_and_shares():
    assert sums(table("BG-DTTS-2014")) == {"population": 200_538}
    found = control_totals(table("BG-DTTS-2014"))
    assert len(found) == 8
    assert all(one.agrees for one in found)


def test_all_printed_growth_rates_are_reproduced():
    found = [one for one in control_totals(table("VN-54-2009-2019")) if one.column.decimals == 2]
    assert len(found) >= 13
    assert [one for one in found if not one.agrees] == []


def test_a_difference_is_shown_and_the_printed_value_kept():
    figure = PublishedFigure.objects.get(
        row__table__code="DT53-2019-BIEU-56-KON-TUM",
        row__label="Huyện Ngọc Hồi",
        column__key="none",
    )
    PublishedFigure.objects.filter(pk=figure.pk).update(value=figure.value + 2)
    wrong = [one for one in control_totals(table("DT53-2019-BIEU-56-KON-TUM")) if not one.agrees]
    assert [(one.row.label, one.printed, one.difference) for one in wrong] == [
        ("Huyện Ngọc Hồi", 8867, -2)
    ]


def test_every_table_has_a_source_a_date_and_a_kind():
    for one in PublishedTable.objects.all():
        assert one.source
        assert one.reference_date
        assert one.get_kind_display()
    assert PublishedTable.objects.count() == 5


def test_rows_of_kon_tum_name_their_units():
    units = set(
        PublishedRow.objects.filter(table__code="DT53-2019-BIEU-56-KON-TUM").values_list(
            "unit__code", flat=True
        )
    )
    assert units == {"62", "608", "610", "611"}
    assert AdministrativeUnit.objects.get(code="VN").level == "nation"
