"""Reports: read by the staff, moved on by the role whose turn it is; verifying is open."""

from tests.access.accounts import everybody
from tests.cast import member
from tests.reports import stage

READERS = ["specialist", "head", "form_checker", "leader", "clerk", "auditor"]


def roles(*names, status=200, others=404):
    """`status` for these roles, 404 for the rest, sign-in for strangers."""
    return everybody(others, anonymous="login", **dict.fromkeys(names, status))


def readers(status=200):
    return roles(*READERS, status=status)


def drafters(status=200):
    return roles("specialist", "head", status=status)


def report(cast):
    from reports import sample
    from reports.models import Report

    found = Report.objects.first() or sample.load(
        now=stage.NOW, drafter=member("specialist"), signatory=member("leader")
    )
    kwargs = {"pk": found.pk}
    return kwargs, kwargs


def late(cast):
    kwargs = {"dataset": "BIEU-05", "period": "2023"}
    return kwargs, kwargs


def of(**more):
    def given(cast):
        kwargs = report(cast)[0] | more
        return kwargs, kwargs

    return given


def section(cast):
    from reports.models import Section

    kwargs = report(cast)[0]
    kwargs["section_pk"] = Section.objects.filter(report=kwargs["pk"]).first().pk
    return kwargs, kwargs


def section_with_more(cast):
    from reports.models import Section

    kwargs = report(cast)[0]
    kwargs["section_pk"] = Section.objects.filter(children__report=kwargs["pk"]).first().pk
    return kwargs, kwargs


def moved_section(cast):
    kwargs = section(cast)[0] | {"way": "xuong"}
    return kwargs, kwargs


def remark(cast):
    from reports.models import Report
    from reports.services import add_remark

    kwargs = report(cast)[0]
    found = add_remark(
        report=Report.objects.get(pk=kwargs["pk"]),
        by=member("head"),
        text="Nêu rõ số lớp.",
        now=stage.NOW,
    )
    kwargs["remark_pk"] = found.pk
    return kwargs, kwargs


def given_section(cast):
    from reports import services
    from reports.models import Section, SectionShare

    kwargs = section(cast)[0]
    if not SectionShare.objects.open().filter(section=kwargs["section_pk"]).exists():
        services.give_section(
            section=Section.objects.get(pk=kwargs["section_pk"]),
            person=member("head"),
            due_date=stage.DAY,
            by=member("specialist"),
            now=stage.NOW,
        )
    return kwargs, kwargs


def waiver(cast):
    """At the form check, so that only its last taker takes it away."""
    from reports import services

    found = stage.at_form_check(stage.draft())
    (kept,) = services.waive(
        report=found,
        fingerprints=[services.form_list(found).open[0].fingerprint],
        reason="Trích nguyên văn",
        by=member("form_checker"),
        now=stage.NOW,
    )
    kwargs = {"pk": found.pk, "waiver_pk": kept.pk}
    return kwargs, kwargs


def issued(cast):
    from reports.models import Report

    found = Report.objects.issued().first() or stage.issued(stage.draft(), is_public=True)
    kwargs = {"code": found.verify_code}
    return kwargs, kwargs


def public_annex(cast):
    from reports.models import AnnexFile
    from reports.services import add_annex
    from tests.reports.books import book

    made = AnnexFile.objects.filter(report__document__is_public=True).first()
    if made is None:
        by, draft = member("specialist"), stage.draft()
        made = add_annex(report=draft, by=by, title="Biểu", content=book(), now=stage.NOW)
        stage.issued(draft, is_public=True)
    kwargs = {"code": made.report.verify_code, "annex_pk": made.pk}
    return kwargs, kwargs


def prepared(cast):
    from reports.models import Report, Status

    found = Report.objects.filter(status=Status.TO_SIGN).first() or stage.to_sign(stage.draft())
    return found


def prepared_file(cast):
    kwargs = {"pk": prepared(cast).pk, "stage": "prepared"}
    return kwargs, kwargs


