"""Last year's report becomes this year's draft: text kept, figures bound anew, the rest checked."""

import datetime

import pytest

from portal.collection.models import ReportingPeriod
from portal.documents.models import Document
from reports import services
from reports.models import Report, Section
from reports.printing import printed_report
from reports.references import nodes_of
from reports.text import richtext
from tests.cast import member
from tests.ethnic_data.filling import approve, submission, value
from tests.reports import stage

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

NEXT_YEAR = datetime.datetime(2024, 11, 6, 9, tzinfo=stage.ZONE)


@pytest.fixture
def source():
    return stage.draft()


def next_year(source, **given):
    return services.begin_from_report(
        source=source,
        period=ReportingPeriod.objects.get(code="2024"),
        drafter=member("specialist"),
        now=given.pop("now", NEXT_YEAR),
        signatory=member("leader"),
        **given,
    )


def agency_of_2024(**changed):
    from django.db import transaction

    from ethnic_data.store import ObservationStore

    one = submission("CNTT-CO-QUAN", "24", period="2024")
    told = stage.AGENCY | changed
    with transaction.atomic():
        ObservationStore().write(one, [value("24", code, n) for code, n in told.items()], None)
    return approve(one, at=NEXT_YEAR)


def words(report):
    return [richtext.plain(node.row.body) for node in nodes_of(report)]


def test_text_sections_and_recipients_are_kept(source):
    report = next_year(source)
    assert [node.row.title for node in nodes_of(report)] == [
        node.row.title for node in nodes_of(source)
    ]
    assert [one.text for one in report.recipients.all()] == [
        one.text for one in source.recipients.all()
    ]
    assert report.source == source
    assert report.sections.exclude(source=None).count() == source.sections.count()


def test_no_row_is_shared_with_the_old_report(source):
    report = next_year(source)
    keys = {atom.key for node in nodes_of(report) for atom in richtext.atoms(node.row.lines)}
    own = {str(pk) for pk in report.figures.values_list("pk", flat=True)}
    own |= {str(pk) for pk in report.citations.values_list("pk", flat=True)}
    assert keys <= own


def test_every_figure_is_asked_for_the_new_period(source):
    agency_of_2024(K14=5)
    report = next_year(source)
    before = {(one.query, one.style): one.printed for one in source.figures.all()}
    after = {(one.query, one.style): one for one in report.figures.all()}
    assert set(after) == set(before)
    changed = after["K14", "two_digits"]
    assert (changed.was, changed.printed) == ("02", "05")
    assert changed.carried["period"] == "Năm 2023"
    assert changed.provenance["period"] == "Năm 2024"


def test_figures_without_data_of_the_new_period_are_listed(source):
    report = next_year(source)
    points = services.points_of(report)
    assert {one.figure.query for one in points.missing} >= {"K14", "K05"}
    with pytest.raises(services.FiguresMissing):
        services.send_up(report=report, by=member("specialist"), now=NEXT_YEAR)


def test_a_changed_figure_is_shown_until_it_is_seen_and_again_when_it_changes(source):
    agency_of_2024(K14=5)
    report = next_year(source)
    found = services.points_of(report).figures
    assert [one.figure.query for one in found] == ["K14"]
    specialist = member("specialist")
    keys = [one.key for one in found]
    services.keep_points(report=report, keys=keys, by=specialist, now=NEXT_YEAR)
    assert services.points_of(report).figures == []
    with pytest.raises(services.PointGone):
        services.keep_points(report=report, keys=keys, by=specialist, now=NEXT_YEAR)
    figure = report.figures.get(query="K14")
    figure.printed = "06"
    figure.save()
    assert [one.figure.query for one in services.points_of(report).figures] == ["K14"]


def test_words_of_the_old_year_are_changed_where_wanted_and_kept_elsewhere(source):
    report = next_year(source)
    group = next(one for one in services.points_of(report).words if one.found == "năm 2023")
    assert group.offer == "năm 2024"
    count = len(group.points)
    specialist = member("specialist")
    kept, *rest = [point.key for point in group.points]
    services.keep_points(report=report, keys=[kept], by=specialist, now=NEXT_YEAR)
    changed = services.change_words(report=report, keys=rest, by=specialist, now=NEXT_YEAR)
    assert changed == count - 1 > 1
    text = " ".join(words(report)).lower()
    assert text.count("năm 2023") == 1
    left = services.points_of(stage.fresh(report)).words
    assert not [one for one in left if one.found.lower() == "năm 2023"]
    versions = Section.objects.filter(report=report, revision__gt=1)
    assert versions.exists()


def test_figures_and_notes_survive_the_change_of_words(source):
    report = next_year(source)
    before = [atom for node in nodes_of(report) for atom in richtext.atoms(node.row.lines)]
    keys = {point.key for group in services.points_of(report).words for point in group.points}
    services.change_words(report=report, keys=keys, by=member("specialist"), now=NEXT_YEAR)
    after = [atom for node in nodes_of(report) for atom in richtext.atoms(node.row.lines)]
    assert [(one.kind, one.key) for one in after] == [(one.kind, one.key) for one in before]


