"""How data come in, in the browser: the officer's steps, the reviewer's, the leader's."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit

import pytest
from django.db import DatabaseError, transaction

from ethnic_data.models import Observation
from portal.collection.models import Submission

from .people import Visitor
from .workbooks import Form05, a_year_on, counts_of_last_year

FORM, DISTRICT, YEAR, LAST_YEAR = "BIEU-05", "220", "2023", "2022"
REMARK = "Đối chiếu lại với danh sách hộ cận nghèo của xã."
POVERTY = "Tỷ lệ hộ nghèo dân tộc thiểu số"


@dataclass(frozen=True)
class Mistake:
    """A cell of the workbook, what is wrong there, and what should stand in it."""

    cell: str
    commune: str
    measure: str
    right: int
    sentence: str


def workbook_with_two_mistakes(officer: Visitor) -> tuple[Form05, list[Mistake]]:
    """Download the year's workbook from the page of what is due, and fill it."""
    page = officer.go("Nộp số liệu")
    page.get_by_label("Kỳ báo cáo").select_option(YEAR)
    page.get_by_role("row").filter(has_text="Biểu 05").get_by_role("link", name="Bắt đầu").click()
    with page.expect_download() as download:
        officer.link("Tải biểu mẫu")
    form = Form05.read(download.value.path().read_bytes())
    known = counts_of_last_year(DISTRICT, LAST_YEAR)
    assert form.rows().keys() == known.keys(), "the workbook lists the district's communes"
    for commune, counts in known.items():
        for measure, value in a_year_on(counts).items():
            form.fill(commune, measure, value)
    first, second, *_ = form.rows()
    too_many = known[first]["D02"] + 7
    mistakes = [
        _spoil(form, known, first, "N03", too_many, "lớn hơn số hộ"),
        _spoil(form, known, second, "N04", "hai", "“hai” không phải là số"),
    ]
    return form, mistakes


def _spoil(
    form: Form05,
    known: dict[str, dict[str, int]],
    commune: str,
    measure: str,
    value: int | str,
    sentence: str,
) -> Mistake:
    cell = form.fill(commune, measure, value)
    return Mistake(cell, commune, measure, a_year_on(known[commune])[measure], sentence)


def both_mistakes_are_named(officer: Visitor, form: Form05, wrong: list[Mistake]) -> Form05:
    """At their cells, on the page and in the officer's own workbook, which is returned."""
    page = officer.page
    _upload(officer, form, "bieu-05-son-dong.xlsx")
    page.get_by_role("heading", name="2 lỗi").wait_for()
    findings = page.locator(".finding").all_inner_texts()
    for mistake in wrong:
        assert any(mistake.cell in words and mistake.sentence in words for words in findings)
    with page.expect_download() as download:
        page.get_by_role("link", name="Tải tệp đã đánh dấu lỗi").click()
    marked = Form05.read(download.value.path().read_bytes())
    assert {mistake.cell for mistake in wrong} <= marked.comments().keys()
    return marked


def _upload(officer: Visitor, form: Form05, name: str) -> None:
    officer.page.locator("input[type=file]").set_input_files(form.as_file(name))
    officer.button("Tải lên")


def corrected_and_taken_over(officer: Visitor, marked: Form05, wrong: list[Mistake]) -> None:
    """The marked workbook mended in its two cells, sent, looked at, taken over."""
    for mistake in wrong:
        marked.sheet[mistake.cell] = mistake.right
    officer.button("Bỏ tệp")
    officer.sees("Không có số liệu nào thay đổi")
    _upload(officer, marked, "bieu-05-son-dong-da-sua.xlsx")
    officer.sees("Tệp không có lỗi")
    officer.link("Xem trước")
    officer.page.get_by_role("heading", name="Tổng trước và sau khi ghi nhận").wait_for()
    officer.button("Ghi nhận số liệu")
    officer.sees(f"Đã ghi nhận: {len(marked.rows()) * 7} mới")


def submitted_with_its_letter(officer: Visitor) -> str:
    """Returns the submission's address."""
    page = officer.page
    _main_action(officer, "Nộp số liệu")
    page.get_by_label("Số, ký hiệu công văn").fill("215/UBND-DT")
    page.get_by_label("Ngày công văn").fill("05/09/2023")
    page.locator("input[type=file]").set_input_files(
        {"name": "cong-van.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.4\n%%EOF\n"}
    )
    officer.page.get_by_label("Tôi đã đối chiếu").check()
    officer.button("Nộp số liệu")
    officer.sees("Đã nộp số liệu. Chờ Ban Dân tộc duyệt.")
    return urlsplit(page.url).path


