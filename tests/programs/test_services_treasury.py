"""Extracts of the treasury: read by their headings, matched, entered once, reconciled."""

from __future__ import annotations

import datetime
from collections import Counter
from decimal import Decimal
from io import BytesIO

import pytest
from django.core.files.base import ContentFile
from django.urls import reverse
from django.utils import timezone
from openpyxl import Workbook

from portal.collection.models import Submission
from portal.collection.services.lists import FileNotTaken
from programs.ledger import LedgerRefused
from programs.models import Disbursement, TreasuryExtract, TreasuryRow
from programs.services import disbursing, treasury
from programs.services.treasury.reading import Read
from tests.cast import unit
from tests.collection.conftest import dataset, period
from tests.programs.factories import (
    CapitalPlanFactory,
    WorksFactory,
    change,
    line_of_works,
    pay,
)
from tests.programs.test_ledger import on, totals

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
HEADINGS = [
    "STT", "Ngày chứng từ", "Số chứng từ", "Mã nguồn", "Loại vốn", "Mã dự án", "Tên dự án",
    "Chủ đầu tư", "Số tiền (đồng)",
]  # fmt: skip
DAY = datetime.date(2023, 3, 31)


def workbook(
    *rows, headings=HEADINGS, titles=("KHO BẠC NHÀ NƯỚC", "BẢNG KÊ THANH TOÁN"), over=None
):
    book = Workbook()
    for title in titles:
        book.active.append([title])
    if over:
        book.active.append(over)
    book.active.append(headings)
    for number, row in enumerate(rows, 1):
        book.active.append([number, *row])
    book.active.append(["", "Tổng cộng", *[""] * 6, sum(row[-1] for row in rows if row[-1] != "")])
    kept = BytesIO()
    book.save(kept)
    return ContentFile(kept.getvalue(), "bang-ke.xlsx")


@pytest.fixture
def line():
    return line_of_works()


@pytest.fixture
def sent(specialist, run_jobs, line):
    """`sent(row, …)`: an extract with these rows, read from a workbook and matched."""

    def send(*rows, **more) -> TreasuryExtract:
        extract = treasury.receive_extract(
            programme=line.programme,
            file=workbook(*rows, **more),
            name="bang-ke.xlsx",
            by=specialist,
            now=timezone.now(),
        )
        run_jobs()
        extract.refresh_from_db()
        return extract

    return send


@pytest.fixture
def matched(specialist, line):
    """`matched(row, …)`: the same without a workbook, as if its rows had been read in đồng."""

    def match(*rows) -> TreasuryExtract:
        count = TreasuryExtract.objects.count()
        extract = TreasuryExtract.objects.create(
            programme=line.programme,
            original_name="bang-ke.xlsx",
            sha256=f"{count:064}",
            by=specialist,
            at=timezone.now(),
        )
        names = ("day", "voucher", "source", "kind", "code", "name", "investor", "told")
        made = [
            TreasuryRow(place=place, **dict(zip(names, row, strict=True)))
            for place, row in enumerate(rows, 4)
        ]
        for row in made:
            row.told = Decimal(row.told)
            if row.day is None:
                row.outcome, row.reason = "refused", "Chưa ghi ngày."
        treasury.keep_reading(extract=extract, read=Read(scale=1, rows=made))
        extract.refresh_from_db()
        return extract

    return match


@pytest.fixture
def entered(specialist, run_jobs):
    def enter(extract):
        treasury.confirm_extract(extract=extract, by=specialist)
        run_jobs()
        extract.refresh_from_db()
        return extract

    return enter


def row_of(line, amount=120_500_000, **more):
    """A row about the line's works; what is not told is empty."""
    told = {
        "day": DAY,
        "voucher": "UNC 1",
        "source": "NSTW",
        "kind": "Vốn đầu tư",
        "code": line.works.code,
        "name": line.works.name,
        "investor": line.works.investor.name,
    } | more
    return [*told.values(), amount]


def outcomes(extract):
    return Counter(extract.rows.values_list("outcome", flat=True))


def only(extract) -> TreasuryRow:
    return extract.rows.get()


