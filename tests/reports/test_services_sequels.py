"""After issue: a replacement, a correction, withdrawn, filed; before it: taken back."""

import datetime
import smtplib

import pytest
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from portal.documents.models import CaseFile, DocumentRelation, RetentionTerm, Validity
from portal.jobs.services import drain
from reports import services
from reports.models import Delivery, Report, ReportView, Sequel, Status
from tests.cast import member
from tests.reports import stage

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.slow,
    pytest.mark.usefixtures("laid_out_once"),
]
WHY = "Sai số liệu về máy tính"


@pytest.fixture
def report():
    return stage.issued(stage.draft(), is_public=True)


def by(name, report, who="specialist", **more):
    return getattr(services, name)(report=report, by=member(who), now=stage.NOW, **more)


def in_force(report):
    return stage.fresh(report).document.validity(on=stage.DAY) == Validity.IN_FORCE


def case():
    return CaseFile.objects.create(
        year=2023, symbol="01.HCTH", title="Chuyển đổi số", division=member("specialist").division,
        retention=RetentionTerm.objects.first(), maker=member("specialist"), opened_date=stage.DAY,
    )  # fmt: skip


class TestReplacement:
    def test_it_begins_with_the_same_text_and_is_a_draft_of_its_own(self, report):
        new = by("replace_report", report, reason=WHY)
        assert (new.status, new.replaces, new.remedy_reason) == (Status.DRAFT, report, WHY)
        titles = [one.title for one in report.sections.present()]
        assert [one.title for one in new.sections.present()] == titles
        labels = set(report.sections.exclude(manual_label="").values_list("manual_label"))
        assert set(new.sections.exclude(manual_label="").values_list("manual_label")) == labels

    def test_its_text_says_what_it_replaces_before_the_closing_words(self, report):
        new = by("replace_report", report, reason=WHY)
        closing = new.sections.present().get(body__contains="./.")
        *_, said, last = (line.text for line in closing.lines)
        assert said == f"Báo cáo này thay thế {report.document.citation()}."
        assert last.endswith("./.")

    def test_what_replaces_a_replacement_names_that_one_alone(self, report):
        second = stage.issued(by("replace_report", report, reason=WHY))
        third = by("replace_report", second, reason=WHY)
        said = [line.text for section in third.sections.present() for line in section.lines]
        assert [text for text in said if "này thay thế" in text] == [
            f"Báo cáo này thay thế {stage.fresh(second).document.citation()}."
        ]

    def test_there_is_one_and_the_second_asking_leads_to_it(self, client, report):
        new = by("replace_report", report, reason=WHY)
        with pytest.raises(services.RemedyUnderWay):
            by("replace_report", report, reason="Lại sai")
        client.force_login(member("specialist"))
        answer = client.post(reverse("reports:replace", args=[report.pk]), {"ly_do": "Lại sai"})
        assert answer.url == new.get_absolute_url()

    def test_issued_it_stands_in_the_register_beside_the_old_one(self, client, report):
        new = stage.issued(by("replace_report", report, reason=WHY))
        drain()
        assert "Văn bản này thay thế Báo cáo số" in mail.outbox[-1].body
        relation = DocumentRelation.objects.get(kind="replaces", target=report.document)
        assert relation.source == new.document
        assert not in_force(report), "the old one ends when the new one begins"
        assert in_force(new)
        page = client.get(reverse("reports:verify_report", args=[report.verify_code]))
        assert f"đã được thay thế bằng văn bản số {new.number_and_symbol}" in page.content.decode()
        assert report.events.filter(kind="replaces").exists()

    def test_only_what_is_issued_is_replaced_and_a_reason_is_needed(self, report):
        with pytest.raises(services.ReasonMissing):
            by("replace_report", report, reason="  ")
        draft = stage.sample_again(report)
        with pytest.raises(services.NotNow):
            by("replace_report", draft, reason=WHY)
        with pytest.raises(IntegrityError, match="đã phát hành"), transaction.atomic():
            Report.objects.filter(pk=stage.sample_again(report).pk).update(
                replaces=draft, remedy_reason=WHY
            )

    def test_readers_do_not_replace(self, report):
        with pytest.raises(services.NotAllowed):
            by("replace_report", report, "leader", reason=WHY)


