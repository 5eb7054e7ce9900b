"""Forms for the ministry come out of stored data; later differences show; exports read back."""

from __future__ import annotations

import datetime
from decimal import Decimal
from io import BytesIO

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from openpyxl import load_workbook

from portal.collection.models import ReportingPeriod
from programs.aggregation import Question, all_lines, answer
from programs.ministry import difference_of, filled, read_tables, written_tables
from programs.ministry.export import exported, sheets
from programs.models import (
    CapitalChange,
    CapitalPlan,
    Disbursement,
    FormSnapshot,
    Inspection,
    Output,
    OutputKind,
    Programme,
    ProgrammeDocument,
    Target,
    Works,
)
from programs.services.reporting import record_sent
from programs.services.results import enter_actual
from tests.cast import member
from tests.programs.factories import decision, pay

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
JUNE = datetime.date(2023, 6, 30)


@pytest.fixture
def programme():
    return Programme.objects.get(code="1719")


@pytest.fixture
def paid(plan):
    """700,25 in March and 12,125 in August of 2023."""
    line = CapitalPlan.objects.get(works__code="SD-01")
    pay(line, Decimal("700.25"), datetime.date(2023, 3, 31))
    pay(line, Decimal("12.125"), datetime.date(2023, 8, 31))
    Output.objects.create(
        works=line.works, kind=OutputKind.objects.get(code="KQ-DUONG"), year=2023,
        planned=Decimal("2.5"), actual=Decimal("2.25"),
    )  # fmt: skip
    return line


def period(code):
    return ReportingPeriod.objects.get(code=code)


def table(tables, key):
    return next(one for one in tables if one.key == key)


def row(tables, key, of):
    return next(one for one in table(tables, key).rows if one.key == of).cells


def test_the_quarters_money_is_that_of_the_quarters_end(programme, paid):
    tables = filled(programme, "quy", period("2023-Q2"))
    total = row(tables, "money", "total")
    assert (total["plan"], total["detail"], total["paid"]) == (
        Decimal(5000), Decimal("1500.5"), Decimal("700.25"),
    )  # fmt: skip
    assert row(tables, "money", "DA4.TDA1")["paid:NSTW-DT"] == Decimal("700.25")
    assert row(tables, "money", "DA4")["plan"] == Decimal(5000)
    year = filled(programme, "nam", period("2023"))
    assert row(year, "money", "total")["paid"] == Decimal("712.375")


@pytest.mark.parametrize("day", [datetime.date(2023, 2, 15), JUNE, datetime.date(2023, 12, 31)])
def test_the_forms_money_is_the_dashboards(programme, paid, day):
    code = {2: "2023-Q1", 6: "2023-Q2", 12: "2023-Q4"}[day.month]
    tables = filled(programme, "quy", period(code), today=day)
    said = answer(Question(programme, 2023, day), all_lines())
    total = row(tables, "money", "total")
    assert (total["plan"], total["detail"], total["paid"]) == (
        said.total.plan, said.total.detail, said.total.paid,
    )  # fmt: skip
    projects = [one for one in table(tables, "money").rows if not one.is_total and not one.level]
    assert sum(one.cells["plan"] for one in projects) == total["plan"]
    for one in said.cuts["component"].rows:
        assert row(tables, "money", one.value.code)["paid"] == one.money.paid


def test_works_outputs_and_targets_stand_beside_the_money(programme, paid):
    tables = filled(programme, "nam", period("2023"))
    assert row(tables, "works", "DA4")["all"] == 3
    assert row(tables, "works", "total")["late"] == 0  # planned for the very last day
    later = filled(programme, "quy", period("2024-Q1"))
    assert row(later, "works", "total")["late"] == 3
    assert row(tables, "outputs", "KQ-DUONG")["actual"] == Decimal("2.25")
    assert row(tables, "targets", "MT02")["state"] == "chưa có số liệu"
    assert [one.key for one in tables][-1] == "evaluation"


def test_a_kept_copy_reads_back_to_the_last_digit(programme, paid):
    tables = filled(programme, "nam", period("2023"))
    assert list(difference_of(read_tables(written_tables(tables)), tables)) == []


def test_what_changed_since_it_was_sent_is_listed(programme, paid, specialist):
    sent = record_sent(
        programme=programme, form="quy", period=period("2023-Q3"), document=None, note="",
        by=specialist,
    )  # fmt: skip
    assert len(sent.sha256) == 64
    before = read_tables(sent.values)
    assert not list(difference_of(before, filled(programme, "quy", period("2023-Q3"))))
    pay(paid, 100, datetime.date(2023, 9, 5))
    found = list(difference_of(before, filled(programme, "quy", period("2023-Q3"))))
    told = {(one.row, one.column.key): (one.sent, one.now) for one in found}
    assert told["Tổng số", "paid"] == (Decimal("712.375"), Decimal("812.375"))
    assert {row.split(":")[0] for row, _ in told} == {"Tổng số", "Dự án 4", "Tiểu dự án 1"}


