"""A report's way in the browser: drafted, checked, signed, numbered, sealed, issued, verified."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import expect

from reports.walkthrough import PASSPHRASE

from .people import Visitor

TITLE = "Kết quả thực hiện Quyết định số 2289/QĐ-TTg"
SENTENCE = "Ban Dân tộc tiếp tục phối hợp với các huyện rà soát số liệu, "
FIGURE = "Số hộ nghèo dân tộc thiểu số"
LONGER = 60_000  # ms: laying out the pages and signing


def draft_opened(specialist: Visitor) -> str:
    """The year's draft, found in the list of reports; returns its address."""
    page = specialist.go("Báo cáo")
    row = page.get_by_role("row").filter(has_text=TITLE).filter(has_text="Năm 2023")
    row.get_by_role("link", name=TITLE).click()
    specialist.link("Soạn thảo")
    page.get_by_role("navigation", name="Mục lục").wait_for()
    parts = urlsplit(page.url).path.split("/")
    return "/".join(parts[: parts.index("bao-cao") + 2])


def written_with_a_figure_and_a_citation(specialist: Visitor) -> None:
    """In the editor: a sentence, a figure and a note from the pickers, all kept when saved."""
    page = specialist.page
    outline = page.get_by_role("navigation", name="Mục lục")
    outline.get_by_role("link", name="Về chỉ đạo, điều hành").click()
    text = page.locator(".section-editor__text")
    text.wait_for()
    text.focus()
    page.keyboard.press("Control+End")
    page.keyboard.press("Enter")
    page.keyboard.type(SENTENCE)
    figure = insert(
        specialist, "Chèn số liệu", "so ho ngheo", "Số hộ nghèo dân tộc thiểu số", "Chèn"
    )
    page.keyboard.type(" trên địa bàn")
    insert(specialist, "Dẫn văn bản", "861", "861/QĐ-TTg", "Chú thích")
    page.keyboard.type(".")
    specialist.button("Lưu")
    specialist.sees("Đã lưu.")
    text = page.locator(".section-editor__text")
    text.wait_for()
    last = text.locator("p").last
    assert SENTENCE.strip() in last.inner_text()
    assert figure != "…"
    expect(last.locator(".atom--figure")).to_have_text(figure)
    expect(last.locator(".atom--note")).to_have_count(1)


def insert(specialist: Visitor, button: str, words: str, found: str, take: str) -> str:
    """Open a picker, search, take what was found; returns the text that was put in."""
    page = specialist.page
    page.get_by_role("button", name=button).click()
    picker = page.get_by_role("dialog")
    picker.get_by_role("listitem").first.wait_for()
    with page.expect_response(lambda answer: "/chon-" in answer.url and "q=" in answer.url):
        picker.get_by_role("searchbox").fill(words)
    row = picker.get_by_role("listitem").filter(has_text=found).first
    with page.expect_response(lambda answer: "/chen-" in answer.url) as answered:
        row.get_by_role("button", name=take, exact=True).click()
    told = answered.value.json()
    picker.wait_for(state="hidden")
    paragraph = page.locator(".section-editor__text p").last
    paragraph.locator(f"[data-{told['kind']}='{told['key']}']").wait_for()
    return str(told["text"])


def sent_up(specialist: Visitor) -> None:
    specialist.button("Trình kiểm tra")
    specialist.sees("Đã trình.")


def _open_what_waits(visitor: Visitor, report: str) -> None:
    """By "Việc của tôi", where the report waits."""
    page = visitor.go("Việc của tôi")
    page.locator(f"main a[href='{report}']").first.click()
    page.get_by_role("heading", name=TITLE, level=1).wait_for()


def content_passed(head: Visitor, report: str) -> None:
    _open_what_waits(head, report)
    head.sees(SENTENCE.strip())
    head.button("Đạt nội dung")
    head.sees("Đã xác nhận nội dung.")


def form_passed(checker: Visitor, report: str) -> None:
    """What departs from the decree is left with a reason, since the text is that of the issued
    report. The pages are laid out by a job; the report then goes on by itself."""
    _open_what_waits(checker, report)
    page = checker.page
    page.goto(f"{checker.base}{report}/the-thuc")
    boxes = page.locator("main input[type=checkbox][form='giu-nguyen']")
    assert boxes.count() > 0
    for box in boxes.all():
        box.check()
    page.get_by_label("Lý do", exact=True).fill("Giữ như bản đã phát hành")
    checker.button("Giữ nguyên")
    page.get_by_role("heading", name="Giữ nguyên có lý do").wait_for()
    checker.button("Đạt thể thức, trình ký")
    page.get_by_role("link", name="Mở tệp PDF").wait_for(timeout=LONGER)
    assert "Đang chờ Nhữ Văn Nam" in checker.main()


def signed(leader: Visitor, report: str) -> None:
    _open_what_waits(leader, report)
    leader.link("Ký số")
    page = leader.page
    page.get_by_label("Mật khẩu khoá ký").fill("không phải mật khẩu này")
    leader.button("Ký số")
    page.get_by_role("alert").first.wait_for()
    page.get_by_label("Mật khẩu khoá ký").fill(PASSPHRASE)
    leader.button("Ký số")
    leader.sees("Đã ký số.", within=LONGER)


def numbered_sealed_and_issued(clerk: Visitor, report: str) -> bytes:
    """Returns the issued file."""
    _open_what_waits(clerk, report)
    clerk.link("Cấp số")
    clerk.button("Cấp số")
    clerk.sees("Đã cấp số")
    page = clerk.page
    page.get_by_label("Mật khẩu khoá ký").fill(PASSPHRASE)
    clerk.button("Ký số của cơ quan")
    clerk.sees("Đã ký số của cơ quan.", within=LONGER)
    page.get_by_label("Đưa lên trang công khai").check()
    clerk.button("Phát hành")
    clerk.sees("Đã phát hành.")
    return clerk.bytes_of(page.get_by_role("link", name="Mở tệp PDF").get_attribute("href") or "")


#: How a changed file is answered, whatever the changed byte belonged to.
REFUSED = re.compile(
    "Nội dung đã bị thay đổi sau khi ký|Không phải văn bản đã phát hành|Không xác thực được tệp này"
)


def verified_by_anybody(public: Visitor, issued: bytes, folder: Path) -> None:
    """The issued file is genuine; with one byte changed it is not."""
    middle = len(issued) // 2
    tampered = issued[:middle] + bytes([issued[middle] ^ 1]) + issued[middle + 1 :]
    page = public.open("/")
    page.get_by_role("link", name="Xác thực văn bản").first.click()
    for name, content, verdict in [
        ("bao-cao.pdf", issued, "Văn bản hợp lệ"),
        ("bao-cao-da-sua.pdf", tampered, REFUSED),
    ]:
        (folder / name).write_bytes(content)
        page.locator("main input[type=file]").set_input_files(folder / name)
        public.button("Kiểm tra")
        page.get_by_role("heading", name=verdict).wait_for()
        assert name in public.main()
    page.get_by_role("link", name="Văn bản", exact=True).first.click()
    public.sees("2289/QĐ-TTg")