class TestCorrection:
    def test_a_letter_names_the_document_and_goes_to_whoever_had_it(self, report):
        letter = by("correct_report", report, reason="tại mục 2, “2.2.3.4” sửa thành “2.2.3”")
        assert letter.corrects == report
        assert report.number_and_symbol in letter.subject
        text = " ".join(one.body for one in letter.sections.all())
        assert "“2.2.3.4” sửa thành “2.2.3”" in text
        assert report.number_and_symbol in text
        assert [one.text for one in letter.recipients.all()] == [
            one.text for one in report.recipients.all()
        ]

    def test_what_is_typed_is_words_not_markup(self, report):
        letter = by("correct_report", report, reason="<img src=x onerror=alert(1)> & {nam}")
        text = " ".join(one.body for one in letter.sections.all())
        assert "<img" not in text
        assert "{nam}" in text

    def test_issued_it_is_tied_to_what_it_corrects(self, client, report):
        letter = stage.issued(by("correct_report", report, reason="sai ngày"))
        relation = DocumentRelation.objects.get(kind="corrects")
        assert (relation.source, relation.target) == (letter.document, report.document)
        page = client.get(reverse("reports:verify_report", args=[report.verify_code]))
        assert "đã được đính chính bằng văn bản số" in page.content.decode()


class TestWithdrawnAndFiled:
    def test_a_leader_withdraws_once_and_the_public_page_says_so(self, client, report):
        first = by("withdraw_report", report, "leader", reason="Ban hành nhầm")
        assert not in_force(report)
        again = by("withdraw_report", report, "leader", reason="Khác")
        assert stage.fresh(report).document.note == "Đã thu hồi ngày 06/11/2023"
        assert first == again
        page = client.get(reverse("reports:verify_report", args=[report.verify_code]))
        assert "đã thu hồi văn bản này" in page.content.decode()

    def test_who_checks_the_withdrawn_file_anywhere_learns_that_it_was_withdrawn(
        self, client, report
    ):
        by("withdraw_report", report, "leader", reason="Ban hành nhầm")
        file = SimpleUploadedFile("bc.pdf", services.issued_file(report).content())
        page = client.post(reverse("reports:verify"), {"file": file}).content.decode()
        assert "Văn bản hợp lệ" in page
        assert page.count("Cơ quan ban hành đã thu hồi văn bản này") == 1

    def test_the_clerk_files_it(self, report):
        case_file = case()
        filed = by("file_report", report, "clerk", case_file=case_file)
        assert (filed.kind, filed.note) == (Sequel.Kind.FILED, str(case_file))
        assert [item.document for item in case_file.items.all()] == [report.document]
        assert report.events.filter(kind="filed", who=member("clerk")).exists()

    @pytest.mark.parametrize(
        ("name", "who", "words"),
        [("withdraw_report", "clerk", "reason"), ("file_report", "leader", "case_file")],
    )
    def test_each_belongs_to_one_role(self, report, name, who, words):
        with pytest.raises(services.NotAllowed):
            by(name, report, who, **{words: case() if words == "case_file" else "x"})

    @pytest.mark.parametrize("asked", ["", "0", "abc", "99999999999999999999", "\0"])
    def test_a_file_that_is_not_there_is_said(self, client, report, asked):
        client.force_login(member("clerk"))
        client.post(reverse("reports:file_away", args=[report.pk]), {"ho_so": asked})
        assert not report.sequels.exists()

    def test_the_database_keeps_it(self, report):
        sequel = by("withdraw_report", report, "leader", reason="Nhầm")
        for change in (
            lambda: sequel.delete(),
            lambda: Sequel.objects.update(note="khác"),
            lambda: Sequel.objects.create(
                report=stage.sample_again(report), kind="filed", note="x", by=member("clerk"),
                at=stage.NOW,
            ),
        ):  # fmt: skip
            with pytest.raises(IntegrityError), transaction.atomic():
                change()


class TestTakenBack:
    @pytest.mark.parametrize("until", ["in_content_check", "in_form_check", "to_sign"])
    def test_the_drafter_takes_it_back_before_the_signature(self, until):
        report = getattr(stage, until)(stage.draft())
        by("recall_report", report, reason="Còn thiếu một ý")
        report = stage.fresh(report)
        assert (report.status, report.draft_no, report.frozen_at) == (Status.DRAFT, 2, None)
        assert report.events.first().note == "Còn thiếu một ý"

    def test_nobody_else_and_not_after_the_signature(self):
        report = stage.in_content_check(stage.draft())
        with pytest.raises(services.NotAllowed):
            by("recall_report", report, "head", reason="x")
        with pytest.raises(services.ReasonMissing):
            by("recall_report", report, reason=" ")

    def test_a_signed_report_is_not_taken_back(self):
        report = stage.signed(stage.draft())
        with pytest.raises(services.NotNow):
            by("recall_report", report, reason="x")


