"""Templates written in the browser: drafts, versions that never change, comparing, deadlines."""

import datetime

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from portal.collection.models import ReportingPeriod
from portal.documents.models import Document, DocumentType
from reports import services
from reports.models import ReportTemplate
from reports.printing import printed_report
from reports.rendering import Table
from reports.services import templates
from reports.services.exhibits import freeze_exhibits
from reports.text import richtext
from tests.cast import member
from tests.programs.factories import line_of_works, pay
from tests.programs.test_ledger import on
from tests.reports import stage

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


@pytest.fixture
def used():
    return ReportTemplate.objects.current().get(code="2289/QĐ-TTg")


@pytest.fixture
def draft(used):
    return templates.new_version(template=used, by=member("specialist"))


def publish(draft, by="head", note="Thêm mục"):
    return templates.publish(template=draft, by=member(by), now=stage.NOW, note=note)


def edit(draft, key="mo-dau", **given):
    told = {"title": "", "body": "<p>Căn cứ</p>", "level": "plain"} | given
    return templates.edit_section(template=draft, by=member("specialist"), key=key, **told)


def fresh(template):
    return ReportTemplate.objects.get(pk=template.pk)


def body(template, key="mo-dau"):
    rows, place = templates.find(fresh(template).outline, key)
    return rows[place]["body"]


def test_a_version_in_use_never_changes_by_whatever_road(used):
    with pytest.raises(templates.TemplatePublished):
        edit(used)
    with pytest.raises(IntegrityError, match="đã đưa vào dùng"), transaction.atomic():
        ReportTemplate.objects.filter(pk=used.pk).update(title="Khác")
    with pytest.raises(IntegrityError, match="đã đưa vào dùng"), transaction.atomic():
        used.delete()


def test_a_new_version_is_drafted_once_and_used_after_it_is_published(used, draft):
    assert (draft.version, draft.is_draft) == (used.version + 1, True)
    assert templates.new_version(template=used, by=member("head")) == draft
    assert ReportTemplate.objects.current().get(code=used.code) == used
    edit(draft)
    published = publish(draft)
    assert ReportTemplate.objects.current().get(code=used.code) == published
    assert (published.published_by, published.change_note) == (member("head"), "Thêm mục")
    with pytest.raises(templates.TemplatePublished):
        publish(draft)


def test_a_report_stays_with_the_version_it_began_with(used):
    report = stage.draft()
    publish(templates.new_version(template=used, by=member("specialist")))
    assert stage.fresh(report).template == used


def test_who_drafts_does_not_put_into_use(draft):
    with pytest.raises(services.NotAllowed):
        publish(draft, by="specialist")
    with pytest.raises(services.NotAllowed):
        templates.new_version(template=draft, by=member("auditor"))


def test_the_second_of_two_writers_of_a_section_is_told(draft):
    rows, place = templates.find(draft.outline, "mo-dau")
    seen = templates.mark_of(rows[place])
    edit(draft, body="<p>Một</p>", seen=seen)
    with pytest.raises(templates.SectionChanged):
        edit(draft, body="<p>Hai</p>", seen=seen)
    assert body(draft) == "<p>Một</p>"


def test_text_is_kept_in_canonical_form_and_what_loads_is_refused(draft):
    edit(draft, body='<p style="color:red">Chữ <b>đậm</b></p>')
    assert body(draft) == "<p>Chữ <strong>đậm</strong></p>"
    with pytest.raises(richtext.RefusedContent):
        edit(draft, body='<p><img src="x"></p>')
    with pytest.raises(templates.UnknownInTemplate):
        edit(draft, body='<p><span data-figure="la">1</span></p>')


def test_sections_are_added_moved_and_taken_out(draft):
    specialist = member("specialist")
    key = templates.add_section(
        template=draft, by=specialist, title="Mục mới", level="arabic", parent="tinh-hinh"
    )
    labels = {
        node.row.row.get("title"): node.label for node in templates.nodes(fresh(draft).outline)
    }
    assert labels["Mục mới"] == "3."
    assert templates.move_section(template=draft, by=specialist, key=key, up=True)
    assert not templates.move_section(template=draft, by=specialist, key="mo-dau", up=True)
    with pytest.raises(templates.SectionHasMore):
        templates.remove_section(template=draft, by=specialist, key="tinh-hinh")
    templates.remove_section(template=draft, by=specialist, key=key)
    with pytest.raises(templates.SectionGone):
        edit(draft, key=key)


