"""Make the pictures of docs/screenshots from the running portal.

    .venv/bin/python deploy/screenshots.py                        # of a fresh demo of its own
    .venv/bin/python deploy/screenshots.py http://localhost:8000  # of the demo that runs there

It walks the demo's open report to its issue, so a demo gives these pictures once.
"""

from __future__ import annotations

import contextlib
import io
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from openpyxl import load_workbook
from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

PROJECT = Path(__file__).resolve().parent.parent
PICTURES = PROJECT / "docs" / "screenshots"
# of the demo; shown on its own start screen and on its pages
PASSWORD, PASSPHRASE = "minh-hoa-2023", "thu-nghiem"
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
MOST_BYTES, MOST_COLOURS = 250_000, 256
PATIENCE = 180  # seconds for the demo to start
REPORT = "Kết quả thực hiện Quyết định số 2289/QĐ-TTg"
# of Biểu 05 as the demo has it: row 7 is the first commune, E poor and F near-poor households
MISTAKES: dict[str, object] = {"E7": 9999, "F9": "hai"}
CORRECTION: dict[str, object] = {"F7": 70}
Colour = tuple[int, int, int]
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@contextlib.contextmanager
def own_demo() -> Iterator[str]:
    """A fresh demo in a folder that is thrown away; its address."""
    with tempfile.TemporaryDirectory(prefix="anh-") as folder, socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
        free.close()
        kept = {
            name: value
            for name, value in os.environ.items()
            if name not in ("DATABASE_URL", "REDIS_URL")
        }
        portal = subprocess.Popen(  # noqa: S603
            [sys.executable, PROJECT / "manage.py", "up", "--port", str(port)],
            env=kept | {"PORTAL_VAR": folder, "PORTAL_DEMO": "1"},
            cwd=PROJECT,
        )
        try:
            address = f"http://127.0.0.1:{port}"
            wait_for(f"{address}/suc-khoe", portal)
            yield address
        finally:
            portal.send_signal(signal.SIGTERM)
            portal.wait(timeout=60)


