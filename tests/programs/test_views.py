"""The pages of the programme."""

from __future__ import annotations

import pytest
from django.urls import reverse

from tests.programs.factories import ComponentFactory, ProgrammeFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def page(client, leader):
    client.force_login(leader)

    def get(name: str, *args: object, **query: str):
        return client.get(reverse(f"programs:{name}", args=args), query)

    return get


def test_the_list_names_each_programme_with_what_it_is_made_of(page):
    response = page("programme_list")
    assert response.status_code == 200
    assert "10 dự án, 14 tiểu dự án, 24 nội dung" in response.text
    assert "Giai đoạn I: 2021–2025" in response.text


def test_the_tree_folds_without_javascript_and_marks_what_is_not_carried_out_here(page):
    text = page("programme_detail", "1719").text
    assert text.count("<details>") == 13
    assert "Không thực hiện tại Tỉnh Bắc Giang" in text
    assert "chưa đối chiếu" in text


def test_the_navigation_entry_opens_the_programme_in_force(page):
    assert page("component_list").context["programme"].code == "1719"


@pytest.mark.parametrize("name", ["target_list", "capital_list", "form_list", "component_list"])
def test_an_unknown_programme_is_not_found(page, name):
    assert page(name, **{"chuong-trinh": "khong-co"}).status_code == 404


@pytest.mark.parametrize("name", ["target_list", "capital_list", "form_list", "component_list"])
def test_a_programme_without_anything_says_so(page, name):
    empty = ProgrammeFactory()
    response = page(name, **{"chuong-trinh": empty.code})
    assert response.status_code == 200
    assert 'class="empty"' in response.text


def test_a_component_shows_where_it_belongs_and_where_it_is_not_carried_out(page):
    text = page("component_detail", "1719", "DA9.TDA1").text
    assert "Dự án 9" in text
    assert "Điều 53 Thông tư 02/2022/TT-UBDT" in text
    assert "30/06/2025" in text


def test_a_component_lists_what_hangs_below_it(page):
    text = page("component_detail", "1719", "DA10").text
    assert "Trợ giúp pháp lý".lower() in text.lower()
    assert text.count("<details>") == 2


def test_a_component_is_found_in_its_own_programme_only(page):
    other = ComponentFactory()
    assert page("component_detail", "1719", other.code).status_code == 404
    assert page("component_detail", "1719", "KHONG.CO").status_code == 404


def test_targets_show_their_values_as_printed(page):
    text = page("target_list").text
    assert "&gt;3" in text
    assert "4/2/3" in text
    assert text.index("Mục tiêu riêng của tỉnh") < text.index("Mục tiêu chung của cả nước")


def test_published_money_is_shown_with_its_word_and_source(page):
    text = page("capital_list").text
    assert "gần 635\u00a0tỷ\u00a0đồng" in text
    assert "vietnamnet" in text


def test_reporting_duties_are_grouped_by_their_circular(page):
    text = page("form_list").text
    assert "Thông tư 06/2022/TT-UBDT" in text
    assert "trước 15/9" in text
    assert "Chưa rõ" in text


@pytest.mark.parametrize(
    ("name", "args"),
    [
        ("programme_list", []),
        ("programme_detail", ["1719"]),
        ("component_detail", ["1719", "DA10"]),
        ("target_list", []),
        ("capital_list", []),
        ("form_list", []),
    ],
)
def test_a_page_asks_a_bounded_number_of_queries(page, django_assert_max_num_queries, name, args):
    with django_assert_max_num_queries(20 if name == "target_list" else 10):
        assert page(name, *args).status_code == 200
