"""Make the pictures of docs/screenshots from the running portal.

    .venv/bin/python deploy/screenshots.py                        # of a fresh demo of its own
    .venv/bin/python deploy/screenshots.py http://localhost:8000  # of the demo that runs there

It walks a working day to its end, to the issued report, so a demo gives these pictures once.
"""

from __future__ import annotations

import contextlib
import shutil
import sys
from datetime import datetime
from zoneinfo import ZoneInfo

from camera import Person, own_demo
from form05 import MISTAKES, Counts, as_file, filled, of_communes
from playwright.sync_api import Browser, sync_playwright

HERE = ZoneInfo("Asia/Ho_Chi_Minh")
PASSPHRASE = "thu-nghiem"  # noqa: S105 - of the demo's test keys; shown on its pages
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
REPORT = "Kết quả thực hiện Quyết định số 2289/QĐ-TTg"


# the officer


def of_the_grid(browser: Browser, address: str) -> None:
    """What came back to Tân Yên, and the grid at the cell that was remarked on."""
    officer = Person.come(browser, address, "canbo.tanyen")
    officer.picture("viec-cua-toi")
    officer.open("/so-lieu/nop?ky=2023")
    officer.follow("Sửa lại")
    officer.follow("Nhập số liệu")
    officer.page.locator("td[data-state=remarked] input").first.click()
    officer.page.locator(".entry__panel h2").wait_for()
    officer.picture("nhap-tren-trang", height=900)


def of_the_officer(browser: Browser, address: str) -> None:
    """Sơn Động: the communes' files together; then one workbook with two mistakes, mended."""
    officer = Person.come(browser, address, "canbo.sondong")
    known = last_year(officer)
    officer.open("/so-lieu/nop?ky=2023")
    officer.picture("nop-so-lieu")
    officer.follow("Bắt đầu")
    officer.picture("chon-tep", height=900)
    start = officer.page.url
    with officer.page.expect_download() as download:
        officer.follow("Tải biểu mẫu")
    template = download.value.path().read_bytes()
    together(officer, of_communes(template, known, "Xã Cấm Sơn"))
    officer.open(start)
    upload(officer, [as_file("bieu-05-son-dong.xlsx", filled(template, known, MISTAKES))])
    officer.sees("2 lỗi")
    officer.picture("kiem-tra-tep", height=960)
    phone = Person.come(browser, address, "canbo.sondong", width=360)
    phone.open(officer.page.url)
    phone.picture("kiem-tra-tep-dien-thoai")
    officer.press("Bỏ tệp")
    upload(officer, [as_file("bieu-05-son-dong-da-sua.xlsx", filled(template, known))])
    officer.sees("Tệp không có lỗi")
    officer.follow("Xem trước")
    officer.picture("xem-truoc")
    officer.press("Ghi nhận số liệu")
    officer.page.get_by_role("heading", name="Diễn biến").wait_for()
    officer.page.locator(".page-head__action").get_by_role("link", name="Nộp số liệu").click()
    officer.picture("nop", height=960)
    send(officer)


def last_year(officer: Person) -> Counts:
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


def together(officer: Person, files: list[dict[str, object]]) -> None:
    """The page of all files; what was begun is thrown away."""
    upload(officer, files)
    officer.sees("còn thiếu: ")
    officer.picture("cac-tep", height=1250)
    officer.follow("Về bộ số liệu")
    officer.page.locator("summary").filter(has_text="Xoá bản đang nhập").click()
    officer.press("Xoá bản đang nhập")
    officer.page.get_by_role("heading", name="Nộp số liệu", level=1).wait_for()


def upload(officer: Person, files: list[dict[str, object]]) -> None:
    officer.page.locator("input[type=file]").first.set_input_files(files)
    officer.press("Tải lên")


def send(officer: Person) -> None:
    officer.page.get_by_label("Tôi đã đối chiếu").check()
    officer.press("Nộp số liệu")
    officer.sees("Đã nộp số liệu.")


# the committee


def of_the_levels(browser: Browser, address: str) -> None:
    """From today on the committee's specialist and then the head approve Biểu 05."""
    administrator = Person.come(browser, address, "quantri")
    administrator.open("/so-lieu/cap-duyet/BIEU-05")
    administrator.page.get_by_label("Áp dụng từ ngày").fill(f"{datetime.now(HERE):%d/%m/%Y}")
    for level in ("Ban Dân tộc", "Trưởng phòng"):
        administrator.page.get_by_label(level, exact=True).check()
    administrator.press("Lưu các cấp duyệt")
    administrator.sees("Ban Dân tộc → Trưởng phòng")
    administrator.picture("cap-duyet")


