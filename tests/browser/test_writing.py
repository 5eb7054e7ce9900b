"""Writing a report together: typed, rearranged by keys, remarked upon and answered."""

from __future__ import annotations

import pytest
from django.utils import timezone
from playwright.sync_api import CDPSession, Page, expect

from portal.accounts.demo import PASSWORD
from portal.accounts.models import User
from reports import sample, services
from reports.models import Section

from .people import Visitor
from .reporting import insert

pytestmark = [
    pytest.mark.slow,
    pytest.mark.browser,
    pytest.mark.xdist_group("browser"),
    pytest.mark.django_db(transaction=True),
]

SENTENCE = "Trong năm đã mở thêm lớp tập huấn cho cán bộ xã"
REMARK, ANSWER = "Nêu rõ số lớp và số người.", "Đã thêm số lớp vào câu."


@pytest.fixture
def draft(province) -> str:
    """The address of a fresh draft."""
    return sample.load(now=timezone.now()).get_absolute_url()


def section_opened(writer: Visitor, draft: str, name: str) -> Page:
    page = writer.open(f"{draft}/soan")
    page.get_by_role("navigation", name="Mục lục").get_by_role("link", name=name).click()
    page.locator(".section-editor__text").wait_for()
    return page


def test_what_is_typed_stands_on_the_pages_beside_it_and_is_kept(arrive, draft):
    writer = arrive("chuyenvien")
    page = section_opened(writer, draft, "Kiến nghị, đề xuất")
    text = page.locator(".section-editor__text")
    text.locator("p").last.click()
    page.keyboard.press("Control+End")
    page.keyboard.press("Enter")
    page.keyboard.type(f"{SENTENCE}: ")
    figure = insert(writer, "Chèn số liệu", "so ho ngheo", "Số hộ nghèo dân tộc thiểu số", "Chèn")
    beside = page.frame_locator("[data-preview] iframe").get_by_text(f"{SENTENCE}: {figure}")
    beside.wait_for()
    writer.button("Lưu")
    writer.sees("Đã lưu.")
    assert f"{SENTENCE}: {figure}" in page.locator(".section-editor__text").inner_text()


def test_who_was_signed_out_while_writing_is_told_what_to_do(arrive, draft):
    writer = arrive("chuyenvien")
    page = section_opened(writer, draft, "Kiến nghị, đề xuất")
    page.get_by_role("button", name="Chèn số liệu").click()
    picker = page.get_by_role("dialog")
    row = picker.get_by_role("listitem").first
    row.wait_for()
    page.context.clear_cookies(name="sessionid")
    row.get_by_role("button", name="Chèn", exact=True).click()
    expect(picker.get_by_role("alert")).to_contain_text("đăng nhập lại ở cửa sổ khác")
    writer.faults.clear()  # that the server turned it away is no fault here


def test_what_was_typed_outlives_an_ended_session_and_a_closed_window(arrive, draft):
    writer = arrive("chuyenvien")
    page = section_opened(writer, draft, "Kiến nghị, đề xuất")
    text, note = page.locator(".section-editor__text"), page.locator("[data-kept]")
    expect(note).to_be_hidden()
    text.focus()
    page.keyboard.press("Control+End")
    page.keyboard.type(" Chữ của một buổi.")
    page.context.clear_cookies(name="sessionid")
    writer.button("Lưu")
    page.get_by_label("Tên đăng nhập").fill(writer.name)
    page.get_by_label("Mật khẩu").fill(PASSWORD)
    writer.button("Đăng nhập")
    expect(text).to_contain_text("Chữ của một buổi.")
    expect(note).to_contain_text("Đã lấy lại phần gõ dở")
    writer.button("Lưu")
    writer.sees("Đã lưu.")
    expect(text).to_contain_text("Chữ của một buổi.")
    expect(note).to_be_hidden()
    text.focus()
    page.keyboard.press("Control+End")
    page.keyboard.type(" Thêm.")
    address = page.url
    page.close()
    page = writer.context.new_page()
    page.goto(address)
    text = page.locator(".section-editor__text")
    expect(text).to_contain_text("Thêm.")
    page.get_by_role("button", name="Bỏ phần gõ dở").click()
    expect(text).not_to_contain_text("Thêm.")
    expect(page.locator("[data-kept]")).to_be_hidden()


