"""Every main page on a phone: nothing is too wide, nothing fails, axe finds nothing."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Error

from .people import PHONE, Visitor

pytestmark = [
    pytest.mark.slow,
    pytest.mark.browser,
    pytest.mark.xdist_group("browser"),
    pytest.mark.django_db(transaction=True),
]

PEOPLE = [
    "canbo.sondong",
    "chuyenvien",
    "truongphong",
    "thethuc",
    "lanhdao",
    "vanthu",
    "quantri",
    "kiemtra",
]
HOME = "/viec-cua-toi"
PUBLIC = [
    "/",
    "/tra-cuu-van-ban/",
    "/xac-thuc",
    "/gioi-thieu/",
    "/bao-loi/",
    "/tai-khoan/dang-nhap",
]
#: on a desk too: what is wide there and folded on a phone
ON_A_DESK = {
    "": ["/", "/xac-thuc", "/tra-cuu-van-ban/", "/tai-khoan/dang-nhap"],
    "lanhdao": [
        HOME,
        "/tong-quan",
        "/tim?q=an+lac",
        "/chuyen-de/dan-so",
        "/chuyen-de/giam-ngheo?kv=1&so_ky=2021",
        "/chuyen-de/tien-do",
        "/chuyen-de/trinh-chieu?c=giam-ngheo&dung=1",
        "/ho-so/xa/07645",
        "/ho-so/dan-toc/02",
        "/dan-toc/kham-pha?ct=N06&hang=don-vi&cap=huyen&cot=ky&cot2=gioi-tinh",
        "/bao-cao/cho-ky",
    ],
    "chuyenvien": [HOME, "/so-lieu/duyet", "/bao-cao"],
}
# codes of forms, groups and components differ from page to page; the page is the same
KIND = re.compile(r"\d+|[A-Z]{2,}[A-Z0-9.\-]*")


def kind_of(address: str) -> str:
    """What kind of page an address is: without query, place in the page, numbers and codes."""
    return KIND.sub("#", re.split(r"[?#]", address)[0])


def links(visitor: Visitor, within: str) -> list[str]:
    """Addresses of the portal's own that this part of the page leads to."""
    found = visitor.page.locator(f"{within} a[href]").evaluate_all(
        "all => all.map((link) => link.getAttribute('href'))"
    )
    return [address for address in found if address.startswith("/") and address != "/"]


def look(visitor: Visitor, address: str, *, with_axe: bool) -> bool:
    """Open the page on the phone; too wide is a fault of it. False where it is a download."""
    try:
        visitor.open(address)
    except Error as problem:
        if "Download is starting" in problem.message or "ERR_ABORTED" in problem.message:
            return False
        raise
    width = visitor.page.evaluate("document.documentElement.scrollWidth")
    if width > PHONE["width"]:
        visitor.faults.append(f"{visitor.name}: {address} is {width} wide")
    if with_axe:
        visitor.check_access()
    return True


def test_every_main_page_of_every_role_fits_a_phone_and_every_reader(arrive):
    seen: set[str] = set()
    for name in ["", *PEOPLE]:
        visitor = arrive(name, phone=True)
        entries = list(dict.fromkeys(links(visitor, "nav .side") if name else PUBLIC))
        assert len(entries) > 5
        new = set(map(kind_of, entries)) - seen
        seen |= new
        for entry in entries:
            # what stands on the home is another thing for each role
            is_new = kind_of(entry) in new or entry == HOME
            assert look(visitor, entry, with_axe=is_new), f"{entry} is no page"
            for deeper in links(visitor, "main"):
                if kind_of(deeper) not in seen:
                    seen.add(kind_of(deeper))
                    look(visitor, deeper, with_axe=True)
    assert len(seen) > 50, "the walk went below the lists"


def test_axe_finds_nothing_on_a_desk(arrive):
    for name, addresses in ON_A_DESK.items():
        visitor = arrive(name)
        for address in addresses:
            visitor.open(address)
            visitor.check_access()
    page = visitor.page
    page.locator("main tbody a").first.click()
    visitor.link("Soạn thảo")
    page.get_by_role("navigation", name="Mục lục").get_by_role("link").nth(1).click()
    page.locator(".section-editor__text").wait_for()
    visitor.check_access()
    visitor.button("Chèn số liệu")
    page.get_by_role("dialog").get_by_role("listitem").first.wait_for()
    visitor.check_access()