def test_what_was_sent_is_kept_as_it_was(programme, paid, specialist):
    sent = record_sent(
        programme=programme, form="nam", period=period("2023"), document=None, note="",
        by=specialist,
    )  # fmt: skip
    with pytest.raises(IntegrityError, match="giữ nguyên"), transaction.atomic():
        FormSnapshot.objects.filter(pk=sent.pk).update(values=[])


def test_a_specialist_records_what_was_sent_and_sees_the_difference(client, specialist, paid):
    client.force_login(specialist)
    address = reverse("programs:ministry_report", args=["1719", "quy", "2023-Q3"])
    assert "712,375" in client.get(address).text
    decision(datetime.date(2023, 10, 2), number="301")
    answer = client.post(address, {"document": "301/QĐ-UBND", "note": "Bản chính"}, follow=True)
    assert "đúng như bản đã gửi" in answer.text
    pay(paid, 100, datetime.date(2023, 9, 5))
    text = client.get(answer.request["PATH_INFO"]).text
    assert "812,375" in text
    assert "Các số sau đã đổi" in text
    assert "301/QĐ-UBND" in text


def test_a_leader_reads_but_does_not_record(client, leader, paid):
    client.force_login(leader)
    address = reverse("programs:ministry_report", args=["1719", "nam", "2023"])
    assert "Ghi là đã gửi" not in client.get(address).text
    assert client.post(address, {"document": "", "note": ""}).status_code == 404


@pytest.mark.parametrize(
    ("form", "time"),
    [("quy", "2023"), ("nam", "2023-Q1"), ("khong-co", "2023"), ("quy", "2019-Q1"),
     ("quy", "2028-Q1")],
)  # fmt: skip
def test_a_period_that_the_form_does_not_have_is_not_found(client, leader, form, time):
    client.force_login(leader)
    address = reverse("programs:ministry_report", args=["1719", form, time])
    assert client.get(address).status_code == 404


def test_a_form_takes_a_bounded_number_of_queries(
    client, leader, paid, django_assert_max_num_queries
):
    client.force_login(leader)
    with django_assert_max_num_queries(30):
        client.get(reverse("programs:ministry_report", args=["1719", "nam", "2023"]))


# workbooks


def read(stream) -> dict[str, list[list]]:
    book = load_workbook(BytesIO(stream))
    return {
        sheet.title: [[cell.value for cell in line] for line in sheet.iter_rows(min_row=5)]
        for sheet in book.worksheets
    }


def test_the_workbook_of_a_form_has_the_same_figures(client, leader, programme, paid):
    client.force_login(leader)
    address = reverse("programs:ministry_workbook", args=["1719", "nam", "2023"])
    found = read(client.get(address).content)
    for name, key in (("Vốn", "money"), ("Công trình", "works"), ("Kết quả", "outputs"),
                      ("Mục tiêu", "targets")):  # fmt: skip
        one = table(filled(programme, "nam", period("2023")), key)
        assert len(found[name]) == len(one.rows)
        for line, kept in zip(found[name], one.rows, strict=True):
            for column, value in zip(one.columns, line, strict=False):
                said = kept.cells.get(column.key)
                if column.is_number and said is not None:
                    assert Decimal(str(value)) == said
                else:
                    assert (value or "") == (said or "")


def test_every_figure_of_the_export_is_that_of_the_database(programme, paid):
    today = datetime.date(2023, 12, 31)
    document = decision(datetime.date(2022, 5, 4), number="12")
    ProgrammeDocument.objects.create(programme=programme, document=document, role="guidance")
    Inspection.objects.create(
        programme=programme, first_day=JUNE, last_day=JUNE, place="=HYPERLINK(\"x\")",
        content="Kiểm tra", finding="@SUM(1)",
    )  # fmt: skip
    stream = exported(programme, today=today).getvalue()
    found = read(stream)
    for name, one in sheets(programme, today=today):
        assert len(found[name]) == len(one.rows), name
        for line, kept in zip(found[name], one.rows, strict=True):
            for column, value in zip(one.columns, line, strict=False):
                said = kept.cells.get(column.key)
                if column.is_number and said is not None:
                    assert Decimal(str(value)) == said, (name, column.label)
    assert [name[0] for name in found][1:] == sorted(name[0] for name in found if name != "Mục lục")
    money = {(r[0], r[1], r[3]): r for r in found["3.1 Vốn theo dự án"]}
    whole = money["2023", None, "Tất cả nguồn"]
    assert whole[4:7] == [5000, 1500.5, 712.375]
    assert sum(Decimal(str(r[4])) for r in found["3.3 Giải ngân theo tháng"]) == sum(
        Disbursement.objects.values_list("amount", flat=True)
    )
    above = CapitalChange.objects.exclude(plan__holder="works")
    assert sum(Decimal(str(r[6])) for r in found["4.1 Quyết định vốn"]) == sum(
        above.values_list("amount", flat=True)
    )
    assert found["2.2 Kiểm tra, giám sát"][0][2].startswith("'=")
    assert found["2.2 Kiểm tra, giám sát"][0][5].startswith("'@")
    assert "12/QĐ-UBND" in [r[0] for r in found["2.1 Hướng dẫn, chỉ đạo"]]
    assert "1719/QĐ-TTg" in [r[0] for r in found["1.3 Văn bản, điều chỉnh"]]
    assert len(found["5.4 Công trình"]) == Works.objects.count()