def to_take_away(cast):
    kwargs = {"pk": prepared(cast).pk, "taking": "lanh-dao"}
    return kwargs, kwargs


def kept(cast):
    from tests.reports.office.factories import FindingFactory

    kwargs = {"kind": "thuan-loi-kho-khan", "pk": FindingFactory().pk}
    return kwargs, kwargs


def kept_kind(cast):
    kwargs = {"kind": "ke-hoach"}
    return kwargs, kwargs


def plan(cast):
    from tests.reports.office.factories import PlanFactory

    kwargs = {"plan_pk": PlanFactory().pk}
    return kwargs, kwargs


def plan_task(cast):
    from tests.reports.office.factories import PlanTaskFactory

    task = PlanTaskFactory()
    kwargs = {"plan_pk": task.plan_id, "pk": task.pk}
    return kwargs, kwargs


def a_letter_given_out(cast):
    from tests.documents.incoming import given

    kwargs = {"pk": given().pk}
    return kwargs, kwargs


def grant(cast):
    from tests.reports.test_services_granting import granted

    kwargs = {"pk": granted().pk}
    return kwargs, kwargs


def annex(cast):
    from reports.models import Report
    from reports.services import add_annex
    from tests.reports.books import book

    found = Report.objects.get(pk=report(cast)[0]["pk"])
    made = found.annex_files.first() or add_annex(
        report=found, by=member("specialist"), title="Biểu", content=book(), now=stage.NOW
    )
    kwargs = {"pk": found.pk, "annex_pk": made.pk}
    return kwargs, kwargs


def kept_annex(cast):
    """Of a report that went up: nobody takes it away any more."""
    from reports.services import add_annex
    from tests.reports.books import book

    found = stage.draft()
    made = add_annex(
        report=found, by=member("specialist"), title="Biểu", content=book(), now=stage.NOW
    )
    stage.in_content_check(found)
    kwargs = {"pk": found.pk, "annex_pk": made.pk}
    return kwargs, kwargs


def certificate(cast):
    from reports.models import Certificate

    found = Certificate.objects.first() or stage.certificates(prepared(cast))[0]
    kwargs = {"pk": found.pk}
    return kwargs, kwargs


