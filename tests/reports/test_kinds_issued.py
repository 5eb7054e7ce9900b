"""Four kinds of report beside the sample's, from their outline to the issued and verified file."""

import datetime
import re
from decimal import Decimal

import pytest

from portal.collection.models import ReportingPeriod
from portal.jobs.services import drain
from programs.models import Programme
from reports import figures as registry
from reports import services
from reports.models import Level, ReportTemplate, Status
from reports.printing import printed_extract
from tests.cast import member
from tests.ethnic_data.filling import AN_LAC, approved, value
from tests.programs.factories import line_of_works, pay
from tests.reports import copying, stage
from tests.reports.books import book
from tests.reports.signed_sample import tool

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

DAY = datetime.date(2023, 11, 6)
WRITTEN = "đã hoàn thành theo kế hoạch được giao"


@pytest.fixture(autouse=True)
def every_figure_has_a_value(monkeypatch):
    """What the figures are is tested with their queries; here they only have to be there."""
    told = registry.Computed(Decimal(12), "", provenance={})
    monkeypatch.setattr(registry, "ask", lambda query, scope: told)


@pytest.fixture(autouse=True)
def data_of_the_tables():
    """Money of the programme, and people by zone."""
    programme = Programme.objects.get(code="1719")
    line = line_of_works(programme=programme, component=programme.components.get(code="DA4"))
    pay(line, 250, datetime.date(2023, 3, 31))
    approved([value(AN_LAC, code, 900) for code in ("D01", "D02", "D03")])


def written(body):
    """Words in place of the outline's dots: a sentence where they stand alone."""
    alone = re.sub(r">…[.;]?<", ">Đã hoàn thành theo kế hoạch được giao.<", body)
    return re.sub(r"…[.;]?(?=<)", f"{WRITTEN}.", alone).replace("…", WRITTEN)


def drafted(code, period):
    """From the outline, with words where the outline leaves dots."""
    report = services.create_from_template(
        template=ReportTemplate.objects.current().get(code=code),
        period=ReportingPeriod.objects.get(code=period),
        drafter=member("specialist"),
        now=stage.NOW,
        report_date=DAY,
        signatory=member("leader"),
        is_demo=True,
    )
    for section in report.sections.present():
        if "…" in section.body:
            services.edit_section(
                section=section,
                by=member("specialist"),
                now=stage.NOW,
                title=section.title,
                level=section.level,
                manual_label=section.manual_label,
                body=written(section.body),
                revision=section.revision,
            )
    return report


def issued(report):
    """On the whole way of the law, each step by the person whose step it is."""
    services.send_up(report=report, by=member("specialist"), now=stage.NOW)
    services.pass_content(report=report, by=member("head"), now=stage.NOW)
    report = stage.fresh(report)
    wrong = [row.departure for row in services.form_list(report).open if row.is_wrong]
    assert [(one.message, one.quote) for one in wrong] == []
    services.pass_form(report=report, by=member("form_checker"), now=stage.NOW)
    drain()
    report = stage.fresh(report)
    assert report.status == Status.TO_SIGN, report.renderings.first().problem
    stage.certificates(report)
    services.sign(report=report, by=member("leader"), passphrase=stage.PASSPHRASE, now=stage.NOW)
    return stage.issued_from_signed(stage.fresh(report))


@pytest.mark.parametrize(
    ("code", "period", "words"),
    [
        ("CTDT-QUY", "2023-Q3", "công tác dân tộc quý III năm 2023"),
        ("CTMTQG-GN", "2023-M10", "giải ngân vốn"),
        ("CTMTQG-DG", "2023", "Kết quả thực hiện Chương trình mục tiêu quốc gia"),
        ("CDS-NAM", "2023", "chuyển đổi số"),
    ],
)
def test_a_report_of_this_kind_goes_from_outline_to_issue(code, period, words):
    report = issued(drafted(code, period))
    pdf = services.issued_file(report).content()
    assert services.verify_file(pdf).verdict.genuine
    assert tool("pdfsig", pdf).count("Signature is Valid") == 2
    text = " ".join(copying.text_of(pdf).split())
    assert report.number_and_symbol.split("/")[0] in text
    assert words in text
    assert "./." in text
    assert "…" not in text, "no blank of the outline is issued"


def test_the_yearly_evaluation_goes_out_with_annexes_inside_and_beside():
    report = drafted("CTMTQG-DG", "2023")
    services.add_section(
        report=report, by=member("specialist"), now=stage.NOW, title="Danh mục công trình",
        level=Level.WIDE_ANNEX, parent=None,
    )  # fmt: skip
    annex = report.sections.get(title="Danh mục công trình")
    first = report.sections.present().first()
    for section, body in (
        (annex, "<p>Công trình đường bê tông thôn Nà Vàng.</p>"),
        (first, f"{first.body}<p>Danh mục công trình tại Phụ lục IV kèm theo báo cáo này.</p>"),
    ):
        services.edit_section(
            section=section, by=member("specialist"), now=stage.NOW, title=section.title,
            level=section.level, manual_label="", body=body, revision=section.revision,
        )  # fmt: skip
    services.add_annex(
        report=report, by=member("specialist"), title="Biểu giải ngân", content=book(),
        now=stage.NOW,
    )  # fmt: skip
    report = issued(report)
    sealed = report.annex_files.get().sealed
    line = copying.text_of(copying.content_of(sealed.file))
    assert f"Số: {report.number_and_symbol}; 06/11/2023" in line
    pdf = services.issued_file(report).content()
    text = copying.text_of(pdf)
    assert "DANH MỤC CÔNG TRÌNH" in text
    line = f"(Kèm theo Báo cáo số {report.number_and_symbol} ngày 06 tháng 11 năm 2023"
    assert text.count(line) == 4
    assert services.verify_file(pdf).verdict.genuine
    (extract, *_) = printed_extract(report, {annex.pk}).annexes
    assert extract.reference == f"{line} của Ban Dân tộc tỉnh Bắc Giang)"


def test_a_report_with_blanks_of_its_outline_does_not_go_up():
    report = services.create_from_template(
        template=ReportTemplate.objects.current().get(code="CTDT-QUY"),
        period=ReportingPeriod.objects.get(code="2023-Q3"),
        drafter=member("specialist"), now=stage.NOW, report_date=DAY, signatory=member("leader"),
    )  # fmt: skip
    with pytest.raises(services.PartsUnfinished, match="còn 10 chỗ chưa viết"):
        services.send_up(report=report, by=member("specialist"), now=stage.NOW)
