"""The ways of a reader who has no mouse: every stop is reached by Tab and is seen to be reached."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator

from .people import Visitor

pytestmark = [
    pytest.mark.slow,
    pytest.mark.browser,
    pytest.mark.xdist_group("browser"),
    pytest.mark.django_db(transaction=True),
]


def test_a_number_is_found_explained_and_taken_away_with_keys_only(arrive):
    leader = arrive("lanhdao")
    from_the_search_to_a_profile(leader)
    from_a_theme_to_the_source_of_a_number(leader)
    out_of_the_explorer(leader)


def follow(visitor: Visitor, link: Locator) -> None:
    visitor.tab_to(link)
    visitor.page.keyboard.press("Enter")


def from_the_search_to_a_profile(visitor: Visitor) -> None:
    page = visitor.open("/viec-cua-toi")
    follow(visitor, page.get_by_role("link", name="Đến nội dung chính"))
    assert page.evaluate("document.activeElement.id") == "noi-dung"
    page = visitor.open("/viec-cua-toi")
    visitor.tab_to(page.get_by_role("searchbox"))
    page.keyboard.type("an lac")
    choice = page.locator("#goi-y-tim a").filter(has_text="Xã An Lạc").first
    choice.wait_for()
    page.keyboard.press("Escape")
    choice.wait_for(state="hidden")
    page.keyboard.type("an lac")
    choice.wait_for()
    follow(visitor, choice)
    page.get_by_role("heading", name="Xã An Lạc", level=1).wait_for()


def from_a_theme_to_the_source_of_a_number(visitor: Visitor) -> None:
    page = visitor.open("/chuyen-de/giam-ngheo?ky=2022")
    place = page.get_by_label("Địa bàn", exact=True)
    visitor.tab_to(place)
    while place.locator("option:checked").inner_text() != "Huyện Lục Ngạn":
        page.keyboard.press("ArrowDown")
    follow(visitor, page.get_by_role("button", name="Xem", exact=True))
    page.locator(".theme-way", has_text="Huyện Lục Ngạn").wait_for()
    with page.expect_download() as download:
        follow(visitor, page.locator("#bang-dia-ban a[href*='.xlsx']"))
    assert download.value.path().read_bytes()[:2] == b"PK"
    page.reload()
    follow(visitor, page.locator("#bang-dia-ban summary"))
    follow(visitor, page.locator("#bang-dia-ban tbody td a").first)
    visitor.sees("Cách tính")
    follow(visitor, page.locator(".data-table td[data-label='Bộ số liệu'] a").first)
    page.wait_for_url(re.compile(r"/bo/\d+"))


def out_of_the_explorer(visitor: Visitor) -> None:
    page = visitor.open("/dan-toc/kham-pha?ct=N06&hang=don-vi&cap=huyen&cot=ky")
    visitor.tab_to(page.get_by_label("Cột", exact=True))
    page.keyboard.type("Giới")
    page.get_by_role("columnheader", name="Nữ", exact=True).wait_for()
    with page.expect_download() as download:
        follow(visitor, page.locator("main a[href*='tep.csv']").first)
    assert download.value.path().read_text("utf-8-sig")
