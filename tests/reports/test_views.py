"""The pages: what each person finds, keeps and is told."""

import datetime
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from django.utils.html import strip_tags

from portal.collection.models import ReportingPeriod
from portal.jobs.services import drain
from reports import services
from reports.models import Report, Section, Status
from tests.cast import member
from tests.reports import stage
from tests.reports.pages import page, post, told

pytestmark = [pytest.mark.django_db, pytest.mark.slow, pytest.mark.usefixtures("laid_out_once")]


@pytest.fixture
def report():
    return stage.draft()


class TestReading:
    def test_the_text_explains_every_figure_with_file_sheet_and_cell(self, report, sign_in):
        html = page(sign_in("leader"), "report_detail", report.pk)
        figure = report.figures.get(query="K14")
        assert f'aria-describedby="nguon-{figure.pk}">02</button>' in html
        assert f"{stage.FILE}, trang {stage.SHEET}, ô {stage.cell_of('K14')}" in html
        assert html.count('class="explained__value"') == 12 - 1

    def test_notes_stand_below_and_lead_to_the_register(self, report, sign_in):
        html = page(sign_in("leader"), "report_detail", report.pk)
        assert len(re.findall(r'<li id="chu-thich-\d">', html)) == 5
        assert '<sup><a href="#chu-thich-5" id="loi-goi-5">5</a></sup>' in html

    def test_the_list_says_whose_turn_it_is(self, report, sign_in):
        stage.in_content_check(report)
        html = page(sign_in("clerk"), "report_list")
        assert "chờ trưởng phòng" in html

    def test_the_list_finds_with_and_without_marks(self, report, sign_in):
        client = sign_in("clerk")
        assert str(report.pk) in page(client, "report_list", q="chien luoc quoc gia")
        assert "Không có báo cáo nào khớp" in page(client, "report_list", q="thuỷ lợi")

    def test_the_waiting_tab_holds_what_this_person_can_do(self, report, sign_in):
        stage.in_content_check(report)
        assert report.get_absolute_url() in page(sign_in("head"), "report_list", xem="cho-toi")
        assert "Không có báo cáo nào chờ" in page(sign_in("leader"), "report_list", xem="cho-toi")

    def test_a_list_of_many_reports_costs_the_same_queries(
        self, report, sign_in, django_assert_max_num_queries
    ):
        for _ in range(4):
            stage.sample_again(report)
        client = sign_in("clerk")
        with django_assert_max_num_queries(18):
            page(client, "report_list")

    def test_the_preview_is_a_page_of_its_own_without_anything_inline(self, report, sign_in):
        answer = sign_in("head").get(reverse("reports:preview", args=[report.pk]))
        html = answer.content.decode()
        assert "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM" in html
        assert not re.search(r"<script|<style|\sstyle=|\son\w+=", html)
        assert "asset:" not in html

    def test_the_figures_page_lists_what_is_missing(self, sign_in):
        report = stage.draft(K14=None)
        html = page(sign_in("specialist"), "figure_list", report.pk)
        assert "Chưa trình được: 1 số liệu chưa có giá trị" in html
        assert "Không có số liệu" in html

    def test_every_source_cell_leads_to_the_file(self, report, sign_in):
        html = page(sign_in("leader"), "figure_list", report.pk)
        cell = report.figures.get(query="K14").files[0]
        url = reverse("collection:cell", args=[cell["submission"], cell["upload"], cell["cell"]])
        assert url in html
        assert sign_in("leader").get(url).status_code == 302

    def test_the_figures_page_lists_what_now_differs(self, report, sign_in):
        stage.in_content_check(report)
        approved = stage.approve(stage.agency_data(is_approved=False, K14=3), at=stage.NOW)
        services.follow_approval(approved)
        drain()
        html = page(sign_in("head"), "figure_list", report.pk)
        assert "trong báo cáo 02, nay 03" in html

    def test_frozen_figures_are_recomputed_on_request(self, report, sign_in):
        stage.in_content_check(report)
        later = stage.NOW + stage.datetime.timedelta(days=30)
        stage.approve(stage.agency_data(is_approved=False, K14=3), at=later)
        html = page(sign_in("auditor"), "figure_list", report.pk, **{"tinh-lai": "1"})
        assert html.count("khớp</span>") == 11

    def test_the_trail_shows_who_when_and_why(self, report, sign_in):
        stage.in_content_check(report)
        services.return_report(
            report=report, by=member("head"), reason="Thiếu số lớp tập huấn", now=stage.NOW
        )
        html = page(sign_in("specialist"), "history", report.pk)
        assert "Thiếu số lớp tập huấn" in html
        assert "Trần Văn Bình" in html

    def test_a_text_put_in_behind_the_editor_is_shown_without_what_would_load(
        self, report, sign_in
    ):
        Section.objects.filter(pk=stage.section(report, "nguồn nhân lực").pk).update(
            body='<p>a<img src="file:///etc/passwd"><script>alert(1)</script></p>'
        )
        client = sign_in("leader")
        for name in ("report_detail", "preview", "figure_list", "history"):
            html = client.get(reverse(f"reports:{name}", args=[report.pk])).content.decode()
            assert "file:///" not in html
            assert "alert(1)" not in html


