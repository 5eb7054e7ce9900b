"""Frozen figures: one hashed record, kept against today's data, recomputed from their revisions."""

import datetime
import hashlib
import io
import json
from contextlib import contextmanager

import pikepdf
import pytest
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction
from django.urls import reverse
from django.utils import timezone

from portal.jobs.models import Job
from portal.jobs.services import drain
from reports import services
from reports.models import ExhibitNow, FigureFreeze, FigureNow
from reports.services.exhibits import recompute_exhibit
from tests.cast import member
from tests.ethnic_data.filling import AN_LAC, HUU_SAN, approved, value
from tests.programs.factories import line_of_works, pay
from tests.programs.test_ledger import on
from tests.reports import stage
from tests.reports.test_exhibits import approved_again

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


@pytest.fixture
def report():
    return stage.in_content_check(stage.draft())


def correction(**changed):
    later = stage.NOW + datetime.timedelta(days=1)
    return stage.approve(stage.agency_data(is_approved=False, **changed), at=later)


def follow(submission):
    services.follow_approval(submission)
    drain()


@contextmanager
def triggers_off():
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        yield
        cursor.execute("SET session_replication_role = DEFAULT")


def placed(report, query, source="programme"):
    """A table at the end of one section, made of what is known now."""
    told = {"by": member("specialist"), "now": timezone.now()}
    exhibit = services.insert_exhibit(
        report=report, kind="table", source=source, query=query, **told
    )
    section = report.sections.get(title__startswith="Thuận lợi")
    services.place_exhibit(exhibit=exhibit, section=section, **told)
    return exhibit


def recomputed(report):
    told = io.StringIO()
    call_command("recompute_report", report.pk, stdout=told)
    return json.loads(told.getvalue())


def test_values_inputs_template_and_fonts_are_one_hashed_record(report):
    freeze = FigureFreeze.objects.get(report=report)
    assert hashlib.sha256(services.canonical(freeze.content)).hexdigest() == freeze.sha256
    assert services.holds(freeze)
    content = freeze.content
    assert content["template"]["code"] == "2289/QĐ-TTg"
    assert set(content["fonts"]) >= {"Tinos_400Regular.ttf", "Tinos_700Bold.ttf"}
    videos = next(one for one in content["figures"] if one["query"] == "K14")
    assert (videos["value"], videos["printed"]) == ("2", "02")
    assert videos["inputs"]["submissions"][0]["code"] == "CNTT-CO-QUAN"
    freeze.content["figures"] = []
    assert not services.holds(freeze)


def test_the_record_is_never_changed(report):
    freeze = FigureFreeze.objects.get(report=report)
    with pytest.raises(IntegrityError, match="chỉ được ghi thêm"), transaction.atomic():
        FigureFreeze.objects.filter(pk=freeze.pk).update(sha256="0" * 64)


def test_each_draft_that_goes_up_has_a_record_of_its_own(report):
    services.return_report(report=report, by=member("head"), reason="Sửa", now=stage.NOW)
    stage.in_content_check(stage.fresh(report))
    assert [one.draft_no for one in FigureFreeze.objects.filter(report=report)] == [2, 1]


def test_the_record_travels_in_the_pdf(report):
    report = stage.fresh(report)
    rendered = services.lay_out(report, now=stage.NOW)
    with pikepdf.open(io.BytesIO(rendered.pdf)) as pdf:
        (attached,) = pdf.attachments.values()
        told = json.loads(attached.get_file().read_bytes())
    freeze = FigureFreeze.objects.get(report=report)
    assert told["freeze"]["sha256"] == freeze.sha256
    canonical = services.canonical(told["freeze"]["content"])
    assert hashlib.sha256(canonical).hexdigest() == freeze.sha256


