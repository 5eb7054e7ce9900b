"""Make the pictures of docs/screenshots from the running portal.

    .venv/bin/python deploy/screenshots.py                        # of a fresh demo of its own
    .venv/bin/python deploy/screenshots.py http://localhost:8000  # of the demo that runs there

It walks a working day to its end, to the issued report, so a demo gives these pictures once.
"""

from __future__ import annotations

import contextlib
import io
import shutil
import sys

from camera import Person, own_demo
from openpyxl import Workbook, load_workbook
from playwright.sync_api import Browser, sync_playwright

PASSPHRASE = "thu-nghiem"  # noqa: S105 - of the demo's test keys; shown on its pages
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
REPORT = "Kết quả thực hiện Quyết định số 2289/QĐ-TTg"
# of Biểu 05 as the demo has it: row 7 is the first commune, E poor and F near-poor households
MISTAKES: dict[str, object] = {"E7": 9999, "F9": "hai"}
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


# the officer


def of_the_officer(browser: Browser, address: str) -> None:
    """What came back to Tân Yên; Sơn Động's workbook with two mistakes, mended and sent."""
    returned = Person.come(browser, address, "canbo.tanyen")
    returned.picture("viec-cua-toi")
    officer = Person.come(browser, address, "canbo.sondong")
    known = last_year(officer)
    officer.open("/so-lieu/nop?ky=2023")
    officer.picture("nop-so-lieu")
    officer.follow("Bắt đầu")
    officer.picture("chon-tep", height=900)
    with officer.page.expect_download() as template:
        officer.follow("Tải biểu mẫu")
    book = load_workbook(io.BytesIO(template.value.path().read_bytes()))
    fill(book, known)
    upload(officer, changed(book, MISTAKES), "bieu-05-son-dong.xlsx", "2 lỗi")
    officer.picture("kiem-tra-tep", height=960)
    phone = Person.come(browser, address, "canbo.sondong", width=360)
    phone.open(officer.page.url)
    phone.picture("kiem-tra-tep-dien-thoai")
    officer.press("Bỏ tệp")
    fill(book, known)
    upload(officer, changed(book, {}), "bieu-05-son-dong-da-sua.xlsx", "Tệp không có lỗi")
    officer.follow("Xem trước")
    officer.picture("xem-truoc")
    officer.press("Ghi nhận số liệu")
    officer.page.get_by_role("heading", name="Diễn biến").wait_for()
    here = officer.page.url
    officer.follow("Nhập số liệu")
    officer.picture("nhap-tren-trang")
    officer.open(f"{here}/nop")
    officer.picture("nop")
    officer.press("Nộp số liệu")
    officer.sees("Đã nộp số liệu.")
    officer.picture("da-nop")


def last_year(officer: Person) -> dict[str, list[int]]:
    """The seven counts of each commune as approved for the year before, off the page."""
    officer.open("/so-lieu/nop?ky=2022")
    officer.follow("Biểu 05. Số hộ nghèo, cận nghèo dân tộc thiểu số")
    officer.follow("Xem số liệu và nguồn")
    rows = officer.page.locator("main table tbody tr").all()
    return {
        row.locator("th").inner_text(): [
            int(cell.split()[0].replace(".", ""))
            for cell in row.locator("td").all_inner_texts()[:7]
        ]
        for row in rows
    }


