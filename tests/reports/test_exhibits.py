"""Tables and charts of a report: what they show, what they hide, when they follow and when not."""

import json

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils.timezone import localtime

from ethnic_data.models import SavedView
from ethnic_data.store import ObservationStore
from portal.collection.models import ReportingPeriod, Submission
from reports import services
from reports.exhibits.content import Content
from reports.models import Exhibit
from reports.printing import evidence, printed_report
from reports.references import References, shown_body
from reports.rendering import Chart, Table
from reports.text import richtext
from tests.cast import member
from tests.ethnic_data.filling import (
    AN_LAC,
    HUU_SAN,
    VAN_SON,
    approve,
    approved,
    submission,
    value,
)
from tests.programs.factories import line_of_works, pay
from tests.programs.test_ledger import on
from tests.reports import stage

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

POOR = "ct=N03&hang=don-vi&cap=xa&dv=220&cot=ky&ky=2023"
HIDDEN = "Không công bố"
NEW_UNITS = "2025-07-01"


@pytest.fixture
def report():
    return stage.draft()


@pytest.fixture
def poor():
    approved([value(AN_LAC, "N03", 1234), value(HUU_SAN, "N03", 60), value(VAN_SON, "N03", 50)])


def inserted(report, query=POOR, kind="table", source="explorer", **more):
    return services.insert_exhibit(
        report=report,
        kind=kind,
        source=source,
        query=query,
        by=member("specialist"),
        now=stage.NOW,
        **more,
    )


def placed(report, *exhibits):
    """The exhibits at the end of one section of the sample."""
    section = report.sections.present().exclude(body="").last()
    for exhibit in exhibits:
        services.place_exhibit(
            exhibit=exhibit, section=section, by=member("specialist"), now=stage.NOW
        )
        section.refresh_from_db()
    return section


def printed(exhibit):
    return {row[0]: row[1:] for row in Content.from_json(exhibit.data).printed}


def blocks(report, kind):
    found = printed_report(report)
    inside = (block for annex in found.annexes for block in annex.blocks)
    return [block for block in (*found.blocks, *inside) if isinstance(block, kind)]


