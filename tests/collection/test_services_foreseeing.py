"""What is foreseen while a file is read is what judging says afterwards, word for word."""

from __future__ import annotations

import pytest

from portal.collection import services, tasks
from portal.collection.models import DatasetRule, Upload
from portal.collection.services import foreseeing, judging
from portal.collection.services.mending import mend
from tests.cast import member
from tests.collection.conftest import dataset
from tests.collection.workbooks_of_units import codes, form_05

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


@pytest.fixture
def full(monkeypatch):
    """How often a submission was judged in full."""
    calls = []
    monkeypatch.setattr(tasks, "AT_ONCE", 10)
    monkeypatch.setattr(
        foreseeing, "judge", lambda submission: calls.append(1) or judging.judge(submission)
    )
    return calls


def commit(submission):
    services.commit_uploads(submission=submission, by=member("son_dong_officer"))
    submission.refresh_from_db()
    found = submission.findings, submission.reconciliation
    judging.judge(submission)
    submission.refresh_from_db()
    assert found == (submission.findings, submission.reconciliation)
    return found


def warn(key="N03"):
    """A rule that the file with a value over 500 breaks: a warning."""
    form = dataset("BIEU-05")
    DatasetRule.objects.create(
        dataset=form, position=90, code="lon_qua", kind="range", columns=[key], maximum=500,
        severity="warning",
    )  # fmt: skip


MANY = {(code, "N03"): 550 + n for n, code in enumerate(("07616", "07627", "07660"))}


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {(code, "N03"): 550 for code in ("07616", "07627")},
        {("07616", "N11"): "…", ("07627", "N04"): "-"},
        {("07616", "D01"): "1.234"},
        MANY,
    ],
    ids=["plain", "warnings", "signs", "as text", "many"],
)
def test_what_was_foreseen_is_what_judging_says(sent, full, changes):
    warn()
    upload = sent(form_05(changes={k: v for k, v in changes.items() if k[0] in codes()}))
    if Upload.objects.get(pk=upload.pk).is_accepted:
        commit(upload.submission)
        assert full == []


def test_warnings_are_found_without_judging_in_full(sent, full):
    warn()
    upload = sent(form_05(changes={(codes()[3], "N03"): 550, (codes()[1], "N03"): 560}))
    findings, reconciliation = commit(upload.submission)
    assert [issue["cell"] for issue in findings if issue["rule"] == "lon_qua"] == ["E4", "E6"]
    assert reconciliation["value_count"] == 119
    assert full == []


def test_a_value_that_stays_keeps_the_cell_of_its_first_file(sent, full):
    warn()
    upload = sent(form_05(changes={(codes()[3], "N03"): 550}))
    commit(upload.submission)
    later = form_05(only=codes()[::-1], changes={(codes()[3], "N03"): 550, (codes()[0], "N03"): 61})
    sent(later, into=upload.submission, name="lần hai.xlsx")
    commit(upload.submission)
    assert full == []


def test_values_of_other_files_are_judged_in_full(sent, full):
    upload = sent(form_05(only=codes()[:4]))
    commit(upload.submission)
    assert full == []
    sent(form_05(only=codes()[4:]), into=upload.submission, name="b.xlsx")
    commit(upload.submission)
    assert full == [1]


def test_a_rule_that_came_since_is_judged_by(sent, full):
    upload = sent(form_05(changes={(codes()[3], "N03"): 550}))
    warn()
    findings, _ = commit(upload.submission)
    assert [issue["rule"] for issue in findings] == ["lon_qua"]
    assert full == [1]


def test_data_approved_since_are_judged_by(sent, full, monkeypatch):
    upload = sent(form_05())
    monkeypatch.setattr(foreseeing, "beside_now", lambda asked: "others")
    commit(upload.submission)
    assert full == [1]


def test_a_mended_file_is_judged_in_full(sent, full):
    upload = sent(form_05())
    by = member("son_dong_officer")
    mend(upload=upload, texts={("Bieu 05", "E3"): "62"}, by=by)
    commit(upload.submission)
    assert full == [1]
