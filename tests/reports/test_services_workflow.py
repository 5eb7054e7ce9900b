"""From draft to the signatory: the order of the law, nobody checks an own draft, frozen figures."""

import datetime

import pytest

from portal.jobs.models import Job
from portal.jobs.services import drain
from reports import services
from reports.models import Figure, Rendering, Report, Section, Status
from tests.cast import member
from tests.reports import stage

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


@pytest.fixture
def report():
    return stage.draft()


def step(name, report, who, **given):
    return getattr(services, name)(report=report, by=member(who), now=stage.NOW, **given)


def test_a_report_goes_up_step_by_step(report):
    stage.to_sign(report)
    kinds = list(stage.fresh(report).events.order_by("pk").values_list("kind", "who__username"))
    left = ("form_waived", "form.checker")  # a line for each misprint that is left with a reason
    assert left in kinds
    assert [kind for kind in kinds if kind != left] == [
        ("created", "specialist"),
        ("sent_up", "specialist"),
        ("content_checked", "head"),
        ("form_passed", "form.checker"),
        ("rendered", "form.checker"),
    ]
    assert stage.fresh(report).status == Status.TO_SIGN


@pytest.mark.parametrize(
    ("name", "who"),
    [
        ("send_up", "leader"),
        ("send_up", "clerk"),
        ("pass_content", "specialist"),
        ("pass_content", "form_checker"),
        ("pass_form", "head"),
        ("pass_form", "clerk"),
    ],
)
def test_each_step_belongs_to_one_role(report, name, who):
    with pytest.raises(services.NotAllowed):
        step(name, report, who)


@pytest.mark.parametrize(("name", "who"), [("pass_content", "head"), ("pass_form", "form_checker")])
def test_no_step_is_taken_before_its_time(report, name, who):
    with pytest.raises(services.NotNow):
        step(name, report, who)


def test_the_head_does_not_check_a_draft_of_their_own():
    stage.agency_data()
    own = stage.sample.load(now=stage.NOW, drafter=member("head"), signatory=member("leader"))
    step("send_up", own, "head")
    with pytest.raises(services.OwnReport):
        step("pass_content", own, "head")


def test_the_head_does_not_check_a_draft_they_wrote_in(report):
    section = stage.section(report, "nguồn nhân lực")
    services.edit_section(
        section=section, title=section.title, body="<p>x</p>", by=member("head"), now=stage.NOW
    )
    step("send_up", report, "specialist")
    with pytest.raises(services.OwnReport):
        step("pass_content", report, "head")


def test_missing_data_keep_a_report_from_going_up_and_all_are_listed():
    report = stage.draft(K14=None, K13=None)
    with pytest.raises(services.FiguresMissing) as refusal:
        step("send_up", report, "specialist")
    assert {found.figure.query for found in refusal.value.missing} == {"K13", "K14"}
    for title in ("Số video tuyên truyền", "Số biên chế chuyên trách"):
        assert title in str(refusal.value)
    assert stage.fresh(report).status == Status.DRAFT
    assert not Figure.objects.filter(report=report).exclude(frozen_at=None).exists()


def test_a_list_that_ended_is_told_in_a_report_of_a_later_year():
    report = stage.draft()
    later = datetime.datetime(2026, 2, 3, 9, tzinfo=stage.ZONE)
    Report.objects.filter(pk=report.pk).update(report_date=later.date())
    services.refresh_figures(report=stage.fresh(report), now=later)
    (missing,) = services.missing_figures(report)
    assert "đã hết từ ngày 01/07/2025, do sáp nhập theo Nghị quyết" in missing.reason
    with pytest.raises(services.FiguresMissing, match=r"Hãy bỏ câu dùng số liệu ấy\.$"):
        services.send_up(report=report, by=member("specialist"), now=later)


def test_figures_that_no_sentence_uses_do_not_stand_in_the_way(report):
    services.insert_figure(report=report, query="N01", by=member("specialist"), now=stage.NOW)
    assert report.figures.get(query="N01").value is None
    step("send_up", report, "specialist")
    assert not report.figures.filter(query="N01").exists()


def test_without_a_signatory_nothing_goes_up(report):
    report.signatory = None
    report.save(update_fields=["signatory"])
    with pytest.raises(services.NoSignatory):
        step("send_up", report, "specialist")


def test_sent_up_figures_stay_and_the_report_says_which_now_differ(report):
    stage.in_content_check(report)
    stage.approve(stage.agency_data(is_approved=False, K14=3), at=stage.NOW)
    report = stage.fresh(report)
    assert report.figures.get(query="K14").printed == "02"
    differing = services.differing_figures(report)
    assert [(one.figure.query, one.figure.printed, one.printed_now) for one in differing] == [
        ("K14", "02", "03")
    ]


def test_a_frozen_figure_is_recomputed_from_the_revisions_it_used(report):
    from reports.services.binding import recompute

    stage.in_content_check(report)
    stage.approve(
        stage.agency_data(is_approved=False, K14=3),
        at=stage.NOW + stage.datetime.timedelta(days=30),
    )
    assert recompute(report.figures.get(query="K14")).printed_now == "02"