class TestFromTheExplorer:
    def test_numbers_are_written_as_vietnamese_ones_with_their_source(self, report, poor):
        exhibit = inserted(report)
        assert printed(exhibit)["Xã An Lạc"] == ["1.234"]
        assert printed(exhibit)["Huyện Sơn Động"] == ["1.344*"]
        told = exhibit.provenance
        assert told["period"] == "Năm 2023"
        assert told["units"] == "tại thời điểm báo cáo"
        approved_at = Submission.objects.get(pk=told["submissions"][0]).approved_at
        assert told["as_of"] == localtime(approved_at).date().isoformat()
        assert told["submissions"]

    def test_what_the_view_would_choose_by_itself_is_kept(self, report, poor):
        exhibit = inserted(report, "ct=N03&hang=don-vi&cap=xa")
        assert "ky=2023" in exhibit.query
        assert "dv=24" in exhibit.query

    def test_small_counts_are_hidden_although_the_drafter_may_see_them(self, report):
        approved([value(AN_LAC, "N03", 3), value(HUU_SAN, "N03", 60), value(VAN_SON, "N03", 50)])
        told = printed(inserted(report))
        assert told["Xã An Lạc"] == [HIDDEN]
        assert [HIDDEN] in (told["Xã Hữu Sản"], told["Xã Vân Sơn"])

    def test_units_of_another_day_do_not_give_hidden_counts_away(self, report):
        approved([value(HUU_SAN, "N03", 3), value(VAN_SON, "N03", 50), value(AN_LAC, "N03", 70)])
        reported = printed(inserted(report))
        exhibit = inserted(report, f"{POOR}&dv=24&dg={NEW_UNITS}".replace("dv=220&", ""))
        told = printed(exhibit)
        assert exhibit.provenance["units"] == "địa giới ngày 01/07/2025"
        assert reported["Xã Hữu Sản"] == [HIDDEN]
        assert told["Xã Vân Sơn"] == [HIDDEN]
        known = {name for name, words in told.items() if words[0].rstrip("*").isdecimal()}
        assert known == {"Toàn tỉnh", "Xã An Lạc"}, told

    def test_units_of_another_day_are_shown_where_all_behind_them_are(self, report, poor):
        query = f"{POOR}&dg={NEW_UNITS}".replace("dv=220", "dv=24")
        assert printed(inserted(report, query))["Xã Vân Sơn"] == ["110"]

    def test_an_earlier_day_is_not_kept_since_a_draft_follows_the_data(self, report, poor):
        exhibit = inserted(report, f"{POOR}&ngay=01/01/2023")
        assert "ngay" not in exhibit.query
        assert printed(exhibit)["Xã An Lạc"] == ["1.234"]

    def test_a_chart_is_drawn_from_the_same_figures(self, report, poor):
        exhibit = inserted(report, kind="chart")
        assert exhibit.drawing.startswith("<svg")
        assert "href" not in exhibit.drawing
        assert printed(exhibit)["Xã An Lạc"] == ["1.234"]

    @pytest.mark.parametrize(
        "given",
        [
            {"source": "nowhere"},
            {"kind": "picture"},
            {"source": "programme", "query": "chuong-trinh=khong-co"},
            {"source": "programme", "query": "chuong-trinh=%00"},
            {"query": "ct=D03&hang=don-vi&cap=xa&cot=dan-toc&cot2=gioi-tinh&dt=54&ky=2023"},
        ],
    )
    def test_what_cannot_be_made_is_refused_with_a_sentence(self, report, poor, given):
        with pytest.raises(services.ExhibitRefused) as refusal:
            inserted(report, **({"query": POOR} | given))
        assert str(refusal.value).endswith(".")
        assert not report.exhibits.exists()

    def test_communes_of_a_list_that_ended_are_told_with_its_end(self, report, poor):
        for asked in ("cap=xa-861", "cap=khu-vuc", "cap=xa&kv=III"):
            with pytest.raises(services.ExhibitRefused, match=r"đã hết từ ngày 01/07/2025"):
                inserted(report, f"ct=N03&hang=don-vi&cot=ky&ky=2026&{asked}")
        assert inserted(report, "ct=N03&hang=don-vi&cot=ky&ky=2023,2026&cap=xa-861").rows

    def test_a_chart_of_nothing_is_refused(self, report):
        with pytest.raises(services.ExhibitRefused, match="Không có số nào"):
            inserted(report, kind="chart")


class TestFromAProgramme:
    def test_a_cut_adds_up_in_million_dong(self, report):
        line = line_of_works()
        pay(line, "300.125", on(31, 3))
        query = f"chuong-trinh={line.programme.code}&nam=2023&bang=area"
        exhibit = inserted(report, query, source="programme")
        assert printed(exhibit)["Tổng cộng"] == [
            "5.000,000",
            "1.000,000",
            "300,125",
            "4.699,875",
            "6,0",
        ]
        assert exhibit.data["unit"] == "triệu đồng"

    def test_months_and_rates_are_drawn(self, report):
        line = line_of_works()
        pay(line, "300.125", on(31, 3))
        for cut in ("thang", "area"):
            query = f"chuong-trinh={line.programme.code}&nam=2023&bang={cut}"
            assert inserted(report, query, source="programme", kind="chart").drawing


