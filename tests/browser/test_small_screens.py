"""Every main page on a phone: nothing is wider than the screen, nothing fails."""

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
PUBLIC = [
    "/",
    "/tra-cuu-van-ban/",
    "/xac-thuc",
    "/gioi-thieu/",
    "/bao-loi/",
    "/tai-khoan/dang-nhap",
]
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


def look(visitor: Visitor, address: str) -> bool:
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
    return True


def test_every_main_page_of_every_role_fits_a_phone(arrive):
    seen: set[str] = set()
    for name in ["", *PEOPLE]:
        visitor = arrive(name, phone=True)
        entries = list(dict.fromkeys(links(visitor, "nav .side") if name else PUBLIC))
        assert len(entries) > 5
        seen.update(map(kind_of, entries))
        for entry in entries:
            assert look(visitor, entry), f"{entry} is no page"
            for deeper in links(visitor, "main"):
                if kind_of(deeper) not in seen:
                    seen.add(kind_of(deeper))
                    look(visitor, deeper)
    assert len(seen) > 50, "the walk went below the lists"
