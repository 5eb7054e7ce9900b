"""Mending a cell: what comes of it is what a second reading would give, without one."""

from __future__ import annotations

import datetime
import io
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from portal.collection import services
from portal.collection.models import DatasetRule, SubmissionEvent, Upload
from portal.collection.services import mending, reading, refusals
from portal.collection.services.confirming import confirm
from portal.collection.services.reading import read_upload, store_reading
from portal.collection.stores import store_of
from portal.collection.workbooks.outcome import CellValue
from portal.jobs.models import Job
from tests.cast import member
from tests.collection.conftest import dataset
from tests.collection.workbooks_of_units import codes, form_05, layout, saved

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


def with_total(**changes) -> bytes:
    """Biểu 05 with a printed total below the communes."""
    book = load_workbook(io.BytesIO(form_05(**changes)))
    sheet = book.active
    total = ["", "Tổng cộng"]
    for column in range(3, sheet.max_column + 1):
        cells = [sheet.cell(row, column).value for row in range(3, sheet.max_row + 1)]
        total.append(sum(cell for cell in cells if isinstance(cell, int)))
    sheet.append(total)
    return saved(book)


def mend(upload: Upload, **cells: str) -> Upload:
    texts = {("Bieu 05", cell): text for cell, text in cells.items()}
    services.correct_cells(upload=upload, texts=texts, by=member("son_dong_officer"))
    return Upload.objects.get(pk=upload.pk)


def facts(upload: Upload) -> dict:
    """All that was kept of a reading, in an order of its own."""
    found = upload.reconciliation
    return {
        "issues": sorted(
            (issue["severity"], issue["rule"], issue["cell"], issue["message"], issue["unit"] or "")
            for issue in upload.issues
            if issue["rule"] != "nil"  # one remark for all "-" of a file
        ),
        "values": sorted(
            upload.staged.values_list("unit", "measure", "value", "missing", "sheet", "cell", "raw")
        ),
        "counts": {key: found[key] for key in ("rows_read", "stored", "skipped", "refused")},
        "refused": sorted((row["row"], row["status"]) for row in found["rows"]),
        "sums": {key: value for key, value in found["sums"].items() if value},
        "totals": list(upload.totals.values_list("cell", "computed", "agrees")),
        "errors": found["errors"],
        "accepted": upload.is_accepted,
    }


def read_anew(upload: Upload) -> Upload:
    """The same file with the same mends, read from the beginning."""
    upload.state = Upload.State.RECEIVED
    upload.save()
    upload = Upload.objects.to_read().get(pk=upload.pk)
    store_reading(upload=upload, reading=read_upload(upload))
    return Upload.objects.get(pk=upload.pk)


def test_a_mended_cell_makes_its_row_right_at_once(sent, monkeypatch):
    upload = sent(with_total(changes={(codes()[0], "N03"): "hai"}))
    assert upload.reconciliation["refused"] == 1
    monkeypatch.setattr(reading, "read_workbook", None)  # the file is not opened
    upload = mend(upload, E3="60")
    assert upload.is_accepted
    assert (upload.state, Job.objects.open().count()) == ("read", 0)
    assert upload.staged.get(cell="E3").value == 60
    assert facts(upload)["counts"]["refused"] == 0


def test_history_tells_who_when_before_and_after(sent):
    upload = mend(sent(form_05(changes={(codes()[0], "N03"): "hai"})), E3="60")
    event = upload.submission.events.filter(what=SubmissionEvent.What.TYPED).get()
    assert "ô E3: “hai” → “60”" in event.note
    assert event.who == member("son_dong_officer")
    (item,) = upload.corrections
    assert (item["before"], item["text"]) == ("hai", "60")


def test_a_mend_may_break_a_rule_of_its_row(sent):
    upload = mend(sent(with_total(changes={(codes()[1], "N03"): "hai"})), D4="9000")
    assert any(issue["cell"] == "D4" for issue in upload.errors)
    assert facts(upload) == facts(read_anew(upload))


