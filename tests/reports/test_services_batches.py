"""One template for many units: a job for each sheet, going on where it stopped, one zip."""

import io
import zipfile

import pikepdf
import pytest
from django.urls import reverse

from portal.collection.models import ReportingPeriod
from portal.jobs import services as jobs
from portal.jobs.lease import Lease
from portal.jobs.models import Job
from reports import services
from reports.models import Batch, BatchSheet, ReportTemplate
from reports.services.batches.requesting import BatchEmpty, WrongUnits
from tests.cast import member
from tests.ethnic_data.filling import approve, filled, value
from tests.reports import stage
from tests.reports.batches import COMMUNES, asked_batch, draw, made_batch

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


@pytest.fixture
def data():
    submission = filled(
        [
            value("07645", "D01", 1200),
            value("07645", "D02", 900),
            value("07645", "N03", 90),
        ]
    )
    approve(submission)


def test_every_listed_commune_has_a_sheet_and_a_job_of_its_own():
    batch = asked_batch(codes=[])
    assert batch.sheets.count() == 73
    assert Job.objects.filter(name="make_sheet", state="queued").count() == 73


def test_districts_have_their_own_template():
    template = ReportTemplate.objects.current().get(code="BC-HUYEN")
    batch = asked_batch(template=template, codes=[])
    assert batch.sheets.count() == 10
    html = services.make_sheet(batch.sheets.get(unit__code="220")).rendered.html
    assert "đồng bào dân tộc thiểu số huyện Sơn Động năm 2023" in html
    assert ">Huyện Sơn Động có " in html


def test_a_second_click_leads_to_the_same_batch_until_it_is_made():
    batch = asked_batch()
    assert asked_batch() == batch
    assert asked_batch(codes=COMMUNES[:1]) != batch
    for sheet in batch.sheets.all():
        services.refuse_sheet(sheet, problem="Không dàn được trang", now=stage.NOW)
    assert asked_batch() != batch


def test_a_sheet_says_the_units_own_numbers_on_one_page(data):
    batch = asked_batch()
    sheet = batch.sheets.get(unit__code="07645")
    made = services.make_sheet(sheet)
    html = made.rendered.html
    assert "PHIẾU THÔNG TIN XÃ" in html
    assert "Xã An Lạc, huyện Sơn Động · năm 2023" in html
    assert "1.200" in html
    assert "10%" in html
    assert "chưa có số liệu" in html
    assert "phân bổ cho công trình, hoạt động tại xã" in html
    assert "Số:" not in html
    assert made.rendered.pages == 1
    with pikepdf.open(io.BytesIO(made.rendered.pdf)) as pdf:
        assert "so-lieu-va-nguon.json" in pdf.attachments


def test_workers_make_the_sheets_and_a_killed_one_is_gone_on_with(data):
    batch = asked_batch()
    first, second, third = batch.sheets.all()
    held = Lease.claim(Job.objects.get(name="make_sheet", subject_id=first.pk).pk)
    assert held is not None  # a worker took the first and died
    for job in Job.objects.filter(name="make_sheet", subject_id__in=[second.pk, third.pk]):
        assert jobs.run(job.pk)
    assert services.progress_of(batch).done == 2
    Job.objects.filter(pk=held.job_id).update(lease_until=stage.NOW)  # its lease ran out
    jobs.drain()
    progress = services.progress_of(batch)
    assert (progress.done, progress.is_running) == (3, False)
    assert all(sheet.sha256 for sheet in batch.sheets.all())


def test_a_sheet_that_is_made_is_not_made_again(data):
    batch = made_batch()
    sheet = batch.sheets.first()
    jobs.drain()
    assert BatchSheet.objects.get(pk=sheet.pk).sha256 == sheet.sha256


