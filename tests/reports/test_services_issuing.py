"""Number, seal, issue, sending, and the answer to "is this file genuine?"."""

import datetime
import io
import json
import os
import subprocess
import sys

import pikepdf
import pytest
from django.conf import settings as django_settings
from django.core import mail
from django.core.management import call_command

from portal.documents.models import Document, IssuedNumber, Register
from portal.documents.services import NumberRefused
from portal.jobs.services import ask, drain
from reports import services
from reports.models import ReportFile, Signature, Status
from tests.cast import member
from tests.reports import stage

pytestmark = [pytest.mark.django_db, pytest.mark.slow, pytest.mark.usefixtures("laid_out_once")]


@pytest.fixture
def report():
    return stage.signed(stage.draft())


def number(report, **given):
    told = {"by": member("clerk"), "on": stage.DAY, "now": stage.NOW} | given
    return services.number(report=report, **told)


class TestNumber:
    def test_the_next_number_of_the_register_is_taken_and_the_report_entered(self, report):
        numbered = number(report)
        assert numbered.number_and_symbol == "460/BC-BDT"
        assert numbered.document.number_and_symbol == "460/BC-BDT"
        assert numbered.document.signer_name == "Nhữ Văn Nam"
        assert numbered.issue_date == stage.DAY

    def test_numbering_again_takes_no_second_number(self, report):
        before = IssuedNumber.objects.count()
        assert number(report).number == number(stage.fresh(report)).number
        assert IssuedNumber.objects.count() == before + 1

    def test_numbers_follow_without_gap(self, report):
        other = stage.signed(stage.sample_again(report))
        assert [number(report).number, number(other).number] == ["460", "461"]

    def test_a_refused_step_takes_no_number(self, report):
        before = IssuedNumber.objects.count()
        for wrong in (
            {"by": member("leader")},
            {"on": datetime.date(2025, 8, 1)},
        ):
            with pytest.raises(services.ReportRefusal):
                number(report, **wrong)
        assert IssuedNumber.objects.count() == before
        assert stage.fresh(report).status == Status.SIGNED

    def test_an_unsigned_report_gets_no_number(self):
        with pytest.raises(services.NotNow):
            number(stage.to_sign(stage.draft()))

    def test_the_number_of_the_provinces_system_is_typed(self, report):
        Register.objects.filter(code="di").update(numbering=Register.Numbering.GIVEN)
        with pytest.raises(services.NumberNeeded):
            number(report)
        assert number(report, given_number=871).number == "871"

    def test_a_given_number_that_is_in_use_is_refused(self, report):
        Register.objects.filter(code="di").update(numbering=Register.Numbering.GIVEN)
        with pytest.raises(NumberRefused):
            number(report, given_number=459)
        assert stage.fresh(report).number is None

    def test_a_real_report_is_not_dated_before_its_signature_or_tomorrow(self, report):
        from reports.services.issuing import check_date

        report.is_demo = False
        check_date(report, stage.DAY, stage.NOW)
        for day in (stage.DAY - datetime.timedelta(1), stage.DAY + datetime.timedelta(1)):
            with pytest.raises(services.WrongDate):
                check_date(report, day, stage.NOW)


class TestIssue:
    def test_the_issued_file_is_kept_registered_and_sent(self, report):
        stage.numbered_and_sealed(report)
        services.issue(report=report, by=member("clerk"), now=stage.NOW)
        drain()
        issued = stage.fresh(report)
        assert issued.status == Status.ISSUED
        assert issued.document.kept_by == "VT, HC-TH"
        file = services.issued_file(issued)
        with issued.document.file.open("rb") as kept:
            assert kept.read() == file.content()
        (letter,) = mail.outbox
        assert letter.to == ["phong_vx_skhd@bacgiang.gov.vn"]
        assert letter.attachments[0].content == file.content()
        delivery = issued.recipients.get(email=letter.to[0]).delivery
        assert delivery.sent_at is not None

    def test_issuing_again_and_running_the_job_again_sends_nothing_twice(self, report):
        stage.numbered_and_sealed(report)
        for _ in range(2):
            services.issue(report=report, by=member("clerk"), now=stage.NOW)
            drain()
        ask("send_issued_report", report.pk)
        drain()
        assert len(mail.outbox) == 1
        assert Signature.objects.count() == 2

    def test_sealing_again_makes_no_second_signature(self, report):
        stage.numbered_and_sealed(report)
        again = services.seal(
            report=report, by=member("clerk"), passphrase=stage.PASSPHRASE, now=stage.NOW
        )
        assert again == Signature.objects.get(role="agency")
        assert ReportFile.objects.filter(stage__in=["filled", "sealed"]).count() == 2

    def test_a_report_is_not_issued_before_the_seal(self, report):
        number(report)
        with pytest.raises(services.NotNow):
            services.issue(report=report, by=member("clerk"), now=stage.NOW)

    def test_a_numbered_report_is_not_sent_back(self, report):
        number(report)
        with pytest.raises(services.NotNow):
            services.return_report(report=report, by=member("clerk"), reason="x", now=stage.NOW)

    def test_it_is_public_when_the_clerk_says_so(self, report):
        stage.numbered_and_sealed(report)
        services.issue(report=report, by=member("clerk"), now=stage.NOW, is_public=True)
        assert stage.fresh(report).document.is_public
        assert Document.objects.public().filter(number="460").exists()


