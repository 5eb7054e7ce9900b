"""The signatory's queue on a phone, read, ticked, signed by keyboard; a clerk's copy.

After the working day, which looks for the one report of its year.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from django.utils import timezone

from portal.accounts.models import User
from reports import sample, services
from reports.models import Copy, Report, Status
from reports.walkthrough import PASSPHRASE
from tests.reports.copying import scan

from .reporting import LONGER

pytestmark = [
    pytest.mark.slow,
    pytest.mark.browser,
    pytest.mark.xdist_group("browser"),
    pytest.mark.django_db(transaction=True),
]

REASON = "Giữ như bản đã phát hành"


def waiting_for_the_leader() -> Report:
    """A report like the sample, brought to the signature by those whose steps these are."""
    who = {name: User.objects.get(username=name) for name in ("truongphong", "thethuc")}
    now = timezone.now()
    drafter, leader = (User.objects.get(username=name) for name in ("chuyenvien", "lanhdao"))
    report = sample.load(now=now, drafter=drafter, signatory=leader)
    services.send_up(report=report, by=drafter, now=now)
    services.pass_content(report=report, by=who["truongphong"], now=now)
    services.waive_all(report=report, reason=REASON, by=who["thethuc"], now=now)
    services.pass_form(report=report, by=who["thethuc"], now=now)
    return report


def test_a_leader_signs_two_reports_with_keys_only_and_one_passphrase(arrive):
    leader = arrive("lanhdao", phone=True)
    reports = [waiting_for_the_leader(), waiting_for_the_leader()]
    waiting = Report.objects.filter(pk__in=[one.pk for one in reports], status=Status.TO_SIGN)
    for _ in range(60):  # the pages are laid out by the worker
        if waiting.count() == len(reports):
            break
        leader.page.wait_for_timeout(1000)
    page = leader.open("/bao-cao/cho-ky")
    assert page.get_by_text("Thể thức giữ nguyên").count() >= 2
    for report in reports:
        assert page.locator(f"input[name=chon][value='{report.pk}']").is_disabled()
        leader.open(f"/bao-cao/{report.pk}/ky")
        leader.sees(REASON)
        page = leader.open("/bao-cao/cho-ky")
        assert page.locator(f"input[name=chon][value='{report.pk}']").is_checked()
    direction = page.locator(f"#y-kien-{reports[0].pk}")
    leader.tab_to(page.locator("details").filter(has=direction).locator("summary"))
    page.keyboard.press("Enter")
    leader.tab_to(direction)
    page.keyboard.type("Gửi trước ngày 10")
    leader.tab_to(page.get_by_label("Mật khẩu khoá ký"))
    page.keyboard.type(PASSPHRASE)
    leader.tab_to(page.get_by_role("button", name="Ký các văn bản đã chọn"))
    page.keyboard.press("Enter")
    page.get_by_role("status").filter(has_text="Đã ký").wait_for(timeout=LONGER)
    for report in reports:
        report.refresh_from_db()
        assert report.status == Status.SIGNED
    assert reports[0].events.filter(kind="directed", note="Gửi trước ngày 10").exists()


def test_the_clerk_seals_a_copy_that_anybody_can_check(arrive, tmp_path: Path):
    clerk, path = arrive("vanthu"), tmp_path / "quet.pdf"
    path.write_bytes(scan())
    page = clerk.open("/van-ban/?q=3032")
    page.get_by_role("link", name="3032/SKHĐT-KGVX").first.click()
    clerk.link("Lập bản sao")
    page.locator("main input[type=file]").set_input_files(path)
    page.get_by_label("Thẩm quyền ký bản sao").select_option("KT.")
    page.get_by_label("Người ký bản sao").select_option(index=1)
    clerk.button("Lập bản sao")
    page.get_by_role("button", name="Cấp số").wait_for(timeout=LONGER)
    clerk.button("Cấp số")
    clerk.sees("Đã cấp số và vào sổ bản sao.")
    page.get_by_label("Mật khẩu khoá ký").fill(PASSPHRASE)
    clerk.button("Ký số của cơ quan")
    clerk.sees("Đã ký số của cơ quan vào bản sao.", within=LONGER)
    copy = Copy.objects.get()
    with copy.file.open("rb") as file:
        path.write_bytes(file.read())
    public = arrive()
    page = public.open("/xac-thuc")
    page.locator("main input[type=file]").set_input_files(path)
    public.button("Kiểm tra")
    page.get_by_role("heading", name="Văn bản hợp lệ").wait_for()
    public.sees(copy.document.number_and_symbol)