def test_what_cannot_be_printed_is_told_at_its_unit_and_asked_for_again(data, monkeypatch):
    from reports.rendering import UnprintableCharacters

    batch = asked_batch(codes=COMMUNES[:1])
    real = services.make_sheet

    def refuse(sheet):
        raise UnprintableCharacters("☃", "tên xã")

    monkeypatch.setattr(services, "make_sheet", refuse)
    jobs.drain()
    (sheet,) = batch.sheets.all()
    assert sheet.state == "refused"
    assert sheet.problem
    monkeypatch.setattr(services, "make_sheet", real)
    assert services.ask_again(batch=batch, by=member("specialist")) == 1
    jobs.drain()
    assert batch.sheets.get().state == "done"


def test_all_sheets_are_one_zip_with_readable_names(data):
    batch = asked_batch()
    for sheet in batch.sheets.all():
        draw(sheet)
    with services.zipped(batch) as file, zipfile.ZipFile(file) as archive:
        names = archive.namelist()
        assert len(names) == 3
        assert any(name.endswith("-xa-an-lac.pdf") for name in names)
        assert archive.read(names[0]).startswith(b"%PDF")


def test_a_template_of_the_whole_province_makes_no_sheets():
    template = ReportTemplate.objects.current().get(code="2289/QĐ-TTg")
    with pytest.raises(WrongUnits):
        asked_batch(template=template)


def test_a_period_without_such_units_says_so():
    template = ReportTemplate.objects.current().get(code="BC-HUYEN")
    period = ReportingPeriod.objects.get(code="2026")  # districts ended in 2025
    with pytest.raises(BatchEmpty, match="không có đơn vị nào"):
        asked_batch(template=template, period=period, codes=[])


def test_of_the_listed_communes_it_says_when_the_list_ended():
    period = ReportingPeriod.objects.get(code="2026")
    with pytest.raises(BatchEmpty, match=r"^Danh sách 73 xã .* đã hết từ ngày 01/07/2025"):
        asked_batch(period=period, codes=[])


def test_only_drafters_ask(auditor):
    with pytest.raises(services.NotAllowed):
        asked_batch(by=auditor)


class TestPages:
    def sign_in(self, client, name="specialist"):
        client.force_login(member(name))
        return client

    def test_a_batch_is_asked_for_and_shown_as_it_comes(self, client, data):
        template = ReportTemplate.objects.current().get(code="BC-HUYEN")
        told = {
            "template": template.pk,
            "period": ReportingPeriod.objects.get(code="2023").pk,
        }
        self.sign_in(client).post(reverse("reports:batch_list"), told)
        batch = Batch.objects.get()
        html = client.get(batch.get_absolute_url()).content.decode()
        assert "Đã lập 0 / 10 phiếu" in html
        assert 'hx-trigger="every 1s"' in html
        assert client.get(reverse("reports:batch_zip", args=[batch.pk])).status_code == 404
        draw(batch.sheets.first())
        html = client.get(reverse("reports:batch_progress", args=[batch.pk])).content.decode()
        assert "Đã lập 1 / 10 phiếu" in html
        answer = client.get(reverse("reports:batch_zip", args=[batch.pk]))
        assert answer.getvalue().startswith(b"PK")

    def test_a_sheet_opens_and_one_of_another_batch_does_not(self, client, data):
        batch = made_batch()
        sheet = batch.sheets.first()
        url = reverse("reports:batch_sheet", args=[batch.pk, sheet.pk])
        assert self.sign_in(client, "leader").get(url).getvalue().startswith(b"%PDF")
        other = asked_batch(codes=COMMUNES[:1])
        assert (
            client.get(reverse("reports:batch_sheet", args=[other.pk, sheet.pk])).status_code == 404
        )

    def test_readers_see_no_form_and_ask_for_nothing(self, client):
        self.sign_in(client, "auditor")
        assert b'<form class="form panel"' not in client.get(reverse("reports:batch_list")).content
        assert client.post(reverse("reports:batch_list")).status_code == 404

    def test_the_pages_ask_few_questions(self, client, django_assert_max_num_queries):
        batch = asked_batch(codes=[])
        self.sign_in(client)
        with django_assert_max_num_queries(14):
            client.get(batch.get_absolute_url())