class TestInTheText:
    def test_tables_and_charts_are_counted_apart_in_the_order_they_are_read(self, report, poor):
        first, chart, second = (
            inserted(report, title="Một"),
            inserted(report, kind="chart", title="Hai"),
            inserted(report, title="Ba"),
        )
        placed(report, second, chart, first)
        assert [block.caption for block in blocks(report, Table)] == ["Bảng 1. Ba", "Bảng 2. Một"]
        assert [block.title for block in blocks(report, Chart)] == ["Biểu đồ 1. Hai"]

    def test_the_editor_says_which_it_is(self, report, poor):
        section = placed(report, inserted(report, title="Hộ nghèo"))
        body, _ = shown_body(section.body, References.of(report))
        assert "Bảng 1. Hộ nghèo</span></p>" in body

    def test_pasted_a_second_time_it_is_one_of_its_own(self, report, poor):
        exhibit = inserted(report, title="Hộ nghèo")
        placed(report, exhibit, exhibit)
        assert [block.caption for block in blocks(report, Table)] == [
            "Bảng 1. Hộ nghèo",
            "Bảng 2. Hộ nghèo",
        ]

    def test_of_another_report_it_is_refused(self, report, poor):
        exhibit = inserted(stage.sample_again(report))
        with pytest.raises(services.REFUSALS, match="bảng, biểu đồ"):
            placed(report, exhibit)

    @pytest.mark.parametrize(
        ("given_html", "stored"),
        [
            (
                '<p>Trước <span data-exhibit="5">Bảng 1</span> sau</p>',
                '<p>Trước</p><p><span data-exhibit="5">Bảng 1</span></p><p>sau</p>',
            ),
            (
                '<ul><li>một <strong><span data-exhibit="5">x</span></strong></li></ul>',
                '<ul><li><p>một</p></li></ul><p><span data-exhibit="5">x</span></p>',
            ),
        ],
    )
    def test_it_stands_alone_on_its_line(self, given_html, stored):
        assert richtext.clean(given_html) == stored
        assert richtext.clean(stored) == stored


class TestFreezing:
    def test_a_draft_follows_the_data_and_a_sent_report_does_not(self, report):
        one = approved([value(AN_LAC, "N03", 40), value(HUU_SAN, "N03", 60)])
        exhibit = inserted(report)
        placed(report, exhibit)
        approved_again(one, 45)
        services.refresh_exhibits(report=report, now=stage.NOW)
        exhibit.refresh_from_db()
        assert printed(exhibit)["Xã An Lạc"] == ["45"]
        stage.in_content_check(report)
        approved_again(one, 47)
        exhibit.refresh_from_db()
        assert exhibit.frozen_at == stage.NOW
        assert printed(exhibit)["Xã An Lạc"] == ["45"]
        (differing,) = services.differing_exhibits(report)
        assert (differing.label, differing.cells) == ("Bảng 1", 2)

    def test_it_travels_inside_the_file_with_its_source(self, report, poor):
        placed(report, inserted(report))
        stage.in_content_check(report)
        (told,) = evidence(stage.fresh(report))["exhibits"]
        assert told["label"] == "Bảng 1"
        assert "1.234" in json.dumps(told["data"], ensure_ascii=False)
        assert told["provenance"]["submissions"]

    def test_what_the_text_does_not_show_is_dropped(self, report, poor):
        placed(report, inserted(report))
        inserted(report, title="Không dùng")
        stage.in_content_check(report)
        assert report.exhibits.count() == 1

    def test_a_table_of_nothing_keeps_the_report_back(self, report):
        placed(report, inserted(report))
        with pytest.raises(services.ExhibitsMissing, match=r"Bảng 1.*chưa có số liệu được duyệt"):
            stage.in_content_check(report)
        assert report.exhibits.get().frozen_at is None

    def test_a_table_of_hidden_counts_alone_keeps_the_report_back(self, report):
        approved([value(AN_LAC, "N03", 3)])
        placed(report, inserted(report, POOR.replace("dv=220", "dv=220&cap=xa")))
        exhibit = report.exhibits.get()
        assert not Content.from_json(exhibit.data).says_something
        with pytest.raises(services.ExhibitsMissing, match="không ô nào được công bố"):
            stage.in_content_check(report)

    def test_after_it_was_sent_nobody_changes_it(self, report, poor):
        exhibit = inserted(report)
        placed(report, exhibit)
        stage.in_content_check(report)
        exhibit.refresh_from_db()
        with pytest.raises(services.NotNow):
            services.edit_exhibit(
                exhibit=exhibit,
                by=member("specialist"),
                title="Khác",
                caption="",
                orientation="portrait",
                now=stage.NOW,
            )
        with pytest.raises(IntegrityError, match="nội dung không sửa được"), transaction.atomic():
            Exhibit.objects.filter(pk=exhibit.pk).update(title="Khác")