class TestWriting:
    def url(self, report, section):
        return reverse("reports:section_edit", args=[report.pk, section.pk])

    def form(self, section, **changed):
        return {
            "title": section.title,
            "level": section.level,
            "manual_label": section.manual_label,
            "body": "<p>Lời văn mới</p>",
            "revision": section.revision,
        } | changed

    def test_a_section_is_saved_and_the_person_told(self, report, sign_in):
        section = stage.section(report, "nguồn nhân lực")
        answer = sign_in("specialist").post(
            self.url(report, section), self.form(section), follow=True
        )
        assert told(answer) == ["Đã lưu."]
        section.refresh_from_db()
        assert section.body == "<p>Lời văn mới</p>"

    def test_on_to_the_next_section(self, report, sign_in):
        section = stage.section(report, "nguồn nhân lực")
        answer = sign_in("specialist").post(self.url(report, section), self.form(section, tiep="1"))
        assert answer.url == self.url(report, stage.section(report, "chính quyền số và xã hội số"))

    @pytest.mark.parametrize(
        "body",
        [
            '<p>Lời văn quý giá</p><img src="http://vidu.vn/a.png">',
            '<p>Lời văn quý giá <span data-figure="999999">02</span></p>',
        ],
    )
    def test_what_was_typed_stays_when_it_cannot_be_saved(self, report, sign_in, body):
        section = stage.section(report, "nguồn nhân lực")
        answer = sign_in("specialist").post(
            self.url(report, section), self.form(section, body=body)
        )
        html = answer.content.decode()
        assert answer.status_code == 200
        assert "Lời văn quý giá" in html
        assert "notice--wrong" in html
        section.refresh_from_db()
        assert section.revision == 1

    def test_a_section_of_hundreds_of_pages_is_refused_and_stays_typed(
        self, report, sign_in, monkeypatch
    ):
        monkeypatch.setattr("reports.forms.fields.MOST_CHARACTERS", 40)
        section = stage.section(report, "nguồn nhân lực")
        body = f"<p>Lời văn quý giá{' và dài' * 9}</p>"
        answer = sign_in("specialist").post(
            self.url(report, section), self.form(section, body=body)
        )
        html = answer.content.decode()
        assert "nhiều hơn 40 chữ của một mục. Hãy chia thành nhiều mục." in html
        assert "Lời văn quý giá" in html

    def test_a_level_left_as_it_was_seen_does_not_undo_a_move(self, report, sign_in):
        section = stage.section(report, "nguồn nhân lực")
        form = self.form(section, level_seen=section.level)
        Section.objects.filter(pk=section.pk).update(level="letter")
        sign_in("specialist").post(self.url(report, section), form)
        section.refresh_from_db()
        assert (section.body, section.level) == ("<p>Lời văn mới</p>", "letter")

    def test_a_section_is_moved_by_the_buttons(self, report, sign_in):
        section = stage.section(report, "nguồn nhân lực")
        client = sign_in("specialist")
        answer = post(client, "section_move", report.pk, section.pk, "len")
        assert told(answer) == ["Đã chuyển mục."]
        answer = post(client, "section_move", report.pk, section.pk, "len", thay="cũ")
        assert "Nguyễn Thu Hà vừa sắp xếp lại mục lục" in told(answer)[0]
        address = reverse("reports:section_move", args=[report.pk, section.pk, "cheo"])
        assert client.post(address).status_code == 404

    def test_a_script_gets_the_new_tree_and_a_sentence_about_it(self, report, sign_in):
        section = stage.section(report, "nguồn nhân lực")
        client = sign_in("specialist")
        address = reverse("reports:section_place", args=[report.pk, section.pk])

        def ask(**told):
            return client.post(address, told, headers={"HX-Request": "true"})

        done = ask(thuoc="", sau="", dang_soan=str(section.pk))
        assert done.status_code == 200
        assert "đầu báo cáo." in done.content.decode()
        assert done.content.decode().count('aria-current="page"') == 1
        for wrong in ("9" * 5000, "x", "-1", "0", "9" * 18):
            refused = ask(thuoc=wrong)
            assert refused.status_code == 200
            assert "data-refused" in refused.content.decode()

    def test_numbers_of_any_length_are_answered(self, report, sign_in):
        client, digits = sign_in("specialist"), "9" * 5000
        names = ("citation_insert", "citation_list", "remark_add", "form_mend")
        sent = {"document": digits, "citation": digits, "muc": digits, "muc_dang_soan": digits}
        for name in names:
            answer = client.post(reverse(f"reports:{name}", args=[report.pk]), sent)
            assert answer.status_code in (302, 404), name
        assert (
            client.get(
                reverse("reports:section_add", args=[report.pk]), {"thuoc": digits}
            ).status_code
            == 200
        )

    def test_of_two_writers_the_second_sees_both_texts_and_can_save_again(self, report, sign_in):
        section = stage.section(report, "nguồn nhân lực")
        client = sign_in("specialist")
        mine = self.form(section, body="<p>Của tôi</p>")
        services.edit_section(
            section=section,
            title=section.title,
            body="<p>Của trưởng phòng</p>",
            by=member("head"),
            now=stage.NOW,
        )
        html = client.post(self.url(report, section), mine).content.decode()
        assert "Của tôi" in html
        assert "Của trưởng phòng" in html
        assert "Trần Văn Bình vừa sửa mục này" in html
        assert 'name="revision" value="2"' in html

    def test_the_editor_page_carries_nothing_inline(self, report, sign_in):
        section = stage.section(report, "nguồn nhân lực")
        answer = sign_in("specialist").get(self.url(report, section))
        html = answer.content.decode()
        scripts = re.findall(r"<script[^>]*>", html)
        assert all("src=" in tag or 'type="application/json"' in tag for tag in scripts)
        assert "importmap" not in html
        assert not re.search(r"<style|\sstyle=|\son(click|load|error)=", html)
        assert "unsafe" not in answer.headers["Content-Security-Policy"]
        assert "nonce" not in answer.headers["Content-Security-Policy"]

    def test_a_report_that_was_sent_up_cannot_be_written_in(self, report, sign_in):
        stage.in_content_check(report)
        section = stage.section(report, "nguồn nhân lực")
        answer = sign_in("specialist").post(self.url(report, section), self.form(section))
        assert "đã chuyển sang bước khác" in answer.content.decode()
        section.refresh_from_db()
        assert section.revision == 1

    def test_the_pickers_find_and_insert(self, report, sign_in):
        client = sign_in("specialist")
        assert 'data-query="K14"' in page(client, "figure_picker", report.pk, q="video")
        answer = post(client, "figure_insert", report.pk, query="K14", style="number")
        assert answer.json()["text"] == "2"
        found = page(client, "citation_picker", report.pk, q="459/KH-BDT")
        key = re.search(r'data-document="(\d+)" data-place="note"', found)[1]
        answer = post(client, "citation_insert", report.pk, document=key, place="note").json()
        assert (answer["kind"], answer["text"]) == ("citation", "")
        assert "459/KH-BDT" in answer["title"]

    def test_an_unknown_figure_is_refused_with_a_sentence(self, report, sign_in):
        answer = post(sign_in("specialist"), "figure_insert", report.pk, query="khong-co")
        assert answer.status_code == 422
        assert "chọn lại số liệu" in answer.json()["problem"]

    def test_facts_and_recipients_are_saved_together(self, report, sign_in):
        client = sign_in("specialist")
        data = {
            "subject": "Trích yếu mới",
            "report_date": "06/11/2023",
            "authority": "KT.",
            "signatory": report.signatory.pk,
            "noi-nhan-TOTAL_FORMS": "3",
            "noi-nhan-INITIAL_FORMS": "0",
            "noi-nhan-0-text": "Lưu: VT",
            "noi-nhan-0-relation": "file",
            "noi-nhan-1-text": "UBND tỉnh",
            "noi-nhan-1-relation": "above",
            "noi-nhan-2-text": "",
            "noi-nhan-2-relation": "peer",
        }
        answer = client.post(reverse("reports:facts_edit", args=[report.pk]), data, follow=True)
        assert told(answer) == ["Đã lưu thông tin chung."]
        report = stage.fresh(report)
        assert report.subject == "Trích yếu mới"
        assert [one.text for one in report.recipients.all()] == ["UBND tỉnh", "Lưu: VT"]

    def test_a_new_report_is_offered_for_a_period_that_has_begun(self, report, sign_in):
        today = timezone.localdate()
        ReportingPeriod.objects.create(
            code="xa", label="Kỳ sau", start=today + datetime.timedelta(1), end="9999-12-31"
        )
        form = sign_in("specialist").get(reverse("reports:report_create")).context["form"]
        assert form.initial["period"].start <= today

    def test_a_new_report_begins_from_the_template(self, report, sign_in):
        data = {
            "template": report.template.pk,
            "period": report.period.pk,
            "report_date": "20/11/2023",
            "signatory": report.signatory.pk,
        }
        answer = sign_in("specialist").post(reverse("reports:report_create"), data)
        made = Report.objects.latest("pk")
        assert answer.url == reverse("reports:edit", args=[made.pk])
        assert made.sections.count() == report.sections.count()


