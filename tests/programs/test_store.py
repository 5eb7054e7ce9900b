"""Values by record: the engine's doors, locks, undo and corrections over rows of works."""

from __future__ import annotations

from decimal import Decimal
from io import BytesIO

import pytest
from django.db import IntegrityError, connection, transaction
from django.urls import reverse
from openpyxl import Workbook, load_workbook

from portal.collection import services
from portal.collection.models import Submission, Upload
from portal.collection.services import refusals
from portal.collection.services.beside import layout_of
from portal.collection.services.grids import cell_name, grid_of
from portal.collection.services.reasons import asked_for
from portal.collection.stores import ValueKey, store_of
from portal.collection.workbooks.entries import RowKey
from portal.collection.workbooks.template import write_template
from programs.models import RecordValue
from tests.cast import member
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
    assert upload.issues == []
    assert upload.questions == []
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


def test_works_are_found_by_code_by_name_and_by_place(sent, opened):
    upload = sent(
        sheet_of(
            ("STT", "Mã", "Danh mục công trình", "Địa điểm", *HEADINGS[3:]),
            (1, "ct 001", "", "", 10, 1),
            (2, "", "Nhà văn hoá thôn Biểng", "xã Vân Sơn", 20, 2),
            (3, "CT-002", "Nhà văn hóa thôn Biểng", "", 30, 3),
            (4, "", "cấp nước tập trung thôn khe táu", "", 40, 4),
            ("", "", "Tổng cộng", "", 100, 10),
        ),
        into=opened(),
    )
    assert upload.issues == []
    assert upload.questions == []
    commit(upload)
    assert stored(upload.submission)["CT-003", "NSTW-DT"] == 20
    assert stored(upload.submission)["CT-004", "NST-DT"] == 4
    assert len(stored(upload.submission)) == 8


@pytest.mark.parametrize(
    ("row", "sentence"),
    [
        (("CT-001", "Cấp nước tập trung thôn Khe Táu"), "mã CT-001 là công trình “Đường liên"),
        (("CT-999", "Đường mới"), "không có công trình mang mã CT-999"),
        (("LN-001", "Trạm y tế xã Tân Sơn"), "thuộc huyện Lục Ngạn, không thuộc huyện Sơn Động"),
        (("", "Trạm y tế xã Tân Sơn"), "thuộc huyện Lục Ngạn"),
        (("", "Đường của ai"), "không tìm thấy công trình “Đường của ai”"),
        (("", ""), "thiếu mã và tên công trình"),
    ],
)
def test_a_row_that_is_no_work_of_ours_is_refused_with_its_sentence(sent, opened, row, sentence):
    content = sheet_of(HEADINGS, (1, "CT-002", WORKS[1].name, 5, 5), (2, *row, 1, 1))
    upload = sent(content, into=opened())
    assert [issue["severity"] for issue in upload.issues] == ["error"]
    assert sentence in upload.issues[0]["message"]


def test_a_name_that_two_works_share_is_asked(sent, opened):
    content = sheet_of(HEADINGS, (1, "", "Nhà văn hoá thôn Biểng", 5, 5))
    upload = sent(content, into=opened())
    [question] = upload.questions
    assert question["text"].endswith("là công trình nào?")
    assert [option["value"] for option in question["options"]] == ["CT-002", "CT-003", "-"]


def test_works_without_a_row_keep_what_is_stored(sent, filled):
    submission = filled()
    commit(sent(sheet_of(HEADINGS, (1, "CT-002", "", 310, "")), into=submission, name="b.xlsx"))
    assert stored(submission) == expected(FIGURES | {("CT-002", "NSTW"): 310})


def test_the_preview_tells_what_changes(sent, filled):
    submission = filled()
    sent(
        sheet_of(HEADINGS, (1, "CT-001", "", 1200.5, ""), (2, "CT-002", "", 310, 9)),
        into=submission,
        name="b.xlsx",
    )
    comparison = services.compare(submission)
    assert comparison.counts == {"new": 1, "changed": 1, "removed": 1, "same": 1}
    [changed] = comparison.of_kind("changed")[:]
    assert (changed.old.value, changed.new.value) == (300, 310)
    [removed] = comparison.of_kind("removed")[:]
    assert removed.key == ValueKey("CT-001", "NST-DT")
    assert removed.old.value == Decimal("0.125")
    assert comparison.after["NSTW"] - comparison.before["NSTW"] == 10
    assert comparison.after["NST"] == Decimal(16)