class TestDelivery:
    def test_one_refused_address_does_not_hold_up_the_others(self, monkeypatch):
        report = stage.draft()
        recipients = list(report.recipients.all())
        outside = [one for one in recipients if one.relation == "peer"]
        extra = type(outside[0])(
            report=report, position=90, text="Sở Nội vụ", email="noivu@example.gov.vn",
            relation="peer",
        )  # fmt: skip
        extra.save()
        monkeypatch.setattr(mail.EmailMessage, "send", _refusing("noivu@example.gov.vn"))
        report = stage.issued(report)
        with pytest.raises(services.NotSent):
            services.deliver(report_id=report.pk, lease=_Lease())
        told = {
            one.recipient.text: one for one in Delivery.objects.filter(recipient__report=report)
        }
        assert told["Sở Nội vụ"].problem == "máy chủ thư không nhận địa chỉ này"
        assert all(one.sent_at for name, one in told.items() if name != "Sở Nội vụ")
        monkeypatch.undo()
        by_clerk = {"report": report, "by": member("clerk")}
        services.send_again(**by_clerk)
        services.deliver(report_id=report.pk, lease=_Lease())
        told = Delivery.objects.get(recipient__text="Sở Nội vụ")
        assert told.sent_at
        assert told.problem == ""

    def test_by_the_clock_only_what_may_still_go_is_sent_again(self, monkeypatch):
        report = stage.issued(stage.draft())
        for code, asked in ((550, 0), (450, 1)):
            Delivery.objects.update(sent_at=None)
            with monkeypatch.context() as patch:
                address = "phong_vx_skhd@bacgiang.gov.vn"
                patch.setattr(mail.EmailMessage, "send", _refusing(address, code))
                with pytest.raises(services.NotSent):
                    services.deliver(report_id=report.pk, lease=_Lease())
            assert services.ask_for_waiting_letters(now=timezone.now()) == asked
        later = timezone.now() + datetime.timedelta(days=3)
        assert services.ask_for_waiting_letters(now=later) == 0

    def test_a_mail_server_out_of_reach_is_asked_once_for_all(self, monkeypatch):
        report = stage.issued(stage.draft())
        Delivery.objects.update(sent_at=None)
        recipients = report.recipients.filter(delivery=None, relation="peer")
        Delivery.objects.bulk_create([Delivery(recipient=one) for one in recipients])
        tries = []

        def hang(self, *_, **__):
            tries.append(self.to)
            raise TimeoutError

        monkeypatch.setattr(mail.EmailMessage, "send", hang)
        with pytest.raises(services.NotSent):
            services.deliver(report_id=report.pk, lease=_Lease())
        assert len(tries) == 1
        waiting = Delivery.objects.filter(recipient__report=report)
        assert {one.problem for one in waiting} == {"không kết nối được máy chủ thư"}

    def test_a_lost_file_is_not_laid_at_the_mail_servers_door(self):
        report = stage.issued(stage.draft())
        Delivery.objects.update(sent_at=None)
        services.issued_file(report).file.delete(save=False)
        with pytest.raises(services.NotSent):
            services.deliver(report_id=report.pk, lease=_Lease())
        told = Delivery.objects.get(recipient__report=report)
        assert told.problem == "không đọc được tệp đã phát hành"


class _Lease:
    def say(self, words):
        pass


def _refusing(address, code=550):
    send = mail.EmailMessage.send

    def refuse(self, *args, **kwargs):
        if address in self.to:
            raise smtplib.SMTPRecipientsRefused({address: (code, b"no such user")})
        return send(self, *args, **kwargs)

    return refuse


def test_every_opening_is_written_down_once_a_day(client, report):
    auditor = member("auditor")
    client.force_login(auditor)
    for _ in range(3):
        client.get(report.get_absolute_url())
    view = ReportView.objects.get(report=report, user=auditor)
    assert view.count == 3
    page = client.get(reverse("reports:history", args=[report.pk])).content.decode()
    assert "Ai đã xem" in page
    assert "3 lần" in page


def test_the_page_of_an_issued_report_offers_what_each_may_do(client, report):
    offers = {
        "specialist": ("Lập dự thảo thay thế", "Lập công văn đính chính"),
        "clerk": ("Lưu hồ sơ",),
        "leader": ("Thu hồi",),
        "auditor": (),
    }
    case()
    every = {word for words in offers.values() for word in words}
    for who, words in offers.items():
        client.force_login(member(who))
        page = client.get(report.get_absolute_url()).content.decode()
        assert {word for word in every if f">{word}</button>" in page} == set(words), who