def test_what_is_certain_is_proposed_and_entered_when_a_person_agrees(
    sent, entered, line, specialist
):
    extract = sent(row_of(line))
    assert (extract.state, extract.scale, extract.passed_over) == ("read", 1, 1)
    assert (only(extract).outcome, only(extract).plan) == ("certain", line)
    assert not Disbursement.objects.exists()
    entered(extract)
    paid = Disbursement.objects.get()
    assert (paid.plan, paid.day, paid.amount) == (line, DAY, Decimal("120.5"))
    assert (paid.voucher, paid.by) == ("UNC 1", specialist)
    assert only(extract).disbursement == paid
    assert extract.state == "entered"


def test_the_same_file_twice_says_when_it_came_and_by_whom(sent, line, specialist):
    extract = sent(row_of(line))
    with extract.file.open() as kept:
        again = ContentFile(kept.read(), "khac.xlsx")
    with pytest.raises(FileNotTaken, match=r"đã tải lên lúc .*, người tải Nguyễn Thu Hà"):
        treasury.receive_extract(
            programme=line.programme,
            file=again,
            name="khac.xlsx",
            by=specialist,
            now=timezone.now(),
        )
    assert TreasuryExtract.objects.count() == 1


def test_a_row_entered_before_is_recognised_in_another_file(matched, entered, line):
    entered(matched(row_of(line)))
    other = matched(row_of(line), row_of(line, 1_000_000, voucher="UNC 2"))
    assert outcomes(other) == {"there": 1, "certain": 1}
    entered(other)
    assert totals(line)[2] == Decimal("121.5")


def test_a_row_twice_in_one_file_is_entered_once(matched, line):
    extract = matched(row_of(line), row_of(line))
    assert outcomes(extract) == {"certain": 1, "refused": 1}
    assert "Trùng dòng 4" in extract.rows.get(outcome="refused").reason


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"code": "KHONG-CO", "name": "Một cái gì khác hẳn"}, "Không có công trình nào khớp"),
        ({"code": "", "name": ""}, "không ghi mã, tên công trình"),
        ({"source": "NST"}, "chưa có vốn ngân sách tỉnh vốn đầu tư năm 2023"),
        ({"kind": "Vốn sự nghiệp"}, "chưa có vốn ngân sách trung ương vốn sự nghiệp"),
        ({"day": on(1, 2, 2024)}, "không có dòng vốn giải ngân được ngày 01/02/2024"),
    ],
)
def test_what_does_not_match_is_listed_with_why(matched, line, more, words):
    row = only(matched(row_of(line, **more)))
    assert row.outcome == "unmatched"
    assert words in row.reason


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"source": "Nguồn lạ"}, "“Nguồn lạ” không có trong danh mục nguồn vốn"),
        ({"name": "Trường tiểu học xã Vân Sơn"}, "khác tên trong tệp"),
        ({"investor": ""}, ""),
        ({"code": "X-99"}, "Không có công trình mang mã “X-99”"),
        ({"kind": "chưa rõ"}, "chưa rõ là đầu tư hay sự nghiệp"),
    ],
)
def test_what_is_doubtful_is_chosen_by_a_person(matched, line, more, words):
    row = only(matched(row_of(line, **more)))
    assert row.outcome == ("open" if words else "certain")
    assert words in row.reason
    assert row.candidates == [line.pk]


def test_works_of_several_sources_are_chosen_from(matched, entered, line):
    other = CapitalPlanFactory(
        programme=line.programme,
        component=line.component,
        kind="recurrent",
        holder="works",
        unit=None,
        works=line.works,
    )
    change(other, "assigned", 50, on(1, 3))
    extract = matched(row_of(line, kind="", amount=20_000_000))
    row = only(extract)
    assert (row.outcome, set(row.candidates)) == ("open", {line.pk, other.pk})
    with pytest.raises(LedgerRefused, match="không có dòng nào để ghi nhận"):
        treasury.confirm_extract(extract=extract, by=extract.by)
    with pytest.raises(LedgerRefused, match="không nằm trong các dòng được gợi ý"):
        treasury.choose(extract=extract, chosen={row.pk: line.parent_id})
    treasury.choose(extract=extract, chosen={row.pk: other.pk})
    entered(extract)
    assert totals(other)[2] == 20


