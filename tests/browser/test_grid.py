"""The grid by keyboard alone: typing, pasting, a lost line, two people at one page."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from .people import Visitor

pytestmark = [
    pytest.mark.slow,
    pytest.mark.browser,
    pytest.mark.xdist_group("browser"),
    pytest.mark.django_db(transaction=True),
]

PASTE = """([field, text]) => {
  const data = new DataTransfer();
  data.setData("text/plain", text);
  field.focus();
  const how = { clipboardData: data, bubbles: true, cancelable: true };
  field.dispatchEvent(new ClipboardEvent("paste", how));
}"""


def grid_of(officer: Visitor) -> Page:
    """Tân Yên's form, which was returned with a remark at a cell."""
    page = officer.go("Nộp số liệu")
    page.get_by_label("Kỳ báo cáo").select_option("2023")
    page.get_by_role("row").filter(has_text="Biểu 05").get_by_role("link").first.click()
    page.get_by_role("link", name="Nhập số liệu").first.click()
    page.locator(".grid-input").first.wait_for()
    return page


def names(page: Page) -> list[str]:
    return page.locator(".entry__table tbody tr:has(.grid-input) th").all_inner_texts()


def field(page: Page, row: int, column: int):
    return page.locator(".entry__table tbody tr:has(.grid-input)").nth(row).locator(
        ".grid-input"
    ).nth(column)  # fmt: skip


def state(page: Page, row: int, column: int) -> str | None:
    return field(page, row, column).locator("xpath=ancestor::td").get_attribute("data-state")


def paste(page: Page, row: int, column: int, *lines: list[str]) -> None:
    text = "\r\n".join("\t".join(line) for line in lines)
    page.evaluate(PASTE, [field(page, row, column).element_handle(), text])


def test_the_grid_is_filled_by_keyboard_alone(arrive):
    page = grid_of(arrive("canbo.tanyen"))
    expect(field(page, 0, 0)).to_be_focused()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowRight")
    expect(field(page, 1, 1)).to_be_focused()
    before = field(page, 1, 1).input_value()
    page.keyboard.type("7")
    assert state(page, 1, 1) == "unsaved"
    expect(page.locator(".entry__unsaved")).to_have_text("1 ô chưa lưu")
    page.keyboard.press("Escape")
    assert field(page, 1, 1).input_value() == before
    assert state(page, 1, 1) == "saved"
    expect(page.locator(".entry__panel")).to_contain_text("Giới hạn")
    expect(page.locator(".entry__panel")).to_contain_text("Năm 2022")
    field(page, 1, 1).fill("999999")
    page.keyboard.press("Enter")
    said = page.locator(".entry__said:visible")
    expect(said).to_contain_text("lớn hơn tổng số hộ")
    assert state(page, 1, 1) == "wrong"
    field(page, 1, 1).fill(before)
    page.keyboard.press("ArrowUp")
    expect(page.locator(".entry__said:visible")).to_have_count(0)


def test_a_block_from_a_spreadsheet_goes_to_its_cells_and_to_its_rows_by_name(arrive):
    page = grid_of(arrive("canbo.tanyen"))
    first = [field(page, 0, column).input_value() for column in range(2)]
    paste(page, 0, 0, ["1.500", "1.400"], ["1.600", "1.450"])
    assert [field(page, 1, column).input_value() for column in range(2)] == ["1.600", "1.450"]
    page.keyboard.press("Control+z")
    assert [field(page, 0, column).input_value() for column in range(2)] == first
    rows = names(page)
    paste(page, 0, 0, [rows[2].upper(), "1.700"], [rows[1].removeprefix("Xã "), "1.800"])
    assert field(page, 2, 0).input_value() == "1.700"
    assert field(page, 1, 0).input_value() == "1.800"
    expect(page.locator(".entry__notes")).to_contain_text("theo tên")
    page.keyboard.press("Control+z")


def test_what_was_typed_outlives_a_closed_window_and_a_lost_line(arrive):
    officer = arrive("canbo.tanyen")
    page = grid_of(officer)
    before = field(page, 0, 0).input_value()
    field(page, 0, 0).fill("1234")
    page.wait_for_timeout(400)
    address = page.url
    page.close()
    again = officer.context.new_page()
    again.goto(address)
    expect(again.locator(".entry__notes")).to_contain_text("Đã lấy lại 1 ô")
    assert field(again, 0, 0).input_value() == "1234"
    again.route("**/*", lambda route: route.abort())
    again.keyboard.press("Control+s")
    expect(again.locator(".entry__notes")).to_contain_text("Mất kết nối")
    assert field(again, 0, 0).input_value() == "1234"
    again.unroute("**/*")
    officer.faults.clear()  # the line that was cut on purpose
    again.goto(address)
    again.get_by_role("button", name="Bỏ phần gõ dở").click()
    assert field(again, 0, 0).input_value() == before


def test_the_second_of_two_sees_what_the_first_saved_and_chooses(arrive):
    mine, theirs = arrive("canbo.tanyen"), arrive("canbo.tanyen")
    here, there = grid_of(mine), grid_of(theirs)
    households = int(field(here, 0, 0).input_value())
    field(there, 0, 0).fill(str(households + 1))
    theirs.button("Lưu")
    theirs.sees("1 thay đổi")
    field(here, 0, 0).fill(str(households + 2))
    mine.button("Lưu")
    mine.sees("vừa ghi")
    assert field(here, 0, 0).input_value() == str(households + 2)
    assert state(here, 0, 0) == "conflict"
    mine.faults.clear()  # the browser calls the answer 409 an error
    here.get_by_label("Lấy số của người kia").check()
    mine.button("Lưu")
    here.get_by_role("link", name="Nhập số liệu").first.click()
    expect(field(here, 0, 0)).to_have_value(str(households + 1))