def test_a_rule_across_datasets_looks_at_a_mended_row(sent, opened):
    other = opened(form="DAN-SO")
    people = CellValue(codes()[0], "D03", "02", None, None, Decimal(150), None, "", "", "", "D03")
    store_of(other.dataset).write(other, [people], None)
    other.status, other.submitted_by, other.submitted_at = "submitted", *sender()
    confirm(submission=other, by=other.submitted_by, at=other.submitted_at)
    other.save()
    services.approve(submission=other, by=member("specialist"), now=other.submitted_at)
    DatasetRule.objects.create(
        dataset=dataset("BIEU-05"), other_dataset=other.dataset, code="so-dan", kind="cross",
        columns=["D02"], relation="<=", other_columns=["D03"], severity="warning",
    )  # fmt: skip
    upload = mend(sent(form_05(changes={(codes()[0], "N03"): "hai"})), D3="900")
    assert any(issue["rule"] == "so-dan" for issue in upload.issues)
    assert facts(upload) == facts(read_anew(upload))


def sender():
    return member("son_dong_officer"), datetime.datetime(2023, 10, 1, tzinfo=datetime.UTC)


def test_undo_of_a_mend_is_as_the_file_says(sent):
    upload = sent(with_total(changes={(codes()[0], "N03"): "hai"}))
    before = facts(upload)
    upload = mend(upload, E3="60")
    services.undo_correction(
        upload=upload, sheet="Bieu 05", cell="E3", by=member("son_dong_officer")
    )
    upload = Upload.objects.get(pk=upload.pk)
    assert facts(upload) == before
    assert upload.corrections == []
    note = upload.submission.events.filter(what=SubmissionEvent.What.TYPED).first().note
    assert "“60” trả về “hai”" in note


def test_what_was_not_mended_is_not_taken_back(sent):
    with pytest.raises(refusals.NothingToCorrect):
        services.undo_correction(
            upload=sent(), sheet="Bieu 05", cell="E3", by=member("son_dong_officer")
        )


def test_more_mistakes_than_are_listed_do_not_vanish(sent, monkeypatch):
    monkeypatch.setattr(reading, "SHOWN_ISSUES", 2)
    changes = {(code, "N03"): "hai" for code in codes()[:4]}
    upload = sent(form_05(changes=changes))
    assert (len(upload.errors), upload.reconciliation["errors"]) == (2, 4)
    upload = mend(upload, **{issue["cell"]: "60" for issue in upload.errors})
    assert not upload.is_accepted
    assert upload.reconciliation["errors"] == 2
    upload = mend(upload, **{issue["cell"]: "60" for issue in upload.errors})
    assert upload.is_accepted


def test_a_name_is_mended_by_reading_again(sent):
    book = load_workbook(io.BytesIO(form_05()))
    book.active["B3"] = "Xã Không Có Đâu"
    upload = sent(saved(book))
    assert upload.errors
    services.correct_cells(
        upload=upload,
        texts={("Bieu 05", "B3"): next(layout().valid_units()).label},
        by=member("son_dong_officer"),
    )
    assert Job.objects.open().filter(name="read_upload").exists()


def test_a_stranger_mends_nothing(sent, luc_ngan_officer):
    upload = sent(form_05(changes={(codes()[0], "N03"): "hai"}))
    with pytest.raises(refusals.NotAllowed):
        mending.mend(upload=upload, texts={("Bieu 05", "E3"): "6"}, by=luc_ngan_officer)


CELLS = st.sampled_from([f"{column}{row}" for column in "CDEFGHI" for row in range(3, 20)])
TEXTS = st.one_of(
    st.integers(0, 3000).map(str), st.sampled_from(["hai", "…", "-", "1.234,5", "x", "-5", "12,5"])
)


@settings(
    max_examples=12,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    wrong=st.dictionaries(
        st.sampled_from(range(17)), st.sampled_from(["hai", 99999, -3]), max_size=3
    ),
    mends=st.lists(st.dictionaries(CELLS, TEXTS, min_size=1, max_size=3), min_size=1, max_size=3),
)
def test_mending_says_what_reading_again_says(sent, wrong, mends):
    changes = {(codes()[index], "N03"): value for index, value in wrong.items()}
    upload = sent(with_total(changes=changes), name="tep.xlsx")
    for cells in mends:
        upload = mend(upload, **cells)
    assert upload.state == "read"
    mended = facts(upload)
    assert mended == facts(read_anew(upload))
    assert all(isinstance(value[2], Decimal | None) for value in mended["values"])