def _main_action(visitor: Visitor, name: str) -> None:
    visitor.page.locator(".page-head__action").get_by_role("link", name=name, exact=True).click()


def _review(specialist: Visitor) -> None:
    page = specialist.go("Duyệt số liệu")
    row = page.get_by_role("row").filter(has_text="Huyện Sơn Động").filter(has_text="Biểu 05")
    row = row.filter(has_text=f"Năm {YEAR}")
    row.get_by_role("link", name="Duyệt", exact=True).click()


def returned_with_a_remark_at_a_cell(specialist: Visitor) -> str:
    """A click on a number pins the remark to its cell; returns the commune of the cell."""
    _review(specialist)
    page = specialist.page
    row = page.locator("main table tbody tr").nth(2)
    commune = row.get_by_role("rowheader").inner_text()
    row.locator("td a").nth(3).click()
    page.get_by_label(f"Cần sửa gì ở {commune}").fill(REMARK)
    specialist.button("Ghi ý kiến")
    specialist.sees(REMARK)
    specialist.button("Trả lại đơn vị kèm ý kiến")
    specialist.sees("Đã trả lại")
    return commune


def corrected_on_the_page(officer: Visitor, commune: str) -> None:
    """The officer finds the remark, types the right number in the grid, sends it again."""
    page = officer.go("Nộp số liệu")
    page.get_by_label("Kỳ báo cáo").select_option(YEAR)
    officer.sees(REMARK)
    officer.link("Sửa và nộp lại")
    officer.link("Nhập số liệu")
    field = page.locator("tr").filter(has_text=commune).locator("input:visible").nth(3)
    field.fill(str(int(field.input_value().replace(".", "")) - 1))
    officer.button("Lưu")
    officer.sees("1 thay đổi")
    officer.button("Đã sửa")
    _main_action(officer, "Nộp số liệu")
    officer.page.get_by_label("Tôi đã đối chiếu").check()
    officer.button("Nộp số liệu")
    officer.sees("Đã nộp số liệu. Chờ Ban Dân tộc duyệt.")


def approved(specialist: Visitor) -> None:
    _review(specialist)
    specialist.button("Duyệt")
    specialist.sees("Số liệu đã khoá")


def locked(officer: Visitor, submission: str) -> None:
    """No door is left on the page, and the database refuses what comes by another way."""
    page = officer.open(submission)
    assert page.get_by_role("button", name="Tải lên").count() == 0
    assert page.get_by_role("link", name="Nhập số liệu").count() == 0
    kept = Submission.objects.get(
        dataset__code=FORM, unit__code=DISTRICT, period__code=YEAR, status="approved"
    )
    values = Observation.objects.filter(submission=kept)
    assert values.exists()
    with pytest.raises(DatabaseError), transaction.atomic():
        values.update(value=0)
    with pytest.raises(DatabaseError), transaction.atomic():
        values.delete()


def poverty_on_the_dashboard(leader: Visitor) -> str:
    """The key figure of the district, as the leader reads it."""
    page = leader.go("Tổng quan điều hành")
    page.get_by_label("Năm", exact=True).select_option(YEAR)
    page.get_by_label("Địa bàn").select_option(label="Huyện Sơn Động")
    page.get_by_role("heading", name=f"Huyện Sơn Động · Năm {YEAR}").wait_for()
    return page.locator(".key-figure").filter(has_text=POVERTY).inner_text()


def traced_to_the_cell_of_the_file(leader: Visitor, submission: str) -> None:
    """From the number to its observations, and from one of them to the file's cell."""
    page = leader.page
    page.locator(".key-figure").filter(has_text=POVERTY).get_by_role("link").first.click()
    page.get_by_role("heading", name="Số liệu đã duyệt tạo nên con số này").wait_for()
    row = page.locator("main tbody tr").filter(has_text="bieu-05-son-dong-da-sua.xlsx").first
    assert ", ô " in row.inner_text()
    cell = row.inner_text().rsplit("ô ", 1)[1].split()[0]
    row.get_by_role("link", name="bieu-05-son-dong-da-sua.xlsx").click()
    page.get_by_role("heading", name="Tệp gốc").wait_for()
    assert urlsplit(page.url).path == f"{submission}/so-lieu"
    assert urlsplit(page.url).fragment.endswith(f"-{cell}")
    page.locator(f"[id='{urlsplit(page.url).fragment}']").wait_for()
    original = page.get_by_role("link", name="bieu-05-son-dong-da-sua.xlsx")
    content = leader.bytes_of(original.get_attribute("href") or "")
    shown = page.locator(f"[id='{urlsplit(page.url).fragment}']").inner_text()
    stands = Form05.read(content).sheet[cell].value
    assert str(stands) == shown.split()[0].replace(".", "")
