"""The explorer with the keyboard, on a phone and without scripts."""

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


def test_a_table_is_chosen_read_and_kept(arrive):
    specialist = arrive("chuyenvien")
    by_keyboard(specialist)
    kept_for_later(specialist)
    signed_out_meanwhile(specialist, arrive("chuyenvien"))
    where_from(arrive("lanhdao", phone=True))
    without_scripts(arrive("chuyenvien", scripts=False))


def by_keyboard(visitor: Visitor) -> None:
    """Another axis and another indicator change the table in place and the address with it."""
    page = visitor.go("Khám phá số liệu")
    page.get_by_label("Cột", exact=True).focus()
    page.keyboard.type("Giới")
    page.get_by_role("columnheader", name="Nữ", exact=True).wait_for()
    assert "cot=gioi-tinh" in page.url
    page.get_by_text("Chỉ tiêu:").focus()
    page.keyboard.press("Enter")
    page.locator("#chi-tieu input[value='N03']").focus()
    page.keyboard.press("Space")
    page.get_by_role("heading", name="2 chỉ tiêu theo địa bàn").wait_for()
    assert re.search(r"ct=D03.*ct=N03|ct=N03.*ct=D03", page.url)
    page.get_by_label("Tìm chỉ tiêu").press_sequentially("ho ngheo")
    page.locator("#chi-tieu input[value='K01']").wait_for(state="detached")
    assert page.locator("#chi-tieu input:checked").count() == 2, "what is chosen stays in sight"


def kept_for_later(visitor: Visitor) -> None:
    page = visitor.open("/dan-toc/kham-pha?ct=N06&hang=don-vi&cap=huyen&cot=ky")
    page.get_by_text("Lưu bảng này").click()
    page.get_by_label("Tên bảng").fill("Nghèo theo huyện")
    visitor.button("Lưu bảng")
    visitor.sees("Đã lưu bảng “Nghèo theo huyện”.")
    visitor.link("Bảng đã lưu")
    visitor.link("Nghèo theo huyện")
    assert "ct=N06" in page.url


def signed_out_meanwhile(visitor: Visitor, again: Visitor) -> None:
    """What is typed stays; after signing in beside the page the work goes on."""
    page = visitor.open("/dan-toc/kham-pha?ct=N06&hang=don-vi&cap=huyen&cot=ky")
    page.get_by_text("Lưu bảng này").click()
    page.get_by_label("Tên bảng").fill("Trước khi hết phiên")
    page.context.clear_cookies(name="sessionid")
    page.get_by_label("Cột", exact=True).select_option("gioi-tinh")
    page.get_by_text("Phiên đăng nhập đã hết.").wait_for()
    assert page.get_by_role("link", name="Đăng nhập lại ở thẻ mới").get_attribute("href") == (
        "/tai-khoan/dang-nhap"
    )
    assert page.get_by_label("Tên bảng").input_value() == "Trước khi hết phiên"
    visitor.faults.clear()  # the browser tells of the 401, which was meant
    page.context.add_cookies(again.page.context.cookies())  # session and token are both new
    visitor.button("Lưu bảng")
    visitor.sees("Đã lưu bảng “Trước khi hết phiên”.")


def where_from(visitor: Visitor) -> None:
    """From a number to its formula and its file: two taps."""
    page = visitor.open("/dan-toc/kham-pha?ct=D03&hang=don-vi&cap=xa&cot=ky&ky=2023&dv=220")
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    page.locator(".data-table--cross tbody td a").first.click()
    for words in ("Cách tính", "Nguồn", "Tính đến ngày", "Loại số liệu"):
        visitor.sees(words)
    page.locator(".data-table td[data-label='Nguồn'] a").first.click()
    page.wait_for_url(re.compile(r"/bo/\d+/so-lieu\?page=\d+#o-"))


def without_scripts(visitor: Visitor) -> None:
    page = visitor.open("/dan-toc/kham-pha")
    page.get_by_label("Cột", exact=True).select_option("gioi-tinh")
    visitor.button("Xem bảng")
    page.get_by_role("columnheader", name="Nữ", exact=True).wait_for()
    assert page.locator("main svg").count()