def test_names_match_without_marks_and_the_investor_tells_equal_names_apart(matched, line):
    twin = WorksFactory(component=line.component, name=line.works.name)
    extract = matched(row_of(line, code="", name=line.works.name.upper()))
    assert (only(extract).outcome, only(extract).plan) == ("certain", line)
    assert twin.investor != line.works.investor


def test_what_the_ledger_refuses_is_told_at_its_row_and_the_rest_is_entered(matched, entered, line):
    extract = matched(
        row_of(line, 900_000_000),
        row_of(line, 200_000_000, voucher="UNC 2"),
        row_of(line, 1_000_000, voucher="UNC 3", day=on(1, 2)),
    )
    entered(extract)
    assert outcomes(extract) == {"entered": 1, "refused": 2}
    reasons = " ".join(extract.rows.filter(outcome="refused").values_list("reason", flat=True))
    assert "vượt 100 triệu đồng" in reasons
    assert "vốn được giao từ ngày 15/02/2023" in reasons
    assert totals(line)[2] == 900


def test_a_month_that_a_workbook_told_is_asked_about(matched, line, specialist):
    month = Submission.objects.create(
        dataset=dataset("BIEU-05"), unit=unit("220"), period=period(), created_by=specialist
    )
    pay(line, 50, on(31, 3), submission=month)
    row = only(matched(row_of(line)))
    assert row.outcome == "open"
    assert "Biểu giải ngân tháng 03/2023 đã ghi" in row.reason


def test_rows_without_a_day_or_an_amount_are_refused(sent, line):
    extract = sent(
        row_of(line, day="hôm nọ"),
        row_of(line, day=""),
        row_of(line, 0),
    )
    reasons = " ".join(extract.rows.values_list("reason", flat=True))
    assert outcomes(extract) == {"refused": 3}
    assert "“hôm nọ” không phải là ngày" in reasons
    assert "Chưa ghi ngày" in reasons
    assert "bằng 0" in reasons


def test_amounts_without_a_unit_are_asked_about(sent, line):
    headings = [*HEADINGS[:-1], "Số tiền"]
    extract = sent(row_of(line, 120_500_000), headings=headings)
    assert (extract.state, extract.scale) == ("asked", 0)
    assert "Số tiền tính bằng gì?" in extract.question
    assert only(extract).amount is None
    treasury.answer_scale(extract=extract, scale=1)
    assert (only(extract).amount, only(extract).outcome) == (Decimal("120.5"), "certain")
    with pytest.raises(LedgerRefused):
        treasury.answer_scale(extract=extract, scale=1)


def test_a_unit_in_the_title_is_understood(sent, line):
    headings = [*HEADINGS[:-1], "Số tiền"]
    extract = sent(row_of(line, 120.5), headings=headings, titles=("Đơn vị tính: triệu đồng",))
    assert (extract.scale, only(extract).amount) == (1_000_000, Decimal("120.5"))


@pytest.mark.parametrize(
    ("unit", "amount", "words"),
    [
        ("triệu đồng", 250_000_000, "tức 250.000 tỷ đồng"),
        ("đồng", 250.5, "số lớn nhất chỉ là 250,5"),
    ],
)
def test_a_factor_of_a_million_is_noticed_and_asked(sent, line, unit, amount, words):
    extract = sent(row_of(line, amount), headings=[*HEADINGS[:-1], f"Số tiền ({unit})"])
    assert extract.state == "asked"
    assert words in extract.question


def test_odd_amounts_are_kept_to_the_thousand_and_the_difference_is_told(
    client, specialist, matched, line
):
    extract = matched(row_of(line, 120_500_499))
    assert only(extract).amount == Decimal("120.5")
    client.force_login(specialist)
    text = client.get(extract.get_absolute_url()).content.decode()
    assert "120,500499" in text
    assert "−0,000499" in text


def test_a_file_that_is_no_extract_says_why(sent, line):
    extract = sent(["a"] * 3 + [1], headings=["A", "B", "C", "D"])
    assert extract.state == "unreadable"
    assert "Không tìm thấy dòng tiêu đề" in extract.problem