# locks, undo, corrections


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE programs_recordvalue SET value = 1 WHERE submission_id = %s",
        "DELETE FROM programs_recordvalue WHERE submission_id = %s",
        """INSERT INTO programs_recordvalue (submission_id, "row", measure, sex, category, value,
           missing, sheet, cell, raw) VALUES (%s, 'X', 'Y', '', '', 1, '', '', '', '')""",
    ],
)
def test_values_are_locked_once_they_are_sent(filled, statement):
    submission = filled()
    services.submit(submission=submission, by=member("son_dong_officer"))
    with (
        pytest.raises(IntegrityError, match="đã khoá"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement, [submission.pk])


def test_undo_puts_everything_back(sent, filled):
    submission = filled()
    before = dict(store_of(submission.dataset).current(submission))
    content = sheet_of(HEADINGS, (1, "CT-001", "", 1, ""), (2, "CT-002", "", 310, 9))
    upload = sent(content, into=submission, name="b.xlsx")
    commit(upload)
    services.undo_upload(upload=Upload.objects.get(pk=upload.pk), by=member("son_dong_officer"))
    assert dict(store_of(submission.dataset).current(submission)) == before


def test_a_file_that_was_typed_over_is_not_undone(filled):
    submission = filled()
    type_in(submission, {("CT-002", "NSTW"): 301})
    with pytest.raises(refusals.StillNeeded, match="nhập lại trên trang"):
        services.undo_upload(upload=submission.uploads.get(), by=member("son_dong_officer"))


def test_a_correction_posts_the_difference(approved, opened):
    first = approved()
    posted = {one.key: one.amount for one in WorksStore.posted_amounts}
    assert posted[ValueKey("CT-001", "NSTW-DT")] == Decimal("1200.5")
    WorksStore.posted_amounts.clear()
    second = opened(reason="Nhập nhầm hai dòng")
    assert stored(second) == expected(FIGURES)
    type_in(second, {("CT-001", "NSTW"): 1000, ("CT-002", "NSTW"): ""})
    services.submit(submission=second, by=member("son_dong_officer"))
    assert not WorksStore.posted_amounts
    services.approve(submission=second, by=member("specialist"))
    posted = {one.key.unit: (one.before, one.after) for one in WorksStore.posted_amounts}
    assert posted["CT-001"] in [(Decimal("1200.5"), 1000), (Decimal("0.125"), 0)]
    amounts = sorted(one.amount for one in WorksStore.posted_amounts)
    assert amounts == [Decimal(-300), Decimal("-200.5"), Decimal("-0.125")]
    first.refresh_from_db()
    assert first.status == Submission.Status.SUPERSEDED


# what the domain says


def test_an_objection_stands_at_its_cell_in_every_door(sent, opened):
    WorksStore.balances["CT-002"] = Decimal(250)
    submission = opened()
    upload = sent(template(submission, FIGURES), into=submission)
    [issue] = upload.errors
    assert "300 vượt số còn lại (250)" in issue["message"]
    assert issue["cell"]
    with pytest.raises(refusals.NothingToCommit):
        commit(upload)
    checked, _ = type_in(submission, FIGURES)
    assert [(i.unit, i.column, i.rule) for i in checked.issues] == [
        ("CT-002", "NSTW", "nv-vuot-so-du")
    ]
    assert stored(submission) == {
        key: value for key, value in expected(FIGURES).items() if key[0] != "CT-002"
    }
    body = {"rows": [{"unit": "CT-002", "values": {"NSTW": 251}}]}
    status, answer = Machine(member("son_dong_officer")).put(f"bo/{submission.pk}/so-lieu", body)
    assert status == 422
    assert answer["findings"][0]["unit"] == "CT-002"


def test_a_file_is_judged_again_when_it_is_taken_over(sent, opened):
    submission = opened()
    upload = sent(template(submission, FIGURES), into=submission)
    assert upload.is_accepted
    WorksStore.balances["CT-002"] = Decimal(250)
    assert not commit(upload).touched
    upload.refresh_from_db()
    assert not stored(submission)
    assert upload.state == Upload.State.READ
    assert "vượt số còn lại" in upload.errors[0]["message"]
    assert upload.errors[0]["cell"]
    WorksStore.balances.clear()
    again = sent(template(submission, FIGURES), into=submission)  # the same file is read again
    assert commit(again).new == len(FIGURES)


def test_what_changed_since_the_file_stops_the_submission(filled):
    submission = filled()
    WorksStore.balances["CT-002"] = Decimal(250)
    with pytest.raises(refusals.NotComplete, match="vượt số còn lại"):
        services.submit(submission=submission, by=member("son_dong_officer"))


def test_what_changed_since_the_submission_stops_the_approval(filled):
    submission = services.submit(submission=filled(), by=member("son_dong_officer"))
    WorksStore.balances["CT-002"] = Decimal(250)
    with pytest.raises(refusals.NoLongerRight, match=r"Nhà văn hoá thôn Biểng.*vượt số còn lại"):
        services.approve(submission=submission, by=member("specialist"))
    submission.refresh_from_db()
    assert submission.status == Submission.Status.SUBMITTED


def test_a_refused_effect_leaves_all_as_it_was(filled, opened, approved):
    first = approved()
    second = opened(reason="Sửa")
    type_in(second, {("CT-001", "NSTW"): 1000})
    services.submit(submission=second, by=member("son_dong_officer"))
    WorksStore.refusal = "Tháng này đã khoá sổ."
    events = second.events.count()
    with pytest.raises(refusals.Refused, match="Tháng này đã khoá sổ"):
        services.approve(submission=second, by=member("specialist"))
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.status, second.status) == ("approved", "submitted")
    assert second.events.count() == events
    assert not second.steps.filter(outcome="approved").exists()