class TestSteps:
    def test_the_working_day_through_the_pages(self, report, sign_in):
        stage.certificates(report)
        key = report.pk
        assert "chốt" in told(post(sign_in("specialist"), "send_up", key))[0]
        assert "thể thức" in told(post(sign_in("head"), "pass_content", key))[0]
        client = sign_in("form_checker")
        assert "Chưa đạt thể thức" in told(post(client, "pass_form", key))[0]
        stage.explained(report)
        post(client, "pass_form", key)
        assert "Đang kết xuất" in page(client, "report_detail", key)
        stage.drain()
        assert client.get(reverse("reports:progress", args=[key])).headers["HX-Refresh"] == "true"
        client = sign_in("leader")
        assert "Chứng thư: <strong>Nhữ Văn Nam</strong>" in page(client, "sign", key)
        wrong = client.post(reverse("reports:sign", args=[key]), {"passphrase": "sai"})
        assert "mật khẩu không đúng" in wrong.content.decode()
        assert "sai" not in re.findall(r'value="([^"]*)"', wrong.content.decode())
        assert "Đã ký số" in told(post(client, "sign", key, passphrase=stage.PASSPHRASE))[0]
        client = sign_in("clerk")
        answer = post(client, "number", key, issue_date="06/11/2023")
        assert told(answer) == ["Đã cấp số 460/BC-BDT ngày 06/11/2023."]
        assert "của cơ quan" in told(post(client, "seal", key, passphrase=stage.PASSPHRASE))[0]
        post(client, "issue", key, cong_khai="1")
        assert stage.fresh(report).status == Status.ISSUED
        assert "Nội dung không sửa được nữa" in page(client, "report_detail", key)

    def test_the_preview_shows_the_number_once_it_is_given(self, report, sign_in):
        stage.numbered(report)
        words = strip_tags(page(sign_in("clerk"), "preview", report.pk))
        assert "Số: 460/BC-BDT" in words
        assert "ngày 06 tháng 11 năm 2023" in words

    def test_a_refused_step_says_why_and_changes_nothing(self, sign_in):
        report = stage.draft(K14=None)
        answer = post(sign_in("specialist"), "send_up", report.pk)
        assert "Số video tuyên truyền" in told(answer)[0]
        assert stage.fresh(report).status == Status.DRAFT

    def test_sending_back_needs_a_reason(self, report, sign_in):
        stage.in_content_check(report)
        answer = post(sign_in("head"), "return", report.pk, ly_do=" ")
        assert "Hãy ghi lý do" in told(answer)[0]

    def test_why_a_report_could_not_be_laid_out_is_shown(self, report, sign_in, monkeypatch):
        from reports.rendering import FootnotesDoNotFit

        def refuse(*args, **given):
            raise FootnotesDoNotFit((3, 4))

        monkeypatch.setattr(services, "lay_out", refuse)
        stage.in_form_check(report)
        client = sign_in("form_checker")
        post(client, "pass_form", report.pk)
        stage.drain()
        html = page(client, "report_detail", report.pk)
        assert "Không dàn được chú thích 3, 4" in html
        assert stage.fresh(report).status == Status.FORM_CHECK

    def test_the_file_is_shown_by_the_browsers_own_viewer(self, report, sign_in):
        stage.to_sign(report)
        answer = sign_in("leader").get(reverse("reports:file", args=[report.pk, "prepared"]))
        assert answer.headers["Content-Type"] == "application/pdf"
        assert b"".join(answer.streaming_content).startswith(b"%PDF-")
        assert "object-src" not in answer.headers["Content-Security-Policy"]

    def test_a_file_signed_elsewhere_that_is_none_is_refused(self, report, sign_in):
        stage.to_sign(report)
        stage.certificates(report)
        wrong = SimpleUploadedFile("a.pdf", b"%PDF-1.7 khac", content_type="application/pdf")
        answer = sign_in("leader").post(
            reverse("reports:take_back", args=[report.pk, "lanh-dao"]), {"file": wrong}, follow=True
        )
        assert "không phải là tệp đã tải về" in told(answer)[0]

    def test_remarks_are_shown_where_they_belong(self, report, sign_in):
        section = stage.section(report, "nguồn nhân lực")
        answer = post(sign_in("head"), "remark_add", report.pk, gop_y="Nêu số lớp.", muc=section.pk)
        assert told(answer) == ["Đã ghi góp ý."]
        html = page(sign_in("specialist"), "section_edit", report.pk, section.pk)
        assert "Nêu số lớp." in html


