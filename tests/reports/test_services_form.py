"""The linter on a report: listed, mended in the draft, or left with a reason."""

import pytest
from django.db import DatabaseError, transaction

from reports import services
from reports.linter.reading.report import official_text
from reports.models import FormWaiver, Status
from reports.services.form.waiving import NothingChosen
from reports.text import richtext
from tests.cast import member
from tests.reports import stage
from tests.reports.linter.test_sample import FAULTS

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


@pytest.fixture
def report():
    return stage.draft()


def row(report, code, quote=""):
    found = [
        one
        for one in services.form_list(report).rows
        if one.departure.rule.code == code and quote in one.departure.quote
    ]
    assert found, (code, quote)
    return found[0]


def mend(report, code, quote="", who="specialist"):
    return services.mend_departure(
        report=report,
        fingerprint=row(report, code, quote).fingerprint,
        by=member(who),
        now=stage.NOW,
    )


def waive(report, *rows, who="form_checker", reason="Giữ như bản gốc"):
    return services.waive(
        report=report,
        fingerprints=[one.fingerprint for one in rows],
        reason=reason,
        by=member(who),
        now=stage.NOW,
    )


class TestListing:
    def test_the_drafts_own_faults_are_those_of_the_sample(self, report):
        told = [
            (one.departure.rule.code, one.departure.quote)
            for one in services.form_list(report).rows
        ]
        for name, (code, quote, _) in FAULTS.items():
            assert any(code == known and quote in words for known, words in told), name

    def test_the_draft_has_no_other_faults_than_the_file(self, report):
        listed = services.form_list(report)
        named = {(code, quote) for code, quote, _ in FAULTS.values()}
        stray = [
            f"{one.departure.rule.code}: {one.departure.quote}"
            for one in listed.rows
            if not any(
                code == one.departure.rule.code and quote in one.departure.quote
                for code, quote in named
            )
        ]
        assert stray == ["viet-hoa-danh-tu: Một cửa"]

    def test_the_text_is_read_as_it_is_printed(self, report):
        lines = official_text(report).lines
        words = " ".join(line.text for line in lines)
        assert "trên địa bàn 73 xã vùng dân tộc" in words
        assert "Quyết định số 17/QĐUBQGCDĐT ngày 04/4/2023" in words
        assert [line.note for line in lines if line.note] == [1, 2, 3, 4, 5]

    def test_asking_again_costs_no_second_examination(self, report, monkeypatch):
        services.form_list(report)
        monkeypatch.setattr("reports.linter.lint", None)
        assert services.form_list(report).rows

    def test_the_list_costs_few_queries(self, report, django_assert_max_num_queries):
        with django_assert_max_num_queries(14):
            services.form_list(stage.fresh(report))

    def test_a_document_that_comes_into_the_register_changes_the_list(self, report):
        assert row(report, "het-hieu-luc")
        from portal.documents.models import Document, DocumentRelation

        DocumentRelation.objects.filter(target__number="43").delete()
        Document.objects.filter(number="43").update(valid_to=None)
        codes = {one.departure.rule.code for one in services.form_list(report).rows}
        assert "het-hieu-luc" not in codes


