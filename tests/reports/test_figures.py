"""Figures: how they are written, what they answer, where they come from."""

import datetime
from decimal import Decimal

import pytest
from django.db.backends.postgresql.psycopg_any import DateRange

from portal.units.lists import ended_words
from portal.units.models import UnitMembership
from reports import figures
from reports.figures import Scope, UnknownFigure, printed
from tests.ethnic_data.filling import AN_LAC, HUU_SAN, approve, approved, value
from tests.reports import stage


@pytest.mark.parametrize(
    ("value", "style", "text"),
    [
        ("2", "two_digits", "02"),
        ("0", "two_digits", "0"),
        ("9", "two_digits", "09"),
        ("10", "two_digits", "10"),
        ("73", "two_digits", "73"),
        ("1234", "two_digits", "1.234"),
        ("1.000000", "two_digits", "01"),
        ("0.952380", "two_digits", "0,95"),
        ("100", "percent", "100%"),
        ("95.238095", "percent", "95,2%"),
        ("95.05", "percent", "95,1%"),
        ("99.96", "percent", "99,96%"),
        ("99.9999", "percent", "99,9999%"),
        ("0", "percent", "0%"),
        ("0.04", "percent", "0,04%"),
        ("50.0", "percent", "50%"),
        ("100", "all_or_percent", "toàn bộ"),
        ("99.99", "all_or_percent", "99,99%"),
        ("85.714285", "all_or_percent", "85,7%"),
        ("1234.5", "number", "1.234,5"),
        ("257273", "number", "257.273"),
        ("227.174200", "number", "227,174"),
        ("105.211000", "number", "105,211"),
        ("0.0004", "number", "0,0004"),
        ("0", "number", "0"),
    ],
)
def test_a_value_is_written_as_its_sentence_wants_it(value, style, text):
    assert printed(Decimal(value), style) == text


def scope(**parameters):
    return Scope(stage.submission_period(), stage.DAY, parameters)


@pytest.mark.django_db
class TestQueries:
    def test_the_73_communes_are_counted_on_the_day_of_the_report(self):
        query = figures.find("xa-trong-danh-sach")
        assert query.compute(scope()).value == 73
        before = Scope(stage.submission_period(), datetime.date(2021, 6, 3))
        assert query.compute(before).value is None

    def test_a_list_that_ended_says_on_which_day_and_by_what(self):
        query = figures.find("xa-trong-danh-sach")
        last, over, before = (
            query.compute(Scope(stage.submission_period(), datetime.date(*day)))
            for day in ((2025, 6, 30), (2025, 7, 1), (2021, 6, 3))
        )
        assert last.value
        assert (over.value, over.missing) == (None, "not_applicable")
        assert over.provenance["why"] == (
            "danh sách 73 xã vùng đồng bào dân tộc thiểu số và miền núi theo Quyết định số "
            "861/QĐ-TTg ngày 04/6/2021 của Thủ tướng Chính phủ đã hết từ ngày 01/07/2025, do sáp "
            "nhập theo Nghị quyết số 1658/NQ-UBTVQH15"
        )
        assert before.missing == "not_collected", "it had not begun"

    def test_a_list_whose_term_is_over_says_so(self):
        begun, over = datetime.date(2021, 6, 4), datetime.date(2024, 1, 1)
        UnitMembership.objects.update(valid=DateRange(begun, over))
        assert ended_words("QD861", on=over).endswith("hết từ ngày 01/01/2024, khi hết thời hạn")
        assert ended_words("QD861", on=begun) == ended_words("la", on=over) == ""

    def test_a_rate_and_its_parts_rest_on_the_same_communes(self):
        approved([value(AN_LAC, "D02", 100), value(AN_LAC, "N03", 20), value(HUU_SAN, "N03", 60)])
        asked = ("N03", "N06", "N06:tu-so", "N06:mau-so", "N06:so-xa-co")
        found = [figures.find(key).compute(scope()).value for key in asked]
        assert found == [80, 20, 20, 100, 1]
        expected = figures.find("n06:so-xa").compute(scope())
        assert expected.value > 1
        assert expected.unit_of_measure == "xã"

    def test_a_part_that_nobody_knows_is_no_figure(self):
        with pytest.raises(UnknownFigure):
            figures.find("N06:mot-nua")

    def test_there_are_53_minorities(self):
        assert figures.find("dan-toc-thieu-so").compute(scope()).value == 53

    def test_an_indicator_answers_from_approved_data_with_file_sheet_and_cell(self):
        stage.agency_data(K06=20)
        found = figures.find("K07").compute(scope())
        assert printed(found.value, "percent") == "95,2%"
        cells = {cell["indicator"]: cell for cell in found.provenance["files"]}
        assert (cells["K06"]["file"], cells["K06"]["sheet"]) == (stage.FILE, stage.SHEET)
        assert cells["K06"]["cell"] == stage.cell_of("K06")
        assert cells["K06"]["value"] == "20"
        assert "× 100" in found.provenance["formula"]
        assert found.provenance["submissions"][0]["revision"] == 1

    def test_a_figure_of_one_group_names_the_cells_of_that_group(self):
        told = [value(AN_LAC, "N01", 50, group="07"), value(AN_LAC, "N01", 9, group="02")]
        approved(told, dataset="NGHEO-DAN-TOC")
        found = figures.find("N01").compute(scope(group="07"))
        assert found.value == 50
        assert [cell["value"] for cell in found.provenance["files"]] == ["50"]

    def test_what_is_not_approved_does_not_count(self):
        stage.agency_data(is_approved=False)
        found = figures.find("K14").compute(scope())
        assert (found.value, found.missing) == (None, "not_collected")

    def test_the_latest_approved_revision_counts(self):
        stage.agency_data()
        correction = stage.agency_data(is_approved=False, K14=3)
        assert figures.find("K14").compute(scope()).value == 2
        approve(correction, at=stage.NOW)
        assert figures.find("K14").compute(scope()).value == 3

    def test_an_unknown_figure_has_a_sentence_of_its_own(self):
        with pytest.raises(UnknownFigure, match="chọn lại số liệu"):
            figures.find("khong-co")

    @pytest.mark.parametrize("words", ["video", "VIDEO huong dan", "hướng dẫn thủ tục", "k14"])
    def test_figures_are_found_with_and_without_marks(self, words):
        assert "K14" in [query.key for query in figures.search(words)]

    def test_named_queries_are_found_beside_indicators(self):
        assert "xa-trong-danh-sach" in [query.key for query in figures.search("xa vung dong bao")]

    def test_a_new_indicator_can_be_quoted_without_a_line_of_code(self):
        from ethnic_data.models import Indicator

        Indicator.objects.create(
            code="Z99", name="Số phần mềm dùng chung", level="agency", aggregation="sum"
        )
        assert figures.find("Z99").title == "Số phần mềm dùng chung"