def test_rows_are_matched_again_when_money_came_since(matched, line):
    late = WorksFactory(component=line.component)
    extract = matched([DAY, "UNC 5", "NSTW", "", late.code, late.name, "", 5_000_000])
    assert "chưa có dòng vốn" in only(extract).reason
    more = CapitalPlanFactory(
        parent=line.parent,
        holder="works",
        unit=None,
        works=late,
        programme=line.programme,
        component=line.component,
        source=line.source,
    )
    change(more, "allocated", 50, on(1, 3))
    treasury.rematch(extract=extract)
    assert (only(extract).outcome, only(extract).plan) == ("certain", more)


def test_the_page_reconciles_every_row_and_takes_choices(
    client, specialist, matched, line, run_jobs, django_assert_max_num_queries
):
    extract = matched(
        row_of(line),
        row_of(line, 2_000_000, voucher="2", source="Nguồn lạ"),
        row_of(line, 3_000_000, voucher="3", code="", name="Không rõ công trình gì"),
        row_of(line, 4_000_000, voucher="4", day=None),
    )
    client.force_login(specialist)
    with django_assert_max_num_queries(25):
        text = client.get(extract.get_absolute_url()).content.decode()
    assert "Đọc 4 dòng" in text
    assert "129,5 triệu đồng" in text
    row = extract.rows.get(outcome="open")
    url = reverse("programs:treasury_choose", args=[extract.pk])
    client.post(url, {f"row_{row.pk}": str(line.pk)})
    client.post(reverse("programs:treasury_confirm", args=[extract.pk]))
    run_jobs()
    text = client.get(extract.get_absolute_url()).content.decode()
    assert "đã ghi nhận 2 + không khớp 1 + không nhận 1" in text
    assert totals(line)[2] == Decimal("122.5")


def test_an_extract_is_sent_from_its_page(client, specialist, line, run_jobs):
    client.force_login(specialist)
    url = reverse("programs:treasury_list", query={"chuong-trinh": line.programme.code})
    answer = client.post(url, {"file": workbook(row_of(line))})
    extract = TreasuryExtract.objects.get()
    assert answer.url == extract.get_absolute_url()
    assert "Bảng kê đang chờ xử lý" in client.get(answer.url).content.decode()
    run_jobs()
    again = client.post(url, {"file": workbook(row_of(line))})
    extract.refresh_from_db()
    assert again.status_code in (200, 302)
    assert extract.state == "read"


def test_an_extract_of_which_nothing_was_entered_can_be_taken_away(matched, entered, line):
    extract = matched(row_of(line))
    treasury.discard_extract(extract=extract)
    assert not TreasuryExtract.objects.exists()
    done = entered(matched(row_of(line)))
    with pytest.raises(LedgerRefused, match="được giữ lại"):
        treasury.discard_extract(extract=done)


def test_a_file_that_was_taken_away_may_come_again(client, specialist, line, run_jobs):
    client.force_login(specialist)
    url = reverse("programs:treasury_list", query={"chuong-trinh": line.programme.code})
    content = workbook(row_of(line)).read()
    extract = TreasuryExtract(pk=0)
    for _ in range(2):
        client.post(url, {"file": ContentFile(content, "bang-ke.xlsx")})
        run_jobs()
        extract = TreasuryExtract.objects.get()
        client.post(reverse("programs:treasury_discard", args=[extract.pk]))
    assert not TreasuryExtract.objects.exists()


def test_money_that_went_back_takes_back_the_one_payment_that_fits_when_a_person_agrees(
    matched, entered, line
):
    paid = pay(line, 120.5, on(15, 3))
    extract = matched(row_of(line, -120_500_000))
    row = only(extract)
    assert (row.outcome, row.plan, row.candidates) == ("open", None, [line.pk])
    assert "huỷ khoản 120,5 triệu đồng đã ghi ngày 15/03/2023" in row.reason
    with pytest.raises(LedgerRefused, match="không có dòng nào để ghi nhận"):
        treasury.confirm_extract(extract=extract, by=extract.by)
    treasury.choose(extract=extract, chosen={row.pk: line.pk})
    entered(extract)
    row.refresh_from_db()
    assert (row.outcome, row.disbursement.reverses, row.disbursement.day) == ("entered", paid, DAY)
    assert totals(line)[2] == 0
    again = matched(row_of(line, -120_500_000))
    assert only(again).outcome == "there", "the same reversal is recognised"


