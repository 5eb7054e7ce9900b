"""Messy files of a district's communes, dropped together, become one clean submission."""

from __future__ import annotations

import base64
import datetime
import io
import unicodedata

import pytest
from openpyxl import Workbook

from portal.collection.models import Dataset, ReportingPeriod, Submission
from portal.collection.stores import store_of
from portal.collection.workbooks.layout import Layout
from portal.units.models import AdministrativeUnit

from .people import Visitor

pytestmark = [
    pytest.mark.slow,
    pytest.mark.browser,
    pytest.mark.xdist_group("browser"),
    pytest.mark.django_db(transaction=True),
]

FORM, YEAR = "BIEU-05", 2024
DROP = """
(box, files) => {
    const carried = new DataTransfer();
    for (const [name, content] of files) {
        const bytes = Uint8Array.from(atob(content), (letter) => letter.charCodeAt(0));
        carried.items.add(new File([bytes], name));
    }
    for (const kind of ["dragover", "drop"]) {
        const event = new DragEvent(kind, {bubbles: true, cancelable: true, dataTransfer: carried});
        box.dispatchEvent(event);
    }
}
"""


def layout_of(district: str) -> Layout:
    period, _ = ReportingPeriod.objects.get_or_create(
        code=str(YEAR),
        defaults={
            "label": f"Năm {YEAR}",
            "start": datetime.date(YEAR, 1, 1),
            "end": datetime.date(YEAR, 12, 31),
        },
    )
    form = Dataset.objects.get(code=FORM)
    unit = AdministrativeUnit.objects.on(period.end).get(code=district)
    return store_of(form).layout(form, unit, period)


def numbers(index: int) -> list[int]:
    return [1000 + index, 600 + index, 60 + index, 50 + index, 12, 5, 2]


def commune_file(layout: Layout, index: int, name: str, *, wrong: bool = False) -> bytes:
    """One commune's sheet, every third one messy in a way of its own."""
    values: list = numbers(index)
    headings = [column.heading for column in layout.entered]
    if wrong:
        values[2] = "hai"
    if index % 3 == 1:
        name = unicodedata.normalize("NFD", name.upper())
    if index % 4 == 2:
        lines = [f"{layout.title};;", ";".join(["TT", "Tên đơn vị", *headings])]
        lines.append(";".join(map(str, [1, name, *values])))
        return "\n".join(lines).encode()
    book = Workbook()
    sheet = book.active
    sheet.append(["UBND XÃ", "", "Mẫu gửi huyện"])
    sheet.append([f"{layout.title}, năm {YEAR}"])
    sheet.append(["TT", "Tên đơn vị", *headings])
    if index % 5 == 0:
        sheet.append(["A", "B", *range(1, len(headings) + 1)])
    sheet.append([1, name, *values])
    if index % 2:
        sheet.append(["", "Tổng cộng", *values])
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def dropped_files(own: Layout, other: Layout) -> tuple[list[tuple[str, bytes]], tuple[str, bytes]]:
    """All communes' files but one, one of them twice, one of another district; and the missing."""
    units = list(own.valid_units())
    files = [
        (
            f"{unit.name} bieu 05.{'csv' if index % 4 == 2 else 'xlsx'}",
            commune_file(own, index, unit.label, wrong=index == 0),
        )
        for index, unit in enumerate(units)
    ]
    missing = files.pop()
    stranger = next(other.valid_units())
    files.append(("ban sao.xlsx", files[3][1]))
    files.append(("xa khac.xlsx", commune_file(other, 3, stranger.label)))
    return files, missing


def test_dropped_files_of_all_communes_become_one_clean_submission(arrive):
    own, other = layout_of("220"), layout_of("219")
    Dataset.objects.filter(code=FORM).update(wants_cover_letter=False)
    files, missing = dropped_files(own, other)
    officer: Visitor = arrive("canbo.sondong")
    page = officer.open(f"/so-lieu/nop/{FORM}/220/{YEAR}")
    carried = [(name, base64.b64encode(content).decode()) for name, content in files]
    page.locator(".file-drop").first.evaluate(DROP, carried)
    officer.button("Tải lên")

    last = list(own.valid_units())[-1].label
    officer.sees(f"còn thiếu: {last}", within=60_000)
    officer.sees("cùng nội dung với ban sao.xlsx")
    officer.sees("xa khac.xlsx có vẻ là của")
    assert page.get_by_placeholder("Sửa tại đây").count() == 1

    page.get_by_placeholder("Sửa tại đây").fill("60")
    officer.button("Kiểm tra lại")
    page.get_by_placeholder("Sửa tại đây").wait_for(state="detached")
    page.get_by_role("button", name="Bỏ tệp xa khac.xlsx").click()
    submission = Submission.objects.get(period__code=str(YEAR), dataset__code=FORM)
    page = officer.open(f"{submission.get_absolute_url()}/cac-tep")
    page.locator("input[type=file]").set_input_files(
        {"name": missing[0], "mimeType": "application/octet-stream", "buffer": missing[1]}
    )
    officer.button("Tải lên")
    officer.link("Xem trước")
    officer.button("Ghi nhận số liệu")
    officer.sees(f"Đã ghi nhận: {len(list(own.valid_units())) * 7} mới")
    page.locator(".page-head__action").get_by_role("link", name="Nộp số liệu").click()
    page.get_by_label("Tôi đã đối chiếu").check()
    officer.button("Nộp số liệu")
    officer.sees("Đã nộp số liệu")
    submission.refresh_from_db()
    assert submission.status == "submitted"
