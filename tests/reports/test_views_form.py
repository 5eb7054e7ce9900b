"""The page of departures, the mends beside the text, and the page for any text."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.urls import reverse

from reports import services
from reports.models import FormWaiver
from tests.reports import stage
from tests.reports.linter.known import TEXTS
from tests.reports.linter.test_reading import as_word
from tests.reports.pages import page, post, told
from tests.reports.printed_sample import TEXT_FILE

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


@pytest.fixture
def report():
    return stage.draft()


def known(report, code, quote=""):
    return next(
        one.fingerprint
        for one in services.form_list(report).rows
        if one.departure.rule.code == code and quote in one.departure.quote
    )


class TestTheList:
    def test_each_row_names_rule_article_quote_and_place(self, report, sign_in):
        html = page(sign_in("specialist"), "form_check", report.pk)
        assert "Cách viết số, ký hiệu" in html
        assert "<mark>17/QĐUBQGCDĐT</mark>" in html
        assert "Nghị định 30/2020/NĐ-CP, Phụ lục I" in html
        section = stage.section(report, "HDND")
        assert reverse("reports:section_edit", args=[report.pk, section.pk]) in html
        assert "thành “17/QĐ-UBQGCĐS”" in html

    def test_it_counts_what_is_wrong_and_what_to_look_at(self, report, sign_in):
        listed = services.form_list(report)
        html = page(sign_in("leader"), "report_detail", report.pk)
        assert f"Sai</span> {listed.wrong} chỗ" in html
        assert f"Nên xem</span> {listed.to_look_at} chỗ" in html

    def test_the_parts_of_the_list(self, report, sign_in):
        client, listed = sign_in("leader"), services.form_list(report)
        for part, count in (
            ("sai", listed.wrong), ("nen-xem", listed.to_look_at), ("tat-ca", len(listed.open)),
            ("\0lạ", listed.wrong),
        ):  # fmt: skip
            html = page(client, "form_check", report.pk, xem=part)
            assert html.count('class="departure departure--') == count

    def test_who_only_reads_gets_no_buttons(self, report, sign_in):
        html = page(sign_in("auditor"), "form_check", report.pk)
        assert "Sửa giúp" not in html
        assert "Giữ nguyên những chỗ đã chọn" not in html

    def test_an_issued_report_still_shows_its_reasons(self, report, sign_in):
        stage.to_sign(report)
        html = page(sign_in("auditor"), "form_check", report.pk)
        assert "Giữ như bản đã phát hành" in html
        assert "Sửa giúp" not in html


class TestMending:
    def test_one_click_and_back_to_the_list(self, report, sign_in):
        client = sign_in("specialist")
        answer = post(client, "form_mend", report.pk, cho=known(report, "loi-chinh-ta", "HDND"))
        assert told(answer) == ["Đã sửa. Bản cũ của mục vẫn được lưu."]
        assert answer.redirect_chain[-1][0] == reverse("reports:form_check", args=[report.pk])
        assert "đại biểu HĐND" in stage.section(report, "đại biểu").body

    def test_from_the_section_back_to_the_section(self, report, sign_in):
        section = stage.section(report, "HDND")
        client = sign_in("specialist")
        html = page(client, "section_edit", report.pk, section.pk)
        assert "chỗ cần xem ở mục này" in html
        answer = post(
            client,
            "form_mend",
            report.pk,
            cho=known(report, "loi-chinh-ta", "HDND"),
            muc_dang_soan=section.pk,
        )
        assert answer.redirect_chain[-1][0] == reverse(
            "reports:section_edit", args=[report.pk, section.pk]
        )

    @pytest.mark.parametrize("cho", ["", "x" * 5000, "\0", "0" * 32])
    def test_what_is_not_there_is_said_so(self, report, sign_in, cho):
        answer = post(
            sign_in("specialist"), "form_mend", report.pk, cho=cho, muc_dang_soan="9" * 99
        )
        assert "vừa được sửa" in told(answer)[0]

    def test_the_same_click_twice_mends_once(self, report, sign_in):
        client, name = sign_in("specialist"), known(report, "ngay-thang")
        post(client, "form_mend", report.pk, cho=name)
        answer = post(client, "form_mend", report.pk, cho=name)
        assert "vừa được sửa" in told(answer)[0]


class TestReasons:
    def test_the_checker_explains_and_passes(self, report, sign_in):
        stage.at_form_check(report)
        client = sign_in("form_checker")
        names = [one.fingerprint for one in services.form_list(report).blocking]
        answer = post(client, "form_waive", report.pk, cho_giu=names, ly_do="Trích nguyên văn")
        assert told(answer) == ["Đã ghi lý do giữ nguyên."]
        html = answer.content.decode()
        assert f"Giữ nguyên có lý do ({len(names)})" in html
        assert "Trích nguyên văn" in html
        assert "kết xuất" in told(post(client, "pass_form", report.pk))[0]

    def test_the_drafters_reason_is_accepted_by_the_checker(self, report, sign_in):
        name = known(report, "loi-chinh-ta", "HDND")
        post(sign_in("specialist"), "form_waive", report.pk, cho_giu=[name], ly_do="Tên riêng")
        stage.at_form_check(report)
        client = sign_in("form_checker")
        assert "Chờ đồng ý" in page(client, "form_check", report.pk)
        waiver = FormWaiver.objects.get()
        post(client, "waiver_accept", report.pk, waiver.pk)
        assert "Đã đồng ý" in page(client, "form_check", report.pk)

    def test_a_reason_of_another_report_is_not_found(self, report, sign_in):
        post(
            sign_in("specialist"),
            "form_waive",
            report.pk,
            cho_giu=[known(report, "thieu-cham")],
            ly_do="x",
        )
        other = stage.sample_again(report)
        url = reverse("reports:waiver_withdraw", args=[other.pk, FormWaiver.objects.get().pk])
        assert sign_in("specialist").post(url).status_code == 404

    def test_nothing_chosen_and_no_reason_are_said(self, report, sign_in):
        client = sign_in("specialist")
        assert "Chưa chọn chỗ nào" in told(post(client, "form_waive", report.pk, ly_do="x"))[0]
        answer = post(client, "form_waive", report.pk, cho_giu=["a"], ly_do=" ")
        assert "Hãy ghi lý do" in told(answer)[0]


class TestAnyText:
    def check(self, client, **data):
        answer = client.post(reverse("reports:text_check"), data)
        assert answer.status_code == 200
        return answer.content.decode()

    def test_pasted_words(self, sign_in):
        words = "Ban Dân tộc đã phối hợp với HDND tỉnh tổ chức hội nghị."
        html = self.check(sign_in("clerk"), text=words)
        assert "<mark>HDND</mark>" in html
        assert "Nên viết: “HĐND”" in html
        assert "chỉ kiểm tra phần nội dung" in html

    def test_a_word_file(self, sign_in):
        content = as_word(TEXT_FILE.read_text(encoding="utf-8").replace("*", ""))
        html = self.check(sign_in("clerk"), file=SimpleUploadedFile("bao-cao.docx", content))
        assert "Đọc là báo cáo ký hiệu BC-BDT" in html
        assert "330/QĐ-UBDT" in html

    def test_a_clean_text(self, sign_in):
        html = self.check(sign_in("clerk"), text=(TEXTS / "thong-bao.txt").read_text("utf-8"))
        assert "không có chỗ nào cần sửa" in html

    @pytest.mark.parametrize(
        ("data", "said"),
        [
            ({}, "Hãy chọn tệp hoặc dán nội dung"),
            ({"text": " \n"}, "Hãy chọn tệp hoặc dán nội dung"),
            ({"file": SimpleUploadedFile("a.pdf", b"%PDF-1.7")}, "Chỉ kiểm tra được tệp Word"),
            ({"file": SimpleUploadedFile("a.docx", b"PK\x03\x04x")}, "bị hỏng"),
            ({"text": "a" * 600_001}, "quá dài"),
        ],
    )
    def test_what_cannot_be_checked(self, sign_in, data, said):
        assert said in self.check(sign_in("clerk"), **data)

    def test_marks_of_html_stay_words(self, sign_in):
        html = self.check(sign_in("clerk"), text="<script>alert(1)</script> HDND của của tỉnh.\0")
        assert "<script>alert(1)" not in html
        assert re.search(r"&lt;script&gt;", html)


def test_the_command_lists_departures_and_fails(capsys, tmp_path):
    path = tmp_path / "mau.md"
    path.write_bytes(TEXT_FILE.read_bytes())
    with pytest.raises(SystemExit) as ended:
        call_command("check_form", str(path), "--day", "2023-11-06")
    assert ended.value.code == 2
    said = capsys.readouterr().out
    assert "SAI  Cách viết số, ký hiệu (nội dung): “17/QĐUBQGCDĐT”" in said
    assert re.search(r"\d+ chỗ sai, \d+ chỗ nên xem\.", said)


def test_the_command_passes_a_clean_text(capsys):
    call_command("check_form", str(TEXTS / "thong-bao.txt"))
    assert "0 chỗ sai, 0 chỗ nên xem." in capsys.readouterr().out