def test_a_document_that_ended_is_replaced_by_the_registers_relation(source):
    report = next_year(source)
    point = next(
        one
        for one in services.points_of(report).citations
        if one.citation.document.number_and_symbol == "43/2011/NĐ-CP"
    )
    assert "hết hiệu lực từ 15/8/2022" in point.reason
    (offer,) = point.offers
    assert offer.number_and_symbol == "42/2022/NĐ-CP"
    services.replace_citation(
        citation=point.citation, document=offer, by=member("specialist"), now=NEXT_YEAR
    )
    text = " ".join(run for run in words(stage.fresh(report)))
    assert "ngày 24/6/2022 của Chính phủ" in text
    assert "ngày 13/6/2011" not in text
    again = services.points_of(stage.fresh(report)).citations
    assert not [one for one in again if one.citation.pk == point.citation.pk]


def test_documents_of_the_old_year_are_told_with_those_of_the_new_one(source):
    old = Document.objects.get(number="63", symbol="KH-BDT")
    newer = Document.objects.create(
        direction=old.direction,
        number="71",
        symbol="KH-BDT",
        date=datetime.date(2024, 2, 5),
        issuer=old.issuer,
        document_type=old.document_type,
        subject="về Chuyển đổi số, ứng dụng công nghệ thông tin năm 2024",
    )
    point = next(
        one
        for one in services.points_of(next_year(source)).citations
        if one.citation.document == old
    )
    assert point.reason == "ban hành trong kỳ trước (Năm 2023)"
    assert point.offers == (newer,)


def test_a_report_of_2026_stands_under_the_successor_of_the_agency(source):
    report = services.begin_from_report(
        source=source,
        period=ReportingPeriod.objects.get(code="2026"),
        drafter=member("specialist"),
        now=NEXT_YEAR.replace(year=2026),
        signatory=member("leader"),
    )
    printed = printed_report(report)
    assert printed.agency.name == "SỞ DÂN TỘC VÀ TÔN GIÁO"
    assert printed.agency.symbol == "BC-SDTTG"
    assert printed.signature.title == "PHÓ GIÁM ĐỐC"
    offers = {group.found: group.offer for group in services.points_of(report).words}
    assert offers["Ban Dân tộc"] == "Sở Dân tộc và Tôn giáo"
    assert offers["tỉnh Bắc Giang"] == "tỉnh Bắc Ninh"
    assert "Lãnh đạo Sở" in [one.text for one in report.recipients.all()]
    assert "Lãnh đạo Ban" in [one.text for one in source.recipients.all()]
    assert printed_report(source).agency.name == "BAN DÂN TỘC"


def test_remarks_and_labels_by_hand_stay_behind(source):
    services.add_remark(report=source, by=member("head"), text="Sửa câu này", now=stage.NOW)
    report = next_year(source)
    assert not report.remarks.exists()
    assert not report.sections.exclude(manual_label="").exists()


def test_a_query_nobody_declares_any_more_leaves_its_words(source):
    figure = source.figures.get(query="K14")
    figure.query = "da-bo"
    figure.save()
    report = next_year(source)
    assert not report.figures.filter(query="da-bo").exists()
    assert "Không còn tính được" in report.events.get(kind="created").note


def test_a_section_is_taken_over_with_what_is_below_it(source):
    other = stage.sample_again(source)
    section = stage.section(source, "Kết quả thực hiện một số nội dung")
    below = source.sections.filter(parent=section).count()
    copied = services.copy_section(
        section=section, into=other, by=member("specialist"), now=stage.NOW
    )
    assert copied.children.count() == below == 3
    assert services.points_of(other).words == []  # the same period
    figure = other.figures.filter(query="K14")
    assert figure.count() == 1


def test_the_earlier_report_is_found_issued_before_drafts(source):
    period = ReportingPeriod.objects.get(code="2024")
    newer = stage.sample_again(source)
    found = services.earlier_report(source.template, period, member("specialist"))
    assert found == newer
    monthly = ReportingPeriod.objects.get(code="2024-M01")
    assert services.earlier_report(source.template, monthly, member("specialist")) is None


def test_without_an_earlier_report_the_drafter_is_told(source):
    period = ReportingPeriod.objects.get(code="2023")
    with pytest.raises(services.NothingToCopy):
        services.begin_report(
            template=source.template,
            period=period,
            drafter=member("specialist"),
            now=stage.NOW,
            start=services.Start.EARLIER,
        )


def test_a_blank_report_has_no_text_and_leaves_the_template_alone(source):
    template = source.template
    report = services.begin_report(
        template=template,
        period=source.period,
        drafter=member("specialist"),
        now=stage.NOW,
        start=services.Start.BLANK,
    )
    assert not report.sections.exists()
    assert report.recipients.exists()
    assert template.outline


def test_only_drafters_begin_and_copy(source, auditor):
    with pytest.raises(services.NotAllowed):
        services.begin_from_report(
            source=source, period=source.period, drafter=auditor, now=NEXT_YEAR
        )
    assert Report.objects.count() == 1


def test_points_are_settled_in_drafts_only(source):
    agency_of_2024()
    report = next_year(source)
    group = services.points_of(report).words[0]
    services.send_up(report=report, by=member("specialist"), now=NEXT_YEAR)
    for settle in (services.change_words, services.keep_points):
        with pytest.raises(services.NotNow):
            settle(
                report=report,
                keys=[group.points[0].key],
                by=member("specialist"),
                now=NEXT_YEAR,
            )
