"""Each rule of a submission's way, one sentence each."""

from __future__ import annotations

import datetime
from decimal import Decimal

import pytest
from django.core.files.base import ContentFile

from portal.collection import services
from portal.collection.models import Dataset, Submission, SubmissionEvent, Upload
from portal.collection.services import refusals
from portal.collection.services.grids import grid_of
from portal.collection.services.opening import reporting_units
from portal.collection.services.uploading import hash_of
from portal.collection.stores import ValueKey, store_of
from portal.jobs.services import drain
from tests.cast import member, person, unit
from tests.collection.conftest import dataset, period
from tests.collection.workbooks_of_units import agency, form_05, layout, numbers_of

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
SCAN = ContentFile(b"%PDF-1.7 scan", name="cong-van.pdf")


def values_of(submission):
    return store_of(submission.dataset).current(submission)


def codes():
    return [commune.code for commune in layout().valid_units()]


# opening


def test_an_officer_opens_only_for_the_own_district(opened, luc_ngan_officer):
    assert opened().status == "draft"
    with pytest.raises(refusals.NotAllowed):
        opened(by="luc_ngan_officer")


def test_a_role_that_enters_nothing_opens_nothing(opened, auditor, leader):
    for name in ("auditor", "leader"):
        with pytest.raises(refusals.NotAllowed):
            opened(by=name)


def test_a_commune_does_not_send_what_districts_send(opened, son_dong_officer):
    with pytest.raises(refusals.WrongUnit):
        opened(code=codes()[0])


def test_a_district_that_has_ended_sends_nothing(son_dong_officer):
    late = period("2026")
    units = reporting_units(dataset=dataset("BIEU-05"), period=late, user=son_dong_officer)
    assert not units.exists()


def test_an_officer_of_a_commune_sends_nothing_for_the_district(opened, db):
    officer = person("an.lac", role="officer", full_name="Vi Văn A", area=codes()[0])
    units = reporting_units(dataset=dataset("BIEU-05"), period=period(), user=officer)
    assert not units.exists()


def test_opening_again_gives_the_open_submission(opened):
    assert opened() == opened()


# receiving


def test_a_file_is_kept_as_it_came_and_hashed(sent):
    content = form_05()
    upload = sent(content, name="Biểu 05 – Sơn Động.xlsx")
    with upload.file.open("rb") as kept:
        assert kept.read() == content
    assert upload.original_name == "Biểu 05 – Sơn Động.xlsx"
    assert len(upload.sha256) == 64
    assert "Sơn" not in upload.file.name


STRANGE = ["../../etc/passwd", "a\\b\\c.xlsx", "x" * 400 + ".xlsx", "\x00\n"]


@pytest.mark.parametrize("name", STRANGE)
def test_a_strange_file_name_does_no_harm(sent, name):
    upload = sent(form_05(), name=name)
    assert upload.file.name.startswith("collection/uploads/")
    assert "/" not in upload.original_name
    assert 0 < len(upload.original_name) <= 200


def test_a_file_over_the_limit_is_refused_and_not_kept(opened, settings, tmp_path):
    settings.UPLOAD_MAX_BYTES = 10
    with pytest.raises(refusals.FileTooLarge):
        services.receive_upload(
            submission=opened(),
            file=ContentFile(b"x" * 11),
            name="to.xlsx",
            by=member("son_dong_officer"),
        )
    assert not Upload.objects.exists()
    assert not list(tmp_path.glob("media/collection/uploads/*"))


def test_an_empty_file_is_refused(opened):
    with pytest.raises(refusals.FileEmpty):
        services.receive_upload(
            submission=opened(), file=ContentFile(b""), name="a", by=member("son_dong_officer")
        )


def test_a_waiting_file_sent_again_is_not_taken_twice(sent):
    content = form_05()
    first = sent(content)
    assert sent(content, into=first.submission, name="khac.xlsx") == first


def test_a_corrected_file_of_the_same_name_replaces_the_waiting_one(sent):
    wrong = sent(form_05(changes={(codes()[0], "D02"): 9999}))
    right = sent(into=wrong.submission)
    wrong.refresh_from_db()
    assert (wrong.state, right.is_accepted) == ("discarded", True)


def test_nothing_is_taken_into_a_submitted_submission(submitted, sent):
    with pytest.raises(refusals.NotEditable):
        sent(into=submitted())


# questions


def unclear_file():
    return form_05(changes={(codes()[0], "D01"): "1.234"})


def test_what_a_file_leaves_open_is_asked_and_the_answer_read(sent):
    upload = sent(unclear_file())
    assert [question["id"] for question in upload.questions] == ["number_style"]
    assert not upload.is_accepted
    options = [option["value"] for option in upload.questions[0]["options"]]
    chosen = next(value for value in options if value.startswith("1.234"))
    services.answer_questions(
        upload=upload, answers={"number_style": chosen}, by=member("son_dong_officer")
    )
    drain()
    upload.refresh_from_db()
    assert upload.questions == []
    assert upload.staged.get(unit=codes()[0], measure="D01").value == 1234


