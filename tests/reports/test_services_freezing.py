"""Frozen figures: one hashed record, kept against today's data, recomputed from their revisions."""

import datetime
import hashlib
import io
import json

import pikepdf
import pytest
from django.core.management import call_command
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from portal.jobs.models import Job
from portal.jobs.services import drain
from reports import services
from reports.models import FigureFreeze, FigureNow
from reports.services.exhibits import recompute_exhibit
from tests.cast import member
from tests.programs.factories import line_of_works, pay
from tests.programs.test_ledger import on
from tests.reports import stage

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
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")  # triggers are off
        report.figures.filter(query="K14").update(printed="08")
        cursor.execute("SET session_replication_role = DEFAULT")
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
            query = f"chuong-trinh={line.programme.code}&nam=2023&bang={bang}"
            told = {"kind": "table", "source": "programme", "query": query}
            exhibit = services.insert_exhibit(
                report=report, by=member("specialist"), now=timezone.now(), **told
            )
            section = report.sections.get(title__startswith="Thuận lợi")
            atom = f'<p><span data-exhibit="{exhibit.pk}"></span></p>'
            services.edit_section(
                section=section,
                by=member("specialist"),
                title=section.title,
                body=section.body + atom,
                now=timezone.now(),
            )
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
        told = io.StringIO()
        call_command("recompute_report", frozen.pk, stdout=told)
        answer = json.loads(told.getvalue())
        assert [one["same"] for one in answer["exhibits"]] == [True, True]