def test_no_cell_of_the_export_is_a_formula(programme, paid):
    Works.objects.filter(code="SD-02").update(name="=cmd|'/C calc'!A0")
    book = load_workbook(BytesIO(exported(programme, today=JUNE).getvalue()))
    kinds = {cell.data_type for sheet in book for line in sheet.iter_rows() for cell in line}
    assert "f" not in kinds
    assert len(book.sheetnames) == 17
    money = book["3.1 Vốn theo dự án"]
    assert money["E5"].number_format == "#,##0.000"


def test_an_inspection_that_is_sent_twice_is_one(client, specialist):
    client.force_login(specialist)
    told = {"first_day": "1/6/2023", "last_day": "2/6/2023", "place": "Xã A", "content": "Vốn"}
    for _ in range(2):
        client.post(reverse("programs:inspection_create", args=["1719"]), told)
    assert Inspection.objects.filter(place="Xã A").count() == 1


def test_figures_that_are_kept_twice_are_kept_once(client, specialist):
    client.force_login(specialist)
    url = reverse("programs:ministry_report", args=["1719", "nam", "2023"])
    for _ in range(2):
        client.post(url, {"note": "Gửi lần 1"})
    client.post(url, {"note": "Gửi lần 2"})
    assert FormSnapshot.objects.filter(note__startswith="Gửi lần").count() == 2


def test_documents_and_inspections_are_entered_and_taken_away(client, specialist, programme):
    decision(datetime.date(2022, 5, 4), number="12")
    client.force_login(specialist)
    home = reverse("programs:oversight_list", query={"chuong-trinh": "1719"})
    wrong = client.post(home, {"document": "1/KHONG", "role": "guidance"})
    assert wrong.status_code == 422
    assert "chưa có" in wrong.text
    client.post(home, {"document": "12/QĐ-UBND", "role": "guidance"})
    assert "12/QĐ-UBND" in client.get(home).text
    told = {"first_day": "01/06/2023", "last_day": "31/05/2023", "place": "UBND xã An Lạc",
            "content": "Tiến độ", "finding": "", "document": "", "unit": ""}  # fmt: skip
    create = reverse("programs:inspection_create", args=["1719"])
    assert "Ngày kết thúc phải từ" in client.post(create, told).text
    client.post(create, told | {"last_day": "02/06/2023"})
    one = Inspection.objects.get()
    assert one.by == specialist
    client.post(reverse("programs:inspection_delete", args=[one.pk]))
    of_ours = ProgrammeDocument.objects.filter(document__number="12", role="guidance")
    client.post(reverse("programs:programme_document_delete", args=[of_ours.get().pk]))
    assert not Inspection.objects.exists()
    assert not of_ours.exists()


@pytest.mark.parametrize(
    ("form", "time", "so_far"),
    [("quy", "2023-Q2", True), ("6-thang", "2023-H1", True), ("nam", "2023", False)],
)
def test_outputs_within_a_year_say_that_they_are_the_years_so_far(
    programme, paid, form, time, so_far
):
    told = table(filled(programme, form, period(time)), "outputs")
    assert ("luỹ kế từ đầu năm" in told.title) is so_far
    assert ("không phải số riêng của kỳ" in told.note) is so_far
    heading = next(column.label for column in told.columns if column.key == "actual")
    assert heading == ("Thực hiện từ đầu năm" if so_far else "Thực hiện cả năm")


def test_targets_are_written_with_the_places_of_their_unit(programme):
    target = Target.objects.filter(programme=programme, unit_of_measure="xã").first()
    shares = Target.objects.filter(programme=programme, unit_of_measure="%", indicator_code="")
    share = shares.first()
    for one, value in ((target, "4"), (share, "4.3567")):
        enter_actual(
            target=one,
            year=2023,
            value=Decimal(value),
            document=decision(),
            note="",
            by=member("specialist"),
        )
    tables = filled(programme, "nam", period("2023"))
    assert row(tables, "targets", target.code)["actual"] == 4
    assert str(row(tables, "targets", share.code)["actual"]) == "4.36"