def test_an_answer_that_was_no_option_is_refused(sent):
    upload = sent(unclear_file())
    for answers in ({"number_style": "khác"}, {"column:x": "D01"}):
        with pytest.raises(refusals.AnswerUnknown):
            services.answer_questions(upload=upload, answers=answers, by=member("son_dong_officer"))


# committing


def test_every_value_is_linked_to_its_file_sheet_and_cell(committed):
    submission = committed()
    upload = submission.uploads.get()
    stored = values_of(submission)
    assert len(stored) == 7 * len(codes())
    assert {value.upload for value in stored.values()} == {upload.pk}
    assert stored[ValueKey(codes()[2], "N11")].cell == "I5"
    assert upload.outcome == {"new": len(stored), "changed": 0, "same": 0, "removed": 0}


def test_committing_again_writes_nothing(committed):
    submission = committed()
    before = SubmissionEvent.objects.count()
    written = services.commit_uploads(submission=submission, by=member("son_dong_officer"))
    assert not written.touched
    assert SubmissionEvent.objects.count() == before


def test_the_same_file_twice_changes_nothing_and_keeps_the_first_source(committed, sent):
    submission = committed()
    before = values_of(submission)
    sent(into=submission)
    written = services.commit_uploads(submission=submission, by=member("son_dong_officer"))
    assert written._asdict() == {"new": 0, "changed": 0, "same": len(before), "removed": 0}
    assert values_of(submission) == before


def test_a_file_with_errors_is_not_committed(sent):
    upload = sent(form_05(changes={(codes()[0], "N03"): "hai"}))
    with pytest.raises(refusals.NothingToCommit):
        services.commit_uploads(submission=upload.submission, by=member("son_dong_officer"))
    assert values_of(upload.submission) == {}


def test_the_preview_tells_new_changed_same_and_removed(committed, sent):
    submission = committed()
    one = form_05(only=codes()[:1], changes={(codes()[0], "N03"): 61})
    sent(one, into=submission, name="a.xlsx")
    comparison = services.compare(submission)
    assert dict(comparison.counts) == {"changed": 1, "same": 6}
    assert comparison.after["N03"] - comparison.before["N03"] == 1
    (difference,) = comparison.of_kind("changed")
    assert (difference.old.value, difference.new.value) == (60, 61)


def test_a_commune_s_file_replaces_only_that_commune(committed, sent):
    submission = committed()
    one = form_05(only=codes()[:1], changes={(codes()[0], "N03"): 61})
    sent(one, into=submission, name="a.xlsx")
    written = services.commit_uploads(submission=submission, by=member("son_dong_officer"))
    assert (written.changed, written.removed) == (1, 0)
    assert len(values_of(submission)) == 7 * len(codes())


def test_one_file_for_each_commune_makes_the_district_s_submission(opened, sent):
    submission = opened()
    for code in codes()[:-1]:
        sent(form_05(only=[code]), into=submission, name=f"{code}.xlsx")
    services.commit_uploads(submission=submission, by=member("son_dong_officer"))
    submission.refresh_from_db()
    missing = layout().unit_by_code[codes()[-1]]
    assert services.shortcomings(submission) == [f"Còn thiếu 1 đơn vị: {missing.label}."]
    with pytest.raises(refusals.NotComplete, match=missing.label):
        services.submit(submission=submission, by=member("son_dong_officer"))


def test_a_commune_told_differently_by_two_files_stops_the_commit(opened, sent):
    submission = opened()
    sent(form_05(only=codes()[:2]), into=submission, name="a.xlsx")
    sent(
        form_05(only=codes()[1:], changes={(codes()[1], "D01"): 999}),
        into=submission,
        name="b.xlsx",
    )
    with pytest.raises(refusals.FilesOverlap, match=r"a\.xlsx, b\.xlsx"):
        services.commit_uploads(submission=submission, by=member("son_dong_officer"))
    assert values_of(submission) == {}


def test_a_stranger_does_not_commit(sent, luc_ngan_officer):
    upload = sent()
    with pytest.raises(refusals.NotAllowed):
        services.commit_uploads(submission=upload.submission, by=luc_ngan_officer)


# typing


def typed_rows(submission, **texts):
    form = services.layout_of(submission)
    grid = grid_of(form, values_of(submission))
    return form, grid[:], texts


def test_typed_values_obey_the_rules_of_the_file(opened, son_dong_officer):
    submission = opened()
    form, rows, _ = typed_rows(submission)
    good = {f"o~{codes()[0]}~~{key}": str(n) for key, n in numbers_of(0).items()}
    bad = {f"o~{codes()[1]}~~{key}": str(n) for key, n in numbers_of(1).items()}
    bad[f"o~{codes()[1]}~~D02"] = "99999"
    checked, written = services.keep_typed(
        submission=submission, layout=form, rows=rows, texts=good | bad, by=son_dong_officer
    )
    assert [issue.rule for issue in checked.issues] == ["D02-khong-qua-D01"]
    assert written.new == 7
    submission.refresh_from_db()
    assert submission.typed[f"o~{codes()[1]}~~D02"] == "99999"
    assert {key.unit for key in values_of(submission)} == {codes()[0]}