def test_a_warning_of_the_domain_asks_for_a_reason(filled):
    WorksStore.warn_over = Decimal(1000)
    submission = filled()
    [asked] = asked_for(submission)
    assert asked["message"].endswith("hãy ghi lý do.")
    services.explain_warning(
        submission=submission,
        rule=asked["rule"],
        unit_code="CT-001",
        column_key="NSTW",
        text="Thanh toán khối lượng lớn",
        by=member("son_dong_officer"),
    )
    [asked] = asked_for(submission)
    assert asked["reason"] == "Thanh toán khối lượng lớn"


def test_a_work_with_nothing_to_tell_is_left_blank(sent, opened):
    submission = opened()
    upload = sent(template(submission, {("CT-002", "NSTW"): 5}), into=submission)
    assert upload.issues == []
    commit(upload)
    assert stored(submission) == {("CT-002", "NSTW-DT"): 5}


def test_a_dataset_of_all_works_wants_each_of_them(works, sent, opened):
    works.every_unit = True
    works.save()
    submission = opened()
    upload = sent(template(submission, {("CT-002", "NSTW"): 5}), into=submission)
    assert {issue["unit"] for issue in upload.errors} == {"CT-001", "CT-003", "CT-004"}
    services.discard_upload(upload=upload, by=member("son_dong_officer"))
    type_in(submission, {("CT-002", "NSTW"): 5})
    with pytest.raises(refusals.NotComplete, match="Còn thiếu 3 công trình: Đường liên thôn"):
        services.submit(submission=submission, by=member("son_dong_officer"))


def test_a_draft_goes_with_its_values_and_files(filled):
    submission = filled()
    services.delete_draft(submission=submission, by=member("son_dong_officer"))
    assert not RecordValue.objects.exists()
    assert not Upload.objects.filter(submission=submission.pk).exists()


def test_the_page_of_a_large_form_asks_little_of_the_database(
    client, filled, django_assert_max_num_queries
):
    submission = filled()
    client.force_login(member("son_dong_officer"))
    for name in ("entry", "submission", "values"):
        with django_assert_max_num_queries(30):
            assert (
                client.get(reverse(f"collection:{name}", args=[submission.pk])).status_code == 200
            )


def test_the_databases_own_refusal_is_read_by_the_approver(filled, monkeypatch):
    def broken(self, submission, *, by):
        with connection.cursor() as cursor:
            cursor.execute(
                "DO $$ BEGIN RAISE EXCEPTION 'Số giải ngân vượt số dư của dòng kế hoạch.'"
                " USING ERRCODE = 'integrity_constraint_violation'; END $$"
            )

    submission = services.submit(submission=filled(), by=member("son_dong_officer"))
    monkeypatch.setattr(WorksStore, "take_effect", broken)
    with pytest.raises(refusals.NotTakenUp, match="vượt số dư của dòng kế hoạch"):
        services.approve(submission=submission, by=member("specialist"))
    submission.refresh_from_db()
    assert submission.status == Submission.Status.SUBMITTED


def test_a_remark_is_pinned_to_a_row_of_works(client, filled):
    submission = services.submit(submission=filled(), by=member("son_dong_officer"))
    client.force_login(member("specialist"))
    url = reverse("collection:remark_create", args=[submission.pk])
    client.post(url, {"text": "Xem lại số này", "cell": "o~CT-002~~NSTW"})
    client.post(reverse("collection:return", args=[submission.pk]), {"text": ""})
    remark = submission.remarks.get()
    assert (remark.row_code, remark.place) == (
        "CT-002",
        "Nhà văn hoá thôn Biểng · Ngân sách trung ương",
    )
    client.force_login(member("son_dong_officer"))
    page = client.get(reverse("collection:entry", args=[submission.pk])).content.decode()
    assert "tt-remarked" in page
