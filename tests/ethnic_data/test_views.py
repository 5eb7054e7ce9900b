"""Pages of groups, indicators, values and published tables."""

from __future__ import annotations

import html
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from ethnic_data.models import PublishedTable
from portal.collection.models import Upload
from tests.cast import member

from .filling import AN_LAC, CAM_SON, HUU_SAN, NOON, approve, approved, filled, submit, value

pytestmark = pytest.mark.django_db


@pytest.fixture
def visit(client, specialist):
    client.force_login(specialist)

    def get(name, *args, **query):
        response = client.get(reverse(f"ethnic_data:{name}", args=args), query)
        text = html.unescape(response.content.decode())
        return response, re.sub(r"\s+", " ", text)

    return get


def values_page(visit, **query):
    return visit("observation_list", **{name.replace("_", "-"): v for name, v in query.items()})


@pytest.mark.parametrize(
    ("words", "found"),
    [("cao lan", "Sán Chay"), ("KHOME", "Khmer"), ("Rắc Glây", "Raglay"), ("h'mông", "Mông")],
)
def test_a_group_is_found_by_any_of_its_names(visit, words, found):
    _, text = visit("group_list", q=words)
    assert f">{found}</a>" in text


def test_the_list_shows_both_code_systems_and_the_census(visit):
    _, text = visit("group_list", q="hoa")
    assert 'data-label="Mã 1979">04<' in text
    assert 'data-label="Mã 1999–2009">06<' in text
    assert "749.466" in text
    assert "20.225" in text


def test_groups_sort_by_the_vietnamese_alphabet(visit):
    _, text = visit("group_list", xep="ten")
    names = re.findall(r'dan-toc/nhom/\d\d">([^<]+)</a>', text)
    assert names[:4] == ["Ba Na", "Bố Y", "Brâu", "Bru Vân Kiều"]
    assert names.index("Dao") < names.index("Ê Đê") < names.index("Gia Rai")


def test_a_shared_name_says_whose_it_is_too(visit):
    _, text = visit("group_detail", "09")
    assert "Phải hỏi lại" in text
    assert "“Trại” trùng với tên gọi khác của Sán Dìu" in text


@pytest.mark.parametrize("name", ["group_detail", "indicator_detail", "published_detail"])
def test_what_is_not_there_is_404(visit, name):
    response, _ = visit(name, "KHONG-CO")
    assert response.status_code == 404


def test_the_list_of_groups_costs_few_queries(visit, client):
    with CaptureQueriesContext(connection) as queries:
        visit("group_list")
    assert len(queries) <= 9


def test_an_indicator_tells_its_formula_and_form(visit):
    _, text = visit("indicator_detail", "N06")
    assert "N03 / D02 × 100" in text
    assert "Số hộ nghèo, cận nghèo dân tộc thiểu số" in text
    assert "Số hộ dân tộc thiểu số" in text


def test_indicators_are_found_without_marks_and_by_topic(visit):
    _, text = visit("indicator_list", q="ho ngheo dtts")
    assert "Số hộ nghèo DTTS" in text or "Tỷ lệ hộ nghèo DTTS" in text
    _, text = visit("indicator_list", nhom="K")
    assert "K17" in text
    assert ">D01<" not in text


def test_a_figure_leads_to_its_values_and_to_the_cell_of_the_file(visit):
    officer = member("son_dong_officer")
    one = filled([])
    upload = Upload.objects.create(
        submission=one,
        original_name="bieu05-sondong.xls",
        sha256="0" * 64,
        size=1,
        uploaded_by=officer,
        uploaded_at=NOON,
        file="x.xls",
    )
    from ethnic_data.store import ObservationStore

    ObservationStore().write(one, [value(AN_LAC, "N03", 40, sheet="Bieu 05", cell="E17")], upload)
    approve(one)
    _, text = values_page(visit, chi_tieu="N03", don_vi="220", ky="2023")
    assert "bieu05-sondong.xls" in text
    assert "Bieu 05, ô E17" in text
    assert reverse("collection:cell", args=[one.pk, upload.pk, "E17"]) in text
    assert "Còn thiếu 16 đơn vị" in text


def test_a_rate_shows_the_values_of_both_parts(visit):
    approved([value(AN_LAC, "N03", 10), value(AN_LAC, "D02", 40), value(AN_LAC, "N04", 7)])
    response, text = values_page(visit, chi_tieu="N06", don_vi="220", ky="2023")
    assert "25,00 <small>%" in text
    assert {row.indicator.code for row in response.context["object_list"]} == {"N03", "D02"}


