"""The working day of the design in a browser: each role in turn, by the portal's pages only."""

from __future__ import annotations

from pathlib import Path

import pytest

from portal.collection.models import Dataset

from . import collecting, reporting
from .people import Visitor

pytestmark = [
    pytest.mark.slow,
    pytest.mark.browser,
    pytest.mark.xdist_group("browser"),
    pytest.mark.django_db(transaction=True),
]


def test_a_working_day_from_the_officers_workbook_to_the_verified_report(arrive, tmp_path: Path):
    Dataset.objects.filter(code=collecting.FORM).update(wants_cover_letter=True)
    officer, specialist, leader = arrive("canbo.sondong"), arrive("chuyenvien"), arrive("lanhdao")
    before = collecting.poverty_on_the_dashboard(leader)

    submission = a_day_of_data(officer, specialist, arrive("canbo.lucngan"))

    after = collecting.poverty_on_the_dashboard(leader)
    assert before != after, "the leader's dashboard moves when data are approved"
    collecting.traced_to_the_cell_of_the_file(leader, submission)

    issued = a_day_of_reporting(specialist, leader, arrive)
    reporting.verified_by_anybody(arrive(), issued, tmp_path)

    opens(arrive("kiemtra"), "Tổng quan điều hành", "Báo cáo", "Sổ văn bản", "Tài khoản")
    opens(arrive("quantri"), "Tài khoản", "Góp ý, báo lỗi", "Đơn vị hành chính")


def a_day_of_data(officer: Visitor, specialist: Visitor, stranger: Visitor) -> str:
    """From the empty workbook to locked data; returns the address of the submission."""
    form, wrong = collecting.workbook_with_two_mistakes(officer)
    marked = collecting.both_mistakes_are_named(officer, form, wrong)
    collecting.corrected_and_taken_over(officer, marked, wrong)
    submission = collecting.submitted_with_its_letter(officer)
    commune = collecting.returned_with_a_remark_at_a_cell(specialist)
    collecting.corrected_on_the_page(officer, commune)
    collecting.approved(specialist)
    collecting.locked(officer, submission)
    assert officer.status_of(submission) == 200
    assert stranger.status_of(submission) == 404
    return submission


def a_day_of_reporting(specialist: Visitor, leader: Visitor, arrive) -> bytes:
    """From the outline to the issued file, which is returned."""
    report = reporting.draft_opened(specialist)
    reporting.written_with_a_figure_and_a_citation(specialist)
    reporting.sent_up(specialist)
    reporting.content_passed(arrive("truongphong"), report)
    reporting.form_passed(arrive("thethuc"), report)
    reporting.signed(leader, report)
    return reporting.numbered_sealed_and_issued(arrive("vanthu"), report)


def opens(visitor: Visitor, *entries: str) -> None:
    """Each of these entries of the navigation leads to a page with something on it."""
    for entry in entries:
        visitor.go(entry)
        assert len(visitor.main()) > len(entry)
        visitor.page.locator("main table, main section, main ul").first.wait_for()
