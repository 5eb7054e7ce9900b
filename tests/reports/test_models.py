"""What the database itself refuses, by whatever road."""

import pytest
from django.db import IntegrityError, connection, transaction

from reports.models import (
    Citation,
    Figure,
    Recipient,
    Remark,
    Report,
    ReportEvent,
    ReportFile,
    Section,
    SectionVersion,
    Signature,
    Status,
)
from tests.cast import member
from tests.reports import stage

pytestmark = [pytest.mark.django_db, pytest.mark.slow, pytest.mark.usefixtures("laid_out_once")]


def sql(text, *parameters):
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(text, parameters)


@pytest.fixture
def report():
    return stage.draft()


CONTENT = [
    ("reports_section", "body = 'khác'"),
    ("reports_figure", "printed = '99'"),
    ("reports_citation", "printed = 'khác'"),
    ("reports_recipient", "text = 'khác'"),
]


@pytest.mark.parametrize(("table", "change"), CONTENT)
def test_text_figures_and_citations_change_in_a_draft_only(report, table, change):
    sql(f"UPDATE {table} SET {change} WHERE report_id = %s", report.pk)  # noqa: S608
    stage.in_content_check(stage.fresh(stage.sample_again(report)))
    with pytest.raises(IntegrityError, match="nội dung không sửa được"):
        sql(f"UPDATE {table} SET {change}")  # noqa: S608


@pytest.mark.parametrize(
    "table", [name for name, _ in CONTENT] + ["reports_remark", "reports_rendering"]
)
def test_nothing_of_an_issued_report_is_changed_or_deleted_by_sql(issued_once, table):
    columns = {"reports_remark": "text = 'khác'", "reports_rendering": "problem = 'khác'"}
    change = dict(CONTENT).get(table) or columns[table]
    for statement in (f"UPDATE {table} SET {change}", f"DELETE FROM {table}"):  # noqa: S608
        with pytest.raises(IntegrityError):
            sql(f"{statement} WHERE report_id = %s", issued_once.pk)


@pytest.fixture
def issued_once(report):
    Remark.objects.create(report=report, text="Nêu rõ.", author=member("head"), at=stage.NOW)
    return stage.issued(report)


def test_an_issued_report_itself_is_closed(issued_once):
    for change in ("subject = 'khác'", "status = 'draft'", "number = '999'", "issued_at = now()"):
        with pytest.raises(IntegrityError, match="đã phát hành"):
            sql(f"UPDATE reports_report SET {change} WHERE id = %s", issued_once.pk)  # noqa: S608
    with pytest.raises(IntegrityError):
        sql("DELETE FROM reports_report WHERE id = %s", issued_once.pk)
    with pytest.raises(IntegrityError), transaction.atomic():
        Section.objects.create(report=issued_once, position=99, title="Thêm")
    with pytest.raises(IntegrityError), transaction.atomic():
        Section.objects.filter(report=issued_once).update(body="khác")


@pytest.mark.parametrize("model", [ReportEvent, SectionVersion, ReportFile, Signature])
def test_the_trail_is_only_ever_added_to(issued_once, model):
    table = model._meta.db_table
    column = {ReportEvent: "what", SectionVersion: "body", ReportFile: "sha256"}.get(
        model, "signer_name"
    )
    assert model.objects.exists()
    for statement in (f"UPDATE {table} SET {column} = 'x'", f"DELETE FROM {table}"):  # noqa: S608
        with pytest.raises(IntegrityError, match="chỉ được ghi thêm"):
            sql(statement)


def test_a_section_cannot_be_moved_into_a_report_that_was_sent_up(report):
    other = stage.in_content_check(stage.sample_again(report))
    with pytest.raises(IntegrityError):
        sql("UPDATE reports_section SET report_id = %s WHERE report_id = %s", other.pk, report.pk)


@pytest.mark.parametrize("status", [status for status in Status if status != Status.CONTENT_CHECK])
def test_no_step_is_jumped_over(report, status):
    if status == Status.DRAFT:
        return
    with pytest.raises(IntegrityError):
        sql(
            "UPDATE reports_report SET status = %s, frozen_at = now() WHERE id = %s",
            status.value,
            report.pk,
        )


def test_a_report_begins_as_a_draft(report):
    with pytest.raises(IntegrityError):
        sql(
            "INSERT INTO reports_report (template_id, period_id, document_type_id, agency_id,"
            " symbol, subject, report_date, status, draft_no, drafter_id, authority,"
            " signature_prefix, signature_title, signer_name, verify_code, is_demo, frozen_at)"
            " SELECT template_id, period_id, document_type_id, agency_id, symbol, subject,"
            " report_date, 'content_check', 1, drafter_id, authority, signature_prefix,"
            " signature_title, signer_name, 'khac', is_demo, now() FROM reports_report"
        )


def test_a_report_without_signature_is_not_numbered(report):
    stage.to_sign(report)
    with pytest.raises(IntegrityError):
        sql("UPDATE reports_report SET status = 'signed' WHERE id = %s", report.pk)


def test_a_number_that_was_given_stays(report):
    stage.numbered(report)
    with pytest.raises(IntegrityError, match="không đổi được"):
        sql("UPDATE reports_report SET number = '999' WHERE id = %s", report.pk)
    with pytest.raises(IntegrityError, match="không đổi được"):
        sql("UPDATE reports_report SET issue_date = '2023-12-01' WHERE id = %s", report.pk)


def test_the_drafter_is_never_the_checker(report):
    with pytest.raises(IntegrityError, match="report_not_checked_by_drafter"):
        sql(
            "UPDATE reports_report SET content_checked_by_id = drafter_id,"
            " content_checked_at = now() WHERE id = %s",
            report.pk,
        )


def test_who_and_when_stand_together(report):
    with pytest.raises(IntegrityError, match="who_when"):
        sql("UPDATE reports_report SET issued_at = now() WHERE id = %s", report.pk)


def test_a_certificate_that_signed_does_not_change_hands(report):
    stage.signed(report)
    with pytest.raises(IntegrityError, match="không đổi chủ"):
        sql("UPDATE reports_certificate SET owner_id = %s WHERE role = 'leader'", report.drafter_id)


def test_people_without_the_permission_see_no_report(report, son_dong_officer, auditor):
    assert not Report.objects.visible_to(son_dong_officer).exists()
    assert Report.objects.visible_to(auditor).exists()


def test_a_report_waits_for_the_person_whose_turn_it_is(report, head, leader, clerk):
    specialist = member("specialist")
    assert list(Report.objects.waiting_for(specialist)) == [report]
    assert not Report.objects.waiting_for(head).exists()
    stage.in_content_check(report)
    assert not Report.objects.waiting_for(specialist).exists()
    assert list(Report.objects.waiting_for(head)) == [report]
    stage.services.pass_content(report=report, by=head, now=stage.NOW)
    assert list(Report.objects.waiting_for(member("form_checker"))) == [report]
    assert not Report.objects.waiting_for(leader).exists()
    assert not Report.objects.waiting_for(clerk).exists()


def test_there_are_rows_of_every_kind_to_be_guarded(issued_once):
    for model in (Section, Figure, Citation, Recipient, Remark):
        assert model.objects.filter(report=issued_once).exists()


def test_a_table_is_not_emptied_while_a_report_is_issued(issued_once):
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET LOCAL portal.may_truncate = 'off'")
    for table in ("reports_report", "reports_section", "reports_signature", "reports_reportevent"):
        with pytest.raises(IntegrityError, match="không xoá cả bảng"):
            sql(f"TRUNCATE {table} CASCADE")