def test_after_an_approval_what_differs_is_stored_and_the_text_stays(report):
    follow(correction(K14=9))
    (now,) = FigureNow.objects.differing()
    assert (now.figure.query, now.figure.printed, now.printed) == ("K14", "02", "09")
    assert services.differing_counts([report]) == {report.pk: 1}
    assert services.reports_that_differ(report.drafter)[0].differing == 1


def test_the_look_is_harmless_when_repeated_and_follows_corrections_back(report):
    follow(correction(K14=9))
    follow(correction(K14=9))
    assert FigureNow.objects.differing().count() == 1
    follow(correction(K14=2))
    assert not FigureNow.objects.differing().exists()


def test_only_reports_whose_inputs_were_touched_are_looked_at(report):
    from tests.ethnic_data.filling import filled, value

    other = filled([value("07645", "D01", 10)])
    assert services.follow_approval(other) == 0
    assert services.follow_approval(correction(K14=3)) == 1
    job = Job.objects.get(name="compare_figures")
    assert job.subject_id == report.pk
    draft = stage.sample_again(report)
    assert services.follow_approval(correction(K14=4)) == 1
    assert not draft.figures_now.exists()


def test_a_returned_report_keeps_no_comparison(report):
    follow(correction(K14=9))
    services.return_report(report=report, by=member("head"), reason="Sửa", now=stage.NOW)
    assert not FigureNow.objects.exists()
    found = services.compare_report(stage.fresh(report))
    assert services.store_comparison(stage.fresh(report), found) == 0


def test_an_issued_report_is_compared_though_nothing_of_it_changes():
    report = stage.issued(stage.draft())
    follow(correction(K14=9))
    assert services.differing_counts([report]) == {report.pk: 1}


def test_later_corrections_do_not_change_the_answer_from_its_own_revisions(report, capsys):
    correction(K14=9)
    found = {one.figure.query: one for one in map(services.recompute, report.figures.all())}
    assert all(one.is_same for one in found.values())
    call_command("recompute_report", report.pk)
    told = json.loads(capsys.readouterr().out)
    assert told["same"] is True
    assert {one["query"]: one["same"] for one in told["figures"]}["K14"] is True
    assert told["sha256"] == FigureFreeze.objects.get(report=report).sha256


def test_recomputing_finds_a_frozen_value_that_was_tampered_with(report, capsys):
    with triggers_off():
        report.figures.filter(query="K14").update(printed="08")
    with pytest.raises(SystemExit) as end:
        call_command("recompute_report", report.pk)
    assert end.value.code == 1
    told = json.loads(capsys.readouterr().out)
    assert [one["query"] for one in told["figures"] if not one["same"]] == ["K14"]


@pytest.mark.parametrize("wanted", ["0", "999999999"])
def test_recomputing_an_unknown_report_says_so(wanted):
    from django.core.management.base import CommandError

    with pytest.raises(CommandError, match="Không có báo cáo"):
        call_command("recompute_report", wanted)


def test_a_draft_has_nothing_frozen():
    from django.core.management.base import CommandError

    with pytest.raises(CommandError, match="chưa chốt"):
        call_command("recompute_report", stage.draft().pk)