def test_sent_back_needs_a_reason_and_the_figures_follow_the_data_again(report):
    stage.in_form_check(report)
    with pytest.raises(services.ReasonMissing):
        step("return_report", report, "form_checker", reason="  ")
    back = step("return_report", report, "form_checker", reason="Thiếu dòng Lưu")
    assert (back.status, back.draft_no, back.content_checked_by) == (Status.DRAFT, 2, None)
    assert not back.figures.exclude(frozen_at=None).exists()
    event = back.events.first()
    assert (event.kind, event.note, event.who) == (
        "returned",
        "Thiếu dòng Lưu",
        member("form_checker"),
    )


def test_a_draft_is_sent_back_only_by_the_one_whose_turn_it_is(report):
    stage.in_content_check(report)
    for who in ("form_checker", "leader", "clerk", "specialist"):
        with pytest.raises(services.NotAllowed):
            step("return_report", report, who, reason="x")


def test_asking_twice_lays_out_once(report):
    stage.in_form_check(report)
    first = step("pass_form", report, "form_checker")
    assert step("pass_form", report, "form_checker") == first
    assert Job.objects.filter(name="render_report").count() == 1
    drain()
    assert stage.fresh(report).renderings.count() == 1


def test_while_it_is_laid_out_nobody_sends_it_back(report):
    stage.in_form_check(report)
    step("pass_form", report, "form_checker")
    with pytest.raises(services.BeingRendered):
        step("return_report", report, "form_checker", reason="x")


def broken(report, body):
    """The report at the form check with a text that no editor would have stored."""
    Section.objects.filter(pk=stage.section(report, "nguồn nhân lực").pk).update(body=body)
    stage.in_form_check(report)
    step("pass_form", report, "form_checker")
    drain()
    return stage.fresh(report)


def test_a_text_that_cannot_be_printed_leaves_the_report_where_it_is(report, monkeypatch):
    words = "<p>\U0001f600 mặt cười</p>"
    report = broken(report, words)
    rendering = report.renderings.get()
    assert report.status == Status.FORM_CHECK
    assert (rendering.state, report.rendering) == (Rendering.State.REFUSED, None)
    assert "không có ký tự" in rendering.problem
    assert report.form_checked_by is None


def test_a_refused_report_is_sent_back_mended_and_goes_up_again(report):
    report = broken(report, "<p>\U0001f600</p>")
    step("return_report", report, "form_checker", reason="Bỏ mặt cười")
    section = stage.section(report, "nguồn nhân lực")
    services.edit_section(
        section=section,
        title=section.title,
        body="<p>Đã sửa.</p>",
        by=member("specialist"),
        now=stage.NOW,
    )
    assert stage.to_sign(stage.fresh(report)).status == Status.TO_SIGN


@pytest.mark.parametrize(
    "body",
    [
        '<p>a</p><img src="file:///etc/passwd">',
        '<p><img src="http://127.0.0.1:1/x.png">a</p>',
        '<p>có <span data-figure="999999">02</span> phim</p>',
        '<p>theo<span data-citation="999999"></span></p>',
    ],
)
def test_what_was_put_into_the_table_behind_the_editor_stops_with_a_sentence(report, body):
    Section.objects.filter(pk=stage.section(report, "nguồn nhân lực").pk).update(body=body)
    with pytest.raises(services.REFUSALS) as refusal:
        step("send_up", report, "specialist")
    assert str(refusal.value).endswith((".", "lại."))
    assert stage.fresh(report).status == Status.DRAFT


def test_the_layout_and_the_evidence_are_kept(report):
    rendering = stage.to_sign(report).rendering
    assert rendering.pages == 5
    assert set(rendering.layout) == {
        "line_height", "number", "date", "signature", "seal", "annex_references",
    }  # fmt: skip
    assert rendering.layout["signature"]["page"] == 4
    assert len(rendering.evidence["figures"]) == 11
    file = rendering.files.get()
    assert file.content().startswith(b"%PDF-")
    assert file.size == len(file.content())


def test_a_layout_that_gave_up_can_be_asked_for_again_or_sent_back(report, monkeypatch):
    def break_down(*args, **given):
        raise MemoryError

    stage.in_form_check(report)
    rendering = step("pass_form", report, "form_checker")
    with monkeypatch.context() as patch:
        patch.setattr(services, "lay_out", break_down)
        with pytest.raises(RuntimeError, match="Mã hỗ trợ"):
            drain()
    assert services.failed_job(rendering).state == Job.State.FAILED
    assert step("pass_form", report, "form_checker") == rendering
    drain()
    assert stage.fresh(report).status == Status.TO_SIGN


def test_a_report_whose_layout_gave_up_can_be_sent_back(report, monkeypatch):
    stage.in_form_check(report)
    rendering = step("pass_form", report, "form_checker")
    Job.objects.filter(subject_id=rendering.pk).update(state="failed", finished_at=stage.NOW)
    back = step("return_report", report, "form_checker", reason="Kết xuất không được")
    assert back.status == Status.DRAFT
    rendering.refresh_from_db()
    assert "Mã hỗ trợ" in rendering.problem
