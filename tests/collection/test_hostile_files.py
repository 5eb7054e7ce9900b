"""Hostile files through the door: web page, job, an end with a sentence, in time and memory."""

from __future__ import annotations

import os
import time
import zipfile
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from portal.collection.models import Upload
from portal.collection.services.uploading import READ_JOB
from portal.jobs import services as jobs
from portal.jobs.models import Job
from tests.cast import member
from tests.collection.files import books
from tests.collection.files.forms import bieu_05_grid

pytestmark = [pytest.mark.slow, pytest.mark.django_db]
MOST_SECONDS, MOST_GROWTH = 60, 200 * 2**20


def with_parts(path: Path, **changes) -> Path:
    """The workbook with parts rewritten by functions from bytes to bytes."""
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    for name, change in changes.items():
        part = next(part for part in parts if part.endswith(f"{name}.xml"))
        parts[part] = change(parts[part])
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for part, data in parts.items():
            archive.writestr(part, data)
    return path


def good(folder: Path) -> Path:
    return books.xlsx(folder / "a.xlsx", bieu_05_grid(total=False))


def all_columns(folder: Path) -> Path:
    """16 384 numbers in one row, 20 rows of them."""
    return books.xlsx(folder / "a.xlsx", [list(range(16_384))] * 20)


def all_columns_beside_a_table(folder: Path) -> Path:
    grid = bieu_05_grid(total=False)
    wide = [[*row, *[""] * (16_384 - len(row) - 1), "x"] for row in grid]
    return books.xlsx(folder / "a.xlsx", wide)


def deep_markup(folder: Path) -> Path:
    deep = b"<a>" * 200_000 + b"</a>" * 200_000
    return with_parts(
        good(folder), sheet1=lambda xml: xml.replace(b"</worksheet>", deep + b"</worksheet>")
    )


def billion_laughs(folder: Path) -> Path:
    entities = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 12))
    bomb = f'<?xml version="1.0"?><!DOCTYPE w [<!ENTITY a0 "x">{entities}]><w>&a11;</w>'.encode()
    return with_parts(good(folder), workbook=lambda xml: bomb)


def laughing_page(folder: Path) -> Path:
    entities = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 12))
    path = folder / "a.xml"
    path.write_text(
        f'<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?><!DOCTYPE w '
        f'[<!ENTITY a0 "x">{entities}]><Workbook xmlns="urn:schemas-microsoft-com:office:'
        f'spreadsheet"><Worksheet><Table><Row><Cell><Data>&a11;</Data></Cell></Row></Table>'
        f"</Worksheet></Workbook>"
    )
    return path


def lying_dimension(folder: Path) -> Path:
    lie = b'<dimension ref="A1:XFD1048576"/>'

    def tell(xml: bytes) -> bytes:
        start = xml.index(b"<dimension")
        return xml[:start] + lie + xml[xml.index(b"/>", start) + 2 :]

    return with_parts(good(folder), sheet1=tell)


def merged_whole_sheet(folder: Path) -> Path:
    rows = '<row r="1"><c r="A1" t="inlineStr"><is><t>Biểu 05</t></is></c></row>'
    return books.raw_xlsx(folder / "a.xlsx", rows, merges=["A1:XFD1048576"])


def merged_over_the_table(folder: Path) -> Path:
    merge = b'<mergeCells count="1"><mergeCell ref="A1:XFD1048576"/></mergeCells>'
    return with_parts(
        good(folder), sheet1=lambda xml: xml.replace(b"</sheetData>", b"</sheetData>" + merge)
    )


def million_empty_rows(folder: Path) -> Path:
    rows = b"".join(b'<row r="%d"><c r="A%d" s="0"/></row>' % (n, n) for n in range(30, 1_048_577))
    return with_parts(
        good(folder), sheet1=lambda xml: xml.replace(b"</sheetData>", rows + b"</sheetData>")
    )


def memory_now() -> int:
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def memory_peak() -> int:
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) * 1024 for line in lines if line.startswith("VmHWM:"))


@pytest.mark.parametrize(
    ("make", "rules"),
    [
        (all_columns, {"file_no_table", "no_table"}),
        (all_columns_beside_a_table, None),
        (deep_markup, None),
        (billion_laughs, {"file_corrupt"}),
        (laughing_page, {"file_corrupt", "file_not_spreadsheet"}),
        (lying_dimension, set()),
        (merged_whole_sheet, {"no_table"}),
        (merged_over_the_table, None),
        (million_empty_rows, set()),
    ],
)
def test_a_hostile_file_has_its_end_in_time_and_memory(
    make, rules, opened, client, tmp_path, monkeypatch
):
    """`rules` are the errors one of which the file must have; empty: none; None: either way."""
    monkeypatch.setattr(jobs, "ring", lambda job_id: None)
    path, submission = make(tmp_path), opened()
    client.force_login(member("son_dong_officer"))
    Path("/proc/self/clear_refs").write_text("5")  # the peak begins anew
    before, began = memory_now(), time.monotonic()
    answer = client.post(
        reverse("collection:upload_create", args=[submission.pk]),
        {"files": SimpleUploadedFile(path.name, path.read_bytes())},
    )
    assert answer.status_code == 302
    upload = submission.uploads.get()
    jobs.drain()
    seconds, growth = time.monotonic() - began, memory_peak() - before
    print(f"{make.__name__}: {seconds:.1f} s, {growth >> 20} MB")
    upload.refresh_from_db()
    job = Job.objects.get(name=READ_JOB, subject_id=upload.pk)
    assert (upload.state, job.state) == (Upload.State.READ, Job.State.DONE)
    found = {error["rule"] for error in upload.errors}
    if rules is not None:
        assert found & rules if rules else not found, upload.errors[:3]
    assert found or upload.staged.exists() or upload.questions
    assert all(error["message"].strip() for error in upload.errors)
    assert client.get(upload.get_absolute_url()).status_code == 200
    assert seconds < MOST_SECONDS
    assert growth < MOST_GROWTH