def test_words_kept_from_before_somebody_else_saved_are_compared_with_theirs(arrive, draft):
    writer = arrive("chuyenvien")
    page = section_opened(writer, draft, "Kiến nghị, đề xuất")
    page.locator(".section-editor__text").focus()
    page.keyboard.press("Control+End")
    page.keyboard.type(" Của tôi.")
    address = page.url
    page.close()
    section = Section.objects.get(pk=address.rpartition("/")[2])
    other = User.objects.having("reports.draft").exclude(username=writer.name).first()
    services.edit_section(
        section=section, title=section.title, body="<p>Của người khác.</p>",
        by=other, now=timezone.now(),
    )  # fmt: skip
    page = writer.context.new_page()
    page.goto(address)
    expect(page.locator("[data-kept]")).to_contain_text("đã được sửa sau lúc đó")
    writer.button("Lưu")
    writer.sees(f"So với bản vừa lưu của {other}")
    expect(page.locator(".section-editor__text")).to_contain_text("Của tôi.")
    writer.button("Lưu")
    writer.sees("Đã lưu.")
    expect(page.locator(".section-editor__text")).to_contain_text("Của tôi.")
    expect(page.locator("[data-kept]")).to_be_hidden()


PASTE = """html => {
  const how = {clipboardData: new DataTransfer(), bubbles: true, cancelable: true};
  how.clipboardData.setData("text/html", html);
  document.activeElement.dispatchEvent(new ClipboardEvent("paste", how));
}"""
FROM_ELSEWHERE = """<b style="font-weight:normal" id="docs-internal-guid"><p>
<span style="font-weight:700">Kết quả</span> <span style="font-style:italic">chung</span></p></b>
<table><tr><td><p>Huyện</p></td><td><p>Số</p><p>hộ</p></td></tr>
<tr><td>Sơn Động</td><td>1.234</td></tr>
<tr><td colspan=2><p>Đoạn <b>một</b></p><p>Đoạn hai</p></td></tr>
</table><p class=MsoListParagraph style='mso-list:l0 level1 lfo1'>
<span style='mso-list:Ignore'>-</span>Một là</p>"""


def test_what_other_programs_put_on_the_clipboard_keeps_its_words_apart(arrive, draft):
    writer = arrive("chuyenvien")
    page = section_opened(writer, draft, "Kiến nghị, đề xuất")
    text = page.locator(".section-editor__text")
    text.focus()
    page.keyboard.press("Control+A")
    page.evaluate(PASTE, FROM_ELSEWHERE)
    writer.button("Lưu")
    writer.sees("Đã lưu.")
    assert page.locator("textarea[name=body]").input_value() == (
        "<p><strong>Kết quả</strong> <em>chung</em></p><p>Huyện; Số hộ</p>"
        "<p>Sơn Động; 1.234</p><p>Đoạn <strong>một</strong></p><p>Đoạn hai</p>"
        "<ul><li><p>Một là</p></li></ul>"
    )


