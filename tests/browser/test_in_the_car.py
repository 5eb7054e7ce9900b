"""“Xã này thế nào?” on a phone: two taps and some letters, on a slow line and a slow processor."""

from __future__ import annotations

import time

import pytest

from .people import PHONE, Visitor

pytestmark = [
    pytest.mark.slow,
    pytest.mark.browser,
    pytest.mark.xdist_group("browser"),
    pytest.mark.django_db(transaction=True),
]

#: a quarter of the processor; the line of a phone on the road (1,6 Mbit/s, 150 ms)
SLOWER = 4
LINE = {
    "offline": False,
    "latency": 150,
    "downloadThroughput": 1_600_000 / 8,
    "uploadThroughput": 750_000 / 8,
}
WITHIN = 10  # seconds


def slow_down(visitor: Visitor) -> None:
    session = visitor.context.new_cdp_session(visitor.page)
    session.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    session.send("Network.enable")
    session.send("Network.emulateNetworkConditions", LINE)


def figures(visitor: Visitor) -> dict[str, str]:
    """What the profile says first, by its label; each is in sight without scrolling."""
    page = visitor.page
    page.get_by_role("heading", name="Xã An Lạc", level=1).wait_for()
    tiles = page.locator(".profile-figures .key-figure")
    found = {}
    for tile in tiles.all():
        box = tile.locator(".key-figure__value").bounding_box()
        assert box["y"] + box["height"] <= PHONE["height"], tile.inner_text()
        assert box["x"] + box["width"] <= PHONE["width"]
        label = tile.locator(".key-figure__label").inner_text().split(",")[0]
        found[label] = tile.locator(".key-figure__value").inner_text()
    return found


def test_two_letters_and_two_taps_lead_to_the_figures_of_a_commune(arrive, record_property):
    leader = arrive("lanhdao", phone=True)
    slow_down(leader)
    page = leader.page
    began = time.monotonic()
    page.get_by_role("searchbox").tap()
    page.keyboard.type("an", delay=120)
    choice = page.locator("#goi-y-tim a").filter(has_text="Xã An Lạc").first
    choice.wait_for()
    found_after = time.monotonic() - began
    choice.tap()
    told = figures(leader)
    took = time.monotonic() - began
    record_property("seconds", round(took, 1))
    assert took < WITHIN, f"found after {found_after:.1f} s, read after {took:.1f} s"
    people, poverty, money, works = told
    assert (people, poverty, works) == ("Dân số", "Hộ nghèo DTTS", "Công trình")
    assert money in ("Đã giải ngân", "Vốn của công trình")
    assert "người" in told["Dân số"]
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]


def test_without_scripts_the_search_is_a_page(arrive):
    leader = arrive("lanhdao", phone=True, scripts=False)
    page = leader.page
    page.get_by_role("searchbox").fill("xa an lac")
    page.get_by_role("searchbox").press("Enter")
    page.get_by_role("heading", name="Địa bàn, dân tộc").wait_for()
    page.locator("main").get_by_role("link", name="Xã An Lạc").first.tap()
    assert figures(leader)["Dân số"]
    page.get_by_label("Năm", exact=True).select_option("2022")
    page.get_by_role("button", name="Xem", exact=True).tap()
    assert "Năm 2022" in leader.main()