@pytest.mark.parametrize(
    ("payments", "words"),
    [
        ([], "chưa có khoản giải ngân đúng số tiền"),
        ([(120, 15)], "chưa có khoản giải ngân đúng số tiền"),
        ([(120.5, 15), (120.5, 20)], "có 2 khoản đã giải ngân đúng số tiền"),
    ],
)
def test_money_that_went_back_and_fits_no_payment_or_several_is_listed(
    matched, line, payments, words
):
    for amount, day in payments:
        pay(line, amount, on(day, 3))
    row = only(matched(row_of(line, -120_500_000)))
    assert (row.outcome, row.candidates) == ("unmatched", [])
    assert words in row.reason


def test_a_later_payment_is_not_taken_back_and_one_payment_only_once(matched, line):
    pay(line, 120.5, on(15, 3))
    rows = (row_of(line, -120_500_000), row_of(line, -120_500_000, voucher="UNC 9"))
    assert outcomes(matched(*rows)) == {"open": 1, "unmatched": 1}
    early = matched(row_of(line, -120_500_000, day=on(10, 3)))
    assert outcomes(early) == {"unmatched": 1}


def test_a_reversal_whose_payment_is_gone_by_then_is_refused_at_its_row(matched, entered, line):
    paid = pay(line, 120.5, on(15, 3))
    extract = matched(row_of(line, -120_500_000))
    treasury.choose(extract=extract, chosen={only(extract).pk: line.pk})
    disbursing.reverse(disbursement=paid, day=on(16, 3), by=extract.by, note="Nhầm")
    entered(extract)
    assert only(extract).outcome == "refused"
    assert "không còn đúng một khoản" in only(extract).reason


UPPER = ["STT", "Chứng từ", None, "Vốn", None, "Dự án", None, "Chủ đầu tư", "Số tiền (đồng)"]
LOWER = [None, "Ngày", "Số", "Mã nguồn", "Loại", "Mã", "Tên", None, None]


@pytest.mark.parametrize(
    ("upper", "lower"),
    [
        (UPPER, LOWER),
        (
            ["TT", "Chứng từ", None, "Nguồn", "Loại vốn", "Công trình, dự án", None,
             "Đơn vị sử dụng ngân sách", "Số tiền (đồng)"],
            [None, "Ngày chứng từ", "Số CT", None, None, "Mã dự án", "Tên dự án", None, "Tổng số"],
        ),
    ],
)  # fmt: skip
def test_headings_in_two_rows_are_read_as_one(sent, line, upper, lower):
    extract = sent(row_of(line), headings=lower, titles=("BẢNG KÊ",), over=upper)
    assert (extract.state, extract.problem) == ("read", "")
    row = only(extract)
    assert (row.outcome, row.plan, row.amount) == ("certain", line, Decimal("120.5"))
    assert (row.voucher, row.day) == ("UNC 1", DAY)


def test_of_several_columns_of_money_none_is_guessed(sent, line):
    upper = [*UPPER[:-1], "Số tiền (đồng)", None]
    lower = [*LOWER[:-1], "Tạm ứng", "Thu hồi tạm ứng"]
    extract = sent((*row_of(line), 0), headings=lower, titles=("BẢNG KÊ",), over=upper)
    assert extract.state == "unreadable"


@pytest.mark.parametrize(("stated", "times"), [("nghìn đồng", 1000), ("triệu đồng", 10**6)])
def test_amounts_far_over_the_capital_of_their_lines_are_asked_about(sent, line, stated, times):
    headings = [*HEADINGS[:-1], f"Số tiền ({stated})"]
    rows = [row_of(line, amount, voucher=f"UNC {amount}") for amount in (120_000, 230_000, 90_000)]
    rows = [(*row[:-1], row[-1] * 1000) for row in rows]
    extract = sent(*rows, headings=headings)
    assert (extract.state, extract.scale) == ("asked", 0)
    assert "được giao 1.000 triệu đồng" in extract.question or "tỷ đồng" in extract.question
    treasury.answer_scale(extract=extract, scale=1)
    assert outcomes(extract) == {"certain": 3}
    assert {row.amount for row in extract.rows.all()} == {120, 230, 90}