def of_the_review(browser: Browser, address: str) -> None:
    """Sent back with a remark, sent again with one cell changed, approved level by level."""
    specialist = Person.come(browser, address, "chuyenvien")
    specialist.go("Duyệt số liệu")
    specialist.picture("duyet-danh-sach")
    row = specialist.page.get_by_role("row").filter(has_text="Huyện Sơn Động")
    row = row.filter(has_text="Biểu 05")
    row.get_by_role("link", name="Duyệt", exact=True).click()
    here = specialist.page.url
    specialist.page.locator("main table tbody td a").nth(3).click()
    specialist.page.get_by_label("Cần sửa gì ở").fill("Đối chiếu lại với danh sách của xã.")
    specialist.picture("duyet-so-lieu", height=1250, top="main section.block")
    specialist.press("Ghi ý kiến")
    specialist.press("Trả lại đơn vị kèm ý kiến")
    specialist.sees("Đã trả lại")
    mended(browser, address)
    specialist.open(here)
    specialist.picture("duyet-thay-doi", height=900)
    specialist.press("Duyệt, chuyển Trưởng phòng")
    head = Person.come(browser, address, "truongphong")
    head.open(here)
    head.press("Duyệt")
    head.sees("Số liệu đã khoá")
    officer = Person.come(browser, address, "canbo.sondong")
    officer.open(here.replace("/duyet/", "/bo/"))
    officer.picture("bo-so-lieu", height=1000)


def mended(browser: Browser, address: str) -> None:
    """The officer puts one number right, answers the remark and sends again."""
    officer = Person.come(browser, address, "canbo.sondong")
    officer.open("/so-lieu/nop?ky=2023")
    officer.follow("Sửa và nộp lại")
    here = officer.page.url
    officer.follow("Nhập số liệu")
    field = officer.page.locator("td[data-state=remarked] input").first
    field.fill(str(int(field.input_value().replace(".", "")) - 1))
    officer.press("Lưu")
    officer.sees("1 thay đổi")
    officer.open(here)
    officer.page.get_by_placeholder("Trả lời (nếu có)").fill("Xã tính trùng một hộ, đã bỏ.")
    officer.press("Đã sửa")
    officer.page.locator(".page-head__action").get_by_role("link", name="Nộp số liệu").click()
    send(officer)


def of_the_numbers(browser: Browser, address: str) -> None:
    """The leader's home, dashboard, a theme, a profile; where numbers are from, the explorer."""
    leader = Person.come(browser, address, "lanhdao")
    leader.picture("viec-cua-lanh-dao", height=1250)
    leader.open("/chuyen-de/giam-ngheo?ky=2022")
    leader.picture("chuyen-de", height=1150)
    leader.go("Tổng quan điều hành")
    leader.picture("tong-quan", height=1150)
    phone = Person.come(browser, address, "lanhdao", width=360)
    phone.open("/tong-quan")
    phone.picture("tong-quan-dien-thoai", height=900)
    phone.open("/ho-so/xa/07645")
    phone.picture("ho-so-xa-dien-thoai", height=900)
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
    leader.open("/dan-toc/kham-pha?ct=N06&hang=don-vi&cap=huyen&cot=ky")
    leader.picture("kham-pha", height=1150)
    phone.open("/dan-toc/kham-pha?ct=N03&hang=don-vi&cap=xa&cot=ky&ky=2023&dv=220")
    phone.page.locator(".data-table--cross tbody td a").first.click()
    phone.sees("Cách tính")
    phone.picture("nguon-so-lieu-dien-thoai", height=900, top="#so-lieu")


def of_the_people(browser: Browser, address: str) -> None:
    specialist = Person.come(browser, address, "chuyenvien")
    specialist.go("Tình hình nộp")
    specialist.picture("tinh-hinh-nop", height=1050)
    specialist.go("Người có uy tín")
    specialist.picture("nguoi-co-uy-tin", height=1000)


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
    passed(checker, report)
    signed_and_issued(browser, address, report)


def passed(checker: Person, report: str) -> None:
    """The text is that of the issued report: what departs from the decree is left with a reason."""
    checker.open(f"{report}/the-thuc")
    for box in checker.page.locator("main input[type=checkbox][form='giu-nguyen']").all():
        box.check()
    checker.page.get_by_label("Lý do", exact=True).fill("Giữ như bản đã phát hành")
    checker.press("Giữ nguyên")
    checker.page.get_by_role("heading", name="Giữ nguyên có lý do").wait_for()
    checker.press("Đạt thể thức, trình ký")
    checker.page.get_by_role("link", name="Mở tệp PDF").wait_for(timeout=60_000)


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
    administrator.open("/dan-toc/bieu/BIEU-05")
    administrator.picture("bieu-so-lieu", height=960)


DAY = (
    of_the_grid,
    of_the_officer,
    of_the_levels,
    of_the_review,
    of_the_numbers,
    of_the_people,
    of_the_report,
    of_the_administrator,
)


def main() -> None:
    path = shutil.which("chromium") or sys.exit("Chromium is not on this machine.")
    given = sys.argv[1].rstrip("/") if len(sys.argv) > 1 else ""
    with (
        contextlib.nullcontext(given) if given else own_demo() as address,
        sync_playwright() as driver,
    ):
        browser = driver.chromium.launch(executable_path=path, args=FLAGS)
        for of_whom in DAY:
            of_whom(browser, address)
        browser.close()


if __name__ == "__main__":
    main()