def test_typing_over_a_value_keeps_the_sources_of_the_others(committed, son_dong_officer):
    submission = committed()
    form = services.layout_of(submission)
    grid = grid_of(form, values_of(submission))
    row = grid[:1]
    texts = {f"o~{codes()[0]}~~{key}": str(n) for key, n in numbers_of(0).items()}
    texts[f"o~{codes()[0]}~~N03"] = "61"
    _, written = services.keep_typed(
        submission=submission, layout=form, rows=row, texts=texts, by=son_dong_officer
    )
    assert written._asdict() == {"new": 0, "changed": 1, "same": 6, "removed": 0}
    values = values_of(submission)
    assert values[ValueKey(codes()[0], "N03")][:3] == (61, "", None)
    assert values[ValueKey(codes()[0], "D01")].upload is not None


def test_an_emptied_row_loses_its_values(committed, son_dong_officer):
    submission = committed()
    form = services.layout_of(submission)
    rows = grid_of(form, values_of(submission))[:1]
    _, written = services.keep_typed(
        submission=submission, layout=form, rows=rows, texts={}, by=son_dong_officer
    )
    assert written.removed == 7


# submitting


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


# review


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
        row_unit=unit(codes()[0]),
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


# corrections


def test_a_correction_needs_a_reason_and_starts_from_the_approved_values(opened, approved):
    before = approved()
    with pytest.raises(refusals.ReasonMissing):
        opened()
    correction = opened(reason="Nhập nhầm số hộ nghèo")
    assert correction.revision == 2
    assert values_of(correction) == values_of(before)


def test_the_old_revision_stands_until_the_correction_is_approved(
    opened, approved, sent, son_dong_officer, head
):
    before = approved()
    correction = opened(reason="Nhập nhầm")
    sent(form_05(changes={(codes()[0], "N03"): 61}), into=correction)
    services.commit_uploads(submission=correction, by=son_dong_officer)
    services.submit(submission=correction, by=son_dong_officer)
    before.refresh_from_db()
    assert before.status == "approved"
    services.approve(submission=correction, by=head)
    before.refresh_from_db()
    assert before.status == "superseded"
    assert values_of(before)[ValueKey(codes()[0], "N03")].value == 60
    assert Submission.objects.approved().get().revision == 2


def test_a_draft_can_be_given_up_with_all_it_holds(committed, son_dong_officer):
    submission = committed()
    services.delete_draft(submission=submission, by=son_dong_officer)
    assert not Submission.objects.exists()
    assert not Upload.objects.exists()


def test_what_was_submitted_once_is_not_given_up(submitted, son_dong_officer):
    submission = services.withdraw(submission=submitted(), by=son_dong_officer)
    with pytest.raises(refusals.NotEditable):
        services.delete_draft(submission=submission, by=son_dong_officer)


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


def test_a_cell_put_right_on_the_page_is_read_in_place_of_the_file_s(sent, son_dong_officer):
    upload = sent(form_05(changes={(codes()[0], "N03"): "hai", (codes()[1], "N03"): "x y"}))
    services.correct_cells(
        upload=upload,
        texts={("Bieu 05", "E3"): "ba", ("Bieu 05", "E4"): " 61 ", ("Bieu 05", "C9"): "9"},
        by=son_dong_officer,
    )
    drain()
    upload.refresh_from_db()
    assert [issue["cell"] for issue in upload.errors] == ["E3"]
    assert [item["cell"] for item in upload.corrections] == ["E3", "E4"]
    services.correct_cells(upload=upload, texts={("Bieu 05", "E3"): "60"}, by=son_dong_officer)
    drain()
    upload.refresh_from_db()
    assert upload.is_accepted
    staged = {value.cell: value.value for value in upload.staged.filter(measure="N03")}
    assert (staged["E3"], staged["E4"]) == (60, 61)
    with upload.file.open("rb") as kept:
        assert hash_of(kept) == upload.sha256
    notes = upload.submission.events.filter(what="typed").values_list("note", flat=True)
    assert "bieu05.xlsx, ô E4: “x y” → “61”" in notes


def test_only_a_cell_that_is_wrong_can_be_put_right(sent, son_dong_officer):
    upload = sent(form_05(changes={(codes()[0], "N03"): "hai"}))
    for texts in ({("Bieu 05", "C3"): "1"}, {("Bieu 05", "E3"): "  "}, {("khác", "E3"): "1"}, {}):
        with pytest.raises(refusals.NothingToCorrect):
            services.correct_cells(upload=upload, texts=texts, by=son_dong_officer)