def approved_again(one, number, **moment):
    """The next revision of a district's form, approved."""
    last = (
        type(one)
        .objects.filter(dataset=one.dataset, unit=one.unit, period=one.period)
        .latest("revision")
    )
    again = submission(
        one.dataset.code, one.unit.code, revision=last.revision + 1, reason="Đính chính"
    )
    with transaction.atomic():
        ObservationStore().write(
            again, [value(AN_LAC, "N03", number), value(HUU_SAN, "N03", 60)], None
        )
    return approve(again, **moment)


class TestCarrying:
    def test_in_next_years_report_it_is_asked_for_that_year(self, report, poor):
        approved([value(AN_LAC, "N03", 999)], period="2022")
        placed(report, inserted(report, title="Hộ nghèo (Năm 2023)"))
        again = services.begin_from_report(
            source=report,
            period=ReportingPeriod.objects.get(code="2022"),
            drafter=member("specialist"),
            now=stage.NOW,
        )
        exhibit = again.exhibits.get()
        assert "ky=2022" in exhibit.query
        assert printed(exhibit)["Xã An Lạc"] == ["999"]
        assert [block.caption for block in blocks(again, Table)] == ["Bảng 1. Hộ nghèo (Năm 2022)"]

    def test_of_a_period_without_data_it_says_so_until_they_are_there(self, report, poor):
        placed(report, inserted(report), inserted(report, kind="chart"))
        again = services.begin_from_report(
            source=report,
            period=ReportingPeriod.objects.get(code="2022"),
            drafter=member("specialist"),
            now=stage.NOW,
        )
        assert again.exhibits.get(kind="chart").problem
        assert not Content.from_json(again.exhibits.get(kind="table").data).says_something
        printed_report(again)