class TestTablesAndCharts:
    """Frozen with the figures, in one record, and made again from the same revisions."""

    @pytest.fixture
    def line(self):
        line = line_of_works()
        pay(line, "300.125", on(31, 3))
        return line

    @pytest.fixture
    def frozen(self, line):
        report = stage.draft()
        for bang in ("area", "thang"):
            placed(report, f"chuong-trinh={line.programme.code}&nam=2023&bang={bang}")
        # frozen now, as the entries of the ledger are written now
        services.send_up(report=report, by=member("specialist"), now=timezone.now())
        return stage.fresh(report)

    def test_their_data_are_in_the_record(self, frozen):
        (freeze,) = frozen.freezes.all()
        first, second = freeze.content["exhibits"]
        assert first["query"].endswith("bang=area")
        assert first["inputs"]["payments"]
        assert len({first["data_sha256"], second["data_sha256"]}) == 2
        assert services.holds(freeze)
        assert services.altered_exhibits(freeze) == []
        freeze.content["exhibits"][0]["data_sha256"] = "0" * 64
        assert services.altered_exhibits(freeze) == [first["id"]]

    def test_made_again_they_are_the_same_whatever_was_paid_since(self, frozen, line):
        pay(line, "100", on(30, 4))
        found = services.recompute_exhibits(frozen)
        assert [one.label for one in found] == ["Bảng 1", "Bảng 2"]
        assert all(one.is_same and one.compared > 5 for one in found)
        assert [one.label for one in services.differing_exhibits(frozen)] == ["Bảng 1", "Bảng 2"]

    def test_after_a_payment_the_job_keeps_how_many_differ(self, frozen, line, client):
        pay(line, "100", on(30, 4))
        assert services.follow_ledger(line.programme) == 1
        drain()
        assert services.differing_counts([frozen]) == {frozen.pk: 2}
        assert services.reports_that_differ(frozen.drafter)[0].differing == 2
        client.force_login(member("specialist"))
        listed = client.get(reverse("reports:report_list")).content.decode()
        assert "2 số liệu, bảng nay đã khác" in listed
        page = client.get(reverse("reports:figure_list", args=[frozen.pk])).content.decode()
        assert "2 bảng, biểu đồ nay khác với dữ liệu" in page
        assert "Bảng 2. " in page
        services.return_report(report=frozen, by=member("head"), reason="Sửa", now=stage.NOW)
        assert not ExhibitNow.objects.exists()

    def test_a_table_of_the_explorer_in_an_issued_report_is_made_again_from_its_revisions(self):
        """The same after the data were corrected; different when what was frozen was changed."""
        day = datetime.timedelta(days=1)
        told = [value(AN_LAC, "N03", 1234), value(HUU_SAN, "N03", 60)]
        one = approved(told, at=stage.NOW - day)
        report = stage.draft()
        placed(report, "ct=N03&hang=don-vi&cap=xa&dv=220&cot=ky&ky=2023", source="explorer")
        report = stage.issued(report)
        assert report.exhibits.get().provenance["datasets"] == [one.dataset_id]
        same = recomputed(report)
        assert (same["same"], same["exhibits"][0]["compared"]) == (True, 3)
        later = approved_again(one, 1300, at=stage.NOW + day)
        assert services.follow_approval(later) == 1
        drain()
        (now,) = report.exhibits_now.all()
        assert (now.cells, now.reason) == (2, ""), "the commune and the sum"
        assert recomputed(report) == same
        with triggers_off():
            exhibit = report.exhibits.get()
            row = next(row for row in exhibit.data["rows"] if row[0] == "Xã An Lạc")
            row[2][0] = ["1.300", "1300"]
            exhibit.save(update_fields=["data"])
        with pytest.raises(SystemExit) as end:
            call_command("recompute_report", report.pk, stdout=io.StringIO())
        assert end.value.code == 1
        (found,) = services.recompute_exhibits(report)
        assert (found.is_same, found.differing, found.compared) == (False, 1, 3)

    def test_a_number_that_was_changed_by_hand_is_found(self, frozen):
        exhibit = frozen.exhibits.first()
        exhibit.data["rows"][-1][2][2] = ["301", "301"]
        found = recompute_exhibit(exhibit, "Bảng 1")
        assert (found.is_same, found.differing) == (False, 1)

    def test_the_page_and_the_command_answer_for_each(self, frozen, client):
        client.force_login(member("specialist"))
        address = reverse("reports:figure_list", args=[frozen.pk])
        page = client.get(f"{address}?tinh-lai=1").content.decode()
        assert "Lập lại bảng, biểu đồ từ dữ liệu đã duyệt lúc chốt" in page
        assert [one["same"] for one in recomputed(frozen)["exhibits"]] == [True, True]