ROWS = [
    ("reports:recall", report, "post", drafters(302)),
    ("reports:replace", report, "post", drafters(302)),
    ("reports:correct", report, "post", drafters(302)),
    ("reports:withdraw", report, "post", roles("leader", status=302)),
    ("reports:file_away", report, "post", roles("clerk", status=302)),
    ("reports:send_again", report, "post", roles("clerk", status=302)),
    ("reports:grant_list", None, "get", readers()),
    ("reports:grant_create", None, "post", roles("leader", "clerk", status=422)),
    ("reports:grant_revoke", grant, "post", roles("leader", "clerk", status=302)),
    ("reports:office", None, "get", readers(302)),
    ("reports:kept_list", kept_kind, "get", readers()),
    ("reports:kept_create", kept_kind, "get", drafters()),
    ("reports:kept_edit", kept, "get", drafters()),
    ("reports:kept_remove", kept, "post", drafters(302)),
    ("reports:plan_detail", plan, "get", readers()),
    ("reports:task_create", plan, "get", drafters()),
    ("reports:task_edit", plan_task, "get", drafters()),
    ("reports:task_remove", plan_task, "post", drafters(302)),
    ("reports:take_records", section, "get", drafters()),
    ("reports:assignment_reports", a_letter_given_out, "get", readers()),
    ("reports:report_list", None, "get", readers()),
    ("reports:report_create", None, "get", drafters()),
    ("reports:reminder_create", late, "post", drafters(302)),
    ("reports:report_detail", report, "get", readers()),
    ("reports:pages", report, "get", readers()),
    ("reports:preview", report, "get", readers()),
    ("reports:word", report, "get", readers()),
    ("reports:figure_list", report, "get", readers()),
    ("reports:history", report, "get", readers()),
    ("reports:progress", report, "get", readers()),
    ("reports:file", prepared_file, "get", readers()),
    ("reports:edit", report, "get", drafters(302)),
    ("reports:facts_edit", report, "get", drafters()),
    ("reports:figures_refresh", report, "post", drafters(302)),
    ("reports:section_add", report, "get", drafters()),
    ("reports:section_edit", section, "get", drafters()),
    ("reports:section_remove", section_with_more, "post", drafters(302)),
    ("reports:section_preview", section, "get", drafters()),
    ("reports:section_give", section, "post", drafters(302)),
    ("reports:section_finish", given_section, "post", drafters(302)),
    ("reports:section_take_back", given_section, "post", drafters(302)),
    ("reports:report_compare", report, "get", readers()),
    ("reports:section_versions", section, "get", readers()),
    ("reports:section_move", moved_section, "post", drafters(302)),
    ("reports:section_place", section, "post", drafters(302)),
    ("reports:figure_picker", report, "get", drafters()),
    ("reports:figure_insert", report, "post", drafters(422)),
    ("reports:citation_picker", report, "get", drafters()),
    ("reports:citation_insert", report, "post", roles()),
    ("reports:citation_list", report, "get", drafters()),
    ("reports:exhibit_picker", report, "get", drafters()),
    ("reports:exhibit_insert", report, "post", drafters(422)),
    ("reports:exhibit_list", report, "get", drafters()),
    ("reports:exhibit_hand", None, "get", drafters()),
    ("reports:send_up", report, "post", drafters(302)),
    ("reports:pass_content", report, "post", roles("head", status=302)),
    ("reports:form_check", report, "get", readers()),
    ("reports:form_mend", report, "post", drafters(302)),
    (
        "reports:form_waive",
        report,
        "post",
        roles("specialist", "head", "form_checker", status=302),
    ),
    ("reports:waiver_accept", waiver, "post", roles("form_checker", status=302)),
    (
        "reports:waiver_withdraw",
        waiver,
        "post",
        roles("specialist", "head", "form_checker", status=302),
    ),
    ("reports:text_check", None, "get", readers()),
    ("reports:pass_form", report, "post", roles("form_checker", status=302)),
    (
        "reports:return",
        report,
        "post",
        roles("head", "form_checker", "leader", "clerk", status=302),
    ),
    (
        "reports:remark_add",
        report,
        "post",
        roles("specialist", "head", "form_checker", "leader", "clerk", status=302),
    ),
    *(
        (
            name,
            remark,
            "post",
            roles("specialist", "head", "form_checker", "leader", "clerk", status=302),
        )
        for name in ("reports:remark_resolve", "reports:remark_answer")
    ),
    ("reports:sign", report, "get", roles("leader")),
    ("reports:signing_queue", None, "get", roles("leader")),
    ("reports:sign_many", None, "post", roles("leader")),
    ("reports:direct", report, "post", roles("leader", status=302)),
    ("reports:annex_list", report, "get", readers()),
    ("reports:annex_file", annex, "get", readers()),
    ("reports:annex_as_sealed", annex, "get", readers(404)),
    ("reports:annex_remove", kept_annex, "post", drafters(302)),
    ("reports:number", report, "get", roles("clerk")),
    ("reports:seal", report, "get", roles("clerk")),
    ("reports:issue", report, "post", roles("clerk", status=302)),
    ("reports:take_away", to_take_away, "get", roles("leader")),
    ("reports:take_back", to_take_away, "post", roles("leader", "clerk", status=302)),
    ("reports:certificate_list", None, "get", roles("administrator")),
    ("reports:certificate_withdraw", certificate, "post", roles("administrator", status=302)),
    ("reports:verify", None, "get", everybody(200)),
    ("reports:verify_report", issued, "get", everybody(200)),
    ("reports:verify_file", issued, "get", everybody(200)),
    ("reports:verify_annex", public_annex, "get", everybody(200)),
]
