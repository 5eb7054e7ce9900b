"""Rows of works and ethnic groups: the template's open rows, codes, and the page."""

from __future__ import annotations

from io import BytesIO

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from portal.collection import services
from portal.collection.models import ReportingPeriod
from portal.collection.stores import store_of
from tests.cast import member, unit
from tests.programs.test_store import commit, sheet_of, template
from tests.programs.works_of_a_test import WORKS, WorksStore, works_dataset

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
HEADINGS = ("Mã công trình", "Tên công trình", "Dân tộc", "Ngân sách trung ương")


@pytest.fixture
def works(db):
    WorksStore.forget()
    yield works_dataset(row_axis="unit_group")
    WorksStore.forget()


def told(submission) -> dict:
    current = store_of(submission.dataset).current(submission)
    return {(key.unit, key.group): value.value for key, value in current.items()}


def test_a_template_has_open_rows_for_each_work_that_come_back(sent, opened):
    submission = opened()
    book = load_workbook(BytesIO(template(submission, {})))
    sheet = book.worksheets[0]
    rows = [row for row in sheet.iter_rows() if row[1].value == "CT-003"]
    assert len(rows) == 3
    heads = next(row for row in sheet.iter_rows() if row[1].value == "Mã công trình")
    columns = {cell.value: cell.column - 1 for cell in heads}
    rows[0][columns["Dân tộc"]].value = "Tày"
    rows[0][columns["Ngân sách trung ương"]].value = 5
    rows[1][columns["Dân tộc"]].value = "Nùng"
    rows[1][columns["Ngân sách trung ương"]].value = 6
    stream = BytesIO()
    book.save(stream)
    upload = sent(stream.getvalue(), into=submission)
    assert upload.issues == []
    assert upload.questions == []
    commit(upload)
    assert told(submission) == {("CT-003", "02"): 5, ("CT-003", "07"): 6}


def test_a_row_by_its_code_alone_belongs_to_that_work(sent, opened):
    content = sheet_of(
        HEADINGS,
        ("CT-001", WORKS[0].name, "Tày", 1),
        ("CT-002", "", "Tày", 2),
        ("CT-002", "", "Nùng", 3),
    )
    upload = sent(content, into=opened())
    assert upload.issues == []
    commit(upload)
    assert told(upload.submission) == {
        ("CT-001", "02"): 1,
        ("CT-002", "02"): 2,
        ("CT-002", "07"): 3,
    }


def test_a_code_that_contradicts_its_name_is_refused(sent, opened):
    content = sheet_of(
        HEADINGS, ("CT-001", WORKS[3].name, "Tày", 1), ("CT-999", WORKS[3].name, "Tày", 2)
    )
    upload = sent(content, into=opened())
    assert len(upload.errors) == 2
    assert "mã CT-001 là công trình" in upload.errors[0]["message"]
    assert "không có công trình mang mã CT-999" in upload.errors[1]["message"]


def test_the_page_shows_the_main_groups_of_one_work(client, opened, works):
    submission = opened()
    client.force_login(member("son_dong_officer"))
    url = reverse("collection:entry", args=[submission.pk])
    page = client.get(url, {"xa": "CT-002"}).content.decode()
    assert 'name="o~CT-002~02~NSTW"' in page
    assert client.post(f"{url}?xa=CT-002", {"o~CT-002~02~NSTW": "9"}).status_code == 302
    assert told(submission) == {("CT-002", "02"): 9}


def test_a_long_list_of_works_is_a_choice(client, works, monkeypatch):
    many = [WORKS[0].__class__(code=f"M-{n}", name=f"Đường số {n}") for n in range(70)]
    monkeypatch.setattr(WorksStore, "row_units", lambda *_: many)
    submission = services.open_submission(
        dataset=works,
        unit=unit("220"),
        period=ReportingPeriod.objects.get(code="2024"),
        by=member("son_dong_officer"),
    )
    client.force_login(member("son_dong_officer"))
    page = client.get(reverse("collection:entry", args=[submission.pk]), {"xa": "M-69"})
    text = page.content.decode()
    assert '<option value="M-69" selected>Đường số 69 (M-69)</option>' in text
    assert 'class="entry__parts"' not in text