@pytest.fixture
def issued(report):
    return stage.issued_from_signed(report)


@pytest.fixture
def content(issued):
    return services.issued_file(issued).content()


def verdict(content, **given):
    return services.verify_file(content, **given).verdict


class TestVerify:
    def test_the_issued_file_is_genuine(self, issued, content):
        found = services.verify_file(content)
        assert found.verdict.genuine, found.verdict.reasons
        assert found.report == issued
        assert found.verdict.test_certificate
        assert [one.signer for one in found.verdict.signatures] == [
            "Nhữ Văn Nam",
            "Ban Dân tộc tỉnh Bắc Giang",
        ]

    @pytest.mark.parametrize("place", [100, 5000, 60_000, -200])
    def test_one_flipped_byte_is_not_genuine(self, content, place):
        changed = bytearray(content)
        changed[place] ^= 1
        assert not verdict(bytes(changed)).genuine

    @pytest.mark.parametrize("stage_name", ["prepared", "signed", "filled"])
    def test_an_earlier_stage_of_the_file_is_not_genuine(self, issued, stage_name):
        file = issued.rendering.files.get(stage=stage_name)
        assert not verdict(file.content()).genuine

    def test_a_file_with_something_behind_it_is_not_genuine(self, content):
        assert not verdict(content + b"\n% x").genuine

    def test_an_added_annotation_is_not_genuine(self, content):
        with pikepdf.open(io.BytesIO(content)) as pdf:
            pdf.pages[0].Annots.append(
                pdf.make_indirect(
                    pikepdf.Dictionary(
                        Type=pikepdf.Name.Annot,
                        Subtype=pikepdf.Name.FreeText,
                        Rect=[0, 0, 90, 20],
                        Contents="khác",
                    )
                )
            )
            changed = io.BytesIO()
            pdf.save(changed)
        assert not verdict(changed.getvalue()).genuine

    @pytest.mark.parametrize("junk", [b"", b"x", b"%PDF-1.7", b"%PDF-1.7\n" + b"<" * 5000, b"PK"])
    def test_junk_is_simply_not_genuine(self, issued, junk):
        found = verdict(junk)
        assert not found.genuine
        assert found.reasons

    def test_a_file_of_a_report_not_issued_yet_is_not_genuine(self, report):
        number(report)
        services.seal(report=report, by=member("clerk"), passphrase=stage.PASSPHRASE, now=stage.NOW)
        sealed = stage.fresh(report).rendering.files.get(stage="sealed")
        assert not verdict(sealed.content()).genuine

    def test_another_genuine_report_is_not_the_claimed_one(self, issued, content):
        other = stage.issued(stage.sample_again(issued))
        assert verdict(content).genuine
        assert not verdict(content, claimed=other).genuine

    def test_the_command_prints_the_answer_and_ends_with_it(self, content, tmp_path, capsys):
        path = tmp_path / "a.pdf"
        path.write_bytes(content)
        call_command("verify_document", str(path))
        answer = json.loads(capsys.readouterr().out)
        assert set(answer) == {"genuine", "reasons", "signatures", "test_certificate"}
        assert set(answer["signatures"][0]) == {
            "role",
            "signer",
            "time",
            "level",
            "valid",
            "intact",
        }
        path.write_bytes(content[:-1000])
        with pytest.raises(SystemExit) as end:
            call_command("verify_document", str(path))
        assert end.value.code == 1
        assert json.loads(capsys.readouterr().out)["genuine"] is False

    @pytest.mark.parametrize("name", ["khong-co.pdf", ".", "a\0b", "/dev/zero"])
    def test_the_command_has_an_answer_for_a_file_it_cannot_read(self, name, tmp_path, capsys):
        with pytest.raises(SystemExit) as end:
            call_command("verify_document", os.path.join(tmp_path, name))
        assert end.value.code == 1
        assert "Không đọc được tệp" in capsys.readouterr().out


def test_a_strangers_file_is_looked_at_in_a_process_with_limits(tmp_path):
    """A child that is killed means not genuine, and this process goes on."""
    from reports import confined

    path = os.fspath(tmp_path)
    code = "import reports.confined as c; c.MEMORY_BYTES = 10; c.main()"
    done = subprocess.run(
        [sys.executable, "-c", code],
        input=b"",
        capture_output=True,
        cwd=django_settings.BASE_DIR,
        env=os.environ | {"HOME": path},
        check=False,
    )
    assert done.returncode != 0
    assert confined.judge(b"%PDF-1.7 x", trust_roots=(), expected=None).genuine is False