def test_figures_and_citations_of_the_template_reach_the_report(draft):
    specialist = member("specialist")
    stage.agency_data()
    name = templates.insert_figure(template=draft, by=specialist, query="K14", style="two_digits")
    assert (
        templates.insert_figure(template=draft, by=specialist, query="K14", style="two_digits")
        == name
    )
    document = Document.objects.get(number="459", symbol="KH-BDT")
    note = templates.insert_citation(template=draft, by=specialist, document=document)
    text = (
        f'<p>{{ky_dau_cau}}, {{co_quan}} đăng <span data-figure="{name}">x</span> video'
        f'<span data-citation="{note}"></span>.</p>'
    )
    edit(draft, body=text)
    report = services.begin_report(
        template=publish(draft),
        period=ReportingPeriod.objects.get(code="2023"),
        drafter=specialist,
        now=stage.NOW,
    )
    section = stage.section(report, "video")
    assert richtext.plain(section.body).startswith("Năm 2023, Ban Dân tộc đăng")
    assert report.figures.get(query="K14").printed == "02"
    assert report.citations.filter(document=document).exists()


def test_an_unknown_figure_is_refused(draft):
    from reports.figures import UnknownFigure

    with pytest.raises(UnknownFigure):
        templates.insert_figure(template=draft, by=member("specialist"), query="khong-co")


def test_two_versions_are_compared_word_by_word(used, draft):
    edit(draft, body="<p>Căn cứ văn bản khác; Ban Dân tộc báo cáo</p>")
    templates.add_section(template=draft, by=member("specialist"), title="Mới", level="roman")
    templates.edit_facts(
        template=draft, by=member("specialist"), facts={"title": "Tên khác"}, recipients=[]
    )
    found = {one.name: one for one in templates.differences(used, fresh(draft))}
    added = [change.text for change in found["Tên đề cương"].body if change.kind == "added"]
    assert "khác" in " ".join(added)
    assert found["Nơi nhận"].kind == "changed"
    assert found["Đoạn văn"].kind == "changed"
    assert found["IV. Mới"].kind == "added"
    assert templates.differences(used, used) == []


def test_a_report_becomes_a_template_with_the_words_of_its_period_as_names():
    report = stage.draft()
    made = templates.template_from_report(
        report=report, title="Kết quả chuyển đổi số", by=member("specialist")
    )
    assert made.is_draft
    assert made.code == "KQCDS"
    again = templates.template_from_report(
        report=report, title="Kết quả chuyển đổi số", by=member("specialist")
    )
    assert again.code == "KQCDS-2"
    words = str(made.outline)
    assert "năm {nam}" in words
    assert "năm 2023" not in words
    assert len(made.figures) == report.figures.count()
    assert made.recipients[0]["text"] == report.recipients.first().text
    published = publish(made)
    copy = services.begin_report(
        template=published, period=report.period, drafter=member("specialist"), now=stage.NOW
    )
    assert copy.figures.count() == report.figures.count()
    assert richtext.plain(copy.sections.all()[0].body)


def test_a_template_out_of_use_begins_no_reports(used):
    assert templates.set_in_use(template=used, by=member("head"), in_use=False)
    assert not ReportTemplate.objects.for_reports().filter(code=used.code).exists()
    templates.set_in_use(template=used, by=member("head"), in_use=True)
    assert ReportTemplate.objects.for_reports().filter(code=used.code).exists()


def test_a_template_without_sections_is_not_put_into_use():
    empty = templates.new_template(
        code="MOI",
        title="Mới",
        subject="Về việc mới",
        document_type=DocumentType.objects.get(code="BC"),
        by=member("specialist"),
    )
    with pytest.raises(templates.TemplateEmpty):
        publish(empty)
    with pytest.raises(templates.CodeTaken):
        templates.new_template(
            code="moi",
            title="Mới",
            subject="x",
            document_type=empty.document_type,
            by=member("specialist"),
        )
    templates.drop_draft(template=empty, by=member("specialist"))
    assert not ReportTemplate.objects.filter(code="MOI").exists()


def test_deadlines_are_dated_and_stay_written(used):
    def rule(since, **given):
        told = {"months": 0, "day": 10} | given
        return templates.set_deadline(template=used, by=member("head"), valid_from=since, **told)

    first = rule(datetime.date(2019, 1, 1), day=31, months=2)
    rule(datetime.date(2024, 1, 1), day=20)
    assert first.due(datetime.date(2022, 12, 31)) == datetime.date(2023, 2, 28)
    assert templates.deadline_on(used.code, datetime.date(2022, 12, 31)).day == 31
    assert templates.deadline_on(used.code, datetime.date(2024, 5, 1)).day == 20
    with pytest.raises(ValidationError):
        rule(datetime.date(2024, 1, 1))
    with pytest.raises(ValidationError):
        rule(datetime.date(2025, 1, 1), day=32)


