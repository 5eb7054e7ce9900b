"""Values by record: the engine's doors, locks, undo and corrections over rows of works."""

from __future__ import annotations

from decimal import Decimal
from io import BytesIO

import pytest
from django.db import IntegrityError, connection, transaction
from openpyxl import Workbook, load_workbook

from portal.collection import services
from portal.collection.models import Submission, Upload
from portal.collection.services import refusals
from portal.collection.services.beside import layout_of
from portal.collection.services.grids import cell_name, grid_of
from portal.collection.stores import ValueKey, store_of
from portal.collection.workbooks.entries import RowKey
from portal.collection.workbooks.template import write_template
from programs.models import RecordValue
from tests.cast import member, person
from tests.collection.api import Machine
from tests.programs.works_of_a_test import WORKS, WorksStore

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
Amounts = dict[tuple[str, str], object]
FIGURES: Amounts = {
    ("CT-001", "NSTW"): Decimal("1200.5"),
    ("CT-001", "NST"): Decimal("0.125"),
    ("CT-002", "NSTW"): 300,
    ("CT-003", "NSTW"): 40,
    ("CT-004", "NST"): 7,
}


def template(submission, figures: Amounts) -> bytes:
    layout = layout_of(submission)
    values = {(RowKey(row), key): value for (row, key), value in figures.items()}
    return write_template(layout, values=values)


def sheet_of(*rows) -> bytes:
    """A sheet of somebody's own."""
    book = Workbook()
    for row in rows:
        book.active.append(row)
    stream = BytesIO()
    book.save(stream)
    return stream.getvalue()


HEADINGS = ("STT", "Mã công trình", "Tên công trình", "Ngân sách trung ương", "Ngân sách tỉnh")


def commit(upload: Upload):
    return services.commit_uploads(submission=upload.submission, by=upload.uploaded_by)


def type_in(submission, figures: Amounts, by="son_dong_officer"):
    layout = layout_of(submission)
    rows = list(grid_of(layout, store_of(submission.dataset).current(submission)))
    here = {row for row, _ in figures}
    texts = {
        cell_name(row, None, key): str(value).replace(".", ",")
        for (row, key), value in figures.items()
    }
    return services.keep_typed(
        submission=submission,
        layout=layout,
        rows=[row for row in rows if row.place.unit.code in here],
        texts=texts,
        by=member(by) if isinstance(by, str) else by,
    )


def stored(submission) -> dict:
    current = store_of(submission.dataset).current(submission)
    return {(key.unit, key.measure): value.value for key, value in current.items()}


def expected(figures: Amounts) -> dict:
    return {(row, f"{key}-DT"): Decimal(str(value)) for (row, key), value in figures.items()}


@pytest.fixture
def filled(sent, opened):
    def fill(figures: Amounts = FIGURES) -> Submission:
        submission = opened()
        commit(sent(template(submission, figures), into=submission))
        return Submission.objects.get(pk=submission.pk)

    return fill


@pytest.fixture
def approved(filled):
    def approve(figures: Amounts = FIGURES) -> Submission:
        submission = services.submit(submission=filled(figures), by=member("son_dong_officer"))
        return services.approve(submission=submission, by=member("specialist"))

    return approve


# the doors


def test_a_template_names_works_by_code_name_and_place(opened):
    sheet = load_workbook(BytesIO(template(opened(), {}))).worksheets[0]
    rows = [[cell.value for cell in row][:4] for row in sheet.iter_rows()]
    assert ["STT", "Mã công trình", "Tên công trình", "Địa điểm"] in rows
    assert [2, "CT-002", "Nhà văn hoá thôn Biểng", "Xã An Lạc"] in rows


def test_the_three_doors_store_the_same(sent, opened):
    submission = opened()
    upload = sent(template(submission, FIGURES), into=submission)
    assert upload.issues == [] and upload.questions == []
    commit(upload)
    by_file = stored(submission)
    assert by_file == expected(FIGURES)
    RecordValue.objects.filter(submission=submission).delete()
    checked, _ = type_in(submission, FIGURES)
    assert not checked.issues
    assert stored(submission) == by_file
    RecordValue.objects.filter(submission=submission).delete()
    rows = {}
    for (row, key), value in FIGURES.items():
        rows.setdefault(row, {})[key] = float(value)
    body = {"rows": [{"unit": row, "values": values} for row, values in rows.items()]}
    status, answer = Machine(member("son_dong_officer")).put(f"bo/{submission.pk}/so-lieu", body)
    assert status == 200, answer
    assert stored(submission) == by_file
