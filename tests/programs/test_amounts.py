"""Amounts a thousand or a million times off: noticed by title and by size, asked, never guessed."""

from __future__ import annotations

from decimal import Decimal

import pytest

from portal.collection import services
from portal.collection.models import Upload
from portal.collection.workbooks.amounts import sizes_of, strangeness
from portal.collection.workbooks.layout import Column, RowUnit
from portal.jobs.services import drain
from tests.cast import member
from tests.collection.api import Machine
from tests.programs.test_store import HEADINGS, commit, sheet_of, stored, type_in
from tests.programs.works_of_a_test import WORKS

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
MILLION = 10**6
PAID = {"CT-001": 1200, "CT-002": 300, "CT-003": 40}


def file_of(times, *titles: str, paid=PAID) -> bytes:
    rows = [(n, code, "", value * times, "") for n, (code, value) in enumerate(paid.items(), 1)]
    return sheet_of(*([title] for title in titles), HEADINGS, *rows)


def answered(upload: Upload, answer: str) -> Upload:
    [question] = upload.questions
    services.answer_questions(
        upload=upload, answers={question["id"]: answer}, by=member("son_dong_officer")
    )
    drain()
    return Upload.objects.get(pk=upload.pk)


def paid(upload: Upload) -> dict:
    return {code: value for (code, measure), value in stored(upload.submission).items()}


def test_a_million_times_too_much_is_asked_and_turned_into_million_when_the_sender_agrees(sent):
    upload = sent(file_of(MILLION))
    [question] = upload.questions
    assert "Biểu này tính bằng triệu đồng, ô này ghi 1.200.000.000, trong khi" in question["text"]
    assert "là 5.200 triệu đồng. Số tiền trong tệp tính bằng gì?" in question["text"]
    assert [option["value"] for option in question["options"]] == ["dong", "keep"]
    assert "đổi 1.200.000.000 đồng thành 1.200 triệu đồng" in question["options"][0]["label"]
    assert not upload.errors, "what the answer may mend is not told before"
    upload = answered(upload, "dong")
    assert upload.is_accepted
    commit(upload)
    assert paid(upload) == PAID


def test_amounts_that_are_kept_are_refused_at_their_cells(sent):
    upload = answered(sent(file_of(MILLION)), "keep")
    assert [(issue["cell"], issue["rule"]) for issue in upload.errors] == [
        ("D2", "so-tien"),
        ("D3", "so-tien"),
        ("D4", "so-tien"),
    ]
    assert (
        "Nếu số này tính bằng đồng, hãy nhập 1.200".lower() in upload.errors[0]["message"].lower()
    )


def test_a_title_that_says_dong_is_asked_and_rounds_to_the_thousand_as_it_says(sent):
    upload = sent(file_of(MILLION, "Đơn vị tính: đồng", paid={"CT-001": Decimal("1200.5004996")}))
    [question] = upload.questions
    assert question["id"] == "scale:dong"
    assert question["options"][0]["label"].endswith("làm tròn đến 3 chữ số lẻ")
    upload = answered(upload, "convert")
    commit(upload)
    assert paid(upload) == {"CT-001": Decimal("1200.5")}


def test_thousands_are_told_by_what_works_cost(sent):
    upload = sent(file_of(1000))
    offered = [option["value"] for option in upload.questions[0]["options"]]
    assert offered == ["nghindong", "dong", "keep"], "both are possible, the likelier comes first"
    commit(answered(upload, "nghindong"))
    assert paid(upload) == PAID


def test_billions_are_asked(sent):
    spent = {"CT-001": Decimal("5.2"), "CT-002": Decimal("0.9"), "CT-003": Decimal("1.2")}
    upload = sent(file_of(1, paid=spent))
    assert [option["value"] for option in upload.questions[0]["options"]] == ["tydong", "keep"]
    kept = answered(upload, "keep")
    assert kept.is_accepted, "small payments are possible"


def test_one_cell_in_dong_among_others_is_an_error_and_no_question(sent):
    upload = sent(file_of(1, paid={**PAID, "CT-002": 300 * MILLION}))
    assert upload.questions == []
    [issue] = upload.errors
    assert issue["cell"] == "D3"
    assert "300.000.000 triệu đồng gấp 333.333 lần tổng mức đầu tư (900)" in issue["message"]
    assert issue["message"].endswith("nếu số này tính bằng đồng, hãy nhập 300.")


def test_in_the_grid_and_the_api_such_an_amount_is_refused(opened):
    submission = opened()
    figures = {("CT-001", "NSTW"): 1200 * MILLION, ("CT-004", "NST"): 20 * MILLION}
    checked, written = type_in(submission, figures)
    assert {(issue.unit, issue.rule) for issue in checked.issues} == {
        ("CT-001", "so-tien"),
        ("CT-004", "so-tien"),
    }
    assert not written.touched
    rows = [{"unit": "CT-001", "values": {"NSTW": 1200 * MILLION}}]
    status, answer = Machine(member("son_dong_officer")).put(
        f"bo/{submission.pk}/so-lieu", {"rows": rows}
    )
    assert status == 422
    assert "hãy nhập 1.200" in answer["findings"][0]["message"]
    assert not stored(submission)


