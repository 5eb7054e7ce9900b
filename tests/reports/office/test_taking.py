"""Records become lines of a report, their documents its notes."""

import datetime

import pytest
from django.urls import reverse

from portal.documents.models import Document
from reports import services
from reports.models import Report, Section
from reports.office.wording import SUBJECTS, whole
from reports.text import richtext
from tests.reports import stage

from .factories import FindingFactory, PlanFactory, PlanTaskFactory, TrainingFactory

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


@pytest.fixture
def report() -> Report:
    return stage.draft()


@pytest.fixture
def section(report) -> Section:
    return services.add_section(
        report=report, by=report.drafter, now=stage.NOW, title="Kết quả", level="plain"
    )


def take(client, section, subject, records):
    url = reverse("reports:take_records", args=[section.report_id, section.pk])
    client.force_login(section.report.drafter)
    return client.post(f"{url}?muc={subject}", {"record": [one.pk for one in records]})


def test_a_difficulty_that_still_holds_is_offered_and_taken(client, section):
    still = FindingFactory(text="Máy tính đã cũ", first_day=datetime.date(2021, 1, 1))
    over = FindingFactory(
        text="Thiếu mạng",
        first_day=datetime.date(2021, 1, 1),
        last_day=datetime.date(2022, 1, 1),
    )
    offered = [one.record for one in SUBJECTS["kho-khan"].told(section.report)]
    assert offered == [still]
    assert take(client, section, "kho-khan", [still, over]).status_code == 302
    section.refresh_from_db()
    assert richtext.plain(section.body) == "Máy tính đã cũ."
    assert section.lines[0].mark == "-"
    assert section.versions.first().author == section.report.drafter


def test_a_task_s_evidence_becomes_a_note_before_the_stop(client, section):
    evidence = Document.objects.get(number="459", symbol="KH-BDT")
    task = PlanTaskFactory(
        content="Rà soát máy tính", result="đã rà soát 21 máy.", evidence=evidence
    )
    take(client, section, "nhiem-vu", [task])
    section.refresh_from_db()
    pieces = section.lines[0].pieces
    assert [type(piece).__name__ for piece in pieces] == ["Run", "Atom", "Run"]
    assert pieces[0].text == "Rà soát máy tính: đã rà soát 21 máy"
    assert pieces[2].text == "."
    citation = section.report.citations.get(pk=pieces[1].key)
    assert citation.document == evidence


def test_what_stands_in_the_section_stays(client, section):
    services.edit_section(
        section=section, title="Kết quả", body="<p>Đã có.</p>", by=section.report.drafter,
        now=stage.NOW,
    )  # fmt: skip
    take(client, section, "tap-huan", [TrainingFactory(title="Chuyển đổi số", people=20)])
    section.refresh_from_db()
    assert richtext.plain(section.body).splitlines() == [
        "Đã có.",
        "Từ ngày 01/03/2023 tổ chức lớp Chuyển đổi số (20 người).",
    ]


def test_nothing_chosen_is_said(client, section):
    FindingFactory()
    answer = take(client, section, "kho-khan", [])
    assert answer.status_code == 422
    assert "Chưa chọn mục nào" in answer.content.decode()


def test_records_of_another_time_or_forged_numbers_are_not_taken(client, section):
    other = PlanFactory(first_day=datetime.date(2030, 1, 1), last_day=None)
    answer = take(client, section, "ke-hoach", [other])
    assert answer.status_code == 422
    section.refresh_from_db()
    assert section.body == ""


@pytest.mark.parametrize(
    ("given", "written"),
    [("Máy cũ", "Máy cũ."), ("Máy cũ;", "Máy cũ."), ("  Máy\n cũ . ", "Máy cũ."), ("", "")],
)
def test_a_sentence_ends_once(given, written):
    assert whole(given) == written
