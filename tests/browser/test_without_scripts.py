"""Reading needs no JavaScript: what pages show stands in them, filters answer to a button."""

from __future__ import annotations

import pytest

from .people import Visitor

pytestmark = [
    pytest.mark.slow,
    pytest.mark.browser,
    pytest.mark.xdist_group("browser"),
    pytest.mark.django_db(transaction=True),
]


def test_dashboard_report_and_submission_are_read_without_scripts(arrive):
    leader = arrive("lanhdao", scripts=False)
    dashboard_is_read(leader)
    report_is_read(leader)
    specialist = arrive("chuyenvien", scripts=False)
    submission_is_read(specialist)
    document_is_found(arrive(scripts=False))


def dashboard_is_read(leader: Visitor) -> None:
    """Figures, map and bars are there; another year and unit come by the button."""
    page = leader.go("Tổng quan điều hành")
    page.get_by_label("Năm", exact=True).select_option("2022")
    page.get_by_label("Địa bàn").select_option(label="Huyện Lục Ngạn")
    page.get_by_role("button", name="Xem", exact=True).click()
    page.get_by_role("heading", name="Huyện Lục Ngạn · Năm 2022").wait_for()
    assert page.locator(".key-figure__value").first.inner_text()
    assert page.locator("main svg path").count() > 10, "a map of communes"
    assert page.locator("#theo-xa tbody tr").count() > 10, "and the table beside it"
    page.locator(".key-figure__value a").first.click()
    page.get_by_role("heading", name="Số liệu đã duyệt tạo nên con số này").wait_for()


def report_is_read(leader: Visitor) -> None:
    page = leader.go("Báo cáo")
    page.locator("main tbody a").first.click()
    text = page.locator(".report-text")
    assert "Về chỉ đạo, điều hành" in text.inner_text()
    assert text.locator(".explained__value").count() >= 10, "figures that tell their source"
    for tab in ["Trang in", "Số liệu", "Diễn biến"]:
        page.get_by_role("navigation", name="Phần của báo cáo").get_by_text(tab).click()
        assert page.locator("main h1").inner_text()


def submission_is_read(specialist: Visitor) -> None:
    """What was sent, the values with their cells, and the way to review."""
    page = specialist.go("Duyệt số liệu")
    page.get_by_label("Trạng thái").select_option(label="Đã duyệt")
    page.get_by_role("button", name="Xem", exact=True).click()
    page.get_by_role("row").filter(has_text="Biểu 05").get_by_role("link").first.click()
    page.get_by_role("heading", name="Diễn biến").wait_for()
    page.get_by_role("link", name="Xem số liệu và nguồn").click()
    assert page.locator("main tbody tr").count() > 5
    specialist.go("Duyệt số liệu")
    page.get_by_role("link", name="Duyệt", exact=True).first.click()
    assert page.get_by_role("button", name="Trả lại đơn vị kèm ý kiến").is_visible()


def document_is_found(public: Visitor) -> None:
    page = public.open("/tra-cuu-van-ban/")
    page.locator("main input[type=search]").fill("cach mang cong nghiep")
    page.locator("main form button[type=submit]").first.click()
    public.sees("2289/QĐ-TTg")
