"""A theme read on a phone, by keyboard and without scripts; panels that rotate."""

from __future__ import annotations

import re

import pytest

from .people import Visitor

pytestmark = [
    pytest.mark.slow,
    pytest.mark.browser,
    pytest.mark.xdist_group("browser"),
    pytest.mark.django_db(transaction=True),
]


def test_a_theme_is_read_drilled_into_and_shown_in_a_meeting(arrive):
    leader = arrive("lanhdao", phone=True)
    on_a_phone(leader)
    by_keyboard(leader)
    without_scripts(arrive("lanhdao", scripts=False))


def on_a_phone(visitor: Visitor) -> None:
    """From a district's name to its communes, from a number to where it is from."""
    page = visitor.open("/chuyen-de/giam-ngheo?ky=2022")
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    page.locator("#bang-dia-ban").get_by_role("link", name="Huyện Lục Ngạn").click()
    page.wait_for_url(re.compile(r"dv=219"))
    page.locator("#bang-dia-ban").get_by_text("Xem bảng").click()
    page.locator("#bang-dia-ban tbody td a").first.click()
    visitor.sees("Cách tính")


def by_keyboard(visitor: Visitor) -> None:
    """The slider of the map takes the whole page to another year; keys turn the panels."""
    page = visitor.open("/chuyen-de/giam-ngheo?ky=2022")
    slider = page.get_by_role("slider", name="Năm của sơ đồ").first
    slider.focus()
    page.keyboard.press("ArrowLeft")
    page.wait_for_url(re.compile(r"ky=2021"))
    page.locator(".theme-way", has_text="Năm 2021").wait_for()
    page = visitor.open("/chuyen-de/trinh-chieu?c=giam-ngheo&giay=600")
    page.get_by_text("1/6").wait_for()
    page.keyboard.press("ArrowRight")
    page.get_by_text("2/6").wait_for()
    page.keyboard.press("ArrowLeft")
    page.get_by_text("1/6").wait_for()
    page.keyboard.press(" ")
    page.get_by_role("link", name="Chạy tiếp").wait_for()


def without_scripts(visitor: Visitor) -> None:
    page = visitor.open("/chuyen-de/giam-ngheo?ky=2022")
    assert page.locator("#bang-ban-do svg.chart").count()
    page.get_by_role("navigation", name="Năm của sơ đồ").get_by_role("link", name="2021").click()
    page.locator(".theme-way", has_text="Năm 2021").wait_for()
    page.get_by_label("Địa bàn", exact=True).select_option("220")
    page.get_by_role("button", name="Xem", exact=True).click()
    page.locator(".theme-way", has_text="Huyện Sơn Động").wait_for()
    page = visitor.open("/chuyen-de/trinh-chieu?c=giam-ngheo&dung=1")
    page.get_by_role("link", name="Tiếp", exact=True).click()
    page.get_by_text("2/6").wait_for()
