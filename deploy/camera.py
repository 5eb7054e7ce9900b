"""Somebody in front of the portal with a camera, and a demo to stand before."""

from __future__ import annotations

import contextlib
import io
import os
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

from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Page

PROJECT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(PROJECT))

from portal.embedded import children  # noqa: E402

PICTURES = PROJECT / "docs" / "screenshots"
PASSWORD = "minh-hoa-2023"  # noqa: S105 - of the demo; shown on its own start screen
MOST_BYTES, MOST_COLOURS = 250_000, 256
PATIENCE = 600  # seconds for the demo to start
Colour = tuple[int, int, int]


@contextlib.contextmanager
def own_demo() -> Iterator[str]:
    """A fresh demo in a folder that is thrown away; its address.

    It ends with the block, and with this process however that ends.
    """
    with tempfile.TemporaryDirectory(prefix="anh-") as folder, socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
        free.close()
        kept = {
            name: value
            for name, value in os.environ.items()
            if name not in ("DATABASE_URL", "REDIS_URL")
        }
        signal.signal(signal.SIGTERM, lambda *_: sys.exit("Stopped."))  # reaches `finally`
        portal = children.start(
            [sys.executable, PROJECT / "manage.py", "up", "--port", str(port)],
            log=Path(folder) / "up.log",
            env=kept | {"PORTAL_VAR": folder, "PORTAL_DEMO": "1"},
            cwd=PROJECT,
        )
        try:
            address = f"http://127.0.0.1:{port}"
            wait_for(f"{address}/suc-khoe", portal)
            yield address
        finally:
            children.stop(portal, patience=60)


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
        self.page.get_by_text(words).first.wait_for(timeout=180_000)

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