def test_only_the_rows_that_were_added_are_listed(visit):
    approved(
        [
            value(AN_LAC, "D03", 10, group="02", sex="male"),
            value(AN_LAC, "D03", 12, group="02", sex="female"),
            value(AN_LAC, "D03", 22, group="02"),
            value(AN_LAC, "D03", 3, group="07", sex="male"),
            value(AN_LAC, "D03", 4, group="07", sex="female"),
        ],
        dataset="DAN-SO",
    )
    response, _ = values_page(visit, chi_tieu="D03", don_vi="220", ky="2023")
    rows = response.context["object_list"]
    assert sum(row.value for row in rows) == response.context["answer"].value == 29
    response, _ = values_page(visit, chi_tieu="D03", don_vi="220", ky="2023", dan_toc="02")
    assert [row.value for row in response.context["object_list"]] == [22]
    response, _ = values_page(
        visit, chi_tieu="D03", don_vi="220", ky="2023", dan_toc="02", gioi_tinh="male"
    )
    assert [row.value for row in response.context["object_list"]] == [10]
    response, _ = values_page(visit, chi_tieu="D04", don_vi="220", ky="2023")
    assert sum(row.value for row in response.context["object_list"]) == 29


def test_values_that_are_not_approved_are_not_shown(visit):
    submit(filled([value(AN_LAC, "N03", 41)]))
    response, text = values_page(visit, chi_tieu="N03", don_vi="220", ky="2023")
    assert "Chưa có số liệu được duyệt" in text
    assert not response.context["object_list"]


def test_made_up_figures_say_so(visit):
    approved([value(AN_LAC, "N03", 40)], is_demo=True)
    _, text = values_page(visit, chi_tieu="N03", don_vi="220", ky="2023")
    assert "Số liệu minh hoạ" in text


def test_real_figures_do_not(visit):
    approved([value(AN_LAC, "N03", 40)])
    _, text = values_page(visit, chi_tieu="N03", don_vi="220", ky="2023")
    assert "Số liệu minh hoạ" not in text


def test_an_officer_sees_the_own_district_and_nothing_else(client, son_dong_officer):
    approved([value(AN_LAC, "N03", 40)])
    approved([value(CAM_SON, "N03", 77)], unit_code="219")
    client.force_login(son_dong_officer)
    address = reverse("ethnic_data:observation_list")
    own = client.get(address, {"chi-tieu": "N03", "ky": "2023"})
    assert own.context["selection"].unit.code == "220"
    assert own.context["answer"].value == 40
    for code in ("219", CAM_SON, "24", "62", "VN", "99999"):
        assert client.get(address, {"chi-tieu": "N03", "don-vi": code}).status_code == 404


@pytest.mark.parametrize(
    "query",
    [
        {"chi_tieu": "Q99"},
        {"ky": "1999"},
        {"don_vi": "abc"},
        {"dan_toc": "77"},
        {"gioi_tinh": "x"},
        {"chi_tieu": "\x00"},
        {"page": "-1"},
        {"page": "x\x00"},
        {"dan_toc": "0" * 5000},
    ],
)
def test_nonsense_in_the_address_is_404_or_ignored_and_never_a_fault(visit, query):
    response, _ = values_page(visit, **query)
    assert response.status_code in (200, 404)


@pytest.mark.parametrize("name", ["group_list", "indicator_list"])
@pytest.mark.parametrize("text", ["\x00", "'; --", "%", "\udce4".encode("utf-8", "replace"), "²"])
def test_any_text_may_be_searched(visit, name, text):
    response, _ = visit(name, q=text)
    assert response.status_code == 200


def test_a_page_of_values_costs_a_bounded_number_of_queries(visit):
    approved([value(AN_LAC, "N03", 40), value(HUU_SAN, "N03", 40)])
    with CaptureQueriesContext(connection) as queries:
        values_page(visit, chi_tieu="N03", don_vi="24", ky="2023")
    assert len(queries) <= 30


def test_published_tables_show_source_and_the_check(visit):
    for table in PublishedTable.objects.all():
        _, text = visit("published_detail", table.code)
        assert table.source in text
        assert "Cộng lại khớp bản in" in text


def test_no_english_stands_in_the_published_tables(visit):
    for table in PublishedTable.objects.all():
        _, text = visit("published_detail", table.code)
        assert "merged" not in text