class TestVerifying:
    def upload(self, client, content, *args):
        name = "reports:verify_report" if args else "reports:verify"
        file = SimpleUploadedFile("ban-sao.pdf", content, content_type="application/pdf")
        return client.post(reverse(name, args=args), {"file": file}).content.decode()

    def test_anybody_can_check_a_copy(self, report, client):
        issued = stage.issued(report)
        content = services.issued_file(issued).content()
        html = self.upload(client, content)
        assert "Văn bản hợp lệ" in html
        assert "06/11/2023 09:30:00 +07:00" in html
        assert "Chứng thư thử nghiệm" in html
        assert "Tệp trùng khớp hoàn toàn với bản đã phát hành." in html
        html = self.upload(client, content[:-5])
        assert "Không phải văn bản đã phát hành" in html

    def test_the_qr_code_leads_to_who_signed_and_when(self, report, client):
        issued = stage.issued(report)
        html = page(client, "verify_report", issued.verify_code)
        assert "Nhữ Văn Nam, Phó trưởng ban · 06/11/2023 09:30:00 +07:00" in html
        assert "Xem văn bản" not in html
        url = reverse("reports:verify_file", args=[issued.verify_code])
        assert client.get(url).status_code == 404

    def test_a_public_report_can_be_read_there(self, report, client):
        issued = stage.issued(report, is_public=True)
        assert "Xem văn bản" in page(client, "verify_report", issued.verify_code)
        answer = client.get(reverse("reports:verify_file", args=[issued.verify_code]))
        assert b"".join(answer.streaming_content) == services.issued_file(issued).content()

    def test_a_report_not_issued_yet_has_no_page(self, report, client):
        url = reverse("reports:verify_report", args=[report.verify_code])
        assert client.get(url).status_code == 404

    def test_nothing_chosen_is_asked_for(self, client):
        answer = client.post(reverse("reports:verify"))
        assert answer.status_code == 200
        assert "verdict" not in answer.content.decode()

    def test_a_file_that_is_too_large_is_refused(self, client, settings):
        settings.UPLOAD_MAX_BYTES = 2**20
        assert "Tệp lớn hơn 1 MB" in self.upload(client, b"x" * (2**20 + 1))


