"""Submitting, returning, approving."""

from __future__ import annotations

import datetime
from decimal import Decimal

import pytest
from django.core.files.base import ContentFile

from portal.collection import services
from portal.collection.models import Dataset
from portal.collection.services import refusals
from portal.collection.stores import ValueKey
from tests.cast import member
from tests.collection.conftest import values_of
from tests.collection.workbooks_of_units import agency, codes, form_05, layout

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
SCAN = ContentFile(b"%PDF-1.7 scan", name="cong-van.pdf")


def test_an_empty_submission_is_not_submitted(opened, son_dong_officer):
    with pytest.raises(refusals.NotComplete, match="Chưa có số liệu"):
        services.submit(submission=opened(), by=son_dong_officer)


def test_a_file_that_waits_holds_the_submission_up(committed, sent, son_dong_officer):
    submission = committed()
    sent(form_05(changes={(codes()[0], "N03"): "x1"}), into=submission, name="cho.xlsx")
    with pytest.raises(refusals.FileStillOpen, match=r"cho\.xlsx"):
        services.submit(submission=submission, by=son_dong_officer)


def test_a_dataset_that_wants_a_letter_gets_number_date_and_scan(committed, son_dong_officer):
    Dataset.objects.filter(code="BIEU-05").update(wants_cover_letter=True)
    submission = committed()
    day = datetime.date(2023, 9, 5)
    for letter in (None, services.CoverLetter(number="125/UBND-DT", date=day)):
        with pytest.raises(refusals.CoverLetterMissing):
            services.submit(submission=submission, by=son_dong_officer, cover_letter=letter)
    done = services.submit(
        submission=submission,
        by=son_dong_officer,
        cover_letter=services.CoverLetter(number="125/UBND-DT", date=day, scan=SCAN),
    )
    assert (done.status, done.cover_letter_number) == ("submitted", "125/UBND-DT")
    with done.cover_letter_file.open("rb") as kept:
        assert kept.read() == b"%PDF-1.7 scan"


def test_the_submitter_takes_back_what_nobody_has_reviewed(submitted, son_dong_officer):
    back = services.withdraw(submission=submitted(), by=son_dong_officer)
    assert (back.status, back.submitted_by) == ("draft", None)


def test_nobody_approves_their_own(cast, opened, sent):
    specialist = cast("specialist")
    submission = opened(by="specialist")
    upload = sent(into=submission, by="specialist")
    services.commit_uploads(submission=upload.submission, by=specialist)
    submitted = services.submit(submission=submission, by=specialist)
    with pytest.raises(refusals.OwnSubmission):
        services.approve(submission=submitted, by=specialist)
    assert services.approve(submission=submitted, by=cast("head")).status == "approved"


def test_who_uploaded_a_file_for_somebody_else_does_not_approve_it(cast, opened, sent):
    submission = opened()
    sent(into=submission, by="specialist")
    services.commit_uploads(submission=submission, by=member("son_dong_officer"))
    services.submit(submission=submission, by=member("son_dong_officer"))
    with pytest.raises(refusals.OwnSubmission):
        services.approve(submission=submission, by=cast("specialist"))


def test_an_officer_approves_nothing(submitted, son_dong_officer, luc_ngan_officer):
    submission = submitted()
    for officer in (son_dong_officer, luc_ngan_officer):
        with pytest.raises(refusals.NotAllowed):
            services.approve(submission=submission, by=officer)


def test_a_return_says_what_to_change(submitted, specialist):
    submission = submitted()
    with pytest.raises(refusals.NothingToSay):
        services.return_submission(submission=submission, by=specialist)
    services.add_remark(
        submission=submission,
        by=specialist,
        text="Xem lại",
        row_code=codes()[0],
        column_key="N03",
        sheet="Bieu 05",
        cell="E3",
    )
    back = services.return_submission(submission=submission, by=specialist)
    assert back.status == "returned"
    assert back.remarks.get().is_sent


def test_what_came_back_is_corrected_and_sent_again(submitted, sent, specialist, son_dong_officer):
    submission = submitted()
    services.return_submission(submission=submission, by=specialist, text="Xem lại N03")
    sent(form_05(changes={(codes()[0], "N03"): 61}), into=submission)
    services.commit_uploads(submission=submission, by=son_dong_officer)
    services.resolve_remark(remark=submission.remarks.get(), by=son_dong_officer)
    again = services.submit(submission=submission, by=son_dong_officer)
    done = services.approve(submission=again, by=specialist)
    assert values_of(done)[ValueKey(codes()[0], "N03")].value == Decimal(61)


def test_only_what_waits_is_approved_or_returned(opened, approved, specialist):
    for submission in (opened(time="2022"), approved()):
        with pytest.raises(refusals.NotAwaitingReview):
            services.approve(submission=submission, by=specialist)
        with pytest.raises(refusals.NotAwaitingReview):
            services.return_submission(submission=submission, by=specialist, text="x")


def test_warnings_stay_with_their_reasons(committed, sent, specialist, approved, opened):
    approved()
    # the year after, one commune has ten times the poor households
    later = opened(time="2024")
    first = layout(period="2024")
    code = next(first.valid_units()).code
    changes = {(code, "N03"): 600, (code, "D02"): 700}
    upload = sent(form_05(period="2024", changes=changes), into=later)
    assert upload.is_accepted, (upload.issues, upload.questions)
    assert {issue["rule"] for issue in upload.warnings} == {"N03-bien-dong"}
    services.commit_uploads(submission=later, by=member("son_dong_officer"))
    services.explain_warning(
        submission=later,
        rule="N03-bien-dong",
        unit_code=code,
        column_key="N03",
        text="Rà soát theo chuẩn mới",
        by=member("son_dong_officer"),
    )
    later.refresh_from_db()
    (finding,) = later.findings
    assert (finding["rule"], finding["unit"], finding["cell"]) == ("N03-bien-dong", code, "E3")
    assert later.warning_reasons.get().text == "Rà soát theo chuẩn mới"


def test_the_agency_s_measures_are_judged_together(opened, sent, specialist, cast):
    submission = opened("24", form="CNTT-CO-QUAN", by="specialist")
    sent(agency(K14=2), into=submission, by="specialist")
    services.commit_uploads(submission=submission, by=specialist)
    submission.refresh_from_db()
    assert services.shortcomings(submission) == []
    assert values_of(submission)[ValueKey("24", "K14")].value == 2