def test_more_decimals_than_thousand_dong_are_refused_and_not_rounded(opened):
    submission = opened()
    checked, _ = type_in(submission, {("CT-001", "NSTW"): Decimal("1.0005")})
    [issue] = checked.issues
    assert issue.message.endswith("1,0005 có quá 3 chữ số sau dấu phẩy. Hãy làm tròn: 1,001.")


MONEY = Column(
    key="a", measure="A", heading="A", value_type="decimal", unit_of_measure="triệu đồng"
)


@pytest.mark.parametrize(
    ("value", "severity"),
    [(5200, None), (52_000, None), (60_000, "warning"), (520_000, "error"), (-520_000, "error")],
)
def test_what_is_strange_is_measured_by_what_the_works_cost(value, severity):
    assert strangeness(Decimal(value), MONEY, WORKS[0]) == severity


@pytest.mark.parametrize(
    ("value", "severity"),
    [(734_000, None), (2 * MILLION, "warning"), (20 * MILLION, "error")],
)
def test_where_nothing_is_known_only_the_impossible_is_strange(value, severity):
    assert strangeness(Decimal(value), MONEY, RowUnit(code="X", name="X")) == severity


def test_sensible_amounts_are_never_asked_about():
    rows = [(Decimal(n), MONEY, row) for n, row in zip((5200, 12, 1, 30), WORKS, strict=True)]
    assert sizes_of(rows).strange == 0


# what a works has, and what it was paid before


def works_with(code="CT-009", ceiling=None, usual=None, expected=None):
    pair = lambda amount: (("A", Decimal(amount)),) if amount else ()  # noqa: E731
    return RowUnit(
        code=code, name=code, expected=expected and Decimal(expected),
        ceilings=pair(ceiling), usual=pair(usual),
    )  # fmt: skip


def units_of(*cells):
    return [unit.name for unit in sizes_of((Decimal(v), MONEY, row) for v, row in cells).units]


@pytest.mark.parametrize(
    ("value", "severity"), [(900, None), (3000, None), (3001, "error"), (10**9, "error")]
)
def test_a_ceiling_cannot_be_exceeded_three_times(value, severity):
    row = works_with(ceiling=1000, expected=10**6)
    assert strangeness(Decimal(value), MONEY, row) == severity


@pytest.mark.parametrize(
    ("times", "units"), [(10**6, ["đồng"]), (1000, ["nghìn đồng", "đồng"]), (1, [])]
)
def test_a_column_is_judged_by_the_capital_of_its_works(times, units):
    rows = [works_with(ceiling=n) for n in (700, 5000, 12_000, 90)]
    cells = [(share * times, row) for share, row in zip((40, 120, 800, 9), rows, strict=True)]
    assert units_of(*cells) == units


def test_works_of_which_nothing_is_known_follow_those_of_the_same_column():
    known = [works_with(ceiling=n) for n in (700, 5000, 1200)]
    strangers = [works_with() for _ in range(6)]
    cells = [(70_000, row) for row in known] + [(55_000, row) for row in strangers]
    assert "nghìn đồng" in units_of(*cells)


def test_payments_far_over_all_before_are_asked_about_though_the_capital_would_hold_them():
    rows = [works_with(ceiling=50_000, usual=n) for n in (3, 10, 25)]
    assert "nghìn đồng" in units_of(*[(4000, rows[0]), (9000, rows[1]), (20_000, rows[2])])
    assert units_of(*[(4, rows[0]), (9000, rows[1]), (20, rows[2])]) == [], "one large payment"


def test_one_column_in_dong_beside_others_is_asked_about_alone(sent):
    figures = {"CT-001": (1200, 5), "CT-002": (300, 2), "CT-003": (40, 8)}
    rows = [
        (n, code, "", first, second * MILLION)
        for n, (code, (first, second)) in enumerate(figures.items(), 1)
    ]
    more = [(4, "CT-004", "", 30, "")]
    upload = sent(sheet_of(HEADINGS, *rows, *more))
    [question] = upload.questions
    assert "Ngân sách tỉnh" in question["text"]
    upload = answered(upload, "dong")
    assert not upload.errors
    commit(upload)
    kept = stored(upload.submission)
    assert {code: (kept[code, "NSTW-DT"], kept[code, "NST-DT"]) for code in figures} == figures


def test_a_whole_column_too_large_is_refused_in_the_grid_though_each_cell_would_pass(opened):
    submission = opened()
    figures = {("CT-001", "NSTW"): 20_000, ("CT-002", "NSTW"): 3500, ("CT-003", "NSTW"): 5000}
    checked, written = type_in(submission, figures)
    assert {(issue.unit, issue.severity) for issue in checked.issues} == {
        ("CT-001", "error"),
        ("CT-002", "error"),
        ("CT-003", "error"),
    }
    assert not written.touched
    checked, _ = type_in(submission, {("CT-002", "NSTW"): 3500})
    assert not checked.issues, "one alone may be right"
