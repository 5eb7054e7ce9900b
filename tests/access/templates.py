"""Templates of reports, and reports that begin as copies: staff read, drafters write."""

from tests.access.reports import drafters, readers, report, roles
from tests.cast import member


def template(cast):
    from reports.models import ReportTemplate

    kwargs = {"pk": ReportTemplate.objects.published().get(code="2289/QĐ-TTg").pk}
    return kwargs, kwargs


def newer_template(cast):
    from reports.models import ReportTemplate
    from reports.services.templates import new_version

    kwargs = template(cast)[0]
    draft = new_version(
        template=ReportTemplate.objects.get(pk=kwargs["pk"]), by=member("specialist")
    )
    kwargs = {"pk": draft.pk}
    return kwargs, kwargs


def template_section(cast):
    kwargs = newer_template(cast)[0] | {"key": "mo-dau"}
    return kwargs, kwargs


def template_of(**more):
    def given(cast):
        kwargs = newer_template(cast)[0] | more
        return kwargs, kwargs

    return given


def batch(cast):
    from reports.models import Batch
    from tests.reports.batches import made_batch

    kwargs = {"pk": (Batch.objects.first() or made_batch()).pk}
    return kwargs, kwargs


def sheet(cast):
    from reports.models import BatchSheet

    kwargs = batch(cast)[0]
    kwargs["sheet_pk"] = BatchSheet.objects.filter(batch=kwargs["pk"], state="done").first().pk
    return kwargs, kwargs


ROWS = [
    ("reports:batch_list", None, "get", readers()),
    ("reports:batch_detail", batch, "get", readers()),
    ("reports:batch_progress", batch, "get", readers()),
    ("reports:batch_again", batch, "post", drafters(302)),
    ("reports:batch_zip", batch, "get", readers()),
    ("reports:batch_sheet", sheet, "get", readers()),
    ("reports:template_list", None, "get", readers()),
    ("reports:template_create", None, "get", drafters()),
    ("reports:template_detail", template, "get", readers()),
    ("reports:template_compare", newer_template, "get", readers()),
    ("reports:template_new_version", template, "post", drafters(302)),
    ("reports:template_publish", newer_template, "post", roles("head", status=302)),
    ("reports:template_set_in_use", template_of(use="ngung"), "post", roles("head", status=302)),
    # of a version in use, which it refuses in words
    ("reports:template_drop", template, "post", drafters(302)),
    ("reports:template_deadline", template, "post", roles("head", status=302)),
    ("reports:template_edit", newer_template, "get", drafters()),
    ("reports:template_section_add", newer_template, "post", drafters(302)),
    ("reports:template_section", template_section, "get", drafters()),
    (
        "reports:template_section_remove",
        template_of(key="tinh-hinh"),
        "post",
        drafters(302),
    ),
    (
        "reports:template_section_move",
        template_of(key="mo-dau", way="xuong"),
        "post",
        drafters(302),
    ),
    ("reports:template_figures", newer_template, "get", drafters()),
    ("reports:template_figure_insert", newer_template, "post", drafters(422)),
    ("reports:template_exhibits", newer_template, "get", drafters()),
    ("reports:template_exhibit_picker", newer_template, "get", drafters()),
    ("reports:template_exhibit_insert", newer_template, "post", drafters(422)),
    ("reports:template_citations", newer_template, "get", drafters()),
    ("reports:template_citation_insert", newer_template, "post", roles()),
    ("reports:template_from_report", report, "post", drafters(302)),
    ("reports:points", report, "get", drafters()),
    ("reports:points_change", report, "post", drafters(302)),
    ("reports:points_keep", report, "post", drafters(302)),
    ("reports:citation_replace", report, "post", roles()),
    ("reports:section_copy", report, "get", drafters()),
]