def test_the_usual_signatory_signs_while_they_may(used, draft):
    templates.edit_facts(
        template=draft, by=member("specialist"), facts={"signatory": member("leader")}
    )
    published = publish(draft)
    stage.agency_data()

    def begun():
        return services.begin_report(
            template=fresh(published),
            period=ReportingPeriod.objects.get(code="2023"),
            drafter=member("specialist"),
            now=stage.NOW,
        )

    assert begun().signatory == member("leader")
    leader = member("leader")
    leader.is_active = False
    leader.save()
    assert begun().signatory is None


class TestWhatIsStillToBeWritten:
    """What a template leaves to the drafter keeps a report from going up, place by place."""

    def test_every_place_is_named_and_the_words_around_it(self):
        line = line_of_works()
        report = begun_with(line, "Ban đã ban hành: …</p><p>…</p><p>Lập cho {don_vi}</p><p>Xong.")
        assert services.unfinished_parts(report) == [
            ("Đoạn văn", "Ban đã ban hành: …"),
            ("Đoạn văn", "…"),
            ("Đoạn văn", "Lập cho {don_vi}"),
        ]

    def test_it_does_not_go_up(self):
        report = begun_with(line_of_works(), "Ban đã ban hành: …")
        report.signatory = member("leader")
        report.save()
        with pytest.raises(services.PartsUnfinished, match="còn 1 chỗ chưa viết"):
            services.send_up(report=report, by=member("specialist"), now=stage.NOW)

    @pytest.mark.parametrize(
        "words", ["Các việc khác như rà soát, thống kê…", "Từ “nghèo…” đến hết.", "Đạt 7,5..."]
    )
    def test_three_dots_of_a_sentence_are_words(self, words):
        assert services.unfinished_parts(begun_with(line_of_works(), words)) == []


class TestTablesAndCharts:
    """A template places tables and charts; a report begins with them made from the data."""

    def test_a_report_begins_with_its_tables_made_for_its_period(self):
        line = line_of_works()
        pay(line, "300.125", on(31, 3))
        report = begun_with(line, "Tình hình năm {nam}: ")
        (exhibit,) = report.exhibits.all()
        assert "nam=2023" in exhibit.query
        assert exhibit.rows[-1][2][2][0] == "300,125"
        (table,) = [block for block in printed_report(report).blocks if isinstance(block, Table)]
        assert table.caption == "Bảng 1. Vốn năm 2023"

    def test_one_that_cannot_be_made_yet_keeps_the_report_from_going_up(self):
        line = line_of_works()
        report = begun_with(line, "", query="chuong-trinh=9999&nam={nam}")
        (exhibit,) = report.exhibits.all()
        assert exhibit.problem == "Không có chương trình này."
        with pytest.raises(services.ExhibitsMissing, match="Không có chương trình này"):
            freeze_exhibits(report, now=stage.NOW)

    def test_a_report_with_a_table_becomes_a_template_with_it(self):
        line = line_of_works()
        pay(line, "300.125", on(31, 3))
        report = begun_with(line, "")
        made = templates.template_from_report(report=report, title="Vốn", by=member("specialist"))
        (row,) = made.exhibits.values()
        assert row["title"] == "Vốn năm {nam}"
        assert "nam={nam}" in row["query"]
        (name,) = made.exhibits
        assert f'data-exhibit="{name}"' in made.outline[0]["body"]

    def test_the_text_of_a_template_places_only_its_own_tables(self, draft):
        with pytest.raises(templates.UnknownInTemplate):
            templates.edit_section(
                template=draft,
                by=member("specialist"),
                key=draft.outline[0]["key"],
                title="",
                body='<p><span data-exhibit="la"></span></p>',
                level="plain",
            )


def begun_with(line, words, query=""):
    """A report from a template of one section, which shows the money of `line`."""
    query = query or f"chuong-trinh={line.programme.code}&nam={{nam}}&bang=area"
    row = {"kind": "table", "source": "programme", "query": query, "title": "Vốn năm {nam}"}
    body = f'<p>{words}</p><p><span data-exhibit="von"></span></p>'
    template = ReportTemplate.objects.create(
        code="VON",
        title="Vốn",
        subject="Vốn năm {nam}",
        document_type=DocumentType.objects.get(code="BC"),
        outline=[{"key": "mot", "level": "plain", "body": body}],
        exhibits={"von": row},
        published_at=stage.NOW,
    )
    return services.create_from_template(
        template=template,
        period=stage.submission_period(),
        drafter=member("specialist"),
        now=stage.NOW,
        report_date=stage.DAY,
    )