class TestMending:
    @pytest.mark.parametrize(
        ("code", "quote", "now_there", "no_more"),
        [
            ("loi-chinh-ta", "HDND", "đại biểu HĐND cấp huyện", "HDND"),
            ("loi-chinh-ta", "Công thông tin", "Cổng thông tin điện tử của Ban", "Công thông"),
            ("ky-hieu", "17/", "Quyết định số 17/QĐ-UBQGCĐS ngày", "QĐUBQGCDĐT"),
            ("co-quan-ky-hieu", "330/", "Quyết định số 330/QĐ-UBDT ngày", "330/QĐ-UBND"),
            ("thieu-so", "459", "Kế hoạch số 459/KH-BDT", "Kế hoạch 459"),
            ("ngay-thang", "28/2", "ngày 28/02/2023", "28/2/2023"),
            ("thieu-cham", "tỉnh", "2021-2030 trên địa bàn tỉnh.", "\0"),
            ("viet-hoa-quy-dinh", "", "theo quy định tại Quyết định số 445", "theo Quy định"),
        ],
    )
    def test_one_click_writes_the_mend(self, report, code, quote, now_there, no_more):
        before = len(services.form_list(report).rows)
        mend(report, code, quote)
        words = " ".join(line.text for line in official_text(stage.fresh(report)).lines)
        assert now_there in words
        assert no_more not in words
        assert len(services.form_list(stage.fresh(report)).rows) == before - 1

    def test_the_label_by_hand_gives_way_to_counting(self, report):
        mend(report, "danh-so")
        section = stage.section(report, "chính quyền số và xã hội số")
        assert section.manual_label == ""

    def test_a_mend_goes_to_every_place(self, report):
        mend(report, "dan-lai")
        words = " ".join(line.text for line in official_text(stage.fresh(report)).lines[1:])
        assert words.count("ngày 31/12/2020") == 1
        assert words.count("Quyết định số 2289/QĐ-TTg") == 8
        assert "Quyết định số 2289/QĐ-TTg; Ban Dân tộc tổng hợp, báo cáo./." in words

    def test_figures_and_notes_stay_where_they_are(self, report):
        before = [atom.key for line in official_text(report).lines for atom in line.bounds]
        calls = [len(line.calls) for line in official_text(report).lines]
        for code in ("viet-hoa-danh-tu", "khoang-nam", "loi-chinh-ta"):
            mend(report, code)
        after = official_text(stage.fresh(report)).lines
        assert [atom.key for line in after for atom in line.bounds] == before
        assert [len(line.calls) for line in after] == calls
        assert "73" in " ".join(line.text for line in after)

    def test_the_old_words_stay_in_the_history(self, report):
        section = stage.section(report, "HDND")
        mend(report, "loi-chinh-ta", "HDND")
        versions = section.versions.order_by("revision")
        assert "HDND" in versions.first().body
        assert "HĐND" in versions.last().body
        event = report.events.first()
        assert (event.kind, event.who) == ("form_mended", member("specialist"))
        assert event.note == "“HDND” thành “HĐND”"

    def test_only_a_draft_is_mended(self, report):
        found = row(report, "loi-chinh-ta", "HDND").fingerprint
        stage.in_content_check(report)
        with pytest.raises(services.NotNow):
            services.mend_departure(
                report=report, fingerprint=found, by=member("specialist"), now=stage.NOW
            )

    def test_only_who_drafts_mends(self, report):
        with pytest.raises(services.NotAllowed):
            mend(report, "loi-chinh-ta", "HDND", who="form_checker")

    def test_words_that_were_changed_meanwhile_are_left(self, report):
        found = row(report, "loi-chinh-ta", "HDND").fingerprint
        section = stage.section(report, "HDND")
        services.edit_section(
            section=section,
            title=section.title,
            body=section.body.replace("HDND", "Hội đồng nhân dân"),
            by=member("specialist"),
            now=stage.NOW,
        )
        with pytest.raises(services.DepartureGone):
            services.mend_departure(
                report=report, fingerprint=found, by=member("specialist"), now=stage.NOW
            )

    def test_what_only_a_person_can_write_has_no_button(self, report):
        assert not row(report, "dang-soan").has_mend
        with pytest.raises(services.NoMend):
            mend(report, "dang-soan")

    def test_a_mend_across_styles_keeps_the_words_around(self, report):
        section = stage.section(report, "HDND")
        services.edit_section(
            section=section,
            title=section.title,
            body="<p>Số đại biểu <strong>HD</strong>ND <em>cấp</em> huyện đã tăng lên.</p>",
            by=member("specialist"),
            now=stage.NOW,
        )
        mend(report, "loi-chinh-ta", "HDND")
        section.refresh_from_db()
        assert richtext.plain(section.body) == "Số đại biểu HĐND cấp huyện đã tăng lên."
        assert "<strong>HĐND</strong> <em>cấp</em>" in section.body

    def test_all_that_can_be_mended_is_mended_without_a_new_fault(self, report):
        for _ in range(80):
            left = [one for one in services.form_list(stage.fresh(report)).rows if one.has_mend]
            if not left:
                break
            services.mend_departure(
                report=report, fingerprint=left[0].fingerprint, by=member("specialist"),
                now=stage.NOW,
            )  # fmt: skip
        codes = {one.departure.rule.code for one in services.form_list(stage.fresh(report)).rows}
        assert codes <= {
            "dang-soan", "het-hieu-luc", "cau-thieu", "gach-dau-dong", "dan-lan-dau",
            "viet-hai-kieu",
        }  # fmt: skip