def fill(book: Workbook, known: dict[str, list[int]]) -> None:
    """A year on: one poor household in ten has left poverty, nobody fell into it."""
    for row in book.worksheets[0].iter_rows(min_row=7):
        if row[1].value in known:
            everybody, minorities, poor, near_poor, *_ = known[row[1].value]
            left = poor // 10
            now = [everybody, minorities, poor - left, near_poor - near_poor // 10, left, 0, 0]
            for cell, value in zip(row[2:9], now, strict=True):
                cell.value = value


def upload(officer: Person, content: bytes, name: str, then: str) -> None:
    file = {"name": name, "mimeType": XLSX, "buffer": content}
    officer.page.locator("input[type=file]").set_input_files(file)
    officer.press("Tải lên")
    officer.sees(then)


def changed(book: Workbook, cells: dict[str, object]) -> bytes:
    for place, value in cells.items():
        book.worksheets[0][place] = value
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


# the committee


def of_the_data(browser: Browser, address: str) -> None:
    specialist = Person.come(browser, address, "chuyenvien")
    specialist.go("Duyệt số liệu")
    specialist.picture("duyet-danh-sach")
    row = specialist.page.get_by_role("row").filter(has_text="Huyện Sơn Động")
    row.get_by_role("link", name="Duyệt", exact=True).click()
    here = specialist.page.url
    specialist.page.locator("main table tbody td a").nth(3).click()
    specialist.page.get_by_label("Cần sửa gì ở").fill("Đối chiếu lại với danh sách của xã.")
    specialist.picture("duyet-so-lieu", height=1250, top="main section.block")
    specialist.open(here)
    specialist.press("Duyệt")
    specialist.sees("Số liệu đã khoá")
    leader = Person.come(browser, address, "lanhdao")
    leader.go("Tổng quan điều hành")
    leader.picture("tong-quan", height=1150)
    phone = Person.come(browser, address, "lanhdao", width=360)
    phone.open("/tong-quan")
    phone.picture("tong-quan-dien-thoai", height=900)
    leader.page.get_by_label("Địa bàn").select_option(label="Huyện Sơn Động")
    leader.page.get_by_role("heading", name="Huyện Sơn Động · Năm 2023").wait_for()
    leader.page.locator(".key-figure__value a").nth(1).click()
    leader.page.get_by_role("heading", name="Số liệu đã duyệt tạo nên con số này").wait_for()
    leader.picture("nguon-so-lieu")
    leader.page.locator("main tbody tr").filter(has_text="son-dong").locator(
        "a[href*='/o/']"
    ).first.click()
    leader.page.get_by_role("heading", name="Tệp gốc").wait_for()
    leader.picture("o-cua-tep")


def of_the_report(browser: Browser, address: str) -> None:
    """The open report, from the draft to the verified file."""
    specialist = Person.come(browser, address, "chuyenvien")
    report = draft(specialist)
    specialist.follow("Soạn thảo")
    outline = specialist.page.get_by_role("navigation", name="Mục lục")
    outline.get_by_role("link", name="Về phát triển hạ tầng kết nối").click()
    specialist.page.locator(".section-editor__text").wait_for()
    specialist.picture("bao-cao", height=1000)
    specialist.press("Chèn số liệu")
    specialist.page.get_by_role("dialog").get_by_role("listitem").first.wait_for()
    specialist.picture("chen-so-lieu")
    specialist.page.get_by_role("dialog").get_by_role("button", name="Đóng").click()
    specialist.press("Trình kiểm tra")
    specialist.sees("Đã trình.")
    head = Person.come(browser, address, "truongphong")
    head.picture("viec-cua-truong-phong")
    head.open(report)
    head.picture("kiem-tra-noi-dung", height=1000)
    head.press("Đạt nội dung")
    checker = Person.come(browser, address, "thethuc")
    checker.open(f"{report}/trang-in")
    checker.picture("kiem-tra-the-thuc", height=1000)
    checker.open(report)
    checker.press("Đạt thể thức, trình ký")
    checker.page.get_by_role("link", name="Mở tệp PDF").wait_for(timeout=60_000)
    signed_and_issued(browser, address, report)


def draft(specialist: Person) -> str:
    """The path of the one draft that is open."""
    specialist.open("/bao-cao?buoc=draft&xem=tat-ca")
    row = specialist.page.get_by_role("row").filter(has_text="Dự thảo").filter(has_text=REPORT)
    if not row.count():
        sys.exit("This demo has no draft left. Start a fresh one.")
    row.first.get_by_role("link", name=REPORT).click()
    specialist.page.get_by_role("heading", name="Bước hiện tại").wait_for()
    return specialist.page.url.removeprefix(specialist.address)


def signed_and_issued(browser: Browser, address: str, report: str) -> None:
    leader = Person.come(browser, address, "lanhdao")
    leader.open(f"{report}/ky")
    leader.picture("ky-so", height=900)
    phone = Person.come(browser, address, "lanhdao", width=360)
    phone.open(f"{report}/ky")
    phone.picture("ky-so-dien-thoai")
    leader.page.get_by_label("Mật khẩu khoá ký").fill(PASSPHRASE)
    leader.press("Ký số")
    leader.sees("Đã ký số.")
    clerk = Person.come(browser, address, "vanthu")
    clerk.open(f"{report}/cap-so")
    clerk.picture("cap-so")
    clerk.press("Cấp số")
    clerk.page.get_by_label("Mật khẩu khoá ký").fill(PASSPHRASE)
    clerk.press("Ký số của cơ quan")
    clerk.sees("Đã ký số của cơ quan.")
    clerk.picture("phat-hanh")
    clerk.press("Phát hành")
    clerk.sees("Đã phát hành.")
    link = clerk.page.get_by_role("link", name="Mở tệp PDF").get_attribute("href")
    issued = clerk.context.request.get(f"{address}{link}").body()
    clerk.go("Sổ văn bản")
    clerk.picture("so-van-ban")
    of_the_public(browser, address, issued)


def of_the_public(browser: Browser, address: str, issued: bytes) -> None:
    public = Person.come(browser, address)
    public.open("/")
    public.picture("trang-chu", height=1000)
    public.open("/tai-khoan/dang-nhap")
    public.picture("dang-nhap", height=640)
    public.open("/tra-cuu-van-ban/")
    public.picture("tra-cuu-van-ban")
    public.open("/xac-thuc")
    for name, content, picture in [
        ("bao-cao.pdf", issued, "xac-thuc"),
        ("bao-cao-da-sua.pdf", issued.replace(b"/Root", b"/root", 1), "xac-thuc-khong-dung"),
    ]:
        file = {"name": name, "mimeType": "application/pdf", "buffer": content}
        public.page.locator("main input[type=file]").set_input_files(file)
        public.press("Kiểm tra")
        public.page.locator(".verdict").wait_for()
        public.picture(picture)


def of_the_administrator(browser: Browser, address: str) -> None:
    administrator = Person.come(browser, address, "quantri")
    administrator.go("Tài khoản")
    administrator.picture("tai-khoan")


def main() -> None:
    path = shutil.which("chromium") or sys.exit("Chromium is not on this machine.")
    given = sys.argv[1].rstrip("/") if len(sys.argv) > 1 else ""
    with (
        contextlib.nullcontext(given) if given else own_demo() as address,
        sync_playwright() as driver,
    ):
        browser = driver.chromium.launch(executable_path=path, args=FLAGS)
        for of_whom in (of_the_officer, of_the_data, of_the_report, of_the_administrator):
            of_whom(browser, address)
        browser.close()


if __name__ == "__main__":
    main()