class TestStrangeInput:
    """Whatever is typed or asked for, the answer is a page or a sentence, never a fault."""

    STRANGE = [
        "\0",
        "a\0b",
        "²",
        "٣",
        "9" * 30,
        "-1",
        "<script>alert(1)</script>",
        "%00",
        "𝒳" * 500,
    ]

    @pytest.mark.parametrize("words", STRANGE)
    def test_lists_and_pickers_answer(self, report, sign_in, words):
        client = sign_in("specialist")
        for name, args in (
            ("report_list", ()),
            ("figure_picker", (report.pk,)),
            ("citation_picker", (report.pk,)),
            ("section_add", (report.pk,)),
        ):
            keys = {"q": words, "ky": words, "buoc": words, "xem": words, "thuoc": words}
            html = page(client, name, *args, **keys)
            assert "<script>alert(1)" not in html

    @pytest.mark.parametrize("words", STRANGE)
    def test_posts_answer(self, report, sign_in, words):
        client = sign_in("head")
        section = stage.section(report, "nguồn nhân lực")
        posts = [
            ("figure_insert", {"query": words, "style": words}),
            ("citation_insert", {"document": words, "place": words}),
            ("citation_list", {"citation": words, "printed": words}),
            ("remark_add", {"gop_y": words, "muc": words}),
            ("return", {"ly_do": words}),
            ("pass_content", {"ghi_chu": words}),
            ("facts_edit", {"subject": words, "report_date": words, "signatory": words}),
            ("report_create", {"template": words, "period": words, "report_date": words}),
        ]
        for name, data in posts:
            args = [] if name == "report_create" else [report.pk]
            answer = client.post(reverse(f"reports:{name}", args=args), data)
            assert answer.status_code in (200, 302, 404, 422), name
        form = {"title": words, "body": words, "level": words, "revision": words}
        url = reverse("reports:section_edit", args=[report.pk, section.pk])
        assert client.post(url, form).status_code == 200

    def test_zero_bytes_and_control_characters_are_left_out_of_remarks(self, report, sign_in):
        post(sign_in("head"), "remark_add", report.pk, gop_y="Nêu\0 rõ\x07 số lớp\nvà số người")
        assert report.remarks.get().text == "Nêu rõ số lớp\nvà số người"

    def test_a_title_with_markup_stays_words_on_page_and_print(self, report, sign_in):
        section = stage.section(report, "nguồn nhân lực")
        services.edit_section(
            section=section,
            title="<b>Đậm</b> & <script>alert(1)</script>",
            body=section.body,
            by=member("specialist"),
            now=stage.NOW,
        )
        client = sign_in("leader")
        for name in ("report_detail", "preview", "history"):
            html = page(client, name, report.pk)
            assert "<script>alert(1)" not in html
        assert "&lt;b&gt;Đậm&lt;/b&gt; &amp;" in page(client, "report_detail", report.pk)