class TestWaiving:
    def test_what_is_wrong_keeps_the_report_from_passing(self, report):
        stage.at_form_check(report)
        with pytest.raises(services.DeparturesOpen) as refused:
            services.pass_form(report=report, by=member("form_checker"), now=stage.NOW)
        assert "Chưa đạt thể thức: còn" in str(refused.value)
        assert not report.renderings.exists()

    def test_with_reasons_it_passes(self, report):
        stage.at_form_check(report)
        waive(report, *services.form_list(report).blocking)
        services.pass_form(report=report, by=member("form_checker"), now=stage.NOW)
        assert report.renderings.count() == 1

    def test_a_reason_is_kept_with_who_and_when(self, report):
        stage.at_form_check(report)
        found = row(report, "loi-chinh-ta", "HDND")
        waive(report, found, reason="  Trích nguyên văn ")
        kept = FormWaiver.objects.get()
        assert (kept.reason, kept.by, kept.at) == (
            "Trích nguyên văn", member("form_checker"), stage.NOW,
        )  # fmt: skip
        assert kept.is_accepted
        assert report.events.first().kind == "form_waived"

    def test_the_drafters_reason_waits_for_the_checker(self, report):
        found = row(report, "loi-chinh-ta", "HDND")
        waive(report, found, who="specialist")
        stage.at_form_check(report)
        listed = services.form_list(report)
        assert found.fingerprint in [one.fingerprint for one in listed.blocking]
        assert listed.waiting == 1
        services.accept_waiver(
            waiver=FormWaiver.objects.get(), by=member("form_checker"), now=stage.NOW
        )
        blocking = services.form_list(report).blocking
        assert found.fingerprint not in [one.fingerprint for one in blocking]

    def test_it_shows_again_when_the_words_change(self, report):
        waive(report, row(report, "thieu-cham"), who="specialist")
        section = stage.section(report, "Hệ thống quản lý Chương trình")
        services.edit_section(
            section=section,
            title=section.title,
            body=section.body.replace("trên địa bàn tỉnh<", "trên toàn tỉnh Bắc Giang<"),
            by=member("specialist"),
            now=stage.NOW,
        )
        again = row(stage.fresh(report), "thieu-cham")
        assert again.departure.quote == "Giang"
        assert again.waiver is None

    def test_it_stays_while_other_words_change(self, report):
        waive(report, row(report, "thieu-cham"), who="specialist")
        mend(report, "loi-chinh-ta", "HDND")
        assert row(stage.fresh(report), "thieu-cham").waiver is not None

    def test_no_reason_no_waiver(self, report):
        with pytest.raises(services.NoReason):
            waive(report, row(report, "thieu-cham"), who="specialist", reason=" ")
        with pytest.raises(NothingChosen):
            waive(report, who="specialist")

    @pytest.mark.parametrize("who", ["form_checker", "leader", "clerk", "head"])
    def test_at_a_draft_only_who_drafts_explains(self, report, who):
        if member(who).has_perm("reports.draft"):
            return
        with pytest.raises(services.NotAllowed):
            waive(report, row(report, "thieu-cham"), who=who)

    def test_a_signed_report_takes_no_more_reasons(self, report):
        found = row(report, "viet-tat")
        stage.to_sign(report)
        with pytest.raises(services.NotNow):
            waive(report, found)

    def test_a_reason_is_taken_back_by_who_gave_it(self, report):
        waive(report, row(report, "thieu-cham"), who="specialist")
        services.withdraw_waiver(
            waiver=FormWaiver.objects.get(), by=member("specialist"), now=stage.NOW
        )
        assert row(report, "thieu-cham").waiver is None

    def test_reasons_of_an_issued_report_are_locked(self, report):
        stage.issued(report)
        with pytest.raises(DatabaseError, match="đã phát hành"), transaction.atomic():
            FormWaiver.objects.update(reason="khác")

    def test_the_walk_through_the_steps_is_possible_without_any_departure_left(self, report):
        assert stage.to_sign(report).status == Status.TO_SIGN