class TestPages:
    def test_the_picker_offers_saved_views_and_cuts_of_programmes(self, client, report, poor):
        client.force_login(member("specialist"))
        SavedView.objects.create(owner=member("specialist"), name="Hộ nghèo Sơn Động", query=POOR)
        SavedView.objects.create(owner=member("head"), name="Của riêng trưởng phòng", query=POOR)
        html = client.get(reverse("reports:exhibit_picker", args=[report.pk])).content.decode()
        assert "Hộ nghèo Sơn Động" in html
        assert "Của riêng trưởng phòng" not in html
        assert "bang=investor" in html

    def test_what_is_picked_is_told_to_the_editor(self, client, report, poor):
        client.force_login(member("specialist"))
        told = {"loai": "table", "nguon": "explorer", "lua-chon": POOR, "ten": ""}
        answer = client.post(reverse("reports:exhibit_insert", args=[report.pk]), told)
        assert answer.json()["kind"] == "exhibit"
        assert answer.json()["text"].startswith("Số hộ nghèo")

    def test_a_view_is_handed_to_the_end_of_a_section_of_my_draft(self, client, report, poor):
        client.force_login(member("specialist"))
        address = f"{reverse('reports:exhibit_hand')}?nguon=explorer&{POOR}"
        assert report.template.title[:60] in client.get(address).content.decode()
        section = report.sections.present().exclude(body="").last()
        told = {
            "loai": "chart",
            "nguon": "explorer",
            "lua-chon": POOR,
            "ten": "Hộ nghèo",
            "muc": f"{report.pk}-{section.pk}",
        }
        answer = client.post(reverse("reports:exhibit_hand"), told, follow=True)
        assert "Đã đưa “Hộ nghèo” vào cuối mục." in answer.content.decode()
        assert blocks(report, Chart)[0].title == "Biểu đồ 1. Hộ nghèo"

    @pytest.mark.parametrize("place", ["", "x-y", "1-1", "٣-٣", "9" * 400 + "-1"])
    def test_a_place_that_is_none_is_not_found(self, client, report, poor, place):
        client.force_login(member("specialist"))
        told = {"loai": "chart", "nguon": "explorer", "lua-chon": "\0", "muc": place}
        assert client.post(reverse("reports:exhibit_hand"), told).status_code == 404

    def test_the_report_shows_table_and_chart_on_the_screen(self, client, report, poor):
        placed(report, inserted(report, title="Hộ nghèo"), inserted(report, kind="chart"))
        client.force_login(member("leader"))
        html = client.get(report.get_absolute_url()).content.decode()
        assert "Bảng 1. Hộ nghèo" in html
        assert '<td class="num">1.234</td>' in html
        assert "<svg" in html

    def test_name_note_and_orientation_are_changed_in_the_list(
        self, client, report, poor, django_assert_max_num_queries
    ):
        for _ in range(3):
            placed(report, inserted(report))
        exhibit = report.exhibits.first()
        client.force_login(member("specialist"))
        address = reverse("reports:exhibit_list", args=[report.pk])
        told = {
            "exhibit": exhibit.pk,
            "title": "Tên mới",
            "caption": "Ghi chú.",
            "orientation": "landscape",
        }
        client.post(address, told)
        with django_assert_max_num_queries(20):
            html = client.get(address).content.decode()
        assert "Tên mới" in html
        exhibit.refresh_from_db()
        assert exhibit.is_landscape
        assert blocks(report, Table)[0].remark.startswith("Ghi chú. ")


class TestAnnexes:
    def annex(self, report, title="Biểu số liệu", level="annex_w"):
        return services.add_section(
            report=report, by=member("specialist"), now=stage.NOW, title=title, level=level
        )

    def test_annexes_stand_behind_in_roman_numbers(self, report):
        self.annex(report)
        assert printed_report(report).annexes[0].label == "Phụ lục"
        self.annex(report, "Danh sách", "annex")
        found = printed_report(report).annexes
        assert [(one.label, one.landscape) for one in found] == [
            ("Phụ lục I", True),
            ("Phụ lục II", False),
        ]
        assert found[0].reference.startswith("(Kèm theo Báo cáo số")
        assert "/BC-BDT ngày" in found[0].reference
        assert found[0].reference.endswith("của Ban Dân tộc tỉnh Bắc Giang)")

    def test_sections_inside_an_annex_belong_to_it(self, report):
        annex = self.annex(report)
        services.add_section(
            report=report,
            by=member("specialist"),
            now=stage.NOW,
            title="Phần một",
            level="roman",
            parent=annex,
        )
        (block,) = printed_report(report).annexes[0].blocks
        assert (block.label, block.title) == ("I.", "Phần một")

    def test_an_annex_inside_a_section_is_refused(self, report):
        with pytest.raises(services.AnnexInside):
            services.add_section(
                report=report,
                by=member("specialist"),
                now=stage.NOW,
                title="x",
                level="annex",
                parent=report.sections.present().first(),
            )

    def test_the_main_text_has_to_refer_to_every_annex(self, report):
        self.annex(report)
        self.annex(report, "Danh sách", "annex")
        section = placed(report)
        body = f"{section.body}<p>(chi tiết tại Phụ lục II kèm theo)</p>"
        services.edit_section(
            section=section, title=section.title, body=body, by=member("specialist"), now=stage.NOW
        )
        assert services.unnamed_annexes(report) == ["Phụ lục I"]
        with pytest.raises(services.AnnexNotNamed, match="Phụ lục I"):
            stage.in_content_check(report)