def test_a_section_is_moved_by_keys_and_by_hand_and_numbered_at_once(arrive, draft):
    page = section_opened(arrive("chuyenvien"), draft, "Thuận lợi")
    told = page.locator("[data-outline-told]")
    row = page.locator("[data-section]").filter(has_text="Thuận lợi")
    row.get_by_role("link").focus()
    page.keyboard.press("Alt+ArrowDown")
    expect(told).to_contain_text("Đã chuyển: “2. Thuận lợi:”")
    expect(row.get_by_role("link")).to_be_focused()
    expect(page.locator("[data-section-label]")).to_have_text("2.")
    page.keyboard.press("Alt+ArrowRight")
    expect(told).to_contain_text("Đã chuyển: “1.1. Thuận lợi:”")
    page.keyboard.press("Alt+ArrowLeft")
    expect(told).to_contain_text("Đã chuyển: “2. Thuận lợi:”")
    page.keyboard.press("Alt+ArrowDown")
    expect(told).to_have_text("Mục này đã ở cuối hàng.")

    grip = row.locator("[data-grip]")
    grip.scroll_into_view_if_needed()
    other = page.locator("[data-section]").filter(has_text="Những khó khăn").bounding_box()
    begun = grip.bounding_box()
    assert other is not None
    assert begun is not None
    page.mouse.move(begun["x"] + 8, begun["y"] + 12)
    page.mouse.down()
    page.mouse.move(begun["x"] + 8, other["y"] + 4, steps=6)
    page.mouse.up()
    expect(told).to_contain_text("Đã chuyển: “1. Thuận lợi:”")


def test_a_section_is_dragged_by_touch_on_a_phone(arrive, draft):
    page = section_opened(arrive("chuyenvien", phone=True), draft, "Thuận lợi")
    row = page.locator("[data-section]").filter(has_text="Thuận lợi")
    row.locator("[data-grip]").scroll_into_view_if_needed()
    other = page.locator("[data-section]").filter(has_text="Những khó khăn").bounding_box()
    begun = row.locator("[data-grip]").bounding_box()
    assert other is not None
    assert begun is not None
    finger = page.context.new_cdp_session(page)
    x, start, end = begun["x"] + 12, begun["y"] + 12, other["y"] + other["height"] - 4
    touch(finger, "touchStart", x, start)
    for step in range(1, 7):
        touch(finger, "touchMove", x, start + (end - start) * step / 6)
    touch(finger, "touchEnd")
    expect(page.locator("[data-outline-told]")).to_contain_text("Đã chuyển: “2. Thuận lợi:”")


def touch(finger: CDPSession, kind: str, *at: float) -> None:
    points = [{"x": at[0], "y": at[1]}] if at else []
    finger.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})


def test_a_remark_at_a_paragraph_is_answered_by_the_writer_and_settled(arrive, draft):
    checker, writer = arrive("thethuc"), arrive("chuyenvien")
    page = checker.open(draft)
    page.locator("p").filter(has_text="Về trình độ CNTT").get_by_role(
        "link", name="Góp ý về đoạn này"
    ).click()
    page.get_by_label("Góp ý về đoạn này").fill(REMARK)
    checker.button("Ghi góp ý")
    checker.sees("Đã ghi góp ý.")

    page = section_opened(writer, draft, "nguồn nhân lực")
    writer.sees(REMARK)
    expect(page.get_by_role("link", name="Có góp ý về đoạn này")).to_be_visible()
    remark = page.locator(".section-remarks .remark").filter(has_text=REMARK)
    remark.get_by_text("Trả lời", exact=True).click()
    remark.get_by_label("Nội dung trả lời").fill(ANSWER)
    remark.get_by_role("button", name="Ghi trả lời").click()
    writer.sees("Đã ghi trả lời.")

    page = checker.open(draft)
    checker.sees(ANSWER)
    page.locator(".report-text .remark").get_by_role("button", name="Đã xong").click()
    checker.sees("Đã đánh dấu góp ý là xong.")
    checker.open(f"{draft}/dien-bien")
    checker.sees(ANSWER)


def test_without_scripts_sections_move_and_remarks_are_written(arrive, draft):
    writer = arrive("", scripts=False).sign_in("chuyenvien")
    page = writer.open(f"{draft}/soan")
    page.get_by_role("navigation", name="Mục lục").get_by_role("link", name="Thuận lợi").click()
    writer.button("Chuyển xuống")
    writer.sees("Đã chuyển mục.")
    page = writer.open(draft)
    page.get_by_role("link", name="Góp ý về đoạn này").first.click()
    page.get_by_label("Góp ý về đoạn này").fill(REMARK)
    writer.button("Ghi góp ý")
    writer.sees("Đã ghi góp ý.")