def wait_for(address: str, portal: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline and portal.poll() is None:
        with contextlib.suppress(urllib.error.URLError, OSError):
            urllib.request.urlopen(address, timeout=2).close()  # noqa: S310
            return
        time.sleep(0.3)
    sys.exit("The demo did not start.")


@dataclass
class Person:
    """Somebody in front of the portal."""

    context: BrowserContext
    address: str

    @classmethod
    def come(cls, browser: Browser, address: str, username: str = "", *, width: int = 1280):
        size = {"width": width, "height": 800 if width > 600 else 740}
        context = browser.new_context(
            viewport=size, locale="vi-VN", timezone_id="Asia/Ho_Chi_Minh", reduced_motion="reduce"
        )
        person = cls(context, address)
        context.new_page()
        if username:
            person.sign_in(username)
        return person

    @property
    def page(self) -> Page:
        return self.context.pages[0]

    def sign_in(self, username: str) -> None:
        self.open("/tai-khoan/dang-nhap")
        self.page.get_by_label("Tên đăng nhập").fill(username)
        self.page.get_by_label("Mật khẩu").fill(PASSWORD)
        self.press("Đăng nhập")
        self.page.get_by_role("heading", name="Việc của tôi", level=1).wait_for()

    def open(self, path: str) -> None:
        self.page.goto(path if path.startswith("http") else self.address + path)

    def go(self, entry: str) -> None:
        side = self.page.get_by_role("navigation", name="Danh mục chức năng")
        side.get_by_role("link", name=entry, exact=True).click()

    def press(self, name: str) -> None:
        self.page.get_by_role("button", name=name, exact=True).first.click()

    def follow(self, name: str) -> None:
        self.page.get_by_role("link", name=name, exact=True).first.click()

    def sees(self, words: str) -> None:
        self.page.get_by_text(words).first.wait_for(timeout=60_000)

    def picture(self, name: str, *, height: int = 0, top: str = "") -> None:
        """The window as it stands, higher if told; `top`: what to bring to the top first."""
        page = self.page
        before = page.viewport_size
        if height:
            page.set_viewport_size({"width": before["width"], "height": height})
        page.wait_for_load_state("networkidle")
        page.evaluate("document.fonts.ready")
        page.evaluate("document.activeElement && document.activeElement.blur()")
        page.evaluate("window.scrollTo(0, 0)")
        if top:
            page.locator(top).first.evaluate("place => place.scrollIntoView()")
        page.wait_for_timeout(400)  # frames of printed pages draw after they have loaded
        keep(name, page.screenshot())
        page.set_viewport_size(before)


def keep(name: str, picture: bytes) -> None:
    """As a PNG of the page's commonest colours; its grounds stay exactly what they are."""
    image = Image.open(io.BytesIO(picture)).convert("RGB")
    counted = sorted(image.getcolors(image.width * image.height), reverse=True)
    common = [colour for _, colour in counted[:MOST_COLOURS]]
    place = {colour: index for index, colour in enumerate(common)}
    for _, colour in counted[MOST_COLOURS:]:
        place[colour] = place[min(common, key=lambda other: distance(colour, other))]
    few = Image.new("P", image.size)
    few.putpalette([part for colour in common for part in colour])
    few.putdata([place[colour] for colour in image.getdata()])
    PICTURES.mkdir(parents=True, exist_ok=True)
    path = PICTURES / f"{name}.png"
    few.save(path, optimize=True)
    size = path.stat().st_size
    print(f"{path.relative_to(PROJECT)}  {size // 1024} KB", flush=True)
    if size > MOST_BYTES:
        sys.exit(f"{path.name} is larger than {MOST_BYTES // 1000} KB.")


def distance(one: Colour, other: Colour) -> int:
    return sum((a - b) ** 2 for a, b in zip(one, other, strict=True))


# the officer


def of_the_officer(browser: Browser, address: str) -> None:
    """What came back to Tân Yên; a correction of Sơn Động by file and by hand, then deleted."""
    returned = Person.come(browser, address, "canbo.tanyen")
    returned.picture("viec-cua-toi")
    officer = Person.come(browser, address, "canbo.sondong")
    officer.go("Nộp số liệu")
    officer.picture("nop-so-lieu")
    officer.follow("Bắt đầu")
    officer.picture("chon-tep", height=900)
    officer.open("/so-lieu/nop?ky=2023")
    officer.follow("Biểu 05. Số hộ nghèo, cận nghèo dân tộc thiểu số")
    officer.page.get_by_role("heading", name="Diễn biến").wait_for()
    officer.picture("bo-so-lieu")
    content = original_of(officer)
    officer.page.get_by_text("Đính chính số liệu đã duyệt").click()
    officer.page.get_by_label("Lý do đính chính").fill("Xã An Bá rà soát lại số hộ cận nghèo")
    officer.press("Lập bản đính chính")
    officer.sees("Đã mở bản đính chính")
    here = officer.page.url
    upload(officer, changed(content, MISTAKES), "bieu-05-son-dong.xlsx", "2 lỗi")
    officer.picture("kiem-tra-tep", height=960)
    phone = Person.come(browser, address, "canbo.sondong", width=360)
    phone.open(officer.page.url)
    phone.picture("kiem-tra-tep-dien-thoai")
    officer.press("Bỏ tệp")
    upload(
        officer, changed(content, CORRECTION), "bieu-05-son-dong-da-sua.xlsx", "Tệp không có lỗi"
    )
    officer.follow("Xem trước")
    officer.picture("xem-truoc")
    officer.press("Ghi nhận số liệu")
    officer.open(here)
    officer.follow("Nhập số liệu")
    officer.picture("nhap-tren-trang")
    officer.open(f"{here}/nop")
    officer.picture("nop")
    officer.open(here)
    officer.page.get_by_text("Xoá bản đang nhập").first.click()
    officer.press("Xoá bản đang nhập")


def original_of(officer: Person) -> bytes:
    """The workbook that was sent before."""
    link = officer.page.locator("a[href$='/goc']").first.get_attribute("href")
    return officer.context.request.get(f"{officer.address}{link}").body()


def upload(officer: Person, content: bytes, name: str, then: str) -> None:
    file = {"name": name, "mimeType": XLSX, "buffer": content}
    officer.page.locator("input[type=file]").set_input_files(file)
    officer.press("Tải lên")
    officer.sees(then)


def changed(content: bytes, cells: dict[str, object]) -> bytes:
    book = load_workbook(io.BytesIO(content))
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
    specialist.follow("Duyệt")
    specialist.page.locator("main table tbody td a").nth(3).click()
    specialist.page.get_by_label("Cần sửa gì ở").fill("Đối chiếu lại với danh sách của xã.")
    specialist.picture("duyet-so-lieu", height=1250, top="main section.block")
    leader = Person.come(browser, address, "lanhdao")
    leader.go("Tổng quan điều hành")
    leader.picture("tong-quan", height=1150)
    phone = Person.come(browser, address, "lanhdao", width=360)
    phone.open("/tong-quan")
    phone.picture("tong-quan-dien-thoai", height=900)
    leader.page.locator(".key-figure__value a").nth(1).click()
    leader.page.get_by_role("heading", name="Số liệu đã duyệt tạo nên con số này").wait_for()
    leader.picture("nguon-so-lieu")
    leader.page.locator("main tbody a[href*='/o/']").first.click()
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
